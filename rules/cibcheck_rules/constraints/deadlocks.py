"""CON3: orders that wait for each other, or for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, problem, rule

if TYPE_CHECKING:
    from cibcheck.api import Reference, Resource

TAGS = ("constraints", "order")

_MOST_NAMED = 8


@rule("CON301", "order-deadlock", severity=ERROR, tags=TAGS)
def order_deadlock(cib: Cib) -> Findings:
    """Orders make resources wait for each other in a ring.

    Pacemaker plans to start all of them and starts none: each waits for the one before. It says nothing, and tries the same again and
    again. That is so with `Optional` and `Serialize` as well, with `symmetrical="false"`, and in resource sets. A group belongs to the ring
    where an order goes against the order of its members. Of a symmetrical order, "not first" also means "not stopped last".

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
        yield problem(
            last.id_place,
            f"these wait for each other: {', then '.join(shown)}",
            label="closes the ring",
            consequence="none of these actions is ever executed, and Pacemaker does not say so",
            help="remove one of the orders from the ring, or turn it round",
            related=[
                *((order.id_place, "belongs to the ring") for order in deadlock.orders[:_MOST_NAMED] if order is not last),
                *((group.id_place, "orders its members") for group in groups[:2]),
            ],
            affects=list(resources),
            at_most=None if is_certain else WARNING,
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
    same goes for a tag or template on both sides. (A resource that stands twice in a set waits for itself and is not started; see
    order-deadlock.)

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
                    consequence="the scheduler aborts at this constraint, and the cluster does nothing any more",
                    help="remove the constraint, or name another resource",
                    related=[(first.references[0].place, "first")],
                )


def _in_both(one: Reference, other: Reference) -> Resource | None:
    """The first resource for which both stand."""
    ids = {resource.id for resource in one.resources}
    return next((resource for resource in other.resources if resource.id in ids and resource.held_by is None), None)


@rule("CON303", "resource-twice-in-order-set", severity=ERROR, tags=TAGS)
def resource_twice_in_order_set(cib: Cib) -> Findings:
    """A resource stands twice in the sets of an order.

    It then waits for itself, by way of all that is between: none of them is started.

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
        for resource, first, second, is_later in order.repeated if order.sets else ():
            yield problem(
                second.place,
                f"{resource.id!r} stands twice in the sets of order constraint {order.id!r}",
                consequence="it waits for itself: none of what is between the two is started"
                if is_later
                else "the second one adds nothing",
                help="remove one of them",
                related=[(first.place, "the first one")],
                at_most=None if is_later else WARNING,
            )
