"""RES4: what keeps resources from running or being looked after, and what they require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, problem, quoted, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Resource, Setting

TAGS = ("resources",)
LEFTOVER = (*TAGS, "maintenance")


def _by_origin(cib: Cib, *names: str) -> Iterator[tuple[Setting, list[Resource]]]:
    """The settings of some names that surely count, each with the resources that it counts for."""
    found: dict[object, tuple[Setting, list[Resource]]] = {}
    written = [name for name in names if any(cib.pairs_named(name))]
    for resource in cib.all_resources if written else ():
        for name in written:
            if (setting := resource.meta.get(name).certain) is not None:
                found.setdefault(setting.element, (setting, []))[1].append(resource)
    yield from found.values()


def _makes_a_node(resource: Resource) -> bool:
    """Whether a resource is a connection or a guest's machine, of which the rules about remote nodes speak."""
    return resource.is_connection or resource.id in resource.cib.guests_by_resource


@rule("RES401", "disabled-resource", severity=INFO, tags=LEFTOVER)
def disabled_resource(cib: Cib) -> Findings:
    """A resource is disabled.

    With `target-role=Stopped` the cluster keeps it stopped. Often that is what is left of maintenance. (Fence devices, connections to remote
    nodes and guests' machines have rules of their own.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="role" name="target-role" value="«Stopped»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="role" name="target-role" value="Started"/></meta_attributes>
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Options", target-role
    """
    for setting, resources in _by_origin(cib, "target-role"):
        stopped = [one.id for one in resources if not _makes_a_node(one) and not getattr(one, "is_fence_device", False)]
        if v.fold(setting.text) == "stopped" and stopped:
            yield problem(
                setting.place,
                f"{quoted(stopped[:1])} is disabled" if len(stopped) == 1 else f"{len(stopped)} resources are disabled by this",
                consequence="the cluster keeps it stopped",
                help="remove target-role when it is to run again",
                affects=stopped,
            )


@rule("RES402", "unmanaged-resource", severity=INFO, tags=LEFTOVER)
def unmanaged_resource(cib: Cib) -> Findings:
    """A resource is not managed.

    With `is-managed=false` the cluster neither starts nor stops it, and does not recover it; with `maintenance=true` it does not even look
    after it. Often that is what is left of maintenance. (Connections to remote nodes have a rule of their own.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="managed" name="is-managed" value="«false»"/></meta_attributes>
    </primitive>
    ```

    ```xml
    <rsc_defaults><meta_attributes id="defaults"><nvpair id="m" name="maintenance" value="«true»"/></meta_attributes></rsc_defaults>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="managed" name="is-managed" value="true"/></meta_attributes>
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Options", is-managed and maintenance
    """
    for setting, resources in _by_origin(cib, "is-managed", "maintenance"):
        left_alone = [one.id for one in resources if not one.is_connection]
        if v.boolean(setting.text).value is (setting.name == "maintenance") and left_alone:
            yield problem(
                setting.place,
                f"{quoted(left_alone[:1])} is not managed"
                if len(left_alone) == 1
                else f"{len(left_alone)} resources are not managed",
                consequence="the cluster neither starts, stops nor recovers it",
                help=f"remove {setting.name} when the cluster is to look after it again",
                affects=left_alone,
            )


@rule("RES403", "requires-fencing-while-it-is-off", severity=WARNING, tags=(*TAGS, "fencing"))
def requires_fencing_while_it_is_off(cib: Cib) -> Findings:
    """A resource requires fencing, and fencing is off.

    `requires=fencing` is to start it only where failed nodes were fenced; nobody fences them. `requires=unfencing` counts as `quorum` then.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <meta_attributes id="meta"><nvpair id="req" name="requires" value="«fencing»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <meta_attributes id="meta"><nvpair id="req" name="requires" value="quorum"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Options", requires
    - crm_verify 2.1.5
    """
    for setting, resources in _by_origin(cib, "requires"):
        if v.fold(setting.text) in ("fencing", "unfencing") and cib.fencing_is_enabled is False:
            yield problem(
                setting.place,
                f"requires={setting.text}, and fencing is off",
                consequence="the resource starts although failed nodes were not fenced",
                help="switch fencing on, or write what the cluster can grant: quorum",
                affects=[one.id for one in resources],
            )


@rule("RES404", "fence-device-requires-unfencing", severity=WARNING, tags=(*TAGS, "fencing"))
def fence_device_requires_unfencing(cib: Cib) -> Findings:
    """A fence device requires unfencing.

    It is the device that unfences. Pacemaker takes it for `quorum`; 2.1 also has the nodes unfenced, as if the device provided that. A device
    that unfences says so with the meta-attribute `provides=unfencing`.

    Bad:

    ```xml
    <primitive id="fence-disk" class="stonith" type="fence_scsi">
      <meta_attributes id="meta"><nvpair id="req" name="requires" value="«unfencing»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence-disk" class="stonith" type="fence_scsi">
      <meta_attributes id="meta"><nvpair id="prov" name="provides" value="unfencing"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", unfencing
    - crm_verify 2.1.5; crm_simulate 2.1.5, tried
    """
    for device in cib.fencing.written:
        setting = device.resource.meta.get("requires").certain
        if setting is not None and v.fold(setting.text) == "unfencing" and cib.fencing_is_enabled is not False:
            owner = setting.holder.getparent()
            yield problem(
                setting.place,
                f"fence device {device.id!r} requires unfencing",
                consequence="Pacemaker takes it for quorum, and 2.1 has the nodes unfenced all the same",
                help="set requires=quorum for the fence device"
                if owner is not None and owner.tag == "rsc_defaults"
                else "leave requires out; if the device unfences nodes, set provides=unfencing",
                affects=[device.id],
            )


@rule("RES405", "no-such-container", severity=ERROR, tags=TAGS)
def no_such_container(cib: Cib) -> Findings:
    """A resource is to run in a container that is no resource.

    The meta-attribute `container` names the resource that holds it; Pacemaker sets it for bundles and guest nodes by itself, and nothing else
    should. Where there is no such resource, Pacemaker reports it and takes no notice of it.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="container" name="container" value="«box»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="box" class="ocf" provider="heartbeat" type="lxc"/>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="meta"><nvpair id="container" name="container" value="box"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_verify 2.1.5, tried: "Resource … : Unknown resource container"
    """
    for setting, resources in _by_origin(cib, "container"):
        if setting.text not in cib.resources:
            yield problem(
                setting.place,
                f"container is {setting.text!r}, which is no resource",
                consequence="Pacemaker takes no notice of it",
                help="leave it out; to run in a container make a bundle or a guest node",
                affects=[one.id for one in resources],
            )
