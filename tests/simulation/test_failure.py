"""What happens to remote and guest nodes that fail, are disabled or are not watched."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from .pacemaker import MEMBERS, attributes, dummy, guest, location, op, primitive, remote, xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Cluster, Setup

REMOTE = "ocf:pacemaker:remote"
NO_FENCING = {"device": False, "stonith_enabled": "false"}
IN_REMOTE = [dummy("in"), location("in", "r1")]
IN_GUEST = [dummy("in"), location("in", "g1")]
CONNECTION_FAILS = ("-i", "r1_monitor_30000@node1=1")
NO_START = [option for name in MEMBERS.values() for option in ("-F", f"r1_start_0@{name}=1")]


def at_rest(cluster: Setup, *parts: Element, **options: object) -> Cluster:
    made: Cluster = cluster(*parts, **options)
    assert made.runs(2)[-1].quiet
    return made


# --- disabled and unmanaged ---


def test_disabled_connection_of_a_running_cluster_is_stopped_without_fencing(cluster: Setup) -> None:
    made = at_rest(cluster, remote("r1"), *IN_REMOTE)
    made.configure(remote("r1", target_role="Stopped"), *IN_REMOTE)
    first, second = made.runs(2)
    assert set(first.plan) == {"stop r1", "move in"}
    assert not first.fenced
    assert second.quiet


def test_unmanaged_connection_of_a_running_cluster_goes_on(cluster: Setup) -> None:
    made = at_rest(cluster, remote("r1"), *IN_REMOTE)
    made.configure(remote("r1", is_managed="false"), *IN_REMOTE)
    assert made.run().quiet


@pytest.mark.parametrize("meta", [{"target_role": "Stopped"}, {"is_managed": "false"}], ids=["disabled", "unmanaged"])
@pytest.mark.parametrize(
    ("options", "fenced"),
    [({}, ["r1"]), ({"startup_fencing": "false"}, []), (NO_FENCING, [])],
    ids=["by default", "no startup fencing", "no fencing"],
)
def test_connection_that_may_not_start_has_its_node_fenced_when_the_cluster_starts(
    cluster: Setup, meta: Mapping[str, str], options: Mapping[str, object], fenced: list[str]
) -> None:
    first, second = cluster(remote("r1", **meta), *IN_REMOTE, **options).runs(2)
    assert (first.fenced, first.where["r1"]) == (fenced, [])
    assert second.quiet


# --- fencing ---


def test_failed_connection_has_its_node_fenced_and_its_services_moved(cluster: Setup) -> None:
    made = at_rest(cluster, remote("r1"), *IN_REMOTE)
    failed = made.run(*CONNECTION_FAILS)
    assert failed.fenced == ["r1"]
    assert set(failed.plan) == {"recover r1", "move in"}
    assert made.run().where == {"F": ["node2"], "r1": ["node1"], "in": ["r1"]}


@pytest.mark.parametrize(("options", "recovered"), [({}, True), (NO_FENCING, False)], ids=["fencing", "no fencing"])
def test_services_of_a_dead_remote_node_are_recovered_only_with_fencing(
    cluster: Setup, options: Mapping[str, object], recovered: bool
) -> None:
    made = at_rest(cluster, remote("r1"), *IN_REMOTE, **options)
    runs = [made.run(*CONNECTION_FAILS, *NO_START), *(made.run(*NO_START) for _ in range(3))]
    assert all("recover r1" in run.plan for run in runs)
    assert {bool(set(run.where["in"]) & set(MEMBERS.values())) for run in runs} == {recovered}


def test_without_any_fence_device_nothing_starts(cluster: Setup) -> None:
    for run in cluster(remote("r1"), dummy("A"), device=False).runs(2):
        assert (run.where, run.fenced) == ({"r1": [], "A": []}, [])
    assert cluster(remote("r1"), dummy("A")).run().where == {"F": ["node2"], "r1": ["node1"], "A": ["node3"]}


@pytest.mark.parametrize("options", [{}, NO_FENCING], ids=["fencing", "no fencing"])
def test_failed_guest_is_recovered_by_its_vm_and_needs_no_fence_device(cluster: Setup, options: Mapping[str, object]) -> None:
    made = at_rest(cluster, guest("vm", "g1"), location("vm", "node1"), *IN_GUEST, **options)
    failed = made.run("-i", "g1_monitor_30000@node1=1")
    assert set(failed.plan) == {"recover vm", "recover g1", "recover in"}
    assert not failed.fenced
    assert failed.where["in"] == ["g1"]
    assert made.run().quiet


def test_guest_of_a_lost_host_is_started_elsewhere_when_the_host_is_fenced(cluster: Setup) -> None:
    made = at_rest(cluster, guest("vm", "g1"), location("vm", "node1"), *IN_GUEST)
    lost = made.run("-f", "node1")
    assert lost.fenced == ["node1"]
    assert {"recover vm", "recover in"} <= set(lost.plan)
    assert made.run().quiet


def test_container_that_is_no_resource_is_an_error(cluster: Setup) -> None:
    said = cluster(dummy("A", container="nothing")).verify()
    assert said.returncode == 78
    assert "Unknown resource container (nothing)" in said.stderr


# --- monitors, timeouts, reconnect_interval ---


def connection(*operations: Element, **params: str) -> Element:
    return primitive("r1", REMOTE, xml("operations", *operations), params=params)


MONITOR = op("r1", "monitor", "30s")


@pytest.mark.parametrize(
    ("operations", "watched"),
    [
        ([MONITOR], True),
        ([], False),
        ([op("r1", "monitor", "0")], False),
        ([op("r1", "monitor", "30s", enabled="false")], False),
        ([op("r1", "start", "0", timeout="60s")], False),
    ],
)
def test_connection_is_watched_only_by_a_monitor_of_its_own(cluster: Setup, operations: Sequence[Element], watched: bool) -> None:
    assert ("monitor r1 node1" in cluster(connection(*operations)).run().did) == watched


def test_connection_of_a_guest_is_always_watched(cluster: Setup) -> None:
    assert "monitor g1 node1" in cluster(guest("vm", "g1"), location("vm", "node1")).run().did


@pytest.mark.parametrize(
    ("parts", "timeout"),
    [
        ([connection(MONITOR)], "20000"),
        ([connection(MONITOR), xml("op_defaults", attributes("meta_attributes", "d", {"timeout": "40s"}))], "40000"),
        ([connection(op("r1", "monitor", "30s", timeout="50s"))], "50000"),
    ],
)
def test_timeout_of_the_connections_monitor(cluster: Setup, parts: Sequence[Element], timeout: str) -> None:
    made = cluster(*parts)
    made.run()
    assert made.sent()["r1_monitor_30000"]["CRM_meta_timeout"] == timeout


def test_reconnect_interval_keeps_the_connection_down_and_wakes_the_cluster_by_itself(cluster: Setup) -> None:
    made = at_rest(cluster, connection(MONITOR, reconnect_interval="60s"), *IN_REMOTE)
    failed = made.run(*CONNECTION_FAILS)
    assert failed.fenced == ["r1"]
    assert {"stop r1", "move in"} == set(failed.plan)
    assert ElementTree.parse(made.folder / "graph.xml").getroot().get("recheck-by")
    without = at_rest(cluster, remote("r1"), *IN_REMOTE)
    assert "recover r1" in without.run(*CONNECTION_FAILS).plan
    assert not ElementTree.parse(without.folder / "graph.xml").getroot().get("recheck-by")


@pytest.mark.parametrize("interval", ["often", "-5", "0", ""])
def test_reconnect_interval_without_meaning_turns_a_failure_timeout_off(cluster: Setup, interval: str) -> None:
    kept = primitive(
        "r1", REMOTE, xml("operations", MONITOR), meta={"failure-timeout": "600"}, params={"reconnect_interval": interval}
    )
    made = at_rest(cluster, kept)
    assert made.run(*CONNECTION_FAILS).plan == ["recover r1"]
    assert not ElementTree.parse(made.folder / "graph.xml").getroot().get("recheck-by")
