"""Which resources must run together: mandatory colocations and groups as one graph.

Resources that are cloned or in a bundle are left out: "with a clone" means on any node that has an instance. Nor do colocations count
that are about a promoted or unpromoted role, or about another node attribute than the name. Seen in crm_simulate 2.1.5
(``tests/simulation/test_colocations.py``).

The graph has a node for each resource and for each pair of levels, and as many edges as colocations and groups name resources; what is
asked of it as a whole takes time linear in both.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING

from cibcheck.model.graphs import cycles, path
from cibcheck.model.ledger import Gap
from cibcheck.model.resources import Group
from cibcheck.model.values import INFINITY, fold
from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cibcheck.model.cib import Cib
    from cibcheck.model.constraints import Colocation, Level, Reference
    from cibcheck.model.resources import Resource

_JUNCTION = "\0"
"""What no id starts with."""


class Company:
    """Who must run with whom, by the ids of resources; with ``lifetimes`` also while a colocation that has one counts."""

    def __init__(self, cib: Cib, *, lifetimes: bool = False) -> None:
        self._cib = cib
        self._lifetimes = lifetimes
        self._labels: dict[tuple[str, str], Colocation] = {}

    @cached_property
    def at_times(self) -> Company:
        """Who must run with whom while all colocations count; the same as always where none has a lifetime."""
        if self._lifetimes or not any(colocation.has_lifetime for colocation in self._cib.colocations):
            return self
        return Company(self._cib, lifetimes=True)

    @cached_property
    def _needs(self) -> dict[str, list[str]]:
        """What a resource must run with: the other end of a colocation, the member of its group before it. A group follows as its
        first member, and is followed as its last."""
        found: dict[str, list[str]] = {}
        groups: dict[str, Group] = {}
        for colocation in self._cib.colocations:
            for number, (primary, dependent) in enumerate(mandatory_pairs(colocation, lifetimes=self._lifetimes)):
                after, before = [_members(one)[0] for one in dependent], [_members(one)[-1] for one in primary]
                if len(after) > 1 and len(before) > 1:
                    # All with all is as many steps as there are pairs; by way of a junction, as there are resources.
                    junction = f"{_JUNCTION}{colocation.id} {number}"
                    steps = [*((one, junction) for one in after), *((junction, other) for other in before)]
                else:
                    steps = [(one, other) for one in after for other in before if one != other]
                for step in steps:
                    found.setdefault(step[0], []).append(step[1])
                    self._labels.setdefault(step, colocation)
                groups.update((one.id, one) for one in map(_group_of, (*primary, *dependent)) if one is not None)
        for group in groups.values():
            for earlier, later in pairwise(group.children):
                found.setdefault(later.id, []).append(earlier.id)
        return found

    @cached_property
    def _ties(self) -> dict[str, list[str]]:
        """The same without direction."""
        found: dict[str, list[str]] = {}
        for one, others in self._needs.items():
            for other in others:
                found.setdefault(one, []).append(other)
                found.setdefault(other, []).append(one)
        return found

    @cached_property
    def _parties(self) -> dict[str, int]:
        """A number for each resource that is tied to others: the same for all that must be on one node."""
        found: dict[str, int] = {}
        for root in self._ties:
            if root not in found:
                pending = [root]
                found[root] = len(found)
                while pending:
                    for other in self._ties[pending.pop()]:
                        if other not in found:
                            found[other] = found[root]
                            pending.append(other)
        return found

    def is_together(self, one: Resource, other: Resource) -> bool:
        """Whether two resources must run on one node, where both run."""
        if (group := _group_of(one)) is not None and group is _group_of(other):
            return True
        party = self._parties.get(_members(one)[0])
        return party is not None and party == self._parties.get(_members(other)[0])

    def brought_together(self, resources: Iterable[Resource]) -> Iterator[tuple[Resource, Resource]]:
        """Those of some resources that must run on one node with an earlier one, each with the first such."""
        first: dict[int | str, Resource] = {}
        for one in resources:
            group = _group_of(one)
            party = self._parties.get(_members(one)[0], None if group is None else group.id)
            if party is not None and (before := first.setdefault(party, one)) is not one:
                yield before, one

    def why_together(self, one: Resource, other: Resource) -> Sequence[Colocation]:
        """The colocations that tie two resources; none where a group alone does."""
        start, end = _members(one)[0], _members(other)[0]
        way = path(self._ties, start, end)
        steps = zip(way, [*way[1:], end], strict=True) if way else ()
        found = (self._labels.get(step) or self._labels.get(step[::-1]) for step in steps)
        return list(dict.fromkeys(label for label in found if label is not None))

    @cached_property
    def loops(self) -> Sequence[tuple[Sequence[str], Sequence[Colocation]]]:
        """Rings of resources of which each must run with the next: their ids, and the colocations. One that only a lifetime may close is
        noted as not evaluated."""
        if self.at_times is not self:
            for colocation in chain.from_iterable(colocations for _, colocations in self.at_times.loops):
                if colocation.has_lifetime:
                    self._cib.ledger.note(
                        Gap(f"a lifetime decides whether colocation constraint {colocation.id!r} closes a ring")
                    )
        found = []
        for ring in cycles(self._needs):
            steps = zip(ring, [*ring[1:], ring[0]], strict=True)
            labels = dict.fromkeys(label for step in steps if (label := self._labels.get(step)) is not None)
            if labels:  # a group whose members have the same id has none
                found.append(([name for name in ring if not name.startswith(_JUNCTION)], list(labels)))
        return found


def _group_of(resource: Resource) -> Group | None:
    """The group that a resource is, or is in, as far as that keeps its members on one node."""
    group = resource if resource.kind == "group" else resource.parent
    return group if isinstance(group, Group) and group.is_collocated else None


def _members(resource: Resource) -> Sequence[str]:
    """The ids by which a resource is known here: a group is its members."""
    return [child.id for child in resource.children] if isinstance(resource, Group) and resource.children else [resource.id]


def mandatory_pairs(
    colocation: Colocation, score: int = INFINITY, *, lifetimes: bool = False
) -> Iterator[tuple[list[Resource], list[Resource]]]:
    """Each two neighbouring levels with that score, as the resources that others depend on and those that do; without those for
    which it means something else than one node, and of a colocation with a lifetime only with ``lifetimes``."""
    if not colocation.is_on_one_node or (colocation.has_lifetime and not lifetimes):
        return
    for primary, dependent in colocation.pairs:
        if dependent.score == score:
            yield _plain(primary), _plain(dependent)


def scattered(colocation: Colocation) -> Iterator[dict[Resource, Reference]]:
    """The members of each set that a colocation keeps apart from each other, with where they are named."""
    for levels in colocation.scattered if colocation.is_on_one_node else ():
        # Those of a set that is not sequential are on one level; Pacemaker leaves them alone.
        if len(levels) > 1:
            yield {resource: level.references[0] for level in levels for resource in _plain(level)}


def _plain(level: Level) -> list[Resource]:
    if level.detail and fold(level.detail) != "started":
        return []
    return [
        resource
        for reference in level.references
        for resource in reference.resources
        if resource.top.kind in ("primitive", "group") and not (isinstance(resource, Group) and not resource.is_collocated)
    ]
