"""NOD1: how many nodes a cluster has."""

from __future__ import annotations

from cibcheck.api import WARNING, Cib, Findings, problem, rule


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
