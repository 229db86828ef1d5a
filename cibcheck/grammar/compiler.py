"""Turns the annotated XSD into tables. Runs when the schema changes, not when a CIB is checked.

Only what the tables can represent exactly is accepted; anything else is refused with the place in the schema.
"""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from cibcheck.grammar.versions import VERSIONS, parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        f"SIMPLE = {pformat(simple | compiler.inline, width=140, sort_dicts=True)}",
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
        self.groups = {one.get("name", ""): one for one in root.iterchildren(f"{XS}attributeGroup")}
        self.inline: dict[str, tuple[Any, ...]] = {}

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
                    extension = child[0]
                    if _local(extension) != "extension":
                        raise Unrepresentable(child, "other than an extension")
                    inherited = self._body(self.complex[extension.get("base", "")], attributes, assertions)
                    content = self._body(extension, attributes, assertions)
                    if inherited[1] and content[1]:
                        raise Unrepresentable(extension, "a base type with children of its own")
                    content = content if content[1] else inherited
                case "attribute" | "attributeGroup":
                    self._attributes(child, attributes)
                case "all":
                    content = ("all", tuple(self._member(one) for one in child.iterchildren("*")))
                case "sequence":
                    content = self._sequence(child)
                case "assert":
                    assertions.append(self._assertion(child))
                case "annotation" | "anyAttribute":
                    pass
                case other:
                    raise Unrepresentable(child, f"{other} in a complex type")
        return content

    def _attributes(self, element: etree._Element, found: dict[str, list[tuple[str, bool, Range]]]) -> None:
        if _local(element) == "attributeGroup":
            for inner in self.groups[element.get("ref", "")].iterchildren("*"):
                self._attributes(inner, found)
        elif _local(element) == "attribute":
            use = element.get("use", "optional")
            if use not in ("required", "optional"):
                raise Unrepresentable(element, f"use={use}")
            found.setdefault(element.get("name", ""), []).append((self._type_of(element), use == "required", range_of(element)))
        elif _local(element) != "annotation":
            raise Unrepresentable(element, "in an attribute group")

    def _type_of(self, element: etree._Element) -> str:
        name = element.get("type")
        if name is not None:
            if name.startswith("xs:"):
                self.inline[name] = _BUILT_IN[name]
            return name
        inner = element.find(f"{XS}simpleType")
        if inner is None:
            raise Unrepresentable(element, "neither a type nor a simpleType inside")
        table = self.simple_type(inner)
        holder = element.getparent()
        key = f"{holder.get('name') if holder is not None else ''}@{element.get('name')}"
        while self.inline.setdefault(key, table) != table:
            key += "'"
        return key

    def simple_type(self, element: etree._Element) -> tuple[Any, ...]:
        """What values there may be."""
        inner = next(element.iterchildren(f"{XS}restriction", f"{XS}union"), None)
        if inner is None:
            raise Unrepresentable(element, "neither a restriction nor a union")
        if _local(inner) == "union":
            return ("union", tuple((inner.get("memberTypes") or "").split()))
        values = tuple((one.get("value", ""), range_of(one)) for one in inner.iterchildren(f"{XS}enumeration"))
        patterns = tuple(one.get("value", "") for one in inner.iterchildren(f"{XS}pattern"))
        facets = [one for one in inner.iterchildren("*") if _local(one) not in ("enumeration", "pattern", "annotation")]
        if facets or (bool(values) == bool(patterns) and inner.get("base") not in _BUILT_IN):
            raise Unrepresentable(inner, "neither an enumeration nor a pattern")
        if values:
            return ("enum", values)
        if patterns:
            return ("pattern", patterns, inner.get("base") != "xs:string")
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
                    if any(member[2:4] != (1, 1) for member in members):
                        raise Unrepresentable(child, "a choice of anything but single elements")
                    most = child.get("maxOccurs", "1")
                    steps.append((int(child.get("minOccurs", "1")), None if most == "unbounded" else int(most), members))
                case "any":
                    return ("any", ())
                case "annotation":
                    pass
                case other:
                    raise Unrepresentable(child, f"{other} in a sequence")
        return ("sequence", tuple(steps))

    def _member(self, element: etree._Element) -> tuple[str, str, int, int | None, Range]:
        if _local(element) != "element" or element.get("type") not in self.complex:
            raise Unrepresentable(element, "not an element with a named complex type")
        most = element.get("maxOccurs", "1")
        limit = None if most == "unbounded" else int(most)
        return (element.get("name", ""), element.get("type", ""), int(element.get("minOccurs", "1")), limit, range_of(element))

    def _assertion(self, element: etree._Element) -> Assertion:
        wrong, message = element.get(f"{MARKS}wrong"), element.get(f"{MARKS}message")
        if not (wrong and message):
            raise Unrepresentable(element, "an assertion that does not say what is wrong and what to do")
        source = f"lambda a, n: {_python(element)}"
        sets, to = element.get(f"{MARKS}sets"), element.get(f"{MARKS}to")
        mend = None if sets is None or to is None else (sets, to)
        names = tuple(dict.fromkeys(re.findall(r"@([\w-]+)", element.get("test", ""))))
        return Assertion(source, wrong, message, mend, _read(source), names, range_of(element))


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


# Assertions: the subset of XPath 1.0 that reads an element's own attributes (``a``) and counts its children by name (``n``).


def _python(element: etree._Element) -> str:
    from elementpath import XPath2Parser

    try:
        return _truth(XPath2Parser().parse(element.get("test", "")))
    except (ValueError, KeyError, SyntaxError) as error:
        raise Unrepresentable(element, str(error)) from error


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
        case "boolean":
            return _truth(token[0])
        case "true":
            return "True"
        case "@":
            return f"({_name(token)!r} in a)"
        case "(name)":
            return f"({token.value!r} in n)"
        case "|" | "union":
            return f"({_truth(token[0])} or {_truth(token[1])})"
        case "=" | "!=" | "<" | ">" | "<=" | ">=":
            return _comparison(token)
    raise ValueError(f"{token.symbol} as a truth value")


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
    operator = {"=": "=="}.get(token.symbol, token.symbol)
    if _is_boolean(left) and _is_boolean(right):
        return f"({_truth(left)} {operator} {_truth(right)})"
    if left.symbol == "@":
        # A comparison with an attribute that is not there is false, whatever the operator.
        return f"({_name(left)!r} in a and a[{_name(left)!r}] {operator} {_value(right)})"
    return f"({_value(left)} {operator} {_value(right)})"


def _is_boolean(token: XPathToken) -> bool:
    return token.symbol in ("boolean", "not", "and", "or", "=", "!=") or (token.symbol == "(" and _is_boolean(token[0]))


def _value(token: XPathToken) -> str:
    match token.symbol:
        case "(string)" | "(integer)" | "(decimal)":
            return repr(token.value)
        case "count":
            return f"({' + '.join(_counts(token[0]))})"
        case "normalize-space":
            return f"c(a.get({_name(token[0])!r}, ''))"
        case "+":
            return f"({_value(token[0])} + {_value(token[1])})"
        case "number" | "boolean":
            return f"int({_truth(token[0])})"
        case "(":
            return _value(token[0])
    raise ValueError(f"{token.symbol} as a value")


def _counts(token: XPathToken) -> Iterator[str]:
    match token.symbol:
        case "|" | "union":
            yield from _counts(token[0])
            yield from _counts(token[1])
        case "(":
            yield from _counts(token[0])
        case "(name)":
            yield f"n.get({token.value!r}, 0)"
        case "@":
            yield f"({_name(token)!r} in a)"
        case "*":
            yield "sum(n.values())"
        case _:
            raise ValueError(f"count of {token.symbol}")


def main() -> None:
    """Write the tables beside the schema."""
    from pathlib import Path

    schema = Path(__file__).parent.parent.parent / "schemas" / "cib.xsd"
    text = compile_schema(etree.parse(str(schema)).getroot())
    schema.with_name("cib_tables.py").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
