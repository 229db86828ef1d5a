"""The schema as plain XSD 1.1 of one version: what editors and xmlschema read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.grammar.compiler import MARKS, XS, range_of

if TYPE_CHECKING:
    from cibcheck.grammar.versions import Version


def annotated() -> etree._Element:
    """The schema as it is written, with the marks."""
    from importlib.resources import files

    return etree.fromstring(files("cibcheck_schemas").joinpath("cib.xsd").read_bytes())


def project(version: Version) -> etree._Element:
    """The schema of one version: what does not hold in it is left out, and so are the marks and the types that nobody uses."""
    root = annotated()
    for element in list(root.iter("*")):
        marks = range_of(element)
        if not marks.since <= version <= marks.until:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
    for element in root.iter("*"):
        for name in [str(name) for name in element.attrib if str(name).startswith(MARKS)]:
            del element.attrib[name]
    _drop_unused(root)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xs"])
    return root


def _drop_unused(root: etree._Element) -> None:
    named = {one.get("name"): one for one in root.iterchildren(f"{XS}complexType", f"{XS}simpleType")}
    used: set[str] = set()
    pending = list(root.iterchildren(f"{XS}element"))
    while pending:
        for one in pending.pop().iter("*"):
            for name in (one.get("type"), one.get("base")):
                if name is not None and name in named and name not in used:
                    used.add(name)
                    pending.append(named[name])
    for name, element in named.items():
        if name not in used:
            root.remove(element)
