"""CON1: roles and actions that only promotable resources have, on resources that are not promotable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, Judgement, SetValue, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cibcheck.api import Constraint, Element, Order, Place, Reference, Resource

TAGS = ("constraints", "promotable")

_PROMOTED, _UNPROMOTED = ("promoted", "master"), ("unpromoted", "slave")
_SPECIAL = (*_PROMOTED, *_UNPROMOTED)


def _never_promoted(references: Iterable[Reference]) -> Resource | None:
    """The first resource that surely has no promoted instances; what is in a clone or bundle is another rule's matter."""
    for reference in references:
        for resource in reference.resources:
            if resource.held_by is None and resource.is_promotable is False:
                return resource
    return None


def _uses(
    cib: Cib, constraint: Constraint, attributes: dict[str, str], in_set: str
) -> Iterator[tuple[Place, str, list[Reference]]]:
    """Each place of a constraint where a role or action may be given, what is given, and whom it is about."""
    element: Element = constraint.element
    written = element.keys()
    for attribute, name in attributes.items():
        if attribute in written and name in written:
            yield cib.document.place(element, attribute), element.get(attribute, ""), [cib.refer(element, name)]
    for one in constraint.sets:
        if in_set in one.attrib:
            members = [cib.refer(member, "id", nested=True) for member in one.iterchildren("resource_ref")]
            yield cib.document.place(one, in_set), one.get(in_set, ""), members
    for one in constraint.children if "role" in attributes else ():
        if one.tag == "rule" and "role" in one.attrib:
            yield cib.document.place(one, "role"), one.get("role", ""), list(constraint.references)


@rule("CON102", "role-of-unpromotable", severity=ERROR, tags=TAGS)
def role_of_unpromotable(cib: Cib) -> Findings:
    """A colocation or location constraint is about the promoted role of a resource that is not promotable.

    Only promotable clones and bundles have promoted and unpromoted instances. For anything else the constraint is not enforced, and
    Pacemaker says nothing: with a score of INFINITY a resource starts even where the one that it must be with is stopped, and a ban does not
    ban. Often it is the clone's `promotable` option that is missing.

    (Of a plain clone as `with-rsc`, and with negative scores, Pacemaker 2.1 does not look at the role, so that the constraint holds as if
    there were none. That is a warning, as is a role of a location constraint that has rules: they have roles of their own.)

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="db" with-rsc-role="«Promoted»" score="INFINITY"/>
    ```

    In a set:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <rsc_location id="loc" node="node1" score="-INFINITY"><resource_set id="loc-set" role="«Promoted»">
      <resource_ref id="db"/></resource_set></rsc_location>
    ```

    In a rule:

    ```xml
    <clone id="db-clone"><primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/></clone>
    <rsc_location id="loc" rsc="db-clone"><rule id="loc-rule" role="«Promoted»" score="100">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="db-clone" with-rsc-role="Promoted" score="INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Clones", promotable clones in constraints
    - crm_simulate 2.1.5, tried
    """
    for constraint in (*cib.colocations, *cib.locations):
        attributes = {"role": "rsc", "rsc-role": "rsc", "with-rsc-role": "with-rsc"}
        for place, role, references in _uses(cib, constraint, attributes, "role"):
            is_location = constraint.element.tag == "rsc_location"
            if v.fold(role) not in (_PROMOTED if is_location else _SPECIAL):
                continue
            if (resource := _never_promoted(references)) is not None:
                is_sure = v.fold(role) in _PROMOTED and (is_location or _is_lost(constraint.element, place, resource))
                consequence = (
                    "the constraint bans and prefers nothing" if is_location else "Pacemaker does not enforce the colocation"
                )
                if is_location and is_unread(place.node):
                    is_sure, consequence = False, UNREAD
                elif not is_sure:
                    consequence = "Pacemaker does not look at the role, or does not enforce the colocation"
                yield problem(
                    place,
                    f"{resource.kind} {resource.id!r} never has the role {role}: it is not promotable",
                    consequence=consequence,
                    help=f"make {resource.id!r} promotable, or leave out the role",
                    related=[(resource.id_place, "not promotable")],
                    at_most=None if is_sure else WARNING,
                )


UNREAD = "Pacemaker does not read the role beside a rule: it bans and prefers as for all"


def is_unread(element: Element) -> bool:
    """Whether a role is not read: that of a location constraint, or of a set in one, that has rules."""
    constraint = element.getparent() if element.tag == "resource_set" else element
    return constraint is not None and constraint.tag == "rsc_location" and constraint.find("rule") is not None


def _is_lost(element: Element, place: Place, resource: Resource) -> bool:
    """Whether a colocation surely does nothing for a role that a resource never has: "with" it, and not a clone of it."""
    is_positive = (v.score(element.get("score", "0")).value or 0) > 0
    return is_positive and (
        place.part == "rsc-role" or (place.part == "with-rsc-role" and resource.kind in ("primitive", "group"))
    )


@rule("CON103", "action-of-unpromotable", severity=ERROR, tags=TAGS)
def action_of_unpromotable(cib: Cib) -> Findings:
    """An order constraint is about promoting or demoting a resource that is not promotable.

    Only promotable clones and bundles are promoted. What waits for the promotion of anything else is never started, if the order is
    mandatory; what should be promoted later starts without waiting. Nothing waits for a demotion. `then-action` is the same as
    `first-action` where it is not given: an order that starts with `first-action="promote"` needs `then-action="start"` for an ordinary
    resource.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="db-clone" first-action="«promote»" then="ip"/>
    ```

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="db" first-action="«promote»" then="ip" then-action="start"/>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord" first="db-clone" first-action="promote" then="ip" then-action="start"/>
    ```

    References:
    - Pacemaker Explained, "Specifying the Order in which Resources Should Start/Stop"
    - crm_simulate 2.1.5, tried
    """
    for order in cib.orders:
        uses = list(_uses(cib, order, {"first-action": "first", "then-action": "then"}, "action"))
        element = order.element
        if "then-action" not in element.attrib and "first-action" in element.attrib and "then" in element.attrib:
            uses.append(
                (cib.document.place(element, "first-action"), element.get("first-action", ""), [cib.refer(element, "then")])
            )
        held_up: set[Place] | None = None  # few orders promote anything
        for place, action, references in uses:
            resource = _never_promoted(references) if action in ("promote", "demote") else None
            if resource is not None:
                is_then = any(one.place.part == "then" for one in references)
                waits = "starts without waiting" if is_then else "nothing waits for that"
                if held_up is None:
                    held_up = {reference.place for reference in _awaited(order)}
                if any(reference.place in held_up for reference in references):
                    waits = "what waits for that never happens"
                yield problem(
                    place,
                    f"{resource.kind} {resource.id!r} is never {action}d: it is not promotable",
                    label="also counts as then-action" if is_then and place.part == "first-action" else None,
                    consequence=f"{resource.id!r} {waits}" if is_then else waits,
                    help='add then-action="start"' if is_then and place.part == "first-action" else "name another action",
                    related=[(resource.id_place, "not promotable")],
                )


def _awaited(order: Order) -> Iterator[Reference]:
    """The names whose promotion something surely waits for."""
    for first, then in order.pairs if order.kind == "Mandatory" else ():
        if first.detail == "promote" and (then.detail in ("start", "stop") or _never_promoted(then.references) is None):
            yield from first.references


_OLD = {"Master": "Promoted", "Slave": "Unpromoted"}
_NEW_SINCE = (3, 7)
"""The first schema that has the new names."""


@rule("CON104", "old-role-name", severity=WARNING, tags=(*TAGS, "deprecated"), fix="safe")
def old_role_name(cib: Cib, judgement: Judgement) -> Findings:
    """A constraint calls a role by its old name.

    `Master` and `Slave` are `Promoted` and `Unpromoted` since Pacemaker 2.1 and schema 3.7. The old names are deprecated. The rule says
    nothing of a CIB that declares an older schema, where the new names are not valid.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="db-clone" with-rsc-role="«Master»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="db-clone" with-rsc-role="Promoted" score="INFINITY"/>
    ```

    References:
    - Pacemaker 3.0: "Support for the Master role is deprecated"
    """
    declared = judgement.declared_version
    if declared is None or declared < _NEW_SINCE:
        return
    for constraint in cib.constraints:
        outer = constraint.element
        for element in (outer, *constraint.children):
            if _OLD.keys().isdisjoint(element.values()) or (element is not outer and element.tag not in ("resource_set", "rule")):
                continue
            for name in ("role", "rsc-role", "with-rsc-role"):
                if (new := _OLD.get(element.get(name, ""))) is not None:
                    place = cib.document.place(element, name)
                    yield problem(
                        place,
                        f"role {element.get(name)} of constraint {constraint.id!r} is called {new} now",
                        consequence="the old name is deprecated and will not be known some day",
                        help=f"write {new}",
                        fix=safe_fix(f"write {new} instead of {element.get(name)}", SetValue(place, new)),
                    )


@rule("CON105", "location-for-stopped-role", severity=WARNING, tags=("constraints",))
def location_for_stopped_role(cib: Cib) -> Findings:
    """A location constraint is for the role Stopped.

    The schema knows the role, but what is stopped is nowhere: the constraint bans and prefers nothing. Beside a rule the role is not read.
    (In a rule: see rule-for-started-role.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="-INFINITY" role="«Stopped»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="-INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for location in cib.locations:
        for element in location.sets or (location.element,):
            if v.fold(element.get("role", "")) == "stopped":
                yield problem(
                    cib.document.place(element, "role"),
                    f"location constraint {location.id!r} is for the role {element.get('role')}",
                    consequence=UNREAD if is_unread(element) else "it bans and prefers nothing",
                    help="leave out the role: then the constraint is for all",
                )
