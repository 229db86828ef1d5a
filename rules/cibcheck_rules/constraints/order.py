"""CON3: orders that say too much, or in old words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Cib, Findings, Remove, Rename, SetValue, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, Place, Resource

TAGS = ("constraints", "order")


@rule("CON304", "order-within-group", severity=INFO, tags=(*TAGS, "pcs"))
def order_within_group(cib: Cib) -> Findings:
    """An order constraint repeats what a group does anyway.

    The members of a group start one after the other. An order of two of them in the same direction adds nothing, and pcs refuses to make
    it; in the other direction it is a deadlock (see order-deadlock). An order of the whole group before its own member does nothing.

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
        for first, then in order.pairs:
            if first.detail != "start" or then.detail != "start":
                continue
            earlier = {resource.parent.id: resource for resource, _ in first.resources if resource.parent is not None}
            groups = {resource.id for resource, _ in first.resources if resource.kind == "group"}
            for resource, reference in then.resources:
                group = resource.parent
                if group is None or group.kind != "group" or group.held_by is not None:
                    continue
                other = earlier.get(group.id)
                if group.id in groups or (other is not None and _is_later(group.element, other.element, resource.element)):
                    yield problem(
                        reference.place,
                        f"{resource.id!r} is in group {group.id!r}, "
                        + (f"after {other.id!r} anyway" if other is not None else "which is ordered before it"),
                        consequence="the order adds nothing",
                        help=f"remove it from order constraint {order.id!r}",
                        related=[(group.id_place, "the group")],
                    )


def _is_later(group: Element, one: Element, other: Element) -> bool:
    return one is not other and group.index(one) < group.index(other)


@rule("CON305", "order-score", severity=WARNING, tags=(*TAGS, "deprecated"), fix="safe")
def order_score(cib: Cib) -> Findings:
    """An order has a score, where a kind belongs.

    Deprecated: a score of 0 means `kind="Optional"`, any other `kind="Mandatory"`. A score is no priority among orders.

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
        for element in (order.element, *order.element.iterchildren("resource_set")):
            if "score" in element.attrib and "kind" not in element.attrib:
                kind = "Mandatory" if v.score(element.get("score", "")).value else "Optional"
                place = cib.document.place(element, "score")
                whose = "a set of order" if element.tag == "resource_set" else "order"
                yield problem(
                    place,
                    f"{whose} constraint {order.id!r} has a score",
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
