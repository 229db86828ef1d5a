"""REM4: where cluster nodes dial a remote or guest node, and where that node listens."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Gap, GuestNode, configured_port, problem, quoted, rule, table
from cibcheck.api import values as v
from cibcheck_rules.remote import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from cibcheck.api import (
        Bundle,
        Candidate,
        Cib,
        Cluster,
        Environment,
        Findings,
        Place,
        Primitive,
        Problem,
        RemoteNode,
        Setting,
    )

    Node: TypeAlias = RemoteNode | GuestNode
    Host: TypeAlias = tuple[str, Environment]

PORTS = ("remote", "ports")
ADDRESSES = ("remote", "addresses")

PORT = "PCMK_remote_port"
ADDRESS = "PCMK_remote_address"

_DEFAULT_PORT = 3121
_HIGHEST_PORT = 65535
_MOST_RELATED = 3


def _written(cib: Cib, parameters: Sequence[str], option: str) -> Iterator[tuple[Primitive, Setting]]:
    """Each value that may count for a connection parameter (its spellings) or the guest option that means the same."""
    for connection in cib.connections:
        for setting in connection.parameters.get(*parameters).candidates:
            yield connection, setting
    for guest in cib.guest_nodes:
        if (written := guest.options.get(option)) is not None:
            yield guest.resource, written


def _option(node: Node) -> str:
    """What the port of such a node is called in the CIB."""
    return "remote-port" if isinstance(node, GuestNode) else "port"


def _never_connected(cib: Cib, node: Node) -> str:
    """What Pacemaker does about a node that nobody can connect to."""
    if isinstance(node, GuestNode):
        vm = node.resource.id
        return f"no cluster node can connect to it: Pacemaker restarts {vm!r} again and again, and nothing runs in the guest"
    first = "Pacemaker fences it, then tries" if cib.knows("crm_config") and cib.fencing_is_enabled else "Pacemaker tries"
    return f"no cluster node can connect to it: {first} again and again, and nothing runs there"


# --- What the CIB says


@rule("REM401", "invalid-remote-port", severity=ERROR, tags=PORTS)
def invalid_remote_port(cib: Cib) -> Findings:
    """The port of a remote or guest node is not a TCP port.

    Pacemaker checks neither `port` of a connection resource nor `remote-port` of a guest node. It hands the text on as it is,
    and the connecting node reads the digits at its beginning: no digits or 0 mean the default port (`PCMK_remote_port` of
    that cluster node, else 3121), a number above 65535 reaches no port that anybody listens on.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="«default»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    More of the number follows where Pacemaker stops reading:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-port" name="remote-port" value="«3,121»"/></meta_attributes>
    </primitive>
    ```

    In a set with a rule, above one that always applies; both may be used, both are judged:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-other" score="10">
        <rule id="r1-rule"><date_expression id="r1-date" operation="gt" start="2030-01-01"/></rule>
        <nvpair id="r1-other-port" name="port" value="«0»"/></instance_attributes>
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="«70000»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="3121"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2 (the start action gets the text unchanged)
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for resource, setting in _written(cib, ["port"], "remote-port"):
        if (fault := _port_fault(setting.text)) is not None:
            reason, consequence = fault
            yield problem(
                setting.place,
                f"{setting.name} is {setting.text!r}, which {reason}",
                consequence=consequence,
                help="write a number from 1 to 65535, the one that pacemaker_remote listens on there (3121 by default)",
                affects=[resource.id],
            )


def _port_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a port, and what Pacemaker does with it; None where it reads the number that is meant."""
    reason = v.port(text).reason
    if reason is None:
        return None
    number = v.leading_integer(text)
    if not number:
        return reason, "Pacemaker reads it as 0, which means the default: PCMK_remote_port of the connecting node, else 3121"
    if not 1 <= number <= _HIGHEST_PORT:
        return "is not between 1 and 65535", "Pacemaker hands it on as it is, and the connection fails"
    return (reason, f"Pacemaker reads it as {number}") if _number_goes_on(text) else None


def _number_goes_on(text: str) -> bool:
    """Whether more digits of one word follow those that Pacemaker reads: 3,121 or 31.21."""
    return re.match(r"\s*[+-]?[0-9]+[^\s0-9]\S*[0-9]", text) is not None


@rule("REM402", "invalid-remote-address", severity=ERROR, tags=ADDRESSES)
def invalid_remote_address(cib: Cib) -> Findings:
    """The address of a remote or guest node is no host name and no IP address.

    `server` of a connection resource and `remote-addr` of a guest node take one host name or one IP address. Pacemaker hands
    the text on as it is; with a port, a prefix length, brackets or a blank in it no name service knows it. Without either the
    name of the node is its address.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="«192.0.2.1:3121»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    By the old name of the parameter:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-addr" name="addr" value="«192.0.2.1/24»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-addr" name="remote-addr" value="«[2001:db8::1]»"/></meta_attributes>
    </primitive>
    ```

    A guest node's name that cannot be its address:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="«guest 1»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="2001:db8::1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes" and "Remote Nodes"
    - getaddrinfo(3)
    """
    consequence = "the address cannot be resolved, so no cluster node can connect"
    for resource, setting in _written(cib, ["server", "addr"], "remote-addr"):
        if (reason := v.address(setting.text).reason) is not None:
            yield problem(
                setting.place,
                f"{setting.name} is {setting.text!r}, which {reason}",
                consequence=consequence,
                help="write one host name or IP address, and the port into an option of its own",
                affects=[resource.id],
            )
    for guest in cib.guest_nodes:
        reason = v.address(guest.name).reason
        if guest.address.text is None and guest.name.strip() and reason is not None:
            yield problem(
                guest.name_place,
                f"guest node name {guest.name!r} is also its address, and {reason}",
                label="the name, and the address",
                consequence=consequence,
                help="set remote-addr to the guest's host name or IP address, or give the guest node another name",
            )


# --- The CIB against the node files


@rule("REM403", "remote-port-mismatch", severity=ERROR, tags=PORTS)
def remote_port_mismatch(cib: Cib, cluster: Cluster) -> Findings:
    """A remote or guest node listens on another port than the one where cluster nodes dial it.

    pacemaker_remote listens on `PCMK_remote_port` of its own host. Cluster nodes dial the port that the CIB names for the
    node (`port` of the connection resource, `remote-port` of the guest); where the CIB is silent, each uses *its own*
    `PCMK_remote_port`. Whoever is silent uses 3121; a line in a comment says nothing. A changed port therefore belongs in
    both places.

    Bad:

    The node's file still has the line in a comment:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-port" name="port" value="«3122»"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    # PCMK_remote_port=3122
    ```

    Another port in the guest:

    ```xml cib
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-port" name="remote-port" value="«3121»"/></meta_attributes>
    </primitive>
    ```
    ```sysconfig g1
    PCMK_remote_port="3122"
    ```

    The CIB is silent, so the port of the cluster nodes counts:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_port=«3122»
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```

    The same the other way round:

    ```xml cib
    <primitive id="«web1»" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_logfacility=daemon
    ```
    ```sysconfig node1
    PCMK_remote_port=3122
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-port" name="port" value="3122"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_port=3122
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```

    The default, written out on one side:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-port" name="port" value="3121"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    # PCMK_remote_port=3121
    ```

    References:
    - the comment on PCMK_remote_port in /etc/sysconfig/pacemaker
    - Pacemaker's source, lib/lrmd/lrmd_client.c and lib/common/remote.c
    - crm_simulate 2.1.5, with each start of the connection failing
    """
    silent: list[tuple[Node, Environment]] = []
    for node in cib.connected_nodes:
        if not _port_is_known(cib, node):
            continue
        for _, environment in cluster.with_sysconfig([node.name]):
            port, listening = configured_port(node), environment.listening_port
            if port is None:
                silent.append((node, environment))
            elif port != listening and 1 <= port <= _HIGHEST_PORT:
                yield problem(
                    node.port.place,
                    f"{node.kind} {node.name!r} listens on port {listening}, but the CIB names port {port}",
                    label="where it is dialled",
                    consequence=_never_connected(cib, node),
                    help=_uncomment(node, environment, port) or _one_port(node, environment, port),
                    related=[_listens(environment, port)],
                    affects=[node.name],
                )
    hosts = _cluster_hosts(cib, cluster) if silent else []
    for node, environment in silent:
        if all(host.listening_port == environment.listening_port for _, host in hosts):
            continue
        dialling = _dialling(cib, hosts, node)
        ports = {host.listening_port for _, host in dialling}
        if len(ports) == 1 and environment.listening_port not in ports:
            yield _silent_mismatch(cib, node, environment, dialling)


def _silent_mismatch(cib: Cib, node: Node, environment: Environment, dialling: Sequence[Host]) -> Problem:
    dialled, listening = dialling[0][1].listening_port, environment.listening_port
    names = quoted(name for name, _ in dialling)
    may_dial = [one for one in cib.cluster_candidates if cib.placement.may_run(node.resource, one) is not False]
    lost = f"{names} cannot connect to it: it is lost whenever the connection is made from there"
    written = environment.place(PORT)
    silent = "no port here, so that of the cluster nodes counts"
    # Both files in any case: whoever hands in a change of one of them has to hear of it.
    own = (node.name_place, silent) if written is not None else _listens(environment, dialled)
    return problem(
        written or node.name_place,
        f"{node.kind} {node.name!r} listens on port {listening}, but is dialled on port {dialled} from {names}",
        label="where it listens" if written is not None else silent,
        consequence=lost if len(dialling) < len(may_dial) else _never_connected(cib, node),
        help=_uncomment(node, environment, dialled) or f"name the port in the CIB as well: {_option(node)}={listening}",
        related=[own, *(_dials(name, host) for name, host in dialling[:_MOST_RELATED])],
        affects=[node.name],
    )


def _port_is_known(cib: Cib, node: Node) -> bool:
    if not node.port.is_known:
        cib.ledger.note(Gap("a rule or an id-ref decides on which port it is dialled", node=node.name))
    return node.port.is_known


def _cluster_hosts(cib: Cib, cluster: Cluster) -> list[tuple[Candidate, Environment]]:
    """The cluster nodes whose file is known."""
    return [(node, host) for node in cib.cluster_candidates for _, host in cluster.with_sysconfig([node.name])]


def _dialling(cib: Cib, hosts: Sequence[tuple[Candidate, Environment]], node: Node) -> list[Host]:
    """Those of the cluster nodes that surely may connect to a node."""
    found = []
    for candidate, environment in hosts:
        allowed = cib.placement.may_run(node.resource, candidate)
        if allowed is None:
            cib.ledger.note(Gap("a rule or pattern decides which cluster nodes connect to it", node=node.name))
        elif allowed:
            found.append((candidate.name, environment))
    return found


def _one_port(node: Node, environment: Environment, port: int) -> str:
    listening = environment.listening_port
    return f"use one port: {PORT}={port} in the file of {node.name!r}, or {_option(node)}={listening} in the CIB"


def _uncomment(node: Node, environment: Environment, port: int) -> str | None:
    """What to do where a comment in the node's file has the port that is dialled."""
    if _comment(environment, port) is None:
        return None
    return f"take {PORT}={port} out of its comment in the file of {node.name!r}, and restart pacemaker_remote there"


def _comment(environment: Environment, port: int) -> Place | None:
    """A comment that only waits to set the port."""
    lines = (line for line in environment.commented(PORT) if line.value == str(port))
    return next((environment.start._replace(node=line) for line in lines), None)


def _listens(environment: Environment, wanted: int) -> tuple[Place, str]:
    """Where a host's file says on which port it listens; a comment that would set the wanted one."""
    listening = environment.listening_port
    if (written := environment.place(PORT)) is not None:
        return written, f"it listens on {listening}"
    if (comment := _comment(environment, wanted)) is not None:
        return comment, f"only a comment, so it listens on {listening}"
    return environment.start, f"{PORT} is not set here, so it listens on {listening}"


def _dials(name: str, environment: Environment) -> tuple[Place, str]:
    written = environment.place(PORT)
    if written is None:
        return environment.start, f"{PORT} is not set here, so {name!r} dials {environment.listening_port}"
    return written, f"{name!r} dials {environment.listening_port}"


@rule("REM404", "default-port-differs", severity=ERROR, tags=PORTS)
def default_port_differs(cib: Cib, cluster: Cluster) -> Findings:
    """The CIB names no port for a remote or guest node, and the cluster nodes have different ones.

    Where the CIB is silent, the cluster node that makes the connection dials its own `PCMK_remote_port`. With different
    values it depends on where the connection happens to run whether the node can be reached: after a failover it is lost.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_remote_port=«3122»
    ```
    ```sysconfig node2
    # PCMK_remote_port=3122
    ```

    Good:

    The connection never runs on the node with the other port:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <rsc_location id="loc" rsc="web1" node="node2" score="-INFINITY"/>
    ```
    ```sysconfig node1
    PCMK_remote_port=3122
    ```
    ```sysconfig node2
    PCMK_logfacility=daemon
    ```

    The CIB names the port:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-port" name="port" value="3122"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_remote_port=3122
    ```
    ```sysconfig node2
    PCMK_logfacility=daemon
    ```

    References:
    - the comment on PCMK_remote_port in /etc/sysconfig/pacemaker
    - Pacemaker's source, lib/lrmd/lrmd_client.c and lib/common/remote.c
    """
    silent = [node for node in cib.connected_nodes if _port_is_known(cib, node) and configured_port(node) is None]
    hosts = _cluster_hosts(cib, cluster) if silent else []
    if len({host.listening_port for _, host in hosts}) < 2:
        return
    for node in silent:
        dialling = _dialling(cib, hosts, node)
        if (odd := _odd_one(dialling)) is not None:
            name, environment, place = odd
            port = environment.listening_port
            others = _others(dialling, port)
            other, its_port = others[0][0], others[0][1].listening_port
            yield problem(
                place,
                f"cluster node {name!r} dials {node.kind} {node.name!r} on port {port}, {other!r} on port {its_port}",
                label=f"what {name!r} dials",
                consequence="the CIB names no port: some cluster nodes reach it, and it is lost when another one connects",
                help=f"name the port in the CIB ({_option(node)}), or use one {PORT} on all nodes",
                related=[_dials(*host) for host in others],
                affects=[node.name],
            )


def _odd_one(hosts: Sequence[Host]) -> tuple[str, Environment, Place] | None:
    """Of hosts with different ports the one that stands out: its file sets a port that the fewest have."""
    count = Counter(environment.listening_port for _, environment in hosts)
    if len(count) < 2:
        return None
    written = [(name, host, place) for name, host in hosts if (place := host.place(PORT)) is not None]
    return min(written, key=lambda one: count[one[1].listening_port])


def _others(hosts: Sequence[Host], port: int) -> list[Host]:
    """One host for each other port."""
    others = {environment.listening_port: (name, environment) for name, environment in reversed(hosts)}
    others.pop(port, None)
    return list(others.values())[:_MOST_RELATED]


@rule("REM405", "duplicate-remote-endpoint", severity=ERROR, tags=ADDRESSES)
def duplicate_remote_endpoint(cib: Cib, cluster: Cluster) -> Findings:
    """Two remote or guest nodes have the same address and port.

    Both connections reach the same daemon. It serves one client at a time: whoever connects throws out the other, and
    Pacemaker takes that for a failure of the node, recovers it, and so on without end.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="192.0.2.1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r2-params"><nvpair id="r2-server" name="server" value="«192.0.2.1»"/></instance_attributes>
      <operations><op id="r2-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    One machine, integrated as remote node and as guest node; host names have no case:

    ```xml
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="web1-guest"/>
        <nvpair id="vm-addr" name="remote-addr" value="«WEB1»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="192.0.2.1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r2-params"><nvpair id="r2-server" name="server" value="192.0.2.1"/>
        <nvpair id="r2-port" name="port" value="3122"/></instance_attributes>
      <operations><op id="r2-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/controld/controld_remote_ra.c ("unexpected client takeover")
    """
    same_address: dict[str, list[Node]] = {}
    for node in cib.connected_nodes:
        if not node.address.is_known:
            cib.ledger.note(Gap("a rule or an id-ref decides at which address it is dialled", node=node.name))
        elif _port_is_known(cib, node):
            same_address.setdefault(_endpoint(node), []).append(node)
    crowded = {address: nodes for address, nodes in same_address.items() if len(nodes) > 1}
    mixed = any(len({configured_port(node) is None for node in nodes}) > 1 for nodes in crowded.values())
    default = _agreed_default(cib, cluster) if mixed else None
    for nodes in crowded.values():
        first: dict[int | None, Node] = {}
        for node in nodes:
            earlier = first.setdefault(configured_port(node) or default, node)
            if earlier is not node and v.fold(earlier.name) != v.fold(node.name):
                yield problem(
                    node.address.place,
                    f"{node.kind} {node.name!r} has the address and port of {earlier.kind} {earlier.name!r}",
                    label="the address",
                    consequence="the two connections throw each other out: Pacemaker recovers one, then the other, without end",
                    help="give each node its own address or port, or remove one of the two if they mean one machine",
                    related=[(earlier.address.place, "the same address")],
                    affects=[node.name],
                )


def _endpoint(node: Node) -> str:
    """The address of a node in one spelling."""
    text = node.name if node.address.text is None else node.address.text
    zone = text.partition("%")[2]
    return f"{v.canonical_address(text) or v.fold(text)}%{zone}"


def _agreed_default(cib: Cib, cluster: Cluster) -> int | None:
    """The port that cluster nodes dial where the CIB is silent, if their files are known and agree."""
    names = [candidate.name for candidate in cib.cluster_candidates]
    ports = {environment.listening_port for _, environment in cluster.with_sysconfig(names)}
    return ports.pop() if len(ports) == 1 else None


@rule("REM414", "remote-address-is-cluster-node", severity=WARNING, tags=ADDRESSES)
def remote_address_is_cluster_node(cib: Cib) -> Findings:
    """The address of a remote or guest node is the name of a cluster node.

    pacemaker_remote does not run beside the cluster stack, so that nobody answers on its port there: the connection fails. (Something else may
    listen where the configuration names a port of its own, such as a container whose port is passed on.)

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="«Node2»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="r1.example.com"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - pacemaker_remote.service: conflicts with pacemaker.service
    """
    for node in cib.connected_nodes:
        if node.address.text is None or configured_port(node) not in (None, _DEFAULT_PORT):
            continue
        if (clash := cib.cluster_nodes.get(v.fold(node.address.text))) is not None:
            yield problem(
                node.address.place,
                f"the address of {node.kind} {node.name!r} is the name of cluster node {clash.name!r}",
                label="the address",
                consequence="the connection fails: pacemaker_remote does not run beside the cluster stack",
                help=f"write the address of the machine that is to be {node.kind} {node.name!r}",
                related=[(clash.name_place, "the cluster node")],
                affects=[node.name],
            )


@rule("REM415", "remote-address-is-another-node", severity=WARNING, tags=ADDRESSES)
def remote_address_is_another_node(cib: Cib) -> Findings:
    """The address of a remote or guest node is the name of another one, which has an address of its own.

    If the name leads where that address does, as it should, both connections reach the same daemon and throw each other out. If not, pcs
    cannot tell which of the two nodes is meant by it, and people neither.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="«r2»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r2-params"><nvpair id="r2-server" name="server" value="192.0.2.2"/></instance_attributes>
      <operations><op id="r2-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="192.0.2.1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r2-params"><nvpair id="r2-server" name="server" value="192.0.2.2"/></instance_attributes>
      <operations><op id="r2-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - pcs 0.12, pcs/lib/commands/remote_node.py: a name or address must be that of one node
    """
    named = {v.fold(node.name): node for node in cib.connected_nodes}
    for node in cib.connected_nodes:
        other = named.get(v.fold(node.address.text or ""))
        if other is None or v.fold(other.name) == v.fold(node.name) or configured_port(other) != configured_port(node):
            continue
        if other.address.text is not None and _endpoint(other) != _endpoint(node):  # else REM405
            yield problem(
                node.address.place,
                f"the address of {node.kind} {node.name!r} is the name of {other.kind} {other.name!r}, which is at {other.address.text!r}",
                label="the address",
                consequence="if both lead to one machine, the two connections throw each other out without end",
                help=f"write the address of the machine that is to be {node.kind} {node.name!r}",
                related=[(other.name_place, "the other node")],
                affects=[node.name],
            )


@rule("REM406", "per-node-remote-port", severity=INFO, tags=PORTS, default=False)
def per_node_remote_port(cib: Cib, cluster: Cluster) -> Findings:
    """The nodes of a cluster have different values of `PCMK_remote_port`.

    It works as long as the CIB names the port of each remote and guest node. The comment in the file that Pacemaker ships
    wants one value on all nodes, and that is what people expect.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-port" name="port" value="3122"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_port=«3122»
    ```
    ```sysconfig node1
    PCMK_logfacility=daemon
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_port=3122
    ```
    ```sysconfig node1
    PCMK_remote_port=3122
    ```

    References:
    - the comment on PCMK_remote_port in /etc/sysconfig/pacemaker
    """
    names = [node.name for node in (*cib.cluster_candidates, *cib.connected_nodes)]
    hosts = list(cluster.with_sysconfig(names))
    if (odd := _odd_one(hosts)) is not None:
        name, environment, place = odd
        others = _others(hosts, environment.listening_port)
        yield problem(
            place,
            f"{name!r} has another {PORT} than {others[0][0]!r}",
            label=f"{name!r} uses port {environment.listening_port}",
            consequence="Pacemaker documents one port for all nodes; it works only where the CIB names the port of each node",
            help="use one port on all nodes",
            related=[(host.place(PORT) or host.start, f"{other!r} uses port {host.listening_port}") for other, host in others],
        )


@rule("REM407", "bundle-control-port-clash", severity=WARNING, tags=(*PORTS, "bundle"))
def bundle_control_port_clash(cib: Cib, cluster: Cluster) -> Findings:
    """A bundle uses a port of its host on which pacemaker_remote listens there already.

    Without `ip-range-start` the daemon in a bundle's container takes `control-port` on the host itself. A replica may also
    run on a remote node or in a guest, and there pacemaker_remote listens: on the same port the replica cannot start.

    Bad:

    ```xml cib
    <bundle id="app"><podman image="app:1" network="host"/><network control-port="«3121»"/>
      <primitive id="app-web" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_logfacility=daemon
    ```

    Good:

    ```xml cib
    <bundle id="app"><podman image="app:1" network="host"/><network control-port="3122"/>
      <primitive id="app-web" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_logfacility=daemon
    ```

    A bundle that runs on cluster nodes only; nothing else listens there:

    ```xml cib
    <bundle id="app"><podman image="app:1" network="host"/><network control-port="3121"/>
      <primitive id="app-web" class="ocf" provider="heartbeat" type="apache"/></bundle>
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <rsc_location id="loc" rsc="app" node="web1" score="-INFINITY"/>
    ```
    ```sysconfig web1
    PCMK_logfacility=daemon
    ```

    References:
    - Pacemaker Explained, "Bundle Network Properties": control-port
    - crm_simulate 2.1.5: replicas are started on remote and guest nodes, with the host's port
    """
    bundles = [(bundle, port) for bundle in cib.bundles if (port := _host_port(bundle)) is not None]
    listeners: dict[int, list[tuple[Node, Candidate]]] = {}
    for node, candidate in zip(cib.connected_nodes, cib.remote_candidates, strict=True) if bundles else ():
        if (listening := _listening(cluster, node)) is not None:
            listeners.setdefault(listening, []).append((node, candidate))
    for bundle, port in bundles:
        clashes = [node for node, candidate in listeners.get(port, ()) if _surely_may_run(cib, bundle, candidate)]
        if clashes and bundle.network is not None:
            names = quoted(node.name for node in clashes)
            yield problem(
                cib.document.place(bundle.network, "control-port"),
                f"bundle {bundle.id!r} uses port {port} of its host, where pacemaker_remote of {names} listens",
                label="a port of the host, as there is no ip-range-start",
                consequence=f"a replica that Pacemaker places on {clashes[0].name!r} cannot start, because its port is taken",
                help="give the bundle another control-port, or keep it off that node by a location constraint",
                related=[(node.port.place, f"listens on {port}") for node in clashes[:_MOST_RELATED]],
            )


def _host_port(bundle: Bundle) -> int | None:
    """The port that a bundle takes on its host, where it has a daemon inside and no addresses of its own."""
    if not bundle.has_nodes or bundle.network is None or bundle.network.get("ip-range-start"):
        return None
    return v.port(bundle.network.get("control-port", "")).value


def _listening(cluster: Cluster, node: Node) -> int | None:
    """The port on which a node listens: by its own file, else as the CIB names it."""
    host = cluster.hosts.get(v.fold(node.name))
    if host is not None and host.environment is not None:
        return host.environment.listening_port
    port = configured_port(node) if node.port.is_known else None
    return port or next((environment.listening_port for _, environment in cluster.with_sysconfig([node.name])), None)


def _surely_may_run(cib: Cib, bundle: Bundle, candidate: Candidate) -> bool:
    allowed = cib.placement.may_run(bundle, candidate)
    if allowed is None:
        cib.ledger.note(Gap(f"a rule or pattern decides whether bundle {bundle.id!r} may run there", node=candidate.name))
    return bool(allowed)


# --- Where the daemon listens


def _addresses(cluster: Cluster, nodes: Sequence[Node]) -> Iterator[tuple[Node, str, Place]]:
    """The nodes whose file names the address to listen on."""
    for node in nodes:
        for _, environment in cluster.with_sysconfig([node.name]):
            text, place = environment.text(ADDRESS), environment.place(ADDRESS)
            if text and place is not None:
                yield node, text, place


@rule("REM408", "listen-address-mismatch", severity=WARNING, tags=ADDRESSES)
def listen_address_mismatch(cib: Cib, cluster: Cluster) -> Findings:
    """A remote or guest node listens on another IP address than the one where it is dialled.

    With `PCMK_remote_address` pacemaker_remote listens on that address only. Cluster nodes connect to `server` or
    `remote-addr` of the CIB, or to the node's name. If the two are different addresses, nobody answers, unless something in
    between translates one into the other.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-server" name="server" value="192.0.2.7"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address="«192.0.2.17»"
    ```

    Good:

    The same address in another spelling:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-server" name="server" value="2001:db8::7"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address=2001:DB8:0::7
    ```

    All addresses:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="web1-params"><nvpair id="web1-server" name="server" value="192.0.2.7"/></instance_attributes>
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address=0.0.0.0
    ```

    References:
    - the comment on PCMK_remote_address in /etc/sysconfig/pacemaker
    """
    for node, text, place in _addresses(cluster, cib.connected_nodes):
        if not node.address.is_known:
            cib.ledger.note(Gap("a rule or an id-ref decides at which address it is dialled", node=node.name))
            continue
        listens, dialled = _plain_address(text), _plain_address(node.name if node.address.text is None else node.address.text)
        if listens is None or dialled is None or listens == dialled or v.is_wildcard(text) or v.is_loopback(text):
            continue
        yield problem(
            place,
            f"{node.kind} {node.name!r} listens on {text}, but cluster nodes connect to {dialled}",
            label="where it listens",
            consequence=f"unless something in between translates the address, {_never_connected(cib, node)}",
            help=f"use one address in both places, or remove {ADDRESS}, so that the node listens on all",
            related=[(node.address.place, "where it is dialled")],
        )


def _plain_address(text: str) -> str | None:
    """A literal address in one spelling; an IPv4 address is the same within IPv6."""
    return v.canonical_address(v.fold(text).removeprefix("::ffff:"))


@rule("REM409", "listen-address-is-loopback", severity=ERROR, tags=ADDRESSES)
def listen_address_is_loopback(cib: Cib, cluster: Cluster) -> Findings:
    """A remote or guest node listens on its loopback address only.

    `PCMK_remote_address` with localhost or an address of 127.0.0.0/8 keeps everybody out who is not on the same machine, and
    the cluster nodes are not.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address=«127.0.0.1»
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address=192.0.2.7
    ```

    References:
    - the comment on PCMK_remote_address in /etc/sysconfig/pacemaker
    """
    for node, text, place in _addresses(cluster, cib.connected_nodes):
        if not v.is_loopback(text):
            continue
        if not node.address.is_known:
            cib.ledger.note(Gap("a rule or an id-ref decides at which address it is dialled", node=node.name))
        elif not v.is_loopback(node.address.text or ""):  # else something forwards the connection
            yield problem(
                place,
                f"{node.kind} {node.name!r} listens on its loopback address only",
                label="where it listens",
                consequence=_never_connected(cib, node),
                help=f"set {ADDRESS} to an address that the cluster nodes reach, or remove it, so that the node listens on all",
            )


@rule("REM410", "listen-address-on-cluster-node", severity=INFO, tags=ADDRESSES, default=False, fix="unsafe")
def listen_address_on_cluster_node(cib: Cib, cluster: Cluster) -> Findings:
    """A cluster node's file says on which address pacemaker_remote should listen.

    Only pacemaker_remote reads `PCMK_remote_address`. It does not run on cluster nodes, and connections go out from there by
    whatever address the system chooses.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_remote_address=«192.0.2.1»
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    PCMK_remote_address=192.0.2.7
    ```

    References:
    - Pacemaker's source, daemons/execd/remoted_tls.c
    """
    for name, environment in cluster.with_sysconfig(candidate.name for candidate in cib.cluster_candidates):
        place = environment.place(ADDRESS)
        if place is not None and not cib.names_remote_kind(name):
            yield problem(
                place,
                f"{ADDRESS} is set on cluster node {name!r}",
                consequence="it has no effect: pacemaker_remote, which reads it, does not run on a cluster node",
                help="remove the line, or move it to the file of the remote node that it is meant for",
                fix=fixes.without_variable(environment, ADDRESS),
            )


@rule("REM412", "cluster-variable-on-remote-node", severity=INFO, tags=("remote",), default=False, fix="unsafe")
def cluster_variable_on_remote_node(cib: Cib, cluster: Cluster) -> Findings:
    """A remote or guest node's file sets a variable that only cluster nodes read.

    pacemaker_remote needs very little configuration: where to listen, and how to authenticate. What steers the other daemons, such as
    `PCMK_fail_fast`, has no effect on a remote or guest node. A file that was copied from a cluster node does no harm, but misleads.

    Bad:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig web1
    «PCMK_fail_fast»=yes
    ```

    Good:

    ```xml cib
    <primitive id="web1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```
    ```sysconfig node1
    PCMK_fail_fast=yes
    ```

    References:
    - Pacemaker Explained, "Local options": which daemons read a variable
    """
    cluster_only = [
        name for name, row in table("pacemaker-sysconfig.toml")["variables"].items() if row.get("reader") == "cluster"
    ]
    for node in cib.connected_nodes:
        for _, environment in cluster.with_sysconfig([node.name]):
            for name in cluster_only:
                if (place := environment.place(name)) is not None:
                    yield problem(
                        place._replace(part="name"),
                        f"{name} is set on {node.kind} {node.name!r}",
                        consequence="it has no effect: pacemaker_remote does not read it",
                        help="remove the line",
                        key=name,
                        fix=fixes.without_variable(environment, name),
                    )


@rule("REM411", "text-after-remote-port", severity=WARNING, tags=PORTS, fix="unsafe")
def text_after_remote_port(cib: Cib) -> Findings:
    """There is more in the port of a remote or guest node than the number.

    Pacemaker reads the digits at the beginning and ignores the rest, so it works. Other tools refuse such a value.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="«3122/tcp»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="3122"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2 (the start action gets the text unchanged)
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for resource, setting in _written(cib, ["port"], "remote-port"):
        if v.port(setting.text).reason is not None and _port_fault(setting.text) is None:
            number = v.leading_integer(setting.text)
            yield problem(
                setting.place,
                f"{setting.name} is {setting.text!r}, which is more than a number",
                consequence=f"Pacemaker reads it as {number} and ignores the rest",
                help=f'write "{number}"',
                affects=[resource.id],
                fix=fixes.number_alone(setting, resource, str(number)),
            )
