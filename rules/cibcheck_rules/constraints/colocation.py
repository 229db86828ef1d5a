"""CON4: colocations."""

from __future__ import annotations

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, problem, rule
from cibcheck.api import values as v

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

    Pacemaker allows it; crmsh warns, since what holds for one member holds for the group, and is clearer said of the group. The rule is off
    unless it is selected.

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
                    consequence="it counts for the whole group",
                    help=f"name {resource.parent.id!r}",
                    related=[(resource.parent.id_place, "the group")],
                )


@rule("CON408", "colocation-by-unknown-attribute", severity=INFO, tags=TAGS)
def colocation_by_unknown_attribute(cib: Cib) -> Findings:
    """A colocation goes by a node attribute that no node has in the configuration.

    With `node-attribute` "together" means: on nodes with the same value of that attribute. On nodes without it nothing is together. The
    attribute may be set at run time only.

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
    """
    for colocation in cib.colocations:
        name = colocation.element.get("node-attribute")
        if name is not None and not name.startswith("#") and name not in cib.node_attribute_names:
            yield problem(
                cib.document.place(colocation.element, "node-attribute"),
                f"no node has the attribute {name!r} in the configuration",
                consequence="unless it is set at run time, no two resources count as together",
                help="set the attribute for the nodes, or leave out node-attribute",
            )
