"""RUL1: attributes, nodes and kinds of nodes that conditions name."""

from __future__ import annotations

import re

from cibcheck.api import INFO, WARNING, Cib, Findings, Lookalikes, SetValue, nearest, problem, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.conditions.comparisons import is_literal

TAGS = ("rules",)


SPECIAL = ("#uname", "#id", "#kind", "#is_dc", "#cluster-name", "#site-name")
"""The attributes that Pacemaker sets for every node."""

KINDS = ("cluster", "remote", "container")


@rule("RUL104", "unknown-special-attribute", severity=WARNING, tags=TAGS)
def unknown_special_attribute(cib: Cib) -> Findings:
    """A condition is about an attribute with `#` that Pacemaker does not set.

    It sets `#uname`, `#id`, `#kind`, `#is_dc`, `#cluster-name` and `#site-name`; agents set `#health-…`. `#role` is gone since 2.1.8: a role is
    an attribute of the rule of a location constraint. An attribute that is not set equals nothing.

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
        if not name.startswith("#") or name in SPECIAL or name.startswith("#health") or name in cib.node_attribute_names:
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
    lookalikes: Lookalikes | None = None
    for _, expression in cib.conditions("expression"):
        name, operation = expression.get("value"), v.fold(expression.get("operation", ""))
        if expression.get("attribute") != "#uname" or name is None or operation not in ("eq", "ne") or not is_literal(expression):
            continue
        if not cib.is_node(name):
            place = cib.document.place(expression, "value")
            lookalikes = lookalikes or Lookalikes(cib.node_names.values())
            meant = lookalikes.of(name)
            yield problem(
                place,
                f"there is no node {name!r}",
                label="unknown node",
                consequence=f"the condition is {'never' if operation == 'eq' else 'always'} true",
                help=f"write {meant!r}, if that is meant" if meant else "name a node of the cluster",
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
    """The name of an attribute has a `%0` to `%9`, and the constraint no pattern.

    In a location constraint with a `rsc-pattern`, `%1` in the name of an attribute stands for what the first group of the pattern matched.
    Without a pattern it stands for itself.

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
        if "%" in text and re.search("%[0-9]", text) and use.owner.get("rsc-pattern") is None:
            yield problem(
                cib.document.place(element, attribute),
                f"{text!r} refers to what a pattern matched, and there is no rsc-pattern",
                consequence="it is taken as the name of an attribute as it is",
                help="use rsc-pattern, or the plain name of an attribute",
            )
