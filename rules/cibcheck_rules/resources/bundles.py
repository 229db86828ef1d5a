"""RES6: bundles, and their ports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Bundle, Cib, Findings, problem, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cibcheck.api import Candidate, Colocation, Element, Place, Resource


def count_of(bundle: Bundle, name: str, default: int) -> int:
    """A number that the container element has; below 1 it counts as 1."""
    container = bundle.container
    number = v.leading_integer(container.get(name, "")) if container is not None else None
    return default if number is None else max(1, number)


def part_place(bundle: Bundle, element: Element | None, name: str) -> Place:
    """An attribute, or the element where it has none; the bundle's id without the element."""
    if element is None:
        return bundle.id_place
    return bundle.cib.document.place(element, name if name and name in element.attrib else "@")


def has_addresses(bundle: Bundle) -> bool:
    """Whether each replica has an address of its own."""
    return bundle.network is not None and bool(bundle.network.get("ip-range-start"))


TAGS = ("resources", "bundle")


@rule("RES601", "bundle-cannot-be-reached", severity=ERROR, tags=TAGS)
def bundle_cannot_be_reached(cib: Cib) -> Findings:
    """A bundle runs a primitive, and the cluster has no way into it.

    The cluster manages the primitive through pacemaker_remote in the container. It needs an address (`ip-range-start`) or a port of the host
    (`control-port`) for that. With neither, Pacemaker ignores the whole bundle: not even the container runs.

    Bad:

    ```xml
    <bundle id="«web-bundle»">
      <podman image="registry.example.com/web:1"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    ```

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/>
      <«network»><port-mapping id="http" port="80"/></network>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
      </primitive>
    </bundle>
    <bundle id="plain-bundle"><podman image="registry.example.com/plain:1"/></bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5, tried
    """
    for bundle in cib.bundles:
        network = bundle.network
        if bundle.has_nodes and not has_addresses(bundle) and (network is None or not network.get("control-port")):
            yield problem(
                part_place(bundle, network, ""),
                f"bundle {bundle.id!r} has a primitive, and neither ip-range-start nor control-port",
                consequence="Pacemaker ignores the whole bundle: not even the container runs",
                help='add <network control-port="3121"/> (and another port for each further bundle), or an ip-range-start',
                related=[(child.id_place, "the primitive") for child in bundle.children],
            )


@rule("RES602", "replicas-share-control-port", severity=ERROR, tags=TAGS)
def replicas_share_control_port(cib: Cib) -> Findings:
    """A bundle is to have several replicas on a host, and they have no addresses of their own.

    Without `ip-range-start` all replicas listen on the `control-port` of the host, and only one can. Pacemaker sets `replicas-per-host`
    back to 1.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="4" replicas-per-host="«2»"/><network control-port="3122"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="4" replicas-per-host="2"/><network ip-range-start="192.0.2.50"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
      </primitive>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5, tried: one replica runs on each node
    """
    for bundle in cib.bundles:
        per_host, network = count_of(bundle, "replicas-per-host", 1), bundle.network
        if not bundle.has_nodes or per_host < 2 or has_addresses(bundle) or network is None or not network.get("control-port"):
            continue
        yield problem(
            part_place(bundle, bundle.container, "replicas-per-host"),
            f"bundle {bundle.id!r} is to have {per_host} replicas on a host, and only a control-port",
            consequence="Pacemaker runs one replica on each host",
            help="set ip-range-start, so that each replica has an address of its own",
            related=[(part_place(bundle, network, "control-port"), "one for all replicas on a host")],
        )


def _addresses_end(start: str, replicas: int) -> str | None:
    """Why Pacemaker runs out of addresses for the replicas; None where it does not. It counts the last part up to 254, and then goes on
    in the next network, as long as the third part is below 254."""
    numbers = start.strip().split(".")
    if len(numbers) != 4 or not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in numbers):
        return "it is no IPv4 address, and Pacemaker cannot count on from it"
    third, last = int(numbers[2]), int(numbers[3])
    for _ in range(min(replicas - 1, 65_536)):
        if third > 253:
            return "the addresses behind it are used up"
        if last > 253:
            third, last = third + 1, 1
        else:
            last += 1
    return None


@rule("RES603", "bundle-runs-out-of-addresses", severity=ERROR, tags=TAGS)
def bundle_runs_out_of_addresses(cib: Cib) -> Findings:
    """There are not enough addresses for the replicas of a bundle.

    Pacemaker counts up from `ip-range-start`, one address for each replica. It can do so with IPv4 only, and not beyond x.y.254.1. The
    replicas for which no address is left get one called "(null)", and cannot start.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="2"/><network ip-range-start="«2001:db8::50»"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="2"/><network ip-range-start="192.0.2.50"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
      </primitive>
    </bundle>
    ```

    References:
    - crm_simulate 2.1.5, tried: the second address is "(null)"
    """
    for bundle in cib.bundles:
        start = bundle.network.get("ip-range-start", "") if bundle.network is not None else ""
        reason = _addresses_end(start, bundle.replicas) if start and bundle.replicas > 1 else None
        if reason is not None:
            yield problem(
                part_place(bundle, bundle.network, "ip-range-start"),
                f"bundle {bundle.id!r} has {bundle.replicas} replicas, and no addresses for all from {start}: {reason}",
                consequence="the replicas without an address cannot start",
                help="start from an IPv4 address with enough free ones behind it",
                related=[(part_place(bundle, bundle.container, "replicas"), "the replicas")],
            )


@rule("RES604", "id-of-bundle-resource", severity=ERROR, tags=TAGS)
def id_of_bundle_resource(cib: Cib) -> Findings:
    """A resource has the id of one that Pacemaker makes for a bundle.

    For each replica Pacemaker makes a container resource (`<bundle>-podman-0`, `<bundle>-docker-0`) and, with `ip-range-start`, an address
    (`<bundle>-ip-192.0.2.50`). It keeps their state by their ids, mixes up the two, and believes the container to run on two nodes. The
    primitive in the bundle is in a clone that Pacemaker makes, `<bundle>-clone` or, if it can be promoted, `<bundle>-master`; what names that id
    in a constraint gets whichever stands first. (The names of the replicas themselves, `<bundle>-0`, are REM108 and REM111.)

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="2"/><network control-port="3122"/>
    </bundle>
    <primitive id="«web-bundle-podman-1»" class="ocf" provider="heartbeat" type="anything"/>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1" replicas="2"/><network control-port="3122"/>
    </bundle>
    <primitive id="web-bundle-podman-2" class="ocf" provider="heartbeat" type="anything">
      <operations><op id="monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for resource in cib.all_resources if cib.bundles else ():
        own = cib.bundle_with_resource(resource.id)
        bundle = own or _bundle_with_clone(cib, resource.id)
        if bundle is not None:
            yield problem(
                resource.id_place,
                f"{resource.id!r} is also the id of a resource that Pacemaker makes for bundle {bundle.id!r}",
                consequence="their states are mixed up: Pacemaker believes that the container runs twice, and recovers it"
                if own
                else "constraints with that id apply to the one of the two that stands first",
                help="give the resource another id",
                related=[(bundle.id_place, "the bundle")],
                at_most=None if own else WARNING,
            )


def _bundle_with_clone(cib: Cib, name: str) -> Bundle | None:
    """The bundle for whose primitive Pacemaker makes a clone of that id."""
    bundle_id, hyphen, kind = name.rpartition("-")
    if not hyphen or kind not in ("clone", "master"):
        return None
    bundle = cib.resources.get(bundle_id)
    if not isinstance(bundle, Bundle) or not bundle.has_nodes or bundle.is_promotable is (kind == "clone"):
        return None
    return bundle


@rule("RES607", "more-promoted-than-replicas", severity=WARNING, tags=(*TAGS, "promotable"))
def more_promoted_than_replicas(cib: Cib) -> Findings:
    """A bundle is to promote more replicas than it has.

    What can be promoted is limited by `replicas`, so one of the two numbers is a mistake.

    Bad:

    ```xml
    <bundle id="db-bundle">
      <podman image="registry.example.com/db:1" replicas="2" promoted-max="«3»"/><network control-port="3122"/>
      <primitive id="db" class="ocf" provider="heartbeat" type="galera"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="db-bundle">
      <podman image="registry.example.com/db:1" replicas="3" promoted-max="3"/><network control-port="3122"/>
      <primitive id="db" class="ocf" provider="heartbeat" type="galera"/>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    """
    for bundle in cib.bundles:
        container = bundle.container
        if container is None:
            continue
        name = "promoted-max" if "promoted-max" in container.attrib else "masters"
        most = v.leading_integer(container.get(name, "")) or 0
        if "replicas" in container.attrib and most > bundle.replicas:
            yield problem(
                part_place(bundle, container, name),
                f"bundle {bundle.id!r} is to promote {most} replicas, and has {bundle.replicas}",
                consequence=f"at most {bundle.replicas} can be promoted",
                help=f"make {name} no greater than replicas",
                related=[(part_place(bundle, container, "replicas"), "the replicas")],
            )


@rule("RES609", "bundle-mounts-twice", severity=WARNING, tags=TAGS)
def bundle_mounts_twice(cib: Cib) -> Findings:
    """Two storage mappings of a bundle go to the same place in the container.

    The container runtime refuses it, or one mapping hides the other.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <storage><storage-mapping id="html" source-dir="/srv/html" target-dir="/var/www"/>
        <storage-mapping id="logs" source-dir-root="/srv/logs" target-dir="«/var/www/»"/></storage>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <storage><storage-mapping id="html" source-dir="/srv/html" target-dir="/var/www"/>
        <storage-mapping id="logs" source-dir-root="/srv/logs" target-dir="/var/log"/></storage>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    """
    for bundle in cib.bundles:
        first: dict[str, Element] = {}
        for mapping in bundle.storage_mappings:
            target = re.sub("/+", "/", mapping.get("target-dir", "")).rstrip("/")
            before = first.setdefault(target, mapping)
            if before is not mapping and target:
                yield problem(
                    part_place(bundle, mapping, "target-dir"),
                    f"bundle {bundle.id!r} mounts two things at {target}",
                    consequence="the container does not start, or one of the two is hidden",
                    help="give each mapping a place of its own",
                    related=[(part_place(bundle, before, "target-dir"), "mounted here")],
                )


@rule("RES610", "bundle-image-without-tag", severity=INFO, tags=TAGS, default=False)
def bundle_image_without_tag(cib: Cib) -> Findings:
    """The image of a bundle may be another one tomorrow.

    Without a tag, or with `latest`, each host runs what it happened to pull. After a failover that can be another version.

    Bad:

    ```xml
    <bundle id="web-bundle"><podman image="«registry.example.com:5000/web»"/><network control-port="3122"/></bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle"><podman image="registry.example.com:5000/web:1.4"/><network control-port="3122"/></bundle>
    ```

    References:
    - podman pull(1), docker pull
    """
    for bundle in cib.bundles:
        container = bundle.container
        image = container.get("image", "").strip() if container is not None else ""
        tag = image.rpartition("/")[2].partition(":")[2]
        if image and "@" not in image and tag in ("", "latest"):
            yield problem(
                part_place(bundle, container, "image"),
                f"image {image!r} of bundle {bundle.id!r} names no version",
                consequence="hosts may run different versions of it",
                help="name a tag, or a digest",
            )


@rule("RES611", "bundle-count-too-low", severity=WARNING, tags=TAGS)
def bundle_count_too_low(cib: Cib) -> Findings:
    """A bundle has fewer replicas than it can have.

    The schema takes any number. Pacemaker counts `replicas` and `replicas-per-host` below 1 as 1, and `promoted-max` below 0 as 0. A
    bundle that is not to run is disabled with `target-role=Stopped`.

    Bad:

    ```xml
    <bundle id="web-bundle"><podman image="registry.example.com/web:1" replicas="«0»"/><network control-port="3122"/></bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <meta_attributes id="meta"><nvpair id="role" name="target-role" value="Stopped"/></meta_attributes>
      <podman image="registry.example.com/web:1" replicas="1"/><network control-port="3122"/>
    </bundle>
    ```

    References:
    - Pacemaker's source, lib/pengine/bundle.c
    """
    for bundle in cib.bundles:
        container = bundle.container
        for name, least in (("replicas", 1), ("replicas-per-host", 1), ("promoted-max", 0), ("masters", 0)):
            text = container.get(name) if container is not None else None
            number = v.leading_integer(text) if text is not None else None
            if number is not None and number < least:
                yield problem(
                    part_place(bundle, container, name),
                    f"{name} of bundle {bundle.id!r} is {text}",
                    consequence=f"Pacemaker counts it as {least}",
                    help="to keep the bundle stopped set target-role to Stopped"
                    if name == "replicas"
                    else f"write at least {least}",
                    key=name,
                )


class _Claim:
    """Ports of the host that the containers of a bundle take: from the lowest to the highest, and where that is said."""

    def __init__(self, ports: tuple[int, int], order: int, bundle: Bundle, element: Element, name: str) -> None:
        self.low, self.high = ports
        self.order = order
        self.bundle = bundle
        self.element = element
        self.place = part_place(bundle, element, name)


def _claims(bundles: Iterable[Bundle]) -> list[_Claim]:
    found: list[_Claim] = []

    def claim(low: int | None, high: int | None, bundle: Bundle, element: Element, name: str) -> None:
        if low is not None and high is not None and low <= high:
            found.append(_Claim((low, high), len(found), bundle, element, name))

    for bundle in bundles:
        for mapping in bundle.port_mappings:
            if (text := mapping.get("port")) is not None:
                claim(v.port(text).value, v.port(text).value, bundle, mapping, "port")
            elif match := re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", mapping.get("range", "")):
                claim(int(match[1]), min(int(match[2]), _HIGHEST), bundle, mapping, "range")
        if bundle.network is not None and bundle.has_nodes:
            port = v.port(bundle.network.get("control-port", "")).value
            claim(port, port, bundle, bundle.network, "control-port")
    return found


_HIGHEST = 65_535


def _clashes(claims: Iterable[_Claim], owner: Callable[[_Claim], object]) -> Iterator[tuple[_Claim, _Claim, int]]:
    """The claims of which another owner has a port as well, in order of the ports: the one that is written later, the other, and the
    port. The cost does not depend on how many ports a range has."""
    furthest: list[_Claim] = []
    told = set()
    for claim in sorted(claims, key=lambda one: one.low):
        for other in furthest:
            if claim.low <= other.high and owner(other) is not owner(claim):
                earlier, later = sorted((other, claim), key=lambda one: one.order)
                if later.element not in told:
                    told.add(later.element)
                    yield later, earlier, claim.low
                break
        # Of all before, only the two owners that reach furthest matter: one of them is another than the next claim's.
        ranked = sorted((*furthest, claim), key=lambda one: -one.high)
        furthest = [ranked[0], *(one for one in ranked if owner(one) is not owner(ranked[0]))][:2]


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
        for later, earlier, port in _clashes(_claims([bundle]), lambda claim: claim.element):
            yield problem(
                later.place,
                f"bundle {bundle.id!r} takes port {port} twice",
                consequence="the container does not start",
                help="give each mapping ports of its own",
                related=[(earlier.place, "taken here")],
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
    `range` is two ports with a dash between them, the lower one first. (With a single one the container starts, but that is called `port`.)

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
            is_single = name == "range" and v.port(element.get(name, "")).value is not None
            yield problem(
                part_place(bundle, element, name),
                f"{name} of bundle {bundle.id!r} is {element.get(name)!r}",
                consequence="the cluster does not reach the container"
                if name == "control-port"
                else "it is one port, which a mapping calls port"
                if is_single
                else "the container does not start",
                help="use ports from 1 to 65535" + (", the lower one first, as in 8080-8089" if name == "range" else ""),
                key=name,
                at_most=WARNING if is_single else None,
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


@rule("RES613", "bundle-part-is-empty", severity=ERROR, tags=TAGS)
def bundle_part_is_empty(cib: Cib) -> Findings:
    """A bundle has no image, or a storage mapping has no folder: the text is empty.

    The schema takes any text. Pacemaker hands it on to the container runtime, which refuses it, so that no replica starts.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="«»"/><network control-port="3122"/>
      <storage><storage-mapping id="logs" source-dir="/var/log/web" target-dir="«»"/></storage>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <storage><storage-mapping id="logs" source-dir="/var/log/web" target-dir="/var/log"/></storage>
    </bundle>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/resource/bundle.py
    - podman run(1), docker run, "volume"
    """
    for bundle in cib.bundles:
        parts = [
            (mapping, name) for mapping in bundle.storage_mappings for name in ("source-dir", "source-dir-root", "target-dir")
        ]
        if bundle.container is not None:
            parts.append((bundle.container, "image"))
        for element, name in parts:
            if name in element.attrib and not element.get(name, "").strip():
                yield problem(
                    part_place(bundle, element, name),
                    f"{name} of bundle {bundle.id!r} is empty",
                    consequence="the containers do not start",
                    help="name the image" if name == "image" else "name the folder",
                    key=name,
                )


@rule("RES614", "bundles-share-port", severity=WARNING, tags=TAGS)
def bundles_share_port(cib: Cib) -> Findings:
    """Two bundles take the same port of a host that both may run on.

    Without `ip-range-start` the containers take their ports, `control-port` among them, from the host, where each can be taken once. Pacemaker
    does not mind when it places them. Bundles that a colocation with a score below 0 keeps apart are not meant.

    Bad:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    <bundle id="db-bundle">
      <podman image="registry.example.com/db:1"/><network control-port="«3122»"/>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </bundle>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="registry.example.com/web:1"/><network control-port="3122"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </bundle>
    <bundle id="db-bundle">
      <podman image="registry.example.com/db:1"/><network control-port="3123"/>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </bundle>
    ```

    References:
    - Pacemaker Explained, "Bundle Network Properties": control-port, port-mapping
    - crm_simulate 2.1.5, tried: both are started on one node
    """
    clashes = list(_clashes(_claims(one for one in cib.bundles if not has_addresses(one)), lambda claim: claim.bundle))
    apart = _kept_apart(cib) if clashes else {}
    for later, earlier, port in clashes:
        one, other = earlier.bundle, later.bundle
        node = next((node for node in cib.cluster_candidates if _run_both(cib, one, other, node)), None)
        if node is not None and apart.get(one, set()).isdisjoint(apart.get(other, ())):
            yield problem(
                later.place,
                f"bundles {one.id!r} and {other.id!r} both take port {port} of their host",
                label="a port of the host, as there is no ip-range-start",
                consequence=f"where both are placed on one node, such as {node.name!r}, the second one cannot start",
                help="give each a port of its own, or addresses by ip-range-start",
                related=[(earlier.place, "taken here")],
                affects=[one.id, other.id],
            )


def _run_both(cib: Cib, one: Bundle, other: Bundle, node: Candidate) -> bool:
    return cib.placement.may_run(one, node) is True and cib.placement.may_run(other, node) is True


def _kept_apart(cib: Cib) -> Mapping[Resource, set[Colocation]]:
    """The colocations with a score below 0 in which a resource is named, whatever else they say."""
    found: dict[Resource, set[Colocation]] = {}
    for colocation in cib.colocations:
        if any((dependent.score or 0) < 0 for _, dependent in colocation.pairs):
            for reference in colocation.references:
                for resource in reference.resources:
                    found.setdefault(resource, set()).add(colocation)
    return found
