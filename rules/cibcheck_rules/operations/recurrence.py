"""OPS1: operations that get into each other's way, or are never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, SetValue, problem, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Fix, Operation, Place, Primitive

TAGS = ("operations",)


def _interval_place(cib: Cib, op: Operation) -> Place:
    return cib.document.place(op.element, "interval" if "interval" in op.element.attrib else None)


def _same(primitive: Primitive, *, recurring: bool) -> Iterator[tuple[Operation, Operation]]:
    """Each operation for which there is an earlier one of the same name and interval, with that one."""
    first: dict[tuple[str, int], Operation] = {}
    for op in primitive.operations:
        if (op.interval > 0) == recurring:
            before = first.setdefault((op.name, op.interval), op)
            if before is not op:
                yield before, op


@rule("OPS101", "duplicate-recurring-operation", severity=ERROR, tags=TAGS, fix="unsafe")
def duplicate_recurring_operation(cib: Cib) -> Findings:
    """Two recurring operations of a resource have the same name and interval.

    Pacemaker tells them apart by name and interval only, finds them to be duplicates, and schedules neither: without another monitor the
    resource is not monitored at all. That one of them is disabled does not help. `10s`, `10`, `10000ms` and `PT10S` are the same interval. (Monitors
    for different roles have a rule of their own, OPS102.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/>
        <op id="web-deep" name="monitor" interval="«10000ms»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="server-monitor" name="monitor" interval="10s"/></operations>
    </template>
    <primitive id="web" template="server">
      <operations><op id="web-monitor" name="monitor" interval="10s" timeout="30s"/>
        <op id="web-deep" name="monitor" interval="11s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Monitoring Resources for Failure"
    - crm_simulate 2.1.5, tried: neither operation is scheduled
    """
    for primitive in cib.primitives_with_twin_operations:
        watch = _Watch(primitive)
        for before, op in _same(primitive, recurring=True):
            if {before.role, op.role} <= _ONE_ROLE:
                yield problem(
                    _interval_place(cib, op),
                    f"{primitive.id!r} has two {op.name} operations with the same interval",
                    consequence=f"Pacemaker schedules neither{watch.without(op)}",
                    help="remove one, or give it another interval",
                    related=[(_interval_place(cib, before), "the other")],
                    affects=[primitive.id],
                    fix=_drop_copy(cib, primitive, before, op),
                )


class _Watch:
    """The monitors of a primitive that are to run, by interval; looked up only where two of them clash."""

    def __init__(self, primitive: Primitive) -> None:
        self._primitive = primitive
        self._intervals: set[int] | None = None

    def without(self, twin: Operation) -> str:
        """What follows where a monitor and its twin are not scheduled, unless there is another one."""
        if self._intervals is None:
            monitors = (op for op in self._primitive.operations if op.name == "monitor" and op.interval > 0)
            self._intervals = {op.interval for op in monitors if op.is_enabled and op.role != "stopped"}
        is_left = len(self._intervals) > (twin.interval in self._intervals)
        return "" if is_left or twin.name != "monitor" else ": the resource is not monitored"


# What the role of a monitor may be for an ordinary resource that runs.
_ONE_ROLE = frozenset(("", "started"))


def _drop_copy(cib: Cib, primitive: Primitive, before: Operation, op: Operation) -> Fix | None:
    """Where the two differ in nothing but their ids, one was meant."""
    own = {name: text for name, text in op.element.items() if name not in ("id", "interval")}
    other = {name: text for name, text in before.element.items() if name not in ("id", "interval")}
    if not _is_private(primitive, op) or own != other or len(op.element) or len(before.element):
        return None
    return unsafe_fix(  # the other one is executed then
        f"remove operation {op.element.get('id')!r}, a copy of {before.element.get('id')!r}",
        Remove(cib.document.place(op.element)),
    )


def _is_private(primitive: Primitive, op: Operation) -> bool:
    """Whether an operation stands in the resource itself, and nothing else can refer to it."""
    holder = op.element.getparent()
    return holder is not None and holder.get("id") is None and holder.getparent() is primitive.element


@rule("OPS102", "monitors-of-roles-share-interval", severity=ERROR, tags=(*TAGS, "promotable"), fix="unsafe")
def monitors_of_roles_share_interval(cib: Cib) -> Findings:
    """Monitors for different roles have the same interval.

    Pacemaker tells recurring operations apart by name and interval, not by role: it takes the two for duplicates and schedules
    neither, so that instances are monitored in no role. One of the intervals has to differ, be it by a second. An operation that comes
    from a template counts too, unless the resource has one of the same name for the same role.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-p" name="monitor" interval="10s" role="Promoted"/>
          <op id="db-u" name="monitor" interval="«10s»" role="Unpromoted"/></operations>
      </primitive>
    </clone>
    ```

    One comes from the template:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="server-monitor" name="monitor" interval="«1min»"/></operations>
    </template>
    <primitive id="web" template="server">
      <operations><op id="web-stopped" name="monitor" interval="PT1M" role="Stopped"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-p" name="monitor" interval="10s" role="Promoted"/>
          <op id="db-u" name="monitor" interval="11s" role="Unpromoted"/></operations>
      </primitive>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clone Resources": monitoring of promotable clones
    - crm_simulate 2.1.5, tried: neither operation is scheduled
    """
    for primitive in cib.primitives_with_twin_operations:
        watch = _Watch(primitive)
        for before, op in _same(primitive, recurring=True):
            if {before.role, op.role} <= _ONE_ROLE:
                continue
            seconds = op.interval // 1000 + 1
            taken = {other.interval for other in primitive.operations if other.name == op.name}
            while seconds * 1000 in taken:
                seconds += 1
            place = _interval_place(cib, op)
            yield problem(
                place,
                f"{primitive.id!r} has {op.name} operations for two roles with the same interval",
                label=_told(op),
                consequence=f"Pacemaker takes them for duplicates and schedules neither{watch.without(op)}",
                help=f'make one of the intervals different, for example "{seconds}s"',
                related=[(_interval_place(cib, before), _told(before))],
                affects=[primitive.id],
                fix=unsafe_fix(f"set the interval to {seconds}s", SetValue(place, f"{seconds}s")),
            )


def _told(op: Operation) -> str:
    return f"role {op.element.get('role')}" if op.role else "no role"


@rule("OPS103", "repeated-single-operation", severity=WARNING, tags=TAGS)
def repeated_single_operation(cib: Cib) -> Findings:
    """A resource has the settings of one action twice.

    Of two operations of the same name without an interval, the first in the document counts. The settings of the second, a timeout perhaps,
    have no effect.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-start" name="start" interval="0" timeout="60s"/>
        «<op id="web-start-2" name="start" interval="0s" timeout="180s"/>»</operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-start" name="start" interval="0" timeout="60s"/>
        <op id="web-stop" name="stop" interval="0" timeout="180s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, tried: the timeout of the first is used
    """
    for primitive in cib.primitives_with_twin_operations:
        for before, op in _same(primitive, recurring=False):
            yield problem(
                cib.document.place(op.element),
                f"{primitive.id!r} has two operations {op.name!r} without an interval",
                consequence=f"the first counts ({before.element.get('id')!r}); what the second says has no effect",
                help="remove one of the two",
                related=[(cib.document.place(before.element), "this one counts")],
                affects=[primitive.id],
            )


# Actions that Pacemaker runs once, when they are due.
_SINGLE = frozenset(("start", "stop", "promote", "demote", "reload-agent", "migrate_to", "migrate_from"))


@rule("OPS104", "action-with-interval", severity=ERROR, tags=TAGS, fix="unsafe")
def action_with_interval(cib: Cib) -> Findings:
    """An action that is run once has an interval.

    start, stop, promote, demote, reload-agent and the migrations cannot recur. Pacemaker ignores the operation with all that it says: with
    its timeout too, so that the action gets the default of 20 s, unless another operation without an interval says something else.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-start" name="start" interval="«30s»" timeout="300s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-start" name="start" interval="0s" timeout="300s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Operations"
    - crm_simulate 2.1.5, tried: the start has a timeout of 20 s
    """
    for primitive in cib.primitives:
        for op in primitive.operations:
            if op.interval > 0 and op.name in _SINGLE:
                place = _interval_place(cib, op)
                alone = not any(other.name == op.name and other.interval == 0 for other in primitive.operations)
                yield problem(
                    place,
                    f"operation {op.name} of {primitive.id!r} has an interval",
                    consequence=f"Pacemaker ignores the operation: {op.name} has the default timeout and on-fail"
                    if alone
                    else "Pacemaker ignores the operation: the one without an interval counts",
                    help='set interval="0"' if alone else "remove it",
                    affects=[primitive.id],
                    fix=unsafe_fix('set the interval to "0"', SetValue(place, "0"))
                    if alone and _is_private(primitive, op)
                    else None,
                )


@rule("OPS105", "monitor-for-other-role", severity=WARNING, tags=(*TAGS, "promotable"))
def monitor_for_other_role(cib: Cib) -> Findings:
    """A monitor is for a role that the resource never has.

    Only instances of a promotable clone, or of a bundle with `promoted-max`, are promoted or unpromoted; others are started. In
    turn, an instance that can be promoted is never just started. Pacemaker never schedules such a monitor.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-p" name="monitor" interval="10s" role="«Promoted»"/></operations>
    </primitive>
    ```

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-m" name="monitor" interval="10s" role="«Started»"/></operations>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-m" name="monitor" interval="10s" role="Started"/>
        <op id="db-s" name="monitor" interval="60s" role="Stopped"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    # Few operations name a role, and the index of what is written tells which.
    for_role = {element for elements in cib.written.by_home["@", "op"].get("role", {}).values() for element in elements}
    for primitive in cib.primitives:
        for op in primitive.operations:
            if op.element not in for_role or op.role not in ("promoted", "unpromoted", "started") or op.interval <= 0:
                continue
            promotable = primitive.may_be_promoted
            if promotable is None or promotable == (op.role != "started"):
                continue
            yield problem(
                cib.document.place(op.element, "role"),
                f"{op.name} is for role {op.element.get('role')}, which {primitive.id!r} never has",
                consequence="Pacemaker never runs it",
                help="use the roles Promoted and Unpromoted"
                if promotable
                else "leave the role out, or put the resource into a promotable clone",
                affects=[primitive.id],
            )


@rule("OPS106", "template-operation-replaced", severity=INFO, tags=(*TAGS, "template"))
def template_operation_replaced(cib: Cib) -> Findings:
    """A resource's operation replaces several of its template.

    An operation of a resource takes the place of all operations of the template that have the same name and role, whatever their
    intervals. Where the template has several, one of them is easily lost.

    Bad:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="t-1" name="monitor" interval="10s"/><op id="t-2" name="monitor" interval="60s"/></operations>
    </template>
    <primitive id="db" template="server">
      <operations>«<op id="db-1" name="monitor" interval="30s"/>»</operations>
    </primitive>
    ```

    Good:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="t-1" name="monitor" interval="10s"/><op id="t-2" name="monitor" interval="60s"/></operations>
    </template>
    <primitive id="db" template="server">
      <operations><op id="db-1" name="monitor" interval="30s"/><op id="db-2" name="monitor" interval="120s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Templates"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive in cib.primitives:
        if primitive.template is None:
            continue
        own: dict[tuple[str, str], list[Operation]] = {}
        for op in primitive.own_operations:
            own.setdefault((op.name, op.key_role), []).append(op)
        for (name, role), mine in own.items():
            lost = [op for op in primitive.template.operations if (op.name, op.key_role) == (name, role)]
            if len(lost) > len(mine):
                yield problem(
                    cib.document.place(mine[0].element),
                    f"operation {name} of {primitive.id!r} replaces {len(lost)} of template {primitive.template.id!r}",
                    consequence="the resource has only its own, whatever their intervals",
                    help="write in the resource all operations of that name that it should have",
                    related=[(cib.document.place(op.element), "replaced") for op in lost],
                )


@rule("OPS107", "start-delay-with-interval-origin", severity=WARNING, tags=TAGS)
def start_delay_with_interval_origin(cib: Cib) -> Findings:
    """A monitor has both a start-delay and an interval-origin.

    The schema forbids the two as attributes of one operation; by way of meta-attributes or op_defaults they come together all the
    same. The delay counts, the origin does not.

    Bad:

    ```xml
    <op_defaults><meta_attributes id="defaults"><nvpair id="d" name="start-delay" value="10s"/></meta_attributes></op_defaults>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="1h" interval-origin="«2026-01-01 00:10:00»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="1h" interval-origin="2026-01-01 00:10:00"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, lib/pengine/pe_actions.c
    """
    for primitive, op, origin in cib.operations_with("interval-origin"):
        delay = op.option("start-delay").certain
        if op.interval > 0 and delay is not None and v.timeout(delay.text).value:
            if delay.element is origin.element:
                continue  # attributes of one operation: SCH115
            yield problem(
                origin.place,
                f"{op.name} of {primitive.id!r} has an interval-origin, and a start-delay that counts instead",
                consequence="the operation is not bound to the times that the origin gives",
                help="remove one of the two",
                related=[(delay.place, "counts")],
                affects=[primitive.id],
            )


@rule("OPS108", "monitors-do-the-same", severity=INFO, tags=TAGS)
def monitors_do_the_same(cib: Cib) -> Findings:
    """A resource has two monitors that look at the same.

    Several monitors are for different roles, or for checks of different depths (`OCF_CHECK_LEVEL`). Of two that the agent cannot tell apart,
    the one with the longer interval finds nothing that the other does not. pcs refuses to add the second one.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-often" name="monitor" interval="10s"/>
        <op id="web-seldom" name="monitor" interval="«60s»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-often" name="monitor" interval="10s"/>
        <op id="web-deep" name="monitor" interval="60s">
          <instance_attributes id="web-deep-params"><nvpair id="level" name="OCF_CHECK_LEVEL" value="10"/></instance_attributes>
        </op></operations>
    </primitive>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/resource/operations.py
    """
    for primitive in cib.primitives_with_twin_operations:
        monitors = [op for op in primitive.operations if op.name == "monitor" and op.interval > 0 and op.is_enabled]
        if len(monitors) < 2:
            continue
        first: dict[tuple[str, frozenset[tuple[str, str]]], Operation] = {}
        for op in monitors:
            # No role is Started. That it is Unpromoted as well does not count: the metadata of agents advise both.
            given = frozenset(
                (one.name, one.text) for one in op.parameters.all() if (one.name, one.text) != ("OCF_CHECK_LEVEL", "0")
            )
            before = first.setdefault((op.role or "started", given), op)
            if before is not op and before.interval != op.interval:
                yield problem(
                    _interval_place(cib, op),
                    f"{primitive.id!r} has two monitors for the same role that check the same",
                    consequence="the one with the longer interval finds nothing that the other does not",
                    help="remove one, or let one check more by OCF_CHECK_LEVEL, if the agent has that",
                    related=[(_interval_place(cib, before), "the other")],
                    affects=[primitive.id],
                )
