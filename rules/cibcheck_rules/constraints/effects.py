"""CON2: constraints that do nothing, or not what they say for ever."""

from __future__ import annotations

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, problem, rule, safe_fix
from cibcheck.api import values as v

TAGS = ("constraints", "colocation")


@rule("CON205", "colocation-without-score", severity=WARNING, tags=TAGS)
def colocation_without_score(cib: Cib) -> Findings:
    """A colocation has no score, or 0.

    Without a score it counts as 0, not as INFINITY, and does nothing. In a colocation of sets the score of a set counts among its members,
    and that of the constraint between the sets.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="«col»" rsc="web" with-rsc="ip"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY"/>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_colocation.c
    - crm_simulate 2.1.5, tried
    """
    for colocation in cib.colocations:
        element = colocation.element
        if "score-attribute" in element.attrib or "score-attribute-mangle" in element.attrib:
            continue
        if any(v.score(one.get("score", "0")).value is None for one in (element, *colocation.sets)):
            continue  # what is no score is refused
        if len(element):
            is_idle = len(colocation.chain) > 1 and not any(level.score for level in colocation.chain[1:])
        else:
            is_idle = not colocation.score and "rsc" in element.attrib and "with-rsc" in element.attrib
        if is_idle:
            zero = colocation.sets[0] if colocation.score else element
            written = "score" in zero.attrib
            yield problem(
                cib.document.place(zero, "score") if written else colocation.id_place,
                ("the only set of " if zero is not element else "")
                + f"colocation {colocation.id!r} has "
                + ("the score 0" if written else "no score, which counts as 0"),
                consequence="it has no effect",
                help='give it a score, such as score="INFINITY"',
            )


@rule("CON206", "location-without-effect", severity=INFO, tags=("constraints",), fix="safe")
def location_without_effect(cib: Cib) -> Findings:
    """A location constraint has the score 0.

    In a cluster where resources may run anywhere that changes nothing. (In an opt-in cluster it allows the node.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="«0»"/>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="sym" name="symmetric-cluster" value="false"/></cluster_property_set>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web" node="node1" score="0"/>
    <rsc_location id="fence-loc" rsc="fence" node="node1" score="0"/>
    ```

    References:
    - Pacemaker Explained, "Location Constraints"
    """
    for location in cib.locations:
        if (
            location.node is not None
            and location.score == 0
            and "score" in location.element.attrib
            and not any("score" in one.attrib for one in location.sets)  # that of a set counts instead
            and location.discovery == "always"
        ):
            if cib.is_opt_in is not False:
                return
            yield problem(
                cib.document.place(location.element, "score"),
                f"location constraint {location.id!r} has the score 0",
                consequence="it has no effect: the cluster is not opt-in",
                help="give it a score, or remove it",
                fix=safe_fix(f"remove location constraint {location.id!r}", Remove(location.place)),
            )


@rule(
    "CON207", "constraint-with-lifetime", severity=ERROR, tags=("constraints", "deprecated"), pacemaker="3.0", elsewhere=WARNING
)
def constraint_with_lifetime(cib: Cib) -> Findings:
    """A constraint has a lifetime.

    Deprecated, and gone in Pacemaker 3.0. When 3.0 converts such a CIB, a colocation or order loses the lifetime and counts for ever; a
    location constraint gets a rule without a score, so that it is ignored from then on.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" rsc="web" with-rsc="ip" score="INFINITY"><«lifetime»><rule id="col-rule" score="0">
      <date_expression id="col-date" operation="lt" end="2035-01-01"/></rule></lifetime></rsc_colocation>
    ```

    Good:

    For a location, a rule with a date does the same:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/>
      <date_expression id="loc-date" operation="lt" end="2035-01-01"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-0.xsl and following
    """
    for constraint in cib.constraints:
        lifetime = constraint.element.find("lifetime") if constraint.has_lifetime else None
        if lifetime is not None:
            ignored = constraint.element.tag == "rsc_location"
            yield problem(
                cib.document.place(lifetime, "@"),
                f"constraint {constraint.id!r} has a lifetime",
                consequence="Pacemaker 3.0 ignores the constraint"
                if ignored
                else "Pacemaker 3.0 takes the constraint without an end",
                help="put a date_expression into the rule of the constraint"
                if ignored
                else "remove the constraint when its time is over",
            )
