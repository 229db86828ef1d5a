"""CON5: resources that no node may run; bans and leftovers that steer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Group, Place, Remove, problem, quoted, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Candidate, Location, Resource

TAGS = ("constraints", "placement")


def _nodes(cib: Cib) -> Sequence[Candidate]:
    """The nodes that may run an ordinary resource; raises Unknown where they are not known."""
    return (*cib.cluster_candidates, *cib.remote_candidates)


def _others_speak(cib: Cib, resource: Resource) -> bool:
    """Whether rules about remote nodes speak of a resource: connections, the machines of guests, fence devices."""
    return any(one.is_connection or one.is_fence_device or one.id in cib.guests_by_resource for one in resource.primitives)


def _shut_out(cib: Cib, nodes: Sequence[Candidate]) -> Iterator[Resource]:
    """What none of some nodes may run: a group rather than its members, as far as constraints do not tell them apart."""
    for top in cib.top_resources:
        members = [one for one in top.primitives if _is_named(cib, one)] if top.kind == "group" else []
        if not members or _is_named(cib, top):
            if cib.placement.is_shut_out(top, nodes):
                # Where a member is allowed for itself, it starts, and the others do not.
                if all(cib.placement.is_shut_out(member, nodes) for member in members):
                    yield top
                    continue
                members = list(top.primitives)
        else:
            members = list(top.primitives)
        yield from (member for member in members if cib.placement.is_shut_out(member, nodes))


def _is_named(cib: Cib, resource: Resource) -> bool:
    """Whether a location constraint is about the resource itself."""
    return bool(cib.placement.own_locations(resource))


@rule("CON501", "resource-has-no-node", severity=ERROR, tags=TAGS)
def resource_has_no_node(cib: Cib) -> Findings:
    """No node may run a resource.

    Location constraints ban it from every node, or the cluster is opt-in (`symmetric-cluster=false`) and no location constraint names it.
    Pacemaker does not start it, and says nothing. In an opt-in cluster every resource needs a location constraint, and each member of a
    group, if not the group itself; a score of 0 is enough.

    Whether any node may run it is not evaluated, and the report says so, where a date, a node attribute that the configuration does not
    have, or a pattern that is not matched decides it. What a colocation adds is left open. At most 100000 pairs of a resource that is
    banned from the first node, and of a node, are looked at.

    Bad:

    ```xml
    <primitive id="«web»" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="web"><rule id="loc2-rule" score="-INFINITY">
      <expression id="loc2-name" attribute="#uname" operation="ne" value="node1"/></rule></rsc_location>
    ```

    Opt-in:

    ```xml
    <cluster_property_set id="props"><nvpair id="sym" name="symmetric-cluster" value="false"/></cluster_property_set>
    <clone id="«web-clone»"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></clone>
    <rsc_location id="fence-loc" rsc="fence" node="node1" score="0"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="web" node="node2" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Location Constraints"
    - crm_simulate 2.1.5, tried
    """
    nodes = _nodes(cib)
    for resource in _shut_out(cib, nodes):
        if _others_speak(cib, resource):
            continue
        bans = cib.placement.bans(resource, nodes)
        symmetric = cib.option("symmetric-cluster").certain
        related: list[tuple[Place, str]] = [(location.place, "bans it here") for location in bans[:3]]
        if not related and symmetric is not None:
            related = [(symmetric.place, "every resource needs a location")]
        yield problem(
            resource.id_place,
            f"no node may run {resource.kind} {resource.id!r}",
            consequence="it is never started",
            help="allow a node by a location constraint" if not bans else "leave at least one node that may run it",
            related=related,
            at_most=WARNING if resource.is_disabled else None,
        )


@rule("CON502", "group-has-no-common-node", severity=ERROR, tags=TAGS)
def group_has_no_common_node(cib: Cib) -> Findings:
    """The members of a group are banned from each other's nodes.

    Every member may run somewhere, but no node may run them all. The first members start, and the rest never does, unless the group has
    `collocated=false`.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <group id="«stack»">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_location id="loc1" rsc="ip" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="web" node="node2" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_location id="loc1" rsc="ip" node="node1" score="-INFINITY"/>
    <rsc_location id="loc2" rsc="web" node="node1" score="-INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for group in cib.top_resources:
        if not isinstance(group, Group) or not group.is_collocated or _others_speak(cib, group):
            continue
        members = [member for member in group.primitives if _is_named(cib, member)]
        nodes = _nodes(cib) if members else ()
        if cib.placement.are_apart(group, nodes) and not any(cib.placement.is_shut_out(one, nodes) for one in group.primitives):
            bans: dict[str, Location] = {ban.id: ban for member in members for ban in cib.placement.bans(member, nodes)}
            yield problem(
                group.id_place,
                f"no node may run all members of group {group.id!r}",
                consequence="the first members start, and the rest never does",
                help="place the group as a whole",
                related=[(ban.place, "bans a member") for ban in list(bans.values())[:4]],
                at_most=WARNING if group.is_disabled else None,
            )


@rule("CON503", "resource-has-standby-nodes-only", severity=WARNING, tags=(*TAGS, "nodes"))
def resource_has_standby_nodes_only(cib: Cib) -> Findings:
    """All nodes that may run a resource are in standby.

    Location constraints leave it nodes that have the attribute `standby` in the configuration. It is not started until one of them comes
    back. The rule says nothing where all nodes are in standby.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"><instance_attributes id="node2-a">
      <nvpair id="node2-standby" name="standby" value="on"/></instance_attributes></node></nodes>
    <primitive id="«web»" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"><instance_attributes id="node2-a">
      <nvpair id="node2-standby" name="standby" value="on"/></instance_attributes></node></nodes>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node2" score="-INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    nodes = _nodes(cib)
    awake = [node for node in nodes if v.fold(node.name) not in cib.standby_nodes]
    if not awake or len(awake) == len(nodes):
        return
    for resource in _shut_out(cib, awake):
        if not cib.placement.is_shut_out(resource, nodes):
            left = [node for node in nodes if cib.placement.may_run(resource, node) is not False]
            places = [cib.standby_nodes[v.fold(node.name)].place for node in left]
            yield problem(
                resource.id_place,
                f"all nodes that may run {resource.kind} {resource.id!r} are in standby: {quoted(node.name for node in left)}",
                consequence="it is not started until one of them comes back",
                help="take a node out of standby, or allow another one",
                related=[(place, "in standby") for place in places[:3]],
                at_most=INFO if resource.is_disabled else None,
            )


@rule("CON601", "leftover-of-move-or-ban", severity=WARNING, tags=("constraints", "leftovers"), fix="unsafe")
def leftover_of_move_or_ban(cib: Cib, *, prefixes: tuple[str, ...] = ("cli-ban-", "cli-prefer-", "cli-standby-")) -> Findings:
    """A location constraint is left over from a move or ban.

    `crm_resource --move` and `--ban`, `pcs resource move` and `ban`, `crm resource move` make a constraint, which stays until it is cleared:
    the resource cannot go back to the node, or goes back to it whenever it can. One with a lifetime ends by itself.

    The option `prefixes` has the beginnings of ids by which such constraints are known.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="«cli-ban-web-on-node1»" rsc="web" node="node1" score="-INFINITY" role="Started"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-not-on-node1" rsc="web" node="node1" score="-INFINITY"/>
    ```

    References:
    - crm_resource(8), --move, --ban and --clear
    """
    for location in cib.locations:
        if not location.id.startswith(prefixes) or location.has_lifetime:
            continue
        if not any(condition.tag == "date_expression" for one in cib.rules_in(location.element) for condition in one.conditions):
            ids = [reference.id for reference in location.references]
            names = ", ".join(map(repr, ids)) or "what it matches"
            scores = [v.score(one.get("score", "0")).value for one in location.rules] or [location.score]
            is_ban = any((score or 0) < 0 for score in scores)
            role = next((one.get("role", "") for one in location.rules), location.role)
            if v.fold(role) in ("promoted", "master"):
                follows = "cannot be promoted on the node" if is_ban else "is promoted on the node whenever that can be"
            else:
                follows = "cannot run on the node" if is_ban else "goes to the node whenever that can be"
            is_clearable = any(
                location.id == f"cli-prefer-{name}" or location.id.startswith(f"cli-ban-{name}-on-") for name in ids
            )
            yield problem(
                location.id_place,
                f"location constraint {location.id!r} is left over from a move or ban",
                label=f"{'bans' if is_ban else 'binds'} {names}",
                consequence=f"{names} {follows}, until it is cleared",
                help=(f"clear it (crm_resource --clear --resource {ids[0]})" if is_clearable else "remove it")
                + ", or give the constraint a name if it is to stay",
                fix=unsafe_fix(f"remove location constraint {location.id!r}", Remove(location.place)),
            )


@rule("CON204", "ban-against-preference", severity=WARNING, tags=TAGS)
def ban_against_preference(cib: Cib) -> Findings:
    """A resource is both bound to a node and banned from it.

    One location constraint has INFINITY, another -INFINITY, for the same resource and node, which a rule may name by `#uname`. The ban
    wins. Where both are for the promoted role, that is about promotion only.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="INFINITY"/>
    <rsc_location id="ban" rsc="web" node="«node1»" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="INFINITY"/>
    <rsc_location id="ban" rsc="web" node="node2" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Location Constraints", infinity math
    - crm_simulate 2.1.5, tried
    """
    wishes: dict[tuple[str, str, str], tuple[Location, str, Place]] = {}
    bans: dict[tuple[str, str, str], tuple[Location, str, Place]] = {}
    matched = _by_pattern(cib)
    for location in cib.locations:
        for node, score, role, place in _infinities(cib, location):
            found = wishes if score > 0 else bans
            named = [resource.id for reference in location.references for resource in reference.resources]
            for name in (*named, *matched.get(location, ())):
                found.setdefault((name, v.fold(node), role), (location, node, place))
    for key, (ban, node, place) in bans.items():
        if key in wishes:
            wish, _, wished = wishes[key]
            yield problem(
                place,
                f"{key[0]!r} is banned from node {node!r}, to which it is bound",
                label="banned here",
                consequence=f"the ban wins: it {'is never promoted' if key[2] else 'never runs'} there",
                help=f"remove location constraint {ban.id!r} or {wish.id!r}",
                related=[(wished, "bound here")],
            )


def _by_pattern(cib: Cib) -> dict[Location, list[str]]:
    """The resources that each constraint with a pattern surely takes in."""
    found: dict[Location, list[str]] = {}
    if any(location.pattern is not None for location in cib.locations):
        for resource in cib.top_resources:
            for location, applies in cib.placement.locations_of(resource):
                if applies and location.pattern is not None:
                    found.setdefault(location, []).append(resource.id)
    return found


def _infinities(cib: Cib, location: Location) -> Iterator[tuple[str, int, str, Place]]:
    """The nodes to which a constraint surely binds, or from which it bans: with the score, the role, and where the node is named."""
    if location.has_lifetime or v.fold(location.role) == "stopped":
        return
    if location.node is not None:
        if abs(score := location.score or 0) == v.INFINITY:
            yield location.node, score, _role(location.role), location.node_place
        return
    for element in location.rules:
        score = v.score(element.get("score", "0")).value or 0
        expression = element[0] if len(element) == 1 else None
        if abs(score) != v.INFINITY or expression is None or expression.tag != "expression":
            continue
        asked = (expression.get("attribute"), v.fold(expression.get("operation", "")), expression.get("value-source", "literal"))
        role = element.get("role", "")
        # In a rule "Started" does not mean what it means in the constraint.
        if asked == ("#uname", "eq", "literal") and "value" in expression.attrib and v.fold(role) not in ("started", "stopped"):
            yield expression.get("value", ""), score, _role(role), cib.document.place(expression, "value")


def _role(text: str) -> str:
    """The role that a constraint is for; the empty string for all."""
    return "" if v.fold(text) in ("", "started", "unpromoted", "slave") else v.fold(text)
