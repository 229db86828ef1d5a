"""What operations, clones, bundles, groups, fencing and node entries do, as the rules about them say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import (
    MEMBERS,
    attributes,
    clone,
    colocation,
    dummy,
    group,
    node,
    op,
    order,
    primitive,
    rule,
    template,
    until,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup


def monitor(name: str, interval: str = "10s", **more: str) -> Element:
    return xml("op", id=name, name="monitor", interval=interval, **more)


def operations(*ops: Element) -> Element:
    return xml("operations", *ops)


def stateful(*ops: Element) -> Element:
    return primitive("Pi", "ocf:pacemaker:Stateful", operations(*ops))


PROMOTED_ON_NODE1 = xml("rsc_location", rule("p", "#uname", "node1", score="100", role="Promoted"), id="promote", rsc="P")


# --- operations ---


@pytest.mark.parametrize(
    ("ops", "monitored"),
    [
        pytest.param([monitor("a")], True, id="one"),
        pytest.param([monitor("a"), monitor("b", "11s")], True, id="two intervals"),
        pytest.param([monitor("a"), monitor("b", "10000ms")], False, id="one interval, written in two ways"),
        pytest.param([monitor("a"), monitor("b", "PT10S")], False, id="one interval, as a duration of ISO 8601"),
        pytest.param([monitor("a"), monitor("b", enabled="false")], False, id="one of the two disabled"),
        pytest.param([monitor("a"), monitor("b", role="Stopped")], False, id="one for another role"),
    ],
)
def test_of_two_monitors_with_one_interval_neither_is_scheduled(cluster: Setup, ops: list[Element], monitored: bool) -> None:
    first = cluster(dummy("A", operations(*ops))).run()
    assert any(done.startswith("monitor A") for done in first.did) == monitored


def test_a_monitor_of_the_template_for_another_role_counts_too(cluster: Setup) -> None:
    made = template("T", "ocf:pacemaker:Dummy", operations(monitor("t")))
    first = cluster(made, primitive("A", "@T", operations(monitor("a", role="Stopped")))).run()
    assert not any(done.startswith("monitor A") for done in first.did)


@pytest.mark.parametrize(
    ("ops", "monitored"),
    [
        pytest.param(
            [monitor("a", role="Promoted"), monitor("b", "11s", role="Unpromoted")], {"Pi:0", "Pi:1", "Pi:2"}, id="both"
        ),
        pytest.param([monitor("a", role="Promoted"), monitor("b", role="Unpromoted")], set(), id="both, one interval"),
        pytest.param([monitor("a")], {"Pi:0", "Pi:1"}, id="without a role"),
        pytest.param([monitor("a", role="Promoted")], {"Pi:2"}, id="only promoted"),
        pytest.param([monitor("a", role="Started")], set(), id="only started"),
    ],
)
def test_each_role_needs_its_own_monitor(cluster: Setup, ops: list[Element], monitored: set[str]) -> None:
    first = cluster(clone("P", stateful(*ops), promotable="true"), PROMOTED_ON_NODE1).run()
    assert "promote Pi:2 node1" in first.did
    assert {done.split()[1] for done in first.did if done.startswith("monitor Pi")} == monitored


@pytest.mark.parametrize("role", ["Promoted", "Unpromoted"])
def test_a_monitor_for_a_role_that_the_resource_never_has_is_not_scheduled(cluster: Setup, role: str) -> None:
    first = cluster(dummy("A", operations(monitor("a", role=role)))).run()
    assert not any(done.startswith("monitor A") for done in first.did)


@pytest.mark.parametrize(
    ("ops", "timeout"),
    [
        pytest.param([op("A", "start", "0", timeout="99s")], "99000", id="single"),
        pytest.param([op("A", "start", "30s", timeout="99s")], "20000", id="recurring"),
        pytest.param([op("A", "start", "0", timeout="99s"), op("A", "start", "0s", timeout="88s")], "99000", id="twice"),
    ],
)
def test_the_first_single_operation_counts_and_a_recurring_start_does_not(
    cluster: Setup, ops: list[Element], timeout: str
) -> None:
    made = cluster(dummy("A", operations(*ops)))
    made.run()
    assert made.sent()["A_start_0"]["CRM_meta_timeout"] == timeout


@pytest.mark.parametrize("on_fail", ["standby", "stop", "demote"])
def test_on_fail_that_a_stop_cannot_have_is_reset(cluster: Setup, on_fail: str) -> None:
    stop = operations(op("A", "stop", on_fail=on_fail))
    made = cluster(dummy("A", stop))
    made.run()
    made.configure(dummy("A", stop, target_role="Stopped"))
    assert f"'{on_fail}' is not allowed for stop" in made.verify().stderr


@pytest.mark.parametrize(
    ("on_fail", "options", "words"),
    [
        ("demote", {}, "Resetting 'on-fail'"),
        ("fence", {"stonith_enabled": "false"}, "Resetting 'on-fail'"),
        ("fence", {}, ""),
    ],
)
def test_on_fail_of_a_monitor_is_reset_where_it_cannot_be(
    cluster: Setup, on_fail: str, options: Mapping[str, str], words: str
) -> None:
    said = cluster(dummy("A", operations(monitor("a", on_fail=on_fail))), **options).verify().stderr
    assert words in said
    assert ("Resetting" in said) == bool(words)


# --- clones ---


@until("3.0")
@pytest.mark.parametrize(
    ("meta", "instances"),
    [
        ({"globally_unique": "true"}, 6),
        ({"globally_unique": "false"}, 3),
        ({}, 3),
    ],
)
def test_several_instances_on_a_node_must_be_globally_unique(cluster: Setup, meta: dict[str, str], instances: int) -> None:
    first = cluster(clone("K", dummy("A"), clone_max="6", clone_node_max="2", **meta)).run()
    assert sum(done.startswith("start A") for done in first.did) == instances


def test_a_service_is_never_globally_unique(cluster: Setup) -> None:
    service = primitive("A", "systemd:web")
    first = cluster(clone("K", service, clone_max="6", clone_node_max="2", globally_unique="true")).run()
    assert sum(done.startswith("start A") for done in first.did) == len(MEMBERS)


def test_a_promotable_clone_of_a_service_is_ignored(cluster: Setup) -> None:
    assert cluster(clone("K", primitive("A", "systemd:web"), promotable="true")).run().where.get("A", []) == []


@pytest.mark.parametrize("number", ["0", "-1"])
def test_clone_max_0_means_no_instance(cluster: Setup, number: str) -> None:
    assert cluster(clone("K", dummy("A"), clone_max=number)).run().where.get("A", []) == []


def test_what_waits_for_more_instances_than_there_are_never_starts(cluster: Setup) -> None:
    parts = [clone("K", dummy("A"), clone_max="2", clone_min="3"), dummy("B"), order("K", "B")]
    last = cluster(*parts).runs(2)[-1]
    assert (len(last.where["A"]), last.where["B"]) == (2, [])


@pytest.mark.parametrize("role", ["Promoted", "Unpromoted"])
def test_a_target_role_that_the_resource_cannot_have_is_ignored(cluster: Setup, role: str) -> None:
    made = cluster(dummy("A", target_role=role))
    assert "only makes sense for promotable clones" in made.verify().stderr
    assert made.run().where["A"]


# --- groups ---


def test_members_behind_a_disabled_one_do_not_start(cluster: Setup) -> None:
    last = cluster(group("G", dummy("A"), dummy("B", target_role="Stopped"), dummy("C"))).runs(2)[-1]
    assert (bool(last.where["A"]), last.where["B"], last.where["C"]) == (True, [], [])


def test_a_member_that_is_enabled_starts_in_a_disabled_group(cluster: Setup) -> None:
    last = cluster(group("G", dummy("A", target_role="Started"), dummy("B"), target_role="Stopped")).runs(2)[-1]
    assert (bool(last.where["A"]), last.where["B"]) == (True, [])


@pytest.mark.parametrize(("rsc", "with_rsc"), [("G", "X"), ("X", "G")])
def test_a_colocation_with_a_loose_group_is_not_applied(cluster: Setup, rsc: str, with_rsc: str) -> None:
    loose = group("G", dummy("A"), dummy("B"), collocated="false")
    last = cluster(loose, dummy("X"), colocation(rsc, with_rsc)).run()
    assert len({*last.where["A"], *last.where["B"], *last.where["X"]}) > 1


# --- templates ---


@pytest.mark.parametrize("name", ["A", "B"])
def test_a_resource_made_from_what_is_no_template_does_not_exist(cluster: Setup, name: str) -> None:
    assert "A" not in cluster(dummy("B"), primitive("A", f"@{name}")).run().where


# --- bundles ---


def container(*inside: Element, network: Mapping[str, str] | None, ports: bool = False, **attrs: str) -> Element:
    mapped = [xml("port-mapping", id="port", port="80")] if ports else []
    wired = [] if network is None else [xml("network", *mapped, **network)]
    return xml("bundle", xml("podman", image="app:1", **attrs), *wired, *inside, id="b")


@pytest.mark.parametrize(
    ("network", "runs"),
    [(None, False), ({}, False), ({"control_port": "3999"}, True), ({"ip_range_start": "192.0.2.10"}, True)],
)
def test_a_bundle_that_cannot_be_reached_is_ignored(cluster: Setup, network: dict[str, str] | None, runs: bool) -> None:
    assert bool(cluster(container(dummy("A"), network=network)).run().where.get("b-podman-0")) == runs


@pytest.mark.parametrize(("network", "replicas"), [({"control_port": "3999"}, 3), ({"ip_range_start": "192.0.2.10"}, 4)])
def test_replicas_on_one_host_need_addresses(cluster: Setup, network: dict[str, str], replicas: int) -> None:
    first = cluster(container(dummy("A"), network=network, replicas="4", replicas_per_host="2")).run()
    assert sum(done.startswith("start b-podman-") for done in first.did) == replicas


def test_replicas_without_addresses_are_started_on_one_host_though_they_share_its_ports(cluster: Setup) -> None:
    first = cluster(container(network={}, ports=True, replicas="4", replicas_per_host="2")).run()
    assert sum(done.startswith("start b-podman-") for done in first.did) == 4


@pytest.mark.parametrize(
    ("start", "second"),
    [
        ("192.0.2.10", "b-ip-192.0.2.11"),
        ("192.0.2.254", "b-ip-192.0.3.1"),
        ("192.0.253.254", "b-ip-192.0.254.1"),
        ("192.0.254.1", None),
        ("192.0.255.254", None),
        ("2001:db8::1", None),
    ],
)
def test_addresses_are_counted_up_from_ipv4_only(cluster: Setup, start: str, second: str | None) -> None:
    where = cluster(container(dummy("A"), network={"ip_range_start": start}, replicas="2")).run().where
    addresses = sorted(name for name in where if name.startswith("b-ip-"))
    assert ("null" in "".join(addresses)) == (second is None)
    assert second is None or second in addresses


@pytest.mark.parametrize("name", ["b-podman-0", "b-ip-192.0.2.10"])
def test_a_resource_named_like_one_of_a_bundle_is_taken_for_it(cluster: Setup, name: str) -> None:
    first = cluster(container(dummy("A"), network={"ip_range_start": "192.0.2.10"}), dummy(name)).run()
    assert len(first.where[name]) == 2


# --- fencing ---


@pytest.mark.parametrize(
    ("options", "starts"),
    [
        ({}, False),
        ({"stonith_enabled": "true"}, False),
        ({"stonith_enabled": "false"}, True),
        ({"have_watchdog": "true"}, True),
    ],
)
def test_without_a_fence_device_nothing_starts(cluster: Setup, options: dict[str, str], starts: bool) -> None:
    assert bool(cluster(dummy("A"), device=False, **options).run().where.get("A")) == starts


def test_a_disabled_fence_device_counts_as_configured(cluster: Setup) -> None:
    disabled = primitive("F", "stonith:fence_xvm", meta={"target-role": "Stopped"})
    assert cluster(dummy("A"), disabled, device=False).run().where["A"]


# --- nodes ---


@pytest.mark.parametrize(("at", "name"), [("9", "NODE1"), ("1", "other")])
def test_of_two_entries_with_one_name_or_id_one_counts_as_failed(cluster: Setup, at: str, name: str) -> None:
    made = cluster(dummy("A"))
    made.file.write_text(made.file.read_text().replace("</nodes>", f'<node id="{at}" uname="{name}"/></nodes>'))
    assert f"Node {name}: UNCLEAN (offline)" in made.ask("crm_simulate", "-x", str(made.file)).stdout


@until("3.0")
def test_an_empty_node_name_kills_the_scheduler(cluster: Setup) -> None:
    assert cluster(dummy("A"), xml("node", id="9", uname="")).run().code < 0


def capacity(name: str, number: str) -> Element:
    entry = node(name)
    entry.append(attributes("utilization", f"{name}-has", {"cpu": number}))
    return entry


@pytest.mark.parametrize("strategy", ["utilization", "minimal", "balanced", "default"])
@pytest.mark.parametrize(("has", "runs"), [("1", False), ("2", True), (None, False)])
def test_a_resource_that_no_node_can_hold_is_not_started(cluster: Setup, strategy: str, has: str | None, runs: bool) -> None:
    nodes = [capacity(name, has) for name in MEMBERS.values()] if has else []
    greedy = dummy("A", attributes("utilization", "A-uses", {"cpu": "2"}))
    where = cluster(greedy, *nodes, placement_strategy=strategy).run().where
    assert bool(where["A"]) == (runs or strategy == "default")
