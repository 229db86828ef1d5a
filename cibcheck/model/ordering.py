"""What acts before what, as far as constraints and groups decide it: a graph of actions, whose cycles are deadlocks.

Tried with crm_simulate 2.1.5 (``tests/simulation/test_orders.py``): orders of every kind can deadlock, `Optional` and `Serialize`
included, and so can those with ``require-all=false``, which wait for a group only to begin. An order that names what is cloned or in a
bundle is ignored there. To start a whole group before its own member does no harm, but the reverse is a ring: the member, then the
group, is to be stopped. ``Serialize`` orders also the members of a set that is not sequential.

The graph has a few actions for each resource and each level of an order, and as many edges as orders name resources; cycles are found
in time linear in both.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from cibcheck.model.graphs import cycles
from cibcheck.model.ledger import Gap
from cibcheck.model.resources import Group
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cibcheck.model.cib import Cib
    from cibcheck.model.constraints import Level, Order
    from cibcheck.model.resources import Resource

_DOWN = ("stop", "demote")
_INVERSE = {"start": "stop", "stop": "start", "promote": "demote", "demote": "promote"}

Side = Literal["begin", "end"]


class Action(NamedTuple):
    """An action of a resource; of a group, where it begins or where it has ended. A junction between two levels of a set has no
    resource: its ``id`` is the constraint's and the number of the level."""

    id: str
    action: str
    side: Side


class Deadlock(NamedTuple):
    """Actions that wait for each other in a ring, and the orders that tie them; the rest is done by groups and promotion."""

    actions: Sequence[tuple[Resource, str]]
    orders: Sequence[Order]


class Ordering:
    """The orders of a CIB as one graph; with ``lifetimes`` also those that a lifetime limits."""

    def __init__(self, cib: Cib, *, lifetimes: bool = False) -> None:
        self._cib = cib
        self._lifetimes = lifetimes
        self._edges: dict[Action, list[Action]] = {}
        self._orders: dict[tuple[Action, Action], Order] = {}
        self._inverse: Mapping[str, str] = {}
        self._resources: dict[str, Resource] = {}
        self._promoted: set[str] = set()
        self._groups: set[str] = set()

    @cached_property
    def deadlocks(self) -> Sequence[Deadlock]:
        """The rings of actions; of one that only mirrors another (what must not start first must not stop last) only the first. One that
        only a lifetime may close is noted as not evaluated."""
        if not self._lifetimes and any(order.has_lifetime for order in self._cib.orders):
            for deadlock in Ordering(self._cib, lifetimes=True).deadlocks:
                for order in deadlock.orders:
                    if order.has_lifetime:
                        self._cib.ledger.note(Gap(f"a lifetime decides whether order constraint {order.id!r} closes a ring"))
        in_force = [one for one in self._cib.orders if _is_in_force(one) and (self._lifetimes or not one.has_lifetime)]
        # A ring of stops, of orders that speak of starts, mirrors one of starts, but where a group is to start before its own member.
        needs_stops = any(
            any(level.detail in _DOWN for level in order.chain)
            or any(_held(_resources(first), _resources(then)) for first, then in order.pairs)
            for order in in_force
        )
        self._inverse = _INVERSE if needs_stops else {}
        for order in in_force:
            self._add(order)
        for resource in list(self._resources.values()):
            self._add_implied(resource)
        found: list[Deadlock] = []
        seen: set[frozenset[str]] = set()
        rings = [ring for ring in cycles(self._edges) if len(ring) > 1]
        for ring in sorted(rings, key=lambda ring: any(one.action in _DOWN for one in ring)):
            pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
            orders = {label.id: label for pair in pairs if (label := self._orders.get(pair)) is not None}
            if orders and frozenset(orders) not in seen:
                seen.add(frozenset(orders))
                found.append(Deadlock(list(self._named(ring)), list(orders.values())))
        return found

    def _named(self, ring: Sequence[Action]) -> Iterator[tuple[Resource, str]]:
        """The actions of a ring in order; that of a group once, though it has two ends."""
        for name, action in dict.fromkeys((one.id, one.action) for one in ring):
            if (resource := self._resources.get(name)) is not None:
                yield resource, action

    def _add(self, order: Order) -> None:
        is_symmetrical = order.is_symmetrical
        steps = [(_resources(level), level.detail, _awaited(level)) for level in order.chain]
        for level, (resources, action, side) in zip(order.chain, steps, strict=True):
            for one, other in pairwise(resources) if len(resources) > 1 and _is_serial(order, level) else ():
                self._between(order, [one], action, side, [other], action, "")
        for number, ((first, action, side), (then, then_action, then_side)) in enumerate(pairwise(steps)):
            self._between(order, first, action, side, then, then_action, f"{order.id} {number}")
            if is_symmetrical:
                inverse = self._inverse.get
                self._between(order, then, inverse(then_action), then_side, first, inverse(action), f"{order.id} {number} back")

    def _between(
        self,
        order: Order,
        first: Sequence[Resource],
        action: str | None,
        side: Side,
        then: Sequence[Resource],
        then_action: str | None,
        junction: str,
    ) -> None:
        if action is None or then_action is None:
            return
        if held := _held(first, then):  # a group before its own members: that order does nothing
            free = [resource for resource in first if resource.id not in held]
            others = [resource for resource in then if resource.parent is None or resource.parent.id not in held]
            self._between(order, free, action, side, then, then_action, f"{junction} apart")
            first, then = [resource for resource in first if resource.id in held], others
        if action in _DOWN:
            side = "end"  # all of them stop before
        before = [self._node(resource, action, side) for resource in _able(first, action)]
        after = [self._node(resource, then_action, "begin") for resource in _able(then, then_action)]
        if len(before) > 1 and len(after) > 1:
            middle = Action(junction, "", "begin")
            for one in before:
                self._edge(one, middle, order)
            before = [middle]
        for one in before:
            for other in after:
                self._edge(one, other, order)

    def _node(self, resource: Resource, action: str, side: Side) -> Action:
        self._resources.setdefault(resource.id, resource)
        if action in ("promote", "demote"):
            self._promoted.add(resource.id)
        return Action(resource.id, action, side if resource.kind == "group" else "begin")

    def _edge(self, first: Action, then: Action, order: Order | None = None) -> None:
        if first == then:
            return
        self._edges.setdefault(first, []).append(then)
        if order is not None:
            self._orders.setdefault((first, then), order)

    def _add_implied(self, resource: Resource) -> None:
        """A start comes before a promotion, a demotion before a stop; the members of a group follow each other."""
        if resource.id in self._promoted:
            self._edge(Action(resource.id, "start", "begin"), Action(resource.id, "promote", "begin"))
            if self._inverse:
                self._edge(Action(resource.id, "demote", "begin"), Action(resource.id, "stop", "begin"))
        group = resource if resource.kind == "group" else resource.parent
        if isinstance(group, Group) and group.id not in self._groups:
            self._groups.add(group.id)
            self._add_group(group)

    def _add_group(self, group: Group) -> None:
        self._resources.setdefault(group.id, group)
        for action, members in (("start", group.children), ("stop", group.children[::-1] if self._inverse else ())):
            begin, end = Action(group.id, action, "begin"), Action(group.id, action, "end")
            steps = [Action(member.id, action, "begin") for member in members]
            for member in members:
                self._resources.setdefault(member.id, member)
            for step in steps:
                self._edge(begin, step)
                self._edge(step, end)
            if group.is_ordered:
                for one, other in pairwise(steps):
                    self._edge(one, other)


def _is_in_force(order: Order) -> bool:
    """Whether an order ties all that it names: each name stands for resources outside of clones and bundles."""
    return bool(order.references) and all(
        reference.resources and all(resource.held_by is None for resource in reference.resources)
        for reference in order.references
    )


def _awaited(level: Level) -> Side:
    """What the next level waits for where a group is on this one: that it has ended, but where one of several is enough."""
    return "begin" if level.is_any else "end"


def _able(resources: Sequence[Resource], action: str) -> Sequence[Resource]:
    """Those that ever do an action; nothing waits for the promotion of what is not promotable."""
    return resources if action in ("start", "stop") else [resource for resource in resources if resource.is_promotable]


def _resources(level: Level) -> list[Resource]:
    return [resource for resource, _ in level.resources]


def _held(first: Sequence[Resource], then: Sequence[Resource]) -> set[str]:
    """The groups among the earlier resources that have one of the later ones as a member."""
    groups = {resource.id for resource in first if resource.kind == "group"}
    return groups and groups & {resource.parent.id for resource in then if resource.parent is not None}


def _is_serial(order: Order, level: Level) -> bool:
    """Whether no two resources of a level act at once, though none has to be the first; a set may have a kind of its own."""
    holder = level.references[0].place.node.getparent() if level.references else None
    return (order.kind if holder is None else holder.get("kind", order.kind)) == "Serialize"
