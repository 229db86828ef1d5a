"""OPS2: what is to happen when an operation fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Bundle, Cib, Findings, problem, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Operation, Primitive, Setting

TAGS = ("operations",)


def _is_default(setting: Setting) -> bool:
    """Whether op_defaults say it, for all operations alike."""
    owner = setting.holder.getparent()
    return owner is not None and owner.tag == "op_defaults"


@rule("OPS201", "on-fail-not-for-stop", severity=ERROR, tags=TAGS)
def on_fail_not_for_stop(cib: Cib) -> Findings:
    """A stop that fails is to be answered in a way that there is none.

    A resource that cannot be stopped is still there somewhere: nothing but fencing its node (`fence`), waiting for a person (`block`),
    or looking away (`ignore`) makes sense. `standby`, `stop` and `demote` are not allowed for a stop; Pacemaker goes by the default: `fence`
    where fencing is on, else `block`. Set in op_defaults, they hold for the other operations; that is a warning.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-stop" name="stop" interval="0s" on-fail="«standby»"/></operations>
    </primitive>
    ```

    For all operations:

    ```xml
    <op_defaults><meta_attributes id="defaults"><nvpair id="on-fail" name="on-fail" value="«standby»"/></meta_attributes></op_defaults>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    ```

    Good:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-stop" name="stop" interval="0s" on-fail="block"/>
        <op id="db-monitor" name="monitor" interval="10s" on-fail="standby"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Operations", on-fail
    - crm_verify 2.1.5, with a stop that is due
    """
    for primitive, op, setting in cib.operations_with("on-fail"):
        if op.name == "stop" and v.fold(setting.text) in ("standby", "stop", "demote") and not _is_default(setting):
            yield problem(
                setting.place,
                f"on-fail={setting.text} is not allowed for the stop of {primitive.id!r}",
                consequence=_instead_for_stop(cib),
                help="use fence, block or ignore, or leave on-fail out",
                affects=[primitive.id],
            )
    default = cib.op_defaults.get("on-fail").certain
    if default is None or v.fold(default.text) not in ("standby", "stop"):
        return
    if affected := [primitive.id for primitive in cib.primitives if _stops_by(primitive, default)]:
        yield problem(
            default.place,
            f"on-fail={default.text} is not allowed for a stop, and is set for all operations",
            consequence=f"when a stop fails, {_instead_for_stop(cib)}",
            help="set it for the operations that are meant, or let a rule with an op_expression choose them",
            affects=affected,
            at_most=WARNING,
        )


def _instead_for_stop(cib: Cib) -> str:
    fences = cib.fencing_is_enabled
    return "Pacemaker goes by the default" if fences is None else f"Pacemaker does as for {'fence' if fences else 'block'}"


def _stops_by(primitive: Primitive, default: Setting) -> bool:
    """Whether a default holds for the stop of a resource; that of a fence device is nothing that could fail."""
    if primitive.is_fence_device:
        return False
    stops = [op.option("on-fail") for op in primitive.operations if op.name == "stop"]
    return all(found.candidates[0].element is default.element for found in stops)


@rule("OPS202", "on-fail-demote-out-of-place", severity=ERROR, tags=(*TAGS, "promotable"))
def on_fail_demote_out_of_place(cib: Cib) -> Findings:
    """An operation that fails is to demote what is not promoted.

    `on-fail=demote` is for promote, and for a recurring monitor with the role Promoted. For others Pacemaker ignores it and goes by the
    default. Set in op_defaults, it is a warning.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <operations><op id="db-monitor" name="monitor" interval="10s" on-fail="«demote»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <operations><op id="db-p" name="monitor" interval="10s" role="Promoted" on-fail="demote"/>
          <op id="db-promote" name="promote" interval="0" on-fail="demote"/>
          <op id="db-u" name="monitor" interval="11s" role="Unpromoted"/></operations>
      </primitive>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Resource Operations", on-fail
    - crm_verify 2.1.5
    """
    for primitive, op, setting in cib.operations_with("on-fail"):
        if v.fold(setting.text) != "demote" or op.name == "stop" or _is_default(setting):
            continue
        if op.name == "promote" or (op.name == "monitor" and op.interval > 0 and op.role == "promoted"):
            continue
        yield problem(
            setting.place,
            f"on-fail=demote is not allowed for {op.name} of {primitive.id!r}",
            consequence="Pacemaker goes by the default",
            help="set it for promote, or for a recurring monitor with the role Promoted",
            affects=[primitive.id],
        )
    default = cib.op_defaults.get("on-fail").certain
    if default is not None and v.fold(default.text) == "demote" and cib.primitives:
        yield problem(
            default.place,
            "on-fail=demote is not allowed for most operations, and is set for all",
            consequence="Pacemaker goes by the default for all but promote and monitors with the role Promoted",
            help="set it for promote, or for a recurring monitor with the role Promoted",
            affects=[primitive.id for primitive in cib.primitives],
            at_most=WARNING,
        )


@rule("OPS203", "on-fail-fence-without-fencing", severity=ERROR, tags=(*TAGS, "fencing"))
def on_fail_fence_without_fencing(cib: Cib) -> Findings:
    """An operation that fails is to fence its node, and fencing is off.

    Pacemaker stops the resource instead, and does not start it again anywhere.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <operations><op id="fs-monitor" name="monitor" interval="20s" on-fail="«fence»"/></operations>
    </primitive>
    ```

    For all operations:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>
    <op_defaults><meta_attributes id="defaults"><nvpair id="of" name="on-fail" value="«fence»"/></meta_attributes></op_defaults>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <operations><op id="fs-monitor" name="monitor" interval="20s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="se" name="stonith-enabled" value="true"/></cluster_property_set>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <operations><op id="fs-monitor" name="monitor" interval="20s" on-fail="fence"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Operations", on-fail
    - crm_verify 2.1.5
    """
    if (
        not any(v.fold(setting.text) == "fence" for _, _, setting in cib.operations_with("on-fail"))
        or cib.fencing_is_enabled is not False
    ):
        return
    switched_off = cib.option("fencing-enabled", "stonith-enabled").certain
    for primitive, _, setting in cib.operations_with("on-fail"):
        if v.fold(setting.text) == "fence":
            yield problem(
                setting.place,
                "on-fail=fence, and fencing is off",
                consequence="when the operation fails, Pacemaker stops the resource, and starts it nowhere else",
                help="switch fencing on, or choose another on-fail",
                related=[(switched_off.place, "switches fencing off")] if switched_off else [],
                affects=[primitive.id],
            )


@rule("OPS204", "on-fail-restart-container-without-container", severity=INFO, tags=TAGS)
def on_fail_restart_container_without_container(cib: Cib) -> Findings:
    """An operation that fails is to restart a container, and the resource is in none.

    Pacemaker goes by the default. (A resource that runs on a guest node is not in a container in this sense, only the primitive of a
    bundle is, and one with the meta-attribute `container`.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" on-fail="«restart-container»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <bundle id="web-bundle">
      <podman image="web:1"/><network control-port="3122"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <operations><op id="web-monitor" name="monitor" interval="10s" on-fail="restart-container"/></operations>
      </primitive>
    </bundle>
    ```

    References:
    - Pacemaker's source, lib/pengine/pe_actions.c
    """
    for primitive, op, setting in cib.operations_with("on-fail"):
        if v.fold(setting.text) != "restart-container" or _is_default(setting) or isinstance(primitive.parent, Bundle):
            continue
        if primitive.meta.get("container").is_absent:
            yield problem(
                setting.place,
                f"{op.name} of {primitive.id!r} is to restart a container, and the resource is in none",
                consequence="Pacemaker goes by the default",
                help="leave on-fail out",
                affects=[primitive.id],
            )


@rule("OPS205", "blocked-failure-never-expires", severity=WARNING, tags=TAGS)
def blocked_failure_never_expires(cib: Cib) -> Findings:
    """A failure is to expire, and to block the resource.

    Where an operation with `on-fail=block` has failed, Pacemaker ignores `failure-timeout`: the resource stays blocked until somebody cleans up.
    It looks for the attribute of an `op` in the resource or its template only. Where `on-fail` comes from meta_attributes, op_defaults or an
    id-ref, the failure expires.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <meta_attributes id="meta"><nvpair id="ft" name="failure-timeout" value="60s"/></meta_attributes>
      <operations><op id="db-stop" name="stop" interval="0" on-fail="«block»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <meta_attributes id="meta"><nvpair id="ft" name="failure-timeout" value="60s"/></meta_attributes>
      <operations><op id="db-monitor" name="monitor" interval="10s" on-fail="standby"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, lib/pengine/failcounts.c
    - crm_simulate 2.1.5, tried
    """
    for primitive, op, setting in cib.operations_with("on-fail"):
        if setting.text != "block" or setting.element is not op.element or not _is_written_in(op, primitive):
            continue
        timeout = primitive.meta.get("failure-timeout").certain
        if timeout is not None and v.interval(timeout.text).value:
            yield problem(
                setting.place,
                f"on-fail=block for {op.name} of {primitive.id!r}, whose failures are to expire",
                consequence="a failure of this operation never expires: the resource stays blocked until somebody cleans up",
                help="remove one of the two",
                related=[(timeout.place, "ignored then")],
                affects=[primitive.id],
            )


def _is_written_in(op: Operation, primitive: Primitive) -> bool:
    """Whether an operation stands in the resource or its template, and does not come from elsewhere by id-ref."""
    owner = next(op.element.iterancestors("primitive", "template"), None)
    return owner is primitive.element or (primitive.template is not None and owner is primitive.template.element)


@rule("OPS206", "failed-stop-ignored", severity=WARNING, tags=TAGS)
def failed_stop_ignored(cib: Cib) -> Findings:
    """A stop that fails is to be ignored.

    Pacemaker takes the resource for stopped and starts it elsewhere, while it may still run where it was. For a file system or a
    database that means damaged data. Set in op_defaults, it holds for the stop of each resource, written or not.

    Bad:

    ```xml
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <operations><op id="fs-stop" name="stop" interval="0" on-fail="«ignore»"/></operations>
    </primitive>
    ```

    For all operations:

    ```xml
    <op_defaults><meta_attributes id="defaults"><nvpair id="on-fail" name="on-fail" value="«ignore»"/></meta_attributes></op_defaults>
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/>
    ```

    Good:

    ```xml
    <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem">
      <operations><op id="fs-stop" name="stop" interval="0" on-fail="fence"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Resource Operations", on-fail
    - crm_simulate 2.1.5, with a stop that failed
    """
    for primitive, op, setting in cib.operations_with("on-fail"):
        if op.name == "stop" and _is_to_ignore(setting) and not _is_default(setting) and not primitive.is_fence_device:
            yield problem(
                setting.place,
                f"a failed stop of {primitive.id!r} is ignored",
                consequence=_MAY_STILL_RUN,
                help="use fence, or block",
                affects=[primitive.id],
            )
    default = cib.op_defaults.get("on-fail").certain
    if default is None or not _is_to_ignore(default):
        return
    if affected := [primitive.id for primitive in cib.primitives if _stops_by(primitive, default)]:
        yield problem(
            default.place,
            "a failed stop is ignored, as any failure: it is set for all operations",
            consequence=_MAY_STILL_RUN,
            help="set it for the operations that are meant, or let a rule with an op_expression choose them",
            affects=affected,
        )


_MAY_STILL_RUN = "the resource is started elsewhere while it may still run: shared data is damaged"


def _is_to_ignore(setting: Setting) -> bool:
    return v.fold(setting.text) in ("ignore", "nothing")
