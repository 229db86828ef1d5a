"""RES6: the ports of bundles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, Bundle, Cib, Findings, problem, rule
from cibcheck.api import values as v
from cibcheck_rules.resources.containers import count_of, has_addresses, part_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element

TAGS = ("resources", "bundle")


def _host_ports(bundle: Bundle) -> Iterator[tuple[int, Element, str]]:
    """The ports of the host that the containers take, each with where that is said."""
    for mapping in bundle.port_mappings:
        if (text := mapping.get("port")) is not None:
            if (number := v.port(text).value) is not None:
                yield number, mapping, "port"
        elif match := re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", mapping.get("range", "")):
            for number in range(int(match[1]), min(int(match[2]), 65_535) + 1):
                yield number, mapping, "range"
    network = bundle.network
    if network is not None and bundle.has_nodes and (number := v.port(network.get("control-port", "")).value) is not None:
        yield number, network, "control-port"


@rule("RES605", "bundle-maps-port-twice", severity=ERROR, tags=TAGS)
def bundle_maps_port_twice(cib: Cib) -> Findings:
    """Two mappings of a bundle take the same port.

    The container runtime refuses to start a container that claims a port twice.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <network control-port="3122"><port-mapping id="http" port="80"/><port-mapping id="all" range="«79-81»"/></network>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <network control-port="3122"><port-mapping id="http" port="80"/><port-mapping id="https" port="443"/></network>
    </bundle>
    ```

    References:
    - podman run(1), docker run, "publish"
    """
    for bundle in cib.bundles:
        taken: dict[int, tuple[Element, str]] = {}
        told: set[Element] = set()
        for number, element, name in _host_ports(bundle):
            before = taken.setdefault(number, (element, name))
            if before[0] is not element and element not in told:
                told.add(element)
                yield problem(
                    part_place(bundle, element, name),
                    f"bundle {bundle.id!r} takes port {number} twice",
                    consequence="the container does not start",
                    help="give each mapping ports of its own",
                    related=[(part_place(bundle, *before), "taken here")],
                )


@rule("RES606", "replicas-share-port", severity=ERROR, tags=TAGS)
def replicas_share_port(cib: Cib) -> Findings:
    """Several replicas on a host are to take the same port of it.

    Without `ip-range-start` the ports are mapped on the host itself, and each port there can be taken once: the second replica on a host
    cannot start.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="4" replicas-per-host="«2»"/>
      <network><port-mapping id="http" port="80"/></network>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="4" replicas-per-host="2"/>
      <network ip-range-start="192.0.2.50"><port-mapping id="http" port="80"/></network>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5, tried: two replicas are started on one host
    """
    for bundle in cib.bundles:
        per_host = count_of(bundle, "replicas-per-host", 1)
        if bundle.has_nodes or has_addresses(bundle) or min(per_host, bundle.replicas) < 2 or not bundle.port_mappings:
            continue
        container = bundle.container
        if container is not None and "host" in container.get("network", ""):
            continue
        yield problem(
            part_place(bundle, container, "replicas-per-host"),
            f"bundle {bundle.id!r} is to have {per_host} replicas on a host, and all take the same ports of it",
            consequence="the second replica on a host cannot start",
            help="set ip-range-start, or run one replica on each host",
            related=[(bundle.cib.document.place(bundle.port_mappings[0]), "a port of the host")],
        )


@rule("RES608", "bundle-port-out-of-range", severity=ERROR, tags=TAGS)
def bundle_port_out_of_range(cib: Cib) -> Findings:
    """A port of a bundle is none.

    The schema takes any number. Ports go from 1 to 65535; the container runtime refuses others, and so the container does not start. A
    `range` is two ports with a dash between them, the lower one first.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <network control-port="3122"><port-mapping id="http" port="«80800»"/></network>
    </bundle>
    ```

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <network control-port="«0»"><port-mapping id="all" range="«90-80»"/></network>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <network control-port="3122"><port-mapping id="http" port="8080" internal-port="80"/><port-mapping id="all" range="90-99"/></network>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - podman run(1), docker run, "publish"
    """
    for bundle in cib.bundles:
        network = bundle.network
        if network is None:
            continue
        wrong = [(element, name) for element, name in _ports(bundle, network) if v.port(element.get(name, "")).value is None]
        wrong += [(one, "range") for one in bundle.port_mappings if "range" in one.attrib and not _is_range(one.get("range", ""))]
        for element, name in wrong:
            yield problem(
                part_place(bundle, element, name),
                f"{name} of bundle {bundle.id!r} is {element.get(name)!r}",
                consequence="the cluster does not reach the container"
                if name == "control-port"
                else "the container does not start",
                help="use ports from 1 to 65535" + (", the lower one first, as in 8080-8089" if name == "range" else ""),
                key=name,
            )


def _ports(bundle: Bundle, network: Element) -> Iterator[tuple[Element, str]]:
    if "control-port" in network.attrib:
        yield network, "control-port"
    for mapping in bundle.port_mappings:
        for name in ("port", "internal-port"):
            if name in mapping.attrib:
                yield mapping, name


def _is_range(text: str) -> bool:
    match = re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", text)
    return match is not None and 1 <= int(match[1]) <= int(match[2]) <= 65_535


@rule("RES612", "bundle-netmask-out-of-range", severity=ERROR, tags=TAGS)
def bundle_netmask_out_of_range(cib: Cib) -> Findings:
    """The netmask of a bundle's addresses is none.

    `host-netmask` is the length of the prefix: 1 to 32 for IPv4, up to 128 for IPv6. The schema takes any number; the agent that sets the
    address does not, so that no replica starts.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network ip-range-start="192.0.2.50" host-netmask="«64»"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network ip-range-start="192.0.2.50" host-netmask="24"/>
    </bundle>
    ```

    References:
    - ocf:heartbeat:IPaddr2, cidr_netmask
    """
    for bundle in cib.bundles:
        network = bundle.network
        text = network.get("host-netmask") if network is not None else None
        if network is None or text is None or not has_addresses(bundle):
            continue
        number = v.leading_integer(text)
        longest = 128 if ":" in network.get("ip-range-start", "") else 32
        if number is not None and not 1 <= number <= longest:
            yield problem(
                part_place(bundle, network, "host-netmask"),
                f"host-netmask of bundle {bundle.id!r} is {text}",
                consequence="the addresses cannot be set, and no replica starts",
                help=f"write the length of the prefix, 1 to {longest}",
            )
