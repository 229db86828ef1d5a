"""Reads facts.txt, and judges one element by it: the plain way, sharing no code with the grammar that it proves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cibcheck.grammar.versions import VERSIONS, Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Place = tuple[str, ...]
"""The names of the elements from the document element down to one, itself included."""


class Scope(NamedTuple):
    """In which versions and below which elements a fact holds."""

    since: Version
    until: Version
    places: Sequence[Place]

    def holds(self, version: Version, place: Place) -> bool:
        return self.since <= version <= self.until and self.is_at(place)

    def is_at(self, place: Place) -> bool:
        above = place[:-1]
        return not self.places or any(above[at : at + len(one)] == one for one in self.places for at in range(len(above)))


class Attribute(NamedTuple):
    line: int
    scope: Scope
    name: str
    type: str
    is_required: bool


class Child(NamedTuple):
    line: int
    scope: Scope
    name: str
    least: int
    most: float


class Alternative(NamedTuple):
    """One of several combinations; attributes and children as they are written: ``@id``, ``<rule>``."""

    line: int
    needed: frozenset[str]
    optional: frozenset[str]
    some: frozenset[str]
    values: Mapping[str, str]
    """What an attribute must say: a value, or ``other`` for all values that no other alternative asks for."""


class Combinations(NamedTuple):
    scope: Scope
    alternatives: list[Alternative]

    def named(self) -> frozenset[str]:
        return frozenset().union(*(one.needed | one.optional | one.some for one in self.alternatives))

    def asked(self, attribute: str) -> set[str]:
        return {one.values[attribute] for one in self.alternatives if attribute in one.values} - {"other"}

    def value(self, attribute: str, asked: str, listed: Sequence[str]) -> str:
        """A value that an alternative asks for, of those that there are."""
        return next(one for one in listed if one not in self.asked(attribute)) if asked == "other" else asked

    def fits(self, alternative: Alternative, there: frozenset[str], attributes: Mapping[str, str]) -> bool:
        if not alternative.needed <= there or (alternative.some and not alternative.some & there):
            return False
        if there & self.named() - alternative.needed - alternative.optional - alternative.some:
            return False
        return all(
            collapse(attributes[name]) not in self.asked(name) if value == "other" else collapse(attributes[name]) == value
            for name, value in alternative.values.items()
        )


class Order(NamedTuple):
    line: int
    scope: Scope
    steps: Sequence[frozenset[str]]


class Condition(NamedTuple):
    """With an id: values that an attribute must not have, or (no values) that it must be there, if another has a value."""

    line: int
    scope: Scope
    attribute: str
    values: Sequence[str]
    where: tuple[str, str] | None


@dataclass
class Element:
    line: int
    attributes: list[Attribute] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    combinations: list[Combinations] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    is_open: bool = False

    def parts(self) -> list[Attribute | Child]:
        """All its attributes and children, of all versions and places."""
        return [*self.attributes, *self.children]

    def scopes(self) -> list[Scope]:
        """In which versions and places something is said of it."""
        said: list[Attribute | Child | Combinations | Order | Condition] = [*self.attributes, *self.children, *self.combinations]
        return [one.scope for one in [*said, *self.orders, *self.conditions]]

    def combined(self, version: Version, place: Place) -> Combinations | None:
        return next((one for one in self.combinations if one.scope.holds(version, place)), None)

    def rank(self, version: Version, place: Place, child: str) -> int:
        """Which step of the order, if there is one, a child belongs to."""
        steps = [step for one in self.orders if one.scope.holds(version, place) for step in one.steps]
        return next((rank for rank, step in enumerate(steps) if child in step), 0)


class Facts(NamedTuple):
    values: dict[str, list[tuple[str, Scope]]]
    elements: dict[str, Element]

    def values_of(self, type_name: str, version: Version) -> list[str]:
        """The values that an enumerated type has in a version; none for other types."""
        return [value for value, scope in self.values.get(type_name, ()) if scope.since <= version <= scope.until]

    def broken(self, version: Version, place: Place, attributes: Mapping[str, str], children: Sequence[str]) -> Iterator[int]:
        """The lines of the facts that an element is against, and 0 for what no line allows."""
        element = self.elements[place[-1]]
        if element.is_open:
            return
        known, inside = in_force(version, place)
        yield from (0 for name in attributes if name not in known)
        yield from (0 for name in children if name not in inside)
        for attribute in known.values():
            if attribute.name not in attributes:
                yield from [attribute.line] * attribute.is_required
            elif not self.allows(attribute.type, version, attributes[attribute.name]):
                yield attribute.line
        yield from (one.line for one in inside.values() if not one.least <= children.count(one.name) <= one.most)
        there = frozenset([*(f"@{name}" for name in attributes), *(f"<{name}>" for name in children)])
        combined = element.combined(version, place)
        if combined and not any(combined.fits(one, there, attributes) for one in combined.alternatives):
            yield combined.alternatives[0].line
        for order in element.orders:
            ranks = [element.rank(version, place, name) for name in children]
            if order.scope.holds(version, place) and ranks != sorted(ranks):
                yield order.line
        for condition in element.conditions:
            if "id" in attributes and condition.scope.holds(version, place) and _is_broken(condition, attributes):
                yield condition.line

    def allows(self, type_name: str, version: Version, value: str) -> object:
        if type_name in self.values:
            return collapse(value) in self.values_of(type_name, version)
        return TYPES[type_name](value)


def _is_broken(condition: Condition, attributes: Mapping[str, str]) -> bool:
    if condition.where:
        name, value = condition.where
        if collapse(attributes.get(name, "")) != value:
            return False
        if attributes[name] != value:
            return True
        if not condition.values:
            return condition.attribute not in attributes
    return collapse(attributes.get(condition.attribute, "")) in condition.values


def collapse(text: str) -> str:
    return re.sub("[ \t\r\n]+", " ", text).strip(" ")


def _stripped(pattern: str) -> Callable[[str], object]:
    return re.compile(rf"[ \t\r\n]*(?:{pattern})[ \t\r\n]*").fullmatch


TYPES: Mapping[str, Callable[[str], object]] = {
    "string": lambda _: True,
    "schema": lambda value: value.startswith("pacemaker-"),
    "ID": _stripped("[A-Za-z_][-.0-9A-Za-z_]*"),
    "IDREF": _stripped("[A-Za-z_][-.0-9A-Za-z_]*"),
    "boolean": _stripped("true|false|1|0"),
    "integer": _stripped("[+-]?[0-9]+"),
    "nonNegativeInteger": _stripped("[+]?[0-9]+|-0+"),
    "positiveInteger": _stripped("[+]?0*[1-9][0-9]*"),
    "1to9": _stripped("[+]?0*[1-9]"),
    "score": _stripped("[+-]?([0-9]+|INFINITY)"),
    "ports": re.compile("[0-9-]+").fullmatch,
    "devices": re.compile("[a-zA-Z0-9_.-]+(,[a-zA-Z0-9_.-]+)*").fullmatch,
}


@cache
def facts() -> Facts:
    """The facts, read once.

    Raises:
        ValueError: a line that is none of the forms described at the top of the file; it names the line.
    """
    found = Facts({}, {})
    reading: list[Element] = []
    for number, text in enumerate(Path(__file__).with_name("facts.txt").read_text("utf-8").splitlines(), 1):
        line = text.split("#")[0].rstrip()
        try:
            if line.startswith("values "):
                name, _, values = line.removeprefix("values ").partition(":")
                found.values[name] = [_value(one) for one in values.split(",")]
            elif line.startswith(" "):
                for element in reading:
                    _read(element, number, line)
            elif line:
                reading = [found.elements.setdefault(name, Element(number)) for name in line.split(", ")]
        except (ValueError, IndexError) as error:
            raise ValueError(f"facts.txt, line {number}: {text}") from error
    return found


@cache
def in_force(version: Version, place: Place) -> tuple[Mapping[str, Attribute], Mapping[str, Child]]:
    """The attributes and the children that an element may have in a version, by name."""
    element = facts().elements[place[-1]]
    attributes = {one.name: one for one in element.attributes if one.scope.holds(version, place)}
    return attributes, {one.name: one for one in element.children if one.scope.holds(version, place)}


def _read(element: Element, number: int, line: str) -> None:
    words = line.split()
    kind = words[0]
    if kind == "anything":
        element.is_open = True
    elif kind == "|":
        element.combinations[-1].alternatives.append(_alternative(number, line))
    elif kind == "combinations":
        element.combinations.append(Combinations(_scope(words[1:]), []))
    elif kind == "order":
        scoped = re.fullmatch(r"  order (.*?)((?:  |$).*)", line)
        steps, scope = scoped.groups() if scoped else ("", "")
        element.orders.append(Order(number, _scope(scope.split()), [frozenset(one.split()) for one in steps.split(",")]))
    elif kind in ("forbidden", "required"):
        head, _, values = line.partition(": ")
        attribute, *rest = head.split()[1:]
        where = None
        if rest and rest[0] == "where":
            name, _, value = rest[1].removeprefix("@").partition("=")
            where, rest = (name, value), rest[2:]
        listed = [one.strip() for one in values.split(",")] if kind == "forbidden" else []
        element.conditions.append(Condition(number, _scope(rest), attribute.removeprefix("@"), listed, where))
    elif kind.startswith("@"):
        is_required = words[2:3] == ["required"]
        scope = _scope(words[3:] if is_required else words[2:])
        element.attributes.append(Attribute(number, scope, kind.removeprefix("@"), words[1], is_required))
    elif kind.startswith("<"):
        least, most = {"1": (1, 1), "?": (0, 1), "+": (1, float("inf")), "*": (0, float("inf"))}[words[1]]
        element.children.append(Child(number, _scope(words[2:]), kind.strip("<>"), least, most))
    else:
        raise ValueError(kind)


def _alternative(number: int, line: str) -> Alternative:
    outside, _, some = line.strip(" |)").partition("(")
    items = [re.fullmatch(r"(@[\w-]+|<[\w-]+>)(?:=([\w-]+))?(\??)", word) for word in outside.split()]
    if not all(items):
        raise ValueError(line)
    parts = [one.groups() for one in items if one]
    return Alternative(
        number,
        frozenset(name for name, _, mark in parts if not mark),
        frozenset(name for name, _, mark in parts if mark),
        frozenset(some.split()),
        {name.removeprefix("@"): value for name, value, _ in parts if value},
    )


def _value(text: str) -> tuple[str, Scope]:
    value, *versions = text.split()
    return value, _scope(versions)


def _scope(words: Sequence[str]) -> Scope:
    """From ``[VERSIONS] [in PLACE, PLACE]``, in words."""
    since, until = VERSIONS[0], VERSIONS[-1]
    rest = list(words)
    if rest and rest[0] != "in":
        first, dash, last = rest.pop(0).partition("-")
        since, until = _version(first) or since, _version(last if dash else first) or until
    if rest and rest[0] != "in":
        raise ValueError(rest)
    return Scope(since, until, [tuple(one.strip(",").split("/")) for one in rest[1:]])


def _version(text: str) -> Version | None:
    version = parse_version(text)
    if text and version is None:
        raise ValueError(text)
    return version
