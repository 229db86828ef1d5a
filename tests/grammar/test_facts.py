"""The schema says what facts.txt says, no more and no less; and so does Pacemaker's own grammar."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cibcheck_schemas import cib_tables
from lxml import etree

from cibcheck.grammar.tables import Grammar, Type, grammar
from cibcheck.grammar.validator import is_valid
from cibcheck.grammar.versions import VERSIONS, Version
from cibcheck.grammar.versions import show as text
from grammar.cases import Case, cases, is_turn
from grammar.facts import Attribute, Child, Place, facts, in_force
from grammar.official import INSTALLED, accepts
from grammar.smallest import places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINES = ["", *Path(__file__).with_name("facts.txt").read_text("utf-8").splitlines()]

by_version = pytest.mark.parametrize("version", VERSIONS, ids=text)


def told(version: Version, case: Case, *, tables: bool, official: bool) -> str:
    """What is wrong with a verdict, so that one can mend the schema or the facts."""
    verdicts = f"facts: {case.is_valid}, schema: {tables}, Pacemaker: {official if version in INSTALLED else 'not asked'}"
    return f"{text(version)}: {'/'.join(case.place)}: line {case.line}: {LINES[case.line].strip()}: {verdicts}\n{case.document}"


@by_version
def test_what_a_fact_allows_is_accepted_and_what_it_excludes_is_rejected(version: Version) -> None:
    """By the compiled schema and, where it is installed, by Pacemaker's own grammar; and every line has cases of both kinds."""
    schema = grammar(version)
    wrong: list[str] = []
    verdicts: defaultdict[bool, set[int]] = defaultdict(set)
    for case in cases(version, where=is_tried):
        verdicts[case.is_valid].add(case.line)
        official = accepts(case.document.encode(), version) if version in INSTALLED else case.is_valid
        tables = is_valid(etree.fromstring(case.document), schema)
        if not case.is_valid == tables == official:
            wrong.append(told(version, case, tables=tables, official=official))
    assert not wrong, "\n".join([f"{len(wrong)} wrong verdicts", *wrong[:8]])
    allowing, excluding = lines_in_force(version)
    assert {line: LINES[line] for line in allowing - verdicts[True]} == {}
    assert {line: LINES[line] for line in excluding - verdicts[False]} == {}


def is_tried(version: Version, place: Place) -> bool:
    """In the newest version with a grammar of Pacemaker, everything is tried."""
    return is_turn(version, place) or (version in INSTALLED and version == INSTALLED[-1])


def lines_in_force(version: Version) -> tuple[set[int], set[int]]:
    """The lines that must have a document that they allow, and one that they exclude, in a version."""
    allowing, excluding = set(), set()
    for place in places(version):
        if not is_tried(version, place):
            continue
        element = facts().elements[place[-1]]
        combined = element.combined(version, place)
        for one in element.parts():
            if one.scope.holds(version, place):
                allowing.add(one.line)
                if not excludes_nothing(one, named=combined is not None and written(one) in combined.named()):
                    excluding.add(one.line)
            elif one.scope.is_at(place) and one.name not in {other.name for other in said(version, place)}:
                excluding.add(one.line)
        for order in element.orders:
            if order.scope.holds(version, place):
                allowing.add(order.line)
                excluding.add(order.line)
        for condition in element.conditions:
            if condition.scope.holds(version, place):
                excluding.add(condition.line)
        there = {written(one) for one in said(version, place)}
        for alternative in combined.alternatives if combined else ():
            if alternative.needed <= there:
                allowing.add(alternative.line)
                excluding.add(alternative.line)
    return allowing, excluding


def said(version: Version, place: Place) -> list[Attribute | Child]:
    attributes, children = in_force(version, place)
    return [*attributes.values(), *children.values()]


def written(one: Attribute | Child) -> str:
    return f"@{one.name}" if isinstance(one, Attribute) else f"<{one.name}>"


def excludes_nothing(one: Attribute | Child, *, named: bool) -> bool:
    """Whether a line only allows: any text, any number. Combinations have lines of their own."""
    if isinstance(one, Attribute):
        return one.type in ("string", "schema") and not one.is_required
    return one.least == 0 and (one.most > 1 or named)


@cache
def pairs(version: Version) -> Sequence[tuple[Place, Type]]:
    """Where elements may stand, by the schema, and their types there; like places of a type once."""
    schema: Grammar = grammar(version)
    found: list[tuple[Place, Type]] = [(("cib",), schema.type("cib"))]
    seen: set[tuple[Place, str, str]] = set()
    for place, kind in found:  # grows
        for name, child in kind.children.items():
            below = (*place, name)
            key = (below[-3:], "".join(below[2:3]), child.type)
            if key not in seen:
                seen.add(key)
                found.append((below, schema.type(child.type)))
    return found


@by_version
def test_the_schema_and_the_facts_know_the_same_attributes_children_and_values(version: Version) -> None:
    assert {place for place, _ in pairs(version)} == set(places(version))
    for place, kind in pairs(version):
        element = facts().elements[place[-1]]
        attributes, children = in_force(version, place)
        assert set(kind.attributes) == set(attributes), place
        assert sorted(kind.children) == sorted(children), place
        assert kind.is_open == element.is_open, place
        assert {name for name, one in attributes.items() if one.type == "ID"} == set(kind.ids), place
        assert {name for name, one in attributes.items() if one.type == "IDREF"} == set(kind.references), place
        for name, attribute in attributes.items():
            listed = grammar(version).allowed_values(kind.name, name)
            allowed = {value for value, (since, until) in listed if since <= version <= until}
            if attribute.type in facts().values:
                assert allowed == set(facts().values_of(attribute.type, version)), (place, name)
            else:
                assert not allowed or attribute.type == "boolean", (place, name)


def test_every_type_of_the_schema_is_one_of_an_element_in_the_facts_or_the_base_of_one() -> None:
    reached = {kind.name for version in VERSIONS for _, kind in pairs(version)}
    bases = {"attribute_set", "nvpair.options", "rule"}
    assert set(cib_tables.TYPES) == reached | bases


@by_version
def test_every_condition_of_the_schema_is_broken_by_a_document_that_breaks_no_other(version: Version) -> None:
    """In the first and the last version that has it: so each is there for a reason that the facts know."""
    schema = grammar(version)
    kinds: defaultdict[Place, list[Type]] = defaultdict(list)
    for place, kind in pairs(version):
        kinds[place].append(kind)
    edge = {(kind.name, at) for _, kind in pairs(version) for at in conditions(kind, version) if version in edges(kind.name, at)}
    broken = set()
    for case in cases(version, where=lambda _, place: any(name == kind.name for kind in kinds[place] for name, _ in edge)):
        if not case.is_valid:
            for element in etree.fromstring(case.document).xpath(f"(/{'/'.join(case.place)})[last()]"):
                kind = type_at(schema, element)
                seen = seen_by_conditions(element)
                against = [at for at, holds in conditions(kind, version).items() if not holds(*seen)]
                if len(against) == 1:
                    broken.add((kind.name, against[0]))
    assert [(name, cib_tables.TYPES[name][2][at][1]) for name, at in sorted(edge - broken)] == []


def conditions(kind: Type, version: Version) -> dict[int, Callable[[dict[str, str], dict[str, int]], bool]]:
    """What a type demands in a version, by the place in its table."""
    entries = enumerate(cib_tables.TYPES[kind.name][2])
    return {at: holds for at, (holds, *_, (since, until)) in entries if since <= version <= until}


@cache
def edges(type_name: str, condition: int) -> set[Version]:
    """The first and the last version in which a type has a condition, and elements have the type."""
    having = [
        version
        for version in VERSIONS
        for kind in {kind.name: kind for _, kind in pairs(version)}.values()
        if kind.name == type_name and condition in conditions(kind, version)
    ]
    return {having[0], having[-1]}


def type_at(schema: Grammar, element: etree._Element) -> Type:
    kind = schema.type("cib")
    for one in [*reversed(list(element.iterancestors())), element][1:]:
        kind = schema.type(kind.children[str(one.tag)].type)
    return kind


def seen_by_conditions(element: etree._Element) -> tuple[dict[str, str], dict[str, int]]:
    tags = [str(one.tag) for one in element.iterchildren("*")]
    return {str(name): str(value) for name, value in element.items()}, {tag: tags.count(tag) for tag in tags}


@by_version
def test_no_two_facts_of_a_name_meet(version: Version) -> None:
    for place in places(version):
        element = facts().elements[place[-1]]
        named = [written(one) for one in element.parts() if one.scope.holds(version, place)]
        assert len(named) == len(set(named)), place
        assert sum(one.scope.holds(version, place) for one in element.combinations) <= 1, place


def test_every_line_of_the_facts_is_in_force_somewhere() -> None:
    used = set()
    for version in VERSIONS:
        for place in places(version):
            element = facts().elements[place[-1]]
            used.add(element.line)
            used |= {one.line for one in said(version, place)}
            used |= {one.line for one in element.orders if one.scope.holds(version, place)}
            used |= {one.line for one in element.conditions if one.scope.holds(version, place)}
            if combined := element.combined(version, place):
                used |= {one.line for one in combined.alternatives}
    heads = {number for number, line in enumerate(LINES) if line.split()[:1] in (["combinations"], ["anything"])}
    facts_told = {number for number, line in enumerate(LINES) if line and not line.startswith(("#", "values"))}
    assert {number: LINES[number] for number in facts_told - used - heads} == {}


def test_every_enumerated_type_of_the_facts_is_one_of_an_attribute() -> None:
    assert set(facts().values) <= {one.type for element in facts().elements.values() for one in element.attributes}
