"""CON4: colocations, and who must run together and cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import (
    ERROR,
    INFO,
    WARNING,
    Cib,
    Findings,
    Gap,
    Group,
    Remove,
    mandatory_pairs,
    problem,
    rule,
    safe_fix,
    scattered,
)
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Colocation, Reference, Resource


TAGS = ("constraints", "colocation")


@rule("CON401", "colocation-with-itself", severity=WARNING, tags=TAGS)
def colocation_with_itself(cib: Cib) -> Findings:
    """A colocation names the same resource twice.

    It has no effect; another resource was meant.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="«web»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for colocation in cib.colocations:
        if not colocation.sets and all(reference.via is not None for reference in colocation.references):
            continue  # tags or templates on both sides: another rule says that it is ignored
        for resource, first, second, _ in colocation.repeated:
            yield problem(
                max(first.place, second.place, key=lambda place: place.span.start),
                f"{resource.id!r} stands twice in colocation {colocation.id!r}",
                label="the same resource",
                consequence="a resource is always with itself: that has no effect",
                help="name another resource, or remove it",
                related=[(min(first.place, second.place, key=lambda place: place.span.start), "the first one")],
            )


@rule("CON404", "invalid-influence", severity=ERROR, tags=TAGS)
def invalid_influence(cib: Cib) -> Findings:
    """The influence of a colocation is no boolean.

    It says whether the dependent resource may move the other one. The schema takes any text; Pacemaker uses the default then, which is the
    dependent's meta-attribute `critical`, and crm_verify reports an error.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY" influence="«never»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY" influence="false"/>
    ```

    References:
    - Pacemaker Explained, "Placing Resources Relative to other Resources"
    - crm_verify 2.1.5 and 3.0.2 report an error
    """
    for colocation in cib.colocations:
        text = colocation.element.get("influence")
        if text is not None and v.boolean(text).value is None:
            yield problem(
                cib.document.place(colocation.element, "influence"),
                f"influence {text!r} of colocation {colocation.id!r} is no boolean",
                consequence="Pacemaker uses the default: the meta-attribute critical of the dependent resource",
                help="write true or false",
            )


@rule("CON405", "two-tags-colocated", severity=ERROR, tags=(*TAGS, "tags"))
def two_tags_colocated(cib: Cib) -> Findings:
    """A colocation has a tag or template on both sides.

    Pacemaker cannot tell which of the one goes with which of the other, and ignores the constraint. One side may be a tag.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="services"><obj_ref id="web"/></tag>
    <tag id="addresses"><obj_ref id="ip"/></tag>
    <rsc_colocation id="col" rsc="services" with-rsc="«addresses»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="services"><obj_ref id="web"/></tag>
    <rsc_colocation id="col" rsc="services" with-rsc="ip" score="INFINITY"/>
    ```

    References:
    - crm_verify 2.1.5 and 3.0.2: "two templates or tags cannot be colocated"
    """
    for colocation in cib.colocations:
        references = [] if colocation.sets else colocation.references
        if len(references) == 2 and all(one.via is not None and one.resources for one in references):
            yield problem(
                references[1].place,
                f"colocation {colocation.id!r} has a tag or template on both sides: {references[0].id!r} and {references[1].id!r}",
                consequence="Pacemaker ignores the colocation",
                help="name one resource on one side, or use resource sets",
                related=[(references[0].place, "the other side")],
            )


@rule("CON407", "colocation-with-group-member", severity=INFO, tags=(*TAGS, "crmsh"), default=False)
def colocation_with_group_member(cib: Cib) -> Findings:
    """A colocation names a member of a group.

    Pacemaker allows it, and places the whole group by it; but it takes only that member to meet it, and the members before do without.
    crmsh warns, since it is clearer said of the group. The rule is off unless it is selected.

    Bad:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix"/>
    <rsc_colocation id="col" rsc="mail" with-rsc="«ip»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <group id="stack">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix"/>
    <rsc_colocation id="col" rsc="mail" with-rsc="stack" score="INFINITY"/>
    ```

    References:
    - crmsh 5.0, crmsh/cibconfig.py
    - crm_simulate 2.1.5, tried
    """
    for colocation in cib.colocations:
        for reference in colocation.references:
            resource = reference.resources[0] if reference.via is None and reference.resources else None
            if (
                resource is not None
                and resource.parent is not None
                and resource.parent.kind == "group"
                and resource.held_by is None
            ):
                yield problem(
                    reference.place,
                    f"colocation {colocation.id!r} names {resource.id!r}, a member of group {resource.parent.id!r}",
                    consequence="the whole group is placed by it, but whether it is met depends on that member alone",
                    help=f"name {resource.parent.id!r}, if the whole group is meant",
                    related=[(resource.parent.id_place, "the group")],
                )


@rule("CON408", "colocation-by-unknown-attribute", severity=INFO, tags=TAGS)
def colocation_by_unknown_attribute(cib: Cib) -> Findings:
    """A colocation goes by a node attribute that no node has in the configuration.

    With `node-attribute` "together" means: on nodes with the same value of that attribute. Nodes without it count as if they had the same:
    what belongs together may then run on any of them, and what must run apart does not run at all. The attribute may be set at run time
    only.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY" node-attribute="«rack»"/>
    ```

    Good:

    ```xml
    <node id="4" uname="node4"><instance_attributes id="node4-a"><nvpair id="node4-rack" name="rack" value="a"/></instance_attributes></node>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY" node-attribute="rack"/>
    ```

    References:
    - Pacemaker Explained, "Placing Resources Relative to other Resources"
    - crm_simulate 2.1.5, tried
    """
    for colocation in cib.colocations:
        name = colocation.element.get("node-attribute")
        if name is not None and not name.startswith("#") and name not in cib.node_attribute_names:
            yield problem(
                cib.document.place(colocation.element, "node-attribute"),
                f"no node has the attribute {name!r} in the configuration",
                consequence="unless it is set at run time, all nodes count as the same",
                help="set the attribute for the nodes, or leave out node-attribute",
            )


_MOST_NAMED = 8
_MOST_EXPLAINED = 100


@rule("CON402", "together-and-apart", severity=ERROR, tags=TAGS)
def together_and_apart(cib: Cib) -> Findings:
    """Resources must run together, and must not.

    A colocation with -INFINITY keeps two resources apart that other colocations with INFINITY, or a group, put on one node; also by way of
    others. What Pacemaker makes of it depends on who depends on whom: one of the two stays stopped, or runs on the same node in spite of
    the ban, or a group is torn apart. Of a set with -INFINITY each member is kept from all others, unless the set is not sequential. Whether
    that comes about is not evaluated, and the report says so, where a colocation has a lifetime.

    The cost is linear in resources and what colocations name.

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
        if one is other or not cib.company.at_times.is_together(one, other):
            continue
        if colocation.has_lifetime or not cib.company.is_together(one, other):
            cib.ledger.note(Gap("a lifetime decides when it must run with another, and must not", resource=one.id))
        else:
            explained += 1
            why = cib.company.why_together(one, other) if explained <= _MOST_EXPLAINED else ()
            group = next(iter(_groups(one, other)), None)
            yield problem(
                reference.place,
                f"{one.id!r} must not run with {other.id!r}, and must"
                + (f": they are in group {group.id!r}" if not why and group is not None else ""),
                label="kept apart here",
                consequence="one of the two stays stopped, or they run together in spite of the ban, or apart in spite of what ties them",
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
    """Each two resources that a plain colocation keeps apart, and of the members of a set those that something brings together;
    connections to remote nodes are another family's matter."""
    for colocation in cib.colocations:
        for members in scattered(colocation) if colocation.sets else ():
            apart = (one for one in members if not one.is_connection)
            for other, one in cib.company.at_times.brought_together(apart):
                yield colocation, one, other, members[one]
        if not colocation.sets:
            for primary, dependent in mandatory_pairs(colocation, -v.INFINITY, lifetimes=True):
                for one in dependent:
                    for other in primary if len(primary) == 1 or len(dependent) == 1 else primary[:1]:
                        if not one.is_connection and not other.is_connection:
                            yield colocation, one, other, colocation.references[1]


@rule("CON403", "colocation-loop", severity=WARNING, tags=TAGS)
def colocation_loop(cib: Cib) -> Findings:
    """Colocations with INFINITY make resources depend on each other in a ring.

    "A with B" means: if B cannot run, A does not either; B knows nothing of A. Two of them, one in each direction, do not make a pair that
    runs together or not at all: Pacemaker places one of the two first, and for that one the other's constraint does not count. When A
    is stopped, B runs on although it must be with A. If the two belong together, a group says so. (A member of a group that must run with
    a later one makes the group run as a whole or not at all, which is only noted.) A ring that only a colocation with a lifetime closes is
    not evaluated, and the report says so.

    The cost is linear in resources and what colocations name.

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
        first = cib.resources[ring[0]].parent
        # The order of the members keeps those behind from running alone.
        is_whole = isinstance(first, Group) and first.is_ordered and all(cib.resources[name].parent is first for name in ring)
        yield problem(
            last.id_place,
            f"each of these must run with the next: {', '.join(shown)}",
            label="closes the ring",
            consequence="where one of them cannot run, none of them does"
            if is_whole
            else "one of the colocations does not count: a resource of the ring runs although the one that it must be with is stopped",
            help="remove it, unless the group is to run as a whole or not at all"
            if is_whole
            else "let one resource lead, and the others follow it",
            related=[
                *((one.id_place, "belongs to the ring") for one in colocations[:_MOST_NAMED] if one is not last),
                *((group.id_place, "ties its members") for group in list(groups.values())[:2]),
            ],
            affects=list(ring),
            at_most=INFO if is_whole else None,
        )


@rule("CON406", "colocation-within-group", severity=INFO, tags=(*TAGS, "pcs"), fix="safe")
def colocation_within_group(cib: Cib) -> Findings:
    """A colocation repeats what a group does anyway.

    The members of a group run on one node, each depending on the one before, unless it has `collocated=false`. A colocation of a member
    with an earlier one adds nothing. (With a later one it closes a ring, see colocation-loop; with -INFINITY it contradicts the group, see
    together-and-apart.)

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
                    and isinstance(group, Group)
                    and group.is_collocated
                    and "influence" not in colocation.element.attrib
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
