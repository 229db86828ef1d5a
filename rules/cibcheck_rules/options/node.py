"""NOD3 and RES5: node attributes that mean something to Pacemaker, and their values; utilization of nodes and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, options, problem, rule, values
from cibcheck_rules.options.judging import ask, bad_value, faulty, meant_name, out_of_date, read_in_part, strangers, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Cib, Element, Findings


TAGS = ("nodes", "options")
HOME = ("instance_attributes", "node")
HOMES = (HOME,)


@rule("NOD301", "misspelt-node-attribute", severity=WARNING, tags=TAGS, fix="unsafe")
def misspelt_node_attribute(cib: Cib) -> Findings:
    """A node attribute is almost called like one that Pacemaker reads.

    A node may have any attributes, for rules and agents to look at. Is this one meant for them, or for Pacemaker?

    Bad:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-standby" name="«stand-by»" value="on"/></instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes">
        <nvpair id="node4-standby" name="standby" value="on"/>
        <nvpair id="node4-site" name="site" value="north"/>
      </instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Node Attributes"
    """
    ask(cib, "nodes")
    table = options("Node attributes")
    for _, name, element, _ in strangers(cib, table, HOMES):
        if (meant := meant_name(name, table)) and meant[1]:
            found = unknown_name(cib, element, "node attribute", table, belongs=None, far=WARNING)
            yield found._replace(consequence="only rules and agents that ask for it by this name see it")


@rule("NOD302", "bad-node-attribute", severity=ERROR, tags=TAGS, fix="sometimes")
def bad_node_attribute(cib: Cib) -> Findings:
    """A node attribute that means something to Pacemaker has a value that it does not understand.

    Booleans count as false then, without a word: a node with `standby="enabled"` is not in standby.

    Bad:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-standby" name="standby" value="«enabled»"/></instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-standby" name="standby" value="on"/></instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Node Attributes"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, "nodes")
    for pair, reason in faulty(cib, options("Node attributes"), HOMES):
        yield bad_value(pair, reason)


@rule("NOD303", "deprecated-node-attribute", severity=WARNING, tags=(*TAGS, "upgrade"))
def deprecated_node_attribute(cib: Cib) -> Findings:
    """A node attribute is deprecated.

    `resource-discovery-enabled` switches probes off where it is false. It is read only for guest nodes and, where fencing is on, for remote nodes;
    a later release will not read it at all.

    Bad:

    ```xml
    <node id="r1" uname="r1" type="remote">
      <instance_attributes id="r1-attributes">
        <nvpair id="r1-discovery" name="«resource-discovery-enabled»" value="false"/>
      </instance_attributes>
    </node>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-not-r1" rsc="web" node="r1" score="-INFINITY" resource-discovery="never"/>
    ```

    References:
    - Pacemaker 2.1.8, release notes (ChangeLog)
    """
    ask(cib, "nodes")
    for found in out_of_date(cib, options("Node attributes"), HOMES, removed=False):
        if values.boolean(found.place.node.get("value", "")).value:
            continue  # so it is anyway
        node = next(found.place.node.iterancestors("node"))
        name = values.fold(node.get("uname", ""))
        ignored = None
        if cib.knows("resources") and name in cib.remotes_by_name:
            # For a guest, fencing is to restart its machine, and does not depend on the option.
            if cib.fencing_is_enabled is False:
                ignored = "as long as fencing is off, Pacemaker ignores it for a remote node"
        elif node.get("type") != "remote" and not (cib.knows("resources") and cib.names_remote_kind(name)):
            ignored = "on a cluster node Pacemaker ignores it"
        yield found if ignored is None else found._replace(consequence=ignored)


@rule("NOD306", "node-attribute-read-in-part", severity=WARNING, tags=TAGS)
def node_attribute_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a health attribute's value.

    Scores end at the first character that is no digit.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="strategy" name="node-health-strategy" value="progressive"/>
    </cluster_property_set>
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-disk" name="#health-disk" value="«-10 %»"/></instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="strategy" name="node-health-strategy" value="progressive"/>
    </cluster_property_set>
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-disk" name="#health-disk" value="Yellow"/></instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Tracking Node Health"
    """
    ask(cib, "nodes")
    yield from read_in_part(cib, options("Node attributes"), HOMES)
    for name, text, element in _health(cib):
        if text.lower() not in _COLOURS and (read := values.score(text).read):
            yield problem(
                Place(cib.document, element, "value"),
                f"{name} is {text!r}, which Pacemaker reads as {read}",
                consequence="nothing is said about the rest of it",
                help=f"write {read} if that is what is meant",
                key=name,
            )


_COLOURS = ("red", "yellow", "green")


def _health(cib: Cib) -> Iterator[tuple[str, str, Element]]:
    for name, by_value in cib.written.by_home.get(HOME, {}).items():
        if name.startswith("#health"):
            for text, elements in by_value.items():
                for element in elements:
                    yield name, text, element


@rule("NOD307", "bad-health-attribute", severity=WARNING, tags=TAGS)
def bad_health_attribute(cib: Cib) -> Findings:
    """A health attribute has a value that is no colour and no score.

    Pacemaker leaves it out of the sum, and writes a line into the log. Without a strategy nothing looks at health attributes at all.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="strategy" name="node-health-strategy" value="progressive"/>
    </cluster_property_set>
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-disk" name="#health-disk" value="«bad»"/></instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="strategy" name="node-health-strategy" value="progressive"/>
    </cluster_property_set>
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-disk" name="#health-disk" value="red"/></instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Tracking Node Health"
    - crm_verify 2.1.5, tried
    """
    ask(cib, "nodes")
    found = [one for one in _health(cib) if one[1].lower() not in _COLOURS and values.score(one[1]).reason]
    if found and values.fold(cib.option("node-health-strategy").text or "none") == "none":
        return
    for name, text, element in found:
        yield problem(
            Place(cib.document, element, "value"),
            f"{name} is {text!r}, which is no colour and no score",
            consequence="Pacemaker leaves it out when it adds up the health of the node",
            help="write red, yellow, green, an integer, INFINITY or -INFINITY",
            key=name,
        )


@rule("NOD304", "node-attribute-of-the-cluster", severity=WARNING, tags=TAGS)
def node_attribute_of_the_cluster(cib: Cib) -> Findings:
    """A node has an attribute permanently that the cluster sets for itself while it runs.

    `terminate` asks for the node to be fenced, each time it joins, and `shutdown` for it to be shut down. Fail counts count, too, whatever
    is cleaned up. These and the like are the state of a cluster, and belong into the status section only.

    Bad:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes">
        <nvpair id="node4-terminate" name="«terminate»" value="true"/>
        <nvpair id="node4-failed" name="«fail-count-web#monitor_10000»" value="INFINITY"/>
      </instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="node4-attributes"><nvpair id="node4-terminate" name="terminate" value="false"/></instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Node Attributes"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, "nodes")
    for name, by_value in cib.written.by_home.get(HOME, {}).items():
        if name not in ("terminate", "shutdown", "probe_complete") and not name.startswith(("fail-count-", "last-failure-")):
            continue
        for text, elements in by_value.items():
            if name == "terminate" and (values.terminate(text).value or 0) <= 0:
                continue
            for element in elements:
                yield problem(
                    Place(cib.document, element, "name"),
                    f"{name} is set permanently",
                    consequence=_of_state(name, text),
                    help="remove it",
                    key=name,
                )


def _of_state(name: str, text: str) -> str:
    """What follows of an attribute that belongs into the status section."""
    if name == "terminate":
        return "the node is fenced each time it has joined"
    if name == "shutdown" and text != "0":
        return "the node is shut down each time it has joined"
    if name.startswith("fail-count-") and (values.score(text).value or 0) > 0:
        return "the resource counts as failed on the node, whatever is cleaned up"
    return "it looks like state of a running cluster"


UTILIZATION_TAGS = ("resources", "utilization")
LARGEST_AMOUNT = 2**31 - 1
"""The most of anything that Pacemaker counts."""


def _utilization(cib: Cib) -> Iterator[tuple[str, str, Element]]:
    ask(cib, "resources", "nodes")
    for home, names in cib.written.by_home.items():
        if home[0] == "utilization":
            for name, by_value in names.items():
                for text, elements in by_value.items():
                    for element in elements:
                        yield name, text, element


def _is_used(cib: Cib) -> bool | None:
    """Whether the cluster looks at utilization; None where that is not known."""
    if not cib.knows("crm_config"):
        return None
    strategy = cib.option("placement-strategy")
    if strategy.is_conditional:
        return None
    return values.fold(strategy.text or "") in ("utilization", "minimal", "balanced")


@rule("RES511", "utilization-without-strategy", severity=WARNING, tags=UTILIZATION_TAGS)
def utilization_without_strategy(cib: Cib) -> Findings:
    """Utilization is set, but the cluster does not look at it.

    It counts only if the cluster option `placement-strategy` is utilization, minimal or balanced; the default is that resources are spread by
    their number. There is one finding for a file.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <«utilization» id="db-uses"><nvpair id="db-memory" name="memory" value="8192"/></utilization>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="placement" name="placement-strategy" value="balanced"/>
    </cluster_property_set>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <utilization id="db-uses"><nvpair id="db-memory" name="memory" value="8192"/></utilization>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Utilization and Placement Strategy"
    """
    cib.section("crm_config")
    first = next(_utilization(cib), None)
    if first is not None and _is_used(cib) is False:
        strategy = cib.option("placement-strategy").text
        yield problem(
            Place(cib.document, first[2].getparent(), "@"),
            "utilization is set, but placement-strategy is " + ("not" if strategy is None else repr(strategy)),
            consequence="the cluster places resources as if there were no utilization",
            help="set placement-strategy to utilization, minimal or balanced",
        )


@rule("RES512", "bad-utilization", severity=ERROR, tags=UTILIZATION_TAGS)
def bad_utilization(cib: Cib) -> Findings:
    """A utilization value is no integer.

    Pacemaker 2.1 warns and counts it as 0; Pacemaker 3.0 counts it as the smallest number there is, without a word. Where the cluster does not
    look at utilization, this is only noted.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="placement" name="placement-strategy" value="balanced"/>
    </cluster_property_set>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <utilization id="db-uses"><nvpair id="db-memory" name="memory" value="«much»"/></utilization>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="placement" name="placement-strategy" value="balanced"/>
    </cluster_property_set>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <utilization id="db-uses"><nvpair id="db-memory" name="memory" value="8192"/></utilization>
    </primitive>
    ```

    References:
    - Pacemaker 2.1 and 3.0, lib/pacemaker/pcmk_sched_utilization.c: utilization_value
    """
    for name, text, element in _utilization(cib):
        if reason := values.count(text).reason:
            if reason == "is negative" or text.lower() == "#default":
                continue
            yield problem(
                Place(cib.document, element, "value"),
                f"{name} is {text!r}, which {reason}",
                consequence="Pacemaker 2.1 counts it as 0, Pacemaker 3.0 as the smallest number there is",
                help="write an integer",
                key=name,
                at_most=None if _is_used(cib) else INFO,
            )


@rule("RES513", "utilization-read-in-part", severity=WARNING, tags=UTILIZATION_TAGS)
def utilization_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a utilization value.

    It knows no units and no fractions: `16G` is 16, and `2.5` is 2. It counts up to 2147483647 only: memory in bytes is more than that everywhere,
    and then all nodes and resources have the same.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="placement" name="placement-strategy" value="balanced"/>
    </cluster_property_set>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <utilization id="db-uses"><nvpair id="db-memory" name="memory" value="«16G»"/></utilization>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="placement" name="placement-strategy" value="balanced"/>
    </cluster_property_set>
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <utilization id="db-uses"><nvpair id="db-memory" name="memory" value="16384"/></utilization>
    </primitive>
    ```

    References:
    - Pacemaker 2.1 and 3.0, lib/pacemaker/pcmk_sched_utilization.c: utilization_value
    - crm_simulate 2.1.5, tried: a resource that uses 6000000000 starts on a node that has 5000000000
    """
    for name, text, element in _utilization(cib):
        is_clipped = (values.leading_integer(text) or 0) > LARGEST_AMOUNT
        if read := str(LARGEST_AMOUNT) if is_clipped else values.integer(text).read:
            yield problem(
                Place(cib.document, element, "value"),
                f"{name} is {text!r}, which Pacemaker reads as {read}",
                consequence="it counts no further" if is_clipped else "it knows no units and no fractions",
                help="write an integer, in the same unit everywhere" + (", such as MiB instead of bytes" if is_clipped else ""),
                key=name,
                at_most=None if _is_used(cib) else INFO,
            )
