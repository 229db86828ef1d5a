"""NOD: the nodes of a cluster: how many there are (1), their entries and attributes (2), what they have and what resources use of it (4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Gap, problem, quoted, rule
from cibcheck.api import values as v
from cibcheck_rules.options.node import LARGEST_AMOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, NodeEntry


def misnamed(cib: Cib, name: str) -> tuple[str | None, str]:
    """The node that is probably meant by a name that no node has, and the advice to write it."""
    meant = cib.node_meant_by(name)
    if meant is None:
        return None, "name a node of the cluster"
    return meant, f"write {meant!r}, " + ("whose id this is" if v.fold(name) in cib.nodes_by_id else "if that is meant")


@rule("NOD101", "too-many-cluster-nodes", severity=WARNING, tags=("nodes",))
def too_many_cluster_nodes(cib: Cib, *, most: int = 32) -> Findings:
    """The cluster has more full members than are supported.

    Corosync's membership is tried and supported with up to 32 nodes; some vendors and file systems allow fewer (16 with GFS2), which the
    option `most` can say. Remote and guest nodes do not count: they are the way to grow beyond.

    Bad:

    ```xml
    <nodes>
      <node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"/><node id="4" uname="n4"/>
      <node id="5" uname="n5"/><node id="6" uname="n6"/><node id="7" uname="n7"/><node id="8" uname="n8"/>
      <node id="9" uname="n9"/><node id="10" uname="n10"/><node id="11" uname="n11"/><node id="12" uname="n12"/>
      <node id="13" uname="n13"/><node id="14" uname="n14"/><node id="15" uname="n15"/><node id="16" uname="n16"/>
      <node id="17" uname="n17"/><node id="18" uname="n18"/><node id="19" uname="n19"/><node id="20" uname="n20"/>
      <node id="21" uname="n21"/><node id="22" uname="n22"/><node id="23" uname="n23"/><node id="24" uname="n24"/>
      <node id="25" uname="n25"/><node id="26" uname="n26"/><node id="27" uname="n27"/><node id="28" uname="n28"/>
      <node id="29" uname="n29"/><node id="30" uname="n30"/><node id="31" uname="n31"/><node id="32" uname="n32"/>
      <node id="33" uname="«n33»"/>
    </nodes>
    ```

    Good:

    ```xml
    <node id="r1" type="remote" uname="r1"/>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Red Hat, "Support Policies for RHEL High Availability Clusters - Cluster Size": at most 32 nodes
    """
    nodes = list(cib.cluster_nodes.values())
    if len(nodes) > most:
        yield problem(
            nodes[most].name_place,
            f"the cluster has {len(nodes)} cluster nodes; {most} are supported",
            label=f"node {most + 1}",
            consequence="membership changes take longer with every node, up to nodes that are fenced for being slow",
            help="make the further machines remote nodes",
        )


TAGS = ("nodes",)


def _fences_unseen(cib: Cib) -> bool:
    """Whether nodes that were never seen may be fenced when the cluster starts."""
    if not cib.knows("crm_config"):
        return True
    return cib.fencing_is_enabled is not False and cib.switch(True, "startup-fencing") is not False


@rule("NOD201", "duplicate-node-name", severity=ERROR, tags=TAGS)
def duplicate_node_name(cib: Cib) -> Findings:
    """Two entries have the same node name.

    Pacemaker compares node names without case, and makes two nodes of the entries all the same. Only one of them can ever come up; the other
    was never seen, counts as failed, and is fenced when the cluster starts: by its name, which is that of the healthy node. That is so with
    two entries for a remote node, too. Without fencing, or with `startup-fencing=false`, it only shows as offline, which is a warning. (An
    entry for a cluster node that has the name of a remote or guest node is REM104 or REM109.)

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="3" uname="«Node1»"/></nodes>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="3" uname="node3"/></nodes>
    ```

    References:
    - crm_simulate 2.1.5, tried: the second is "UNCLEAN (offline)"
    - crm_verify 2.1.5 and 3.0.2
    """
    first: dict[str, NodeEntry] = {}
    for node in cib.nodes:
        before = first.setdefault(v.fold(node.name), node)
        are_remote = before.type == node.type == "remote"
        if before is not node and node.name and (are_remote or not cib.names_remote_kind(node.name)):
            fences = _fences_unseen(cib)
            yield problem(
                node.name_place,
                f"nodes {before.id!r} and {node.id!r} have the same name, {node.name!r}",
                consequence="one of them never comes up"
                + (": when the cluster starts, the node of that name is fenced" if fences else ""),
                help="remove the entry that is no longer valid",
                related=[(before.name_place, "the other")],
                at_most=None if fences else WARNING,
            )


@rule("NOD202", "duplicate-node-id", severity=ERROR, tags=TAGS)
def duplicate_node_id(cib: Cib) -> Findings:
    """Two entries have the same node id.

    To the schema a node's id is plain text, so nothing else notices. Pacemaker takes the state of the node that has the id for that of the one
    whose name sorts first. If that is not the same, a healthy node was never seen, counts as failed, and is fenced when the cluster starts.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="«2»" uname="node3"/></nodes>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="3" uname="node3"/></nodes>
    ```

    References:
    - crm_simulate 2.1.5, tried: where it has the id, the node whose name sorts last is "UNCLEAN (offline)"
    """
    first: dict[str, NodeEntry] = {}
    for node in cib.nodes:
        before = first.setdefault(v.fold(node.id), node)
        if before is not node and node.id and v.fold(before.name) != v.fold(node.name):
            yield problem(
                node.id_place,
                f"nodes {before.name!r} and {node.name!r} have the same id, {node.id!r}",
                consequence="the state of one may count for the other"
                + (", and a healthy node is fenced when the cluster starts" if _fences_unseen(cib) else ""),
                help="give each node the id that it has in corosync.conf (nodeid)",
                related=[(before.id_place, "the other")],
            )


@rule("NOD203", "empty-node-name", severity=ERROR, tags=TAGS)
def empty_node_name(cib: Cib) -> Findings:
    """A node has an empty name, or an empty id.

    The schema takes any text. The scheduler of Pacemaker 2.1 aborts on an empty name; later ones make a node that nothing can name. A node
    without an id is known by its name only, which is a warning.

    Bad:

    ```xml
    <node id="9" uname="«»"/>
    ```

    Good:

    ```xml
    <node id="9" uname="node9"/>
    ```

    References:
    - crm_simulate 2.1.5, tried: "Triggered fatal assertion"
    """
    aborts = "2.1" in cib.targets
    for node in cib.nodes:
        for place, text, what in ((node.name_place, node.name, "name"), (node.id_place, node.id, "id")):
            if not text and ("uname" if what == "name" else "id") in node.element.attrib:
                is_fatal = aborts and what == "name"
                yield problem(
                    place,
                    f"a node has an empty {what}",
                    consequence="the scheduler of Pacemaker 2.1 aborts: the cluster does nothing any more"
                    if is_fatal
                    else "Pacemaker makes a node of it that nothing can name"
                    if what == "name"
                    else "Pacemaker knows the node by its name only",
                    help="remove the entry, or give the node its name and id",
                    at_most=None if is_fatal else WARNING,
                )


def _attributes(node: NodeEntry, *names: str) -> Iterator[tuple[Element, str]]:
    """The pairs of a node's permanent attributes that have one of some names."""
    for held in node.element.iterchildren("instance_attributes"):
        for pair in held.iterchildren("nvpair"):
            if pair.get("name") in names:
                yield pair, pair.get("value", "")


@rule("NOD204", "node-out-of-service", severity=INFO, tags=(*TAGS, "maintenance"))
def node_out_of_service(cib: Cib) -> Findings:
    """A node is in standby or maintenance.

    In standby it runs no resources; in maintenance the cluster leaves alone what runs there. Often that is what is left of maintenance: the
    attribute stays until somebody takes it away.

    Bad:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="attrs"><nvpair id="standby" name="standby" value="«on»"/></instance_attributes>
    </node>
    ```

    Good:

    ```xml
    <node id="4" uname="node4">
      <instance_attributes id="attrs"><nvpair id="standby" name="standby" value="off"/></instance_attributes>
    </node>
    ```

    References:
    - Pacemaker Explained, "Cluster Nodes", special node attributes
    """
    for node in cib.nodes:
        for pair, text in _attributes(node, "standby", "maintenance"):
            if v.boolean(text).value:
                name = pair.get("name", "")
                yield problem(
                    cib.document.place(pair, "value"),
                    f"node {node.name!r} is in {name}",
                    consequence="it runs no resources" if name == "standby" else "the cluster leaves alone what runs there",
                    help="remove the attribute when the node is to work again",
                    key=name,
                )


CAPACITY_TAGS = ("nodes", "resources", "utilization")


def _strategy(cib: Cib) -> bool | None:
    """Whether utilization counts; None where a rule decides."""
    strategy = cib.option("placement-strategy")
    if strategy.is_conditional:
        return None
    return strategy.text is not None and v.fold(strategy.text) in ("utilization", "minimal", "balanced")


# Agents that write what their node has, while the cluster runs.
_MEASURING = frozenset(("NodeUtilization",))


def _amount(text: str) -> int:
    """What Pacemaker counts of a utilization."""
    return min(v.leading_integer(text) or 0, LARGEST_AMOUNT)


@rule("NOD401", "no-node-large-enough", severity=ERROR, tags=CAPACITY_TAGS)
def no_node_large_enough(cib: Cib) -> Findings:
    """A resource uses more than any node has.

    Pacemaker does not start it anywhere. A node that does not name something has none of it. (Where an agent such as NodeUtilization
    measures the nodes while the cluster runs, the file cannot tell.)

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="ps" name="placement-strategy" value="utilization"/></cluster_property_set>
    <nodes><node id="1" uname="node1"><utilization id="node-has"><nvpair id="node-memory" name="memory" value="1024"/></utilization></node></nodes>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <utilization id="web-use"><nvpair id="web-memory" name="memory" value="«2048»"/></utilization>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="ps" name="placement-strategy" value="utilization"/></cluster_property_set>
    <nodes><node id="1" uname="node1"><utilization id="node-has"><nvpair id="node-memory" name="memory" value="4096"/></utilization></node></nodes>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <utilization id="web-use"><nvpair id="web-memory" name="memory" value="2048"/></utilization>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Utilization and Placement Strategy"
    - crm_simulate 2.1.5, tried: the resource is not started
    """
    counts = _strategy(cib)
    if counts is None:
        cib.ledger.note(Gap("a rule decides the placement-strategy"))
    if not counts or not cib.nodes or any(one.agent.type in _MEASURING for one in cib.primitives):
        return
    largest: dict[str, int] = {}
    for node in cib.nodes:
        for held in node.element.iterchildren("utilization"):
            if held.get("id-ref") is not None or held.find("rule") is not None:
                return
            for pair in held.iterchildren("nvpair"):
                name, number = pair.get("name", ""), _amount(pair.get("value", ""))
                largest[name] = max(largest.get(name, number), number)
    for primitive in cib.primitives:
        if primitive.is_disabled is not None:
            continue
        for setting in primitive.utilization.all():
            used = _amount(setting.text)
            if used > max(0, largest.get(setting.name, 0)) and primitive.utilization.get(setting.name).certain == setting:
                has = largest.get(setting.name)
                yield problem(
                    setting.place,
                    f"{primitive.id!r} uses {used} of {setting.name}, and "
                    + ("no node says that it has any" if has is None else f"no node has more than {has}"),
                    consequence="Pacemaker starts it nowhere",
                    help=f"give nodes more {setting.name}, or let {quoted([primitive.id])} use less",
                    affects=[primitive.id],
                    at_most=WARNING if has is None else None,
                )
