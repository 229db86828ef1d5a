"""What comes of constraints that name the connection to a remote node, or a guest's virtual machine."""

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
    only,
    op,
    order,
    primitive,
    remote,
    resource_set,
    rule,
    tag,
    template,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Cluster, Setup

DUMMY = "ocf:pacemaker:Dummy"
ONE_NODE = {"1": "node1"}
TWO_NODES = {"1": "node1", "2": "node2"}
IN_REMOTE = [dummy("in"), location("in", "r1")]
IN_GUEST = [dummy("in"), location("in", "g1")]


def running(cluster: Setup, parts: Sequence[Element], constraint: Element) -> Cluster:
    """Return a cluster at rest that has got a constraint only when everything ran."""
    made: Cluster = cluster(*parts)
    assert made.runs(2)[-1].quiet
    made.configure(*parts, constraint)
    assert made.run().quiet
    return made


# --- order: X then the connection ---

STATEFUL = clone("K", primitive("A", "ocf:pacemaker:Stateful"), promotable="true")
PROMOTE_ON_NODE2 = xml("rsc_location", rule("rule", "#uname", "node2", role="Promoted", score="INFINITY"), id="l", rsc="K")


@pytest.mark.parametrize(
    "parts",
    [
        *(pytest.param([dummy("A"), order("A", "r1", kind=kind)], id=kind) for kind in ("Mandatory", "Optional", "Serialize")),
        pytest.param([dummy("A"), order("A", "r1", symmetrical="false")], id="asymmetrical"),
        pytest.param([clone("K", dummy("A")), order("K", "r1")], id="clone"),
        pytest.param([group("G", dummy("A")), order("G", "r1")], id="group"),
        pytest.param([bundle("b", dummy("A")), order("b", "r1")], id="bundle"),
        pytest.param([guest("A", "g1"), order("A", "r1")], id="VM"),
        pytest.param([template("T", DUMMY), primitive("A", "@T"), order("T", "r1")], id="template"),
        pytest.param([dummy("A"), tag("t", "A"), order("t", "r1")], id="tag"),
        pytest.param([dummy("A"), tag("t", "r1"), order("A", "t")], id="tag of the connection"),
        pytest.param([dummy("A"), xml("rsc_order", resource_set("s", "A", "r1"), id="o")], id="set"),
        pytest.param([STATEFUL, PROMOTE_ON_NODE2, order("K", "r1", first_action="promote", then_action="start")], id="promote"),
        # It is about where A is looked for, not where it runs.
        pytest.param([dummy("A"), *only("A", "node1"), order("A", "r1")], id="banned from the remote node"),
        pytest.param([dummy("A"), location("A", "r1"), order("A", "r1")], id="on the remote node itself"),
    ],
)
def test_order_before_the_connection_deadlocks_the_start(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(remote("r1"), *parts)
    assert (made.verify().returncode, made.verify().stderr) == (0, "")
    for run in made.runs(2):
        assert run.deadlock
        assert (run.where["r1"], run.where["A"]) == ([], [])


def test_order_before_the_connection_deadlocks_an_opt_in_cluster_too(cluster: Setup) -> None:
    allowed = [location("A", "node1", "0"), location("r1", "node1", "0")]
    assert all(
        run.deadlock for run in cluster(remote("r1"), dummy("A"), *allowed, order("A", "r1"), symmetric_cluster="false").runs(2)
    )


ON_NODE2 = [dummy("B"), location("B", "node2")]


@pytest.mark.parametrize(
    ("parts", "options"),
    [
        pytest.param([order("F", "r1")], {}, id="fence device"),
        pytest.param([remote("r2"), order("r2", "r1")], {}, id="another connection"),
        pytest.param(
            [dummy("B"), location("B", "r1", "-INFINITY", resource_discovery="never"), order("B", "r1")], {}, id="discovery"
        ),
        pytest.param([*ON_NODE2, order("B", "r1")], {"enable_startup_probes": "false"}, id="no probes"),
        pytest.param(
            [dummy("B"), order("B", "r1", first_action="stop", then_action="stop", symmetrical="false")], {}, id="stop only"
        ),
        pytest.param([dummy("B"), order("r1", "B")], {}, id="the reverse"),
    ],
)
def test_order_with_the_connection_that_starts(cluster: Setup, parts: Sequence[Element], options: Mapping[str, str]) -> None:
    first, second = cluster(remote("r1"), dummy("A"), *parts, **options).runs(2)
    assert not first.deadlock
    assert first.where["r1"] == ["node1"]
    assert second.quiet


def test_order_before_the_connection_deadlocks_without_probes_too_when_the_resource_would_run_on_the_remote_node(
    cluster: Setup,
) -> None:
    parts = [remote("r1"), dummy("B"), location("B", "r1"), order("B", "r1")]
    assert cluster(*parts, enable_startup_probes="false").run().deadlock


APART = [location("A", "node2"), location("r1", "node1")]
MONITORED = dummy("A", xml("operations", op("A", "monitor", "10s")))


def test_stopping_what_comes_before_the_connection_stops_all_on_the_remote_node(cluster: Setup) -> None:
    made = running(cluster, [remote("r1"), dummy("A"), *APART, *IN_REMOTE], order("A", "r1"))
    made.configure(remote("r1"), dummy("A", target_role="Stopped"), *APART, *IN_REMOTE, order("A", "r1"))
    first, second = made.runs(2)
    assert {"stop r1", "stop A", "stop in"} <= set(first.plan)
    # And it is not started elsewhere.
    assert (first.where["in"], second.where["in"]) == ([], [])


def test_failure_of_what_comes_before_the_connection_restarts_it(cluster: Setup) -> None:
    made = running(cluster, [remote("r1"), MONITORED, *APART, *IN_REMOTE], order("A", "r1"))
    assert set(made.run("-i", "A_monitor_10000@node2=7").plan) == {"recover A", "restart r1"}
    made = running(cluster, [remote("r1"), MONITORED, *APART, *IN_REMOTE], location("A", "node3", "1"))
    assert made.run("-i", "A_monitor_10000@node2=7").plan == ["recover A"]


def test_recovery_of_what_comes_before_the_connection_deadlocks_when_its_node_is_lost(cluster: Setup) -> None:
    made = running(cluster, [remote("r1"), dummy("A"), *APART, *IN_REMOTE], order("A", "r1"))
    for run in (made.run("-f", "node2"), made.run()):
        assert run.deadlock
        assert (run.where["A"], run.where["r1"]) == ([], [])
        assert "r1" in run.unclean


def test_order_of_what_runs_on_the_remote_node_before_its_connection_deadlocks_its_stop_and_its_failure(cluster: Setup) -> None:
    made = running(cluster, [remote("r1"), *IN_REMOTE], order("in", "r1"))
    assert made.run("-i", "r1_monitor_30000@node1=1").deadlock
    made = running(cluster, [remote("r1"), *IN_REMOTE], order("in", "r1"))
    made.configure(remote("r1"), dummy("in", target_role="Stopped"), location("in", "r1"), order("in", "r1"))
    for run in made.runs(2):
        assert run.deadlock
        assert run.where["in"] == ["r1"]


def never(rsc: str, kind: str) -> Element:
    return xml("rsc_location", rule("never", "#kind", kind, score="0"), id="l-never", rsc=rsc, resource_discovery="never")


@pytest.mark.parametrize(
    ("parts", "deadlock"),
    [
        pytest.param([dummy("A"), order("A", "r1"), never("A", "remote")], False, id="never by kind"),
        pytest.param([dummy("A"), order("A", "r1"), never("A", "container")], True, id="never elsewhere"),
        pytest.param(
            [
                dummy("A"),
                order("A", "r1"),
                xml("rsc_location", rule("x", "#kind", "remote", score="0"), id="l", rsc="A", resource_discovery="exclusive"),
            ],
            True,
            id="exclusive by kind",
        ),
        pytest.param(
            [dummy("A"), order("A", "r1"), never("A", "remote"), location("A", "r1", "0", resource_discovery="exclusive")],
            True,
            id="exclusive counts more than never",
        ),
        pytest.param(
            [group("G", dummy("A"), dummy("B")), order("G", "r1"), location("B", "r1", "-INFINITY", resource_discovery="never")],
            True,
            id="never for a member only",
        ),
        pytest.param([dummy("A"), order("A", "F"), order("F", "r1")], True, id="by way of a fence device"),
        pytest.param(
            [dummy("A"), order("A", "F", kind="Optional"), order("F", "r1", kind="Optional")], True, id="by the way, optionally"
        ),
        pytest.param(
            [dummy("A"), group("G", dummy("B")), never("G", "remote"), order("A", "B"), order("G", "r1")],
            True,
            id="by way of a group that is not probed",
        ),
        pytest.param([dummy("A"), order("A", "F", first_action="stop"), order("F", "r1")], False, id="by way of no start"),
        pytest.param([clone("K", dummy("A")), order("A", "r1")], False, id="a clone's child"),
        pytest.param(
            [dummy("A"), template("T", DUMMY), xml("rsc_order", resource_set("s", "A", "r1", "T"), id="o")],
            False,
            id="in a set with a template of which nothing is made",
        ),
    ],
)
def test_order_before_the_connection_deadlocks_where_something_before_it_is_probed(
    cluster: Setup, parts: Sequence[Element], deadlock: bool
) -> None:
    first = cluster(remote("r1"), *parts).run()
    assert first.deadlock == deadlock
    assert first.where["r1"] == ([] if deadlock else ["node1"])


@pytest.mark.parametrize("off", [{"target_role": "Stopped"}, {"is_managed": "false"}], ids=["disabled", "unmanaged"])
@pytest.mark.parametrize(("kind", "connected"), [("Mandatory", []), ("Optional", ["node1"])])
def test_connection_waits_for_what_may_not_start_unless_the_order_is_optional(
    cluster: Setup, off: Mapping[str, str], kind: str, connected: list[str]
) -> None:
    first, second = cluster(remote("r1"), dummy("A", **off), order("A", "r1", kind=kind)).runs(2)
    assert (first.where["r1"], second.where["r1"], second.deadlock) == (connected, connected, False)


def test_what_comes_before_a_connection_that_is_off_starts(cluster: Setup) -> None:
    first = cluster(remote("r1", target_role="Stopped"), dummy("A"), order("A", "r1")).run()
    assert (first.deadlock, first.where["A"]) == (False, ["node2"])


def test_order_before_the_connection_deadlocks_what_is_to_run_there_though_it_is_never_probed(cluster: Setup) -> None:
    there = location("A", "r1", resource_discovery="never")
    assert cluster(remote("r1"), dummy("A"), there, order("A", "r1")).run().deadlock


# --- order: the connection then X ---


@pytest.mark.parametrize("then", ["in", "A"])
@pytest.mark.parametrize("ordered", [True, False])
def test_order_after_the_connection_restarts_a_resource_when_the_host_is_lost(cluster: Setup, then: str, ordered: bool) -> None:
    parts = [remote("r1"), dummy("A"), *APART, *IN_REMOTE]
    made = running(cluster, parts, order("r1", then) if ordered else location("A", "node3", "1"))
    plans = [*made.run("-f", "node1").plan, *made.run().plan]
    assert (f"restart {then}" in plans) == ordered
    assert made.run().where["in"] == ["r1"]


def test_order_after_the_connection_restarts_a_resource_when_the_connection_fails_but_not_when_it_moves(cluster: Setup) -> None:
    parts = [remote("r1"), dummy("A"), location("A", "node2"), location("r1", "node1", "1"), *IN_REMOTE]
    assert "restart A" in running(cluster, parts, order("r1", "A")).run("-i", "r1_monitor_30000@node1=1").plan
    made = running(cluster, parts, order("r1", "A"))
    made.configure(*parts, order("r1", "A"), node("node1", standby="on"))
    assert {"migrate r1", "restart A"} & set(made.run().plan) == {"migrate r1"}


@pytest.mark.parametrize("more", [{"kind": "Optional"}, {"kind": "Serialize"}, {"symmetrical": "false"}])
def test_order_after_the_connection_restarts_nothing_unless_mandatory_and_symmetrical(
    cluster: Setup, more: Mapping[str, str]
) -> None:
    parts = [remote("r1"), dummy("A"), location("A", "node2"), location("r1", "node1", "1")]
    plan = running(cluster, parts, order("r1", "A", **more)).run("-i", "r1_monitor_30000@node1=1").plan
    assert plan == ["recover r1"]


# --- colocation of the connection with X ---

COLOCATED = {"id": "c", "score": "INFINITY"}
STOPPED = dummy("A", target_role="Stopped")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([STOPPED, colocation("r1", "A")], id="plain"),
        pytest.param([STOPPED, tag("t", "A"), colocation("r1", "t")], id="tag"),
        pytest.param([STOPPED, tag("t", "r1"), colocation("t", "A")], id="tag of the connection"),
        pytest.param([STOPPED, xml("rsc_colocation", resource_set("s", "A", "r1"), **COLOCATED)], id="set"),
        pytest.param([dummy("A"), location("A", "node1"), colocation("r1", "A", "-INFINITY")], id="in the way"),
        pytest.param([xml("rsc_ticket", id="t", rsc="r1", ticket="T")], id="ticket that is not granted"),
    ],
)
def test_connection_without_a_place_is_fenced_at_start(cluster: Setup, parts: Sequence[Element]) -> None:
    first, second = cluster(remote("r1"), *parts, members=ONE_NODE).runs(2)
    assert (first.fenced, first.where["r1"]) == (["r1"], [])
    assert second.quiet


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([STOPPED, colocation("r1", "A", "500")], id="finite"),
        pytest.param([dummy("A"), location("A", "node1"), colocation("r1", "A", "-500")], id="finite and negative"),
        pytest.param([STOPPED, xml("rsc_colocation", resource_set("s", "r1", "A"), **COLOCATED)], id="first in a set"),
        pytest.param([dummy("A"), xml("rsc_ticket", id="t", rsc="A", ticket="T")], id="ticket of another"),
    ],
)
def test_connection_with_a_place_starts(cluster: Setup, parts: Sequence[Element]) -> None:
    first, second = cluster(remote("r1"), dummy("B"), *parts, members=ONE_NODE).runs(2)
    assert (first.fenced, first.where["r1"]) == ([], ["node1"])
    assert second.quiet


def test_connection_stops_with_what_it_is_colocated_with(cluster: Setup) -> None:
    parts = [remote("r1"), *IN_REMOTE, colocation("r1", "A")]
    made = cluster(*parts, dummy("A"))
    made.runs(2)
    made.configure(*parts, STOPPED)
    assert {"stop r1", "move in"} <= set(made.run().plan)


@pytest.mark.parametrize(("score", "fenced"), [("-INFINITY", ["node2", "r1"]), ("-1000", ["node2"])])
def test_healthy_remote_node_is_fenced_when_connections_are_kept_apart_and_a_host_is_lost(
    cluster: Setup, score: str, fenced: list[str]
) -> None:
    hosts = [location("r1", "node2"), location("r2", "node1")]
    services = [dummy("a"), location("a", "r1"), dummy("b"), location("b", "r2")]
    made = cluster(
        remote("r1"), remote("r2"), *hosts, *services, colocation("r1", "r2", score), members=TWO_NODES, no_quorum_policy="ignore"
    )
    assert made.runs(2)[-1].where["a"] == ["r1"]
    assert made.run("-f", "node2").fenced == fenced


def test_connections_kept_apart_may_deadlock_as_well(cluster: Setup) -> None:
    hosts = [location("r1", "node2"), location("r2", "node1")]
    services = [dummy("a"), location("a", "r1"), dummy("b"), location("b", "r2")]
    apart = colocation("r1", "r2", "-INFINITY")
    made = cluster(remote("r1"), remote("r2"), *hosts, *services, apart, members=TWO_NODES, no_quorum_policy="ignore")
    made.runs(2)
    assert made.run("-f", "node1").deadlock


@pytest.mark.parametrize(
    ("more", "fenced"),
    [
        ({"with_rsc_role": "Started"}, True),
        ({"rsc_role": "Started"}, True),
        ({"node_attribute": "site"}, True),
        *(({name: role}, False) for name in ("rsc_role", "with_rsc_role") for role in ("Promoted", "Unpromoted")),
    ],
)
def test_colocation_by_a_role_that_a_resource_never_has_is_none(cluster: Setup, more: Mapping[str, str], fenced: bool) -> None:
    first = cluster(remote("r1"), STOPPED, colocation("r1", "A", **more), members=ONE_NODE).run()
    assert (first.fenced, first.where["r1"]) == ((["r1"], []) if fenced else ([], ["node1"]))


# --- colocation of X with the connection ---


@pytest.mark.parametrize(
    "constraint",
    [
        colocation("in", "r1"),
        colocation("r1", "in"),
        xml("rsc_colocation", resource_set("s", "r1", "in"), **COLOCATED),
    ],
)
def test_resource_of_the_remote_node_runs_on_the_host_of_the_connection(cluster: Setup, constraint: Element) -> None:
    first, second = cluster(remote("r1"), *IN_REMOTE, constraint).runs(2)
    assert first.where["in"] == first.where["r1"] == ["node1"]
    assert second.quiet


def test_resource_that_may_run_only_on_the_remote_node_never_runs(cluster: Setup) -> None:
    assert cluster(remote("r1"), dummy("in"), *only("in", "r1")).run().where["in"] == ["r1"]
    assert cluster(remote("r1"), dummy("in"), *only("in", "r1"), colocation("in", "r1")).runs(2)[-1].where["in"] == []


@pytest.mark.parametrize("score", ["-INFINITY", "500"])
def test_resource_with_another_score_runs_on_the_remote_node(cluster: Setup, score: str) -> None:
    assert cluster(remote("r1"), *IN_REMOTE, colocation("in", "r1", score)).runs(2)[-1].where["in"] == ["r1"]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([dummy("A"), colocation("A", "r1")], id="plain"),
        pytest.param([clone("K", dummy("A")), colocation("K", "r1")], id="clone"),
        pytest.param([dummy("A"), tag("t", "A"), colocation("t", "r1")], id="tag"),
        pytest.param([template("T", DUMMY), primitive("A", "@T"), colocation("T", "r1")], id="template"),
        pytest.param([dummy("A"), xml("rsc_colocation", resource_set("s", "r1", "A"), **COLOCATED)], id="set"),
    ],
)
def test_free_resource_follows_the_connection_from_host_to_host(cluster: Setup, parts: Sequence[Element]) -> None:
    parts = [remote("r1"), location("r1", "node1", "1"), *parts]
    made = cluster(*parts)
    first, second = made.runs(2)
    assert first.where["A"] == ["node1"]
    assert second.quiet
    made.configure(*parts, node("node1", standby="on"))
    moved = made.run()
    assert moved.where["A"] == moved.where["r1"] != ["node1"]


def test_location_of_the_connection_among_cluster_nodes_works(cluster: Setup) -> None:
    in_set = xml("rsc_location", resource_set("s", "r1", "A"), id="l", node="node3", score="INFINITY")
    for constraint in (location("r1", "node3"), in_set):
        first, second = cluster(remote("r1"), dummy("A"), constraint).runs(2)
        assert first.where["r1"] == ["node3"]
        assert second.quiet


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({}, "node1"),
        ({"node_attribute": "#uname"}, "node1"),
        ({"node_attribute": "site"}, "r1"),
        ({"rsc_role": "Started"}, "node1"),
        ({"rsc_role": "Promoted"}, "r1"),
        ({"with_rsc_role": "Unpromoted"}, "r1"),
    ],
)
def test_colocation_by_an_attribute_or_role_leaves_a_resource_on_the_remote_node(
    cluster: Setup, more: Mapping[str, str], where: str
) -> None:
    assert cluster(remote("r1"), *IN_REMOTE, colocation("in", "r1", **more)).run().where["in"] == [where]


# --- a guest's virtual machine and what runs inside ---

GUEST = [guest("vm", "g1"), location("vm", "node2", "1")]


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        pytest.param([*GUEST, *IN_GUEST], "g1", id="control"),
        pytest.param([*GUEST, *IN_GUEST, colocation("in", "vm")], "node2", id="with the VM"),
        pytest.param([*GUEST, *IN_GUEST, colocation("vm", "in")], "node2", id="VM with it"),
        pytest.param([group("G", guest("vm", "g1"), dummy("in")), location("in", "g1")], "node1", id="in one group"),
        pytest.param([group("G", dummy("in"), guest("vm", "g1")), location("in", "g1")], "node1", id="in one group, first"),
        pytest.param([*GUEST, *IN_GUEST, colocation("in", "vm", "500")], "g1", id="finite"),
        pytest.param([*GUEST, *IN_GUEST, colocation("in", "vm", "-INFINITY")], "g1", id="apart"),
        pytest.param([*GUEST, *IN_GUEST, order("vm", "in")], "g1", id="after the VM"),
        pytest.param([*GUEST, *IN_GUEST, order("in", "vm")], "g1", id="before the VM"),
        pytest.param([*GUEST, *IN_GUEST, order("in", "vm", kind="Optional")], "g1", id="optionally before the VM"),
        pytest.param([*GUEST, *IN_GUEST, dummy("A"), order("A", "vm"), colocation("vm", "A")], "g1", id="storage"),
        pytest.param([*GUEST, dummy("in"), colocation("in", "vm")], "node2", id="helper without location"),
    ],
)
def test_where_a_resource_of_the_guest_runs(cluster: Setup, parts: Sequence[Element], where: str) -> None:
    made = cluster(*parts)
    said = made.verify()
    # Pacemaker 3 speaks of the order that it ignores.
    assert (said.returncode, said.stderr) == (0, "")
    first, second = made.runs(2)
    assert first.where["in"] == [where]
    assert first.where["vm"] == first.where["g1"] != []
    assert second.quiet


@pytest.mark.parametrize(
    ("parts", "vm"),
    [
        ([*GUEST, dummy("in"), colocation("in", "vm")], ["node2"]),
        ([*GUEST, dummy("in"), colocation("vm", "in")], []),
        ([group("G", guest("vm", "g1"), dummy("in"))], ["node1"]),
    ],
    ids=["with the VM", "VM with it", "in one group"],
)
def test_resource_that_may_run_only_in_the_guest_never_runs(cluster: Setup, parts: Sequence[Element], vm: list[str]) -> None:
    last = cluster(*parts, *only("in", "g1")).runs(2)[-1]
    assert (last.where["in"], last.where["vm"]) == ([], vm)


@pytest.mark.parametrize(
    ("orders", "where"),
    [([], ["node1"]), ([order("vm", "in")], []), ([order("vm", "in", kind="Optional")], ["node1"])],
    ids=["free", "Mandatory", "Optional"],
)
def test_order_after_a_vm_that_is_off_keeps_a_resource_off_other_nodes(
    cluster: Setup, orders: Sequence[Element], where: list[str]
) -> None:
    off = guest("vm", "g1", target_role="Stopped")
    last = cluster(off, *IN_GUEST, location("in", "node1", "1"), *orders).runs(2)[-1]
    assert last.where["in"] == where


IN_OFF = [dummy("in", target_role="Stopped"), location("in", "g1")]


@pytest.mark.parametrize(("kind", "stuck"), [("Mandatory", True), ("Optional", False)])
def test_resource_ordered_before_its_guest_never_stops_and_keeps_the_vm_from_starting(
    cluster: Setup, kind: str, stuck: bool
) -> None:
    reversed_ = order("in", "vm", kind=kind)
    first = cluster(*GUEST, *IN_OFF, reversed_).run()
    assert (first.deadlock, first.where["vm"] == []) == (stuck, stuck)
    made = running(cluster, [*GUEST, *IN_GUEST], reversed_)
    made.configure(*GUEST, *IN_OFF, reversed_)
    last = made.runs(2)[-1]
    assert (last.deadlock, last.where["in"]) == (stuck, ["g1"] if stuck else [])


@pytest.mark.parametrize(("instances", "inside"), [("1", False), ("9", True)])
def test_vm_that_runs_with_a_clone_leaves_other_instances_to_the_guest(cluster: Setup, instances: str, inside: bool) -> None:
    made = cluster(*GUEST, clone("K", dummy("in"), clone_max=instances), location("K", "g1"), colocation("vm", "K"))
    last = made.runs(2)[-1]
    assert ("g1" in last.where["in"]) == inside
    assert last.where["vm"][0] in last.where["in"]


@pytest.mark.parametrize(("option", "together"), [("ordered", True), ("collocated", False)])
def test_members_of_a_loose_group_may_run_inside_and_outside(cluster: Setup, option: str, together: bool) -> None:
    members = group("G", guest("vm", "g1"), dummy("in"), **{option: "false"})
    last = cluster(members, location("in", "g1")).runs(2)[-1]
    assert (last.where["in"] == last.where["vm"], last.where["in"] == ["g1"]) == (together, not together)


@pytest.mark.parametrize(
    "constraint", [colocation("in", "g1"), colocation("g1", "in"), order("g1", "in"), location("g1", "node1")]
)
def test_constraint_that_names_the_guest_is_refused(cluster: Setup, constraint: Element) -> None:
    made = cluster(*GUEST, *IN_GUEST, constraint)
    assert made.verify().returncode == made.run().code == 78


@pytest.mark.parametrize(
    ("vm", "options"),
    [
        pytest.param([guest("vm", "g1", target_role="Stopped")], {}, id="disabled"),
        pytest.param([guest("vm", "g1"), *ban("vm", *MEMBERS.values())], {}, id="banned"),
        pytest.param([guest("vm", "g1"), location("in", "node1", "0")], {"symmetric_cluster": "false"}, id="opt-in"),
    ],
)
def test_resource_of_a_guest_that_is_off_runs_elsewhere_if_it_may(
    cluster: Setup, vm: Sequence[Element], options: Mapping[str, str]
) -> None:
    free = cluster(*vm, *IN_GUEST, **options).runs(2)[-1]
    assert (free.where["vm"], set(free.where["in"]) < set(MEMBERS.values())) == ([], True)
    bound = cluster(*vm[:1], *ban("vm", *MEMBERS.values()), dummy("in"), *only("in", "g1"), **options).runs(2)[-1]
    assert (bound.where["vm"], bound.where["in"]) == ([], [])


# --- live migration of a guest ---


@pytest.mark.parametrize(("value", "cut"), [(None, True), ("false", True), ("true", False)])
def test_live_migration_cuts_the_connection_unless_it_may_migrate(cluster: Setup, value: str | None, cut: bool) -> None:
    meta = {"remote_allow_migrate": value} if value else {}
    parts = [guest("vm", "g1", allow_migrate="true", **meta), location("vm", "node2", "1"), *IN_GUEST]
    made = cluster(*parts)
    made.runs(2)
    made.configure(*parts, node("node2", standby="on"))
    run = made.run()
    assert "migrate vm" in run.plan
    assert ("migrate g1" not in run.plan) == cut
    assert ("start g1 node1" in run.did or "start g1 node3" in run.did) == cut
    # What runs inside goes on.
    assert not [done for done in run.did if done in {"stop in g1", "start in g1"}]
    assert run.where["in"] == ["g1"]


# --- a guest's virtual machine after what may run inside ---

CLONED = clone("K", dummy("A"))
GROUPED = group("G", dummy("A"))
INSIDE_RULE = xml("rsc_location", rule("off", "#kind", "container", score="-INFINITY"), id="l-off", rsc="K")


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([CLONED, order("K", "vm")], id="clone"),
        *(pytest.param([CLONED, order("K", "vm", kind=kind)], id=kind) for kind in ("Optional", "Serialize")),
        pytest.param([CLONED, order("K", "vm", symmetrical="false")], id="asymmetrical"),
        pytest.param([clone("K", GROUPED), order("K", "vm")], id="cloned group"),
        pytest.param([clone("K", dummy("A"), clone_max="4"), order("K", "vm")], id="an instance for each node"),
        pytest.param([clone("K", dummy("A"), interleave="true"), order("K", "vm")], id="interleaved"),
        pytest.param([CLONED, tag("t", "K"), order("t", "vm")], id="tag"),
        pytest.param([CLONED, xml("rsc_order", resource_set("s", "K", "vm"), id="o")], id="set"),
        pytest.param([STATEFUL, order("K", "vm", first_action="promote", then_action="start")], id="promote"),
        pytest.param([GROUPED, location("G", "g1"), order("G", "vm")], id="group inside"),
        pytest.param([bundle("b", dummy("A")), location("b", "g1"), order("b", "vm")], id="bundle inside"),
    ],
)
def test_guest_after_a_clone_or_group_that_runs_inside_deadlocks(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(guest("vm", "g1"), *parts)
    assert made.verify().returncode == 0
    for run in made.runs(2):
        assert run.deadlock
        assert (run.where["vm"], run.where["g1"]) == ([], [])


def test_guests_group_after_a_clone_deadlocks(cluster: Setup) -> None:
    assert cluster(group("G", guest("vm", "g1")), CLONED, order("K", "G")).run().deadlock


def test_guest_after_a_group_deadlocks_where_the_group_goes_inside(cluster: Setup) -> None:
    assert cluster(guest("vm", "g1"), GROUPED, order("G", "vm")).run().deadlock
    first = cluster(guest("vm", "g1"), GROUPED, order("G", "vm"), location("G", "node2", "1")).run()
    assert (first.deadlock, first.where["A"], first.where["vm"]) == (False, ["node2"], ["node1"])


ONE_IS_ENOUGH = [resource_set("one", "K", sequential="false", require_all="false"), resource_set("then", "vm")]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([CLONED, order("K", "vm"), location("K", "g1", "-INFINITY")], id="banned"),
        pytest.param([CLONED, order("K", "vm"), INSIDE_RULE], id="banned by a rule"),
        pytest.param([CLONED, order("K", "vm"), colocation("vm", "K")], id="clone beside"),
        pytest.param(
            [CLONED, order("K", "vm"), clone("L", dummy("B")), colocation("K", "L"), location("L", "g1", "-INFINITY")],
            id="with another clone that is banned",
        ),
        pytest.param([GROUPED, order("G", "vm"), colocation("vm", "G")], id="group beside"),
        pytest.param([clone("K", dummy("A"), target_role="Stopped"), order("K", "vm", kind="Optional")], id="disabled"),
        pytest.param([CLONED, order("K", "vm", first_action="stop")], id="stop"),
        pytest.param([clone("K", dummy("A"), is_managed="false"), order("K", "vm", kind="Optional")], id="unmanaged"),
        pytest.param([CLONED, xml("rsc_order", *ONE_IS_ENOUGH, id="o")], id="one is enough"),
        pytest.param([CLONED, order("vm", "K")], id="the reverse"),
        pytest.param([GROUPED, location("G", "g1"), order("A", "vm")], id="member of a group"),
    ],
)
def test_guest_after_a_clone_or_group_that_stays_outside_starts(cluster: Setup, parts: Sequence[Element]) -> None:
    runs = cluster(guest("vm", "g1"), *parts).runs(3)
    assert not any(run.deadlock for run in runs)
    assert runs[0].where["g1"] == runs[0].where["vm"] != []
    assert runs[-1].quiet
