"""NOD2: the entries of nodes, and what their attributes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, Cib, Findings, problem, rule
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, NodeEntry

TAGS = ("nodes",)


@rule("NOD201", "duplicate-node-name", severity=ERROR, tags=TAGS)
def duplicate_node_name(cib: Cib) -> Findings:
    """Two entries have the same node name.

    Pacemaker compares node names without case, and makes two nodes of the entries all the same. Only one of them can ever come up; the other
    was never seen, counts as failed, and is fenced when the cluster starts: by its name, which is that of the healthy node. (Names that
    a remote or guest node has as well are REM104 and REM109.)

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
        if before is not node and node.name and not cib.names_remote_kind(node.name):
            yield problem(
                node.name_place,
                f"nodes {before.id!r} and {node.id!r} have the same name, {node.name!r}",
                consequence="one of them never comes up: when the cluster starts, the node of that name is fenced",
                help="remove the entry that is no longer valid",
                related=[(before.name_place, "the other")],
            )


@rule("NOD202", "duplicate-node-id", severity=ERROR, tags=TAGS)
def duplicate_node_id(cib: Cib) -> Findings:
    """Two entries have the same node id.

    To the schema a node's id is plain text, so nothing else notices. Pacemaker takes the state of the one for that of the other: a healthy
    node was never seen, counts as failed, and is fenced when the cluster starts.

    Bad:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="«2»" uname="node3"/></nodes>
    ```

    Good:

    ```xml
    <nodes><node id="1" uname="node1"/><node id="2" uname="node2"/><node id="3" uname="node3"/></nodes>
    ```

    References:
    - crm_simulate 2.1.5, tried: the node whose name sorts last is "UNCLEAN (offline)"
    """
    first: dict[str, NodeEntry] = {}
    for node in cib.nodes:
        before = first.setdefault(v.fold(node.id), node)
        if before is not node and node.id and v.fold(before.name) != v.fold(node.name):
            yield problem(
                node.id_place,
                f"nodes {before.name!r} and {node.name!r} have the same id, {node.id!r}",
                consequence="their states are mixed up: one of them is fenced when the cluster starts",
                help="give each node the id that it has in corosync.conf (nodeid)",
                related=[(before.id_place, "the other")],
            )


@rule("NOD203", "empty-node-name", severity=ERROR, tags=TAGS)
def empty_node_name(cib: Cib) -> Findings:
    """A node has an empty name, or an empty id.

    The schema takes any text. The scheduler of Pacemaker 2.1 aborts on it; later ones make a node that nothing can name.

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
    for node in cib.nodes:
        for place, text, what in ((node.name_place, node.name, "name"), (node.id_place, node.id, "id")):
            if not text and ("uname" if what == "name" else "id") in node.element.attrib:
                yield problem(
                    place,
                    f"a node has an empty {what}",
                    consequence="the scheduler of Pacemaker 2.1 aborts: the cluster does nothing any more",
                    help="remove the entry, or give the node its name and id",
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
