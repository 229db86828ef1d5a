"""The schema as plain XSD 1.1 of one version: what editors and xmlschema read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.grammar.compiler import MARKS, XS, range_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    _let_white_space_in(root)
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


def _let_white_space_in(root: etree._Element) -> None:
    """Elements without children may be written over two lines. XML Schema forbids even white space where a type has no content at all,
    but not where its content is a sequence that holds nothing but an empty one."""
    named = {one.get("name"): one for one in root.iterchildren(f"{XS}complexType")}
    for kind in named.values():
        bodies = list(_bodies(kind, named))
        if kind.get("abstract") != "true" and not any(
            body.find(f"{XS}{one}") is not None for body in bodies for one in ("all", "sequence")
        ):
            content = etree.Element(f"{XS}sequence")
            etree.SubElement(content, f"{XS}sequence")
            bodies[0].insert(len(bodies[0].findall(f"{XS}annotation")), content)


def _bodies(kind: etree._Element, named: Mapping[str | None, etree._Element]) -> Iterator[etree._Element]:
    """What a type says itself, and what its base types say."""
    while (extension := kind.find(f"{XS}complexContent/{XS}extension")) is not None:
        yield extension
        kind = named[extension.get("base")]
    yield kind
