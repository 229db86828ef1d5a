"""What comes of the names of remote and guest nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import (
    MEMBERS,
    ban,
    bundle,
    clone,
    colocation,
    dummy,
    group,
    guest,
    location,
    node,
    op,
    primitive,
    remote,
    tag,
    template,
    until,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Cluster, Run, Setup

DUMMY = "ocf:pacemaker:Dummy"


def inside(where: str) -> list[Element]:
    """Return a resource that belongs on a remote or guest node."""
    return [dummy("in"), location("in", where)]


def without_end(cluster: Cluster) -> list[Run]:
    """Return the runs after the first one, and see that they never come to rest."""
    runs = cluster.runs(4)[1:]
    assert all(run.plan for run in runs)
    return runs


# --- what is fine ---


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        pytest.param([remote("r1"), *inside("r1")], "r1", id="remote"),
        pytest.param([guest("vm", "g1"), *inside("g1")], "g1", id="guest"),
        pytest.param([remote("r1"), xml("node", id="r1", uname="r1", type="remote"), *inside("r1")], "r1", id="remote entry"),
        pytest.param([dummy("Web"), guest("vm", "web"), *inside("web")], "web", id="resource id in other case"),
        pytest.param([dummy("node2"), remote("r1"), *inside("r1")], "r1", id="resource named like a cluster node"),
        pytest.param([template("T", DUMMY), guest("vm", "T"), *inside("T")], "T", id="unused template"),
        pytest.param([tag("t", "vm"), guest("vm", "t"), *inside("t")], "t", id="unused tag"),
        pytest.param(
            [
                primitive("A", DUMMY, xml("operations", op("A", "monitor", "9s"))),
                guest("vm", "A-monitor-9s"),
                *inside("A-monitor-9s"),
            ],
            "A-monitor-9s",
            id="operation",
        ),
        # Without a primitive a bundle makes no nodes.
        pytest.param([bundle("b"), guest("vm", "b-0"), *inside("b-0")], "b-0", id="replica of an empty bundle"),
    ],
)
def test_cluster_comes_to_rest(cluster: Setup, parts: Sequence[Element], where: str) -> None:
    made = cluster(*parts)
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert first.where["in"] == [where]
    assert not first.fenced
    assert second.quiet


# --- guest name and resource id ---


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([dummy("web"), guest("vm", "web")], id="before"),
        pytest.param([guest("vm", "web"), dummy("web")], id="after"),
        pytest.param([group("G", dummy("x"), dummy("web")), guest("vm", "web")], id="in a group"),
        pytest.param([primitive("web", "ocf:heartbeat:VirtualDomain"), guest("vm", "web")], id="another VM"),
        pytest.param([guest("web", "g2"), guest("vm", "web")], id="another guest's VM"),
    ],
)
class TestGuestNamedLikeAPrimitive:
    def test_resource_counts_as_active_on_two_nodes_and_is_moved_without_end(
        self, cluster: Setup, parts: Sequence[Element]
    ) -> None:
        made = cluster(*parts)
        assert made.verify().returncode == 0
        for run in without_end(made):
            assert "start web" in run.plan
            assert {"move web", "restart web"} & set(run.plan)
            assert len(run.where["web"]) == 2

    def test_vm_with_something_inside_is_restarted_without_end(self, cluster: Setup, parts: Sequence[Element]) -> None:
        for run in without_end(cluster(*parts, *inside("web"))):
            assert {"recover vm", "recover in"} <= set(run.plan)
            assert f"start vm {run.where['vm'][0]}" in run.did


def test_guest_named_like_a_group_member_restarts_the_later_members_without_end(cluster: Setup) -> None:
    for run in without_end(cluster(group("G", dummy("web"), dummy("x")), guest("vm", "web"))):
        assert "restart x" in run.plan


def test_guest_named_like_a_fence_device_is_restarted_without_end(cluster: Setup) -> None:
    for run in without_end(cluster(guest("vm", "F"), *inside("F"))):
        assert {"move F", "recover vm", "recover in"} <= set(run.plan)


@pytest.mark.parametrize(
    "parts",
    [[clone("K", dummy("web")), guest("vm", "web")], [guest("vm", "web"), clone("K", dummy("web"))]],
    ids=["before", "after"],
)
def test_guest_named_like_a_clones_child_kills_the_scheduler(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts)
    made.run()
    assert made.verify().returncode < 0


@pytest.mark.parametrize("taken", [group("web", dummy("x")), clone("web", dummy("x")), bundle("web", dummy("x"))])
def test_guest_named_like_a_group_clone_or_bundle_loses_connection_and_what_runs_inside(cluster: Setup, taken: Element) -> None:
    made = cluster(taken, guest("vm", "web"), *inside("web"))
    assert made.verify().returncode == 0
    for run in without_end(made):
        assert {"start web", "stop web"} <= set(run.plan)
        assert set(run.where["in"]) < set(MEMBERS.values())


def test_guest_named_like_a_cloned_group_works(cluster: Setup) -> None:
    first, second = cluster(clone("K", group("web", dummy("x"))), guest("vm", "web"), *inside("web")).runs(2)
    assert first.where["in"] == ["web"]
    assert second.quiet


OFF = dummy("web", target_role="Stopped")


@pytest.mark.parametrize(
    "taken", [OFF, clone("K", OFF), remote("web", target_role="Stopped")], ids=["primitive", "clone's child", "remote"]
)
def test_guest_named_like_what_is_switched_off_reconnects_without_end(cluster: Setup, taken: Element) -> None:
    for run in without_end(cluster(taken, guest("vm", "web"))):
        assert {"restart web", "start web"} & set(run.plan)


def test_guest_named_like_its_own_vm_is_unclean_and_the_vm_moved_without_end(cluster: Setup) -> None:
    for run in without_end(cluster(guest("vm", "vm"), *inside("vm"))):
        assert "move vm" in run.plan
        assert len(run.where["vm"]) == 2
        assert "vm" in run.unclean


@until("3")
def test_guest_named_like_its_own_vm_in_other_case_is_to_run_in_itself(cluster: Setup) -> None:
    first, second = cluster(guest("vm", "VM"), *inside("VM")).runs(2)
    assert first.where["vm"] == ["VM"]
    assert second.quiet


@pytest.mark.parametrize(
    "taken", [[tag("t", "A"), dummy("A")], [template("t", DUMMY), primitive("A", "@t")]], ids=["tag", "template"]
)
def test_constraint_on_a_tag_or_template_binds_to_the_guest_of_that_name(cluster: Setup, taken: Sequence[Element]) -> None:
    parts = [*taken, dummy("B"), colocation("B", "t"), location("A", "node2"), location("vm", "node3")]
    assert cluster(*parts, guest("vm", "g1")).run().where["B"] == ["node2"]
    captured = cluster(*parts, guest("vm", "t"))
    assert captured.run().where["B"] == ["node3"]
    assert captured.run().quiet


# --- guest or remote name and cluster node ---

ONLY_NODE2_ACTIVE = [node("node1", standby="on"), node("node3", standby="on")]
LIKE_NODE2 = [guest("vm", "node2"), guest("vm", "NODE2"), remote("node2"), remote("NODE2")]


@pytest.mark.parametrize("named", LIKE_NODE2)
def test_named_like_a_cluster_node_makes_no_node(cluster: Setup, named: Element) -> None:
    made = cluster(named, *inside("node2"))
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert sorted(first.online) == sorted(MEMBERS.values())
    assert first.where["in"] == ["node2"]
    assert second.quiet


@pytest.mark.parametrize("named", LIKE_NODE2)
def test_cluster_node_of_that_name_may_hold_no_vm_connection_or_fence_device(cluster: Setup, named: Element) -> None:
    name = named.attrib["id"]
    run = cluster(named, remote("r1"), *ONLY_NODE2_ACTIVE).run()
    assert run.fenced == ["r1"]
    assert [run.where[rsc] for rsc in ("F", "r1", name)] == [[], [], []]
    healthy = cluster(guest("vm", "g1"), remote("r1"), *ONLY_NODE2_ACTIVE).run()
    assert not healthy.fenced
    assert [healthy.where[rsc] for rsc in ("F", "r1", "vm")] == [["node2"]] * 3


def test_remote_named_like_a_cluster_node_is_never_connected(cluster: Setup) -> None:
    first, second = cluster(remote("node2"), dummy("A")).runs(2)
    assert first.where["node2"] == []
    assert second.quiet


OTHER_ID = {"1": "node1", "n2id": "node2", "3": "node3"}
LATE_ID = {"1": "node1", "zz": "node2", "3": "node3"}


@pytest.mark.parametrize("named", [guest("vm", "n2id"), remote("n2id")], ids=["guest", "remote"])
def test_named_like_a_node_id_has_the_healthy_node_fenced_without_end(cluster: Setup, named: Element) -> None:
    made = cluster(named, members=OTHER_ID)
    assert made.verify().returncode == 78
    assert [run.fenced for run in made.runs(3)] == [["node2"]] * 3


def test_named_like_the_id_of_a_node_that_sorts_earlier_mixes_up_the_two(cluster: Setup) -> None:
    made = cluster(guest("vm", "zz"), *inside("zz"), members=LATE_ID)
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert not first.fenced
    assert first.where["in"] == ["node2"]
    assert second.quiet


@pytest.mark.parametrize("named", [remote("x1"), guest("vm", "x1")], ids=["remote", "guest"])
def test_entry_without_type_has_the_node_fenced_and_never_connected(cluster: Setup, named: Element) -> None:
    made = cluster(named, dummy("A"), xml("node", id="x1", uname="x1"))
    assert made.verify().returncode == 78
    first, second = made.runs(2)
    assert first.fenced == ["x1"]
    assert first.where["x1"] == []
    assert first.where["A"]
    assert second.quiet


def test_left_over_entry_is_offline_and_never_fenced(cluster: Setup) -> None:
    entry = xml("node", id="r9", uname="r9", type="remote")
    free = cluster(entry, *inside("r9")).run()
    assert "r9" not in [*free.online, *free.unclean, *free.fenced]
    assert free.where["in"] == ["node2"]
    bound = cluster(entry, *inside("r9"), ban("in", *MEMBERS.values())).run()
    assert (bound.where["in"], bound.fenced) == ([], [])


# --- two nodes of one name ---


@pytest.mark.parametrize(
    "other", [pytest.param(guest("v1", "x1"), id="guest and guest"), pytest.param(remote("x1"), id="guest and remote")]
)
def test_two_of_one_name_reconnect_and_restart_the_last_vm_without_end(cluster: Setup, other: Element) -> None:
    for run in without_end(cluster(other, guest("v2", "x1"))):
        assert set(run.plan) == {"restart x1", "start x1"}
        assert len(run.where["x1"]) == 2
    for run in without_end(cluster(other, guest("v2", "x1"), *inside("x1"))):
        assert {"recover v2", "recover in"} <= set(run.plan)
        assert "recover v1" not in run.plan


def test_two_guests_whose_names_differ_in_case_are_one_node(cluster: Setup) -> None:
    first, second = cluster(guest("v1", "g1"), guest("v2", "G1"), *inside("G1")).runs(2)
    assert set(first.online) - set(MEMBERS.values()) == {"g1"}
    assert first.where["in"] == ["g1"]
    assert second.quiet


# --- bundle replicas ---

BUNDLE = bundle("b", dummy("x"))


@pytest.mark.parametrize("parts", [[BUNDLE, guest("vm", "b-0")], [guest("vm", "b-0"), BUNDLE]], ids=["after", "before"])
def test_guest_named_like_a_replica_recovers_both_without_end(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts)
    assert made.verify().returncode == 0
    for run in without_end(made):
        assert {"recover vm", "recover x:0", "move b-0"} <= set(run.plan)


def test_remote_named_like_an_earlier_replica_is_never_usable(cluster: Setup) -> None:
    for run in without_end(cluster(BUNDLE, remote("b-0"))):
        assert "start b-0" in run.plan
        assert "b-0" in run.unclean


def test_resource_named_like_an_earlier_replica_never_settles(cluster: Setup) -> None:
    for run in without_end(cluster(BUNDLE, dummy("b-0"))):
        assert "start b-0" in run.plan


@pytest.mark.parametrize("named", [dummy("b-0"), remote("b-0")], ids=["resource", "remote"])
def test_replica_named_like_an_earlier_resource_gets_an_internal_name(cluster: Setup, named: Element) -> None:
    first, second = cluster(named, BUNDLE).runs(2)
    assert first.where["x"] == ["pcmk-internal-x:0-remote-0"]
    assert len(first.where["b-0"]) == 1
    assert second.quiet


@pytest.mark.parametrize("parts", [[group("b-0", dummy("A"))], [clone("b-0", dummy("A"))]], ids=["group", "clone"])
def test_constraint_on_a_group_or_clone_named_like_an_earlier_replica_binds_to_the_connection(
    cluster: Setup, parts: Sequence[Element]
) -> None:
    first, second = cluster(BUNDLE, *parts).runs(2)
    assert first.where["A"]
    assert second.quiet
    first, second = cluster(BUNDLE, *parts, dummy("C"), location("C", "node1"), colocation("b-0", "C")).runs(2)
    assert first.where["b-0"] == ["node1"]
    assert first.where["A"] != ["node1"]
    assert second.quiet


@pytest.mark.parametrize("parts", [[clone("K", dummy("b-0"))], [bundle("c", dummy("b-0"))]], ids=["clone", "bundle"])
def test_replica_named_like_what_an_earlier_clone_or_bundle_holds_never_settles(cluster: Setup, parts: Sequence[Element]) -> None:
    for run in without_end(cluster(*parts, BUNDLE)):
        assert {"restart b-0", "move b-0"} & set(run.plan)


def test_replica_named_like_a_cloned_group_works(cluster: Setup) -> None:
    first, second = cluster(clone("K", group("b-0", dummy("A"))), BUNDLE).runs(2)
    assert first.where["x"] == ["b-0"]
    assert second.quiet


@pytest.mark.parametrize("named", [guest("vm", "B-0"), remote("B-0")], ids=["guest", "remote"])
def test_replica_and_node_whose_names_differ_in_case_are_one_node(cluster: Setup, named: Element) -> None:
    first, second = cluster(BUNDLE, named).runs(2)
    assert len(first.nodes) == len(MEMBERS) + 1
    assert second.quiet


@pytest.mark.parametrize("name", ["b-podman-0", "b-ip-192.0.2.10"])
def test_guest_named_like_an_implicit_resource_restarts_it_without_end(cluster: Setup, name: str) -> None:
    for run in without_end(cluster(BUNDLE, guest("vm", name), *inside(name))):
        assert {"recover vm", f"start {name}"} <= set(run.plan)


def test_cluster_node_named_like_a_replica_gets_what_belongs_into_the_container(cluster: Setup) -> None:
    made = cluster(BUNDLE, members={"1": "node1", "2": "b-0", "3": "node3"})
    assert made.run().where["x"] == ["b-0"]
    assert made.sent()["x:0_start_0"]["CRM_meta_on_node_uuid"] == "2"
    assert made.run().quiet


# --- no name ---


def test_empty_guest_name_makes_no_guest_and_does_not_verify(cluster: Setup) -> None:
    made = cluster(guest("vm", ""))
    said = made.verify()
    assert (said.returncode, "resource without ID" in said.stderr) == (78, True)
    assert sorted(made.run().online) == sorted(MEMBERS.values())


def test_blank_guest_name_makes_a_guest_of_that_name(cluster: Setup) -> None:
    made = cluster(guest("vm", " "))
    assert made.verify().returncode == 0
    assert " " in made.run().online
