"""Where a definition makes a remote or guest node, and which of its settings have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import (
    MEMBERS,
    attributes,
    bundle,
    clone,
    date_rule,
    dummy,
    group,
    guest,
    location,
    node,
    primitive,
    remote,
    template,
    until,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup

VM = "ocf:heartbeat:VirtualDomain"
REMOTE = "ocf:pacemaker:remote"
INSIDE = [dummy("in"), location("in", "x1")]


def named(name: str = "x1", at: str = "named", *head: Element, **more: str) -> Element:
    """Return the set of meta-attributes that makes a guest node."""
    return attributes("meta_attributes", at, {"remote-node": name}, *head, **more)


def vm(*inside: Element, params: Mapping[str, str] | None = None) -> Element:
    return primitive("vm", VM, *inside, params=params)


THEIRS = template("T", VM, named())


# --- guests ---


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([guest("vm", "x1")], id="plain"),
        pytest.param([group("G", dummy("storage"), guest("vm", "x1"))], id="in a group"),
        pytest.param([template("T", VM), primitive("vm", "@T", named())], id="from a template"),
        # The name is read literally: no rule, no score, and within a set not the first but the last one.
        pytest.param([vm(named("x1", "a", date_rule("r", true=False)))], id="rule that is false"),
        pytest.param([vm(named("y1", "a", score="100"), named("x1", "b", score="1"))], id="last set, lower score"),
        pytest.param([vm(named("y1", "a", score="1"), named("x1", "b", score="100"))], id="last set, higher score"),
        pytest.param([vm(attributes("meta_attributes", "a", [("remote-node", "y1"), ("remote-node", "x1")]))], id="last pair"),
    ],
)
def test_guest_node_exists(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts, *INSIDE)
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert set(first.online) == {*MEMBERS.values(), "x1"}
    assert first.where["in"] == ["x1"]
    assert first.where["x1"] == first.where["vm"]
    assert second.quiet


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([THEIRS, primitive("vm", "@T")], id="in the template"),
        pytest.param([vm(), xml("rsc_defaults", named())], id="in the defaults"),
        pytest.param([xml("group", named(), vm(), id="G")], id="of the group"),
        pytest.param([vm(params={"remote-node": "x1"})], id="as a parameter"),
        pytest.param([THEIRS, vm(xml("meta_attributes", id_ref="named"))], id="set by id-ref", marks=until("3.0.2")),
        pytest.param([THEIRS, vm(xml("meta_attributes", xml("nvpair", id_ref="named-0"), id="own"))], id="pair by id-ref"),
        pytest.param([clone("K", guest("vm", "x1"), clone_max="1")], id="in a clone"),
        pytest.param([clone("K", group("G", guest("vm", "x1")), clone_max="1")], id="in a cloned group"),
        pytest.param([bundle("b", guest("vm", "x1"))], id="in a bundle"),
    ],
)
def test_no_guest_node_exists_and_what_belongs_into_it_runs_on_a_cluster_node(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts, *INSIDE)
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert first.where["vm"]
    assert "x1" not in first.nodes
    assert set(first.where["in"]) < set(MEMBERS.values())
    assert second.quiet


# --- connections ---


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([remote("x1")], id="plain"),
        pytest.param([primitive("x1", REMOTE, meta={"remote-node": "y1"})], id="also named as a guest"),
        pytest.param([template("T", REMOTE), primitive("x1", "@T"), node("x1")], id="from a template, with a node entry"),
    ],
)
def test_remote_node_exists(cluster: Setup, parts: Sequence[Element]) -> None:
    made = cluster(*parts, *INSIDE)
    assert made.verify().returncode == 0
    first, second = made.runs(2)
    assert set(first.online) == {*MEMBERS.values(), "x1"}
    assert first.where["in"] == ["x1"]
    assert second.quiet


@pytest.mark.parametrize(
    ("part", "running"),
    [
        pytest.param(group("G", dummy("A"), remote("x1")), ["node2"], id="in a group"),
        pytest.param(group("G", remote("x1")), ["node2"], id="alone in a group"),
        pytest.param(clone("K", remote("x1")), ["node1", "node2", "node3"], id="in a clone"),
        pytest.param(bundle("b", remote("x1")), ["b-0"], id="in a bundle"),
    ],
)
def test_connection_is_a_plain_resource_and_what_belongs_on_the_node_runs_on_a_cluster_node(
    cluster: Setup, part: Element, running: list[str]
) -> None:
    made = cluster(part, *INSIDE)
    said = made.verify()
    assert (said.returncode, "Triggered fatal assertion" in said.stderr) == (0, True)
    first, second = made.runs(2)
    assert first.where["x1"] == running
    assert "x1" not in first.nodes
    assert set(first.where["in"]) < set(MEMBERS.values())
    assert second.quiet


@until("3")
def test_connection_in_a_group_with_a_node_entry_kills_the_scheduler(cluster: Setup) -> None:
    assert cluster(group("G", remote("x1")), node("x1"), dummy("A")).run().code < 0


def test_connection_from_a_template_makes_a_node_named_like_the_template(cluster: Setup) -> None:
    made = cluster(template("T", REMOTE), primitive("x1", "@T"), *INSIDE)
    said = made.verify()
    assert (said.returncode, "Triggered fatal assertion" in said.stderr) == (0, True)
    run = made.run()
    assert set(run.nodes) - set(MEMBERS.values()) == {"T"}
    assert "T" not in run.online
    assert set(run.where["in"]) < set(MEMBERS.values())


def test_unused_template_of_a_connection_makes_an_offline_node(cluster: Setup) -> None:
    run = cluster(template("T", REMOTE), remote("x1"), *INSIDE).run()
    assert set(run.nodes) - set(run.online) == {"T"}
    assert run.where["in"] == ["x1"]


# --- settings ---


def sent(cluster: Setup, part: Element) -> dict[str, str]:
    """Return what the connection's start is given, but for Pacemaker's own."""
    made = cluster(part)
    made.run()
    return {name: value for name, value in made.sent()["x1_start_0"].items() if not name.lower().startswith("crm_")}


@pytest.mark.parametrize(
    ("part", "given"),
    [
        (primitive("x1", REMOTE, params={"server": "h", "port": "4000"}), {"server": "h", "port": "4000"}),
        (guest("vm", "x1", remote_addr="h", remote_port="4000"), {"addr": "h", "port": "4000"}),
        # Of the other kind of node: the agent gets nothing that it knows.
        (primitive("x1", REMOTE, meta={"remote-addr": "h", "remote-port": "4000"}), {}),
        (primitive("x1", REMOTE, params={"remote-port": "4000"}), {"remote-port": "4000"}),
        (vm(named(), params={"server": "h", "port": "4000"}), {}),
        # What is wrong is handed on as it is.
        (guest("vm", "x1", remote_addr="h x", remote_port="abc"), {"addr": "h x", "port": "abc"}),
    ],
)
def test_address_and_port_as_the_connection_gets_them(cluster: Setup, part: Element, given: Mapping[str, str]) -> None:
    assert sent(cluster, part) == given


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (None, 60000),
        ("5", 5000),
        ("90 s", 90000),
        ("2min", 120000),
        ("1h", 3600000),
        ("soon", 20000),
        ("PT2M", 20000),
        ("1d", 20000),
        ("-5", 20000),
        pytest.param("0", 0, marks=until("3")),
    ],
)
def test_connect_timeout(cluster: Setup, value: str | None, milliseconds: int) -> None:
    made = cluster(guest("vm", "g1", **({"remote_connect_timeout": value} if value else {})))
    made.run()
    assert made.sent()["g1_start_0"]["CRM_meta_timeout"] == str(milliseconds)
