"""REM1: the names of remote and guest nodes, against everything else that has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, SetValue, problem, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.remote.operations import never_fences_at_start

if TYPE_CHECKING:
    from cibcheck.api import GuestNode, Judgement, RemoteNode, Resource


TAGS = ("remote", "names")


def _own_name(guest: GuestNode) -> str:
    return f'give the guest node a name of its own, for example "{guest.resource.id}-guest"'


@rule("REM101", "guest-name-is-resource-id", severity=ERROR, tags=TAGS)
def guest_name_is_resource_id(cib: Cib) -> Findings:
    """A guest node has the same name as a resource.

    Pacemaker gives the connection to a guest node the guest's name as its id, and then takes the connection and the resource of that id
    for one thing. With a primitive it believes that the resource runs on two nodes and recovers it again and again; as soon as
    something runs in the guest, the virtual machine is restarted without end, too. With a clone's child the scheduler crashes in
    every run. With a group, clone or bundle the connection is never recognised, and what belongs into the guest is started on a
    cluster node. Nothing is reported in any of these cases. (With a group that is cloned it works, as each of its instances has a name
    of its own.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«web»"/></meta_attributes>
    </primitive>
    ```

    The id of a group:

    ```xml
    <group id="web"><primitive id="www" class="ocf" provider="heartbeat" type="nginx"/></group>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«web»"/></meta_attributes>
    </primitive>
    ```

    Good:

    Resource ids keep their case, so `Web` and `web` are two:

    ```xml
    <primitive id="Web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="web"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes": the name must not be that of a resource
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        clash = cib.resources.get(guest.name)
        if clash is not None and clash is not guest.resource and not clash.is_connection:
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also the id of a {clash.kind}",
                label="guest node name",
                consequence=_clash_with(clash, guest),
                help=_own_name(guest),
                related=[(clash.id_place, "the resource")],
                at_most=INFO if _is_cloned_group(clash) else None,
            )
        elif (bundle := cib.bundle_with_resource(guest.name)) is not None:
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also the id of a resource that bundle {bundle.id!r} makes",
                label="guest node name",
                consequence="Pacemaker takes the two for one thing: it restarts the guest and the bundle's replica again and again",
                help=_own_name(guest),
                related=[(bundle.id_place, "the bundle")],
            )


def _is_cloned_group(resource: Resource) -> bool:
    return resource.kind == "group" and resource.parent is not None


def _clash_with(clash: Resource, guest: GuestNode) -> str:
    if _is_cloned_group(clash):
        return "Pacemaker tells the two apart; people who read logs and constraints may not"
    if clash.kind != "primitive":
        return (
            f"Pacemaker never recognises the connection to the guest: it stops and starts it again and again, and runs on a cluster node"
            f" what belongs into {guest.name!r}"
        )
    if clash.is_disabled is not None:
        return (
            f"Pacemaker takes the two for one thing: it starts the connection to the guest, takes it for {clash.id!r}, which is switched"
            " off, and stops it, again and again"
        )
    if any(outer.kind == "clone" for outer in clash.ancestors):
        return "Pacemaker's scheduler crashes in every run on it: the whole cluster stops being managed"
    return (
        f"Pacemaker takes the two for one thing: it believes that {clash.id!r} runs on two nodes and recovers it again and again, and"
        f" {guest.resource.id!r} as well once something runs in the guest"
    )


@rule("REM102", "guest-name-is-its-own-resource", severity=ERROR, tags=TAGS)
def guest_name_is_its_own_resource(cib: Cib) -> Findings:
    """A guest node has the name of the very resource that makes it.

    It is the most frequent mistake of all. Pacemaker drops the link between the two: a node of that name appears as UNCLEAN, and the
    virtual machine is moved again and again.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«vm»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="vm-guest"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if guest.name == guest.resource.id:
            yield problem(
                guest.name_place,
                f"guest node {guest.name!r} has the name of its own {guest.resource.kind}",
                label="guest node name",
                consequence=f"Pacemaker loses the link between them: node {guest.name!r} is UNCLEAN, and the resource is moved again and again",
                help=_own_name(guest),
                related=[(guest.resource.id_place, "the resource that makes the guest node")],
            )


@rule("REM103", "guest-name-is-its-own-resource-in-other-case", severity=WARNING, tags=TAGS, pacemaker="2.1")
def guest_name_is_its_own_resource_in_other_case(cib: Cib) -> Findings:
    """A guest node's name differs from the id of its resource in letter case only.

    Pacemaker 2.1 compares the two without case and schedules the virtual machine to run inside of itself, so it is never started on a
    host. Pacemaker 3 compares them with case, and it works.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«VM»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="VM-guest"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if guest.name != guest.resource.id and v.fold(guest.name) == v.fold(guest.resource.id):
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} differs from the id of its own {guest.resource.kind} in letter case only",
                label="guest node name",
                consequence="Pacemaker 2.1 schedules the resource to run inside of its own guest node, so it never starts",
                help=_own_name(guest),
                related=[(guest.resource.id_place, "the resource that makes the guest node")],
            )


@rule("REM104", "guest-name-is-cluster-node", severity=ERROR, tags=TAGS)
def guest_name_is_cluster_node(cib: Cib) -> Findings:
    """A guest node has the name of a cluster node.

    Names of nodes are compared without case. No guest node comes to be: services for it run on the cluster node itself. And since that
    node now counts as having a connection, Pacemaker no longer lets it hold virtual machines with guest nodes, remote connections or
    fence devices; if it is the last node left, they stay stopped.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«Node2»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="node2-guest"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if (node := cib.cluster_nodes.get(v.fold(guest.name))) is not None:
            # An entry whose id is its name is the guest's own: there is no such cluster node.
            is_real = v.fold(node.id) != v.fold(node.name)
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is the name of a cluster node",
                label="guest node name",
                consequence=(
                    f"no guest node comes to be: what belongs into it runs on {node.name!r} itself, which may no longer hold guests,"
                    " remote connections or fence devices"
                    if is_real
                    else "no guest node comes to be, and what belongs into it runs elsewhere, if it may"
                ),
                help=_own_name(guest),
                related=[(node.name_place, "the cluster node")],
            )


@rule("REM105", "remote-name-is-node-id", severity=ERROR, tags=TAGS)
def remote_name_is_node_id(cib: Cib) -> Findings:
    """A remote or guest node has the name that is the id of a cluster node.

    Pacemaker keeps both nodes under one key. The status of the one is taken for that of the other: a healthy cluster node looks unseen and
    is fenced (without fencing it is offline), or services for the remote node run on the cluster node, depending on how the names sort.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«2»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="guest2"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for remote in cib.connected_nodes:
        node = cib.nodes_by_id.get(v.fold(remote.name))
        if node is not None and v.fold(node.name) != v.fold(remote.name):
            harm = "offline" if never_fences_at_start(cib) else "fenced"
            yield problem(
                remote.name_place,
                f"{remote.kind} name {remote.name!r} is the id of cluster node {node.name!r}",
                label=f"{remote.kind} name",
                consequence=(
                    f"Pacemaker mixes up the two nodes: {node.name!r} is {harm} although healthy, or runs what belongs on {remote.name!r}"
                ),
                help=f"give the {remote.kind} another name",
                related=[(node.id_place, "the id of the cluster node")],
            )


@rule("REM106", "guest-name-is-remote-node", severity=ERROR, tags=TAGS)
def guest_name_is_remote_node(cib: Cib) -> Findings:
    """A guest node has the name of a remote node.

    A machine is integrated either as a guest node (its resource has the meta-attribute `remote-node`) or as a remote node (an
    ocf:pacemaker:remote resource), not both. With both, Pacemaker starts two connections of one name on two hosts and recovers
    them again and again; as soon as something runs in the guest, the virtual machine is restarted without end, too. Names that differ
    in letter case only are one name, too: then there is just one node, without the restarts.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«r1»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="r1"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes" and "Remote Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if (remote := cib.remotes_by_name.get(v.fold(guest.name))) is not None:
            if guest.name != remote.name:
                consequence = "names of nodes are compared without case, so only one node comes to be for the two"
            elif remote.resource.is_disabled is not None:
                consequence = (
                    f"Pacemaker takes the two connections for one: it starts that to the guest, takes it for {remote.name!r}, which is"
                    " switched off, and stops it, again and again"
                )
            else:
                consequence = (
                    f"Pacemaker starts two connections {remote.name!r} on two hosts and recovers them again and again, and"
                    f" {guest.resource.id!r} as well once something runs in the guest"
                )
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also the name of a remote node",
                label="guest node name",
                consequence=consequence,
                help=f"remove the connection resource {remote.name!r} if both mean one machine, else rename one of the two",
                related=[(remote.name_place, "the connection resource")],
            )


@rule("REM107", "duplicate-guest-name", severity=ERROR, tags=TAGS)
def duplicate_guest_name(cib: Cib) -> Findings:
    """Two guest nodes have one name.

    The last one in the document gets the node; the first machine is no guest node at all. The connections are restarted without end, and
    with them the last machine as soon as something runs in the guest. Names that differ in letter case only are one name, too: then
    there is just one guest node, without the restarts.

    Bad:

    ```xml
    <primitive id="vm1" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm1-params"><nvpair id="vm1-config" name="config" value="/etc/libvirt/qemu/vm1.xml"/></instance_attributes>
      <meta_attributes id="vm1-meta"><nvpair id="vm1-meta-rn" name="remote-node" value="guest"/>
        <nvpair id="vm1-meta-addr" name="remote-addr" value="192.0.2.1"/></meta_attributes>
    </primitive>
    <primitive id="vm2" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm2-params"><nvpair id="vm2-config" name="config" value="/etc/libvirt/qemu/vm2.xml"/></instance_attributes>
      <meta_attributes id="vm2-meta"><nvpair id="vm2-meta-rn" name="remote-node" value="«guest»"/>
        <nvpair id="vm2-meta-addr" name="remote-addr" value="192.0.2.2"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm1" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm1-params"><nvpair id="vm1-config" name="config" value="/etc/libvirt/qemu/vm1.xml"/></instance_attributes>
      <meta_attributes id="vm1-meta"><nvpair id="vm1-meta-rn" name="remote-node" value="guest1"/></meta_attributes>
    </primitive>
    <primitive id="vm2" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm2-params"><nvpair id="vm2-config" name="config" value="/etc/libvirt/qemu/vm2.xml"/></instance_attributes>
      <meta_attributes id="vm2-meta"><nvpair id="vm2-meta-rn" name="remote-node" value="guest2"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for claims in cib.guests_by_name.values():
        for guest in claims[1:]:
            first = claims[0]
            if guest.name == first.name:
                last = claims[-1].resource.id
                consequence = (
                    f"only {last!r}, the last one, gets the guest node, and the connections are restarted without end, with {last!r} once"
                    " something runs in the guest"
                )
            else:
                consequence = "names of nodes are compared without case, so only one guest node comes to be"
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is taken by {first.resource.id!r}",
                label="guest node name",
                consequence=consequence,
                help=_own_name(guest),
                related=[(first.name_place, "taken here")],
            )


@rule("REM108", "name-of-bundle-replica", severity=ERROR, tags=(*TAGS, "bundle"))
def name_of_bundle_replica(cib: Cib) -> Findings:
    """A remote, guest or cluster node has the name of a bundle's replica.

    The replicas of a bundle with a primitive are nodes, named `<bundle>-0`, `<bundle>-1` and so on. A guest node of such a name shares the
    node with the replica, and both are recovered without end; a remote node never becomes usable; on a cluster node of such a name the
    contained service is started outside of its container. (A remote node that is defined before the bundle works; the replica is
    renamed then, see resource-id-is-earlier-replica-name. Names that differ in letter case only are one name, too: then there is just one
    node for the two, without the restarts.)

    Bad:

    ```xml
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«b-1»"/></meta_attributes>
    </primitive>
    ```

    Good:

    There is no third replica:

    ```xml
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="b-2"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5 and 3.0.2
    """
    consequences = {
        "guest node": "the two share one node, and Pacemaker recovers both without end",
        "remote node": "the remote node stays UNCLEAN: Pacemaker restarts the connection again and again",
    }
    named = [(node.name, node.name_place, node.kind, consequences[node.kind]) for node in cib.connected_nodes]
    if cib.knows("nodes"):
        outside = "Pacemaker starts the bundle's service on that cluster node, outside of its container"
        named += [(node.name, node.name_place, "cluster node", outside) for node in cib.cluster_nodes.values()]
    order = {resource.id: number for number, resource in enumerate(cib.top_resources)}
    for name, place, kind, usual in named:
        replica = cib.replica(name)
        if replica is not None and (kind != "remote node" or order[name] > order[replica.bundle.id]):
            is_one_node = kind != "cluster node" and name != replica.name
            one_node = "names of nodes are compared without case, so only one node comes to be for the two"
            yield problem(
                place,
                f"{kind} name {name!r} is the name of a replica of bundle {replica.bundle.id!r}",
                label=f"{kind} name",
                consequence=one_node if is_one_node else usual,
                help=f"rename the {kind} or the bundle",
                related=[(replica.bundle.id_place, "the bundle")],
            )


@rule("REM109", "remote-name-is-cluster-node", severity=ERROR, tags=TAGS)
def remote_name_is_cluster_node(cib: Cib) -> Findings:
    """A remote node's connection resource is named like a cluster node.

    The id of the connection resource *is* the name of the remote node, and names of nodes are compared without case. No remote node comes
    to be, and the cluster node of that name may no longer hold remote connections, guests or fence devices; if it is the last node
    left, another remote node is fenced for it.

    Bad:

    ```xml
    <primitive id="«node2»" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="remote2" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for remote in cib.remote_nodes:
        node = cib.cluster_nodes.get(v.fold(remote.name))
        if node is not None and v.fold(node.id) != v.fold(node.name):
            yield problem(
                remote.name_place,
                f"remote node {remote.name!r} has the name of a cluster node",
                label="connection resource",
                consequence=(
                    "no remote node comes to be, and the cluster node of that name may no longer hold remote connections, guests or fence"
                    " devices"
                ),
                help="give the connection resource another id; it is the name of the remote node",
                related=[(node.name_place, "the cluster node")],
            )


@rule("REM110", "remote-node-entry-without-type", severity=ERROR, tags=TAGS, fix="unsafe")
def remote_node_entry_without_type(cib: Cib) -> Findings:
    """The node entry of a remote or guest node lacks `type="remote"`.

    Without the type it is the entry of a cluster node, one that was never seen: Pacemaker fences it (unless fencing or `startup-fencing` is
    off), and never starts the connection.
    An entry whose id is also its name was made for a remote node; those of cluster nodes have the id that corosync gives.

    Bad:

    ```xml
    <node id="r1" uname="«r1»"/>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <node id="r1" type="remote" uname="r1"/>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Cluster Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for node in cib.cluster_nodes.values():
        remote = _connected(cib, node.name)
        if remote is not None and v.fold(node.id) == v.fold(node.name):
            fenced = "" if never_fences_at_start(cib) else "fences the machine and "
            yield problem(
                node.name_place,
                f'the node entry of {remote.kind} {remote.name!r} lacks type="remote"',
                label="a cluster node, by this entry",
                consequence=f"Pacemaker takes it for a cluster node that was never seen: it {fenced}never connects to it",
                help='add type="remote" to the entry, or remove the entry; Pacemaker makes its own',
                related=[(remote.name_place, f"the {remote.kind}")],
                fix=unsafe_fix(
                    f'set type="remote" in the node entry of {remote.name!r}',
                    SetValue(cib.document.place(node.element, "type"), "remote"),
                ),
            )


def _connected(cib: Cib, name: str) -> RemoteNode | GuestNode | None:
    folded = v.fold(name)
    if (remote := cib.remotes_by_name.get(folded)) is not None:
        return remote
    guests = cib.guests_by_name.get(folded)
    return guests[0] if guests else None


@rule("REM111", "resource-id-is-later-replica-name", severity=ERROR, tags=(*TAGS, "bundle"))
def resource_id_is_later_replica_name(cib: Cib) -> Findings:
    """A resource has the name of a replica of a bundle that is defined before it.

    The replicas of a bundle with a primitive are connected by resources that Pacemaker makes, named `<bundle>-0` and so on. A primitive of
    such an id, after the bundle in the file, is a second thing of one id: Pacemaker starts, restarts or moves them in every run. The
    primitive of a clone or bundle is one wherever it stands. A group or clone of such an id works, but a constraint that names it binds
    to the connection.

    Bad:

    ```xml
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="«b-0»" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="b-web" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5 and 3.0.2
    """
    yield from _replica_names(cib, after=True)


@rule("REM112", "resource-id-is-earlier-replica-name", severity=WARNING, tags=(*TAGS, "bundle"))
def resource_id_is_earlier_replica_name(cib: Cib) -> Findings:
    """A resource has the name of a replica of a bundle that is defined after it.

    Pacemaker then calls the replica's node by a name of its own making, `pcmk-internal-…`. Constraints, rules and node attributes for the
    replica's name do not reach it.

    Bad:

    ```xml
    <primitive id="«b-0»" class="ocf" provider="heartbeat" type="nginx"/>
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    ```

    Good:

    ```xml
    <primitive id="b-web" class="ocf" provider="heartbeat" type="nginx"/>
    <bundle id="b"><podman image="app:1" replicas="2"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5 and 3.0.2
    """
    yield from _replica_names(cib, after=False)


def _replica_names(cib: Cib, *, after: bool) -> Findings:
    seen: set[str] = set()
    for resource in cib.all_resources if cib.bundles else ():
        if resource.kind == "bundle":
            seen.add(resource.id)
        replica = cib.replica(resource.id)
        if replica is None or replica.name != resource.id:
            continue
        # The instances of what is cloned have other names, so that Pacemaker does not meet this one when it makes the replica's.
        is_instance = any(outer.kind != "group" for outer in resource.ancestors)
        if (replica.bundle.id in seen or is_instance) != after or (is_instance and resource.kind != "primitive"):
            continue
        if after and resource.is_connection and resource.parent is None:
            continue  # a node of that name, which is another rule's finding
        works = after and resource.kind != "primitive" and not cib.references_to(resource.id)
        if works:
            consequence = "it works today, but a constraint that names it would bind to the connection to the replica"
        elif after and resource.kind != "primitive":
            consequence = "a constraint that names it binds to the connection to the replica instead"
        elif after:
            consequence = "Pacemaker takes the two for one thing: it starts, restarts or moves them in every run"
        else:
            consequence = (
                f"Pacemaker renames the replica's node, so that constraints and attributes for {replica.name!r} do not reach it"
            )
        yield problem(
            resource.id_place,
            f"{resource.kind} {resource.id!r} has the name of a replica of bundle {replica.bundle.id!r}",
            label="the resource",
            consequence=consequence,
            help="rename the resource or the bundle",
            related=[(replica.bundle.id_place, "the bundle")],
            at_most=WARNING if works else None,
        )


@rule("REM113", "guest-name-is-other-id", severity=INFO, tags=TAGS)
def guest_name_is_other_id(cib: Cib, judgement: Judgement) -> Findings:
    """A guest node's name is also the XML id of something that is no resource.

    Pacemaker does not mind, as long as no constraint names that id. But pcs refuses such a name, and readers are misled.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«vm-params»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="vm-guest"/></meta_attributes>
    </primitive>
    ```

    References:
    - pcs, `pcs cluster node add-guest`
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        element = cib.element(guest.name) if judgement.may_be_id(guest.name) else None
        if element is not None and guest.name not in cib.resources and not cib.references_to(guest.name):
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also the id of a {element.tag!s} element",
                label="guest node name",
                consequence="Pacemaker works with it, but pcs refuses such a name, and a constraint on that id would bind to the guest",
                help=_own_name(guest),
                related=[(cib.document.place(element, "id"), "the other id")],
            )


@rule("REM114", "guest-name-captures-constraint", severity=ERROR, tags=(*TAGS, "constraints"))
def guest_name_captures_constraint(cib: Cib) -> Findings:
    """A guest node's name is the id of a tag or template that a constraint names.

    The constraint then binds to the connection of the guest node, not to the tag's members or the template's resources. Nothing is
    reported.

    Bad:

    ```xml
    <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    <primitive id="c" class="ocf" provider="pacemaker" type="Dummy"/>
    <tag id="web"><obj_ref id="a"/></tag>
    <rsc_colocation id="col" rsc="c" with-rsc="web" score="INFINITY"/>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="«web»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    <primitive id="c" class="ocf" provider="pacemaker" type="Dummy"/>
    <tag id="web"><obj_ref id="a"/></tag>
    <rsc_colocation id="col" rsc="c" with-rsc="web" score="INFINITY"/>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="web-guest"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if guest.name in cib.resources:
            continue
        references = cib.references_to(guest.name)
        meant = cib.tags.get(guest.name) or cib.templates.get(guest.name)
        if references and meant is not None:
            kind = str(meant.element.tag)
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also the id of a {kind} that a constraint names",
                label="guest node name",
                consequence=f"the constraint binds to the connection of the guest node, not to what the {kind} stands for",
                help=_own_name(guest),
                related=[
                    (meant.id_place, f"the {kind}"),
                    *((one.place, "bound to the guest's connection") for one in references[:3]),
                ],
            )


@rule("REM115", "empty-guest-name", severity=ERROR, tags=TAGS)
def empty_guest_name(cib: Cib) -> Findings:
    """The meta-attribute `remote-node` is empty or blank.

    An empty one makes no guest node, and the CIB does not verify (with a message about a resource without an id). A blank one makes a
    guest node whose name and address are a blank: nothing can connect to it.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-meta-rn" name="remote-node" value="« »"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
    </primitive>
    ```

    References:
    - crm_simulate and crm_verify 2.1.5 and 3.0.2
    """
    for primitive, setting in cib.written_guests:
        if not setting.text.strip():
            empty = not setting.text
            yield problem(
                setting.place,
                f"the guest node name of {primitive.id!r} is {'empty' if empty else 'blank'}",
                consequence=(
                    "no guest node comes to be, and crm_verify rejects the CIB"
                    if empty
                    else "the guest node's name and address are a blank: nothing can connect to it"
                ),
                help=f'name the guest node, for example "{primitive.id}-guest", or remove the meta-attribute',
            )


@rule("REM116", "resource-id-is-node-name", severity=INFO, tags=TAGS, default=False)
def resource_id_is_node_name(cib: Cib) -> Findings:
    """An ordinary resource has the name of a cluster node.

    It works, but whoever reads logs and constraints has to guess which of the two is meant.

    Bad:

    ```xml
    <primitive id="«node2»" class="ocf" provider="pacemaker" type="Dummy"/>
    ```

    Good:

    ```xml
    <primitive id="app" class="ocf" provider="pacemaker" type="Dummy"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2: no effect on scheduling
    """
    for resource in cib.all_resources:
        node = cib.cluster_nodes.get(v.fold(resource.id))
        if node is not None and not resource.is_connection:
            yield problem(
                resource.id_place,
                f"{resource.kind} {resource.id!r} has the name of a cluster node",
                consequence="Pacemaker tells the two apart; people who read logs and constraints may not",
                help="give the resource another id",
                related=[(node.name_place, "the cluster node")],
            )


@rule("REM413", "remote-address-by-two-names", severity=WARNING, tags=("remote", "addresses"))
def remote_address_by_two_names(cib: Cib) -> Findings:
    """A connection has two addresses, by two names.

    `server` is the address of the remote node; `addr` is an old name of it. Where both are there and differ, it depends on the order
    in which Pacemaker walks them which of the two is dialled.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="params"><nvpair id="server" name="server" value="192.0.2.1"/>
        <nvpair id="addr" name="addr" value="«192.0.2.2»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="params"><nvpair id="server" name="server" value="192.0.2.1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for connection in cib.connections:
        new, old = connection.parameters.get("server").certain, connection.parameters.get("addr").certain
        if new is not None and old is not None:
            is_same = new.text == old.text
            yield problem(
                old.place,
                f"connection {connection.id!r} has the address {old.text!r} by an old name, and {'again' if is_same else repr(new.text)}",
                consequence="both say the same" if is_same else "which of the two is dialled is not sure",
                help="keep server, and remove addr",
                related=[(new.place, "the other address")],
                affects=[connection.id],
                at_most=INFO if is_same else None,
            )
