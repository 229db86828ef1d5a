"""NOD4: what nodes have, and what resources use of it (utilization)."""

from __future__ import annotations

from cibcheck.api import ERROR, WARNING, Cib, Findings, Gap, problem, quoted, rule
from cibcheck.api import values as v

TAGS = ("nodes", "resources", "utilization")


def _strategy(cib: Cib) -> bool | None:
    """Whether utilization counts; None where a rule decides."""
    strategy = cib.option("placement-strategy")
    if strategy.is_conditional:
        return None
    return strategy.text is not None and v.fold(strategy.text) in ("utilization", "minimal", "balanced")


# Agents that write what their node has, while the cluster runs.
_MEASURING = frozenset(("NodeUtilization",))


@rule("NOD401", "no-node-large-enough", severity=ERROR, tags=TAGS)
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
                name, number = pair.get("name", ""), v.leading_integer(pair.get("value", "")) or 0
                largest[name] = max(largest.get(name, number), number)
    for primitive in cib.primitives:
        if primitive.is_disabled is not None:
            continue
        for setting in primitive.utilization.all():
            used = v.leading_integer(setting.text) or 0
            if setting.condition is None and used > max(0, largest.get(setting.name, 0)):
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
