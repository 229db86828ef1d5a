"""What is wrong with an element that does not keep the grammar, and what would be right. One mistake is one violation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.grammar.spaces import collapse
from cibcheck.grammar.tables import is_ncname
from cibcheck.grammar.versions import VERSIONS
from cibcheck.grammar.violation import Violation
from cibcheck.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.grammar.tables import Condition, Grammar, Type
    from cibcheck.grammar.versions import Version
    from cibcheck.grammar.violation import Subject

_FOR_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""Spellings that Pacemaker knows in name/value pairs, but not in attributes."""


class Explainer:
    """Explains what is against one version of the schema."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._version = grammar.version

    def explain(self, element: _Element, kind: Type, wrong: Sequence[str]) -> list[Violation]:
        """All that is wrong with an element itself, not with what is in it. ``wrong`` names attributes with values that do not fit."""
        attributes: dict[str, str] = dict(element.items())
        children = list(element.iterchildren("*"))
        tags = [str(child.tag) for child in children]
        absent = [name for name in (*kind.required, *kind.attributes) if name not in attributes]
        found = [self._attribute(element, kind, name, absent) for name in attributes if name not in kind.attributes]
        found += [self._value(element, kind, name, attributes[name]) for name in wrong]
        found += [self._missing_attribute(element, kind, name) for name in kind.required if name not in attributes]
        found += self._children(kind, children)
        found += [
            Violation("missing-element", element, name=name)
            for name, child in kind.children.items()
            if child.least and name not in tags
        ]
        found = list(_of_one_element(found))
        if not found and kind.steps is not None:
            found = _order(element, kind, children)
        if not found:
            counts = {tag: tags.count(tag) for tag in dict.fromkeys(tags)}
            broken = [one for one in kind.conditions if not one.holds(attributes, counts)]
            found = [_condition(element, one, attributes) for one in broken]
        return found

    def repeated(self, name: str, first: _Element, places: Sequence[tuple[_Element, str]]) -> Violation:
        """An id that an element has already, at the places where it stands again."""
        (element, attribute), *more = places
        return Violation("duplicate-id", element, attribute, name, others=[(first, "id"), *more])

    def unresolved(
        self, name: str, places: Sequence[tuple[_Element, str]], known: Sequence[str], *, knows_all_ids: bool
    ) -> Iterator[Violation]:
        """References to an id that is not there. In a section alone the id may be in another one, if it can be an id at all."""
        (element, attribute), *more = places
        if knows_all_ids:
            yield Violation("dangling-reference", element, attribute, name, known, others=more)
        elif not is_ncname(name):
            yield Violation("bad-id", element, attribute, name, others=more)

    def without_consequences(self, found: Sequence[Violation]) -> Iterator[Violation]:
        """The violations of a document without those that only follow from others: what stands in the wrong place is not missing."""
        misplaced = {violation.name for violation in found if violation.kind == "misplaced-element"}
        for violation in found:
            if violation.kind != "missing-element" or violation.name not in misplaced:
                yield violation

    def _attribute(self, element: _Element, kind: Type, name: str, absent: Sequence[str]) -> Violation:
        if name.startswith("{"):
            return Violation("namespace", element, name, name)
        if other := self._of_another_version(element, "attribute", name, self._grammar.history_of_attribute(kind.name, name)):
            return other._replace(attribute=name, allowed=sorted(kind.attributes))
        meant = nearest(name, absent)
        belongs = self._grammar.bearers.get(name, ())
        use = "required" if meant in kind.required else ""
        return Violation("unknown-attribute", element, name, name, sorted(kind.attributes), belongs, message=use, successor=meant)

    def _value(self, element: _Element, kind: Type, name: str, value: str) -> Violation:
        if name in kind.ids:
            return Violation("bad-id", element, name, value)
        listed = self._grammar.allowed_values(kind.name, name)
        allowed = [one for one, marks in listed if self._grammar.includes(marks)]
        history = [marks for one, marks in listed if one == collapse(value)]
        if other := self._of_another_version(element, "value", collapse(value), history):
            return other._replace(attribute=name, name=value, allowed=allowed)
        words = self._grammar.words_for_values(kind.name, name)
        return Violation("bad-value", element, name, value, allowed, message=words, successor=_meant(value, allowed, words))

    def _missing_attribute(self, element: _Element, kind: Type, name: str) -> Violation:
        listed = self._grammar.allowed_values(kind.name, name)
        allowed = [one for one, marks in listed if self._grammar.includes(marks)]
        return Violation(
            "missing-attribute", element, name, name, allowed, message=self._grammar.words_for_values(kind.name, name)
        )

    def _children(self, kind: Type, children: Sequence[_Element]) -> Iterator[Violation]:
        counts: dict[str, int] = {}
        present = {str(child.tag) for child in children}
        absent = [name for name, child in kind.children.items() if name not in present or child.most is None]
        for child in children:
            tag = str(child.tag)
            entry = kind.children.get(tag)
            if entry is None:
                yield self._unknown_child(kind, child, tag, absent)
                continue
            counts[tag] = counts.get(tag, 0) + 1
            if entry.most is not None and counts[tag] == entry.most + 1:
                first = next(one for one in children if one.tag == tag)
                instead = self._grammar.successor("element", tag)[1]
                yield Violation("too-many", child, name=tag, message=instead, others=[(first, None)])

    def _unknown_child(self, kind: Type, child: _Element, tag: str, absent: Sequence[str]) -> Violation:
        if tag.startswith("{"):
            return Violation("namespace", child, name=tag)
        if other := self._of_another_version(child, "element", tag, self._grammar.history_of_child(kind.name, tag)):
            return other._replace(allowed=sorted(kind.children))
        if belongs := self._grammar.parents.get(tag):
            return Violation("misplaced-element", child, name=tag, allowed=sorted(kind.children), belongs=belongs)
        # A word that no version knows, or one that stands in other places in other versions.
        return Violation("unknown-element", child, name=tag, allowed=sorted(kind.children), successor=nearest(tag, absent))

    def _of_another_version(
        self, element: _Element, subject: Subject, name: str, history: Sequence[tuple[Version, Version]]
    ) -> Violation | None:
        """What this version does not have yet, or no more."""
        if later := [since for since, _ in history if since > self._version]:
            return Violation("too-new", element, name=name, subject=subject, version=min(later))
        if earlier := [until for _, until in history if until < self._version]:
            now, instead = self._grammar.successor(subject, name)
            gone = VERSIONS[VERSIONS.index(max(earlier)) + 1]
            return Violation("removed", element, name=name, subject=subject, version=gone, message=instead, successor=now)
        return None


def _meant(value: str, allowed: Sequence[str], words: str) -> str | None:
    plain = collapse(value)
    if "true" in allowed and (found := _FOR_BOOLEANS.get(plain.lower())):
        return found
    if "INFINITY" in words and plain.lower().lstrip("+-").startswith("inf"):
        return "-INFINITY" if plain.startswith("-") else "INFINITY"
    return nearest(plain, allowed)


def _of_one_element(found: Sequence[Violation]) -> Iterator[Violation]:
    """Without what follows from the rest: a misspelt name is not missing as well, and what lacks the element around it is not misplaced
    as well. Several of one name in the same wrong place are one mistake."""
    meant = {violation.successor for violation in found if violation.kind in ("unknown-attribute", "unknown-element")}
    misplaced: dict[str, list[Violation]] = {}
    for violation in found:
        if violation.kind == "misplaced-element":
            misplaced.setdefault(violation.name, []).append(violation)
    for violation in found:
        if violation.kind in ("missing-attribute", "missing-element") and violation.name in meant:
            continue
        if violation.kind == "missing-element":
            bare = [tag for tag, same in misplaced.items() if violation.name in same[0].belongs]
            inside = [one.element for tag in bare for one in misplaced.pop(tag)]
            yield violation._replace(others=[(element, None) for element in inside])
        elif violation.kind != "misplaced-element":
            yield violation
    for first, *more in misplaced.values():
        yield first._replace(others=[(violation.element, None) for violation in more])


def _order(element: _Element, kind: Type, children: Sequence[_Element]) -> list[Violation]:
    """Whether ordered children stand in order."""
    position = 0
    names: list[str] = []
    for step in kind.steps or ():
        count = 0
        names = sorted(step.names)
        while position < len(children) and children[position].tag in step.names and (step.most is None or count < step.most):
            position += 1
            count += 1
        if count < step.least and position == len(children):
            return [Violation("missing-element", element, name=names[0], allowed=names)]
        if count < step.least:
            return [Violation("wrong-order", children[position], name=str(children[position].tag), allowed=names)]
    if position == len(children):
        return []
    late = children[position]
    before = [one for one in children[:position] if _rank(kind, str(one.tag)) > _rank(kind, str(late.tag))]
    return [Violation("wrong-order", late, name=str(late.tag), others=[(one, None) for one in before[:1]])]


def _rank(kind: Type, tag: str) -> int:
    return next((rank for rank, step in enumerate(kind.steps or ()) if tag in step.names), 0)


def _condition(element: _Element, condition: Condition, attributes: Mapping[str, str]) -> Violation:
    """It points at the last attribute that the condition speaks of and that is there."""
    there = [name for name in condition.attributes if name in attributes]
    words = re.findall(r"[\w-]+", condition.wrong)
    named = [name for name in there if name in words] or [name for name in there if name != "id"]
    attribute, value = (named[-1] if named else None), None
    if condition.mend is not None:
        attribute, value = condition.mend[0], str(element.xpath(condition.mend[1]))
    return Violation(
        "condition",
        element,
        attribute,
        condition.wrong,
        message=condition.message,
        version=condition.marks[0],
        successor=value,
        others=[(element, name) for name in named if name != attribute],
    )
