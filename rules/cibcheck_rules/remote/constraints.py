"""REM3: connection resources and guests in order, colocation and ticket constraints."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Candidate, Cib, Findings, Group, Place, Problem, problem, rule
from cibcheck.api import values as v
from cibcheck_rules.remote import fixes
from cibcheck_rules.remote.operations import never_fences_at_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.api import Colocation, GuestNode, Level, Order, Reference, RemoteNode, Resource

TAGS = ("remote", "constraints")

# So many resources that one must run with are looked at, however long their chain.
_MOST_COMPANY = 100


def _connection(cib: Cib, resource: Resource) -> RemoteNode | None:
    """The remote node that a resource makes."""
    remote = cib.remotes_by_name.get(v.fold(resource.id)) if resource.is_connection else None
    return remote if remote is not None and remote.resource is resource else None


def _through(reference: Reference) -> str:
    """How a constraint names its resource, where it does not do so by its id."""
    return f" (by {reference.via.element.tag!s} {reference.id!r})" if reference.via is not None else ""


def _orders(cib: Cib) -> Sequence[Order]:
    """The orders that name a connection."""
    return cib.orders_on(remote.resource for remote in cib.remote_nodes)


def _colocations(cib: Cib) -> Sequence[Colocation]:
    """The colocations that name a connection."""
    return cib.colocations_on(remote.resource for remote in cib.remote_nodes)


def _machines(cib: Cib) -> Iterator[Resource]:
    """The resources that make guest nodes, and the groups that hold them."""
    for guest in cib.guest_nodes:
        yield from (guest.resource, *guest.resource.ancestors)


def _ordered_before(cib: Cib) -> Iterator[tuple[Order, Level, Level, RemoteNode, Reference, Resource | None]]:
    """Each connection that an order starts after something: with the first resource for which that is a deadlock, if there is one."""
    starts: Mapping[str, list[Level]] | None = None
    for order in _orders(cib):
        for first, then in order.pairs:
            connections = [
                (remote, reference) for one, reference in then.resources if (remote := _connection(cib, one)) is not None
            ]
            if connections and starts is None:
                starts = _starts_before(cib)
            suspects = _suspects(order, first, then, starts) if connections and starts is not None else []
            probes = bool(suspects) and cib.switch(True, "enable-startup-probes") is True
            for remote, reference in connections:
                node = Candidate(remote.name, "remote")
                culprit = next(
                    (one for one in suspects if (probes and cib.placement.is_probed(one, node)) or _goes_to(cib, one, node)), None
                )
                yield order, first, then, remote, reference, culprit


def _suspects(order: Order, first: Level, then: Level, starts: Mapping[str, list[Level]]) -> list[Resource]:
    """What a connection ordered after may wait for in vain, be it by a detour: what is probed on its node first, or runs there, and so
    waits for the connection."""
    if not _is_start(first, then):
        return []
    awaited = [one for one, _ in first.resources if order.kind == "Mandatory" or not _is_off(one)]
    return list(islice(filter(_is_probed_at_all, _earlier(awaited, starts)), _MOST_COMPANY))


def _is_off(resource: Resource) -> bool:
    """Whether Pacemaker surely does not start it, so that what is optionally ordered after it need not wait."""
    return resource.is_disabled is not None or resource.is_surely_unmanaged


def _goes_to(cib: Cib, resource: Resource, node: Candidate) -> bool:
    """Whether a resource surely is to run on a node."""
    return cib.placement.is_bound(resource, node) and not _is_off(resource) and not cib.placement.is_colocated(resource)


def _is_start(first: Level, then: Level) -> bool:
    return first.detail in ("start", "promote") and then.detail == "start"


def _is_probed_at_all(resource: Resource) -> bool:
    """Whether it is looked for before it starts, and may be named at all: a constraint on what is cloned or in a bundle is ignored."""
    return (
        not resource.is_connection
        and (resource.parent is None or resource.top.kind == "group")
        and not any(primitive.is_fence_device for primitive in resource.primitives)
    )


def _starts_before(cib: Cib) -> Mapping[str, list[Level]]:
    """What is ordered to start before a resource, by its id."""
    found: dict[str, list[Level]] = {}
    for order in cib.orders:
        for first, then in order.pairs:
            if _is_start(first, then):
                for resource, _ in then.resources:
                    found.setdefault(resource.id, []).append(first)
    return found


def _earlier(resources: Iterable[Resource], before: Mapping[str, list[Level]]) -> Iterator[Resource]:
    """Some resources, then what comes before them or before what holds them, and so on; nothing waits for one that is disabled."""
    pending = list(resources)
    seen = {resource.id for resource in pending}
    levels: set[int] = set()
    for resource in pending:
        yield resource
        if resource.is_disabled is None:
            for held in (resource, *resource.ancestors, *resource.primitives):
                for level in before.get(held.id, ()):
                    if id(level) not in levels:
                        levels.add(id(level))
                        new = {one.id: one for one, _ in level.resources if one.id not in seen}
                        seen.update(new)
                        pending.extend(new.values())


@rule("REM301", "connection-ordered-after-resource", severity=ERROR, tags=TAGS)
def connection_ordered_after_resource(cib: Cib) -> Findings:
    """An order constraint starts a remote connection after another resource.

    It is a deadlock. Before Pacemaker starts the other resource, it probes on every node whether it runs there already, the remote node
    included. The probe waits for the connection, the connection waits for the resource, the resource waits for the probe: when the
    cluster starts, neither is ever started. That holds for every kind of order, `Optional` as well, and in resource sets. Later on,
    stopping the resource disconnects the remote node, and a failure of its node leaves recovery half done.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="a" then="«r1»"/>
    ```

    In a set, and by a tag:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <clone id="c"><primitive id="a" class="ocf" provider="heartbeat" type="Filesystem"/></clone>
    <tag id="remotes"><obj_ref id="r1"/></tag>
    <rsc_order id="ord" kind="Optional"><resource_set id="ord-set">
      <resource_ref id="c"/><resource_ref id="«remotes»"/></resource_set></rsc_order>
    ```

    Good:

    What runs on the remote node may be ordered as anywhere else:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <primitive id="b" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="b" node="r1" score="INFINITY"/>
    <rsc_order id="ord" first="a" then="b"/>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for order, _, _, remote, reference, culprit in _ordered_before(cib):
        if culprit is not None:
            is_off = _is_off(remote.resource)
            is_placed = _goes_to(cib, culprit, Candidate(remote.name, "remote"))
            if _is_off(culprit):
                consequence = f"as long as Pacemaker may not start {culprit.id!r}, the connection is not started either"
            else:
                consequence = (
                    f"when the cluster starts, neither is started: {culprit.id!r} is {'to run' if is_placed else 'first probed'} on remote"
                    f" node {remote.name!r}, which waits for {culprit.id!r}"
                )
            yield problem(
                reference.place,
                f"connection resource {remote.name!r}{_through(reference)} is ordered after {culprit.id!r}",
                label="connection resource",
                consequence=f"once the connection is switched on again: {consequence}" if is_off else consequence,
                help=f"remove the connection from order constraint {order.id!r}; order what runs on the remote node instead",
                related=[(culprit.id_place, "what it waits for")],
                at_most=WARNING if is_off else None,
            )


_UNSUPPORTED = "vendors do not support connection resources in order constraints"


@rule("REM302", "connection-ordered-first", severity=WARNING, tags=TAGS, fix="sometimes")
def connection_ordered_first(cib: Cib) -> Findings:
    """An order constraint starts a resource after a remote connection.

    For a resource on the remote node this is implied, and it costs: the resource is restarted when the connection is recovered, while
    without the constraint it goes on running. For a resource elsewhere it means a restart whenever the connection is lost. An order that is
    optional or not symmetrical restarts nothing, but vendors do not support connection resources in order constraints at all.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="ord" first="«r1»" then="a"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="a" node="r1" score="INFINITY"/>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for order in _orders(cib):
        for first, then in order.pairs:
            others = [resource for resource, _ in then.resources if not resource.is_connection]
            for resource, reference in first.resources if others else ():
                if _connection(cib, resource) is not None:
                    yield problem(
                        reference.place,
                        f"{others[0].id!r} is ordered after connection resource {resource.id!r}{_through(reference)}",
                        label="connection resource",
                        consequence=(
                            f"{others[0].id!r} is restarted whenever the connection is recovered elsewhere or lost"
                            if order.kind == "Mandatory" and order.is_symmetrical and first.detail == then.detail == "start"
                            else _UNSUPPORTED
                        ),
                        help=f"remove the connection from order constraint {order.id!r}: what runs on a remote node waits for it anyway",
                        related=[(others[0].id_place, "what waits for it")],
                        fix=fixes.without_constraint(order, reference),
                    )


@rule("REM303", "connection-in-order", severity=WARNING, tags=TAGS, fix="sometimes")
def connection_in_order(cib: Cib) -> Findings:
    """A remote connection is ordered after a fence device, another connection, or something that is never probed on it.

    Such an order need not block the cluster, but it is needless and fragile: as soon as the other resource is probed on the remote node,
    both wait for each other and nothing starts. Vendors do not support connection resources in order constraints at all.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote"/>
    <rsc_order id="ord" first="r1" then="«r2»"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r2-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for order, first, then, remote, reference, culprit in _ordered_before(cib):
        before = next((resource for resource, _ in first.resources), None)
        if culprit is None and before is not None:
            yield problem(
                reference.place,
                f"connection resource {remote.name!r}{_through(reference)} is ordered after {before.id!r}",
                label="connection resource",
                consequence=(
                    "it works today; once the other resource is probed or placed on the remote node, each waits for the other"
                    if _is_start(first, then)
                    else _UNSUPPORTED
                ),
                help=f"remove the connection from order constraint {order.id!r}",
                related=[(before.id_place, "what it waits for")],
                fix=fixes.without_constraint(order, reference),
            )


@rule("REM304", "connection-must-follow-resource", severity=ERROR, tags=TAGS, fix="sometimes")
def connection_must_follow_resource(cib: Cib) -> Findings:
    """A mandatory colocation makes a remote connection depend on another resource.

    When the other resource cannot run, the connection is stopped, and with it all that runs on the remote node; when that is so at the
    start of the cluster, the remote node is fenced although it is healthy (unless fencing or `startup-fencing` is off). With a score of
    -INFINITY the same happens when the other resource is in the way, such as for two connections that are kept apart with one cluster
    node left.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="«r1»" with-rsc="a" score="INFINITY"/>
    ```

    Two connections, kept apart in a set:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote"/>
    <rsc_colocation id="col" score="-INFINITY"><resource_set id="col-set">
      <resource_ref id="r1"/><resource_ref id="«r2»"/></resource_set></rsc_colocation>
    ```

    Good:

    The connection may prefer a cluster node by a location constraint:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <rsc_location id="loc" rsc="r1" node="node1" score="100"/>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    colocations = _colocations(cib)
    fenced = "" if colocations and never_fences_at_start(cib) else ", and fenced if that is so when the cluster starts"
    for colocation in colocations:
        for primary, dependent in colocation.pairs:
            other = next((resource for resource, _ in primary.resources), None)
            if other is None or dependent.score is None or abs(dependent.score) != v.INFINITY:
                continue
            for resource, reference in dependent.resources:
                if (remote := _connection(cib, resource)) is not None:
                    together = dependent.score > 0
                    yield problem(
                        reference.place,
                        f"connection resource {remote.name!r}{_through(reference)} must "
                        f"{'run with' if together else 'stay away from'} {other.id!r}",
                        label="connection resource",
                        consequence=(
                            f"when {other.id!r} {'cannot run' if together else 'is in the way'}, remote node {remote.name!r} is disconnected"
                            f" with all that runs on it{fenced}"
                        ),
                        help=f"remove colocation {colocation.id!r}; a location constraint can steer the connection among cluster nodes",
                        related=[(other.id_place, "what it depends on")],
                        fix=fixes.without_constraint(colocation, reference),
                    )


@rule("REM305", "resource-drawn-off-its-remote-node", severity=ERROR, tags=TAGS)
def resource_drawn_off_its_remote_node(cib: Cib) -> Findings:
    """A resource must run with a remote connection, and is also meant to run on that remote node.

    The connection runs on a cluster node. "With the connection" means on that cluster node, not on the remote node: the location constraint
    loses, and if the resource may run on the remote node only, it stays stopped.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="a" node="r1" score="INFINITY"/>
    <rsc_colocation id="col" rsc="a" with-rsc="«r1»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="a" node="r1" score="INFINITY"/>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for _, remote, reference, drawn, score in _with_connection(cib):
        if score == v.INFINITY and drawn is not None:
            yield problem(
                reference.place,
                f"{drawn.id!r} must run with connection resource {remote.name!r}, and is also located on remote node {remote.name!r}",
                label="connection resource",
                consequence=f"{drawn.id!r} runs on the cluster node that holds the connection, or not at all, but never on {remote.name!r}",
                help="remove the colocation; the location constraint alone puts it on the remote node",
                related=[(drawn.id_place, "located on the remote node")],
            )


@rule("REM306", "connection-in-colocation", severity=WARNING, tags=TAGS)
def connection_in_colocation(cib: Cib) -> Findings:
    """A remote connection is in a colocation constraint.

    A resource that must run with the connection follows it from cluster node to cluster node and never runs on the remote node, which is
    rarely meant. A finite or negative score does no harm that we have seen, nor does a `node-attribute`. Vendors do not support connection
    resources in colocation constraints at all.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_colocation id="col" rsc="a" with-rsc="«r1»" score="INFINITY"/>
    ```

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_colocation id="col" rsc="«r1»" with-rsc="a" score="-100"/>
    ```

    Good:

    Resources that run on the remote node may be colocated:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="b" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_location id="loc" rsc="a" node="r1" score="INFINITY"/>
    <rsc_colocation id="col" rsc="b" with-rsc="a" score="INFINITY"/>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for colocation, remote, reference, drawn, score in _with_connection(cib):
        if score != v.INFINITY or drawn is None:
            follows = score == v.INFINITY and colocation.is_on_one_node
            yield problem(
                reference.place,
                f"connection resource {remote.name!r}{_through(reference)} is in a colocation constraint",
                label="connection resource",
                consequence=(
                    "what must run with it follows it from cluster node to cluster node, and never runs on the remote node"
                    if follows
                    else "no harm is known, but vendors do not support it"
                ),
                help="colocate with a resource that runs on the remote node, or use location constraints",
            )
    for colocation in _colocations(cib):
        for primary, dependent in colocation.pairs:
            if abs(dependent.score or 0) == v.INFINITY or not any(True for _ in primary.resources):
                continue
            for resource, reference in dependent.resources:
                if _connection(cib, resource) is not None:
                    yield problem(
                        reference.place,
                        f"connection resource {resource.id!r}{_through(reference)} is in a colocation constraint",
                        label="connection resource",
                        consequence="no harm is known with a finite score, but vendors do not support it",
                        help=f"remove colocation {colocation.id!r}; a location constraint can steer the connection among cluster nodes",
                    )


def _with_connection(cib: Cib) -> Iterator[tuple[Colocation, RemoteNode, Reference, Resource | None, int]]:
    """Each connection that others are placed with: the colocation, the reference, the first of them that is bound to the remote node, the
    score."""
    for colocation in _colocations(cib):
        for primary, dependent in colocation.pairs:
            others = [resource for resource, _ in dependent.resources if not resource.is_connection]
            for resource, reference in primary.resources if others else ():
                if (remote := _connection(cib, resource)) is not None:
                    node = Candidate(remote.name, "remote")
                    bound = (
                        next((one for one in others if cib.placement.is_bound(one, node)), None)
                        if colocation.is_on_one_node
                        else None
                    )
                    yield colocation, remote, reference, bound, dependent.score or 0


def _guests_in(cib: Cib, level: Level) -> Iterator[tuple[GuestNode, Reference]]:
    for resource, reference in level.resources:
        if (guest := cib.guests_by_resource.get(resource.id)) is not None:
            yield guest, reference


def _inside(cib: Cib, guest: GuestNode, level: Level) -> Iterator[tuple[Resource, Reference]]:
    """What on a level is surely bound to a guest node; its own machine cannot be."""
    bound = cib.placement.bound_to(Candidate(guest.name, "container"))
    for resource, reference in level.resources if bound else ():
        if resource.id in bound and resource is not guest.resource:
            yield resource, reference


@rule("REM307", "guest-resource-tied-to-host", severity=ERROR, tags=(*TAGS, "guest"))
def guest_resource_tied_to_host(cib: Cib) -> Findings:
    """A resource is meant to run in a guest node, and must also run where the guest's machine runs.

    The machine runs on a host; "with the machine" means on that host, not inside of the guest. The location constraint loses: the resource
    runs on the host, and if it may run in the guest only, it stays stopped. Written the other way round, the machine does not start
    either. The members of one group run together, too.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="g1" score="INFINITY"/>
    <rsc_colocation id="col" rsc="«web»" with-rsc="vm" score="INFINITY"/>
    ```

    In one group:

    ```xml
    <group id="g">
      <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
        <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
      </primitive>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_location id="loc" rsc="«web»" node="g1" score="INFINITY"/>
    ```

    Good:

    Storage beside the machine, a service inside:

    ```xml
    <group id="g">
      <primitive id="volume" class="ocf" provider="heartbeat" type="LVM-activate"/>
      <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
        <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
        <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
      </primitive>
    </group>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="g1" score="INFINITY"/>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for colocation in cib.colocations_on(_machines(cib)):
        for levels in colocation.pairs:
            if levels[1].score != v.INFINITY or not colocation.is_on_one_node:
                continue
            for one, other in (levels, levels[::-1]):
                for guest in _guests_beside(cib, one):
                    for resource, reference in _inside(cib, guest, other):
                        # The machine is content with one instance of several, and the others may go inside.
                        if other is levels[1] or not _has_instances(resource):
                            yield _tied(reference.place, resource, guest, "must run with")
    for guest in cib.guest_nodes:
        group = guest.resource.parent
        if isinstance(group, Group) and group.is_collocated:
            for resource, location in cib.placement.bound_to(Candidate(guest.name, "container")).values():
                if resource is group or (resource.parent is group and resource is not guest.resource):
                    place = next(one.place for one in location.references if resource in one.resources)
                    yield _tied(place, resource, guest, "is" if resource is group else "is in one group with")


def _has_instances(resource: Resource) -> bool:
    """Whether a resource is a clone that may run on several nodes."""
    most = resource.meta.get("clone-max")
    return resource.kind == "clone" and (most.certain is None or v.leading_integer(most.certain.text) != 1)


def _guests_beside(cib: Cib, level: Level) -> Iterator[GuestNode]:
    """The guests whose machines run where a level does: they, or groups that they are in, stand on it."""
    for resource, _ in level.resources:
        members = resource.primitives if isinstance(resource, Group) and resource.is_collocated else (resource,)
        yield from (guest for one in members if (guest := cib.guests_by_resource.get(one.id)) is not None)


def _tied(place: Place, resource: Resource, guest: GuestNode, how: str) -> Problem:
    what = f"holds {guest.resource.id!r}" if resource is guest.resource.parent else f"{how} {guest.resource.id!r}"
    return problem(
        place,
        f"{resource.id!r} {what}, but is located in guest node {guest.name!r} that it makes",
        label="the resource",
        consequence=f"{resource.id!r} runs on the host of {guest.resource.id!r} or not at all, but never inside of {guest.name!r}",
        help="leave out one of the two: the location in the guest, or the tie to the machine",
        related=[(guest.name_place, "the guest node")],
    )


@rule("REM308", "implied-guest-order", severity=INFO, tags=(*TAGS, "guest"), fix="sometimes")
def implied_guest_order(cib: Cib) -> Findings:
    """An order constraint starts a guest's machine before a resource inside of the guest.

    That is implied: what runs in a guest node waits for it. But a mandatory order also keeps the resource off all other nodes while the
    machine is off; without the order it runs there, if it may.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="g1" score="INFINITY"/>
    <rsc_order id="ord" first="vm" then="«web»"/>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="helper" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="ord" first="vm" then="helper"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for order in cib.orders_on(_machines(cib)):
        for first, then in order.pairs:
            for guest, _ in _guests_in(cib, first) if first.detail == "start" and then.detail in ("start", "promote") else ():
                for resource, reference in _inside(cib, guest, then):
                    yield problem(
                        reference.place,
                        f"{resource.id!r} waits for {guest.resource.id!r} anyway: it is located in guest node {guest.name!r}",
                        label="inside of the guest",
                        consequence=(
                            f"inside of the guest nothing changes; the order also keeps {resource.id!r} stopped while"
                            f" {guest.resource.id!r} is off, even where another node could run it"
                            if order.kind == "Mandatory"
                            else "nothing changes: the order is implied"
                        ),
                        help=f"order constraint {order.id!r} can go{', unless it is there for that' if order.kind == 'Mandatory' else ''}",
                        related=[(guest.resource.id_place, "makes the guest node")],
                        fix=fixes.without_constraint(order, reference),
                    )


@rule("REM309", "reversed-guest-order", severity=WARNING, tags=(*TAGS, "guest"))
def reversed_guest_order(cib: Cib) -> Findings:
    """An order constraint starts a resource inside of a guest before the guest's machine.

    What runs in a guest cannot start before it. Pacemaker drops the order; only 3.0 says so, in crm_verify. (Of a group or clone it does
    not, see guest-ordered-after-its-content.) But it does so only while the resource is to run: once that is switched off, a mandatory
    order keeps the machine from starting. And if both are running, each waits for the other to stop.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="g1" score="INFINITY"/>
    <rsc_order id="ord" first="«web»" then="vm"/>
    ```

    Good:

    Storage on the host comes first:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="volume" class="ocf" provider="heartbeat" type="LVM-activate"/>
    <rsc_order id="ord" first="volume" then="vm"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for order in cib.orders_on(_machines(cib)):
        for first, then in order.pairs:
            for guest, _ in _guests_in(cib, then) if _is_start(first, then) else ():
                for resource, reference in _inside(cib, guest, first):
                    if resource.kind != "primitive":
                        continue  # a deadlock, which is another rule's finding
                    yield problem(
                        reference.place,
                        f"{resource.id!r} is to start before {guest.resource.id!r}, inside of whose guest node it is located",
                        label="inside of the guest",
                        consequence="Pacemaker drops the order" + _when_off(order, resource, guest),
                        help=f"turn order constraint {order.id!r} round, or remove it: what runs in a guest waits for it anyway",
                        related=[(guest.name_place, "the guest node")],
                    )


def _when_off(order: Order, resource: Resource, guest: GuestNode) -> str:
    """What a reversed order still does once the resource inside is switched off."""
    if order.kind != "Mandatory":
        return ""
    stops = ", and if both run, neither ever stops" if order.is_symmetrical else ""
    return f" while {resource.id!r} is to run; switched off, it keeps {guest.resource.id!r} from starting{stops}"


@rule("REM310", "constraint-names-implicit-connection", severity=ERROR, tags=(*TAGS, "guest"), fix="sometimes")
def constraint_names_implicit_connection(cib: Cib) -> Findings:
    """A constraint names a guest node or a bundle replica where a resource is expected.

    The connection to a guest node has the guest's name as its id, but Pacemaker makes it: it is not in the CIB, and the CIB is rejected for
    a reference to nothing. A location constraint may name the guest as its `node`; as its resource a constraint names the machine. A
    colocation with the machine means the host of the guest, not its inside.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="ord" first="«g1»" then="web"/>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="ord" first="vm" then="web"/>
    <rsc_location id="loc" rsc="web" node="g1" score="100"/>
    ```

    References:
    - Pacemaker Explained, "Bundles", limitations
    - crm_verify 2.1.5 and 3.0.2: the CIB does not verify
    """
    if not cib.guest_nodes and not cib.bundles:
        return
    for name, references in cib.references_by_name.items():
        if references[0].resources or cib.element(name) is not None:
            continue
        if guests := cib.guests_by_name.get(v.fold(name)):
            kind, made_by, place = "guest node", guests[0].resource.id, guests[0].name_place
        elif (replica := cib.replica(name)) is not None:
            kind, made_by, place = "bundle replica", replica.bundle.id, replica.bundle.id_place
        else:
            continue
        for reference in references:
            yield problem(
                reference.place,
                f"{name!r} is a {kind}, not a resource",
                label="a resource is expected",
                consequence="the CIB does not verify: the id is not in it",
                help=(
                    f"name {made_by!r}, the resource that makes it"
                    if kind != "guest node" or not _is_colocation(reference)
                    else f"to put a resource inside, use a location constraint with node={name!r}; to put it on the host, name {made_by!r}"
                ),
                related=[(place, f"the {kind}")],
                # A colocation with the machine draws what belongs into the guest out of it.
                fix=None if kind == "guest node" and _is_colocation(reference) else fixes.named(reference, made_by),
            )


def _is_colocation(reference: Reference) -> bool:
    element = reference.place.node
    return "rsc_colocation" in (element.tag, *(outer.tag for outer in element.iterancestors()))


def _is_for_promoted(reference: Reference) -> bool:
    """Whether a ticket constraint names a resource for a role that a connection never has."""
    element = reference.place.node
    holder = element if element.tag == "rsc_ticket" else element.getparent()
    return v.fold(holder.get("rsc-role") or holder.get("role") or "") in ("promoted", "master")


@rule("REM311", "connection-depends-on-ticket", severity=INFO, tags=TAGS)
def connection_depends_on_ticket(cib: Cib) -> Findings:
    """A ticket constraint names a remote connection.

    That is allowed. As long as the ticket is not granted, nothing may connect to the remote node, and so it is rebooted each time the whole
    cluster starts (unless fencing or `startup-fencing` is off).

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    <rsc_ticket id="tic" ticket="siteA" rsc="«r1»"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="a" node="r1" score="INFINITY"/>
    <rsc_ticket id="tic" ticket="siteA" rsc="a"/>
    ```

    References:
    - Pacemaker Explained, "Multi-Site Clusters and Tickets"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for ticket in cib.tickets if cib.remote_nodes else ():
        for reference in ticket.references:
            for resource in reference.resources:
                if _connection(cib, resource) is not None and not _is_for_promoted(reference):
                    rebooted = "" if never_fences_at_start(cib) else ", which is rebooted each time the whole cluster starts"
                    yield problem(
                        reference.place,
                        f"connection resource {resource.id!r} depends on ticket {ticket.ticket!r}",
                        label="connection resource",
                        consequence=f"while the ticket is not granted, nothing connects to the remote node{rebooted}",
                        help="let what runs on the remote node depend on the ticket instead, if that is enough",
                    )


def _before_guests(cib: Cib) -> Iterator[tuple[Order, GuestNode, Resource, Reference, bool]]:
    """Each group, clone or bundle that is ordered to start before a guest's machine though it may run inside of the guest; and whether
    it surely does."""
    company: Mapping[str, list[Level]] | None = None
    involved: Mapping[str, set[int]] = {}
    for order in cib.orders_on(_machines(cib)):
        for first, then in order.pairs:
            # Where one of several is enough, Pacemaker does not wait for the instance inside.
            if not _is_start(first, then) or first.is_any:
                continue
            for guest in _machines_in(cib, then):
                node = Candidate(guest.name, "container")
                for resource, reference in first.resources:
                    if not _may_go_inside(resource) or not cib.placement.may_run(resource, node):
                        continue
                    if company is None:
                        company, involved = _runs_with(cib), _colocations_of(cib)
                    if _are_in_one(involved, resource, guest.resource):
                        continue
                    together = islice(_earlier([resource], company), _MOST_COMPANY)
                    if not any(_stays_outside(cib, one, node) for one in together):
                        surely = cib.placement.is_bound(resource, node) or _is_on_every_node(cib, resource)
                        yield order, guest, resource, reference, surely


def _machines_in(cib: Cib, level: Level) -> Iterator[GuestNode]:
    """The guests whose machines are started on a level, be it in a group."""
    if cib.guest_nodes:
        for resource, _ in level.resources:
            for primitive in resource.primitives:
                if (guest := cib.guests_by_resource.get(primitive.id)) is not None and not _is_off(guest.resource):
                    yield guest


def _may_go_inside(resource: Resource) -> bool:
    """Whether it is a group, clone or bundle that is started."""
    return resource.kind != "primitive" and resource.parent is None and not _is_off(resource)


def _stays_outside(cib: Cib, resource: Resource, node: Candidate) -> bool:
    """Whether a resource surely keeps off a guest node: it is banned there, or is of a kind that runs on cluster nodes only."""
    return cib.placement.may_run(resource, node) is False or any(
        one.is_connection or one.is_fence_device or one.id in cib.guests_by_resource for one in resource.primitives
    )


def _runs_with(cib: Cib) -> Mapping[str, list[Level]]:
    """What a resource must run with, by its id."""
    found: dict[str, list[Level]] = {}
    for colocation in cib.colocations:
        for primary, dependent in colocation.pairs:
            if dependent.score == v.INFINITY and colocation.is_on_one_node:
                for resource, _ in dependent.resources:
                    found.setdefault(resource.id, []).append(primary)
    return found


def _colocations_of(cib: Cib) -> Mapping[str, set[int]]:
    """The numbers of the colocations that name a resource, by its id."""
    found: dict[str, set[int]] = {}
    for number, colocation in enumerate(cib.colocations):
        for reference in colocation.references:
            for resource in reference.resources:
                found.setdefault(resource.id, set()).add(number)
    return found


def _are_in_one(involved: Mapping[str, set[int]], collective: Resource, machine: Resource) -> bool:
    """Whether a colocation names both, or what is in the one and what holds the other: then it decides who runs where."""
    inside = (collective.id, *(held.id for held in collective.primitives))
    return any(
        not involved[one].isdisjoint(involved.get(other, ()))
        for one in inside
        if one in involved
        for other in (machine.id, machine.top.id)
    )


def _is_on_every_node(cib: Cib, resource: Resource) -> bool:
    """Whether a clone surely has an instance for each node, guest nodes included."""
    most = resource.meta.get("clone-max")
    if resource.kind != "clone" or most.is_conditional or cib.placement.is_colocated(resource):
        return False
    nodes = len(cib.cluster_nodes) + len(cib.connected_nodes)
    return most.is_absent or (v.leading_integer(most.text or "") or 0) >= nodes


@rule("REM312", "guest-ordered-after-its-content", severity=ERROR, tags=(*TAGS, "guest"))
def guest_ordered_after_its_content(cib: Cib) -> Findings:
    """An order constraint starts a clone, group or bundle before a guest's machine, but it is to run inside of the guest, too.

    It is a deadlock. A guest node is a node like any other: a clone gets an instance there, unless a location constraint keeps it off.
    That instance waits for the guest, the guest for its machine, the machine for the whole clone. When the cluster starts, the machine is
    never started, and what waits for it neither; whatever the kind of the order, but for a set of which one is enough
    (`require-all=false`). Storage that is cloned for the hosts of virtual machines
    therefore has to be kept off the guests.

    Bad:

    ```xml
    <clone id="storage"><primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/></clone>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_order id="ord" first="«storage»" then="vm"/>
    ```

    A group that belongs into the guest:

    ```xml
    <group id="stack"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></group>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_location id="loc" rsc="stack" node="g1" score="INFINITY"/>
    <rsc_order id="ord" first="«stack»" then="vm"/>
    ```

    Good:

    The clone is kept off the guests:

    ```xml
    <clone id="storage"><primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/></clone>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_location id="loc" rsc="storage"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="eq" value="container"/></rule></rsc_location>
    <rsc_order id="ord" first="storage" then="vm"/>
    ```

    References:
    - crm_simulate 2.1.5
    """
    for order, guest, resource, reference, surely in _before_guests(cib):
        if surely:
            yield _waits_for_itself(
                order,
                guest,
                resource,
                reference,
                f"when the cluster starts, {guest.resource.id!r} is never started: it waits for {resource.id!r}, of which a part runs inside of"
                f" {guest.name!r} and so waits for {guest.resource.id!r}",
            )


@rule("REM313", "guest-ordered-after-possible-content", severity=WARNING, tags=(*TAGS, "guest"))
def guest_ordered_after_possible_content(cib: Cib) -> Findings:
    """An order constraint starts a group, clone or bundle before a guest's machine, and nothing keeps it out of the guest.

    A guest node is a node like any other. Where Pacemaker chooses it for the group, the group waits for the guest, the guest for its
    machine, and the machine for the group: neither is ever started. Whether it comes to that depends on what else runs where. (A single
    resource may be ordered so: if it goes into the guest, Pacemaker drops the order.)

    Bad:

    ```xml
    <group id="storage"><primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/></group>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_order id="ord" first="«storage»" then="vm"/>
    ```

    Good:

    The machine runs beside its storage, so the storage is on a cluster node:

    ```xml
    <group id="storage"><primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/></group>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    <rsc_order id="ord" first="storage" then="vm"/>
    <rsc_colocation id="col" rsc="vm" with-rsc="storage" score="INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5
    """
    for order, guest, resource, reference, surely in _before_guests(cib):
        if not surely:
            yield _waits_for_itself(
                order,
                guest,
                resource,
                reference,
                f"where Pacemaker places {resource.id!r} inside of {guest.name!r}, each waits for the other and neither is started",
            )


def _waits_for_itself(order: Order, guest: GuestNode, resource: Resource, reference: Reference, consequence: str) -> Problem:
    return problem(
        reference.place,
        f"{guest.resource.id!r} is ordered after {resource.kind} {resource.id!r}{_through(reference)}, which may run inside of its guest node"
        f" {guest.name!r}",
        label=f"the {resource.kind}",
        consequence=consequence,
        help=f"ban {resource.id!r} from {guest.name!r} by a location constraint, or remove order constraint {order.id!r}",
        related=[(guest.name_place, "the guest node")],
    )
