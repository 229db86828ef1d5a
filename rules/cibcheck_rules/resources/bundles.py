"""RES6: bundles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, problem, rule
from cibcheck.api import values as v
from cibcheck_rules.resources.containers import count_of, has_addresses, part_place

if TYPE_CHECKING:
    from cibcheck.api import Element

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


_IPV4 = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")


def _addresses_end(start: str, replicas: int) -> str | None:
    """Why Pacemaker runs out of addresses for the replicas; None where it does not. It counts the last part up to 254, and then goes on
    in the next network, as long as the third part is below 254."""
    match = _IPV4.fullmatch(start.strip())
    if match is None:
        return "it is no IPv4 address, and Pacemaker cannot count on from it" if v.is_ip_address(start) else None
    third, last = int(match[3]), int(match[4])
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

    Pacemaker counts up from `ip-range-start`, one address for each replica. It can do so with IPv4 only, and not beyond x.y.253.254. The
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
    (`<bundle>-ip-192.0.2.50`). It keeps their state by their ids, mixes up the two, and believes the container to run on two nodes. (The
    names of the replicas themselves, `<bundle>-0`, are REM108 and REM111.)

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
        bundle = cib.bundle_with_resource(resource.id)
        if bundle is not None:
            yield problem(
                resource.id_place,
                f"{resource.id!r} is also the id of a resource that Pacemaker makes for bundle {bundle.id!r}",
                consequence="their states are mixed up: Pacemaker believes that the container runs twice, and recovers it",
                help="give the resource another id",
                related=[(bundle.id_place, "the bundle")],
            )


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
        image = container.get("image", "") if container is not None else ""
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
