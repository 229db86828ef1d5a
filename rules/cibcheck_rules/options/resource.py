"""RES5: names and values of meta-attributes of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Primitive, Template, options, problem, rule
from cibcheck_rules.options.judging import (
    Pair,
    ask,
    bad_value,
    deprecated_value,
    faulty,
    is_allowed,
    out_of_date,
    pairs,
    read_in_part,
    strangers,
    two_spellings,
    unknown_name,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cibcheck.api import Cib, Element, Findings, Resource

TAGS = ("resources", "options")
SECTIONS = ("resources", "rsc_defaults")
KINDS = {
    "primitive": "primitive",
    "template": "primitive",
    "group": "group",
    "clone": "clone",
    "master": "clone",
    "bundle": "bundle",
}
"""What counts as what, by tag."""
OWN = tuple(("meta_attributes", tag) for tag in KINDS)
DEFAULTS = ("meta_attributes", "rsc_defaults")
HOMES = (*OWN, DEFAULTS)


class _Users:
    """Who has a value from a template or from rsc_defaults; worked out once for each name of which a value is bad."""

    def __init__(self, cib: Cib) -> None:
        self._cib = cib
        self._by_name: dict[str, Mapping[Element, list[str]]] = {}

    def of(self, pair: Pair) -> list[str]:
        """The ids of the resources."""
        if pair.home[1] not in ("template", "rsc_defaults") or not self._cib.knows("resources"):
            return []
        name = pair.option.name
        if name not in self._by_name:
            self._by_name[name] = self._all(name, pair.option.kinds)
        return self._by_name[name].get(pair.element, [])

    def _all(self, name: str, kinds: tuple[str, ...]) -> Mapping[Element, list[str]]:
        found: dict[Element, list[str]] = {}
        for resource in self._cib.all_resources:
            if _takes(resource, kinds):
                for setting in resource.meta.get(name).candidates:
                    found.setdefault(setting.element, []).append(resource.id)
        return found


def _takes(resource: Resource, kinds: tuple[str, ...]) -> bool:
    return not kinds or resource.kind in kinds


@rule("RES501", "unknown-meta-attribute", severity=ERROR, tags=TAGS, fix="sometimes")
def unknown_meta_attribute(cib: Cib, *, allow: tuple[str, ...] = ()) -> Findings:
    """Pacemaker does not know the name of a meta-attribute.

    Names are compared exactly. Any other name is legal, and handed to the agent; the cluster does nothing about it. It is an error if the name
    is surely a misspelling of a known one, a warning if it is near to one or belongs elsewhere, and otherwise only noted. The option `allow`
    takes patterns of names that are meant to be there.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-stickiness" name="«resource-stickyness»" value="100"/>
      </meta_attributes>
    </primitive>
    <rsc_defaults>
      <meta_attributes id="defaults"><nvpair id="quorum" name="«no-quorum-policy»" value="freeze"/></meta_attributes>
    </rsc_defaults>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-stickiness" name="resource-stickiness" value="100"/>
      </meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Meta-Attributes"
    - crm_simulate 2.1.5, tried: a resource with target-rol="Stopped" is started
    """
    ask(cib, *SECTIONS)
    table = options("Resource meta-attributes")
    for _, name, element, _ in strangers(cib, table, HOMES):
        if not is_allowed(name, allow):
            yield unknown_name(cib, element, "meta-attribute", table, belongs=_elsewhere(name), far=INFO)


def _elsewhere(name: str) -> str | None:
    if name in options("Cluster options") and not options("Cluster options")[name].removed:
        return "the cluster options (crm_config)"
    if (option := options("Operation options").get(name)) and not option.removed:
        return "an operation, or into op_defaults"
    return "the instance_attributes of a fence device" if name in options("Parameters of fence devices") else None


@rule("RES502", "bad-meta-attribute", severity=ERROR, tags=TAGS, fix="sometimes")
def bad_meta_attribute(cib: Cib) -> Findings:
    """A meta-attribute has a value that Pacemaker does not understand.

    What it does then differs from one to the other: it takes the default, or the number 0, and a boolean counts as false, mostly without a
    word. So `is-managed="ture"` makes a resource unmanaged, and `clone-max="two"` gives a clone no instance. The finding's key is the name of
    the meta-attribute; of a value in a template or in rsc_defaults it lists the resources that have it.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-managed" name="is-managed" value="«ture»"/>
        <nvpair id="web-failure" name="failure-timeout" value="«1 day»"/>
        <nvpair id="web-priority" name="priority" value="«high»"/>
      </meta_attributes>
    </primitive>
    <rsc_defaults>
      <meta_attributes id="defaults"><nvpair id="stickiness" name="resource-stickiness" value="«infinity»"/></meta_attributes>
    </rsc_defaults>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-managed" name="is-managed" value="Yes"/>
        <nvpair id="web-failure" name="failure-timeout" value="P1D"/>
        <nvpair id="web-role" name="target-role" value="started"/>
      </meta_attributes>
    </primitive>
    <rsc_defaults>
      <meta_attributes id="defaults"><nvpair id="stickiness" name="resource-stickiness" value="INFINITY"/></meta_attributes>
    </rsc_defaults>
    ```

    References:
    - Pacemaker Explained, "Resource Meta-Attributes"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    users = _Users(cib)
    for pair, reason in faulty(cib, options("Resource meta-attributes"), HOMES):
        if _is_read(pair):
            yield bad_value(pair, reason, users.of(pair))


def _is_read(pair: Pair) -> bool:
    """Whether a meta-attribute has a meaning for what it is set for; a group has those of its clone as well."""
    kinds, kind = pair.option.kinds, KINDS.get(pair.home[1])
    return (
        not kinds
        or kind is None
        or kind in kinds
        or ("group" in kinds and kind == "clone" and pair.owner.find("group") is not None)
    )


@rule("RES503", "deprecated-meta-attribute", severity=WARNING, tags=(*TAGS, "upgrade"), fix="safe")
def deprecated_meta_attribute(cib: Cib) -> Findings:
    """A meta-attribute has a name that is deprecated.

    It works as long as the new name is not set, and will not for ever.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta">
        <nvpair id="db-promotable" name="promotable" value="true"/>
        <nvpair id="db-max" name="«master-max»" value="2"/>
      </meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta">
        <nvpair id="db-promotable" name="promotable" value="true"/>
        <nvpair id="db-max" name="promoted-max" value="2"/>
      </meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    References:
    - Pacemaker 2.0.0, release notes (ChangeLog)
    """
    ask(cib, *SECTIONS)
    yield from out_of_date(cib, options("Resource meta-attributes"), HOMES, removed=False)


@rule("RES504", "removed-meta-attribute", severity=WARNING, tags=(*TAGS, "upgrade"))
def removed_meta_attribute(cib: Cib) -> Findings:
    """A meta-attribute was removed in a Pacemaker that the configuration is for.

    It has no effect there.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-restart" name="«restart-type»" value="restart"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    <rsc_order id="db-then-web" first="db" then="web" kind="Mandatory"/>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-*.xsl
    """
    ask(cib, *SECTIONS)
    yield from out_of_date(cib, options("Resource meta-attributes"), HOMES, removed=True)


@rule("RES505", "meta-attribute-in-two-spellings", severity=WARNING, tags=TAGS, fix="safe")
def meta_attribute_in_two_spellings(cib: Cib) -> Findings:
    """A meta-attribute is set under its old and its new name, to different values.

    Pacemaker takes the new name, and says nothing.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta">
        <nvpair id="db-promotable" name="promotable" value="true"/>
        <nvpair id="db-old" name="master-max" value="«2»"/>
        <nvpair id="db-new" name="promoted-max" value="1"/>
      </meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta">
        <nvpair id="db-promotable" name="promotable" value="true"/>
        <nvpair id="db-new" name="promoted-max" value="1"/>
      </meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    References:
    - Pacemaker 2.1, lib/pengine/clone.c: clone_unpack
    """
    ask(cib, *SECTIONS)
    table = options("Resource meta-attributes")
    for home, option, text, elements in written(cib, table, OWN):
        new = table.get(option.instead)
        if new is None:
            continue
        for pair in pairs(cib, home, option, text, elements):
            resource = cib.resources.get(pair.owner.get("id", ""))
            other = resource.meta.get(new.name).certain if resource else None
            if other is not None and option.read(text).value != new.read(other.text).value:
                yield two_spellings(pair, Pair(cib, new, other.text, home, other.element), cib.targets)


@rule("RES506", "meta-attribute-read-in-part", severity=WARNING, tags=TAGS, fix="unsafe")
def meta_attribute_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a meta-attribute's value.

    Numbers end at the first character that is no digit, fractions are dropped, and of a unit only the first letters count. A score beyond
    1000000 is INFINITY, and a month of an ISO 8601 duration has 30 days; these two are only noted.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-priority" name="priority" value="«10abc»"/>
        <nvpair id="web-failure" name="failure-timeout" value="«2months»"/>
      </meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-priority" name="priority" value="10"/>
        <nvpair id="web-failure" name="failure-timeout" value="2 min"/>
      </meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, lib/common/strings.c and scores.c; crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    yield from read_in_part(cib, options("Resource meta-attributes"), HOMES)


@rule("RES508", "deprecated-meta-attribute-value", severity=WARNING, tags=(*TAGS, "upgrade"))
def deprecated_meta_attribute_value(cib: Cib) -> Findings:
    """A meta-attribute has a value that is deprecated.

    That is `Master` and `Slave` for today's roles, `default` for what counts where nothing is set, rsc_defaults included, and groups that are
    not ordered or not collocated, be it that the clone of the group or rsc_defaults say so. It does what it says today, and will not for long.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-stickiness" name="resource-stickiness" value="«default»"/>
      </meta_attributes>
    </primitive>
    <group id="tools">
      <meta_attributes id="tools-meta"><nvpair id="tools-ordered" name="ordered" value="«false»"/></meta_attributes>
      <primitive id="tool-1" class="ocf" provider="pacemaker" type="Dummy"/>
    </group>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <clone id="tools">
      <meta_attributes id="tools-meta"><nvpair id="tools-ordered" name="ordered" value="false"/></meta_attributes>
      <primitive id="tool-1" class="ocf" provider="pacemaker" type="Dummy"/>
    </clone>
    ```

    References:
    - Pacemaker 2.1.0, 2.1.5 and 2.1.8, release notes (ChangeLog)
    """
    ask(cib, *SECTIONS)
    table = options("Resource meta-attributes")
    yield from deprecated_value(cib, table, HOMES)
    for name in ("ordered", "collocated"):
        for group in _groups(cib) if name in cib.names_written else ():
            for setting in group.meta.get(name).candidates:
                if table[name].read(setting.text).value is not False:
                    continue
                is_own = setting.holder.getparent() is group.element
                yield problem(
                    setting.place,
                    f"{name} is {setting.text!r} in a group, which is deprecated since Pacemaker 2.1.5"
                    if is_own
                    else f"group {group.id!r} has {name}={setting.text!r} from here, which is deprecated since Pacemaker 2.1.5",
                    consequence="it works today; a later release will order and keep together the members of every group",
                    help=("" if is_own else f"if it is not meant for the group, remove it or set {name}=true there; else ")
                    + "use constraints with a resource_set, with sequential set to false, instead of the group",
                    key=name,
                    affects=[group.id],
                )


def _groups(cib: Cib) -> list[Resource]:
    return [resource for resource in cib.all_resources if resource.kind == "group"] if cib.knows("resources") else []


@rule("RES509", "meta-attribute-of-other-kind", severity=WARNING, tags=TAGS)
def meta_attribute_of_other_kind(cib: Cib) -> Findings:
    """A meta-attribute is set on a kind of resource for which it has no meaning.

    Nothing reads it there. Most often, it is set on the primitive in a clone instead of on the clone. Only a fence device has `provides`.

    Bad:

    ```xml
    <clone id="web-clone">
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <meta_attributes id="web-meta"><nvpair id="web-interleave" name="«interleave»" value="true"/></meta_attributes>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="web-meta"><nvpair id="web-interleave" name="interleave" value="true"/></meta_attributes>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clone Options"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, "resources")
    for home, option, text, elements in written(cib, options("Resource meta-attributes"), OWN):
        kind = KINDS[home[1]]
        if option.name == "provides" and kind == "primitive":
            yield from _provided(pairs(cib, home, option, text, elements))
        if not option.kinds or kind in option.kinds:
            continue
        for pair in pairs(cib, home, option, text, elements):
            if _is_read(pair):
                continue
            yield problem(
                pair.name_place,
                f"{option.name} is a meta-attribute of {' or '.join(_a(one) for one in option.kinds)}, not of {_a(home[1])}",
                consequence="nothing reads it",
                help=_advice(cib, pair),
                key=option.name,
                at_most=INFO if kind == "bundle" else None,
            )


def _provided(written: Iterator[Pair]) -> Findings:
    for pair in written:
        name = pair.owner.get("id", "")
        owner = pair.cib.templates.get(name) or pair.cib.resources.get(name)
        if isinstance(owner, Primitive | Template) and owner.agent.standard not in ("stonith", ""):
            yield problem(
                pair.name_place,
                f"{pair.option.name} is a meta-attribute of a fence device, and {name!r} is none",
                consequence="nothing reads it",
                help="set it for the fence device",
                key=pair.option.name,
            )


def _a(kind: str) -> str:
    return f"a {kind}"


def _advice(cib: Cib, pair: Pair) -> str:
    resource = cib.resources.get(pair.owner.get("id", ""))
    outer = next((one for one in resource.ancestors if one.kind in pair.option.kinds), None) if resource else None
    return f"set it in the meta_attributes of {outer.kind} {outer.id!r}" if outer else "remove it"


@rule("RES510", "meta-attribute-as-parameter", severity=WARNING, tags=TAGS)
def meta_attribute_as_parameter(cib: Cib, *, allow: tuple[str, ...] = ()) -> Findings:
    """A meta-attribute is written among the parameters of the agent.

    In instance_attributes it is handed to the agent, and the cluster does nothing about it. Only names with a hyphen are looked at, since
    agents name their parameters with underscores; `allow` takes patterns of those that are meant to be there.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <instance_attributes id="web-params"><nvpair id="web-role" name="«target-role»" value="Stopped"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-role" name="target-role" value="Stopped"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Instance Attributes"
    - crm_simulate 2.1.5, tried: the resource is started
    """
    ask(cib, "resources")
    homes: Iterator[tuple[str, str]] = (("instance_attributes", tag) for tag in KINDS)
    for home, option, text, elements in written(cib, options("Resource meta-attributes"), homes):
        if "-" not in option.name or option.name.startswith("remote-") or is_allowed(option.name, allow):
            continue
        for pair in pairs(cib, home, option, text, elements):
            yield problem(
                pair.name_place,
                f"{option.name} is a meta-attribute, and stands among the parameters of the agent",
                consequence="the cluster does not read it there",
                help="move it into meta_attributes",
                key=option.name,
            )


@rule("RES514", "clone-without-instances", severity=WARNING, tags=TAGS)
def clone_without_instances(cib: Cib) -> Findings:
    """A clone is to have no instances.

    With `clone-max` 0 the clone runs nowhere. Documentation of old said that 0 means one for each node; without the meta-attribute that is so.

    Bad:

    ```xml
    <clone id="web-clone">
      <meta_attributes id="web-meta"><nvpair id="web-max" name="clone-max" value="«0»"/></meta_attributes>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="web-clone">
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </clone>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    table = options("Resource meta-attributes")
    for home, option, text, elements in written(cib, {"clone-max": table["clone-max"]}, HOMES):
        if option.read(text).value == 0:
            for pair in pairs(cib, home, option, text, elements):
                yield problem(
                    pair.place,
                    f"clone-max is {text!r}: the clone has no instances",
                    consequence="it runs nowhere",
                    help="remove clone-max for an instance on each node; to stop the clone, set target-role to Stopped",
                    key=option.name,
                )
