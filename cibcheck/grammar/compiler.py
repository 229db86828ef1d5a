"""Turns the annotated XSD into tables. Runs when the schema changes, not when a CIB is checked.

Only what the tables can represent exactly is accepted (`dialect`); anything else is refused with the place in the schema.
"""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING, Any

from lxml import etree

from cibcheck.grammar.versions import VERSIONS, parse_version
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from elementpath.xpath_tokens import XPathToken

    from cibcheck.grammar.versions import Version

XS = "{http://www.w3.org/2001/XMLSchema}"
MARKS = "{urn:cibcheck:schema}"

_BUILT_IN = {"xs:string": ("text",), "xs:ID": ("id",), "xs:IDREF": ("idref",)}


class Unrepresentable(Exception):
    """The schema says something that the tables cannot say exactly."""

    def __init__(self, element: etree._Element, reason: str) -> None:
        super().__init__(f"line {element.sourceline}: <{_local(element)}>: {reason}")


class Range(NamedTuple):
    """From which version to which a part of the schema holds."""

    since: Version
    until: Version


class Assertion(NamedTuple):
    """A condition, as `cibcheck.grammar.tables.Condition` takes it; the first part is source code."""

    source: str
    wrong: str
    message: str
    mend: tuple[str, str] | None
    reads: tuple[str, ...]
    attributes: tuple[str, ...]
    marks: Range


def compile_schema(root: etree._Element) -> str:
    """The text of the module of tables.

    Raises:
        Unrepresentable: a construct that the tables cannot represent.
    """
    from cibcheck.grammar.dialect import faults

    for element, reason in faults(root):
        raise Unrepresentable(element, reason)
    compiler = _Compiler(root)
    types = {name: compiler.complex_type(element) for name, element in sorted(compiler.complex.items())}
    simple = {name: compiler.simple_type(element) for name, element in sorted(compiler.simple.items())}
    lines = [
        '"""The tables compiled from cib.xsd by `python -m cibcheck.grammar.compiler`. Not to be edited."""',
        "",
        "# ruff: noqa",
        "# fmt: off",
        "",
        "",
        "from cibcheck.grammar.spaces import collapse as c",
        "",
        f"SIMPLE = {pformat(simple, width=140, sort_dicts=True)}",
        "",
        f"SAYS = {pformat(_said(root), width=140)}",
        "",
        f"SUCCESSORS = {pformat(_successors(root), width=140)}",
        "",
        "TYPES = {",
    ]
    for name, (attributes, content, assertions) in types.items():
        lines += [f"{name!r}: (", f"{pformat(attributes, width=140)},", f"{pformat(content, width=140)},", "("]
        lines += [f"({', '.join((one.source, *map(repr, one[1:])))})," for one in assertions]
        lines += [")),", ""]
    text = "\n".join([*lines, "}", ""])
    return re.sub(r"Range\(since=(.*?), until=(.*?)\)", r"(\1, \2)", text)


def _read(source: str) -> tuple[str, ...]:
    """The attributes whose values a condition asks for, not only whether they are there."""
    return tuple(dict.fromkeys(re.findall(r"\ba(?:\[|\.get\()'([^']+)'", source)))


def _said(root: etree._Element) -> dict[str, str]:
    """What values fit a type, in words."""
    return {one.get("name", ""): text for one in root.iterchildren(f"{XS}simpleType") if (text := one.get(f"{MARKS}says"))}


def _successors(root: etree._Element) -> dict[tuple[str, str], tuple[str | None, str]]:
    """What to write in place of what is no more: by the kind and the name, the new name if it is just that, and what to do in words."""
    found: dict[tuple[str, str], tuple[str | None, str]] = {}
    for element in root.iter(f"{XS}element", f"{XS}attribute", f"{XS}enumeration"):
        now, instead = element.get(f"{MARKS}now"), element.get(f"{MARKS}instead")
        if now is None and instead is None:
            continue
        kind = {"enumeration": "value"}.get(_local(element), _local(element))
        key = (kind, element.get("name") or element.get("value") or "")
        told = (now, instead or f"write {now}")
        if found.setdefault(key, told) != told:
            raise Unrepresentable(element, f"another {kind} of this name has another successor")
    return found


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


class _Compiler:
    """One run over a schema."""

    def __init__(self, root: etree._Element) -> None:
        self.complex = {one.get("name", ""): one for one in root.iterchildren(f"{XS}complexType")}
        self.simple = {one.get("name", ""): one for one in root.iterchildren(f"{XS}simpleType")}

    def complex_type(self, element: etree._Element) -> tuple[dict[str, Any], tuple[Any, ...], list[Assertion]]:
        """Attributes by name, the content, and the assertions."""
        attributes: dict[str, list[tuple[str, bool, Range]]] = {}
        assertions: list[Assertion] = []
        content = self._body(element, attributes, assertions)
        if element.get("mixed") == "true":
            content = ("any", ())
        return {name: tuple(entries) for name, entries in attributes.items()}, content, assertions

    def _body(
        self,
        element: etree._Element,
        attributes: dict[str, list[tuple[str, bool, Range]]],
        assertions: list[Assertion],
    ) -> tuple[Any, ...]:
        """The content of a type or an extension of one; what else it says is added to the collections."""
        content: tuple[Any, ...] = ("all", ())
        for child in element.iterchildren("*"):
            match _local(child):
                case "complexContent":
                    extension = next(child.iterchildren(f"{XS}extension"))
                    inherited = self._body(self.complex[extension.get("base", "")], attributes, assertions)
                    own = self._body(extension, attributes, assertions)
                    content = own if own[1] else inherited
                case "attribute":
                    entry = (child.get("type", ""), child.get("use") == "required", range_of(child))
                    attributes.setdefault(child.get("name", ""), []).append(entry)
                case "all":
                    content = ("all", tuple(self._member(one) for one in child.iterchildren(f"{XS}element")))
                case "sequence":
                    content = self._sequence(child)
                case "assert":
                    assertions.append(self._assertion(child))
        return content

    def simple_type(self, element: etree._Element) -> tuple[Any, ...]:
        """What values there may be."""
        inner = next(element.iterchildren(f"{XS}restriction"))
        if values := tuple((one.get("value", ""), range_of(one)) for one in inner.iterchildren(f"{XS}enumeration")):
            return ("enum", values)
        if patterns := tuple(one.get("value", "") for one in inner.iterchildren(f"{XS}pattern")):
            return ("pattern", patterns, inner.get("base") == "xs:token")
        return _BUILT_IN[inner.get("base", "")]

    def _sequence(self, element: etree._Element) -> tuple[Any, ...]:
        steps: list[tuple[Any, ...]] = []
        for child in element.iterchildren("*"):
            match _local(child):
                case "element":
                    member = self._member(child)
                    steps.append((member[2], member[3], (member,)))
                case "choice":
                    members = tuple(self._member(one) for one in child.iterchildren(f"{XS}element"))
                    steps.append((int(child.get("minOccurs", "1")), _limit(child), members))
                case "any":
                    return ("any", ())
        return ("sequence", tuple(steps))

    def _member(self, element: etree._Element) -> tuple[str, str, int, int | None, Range]:
        least = int(element.get("minOccurs", "1"))
        return (element.get("name", ""), element.get("type", ""), least, _limit(element), range_of(element))

    def _assertion(self, element: etree._Element) -> Assertion:
        wrong, message = element.get(f"{MARKS}wrong"), element.get(f"{MARKS}message")
        if not (wrong and message):
            raise Unrepresentable(element, "an assertion that does not say what is wrong and what to do")
        source = f"lambda a, n: {_python(element)}"
        sets, to = element.get(f"{MARKS}sets"), element.get(f"{MARKS}to")
        mend = None if sets is None or to is None else (sets, to)
        names = tuple(dict.fromkeys(re.findall(r"@([\w-]+)", element.get("test", ""))))
        return Assertion(source, wrong, message, mend, _read(source), names, range_of(element))


def _limit(element: etree._Element) -> int | None:
    most = element.get("maxOccurs", "1")
    return None if most == "unbounded" else int(most)


def range_of(element: etree._Element) -> Range:
    """From which version to which an element of the schema holds."""
    found = []
    for name, default in (("since", VERSIONS[0]), ("until", VERSIONS[-1])):
        text = element.get(MARKS + name)
        version = default if text is None else parse_version(text)
        if version is None:
            raise Unrepresentable(element, f"{name}={text!r} is no version")
        found.append(version)
    return Range(*found)


# Conditions: what they ask of an element's own attributes (``a``) and of its children by name (``n``).


def _python(element: etree._Element) -> str:
    from elementpath import XPath2Parser

    return _truth(XPath2Parser().parse(element.get("test", "")))


def _truth(token: XPathToken) -> str:
    """A Python expression that is true where the XPath one is."""
    match token.symbol:
        case "(":
            return _truth(token[0])
        case "or":
            return _any_of(token)
        case "and":
            return f"({_truth(token[0])} and {_truth(token[1])})"
        case "not":
            return f"(not {_truth(token[0])})"
        case "@":
            return f"({_name(token)!r} in a)"
        case "=":
            return _comparison(token)
    return f"({token.value!r} in n)"


def _any_of(token: XPathToken) -> str:
    """Alternatives; those that compare one value with texts are one look into a set."""
    alternatives, texts = [token], dict[str, list[str]]()
    others: list[str] = []
    while alternatives:
        one = alternatives.pop()
        if one.symbol == "or":
            alternatives += (one[1], one[0])
        elif one.symbol == "=" and one[0].symbol == "normalize-space" and one[1].symbol == "(string)":
            texts.setdefault(_value(one[0]), []).append(_value(one[1]))
        else:
            others.append(_truth(one))
    others += [f"({value} in {{{', '.join(among)}}})" for value, among in texts.items()]
    return f"({' or '.join(others)})"


def _name(token: XPathToken) -> str:
    return str(token[0].value)


def _comparison(token: XPathToken) -> str:
    left, right = token[0], token[1]
    if left.symbol == "@":
        # A comparison with an attribute that is not there is false.
        return f"({_name(left)!r} in a and a[{_name(left)!r}] == {_value(right)})"
    return f"({_value(left)} == {_value(right)})"


def _value(token: XPathToken) -> str:
    return repr(token.value) if token.symbol == "(string)" else f"c(a.get({_name(token[0])!r}, ''))"


def main() -> None:
    """Write the tables beside the schema."""
    from pathlib import Path

    schema = Path(__file__).parent.parent.parent / "schemas" / "cib.xsd"
    text = compile_schema(etree.parse(str(schema)).getroot())
    schema.with_name("cib_tables.py").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
