"""RUL1: what the conditions of a rule compare and name, where they stand, and rules that never change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import (
    ERROR,
    INFO,
    WARNING,
    Cib,
    Findings,
    Remove,
    SetValue,
    Target,
    nearest,
    problem,
    rule,
    safe_fix,
    unsafe_fix,
)
from cibcheck.api import values as v
from cibcheck_rules.nodes import misnamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element


TAGS = ("rules",)

_ORDERING = ("lt", "gt", "lte", "gte")

# What each type must look like; Pacemaker reads a number as far as it goes, and compares texts where there is none.
_LOOKS = {
    "integer": r"\s*[+-]?[0-9]+",
    "number": r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    "version": r"[0-9]+(?:\.[0-9]+)*",
}


def is_literal(expression: Element) -> bool:
    """Whether the value stands for itself."""
    return v.fold(expression.get("value-source", "literal")) == "literal"


@rule("RUL101", "value-beside-defined", severity=ERROR, tags=TAGS, pacemaker="3.0", elsewhere=WARNING, fix="unsafe")
def value_beside_defined(cib: Cib) -> Findings:
    """A condition asks whether an attribute is defined, and gives a value.

    The operations `defined` and `not_defined` take no value. Pacemaker 2.1 ignores it; 3.0 reports an error, and the condition is never
    true.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="ssd" operation="defined" value="«true»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="ssd" operation="defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    make = unsafe_fix if "3.0" in cib.targets else safe_fix  # there, what was never true may be true
    for _, expression in cib.conditions("expression"):
        operation = v.fold(expression.get("operation", ""))
        if operation in ("defined", "not_defined") and "value" in expression.attrib:
            place = cib.document.place(expression, "value")
            yield problem(
                place,
                f"operation {operation} takes no value",
                consequence="with Pacemaker 3.0 the condition is never true",
                help='leave out the value, or compare with operation="eq"',
                fix=make("remove value", Remove(place)),
            )


_COUNTS_FOR = {"eq": "without", "ne": "with"}
"""The nodes for which Pacemaker 2.1 takes a comparison with nothing as true, by whether they have the attribute."""


@rule("RUL102", "comparison-without-value", severity=ERROR, tags=TAGS, pacemaker="3.0", elsewhere=WARNING)
def comparison_without_value(cib: Cib) -> Findings:
    """A condition compares an attribute, with nothing.

    The schema allows that. Pacemaker 2.1 takes `eq` as true for nodes without the attribute, `ne` for nodes with it, and the others as never
    true; 3.0 reports an error, and the condition is never true.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-site" attribute="site" operation="«eq»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-site" attribute="site" operation="not_defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    - crm_simulate 2.1.5, tried
    """
    for _, expression in cib.conditions("expression"):
        operation = v.fold(expression.get("operation", ""))
        if operation in ("eq", "ne", *_ORDERING) and "value" not in expression.attrib:
            yield problem(
                cib.document.place(expression, "operation"),
                f"attribute {expression.get('attribute')!r} is compared ({operation}) with no value",
                consequence=f"with Pacemaker 3.0 the condition is never true, with 2.1 for nodes {_COUNTS_FOR[operation]} the attribute"
                if operation in _COUNTS_FOR
                else "the condition is never true",
                help=f'give a value, or ask with operation="{"not_defined" if operation == "eq" else "defined"}"',
            )


@rule("RUL103", "value-of-other-type", severity=WARNING, tags=TAGS)
def value_of_other_type(cib: Cib) -> Findings:
    """A condition compares numbers, and its value is none.

    `lt`, `gt`, `lte` and `gte` compare numbers unless `type` says otherwise. Where a side is no number, Pacemaker compares the texts,
    letter by letter, and logs it; what follows a number is ignored.

    A version is numbers with dots between them, and only its numbers are compared. Where there is a letter or a blank behind numbers that
    are equal, as in `5.14.0-362.el9`, Pacemaker 2.1 compares for ever: its scheduler does not end, and the cluster does nothing any more.
    That is so where the attribute of the node has the letter, too.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-ping" attribute="pingd" operation="lt" value="«all»" type="number"/></rule></rsc_location>
    ```

    Without a type:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kernel" attribute="kernel" operation="gt" value="«v6»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-ping" attribute="pingd" operation="lt" value="2000" type="number"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    - crm_simulate 2.1.5, tried
    """
    for _, expression in cib.conditions("expression"):
        text = expression.get("value")
        if text is None or not is_literal(expression):
            continue
        kind = v.fold(expression.get("type", ""))
        if not kind and v.fold(expression.get("operation", "")) in _ORDERING:
            kind = "number" if "." in text else "integer"
        looks = _LOOKS.get(kind)
        if looks is None or re.fullmatch(looks, text if kind == "version" else text.rstrip()):
            continue
        is_number = re.match(looks, text) is not None
        yield problem(
            cib.document.place(expression, "value"),
            f"{text!r} is compared as {'an' if kind == 'integer' else 'a'} {kind}, which it is not",
            consequence="Pacemaker compares the numbers in it, and 2.1 may never come to an end with the rest"
            if kind == "version"
            else "Pacemaker ignores what follows the number"
            if is_number
            else "Pacemaker compares letter by letter",
            help=f'write a{"n" if kind == "integer" else ""} {kind}, or type="string" if texts are to be compared',
        )


SPECIAL = ("#uname", "#id", "#kind", "#is_dc", "#cluster-name", "#site-name")
"""The attributes that Pacemaker sets for every node."""

_INTERNAL = ("#feature-set", "#node-unfenced", "#digests-all", "#digests-secure", "#ra-version")
"""Those that it sets for its own use: a rule sees them."""

KINDS = ("cluster", "remote", "container")


@rule("RUL104", "unknown-special-attribute", severity=WARNING, tags=TAGS)
def unknown_special_attribute(cib: Cib) -> Findings:
    """A condition is about an attribute with `#` that Pacemaker does not set.

    It sets `#uname`, `#id`, `#kind`, `#is_dc`, `#cluster-name` and `#site-name`, and some for its own use, such as `#feature-set`; agents set
    `#health-…`. `#role` is gone since 2.1.8: a role is an attribute of the rule of a location constraint. An attribute that is not set
    equals nothing.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="«#hostname»" operation="eq" value="node1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/pengine/unpack.c
    - crm_simulate 2.1.5, tried
    """
    for _, expression in cib.conditions("expression"):
        name = expression.get("attribute", "")
        if (
            not name.startswith("#")
            or name in SPECIAL
            or name.startswith("#health")
            or name in _INTERNAL
            or name in cib.node_attribute_names
        ):
            continue
        place = cib.document.place(expression, "attribute")
        meant = nearest(name, SPECIAL)
        is_role = v.fold(name) == "#role"
        yield problem(
            place,
            f"Pacemaker sets no attribute {name!r}",
            label=f"did you mean {meant!r}?" if meant and not is_role else None,
            consequence="no node has it",
            help="give the rule of a location constraint a role instead" if is_role else f"use one of {', '.join(SPECIAL)}",
            fix=unsafe_fix(f"write {meant!r} instead of {name!r}", SetValue(place, meant)) if meant and not is_role else None,
        )


@rule("RUL105", "rule-names-unknown-node", severity=WARNING, tags=("rules", "nodes"))
def rule_names_unknown_node(cib: Cib) -> Findings:
    """A condition on `#uname` names a node that the cluster does not have.

    With `eq` it is never true, with `ne` always. The names of cluster nodes, remote nodes, guest nodes and bundle replicas count, in any case.
    The rule is not evaluated where the configuration names no cluster node.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="eq" value="«node1.example.com»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="eq" value="NODE1"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", special node attributes
    """
    for _, expression in cib.conditions("expression"):
        name, operation = expression.get("value"), v.fold(expression.get("operation", ""))
        if expression.get("attribute") != "#uname" or name is None or operation not in ("eq", "ne") or not is_literal(expression):
            continue
        if not cib.is_node(name):
            place = cib.document.place(expression, "value")
            meant, advice = misnamed(cib, name)
            yield problem(
                place,
                f"there is no node {name!r}",
                label="unknown node",
                consequence=f"the condition is {'never' if operation == 'eq' else 'always'} true",
                help=advice,
                fix=unsafe_fix(f"write {meant!r} instead of {name!r}", SetValue(place, meant)) if meant else None,
            )


@rule("RUL106", "unknown-node-kind", severity=WARNING, tags=("rules", "nodes"), fix="unsafe")
def unknown_node_kind(cib: Cib) -> Findings:
    """A condition on `#kind` compares with a kind that does not exist.

    The kinds are `cluster`, `remote` and `container`; the last is for guest nodes and bundle replicas. With another one `eq` is never true,
    and `ne` always.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="eq" value="«guest»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kind" attribute="#kind" operation="eq" value="container"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", special node attributes
    - crm_simulate 2.1.5, tried
    """
    for _, expression in cib.conditions("expression"):
        kind, operation = expression.get("value"), v.fold(expression.get("operation", ""))
        if expression.get("attribute") != "#kind" or kind is None or operation not in ("eq", "ne") or not is_literal(expression):
            continue
        if v.fold(kind) not in KINDS:
            place = cib.document.place(expression, "value")
            meant = "container" if v.fold(kind) in ("guest", "bundle") else nearest(kind, KINDS)
            meant = "cluster" if v.fold(kind) in ("member", "normal") else meant
            yield problem(
                place,
                f"there is no kind of node {kind!r}",
                label=f"did you mean {meant!r}?" if meant else None,
                consequence=f"the condition is {'never' if operation == 'eq' else 'always'} true",
                help="write cluster, remote or container",
                fix=unsafe_fix(f"write {meant!r} instead of {kind!r}", SetValue(place, meant)) if meant else None,
            )


@rule("RUL107", "match-without-pattern", severity=INFO, tags=TAGS)
def match_without_pattern(cib: Cib) -> Findings:
    """The name of an attribute has a `%0` to `%9`, and the constraint no pattern with such a group.

    In a location constraint with a `rsc-pattern`, `%1` in the name of an attribute stands for what the first group of the pattern matched.
    Without a pattern, and with one that is inverted by `!`, it stands for itself; where the pattern has no such group, for nothing.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="«wants-%1»" operation="defined"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web-a" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc-pattern="^web-(.*)$"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="wants-%1" operation="defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", location rules and patterns
    """
    named = [(use, use.element, "score-attribute") for use in cib.rules if "score-attribute" in use.element.attrib]
    for use, element, attribute in (*named, *((use, one, "attribute") for use, one in cib.conditions("expression"))):
        text = element.get(attribute, "")
        if "%" not in text or not (numbers := re.findall("%([0-9])", text)):
            continue
        pattern = use.owner.get("rsc-pattern")
        if pattern is None or pattern.startswith("!"):
            yield problem(
                cib.document.place(element, attribute),
                f"{text!r} refers to what a pattern matched, and "
                + ("there is no rsc-pattern" if pattern is None else f"{pattern!r} is for what does not match"),
                consequence="it is taken as the name of an attribute as it is",
                help="use rsc-pattern, or the plain name of an attribute",
            )
        elif int(highest := max(numbers)) > _groups(pattern):
            yield problem(
                cib.document.place(element, attribute),
                f"{text!r} refers to group {highest} of a pattern, and {pattern!r} has {_groups(pattern) or 'none'}",
                consequence=f"%{highest} stands for nothing in the name of the attribute",
                help="put what is meant into parentheses in the pattern",
            )


def _groups(pattern: str) -> int:
    """How many groups a pattern has; what is escaped or between brackets is none."""
    return re.sub(r"\\.|\[\^?\]?[^]]*\]", "", pattern).count("(")


_ROLES = ("started", "stopped", "promoted", "unpromoted", "master", "slave")


@rule("RUL114", "invalid-rule-role", severity=ERROR, tags=TAGS)
def invalid_rule_role(cib: Cib) -> Findings:
    """The role of a rule is no role.

    The schema takes any text there. Pacemaker ignores the rule.

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
                consequence=f"Pacemaker ignores rule {use.element.get('id')!r}",
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


_NO_NODE_EVER = ("cluster options", "an alert", "utilization")
_NO_NODE_IN_3 = ("meta-attributes", "rsc_defaults", "op_defaults", "an operation")


@rule("RUL111", "condition-out-of-place", severity=WARNING, tags=TAGS)
def condition_out_of_place(cib: Cib) -> Findings:
    """A condition on resources or operations stands where there are none to look at.

    `rsc_expression` is for rules in rsc_defaults and op_defaults, `op_expression` for rules in op_defaults. Elsewhere they compare with
    nothing, and are never true.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <«rsc_expression» id="loc-type" class="ocf" provider="heartbeat" type="nginx"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <rsc_defaults><meta_attributes id="defaults"><rule id="defaults-rule" score="0">
      <rsc_expression id="defaults-type" class="ocf" provider="heartbeat" type="nginx"/></rule>
      <nvpair id="defaults-stick" name="resource-stickiness" value="100"/></meta_attributes></rsc_defaults>
    ```

    References:
    - Pacemaker Explained, "Rules"
    - crm_simulate 2.1.5, tried
    """
    allowed = {"rsc_expression": ("rsc_defaults", "op_defaults"), "op_expression": ("op_defaults",)}
    for tag, contexts in allowed.items():
        for use, condition in cib.conditions(tag):
            if use.context not in contexts and len(condition.attrib) > ("id" in condition.attrib):
                yield problem(
                    cib.document.place(condition, "@"),
                    f"{tag} in a rule of {use.context}",
                    label="nothing to compare with",
                    consequence="it is never true there",
                    help=f"it belongs in rules of {' and '.join(contexts)}",
                )


@rule("RUL112", "node-attribute-out-of-place", severity=WARNING, tags=TAGS)
def node_attribute_out_of_place(cib: Cib, target: Target) -> Findings:
    """A condition on a node attribute stands where no node is known.

    Cluster options, alerts and utilization are worked out without a node. Since 3.0 that is so for meta-attributes, defaults and operations
    as well: the condition is never true there. Pacemaker warns of those in operations and op_defaults. Instance attributes and location
    constraints know a node.

    Bad:

    ```xml
    <rsc_defaults><meta_attributes id="defaults"><rule id="defaults-rule" score="0">
      <«expression» id="defaults-site" attribute="site" operation="eq" value="a"/></rule>
      <nvpair id="defaults-stick" name="resource-stickiness" value="100"/></meta_attributes></rsc_defaults>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <instance_attributes id="web-a"><rule id="web-rule" score="0">
        <expression id="web-site" attribute="site" operation="eq" value="a"/></rule>
        <nvpair id="web-config" name="configfile" value="/etc/nginx/a.conf"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, release notes: node attribute expressions in meta-attributes
    - Pacemaker 3.0, lib/pengine/status.c
    """
    for use, expression in cib.conditions("expression"):
        if use.context in _NO_NODE_EVER or use.context in _NO_NODE_IN_3:
            ever = use.context in _NO_NODE_EVER
            yield problem(
                cib.document.place(expression, "@"),
                f"a condition on node attribute {expression.get('attribute')!r} in a rule of {use.context}",
                label="no node is known here",
                consequence="it is never true there" if ever else "it is never true there since Pacemaker 3.0",
                help="use a date or (in defaults) a resource or operation, or move the value to instance attributes",
                at_most=None if ever or target.includes("3.0") else INFO,
            )


@rule("RUL113", "unread-rule-attribute", severity=INFO, tags=TAGS, fix="safe")
def unread_rule_attribute(cib: Cib) -> Findings:
    """A rule has a role or score that Pacemaker does not read.

    They count only in the outermost rule of a location constraint. In a rule of an attribute set, the score of the set counts; schemas before
    3.9 ask for one in every rule, and the rule says nothing of those.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <rule id="loc-inner" «role»="Promoted" score="0"><expression id="loc-site" attribute="site" operation="eq" value="a"/></rule>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <rule id="loc-inner" score="0"><expression id="loc-site" attribute="site" operation="eq" value="a"/></rule>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules"
    """
    for use in cib.rules:
        outer = [] if use.context == "a location constraint" else [use.element]
        for element in (*outer, *use.nested):
            for name in ("role", "score", "score-attribute"):
                # A score of 0 or INFINITY is what tools write for the old schemas' sake.
                if name in element.attrib and not (name == "score" and element.get(name) in ("0", "INFINITY")):
                    yield problem(
                        cib.document.place(element, f"@{name}"),
                        f"{name} of rule {element.get('id')!r} means nothing in "
                        + ("an inner rule" if element is not use.element else f"a rule of {use.context}"),
                        consequence="Pacemaker does not read it",
                        help="it belongs on the outermost rule of a location constraint",
                        fix=safe_fix(f"remove {name}", Remove(cib.document.place(element, name))) if name == "role" else None,
                    )
