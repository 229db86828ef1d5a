"""What Pacemaker makes of names and values that it does not understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cibcheck.model import values

from .pacemaker import attributes, clone, dummy, node, op, primitive, xml

if TYPE_CHECKING:
    from .pacemaker import Setup

STATEFUL = "ocf:pacemaker:Stateful"


@pytest.mark.parametrize(
    ("name", "runs"), [("symmetric-cluster", False), ("symetric-cluster", True), ("Symmetric-Cluster", True)]
)
def test_a_misspelt_cluster_option_is_as_good_as_none(cluster: Setup, name: str, runs: bool) -> None:
    assert bool(cluster(dummy("a"), **{name: "false"}).run().where["a"]) is runs


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("symmetric-cluster", "flase"),
        ("symmetric-cluster", ""),
        ("no-quorum-policy", "halt"),
        ("stonith-action", "Off"),
        ("cluster-delay", "1d"),
        ("batch-limit", "many"),
        ("maintenance-mode", "on "),
    ],
)
def test_of_a_bad_cluster_option_the_default_is_used(cluster: Setup, name: str, text: str) -> None:
    refused = cluster(dummy("a"), **{name: text})
    said = refused.verify()
    assert said.returncode
    assert f"Using default value for cluster option '{name}'" in said.stderr
    assert refused.run().where["a"]


@pytest.mark.parametrize(("name", "text"), [("no-quorum-policy", "Ignore"), ("cluster-delay", "PT1M"), ("batch-limit", "10x")])
def test_values_that_are_fine_though_they_look_odd(cluster: Setup, name: str, text: str) -> None:
    assert cluster(dummy("a"), **{name: text}).verify().returncode == 0


def test_no_quorum_policy_needs_fencing(cluster: Setup) -> None:
    said = cluster(dummy("a"), stonith_enabled="false", no_quorum_policy="suicide").verify().stderr
    assert "Resetting no-quorum-policy to 'stop'" in said


@pytest.mark.parametrize(
    ("name", "text", "runs"),
    [
        ("is-managed", "true", True),
        ("is-managed", "ture", False),
        ("is-managed", "", False),
        ("target-role", "stopped", False),
        ("target-role", "Stoped", True),
        ("target-rol", "Stopped", True),
        ("maintenance", "enabled", True),
        ("requires", "fence", True),
    ],
)
def test_meta_attributes_of_a_primitive(cluster: Setup, name: str, text: str, runs: bool) -> None:
    assert bool(cluster(dummy("a", **{name: text})).run().where["a"]) is runs


def test_a_meta_attribute_among_the_parameters_has_no_effect(cluster: Setup) -> None:
    assert cluster(primitive("a", "ocf:pacemaker:Dummy", params={"target-role": "Stopped"})).run().where["a"]


@pytest.mark.parametrize(("text", "instances"), [("2", 2), ("2x", 2), ("two", 0), ("-1", 0), ("0", 0)])
def test_how_many_instances_a_clone_gets(cluster: Setup, text: str, instances: int) -> None:
    run = cluster(clone("c", dummy("a"), clone_max=text)).run()
    assert len(run.where.get("a", run.where.get("c", []))) == instances


def test_what_is_meant_for_the_clone_counts_neither_in_its_primitive_nor_only_there(cluster: Setup) -> None:
    assert len(cluster(clone("c", dummy("a", clone_max="1"))).run().where["a"]) == 3
    defaults = xml("rsc_defaults", attributes("meta_attributes", "defaults", {"clone-max": "1"}))
    assert len(cluster(clone("c", dummy("a")), defaults).run().where["a"]) == 1


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("40s", "40000"),
        ("40", "40000"),
        ("1.9min", "60000"),
        ("2month", "120000"),
        ("5sausages", "5000"),
        ("forever", "20000"),
        ("PT1M", "20000"),
        ("-5", "20000"),
    ],
)
def test_timeouts_of_operations(cluster: Setup, text: str, milliseconds: str) -> None:
    started = cluster(dummy("a", xml("operations", op("a", "start", timeout=text))))
    started.run()
    assert started.sent()["a_start_0"]["CRM_meta_timeout"] == milliseconds


@pytest.mark.parametrize(("tag", "milliseconds"), [("meta_attributes", "77000"), ("instance_attributes", "20000")])
def test_where_the_timeout_of_an_operation_may_stand(cluster: Setup, tag: str, milliseconds: str) -> None:
    start = op("a", "start")
    start.append(attributes(tag, "set", {"timeout": "77s"}))
    started = cluster(dummy("a", xml("operations", start)))
    started.run()
    assert started.sent()["a_start_0"]["CRM_meta_timeout"] == milliseconds


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("10s", "10000"),
        ("10 s", "10000"),
        ("PT10S", "10000"),
        ("10month", "600000"),
        ("10milliseconds", "600000"),
        ("0.5min", None),
        ("1d", None),
        ("10 parsecs", None),
        ("-10s", None),
        ("PT5", None),
    ],
)
def test_intervals_of_monitors(cluster: Setup, text: str, interval: str | None) -> None:
    monitored = cluster(dummy("a", xml("operations", xml("op", id="a-monitor", name="monitor", interval=text))))
    monitored.run()
    recurring = [key.rpartition("_")[2] for key in monitored.sent() if key.startswith("a_monitor_") and not key.endswith("_0")]
    assert recurring == ([interval] if interval else [])


@pytest.mark.parametrize("name", ["enabled", "interval"])
def test_some_options_count_only_as_attributes_of_op(cluster: Setup, name: str) -> None:
    monitor = op("a", "monitor", "10s")
    monitor.append(attributes("meta_attributes", "set", {name: {"enabled": "false", "interval": "30s"}[name]}))
    monitored = cluster(dummy("a", xml("operations", monitor)))
    monitored.run()
    assert "a_monitor_10000" in monitored.sent()


@pytest.mark.parametrize(("text", "is_away"), [("on", True), ("enabled", False), ("true ", False), ("1x", False)])
def test_standby_is_a_boolean(cluster: Setup, text: str, is_away: bool) -> None:
    run = cluster(dummy("a"), *(node(name, standby=text) for name in ("node1", "node2", "node3"))).run()
    assert bool(run.where["a"]) is not is_away


@pytest.mark.parametrize(("text", "is_fenced"), [("true", True), ("5", True), ("maybe", False)])
def test_terminate_is_a_boolean_or_a_time(cluster: Setup, text: str, is_fenced: bool) -> None:
    assert (cluster(node("node1", terminate=text)).run().fenced == ["node1"]) is is_fenced


def test_the_first_pair_of_a_set_and_the_last_set_count(cluster: Setup) -> None:
    within = dummy("a", attributes("meta_attributes", "one", [("priority", "10"), ("priority", "20")]))
    among = dummy(
        "b", attributes("meta_attributes", "two", {"priority": "10"}), attributes("meta_attributes", "three", {"priority": "20"})
    )
    tried = cluster(within, among)
    assert tried.value("a", "priority", meta=True) == "10"
    assert tried.value("b", "priority", meta=True) == "20"


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("2020-01-01", True),
        ("20200101", True),
        ("2020-W01-1", True),
        ("2020-001", True),
        ("T10:00", True),
        ("epoch", True),
        ("yesterday", False),
        ("2020-13-01", False),
        ("2020-02-30", False),
        ("2020-01-01T25:00", False),
    ],
)
def test_dates_are_taken_as_cibcheck_takes_them(cluster: Setup, text: str, is_taken: bool) -> None:
    monitor = op("a", "monitor", "1h", **{"interval-origin": text})
    assert (cluster(dummy("a", xml("operations", monitor))).verify().returncode == 0) is is_taken
    assert (values.date(text).reason is None) is is_taken


def test_a_promotable_clone_without_a_number_of_promotions_has_none(cluster: Setup) -> None:
    stateful = primitive("a", STATEFUL)
    said = cluster(clone("c", stateful, promotable="true", promoted_max="one")).run()
    assert not any("promote" in one for one in said.did)
