"""KEY: what cluster nodes and pacemaker_remote know each other by: the shared key, or certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Environment, Gap, GuestNode, Place, RemoteNode, problem, quoted, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Assignment, Candidate, Cib, Cluster, Findings, Sysconfig, Target

TAGS = ("keys",)

_LOCATION = "PCMK_authkey_location"
_DEFAULT_LOCATION = "/etc/pacemaker/authkey"
_CERTIFICATES = ("ca_file", "cert_file", "key_file")
_MOST_RELATED = 3


def _certificates(environment: Environment) -> dict[str, Assignment]:
    """The files for certificates that are set, by the variable's name without prefix; where PCMK_ has none, that of CIB_ counts."""
    found = {}
    for name in _CERTIFICATES:
        written = (environment.get(prefix + name) for prefix in ("PCMK_", "CIB_"))
        if (setting := next((one for one in written if one is not None and one.value), None)) is not None:
            found[name] = setting
    return found


def _uses_certificates(environment: Environment) -> bool:
    return len(_certificates(environment)) == len(_CERTIFICATES)


@rule("KEY101", "incomplete-x509", severity=ERROR, tags=TAGS)
def incomplete_x509(file: Sysconfig, target: Target) -> Findings:
    """Not all the files are set that certificates need.

    Since Pacemaker 3.0, connections to remote nodes can use X.509 certificates instead of the shared key. They are used only if
    `PCMK_ca_file`, `PCMK_cert_file` and `PCMK_key_file` are all set (in the place of each that of the clients, `CIB_ca_file` and so on,
    will do). With one or two of them Pacemaker goes on with the shared key, and says nothing.

    Bad:

    ```sysconfig node1
    PCMK_ca_file="«/etc/pacemaker/ca.pem»"
    PCMK_cert_file=/etc/pacemaker/node1.pem
    ```

    An empty value is none:

    ```sysconfig node1
    PCMK_ca_file=""
    PCMK_cert_file=«/etc/pacemaker/node1.pem»
    PCMK_key_file=/etc/pacemaker/node1.key
    ```

    Good:

    ```sysconfig node1
    PCMK_ca_file=/etc/pacemaker/ca.pem
    PCMK_cert_file=/etc/pacemaker/node1.pem
    PCMK_key_file=/etc/pacemaker/node1.key
    ```

    References:
    - the comments on PCMK_ca_file, PCMK_cert_file and PCMK_key_file in /etc/sysconfig/pacemaker
    - Pacemaker's source, lib/common/tls.c
    """
    if file.unfit or not target.includes("3.0"):
        return
    environment = Environment(file)
    found = _certificates(environment)
    missing = [f"PCMK_{name}" for name in _CERTIFICATES if name not in found]
    if not found or not missing:
        return
    first = next(iter(found.values()))
    verb = "is" if len(missing) == 1 else "are"
    empty = ((name, environment.get(name)) for name in missing)
    yield problem(
        Place(file, first, "value"),
        f"{first.name} is set, but {' and '.join(missing)} {verb} not",
        consequence="Pacemaker uses no certificates: it goes on with the shared key, without a word",
        help=f"set {' and '.join(missing)}, or remove what is set to use the shared key",
        related=[(Place(file, one), "empty") for _, one in empty if one is not None],
    )


@rule("KEY102", "x509-on-some-nodes", severity=ERROR, tags=TAGS, pacemaker="3.0")
def x509_on_some_nodes(cib: Cib, cluster: Cluster) -> Findings:
    """One end of a connection uses certificates, the other the shared key.

    Whoever has `PCMK_ca_file`, `PCMK_cert_file` and `PCMK_key_file` set uses certificates and nothing else. A cluster node and a remote
    or guest node of which only one does so find no common way to authenticate each other.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_ca_file="«/etc/pacemaker/ca.pem»"
    PCMK_cert_file="/etc/pacemaker/node1.pem"
    PCMK_key_file="/etc/pacemaker/node1.key"
    ```
    ```sysconfig web1
    PCMK_logfacility=daemon
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_ca_file="/etc/pacemaker/ca.pem"
    PCMK_cert_file="/etc/pacemaker/node1.pem"
    PCMK_key_file="/etc/pacemaker/node1.key"
    ```
    ```sysconfig web1
    PCMK_ca_file="/etc/pacemaker/ca.pem"
    PCMK_cert_file="/etc/pacemaker/web1.pem"
    PCMK_key_file="/etc/pacemaker/web1.key"
    ```

    References:
    - Pacemaker's source, lib/common/tls.c
    """
    dialling = [(candidate, host) for candidate in _cluster_nodes(cib) for host in _settled(cluster, candidate.name)]
    with_, without, affected = dict[str, Environment](), dict[str, Environment](), list[RemoteNode | GuestNode]()
    for node in cib.connected_nodes:
        for name, environment, is_set in _settled(cluster, node.name):
            for candidate, (host, other, has) in dialling:
                if has != is_set and _connects(cib, candidate, node):
                    (with_ if is_set else without)[name] = environment
                    (with_ if has else without)[host] = other
                    affected.append(node)
    for environment in list(with_.values())[:1]:
        first = next(iter(_certificates(environment).values()))
        yield problem(
            Place(environment.document, first, "value"),
            f"certificates are set up on {quoted(with_)}, but not on {quoted(without)}",
            label="certificates here",
            consequence="neither end accepts the other, so no connection between them comes about",
            help="set up certificates on all nodes, or on none",
            related=[
                *[(other.start, f"{name!r} uses the shared key") for name, other in without.items()][:_MOST_RELATED],
                (affected[0].name_place, f"the {affected[0].kind} that is cut off"),
            ],
            affects=list(dict.fromkeys(node.name for node in affected)),
        )


def _cluster_nodes(cib: Cib) -> Sequence[Candidate]:
    """The cluster nodes, where there is anything that they connect to."""
    return cib.cluster_candidates if cib.connected_nodes else ()


def _settled(cluster: Cluster, node: str) -> Iterator[tuple[str, Environment, bool]]:
    """A node whose file is known and has all of what certificates need, or none of it; and which."""
    for name, environment in cluster.with_sysconfig([node]):
        count = len(_certificates(environment))
        if count in (0, len(_CERTIFICATES)):
            yield name, environment, bool(count)


def _connects(cib: Cib, candidate: Candidate, node: RemoteNode | GuestNode) -> bool:
    allowed = cib.placement.may_run(node.resource, candidate)
    if allowed is None:
        cib.ledger.note(Gap("a rule or pattern decides which cluster nodes connect to it", node=node.name))
    return bool(allowed)


@rule("KEY103", "authkey-location-differs", severity=WARNING, tags=TAGS)
def authkey_location_differs(cib: Cib, cluster: Cluster) -> Findings:
    """The nodes of a cluster keep the shared key in different places.

    Cluster nodes and remote nodes need one key with the same content. It may lie anywhere, but pcs and most instructions write it to
    /etc/pacemaker/authkey; so a key elsewhere is easily left behind when the key is changed, and then its node is lost.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```
    ```sysconfig web1
    PCMK_authkey_location=«/etc/ha/authkey»
    ```

    Good:

    The default, written out on one node:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```
    ```sysconfig web1
    PCMK_authkey_location=/etc/pacemaker/authkey
    ```

    References:
    - the comment on PCMK_authkey_location in /etc/sysconfig/pacemaker
    - pcs, `pcs cluster node add-remote`
    """
    if not cib.connected_nodes or any(bundle.has_nodes for bundle in cib.bundles):
        return  # with bundles KEY104 speaks
    places: dict[str, list[tuple[str, Environment]]] = {}
    for name, environment, location in _locations(cib, cluster):
        places.setdefault(location, []).append((name, environment))
    written = [location for location, hosts in places.items() if hosts[0][1].place(_LOCATION) is not None]
    if len(places) > 1 and written:
        odd = min(written, key=lambda location: (location == _DEFAULT_LOCATION, len(places[location])))
        name, environment = places.pop(odd)[0]
        others = [(location, *hosts[0]) for location, hosts in places.items()]
        yield problem(
            environment.place(_LOCATION) or environment.start,
            f"{name!r} keeps the shared key in {odd}, {others[0][1]!r} in {others[0][0]}",
            label=f"the key of {name!r}",
            consequence="it works while both files have the same content; when the key is changed in one place only, nodes are lost",
            help=f"keep the key in one place on all nodes, best in {_DEFAULT_LOCATION}",
            related=[
                *((host.place(_LOCATION) or host.start, f"the key of {other!r}: {location}") for location, other, host in others),
                (cib.connected_nodes[0].name_place, f"a {cib.connected_nodes[0].kind}, connected by the key"),
            ],
        )


def _locations(cib: Cib, cluster: Cluster) -> Iterator[tuple[str, Environment, str]]:
    """Where each node whose file is known keeps the shared key, if it uses one."""
    names = [node.name for node in (*cib.cluster_candidates, *cib.connected_nodes)]
    for name, environment in cluster.with_sysconfig(names):
        location = environment.text(_LOCATION)
        if location != "" and not _uses_certificates(environment):
            yield name, environment, _DEFAULT_LOCATION if location is None else location


@rule("KEY104", "authkey-location-with-bundles", severity=ERROR, tags=(*TAGS, "bundle"))
def authkey_location_with_bundles(cib: Cib, cluster: Cluster) -> Findings:
    """A node keeps the shared key in a place of its own, and the cluster has bundles.

    Into the containers of a bundle with a primitive, Pacemaker always mounts /etc/pacemaker/authkey of the host, while the host itself
    uses `PCMK_authkey_location`. So the two ends have different keys, or the container has none; the documentation asks for the default
    location on all nodes as soon as there are bundles.

    Bad:

    ```xml cib
    <bundle id="app"><podman image="app:1" replicas="2"/><network ip-range-start="192.0.2.10"/>
      <primitive id="app-web" class="ocf" provider="heartbeat" type="apache"/></bundle>
    ```
    ```sysconfig node1
    PCMK_authkey_location=«/etc/ha/authkey»
    ```

    Good:

    ```xml cib
    <bundle id="app"><podman image="app:1" replicas="2"/><network ip-range-start="192.0.2.10"/>
      <primitive id="app-web" class="ocf" provider="heartbeat" type="apache"/></bundle>
    ```
    ```sysconfig node1
    PCMK_authkey_location=/etc/pacemaker/authkey
    ```

    A bundle without a primitive has no daemon inside:

    ```xml cib
    <bundle id="app"><podman image="app:1" replicas="2"/><network ip-range-start="192.0.2.10"/></bundle>
    ```
    ```sysconfig node1
    PCMK_authkey_location=/etc/ha/authkey
    ```

    References:
    - Pacemaker Explained, "Bundle Storage Properties"
    - crm_simulate 2.1.5 (the options of the container)
    """
    bundles = [bundle for bundle in cib.bundles if bundle.has_nodes]
    if not bundles:
        return
    for name, environment, location in _locations(cib, cluster):
        if location != _DEFAULT_LOCATION:
            yield problem(
                environment.place(_LOCATION) or environment.start,
                f"{name!r} keeps the shared key in {location}, and bundle {bundles[0].id!r} needs it in {_DEFAULT_LOCATION}",
                label="the shared key",
                consequence=f"Pacemaker mounts {_DEFAULT_LOCATION} into the containers: they get another key than {name!r} has, or none",
                help=f"move the key to {_DEFAULT_LOCATION} on all nodes, and remove {_LOCATION}",
                related=[(bundles[0].id_place, "a bundle with a daemon inside")],
                affects=[bundle.id for bundle in bundles],
            )


@rule("KEY105", "password-in-configuration", severity=INFO, tags=("keys", "fencing", "security"), default=False)
def password_in_configuration(cib: Cib) -> Findings:
    """The password of a fence device is in the configuration.

    Whoever may read the file, or any copy of it in a repository or a support archive, may switch the nodes off. The agents take the name of a
    script on the nodes instead, which prints the password (`password_script`, once `passwd_script`); those of cluster-glue, such as
    `external/ipmi`, do not. Passwords that are kept outside of the CIB (`lrm://`, by `crm resource secret`) are not meant.

    Bad:

    ```xml
    <primitive id="fence" class="stonith" type="fence_ipmilan">
      <instance_attributes id="fence-params"><nvpair id="fence-password" name="password" value="«example»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="fence" class="stonith" type="fence_ipmilan">
      <instance_attributes id="fence-params">
        <nvpair id="fence-password" name="password_script" value="/etc/pacemaker/bmc-password"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - fence-agents 4.12, lib/fencing.py.py: password_script
    """
    for setting, primitives in cib.parameters:
        if setting.name in _PASSWORDS and setting.text.strip() and not setting.text.startswith("lrm://"):
            devices = [primitive for primitive in primitives if primitive.is_fence_device]
            if devices:
                takes_script = all(one.agent.type.startswith("fence_") and one.agent.type != "fence_legacy" for one in devices)
                yield problem(
                    setting.place,
                    f"{setting.name!r} of {devices[0].id!r} is in the configuration",
                    label="the password",
                    consequence="who can read a copy of this file can switch nodes off",
                    help=f"set {setting.name}_script to a script on the nodes that prints it"
                    if takes_script
                    else "keep it outside of the CIB: crm resource secret",
                    key=setting.name,
                    affects=[one.id for one in devices],
                )


_PASSWORDS = frozenset(("passwd", "password"))


@rule("KEY106", "administration-without-certificates", severity=WARNING, tags=("keys", "security"), pacemaker="3.0")
def administration_without_certificates(cib: Cib, cluster: Cluster) -> Findings:
    """The cluster can be administered from elsewhere, and a node has no certificates.

    What goes over `remote-tls-port` is encrypted, but without certificates neither end shows who it is. Somebody in between can pass for the
    cluster, and gets the password of an administrator. Since Pacemaker 3.0 the three files of X.509 are used for it where they are set.

    Bad:

    ```xml cib
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-tls-port="«9898»">
      <configuration> <crm_config/> <nodes><node id="1" uname="node1"/></nodes> <resources/> <constraints/> </configuration>
    </cib>
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```

    Good:

    ```xml cib
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-tls-port="9898">
      <configuration> <crm_config/> <nodes><node id="1" uname="node1"/></nodes> <resources/> <constraints/> </configuration>
    </cib>
    ```
    ```sysconfig node1
    PCMK_ca_file=/etc/pacemaker/ca.pem
    PCMK_cert_file=/etc/pacemaker/node1.pem
    PCMK_key_file=/etc/pacemaker/node1.key
    ```

    References:
    - Pacemaker Explained, "Cluster-Wide Configuration": remote-tls-port
    - Pacemaker 3.0, sysconfig file: PCMK_ca_file
    """
    root = cib.document.root
    if root.tag != "cib" or not (v.leading_integer(root.get("remote-tls-port", "0")) or 0) > 0:
        return
    names = [node.name for node in cib.cluster_nodes.values()]
    without = {name: found for name, found in cluster.with_sysconfig(names) if not _uses_certificates(found)}
    if without:
        yield problem(
            Place(cib.document, root, "remote-tls-port"),
            f"the cluster can be administered from elsewhere, and there are no certificates on {quoted(without)}",
            consequence="neither end shows who it is: somebody in between can pass for the cluster, and gets the password",
            help="set PCMK_ca_file, PCMK_cert_file and PCMK_key_file on all nodes",
            related=[(one.start, f"none on {name!r}") for name, one in without.items()][:_MOST_RELATED],
        )
