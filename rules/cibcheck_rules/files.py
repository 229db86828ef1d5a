"""XML: files that cannot be read, or should not be trusted."""

from __future__ import annotations

from cibcheck.api import ERROR, WARNING, Findings, Unreadable, problem, rule

_NOTHING_CHECKED = "nothing in this file was checked"


@rule("XML001", "not-well-formed", severity=ERROR, tags=("xml",))
def not_well_formed(file: Unreadable) -> Findings:
    """The file is not well-formed XML.

    Pacemaker cannot load it: `cibadmin --replace` refuses the file, and a node that finds it on disk at start-up sets it aside and starts
    without its configuration. Empty, truncated and binary files count as not well-formed, and so does text that is not in the encoding
    that the file declares.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration>
        <crm_config/>
      </cib«>»
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration>
        <crm_config/> <nodes/> <resources/> <constraints/>
      </configuration>
    </cib>
    ```

    References:
    - Extensible Markup Language (XML) 1.0, section 2.1
    """
    if file.kind == "not-well-formed":
        yield problem(
            file.place,
            f"not well-formed XML: {file.reason}",
            consequence=f"Pacemaker cannot load it, and {_NOTHING_CHECKED}",
            help="mend the file by hand, or take it anew from `cibadmin --query`",
        )


@rule("XML002", "document-type-declaration", severity=ERROR, tags=("xml", "security"))
def document_type_declaration(file: Unreadable) -> Findings:
    """The file has a document type declaration.

    A CIB never has one. Entities that it declares can make a reader open other files, or fill its memory; cibcheck does not read such a
    file.

    Bad:

    ```xml
    «<»!DOCTYPE cib [<!ENTITY name "value">]>
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"/>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Extensible Markup Language (XML) 1.0, section 2.8
    """
    if file.kind == "doctype":
        yield problem(
            file.place,
            "a CIB has no document type declaration",
            consequence=f"entities are a way to attack programs that read XML, so {_NOTHING_CHECKED}",
            help="remove the <!DOCTYPE …> declaration",
        )


@rule("XML003", "beyond-limits", severity=ERROR, tags=("xml", "security"))
def beyond_limits(file: Unreadable) -> Findings:
    """The file is larger, or nested deeper, than any real configuration.

    The limits are 64 MiB for a CIB, 1 MiB for a sysconfig file, 256 levels of elements and 10 MB for a single text or attribute. A file
    beyond them would be read at the cost of everything else on the machine, so it is not read.

    References:
    - libxml2, parser limits (XML_MAX_TEXT_LENGTH, xmlParserMaxDepth)
    """
    if file.kind == "limits":
        yield problem(
            file.place,
            f"the file exceeds what cibcheck reads: {file.reason}",
            consequence=f"{_NOTHING_CHECKED}",
            help="a CIB has some megabytes at most, a sysconfig file some kilobytes; look where this file comes from",
        )


@rule("XML004", "unreadable-file", severity=ERROR)
def unreadable_file(file: Unreadable) -> Findings:
    """The file cannot be read from the disk.

    The permission is missing, or the path is no file.

    References:
    - open(2)
    """
    if file.kind == "io":
        yield problem(
            file.place, f"cannot be read: {file.reason}", consequence=f"{_NOTHING_CHECKED}", help="look at its permissions"
        )


@rule("XML005", "unrecognised-file", severity=WARNING)
def unrecognised_file(file: Unreadable) -> Findings:
    """The file was named, but is nothing that cibcheck knows.

    It is neither XML nor a file of environment variables such as /etc/sysconfig/pacemaker. XML files of other kinds are skipped, and
    said to be; this one may be a CIB in another form (the output of `crm configure show`, a compressed file), and passing over it in
    silence would look like a clean bill. Empty input comes from a pipe whose first command has failed.

    References:
    - cibadmin(8), --query
    """
    if file.kind == "unrecognised":
        is_empty = file.reason == "empty"
        yield problem(
            file.place,
            "neither a CIB nor a sysconfig file" + (": it is empty" if is_empty else ""),
            consequence=f"{_NOTHING_CHECKED}",
            help="see why what should have written it did not; `cibadmin --query` needs a cluster that runs"
            if is_empty
            else "write the CIB as XML with `cibadmin --query`, or leave the file out",
        )
