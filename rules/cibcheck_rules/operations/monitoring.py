"""OPS4: what is not monitored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Cib, Findings, Insert, problem, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Fix, Operation, Primitive, Problem

TAGS = ("operations",)


def _monitors(primitive: Primitive) -> Iterator[Operation]:
    """The recurring monitors for roles in which the resource runs."""
    return (op for op in primitive.operations if op.name == "monitor" and op.interval > 0 and op.role != "stopped")


def _watch(cib: Cib, primitive: Primitive) -> Fix | None:
    """A monitor of its own, where the resource has a place for it."""
    operations = primitive.element.find("operations")
    name = f"{primitive.id}-monitor-10s"
    if (
        operations is None
        or operations.get("id-ref") is not None
        or primitive.template is not None
        or cib.element(name) is not None
    ):
        return None
    new = Insert(cib.document.place(operations), "op", {"id": name, "name": "monitor", "interval": "10s"})
    return unsafe_fix(f"add a monitor every 10s to {primitive.id!r}", new)


def _unwatched(cib: Cib, primitive: Primitive, consequence: str) -> Problem:
    written = list(_monitors(primitive))
    single = next((op for op in primitive.operations if op.name == "monitor" and op.interval <= 0), None)
    if written:
        place, why = cib.document.place(written[0].element, "enabled"), " that is enabled"
    elif single is not None:
        place, why = cib.document.place(single.element, "interval"), ": without an interval it is only run once"
    else:
        place, why = primitive.id_place, ""
    return problem(
        place,
        f"{primitive.id!r} has no recurring monitor{why}",
        consequence=consequence,
        help="enable it" if written else 'add one, for example <op name="monitor" interval="10s" timeout="20s"/>',
        affects=[primitive.id],
        fix=_watch(cib, primitive) if place == primitive.id_place else None,
    )


@rule("OPS401", "no-recurring-monitor", severity=WARNING, tags=TAGS)
def no_recurring_monitor(cib: Cib) -> Findings:
    """A resource is not monitored.

    Pacemaker looks whether a resource runs when the cluster starts, and then believes it. Without a recurring monitor that is enabled it never
    learns that the service has died, and recovers nothing. The rule says nothing of resources that are disabled or not managed, of
    connections to remote nodes (REM601), of fence devices (OPS402), of duplicates, of which Pacemaker runs none (OPS101, OPS102), and of
    monitors whose interval has no meaning (OPS302). Nor of `ocf:suse:SAPStartSrv`, which watches nothing by intention: the resource of the SAP
    instance does.

    Bad:

    ```xml
    <primitive id="«web»" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Switched off, or run only once:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" enabled="«false»"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="«0»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="server-monitor" name="monitor" interval="10s"/></operations>
    </template>
    <primitive id="web" template="server"/>
    ```

    References:
    - Pacemaker Explained, "Monitoring Resources for Failure"
    - ocf_suse_SAPStartSrv(7)
    """
    for primitive in cib.primitives:
        if primitive.is_fence_device or primitive.is_connection or primitive.agent == _WATCHED_BY_ANOTHER:
            continue
        if any(op.is_enabled for op in _monitors(primitive)):
            continue
        if any(op.name == "monitor" and v.interval(op.element.get("interval", "0")).reason for op in primitive.operations):
            continue
        if primitive.is_disabled is None and not primitive.is_surely_unmanaged and not _lacks_its_source(cib, primitive):
            yield _unwatched(cib, primitive, "a service that dies is not noticed, and not recovered")


_WATCHED_BY_ANOTHER = ("ocf", "suse", "SAPStartSrv")


def _lacks_its_source(cib: Cib, primitive: Primitive) -> bool:
    """Whether a template or operations are named that are not there: what they were to say is not known."""
    if primitive.template_id is not None and primitive.template is None:
        return True
    references = (operations.get("id-ref") for operations in primitive.element.iterchildren("operations"))
    return any(
        reference is not None and ((found := cib.element(reference)) is None or found.tag != "operations")
        for reference in references
    )


@rule("OPS402", "fence-device-without-monitor", severity=INFO, tags=(*TAGS, "fencing"))
def fence_device_without_monitor(cib: Cib) -> Findings:
    """A fence device is not monitored.

    That a device has lost its network, or its password was changed, shows only when a node has to be fenced.

    Bad:

    ```xml
    <primitive id="«fence-rack»" class="stonith" type="fence_ipmilan"/>
    ```

    Good:

    ```xml
    <primitive id="fence-rack" class="stonith" type="fence_ipmilan">
      <operations><op id="fence-monitor" name="monitor" interval="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Fencing"
    """
    for device in cib.fencing.devices:
        primitive = device.resource
        if primitive.id != "watchdog" and not any(op.is_enabled for op in _monitors(primitive)):
            yield _unwatched(cib, primitive, "that the device no longer works shows only when a node has to be fenced")


@rule("OPS403", "role-without-monitor", severity=WARNING, tags=(*TAGS, "promotable"))
def role_without_monitor(cib: Cib) -> Findings:
    """A promotable resource is monitored in one of its two roles only.

    A monitor without a role runs for unpromoted instances, not for the promoted one. Promoted and Unpromoted need a monitor each, with
    different intervals.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="«db»" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-monitor" name="monitor" interval="10s"/></operations>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-monitor" name="monitor" interval="11s"/>
          <op id="db-promoted" name="monitor" interval="10s" role="Promoted"/></operations>
      </primitive>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clone Resources": monitoring of promotable clones
    - crm_simulate 2.1.5, tried
    """
    for primitive in cib.primitives:
        # A service cannot be promoted, whatever its clone says (RES303).
        is_promotable = primitive.may_be_promoted and primitive.agent.standard in ("ocf", "")
        enabled = [op for op in _monitors(primitive) if op.is_enabled] if is_promotable else []
        if not enabled:
            continue
        roles = {op.role or "unpromoted" for op in enabled}
        for role, who in (("promoted", "the promoted instance"), ("unpromoted", "unpromoted instances")):
            if role not in roles:
                yield problem(
                    primitive.id_place,
                    f"{primitive.id!r} has no monitor for {who}",
                    consequence=f"that {who} fail{'s' if role == 'promoted' else ''} is not noticed",
                    help=f'add a monitor with role="{role.capitalize()}" and an interval of its own',
                    key=role,
                    related=[(cib.document.place(op.element), "for the other role") for op in enabled[:1]],
                )
