"""REM6: how connections are watched, timed and kept, and what happens while one is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Candidate, Gap, SetValue, problem, quoted, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.remote import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Cib, Element, Findings, Fix, GuestNode, Operation, Place, Primitive, Problem, Setting

TAGS = ("remote", "operations")
GUEST = (*TAGS, "guest")

_SHORT_CONNECT = 10_000
_LONG_CONNECT = 20 * 60_000
_DEFAULT_TIMEOUT = 20_000
_RUNNING = frozenset(("", "started"))


def _connections(cib: Cib) -> list[Primitive]:
    """The connection resources at top level; elsewhere one makes no remote node, which other rules say."""
    return [connection for connection in cib.connections if connection.parent is None]


def _monitors(connection: Primitive) -> list[Operation]:
    """The monitors for the connection while it is up."""
    operations = connection.operations
    return [op for op in operations if op.name == "monitor" and v.fold(op.element.get("role", "")) in _RUNNING]


# --- Watching


@rule("REM601", "connection-without-monitor", severity=ERROR, tags=TAGS, fix="sometimes")
def connection_without_monitor(cib: Cib) -> Findings:
    """The connection to a remote node has no recurring monitor.

    When the connection breaks, the cluster node that holds it fails the recurring monitors of the connection resource; that is how the
    cluster learns of it. Without one nothing is recorded: the remote node goes on counting as online, is not fenced, and its services
    are not recovered. Pacemaker adds no monitor by itself to an ocf:pacemaker:remote resource. (To the connection of a guest node
    it does.)

    Bad:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    ```

    A probe only:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="0s" timeout="60s"/></operations>
    </primitive>
    ```

    Switched off:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" enabled="«false»"/></operations>
    </primitive>
    ```

    A monitor for when it should be stopped:

    ```xml
    <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" role="Stopped"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    The operations of another connection, and a guest node without any:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations id="ops"><op id="monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    <primitive id="r2" class="ocf" provider="pacemaker" type="remote"><operations id-ref="ops"/></primitive>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for connection in _connections(cib):
        recurring = [op for op in _monitors(connection) if op.interval > 0]
        if any(op.is_enabled for op in recurring):
            continue
        message = f"connection {connection.id!r} has no recurring monitor"
        if recurring:
            place, message = cib.document.place(recurring[0].element, "enabled"), f"{message} that is enabled"
            fix: Fix | None = fixes.enabled(cib, recurring[0], connection)
            help_ = "enable the monitor"
        else:
            place = connection.id_place
            help_ = 'add an operation: <op name="monitor" interval="30s" timeout="60s"/>'
            fix = fixes.monitor(cib, connection)
        yield problem(
            place,
            message,
            label="the only monitor" if recurring else "connection resource",
            consequence="the loss of the remote node is never noticed: it is not fenced, and its services are not recovered",
            help=help_,
            affects=[connection.id],
            fix=fix,
        )


@rule("REM608", "short-connection-monitor-timeout", severity=INFO, tags=TAGS, default=False, fix="sometimes")
def short_connection_monitor_timeout(cib: Cib, *, seconds: int = 60) -> Findings:
    """The monitor of a connection has less time than a restart of pacemaker_remote may take.

    When pacemaker_remote is restarted while the cluster watches it, for a change of its settings or an update, it has to answer again
    within the timeout of the monitor; else the remote node counts as failed. The option `seconds` is the time to grant. Without a
    timeout in the operation or in op_defaults, Pacemaker uses 20 s.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="«15s»"/></operations>
    </primitive>
    ```

    Pacemaker's default:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="«monitor»" interval="30s"/></operations>
    </primitive>
    ```

    The cluster's own default:

    ```xml
    <op_defaults><meta_attributes id="defaults"><nvpair id="defaults-t" name="timeout" value="«30»"/></meta_attributes></op_defaults>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <op_defaults><meta_attributes id="defaults"><nvpair id="defaults-t" name="timeout" value="30"/></meta_attributes></op_defaults>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="2min"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for connection in _connections(cib):
        for op in _monitors(connection):
            if op.interval <= 0 or not op.is_enabled:
                continue
            timeout = op.option("timeout")
            if timeout.is_conditional:
                cib.ledger.note(Gap("a rule decides the timeout of its monitor", node=connection.id))
                continue
            place, granted = cib.document.place(op.element, "name"), _DEFAULT_TIMEOUT
            if (setting := timeout.certain) is not None:
                place, granted = setting.place, v.timeout(setting.text).value or 0
            elif not cib.knows("op_defaults"):
                continue
            if 0 < granted < seconds * 1000:
                yield problem(
                    place,
                    f"the monitor of connection {connection.id!r} times out after {granted / 1000:g} s",
                    label=None if setting is not None else "no timeout, so 20 s",
                    consequence=(
                        "a restart of pacemaker_remote that takes longer counts as the loss of the remote node: Pacemaker fences it"
                    ),
                    help=f'set timeout="{seconds}s" in the operation',
                    affects=[connection.id],
                    fix=unsafe_fix(
                        f'set timeout="{seconds}s" in the monitor of {connection.id!r}',
                        SetValue(cib.document.place(op.element, "timeout"), f"{seconds}s"),
                    ),
                )


# --- Connecting


def _connect_timeouts(cib: Cib) -> Iterator[tuple[GuestNode, Setting, int | None]]:
    for guest in cib.guest_nodes:
        if (setting := guest.options.get("remote-connect-timeout")) is not None:
            yield guest, setting, v.timeout(setting.text).value


@rule("REM602", "invalid-connect-timeout", severity=ERROR, tags=GUEST)
def invalid_connect_timeout(cib: Cib) -> Findings:
    """The time for connecting to a guest node has no meaning.

    `remote-connect-timeout` becomes the timeout of the action that starts the connection: a number with an optional unit (s, ms, min,
    h). Anything else, ISO 8601 included, counts as 20 s; the default of 60 s is for those who leave it out. A timeout of 0
    is handed on by Pacemaker 2.1; Pacemaker 3 makes 20 s of it.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="«PT2M»"/></meta_attributes>
    </primitive>
    ```

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="«0»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="2min"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2 (the timeout of the start action)
    """
    for _, setting, time in _connect_timeouts(cib):
        if time is not None and time > 0:
            continue
        reason = v.timeout(setting.text).reason or ("is negative" if time else "leaves no time")
        yield problem(
            setting.place,
            f"remote-connect-timeout is {setting.text!r}, which {reason}",
            consequence=(
                "Pacemaker 2.1 starts the connection with a timeout of 0, Pacemaker 3 with one of 20 s"
                if time == 0
                else "Pacemaker gives the connection 20 s, less than the 60 s that it has without the option"
            ),
            help='write a number with a unit, for example "60s" or "2min"',
        )


@rule("REM603", "short-connect-timeout", severity=WARNING, tags=GUEST)
def short_connect_timeout(cib: Cib) -> Findings:
    """A guest node has less than 10 seconds to boot and answer.

    Pacemaker connects as soon as the virtual machine is started, while the guest still boots. When `remote-connect-timeout` is over
    before pacemaker_remote answers there, the guest counts as failed, and Pacemaker restarts the virtual machine; each time anew.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="«5»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="10"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5, with the start of the connection failing
    """
    for guest, setting, time in _connect_timeouts(cib):
        if time is not None and 0 < time < _SHORT_CONNECT:
            yield problem(
                setting.place,
                f"guest node {guest.name!r} has {setting.text!r} to boot and answer, less than 10 s",
                consequence=f"a guest that boots longer counts as failed: Pacemaker restarts {guest.resource.id!r} again and again",
                help="grant the time that the guest needs to boot, or leave the option out for 60 s",
            )


@rule("REM604", "long-connect-timeout", severity=INFO, tags=GUEST)
def long_connect_timeout(cib: Cib) -> Findings:
    """A guest node has more than 20 minutes to boot and answer.

    Pacemaker waits that long for a guest that hangs before it does anything about it.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="«60min»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-rct" name="remote-connect-timeout" value="5min"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    """
    for guest, setting, time in _connect_timeouts(cib):
        if time is not None and time > _LONG_CONNECT:
            yield problem(
                setting.place,
                f"guest node {guest.name!r} has {setting.text!r} to boot and answer, more than 20 minutes",
                consequence="when the guest hangs, Pacemaker waits that long before it recovers it",
                help="grant the time that the guest needs to boot, with some reserve",
            )


# --- Reconnecting


@rule("REM605", "invalid-reconnect-interval", severity=ERROR, tags=TAGS)
def invalid_reconnect_interval(cib: Cib) -> Findings:
    """The time between attempts to reconnect has no meaning.

    `reconnect_interval` is a number with an optional unit (s, ms, min, h) or an ISO 8601 duration. Anything else counts as 0, as does a
    negative time: Pacemaker reconnects at once. And as the option is there, a failure-timeout of the connection does not count.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-ri" name="reconnect_interval" value="«often»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-ri" name="reconnect_interval" value="«-1»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-ri" name="reconnect_interval" value="PT1M"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - crm_simulate 2.1.5, with the monitor of the connection failing
    """
    for connection in _connections(cib):
        for setting in connection.parameters.get("reconnect_interval").candidates:
            if (reason := v.interval(setting.text).reason) is not None:
                yield problem(
                    setting.place,
                    f"reconnect_interval is {setting.text!r}, which {reason}",
                    consequence="Pacemaker takes it for 0: it reconnects at once, and ignores a failure-timeout of the connection",
                    help='write a number with a unit, for example "60s"',
                    affects=[connection.id],
                    # 0 is the default.
                    at_most=None if setting.text else WARNING,
                )


@rule("REM606", "reconnect-interval-overrides-failure-timeout", severity=WARNING, tags=TAGS)
def reconnect_interval_overrides_failure_timeout(cib: Cib) -> Findings:
    """A connection has both a reconnect_interval and a failure-timeout.

    For a connection Pacemaker uses `reconnect_interval` in the place of the meta-attribute `failure-timeout`, even if it is 0. A
    failure-timeout in rsc_defaults is meant for the others, so this rule does not count it.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-ri" name="reconnect_interval" value="60s"/></instance_attributes>
      <meta_attributes id="r1-meta"><nvpair id="r1-ft" name="failure-timeout" value="«10min»"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    An interval of 0 counts as well; the set with the higher score wins here:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-high" score="2"><nvpair id="r1-ri" name="reconnect_interval" value="0"/></instance_attributes>
      <instance_attributes id="r1-low" score="1"><nvpair id="r1-ri2" name="reconnect_interval" value="10min"/></instance_attributes>
      <meta_attributes id="r1-meta"><nvpair id="r1-ft" name="failure-timeout" value="«10min»"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <rsc_defaults><meta_attributes id="defaults"><nvpair id="defaults-ft" name="failure-timeout" value="10min"/></meta_attributes></rsc_defaults>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params"><nvpair id="r1-ri" name="reconnect_interval" value="60s"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, with the monitor of the connection failing
    - Pacemaker's source, lib/pengine/complex.c
    """
    for connection in _connections(cib):
        interval = connection.parameters.get("reconnect_interval").certain
        if interval is None or (reconnect := v.interval(interval.text).value) is None:
            continue
        timeout = connection.meta.get("failure-timeout").certain
        if timeout is None or _is_default(timeout) or v.interval(timeout.text).value in (None, reconnect):
            continue
        yield problem(
            timeout.place,
            f"failure-timeout {timeout.text!r} of connection {connection.id!r} has no effect",
            consequence=f"for a connection Pacemaker uses reconnect_interval instead, which is {interval.text!r} here",
            help="remove one of the two",
            related=[(interval.place, "counts instead")],
            affects=[connection.id],
        )


def _is_default(setting: Setting) -> bool:
    return any(ancestor.tag == "rsc_defaults" for ancestor in setting.element.iterancestors())


@rule("REM607", "conditional-reconnect-interval", severity=WARNING, tags=TAGS)
def conditional_reconnect_interval(cib: Cib) -> Findings:
    """A reconnect_interval depends on a node attribute.

    Pacemaker reads `reconnect_interval` once for all nodes. A rule on a node attribute (also `#uname` or `#kind`) is false then, whatever
    it asks; so the value never applies. A rule on the date works.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params">
        <rule id="r1-rule"><expression id="r1-site" attribute="site" operation="eq" value="far"/></rule>
        <nvpair id="r1-ri" name="reconnect_interval" value="«60s»"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="r1-params">
        <rule id="r1-rule"><date_expression id="r1-date" operation="gt" start="2030-01-01"/></rule>
        <nvpair id="r1-ri" name="reconnect_interval" value="60s"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, with the monitor of the connection failing
    - Pacemaker's source, lib/pengine/complex.c
    """
    for connection in _connections(cib):
        for setting in connection.parameters.get("reconnect_interval").candidates:
            expression = _node_expression(cib, setting) if setting.condition == "rule" else None
            if expression is not None:
                yield problem(
                    setting.place,
                    "reconnect_interval depends on a node attribute",
                    consequence="Pacemaker reads it once for all nodes, and such a rule is false then: the value never applies",
                    help="write reconnect_interval into a set without a rule",
                    related=[(cib.document.place(expression), "never true here")],
                    affects=[connection.id],
                )


def _node_expression(cib: Cib, setting: Setting) -> Element | None:
    """What asks for a node attribute in the rule of the set that a pair is written in."""
    attributes = setting.element.getparent()
    for one in attributes.iterchildren("rule") if attributes is not None else ():
        reference = one.get("id-ref")
        target = one if reference is None else cib.element(reference)
        if target is not None and (found := next(target.iter("expression"), None)) is not None:
            return found
    return None


# --- Switched off


def _on_fencing_at_start(cib: Cib) -> list[bool | None]:
    """What must all be so for the cluster to fence, when it starts, a remote node that it does not connect to."""
    maintained = cib.switch(False, "maintenance-mode")
    return [cib.fencing_is_enabled, cib.switch(True, "startup-fencing"), None if maintained is None else not maintained]


def never_fences_at_start(cib: Cib) -> bool:
    """Whether the cluster surely does not; for rules that have more to say, and need not know the cluster options."""
    return cib.knows("crm_config") and False in _on_fencing_at_start(cib)


def _fences_at_start(cib: Cib, node: str) -> bool:
    """Whether the cluster surely does."""
    if cib.knows("nodes") and v.fold(node) in cib.cluster_nodes:
        return False  # no remote node, which is another rule's finding
    answers = _on_fencing_at_start(cib)
    if None in answers and False not in answers:
        cib.ledger.note(Gap("a rule decides whether the cluster fences when it starts", node=node))
    return all(answers)


def _switched_on(setting: Setting) -> str:
    """How to switch on again what a target-role has switched off."""
    how = "from rsc_defaults" if _is_default(setting) else "again (pcs resource enable)"
    return f"after the maintenance, remove target-role {how}"


_REBOOTED = "when the whole cluster starts, Pacemaker reboots the remote node, because it is not going to connect to it"


@rule("REM609", "connection-disabled", severity=WARNING, tags=TAGS)
def connection_disabled(cib: Cib) -> Findings:
    """The connection to a remote node is switched off.

    That is how maintenance on a remote node begins, and it is often forgotten to end. While the cluster runs, the services just move away.
    But whenever the whole cluster starts, it knows nothing about the remote node and will not connect to it; so it has the node
    rebooted (`startup-fencing`). Without fencing, or with `startup-fencing=false`, that does not happen, and this rule is silent.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-role" name="target-role" value="«Stopped»"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    All resources at once:

    ```xml
    <rsc_defaults><meta_attributes id="defaults"><nvpair id="defaults-tr" name="target-role" value="«stopped»"/></meta_attributes></rsc_defaults>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="options"><nvpair id="sf" name="startup-fencing" value="false"/></cluster_property_set>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-role" name="target-role" value="Stopped"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for connection in _connections(cib):
        role = connection.meta.get("target-role")
        if role.is_conditional and any(v.fold(setting.text) == "stopped" for setting in role.candidates):
            cib.ledger.note(Gap("a rule decides whether its connection is switched off", node=connection.id))
        elif (setting := connection.is_disabled) is not None and _fences_at_start(cib, connection.id):
            yield problem(
                setting.place,
                f"connection {connection.id!r} is switched off",
                consequence=_REBOOTED,
                help=_switched_on(setting),
                affects=[connection.id],
            )


@rule("REM610", "connection-unmanaged", severity=WARNING, tags=TAGS)
def connection_unmanaged(cib: Cib) -> Findings:
    """The connection to a remote node is unmanaged or in maintenance.

    Pacemaker then neither starts nor stops it. While it is up, that does no harm. But whenever the whole cluster starts, the connection is
    not made, and the remote node is rebooted for it (`startup-fencing`). Without fencing, or with `startup-fencing=false`, that
    does not happen, and this rule is silent.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-im" name="is-managed" value="«false»"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-mt" name="maintenance" value="«true»"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="options"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-im" name="is-managed" value="false"/></meta_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for connection in _connections(cib):
        for name, wrong, state in (("maintenance", True, "in maintenance"), ("is-managed", False, "unmanaged")):
            value = connection.meta.get(name)
            if value.is_conditional and any(v.boolean(setting.text).value is wrong for setting in value.candidates):
                cib.ledger.note(Gap(f"a rule decides whether its connection is {state}", node=connection.id))
            setting = value.certain
            if setting is None or v.boolean(setting.text).value is not wrong or not _fences_at_start(cib, connection.id):
                continue
            yield problem(
                setting.place,
                f"connection {connection.id!r} is {state}",
                consequence=_REBOOTED,
                help=f"after the maintenance, remove {name} from {'rsc_defaults' if _is_default(setting) else repr(connection.id)}",
                affects=[connection.id],
            )
            break


@rule("REM611", "guest-disabled", severity=INFO, tags=GUEST)
def guest_disabled(cib: Cib) -> Findings:
    """The resource that makes a guest node is switched off.

    With the virtual machine its guest node is gone. Resources that belong into it run elsewhere where they may; those that may run
    nowhere else stay stopped.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-role" name="target-role" value="«Stopped»"/></meta_attributes>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-in-g1" rsc="web" node="g1" score="INFINITY"/>
    ```

    With its group:

    ```xml
    <group id="stack">
      <meta_attributes id="stack-meta"><nvpair id="stack-role" name="target-role" value="«Stopped»"/></meta_attributes>
      <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
        <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
      </primitive>
    </group>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-role" name="target-role" value="Started"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        if (setting := guest.resource.is_disabled) is None:
            continue
        bound = _bound_to(cib, guest)
        names = quoted(name for name, _ in bound)
        yield problem(
            setting.place,
            f"guest node {guest.name!r} is switched off with {guest.resource.id!r}"
            + (f"; it is the place for {names}" if bound else ""),
            consequence="what belongs into the guest runs elsewhere or, where it may run nowhere else, stays stopped",
            help=_switched_on(setting),
            related=[(place, f"binds {name!r} to the guest") for name, place in bound],
            affects=[guest.resource.id],
        )


def _bound_to(cib: Cib, guest: GuestNode) -> list[tuple[str, Place]]:
    """The resources that belong into a guest, with the constraints that say so."""
    if not cib.knows("constraints"):
        cib.ledger.note(cib.gap("constraints"))
        return []
    bound = cib.placement.bound_to(Candidate(guest.name, "container"))
    return [(resource.id, location.place) for resource, location in bound.values()]


@rule("REM612", "guest-migration-cuts-connection", severity=INFO, tags=GUEST, fix="sometimes")
def guest_migration_cuts_connection(cib: Cib) -> Findings:
    """A virtual machine may migrate live, the connection to its guest node may not.

    Without `remote-allow-migrate=true` Pacemaker stops the connection before the migration and starts it anew afterwards. What runs in
    the guest keeps running, but the cluster does not see it meanwhile; and if the guest does not answer in time afterwards, it counts
    as failed.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-am" name="allow-migrate" value="«true»"/></meta_attributes>
    </primitive>
    ```

    Allowed by the template:

    ```xml
    <template id="vms" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vms-meta"><nvpair id="vms-am" name="allow-migrate" value="«true»"/></meta_attributes>
    </template>
    <primitive id="vm" template="vms">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-ram" name="remote-allow-migrate" value="false"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-am" name="allow-migrate" value="true"/>
        <nvpair id="vm-ram" name="remote-allow-migrate" value="true"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for guest in cib.guest_nodes:
        allowed = guest.resource.meta.get("allow-migrate").certain
        if allowed is None or v.boolean(allowed.text).value is not True:
            continue
        own = guest.options.get("remote-allow-migrate")
        if own is None or v.boolean(own.text).value is not True:
            yield problem(
                allowed.place,
                f"{guest.resource.id!r} may migrate live, but not the connection to its guest node {guest.name!r}",
                consequence="Pacemaker stops the connection for the migration and starts it anew; what runs inside keeps running",
                help="set remote-allow-migrate=true beside remote-node",
                related=[(own.place, "not true") if own is not None else (guest.name_place, "no remote-allow-migrate here")],
                affects=[guest.resource.id],
                fix=fixes.allowed_to_migrate(cib, guest, own),
            )


# --- Fencing


@rule("REM613", "fencing-disabled-with-remote-nodes", severity=WARNING, tags=("remote", "fencing"))
def fencing_disabled_with_remote_nodes(cib: Cib) -> Findings:
    """A cluster with remote nodes does not fence.

    When a remote node dies, Pacemaker must know it dead before it starts its services elsewhere. Without fencing it never does: it tries
    to reconnect, and the services are not recovered anywhere. (Guest nodes need no fencing: their virtual machine is restarted.)

    Bad:

    ```xml
    <cluster_property_set id="options"><nvpair id="se" name="stonith-enabled" value="«false»"/></cluster_property_set>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    By the name that the option has since Pacemaker 3.0.2:

    ```xml
    <cluster_property_set id="options"><nvpair id="fe" name="fencing-enabled" value="«no»"/></cluster_property_set>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="options"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2, with all starts of the connection failing
    """
    names = [remote.name for remote in cib.remote_nodes]
    if not names:
        return
    option = cib.option("fencing-enabled", "stonith-enabled")
    if option.is_conditional:
        cib.ledger.note(Gap("a rule decides whether the cluster fences"))
    elif (setting := option.certain) is not None and v.boolean(setting.text).value is False:
        yield _no_fencing(setting, names)


def _no_fencing(setting: Setting, names: list[str]) -> Problem:
    kind = "remote node" if len(names) == 1 else "remote nodes"
    return problem(
        setting.place,
        f"fencing is switched off, and the cluster has {kind} {quoted(names)}",
        consequence="when a remote node dies, its services are not recovered anywhere",
        help="set up a fence device for each remote node, and switch fencing on",
        affects=names,
    )
