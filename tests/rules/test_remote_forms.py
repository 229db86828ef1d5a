"""Each mistake with remote and guest nodes in its indirect forms, and beside it what only looks like it."""

from __future__ import annotations

import pytest

from cibcheck.api import ERROR, INFO, WARNING
from cibcheck.testing import check, text_of
from rules.forms import (
    DATE,
    bundle,
    by_rule,
    clone,
    dummy,
    fence,
    group,
    guest,
    location,
    machine,
    named,
    option,
    order,
    order_sets,
    remote,
    resource_set,
    tag,
    together,
    together_sets,
)

TEMPLATE = '<template id="t" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="made" template="t"/>'
GUEST_META = '<meta_attributes id="{0}-m"><nvpair id="{0}-rn" name="remote-node" value="{1}"/></meta_attributes>'
SHARED_SET = '<rsc_ticket id="tic" ticket="T">' + resource_set("a", "r1") + "</rsc_ticket>"


def found(fragments: str, family: str) -> list[tuple[str, str]]:
    """The code of each finding of a family, and the text that it points at."""
    checked = check(fragments, select=[family])
    assert not checked.internal_errors
    return [(finding.code, text_of(finding.problem.place)) for finding in checked.findings if finding.severity > 1]


NAMES = {
    "a member of a group": (group("g", dummy("web")) + guest("vm", "web"), [("REM101", "web")]),
    "a clone's child": (clone("c", dummy("web")) + guest("vm", "web"), [("REM101", "web")]),
    "a member of a cloned group": (clone("c", group("g", dummy("web"))) + guest("vm", "web"), [("REM101", "web")]),
    "a clone": (clone("web", dummy("a")) + guest("vm", "web"), [("REM101", "web")]),
    "a master": (clone("web", dummy("a"), tag="master") + guest("vm", "web"), [("REM101", "web")]),
    "a bundle": (bundle("web", dummy("a")) + guest("vm", "web"), [("REM101", "web")]),
    "what is in a bundle": (bundle("b", dummy("web")) + guest("vm", "web"), [("REM101", "web")]),
    "a bundle's container": (bundle("b", dummy("a")) + guest("vm", "b-podman-1"), [("REM101", "b-podman-1")]),
    "a bundle's address": (bundle("b", dummy("a")) + guest("vm", "b-ip-192.0.2.101"), [("REM101", "b-ip-192.0.2.101")]),
    "a fence device": (fence("f") + guest("vm", "f"), [("REM101", "f")]),
    "another machine": (guest("vm", "g1") + guest("vm2", "vm"), [("REM101", "vm")]),
    "a primitive made from a template": (TEMPLATE + guest("vm", "made"), [("REM101", "made")]),
    "a machine in a group": (group("g", guest("vm", "web")) + dummy("web"), [("REM101", "web")]),
    "its own group": (group("web", guest("vm", "web")), [("REM101", "web")]),
    "a name that does not count": (
        dummy("web") + machine("vm", GUEST_META.format("a", "web") + GUEST_META.format("b", "ok")),
        [],
    ),
    "a name in a clone, which makes no guest": (dummy("web") + clone("c", guest("vm", "web")), []),
    "itself, in a group": (group("g", guest("vm", "vm")), [("REM102", "vm")]),
    "a cluster node in other case": (guest("vm", "NODE1"), [("REM104", "NODE1")]),
    "a node of an old schema": ('<node id="9" uname="old" type="normal"/>' + guest("vm", "old"), [("REM104", "old")]),
    "a ping node": ('<node id="9" uname="old" type="ping"/>' + guest("vm", "old"), []),
    "the id of a node": (guest("vm", "1"), [("REM105", "1")]),
    "a connection with the id of a node": ('<node id="n9" uname="nine"/>' + remote("N9"), [("REM105", "N9")]),
    "a connection in other case": (remote("Far") + guest("vm", "far"), [("REM106", "far")]),
    "two guests in other case": (guest("vm1", "g") + guest("vm2", "G", remote_addr="h"), [("REM107", "G")]),
    "three guests of one name": (
        guest("vm1", "g") + guest("vm2", "g", remote_addr="h") + guest("vm3", "g", remote_addr="i"),
        [("REM107", "g"), ("REM107", "g")],
    ),
    "a replica in other case": (bundle("b", dummy("a")) + guest("vm", "B-0"), [("REM108", "B-0")]),
    "a cluster node named like a replica": ('<node id="9" uname="b-0"/>' + bundle("b", dummy("a")), [("REM108", "b-0")]),
    "a connection after the bundle": (bundle("b", dummy("a")) + remote("b-0"), [("REM108", "b-0")]),
    "a connection before the bundle": (remote("b-0") + bundle("b", dummy("a")), [("REM112", "b-0")]),
    "a bundle without nodes": (bundle("b", "") + guest("vm", "b-0") + dummy("b-1"), []),
    "a connection like a cluster node in other case": (remote("Node2"), [("REM109", "Node2")]),
    "an entry without type for a guest": ('<node id="g1" uname="g1"/>' + guest("vm", "g1"), [("REM110", "g1"), ("REM104", "g1")]),
    "a group member named like a later replica": (bundle("b", dummy("a")) + group("g", dummy("b-1")), [("REM111", "b-1")]),
    "a group member named like an earlier replica": (group("g", dummy("b-1")) + bundle("b", dummy("a")), [("REM112", "b-1")]),
    "a template that an order names": (TEMPLATE + dummy("c") + guest("vm", "t") + order("t", "c"), [("REM114", "t")]),
    "a tag that a set names": (dummy("a", "c") + tag("x", "a") + guest("vm", "x") + order_sets(resource_set("c", "x")), [("REM114", "x")]),
    "a tag that nothing names": (dummy("a") + tag("x", "a") + guest("vm", "x"), []),
}  # fmt: skip


@pytest.mark.parametrize(("fragments", "expected"), NAMES.values(), ids=NAMES)
def test_names(fragments: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(fragments, "REM1")) == sorted(expected)


def meta(owner: str) -> str:
    return GUEST_META.format(owner, "g1")


EFFECT = {
    "in rsc_defaults": (f"<rsc_defaults>{meta('d')}</rsc_defaults>" + dummy("a"), ["REM201"]),
    "in a group": (group("g", meta("g") + dummy("a")), ["REM201"]),
    "in a clone": (clone("c", meta("c") + dummy("a")), ["REM201"]),
    "in a master": (clone("c", meta("c") + dummy("a"), tag="master"), ["REM201"]),
    "in a bundle": (bundle("b", meta("b") + dummy("a")), ["REM201"]),
    "inside of a bundle": (bundle("b", guest("vm", "g1")), ["REM201"]),
    "in a cloned group": (clone("c", group("g", guest("vm", "g1"))), ["REM201"]),
    "in an operation": (
        machine("a", f'<operations><op id="o" name="start" interval="0">{meta("o")}</op></operations>'),
        ["REM201"],
    ),
    "a pair by id-ref": (
        f"<rsc_defaults>{meta('d')}</rsc_defaults>"
        + machine("vm", '<meta_attributes id="x"><nvpair id-ref="d-rn"/></meta_attributes>'),
        ["REM201", "REM201"],
    ),
    "among others that count": (f"<rsc_defaults>{meta('d')}</rsc_defaults>" + guest("vm", "g1"), []),
    "a template of which nothing is made": (
        f'<template id="t" class="ocf" provider="heartbeat" type="lxc">{meta("t")}</template>',
        ["REM201"],
    ),
    "a connection in a cloned group": (clone("c", group("g", remote("r1"))), ["REM205"]),
    "a connection in a master": (clone("c", remote("r1"), tag="master"), ["REM206"]),
    "a connection of a template in a group": (
        '<template id="t" class="ocf" provider="pacemaker" type="remote"/>' + group("g", '<primitive id="r1" template="t"/>'),
        ["REM205"],
    ),
    "a connection in other case in a clone": (clone("c", '<primitive id="r1" class="OCF" provider="Pacemaker" type="Remote"/>'), ["REM206"]),
    "two connections of one template": (
        '<template id="t" class="ocf" provider="pacemaker" type="remote"/><primitive id="r1" template="t"/><primitive id="r2" template="t"/>',
        ["REM208", "REM208"],
    ),
    "a guest's options in the template, remote-node in the primitive": (
        '<template id="t" class="ocf" provider="heartbeat" type="lxc"><meta_attributes id="tm"><nvpair id="tp" name="remote-port" value="4000"/>'
        f'</meta_attributes></template><primitive id="vm" template="t">{meta("vm")}</primitive>',
        ["REM211"],
    ),
    "a guest's option on a connection by its group": (
        f"<rsc_defaults><meta_attributes id='d'><nvpair id='dp' name='remote-port' value='4000'/></meta_attributes></rsc_defaults>{remote('r1')}",
        ["REM211", "REM212"],
    ),
    "entries of bundles, guests and connections wherever they stand": (
        bundle("b", dummy("a")) + group("g", remote("r1")) + "".join(f'<node id="{n}" type="remote" uname="{n}"/>' for n in ("b-0", "r1")),
        ["REM205"],
    ),
    "an entry of a replica that is no more": (bundle("b", dummy("a")) + '<node id="b-2" type="remote" uname="b-2"/>', ["REM215"]),
    "the daemon as an lsb service": ('<primitive id="d" class="lsb" type="pacemaker_remote"/>', ["REM216"]),
    "the daemon by its service name": (clone("c", '<primitive id="d" class="service" type="pacemaker-remoted"/>'), ["REM216"]),
    "an agent of one's own called remote": ('<primitive id="d" class="ocf" provider="acme" type="remote"/>', []),
    "a machine of one's own provider": (f'<primitive id="vm" class="ocf" provider="acme" type="qemu">{meta("vm")}</primitive>', []),
    "an address as a guest": (f'<primitive id="vm" class="ocf" provider="heartbeat" type="IPaddr2">{meta("vm")}</primitive>', ["REM217"]),
    "a fence device as a guest": (f'<primitive id="vm" class="stonith" type="fence_x">{meta("vm")}</primitive>', ["REM217"]),
    "a domain from the group's parameters": (
        group("g", f'<primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">{meta("vm")}</primitive>'
        '<instance_attributes id="gi"><nvpair id="gc" name="config" value="/vm.xml"/></instance_attributes>'),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fragments", "codes"), EFFECT.values(), ids=EFFECT)
def test_effect(fragments: str, codes: list[str]) -> None:
    assert sorted(code for code, _ in found(fragments, "REM2")) == codes


def with_discovery(rsc: str, discovery: str, kind: str) -> str:
    """A location that says where a resource is probed, by the kind of node."""
    condition = f'<expression id="{discovery}-e" attribute="#kind" operation="eq" value="{kind}"/>'
    rule = f'<rule id="{discovery}-r" score="0">{condition}</rule>'
    return f'<rsc_location id="{discovery}" rsc="{rsc}" resource-discovery="{discovery}">{rule}</rsc_location>'


def limited(most: str) -> str:
    """A clone with a number of instances."""
    meta = f'<meta_attributes id="c-m"><nvpair id="c-max" name="clone-max" value="{most}"/></meta_attributes>'
    return clone("c", meta + dummy("a"))


STOPPED = '<meta_attributes id="sm"><nvpair id="sr" name="target-role" value="Stopped"/></meta_attributes>'
EMPTY_TEMPLATE = '<template id="t" class="ocf" provider="pacemaker" type="Dummy"/>'
R1 = remote("r1")
VM = guest("vm", "g1")
CONSTRAINTS = {
    "a clone before": (R1 + clone("c", dummy("a")) + order("c", "r1"), [("REM301", "r1")]),
    "a group before": (R1 + group("g", dummy("a")) + order("g", "r1"), [("REM301", "r1")]),
    "a bundle before": (R1 + bundle("b", dummy("a")) + order("b", "r1"), [("REM301", "r1")]),
    "a guest's machine before": (R1 + VM + order("vm", "r1"), [("REM301", "r1")]),
    "a tag before": (R1 + dummy("a") + tag("x", "a") + order("x", "r1"), [("REM301", "r1")]),
    "a template before": (R1 + TEMPLATE + order("t", "r1"), [("REM301", "r1")]),
    "what runs on it before": (R1 + dummy("a") + location("a", "r1") + order("a", "r1"), [("REM301", "r1")]),
    "an optional order": (R1 + dummy("a") + order("a", "r1", kind="Optional"), [("REM301", "r1")]),
    "an order that serializes": (R1 + dummy("a") + order("a", "r1", kind="Serialize"), [("REM301", "r1")]),
    "an order for starting only": (R1 + dummy("a") + order("a", "r1", symmetrical="false"), [("REM301", "r1")]),
    "after a promotion": (
        R1 + clone("c", dummy("a"), tag="master") + order("c", "r1", first_action="promote", then_action="start"),
        [("REM301", "r1")],
    ),
    "two sets": (R1 + dummy("a", "b") + order_sets(resource_set("a", "b", sequential="false"), resource_set("r1")), [("REM301", "r1")]),
    "the first of a set": (R1 + dummy("a") + order_sets(resource_set("r1", "a")), [("REM302", "r1")]),
    "between two": (R1 + dummy("a", "b") + order_sets(resource_set("a", "r1", "b")), [("REM301", "r1"), ("REM302", "r1")]),
    "in a set without an order": (R1 + dummy("a") + order_sets(resource_set("a", "r1", sequential="false")), []),
    "a set used by id-ref": (R1 + dummy("a") + SHARED_SET + '<rsc_order id="o"><resource_set id-ref="set-a-r1"/></rsc_order>', [("REM301", "r1")]),
    "a tag in a tag, in a set": (
        R1 + dummy("a") + tag("x", "r1") + tag("y", "x") + order_sets(resource_set("a", "y")),
        [("REM301", "y")],
    ),
    "after a fence device": (R1 + fence("f") + order("f", "r1"), [("REM303", "r1")]),
    "after another connection": (R1 + remote("r2") + order("r2", "r1"), [("REM303", "r1")]),
    "when stopping only": (R1 + dummy("a") + order("a", "r1", first_action="stop", symmetrical="false"), [("REM303", "r1")]),
    "after what is never probed there": (
        R1 + dummy("a") + location("a", "r1", "-INFINITY", resource_discovery="never") + order("a", "r1"),
        [("REM303", "r1")],
    ),
    "after what is probed elsewhere only": (
        R1 + dummy("a") + location("a", "node1", resource_discovery="exclusive") + order("a", "r1"),
        [("REM303", "r1")],
    ),
    "without probes at start": (R1 + dummy("a") + option("enable-startup-probes", "false") + order("a", "r1"), [("REM303", "r1")]),
    "after what is never probed on remote nodes": (
        R1 + dummy("a") + order("a", "r1") + with_discovery("a", "never", "remote"),
        [("REM303", "r1")],
    ),
    "after what is probed on remote nodes only": (
        R1 + dummy("a") + order("a", "r1") + with_discovery("a", "exclusive", "remote"),
        [("REM301", "r1")],
    ),
    "after what is probed exclusively, and never": (
        R1 + dummy("a") + order("a", "r1") + location("a", "r1", "0", resource_discovery="exclusive") + with_discovery("a", "never", "remote"),
        [("REM301", "r1")],
    ),
    "after a fence device that waits for another": (
        R1 + fence("f") + dummy("a") + order("a", "f") + order("f", "r1"),
        [("REM301", "r1")],
    ),
    "after a group that waits for another and is not probed there": (
        R1 + dummy("a") + group("g", dummy("b")) + location("g", "r1", "-INFINITY", resource_discovery="never")
        + order("a", "b") + order("g", "r1"),
        [("REM301", "r1")],
    ),
    "after a fence device that is not started after another": (
        R1 + fence("f") + dummy("a") + order("a", "f", first_action="stop") + order("f", "r1"),
        [("REM303", "r1")],
    ),
    "after a clone's child": (R1 + clone("c", dummy("a")) + order("a", "r1"), [("REM303", "r1")]),
    "in a set with a template of which nothing is made": (
        R1 + dummy("a") + EMPTY_TEMPLATE + order_sets(resource_set("a", "r1", "t")),
        [],
    ),
    "before a tag": (R1 + dummy("a") + tag("x", "a") + order("r1", "x"), [("REM302", "r1")]),
    "with another": (R1 + dummy("a") + together("r1", "a"), [("REM304", "r1")]),
    "away from another": (R1 + dummy("a") + together("r1", "a", "-INFINITY"), [("REM304", "r1")]),
    "with another, a million": (R1 + dummy("a") + together("r1", "a", "1000000"), [("REM304", "r1")]),
    "with another, by a tag": (R1 + dummy("a") + tag("x", "r1") + together("x", "a"), [("REM304", "x")]),
    "with a promoted instance": (
        R1 + clone("c", dummy("a"), tag="master") + together("r1", "c").replace("/>", ' with-rsc-role="Master"/>'),
        [("REM304", "r1")],
    ),
    "with what is never promoted": (R1 + dummy("a") + together("r1", "a").replace("/>", ' with-rsc-role="Promoted"/>'), []),
    "promoted with another, which it never is": (R1 + dummy("a") + together("r1", "a").replace("/>", ' rsc-role="Promoted"/>'), []),
    "started with another": (R1 + dummy("a") + together("r1", "a").replace("/>", ' rsc-role="Started"/>'), [("REM304", "r1")]),
    "on nodes of one site": (R1 + dummy("a") + together("r1", "a").replace("/>", ' node-attribute="site"/>'), [("REM304", "r1")]),
    "second in a set": (R1 + dummy("a") + together_sets(resource_set("a", "r1")), [("REM304", "r1")]),
    "first in a set": (R1 + dummy("a") + together_sets(resource_set("r1", "a")), [("REM306", "r1")]),
    "first of two sets": (R1 + dummy("a") + together_sets(resource_set("r1"), resource_set("a")), [("REM304", "r1")]),
    "second of two sets": (R1 + dummy("a") + together_sets(resource_set("a"), resource_set("r1")), [("REM306", "r1")]),
    "with what is meant for it": (R1 + dummy("a") + location("a", "R1") + together("a", "r1"), [("REM305", "r1")]),
    "at the site of the connection": (
        R1 + dummy("a") + location("a", "r1") + together("a", "r1").replace("/>", ' node-attribute="site"/>'),
        [("REM306", "r1")],
    ),
    "with what is meant for its promoted instance only": (
        R1 + dummy("a") + location("a", "r1", role="Promoted") + together("a", "r1"),
        [("REM306", "r1")],
    ),
    "with a group that is meant for it": (R1 + group("g", dummy("a")) + location("g", "r1") + together("g", "r1"), [("REM305", "r1")]),
    "with a member of a group that is meant for it": (
        R1 + group("g", dummy("a")) + location("g", "r1") + together("a", "r1"),
        [("REM305", "r1")],
    ),
    "with what only likes it": (R1 + dummy("a") + location("a", "r1", "100") + together("a", "r1"), [("REM306", "r1")]),
    "finite": (R1 + dummy("a") + together("r1", "a", "100"), [("REM306", "r1")]),
    "kept off": (R1 + dummy("a") + together("a", "r1", "-INFINITY"), [("REM306", "r1")]),
    "the machine with what is inside": (VM + dummy("a") + location("a", "g1") + together("vm", "a"), [("REM307", "a")]),
    "inside by a rule": (
        VM + dummy("a") + together("a", "vm")
        + by_rule("a", "INFINITY", named("G1")),
        [("REM307", "a")],
    ),
    "inside by a tag": (VM + dummy("a") + tag("x", "a") + location("x", "g1") + together("a", "vm"), [("REM307", "a")]),
    "a clone inside": (VM + clone("c", dummy("a")) + location("c", "g1") + together("c", "vm"), [("REM307", "c")]),
    "a set inside": (VM + dummy("a", "b") + location("b", "g1") + together_sets(resource_set("vm", "b")), [("REM307", "b")]),
    "the group of the machine inside": (group("g", VM + dummy("a")) + location("g", "g1"), [("REM307", "g")]),
    "inside, with the group of the machine": (
        group("g", dummy("b") + VM) + dummy("a") + location("a", "g1") + together("a", "g"),
        [("REM307", "a")],
    ),
    "inside, near the group of the machine": (
        group("g", dummy("b") + VM) + dummy("a") + location("a", "g1") + together("a", "g", "1000"),
        [],
    ),
    "inside under a date": (
        VM + dummy("a") + together("a", "vm")
        + by_rule("a", "INFINITY", DATE, named("g1")),
        [],
    ),
    "at the site of the machine": (
        VM + dummy("a") + location("a", "g1") + together("a", "vm").replace("/>", ' node-attribute="site"/>'),
        [],
    ),
    "a clone before the machine": (VM + clone("c", dummy("a")) + order("c", "vm"), [("REM312", "c")]),
    "a clone before the machine's group": (
        group("h", VM) + clone("c", group("g", dummy("a"))) + order("c", "h", kind="Optional"),
        [("REM312", "c")],
    ),
    "a clone by a tag before the machine, in sets": (
        VM + clone("c", dummy("a")) + tag("x", "c") + order_sets(resource_set("x"), resource_set("vm")),
        [("REM312", "x")],
    ),
    "a promoted clone before the machine": (
        VM + clone("c", dummy("a"), tag="master") + order("c", "vm", first_action="promote", then_action="start"),
        [("REM312", "c")],
    ),
    "a group inside before the machine": (VM + group("g", dummy("a")) + location("g", "g1") + order("g", "vm"), [("REM312", "g")]),
    "a bundle inside before the machine": (VM + bundle("b", dummy("a")) + location("b", "g1") + order("b", "vm"), [("REM312", "b")]),
    "a clone with an instance for each node before the machine": (VM + limited("4") + order("c", "vm"), [("REM312", "c")]),
    "a limited clone before the machine": (VM + limited("3") + order("c", "vm"), [("REM313", "c")]),
    "a group before the machine": (VM + group("g", dummy("a")) + order("g", "vm"), [("REM313", "g")]),
    "a clone that follows another before the machine": (
        VM + clone("c", dummy("a")) + dummy("b") + together("c", "b") + order("c", "vm"),
        [("REM313", "c")],
    ),
    "a clone of machines that make no guests before the machine": (
        VM + clone("c", guest("vm2", "g2")) + order("c", "vm"),
        [("REM312", "c")],
    ),
    "a group of another guest's machine before the machine": (VM + group("g", guest("vm2", "g2")) + order("g", "vm"), []),
    "a clone that follows one that is kept off the guest": (
        VM + clone("c", dummy("a")) + clone("d", dummy("b")) + clone("e", dummy("x")) + together("c", "d") + together("d", "e")
        + location("e", "g1", "-INFINITY") + order("c", "vm"),
        [],
    ),
    "a group that follows a machine": (VM + guest("vm2", "g2") + group("g", dummy("a")) + together("g", "vm2") + order("g", "vm"), []),
    "a group beside the machine": (VM + group("g", dummy("a")) + order("g", "vm") + together("vm", "g"), []),
    "a clone beside the machine": (VM + clone("c", dummy("a")) + order("c", "vm") + together("vm", "c"), []),
    "a clone kept off the guest": (VM + clone("c", dummy("a")) + order("c", "vm") + location("c", "G1", "-INFINITY"), []),
    "a disabled clone": (VM + clone("c", STOPPED + dummy("a")) + order("c", "vm"), []),
    "a clone after the machine": (VM + clone("c", dummy("a")) + order("vm", "c"), []),
    "a clone that stops before the machine": (VM + clone("c", dummy("a")) + order("c", "vm", first_action="stop"), []),
    "a member of a group inside before the machine": (VM + group("g", dummy("a")) + location("g", "g1") + order("a", "vm"), []),
    "before the machine": (VM + dummy("a") + location("a", "g1") + order("a", "vm"), [("REM309", "a")]),
    "before the machine, in a set": (VM + dummy("a") + location("a", "g1") + order_sets(resource_set("a", "vm")), [("REM309", "a")]),
    "names a guest in a set": (VM + dummy("a") + order_sets(resource_set("g1", "a")), [("REM310", "g1")]),
    "names a guest in a location": (VM + '<rsc_location id="l" rsc="g1" node="node1" score="1"/>', [("REM310", "g1")]),
    "names a replica": (bundle("b", dummy("a")) + '<rsc_ticket id="t" ticket="T" rsc="b-0"/>', [("REM310", "b-0")]),
    "names nothing at all": (dummy("a") + order("a", "ghost"), []),
}  # fmt: skip


@pytest.mark.parametrize(("fragments", "expected"), CONSTRAINTS.values(), ids=CONSTRAINTS)
def test_constraints(fragments: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(fragments, "REM3")) == sorted(expected)


def everywhere(rsc: str, score: str, **attributes: str) -> str:
    return "".join(location(rsc, f"node{number}", score, **attributes) for number in (1, 2, 3))


NOT_CLUSTER = (
    '<rule id="{0}-r" score="-INFINITY"><expression id="{0}-e" attribute="#kind" operation="eq" value="cluster"/></rule>'
)
ON_CLUSTER = '<expression id="on" attribute="#kind" operation="eq" value="cluster"/>'
OPT_IN = option("symmetric-cluster", "false")
PLACEMENT = {
    "banned node by node": (R1 + everywhere("r1", "-INFINITY"), ["REM501"]),
    "disliked everywhere": (R1 + everywhere("r1", "-1"), ["REM501"]),
    "disliked everywhere, and colocated": (R1 + dummy("a") + everywhere("r1", "-1") + together("r1", "a", "500"), []),
    "banned by a pattern": (R1 + f'<rsc_location id="l" rsc-pattern="^r[0-9]$">{NOT_CLUSTER.format("l")}</rsc_location>', ["REM501"]),
    "banned by a set": (
        R1 + dummy("a") + f'<rsc_location id="l">{resource_set("a", "r1")}{NOT_CLUSTER.format("l")}</rsc_location>',
        ["REM501"],
    ),
    "banned for a role that it has": (R1 + everywhere("r1", "-INFINITY", role="Started"), ["REM501"]),
    "banned for a role that it never has": (R1 + everywhere("r1", "-INFINITY", role="Promoted"), []),
    "banned by a rule for a role that it never has": (
        R1 + by_rule("r1", "-INFINITY", ON_CLUSTER).replace("<rule ", '<rule role="Promoted" '),
        [],
    ),
    "opt-in, allowed for a role that it never has": (
        R1 + OPT_IN + location("fence", "node1", "0") + location("r1", "node1", "0", role="Promoted"),
        ["REM501"],
    ),
    "kept to a node where it may not run": (R1 + location("r1", "node1", "-INFINITY", resource_discovery="exclusive"), ["REM501"]),
    "kept to a remote node": (R1 + remote("r2") + location("r1", "r2", "0", resource_discovery="exclusive"), ["REM501"]),
    "the machine's group kept to a remote node": (
        R1 + group("g", VM) + location("g", "r1", "0", resource_discovery="exclusive"),
        ["REM502"],
    ),
    "the machine in a group kept to a remote node": (
        R1 + group("g", VM) + location("vm", "r1", "0", resource_discovery="exclusive"),
        [],
    ),
    "kept to a cluster node": (R1 + location("r1", "node1", "0", resource_discovery="exclusive"), []),
    "kept to a node that is none": (R1 + location("r1", "nowhere", "0", resource_discovery="exclusive"), []),
    "banned in a set after a template of which nothing is made": (
        R1 + EMPTY_TEMPLATE + f'<rsc_location id="l">{resource_set("t", "r1")}{NOT_CLUSTER.format("l")}</rsc_location>',
        [],
    ),
    "banned but for one node": (R1 + location("r1", "node1", "-INFINITY") + location("r1", "node2", "-INFINITY"), []),
    "banned under a date": (
        R1 + by_rule("r1", "-INFINITY", DATE),
        [],
    ),
    "opt-in, allowed by a rule": (
        R1 + OPT_IN + location("fence", "node1", "0")
        + by_rule("r1", "0", named("node1")),
        [],
    ),
    "opt-in, allowed on a remote node only": (
        R1 + remote("r2") + OPT_IN + location("fence", "node1", "0") + location("r2", "node1", "0") + location("r1", "r2", "0"),
        ["REM501"],
    ),
    "opt-in, the machine without a node": (VM + OPT_IN + location("fence", "node1", "0"), ["REM502"]),
    "opt-in, the machine by its group": (group("g", VM) + OPT_IN + location("fence", "node1", "0") + location("g", "node1", "0"), []),
    "the machine's group banned": (group("g", VM) + everywhere("g", "-INFINITY"), ["REM502"]),
    "a machine on a remote node": (R1 + VM + location("vm", "r1", "100"), ["REM503"]),
    "a machine inside of a guest": (VM + guest("vm2", "g2") + location("vm2", "g1", "100"), ["REM503"]),
    "a machine on a remote node by a rule": (
        R1 + VM + by_rule("vm", "100", named("r1")),
        ["REM503"],
    ),
    "a machine on remote nodes": (R1 + VM + by_rule("vm", "100", named("remote").replace("#uname", "#kind")), ["REM503"]),
    "a machine on cluster nodes": (R1 + VM + by_rule("vm", "100", named("cluster").replace("#uname", "#kind")), []),
    "a fence device in guests": (VM + fence("f") + by_rule("f", "100", named("container").replace("#uname", "#kind")), ["REM504"]),
    "a machine banned from a remote node": (R1 + VM + location("vm", "r1", "-INFINITY"), []),
    "a tag of a machine and others on a remote node": (R1 + VM + dummy("a") + tag("x", "vm", "a") + location("x", "r1", "100"), []),
    "a fence device in a guest": (VM + fence("f") + location("f", "g1", "100"), ["REM504"]),
    "a fence device on a replica": (bundle("b", dummy("a")) + fence("f") + location("f", "b-0", "100"), ["REM504"]),
    "a fence device banned everywhere": (fence("f") + everywhere("f", "-INFINITY"), ["REM505"]),
    "a disabled fence device banned everywhere": (
        fence("f").replace("</primitive>", f"{STOPPED}</primitive>")
        + everywhere("f", "-INFINITY"),
        [],
    ),
    "uncovered, the list in a template": (
        R1 + '<template id="ft" class="stonith" type="fence_x"><instance_attributes id="fi"><nvpair id="fl" name="pcmk_host_list" value="node1"/>'
        '</instance_attributes></template><primitive id="f" template="ft"/>',
        ["REM506"],
    ),
    "uncovered, fencing off": (R1 + fence("f", pcmk_host_list="node1") + option("stonith-enabled", "no"), []),
    "uncovered, fencing off under its new name": (R1 + fence("f", pcmk_host_list="node1") + option("fencing-enabled", "false"), []),
    "uncovered, another device asked while running": (R1 + fence("f", pcmk_host_list="node1") + fence("h", pcmk_host_check="status"), []),
    "uncovered in a topology": (
        R1 + fence("f", pcmk_host_list="node1") + fence("h") + '<fencing-level id="l" target="R1" index="1" devices="f,h"/>',
        ["REM506"],
    ),
    "uncovered by the first level only": (
        R1 + fence("f", pcmk_host_list="node1") + fence("h") + '<fencing-level id="l1" target="r1" index="1" devices="f"/>'
        '<fencing-level id="l2" target="r1" index="2" devices="h"/>',
        [],
    ),
    "hosts uncovered": (VM + fence("f", pcmk_host_map="node1:1;node2:2"), ["REM508"]),
    "hosts uncovered where the machine never runs": (
        VM + fence("f", pcmk_host_map="node1:1;node2:2") + location("vm", "node3", "-INFINITY"),
        [],
    ),
    "a lock manager for remote nodes": (
        R1 + clone("c", '<primitive id="d" class="ocf" provider="pacemaker" type="controld"/>')
        + f'<rsc_location id="l" rsc="c">{NOT_CLUSTER.format("l")}</rsc_location>',
        ["REM509"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("fragments", "codes"), PLACEMENT.values(), ids=PLACEMENT)
def test_placement(fragments: str, codes: list[str]) -> None:
    assert sorted(code for code, _ in found(fragments, "REM5")) == codes


@pytest.mark.parametrize(
    ("fragments", "code", "points_at"),
    [
        (group("g", dummy("a") + guest("vm", "g1")) + remote("r1") + location("g", "r1", "50"), "REM503", ["r1"]),
        (group("g", dummy("a")) + remote("r1") + location("g", "r1", "50"), "REM503", []),
        (bundle("b", dummy("a")) + fence("f", pcmk_host_list="node1 b-1"), "REM507", ["node1 b-1"]),
        (guest("vm", "node2") + fence("f", pcmk_host_list="node1 node2"), "REM507", []),
        (guest("vm", "r1") + remote("r1") + fence("f", pcmk_host_list="r1"), "REM507", []),
        (remote("r1", server="192.0.2.1", addr="192.0.2.1"), "REM413", ["192.0.2.1"]),
        (remote("r1", server="NODE1", port="3121"), "REM414", ["NODE1"]),
        (remote("r1", server="node1", port="3122"), "REM414", []),
        (remote("node1"), "REM414", []),
        (guest("vm", "g1", remote_addr="node3"), "REM414", ["node3"]),
        (guest("vm", "g1", remote_addr="g1.example.com"), "REM414", []),
        (remote("r1", server="g1") + guest("vm", "g1", remote_addr="192.0.2.9"), "REM415", ["g1"]),
        (remote("r1", server="g1") + guest("vm", "g1"), "REM415", []),
        (remote("r1", server="g1", port="3122") + guest("vm", "g1", remote_addr="192.0.2.9"), "REM415", []),
        (remote("r1", server="r1") + remote("r2", server="192.0.2.9"), "REM415", []),
    ],
)
def test_names_and_addresses_beside_others(fragments: str, code: str, points_at: list[str]) -> None:
    checked = check(fragments, select=[code])
    assert not checked.internal_errors
    assert [text_of(finding.problem.place) for finding in checked.findings] == points_at


def test_a_name_that_a_device_misspells_is_pointed_out() -> None:
    checked = check(remote("web1") + fence("f", pcmk_host_list="node1 node2 node3 web-1"), select=["REM506"])
    assert "'web-1'" in (checked.findings[0].problem.help or "")


def test_a_cib_without_cluster_nodes_is_not_judged_for_placement() -> None:
    checked = check(f"<nodes/>{remote('r1')}{location('r1', 'node1', '-INFINITY')}", select=["REM501"])
    assert not checked.findings
    assert [entry.reason for entry in checked.not_evaluated] == ["the configuration names no cluster node"]


def test_constraints_alone_are_not_judged_but_said_to_be_unknown() -> None:
    checked = check(b"<constraints><rsc_order id='o' first='a' then='r1'/></constraints>", select=["REM3"])
    assert not checked.findings
    assert {entry.section for entry in checked.not_evaluated} == {"resources"}
    assert {"REM301", "REM302", "REM303"} <= {entry.code for entry in checked.not_evaluated}


OFF = '<meta_attributes id="off"><nvpair id="off-r" name="target-role" value="Stopped"/></meta_attributes>'
R1_OFF = remote("r1").replace("<operations>", OFF + "<operations>")
A_OFF = dummy("a").replace("/>", f">{OFF}</primitive>")
ENTRY = '<nodes><node id="1" uname="node1"/><node id="x1" uname="x1" type="remote"/></nodes>'
UNTYPED = '<nodes><node id="1" uname="node1"/><node id="r1" uname="r1"/></nodes>'
NO_FENCING = option("stonith-enabled", "false")
NO_START_FENCING = option("startup-fencing", "false")
INSIDE = VM + dummy("a") + location("a", "g1")
UNMANAGED_PAIR = '<nvpair id="um-p" name="is-managed" value="false"/>'
UNMANAGED = f'<meta_attributes id="um">{UNMANAGED_PAIR}</meta_attributes>'
ANY_OF_C = (
    '<rsc_order id="any">'
    + resource_set("c", sequential="false", **{"require-all": "false"})
    + resource_set("vm")
    + "</rsc_order>"
)
UNSUPPORTED = "vendors do not support connection resources in order constraints"
WORKS = "it works today"


@pytest.mark.parametrize(
    ("code", "fragments", "severity", "consequence"),
    [
        ("REM101", clone("c", group("web", dummy("a"))) + guest("vm", "web"), INFO, "Pacemaker tells the two apart"),
        ("REM101", A_OFF + guest("vm", "a"), ERROR, "takes it for 'a', which is switched off"),
        ("REM101", clone("c", A_OFF) + guest("vm", "a"), ERROR, "takes it for 'a', which is switched off"),
        ("REM104", guest("vm", "node1"), ERROR, "runs on 'node1' itself"),
        ("REM104", UNTYPED + guest("vm", "r1"), ERROR, "runs elsewhere, if it may"),
        ("REM105", '<nodes><node id="r1" uname="node1"/></nodes>' + remote("r1"), ERROR, "'node1' is fenced"),
        ("REM105", '<nodes><node id="r1" uname="node1"/></nodes>' + remote("r1") + NO_FENCING, ERROR, "'node1' is offline"),
        ("REM106", R1_OFF + guest("vm", "r1"), ERROR, "takes it for 'r1', which is switched off"),
        ("REM108", bundle("b", dummy("a")) + guest("vm", "B-0"), ERROR, "only one node comes to be"),
        ("REM108", bundle("b", dummy("a")) + remote("B-0"), ERROR, "only one node comes to be"),
        ("REM110", UNTYPED + remote("r1"), ERROR, "it fences the machine and never connects"),
        ("REM110", UNTYPED + remote("r1") + NO_START_FENCING, ERROR, "never seen: it never connects"),
        ("REM111", bundle("b", dummy("a")) + group("b-0", dummy("x")), WARNING, WORKS),
        (
            "REM111",
            bundle("b", dummy("a")) + clone("b-0", dummy("x")) + location("b-0", "node1"),
            ERROR,
            "binds to the connection",
        ),
        ("REM111", clone("c", dummy("b-0")) + bundle("b", dummy("a")), ERROR, "in every run"),
        ("REM111", bundle("c", dummy("b-0")) + bundle("b", dummy("a")), ERROR, "in every run"),
        ("REM112", group("g", dummy("b-0")) + bundle("b", dummy("a")), WARNING, "renames"),
        ("REM205", group("g", remote("x1")), ERROR, "run on cluster nodes"),
        ("REM205", ENTRY + group("g", remote("x1")), ERROR, "crashes"),
        ("REM205", ENTRY + clone("c", group("g", remote("x1"))), ERROR, "run on cluster nodes"),
        ("REM301", R1 + A_OFF + order("a", "r1"), ERROR, "as long as Pacemaker may not start 'a'"),
        ("REM303", R1 + A_OFF + order("a", "r1", kind="Optional"), WARNING, WORKS),
        ("REM301", R1_OFF + dummy("a") + order("a", "r1"), WARNING, "once the connection is switched on again"),
        (
            "REM301",
            R1 + dummy("a") + location("a", "r1") + option("enable-startup-probes", "false") + order("a", "r1"),
            ERROR,
            "'a' is to run on remote node 'r1'",
        ),
        ("REM301", R1 + dummy("a") + location("a", "r1", resource_discovery="never") + order("a", "r1"), ERROR, "is to run on"),
        ("REM302", R1 + dummy("a") + order("r1", "a"), WARNING, "is restarted whenever"),
        ("REM302", R1 + dummy("a") + order("r1", "a", kind="Optional"), WARNING, UNSUPPORTED),
        ("REM302", R1 + dummy("a") + order("r1", "a", kind="Serialize"), WARNING, UNSUPPORTED),
        ("REM302", R1 + dummy("a") + order("r1", "a", symmetrical="false"), WARNING, UNSUPPORTED),
        ("REM303", R1 + dummy("a") + order("a", "r1", first_action="stop"), WARNING, UNSUPPORTED),
        ("REM304", R1 + dummy("a") + together("r1", "a"), ERROR, ", and fenced if"),
        ("REM304", R1 + dummy("a") + together("r1", "a") + NO_FENCING, ERROR, "with all that runs on it"),
        ("REM306", R1 + dummy("a") + together("a", "r1"), WARNING, "never runs on the remote node"),
        ("REM306", R1 + dummy("a") + together("a", "r1").replace("/>", ' node-attribute="site"/>'), WARNING, "no harm is known"),
        ("REM308", INSIDE + order("vm", "a"), INFO, "also keeps 'a' stopped while 'vm' is off"),
        ("REM308", INSIDE + order("vm", "a", kind="Optional"), INFO, "nothing changes: the order is implied"),
        ("REM309", INSIDE + order("a", "vm"), WARNING, "it keeps 'vm' from starting, and if both run, neither ever stops"),
        ("REM309", INSIDE + order("a", "vm", symmetrical="false"), WARNING, "it keeps 'vm' from starting"),
        ("REM309", INSIDE + order("a", "vm", kind="Optional"), WARNING, "Pacemaker drops the order"),
        ("REM311", R1 + '<rsc_ticket id="t" ticket="T" rsc="r1"/>', INFO, "is rebooted each time"),
        ("REM311", R1 + '<rsc_ticket id="t" ticket="T" rsc="r1"/>' + NO_FENCING, INFO, "nothing connects to the remote node"),
        ("REM501", R1 + location("r1", "node1", "-INFINITY") + "<nodes><node id='1' uname='node1'/></nodes>", ERROR, "rebooted"),
        (
            "REM501",
            R1 + location("r1", "node1", "-INFINITY") + "<nodes><node id='1' uname='node1'/></nodes>" + NO_FENCING,
            ERROR,
            "never joins",
        ),
        ("REM503", R1 + remote("r2") + location("r1", "r2"), WARNING, "a cluster node is used"),
        (
            "REM503",
            R1 + remote("r2") + location("r1", "r2", resource_discovery="exclusive"),
            WARNING,
            "no cluster node may run it",
        ),
        ("REM504", R1 + fence("f") + location("f", "r1", resource_discovery="exclusive"), WARNING, "no cluster node may run it"),
    ],
)
def test_what_follows(code: str, fragments: str, severity: int, consequence: str) -> None:
    (found,) = check(fragments, select=[code]).findings
    assert found.severity == severity
    assert consequence in (found.problem.consequence or "")
    if NO_FENCING in fragments or NO_START_FENCING in fragments:
        assert "fence" not in (found.problem.consequence or "")
        assert "reboot" not in (found.problem.consequence or "")


@pytest.mark.parametrize(
    ("code", "fragments"),
    [
        ("REM112", clone("c", group("b-0", dummy("x"))) + bundle("b", dummy("a"))),
        ("REM111", bundle("b", dummy("a")) + clone("c", group("b-0", dummy("x")))),
        (
            "REM307",
            group(
                "g",
                '<meta_attributes id="l"><nvpair id="l-c" name="collocated" value="false"/></meta_attributes>' + VM + dummy("a"),
            )
            + location("a", "g1"),
        ),
        ("REM307", group("g", VM + dummy("a")) + location("vm", "g1")),
        ("REM609", remote("node1").replace("<operations>", OFF + "<operations>")),
        ("REM307", VM + clone("c", dummy("a")) + location("c", "g1") + together("vm", "c")),
        ("REM312", VM + clone("c", UNMANAGED + dummy("a")) + order("c", "vm", kind="Optional")),
        (
            "REM312",
            VM.replace("</meta_attributes>", UNMANAGED_PAIR + "</meta_attributes>") + clone("c", dummy("a")) + order("c", "vm"),
        ),
        ("REM312", VM + clone("c", dummy("a")) + ANY_OF_C),
        ("REM312", VM + group("c", dummy("a")) + location("c", "g1") + ANY_OF_C),
        ("REM308", INSIDE + order("vm", "a", first_action="stop")),
        ("REM309", INSIDE + order("a", "vm", first_action="stop")),
        ("REM311", R1 + '<rsc_ticket id="t" ticket="T" rsc="r1" rsc-role="Promoted"/>'),
        ("REM311", R1 + f'<rsc_ticket id="t" ticket="T">{resource_set("r1", role="Master")}</rsc_ticket>'),
    ],
)
def test_what_is_fine(code: str, fragments: str) -> None:
    checked = check(fragments, select=[code])
    assert not checked.internal_errors
    assert not checked.findings


def test_of_three_guests_with_one_name_the_last_counts() -> None:
    found = check(guest("v1", "g1") + guest("v2", "g1") + guest("v3", "g1"), select=["REM107"]).findings
    assert ["only 'v3', the last one" in (one.problem.consequence or "") for one in found] == [True, True]


def test_a_colocation_with_a_guest_is_not_turned_into_one_with_its_host() -> None:
    (found,) = check(INSIDE + together("a", "g1"), select=["REM310"]).findings
    assert found.problem.fix is None
    assert "node='g1'" in (found.problem.help or "")
    (found,) = check(INSIDE + order("g1", "a"), select=["REM310"]).findings
    assert found.problem.fix is not None


def test_a_default_is_removed_where_it_stands() -> None:
    for code, name, value in (("REM609", "target-role", "Stopped"), ("REM610", "is-managed", "false")):
        default = f'<rsc_defaults><meta_attributes id="d"><nvpair id="d-n" name="{name}" value="{value}"/></meta_attributes></rsc_defaults>'
        (found,) = check(remote("r1") + default, select=[code]).findings
        assert "from rsc_defaults" in (found.problem.help or "")
