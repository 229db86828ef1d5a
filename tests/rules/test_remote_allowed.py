"""What looks like a mistake with remote and guest nodes and is none: no rule says a word, not even an info."""

from __future__ import annotations

import pytest

from cibcheck.testing import check
from rules.forms import dummy, fence, guest, remote


def cluster_nodes(number: int) -> str:
    return "<nodes>" + "".join(f'<node id="{one}" uname="c{one}"/>' for one in range(1, number + 1)) + "</nodes>"


CASES = {
    "a guest's machine in a plain group with its storage": f'<group id="g">{dummy("vg", "fs")}{guest("vm", "g1")}</group>',
    "a guest's machine ordered after and colocated with its storage": (
        dummy("vg")
        + guest("vm", "g1")
        + '<rsc_order id="o" first="vg" then="vm"/><rsc_colocation id="c" rsc="vm" with-rsc="vg" score="INFINITY"/>'
    ),
    "a guest named unlike its machine and its address": guest("vm", "web", remote_addr="host17.example.com"),
    "location, standby, attributes and utilization of remote and guest nodes": (
        '<cluster_property_set id="o"><nvpair id="o-ps" name="placement-strategy" value="utilization"/></cluster_property_set>'
        + remote("r1")
        + guest("vm", "g1")
        + dummy("a", "b")
        + '<rsc_location id="l1" rsc="a" node="r1" score="INFINITY"/><rsc_location id="l2" rsc="b" node="G1" score="-INFINITY"/>'
        + '<rsc_location id="l3" rsc="b"><rule id="l3-r" score="100"><expression id="l3-e" attribute="#kind" operation="eq"'
        + ' value="remote"/></rule></rsc_location>'
        + '<node id="r1" type="remote" uname="r1"><instance_attributes id="r1-a"><nvpair id="r1-s" name="standby" value="on"/>'
        + '</instance_attributes><utilization id="r1-u"><nvpair id="r1-cpu" name="cpu" value="8"/></utilization></node>'
    ),
    "node entries of type remote that belong to a connection, a guest and a bundle": (
        remote("r1")
        + guest("vm", "g1")
        + f'<bundle id="b"><podman image="i" replicas="2"/><network control-port="3122"/>{dummy("inside")}</bundle>'
        + "".join(f'<node id="{name}" type="remote" uname="{name}"/>' for name in ("r1", "g1", "b-0", "b-1"))
    ),
    "a connection named like its address": remote("r1.example.com", server="r1.example.com"),
    "a connection without an address": remote("r1"),
    "a connection that prefers a cluster node": (
        remote("r1")
        + '<rsc_location id="l1" rsc="r1" node="node2" score="INFINITY"/><rsc_location id="l2" rsc="r1" node="node3" score="-INFINITY"/>'
    ),
    "the default port, written": remote("r1", port="3121") + guest("vm", "g1", remote_port="3121"),
    "more than 32 nodes, remote ones included": cluster_nodes(30) + "".join(remote(f"r{number}") for number in range(5)),
    "a guest that no fence device lists": guest("vm", "g1") + fence("f", pcmk_host_list="node1 node2 node3"),
    "groups, orders and colocations among what runs on a remote node": (
        remote("r1")
        + f'<group id="g">{dummy("a", "b")}</group>{dummy("c")}'
        + '<rsc_location id="l1" rsc="g" node="r1" score="INFINITY"/><rsc_location id="l2" rsc="c" node="r1" score="INFINITY"/>'
        + '<rsc_order id="o" first="g" then="c"/><rsc_colocation id="col" rsc="c" with-rsc="g" score="INFINITY"/>'
    ),
    "a bundle on a remote node": (
        remote("r1")
        + f'<bundle id="b"><podman image="i"/><network control-port="3122"/>{dummy("inside")}</bundle>'
        + '<rsc_location id="l" rsc="b" node="r1" score="INFINITY"/>'
    ),
    "a tag that holds a connection": remote("r1") + '<tag id="t"><obj_ref id="r1"/></tag>',
    "a ticket for what runs on a remote node": (
        remote("r1") + dummy("a") + '<rsc_location id="l" rsc="a" node="r1" score="9"/><rsc_ticket id="t" ticket="T" rsc="a"/>'
    ),
    "a guest's machine made from a template": (
        '<template id="t" class="ocf" provider="heartbeat" type="VirtualDomain"><instance_attributes id="t-i">'
        '<nvpair id="t-config" name="config" value="/vm.xml"/></instance_attributes><operations>'
        '<op id="t-start" name="start" interval="0s" timeout="90s"/><op id="t-stop" name="stop" interval="0s" timeout="90s"/>'
        "</operations></template>"
        '<primitive id="vm" template="t"><meta_attributes id="vm-m"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>'
        "</primitive>"
    ),
    "a guest named like a resource in other case": dummy("Web") + guest("vm", "web"),
    "a resource named like a cluster node": dummy("node2"),
    "a remote node that a device lists in other case": remote("r1") + fence("f", pcmk_host_list="NODE1 node2 node3 R1"),
    "a fence device that is banned from a remote node": (
        remote("r1")
        + fence("f", pcmk_host_list="node1 node2 node3 r1")
        + '<rsc_location id="l" rsc="f" node="r1" score="-INFINITY"/>'
    ),
    "a pattern that takes in fence devices, connections and all others": (
        remote("r1")
        + fence("f", pcmk_host_list="node1 node2 node3 r1")
        + '<rsc_location id="l" rsc-pattern=".*" node="r1" score="1"/>'
    ),
    "a finite colocation of a guest's machine with what runs inside": (
        guest("vm", "g1")
        + dummy("a")
        + '<rsc_location id="l" rsc="a" node="g1" score="INFINITY"/><rsc_colocation id="c" rsc="a" with-rsc="vm" score="500"/>'
    ),
    "a helper on the host beside the guest's machine": (
        guest("vm", "g1")
        + dummy("a")
        + '<rsc_colocation id="c" rsc="a" with-rsc="vm" score="INFINITY"/><rsc_order id="o" first="vm" then="a"/>'
    ),
    "an opt-in cluster with a zero for the connection": (
        remote("r1")
        + '<cluster_property_set id="p"><nvpair id="p-s" name="symmetric-cluster" value="false"/></cluster_property_set>'
        + "".join(f'<rsc_location id="l-{rsc}" rsc="{rsc}" node="node1" score="0"/>' for rsc in ("r1", "fence"))
    ),
}


# The cases leave out monitors and speak of standby: what is said of that is right, and about something else.
BESIDE_THE_POINT = ("OPS401", "OPS402", "NOD204")


@pytest.mark.parametrize("fragments", CASES.values(), ids=CASES)
def test_allowed(fragments: str) -> None:
    findings = check(fragments).findings
    assert [(finding.code, finding.problem.message) for finding in findings if finding.code not in BESIDE_THE_POINT] == []


def test_ports_that_differ_from_node_to_node_but_match_pairwise_are_allowed() -> None:
    cib = remote("r1", port="4001") + remote("r2", port="4002") + guest("vm", "g1")
    sysconfig = {
        "r1": "PCMK_remote_port=4001\n",
        "r2": "PCMK_remote_port=4002\n",
        "g1": "# PCMK_remote_port=3121\n",
        "node1": "",
        "node2": "PCMK_remote_port=3121\n",
        "node3": "",
    }
    checked = check(cib, sysconfig)
    assert [code for code in checked.codes if code not in BESIDE_THE_POINT] == []
    assert [entry for entry in checked.not_evaluated if entry.code == "REM403"] == []
