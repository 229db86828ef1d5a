"""FEN4: when fencing starts, and who is first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Cib, Findings, Gap, problem, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import FenceDevice

TAGS = ("fencing",)


def delays_in(text: str) -> list[int]:
    """The delays of a ``pcmk_delay_base``, in milliseconds: one for all nodes, or one for each."""
    entries = [entry.partition(":")[2] for entry in re.split(r"[; \t]+", text) if entry] if ":" in text else [text]
    return [delay for entry in entries if (delay := v.interval(entry).value)]


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
            if setting.condition is not None or any(delays_in(setting.text)):
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
