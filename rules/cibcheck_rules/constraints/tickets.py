"""CON6: tickets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, Cib, Findings, SetValue, problem, quoted, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Place, Reference, Ticket

TICKETS = ("constraints", "tickets")


@rule("CON621", "ticket-fence-without-fencing", severity=ERROR, tags=(*TICKETS, "fencing"), fix="safe")
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
        if v.fold(ticket.element.get("loss-policy", "demote")) != "demote":
            continue
        for place, role, references in _promoted(cib, ticket):
            resources = [resource for reference in references for resource in reference.resources]
            never = [one for one in resources if one.held_by is None and one.is_promotable is False]
            if never:
                yield problem(
                    place,
                    f"{never[0].kind} {never[0].id!r} never has the role {role}: it is not promotable",
                    consequence=f"{quoted(one.id for one in never)} {'runs' if len(never) == 1 else 'run'} without ticket {ticket.ticket!r}",
                    help="leave out the role, or make the resource promotable",
                    related=[(never[0].id_place, "not promotable")],
                )


def _promoted(cib: Cib, ticket: Ticket) -> Iterator[tuple[Place, str, Sequence[Reference]]]:
    """Where a constraint asks for the promoted role, and of whom: each set has a role of its own."""
    owners = ticket.sets or (ticket.element,)
    for owner in owners:
        attribute = "role" if ticket.sets else "rsc-role"
        role = owner.get(attribute, "")
        if v.fold(role) in ("promoted", "master"):
            members = [cib.refer(member, "id", nested=True) for member in owner.iterchildren("resource_ref")]
            yield cib.document.place(owner, attribute), role, members if ticket.sets else ticket.references


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
