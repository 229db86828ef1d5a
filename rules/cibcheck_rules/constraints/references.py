"""REF and CON1: names that stand for no resource, or for one that cannot be named; tags, and what they list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import (
    ERROR,
    INFO,
    WARNING,
    Cib,
    Findings,
    Lookalikes,
    Remove,
    SetValue,
    problem,
    quoted,
    rule,
    safe_fix,
    unsafe_fix,
)
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Constraint, Element, Reference, Tag


TAGS = ("constraints", "ids")

_IGNORED = {
    "rsc_location": "location constraint",
    "rsc_colocation": "colocation",
    "rsc_order": "order",
    "rsc_ticket": "ticket constraint",
}


def result(constraint: Constraint, reference: Reference) -> str:
    """What comes of a name that stands for nothing, by the kind of the constraint. What a set or tag lists before may count."""
    tag, node = str(constraint.element.tag), reference.place.node
    if tag == "rsc_order":
        onward = " from that set on" if node.tag == "resource_ref" and node.getparent() is not constraint.sets[0] else ""
    else:
        is_listed = node.tag == "resource_ref" or (reference.via is not None and reference.resources)
        onward = " from there on" if is_listed else ""
    what = f"Pacemaker ignores the {_IGNORED.get(tag, 'constraint')}{onward}"
    return f"{what}: the resources run without the ticket" if tag == "rsc_ticket" else what


def named(cib: Cib) -> Iterator[tuple[Constraint, Reference]]:
    """Every name in every constraint."""
    for constraint in cib.constraints:
        for reference in constraint.references:
            yield constraint, reference


@rule("REF101", "constraint-names-no-resource", severity=ERROR, tags=TAGS, fix="sometimes")
def constraint_names_no_resource(cib: Cib) -> Findings:
    """A constraint names the id of something that is no resource, tag or template.

    The schema is content with any id that is in the CIB: that of a constraint, a set of attributes, an operation, a role. Pacemaker looks
    for a resource, tag or template, finds none, and ignores the constraint; where sets list several names, what comes before may count.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="100"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="«web-on-node1»" score="INFINITY"/>
    ```

    In a set:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set"><resource_ref id="ip"/><resource_ref id="«web-monitor»"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="web" score="INFINITY"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_constraints.c
    - crm_verify 2.1.5 and 3.0.2: "is not a valid resource or tag"
    """
    lookalikes = Lookalikes(cib.resources)
    for constraint, reference in named(cib):
        if reference.resources or reference.via is not None:
            continue
        found = cib.element(reference.id)
        if found is None and cib.names_remote_kind(reference.id):
            continue  # the name of a guest or a replica, which another rule explains
        what = f"the id of <{found.tag!s}>, not of a resource" if found is not None else "no resource, tag or template"
        # An element with an attribute for a resource was probably mistaken for it.
        meant = next((found.get(name) for name in ("rsc", "first") if found.get(name)), None) if found is not None else None
        if meant not in cib.resources:
            meant = lookalikes.of(reference.id)
        yield problem(
            reference.place,
            f"{reference.id!r} is {what}",
            label=f"did you mean {meant!r}?" if meant else "a resource is expected",
            consequence=result(constraint, reference),
            help=f"name {meant!r}, if that is meant" if meant else "name a resource, a tag or a template",
            related=[(cib.document.place(found, "id"), "what has the id")] if found is not None else (),
            fix=unsafe_fix(f"name {meant!r} instead of {reference.id!r}", SetValue(reference.place, meant)) if meant else None,
        )


@rule("REF102", "constraint-names-unused-template", severity=ERROR, tags=TAGS)
def constraint_names_unused_template(cib: Cib) -> Findings:
    """A constraint names a template from which no primitive is made.

    A template in a constraint stands for the primitives made from it. Where there are none, Pacemaker does not know the id, and ignores the
    constraint.

    Bad:

    ```xml
    <template id="vm-template" class="ocf" provider="heartbeat" type="VirtualDomain"/>
    <primitive id="vm1" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm1-params"><nvpair id="vm1-config" name="config" value="/etc/libvirt/qemu/vm1.xml"/></instance_attributes>
    </primitive>
    <rsc_location id="loc" rsc="«vm-template»" node="node1" score="100"/>
    ```

    Good:

    ```xml
    <template id="ip-template" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <primitive id="ip" template="ip-template"/>
    <rsc_location id="loc" rsc="ip-template" node="node1" score="100"/>
    ```

    References:
    - Pacemaker Explained, "Reusing Resource Definitions"
    - crm_verify 2.1.5 and 3.0.2: "is not a valid resource or tag"
    """
    for constraint, reference in named(cib):
        if not reference.resources and reference.via is not None and reference.via.element.tag == "template":
            yield problem(
                reference.place,
                f"no primitive is made from template {reference.id!r}",
                label="stands for nothing",
                consequence=result(constraint, reference),
                help="name the resources themselves, or make them from the template",
                related=[(reference.via.id_place, "the template")],
            )


@rule("CON101", "constraint-names-content", severity=ERROR, tags=("constraints",), fix="sometimes")
def constraint_names_content(cib: Cib) -> Findings:
    """A constraint names what is inside a clone or bundle.

    Pacemaker knows only the instances that it makes of it, and not the id in the configuration: it ignores the constraint (crm_verify:
    "is not a valid resource or tag"). Once instances run it may find the id by way of one of them, so that the same constraint works or
    not depending on what the cluster did before. Constraints name the clone or bundle itself. The members of a group that is not cloned may
    be named.

    Bad:

    ```xml
    <clone id="web-clone"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="«web»" score="INFINITY"/>
    ```

    By a tag:

    ```xml
    <clone id="stack-clone"><group id="stack">
      <primitive id="files" class="ocf" provider="heartbeat" type="Filesystem"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group></clone>
    <tag id="services"><obj_ref id="web"/></tag>
    <rsc_location id="loc" rsc="«services»" node="node1" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <clone id="web-clone"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></clone>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="together" rsc="ip" with-rsc="web-clone" score="INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Clones", clone constraints; "Bundles", limitations
    - crm_simulate 2.1.5, tried: the constraint has no effect when the cluster starts
    """
    for constraint, reference in named(cib):
        for resource in reference.resources:
            if (holder := resource.held_by) is not None:
                through = "" if reference.via is None else f", which {reference.via.element.tag!s} {reference.id!r} stands for,"
                fix = unsafe_fix(f"name {holder.id!r} instead of {resource.id!r}", SetValue(reference.place, holder.id))
                yield problem(
                    reference.place,
                    f"{resource.id!r}{through} is inside {holder.kind} {holder.id!r}",
                    label=f"inside {holder.kind} {holder.id!r}",
                    consequence=result(constraint, reference),
                    help=f"name {holder.id!r}",
                    related=[(holder.id_place, f"the {holder.kind}")],
                    fix=fix if reference.via is None else None,
                )
                break


@rule("REF103", "reference-to-other-kind", severity=ERROR, tags=("ids",), fix="unsafe")
def reference_to_other_kind(cib: Cib) -> Findings:
    """An id-ref names an element of another kind.

    An `id-ref` stands for an element of the same name elsewhere: a set of attributes for a set of the same kind, a rule for a rule. Under
    the id of anything else Pacemaker finds nothing. (crmsh lets the reference name the owner of the set, and writes the id of the set into
    the CIB; in the CIB the owner's id is wrong.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-stick" name="resource-stickiness" value="100"/></meta_attributes>
    </primitive>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix">
      <meta_attributes id-ref="«web»"/>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-stick" name="resource-stickiness" value="100"/></meta_attributes>
    </primitive>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix">
      <meta_attributes id-ref="web-meta"/>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Reusing Rules, Options and Sets of Operations"
    - Pacemaker 3.0, lib/common/xml_idref.c
    """
    for element in cib.references_by_id:
        target = cib.element(element.get("id-ref", ""))
        if target is not None and target.tag != element.tag:
            inside = [child.get("id", "") for child in target.iterchildren(str(element.tag)) if child.get("id")]
            place = cib.document.place(element, "id-ref")
            yield problem(
                place,
                f"id-ref {element.get('id-ref')!r} of <{element.tag!s}> is the id of <{target.tag!s}>",
                label=f"did you mean {inside[0]!r}?" if inside else f"a <{element.tag!s}> is expected",
                consequence=f"Pacemaker looks for a <{element.tag!s}> of that id, and finds none",
                help=f"name the id of a <{element.tag!s}>",
                related=[(cib.document.place(target, "id"), "what has the id")],
                fix=unsafe_fix(f"refer to {inside[0]!r}", SetValue(place, inside[0])) if len(inside) == 1 else None,
            )


@rule("REF104", "id-that-pcs-refuses", severity=INFO, tags=("ids", "pcs"), default=False)
def id_that_pcs_refuses(cib: Cib) -> Findings:
    """An id has letters that pcs and crmsh do not take.

    The schema allows letters of any script in an id. pcs and crmsh allow A to Z, digits, `_`, `.` and `-` only, and refuse to work with the
    element. The rule is off unless it is selected.

    Bad:

    ```xml
    <primitive id="«büro-ip»" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    Good:

    ```xml
    <primitive id="buero-ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    References:
    - pcs 0.12, pcs/lib/xml_tools.py and pcs/lib/validate.py, names of ids
    """
    for name, element in cib.elements_by_id.items():
        if not name.isascii():
            yield problem(
                cib.document.place(element, "id"),
                f"id {name!r} has letters that pcs and crmsh do not take",
                consequence="Pacemaker works with it; pcs and crmsh refuse to",
                help="use A to Z, a to z, digits, '_', '.' and '-'",
            )


TAG_TAGS = ("tags", "ids")


def _members(tag: Tag) -> Iterator[Element]:
    yield from tag.element.iterchildren("obj_ref")


@rule("REF111", "constraint-names-tag-of-others", severity=ERROR, tags=(*TAG_TAGS, "constraints"))
def constraint_names_tag_of_others(cib: Cib) -> Findings:
    """A constraint names a tag that lists something else than resources.

    In a constraint a tag stands for the resources that it lists. At a member that is no resource (a node, a constraint, a template, another
    tag) Pacemaker gives up: an order is ignored, another constraint from there on. Only in a resource set a tag may list tags and
    templates.

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
                consequence=result(constraint, reference),
                help="use a tag that lists resources only",
                related=[(cib.document.place(member, "id"), "no resource") for member in strangers[:3]],
            )


@rule("REF112", "tag-lists-no-resource", severity=WARNING, tags=(*TAG_TAGS, "pcs"))
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
            if "id" in member.attrib and name not in cib.resources and name != tag.id:
                is_something = cib.element(name) is not None or not cib.knows("nodes") or v.fold(name) in cib.node_names
                yield problem(
                    cib.document.place(member, "id"),
                    f"tag {tag.id!r} lists {name!r}, which is " + ("no resource" if is_something else "nothing"),
                    consequence="pcs refuses to work with the tag",
                    help="list resources only",
                    at_most=INFO if is_something else None,
                )


@rule("REF113", "tag-lists-itself", severity=WARNING, tags=TAG_TAGS, fix="sometimes")
def tag_lists_itself(cib: Cib) -> Findings:
    """A tag lists its own id.

    That means nothing, and Pacemaker ignores a constraint that names the tag, from there on: what the tag lists before may still count. (In
    a resource set the tag stops the cluster, see tag-in-set-lists-itself.)

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
    used = {reference.id for _, reference in named(cib)}
    for tag in cib.tags.values():
        used.update(name for name in tag.members if name != tag.id)
    for tag in cib.tags.values():
        make = unsafe_fix if tag.id in used or not cib.knows("constraints") else safe_fix
        for member in _members(tag):
            if member.get("id") == tag.id:
                yield problem(
                    cib.document.place(member, "id"),
                    f"tag {tag.id!r} lists itself",
                    consequence="a constraint that names the tag is ignored from there on",
                    help="remove it from the list",
                    # A constraint that is ignored today would count from then on.
                    fix=make(f"remove {tag.id!r} from its own list", Remove(cib.document.place(member))),
                )


@rule("REF114", "tag-lists-id-twice", severity=WARNING, tags=TAG_TAGS, fix="safe")
def tag_lists_id_twice(cib: Cib) -> Findings:
    """A tag lists one id twice.

    Pacemaker takes no notice of the second one. pcs refuses such a tag.

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
    - crm_simulate 2.1.5, tried
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


@rule("REF115", "tag-in-set-lists-itself", severity=ERROR, tags=(*TAG_TAGS, "constraints"))
def tag_in_set_lists_itself(cib: Cib) -> Findings:
    """A tag in a resource set lists itself, directly or by way of other tags.

    In a resource set Pacemaker puts what a tag lists in its place, and goes on with that, until there is no tag left. With such a tag that
    never ends: the scheduler runs for ever and takes more and more memory, and the cluster does nothing any more. The grammar allows it,
    and crm_verify does not end either.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="front"><obj_ref id="web"/><obj_ref id="all"/></tag>
    <tag id="all"><obj_ref id="ip"/><obj_ref id="front"/></tag>
    <rsc_order id="ord"><resource_set id="ord-set"><resource_ref id="«all»"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <tag id="front"><obj_ref id="web"/></tag>
    <tag id="all"><obj_ref id="ip"/><obj_ref id="front"/></tag>
    <rsc_order id="ord"><resource_set id="ord-set"><resource_ref id="all"/></resource_set></rsc_order>
    ```

    References:
    - crm_simulate and crm_verify 2.1.5, tried: they do not end
    - Pacemaker's source, lib/pacemaker/pcmk_sched_constraints.c: pcmk__expand_tags_in_sets
    """
    endless = _endless(cib)
    known = {*cib.resources, *cib.tags, *(template.id for template in cib.templates.values() if template.users)}
    is_clean = all(known.issuperset(cib.tags[name].members) for name in endless)
    for constraint in cib.constraints if endless else ():
        # Pacemaker looks at none that is over, and at no set in which it first meets a name that stands for nothing.
        is_sure = is_clean and not constraint.has_lifetime and all(one.id in known for one in constraint.references)
        for reference in constraint.references:
            if reference.id in endless and reference.place.node.tag == "resource_ref":
                onward = next(member for member in _members(cib.tags[reference.id]) if member.get("id") in endless)
                yield problem(
                    reference.place,
                    f"tag {reference.id!r} in a resource set lists itself"
                    if onward.get("id") == reference.id
                    else f"tag {reference.id!r} in a resource set never ends: tags that it lists list each other in a ring",
                    consequence=f"the scheduler {'runs' if is_sure else 'may run'} for ever, and the cluster does nothing any more",
                    help="let no tag list a tag that lists it",
                    related=[(cib.document.place(onward, "id"), "from here it goes on without end")],
                    at_most=None if is_sure else WARNING,
                )


def _endless(cib: Cib) -> set[str]:
    """The tags that list themselves, or lead to one that does: those that are left when all others are taken out from the ends."""
    listed_by: dict[str, list[str]] = {name: [] for name in cib.tags}
    inner = dict.fromkeys(cib.tags, 0)
    for tag in cib.tags.values():
        for name in tag.members:
            if name in listed_by and name not in cib.resources:
                listed_by[name].append(tag.id)
                inner[tag.id] += 1
    done = [name for name, number in inner.items() if not number]
    for name in done:
        for outer in listed_by[name]:
            inner[outer] -= 1
            if not inner[outer]:
                done.append(outer)
    return set(inner).difference(done)
