"""FEN3 and FEN4: what a fence device's settings say together; when fencing starts, and who is first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Gap, problem, quoted, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Agents, FenceDevice


TAGS = ("fencing",)


@rule("FEN301", "static-list-without-list", severity=ERROR, tags=TAGS)
def static_list_without_list(cib: Cib) -> Findings:
    """A fence device is to take its targets from a fixed list, and has none.

    With `pcmk_host_check=static-list` the nodes are those of `pcmk_host_list` and `pcmk_host_map`. Without the two the device fences
    nothing.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="«static-list»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="static-list"/>
        <nvpair id="map" name="pcmk_host_map" value="node1:1;node2:2;node3:3"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    for device in cib.fencing.written:
        check = device.resource.parameters.get("pcmk_host_check").certain
        if check is not None and v.fold(check.text) == "static-list" and not any(one.text.strip() for one in device.lists):
            yield problem(
                check.place,
                f"fence device {device.id!r} takes its targets from a list, and has none",
                consequence="the device fences nothing",
                help="set pcmk_host_list or pcmk_host_map, or leave pcmk_host_check out",
                affects=[device.id],
            )


@rule("FEN302", "host-list-ignored", severity=WARNING, tags=TAGS)
def host_list_ignored(cib: Cib) -> Findings:
    """A fence device has a list of nodes, and is told not to use it.

    With `pcmk_host_check` set to `dynamic-list` or `status` the device is asked which nodes it can fence; with `none` it takes any. The
    list does not count then (`pcmk_host_map` still translates names to ports).

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="«none»"/>
        <nvpair id="list" name="pcmk_host_list" value="node1 node2 node3"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="dynamic-list"/>
        <nvpair id="map" name="pcmk_host_map" value="node1:vm1;node2:vm2;node3:vm3"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    """
    for device in cib.fencing.written:
        parameters = device.resource.parameters
        check, hosts = parameters.get("pcmk_host_check").certain, parameters.get("pcmk_host_list").certain
        if check is None or hosts is None or v.fold(check.text) not in ("dynamic-list", "status", "none"):
            continue
        targets = (
            "it takes itself for able to fence any node" if v.fold(check.text) == "none" else "the device is asked for its nodes"
        )
        yield problem(
            check.place,
            f"fence device {device.id!r} has a pcmk_host_list that pcmk_host_check={check.text} ignores",
            consequence=targets,
            help="remove pcmk_host_check, so that the list counts; or remove the list",
            related=[(hosts.place, "the list")],
            affects=[device.id],
        )


@rule("FEN303", "delay-base-above-max", severity=WARNING, tags=TAGS)
def delay_base_above_max(cib: Cib) -> Findings:
    """A fence device's fixed delay is longer than the longest that it may have.

    `pcmk_delay_max` is the limit for both together: the fixed part is cut down to it, and no random part is left.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="base" name="pcmk_delay_base" value="«1m»"/>
        <nvpair id="max" name="pcmk_delay_max" value="10s"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="base" name="pcmk_delay_base" value="5s"/>
        <nvpair id="max" name="pcmk_delay_max" value="15s"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    """
    for device in cib.fencing.written:
        parameters = device.resource.parameters
        base, most = parameters.get("pcmk_delay_base").certain, parameters.get("pcmk_delay_max").certain
        longest = v.interval(most.text).value if most is not None else None
        if base is None or most is None or not longest:
            continue
        if any(delay > longest for delay in v.fence_delays(base.text)):
            yield problem(
                base.place,
                f"fence device {device.id!r} has a pcmk_delay_base above its pcmk_delay_max of {most.text}",
                consequence=f"the delay is {most.text}, without a random part",
                help="make pcmk_delay_max the longer one: it is the limit for both together",
                related=[(most.place, "the limit")],
                affects=[device.id],
            )


@rule("FEN304", "reserved-watchdog-device", severity=ERROR, tags=TAGS)
def reserved_watchdog_device(cib: Cib) -> Findings:
    """A device named watchdog is not the watchdog, or the watchdog's agent has another name.

    The id `watchdog` and the agent fence_watchdog belong together: they stand for nodes that fence themselves by SBD. Pacemaker
    ignores a device that has only one of the two.

    Bad:

    ```xml
    <primitive id="«watchdog»" class="stonith" type="fence_ipmilan"/>
    ```

    ```xml
    <primitive id="«dog»" class="stonith" type="fence_watchdog"/>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="wd" name="stonith-watchdog-timeout" value="10s"/></cluster_property_set>
    <primitive id="watchdog" class="stonith" type="fence_watchdog"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    for device in cib.fencing.written:
        is_agent = device.resource.agent.type == "fence_watchdog"
        if (device.id == "watchdog") == is_agent:
            continue
        yield problem(
            device.resource.id_place,
            f"fence device {device.id!r} has the agent of the watchdog"
            if is_agent
            else f"fence device 'watchdog' has the agent {device.resource.agent.type}",
            consequence="Pacemaker ignores the device",
            help='name the device "watchdog"' if is_agent else "give the device another id",
        )


@rule("FEN305", "watchdog-device-without-timeout", severity=WARNING, tags=TAGS)
def watchdog_device_without_timeout(cib: Cib) -> Findings:
    """There is a device for the watchdog, and fencing by watchdog is off.

    Pacemaker ignores the device unless `stonith-watchdog-timeout` (`fencing-watchdog-timeout` since 3.0.2) is set.

    Bad:

    ```xml
    <primitive id="«watchdog»" class="stonith" type="fence_watchdog"/>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="wd" name="stonith-watchdog-timeout" value="-1"/></cluster_property_set>
    <primitive id="watchdog" class="stonith" type="fence_watchdog"/>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    for device in cib.fencing.written:
        if device.id == "watchdog" and device.resource.agent.type == "fence_watchdog" and not cib.fencing.uses_watchdog:
            yield problem(
                device.resource.id_place,
                "device 'watchdog' has no effect: stonith-watchdog-timeout is not set, or 0",
                consequence="no node fences itself by watchdog",
                help="set stonith-watchdog-timeout to about twice SBD_WATCHDOG_TIMEOUT",
            )


@rule("FEN306", "conditional-fence-device", severity=WARNING, tags=TAGS)
def conditional_fence_device(cib: Cib) -> Findings:
    """A fence device has settings that depend on a rule, or several sets of them.

    The fencer reads a device when the device or the configuration changes, not when it fences. A rule is evaluated then, once, and
    without the node that is to be fenced; of several sets it may see but one.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      «<instance_attributes id="params">»<rule id="night" score="INFINITY"><date_expression id="when" operation="gt" start="2030-01-01"/></rule>
        <nvpair id="ip" name="ip" value="192.0.2.1"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="ip" name="ip" value="192.0.2.1"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", limitations
    """
    for device in cib.fencing.written:
        for kind in ("instance_attributes", "meta_attributes"):
            sets = list(device.resource.element.iterchildren(kind))
            guarded = next((one for one in sets if one.find("rule") is not None), None)
            if guarded is None and len(sets) < 2:
                continue
            yield problem(
                cib.document.place(sets[1] if guarded is None else guarded),
                f"fence device {device.id!r} has {kind} {'in several sets' if guarded is None else 'that depend on a rule'}",
                consequence="which of them the fencer uses is not sure",
                help="write one set without rules; make two devices where two are meant",
            )


@rule("FEN307", "query-longer-than-fencing", severity=WARNING, tags=TAGS)
def query_longer_than_fencing(cib: Cib) -> Findings:
    """A fence device may think longer about its targets than fencing may take.

    Before it fences, the fencer asks the device which nodes it can fence (`pcmk_host_check` is dynamic-list or status). It waits for the
    answer no longer than `stonith-timeout`, by default 60 s; then the device is left out.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_xvm">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="dynamic-list"/>
        <nvpair id="time" name="pcmk_list_timeout" value="«120s»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="st" name="stonith-timeout" value="180s"/></cluster_property_set>
    <primitive id="fence-rack" class="stonith" type="fence_xvm">
      <instance_attributes id="params"><nvpair id="check" name="pcmk_host_check" value="dynamic-list"/>
        <nvpair id="time" name="pcmk_list_timeout" value="120s"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 2.1.3, daemons/fenced/fenced_commands.c
    """
    asked = {"dynamic-list": "pcmk_list_timeout", "status": "pcmk_status_timeout"}
    for device in cib.fencing.written:
        check = device.resource.parameters.get("pcmk_host_check").certain
        name = asked.get(v.fold(check.text)) if check is not None else None
        setting = device.resource.parameters.get(name).certain if name is not None else None
        if setting is None:
            continue
        option = cib.option("fencing-timeout", "stonith-timeout")
        granted = 60_000 if option.is_absent else option.parse(v.interval)
        wanted = v.timeout(setting.text).value
        if granted is not None and wanted is not None and wanted > granted:
            yield problem(
                setting.place,
                f"{setting.name} of fence device {device.id!r} is longer than fencing may take ({granted // 1000} s)",
                consequence="a device that takes that long to answer is not used",
                help="make it shorter, or raise stonith-timeout",
                related=[(option.certain.place, "the time that fencing may take")] if option.certain is not None else [],
                affects=[device.id],
            )


# Agents for which it is the way to work, and the default, or that have no power to switch; and one that has the parameter and no use for it.
_CYCLES_ANYWAY = frozenset(("fence_sbd", "fence_gce", "fence_rcd_serial", "fence_heuristics_ping", "fence_zvmip"))


@rule("FEN308", "power-cycle-by-device", severity=WARNING, tags=TAGS)
def power_cycle_by_device(cib: Cib, agents: Agents) -> Findings:
    """A fence device restarts a node by a single command.

    With `method=cycle` the agent asks the device for a restart, and does not see the power off in between. A node whose controller only
    says that it did so counts as fenced, and its resources are started elsewhere. The default of most agents, `onoff`, switches off, looks,
    and switches on again. Agents whose default is to cycle, such as fence_gce, are not meant, nor those without the parameter.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="method" name="method" value="«cycle»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="method" name="method" value="onoff"/></instance_attributes>
    </primitive>
    ```

    References:
    - fence_ipmilan(8): "Use with caution"
    - fence_ipmilan 4.12, tried: it runs "chassis power cycle", and asks for no status afterwards
    """
    for device in cib.fencing.written:
        method = device.resource.parameters.get("method").certain
        facts = agents.of(device.resource)
        takes_it = facts is None or "method" in facts.parameters
        if method is not None and method.text == "cycle" and takes_it and device.resource.agent.type not in _CYCLES_ANYWAY:
            yield problem(
                method.place,
                f"fence device {device.id!r} restarts a node without seeing it off",
                consequence="a node that did not restart counts as fenced, and its resources may run twice",
                help="leave method out, or set it to onoff",
                affects=[device.id],
            )


@rule("FEN309", "no-key-for-node", severity=WARNING, tags=TAGS)
def no_key_for_node(cib: Cib) -> Findings:
    """A fence_mpath device has keys for some nodes, and none for another.

    Each node registers with the disks under a key of its own, which `pcmk_host_map` gives to it. One that has none cannot register, and
    cannot be fenced by the device. (Devices that are for one node each have the key in the parameter `key`.)

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="fence-disk" class="stonith" type="fence_mpath">
      <instance_attributes id="params"><nvpair id="map" name="pcmk_host_map" value="«node1:1»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="fence-disk" class="stonith" type="fence_mpath">
      <instance_attributes id="params"><nvpair id="map" name="pcmk_host_map" value="node1:1;node2:2"/></instance_attributes>
      <meta_attributes id="meta"><nvpair id="provides" name="provides" value="unfencing"/></meta_attributes>
    </primitive>
    ```

    References:
    - fence_mpath(8): key, and pcmk_host_map
    """
    for device in cib.fencing.devices:
        parameters = device.resource.parameters
        keys = parameters.get("pcmk_host_map").certain
        if device.resource.agent.type != "fence_mpath" or keys is None or not parameters.get("key").is_absent:
            continue
        known = set(map(v.fold, v.host_map(keys.text)))
        if without := [node.name for name, node in cib.cluster_nodes.items() if name not in known]:
            yield problem(
                keys.place,
                f"fence device {device.id!r} has no key for {quoted(without)}",
                consequence="a node without a key cannot register with the disks, and the device cannot fence it",
                help="add an entry with a key of its own for each cluster node",
                affects=[device.id],
            )


@rule("FEN310", "fencing-mapped-to-nothing", severity=ERROR, tags=TAGS)
def fencing_mapped_to_nothing(cib: Cib) -> Findings:
    """A fence device is told to do something else in the place of switching a node off.

    `pcmk_off_action` and `pcmk_reboot_action` are for devices that have other words for it. With `on`, `status` and the like the node runs on,
    and Pacemaker takes it for fenced as soon as the agent says that it did so. `off` in the place of reboot is fine; `reboot` in the place of
    off brings a node back that was to stay down.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="reboot" name="pcmk_reboot_action" value="«status»"/>
        <nvpair id="off" name="pcmk_off_action" value="«reboot»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="reboot" name="pcmk_reboot_action" value="off"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    - pacemaker-fenced 2.1.5 with fence_dummy, tried: fenced by on, status, monitor, metadata and validate-all; not by list, which it lacks
    """
    for device in cib.fencing.written:
        for name in ("pcmk_reboot_action", "pcmk_off_action"):
            setting = device.resource.parameters.get(name).certain
            if setting is None or (setting.text not in _HARMLESS and (name, setting.text) != ("pcmk_off_action", "reboot")):
                continue
            comes_back = setting.text == "reboot"
            yield problem(
                setting.place,
                f"{name} of fence device {device.id!r} is {setting.text!r}",
                consequence="a node that was to stay down comes back"
                if comes_back
                else "the node runs on, and Pacemaker takes it for fenced where the agent has the action: its resources run twice",
                help="leave it out" if comes_back else "leave it out, or write off",
                affects=[device.id],
                at_most=WARNING if comes_back else None,
            )


_HARMLESS = frozenset(("on", "status", "monitor", "list", "list-status", "metadata", "validate-all", "nop"))


# Devices by which two nodes cannot fence each other at once: the first reservation wins.
_DECIDES_BY_ITSELF = ("fence_scsi", "fence_mpath", "fence_azure_arm_noop")


@rule("FEN401", "two-node-fencing-race", severity=WARNING, tags=TAGS)
def two_node_fencing_race(cib: Cib) -> Findings:
    """In a cluster of two nodes nothing decides who fences first.

    When the two lose sight of each other, each keeps its quorum and fences the other, at the same time: both go down. A delay for
    one of them (`pcmk_delay_base` of the device, `priority-fencing-delay`), or a random one (`pcmk_delay_max`), lets one survive. (A
    quorum device decides it as well, which only corosync.conf tells; ignore the finding then.)

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="«fence-1»" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1"><nvpair id="f1-list" name="pcmk_host_list" value="node1"/></instance_attributes>
    </primitive>
    <primitive id="fence-2" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f2"><nvpair id="f2-list" name="pcmk_host_list" value="node2"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="fence-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1"><nvpair id="f1-list" name="pcmk_host_list" value="node1"/>
        <nvpair id="f1-delay" name="pcmk_delay_base" value="10s"/></instance_attributes>
    </primitive>
    <primitive id="fence-2" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f2"><nvpair id="f2-list" name="pcmk_host_list" value="node2"/></instance_attributes>
    </primitive>
    ```

    References:
    - Red Hat, "Delaying Fencing in a Two Node Cluster to Prevent Fence Races"
    - SUSE Linux Enterprise High Availability, Administration Guide, "Fencing and STONITH"
    """
    devices = cib.fencing.devices
    if len(cib.cluster_nodes) != 2 or not devices or cib.fencing_is_enabled is not True or cib.fencing.uses_watchdog:
        return
    if any(device.resource.agent.type in _DECIDES_BY_ITSELF for device in devices):
        return
    if any(cib.fencing.surely_uncovered(node.name) for node in cib.cluster_nodes.values()):
        return
    delay = cib.option("priority-fencing-delay")
    granted: int | None = delay.parse(v.interval)
    if delay.is_conditional or granted or any(_may_wait(device) for device in devices):
        return
    yield problem(
        devices[0].resource.id_place,
        "two cluster nodes, and no fence device has a delay",
        label="a fence device",
        consequence="when the nodes lose sight of each other, both fence the other at once, and the cluster is down",
        help="set pcmk_delay_base for the device that fences the node to be kept, or priority-fencing-delay for the cluster",
    )


def _may_wait(device: FenceDevice) -> bool:
    parameters = device.resource.parameters
    for name in ("pcmk_delay_base", "pcmk_delay_max", "delay"):
        for setting in parameters.get(name).candidates:
            if setting.condition is not None or any(v.fence_delays(setting.text)):
                return True
    return False


@rule("FEN402", "priority-fencing-delay-without-priority", severity=WARNING, tags=TAGS)
def priority_fencing_delay_without_priority(cib: Cib) -> Findings:
    """The delay for the node with the more important resources is set, and no resource has a priority.

    `priority-fencing-delay` is for the node whose resources have the higher `priority` in sum. All are 0, so nobody waits, and two
    nodes still fence each other at once.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="pfd" name="priority-fencing-delay" value="«15s»"/></cluster_property_set>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="pfd" name="priority-fencing-delay" value="15s"/></cluster_property_set>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-prio" name="priority" value="10"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Cluster Options", priority-fencing-delay
    """
    delay = cib.option("priority-fencing-delay").certain
    if delay is None or not v.interval(delay.text).value:
        return
    for resource in cib.all_resources:
        priority = resource.meta.get("priority")
        number: int | None = priority.parse(v.score)
        if priority.is_conditional or number:
            return
    yield problem(
        delay.place,
        "priority-fencing-delay is set, and no resource has a priority",
        consequence="no node waits: the delay has no effect",
        help="give the resources that should decide a priority above 0, or rsc_defaults one for all",
    )


@rule("FEN403", "quorum-ignored", severity=WARNING, tags=(*TAGS, "quorum"))
def quorum_ignored(cib: Cib) -> Findings:
    """The cluster goes on without quorum.

    With `no-quorum-policy=ignore` every part of a cluster that falls apart runs all resources, as far as fencing lets it. Two nodes need
    it no longer: corosync's `two_node` gives both quorum. From three nodes on it takes from the majority what it is for.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="nqp" name="no-quorum-policy" value="«ignore»"/></cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="nqp" name="no-quorum-policy" value="stop"/></cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Cluster Options", no-quorum-policy
    - SUSE Linux Enterprise High Availability, Administration Guide, "Quorum determination"
    """
    policy = cib.option("no-quorum-policy").certain
    if policy is None or v.fold(policy.text) != "ignore":
        return
    fences = cib.fencing_is_enabled
    yield problem(
        policy.place,
        "the cluster ignores the loss of quorum",
        consequence="the parts of a divided cluster each run all resources"
        if fences is False
        else "the parts of a divided cluster fence each other, the small ones too",
        help='use "stop", or "freeze" for cluster file systems; for two nodes set two_node in corosync.conf',
        at_most=INFO if fences is not False and cib.knows("nodes") and len(cib.cluster_nodes) <= 2 else None,
    )


@rule("FEN404", "startup-fencing-off", severity=WARNING, tags=TAGS)
def startup_fencing_off(cib: Cib) -> Findings:
    """Nodes that were not yet seen are taken for dead.

    With `startup-fencing=false` a cluster that starts without one of its nodes takes that node for clean. If it runs and is only cut off, its
    resources run twice.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="sf" name="startup-fencing" value="«false»"/></cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="sf" name="startup-fencing" value="true"/></cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Cluster Options", startup-fencing: "setting this to false may lead to a split-brain situation"
    """
    option = cib.option("startup-fencing")
    if option.is_conditional:
        cib.ledger.note(Gap("a rule decides whether unseen nodes are fenced"))
    setting = option.certain
    if setting is not None and v.boolean(setting.text).value is False and cib.fencing_is_enabled is not False:
        yield problem(
            setting.place,
            "nodes that were not seen since the start are not fenced",
            consequence="a node that is only cut off keeps its resources while the others start them: shared data is damaged",
            help="leave the option out: true is the default",
        )


@rule("FEN405", "remote-nodes-fenced-without-quorum", severity=INFO, tags=(*TAGS, "remote", "quorum"))
def remote_nodes_fenced_without_quorum(cib: Cib) -> Findings:
    """Nodes without quorum may fence remote nodes.

    With `fence-remote-without-quorum` the smaller part of a divided cluster fences the remote nodes that it cannot reach, though the other
    part may be using them. It helps where a part could not stop its resources otherwise; as a habit it costs the remote nodes.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="frwq" name="fence-remote-without-quorum" value="«true»"/></cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="frwq" name="fence-remote-without-quorum" value="false"/></cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Cluster Options", fence-remote-without-quorum
    """
    setting = cib.option("fence-remote-without-quorum").certain
    if setting is not None and v.boolean(setting.text).value and cib.fencing_is_enabled is not False:
        yield problem(
            setting.place,
            "nodes without quorum fence remote nodes",
            consequence="the smaller part of a divided cluster fences remote nodes that the other part may be using",
            help="leave the option out, unless that is meant: false is the default",
        )
