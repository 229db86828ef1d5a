"""Cycles, orders and company: what the model makes of constraints as a graph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.model.graphs import cycles, path

from .cibs import cib, dummy


@pytest.mark.parametrize(
    ("edges", "rings"),
    [
        ({}, []),
        ({1: [2], 2: [3]}, []),
        ({1: [1]}, [[1]]),
        ({1: [2], 2: [1]}, [[1, 2]]),
        ({0: [1], 1: [2], 2: [3], 3: [1, 4]}, [[1, 2, 3]]),
        # The shortest way round of each knot.
        ({1: [2, 3], 2: [3], 3: [1], 5: [6], 6: [5]}, [[1, 3], [5, 6]]),
    ],
)
def test_one_short_cycle_for_each_knot(edges: dict[int, list[int]], rings: list[list[int]]) -> None:
    assert sorted(cycles(edges)) == rings


@given(st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4), max_size=9))
def test_a_cycle_goes_round_by_edges_and_none_is_missed(edges: dict[int, list[int]]) -> None:
    found = list(cycles(edges))
    for ring in found:
        assert all(there in edges[here] for here, there in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert bool(found) == any(path(edges, node, node) for node in edges)


def test_a_long_chain_is_no_matter_of_recursion() -> None:
    edges = {number: [number + 1] for number in range(50_000)}
    assert list(cycles(edges)) == []
    edges[50_000] = [0]
    assert len(next(cycles(edges))) == 50_001


def order(first: str, then: str, more: str = "") -> str:
    return f'<rsc_order id="{first}-{then}" first="{first}" then="{then}" {more}/>'


A, B, C = map(dummy, "ABC")
GROUP = f'<group id="G">{dummy("G1")}{dummy("G2")}{dummy("G3")}</group>'
LOOSE_GROUP = GROUP.replace(
    '<group id="G">', '<group id="G"><meta_attributes id="m"><nvpair id="n" name="ordered" value="false"/></meta_attributes>'
)


def tag(*names: str) -> str:
    return f'<tag id="t">{"".join(f"""<obj_ref id="{name}"/>""" for name in names)}</tag>'


def loose_set(*names: str, kind: str = "Mandatory", more: str = "", then: str = "") -> str:
    after = f'<resource_set id="s2"><resource_ref id="{then}"/></resource_set>' if then else ""
    members = "".join(f'<resource_ref id="{name}"/>' for name in names)
    return f'<rsc_order id="o" kind="{kind}"><resource_set id="s" sequential="false" {more}>{members}</resource_set>{after}</rsc_order>'


@pytest.mark.parametrize(
    ("fragments", "actions"),
    [
        (A + B + order("A", "B"), None),
        (A + B + order("A", "B") + order("B", "A"), ["start A", "start B"]),
        (A + B + order("A", "B") + order("B", "A", 'kind="Optional"'), ["start A", "start B"]),
        (GROUP + order("G2", "G1"), ["start G1", "start G2"]),
        (LOOSE_GROUP + order("G2", "G1"), None),
        # A group starts before its own member anyway; but the member does not stop before the group does.
        (GROUP + order("G", "G2"), ["stop G", "stop G2"]),
        (GROUP + order("G", "G2", 'symmetrical="false"'), None),
        (GROUP + order("G2", "G", 'first-action="stop"'), ["stop G", "stop G2"]),
        (
            GROUP + A + tag("G2", "A") + order("G", "t", 'symmetrical="false"') + order("A", "G", 'kind="Optional"'),
            ["start A", "start G", "start G1"],
        ),
        # Of a set that is not sequential, too, no two start at once.
        (A + B + C + loose_set("A", "B", "C", kind="Serialize") + order("C", "A"), ["start A", "start B", "start C"]),
        (A + B + C + loose_set("A", "B", "C", kind="Optional") + order("C", "A"), None),
        # Where one of several is enough, a group need only begin to start; they all stop before.
        (GROUP + A + loose_set("G", "A", more='require-all="false"', then="G2"), ["stop G", "stop G2"]),
        (GROUP + A + loose_set("G", "A", then="B") + B + order("B", "G3"), ["start B", "start G", "start G3"]),
        (GROUP + A + loose_set("G", "A", then="B", more='require-all="false"') + B + order("B", "G3", 'symmetrical="false"'), None),
        (GROUP + order("G1", "G"), ["start G", "start G1"]),
        (GROUP + A + order("G1", "A") + order("A", "G2"), None),
        (GROUP + A + order("A", "G2") + order("G", "A"), ["start A", "start G", "start G2"]),
        (GROUP + A + order("A", "G") + order("G", "A"), ["start A", "start G", "start G1"]),
        # Only the stops are against each other: the starts are not ordered.
        (
            A + B + order("A", "B", 'first-action="stop" then-action="stop" symmetrical="false"')
            + order("B", "A", 'first-action="stop" then-action="stop" symmetrical="false"'),
            ["stop A", "stop B"],
        ),
        # An order that is ignored closes no ring; one with a lifetime may be over.
        (f'<clone id="K">{A}</clone>' + B + order("A", "B") + order("B", "A"), None),
        (A + B + order("A", "B") + order("B", "A").replace("/>", '><lifetime><rule id="r" score="0"/></lifetime></rsc_order>'), None),
        # Nothing waits for the promotion of what is not promotable.
        (A + B + order("A", "B", 'first-action="promote"') + order("B", "A", 'first-action="promote"'), None),
    ],
)  # fmt: skip
def test_deadlocks(fragments: str, actions: list[str] | None) -> None:
    found = cib(fragments).ordering.deadlocks
    if actions is None:
        assert found == []
    else:
        assert [sorted(f"{action} {resource.id}" for resource, action in deadlock.actions) for deadlock in found] == [actions]


def test_many_by_many_levels_stay_linear() -> None:
    names = [f"r{number}" for number in range(300)]
    members = "".join(f'<resource_ref id="{name}"/>' for name in names)
    other = "".join(f'<resource_ref id="s{name}"/>' for name in names)
    sets = f'<resource_set id="s1" sequential="false">{members}</resource_set><resource_set id="s2" sequential="false">{other}</resource_set>'
    made = cib("".join(map(dummy, [*names, *(f"s{name}" for name in names)])) + f'<rsc_order id="o">{sets}</rsc_order>')
    assert made.ordering.deadlocks == []
    assert sum(map(len, made.ordering._edges.values())) < 3000
    back = '<rsc_order id="back" first="sr7" then="r9"/>'
    made = cib("".join(map(dummy, [*names, *(f"s{name}" for name in names)])) + f'<rsc_order id="o">{sets}</rsc_order>{back}')
    ring = made.ordering.deadlocks[0]
    assert [resource.id for resource, _ in ring.actions] in (["sr7", "r9"], ["r9", "sr7"])


def together(one: str, other: str, score: str = "INFINITY", more: str = "") -> str:
    return f'<rsc_colocation id="{one}-{other}" rsc="{one}" with-rsc="{other}" score="{score}" {more}/>'


@pytest.mark.parametrize(
    ("constraints", "is_together"),
    [
        (together("A", "B"), True),
        (together("A", "C") + together("B", "C"), True),
        (together("A", "B", "100"), False),
        (together("A", "B", "-INFINITY"), False),
        (together("A", "B", more='node-attribute="rack"'), False),
        (together("A", "B", more='rsc-role="Promoted"'), False),
        (together("A", "G1") + together("B", "G3"), True),
        (together("A", "G1") + together("B", "G"), True),
        (together("A", "K") + together("B", "K"), False),
        ('<rsc_colocation id="c" score="INFINITY"><resource_set id="s"><resource_ref id="C"/><resource_ref id="A"/>'
         '<resource_ref id="B"/></resource_set></rsc_colocation>', True),
    ],
)  # fmt: skip
def test_who_must_run_on_one_node(constraints: str, is_together: bool) -> None:
    made = cib(A + B + C + GROUP + f'<clone id="K">{dummy("Ki")}</clone>' + constraints)
    assert made.company.is_together(made.resources["A"], made.resources["B"]) == is_together
    assert bool(made.company.why_together(made.resources["A"], made.resources["B"])) == is_together
