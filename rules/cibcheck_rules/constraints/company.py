"""CON4: who must run together, and cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, mandatory_pairs, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Colocation, Reference, Resource

TAGS = ("constraints", "colocation")

_MOST_NAMED = 8
_MOST_EXPLAINED = 100


@rule("CON402", "together-and-apart", severity=ERROR, tags=TAGS)
def together_and_apart(cib: Cib) -> Findings:
    """Resources must run together, and must not.

    A colocation with -INFINITY keeps two resources apart that other colocations with INFINITY, or a group, put on one node; also by way of
    others. What Pacemaker makes of it depends on who depends on whom: one of the two stays stopped, or runs on the same node in spite of
    the ban, or a group is torn apart.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <primitive id="files" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_colocation id="web-with-files" rsc="web" with-rsc="files" score="INFINITY"/>
    <rsc_colocation id="db-with-files" rsc="db" with-rsc="files" score="INFINITY"/>
    <rsc_colocation id="apart" rsc="web" with-rsc="«db»" score="-INFINITY"/>
    ```

    In a group:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_colocation id="apart" rsc="web" with-rsc="«ip»" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <primitive id="files" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_colocation id="web-with-files" rsc="web" with-rsc="files" score="INFINITY"/>
    <rsc_colocation id="apart" rsc="web" with-rsc="db" score="-INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    explained = 0
    for colocation, one, other, reference in _apart(cib):
        if one is not other and cib.company.is_together(one, other):
            explained += 1
            why = cib.company.why_together(one, other) if explained <= _MOST_EXPLAINED else ()
            group = next(iter(_groups(one, other)), None)
            yield problem(
                reference.place,
                f"{one.id!r} must not run with {other.id!r}, and must"
                + (f": they are in group {group.id!r}" if not why and group is not None else ""),
                label="kept apart here",
                consequence="one of the two stays stopped, or they run together in spite of the ban",
                help=f"remove colocation {colocation.id!r}, or what ties the two together",
                related=[
                    *((tie.id_place, "puts them on one node") for tie in why[:_MOST_NAMED]),
                    *((group.id_place, "has its members on one node") for group in _groups(one, other)),
                ],
                affects=[one.id, other.id],
            )


def _groups(*resources: Resource) -> list[Resource]:
    """The groups that resources are, or are in."""
    outer = (one if one.kind == "group" else one.parent for one in resources)
    return list({one.id: one for one in outer if one is not None and one.kind == "group"}.values())


def _apart(cib: Cib) -> Iterator[tuple[Colocation, Resource, Resource, Reference]]:
    """Each two resources that a plain colocation keeps apart for good; connections to remote nodes are another family's matter."""
    for colocation in cib.colocations:
        if not colocation.sets:
            for primary, dependent in mandatory_pairs(colocation, -v.INFINITY):
                for one in dependent:
                    for other in primary if len(primary) == 1 or len(dependent) == 1 else primary[:1]:
                        if not one.is_connection and not other.is_connection:
                            yield colocation, one, other, colocation.references[1]


@rule("CON403", "colocation-loop", severity=WARNING, tags=TAGS)
def colocation_loop(cib: Cib) -> Findings:
    """Colocations with INFINITY make resources depend on each other in a ring.

    "A with B" means: if B cannot run, A does not either; B knows nothing of A. Two of them, one in each direction, do not make a pair that
    runs together or not at all: Pacemaker places one of the two first, and for that one the other's constraint does not count. When A
    is stopped, B runs on although it must be with A. If the two belong together, a group says so.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="web-with-ip" rsc="web" with-rsc="ip" score="INFINITY"/>
    <rsc_colocation id="«ip-with-web»" rsc="ip" with-rsc="web" score="INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="web-with-ip" rsc="web" with-rsc="ip" score="INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Placing Resources Relative to other Resources"
    - crm_simulate 2.1.5, tried
    """
    numbers = {colocation.id: number for number, colocation in enumerate(cib.colocations)}
    for ring, colocations in cib.company.loops:
        if len(colocations) == 1 and any(True for _ in colocations[0].repeated):
            continue  # a resource that stands twice in one colocation, which is another finding
        last = max(colocations, key=lambda colocation: numbers.get(colocation.id, 0))
        names = [repr(name) for name in ring]
        shown = [*names[:_MOST_NAMED], "…"] if len(names) > _MOST_NAMED else [*names, names[0]]
        groups = {parent.id: parent for name in ring if (parent := cib.resources[name].parent) is not None}
        yield problem(
            last.id_place,
            f"each of these must run with the next: {', '.join(shown)}",
            label="closes the ring",
            consequence="one of the colocations does not count: a resource of the ring runs although the one that it must be with is stopped",
            help="let one resource lead, and the others follow it",
            related=[
                *((one.id_place, "belongs to the ring") for one in colocations[:_MOST_NAMED] if one is not last),
                *((group.id_place, "ties its members") for group in list(groups.values())[:2]),
            ],
            affects=list(ring),
        )


@rule("CON406", "colocation-within-group", severity=INFO, tags=(*TAGS, "pcs"), fix="safe")
def colocation_within_group(cib: Cib) -> Findings:
    """A colocation repeats what a group does anyway.

    The members of a group run on one node, each depending on the one before. A colocation of a member with an earlier one adds nothing. (With
    a later one it closes a ring, see colocation-loop; with -INFINITY it contradicts the group, see together-and-apart.)

    Bad:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_colocation id="«col»" rsc="web" with-rsc="ip" score="INFINITY"/>
    ```

    Good:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    ```

    References:
    - Pacemaker Explained, "Groups"
    """
    for colocation in cib.colocations:
        for primary, dependent in mandatory_pairs(colocation):
            if len(primary) == len(dependent) == 1:
                group = dependent[0].parent
                is_one = group is not None and group.kind == "group" and primary[0].parent is group
                if (
                    is_one
                    and group is not None
                    and group.element.index(primary[0].element) < group.element.index(dependent[0].element)
                ):
                    yield problem(
                        colocation.id_place,
                        f"{dependent[0].id!r} and {primary[0].id!r} are together anyway, in group {group.id!r}",
                        consequence="the colocation adds nothing",
                        help="remove it",
                        related=[(group.id_place, "the group")],
                        fix=safe_fix(f"remove colocation {colocation.id!r}", Remove(colocation.place))
                        if not colocation.sets
                        else None,
                    )
