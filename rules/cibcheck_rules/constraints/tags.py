"""REF11: tags, and what they list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, problem, quoted, rule, safe_fix
from cibcheck.api import values as v
from cibcheck_rules.constraints.references import named, result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, Tag

TAGS = ("tags", "ids")


def _members(tag: Tag) -> Iterator[Element]:
    yield from tag.element.iterchildren("obj_ref")


@rule("REF111", "constraint-names-tag-of-others", severity=ERROR, tags=(*TAGS, "constraints"))
def constraint_names_tag_of_others(cib: Cib) -> Findings:
    """A constraint names a tag that lists something else than resources.

    In a constraint a tag stands for the resources that it lists. At a member that is no resource (a node, a constraint, a template, another
    tag) Pacemaker gives up: a location, order or ticket constraint is ignored from there on, of a colocation the members after it. Only in
    a resource set a tag may list tags and templates.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="100"/>
    <tag id="services"><obj_ref id="web-on-node1"/><obj_ref id="ip"/></tag>
    <rsc_location id="loc" rsc="«services»" node="node2" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="services"><obj_ref id="web"/><obj_ref id="ip"/></tag>
    <rsc_location id="loc" rsc="services" node="node2" score="-INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Tagging Configuration Elements"
    - crm_simulate 2.1.5, tried; crm_verify 2.1.5 and 3.0.2 report an error
    """
    for constraint, reference in named(cib):
        tag = cib.tags.get(reference.id) if reference.via is not None and reference.via.element.tag == "tag" else None
        if tag is None:
            continue
        in_set = reference.place.node.tag == "resource_ref"
        strangers = [
            member
            for member in _members(tag)
            if (name := member.get("id", "")) not in cib.resources
            and not (in_set and (name in cib.tags or name in cib.templates))
        ]
        if strangers or not reference.resources:
            names = quoted(member.get("id", "") for member in strangers)
            yield problem(
                reference.place,
                f"tag {tag.id!r} lists {names}, which {'is' if len(strangers) == 1 else 'are'} no resource"
                if strangers
                else f"tag {tag.id!r} lists no resource",
                label="a tag of resources is expected",
                consequence=result(constraint),
                help="use a tag that lists resources only",
                related=[(cib.document.place(member, "id"), "no resource") for member in strangers[:3]],
            )


@rule("REF112", "tag-lists-no-resource", severity=WARNING, tags=(*TAGS, "pcs"))
def tag_lists_no_resource(cib: Cib) -> Findings:
    """A tag lists something that is no resource.

    Since schema 3.3 a tag may list any text, even the id of nothing at all. pcs tags resources only and cannot work with such a tag; a
    constraint must not name it (see constraint-names-tag-of-others). Where it lists a node, or an id of something else, that is only
    worth knowing.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <tag id="web-all"><obj_ref id="web"/><obj_ref id="«web-ip»"/></tag>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="100"/>
    <tag id="web-all"><obj_ref id="web"/><obj_ref id="«web-on-node1»"/></tag>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <tag id="web-all"><obj_ref id="web"/></tag>
    ```

    References:
    - Pacemaker Explained, "Tagging Configuration Elements"
    - pcs 0.12, pcs/lib/cib/tag.py
    """
    for tag in cib.tags.values():
        for member in _members(tag):
            name = member.get("id", "")
            if name not in cib.resources and name != tag.id:
                is_something = cib.element(name) is not None or not cib.knows("nodes") or v.fold(name) in cib.node_names
                yield problem(
                    cib.document.place(member, "id"),
                    f"tag {tag.id!r} lists {name!r}, which is " + ("no resource" if is_something else "nothing"),
                    consequence="pcs refuses to work with the tag",
                    help="list resources only",
                    at_most=INFO if is_something else None,
                )


@rule("REF113", "tag-lists-itself", severity=WARNING, tags=TAGS, fix="safe")
def tag_lists_itself(cib: Cib) -> Findings:
    """A tag lists its own id.

    That means nothing, and a constraint that names the tag is ignored.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <tag id="all"><obj_ref id="web"/><obj_ref id="«all»"/></tag>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <tag id="all"><obj_ref id="web"/></tag>
    ```

    References:
    - Pacemaker Explained, "Tagging Configuration Elements"
    """
    for tag in cib.tags.values():
        for member in _members(tag):
            if member.get("id") == tag.id:
                yield problem(
                    cib.document.place(member, "id"),
                    f"tag {tag.id!r} lists itself",
                    consequence="a constraint that names the tag is ignored",
                    help="remove it from the list",
                    fix=safe_fix(f"remove {tag.id!r} from its own list", Remove(cib.document.place(member))),
                )


@rule("REF114", "tag-lists-id-twice", severity=WARNING, tags=TAGS, fix="safe")
def tag_lists_id_twice(cib: Cib) -> Findings:
    """A tag lists one id twice.

    For most purposes the second one means nothing; but in a set of an order constraint the resource then waits for itself. pcs refuses
    such a tag.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="all"><obj_ref id="web"/><obj_ref id="ip"/><obj_ref id="«web»"/></tag>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="all"><obj_ref id="web"/><obj_ref id="ip"/></tag>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/tag.py
    """
    for tag in cib.tags.values():
        seen: dict[str, Element] = {}
        for member in _members(tag):
            name = member.get("id", "")
            if name in seen:
                yield problem(
                    cib.document.place(member, "id"),
                    f"tag {tag.id!r} lists {name!r} twice",
                    consequence="the second one adds nothing",
                    help="remove one of them",
                    related=[(cib.document.place(seen[name], "id"), "listed here already")],
                    fix=safe_fix(f"remove the second {name!r}", Remove(cib.document.place(member))),
                )
            seen.setdefault(name, member)
