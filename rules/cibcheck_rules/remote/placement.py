"""REM5: where connections, guests' machines and fence devices may run, and who can fence a remote node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Lookalikes, Place, problem, quoted, rule
from cibcheck.api import values as v
from cibcheck_rules.remote.operations import never_fences_at_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, Location, Primitive, Resource

TAGS = ("remote", "placement")
FENCING = ("remote", "fencing")

# Agents that need the cluster stack of their node: corosync's membership, which remote nodes do not have.
_STACK_AGENTS = ("controld", "o2cb", "clvm", "lvmlockd", "dlm")


def _has_no_cluster_node(cib: Cib, resource: Resource) -> bool:
    """Whether the configuration surely keeps a resource off every cluster node."""
    return cib.placement.is_shut_out(resource, cib.cluster_candidates)


def _why(cib: Cib, resource: Resource) -> list[tuple[Place, str]]:
    """The constraints that ban a resource; in an opt-in cluster the option that asks for one."""
    shown = [(location.place, "bans it here") for location in cib.placement.bans(resource, cib.cluster_candidates)[:3]]
    symmetric = cib.option("symmetric-cluster").certain
    return [*shown, (symmetric.place, "every resource needs a location")] if not shown and symmetric is not None else shown


@rule("REM501", "connection-has-no-node", severity=ERROR, tags=TAGS)
def connection_has_no_node(cib: Cib) -> Findings:
    """No cluster node may run the connection to a remote node.

    Cluster nodes connect to remote nodes, so a connection resource needs a cluster node that it may run on. Without one the remote node never
    joins; and as nobody will connect to it, Pacemaker reboots it each time the whole cluster starts (unless fencing or `startup-fencing` is
    off). In an opt-in cluster (`symmetric-cluster=false`) a connection needs a location constraint like any resource; a score of 0 is
    enough.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="sym" name="symmetric-cluster" value="false"/></cluster_property_set>
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    ```

    Banned everywhere:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    <rsc_location id="loc" rsc="r1"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="eq" value="cluster"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="sym" name="symmetric-cluster" value="false"/></cluster_property_set>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <rsc_location id="loc" rsc="r1" node="node1" score="0"/>
    <rsc_location id="fence-loc" rsc="fence" node="node1" score="0"/>
    ```

    References:
    - Pacemaker Explained, "Location Constraints"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for remote in cib.remote_nodes:
        if _has_no_cluster_node(cib, remote.resource):
            rebooted = "" if never_fences_at_start(cib) else ", and is rebooted each time the whole cluster starts"
            yield problem(
                remote.name_place,
                f"no cluster node may run connection resource {remote.name!r}",
                label="connection resource",
                consequence=f"remote node {remote.name!r} never joins{rebooted}",
                help="allow at least one cluster node by a location constraint, better two",
                related=_why(cib, remote.resource),
            )


@rule("REM502", "guest-has-no-host", severity=ERROR, tags=(*TAGS, "guest"))
def guest_has_no_host(cib: Cib) -> Findings:
    """No cluster node may run the resource that makes a guest node.

    A guest's machine runs on cluster nodes only, never on remote or guest nodes. Where none of them may run it, the guest node never joins,
    and what may run nowhere else stays stopped.

    Bad:

    ```xml
    <primitive id="«vm»" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_location id="loc1" rsc="vm" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="vm" node="node2" score="-INFINITY"/>
    <rsc_location id="loc3" rsc="vm" node="node3" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_location id="loc1" rsc="vm" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="vm" node="node2" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Location Constraints"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if _has_no_cluster_node(cib, guest.resource):
            yield problem(
                guest.resource.id_place,
                f"no cluster node may run {guest.resource.id!r}, which makes guest node {guest.name!r}",
                label="the guest's machine",
                consequence=f"guest node {guest.name!r} never joins, and what may run nowhere else stays stopped",
                help="allow at least one cluster node by a location constraint, better two",
                related=_why(cib, guest.resource),
            )


def _remote_preferences(cib: Cib, wanted: dict[str, Primitive]) -> Iterator[tuple[Location, Place, str, Primitive]]:
    """Each location constraint for nothing but some of the wanted resources, or groups that they are in, that prefers a remote, guest or
    bundle node, or all of a kind; with what these are called."""
    for location in cib.locations:
        resources = [_wanted_in(resource, wanted) for reference in location.references for resource in reference.resources]
        if location.pattern is not None or not resources or resources[0] is None or None in resources:
            continue
        if location.node is not None:
            if (location.score or 0) > 0 and cib.names_remote_kind(location.node):
                yield location, location.node_place, repr(location.node), resources[0]
            continue
        for element in location.rules:
            expressions = list(element.iterchildren("*"))
            only = expressions[0] if len(expressions) == 1 and (v.score(element.get("score", "0")).value or 0) > 0 else None
            if only is not None and (nodes := _remote_nodes_of(cib, only)) is not None:
                yield location, cib.document.place(only, "value"), nodes, resources[0]


def _ignored(cib: Cib, primitive: Primitive) -> str:
    """What comes of a preference for a node where a resource never runs."""
    instead = "no cluster node may run it either" if _has_no_cluster_node(cib, primitive) else "a cluster node is used"
    return f"the preference is ignored; {instead}"


def _remote_nodes_of(cib: Cib, expression: Element) -> str | None:
    """What the nodes are called that meet a condition, if it is that they are remote or guest nodes, or a certain one."""
    if expression.get("operation") != "eq":
        return None
    asked, value = expression.get("attribute"), expression.get("value", "")
    if asked == "#kind" and value in ("remote", "container"):
        return f"{'remote' if value == 'remote' else 'guest'} nodes"
    return repr(value) if asked == "#uname" and cib.names_remote_kind(value) else None


def _wanted_in(resource: Resource, wanted: dict[str, Primitive]) -> Primitive | None:
    """A wanted resource, or the first one in a group, which keeps the others with it."""
    members = resource.primitives if resource.kind == "group" else (resource,)
    return next((wanted[member.id] for member in members if member.id in wanted), None)


@rule("REM503", "connection-prefers-remote-node", severity=WARNING, tags=TAGS)
def connection_prefers_remote_node(cib: Cib) -> Findings:
    """A location constraint puts a connection, or a guest's machine, on a remote or guest node.

    Connections and the machines of guest nodes run on cluster nodes only; remote nodes cannot be nested. The preference is ignored. (Bundles
    are an exception: they may run on remote nodes.)

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote"/>
    <rsc_location id="loc" rsc="r1" node="«r2»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <rsc_location id="loc" rsc="r1" node="node2" score="INFINITY"/>
    ```

    References:
    - Pacemaker Remote, "Overview"
    - crm_simulate 2.1.5 and 3.0.2
    """
    wanted = {remote.resource.id: remote.resource for remote in cib.connected_nodes}
    for _, place, node, primitive in _remote_preferences(cib, wanted):
        what = "connection resource" if primitive.is_connection else "the machine of a guest node,"
        yield problem(
            place,
            f"{what} {primitive.id!r} never runs on {node}: remote nodes cannot be nested",
            consequence=_ignored(cib, primitive),
            help="name a cluster node, or remove the constraint",
            related=[(primitive.id_place, "runs on cluster nodes only")],
        )


@rule("REM504", "fence-device-prefers-remote-node", severity=WARNING, tags=FENCING)
def fence_device_prefers_remote_node(cib: Cib) -> Findings:
    """A location constraint puts a fence device on a remote or guest node.

    Remote and guest nodes do not take part in fencing others. The preference is ignored.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="f" class="stonith" type="fence_ipmilan"/>
    <rsc_location id="loc" rsc="f" node="«r1»" score="100"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan"/>
    <rsc_location id="loc" rsc="f" node="r1" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Remote, "Overview": remote nodes do not execute fencing
    - crm_simulate 2.1.5 and 3.0.2
    """
    wanted = {primitive.id: primitive for primitive in cib.primitives if primitive.is_fence_device}
    for _, place, node, primitive in _remote_preferences(cib, wanted):
        yield problem(
            place,
            f"fence device {primitive.id!r} never runs on {node}: only cluster nodes fence",
            consequence=_ignored(cib, primitive),
            help="name a cluster node, or remove the constraint",
            related=[(primitive.id_place, "the fence device")],
        )


@rule("REM505", "fence-device-has-no-node", severity=ERROR, tags=FENCING)
def fence_device_has_no_node(cib: Cib) -> Findings:
    """No cluster node may use a fence device.

    Fence devices run on cluster nodes only. A device that is banned from all of them, or that an opt-in cluster allows nowhere, is never
    started, and no node may use it. An allowed remote node is of no help.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="«f»" class="stonith" type="fence_ipmilan"/>
    <rsc_location id="loc" rsc="f"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="ne" value="r1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="f" class="stonith" type="fence_ipmilan"/>
    <rsc_location id="loc" rsc="f" node="node1" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Fencing"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for device in cib.fencing.devices:
        if _has_no_cluster_node(cib, device.resource):
            yield problem(
                device.resource.id_place,
                f"no cluster node may use fence device {device.id!r}",
                label="fence device",
                consequence="the device is never started, and what only it can fence is not fenced",
                help="allow cluster nodes by a location constraint",
                related=_why(cib, device.resource),
            )


def _devices(cib: Cib) -> list[tuple[Place, str]]:
    """What the fence devices list, to be shown beside a node that is missing there."""
    return [(setting.place, f"device {device.id!r}") for device in cib.fencing.devices[:3] for setting in device.lists[:1]]


@rule("REM506", "remote-node-cannot-be-fenced", severity=ERROR, tags=FENCING)
def remote_node_cannot_be_fenced(cib: Cib) -> Findings:
    """No fence device can fence a remote node.

    A remote node needs fencing like a cluster node: when its connection fails, Pacemaker must know that the machine is dead before it starts
    its services elsewhere. Where fencing fails, they are not recovered at all. The rule speaks up only when there is no doubt: every
    device has a fixed list (`pcmk_host_list`, `pcmk_host_map`), or the topology names devices that have, and the node is in none. Where
    nodes fence themselves by watchdog, all of them do, unless the device `watchdog` has such a list.

    Bad:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="node1 node2 node3"/></instance_attributes>
    </primitive>
    ```

    The topology leaves it to a device that does not know the node:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="node1 node2 node3"/></instance_attributes>
    </primitive>
    <primitive id="any" class="stonith" type="fence_sbd"/>
    <fencing-level id="level" target="r1" index="1" devices="f"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-map" name="pcmk_host_map" value="node1:1;node2:2;node3:3;R1:4"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    """
    if cib.fencing_is_enabled is not True:
        return
    for remote in cib.remote_nodes:
        if cib.fencing.surely_uncovered(remote.name):
            yield problem(
                remote.name_place,
                f"no fence device can fence remote node {remote.name!r}",
                label="remote node",
                consequence="when its connection is lost, its services are not recovered anywhere: the node must be fenced first",
                help=_cover(cib, remote.name),
                related=_devices(cib),
            )


def _cover(cib: Cib, node: str) -> str:
    """What to do about a node that no device lists; a listed name that is no node's is probably a slip of the pen."""
    strangers = cib.fencing.strangers
    slip = Lookalikes(strangers).of(node) if len(strangers) <= _MOST_STRANGERS else None
    if slip is not None:
        return f"a device lists {slip!r}, which is no node; write {node!r} if that is meant"
    return f"add {node!r} to pcmk_host_list or pcmk_host_map of a device that can fence it"


_MOST_STRANGERS = 100


@rule("REM507", "guest-in-fencing", severity=INFO, tags=(*FENCING, "guest"))
def guest_in_fencing(cib: Cib) -> Findings:
    """A fence device or a topology level names a guest node.

    A guest node is fenced by recovering its machine, never by a device or a topology level; so is the node of a bundle's replica. What must
    be covered are the cluster nodes that host it.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="«node1 node2 node3 g1»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="node1 node2 node3"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes": fencing
    - crm_simulate 2.1.5 and 3.0.2
    """
    for device in cib.fencing.devices:
        for setting in device.lists:
            listed = v.host_map(setting.text) if setting.name == "pcmk_host_map" else v.node_list(setting.text)
            if named := [name for name in listed if _is_guest(cib, name)]:
                yield problem(
                    setting.place,
                    f"fence device {device.id!r} lists guest node{'s' if len(named) > 1 else ''} {quoted(named)}",
                    consequence="a guest node is fenced by recovering its machine; the entry is never used",
                    help="list the cluster nodes that host it, and leave the guest out",
                )
    for level in cib.fencing.levels:
        if level.target is not None and _is_guest(cib, level.target):
            yield problem(
                level.target_place,
                f"a fencing level is for guest node {level.target!r}",
                consequence="a guest node is fenced by recovering its machine; the level is never used",
                help="remove the level",
            )


def _is_guest(cib: Cib, name: str) -> bool:
    """Whether a name is that of a guest node or bundle replica, and of nothing that a device can fence."""
    is_other = v.fold(name) in cib.cluster_nodes or v.fold(name) in cib.remotes_by_name
    return not is_other and cib.names_remote_kind(name)


@rule("REM508", "guest-host-cannot-be-fenced", severity=ERROR, tags=(*FENCING, "guest"))
def guest_host_cannot_be_fenced(cib: Cib) -> Findings:
    """No fence device can fence a cluster node that may host a guest node.

    A guest node is recovered by recovering its machine. When the host fails, the machine may be started elsewhere only once the host was
    fenced; where no device can do that, the guest stays down. As for remote nodes, the rule speaks up only when there is no doubt.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="«node2»"/></nodes>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="node1"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="f" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-list" name="pcmk_host_list" value="node1,node2"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes": fencing
    """
    if cib.fencing_is_enabled is not True or not cib.guest_nodes:
        return
    for node in cib.cluster_candidates:
        if cib.fencing.surely_uncovered(node.name):
            hosted = [guest for guest in cib.guest_nodes if cib.placement.may_run(guest.resource, node)]
            if hosted:
                yield problem(
                    cib.cluster_nodes[v.fold(node.name)].name_place,
                    f"no fence device can fence cluster node {node.name!r}, which may host guest node {hosted[0].name!r}",
                    label="cluster node",
                    consequence="when the host fails, its guests are not started elsewhere: the host must be fenced first",
                    help=_cover(cib, node.name),
                    related=_devices(cib),
                    affects=[guest.resource.id for guest in hosted],
                )


@rule("REM509", "cluster-stack-on-remote-node", severity=WARNING, tags=TAGS)
def cluster_stack_on_remote_node(cib: Cib) -> Findings:
    """A resource that needs the cluster stack may run on remote or guest nodes only.

    The lock manager and what builds on it (controld, clvm, lvmlockd, o2cb) work with corosync on their own node. Remote and guest nodes have
    no corosync.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="«dlm»" class="ocf" provider="pacemaker" type="controld"/>
    <rsc_location id="loc" rsc="dlm"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="ne" value="remote"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <clone id="dlm-clone"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    <rsc_location id="loc" rsc="dlm-clone"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="eq" value="remote"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Remote, "Overview": remote nodes do not run the cluster stack
    """
    for primitive in cib.primitives if cib.remote_candidates else ():
        if primitive.agent.standard == "ocf" and v.fold(primitive.agent.type) in _STACK_AGENTS:
            allowed = any(cib.placement.may_run(primitive, node) for node in cib.remote_candidates)
            if allowed and _has_no_cluster_node(cib, primitive):
                yield problem(
                    primitive.id_place,
                    f"{primitive.id!r} ({primitive.agent}) may run on remote or guest nodes only, which have no cluster stack",
                    consequence="the agent finds no corosync on its node and cannot start",
                    help="let it run on cluster nodes",
                    related=_why(cib, primitive),
                )
