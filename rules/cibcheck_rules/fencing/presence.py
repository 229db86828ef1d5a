"""FEN1: whether the cluster can fence at all, and each of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, Gap, problem, quoted, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Agents, FenceDevice, FencingLevel, Setting

TAGS = ("fencing",)


@rule("FEN101", "no-fence-device", severity=ERROR, tags=TAGS)
def no_fence_device(cib: Cib) -> Findings:
    """Fencing is on, as by default, and there is no fence device.

    Pacemaker starts no resource then, not a single one, until there is a device (class `stonith`), a hardware watchdog takes over
    (`fencing-watchdog-timeout` with SBD), or fencing is switched off.

    Bad:

    ```xml
    <«resources»><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></resources>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan"/>
    ```

    A device made from a template, and one that only the watchdog needs:

    ```xml
    <template id="bmc" class="stonith" type="fence_ipmilan"/>
    <primitive id="fence-rack" template="bmc"/>
    ```

    ```xml
    <cluster_property_set id="props"><nvpair id="wd" name="stonith-watchdog-timeout" value="10s"/></cluster_property_set>
    <resources><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></resources>
    ```

    References:
    - Pacemaker Explained, "Fencing"
    - crm_simulate and crm_verify 2.1.5, tried
    """
    if (
        cib.fencing.written
        or cib.fencing_is_enabled is not True
        or cib.fencing.uses_watchdog
        or cib.switch(False, "have-watchdog")
    ):
        return
    section = cib.section("resources")
    if section is None:
        return
    enabled = cib.option("fencing-enabled", "stonith-enabled").certain
    yield problem(
        cib.document.place(section, "@"),
        "fencing is on, and there is no fence device",
        consequence="Pacemaker starts no resource",
        help="configure a fence device that reaches every node; for a cluster without shared data, switch fencing off",
        related=[(enabled.place, "switches fencing on")] if enabled is not None else [],
        at_most=None if cib.top_resources else WARNING,
    )


@rule("FEN102", "fencing-disabled", severity=WARNING, tags=TAGS)
def fencing_disabled(cib: Cib) -> Findings:
    """Fencing is switched off.

    When a node no longer answers, Pacemaker takes it for dead and starts its resources elsewhere. If it only hangs, or the network
    between the nodes is broken, they run twice: data that both write to is damaged. Vendors support no cluster without fencing.
    (With remote nodes it has a rule of its own, REM613.)

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="«false»"/></cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="true"/></cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Fencing"
    - Red Hat, "Support Policies for RHEL High Availability Clusters - General Requirements for Fencing/STONITH"
    """
    option = cib.option("fencing-enabled", "stonith-enabled")
    if option.is_conditional:
        cib.ledger.note(Gap("a rule decides whether the cluster fences"))
    setting = option.certain
    if setting is None or v.boolean(setting.text).value is not False or (cib.knows("resources") and cib.remote_nodes):
        return
    yield problem(
        setting.place,
        "fencing is switched off",
        consequence="a node that hangs or is cut off keeps its resources while another starts them: shared data is damaged",
        help="set up fence devices, and switch fencing on",
    )


@rule("FEN103", "all-fence-devices-disabled", severity=ERROR, tags=TAGS)
def all_fence_devices_disabled(cib: Cib) -> Findings:
    """Fencing is on, and every fence device is disabled.

    Resources start, for a disabled device counts as configured. But the fencer does not use a device whose `target-role` is `Stopped`: when
    a node fails, nothing can fence it, and its resources are not recovered. crm_verify says nothing.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <meta_attributes id="fence-meta"><nvpair id="fence-role" name="target-role" value="«Stopped»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <meta_attributes id="fence-meta"><nvpair id="fence-role" name="target-role" value="Started"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/fenced/fenced_cib.c
    - Pacemaker Explained, "Fencing": a device is disabled by target-role
    """
    written = cib.fencing.written
    if not written or cib.fencing.devices or cib.fencing_is_enabled is not True or cib.fencing.uses_watchdog:
        return
    for device in written:
        if (role := device.resource.is_disabled) is not None:
            yield problem(
                role.place,
                f"fence device {device.id!r} is disabled, and no other is left",
                consequence="no node can be fenced: when one fails, its resources are not recovered",
                help="enable the device: remove target-role",
                affects=[device.id],
            )


@rule("FEN104", "cluster-node-cannot-be-fenced", severity=ERROR, tags=TAGS)
def cluster_node_cannot_be_fenced(cib: Cib) -> Findings:
    """No fence device can fence a cluster node.

    When the node fails, its resources are started elsewhere only once it was fenced; where nothing can do that, they stay down. The rule
    speaks up only when there is no doubt: every device has a fixed list (`pcmk_host_list`, `pcmk_host_map`) and the node is in none, or
    each level of the topology for the node names a device that does not know it. (Remote nodes and the hosts of guest nodes have rules
    of their own, REM506 and REM508.)

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="«node2»"/></nodes>
    <primitive id="fence-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1-params"><nvpair id="f1-list" name="pcmk_host_list" value="node1"/></instance_attributes>
    </primitive>
    ```

    The topology asks a device that does not know the node:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="«node2»"/></nodes>
    <primitive id="fence-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1-params"><nvpair id="f1-list" name="pcmk_host_list" value="node1"/></instance_attributes>
    </primitive>
    <primitive id="fence-any" class="stonith" type="fence_sbd"/>
    <fencing-level id="level" target="node2" index="1" devices="fence-1"/>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
    <primitive id="fence" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f-params"><nvpair id="f-map" name="pcmk_host_map" value="node1:11;NODE2:12"/>
        <nvpair id="f-delay" name="pcmk_delay_max" value="10s"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    - Pacemaker's source, daemons/fenced/fenced_commands.c
    """
    if cib.fencing_is_enabled is not True or not cib.cluster_nodes:
        return
    for node in cib.cluster_nodes.values():
        if not cib.fencing.surely_uncovered(node.name) or _hosts_guests(cib, node.name):
            continue
        listed = [(one.place, f"device {device.id!r}") for device in cib.fencing.devices[:3] for one in device.lists[:1]]
        yield problem(
            node.name_place,
            f"no fence device can fence cluster node {node.name!r}",
            label="cluster node",
            consequence="when the node fails, its resources are not recovered: the node must be fenced first",
            help=f"add {node.name!r} to pcmk_host_list or pcmk_host_map of a device that can fence it",
            related=listed,
        )


def _hosts_guests(cib: Cib, node: str) -> bool:
    return any(
        cib.placement.may_run(guest.resource, candidate)
        for candidate in cib.cluster_candidates
        if candidate.name == node
        for guest in cib.guest_nodes
    )


@rule("FEN105", "fence-device-lists-unknown-node", severity=WARNING, tags=TAGS)
def fence_device_lists_unknown_node(cib: Cib) -> Findings:
    """A fence device is for a node that the configuration does not have.

    `pcmk_host_list` and `pcmk_host_map` hold the names by which Pacemaker knows the nodes. A slip of the pen, or the long host name in
    place of the short one, and the device never fences the node that was meant. In a `pcmk_delay_base` with a delay for each node it never
    waits for that one.

    Bad:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params">
        <nvpair id="list" name="pcmk_host_list" value="«node1 node2 node3.example.com»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <instance_attributes id="params"><nvpair id="list" name="pcmk_host_list" value="NODE1 node2,node3"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", special options of fence devices
    """
    if not cib.cluster_nodes:
        cib.ledger.note(Gap("the configuration names no cluster node", section="nodes"))
        return
    for device in cib.fencing.written:
        delays = [one for one in device.resource.parameters.get("pcmk_delay_base").candidates if ":" in one.text]
        for setting in (*device.lists, *delays):
            listed = v.node_list(setting.text) if setting.name == "pcmk_host_list" else v.host_map(setting.text)
            # A name with a comma or line break in it is a map's mistake, which FEN502 finds.
            unknown = [name for name in listed if not cib.means_a_node(name) and "," not in name and "\n" not in name]
            if unknown:
                few = len(unknown) == 1
                yield problem(
                    setting.place,
                    f"{setting.name} names {quoted(unknown)}, which {'is no node' if few else 'are no nodes'} of the cluster",
                    consequence=f"the device {'delays' if setting in delays else 'fences'} no node by {'this name' if few else 'these names'}",
                    help="write the names as the nodes have them in <nodes>",
                    affects=[device.id],
                )


@rule("FEN106", "fence-device-in-collective", severity=WARNING, tags=TAGS)
def fence_device_in_collective(cib: Cib) -> Findings:
    """A fence device stands in a group or clone.

    Every cluster node can use a device wherever it is started, so a clone gains nothing. In a group the device depends on the other
    members, and they on it: where one of them fails or may not run, so may not the device. The shells refuse both.

    Bad:

    ```xml
    <clone id="fencing"><primitive id="«fence-rack»" class="stonith" type="fence_ipmilan"/></clone>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan"/>
    ```

    References:
    - Pacemaker Explained, "Fencing": devices need not be cloned
    """
    for device in cib.fencing.written:
        outer = device.resource.parent
        if outer is not None:
            yield problem(
                device.resource.id_place,
                f"fence device {device.id!r} is in {outer.kind} {outer.id!r}",
                consequence="all nodes can use a device anyway; here it can be stopped or kept from a node because of other resources"
                if outer.kind == "group"
                else "all nodes can use a device anyway: the copies have no use",
                help="let it stand by itself",
                related=[(outer.id_place, f"the {outer.kind}")],
            )


# Agents that ask somebody to do it, or the victim itself, or do nothing at all.
_FOR_TESTS = (
    "external/ssh",
    "ssh",
    "null",
    "external/null",
    "meatware",
    "suicide",
    "fence_ack_manual",
    "fence_dummy",
    "fence_manual",
)


@rule("FEN107", "pretending-fence-agent", severity=WARNING, tags=TAGS)
def pretending_fence_agent(cib: Cib, *, agents: tuple[str, ...] = _FOR_TESTS) -> Findings:
    """A fence device only pretends.

    These agents are for tests: they ask the victim by ssh to reboot itself, wait for a person, or say that all went well. Pacemaker
    believes them, and starts the resources elsewhere while the victim may still run them. The option `agents` is the list of types, also of
    those that fence_legacy runs.

    Bad:

    ```xml
    <primitive id="«pretend»" class="stonith" type="external/ssh"/>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="external/ipmi"/>
    ```

    References:
    - cluster-glue and fence-agents, the agents' descriptions
    """
    for device in cib.fencing.written:
        kind = device.resource.agent.type
        if kind == "fence_legacy":
            kind = device.resource.parameters.get("plugin").text or kind
        if kind in agents:
            yield problem(
                device.resource.id_place,
                f"fence device {device.id!r} uses {kind}, which is for tests",
                consequence="Pacemaker takes a node for fenced that may still run its resources: shared data is damaged",
                help="use an agent that cuts the power or the storage of the node",
            )


@rule("FEN108", "only-helper-fence-devices", severity=WARNING, tags=TAGS)
def only_helper_fence_devices(cib: Cib) -> Findings:
    """Fencing is on, and no enabled device can isolate a node by itself.

    fence_kdump only confirms that a node has crashed and writes its dump; fence_heuristics_ping only decides whether a node may go on
    to fence. They need another device behind them; in a topology, in a level for the same node.

    Bad:

    ```xml
    <primitive id="«kdump»" class="stonith" type="fence_kdump"/>
    ```

    In a topology:

    ```xml
    <nodes><node id="1" uname="node1"/></nodes>
    <primitive id="kdump" class="stonith" type="fence_kdump"/>
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan"/>
    <fencing-level id="level" target="node1" index="1" devices="«kdump»"/>
    ```

    Good:

    ```xml
    <primitive id="kdump" class="stonith" type="fence_kdump"/>
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan"/>
    ```

    References:
    - fence-agents, the agents' descriptions
    """
    devices = cib.fencing.devices
    helpers = {device.id for device in devices if device.resource.agent.type in ("fence_kdump", "fence_heuristics_ping")}
    if not helpers or cib.fencing_is_enabled is not True or cib.fencing.uses_watchdog:
        return
    consequence = "a node that hangs or is cut off is never fenced, and its resources are not recovered"
    if len(helpers) == len(devices):
        yield problem(
            devices[0].resource.id_place,
            f"fence device{'s' if len(devices) > 1 else ''} {quoted(device.id for device in devices)} cannot isolate a node",
            consequence=consequence,
            help="add a device that cuts the power or the storage of the nodes",
        )
        return
    levels: dict[tuple[str, str] | None, list[FencingLevel]] = {}
    for level in cib.fencing.levels:
        levels.setdefault(level.subject, []).append(level)
    for same in levels.values():
        named = dict.fromkeys(name for level in same for name in level.devices)
        if named and helpers.issuperset(named):
            yield problem(
                same[0].devices_place,
                f"{quoted(named)} cannot isolate a node, and no level for the same target names another device",
                consequence=consequence,
                help="add a level with a device that cuts the power or the storage of the node",
            )


@rule("FEN109", "one-machine-for-several-nodes", severity=ERROR, tags=(*TAGS, "agents"))
def one_machine_for_several_nodes(cib: Cib, agents: Agents) -> Findings:
    """One management controller is to fence several nodes.

    A BMC (IPMI, iLO, iDRAC, Redfish and the like) switches the machine off that it is built into, whatever it is asked for. Where the address
    is given for another node, the wrong machine is switched off, and the node that was meant is taken for dead while it goes on writing. Two
    devices with one address for different nodes are an error; one device that lists several nodes, or none, is a warning, since a site may know
    better. (Without a list, Pacemaker asks the device for the state of the node, and it answers with that of its machine.)

    Agents that switch one machine are those with the parameter `port_as_ip`; with that set, or with `pcmk_host_argument`, the address comes from
    the node's name or from the map, and nothing is said. Nor is it where the topology says for which node a device without a list is.

    Bad:

    ```xml
    <primitive id="fence-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1">
        <nvpair id="f1-ip" name="ip" value="192.0.2.1"/>
        <nvpair id="f1-list" name="pcmk_host_list" value="node1"/>
      </instance_attributes>
    </primitive>
    <primitive id="fence-2" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f2">
        <nvpair id="f2-ip" name="ip" value="«192.0.2.1»"/>
        <nvpair id="f2-list" name="pcmk_host_list" value="node2,node3"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="f1">
        <nvpair id="f1-ip" name="ip" value="192.0.2.1"/>
        <nvpair id="f1-list" name="pcmk_host_list" value="node1"/>
      </instance_attributes>
    </primitive>
    <primitive id="fence-others" class="stonith" type="fence_apc">
      <instance_attributes id="f2">
        <nvpair id="f2-ip" name="ip" value="192.0.2.1"/>
        <nvpair id="f2-user" name="username" value="fence"/>
        <nvpair id="f2-map" name="pcmk_host_map" value="node2:2;node3:3"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - fence-agents 4.12, lib/fencing.py.py: port_as_ip is for agents that know no plugs; fence_ipmilan: only `ip` goes into the command
    """
    first: dict[tuple[str | None, ...], tuple[FenceDevice, Setting]] = {}
    for device, address, key in _controllers(cib, agents):
        nodes = sorted(device.targets or ())
        other, other_address = first.setdefault(key, (device, address)) if nodes else (device, address)
        if other is not device and not (other.targets or set()) & (device.targets or set()):
            yield problem(
                address.place,
                f"{device.id!r} switches the machine at {address.text!r}, and so does {other.id!r} for another node",
                label=f"for {quoted(nodes)}",
                consequence="one of the nodes is switched off in place of the other, which runs on and is taken for dead",
                help="give each device the address of its node's own controller",
                related=[(other_address.place, f"for {quoted(sorted(other.targets or ()))}")],
                affects=[other.id, device.id],
            )
        elif len(nodes) > 1 or (not nodes and _takes_any_node(cib, device)):
            yield problem(
                device.lists[0].place if nodes else address.place,
                f"{device.id!r} switches one machine, at {address.text!r}, and is for {quoted(nodes) if nodes else 'any node'}",
                label="several nodes" if nodes else "one machine",
                consequence="whichever node is to be fenced, that machine is switched off; another node runs on and is taken for dead",
                help="make a device for each node, with the address of its own controller"
                if nodes
                else "name the node of that machine in pcmk_host_list",
                affects=[device.id],
                at_most=WARNING,
            )


def _controllers(cib: Cib, agents: Agents) -> Iterator[tuple[FenceDevice, Setting, tuple[str | None, ...]]]:
    """The devices that switch one machine each, with the address and what tells machines apart."""
    for primitive, facts in agents.primitives:
        if "port_as_ip" not in facts.parameters or primitive.agent.type in _WITH_PLUGS:
            continue
        device = cib.fencing.by_id.get(primitive.id)
        parameters = primitive.parameters
        address = parameters.get("ip", "ipaddr").certain
        if device is not None and address is not None and all(parameters.get(name).is_absent for name in _FROM_NODE):
            rest = [parameters.get(*names) for names in _MACHINE]
            if not any(one.is_conditional for one in rest):
                yield device, address, (v.fold(address.text), *(one.text for one in rest))


_WITH_PLUGS = ("fence_powerman", "fence_vmware")
"""They do know plugs, though they have the parameter."""
_FROM_NODE = ("port_as_ip", "pcmk_host_argument")
_MACHINE = (("ipport",), ("target",), ("systems_uri", "systems-uri"), ("plug", "port"))


def _takes_any_node(cib: Cib, device: FenceDevice) -> bool:
    """Whether nothing says which of several nodes a device is for, neither a list nor the topology."""
    check = device.resource.parameters.get("pcmk_host_check")
    if device.lists or check.is_conditional or v.fold(check.text or "none") not in ("none", "status"):
        return False
    return len(cib.cluster_nodes) > 1 and device.id not in cib.fencing.in_levels
