"""RUL1: conditions and attributes of rules where they mean nothing."""

from __future__ import annotations

from cibcheck.api import INFO, WARNING, Cib, Findings, Remove, Target, problem, rule, safe_fix

TAGS = ("rules",)

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
