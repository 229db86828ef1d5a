"""What ACME's clusters look like, as rules of cibcheck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Cib, problem, rule

if TYPE_CHECKING:
    from cibcheck.api import Findings

CIBCHECK_API = 1


@rule("ACME101", "name-tells-service", severity=WARNING, tags=("acme",))
def name_tells_service(cib: Cib, *, services: tuple[str, ...] = ("web", "db", "mail")) -> Findings:
    """A resource's name does not start with the service that it belongs to.

    Whoever is on call at night reads `web-ip` and knows whom to wake. Pacemaker takes any name. Fence devices and connections to remote
    nodes are named after machines, and are left out; the option `services` has the services that there are.

    Bad:

    ```xml
    <primitive id="«ip1»" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    References:
    - ACME operations handbook, "Names"
    """
    for primitive in cib.primitives:
        if primitive.is_fence_device or primitive.is_connection:
            continue
        if primitive.id.partition("-")[0] not in services:
            yield problem(
                primitive.id_place,
                f"{primitive.id!r} does not say to which service it belongs",
                consequence="nobody knows whom to wake when it fails",
                help=f"start its name with one of {', '.join(services)} and a hyphen",
            )


@rule("ACME102", "primitive-is-described", severity=INFO, tags=("acme",))
def primitive_is_described(cib: Cib) -> Findings:
    """A primitive has no description.

    Pacemaker ignores descriptions; `crm_mon` and pcs show them.

    Bad:

    ```xml
    «<primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">»
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" description="the address that customers use" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    References:
    - ACME operations handbook, "What a resource says about itself"
    """
    for primitive in cib.primitives:
        if not primitive.is_fence_device and not primitive.element.get("description", "").strip():
            yield problem(
                primitive.place,
                f"{primitive.id!r} has no description",
                consequence="the next one has to guess what it is for",
                help='say it in a sentence: description="…"',
            )


@rule("ACME201", "fence-device-names-its-hosts", severity=WARNING, tags=("acme", "fencing"))
def fence_device_names_its_hosts(cib: Cib) -> Findings:
    """A fence device does not say which nodes it can fence.

    Without `pcmk_host_list` and `pcmk_host_map`, Pacemaker asks the device for its list, if its agent can tell, each time it has to
    fence; if not, it takes the device for one that can fence every node. Our devices take minutes to answer.

    Bad:

    ```xml
    <primitive id="«fence-rack1»" class="stonith" type="fence_ipmilan"/>
    ```

    Good:

    ```xml
    <primitive id="fence-rack1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="fence-rack1-params">
        <nvpair id="fence-rack1-hosts" name="pcmk_host_list" value="node1,node2,node3"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing", pcmk_host_check
    - ACME operations handbook, "Fencing"
    """
    for primitive in cib.primitives:
        if primitive.is_fence_device and all(
            primitive.parameters.get(name).is_absent for name in ("pcmk_host_list", "pcmk_host_map")
        ):
            yield problem(
                primitive.id_place,
                f"fence device {primitive.id!r} does not name the nodes that it can fence",
                consequence="Pacemaker asks the device each time it has to fence, and waits for the answer",
                help="set pcmk_host_list, or pcmk_host_map where the device has names of its own",
            )
