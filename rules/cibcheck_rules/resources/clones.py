"""RES3: clones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Bundle, Cib, Clone, Findings, problem, quoted, rule
from cibcheck.api import values as v
from cibcheck_rules.resources.bundles import count_of, has_addresses

if TYPE_CHECKING:
    from cibcheck.api import Cib, Primitive, Setting


def clones_in(cib: Cib) -> list[Clone]:
    """The clones, which stand at top level."""
    return [resource for resource in cib.top_resources if isinstance(resource, Clone)]


def count_in(setting: Setting | None) -> int | None:
    """The count that a setting gives: what is no number counts as 0, as does what is below."""
    return None if setting is None else max(0, v.leading_integer(setting.text) or 0)


TAGS = ("resources", "clone")


@rule("RES301", "several-anonymous-instances-on-a-node", severity=ERROR, tags=TAGS)
def several_anonymous_instances_on_a_node(cib: Cib) -> Findings:
    """A clone is to have several instances on a node, which are not told apart.

    Only the instances of a globally unique clone may run on one node together. Otherwise Pacemaker sets `clone-node-max` back to 1, so that a
    cluster of three nodes has three instances, whatever `clone-max` says. (Where `globally-unique` is not set, Pacemaker 3 takes it for
    true because of `clone-node-max`, and 2.1 for false. The instances of a service are never globally unique.)

    Bad:

    ```xml
    <clone id="workers">
      <meta_attributes id="meta"><nvpair id="unique" name="globally-unique" value="false"/>
        <nvpair id="most" name="clone-node-max" value="«2»"/></meta_attributes>
      <primitive id="worker" class="ocf" provider="heartbeat" type="anything"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="workers">
      <meta_attributes id="meta"><nvpair id="unique" name="globally-unique" value="true"/>
        <nvpair id="most" name="clone-node-max" value="2"/></meta_attributes>
      <primitive id="worker" class="ocf" provider="heartbeat" type="anything"/>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clones"
    - crm_simulate 2.1.5, tried
    """
    for clone in clones_in(cib):
        most = clone.meta.get("clone-node-max").certain
        unique = clone.meta.get("globally-unique")
        if most is None or (count_in(most) or 0) <= 1 or unique.is_conditional or unique.parse(v.boolean) is True:
            continue
        service = _service_in(clone)
        is_implied = unique.is_absent and service is None
        if is_implied and "2.1" not in cib.targets:
            continue
        yield problem(
            most.place,
            f"clone {clone.id!r} is to have {count_in(most)} instances on a node, and they are not globally unique",
            consequence="Pacemaker 2.1 runs one on each node, Pacemaker 3 as many as asked for"
            if is_implied
            else "Pacemaker runs one on each node",
            help="leave clone-node-max out"
            if service
            else 'set globally-unique="true" if the agent can run several times on a node; else leave clone-node-max out',
            related=[(unique.certain.place, "not globally unique")]
            if unique.certain
            else [(service.id_place, f"of class {service.agent.standard}: there is one on each node")]
            if service
            else [],
            affects=[clone.id],
            at_most=WARNING if is_implied and "3.0" in cib.targets else None,
        )


# Classes whose agents learn nothing of the instance that they are.
_KNOWS_INSTANCES = frozenset(("ocf", "stonith"))


def _service_in(clone: Clone) -> Primitive | None:
    """What of a clone is no agent that could tell instances apart."""
    standards = ((primitive, primitive.agent.standard) for primitive in clone.primitives)
    return next((primitive for primitive, one in standards if one and v.fold(one) not in _KNOWS_INSTANCES), None)


@rule("RES302", "unique-clone-of-service", severity=WARNING, tags=TAGS)
def unique_clone_of_service(cib: Cib) -> Findings:
    """The instances of a clone are to be told apart, and the agent cannot do that.

    A service of systemd, or an init script, is there once on a node. Pacemaker ignores `globally-unique`, and runs one instance on each node.

    Bad:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="meta"><nvpair id="unique" name="globally-unique" value="«true»"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="web-clone"><primitive id="web" class="systemd" type="nginx"/></clone>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for clone in clones_in(cib):
        unique = clone.meta.get("globally-unique").certain
        if unique is None or v.boolean(unique.text).value is not True:
            continue
        if service := _service_in(clone):
            yield problem(
                unique.place,
                f"clone {clone.id!r} is globally unique, and {service.id!r} is of class {service.agent.standard}",
                consequence="Pacemaker ignores it, and runs one instance on each node",
                help="leave globally-unique out",
                related=[(service.id_place, "there is one on each node")],
                affects=[clone.id],
            )


@rule("RES307", "fewer-instances-than-needed", severity=ERROR, tags=(*TAGS, "constraints"))
def fewer_instances_than_needed(cib: Cib) -> Findings:
    """A clone has fewer instances than what is ordered after it waits for.

    `clone-min` says how many instances must run before what is ordered after the clone may start. With `clone-max` below it, that never
    happens. Where no plain order begins with the clone, it is a warning.

    Bad:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="meta"><nvpair id="all" name="clone-max" value="2"/>
        <nvpair id="least" name="clone-min" value="«3»"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="meta"><nvpair id="all" name="clone-max" value="3"/>
        <nvpair id="least" name="clone-min" value="2"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    ```

    References:
    - crm_simulate 2.1.5, tried: what is ordered after the clone never starts
    """
    for clone in clones_in(cib):
        least, most = clone.meta.get("clone-min").certain, clone.meta.get("clone-max").certain
        if least is not None and most is not None and (count_in(least) or 0) > (count_in(most) or 0) > 0:
            # In sets nothing waits for a number of instances (tried with crm_simulate 2.1.5).
            waiting = [order for order in cib.orders_on([clone]) if order.element.get("first") == clone.id]
            yield problem(
                least.place,
                f"clone {clone.id!r} must have {least.text} instances before others start, and has {most.text}",
                consequence="what is ordered after the clone never starts",
                help="make clone-min no greater than clone-max",
                related=[(most.place, "clone-max"), *((order.place, "waits") for order in waiting[:3])],
                affects=[clone.id],
                at_most=None if waiting else WARNING,
            )


@rule("RES308", "more-instances-than-nodes", severity=INFO, tags=TAGS)
def more_instances_than_nodes(cib: Cib) -> Findings:
    """A clone has more instances than the nodes can hold.

    The instances beyond the nodes never start. (Remote and guest nodes count as well.)

    Bad:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="meta"><nvpair id="all" name="clone-max" value="«4»"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="meta"><nvpair id="all" name="clone-max" value="3"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clones"
    """
    if not cib.cluster_nodes:
        return
    nodes = len(cib.cluster_nodes) + len(cib.connected_nodes)
    for clone in clones_in(cib):
        most = clone.meta.get("clone-max").certain
        on_a_node = clone.meta.get("clone-node-max")
        unique = clone.meta.get("globally-unique")
        if most is None or on_a_node.is_conditional or unique.is_conditional:
            continue
        several = (count_in(on_a_node.certain) or 1) if unique.parse(v.boolean) is not False else 1
        if (count_in(most) or 0) > nodes * several:
            yield problem(
                most.place,
                f"clone {clone.id!r} is to have {most.text} instances, and {nodes} nodes hold {nodes * several}",
                consequence="the instances beyond never start",
                help="leave clone-max out for one instance on each node",
                affects=[clone.id],
            )


@rule("RES309", "interleave-mismatch", severity=ERROR, tags=(*TAGS, "constraints"))
def interleave_mismatch(cib: Cib) -> Findings:
    """A clone is to be interleaved with one that has another number of instances on a node.

    `interleave` pairs the instances of two clones node by node. That works only where both may have the same number of instances on a
    node; otherwise Pacemaker does not interleave them where the colocation is mandatory. The first of the two may be a bundle as well.

    Bad:

    ```xml
    <clone id="front">
      <meta_attributes id="fm"><nvpair id="fi" name="interleave" value="«true»"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    <clone id="back">
      <meta_attributes id="bm"><nvpair id="bu" name="globally-unique" value="true"/>
        <nvpair id="bn" name="clone-node-max" value="2"/></meta_attributes>
      <primitive id="worker" class="ocf" provider="heartbeat" type="anything"/>
    </clone>
    <rsc_colocation id="col" rsc="front" with-rsc="back" score="INFINITY"/>
    ```

    Good:

    ```xml
    <clone id="front">
      <meta_attributes id="fm"><nvpair id="fi" name="interleave" value="true"/></meta_attributes>
      <primitive id="web" class="systemd" type="nginx"/>
    </clone>
    <clone id="back"><primitive id="worker" class="ocf" provider="heartbeat" type="anything"/></clone>
    <rsc_colocation id="col" rsc="front" with-rsc="back" score="INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Clones", interleave
    - crm_verify 2.1.5
    """
    for colocation in cib.colocations:
        for primary, dependent in colocation.pairs:
            # One with a finite score looks at the nodes only.
            for resource, _ in dependent.resources if abs(dependent.score or 0) == v.INFINITY else ():
                setting = resource.meta.get("interleave").certain if isinstance(resource, Clone | Bundle) else None
                if setting is None or v.boolean(setting.text).value is not True or not isinstance(resource, Clone | Bundle):
                    continue
                for other, _ in primary.resources:
                    if (
                        isinstance(other, Clone)
                        and None not in (own := _on_a_node(resource), its := _on_a_node(other))
                        and own != its
                    ):
                        yield problem(
                            setting.place,
                            f"{resource.kind} {resource.id!r} ({own} on a node) is to be interleaved with {other.id!r} ({its} on a node)",
                            consequence="Pacemaker does not interleave them for the colocation",
                            help="give both the same number: clone-node-max of a clone, replicas-per-host of a bundle",
                            related=[(colocation.place, "the colocation"), (other.id_place, "the other clone")],
                        )


def _on_a_node(clone: Clone | Bundle) -> int | None:
    """How many instances a node may have; None where that depends on a rule or the release."""
    if isinstance(clone, Bundle):
        return count_of(clone, "replicas-per-host", 1) if has_addresses(clone) else 1
    several, unique = clone.meta.get("clone-node-max"), clone.meta.get("globally-unique")
    if several.is_conditional or unique.is_conditional:
        return None
    number = count_in(several.certain)
    if number is None or unique.parse(v.boolean) is False:
        return 1
    return number if number <= 1 or unique.parse(v.boolean) is True else None


@rule("RES312", "clones-not-interleaved", severity=WARNING, tags=(*TAGS, "constraints"))
def clones_not_interleaved(cib: Cib) -> Findings:
    """A clone is ordered after another clone, and not interleaved with it.

    Each instance then waits for all instances of the other clone, on all nodes. When one of those fails, or a node joins, the instances on all
    nodes are restarted. With `interleave=true` an instance only waits for the one on its own node, and runs only where there is one.

    Left alone are clones with another number of instances on a node, which cannot be interleaved, and orders that restart nothing: those that
    are not symmetrical, those of promotions, and those for which some instances are enough (`clone-min`, `require-all=false`).

    Bad:

    ```xml
    <clone id="dlm-clone"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    <clone id="«fs-clone»"><primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/></clone>
    <rsc_order id="order" first="dlm-clone" then="fs-clone"/>
    ```

    Good:

    ```xml
    <clone id="dlm-clone"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    <clone id="fs-clone">
      <meta_attributes id="meta"><nvpair id="il" name="interleave" value="true"/></meta_attributes>
      <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/>
    </clone>
    <rsc_order id="order" first="dlm-clone" then="fs-clone"/>
    ```

    References:
    - Pacemaker Explained, "Clones", interleave
    - crm_simulate 2.1.5, tried
    """
    for order in cib.orders:
        is_any = v.boolean(order.element.get("require-all", "true")).value is False
        if order.kind != "Mandatory" or not order.is_symmetrical or is_any:
            continue
        for first, then in order.pairs:
            if first.detail != "start" or then.detail != "start" or first.is_any:
                continue
            clones = [one for one, _ in first.resources if isinstance(one, Clone) and one.meta.get("clone-min").is_absent]
            for clone, _ in then.resources if clones else ():
                if not isinstance(clone, Clone) or clone in clones:
                    continue
                interleave = clone.meta.get("interleave")
                if interleave.is_conditional or interleave.parse(v.boolean):
                    continue
                own = _on_a_node(clone)
                before = [one for one in clones if own is not None and _on_a_node(one) == own]
                if not before:
                    continue
                yield problem(
                    interleave.certain.place if interleave.certain is not None else clone.id_place,
                    f"clone {clone.id!r} is ordered after {quoted(one.id for one in before)}, and not interleaved",
                    consequence="when one of the others fails, or a node joins, its instances on all nodes are restarted",
                    help=f'set interleave="true" for {clone.id!r}, which then runs only where the others do',
                    related=[(order.place, "the order")],
                    affects=[clone.id],
                )
