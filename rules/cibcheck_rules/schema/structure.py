"""SCH: what is missing, there too often, in the wrong order, or does not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import (
    ERROR,
    WARNING,
    Findings,
    Insert,
    SetValue,
    problem,
    rule,
    safe_fix,
)
from cibcheck_rules.schema.words import against_schema, all_of, called, id_for, one_of, tag_of

if TYPE_CHECKING:
    from cibcheck.api import Fix, Judgement, Violation

_MAY_BE_EMPTY = frozenset(("crm_config", "nodes", "resources", "constraints"))

_HINTS = {
    "interval": "give the time between two runs, such as 10s, or 0 for an action that runs once",
    "operation": "say how the two are compared",
    "index": "give the level's number: 1 is tried first",
    "ticket": "name the ticket",
    "target-dir": "give the folder in the container",
    "image": "name the container's image",
    "uname": "give the node's name",
    "path": "give the full path of the script",
}
"""What the value of a missing attribute is about."""


@rule("SCH111", "missing-element", severity=ERROR, tags=("schema",), fix="sometimes")
def missing_element(judgement: Judgement) -> Findings:
    """An element lacks a child that it must have.

    A whole CIB has the sections `crm_config`, `nodes`, `resources` and `constraints`, be they empty. A section alone is not asked for the
    others.

    Bad:

    ```xml
    <«group» id="web-group"/>
    ```

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <«configuration»> <crm_config/> <nodes/> <resources/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <group id="web-group">
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("missing-element"):
        fix = None
        if found.others:
            advice = f"put <{found.name}> around {all_of(dict.fromkeys(tag_of(element) for element, _ in found.others))}"
        elif found.name in _MAY_BE_EMPTY:
            fix = safe_fix(f"add an empty {found.name}", Insert(judgement.place(found.element), found.name))
            advice = f"add <{found.name}/>"
        else:
            advice = f"put at least one {found.name} in"
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            f"{called(found.element)} lacks {one_of(found.allowed or [found.name])}",
            key=found.name,
            help=advice,
            fix=fix,
        )


@rule("SCH112", "missing-attribute", severity=ERROR, tags=("schema",), fix="sometimes")
def missing_attribute(judgement: Judgement) -> Findings:
    """An element lacks an attribute that it must have.

    Where it is the id of something that nobody names, such as a name/value pair, the fix makes one from what stands around it.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><«op» id="web-monitor" name="monitor"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><«op» name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("missing-attribute"):
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            f"{called(found.element)} lacks the attribute {found.name!r}",
            key=found.name,
            help=_advice_on_missing(found),
            fix=_new_id(judgement, found) if found.name == "id" else None,
        )


def _advice_on_missing(found: Violation) -> str:
    if found.name == "id":
        return _IDS_OF_OTHERS.get(tag_of(found.element), "give it an id that nothing else in the CIB has")
    if found.allowed:
        return f"add {found.name}: {one_of(found.allowed)}"
    if found.message:
        return f"add {found.name}, {found.message}"
    if hint := _HINTS.get(found.name):
        return f"add {found.name}: {hint}"
    return f'add {found.name}="…"'


_IDS_OF_OTHERS = {
    "role": "write the id of the acl_role that is meant",
    "obj_ref": "write the id of what the tag is to list",
    "resource_ref": "write the id of the resource that is meant",
    "acl_target": "write the name of the user, or an id and the name of the user as name",
    "acl_group": "write the name of the group of users, or an id and that name as name",
}
"""Elements whose id is the name of something else."""
_NAMED_BY_PEOPLE = frozenset(("primitive", "template", "group", "clone", "master", "bundle", "node", "tag", "acl_role"))


def _new_id(judgement: Judgement, found: Violation) -> Fix | None:
    """An id for something that nobody names; that of a resource or a node is a name, which is for people to give."""
    tag = tag_of(found.element)
    if tag in _NAMED_BY_PEOPLE or (tag in _IDS_OF_OTHERS and not found.element.get("name")):
        return None
    new = judgement.free_id(id_for(found.element))
    return safe_fix(f"give it the id {new}", SetValue(judgement.place(found.element, "id"), new))


@rule("SCH113", "too-many-elements", severity=ERROR, tags=("schema",))
def too_many_elements(judgement: Judgement) -> Findings:
    """An element has more children of one name than it may.

    Often one of them was added by hand where the other was overlooked. Since schema 4.0 a location constraint has one rule at most.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-start" name="start" interval="0" timeout="60s"/></operations>
      <«operations»><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-start" name="start" interval="0" timeout="60s"/>
        <op id="web-monitor" name="monitor" interval="10s"/>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("too-many"):
        parent = found.element.getparent()
        holder = "the CIB" if parent is None else called(parent)
        advice = found.message or "merge the two, or remove one"
        if found.name == "rule" and parent is not None and parent.tag != "rsc_location":
            advice = "put both into one rule around them, with a boolean-op, or each into a set of its own"
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            f"a second {found.name} in {holder}",
            help=advice,
            related=[(judgement.name_place(element), "the first") for element, _ in found.others],
        )


@rule("SCH114", "elements-out-of-order", severity=ERROR, tags=("schema",))
def elements_out_of_order(judgement: Judgement) -> Findings:
    """An element's children are all allowed, but stand in the wrong order.

    Order matters in few places: `configuration` comes before `status`, the sets of a location constraint come before its rule, and in
    schemas before 4.0 a `lifetime` has its place.

    Bad:

    ```xml
    <rsc_location id="web-where">
      <rule id="web-where-rule" score="100"><expression id="web-where-e" attribute="site" operation="eq" value="north"/></rule>
      <«resource_set» id="web-where-set"><resource_ref id="web"/></resource_set>
    </rsc_location>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <rsc_location id="web-where">
      <resource_set id="web-where-set"><resource_ref id="web"/></resource_set>
      <rule id="web-where-rule" score="100"><expression id="web-where-e" attribute="site" operation="eq" value="north"/></rule>
    </rsc_location>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    References:
    - Pacemaker, xml/constraints-*.rng
    """
    for found in judgement.of("wrong-order"):
        parent = found.element.getparent()
        holder = "the CIB" if parent is None else called(parent)
        if found.others:
            message = f"{found.name} stands behind {tag_of(found.others[0][0])} in {holder}"
            advice = f"move {found.name} before {tag_of(found.others[0][0])}"
        elif found.allowed:
            message = f"{found.name} stands where {one_of(found.allowed)} is expected in {holder}"
            advice = f"put {one_of(found.allowed)} before it"
        else:
            message = f"{found.name} stands too late in {holder}"
            advice = f"move {found.name} further up"
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            message,
            help=advice,
            related=[(judgement.name_place(element), "comes after it") for element, _ in found.others],
        )


@rule("SCH115", "contradicting-attributes", severity=ERROR, tags=("schema",), fix="sometimes")
def contradicting_attributes(judgement: Judgement) -> Findings:
    """Attributes or children that exclude or need each other.

    Each of them may be there; together, or one without the other, they mean nothing.

    Bad:

    ```xml
    <rsc_order id="ip-then-web" first="ip" then="web" kind="«Mandatory»" score="INFINITY"/>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    ```xml
    <cluster_property_set id="options">
      <nvpair id="options-delay" name="«transition_idle_timeout»" value="60s"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <rsc_order id="ip-then-web" first="ip" then="web" kind="Mandatory"/>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("condition"):
        value = judgement.place(found.element, found.attribute) if found.attribute else judgement.name_place(found.element)
        fix = _new_id(judgement, found) if found.name == _NO_ID else None
        if found.successor is not None and found.attribute is not None and not _is_named(found):
            fix = safe_fix(f"write {found.successor}", SetValue(judgement.place(found.element, found.attribute), found.successor))
        yield against_schema(
            judgement,
            value,
            f"{called(found.element)} {found.name}",
            help=found.message,
            related=[(judgement.place(element, attribute), "and this") for element, attribute in found.others if attribute],
            fix=fix,
        )


def _is_named(found: Violation) -> bool:
    """Whether a pair of the set has the name already that is to be given to another."""
    parent = found.element.getparent()
    pairs = () if parent is None or found.attribute != "name" else parent.iterchildren("nvpair")
    return any(pair.get("name") == found.successor for pair in pairs)


_NO_ID = "has neither id nor id-ref"
"""What the schema says of a set or a pair without id; the usual reason is that nobody gave it one."""


@rule("SCH105", "unexpected-text", severity=WARNING, tags=("schema",))
def unexpected_text(judgement: Judgement) -> Findings:
    """There is text between elements.

    A CIB has text nowhere. Pacemaker drops it when it reads the file, so it does no harm, but it was hardly meant to be there: it is what
    is left of an element, or should be a comment.

    Bad:

    ```xml
    <resources>
      «the web server» <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </resources>
    ```

    Good:

    ```xml
    <resources>
      <!-- the web server --> <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
      <primitive id="fence" class="stonith" type="fence_ipmilan"/>
    </resources>
    ```

    References:
    - crm_verify 2.1.5, tried: it accepts a CIB with text, which is gone after `cibadmin --replace`
    """
    for found in judgement.of("text"):
        shown = found.name if len(found.name) <= _MOST else found.name[:_MOST].rstrip() + "…"
        holder, part = found.others[0]
        yield problem(
            judgement.place(holder, part),
            f"text in {called(found.element)}: {' '.join(shown.split())!r}",
            consequence="Pacemaker drops the text when it reads the file",
            help="remove it, or make it a comment: <!-- … -->",
        )


_MOST = 40
"""Of a longer text only so many characters are repeated in the message."""
