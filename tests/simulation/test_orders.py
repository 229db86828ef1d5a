"""Orders that wait for each other in a ring, and those that only look like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import attributes, bundle, clone, dummy, group, order, primitive, resource_set, rule, tag, until, xml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup

NO_FENCING = {"stonith_enabled": "false"}
A, B, C = dummy("A"), dummy("B"), dummy("C")
K = clone("K", dummy("Ki"))
G = group("G", dummy("G1"), dummy("G2"), dummy("G3"))
P = clone("P", primitive("Pi", "ocf:pacemaker:Stateful"), promotable="true")
PROMOTED_ON_NODE1 = xml("rsc_location", rule("r", "#uname", "node1", role="Promoted", score="100"), id="l", rsc="P")


def act(first: str, action: str, then: str, then_action: str, **more: str) -> Element:
    return order(first, then, first_action=action, then_action=then_action, **more)


def ordered(*sets: Element) -> Element:
    return xml("rsc_order", *sets, id="o")


@pytest.mark.parametrize(
    "parts",
    [
        [A, B, order("A", "B"), order("B", "A")],
        [A, B, order("A", "B", kind="Optional"), order("B", "A", kind="Optional")],
        [A, B, order("A", "B", kind="Serialize"), order("B", "A", kind="Serialize")],
        [A, B, order("A", "B", symmetrical="false"), order("B", "A", symmetrical="false")],
        [A, B, C, order("A", "B"), order("B", "C"), order("C", "A")],
        [A, B, ordered(resource_set("s", "A", "B", "A"))],
        # What must not stop last must not start first.
        [A, B, act("A", "stop", "B", "stop"), act("B", "stop", "A", "stop")],
        # One of two is enough for the set, and still they wait.
        [
            A,
            B,
            C,
            ordered(resource_set("s", "A", "B", sequential="false", require_all="false"), resource_set("t", "C")),
            order("C", "A"),
        ],
        # Against the members of a group, or the group as a whole.
        [G, order("G2", "G1")],
        [G, order("G1", "G")],
        [G, A, order("G1", "A"), order("A", "G")],
        [G, A, order("A", "G2"), order("G", "A")],
        [K, A, order("K", "A"), order("A", "K")],
        [bundle("U", dummy("Ui")), A, order("U", "A"), order("A", "U")],
        # A start comes before a promotion.
        [P, A, PROMOTED_ON_NODE1, act("P", "promote", "A", "start"), order("A", "P")],
    ],
)
def test_a_ring_of_orders_is_a_deadlock_that_nobody_reports(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts, **NO_FENCING)
    assert made.verify().returncode == 0
    assert made.run().deadlock
    assert made.run().deadlock


@pytest.mark.parametrize(
    "parts",
    [
        [G, order("G", "G2")],
        [G, A, order("G1", "A"), order("A", "G2")],
        [P, A, PROMOTED_ON_NODE1, act("A", "start", "P", "promote"), order("P", "A")],
        [A, B, act("A", "start", "B", "stop")],
    ],
)
def test_what_looks_like_a_ring_and_is_none(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts, **NO_FENCING)
    assert not made.run().deadlock
    assert made.run().quiet


@pytest.mark.parametrize(
    ("constraint", "stops"),
    [
        (order("G", "G2"), False),
        (order("G", "G2", kind="Optional"), False),
        (order("G", "G2", symmetrical="false"), True),
        (order("G2", "G"), True),
    ],
)
def test_a_group_that_starts_before_its_own_member_never_stops(cluster: Setup, constraint: Element, stops: bool) -> None:
    made = cluster(G, **NO_FENCING)
    made.run()
    made.configure(
        G, xml("rsc_defaults", attributes("meta_attributes", "d", {"target-role": "Stopped"})), constraint, **NO_FENCING
    )
    assert made.run().deadlock is not stops


@pytest.mark.parametrize(("kind", "deadlock"), [("Serialize", True), ("Optional", False)])
def test_a_serialized_set_is_sequential_in_any_case(cluster: Setup, kind: str, deadlock: bool) -> None:
    loose = xml("rsc_order", resource_set("s", "A", "B", "C", sequential="false"), id="o", kind=kind)
    assert cluster(A, B, C, loose, order("C", "A", symmetrical="false"), **NO_FENCING).run().deadlock is deadlock


def test_where_one_is_enough_a_group_need_only_begin(cluster: Setup) -> None:
    loose = resource_set("s", "G", "A", sequential="false", require_all="false")
    after_a_member = order("B", "G2", symmetrical="false")
    assert not cluster(G, A, B, ordered(loose, resource_set("t", "B")), after_a_member, **NO_FENCING).run().deadlock


def test_a_ring_of_stops_keeps_both_running(cluster: Setup) -> None:
    made = cluster(A, B, **NO_FENCING)
    made.run()
    stops = [act("A", "stop", "B", "stop", symmetrical="false"), act("B", "stop", "A", "stop", symmetrical="false")]
    made.configure(dummy("A", target_role="Stopped"), dummy("B", target_role="Stopped"), *stops, **NO_FENCING)
    assert made.run().deadlock


@pytest.mark.parametrize(
    "parts",
    [[A, order("A", "A")], [K, order("K", "K")], [G, order("G", "G")], [A, B, xml("tags", tag("t", "A", "B")), order("t", "t")]],
)
def test_an_order_with_itself_kills_the_scheduler(cluster: Setup, parts: Sequence[Element]) -> None:
    assert cluster(*parts, **NO_FENCING).run().code < 0


@pytest.mark.parametrize(
    ("constraint", "started"),
    [
        # Nothing promotes what is not promotable: who waits for it waits for ever …
        (act("A", "promote", "B", "start"), False),
        (ordered(resource_set("s", "A", action="promote"), resource_set("t", "B")), False),
        # … and a promotion that never comes holds up nobody.
        (order("A", "B", first_action="promote"), True),
        (act("A", "start", "B", "promote"), True),
    ],
)
def test_promotion_of_what_is_not_promotable(cluster: Setup, constraint: Element, started: bool) -> None:
    off = dummy("A", target_role="Stopped") if started else A
    made = cluster(off, B, constraint, **NO_FENCING)
    made.run()
    assert bool(made.run().where["B"]) == started
    assert made.verify().returncode == 0


@until("3.0")
@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([K, A, order("Ki", "A")], "not a valid resource or tag"),
        ([clone("K", group("g", dummy("g1"))), A, order("g1", "A")], "not a valid resource or tag"),
        ([bundle("U", dummy("Ui")), A, order("Ui", "A")], "not a valid resource or tag"),
        ([A, B, order("A", "B"), order("A", "A-then-B")], "not a valid resource or tag"),
    ],
)
def test_a_name_that_pacemaker_does_not_know(cluster: Setup, parts: Sequence[Element], said: str) -> None:
    done = cluster(*parts, **NO_FENCING).verify()
    assert done.returncode == 78
    assert said in done.stderr


@pytest.mark.parametrize(
    ("sets", "aborts"),
    [
        ([resource_set("s", "A", "B"), resource_set("t", "C", "A")], True),
        ([resource_set("s", "A", "B", sequential="true"), resource_set("t", "C", "A")], False),
        ([resource_set("s", "A", "B"), resource_set("t", "C", "A", sequential="true")], False),
        ([resource_set("s", "B", "A", sequential="true"), resource_set("t", "A", "C", sequential="true")], True),
        ([resource_set("s", "A", "B"), resource_set("t", "C"), resource_set("u", "A")], False),
        ([resource_set("s", "A", "B", "A", kind="Serialize")], True),
        ([resource_set("s", "A", "B", "A")], False),
    ],
)
def test_between_two_sets_that_do_not_say_that_they_are_sequential_there_is_nothing(
    cluster: Setup, sets: Sequence[Element], aborts: bool
) -> None:
    asked = cluster(A, B, C, ordered(*sets), **NO_FENCING).verify()
    assert ("first_action != then_action" in asked.stderr or "lh_action != rh_action" in asked.stderr) is aborts
