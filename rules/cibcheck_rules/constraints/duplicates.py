"""CON2: constraints that are there twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cibcheck.api import WARNING, Cib, Findings, Remove, Severity, problem, rule, safe_fix, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from cibcheck.api import Constraint, Element, Problem

TAGS = ("constraints", "duplicates")


def _role(text: str) -> str:
    """A role in its new spelling; none is Started."""
    return {"": "started", "master": "promoted", "slave": "unpromoted"}.get(v.fold(text), v.fold(text))


def _again(
    found: dict[Hashable, Constraint],
    key: Hashable,
    constraint: Constraint,
    what: str,
    consequence: str,
    *,
    at_most: Severity | None = None,
) -> Iterator[Problem]:
    """A problem where a constraint says what another one said before; it is a safe fix to remove one that is equal in all, unless their
    scores add up."""
    first = found.setdefault(key, constraint)
    if first is not constraint:
        same = _content(first.element) == _content(constraint.element)
        is_idle = same and not _adds_up(constraint)
        make = safe_fix if is_idle else unsafe_fix
        yield problem(
            constraint.id_place,
            f"{what} {constraint.id!r} is about the same as {first.id!r}",
            label="again",
            consequence="one of them adds nothing" if is_idle else consequence,
            help="keep one of them",
            related=[(first.id_place, "the first one")],
            fix=make(f"remove {constraint.id!r}", Remove(constraint.place)) if same else None,
            at_most=at_most,
        )


def _adds_up(constraint: Constraint) -> bool:
    """Whether a constraint weighs more if it is there twice."""
    scores = (level.score for level in constraint.chain if level.score is not None)
    return constraint.element.tag == "rsc_location" or any(abs(score) < v.INFINITY for score in scores)


def _content(element: Element) -> object:
    """All that an element says, but for ids that only name it."""
    own = {name: text for name, text in element.items() if name != "id" or element.tag == "resource_ref"}
    return (str(element.tag), own, [_content(child) for child in element.iterchildren("*")])


def _asked(element: Element) -> str:
    """What a rule asks, in whatever order and with whatever score."""
    own = {name: text for name, text in element.items() if name not in ("id", "score", "score-attribute")}
    if element.tag == "rule":
        own["boolean-op"] = v.fold(own.get("boolean-op", "and"))
    return repr((element.tag, sorted(own.items()), sorted(_asked(child) for child in element.iterchildren("*"))))


@rule("CON211", "duplicate-location", severity=WARNING, tags=TAGS)
def duplicate_location(cib: Cib) -> Findings:
    """Two plain location constraints are about the same resource and node.

    Their scores add up: two times 100 is 200. pcs replaces the older one when the same resource is placed on the same node again, so at most
    one is meant. (INFINITY against -INFINITY is ban-against-preference.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web" node="node1" score="100"/>
    <rsc_location id="«loc2»" rsc="web" node="node1" score="50"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web" node="node1" score="100"/>
    <rsc_location id="loc2" rsc="web" node="node2" score="50"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    found: dict[Hashable, Constraint] = {}
    for location in cib.locations:
        element = location.element
        about = element.get("rsc") or element.get("rsc-pattern")
        if location.node is None or about is None or location.has_lifetime or _role(location.role) == "stopped":
            continue
        key = (
            about,
            "rsc" in element.attrib,
            v.fold(location.node),
            _role(location.role) == "promoted",
            location.discovery,
        )
        first = found.get(key)
        scores = {location.score, first.score if first is not None else None}  # type: ignore[attr-defined]
        if scores != {v.INFINITY, -v.INFINITY}:
            yield from _again(found, key, location, "location constraint", "the scores add up")


@rule("CON212", "duplicate-location-rule", severity=WARNING, tags=(*TAGS, "rules"), fix="unsafe")
def duplicate_location_rule(cib: Cib) -> Findings:
    """Two location constraints have the same resource and the same rule.

    The scores add up, which is rarely meant. Whatever the scores are, pcs does not make a second one; in what order a rule has its conditions
    makes no difference.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web"><rule id="rule1" score="100">
      <expression id="site1" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    <rsc_location id="«loc2»" rsc="web"><rule id="rule2" score="100">
      <expression id="site2" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc1" rsc="web"><rule id="rule1" score="100">
      <expression id="site1" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    <rsc_location id="loc2" rsc="web"><rule id="rule2" score="50">
      <expression id="site2" attribute="site" operation="eq" value="b"/></rule></rsc_location>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/location.py
    """
    found: dict[Hashable, Constraint] = {}
    written = [
        (about, location, element)
        for location in cib.locations
        for element in location.rules
        if (about := location.element.get("rsc") or location.element.get("rsc-pattern")) is not None
    ]
    times = Counter(about for about, _, _ in written)
    for about, location, element in written:
        if times[about] > 1:  # most rules are the only ones about their resource
            key = (about, "rsc" in location.element.attrib, _asked(element))
            yield from _again(found, key, location, "location constraint", "the scores add up")


@rule("CON213", "duplicate-colocation", severity=WARNING, tags=TAGS)
def duplicate_colocation(cib: Cib) -> Findings:
    """Two colocations are about the same resources and roles.

    Both count, and finite scores add up; where one is INFINITY and the other -INFINITY, see together-and-apart.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col1" rsc="web" with-rsc="ip" score="INFINITY"/>
    <rsc_colocation id="«col2»" rsc="web" with-rsc="ip" rsc-role="Started" score="100"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col1" rsc="web" with-rsc="ip" score="INFINITY"/>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/colocation.py
    - crm_simulate 2.1.5, tried
    """
    found: dict[Hashable, Constraint] = {}
    for colocation in cib.colocations:
        element = colocation.element
        if "rsc" in element.attrib and "with-rsc" in element.attrib and not colocation.has_lifetime:
            names = (element.get("rsc"), element.get("with-rsc"), element.get("node-attribute"))
            key = (*names, _role(element.get("rsc-role", "")), _role(element.get("with-rsc-role", "")))
            if not (key in found and {found[key].score, colocation.score} == {v.INFINITY, -v.INFINITY}):  # type: ignore[attr-defined]
                yield from _again(found, key, colocation, "colocation", "both count: finite scores add up")


@rule("CON214", "duplicate-order", severity=WARNING, tags=TAGS)
def duplicate_order(cib: Cib) -> Findings:
    """Two plain orders are about the same resources and actions.

    Both count, so that the stricter one decides.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord1" first="ip" then="web" kind="Optional"/>
    <rsc_order id="«ord2»" first="ip" first-action="start" then="web"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord1" first="ip" then="web"/>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/order.py
    """
    found: dict[Hashable, Constraint] = {}
    for order in cib.orders:
        element = order.element
        if "first" in element.attrib and "then" in element.attrib and not order.has_lifetime:
            action = v.fold(element.get("first-action", "start"))
            key = (element.get("first"), element.get("then"), action, v.fold(element.get("then-action", action)))
            yield from _again(found, key, order, "order constraint", "both count: the stricter one decides")


@rule("CON215", "duplicate-set-constraint", severity=WARNING, tags=(*TAGS, "sets"), fix="safe")
def duplicate_set_constraint(cib: Cib) -> Findings:
    """Two constraints of one kind have sets of the same members in the same order.

    pcs refuses to make the second one. Roles and actions count here, scores and kinds do not.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord1"><resource_set id="set1"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    <rsc_order id="«ord2»"><resource_set id="set2"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord1"><resource_set id="set1"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    <rsc_order id="ord2"><resource_set id="set2"><resource_ref id="ip"/><resource_ref id="mail"/></resource_set></rsc_order>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/resource_set.py
    """
    found: dict[Hashable, Constraint] = {}
    for constraint in (*cib.colocations, *cib.orders, *cib.tickets):
        if constraint.sets and not constraint.has_lifetime:
            members = tuple(
                (one.get("role"), one.get("action"), tuple(member.get("id") for member in one.iterchildren("resource_ref")))
                for one in constraint.sets
            )
            key = (str(constraint.element.tag), constraint.element.get("ticket"), members)
            yield from _again(found, key, constraint, "constraint", "both count")


@rule("CON216", "duplicate-ticket-constraint", severity=WARNING, tags=(*TAGS, "tickets"))
def duplicate_ticket_constraint(cib: Cib) -> Findings:
    """Two ticket constraints are about the same ticket, resource and role.

    Both count: where their loss policies differ, `fence` wins over the others, and `freeze` over `stop` and `demote`.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic1" ticket="site-a" rsc="web" loss-policy="stop"/>
    <rsc_ticket id="«tic2»" ticket="site-a" rsc="web" loss-policy="freeze"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic1" ticket="site-a" rsc="web" loss-policy="stop"/>
    <rsc_ticket id="tic2" ticket="site-b" rsc="web" loss-policy="stop"/>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/constraint/ticket.py
    - crm_simulate 2.1.5, tried
    """
    found: dict[Hashable, Constraint] = {}
    for ticket in cib.tickets:
        element = ticket.element
        if "rsc" in element.attrib:
            key = (ticket.ticket, element.get("rsc"), _role(element.get("rsc-role", "")))
            yield from _again(found, key, ticket, "ticket constraint", "both count: of two loss policies the stronger wins")
