"""KEY: what cluster nodes and pacemaker_remote know each other by: the shared key, or certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Environment, Gap, Place, problem, quoted, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Assignment, Cib, Cluster, Findings, GuestNode, RemoteNode, Sysconfig, Target

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


def _nodes(cib: Cib) -> tuple[list[str], list[RemoteNode | GuestNode]]:
    """The names of the cluster nodes, and the nodes that they connect to."""
    return [candidate.name for candidate in cib.cluster_candidates], list(cib.connected_nodes)


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
    nodes = cib.connected_nodes
    if not nodes:
        return
    hosts = [
        (candidate, name, environment, bool(certificates))
        for candidate in cib.cluster_candidates
        for name, environment in cluster.with_sysconfig([candidate.name])
        if len(certificates := _certificates(environment)) in (0, len(_CERTIFICATES))
    ]
    with_, without, affected = dict[str, Environment](), dict[str, Environment](), list[str]()
    for node in nodes:
        for name, environment in cluster.with_sysconfig([node.name]):
            certificates = _certificates(environment)
            if len(certificates) not in (0, len(_CERTIFICATES)):
                continue
            for candidate, host, other, has in hosts:
                if has == bool(certificates):
                    continue
                allowed = cib.placement.may_run(node.resource, candidate)
                if allowed is None:
                    cib.ledger.note(Gap("a rule or pattern decides which cluster nodes connect to it", node=node.name))
                elif allowed:
                    (with_ if has else without)[host] = other
                    (without if has else with_)[name] = environment
                    affected.append(node.name)
    if with_:
        yield problem(
            *_first_certificate(with_),
            label="certificates here",
            consequence="neither end accepts the other, so no connection between them comes about",
            help="set up certificates on all nodes, or on none",
            related=[(environment.start, f"{name!r} uses the shared key") for name, environment in without.items()][:_MOST_RELATED],
            affects=list(dict.fromkeys(affected)),
        ) if False else problem(
            _first_certificate(with_),
            f"certificates are set up on {quoted(with_)}, but not on {quoted(without)}",
            label="certificates here",
            consequence="neither end accepts the other, so no connection between them comes about",
            help="set up certificates on all nodes, or on none",
            related=[(environment.start, f"{name!r} uses the shared key") for name, environment in without.items()][:_MOST_RELATED],
            affects=list(dict.fromkeys(affected)),
        )
