"""The compiled schema, projected onto one version: for each type what attributes and children it has, made when first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cibcheck.grammar.versions import Version

_SPACE = " \t\r\n"


class Child(NamedTuple):
    """An element that may stand in another: its type, and how often at least and at most (None: any number)."""

    type: str
    least: int
    most: int | None


class Step(NamedTuple):
    """One place in an ordered content: the names that may stand there, and how often."""

    names: frozenset[str]
    least: int
    most: int | None


class Condition(NamedTuple):
    """What must hold between an element's attributes and children, and what to say where it does not."""

    holds: Callable[[Mapping[str, str], Mapping[str, int]], bool]
    message: str
    reads_values: bool
    """Whether it looks at what attributes say or how many children there are, not only at which are there."""


class Shape(NamedTuple):
    """What follows from the names of an element's attributes alone; few shapes make up a whole document."""

    checks: Sequence[tuple[str, Callable[[str], bool]]]
    """The attributes whose values need a look."""
    unknown: Sequence[str]
    missing: Sequence[str]
    ids: Sequence[str]
    references: Sequence[str]


class Type(NamedTuple):
    """What an element of a type may hold in one version."""

    name: str
    attributes: Mapping[str, Callable[[str], bool] | None]
    """The check of each attribute's value; None where any text will do."""
    required: Sequence[str]
    ids: Sequence[str]
    references: Sequence[str]
    children: Mapping[str, Child]
    needed: Sequence[str]
    steps: Sequence[Step] | None
    """The order of the children; None where it is free."""
    conditions: Sequence[Condition]
    """Those that read values."""
    presence: Sequence[Condition]
    """Those that only ask what is there, so that an answer holds for all elements alike."""
    is_open: bool
    """Whether anything may stand in it, unjudged (``status``)."""
    shapes: dict[tuple[str, ...], Shape]
    answers: dict[tuple[tuple[str, ...], tuple[str, ...]], bool]

    def shape(self, names: tuple[str, ...]) -> Shape:
        """What follows from the names of the attributes."""
        found = self.shapes.get(names)
        if found is None:
            found = self.shapes[names] = Shape(
                [(name, check) for name in names if (check := self.attributes.get(name)) is not None],
                [name for name in names if name not in self.attributes],
                [name for name in self.required if name not in names],
                [name for name in self.ids if name in names],
                [name for name in self.references if name in names],
            )
        return found


class Grammar:
    """The schema in one version."""

    def __init__(self, version: Version) -> None:
        from cibcheck_schemas import cib_tables

        self.version = version
        self._types: Mapping[str, Any] = cib_tables.TYPES
        self._simple: Mapping[str, Any] = cib_tables.SIMPLE
        self._made: dict[str, Type] = {}
        self._checkers: dict[str, Callable[[str], bool] | None] = {}

    def type(self, name: str) -> Type:
        """A type by name."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._project(name)
        return found

    def type_of_section(self, tag: str) -> Type | None:
        """The type of a root element: ``cib``, ``configuration``, or one of its sections."""
        if tag == "cib":
            return self.type("cib")
        configuration = self.type("cib").children["configuration"]
        if tag == "configuration":
            return self.type(configuration.type)
        child = self.type(configuration.type).children.get(tag)
        return self.type(child.type) if child else None

    def _holds(self, marks: tuple[Version, Version]) -> bool:
        return marks[0] <= self.version <= marks[1]

    def _project(self, name: str) -> Type:
        attributes, content, assertions = self._types[name]
        own = {one: entry for one, entries in attributes.items() for entry in entries if self._holds(entry[2])}
        kinds = {one: self._simple[entry[0]][0] for one, entry in own.items()}
        children, steps = {}, None
        if content[0] == "all":
            children = {one: Child(kind, least, most) for one, kind, least, most, marks in content[1] if self._holds(marks)}
        elif content[0] == "sequence":
            steps = []
            for least, most, members in content[1]:
                present = [member for member in members if self._holds(member[4])]
                children.update({member[0]: Child(member[1], least if len(members) == 1 else 0, most) for member in present})
                if present:
                    steps.append(Step(frozenset(member[0] for member in present), least, most))
        conditions = [Condition(test, text, reads) for test, text, reads, marks in assertions if self._holds(marks)]
        return Type(
            name,
            {one: self._checker(entry[0]) for one, entry in own.items()},
            [one for one, entry in own.items() if entry[1]],
            [one for one, kind in kinds.items() if kind == "id"],
            [one for one, kind in kinds.items() if kind == "idref"],
            children,
            [one for one, child in children.items() if child.least],
            steps,
            [condition for condition in conditions if condition.reads_values],
            [condition for condition in conditions if not condition.reads_values],
            content[0] == "any",
            {},
            {},
        )

    def _checker(self, name: str) -> Callable[[str], bool] | None:
        if name not in self._checkers:
            self._checkers[name] = self._make_checker(name)
        return self._checkers[name]

    def _make_checker(self, name: str) -> Callable[[str], bool] | None:
        kind, *rest = self._simple[name]
        if kind == "text":
            return None
        if kind == "enum":
            values = frozenset(value for value, marks in rest[0] if self._holds(marks))
            return lambda text: text in values or collapse(text) in values
        if kind == "pattern":
            matches = [re.compile(one).fullmatch for one in rest[0]]
            if rest[1]:
                return lambda text: any(match(collapse(text)) for match in matches)
            return lambda text: any(match(text) for match in matches)
        if kind == "union":
            checks = [check for one in rest[0] if (check := self._checker(one)) is not None]
            return lambda text: any(check(text) for check in checks)
        return BUILT_IN[kind]

    def allowed_values(self, type_name: str, attribute: str) -> Sequence[tuple[str, tuple[Version, Version]]]:
        """The values of an enumerated attribute in this version, with their own marks, in the order of the schema."""
        for simple, _, marks in self._types[type_name][0].get(attribute, ()):
            if self._holds(marks) and self._simple[simple][0] == "enum":
                found: Sequence[tuple[str, tuple[Version, Version]]] = self._simple[simple][1]
                return found
        return ()

    def history_of_attribute(self, type_name: str, attribute: str) -> Sequence[tuple[Version, Version]]:
        """In which versions a type has an attribute."""
        return [marks for _, _, marks in self._types[type_name][0].get(attribute, ())]

    def history_of_child(self, type_name: str, tag: str) -> Sequence[tuple[Version, Version]]:
        """In which versions a type has a child."""
        kind, content = self._types[type_name][1]
        members = [member for step in content for member in step[2]] if kind == "sequence" else content
        return [member[4] for member in members if member[0] == tag]

    def parents_of(self, tag: str) -> Sequence[str]:
        """The names of the elements in which an element may stand in this version, sorted."""
        return _parents(self).get(tag, ())


@cache
def grammar(version: Version) -> Grammar:
    """The schema in a version, made once."""
    return Grammar(version)


@cache
def _parents(schema: Grammar) -> Mapping[str, Sequence[str]]:
    found: dict[str, set[str]] = {}
    pending, seen = [("cib", "cib")], {"cib"}
    while pending:
        tag, name = pending.pop()
        for child, entry in schema.type(name).children.items():
            found.setdefault(child, set()).add(tag)
            if entry.type not in seen:
                seen.add(entry.type)
                pending.append((child, entry.type))
            elif child not in found:
                found[child] = {tag}
    return {child: sorted(tags) for child, tags in found.items()}


def collapse(text: str) -> str:
    """White space collapsed, as XML Schema does it."""
    return " ".join(word for word in re.split(r"[ \t\r\n]+", text) if word)


_is_plain_name = re.compile(r"[A-Za-z_][-.0-9A-Za-z_]*").fullmatch


def is_ncname(text: str) -> bool:
    """Whether a text is an XML name without a colon. For letters beyond ASCII libxml2 is asked, as Pacemaker does."""
    if _is_plain_name(text) is not None:
        return True
    if text.isascii():
        return _is_plain_name(text.strip(_SPACE)) is not None
    return _foreign_name(text)


@cache
def _foreign_name(text: str) -> bool:
    element = etree.Element("a")
    element.set("id", text)
    return bool(_name_grammar().validate(element))


@cache
def _name_grammar() -> etree.RelaxNG:
    return etree.RelaxNG(
        etree.fromstring(
            '<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"'
            ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><attribute name="id"><data type="NCName"/></attribute></element>'
        )
    )


BUILT_IN: Mapping[str, Callable[[str], bool]] = {
    "id": is_ncname,
    "idref": is_ncname,
    "boolean": lambda text: text in ("true", "false", "1", "0") or text.strip(_SPACE) in ("true", "false", "1", "0"),
    "integer": lambda text: re.fullmatch(r"[+-]?[0-9]+", text.strip(_SPACE)) is not None,
    "nonNegativeInteger": lambda text: re.fullmatch(r"\+?[0-9]+|-0+", text.strip(_SPACE)) is not None,
    "positiveInteger": lambda text: re.fullmatch(r"\+?0*[1-9][0-9]*", text.strip(_SPACE)) is not None,
}
