"""Colocations that contradict each other, or go round in a ring; locations, roles and tickets that do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import ban, clone, colocation, dummy, group, location, node, rule, tag, template, xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup

NO_FENCING = {"stonith_enabled": "false"}
TWO_NODES = {"1": "node1", "2": "node2"}
A, B, C = dummy("A"), dummy("B"), dummy("C")
OFF = {"target_role": "Stopped"}
G = group("G", dummy("G1"), dummy("G2"), dummy("G3"))


def apart(one: str, other: str) -> Element:
    return xml("rsc_colocation", id="apart", rsc=one, with_rsc=other, score="-INFINITY")


def set_apart(*members: str, **attributes: str) -> Element:
    return xml(
        "rsc_colocation",
        xml("resource_set", *(xml("resource_ref", id=one) for one in members), id="set", **attributes),
        id="sets",
        score="-INFINITY",
    )


def places(cluster: Setup, parts: Sequence[Element], **options: str) -> Mapping[str, Sequence[str]]:
    """Return where resources are in the end, on two nodes, when nobody complained."""
    made = cluster(*parts, members=TWO_NODES, device=False, **NO_FENCING, **options)
    assert made.verify().returncode == 0
    made.run()
    return made.run().where


@pytest.mark.parametrize(
    ("parts", "stopped"),
    [
        ([A, B, colocation("A", "B"), apart("A", "B")], "A"),
        ([A, B, C, colocation("A", "B"), colocation("B", "C"), apart("A", "C")], "A"),
        ([A, B, C, colocation("A", "B"), colocation("C", "B"), apart("A", "C")], "A"),
        ([A, B, C, colocation("A", "B"), colocation("C", "B"), apart("C", "A")], "C"),
        ([G, A, colocation("A", "G"), apart("A", "G2")], "A"),
        ([G, apart("G2", "G1")], "G2"),
        ([A, B, C, colocation("C", "A"), set_apart("A", "B", "C")], "C"),
    ],
)
def test_what_must_be_together_and_apart_is_stopped(cluster: Setup, parts: Sequence[Element], stopped: str) -> None:
    assert not places(cluster, parts)[stopped]


@pytest.mark.parametrize(
    "parts",
    [[A, B, colocation("A", "B"), apart("B", "A")], [A, B, C, colocation("A", "B"), colocation("B", "C"), apart("C", "A")]],
)
def test_or_is_together_in_spite_of_the_ban(cluster: Setup, parts: Sequence[Element]) -> None:
    where = places(cluster, parts)
    assert where["A"] == where["B"] != []


def test_a_set_that_is_not_sequential_keeps_nothing_apart(cluster: Setup) -> None:
    where = places(cluster, [A, B, colocation("A", "B"), set_apart("A", "B", sequential="false")])
    assert where["A"] == where["B"] != []


def test_or_a_group_is_torn_apart(cluster: Setup) -> None:
    where = places(cluster, [G, apart("G1", "G2")])
    assert where["G1"] != where["G2"]


def test_in_a_ring_one_colocation_does_not_count(cluster: Setup) -> None:
    assert places(cluster, [A, dummy("B"), colocation("A", "B"), colocation("B", "A")])["A"]
    where = places(cluster, [dummy("A", **OFF), B, colocation("A", "B"), colocation("B", "A")])
    assert where["B"]


@pytest.mark.parametrize(
    "parts",
    [
        # A runs although what it must be with is stopped.
        [A, dummy("B", **OFF), colocation("A", "B", with_rsc_role="Promoted")],
        [A, dummy("B", **OFF), colocation("A", "B", rsc_role="Promoted")],
        [clone("K", dummy("A")), dummy("B", **OFF), colocation("K", "B", rsc_role="Promoted")],
        # A runs although it is banned everywhere.
        [A, location("A", "node1", "-INFINITY", role="Promoted"), location("A", "node2", "-INFINITY", role="Promoted")],
        # A runs without the ticket.
        [A, xml("rsc_ticket", id="t", rsc="A", ticket="T", rsc_role="Promoted")],
        [A, xml("rsc_ticket", id="t", rsc="A", ticket="T", rsc_role="Promoted", loss_policy="demote")],
        [A, xml("rsc_ticket", id="t", rsc="A", ticket="")],
    ],
)
def test_constraints_on_a_role_that_a_resource_never_has_are_not_enforced(cluster: Setup, parts: Sequence[Element]) -> None:
    assert places(cluster, parts)["A"]


def test_with_a_plain_clone_the_role_is_not_looked_at(cluster: Setup) -> None:
    clones = clone("K", dummy("Ki")), clone("K", dummy("Ki"), **OFF)
    runs = [bool(places(cluster, [A, one, colocation("A", "K", with_rsc_role="Promoted")])["A"]) for one in clones]
    assert runs == [True, False]


@pytest.mark.parametrize("more", [{}, {"rsc_role": "Promoted", "loss_policy": "stop"}])
def test_other_ticket_constraints_are(cluster: Setup, more: Mapping[str, str]) -> None:
    assert not places(cluster, [A, xml("rsc_ticket", id="t", rsc="A", ticket="T", **more)])["A"]


@pytest.mark.parametrize("role", ["Started", "Promoted"])
def test_the_rule_of_a_location_does_nothing_for_that_role(cluster: Setup, role: str) -> None:
    bans = [rule(f"r{name}", "#uname", name, score="-INFINITY", role=role) for name in TWO_NODES.values()]
    assert places(cluster, [A, *(xml("rsc_location", ban, id=f"l{at}", rsc="A") for at, ban in enumerate(bans))])["A"]


@pytest.mark.parametrize(
    ("parts", "options", "stopped"),
    [
        ([A, *ban("A", *TWO_NODES.values())], {}, "A"),
        ([A, location("A", "node1"), location("A", "node1", "-INFINITY"), location("A", "node2", "-INFINITY")], {}, "A"),
        # The members of a group that are banned from each other's nodes.
        ([G, location("G1", "node1", "-INFINITY"), location("G2", "node2", "-INFINITY")], {}, "G2"),
        # Opt-in: each member of a group needs a location, or the group.
        ([A], {"symmetric_cluster": "false"}, "A"),
        ([G, location("G1", "node1", "0")], {"symmetric_cluster": "false"}, "G2"),
        ([clone("K", dummy("Ki"))], {"symmetric_cluster": "false"}, "Ki"),
    ],
)
def test_what_no_node_may_run(cluster: Setup, parts: Sequence[Element], options: Mapping[str, str], stopped: str) -> None:
    assert not places(cluster, parts, **options)[stopped]


def test_a_node_in_standby_runs_nothing(cluster: Setup) -> None:
    assert not places(cluster, [A, node("node2", standby="on"), location("A", "node1", "-INFINITY")])["A"]
    assert places(cluster, [A, node("node2", standby="off"), location("A", "node1", "-INFINITY")])["A"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([A, B, xml("tags", tag("t", "A"), tag("u", "B")), colocation("t", "u")], "two templates or tags cannot be colocated"),
        ([A, B, xml("tags", tag("t", "A"), tag("u", "t", "B")), location("u", "node1")], "No resource found for t"),
        ([template("T", "ocf:pacemaker:Dummy"), A, location("T", "node1")], "not a valid resource or tag"),
        ([A, B, colocation("A", "B", influence="never")], "invalid value for influence"),
        ([A, xml("rsc_location", rule("r", "#uname", "node1"), id="l", rsc="A")], "no score specified"),
        ([A, xml("rsc_location", rule("r", "#uname", "node1", score="1", role="Boss"), id="l", rsc="A")], "Unknown role"),
        ([A, location("web(", "node1")], None),
        ([A, xml("rsc_ticket", id="t", rsc="A", ticket="T", loss_policy="fence")], "fencing is not configured"),
    ],
)
def test_what_crm_verify_complains_of(cluster: Setup, parts: Sequence[Element], said: str | None) -> None:
    done = cluster(*parts, device=False, **NO_FENCING).verify()
    assert done.returncode == 78
    assert said is None or said in done.stderr
