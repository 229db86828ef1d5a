"""CON6: resource sets and tickets."""

from __future__ import annotations

import re

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, SetValue, problem, rule, safe_fix
from cibcheck.api import values as v

TAGS = ("constraints", "sets")
TICKETS = ("constraints", "tickets")

# What counts in a set, by the kind of the constraint.
_READ = {
    "rsc_location": ("role",),
    "rsc_colocation": ("sequential", "role", "score", "ordering"),
    "rsc_order": ("sequential", "require-all", "action", "kind", "score"),
    "rsc_ticket": ("role",),
}
_WRITTEN = ("sequential", "require-all", "ordering", "action", "role", "score", "kind")


@rule("CON611", "set-of-one", severity=WARNING, tags=TAGS)
def set_of_one(cib: Cib) -> Findings:
    """An order or colocation has but one set, with one member.

    There is nothing to order it after or to place it with: the constraint has no effect. A tag or template may stand for several.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="«ord»"><resource_set id="ord-set"><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="set1"><resource_ref id="ip"/></resource_set>
      <resource_set id="set2"><resource_ref id="web"/></resource_set></rsc_order>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for constraint in (*cib.colocations, *cib.orders):
        references = constraint.references
        if len(constraint.sets) == 1 and len(references) == 1 and references[0].via is None and references[0].resources:
            yield problem(
                constraint.id_place,
                f"constraint {constraint.id!r} has one set with one member, {references[0].id!r}",
                consequence="it has no effect",
                help="add the other resources, or remove it",
                fix=safe_fix(f"remove {constraint.id!r}", Remove(constraint.place)),
            )


@rule("CON612", "free-set-alone", severity=WARNING, tags=TAGS)
def free_set_alone(cib: Cib) -> Findings:
    """An order or colocation has but one set, and that is not sequential.

    `sequential="false"` makes the members of a set free of each other; it is of use beside other sets. Alone the constraint has no effect.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" sequential="«false»">
      <resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="set1"><resource_ref id="ip"/></resource_set>
      <resource_set id="set2" sequential="false"><resource_ref id="web"/><resource_ref id="mail"/></resource_set></rsc_order>
    ```

    References:
    - Pacemaker Explained, "Resource Sets"
    - crm_simulate 2.1.5, tried
    """
    for constraint in (*cib.colocations, *cib.orders):
        sets = constraint.sets
        if len(sets) == 1 and len(constraint.references) > 1 and v.boolean(sets[0].get("sequential", "true")).value is False:
            yield problem(
                cib.document.place(sets[0], "sequential"),
                f"the only set of constraint {constraint.id!r} is not sequential",
                consequence="its members are free of each other: the constraint has no effect",
                help="leave out sequential, or add another set",
            )


@rule("CON613", "unread-set-attribute", severity=WARNING, tags=TAGS)
def unread_set_attribute(cib: Cib) -> Findings:
    """A resource set has an attribute that means nothing in its constraint.

    Orders go by actions and kinds, colocations by roles and scores, location and ticket constraints by roles. The schema allows all of them
    in any set; Pacemaker does not read the others.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" «role»="Started"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" action="start"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    References:
    - Pacemaker Explained, "Resource Sets"
    """
    for constraint in cib.constraints:
        tag = str(constraint.element.tag)
        for one in constraint.element.iterchildren("resource_set"):
            for name in _WRITTEN:
                if name in one.attrib and name not in _READ[tag]:
                    yield problem(
                        cib.document.place(one, f"@{name}"),
                        f"{name} means nothing in a set of a {tag.removeprefix('rsc_')} constraint",
                        consequence="Pacemaker does not read it",
                        help="remove it" + ("; an order goes by action" if name == "role" and tag == "rsc_order" else ""),
                        fix=safe_fix(f"remove {name}", Remove(cib.document.place(one, name))),
                    )


@rule("CON614", "listed-set", severity=WARNING, tags=(*TAGS, "deprecated"), pacemaker="3.0", elsewhere=INFO)
def listed_set(cib: Cib) -> Findings:
    """The set of a colocation has `ordering="listed"`.

    Deprecated since 2.1.7. It makes each member depend on the next one instead of the one before; turn the order of the members round
    instead.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" score="INFINITY"><resource_set id="col-set" ordering="«listed»">
      <resource_ref id="web"/><resource_ref id="ip"/></resource_set></rsc_colocation>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" score="INFINITY"><resource_set id="col-set">
      <resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_colocation>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_colocation.c
    """
    for colocation in cib.colocations:
        for one in colocation.element.iterchildren("resource_set"):
            if one.get("ordering", "group") != "group":
                yield problem(
                    cib.document.place(one, "ordering"),
                    f"a set of colocation {colocation.id!r} has ordering={one.get('ordering')!r}",
                    consequence="it is deprecated and will not be read some day",
                    help="leave out ordering, and turn the order of the members round",
                )


@rule("CON621", "ticket-fence-without-fencing", severity=ERROR, tags=(*TICKETS, "fencing"))
def ticket_fence_without_fencing(cib: Cib) -> Findings:
    """A ticket constraint wants nodes fenced when the ticket is lost, in a cluster that does not fence.

    Pacemaker uses `stop` instead of `fence`, and crm_verify reports an error. The other site may start the resource while this one is still
    stopping it.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="fencing" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web" loss-policy="«fence»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web" loss-policy="fence"/>
    ```

    References:
    - crm_verify 2.1.5 and 3.0.2 report an error
    """
    for ticket in cib.tickets:
        if v.fold(ticket.element.get("loss-policy", "")) == "fence" and cib.fencing_is_enabled is False:
            place = cib.document.place(ticket.element, "loss-policy")
            yield problem(
                place,
                f"ticket constraint {ticket.id!r} wants nodes fenced, but fencing is off",
                consequence="when the ticket is lost, the resources are stopped, and nothing is fenced",
                help='switch fencing on, or write loss-policy="stop"',
                fix=safe_fix('write loss-policy="stop"', SetValue(place, "stop")),
            )


@rule("CON622", "ticket-that-only-demotes", severity=ERROR, tags=(*TICKETS, "promotable"))
def ticket_that_only_demotes(cib: Cib) -> Findings:
    """A ticket constraint is about the promoted role of a resource that is not promotable.

    With `rsc-role="Promoted"` the loss policy is `demote` unless it says otherwise: without the ticket the resource must not be promoted, but
    may run. What is not promotable runs without the ticket, at both sites.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web" rsc-role="«Promoted»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2: the resource starts without the ticket
    """
    for ticket in cib.tickets:
        element = ticket.element
        role = v.fold(element.get("rsc-role", ""))
        if role not in ("promoted", "master") or v.fold(element.get("loss-policy", "demote")) != "demote" or ticket.sets:
            continue
        for reference in ticket.references:
            for resource in reference.resources:
                if resource.held_by is None and resource.is_promotable is False:
                    yield problem(
                        cib.document.place(element, "rsc-role"),
                        f"{resource.kind} {resource.id!r} never has the role {element.get('rsc-role')}: it is not promotable",
                        consequence=f"{resource.id!r} runs without ticket {ticket.ticket!r}",
                        help="leave out the role, or make the resource promotable",
                        related=[(resource.id_place, "not promotable")],
                    )
                    break


@rule("CON623", "empty-ticket", severity=ERROR, tags=TICKETS)
def empty_ticket(cib: Cib) -> Findings:
    """A ticket constraint has an empty name for its ticket.

    Pacemaker ignores the constraint without a word: the resources run without a ticket.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="«»" rsc="web"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web"/>
    ```

    References:
    - Pacemaker 3.0, lib/pengine/utils.c
    - crm_simulate 2.1.5, tried
    """
    for ticket in cib.tickets:
        if "ticket" in ticket.element.attrib and not ticket.ticket:
            yield problem(
                cib.document.place(ticket.element, "ticket"),
                f"ticket constraint {ticket.id!r} names no ticket",
                consequence="Pacemaker ignores it: the resources run without a ticket",
                help="name the ticket",
            )


@rule("CON624", "ticket-name-that-pcs-refuses", severity=INFO, tags=(*TICKETS, "pcs"))
def ticket_name_that_pcs_refuses(cib: Cib) -> Findings:
    """The name of a ticket is not one that pcs and booth take.

    Booth's tickets have names of letters, digits and hyphens, 63 at most. Pacemaker takes any text, but no booth will ever grant such a
    ticket.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="«site a»" rsc="web"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_ticket id="tic" ticket="site-a" rsc="web"/>
    ```

    References:
    - pcs 0.12, pcs/lib/booth/config_validators.py
    """
    for ticket in cib.tickets:
        if ticket.ticket and not re.fullmatch(r"[A-Za-z0-9-]{1,63}", ticket.ticket):
            yield problem(
                cib.document.place(ticket.element, "ticket"),
                f"{ticket.ticket!r} is no name for a ticket that pcs takes",
                consequence="pcs refuses it",
                help="use letters, digits and hyphens, at most 63",
            )
