"""Where the connections to remote nodes, guests' virtual machines and fence devices may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import MEMBERS, ban, bundle, dummy, group, guest, location, only, remote, resource_set, rule, xml

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup

OPT_IN = {"symmetric_cluster": "false"}
ALLOWED = [location("F", "node1", "0"), dummy("A"), location("A", "node1", "0")]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="no location"),
        pytest.param([location("r1", "node1", "-1")], id="negative"),
        pytest.param([remote("r2"), location("r2", "node1", "0"), location("r1", "r2")], id="remote node"),
    ],
)
def test_opt_in_connection_without_a_cluster_node_is_fenced_at_start(cluster: Setup, parts: Sequence[Element]) -> None:
    first, second = cluster(remote("r1"), *ALLOWED, *parts, **OPT_IN).runs(2)
    assert (first.fenced, first.where["r1"]) == (["r1"], [])
    assert second.quiet


@pytest.mark.parametrize("score", ["0", "1", "INFINITY"])
def test_opt_in_connection_needs_no_more_than_a_score_of_zero(cluster: Setup, score: str) -> None:
    first, second = cluster(remote("r1"), *ALLOWED, location("r1", "node1", score), **OPT_IN).runs(2)
    assert (first.fenced, first.where["r1"]) == ([], ["node1"])
    assert second.quiet


def test_opt_in_guest_needs_a_location_for_its_vm_only(cluster: Setup) -> None:
    parts = [guest("vm", "g1"), dummy("in"), location("in", "g1", "0")]
    without = cluster(*parts, **OPT_IN).run()
    assert (without.where["vm"], without.where["in"]) == ([], [])
    first, second = cluster(*parts, location("vm", "node1", "0"), **OPT_IN).runs(2)
    assert (first.where["vm"], first.where["g1"], first.where["in"]) == (["node1"], ["node1"], ["g1"])
    assert second.quiet


@pytest.mark.parametrize(
    "bans",
    [
        pytest.param(ban("r1", *MEMBERS.values()), id="banned"),
        pytest.param([location("r1", name, "-1") for name in MEMBERS.values()], id="slightly disliked"),
        pytest.param([xml("rsc_location", rule("r", "#kind", "cluster", score="-INFINITY"), id="l", rsc="r1")], id="rule"),
        pytest.param([*ban("r1", *MEMBERS.values()), remote("r2"), location("r1", "r2")], id="only a remote node is left"),
    ],
)
def test_connection_kept_off_all_cluster_nodes_is_fenced_at_start(cluster: Setup, bans: Sequence[Element]) -> None:
    first, second = cluster(remote("r1"), dummy("A"), *bans).runs(2)
    assert (first.fenced, first.where["r1"]) == (["r1"], [])
    assert second.quiet


@pytest.mark.parametrize("option", ["stonith_enabled", "startup_fencing"])
def test_connection_without_a_node_is_not_fenced_where_startup_fencing_is_off(cluster: Setup, option: str) -> None:
    first = cluster(remote("r1"), dummy("A"), *ban("r1", *MEMBERS.values()), **{option: "false"}).run()
    assert (first.fenced, first.where["r1"]) == ([], [])


@pytest.mark.parametrize(
    ("role", "in_rule", "banned"),
    [
        ("Started", False, True),
        ("Unpromoted", False, True),
        ("Promoted", False, False),
        ("Stopped", False, False),
        ("Unpromoted", True, True),
        ("Promoted", True, False),
        ("Stopped", True, False),
    ],
)
def test_ban_for_a_role_that_a_connection_never_has_is_none(cluster: Setup, role: str, in_rule: bool, banned: bool) -> None:
    by_rule = [xml("rsc_location", rule("r", "#kind", "cluster", score="-INFINITY", role=role), id="l", rsc="r1")]
    plain = [location("r1", name, "-INFINITY", role=role) for name in MEMBERS.values()]
    first = cluster(remote("r1"), dummy("A"), *(by_rule if in_rule else plain)).run()
    assert (first.fenced, first.where["r1"]) == ((["r1"], []) if banned else ([], ["node1"]))


@pytest.mark.parametrize(
    ("score", "of_set", "banned"),
    [
        ("-INFINITY", {"score": "100"}, False),
        ("100", {"score": "-INFINITY"}, True),
        ("-INFINITY", {"role": "Promoted"}, False),
        ("-INFINITY", {}, True),
    ],
)
def test_score_and_role_of_a_set_count_instead_of_those_of_its_constraint(
    cluster: Setup, score: str, of_set: dict[str, str], banned: bool
) -> None:
    bans = [
        xml("rsc_location", resource_set(f"s-{name}", "A", **of_set), id=f"l-{name}", node=name, score=score)
        for name in MEMBERS.values()
    ]
    assert (cluster(dummy("A"), *bans).run().where["A"] == []) is banned


def test_role_of_a_constraint_is_not_read_beside_a_rule(cluster: Setup) -> None:
    banned = xml("rsc_location", rule("r", "#kind", "cluster", score="-INFINITY"), id="l", rsc="A", role="Promoted")
    assert cluster(dummy("A"), banned).run().where["A"] == []


def test_role_that_a_connection_never_has_allows_no_node_in_an_opt_in_cluster(cluster: Setup) -> None:
    first = cluster(remote("r1"), *ALLOWED, location("r1", "node1", "0", role="Promoted"), **OPT_IN).run()
    assert (first.fenced, first.where["r1"]) == (["r1"], [])


@pytest.mark.parametrize(
    ("where", "score", "fenced"),
    [("node1", "0", False), ("nowhere", "0", False), ("node1", "-INFINITY", True), ("r2", "0", True)],
)
def test_exclusive_discovery_keeps_a_connection_to_its_nodes_whatever_the_score(
    cluster: Setup, where: str, score: str, fenced: bool
) -> None:
    parts = [remote("r1"), remote("r2"), dummy("A"), location("r1", where, score, resource_discovery="exclusive")]
    assert cluster(*parts).run().fenced == (["r1"] if fenced else [])


@pytest.mark.parametrize(("rsc", "running"), [("G", False), ("vm", True)])
def test_exclusive_discovery_binds_a_group_but_not_its_member(cluster: Setup, rsc: str, running: bool) -> None:
    parts = [remote("r1"), group("G", guest("vm", "g1")), location(rsc, "r1", "0", resource_discovery="exclusive")]
    assert bool(cluster(*parts).run().where["vm"]) == running


def everywhere(where: str) -> Element:
    return xml("rsc_location", id="l", rsc_pattern=".*", node=where, score="INFINITY")


@pytest.mark.parametrize(
    ("parts", "rsc"),
    [
        pytest.param([remote("r1"), location("r1", "r2")], "r1", id="connection"),
        pytest.param([guest("vm", "g1"), location("vm", "r2")], "vm", id="VM"),
        pytest.param([group("G", dummy("B"), guest("vm", "g1")), location("G", "r2")], "vm", id="group with a VM"),
        pytest.param([location("F", "r2")], "F", id="fence device"),
        pytest.param([everywhere("r2")], "F", id="fence device by pattern"),
    ],
)
def test_preference_for_a_remote_node_has_no_effect(cluster: Setup, parts: Sequence[Element], rsc: str) -> None:
    first, second = cluster(remote("r2"), dummy("A"), *parts).runs(2)
    assert set(first.where[rsc]) & set(MEMBERS.values())
    assert not first.fenced
    assert second.quiet


def test_bundle_may_run_on_a_remote_node(cluster: Setup) -> None:
    first, second = cluster(remote("r1"), bundle("b", dummy("A")), location("b", "r1")).runs(2)
    assert first.where["b-podman-0"] == ["r1"]
    # Only its connection stays on a cluster node.
    assert first.where["b-0"] == ["node1"]
    assert second.quiet


@pytest.mark.parametrize("rsc", ["F", "vm"])
def test_fence_device_or_vm_that_is_allowed_on_remote_nodes_only_never_runs(cluster: Setup, rsc: str) -> None:
    last = cluster(remote("r1"), guest("vm", "g1"), *only(rsc, "r1")).runs(2)[-1]
    assert last.where[rsc] == []


def test_group_with_a_vm_on_a_remote_node_stops_before_the_vm(cluster: Setup) -> None:
    last = cluster(remote("r1"), group("G", dummy("B"), guest("vm", "g1")), *only("B", "r1")).runs(2)[-1]
    assert (last.where["B"], last.where["vm"]) == (["r1"], [])
