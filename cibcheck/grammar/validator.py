"""Compares a document with the grammar. One walk, linear in the document; what is right costs little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.grammar.tables import BUILT_IN, Grammar, Shape, Type, collapse
from cibcheck.grammar.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.grammar.versions import Version
    from cibcheck.grammar.violation import Kind

_SPACE = " \t\r\n"


def is_valid(root: _Element, grammar: Grammar) -> bool:
    """Whether a document, or a section, keeps the grammar."""
    return next(iter(violations(root, grammar)), None) is None


def violations(root: _Element, grammar: Grammar) -> Iterator[Violation]:
    """All that is against the grammar. A section is judged as part of a CIB; what other sections must hold is not asked."""
    start = grammar.type_of_section(str(root.tag))
    if start is None:
        yield Violation("unknown-element", root, name=str(root.tag), allowed=["cib"])
        return
    walk = _Walk(grammar, judges_references=root.tag in ("cib", "configuration"))
    yield from walk.elements(root, start)
    yield from _texts(root)
    yield from walk.identities()


class _Walk:
    """One walk over one document."""

    def __init__(self, grammar: Grammar, *, judges_references: bool) -> None:
        self._grammar = grammar
        self._judges_references = judges_references
        self._ids: dict[str, _Element] = {}
        self._repeated: list[tuple[str, _Element, str]] = []
        self._references: list[tuple[str, _Element, str]] = []

    def elements(self, root: _Element, start: Type) -> Iterator[Violation]:
        grammar = self._grammar
        pending: list[tuple[_Element, Type]] = [(root, start)]
        while pending:
            element, kind = pending.pop()
            if kind.is_open:
                continue
            attributes: dict[str, str] = dict(element.items())
            names = tuple(attributes)
            shape = kind.shape(names)
            found = [self._attribute(element, kind, name) for name in shape.unknown]
            found += [
                self._value(element, kind, name, attributes[name]) for name, check in shape.checks if not check(attributes[name])
            ]
            found += [Violation("missing-attribute", element, name=name) for name in shape.missing]
            if shape.ids or shape.references:
                self._collect(element, shape, attributes)
            counts: dict[str, int] = {}
            first = len(pending)
            for child in element:
                tag = child.tag
                entry = kind.children.get(tag)  # type: ignore[arg-type]
                if entry is None:
                    if isinstance(tag, str):
                        found.append(self._unknown_child(element, kind, child, tag))
                        self._collect_below(child)
                    continue
                count = counts[tag] = counts.get(tag, 0) + 1  # type: ignore[index, arg-type]
                if entry.most is not None and count == entry.most + 1:
                    found.append(Violation("too-many", child, name=str(tag), message=str(entry.most)))
                pending.append((child, grammar.type(entry.type)))
            pending[first:] = reversed(pending[first:])
            for name in kind.needed:
                if name not in counts:
                    found.append(Violation("missing-element", element, name=name))
            if kind.steps is not None and not found:
                found += _order(element, kind)
            if not found and (kind.conditions or kind.presence):
                found += _conditions(element, kind, names, attributes, counts)
            if found:
                yield from _without_consequences(found)

    def _collect(self, element: _Element, shape: Shape, attributes: Mapping[str, str]) -> None:
        for name in shape.ids:
            text = attributes[name].strip(_SPACE)
            if self._ids.setdefault(text, element) is not element:
                self._repeated.append((text, element, name))
        for name in shape.references:
            self._references.append((attributes[name].strip(_SPACE), element, name))

    def _collect_below(self, element: _Element) -> None:
        """The ids in what is not judged, so that references to them are not called dangling."""
        for one in element.iter("*"):
            if (name := one.get("id")) is not None:
                self._ids.setdefault(name.strip(_SPACE), one)

    def identities(self) -> Iterator[Violation]:
        for name, element, attribute in self._repeated:
            yield Violation("duplicate-id", element, attribute, name, other=self._ids[name])
        if self._judges_references:
            known = list(self._ids)  # one for all: there may be as many dangling references as ids
            for name, element, attribute in self._references:
                if name not in self._ids and BUILT_IN["idref"](name):
                    yield Violation("dangling-reference", element, attribute, name, allowed=known)

    def _attribute(self, element: _Element, kind: Type, name: str) -> Violation:
        if name.startswith("{"):
            return Violation("namespace", element, name, name)
        history = self._grammar.history_of_attribute(kind.name, name)
        when = _when(history, self._grammar.version)
        if when is None:
            return Violation("unknown-attribute", element, name, name, sorted(kind.attributes))
        newer, version = when
        return Violation(
            "attribute-too-new" if newer else "attribute-removed", element, name, name, sorted(kind.attributes), version
        )

    def _value(self, element: _Element, kind: Type, name: str, value: str) -> Violation:
        version = self._grammar.version
        listed = self._grammar.allowed_values(kind.name, name)
        allowed = [one for one, marks in listed if marks[0] <= version <= marks[1]]
        when = _when([marks for one, marks in listed if one == collapse(value)], version)
        if when is None:
            return Violation("bad-value", element, name, value, allowed)
        return Violation("value-too-new" if when[0] else "value-removed", element, name, value, allowed, when[1])

    def _unknown_child(self, element: _Element, kind: Type, child: _Element, tag: str) -> Violation:
        if tag.startswith("{"):
            return Violation("namespace", child, name=tag)
        allowed = sorted(kind.children)
        when = _when(self._grammar.history_of_child(kind.name, tag), self._grammar.version)
        if when is not None:
            return Violation(
                "element-too-new" if when[0] else "element-removed", child, name=tag, allowed=allowed, version=when[1]
            )
        if parents := self._grammar.parents_of(tag):
            return Violation("misplaced-element", child, name=tag, allowed=parents, other=element)
        return Violation("unknown-element", child, name=tag, allowed=allowed)


def _texts(root: _Element) -> Iterator[Violation]:
    """Text where none may be: anywhere but in the status. One search by libxml2 is cheaper than a look at each element."""
    for text in root.xpath("//text()[normalize-space(.) != ''][not(ancestor::status[parent::cib[not(parent::*)]])]"):
        element = text.getparent()
        if element is not None:
            yield Violation("text", element.getparent() if text.is_tail else element, name=text.strip())


def _conditions(
    element: _Element, kind: Type, names: tuple[str, ...], attributes: Mapping[str, str], counts: Mapping[str, int]
) -> list[Violation]:
    """The conditions that do not hold. What depends on names alone is asked once for all elements that have the same."""
    broken = [condition for condition in kind.conditions if not condition.holds(attributes, counts)]
    if kind.presence:
        key = (names, tuple(counts))
        answer = kind.answers.get(key)
        if answer is None:
            answer = kind.answers[key] = all(condition.holds(attributes, counts) for condition in kind.presence)
        if not answer:
            broken += [condition for condition in kind.presence if not condition.holds(attributes, counts)]
    return [Violation("condition", element, message=condition.message) for condition in broken]


def _when(history: Sequence[tuple[Version, Version]], version: Version) -> tuple[bool, Version] | None:
    """Whether something comes later (True) or has gone (False), and the nearest version that has it."""
    if later := [since for since, _ in history if since > version]:
        return True, min(later)
    earlier = [until for _, until in history if until < version]
    return (False, max(earlier)) if earlier else None


def _order(element: _Element, kind: Type) -> list[Violation]:
    """Whether ordered children stand in order."""
    children = list(element.iterchildren("*"))
    position = 0
    for step in kind.steps or ():
        count = 0
        while position < len(children) and children[position].tag in step.names and (step.most is None or count < step.most):
            position += 1
            count += 1
        if count < step.least:
            names = sorted(step.names)
            if position < len(children):
                return [Violation("wrong-order", children[position], name=str(children[position].tag), allowed=names)]
            return [Violation("missing-element", element, name=names[0], allowed=names)]
    if position < len(children):
        return [Violation("wrong-order", children[position], name=str(children[position].tag))]
    return []


def _without_consequences(found: list[Violation]) -> Iterator[Violation]:
    """One mistake, one violation: a misspelt name is not also a missing one."""
    wrong: dict[Kind, Kind] = {"missing-attribute": "unknown-attribute", "missing-element": "unknown-element"}
    for violation in found:
        cause = wrong.get(violation.kind)
        if cause is not None and any(_is_near(one.name, violation.name) for one in found if one.kind == cause):
            continue
        yield violation


def _is_near(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one.lower(), other.lower()).ratio() > 0.6
