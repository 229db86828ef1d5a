"""FEN2: the levels of the fencing topology."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Gap, Lookalikes, Remove, problem, quoted, rule, safe_fix
from cibcheck.api import values as v
from cibcheck_rules.nodes import misnamed

if TYPE_CHECKING:
    from cibcheck.api import FencingLevel

TAGS = ("fencing", "topology")

# The fencer brings a device of this name itself, where fencing by watchdog is configured.
_BUILT_IN = "watchdog"


@rule("FEN201", "level-names-no-device", severity=ERROR, tags=TAGS)
def level_names_no_device(cib: Cib) -> Findings:
    """A fencing level names something that is no fence device.

    All devices of a level must succeed, so the level fails whenever it is tried, and the fencer goes on to the next. Where there is
    none, the node is not fenced at all. Neither the schema nor crm_verify look at the names.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="1" devices="«fence-a,fence-b»"/>
    ```

    A resource of another class:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <fencing-level id="level" target="node1" index="1" devices="«web»"/>
    ```

    Good:

    ```xml
    <template id="bmc" class="stonith" type="fence_ipmilan"/>
    <primitive id="fence-a" template="bmc"/>
    <fencing-level id="level" target="node1" index="1" devices="fence-a"/>
    ```

    References:
    - Pacemaker Explained, "Fencing Topologies"
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    names = {device.id for device in cib.fencing.written} if cib.fencing.levels else set()
    lookalikes: Lookalikes | None = None
    for level in cib.fencing.levels:
        strangers = [name for name in level.devices if name not in names and name != _BUILT_IN]
        if not strangers:
            continue
        known = [cib.resources[name] for name in strangers if name in cib.resources]
        lookalikes = lookalikes or Lookalikes(names)
        meant = lookalikes.of(strangers[0])
        yield problem(
            level.devices_place,
            f"fencing level {level.element.get('id')!r} names {quoted(strangers)}, which {_is_no(len(strangers))}",
            consequence="the level fails each time it is tried",
            help=f"did you mean {meant!r}?" if meant else "name fence devices of the configuration",
            related=[(one.id_place, f"a {one.kind}, no fence device") for one in known],
        )


def _is_no(count: int) -> str:
    return "is no fence device" if count == 1 else "are no fence devices"


@rule("FEN202", "level-names-disabled-device", severity=ERROR, tags=TAGS)
def level_names_disabled_device(cib: Cib) -> Findings:
    """A fencing level names a device that is disabled.

    The fencer does not use a device whose `target-role` is `Stopped`, so the level fails. It is an error where no other level is left for the
    node: devices outside of its levels are not used for it.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan">
      <meta_attributes id="meta"><nvpair id="role" name="target-role" value="Stopped"/></meta_attributes>
    </primitive>
    <primitive id="fence-b" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="1" devices="«fence-a»"/>
    ```

    Good:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="1" devices="fence-a"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_cib.c
    """
    disabled = {device.id: role for device in cib.fencing.written if (role := device.resource.is_disabled)}
    levels = cib.fencing.levels if disabled else ()
    has_other = {level.subject for level in levels if not any(name in disabled for name in level.devices)}
    for level in levels:
        if named := [name for name in level.devices if name in disabled]:
            is_last = level.target is not None and level.subject not in has_other
            yield problem(
                level.devices_place,
                f"fencing level {level.element.get('id')!r} names disabled device{'s' if len(named) > 1 else ''} {quoted(named)}",
                consequence=f"no level for {level.target!r} is left: it cannot be fenced, and its resources are not recovered"
                if is_last
                else "the level fails each time it is tried",
                help="enable the device, or take it out of the level",
                related=[(disabled[name].place, "disables it") for name in named],
                at_most=None if is_last else WARNING,
            )


@rule("FEN203", "level-target-is-no-node", severity=WARNING, tags=TAGS)
def level_target_is_no_node(cib: Cib) -> Findings:
    """A fencing level is for a node that the configuration does not have.

    The level is never used. The node that was meant is fenced by any device that reaches it, in no particular order, or not at all.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="«nod1»" index="1" devices="fence-a"/>
    ```

    A pattern that no node matches:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target-pattern="«^db-»" index="1" devices="fence-a"/>
    ```

    Good:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="NODE1" index="1" devices="fence-a"/>
    <fencing-level id="rest" target-pattern="node[23]" index="1" devices="fence-a"/>
    ```

    References:
    - Pacemaker Explained, "Fencing Topologies"
    """
    if not cib.fencing.levels:
        return
    if not cib.cluster_nodes:
        cib.ledger.note(Gap("the configuration names no cluster node", section="nodes"))
        return
    nodes = [*(node.name for node in cib.cluster_nodes.values()), *(node.name for node in cib.connected_nodes)]
    for level in cib.fencing.levels:
        if level.target is not None and not cib.means_a_node(level.target):
            yield problem(
                level.target_place,
                f"fencing level {level.element.get('id')!r} is for {level.target!r}, which is no node of the cluster",
                consequence="the level is never used",
                help=misnamed(cib, level.target)[1],
            )
        elif level.pattern is not None and (error := v.pattern_error(level.pattern)) is not None:
            yield problem(
                cib.document.place(level.element, "target-pattern"),
                f"the pattern {level.pattern!r} of fencing level {level.element.get('id')!r} {error}",
                consequence="the level is never used",
                help="write a POSIX extended regular expression",
            )
        elif level.pattern is not None and cib.fencing.matches(level.pattern, nodes) is False:
            yield problem(
                cib.document.place(level.element, "target-pattern"),
                f"no node matches the pattern {level.pattern!r} of fencing level {level.element.get('id')!r}",
                consequence="the level is never used",
                help="a pattern is a POSIX extended regular expression, found anywhere in the name of a node",
            )


@rule("FEN204", "level-attribute-never-set", severity=INFO, tags=TAGS)
def level_attribute_never_set(cib: Cib) -> Findings:
    """A fencing level is for nodes with an attribute that no node has in the configuration.

    The attribute may still be set while the cluster runs. Otherwise the level is never used.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target-attribute="«rack»" target-value="1" index="1" devices="fence-a"/>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"><instance_attributes id="n1"><nvpair id="n1-rack" name="rack" value="1"/></instance_attributes></node></nodes>
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target-attribute="rack" target-value="1" index="1" devices="fence-a"/>
    ```

    References:
    - Pacemaker Explained, "Fencing Topologies"
    """
    for level in cib.fencing.levels:
        if level.attribute is None:
            continue
        value = level.element.get("target-value", "")
        if (level.attribute, value) not in cib.node_attributes:
            yield problem(
                cib.document.place(level.element, "target-attribute"),
                f"no node has {level.attribute}={value!r} in the configuration",
                consequence="the level is used only where the attribute is set while the cluster runs",
                help=f"give the nodes that are meant the attribute {level.attribute}",
            )


@rule("FEN205", "repeated-level", severity=WARNING, tags=TAGS)
def repeated_level(cib: Cib) -> Findings:
    """Two fencing levels have the same target and the same index.

    The fencer makes one level of them: all devices of both must succeed. Levels that are alternatives need different indexes.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <primitive id="fence-b" class="stonith" type="fence_apc_snmp"/>
    <fencing-level id="level-a" target="node1" index="1" devices="fence-a"/>
    <fencing-level id="level-b" target="NODE1" index="«1»" devices="fence-b"/>
    ```

    Good:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <primitive id="fence-b" class="stonith" type="fence_apc_snmp"/>
    <fencing-level id="level-a" target="node1" index="1" devices="fence-a"/>
    <fencing-level id="level-b" target="node1" index="2" devices="fence-b"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    first: dict[tuple[tuple[str, str], int], FencingLevel] = {}
    for level in cib.fencing.levels:
        if level.subject is None or level.index is None:
            continue
        before = first.setdefault((level.subject, level.index), level)
        if before is level:
            continue
        same = set(before.devices) >= set(level.devices)
        yield problem(
            cib.document.place(level.element, "index"),
            f"fencing levels {before.element.get('id')!r} and {level.element.get('id')!r} have the same target and index {level.index}",
            consequence="the second adds nothing" if same else "they become one level, all of whose devices must succeed",
            help="remove one of the two" if same else "give the one that is to be tried second a higher index",
            related=[(cib.document.place(before.element, "index"), "the first")],
            fix=safe_fix(f"remove level {level.element.get('id')!r}, which adds nothing", Remove(level.place)) if same else None,
        )


@rule("FEN206", "level-device-spares-target", severity=WARNING, tags=TAGS)
def level_device_spares_target(cib: Cib) -> Findings:
    """A fencing level names a device that cannot fence its target.

    A device with a fixed list (`pcmk_host_list`, `pcmk_host_map`) fences the nodes on it and no others, in a topology too. The level fails.
    (Where no level of the node is left, FEN104 or REM506 says so.)

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="list" name="pcmk_host_list" value="node2"/></instance_attributes>
    </primitive>
    <primitive id="fence-all" class="stonith" type="fence_sbd"/>
    <fencing-level id="level-1" target="node1" index="1" devices="«fence-a»"/>
    <fencing-level id="level-2" target="node1" index="2" devices="fence-all"/>
    ```

    Good:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="list" name="pcmk_host_list" value="node2 node1"/></instance_attributes>
    </primitive>
    <primitive id="fence-all" class="stonith" type="fence_sbd"/>
    <fencing-level id="level-1" target="node1" index="1" devices="fence-a"/>
    <fencing-level id="level-2" target="node1" index="2" devices="fence-all"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    for level in cib.fencing.levels:
        if level.target is not None and (
            v.fold(level.target) in cib.guests_by_name or cib.fencing.surely_uncovered(level.target)
        ):
            continue
        for name in level.devices:
            if level.target is not None and cib.fencing.spares(name, level.target):
                whom, added = f"{level.target!r}: the node is not on its list", repr(level.target)
            elif level.pattern is not None and _spares_matches(cib, name, level.pattern):
                whom, added = f"what matches {level.pattern!r}: no such node is on its list", "the nodes"
            else:
                continue
            yield problem(
                level.devices_place,
                f"device {name!r} cannot fence {whom}",
                consequence="the level fails each time it is tried",
                help=f"add {added} to the list of {name!r}, or take the device out of the level",
                related=[(setting.place, "its list") for setting in cib.fencing.by_id[name].lists],
            )


def _spares_matches(cib: Cib, device: str, pattern: str) -> bool:
    """Whether there are cluster nodes that match a pattern, and an enabled device of that id surely cannot fence any of them."""
    found = cib.fencing.by_id.get(device)
    if found is None or found.targets is None:
        return False
    known = {name: node.name for name, node in cib.cluster_nodes.items()}
    listed = [known[name] for name in found.targets if name in known]
    return bool(cib.fencing.matches(pattern, known.values())) and cib.fencing.matches(pattern, listed) is False


@rule("FEN207", "level-index-out-of-range", severity=ERROR, tags=TAGS)
def level_index_out_of_range(cib: Cib) -> Findings:
    """A fencing level has an index above 9.

    Levels go from 1 to 9. Schemas before 4.0 allow more, the fencer ignores them, and Pacemaker 3 drops them when it upgrades the
    configuration.

    Bad:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="«10»" devices="fence-a"/>
    ```

    Good:

    ```xml
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="9" devices="fence-a"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    for level in cib.fencing.levels:
        if level.index is not None and not 1 <= level.index <= 9:
            yield problem(
                cib.document.place(level.element, "index"),
                f"fencing level {level.element.get('id')!r} has the index {level.index}",
                consequence="the fencer ignores the level",
                help="use indexes from 1 to 9",
            )


@rule("FEN208", "node-without-level", severity=WARNING, tags=TAGS)
def node_without_level(cib: Cib) -> Findings:
    """The topology has levels for some cluster nodes and none for others.

    The others are fenced by any device that reaches them, in no particular order. That is rarely what was tried, and rarely meant.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="«node2»"/></nodes>
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="1" devices="fence-a"/>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="fence-a" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level-1" target="node1" index="1" devices="fence-a"/>
    <fencing-level id="level-2" target="node2" index="1" devices="fence-a"/>
    ```

    References:
    - Pacemaker Explained, "Fencing Topologies"
    """
    levels = cib.fencing.levels
    if not levels or any(level.target is None for level in levels):
        return
    targets = {v.fold(level.target) for level in levels if level.target is not None}
    if not targets & cib.cluster_nodes.keys():
        return
    for name, node in cib.cluster_nodes.items():
        if name not in targets and not cib.fencing.surely_uncovered(node.name):
            yield problem(
                node.name_place,
                f"cluster node {node.name!r} has no fencing level, while others have",
                consequence="any device that reaches it may be used, in no particular order",
                help=f"add levels for {node.name!r}",
            )
