"""CON1 and CON2: what location constraints say of nodes: names, patterns, scores that come from attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, SetValue, nearest, problem, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.nodes import misnamed

if TYPE_CHECKING:
    from cibcheck.api import Element, Location

TAGS = ("constraints", "nodes")


@rule("CON111", "location-names-unknown-node", severity=WARNING, tags=TAGS, fix="unsafe")
def location_names_unknown_node(cib: Cib) -> Findings:
    """A location constraint names a node that the cluster does not have.

    Pacemaker ignores the constraint and says nothing. The names of cluster nodes, remote nodes, guest nodes and bundle replicas count, in
    any case. The rule is not evaluated where the configuration names no cluster node: a cluster fills them in when it starts.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="«nod1»" score="-INFINITY"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="Node1" score="-INFINITY"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_location.c: ignored with an info message
    - crm_simulate 2.1.5, tried
    """
    for location in cib.locations:
        name = location.node
        if name is not None and not cib.is_node(name):
            meant, advice = misnamed(cib, name)
            yield problem(
                location.node_place,
                f"there is no node {name!r}",
                label="unknown node",
                consequence=f"Pacemaker ignores location constraint {location.id!r} without a word",
                help=advice,
                fix=unsafe_fix(f"write {meant!r} instead of {name!r}", SetValue(location.node_place, meant)) if meant else None,
            )


@rule("CON112", "invalid-pattern", severity=ERROR, tags=("constraints",))
def invalid_pattern(cib: Cib) -> Findings:
    """A rsc-pattern is no regular expression.

    It is a POSIX extended regular expression; a leading `!` inverts it. Pacemaker ignores a constraint whose pattern it cannot compile.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc-pattern="«web(»" node="node1" score="100"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc-pattern="^web(-|$)" node="node1" score="100"/>
    ```

    References:
    - POSIX, Base Definitions, "Extended Regular Expressions"
    - crm_verify 2.1.5 and 3.0.2 report an error
    """
    for location in cib.locations:
        if location.pattern is not None and (reason := v.pattern_error(location.pattern)) is not None:
            yield problem(
                cib.document.place(location.element, "rsc-pattern"),
                f"pattern {location.pattern!r} {reason}",
                consequence=f"Pacemaker ignores location constraint {location.id!r}",
                help="write a POSIX extended regular expression",
            )


@rule("CON113", "pattern-matches-nothing", severity=WARNING, tags=("constraints",))
def pattern_matches_nothing(cib: Cib) -> Findings:
    """A rsc-pattern matches no resource.

    Patterns are matched against the ids of resources at the top level: not against what is in a group, clone or bundle. A pattern without
    `^` and `$` matches anywhere in an id. The constraint has no effect. Patterns with more than letters, dots, classes and a few choices are
    not evaluated.

    Bad:

    ```xml
    <group id="stack">
      <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_location id="loc" rsc-pattern="«^web»" node="node1" score="100"/>
    ```

    Good:

    ```xml
    <group id="web-stack">
      <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    <rsc_location id="loc" rsc-pattern="^web" node="node1" score="100"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_location.c: only the resources at the top level are tried
    """
    for location, outcomes in cib.placement.pattern_outcomes():
        if outcomes == {False}:
            yield problem(
                cib.document.place(location.element, "rsc-pattern"),
                f"no resource at the top level matches {location.pattern!r}",
                consequence=f"location constraint {location.id!r} has no effect",
                help="match the group, clone or bundle that holds what you mean",
            )


@rule("CON201", "location-rule-without-score", severity=ERROR, tags=("constraints", "rules"))
def location_rule_without_score(cib: Cib) -> Findings:
    """The rule of a location constraint has neither score nor score-attribute.

    The schema allows that. Pacemaker 3.0 ignores the rule, 2.1 counts it as 0; either way the constraint does nothing, but that in an opt-in
    cluster 0 is enough to allow a node.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><«rule» id="loc-rule">
      <expression id="loc-site" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-site" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", location rules
    - crm_verify 2.1.5 and 3.0.2 report an error
    """
    for location in cib.locations:
        for element in location.rules:
            if "score" not in element.attrib and "score-attribute" not in element.attrib:
                yield problem(
                    cib.document.place(element, "@"),
                    f"rule {element.get('id')!r} of location constraint {location.id!r} has no score",
                    consequence=("it does nothing: " if cib.is_opt_in is False else "")
                    + "Pacemaker ignores it (3.0), or counts it as 0 (2.1)",
                    help='give it a score, such as score="INFINITY" or score="-INFINITY"',
                )


@rule("CON202", "several-location-rules", severity=WARNING, tags=("constraints", "rules", "deprecated"))
def several_location_rules(cib: Cib) -> Findings:
    """A location constraint has more than one rule.

    Deprecated since 2.1.8. Pacemaker 3.0 uses only the first; a CIB that declares a schema before 4.0 is converted when it is loaded, into one
    constraint for each rule, with new ids. Rules in a rule are something else, and fine.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web">
      <rule id="loc-a" score="100"><expression id="loc-a-site" attribute="site" operation="eq" value="a"/></rule>
      <«rule» id="loc-b" score="50"><expression id="loc-b-site" attribute="site" operation="eq" value="b"/></rule>
    </rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc-a" rsc="web">
      <rule id="rule-a" score="100"><expression id="site-a" attribute="site" operation="eq" value="a"/></rule></rsc_location>
    <rsc_location id="loc-b" rsc="web">
      <rule id="rule-b" score="50"><expression id="site-b" attribute="site" operation="eq" value="b"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_location.c
    """
    for location in cib.locations:
        rules = list(location.element.iterchildren("rule")) if len(location.element) > 1 else ()
        if len(rules) > 1:
            yield problem(
                cib.document.place(rules[1], "@"),
                f"location constraint {location.id!r} has {len(rules)} rules",
                label="the second rule",
                consequence="Pacemaker 3.0 allows one, and splits the constraint when it converts the CIB",
                help="make one constraint for each rule",
            )


@rule("CON203", "score-attribute-nowhere", severity=INFO, tags=("constraints", "rules"))
def score_attribute_nowhere(cib: Cib) -> Findings:
    """A rule takes its score from a node attribute that no node has in the configuration.

    A node without the attribute is left out (before 3.0 it was banned). The attribute may be set at run time only, as resources like
    `ocf:pacemaker:ping` do, and where one says so it counts; but crmsh also takes a misspelt score such as `INFNITY` for the name of an
    attribute.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score-attribute="«INFNITY»">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <node id="4" uname="node4"><instance_attributes id="node4-a"><nvpair id="node4-pref" name="pref" value="5"/></instance_attributes></node>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score-attribute="pref">
      <expression id="loc-has" attribute="pref" operation="defined"/></rule></rsc_location>
    ```

    A resource sets it:

    ```xml
    <clone id="ping-clone"><primitive id="ping" class="ocf" provider="pacemaker" type="ping">
      <instance_attributes id="ping-i"><nvpair id="ping-hosts" name="host_list" value="192.0.2.1"/></instance_attributes></primitive></clone>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score-attribute="pingd">
      <expression id="loc-has" attribute="pingd" operation="defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_location.c
    - Pacemaker Explained, "Location Rules Based on Node Attributes"
    """
    set_by_resources: frozenset[str | None] | None = None
    for location in cib.locations:
        for element in location.rules:
            name = element.get("score-attribute")
            if name is None or name in cib.node_attribute_names or name.startswith("#") or "%" in name:
                continue
            if set_by_resources is None:
                set_by_resources = _set_by_resources(cib)
            if name in set_by_resources:
                continue
            meant = nearest(name, ("INFINITY", "-INFINITY"))
            yield problem(
                cib.document.place(element, "score-attribute"),
                f"no node has the attribute {name!r} in the configuration",
                consequence="unless it is set at run time, the rule leaves every node out (3.0) or bans it (2.1)",
                help=f'write score="{meant}", if that is meant' if meant else "set the attribute, or give a score",
            )


_ATTRIBUTE_SETTERS = {"ping": "pingd", "pingd": "pingd", "attribute": None, "ethmonitor": None}
"""The agents that set the node attribute that their parameter `name` names, and what it is called without that, if always the same."""


def _set_by_resources(cib: Cib) -> frozenset[str | None]:
    """The node attributes that resources surely set while they run."""
    found = []
    for primitive in cib.primitives:
        if primitive.agent.type in _ATTRIBUTE_SETTERS:
            name = primitive.parameters.get("name")
            found.append(_ATTRIBUTE_SETTERS[primitive.agent.type] if name.is_absent else name.text)
    return frozenset(found)


@rule("CON208", "score-attribute-without-score", severity=WARNING, tags=("constraints", "rules"))
def score_attribute_without_score(cib: Cib) -> Findings:
    """A node attribute from which a rule takes its score has a value that is no score.

    A score is a whole number, INFINITY or -INFINITY. Pacemaker 3.0 leaves the node out, as if the rule did not speak of it; 2.1 counts
    the value as 0. Neither tells but in the log.

    Bad:

    ```xml
    <node id="4" uname="node4"><instance_attributes id="node4-a"><nvpair id="node4-pref" name="pref" value="«high»"/></instance_attributes></node>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score-attribute="pref">
      <expression id="loc-has" attribute="pref" operation="defined"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <node id="4" uname="node4"><instance_attributes id="node4-a"><nvpair id="node4-pref" name="pref" value="INFINITY"/></instance_attributes></node>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score-attribute="pref">
      <expression id="loc-has" attribute="pref" operation="defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_location.c
    """
    readers: dict[str, tuple[Location, Element]] = {}
    for location in cib.locations:
        for element in location.rules:
            if (name := element.get("score-attribute")) is not None:
                readers.setdefault(name, (location, element))
    for node, attributes in cib.attributes_by_node.items() if readers else ():
        for name, (location, element) in readers.items():
            for setting in attributes.get(name).candidates:
                if v.score(setting.text).value is None:
                    yield problem(
                        setting.place,
                        f"attribute {name!r} of node {cib.node_names.get(node, node)!r} is {setting.text!r}, and location constraint "
                        f"{location.id!r} takes its score from it",
                        consequence="the rule leaves the node out (3.0), or counts it as 0 (2.1)",
                        help="write a whole number, INFINITY or -INFINITY",
                        related=[(cib.document.place(element, "score-attribute"), "the score")],
                    )
