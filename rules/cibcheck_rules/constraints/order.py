"""CON3: orders that say too much or in old words, and those that wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Group, Remove, Rename, SetValue, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, Order, Place, Problem, Reference, Resource


TAGS = ("constraints", "order")


@rule("CON304", "order-within-group", severity=INFO, tags=(*TAGS, "pcs"))
def order_within_group(cib: Cib) -> Findings:
    """An order constraint repeats what a group does anyway.

    The members of a group start one after the other, unless it has `ordered=false`. An order of two of them in the same direction adds
    nothing, and pcs refuses to make it, nor one of sets where they do not follow each other; in the other direction it is a deadlock (see
    order-deadlock). An order of the whole group before its own member does nothing, if it is not symmetrical; else it is a deadlock, too,
    when they stop.

    Bad:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_order id="ord" first="ip" then="«web»"/>
    ```

    Good:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <primitive id="files" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_order id="ord" first="files" then="web"/>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/order.py
    - crm_simulate 2.1.5, tried
    """
    for order in cib.orders:
        if order.sets:
            yield from _of_one_group(order)
        for first, then in order.pairs:
            if first.detail != "start" or then.detail != "start":
                continue
            earlier = {resource.parent.id: resource for resource, _ in first.resources if resource.parent is not None}
            groups = {resource.id for resource, _ in first.resources if resource.kind == "group"}
            for resource, reference in then.resources:
                group = resource.parent
                if not isinstance(group, Group) or group.held_by is not None:
                    continue
                other = earlier.get(group.id)
                if (group.id in groups and not order.is_symmetrical) or (
                    other is not None and group.is_ordered and _is_later(group.element, other.element, resource.element)
                ):
                    yield problem(
                        reference.place,
                        f"{resource.id!r} is in group {group.id!r}, "
                        + (f"after {other.id!r} anyway" if other is not None else "which is ordered before it"),
                        consequence="the order adds nothing",
                        help=f"remove it from order constraint {order.id!r}",
                        related=[(group.id_place, "the group")],
                    )


def _of_one_group(order: Order) -> Iterator[Problem]:
    """Members of one group that stand in the sets of an order, not one right after the other; against the group it is a deadlock."""
    before: dict[str, tuple[int, Resource]] = {}
    for number, level in enumerate(order.chain):
        for resource, reference in level.resources:
            group = resource.parent
            if group is None or group.kind != "group" or group.held_by is not None:
                continue
            at, other = before.get(group.id, (number, resource))
            before[group.id] = (number, resource)
            if resource is not other and (
                number == at or (number > at + 1 and _is_later(group.element, other.element, resource.element))
            ):
                yield problem(
                    reference.place,
                    f"{resource.id!r} is in group {group.id!r}, as {other.id!r} is",
                    consequence="pcs refuses to make such an order",
                    help=f"name one of them in order constraint {order.id!r}, or the group",
                    related=[(group.id_place, "the group")],
                )


def _is_later(group: Element, one: Element, other: Element) -> bool:
    return one is not other and group.index(one) < group.index(other)


@rule("CON305", "order-score", severity=WARNING, tags=(*TAGS, "deprecated"), fix="safe")
def order_score(cib: Cib) -> Findings:
    """An order has a score, where a kind belongs.

    Deprecated: a score of 0 means `kind="Optional"`, any other `kind="Mandatory"`. A score is no priority among orders. (That of a set is
    not read at all, see unread-set-attribute.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="ip" then="web" score="«0»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="ip" then="web" kind="Optional"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_ordering.c
    - crm_verify 2.1.5 and 3.0.2 warn
    """
    for order in cib.orders:
        element = order.element
        if "score" in element.attrib and "kind" not in element.attrib:
            kind = "Mandatory" if v.score(element.get("score", "")).value else "Optional"
            place = cib.document.place(element, "score")
            yield problem(
                place,
                f"order constraint {order.id!r} has a score",
                label=f"means {kind}",
                consequence=f'it counts as kind="{kind}", until a later release no longer reads it',
                help=f'write kind="{kind}"',
                fix=safe_fix(f'write kind="{kind}" instead of a score', Rename(place, "kind"), SetValue(place, kind)),
            )


@rule("CON306", "symmetrical-serialize", severity=WARNING, tags=TAGS, fix="safe")
def symmetrical_serialize(cib: Cib) -> Findings:
    """An order of kind Serialize is called symmetrical.

    `Serialize` keeps resources from starting at the same time, in whatever order: there is no reverse of it. Pacemaker ignores
    `symmetrical="true"` and warns.

    Bad:

    ```xml
    <primitive id="vm1" class="ocf" provider="heartbeat" type="Xen"/>
    <primitive id="vm2" class="ocf" provider="heartbeat" type="Xen"/>
    <rsc_order id="ord" first="vm1" then="vm2" kind="Serialize" symmetrical="«true»"/>
    ```

    Good:

    ```xml
    <primitive id="vm1" class="ocf" provider="heartbeat" type="Xen"/>
    <primitive id="vm2" class="ocf" provider="heartbeat" type="Xen"/>
    <rsc_order id="ord" first="vm1" then="vm2" kind="Serialize"/>
    ```

    References:
    - Pacemaker Explained, "Specifying the Order in which Resources Should Start/Stop"
    - crm_verify 2.1.5 and 3.0.2 warn
    """
    for order in cib.orders:
        is_on = v.boolean(order.element.get("symmetrical", "false")).value
        kinds = {order.kind, *(one.get("kind", "") for one in order.sets)}
        if is_on and "Serialize" in kinds:
            place = cib.document.place(order.element, "symmetrical")
            yield problem(
                place,
                f"order constraint {order.id!r} is of kind Serialize, and called symmetrical",
                consequence="Pacemaker ignores symmetrical there, and warns",
                help="leave out symmetrical",
                fix=safe_fix("remove symmetrical", Remove(place)) if kinds == {"Serialize"} else None,
            )


@rule("CON307", "require-all-of-clone", severity=WARNING, tags=(*TAGS, "deprecated"))
def require_all_of_clone(cib: Cib) -> Findings:
    """A plain order after a clone has require-all.

    Deprecated there: the clone's option `clone-min` says how many instances must run first, and `require-all="false"` is the same as
    `clone-min=1`. In resource sets `require-all` stays. For anything but a clone the attribute means nothing.

    Bad:

    ```xml
    <clone id="web-clone"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="web-clone" then="ip" require-all="«false»"/>
    ```

    Good:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="web-meta"><nvpair id="web-min" name="clone-min" value="1"/></meta_attributes>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="web-clone" then="ip"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_ordering.c
    - crm_verify 2.1.5 and 3.0.2 warn
    """
    for order, place, clones in _required(cib):
        is_default = v.boolean(order.get("require-all", "")).value is True
        yield problem(
            place,
            f"order constraint {order.get('id')!r} has require-all for clone {clones[0].id!r}",
            consequence="it is deprecated and will not be read some day",
            help="remove it: true is the default" if is_default else f"set clone-min of {clones[0].id!r} to 1 instead",
            related=[(clones[0].id_place, "the clone")],
            fix=safe_fix("remove require-all", Remove(place)) if is_default else None,
        )


def _required(cib: Cib) -> Iterator[tuple[Element, Place, list[Resource]]]:
    for order in cib.orders:
        element = order.element
        if "require-all" in element.attrib and element.get("first") is not None:
            first = cib.refer(element, "first").resources
            clones = [one for one in first if one.kind == "clone" and one.meta.get("clone-min").is_absent]
            if clones:
                yield element, cib.document.place(element, "require-all"), clones


_MOST_NAMED = 8


@rule("CON301", "order-deadlock", severity=ERROR, tags=TAGS)
def order_deadlock(cib: Cib) -> Findings:
    """Orders make resources wait for each other in a ring.

    Pacemaker plans to start all of them and starts none: each waits for the one before. It says nothing, and tries the same again and
    again. That is so with `Optional` and `Serialize` as well, with `symmetrical="false"`, and in resource sets. A group belongs to the ring
    where an order goes against the order of its members, or, symmetrical, from the whole group to one of them: the member is to stop
    before the group does, and never does. Of a symmetrical order, "not first" also means "not stopped last". A ring of starts and stops
    closes only where all of them are to be done at once, and is a warning. A ring that only an order with a lifetime closes is not
    evaluated, and the report says so.

    The cost is linear in resources and what orders name.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="web-then-ip" first="web" then="ip"/>
    <rsc_order id="«ip-then-web»" first="ip" then="web" kind="Optional"/>
    ```

    Against a group:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <primitive id="files" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_order id="web-then-files" first="web" then="files"/>
    <rsc_order id="«files-then-stack»" first="files" then="stack"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ip-then-web" first="ip" then="web"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2: the transition has actions that are never executed
    """
    numbers = {order.id: number for number, order in enumerate(cib.orders)}
    for deadlock in cib.ordering.deadlocks:
        if len(deadlock.orders) == 1 and any(True for _ in deadlock.orders[0].repeated):
            continue  # a resource that stands twice in one order, which is another finding
        last = max(deadlock.orders, key=lambda order: numbers[order.id])
        steps = [f"{action} {resource.id!r}" for resource, action in deadlock.actions]
        shown = [*steps[:_MOST_NAMED], "…"] if len(steps) > _MOST_NAMED else [*steps, steps[0]]
        resources = {resource.id: resource for resource, _ in deadlock.actions}
        is_certain = all(order.kind != "Serialize" for order in deadlock.orders) and not any(
            resource.is_disabled or _is_gone(resource) for resource in resources.values()
        )
        groups = [one for one in resources.values() if one.kind == "group"]
        # A ring of starts and stops needs both at once; each alone passes.
        is_sure = is_certain and len({action in ("stop", "demote") for _, action in deadlock.actions}) == 1
        yield problem(
            last.id_place,
            f"these wait for each other: {', then '.join(shown)}",
            label="closes the ring",
            consequence=f"{'none' if is_sure else 'when all are to be done at once, none'} of these actions is ever executed, and Pacemaker "
            "does not say so",
            help="remove one of the orders from the ring, or turn it round",
            related=[
                *((order.id_place, "belongs to the ring") for order in deadlock.orders[:_MOST_NAMED] if order is not last),
                *((group.id_place, "orders its members") for group in groups[:2]),
            ],
            affects=list(resources),
            at_most=None if is_sure else WARNING,
        )


def _is_gone(resource: Resource) -> bool:
    """Whether Pacemaker 3.0 drops a resource, and the constraints on it, since it no longer has the class or the kind of container."""
    return resource.element.find("rkt") is not None or any(
        one.agent.standard in ("nagios", "upstart") for one in resource.primitives
    )


@rule("CON302", "order-with-itself", severity=ERROR, tags=TAGS)
def order_with_itself(cib: Cib) -> Findings:
    """A plain order names the same resource twice, with the same action.

    Pacemaker's scheduler does not survive that: it stops with a fatal assertion each time, so that the cluster does nothing any more. The
    same goes for a tag or template on both sides. (Of a resource that stands twice in sets, resource-twice-in-order-set speaks.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="ord" first="web" then="«web»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="web" then="ip"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2: fatal assertion "first_action != then_action"
    """
    for order in cib.orders:
        if order.element.get("first") is None or order.element.get("then") is None:
            continue
        for first, then in order.pairs:
            if first.detail == then.detail and (both := _in_both(first.references[0], then.references[0])) is not None:
                yield problem(
                    then.references[0].place,
                    f"order constraint {order.id!r} orders {both.id!r} after itself",
                    label="the same resource",
                    consequence=_abort(order, both, first.detail),
                    help="remove the constraint, or name another resource",
                    related=[(first.references[0].place, "first")],
                )


def _abort(order: Order, resource: Resource, action: str, resource_set: Element | None = None) -> str:
    """What comes of an action that is ordered right after itself, and when if not at once: what must stop need not, unless the reverse of the
    order is about starts."""
    is_reversed = order.is_symmetrical and (resource_set is None or resource_set.get("kind") != "Serialize")
    is_at_once = action == "start" or (action == "stop" and is_reversed)
    when = "" if is_at_once and resource.is_disabled is None else f" when {resource.id!r} is to {action}"
    return f"the scheduler aborts at this constraint{when}, and the cluster does nothing any more"


def _in_both(one: Reference, other: Reference) -> Resource | None:
    """The first resource for which both stand."""
    ids = {resource.id for resource in one.resources}
    return next((resource for resource in other.resources if resource.id in ids and resource.held_by is None), None)


@rule("CON303", "resource-twice-in-order-set", severity=ERROR, tags=TAGS)
def resource_twice_in_order_set(cib: Cib) -> Findings:
    """A resource stands twice in the sets of an order.

    It then waits for itself, by way of all that is between: none of them is started. Where nothing is between, the scheduler aborts. Between
    two sets there is nothing, unless they say `sequential="true"`: without it Pacemaker orders each member of the one before each of the
    next. Nor is there in a set of kind `Serialize`.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set">
      <resource_ref id="web"/><resource_ref id="ip"/><resource_ref id="«web»"/></resource_set></rsc_order>
    ```

    Good:

    With another action it is something else:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord">
      <resource_set id="ord-set-1" action="start"><resource_ref id="db-clone"/></resource_set>
      <resource_set id="ord-set-2" action="promote"><resource_ref id="db-clone"/></resource_set>
      <resource_set id="ord-set-3" action="start"><resource_ref id="ip"/></resource_set>
    </rsc_order>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for order in cib.orders:
        latest: dict[tuple[str, str], list[Reference]] = {}
        for resource, first, second, distance in order.repeated if order.sets else ():
            holder = _set_of(second)
            action = holder.get("action", "start")
            names = latest.setdefault((resource.id, action), [first])  # the last one in each set
            aborts = any(_is_right_behind(order, one, second) for one in names[-2:])
            if _set_of(names[-1]) is holder:
                names.pop()
            names.append(second)
            is_idle = action in ("promote", "demote") and resource.is_promotable is False
            yield problem(
                second.place,
                f"{resource.id!r} stands twice in the sets of order constraint {order.id!r}",
                consequence="the scheduler may abort at this constraint, and the cluster does nothing any more"
                if is_idle and aborts
                else "the second one adds nothing"
                if is_idle or not (distance or aborts)
                else _abort(order, resource, action, holder)
                if aborts
                else f"it waits for itself, and is never {_DONE[action]}"
                if distance == 1
                else f"it waits for itself: none of what is between the two is {_DONE[action]}",
                help="remove one of them",
                related=[(first.place, "the first one")],
                at_most=None if (distance or aborts) and not is_idle else WARNING,
            )


_DONE = {"start": "started", "stop": "stopped", "promote": "promoted", "demote": "demoted"}


def _set_of(reference: Reference) -> Element:
    holder: Element = reference.place.node.getparent()
    return holder


def _is_right_behind(order: Order, first: Reference, second: Reference) -> bool:
    """Whether Pacemaker orders a name of a resource right before another name of it."""
    one, other = first.place.node, second.place.node
    holder, next_holder = _set_of(first), _set_of(second)
    before = next(other.itersiblings("resource_ref", preceding=True), None)
    if holder is next_holder:
        is_next = before is one and _is_on(holder, "sequential", default="true")
        return is_next or holder.get("kind", order.kind) == "Serialize"
    following = next(holder.itersiblings("resource_set"), None)
    if following is not next_holder or not _is_on(holder, "require-all", default="true"):
        return False
    is_last = next(one.itersiblings("resource_ref"), None) is None
    # Between sets "sequential" is not the default.
    return (is_last or not _is_on(holder, "sequential")) and (before is None or not _is_on(next_holder, "sequential"))


def _is_on(resource_set: Element, name: str, default: str = "false") -> bool:
    return v.boolean(resource_set.get(name, default)).value is True
