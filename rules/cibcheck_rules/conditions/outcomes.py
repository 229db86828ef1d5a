"""RUL1: rules that are never or always true, or that Pacemaker ignores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, problem, rule
from cibcheck.api import values as v
from cibcheck_rules.conditions.comparisons import is_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element

TAGS = ("rules",)

_ROLES = ("started", "stopped", "promoted", "unpromoted", "master", "slave")


@rule("RUL114", "invalid-rule-role", severity=ERROR, tags=TAGS)
def invalid_rule_role(cib: Cib) -> Findings:
    """The role of a rule is no role.

    The schema takes any text there. Pacemaker ignores the location constraint.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <rsc_location id="loc" rsc="db-clone"><rule id="loc-rule" score="100" role="«Primary»">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    <rsc_location id="loc" rsc="db-clone"><rule id="loc-rule" score="100" role="Promoted">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    References:
    - crm_verify 2.1.5 and 3.0.2 report an error
    """
    for use in cib.rules:
        role = use.element.get("role")
        if use.context == "a location constraint" and role is not None and v.fold(role) not in _ROLES:
            yield problem(
                cib.document.place(use.element, "role"),
                f"{role!r} is no role",
                consequence=f"Pacemaker ignores location constraint {use.owner.get('id')!r}",
                help="write Promoted or Unpromoted, or leave it out",
            )


@rule("RUL115", "rule-for-started-role", severity=WARNING, tags=TAGS)
def rule_for_started_role(cib: Cib) -> Findings:
    """The rule of a location constraint is for the role Started or Stopped.

    As an attribute of the constraint, Started means every role. As an attribute of a rule it does not: in Pacemaker 2.1 such a rule neither
    bans nor prefers anything. pcs refuses it.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY" role="«Started»">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/rule
    - crm_simulate 2.1.5, tried
    """
    for use in cib.rules:
        role = use.element.get("role")
        if use.context == "a location constraint" and role is not None and v.fold(role) in ("started", "stopped"):
            yield problem(
                cib.document.place(use.element, "role"),
                f"rule {use.element.get('id')!r} is for the role {role}",
                consequence="with Pacemaker 2.1 the rule does nothing",
                help="leave out the role: then the rule is for all",
            )


@rule("RUL116", "contradictory-conditions", severity=WARNING, tags=TAGS)
def contradictory_conditions(cib: Cib) -> Findings:
    """Two conditions of a rule exclude each other, or one of them is always true.

    Under `and`, the default, an attribute cannot equal two values, nor be defined and not defined: the rule is never true. Under `or` it
    differs from one of two values in any case: the rule is always true. Texts are compared without case.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-1" attribute="#uname" operation="eq" value="node1"/>
      <«expression» id="loc-2" attribute="#uname" operation="eq" value="node2"/></rule></rsc_location>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY" boolean-op="or">
      <expression id="loc-1" attribute="#uname" operation="ne" value="node1"/>
      <«expression» id="loc-2" attribute="#uname" operation="ne" value="node2"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY" boolean-op="or">
      <expression id="loc-1" attribute="#uname" operation="eq" value="node1"/>
      <expression id="loc-2" attribute="#uname" operation="eq" value="node2"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules"
    """
    for use in cib.rules:
        for element in (use.element, *use.nested):
            if len(element) < 2:
                continue
            is_or = v.fold(element.get("boolean-op", "and")) == "or"
            for first, second in _clashes(element, is_or=is_or):
                yield problem(
                    cib.document.place(second, "@"),
                    f"conditions {first.get('id')!r} and {second.get('id')!r} "
                    + ("leave nothing out" if is_or else "exclude each other"),
                    label="always one of the two" if is_or else "never both",
                    consequence=f"rule {element.get('id')!r} is {'always' if is_or else 'never'} true",
                    help=f'join them with boolean-op="{"and" if is_or else "or"}", if that is meant',
                    related=[(cib.document.place(first, "@"), "the other condition")],
                )


def _clashes(element: Element, *, is_or: bool) -> Iterator[tuple[Element, Element]]:
    """Pairs of direct conditions that exclude each other; turned round for ``or``, where they leave nothing out."""
    equal, unequal, has, lacks = ("ne", "eq", "not_defined", "defined") if is_or else ("eq", "ne", "defined", "not_defined")
    equals: dict[str, tuple[str, Element]] = {}
    unequals: dict[tuple[str, str], Element] = {}
    presence: dict[str, tuple[str, Element]] = {}
    for one in element.iterchildren("expression"):
        attribute, operation, value = one.get("attribute", ""), v.fold(one.get("operation", "")), v.fold(one.get("value", ""))
        if operation in (has, lacks):
            before = presence.setdefault(attribute, (operation, one))
            if before[0] != operation:
                yield before[1], one
        elif "value" not in one.attrib or v.fold(one.get("type", "string")) != "string" or not is_literal(one):
            continue
        elif operation == equal:
            before = equals.setdefault(attribute, (value, one))
            if before[0] != value:
                yield before[1], one
            elif (attribute, value) in unequals:
                yield unequals[attribute, value], one
        elif operation == unequal:
            unequals.setdefault((attribute, value), one)
            if equals.get(attribute, ("", one))[0] == value and attribute in equals:
                yield equals[attribute][1], one


@rule("RUL117", "invalid-operation-interval", severity=ERROR, tags=TAGS)
def invalid_operation_interval(cib: Cib) -> Findings:
    """A condition on operations has an interval that is no duration.

    The condition is never true; Pacemaker reports an error (3.0) or logs it (2.1).

    Bad:

    ```xml
    <op_defaults><meta_attributes id="defaults"><rule id="defaults-rule" score="0">
      <op_expression id="defaults-op" name="monitor" interval="«often»"/></rule>
      <nvpair id="defaults-timeout" name="timeout" value="60s"/></meta_attributes></op_defaults>
    ```

    Good:

    ```xml
    <op_defaults><meta_attributes id="defaults"><rule id="defaults-rule" score="0">
      <op_expression id="defaults-op" name="monitor" interval="10s"/></rule>
      <nvpair id="defaults-timeout" name="timeout" value="60s"/></meta_attributes></op_defaults>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    for _, condition in cib.conditions("op_expression"):
        text = condition.get("interval")
        if text is not None and (reason := v.interval(text).reason) is not None:
            yield problem(
                cib.document.place(condition, "interval"),
                f"interval {text!r} {reason}",
                consequence="the condition is never true",
                help="write a duration such as 10s, 2min or PT1H",
            )
