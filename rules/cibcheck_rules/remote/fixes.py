"""Fixes that several rules about remote nodes bring. Each leaves alone what something else in the CIB names."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from cibcheck.api import Cib, Insert, NewElement, Place, Remove, SetValue, unsafe_fix

if TYPE_CHECKING:
    from cibcheck.api import Colocation, Element, Environment, Fix, GuestNode, Operation, Order, Primitive, Reference, Setting


def without_constraint(constraint: Order | Colocation, reference: Reference) -> Fix | None:
    """Remove a constraint on two resources that it names itself, not one on a set, a tag or a template, which speaks of others, too."""
    if constraint.sets or reference.via is not None or not constraint.id or constraint.cib.is_named(constraint.element):
        return None
    kind = "colocation" if constraint.element.tag == "rsc_colocation" else "order constraint"
    return unsafe_fix(f"remove {kind} {constraint.id!r}", Remove(constraint.place))


def _is_own(cib: Cib, setting: Setting, primitive: Primitive) -> bool:
    """Whether a pair stands in a set of the primitive itself, and nothing else uses the two."""
    owner = setting.holder.getparent()
    return owner is primitive.element and not cib.is_named(setting.element) and not cib.is_named(setting.holder)


def without_pair(cib: Cib, setting: Setting, primitive: Primitive) -> Fix | None:
    """Remove a pair of a primitive."""
    if not _is_own(cib, setting, primitive):
        return None
    return unsafe_fix(f"remove {setting.name} from {primitive.id!r}", Remove(cib.document.place(setting.element)))


def number_alone(setting: Setting, primitive: Primitive, number: str) -> Fix:
    """Leave nothing but the number that is read anyway. To Pacemaker it is a change all the same, for which it connects anew."""
    return unsafe_fix(f"set {setting.name} of {primitive.id!r} to {number!r}", SetValue(setting.place, number))


def as_parameter(cib: Cib, setting: Setting, primitive: Primitive, name: str) -> Fix | None:
    """Move a pair of a primitive to its parameters, under another name."""
    if not _is_own(cib, setting, primitive) or setting.condition is not None or primitive.parameters.get(name).candidates:
        return None
    pair = NewElement("nvpair", {"id": setting.element.get("id", ""), "name": name, "value": setting.text})
    sets = [
        one for one in primitive.element.iterchildren("instance_attributes") if one.find("rule") is None and not one.get("id-ref")
    ]
    if sets:
        put = Insert(cib.document.place(sets[-1]), *pair)
    elif (free := _free(cib, f"{primitive.id}-instance_attributes")) is not None:
        put = Insert(primitive.place, "instance_attributes", {"id": free}, (pair,))
    else:
        return None
    return unsafe_fix(
        f"make {setting.name} the parameter {name!r} of {primitive.id!r}", Remove(cib.document.place(setting.element)), put
    )


def _free(cib: Cib, name: str) -> str | None:
    """The id, if nothing has it yet."""
    return name if cib.element(name) is None else None


def monitor(cib: Cib, connection: Primitive) -> Fix | None:
    """Add a recurring monitor to a connection resource; two with one interval would be one too many."""
    taken = {op.interval for op in connection.operations if op.name == "monitor"}
    interval = next(f"{seconds}s" for seconds in count(_INTERVAL) if seconds * 1000 not in taken)
    name = _free(cib, f"{connection.id}-monitor-interval-{interval}")
    holders = list(connection.element.iterchildren("operations"))
    if name is None or len(holders) > 1 or any(holder.get("id-ref") for holder in holders):
        return None
    op = NewElement("op", {"id": name, "name": "monitor", "interval": interval, "timeout": "60s"})
    title = f"add a monitor every {interval.removesuffix('s')} seconds to {connection.id!r}"
    if holders:
        return unsafe_fix(title, Insert(cib.document.place(holders[0]), *op))
    return unsafe_fix(title, Insert(connection.place, "operations", {}, (op,)))


_INTERVAL = 30


def enabled(cib: Cib, operation: Operation, connection: Primitive) -> Fix:
    """Enable an operation."""
    place = cib.document.place(operation.element, "enabled")
    return unsafe_fix(f"enable the monitor of {connection.id!r}", SetValue(place, "true"))


def allowed_to_migrate(cib: Cib, guest: GuestNode, own: Setting | None) -> Fix | None:
    """Let the connection to a guest node migrate with the machine."""
    title = f"set remote-allow-migrate=true on {guest.resource.id!r}"
    if own is not None:
        return unsafe_fix(title, SetValue(own.place, "true"))
    name = _free(cib, f"{guest.resource.id}-remote-allow-migrate")
    if name is None:
        return None
    pair = NewElement("nvpair", {"id": name, "name": "remote-allow-migrate", "value": "true"})
    return unsafe_fix(title, Insert(cib.document.place(guest.name_setting.holder), *pair))


def named(reference: Reference, name: str) -> Fix | None:
    """Let a constraint name another resource, unless it names that one already."""
    element: Element = reference.place.node
    parent = element.getparent()
    around = [element, *(parent if element.tag == "resource_ref" and parent is not None else ())]
    others = {
        value
        for one in around
        for key, value in one.attrib.items()
        if key in _NAMING and (one.tag == "resource_ref" or key != "id")
    }
    if name in others:
        return None
    return unsafe_fix(f"name {name!r} instead of {reference.id!r}", SetValue(reference.place, name))


_NAMING = ("rsc", "with-rsc", "first", "then", "id")


def without_variable(environment: Environment, name: str) -> Fix:
    """Remove a variable from a node's file, wherever it is set there, be it by its old name."""
    document = environment.document
    names = (name, "HA_" + name.removeprefix("PCMK_"))
    edits = [Remove(Place(document, one)) for written in names for one in document.named(written)]
    return unsafe_fix(f"remove {name}", *edits)
