"""How much of XML Schema 1.1 the annotated schema may use: what the tables say exactly, and nothing else.

Anything else is a fault: compiled wrongly, or passed over, it would make cibcheck judge otherwise than the schema says. So the compiler need not
defend itself. Faults of the schema as XML Schema, such as a type that nobody defines, are only looked for where they would go unnoticed.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from cibcheck.grammar.compiler import MARKS, XS, range_of
from cibcheck.grammar.versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from elementpath.xpath_tokens import XPathToken
    from lxml.etree import _Element

    Fault = tuple[_Element, str]

_LANGUAGE: Mapping[str, tuple[str, str]] = {
    # element: its attributes (the marks with a colon in front), and its children beside annotations
    "schema": ("", "element complexType simpleType"),
    "complexType": ("name abstract mixed", "all sequence complexContent attribute anyAttribute assert"),
    "complexContent": ("", "extension"),
    "extension": ("base", "all sequence attribute assert"),
    "all": ("", "element"),
    "sequence": ("", "element choice any"),
    "choice": ("minOccurs maxOccurs", "element"),
    "any": ("minOccurs maxOccurs processContents", ""),
    "anyAttribute": ("processContents", ""),
    "element": ("name type minOccurs maxOccurs :since :until", ""),
    "attribute": ("name type use :since :until", ""),
    "simpleType": ("name", "restriction"),
    "restriction": ("base", "enumeration pattern"),
    "enumeration": ("value :since :until", ""),
    "pattern": ("value", ""),
    "assert": ("test :since :until", ""),
}
_WORDS = ":message :wrong :sets :to :now :instead :says"  # marks that change no verdict, only what is told

# What a pattern means alike in XML Schema and in Python: no \d or \s (digits of all scripts), no dot, no anchors, one quantifier at a time.
_ATOM = r"\[\^?(?:\\[^\w\s]|[^\\\[\]^])+\]|\\[^\w\s]|[^\\\[\](){}|?*+.^$]|\)"
_plain_pattern = re.compile(rf"(?:(?:{_ATOM})[?*+]?|[(|])*").fullmatch


def faults(root: _Element) -> Iterator[Fault]:
    """What the schema must not say, each with the place."""
    unknown = list(_unknown(root))
    yield from unknown
    if not unknown:  # else there is no relying on the structure
        schema = _Schema(root)
        yield from schema.document()
        for element in root.iter("*"):
            match _local(element):
                case "complexType":
                    yield from schema.type(element)
                case "simpleType":
                    yield from _values(element)


def _unknown(element: _Element) -> Iterator[Fault]:
    attributes, children = _LANGUAGE[_local(element)]
    known = {name.replace(":", MARKS) for name in (*attributes.split(), *_WORDS.split())}
    yield from ((element, f"has {name}") for name in map(str, element.attrib) if name not in known)
    for child in element.iterchildren("*"):
        name = _local(child)
        if not str(child.tag).startswith(XS) or name not in (*children.split(), "annotation"):
            yield child, f"in {_local(element)}"
        elif name != "annotation":
            yield from _unknown(child)


class _Schema:
    """One schema whose structure is known to be of the language."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        self._complex = {one.get("name"): one for one in root.iterchildren(f"{XS}complexType")}
        self._simple = {one.get("name"): one for one in root.iterchildren(f"{XS}simpleType")}

    def document(self) -> Iterator[Fault]:
        """There is one kind of document, and each name stands for one type, in all versions."""
        elements = list(self._root.iterchildren(f"{XS}element"))
        if [dict(one.attrib) for one in elements] != [{"name": "cib", "type": "cib"}]:
            yield self._root, "documents other than cib, of type cib, in all versions"
        for kind in (f"{XS}complexType", f"{XS}simpleType"):
            yield from _meeting(self._root.iterchildren(kind))

    def type(self, element: _Element) -> Iterator[Fault]:
        """A complex type: what it inherits, its content, its attributes, and what it demands of them."""
        if not {element.get("mixed", "false"), element.get("abstract", "false")} <= {"true", "false"}:
            yield element, "mixed or abstract, in other words than true and false"
        if (
            element.get("mixed") == "true"
            or element.find(f".//{XS}any") is not None
            or element.find(f"{XS}anyAttribute") is not None
        ):
            if not _is_open(element):
                yield element, "open in part: only a type that is mixed and skips all attributes and children may be open"
            return
        lineage = list(self._lineage(element))
        if lineage[-1].find(f"{XS}complexContent") is not None or any(one is not element and _is_open(one) for one in lineage):
            yield element, "extends what is no type, or is open, or itself"
            return
        bodies = [body for one in lineage for body in (one, *one.iterfind(f"{XS}complexContent/{XS}extension"))]
        groups = [group for body in bodies for group in body.iterchildren(f"{XS}all", f"{XS}sequence")]
        if len([group for group in groups if len(group)]) > 1 or any(len(_content(body)) > 1 for body in bodies):
            yield element, "has children of its own and others from a base type, or several contents"
        for group in groups:
            yield from self._group(group)
        attributes = [one for body in bodies for one in body.iterchildren(f"{XS}attribute")]
        yield from _meeting(attributes)
        for attribute in attributes:
            if attribute.get("type") not in self._simple or attribute.get("use", "optional") not in ("required", "optional"):
                yield attribute, "neither a required nor an optional attribute of a named simple type"
        raw = {one.get("name") for one in attributes if not self._is_text(one)}
        for condition in (one for body in bodies for one in body.iterchildren(f"{XS}assert")):
            yield from _condition(condition, raw)

    def _lineage(self, element: _Element) -> Iterator[_Element]:
        """A type and its base types, down to one that has none, or none that there is, or one that came already."""
        seen: list[_Element] = []
        while element not in seen:
            seen.append(element)
            yield element
            extension = element.find(f"{XS}complexContent/{XS}extension")
            if extension is None:
                return
            element = self._complex.get(extension.get("base"), element)

    def _group(self, group: _Element) -> Iterator[Fault]:
        members = list(group.iter(f"{XS}element"))
        yield from _meeting(members)
        for member in members:
            kind = self._complex.get(member.get("type"))
            if kind is None or kind.get("abstract") == "true":
                yield member, "not of a named complex type that elements may have"
        for particle in group.iter(f"{XS}element", f"{XS}choice"):
            if particle.get("minOccurs", "1") not in ("0", "1") or particle.get("maxOccurs", "1") == "0":
                yield particle, "must stand there several times, or not at all"
        for choice in group.iterchildren(f"{XS}choice"):
            alternatives = list(choice.iterchildren(f"{XS}element"))
            if any(one.get("minOccurs") or one.get("maxOccurs") for one in alternatives):
                yield choice, "a choice of anything but single elements"
            spans = [range_of(one) for one in alternatives]
            if not all(any(one.since <= version <= one.until for one in spans) for version in VERSIONS):
                yield choice, "a choice of nothing in some version"

    def _is_text(self, attribute: _Element) -> bool:
        restriction = (
            self._simple[attribute.get("type")].find(f"{XS}restriction") if attribute.get("type") in self._simple else None
        )
        return restriction is not None and restriction.get("base") == "xs:string"


def _is_open(element: _Element) -> bool:
    """Whether a type lets in whatever there may be."""
    content = [one for one in element.iterchildren("*") if _local(one) != "annotation"]
    return (
        element.get("mixed") == "true"
        and [_local(one) for one in content] == ["sequence", "anyAttribute"]
        and [dict(one.attrib) for one in content[0]] == [{"minOccurs": "0", "maxOccurs": "unbounded", "processContents": "skip"}]
        and _local(content[0][0]) == "any"
        and content[1].get("processContents") == "skip"
    )


def _content(body: _Element) -> Sequence[_Element]:
    return list(body.iterchildren(f"{XS}all", f"{XS}sequence", f"{XS}complexContent"))


def _meeting(elements: Iterable[_Element]) -> Iterator[Fault]:
    """Those that have the name or value of another one in the same version."""
    same: dict[str, list[_Element]] = {}
    for element in elements:
        same.setdefault(element.get("name") or element.get("value") or "", []).append(element)
        since, until = range_of(element)
        if since > until:
            yield element, "ends before it begins"
    for name, those in same.items():
        for one, other in combinations(those, 2):
            if range_of(one).since <= range_of(other).until and range_of(other).since <= range_of(one).until:
                yield other, f"a second {name!r} in the same version"


def _values(element: _Element) -> Iterator[Fault]:
    """A simple type: text or an id as it is, or listed tokens, or patterns of text or tokens."""
    restrictions = list(element.iterchildren(f"{XS}restriction"))
    listed = [one for restriction in restrictions for one in restriction.iterchildren(f"{XS}enumeration")]
    patterns = [one for restriction in restrictions for one in restriction.iterchildren(f"{XS}pattern")]
    facets = "listed" * bool(listed) + "pattern" * bool(patterns)
    bases = {"": ("xs:string", "xs:ID", "xs:IDREF"), "listed": ("xs:token",), "pattern": ("xs:string", "xs:token")}
    if [one.get("base") in bases.get(facets, ()) for one in restrictions] != [True]:
        yield (
            element,
            "not a plain xs:string, xs:ID or xs:IDREF, nor listed values of xs:token, nor patterns of xs:string or xs:token",
        )
    yield from _meeting(listed)
    yield from ((one, "a value with white space that is never compared") for one in listed if _is_loose(one.get("value", "")))
    yield from ((one, "means something else to Python") for one in patterns if not _plain_pattern(one.get("value", "")))


def _is_loose(value: str) -> bool:
    return value != " ".join(value.split())


def _condition(element: _Element, raw: Container[object]) -> Iterator[Fault]:
    """A condition is made of ``and``, ``or`` and ``not`` over the names of attributes and children, and of comparisons with texts.

    Only text is compared as it stands: all other values come without white space around them in XML Schema, with it in the document.
    """
    from elementpath import XPath2Parser
    from elementpath.exceptions import ElementPathError

    since, until = range_of(element)
    if since > until:
        yield element, "ends before it begins"
    try:
        token = XPath2Parser().parse(element.get("test", ""))
    except ElementPathError as error:
        yield element, str(error)
        return
    yield from ((element, f"{part.source} in a condition") for part in _foreign(token, raw))


def _foreign(token: XPathToken, raw: Container[object]) -> Iterator[XPathToken]:
    """The parts of a condition that are not of the language."""
    match token.symbol:
        case "and" | "or" | "not" | "(":
            for part in token:
                yield from _foreign(part, raw)
        case "(name)":
            pass
        case "@" if token[0].symbol == "(name)":
            pass
        case "=" if token[1].symbol == "(string)":
            left = token[0]
            is_text = left.symbol == "@" and left[0].symbol == "(name)" and left[0].value not in raw
            is_collapsed = (
                left.symbol == "normalize-space" and len(left) == 1 and left[0].symbol == "@" and left[0][0].symbol == "(name)"
            )
            if not is_text and not is_collapsed:
                yield token
        case _:
            yield token


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
