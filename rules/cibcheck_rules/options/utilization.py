"""RES5: utilization attributes of nodes and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, problem, rule, values
from cibcheck_rules.options.judging import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Cib, Element, Findings

TAGS = ("resources", "utilization")


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


@rule("RES511", "utilization-without-strategy", severity=WARNING, tags=TAGS)
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
        yield problem(
            Place(cib.document, first[2].getparent(), "@"),
            "utilization is set, but placement-strategy is not",
            consequence="the cluster places resources as if there were no utilization",
            help="set placement-strategy to utilization, minimal or balanced",
        )


@rule("RES512", "bad-utilization", severity=ERROR, tags=TAGS)
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
            if reason == "is negative":
                continue
            yield problem(
                Place(cib.document, element, "value"),
                f"{name} is {text!r}, which {reason}",
                consequence="Pacemaker 2.1 counts it as 0, Pacemaker 3.0 as the smallest number there is",
                help="write an integer",
                key=name,
                at_most=None if _is_used(cib) else INFO,
            )


@rule("RES513", "utilization-read-in-part", severity=WARNING, tags=TAGS)
def utilization_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a utilization value.

    It knows no units and no fractions: `16G` is 16, and `2.5` is 2.

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
    """
    for name, text, element in _utilization(cib):
        if read := values.integer(text).read:
            yield problem(
                Place(cib.document, element, "value"),
                f"{name} is {text!r}, which Pacemaker reads as {read}",
                consequence="it knows no units and no fractions",
                help="write an integer, in the same unit everywhere",
                key=name,
                at_most=None if _is_used(cib) else INFO,
            )
