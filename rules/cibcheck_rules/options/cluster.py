"""OPT1: names and values of cluster options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, options, problem, rule
from cibcheck_rules.options.judging import (
    Pair,
    ask,
    bad_value,
    deprecated_value,
    faulty,
    home_of_meta,
    is_allowed,
    out_of_date,
    pairs,
    read_in_part,
    strangers,
    two_spellings,
    unknown_name,
    written,
)

if TYPE_CHECKING:
    from cibcheck.api import Cib, Findings, Target

TAGS = ("options",)
HOMES = (("cluster_property_set", "crm_config"),)


@rule("OPT101", "unknown-cluster-option", severity=ERROR, tags=TAGS, fix="sometimes")
def unknown_cluster_option(cib: Cib, *, allow: tuple[str, ...] = ("*_REPL_INFO", "hana_*")) -> Findings:
    """Pacemaker does not know the name of a cluster option.

    Names are compared exactly. Any other name is legal, since agents keep things of their own there, and so nothing complains: the cluster
    runs as if the option were not set. It is an error if the name is surely a misspelling of a known one, otherwise a warning; in a set other
    than `cib-bootstrap-options`, where agents have their own, a name that is near to none is only noted. The option `allow` takes patterns of
    names that are meant to be there.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="symmetric" name="«symetric-cluster»" value="true"/>
      <nvpair id="stickiness" name="«resource-stickiness»" value="100"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="symmetric" name="symmetric-cluster" value="true"/>
      <nvpair id="replication" name="redis_REPL_INFO" value="node1"/>
    </cluster_property_set>
    <rsc_defaults>
      <meta_attributes id="defaults"><nvpair id="stickiness" name="resource-stickiness" value="100"/></meta_attributes>
    </rsc_defaults>
    ```

    References:
    - Pacemaker Explained, "Cluster-Wide Configuration"
    - crm_simulate 2.1.5, tried: with symetric-cluster="false" resources still run everywhere
    """
    ask(cib, "crm_config")
    table = options("Cluster options")
    for _, name, element, _ in strangers(cib, table, HOMES):
        if is_allowed(name, allow):
            continue
        holder = element.getparent()
        is_main = holder is not None and holder.get("id") == "cib-bootstrap-options"
        far = WARNING if is_main else INFO
        yield unknown_name(cib, element, "cluster option", table, belongs=_elsewhere(name), far=far)


def _elsewhere(name: str) -> str | None:
    if name in options("Resource meta-attributes"):
        return home_of_meta(name)
    if name in options("Operation options"):
        return "op_defaults, or into an operation"
    return "the instance_attributes of a fence device" if name in options("Parameters of fence devices") else None


@rule("OPT102", "bad-cluster-option", severity=ERROR, tags=TAGS, fix="sometimes")
def bad_cluster_option(cib: Cib) -> Findings:
    """A cluster option has a value that Pacemaker does not understand.

    It goes on with the option's default, which is often the opposite of what was meant, and writes a line into a log. The finding's key is the
    name of the option.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="fatal" name="start-failure-is-fatal" value="«fasle»"/>
      <nvpair id="quorum" name="no-quorum-policy" value="«halt»"/>
      <nvpair id="recheck" name="cluster-recheck-interval" value="«1day»"/>
      <nvpair id="load" name="load-threshold" value="«80»"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="symmetric" name="symmetric-cluster" value="Yes"/>
      <nvpair id="quorum" name="no-quorum-policy" value="Freeze"/>
      <nvpair id="recheck" name="cluster-recheck-interval" value="PT24H"/>
      <nvpair id="load" name="load-threshold" value="80%"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Cluster Options"
    - Pacemaker 3.0, lib/common/options.c: cluster_option_value
    """
    ask(cib, "crm_config")
    for pair, reason in faulty(cib, options("Cluster options"), HOMES):
        yield bad_value(pair, reason)


@rule("OPT103", "deprecated-cluster-option", severity=WARNING, tags=(*TAGS, "upgrade"))
def deprecated_cluster_option(cib: Cib) -> Findings:
    """A cluster option is deprecated.

    An option that was renamed is reported only if every Pacemaker that the configuration is for knows the new name: `stonith-enabled` is
    right as long as a cluster may run Pacemaker 2.1 (say so with the target of the run). If the first releases of a line do not know it, the
    old name is only worth knowing: Pacemaker 3.0.0 and 3.0.1 would ignore `fencing-enabled`.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="limit" name="«cluster-ipc-limit»" value="2000"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="fencing" name="stonith-enabled" value="true"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0.2, release notes (ChangeLog)
    """
    ask(cib, "crm_config")
    yield from out_of_date(cib, options("Cluster options"), HOMES, removed=False)


@rule("OPT104", "removed-cluster-option", severity=WARNING, tags=(*TAGS, "upgrade"), fix="sometimes")
def removed_cluster_option(cib: Cib) -> Findings:
    """A cluster option was removed in a Pacemaker that the configuration is for.

    Pacemaker 3 renames some of them when it takes over a CIB with an older schema, and drops others. Those that Pacemaker 2.0 removed are
    refused by the schemas 3.x; with schema 4.0, or without any, they are silently ignored. From a schema before 3.0 Pacemaker converts them: it
    renames some, makes defaults of some, and drops others.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="transition" name="«crmd-transition-delay»" value="2s"/>
      <nvpair id="remove" name="«remove-after-stop»" value="true"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="transition" name="transition-delay" value="2s"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-*.xsl
    - cibadmin 2.1.5, tried: "--upgrade" of a CIB with schema 2.10
    """
    ask(cib, "crm_config")
    yield from out_of_date(cib, options("Cluster options"), HOMES, removed=True)


@rule("OPT105", "cluster-option-in-two-spellings", severity=WARNING, tags=TAGS)
def cluster_option_in_two_spellings(cib: Cib) -> Findings:
    """A cluster option is set under its old and its new name, to different values.

    Pacemaker takes the new name where it knows it, and says nothing. In a cluster that is upgraded node by node, the answer depends on the node
    that happens to be in charge. Both names with one value are fine: so a configuration works before and after the option was renamed.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="old" name="stonith-enabled" value="«true»"/>
      <nvpair id="new" name="fencing-enabled" value="false"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="old" name="stonith-enabled" value="true"/>
      <nvpair id="new" name="fencing-enabled" value="yes"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0.2, lib/common/options.c: cluster_option_value
    """
    ask(cib, "crm_config")
    table = options("Cluster options")
    for home, option, text, elements in written(cib, table, HOMES):
        new = table.get(option.instead)
        other = cib.option(new.name).certain if new else None
        if new is None or other is None or option.type == "text" or option.read(text).value == new.read(other.text).value:
            continue
        for pair in pairs(cib, home, option, text, elements):
            yield two_spellings(pair, Pair(cib, new, other.text, home, other.element), cib.targets)


@rule("OPT106", "cluster-option-read-in-part", severity=WARNING, tags=TAGS, fix="unsafe")
def cluster_option_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a cluster option's value.

    Numbers end at the first character that is no digit, fractions are dropped, and of a unit only the first letters count: `1.5min` is one
    minute, `3months` are three minutes.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="recheck" name="cluster-recheck-interval" value="«1.5min»"/>
      <nvpair id="batch" name="batch-limit" value="«10 per node»"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="recheck" name="cluster-recheck-interval" value="90 s"/>
      <nvpair id="batch" name="batch-limit" value="10"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0, lib/common/strings.c; crm_simulate 2.1.5, tried
    """
    ask(cib, "crm_config")
    yield from read_in_part(cib, options("Cluster options"), HOMES)


@rule("OPT107", "cluster-option-of-later-release", severity=ERROR, tags=(*TAGS, "upgrade"), pacemaker="2.1")
def cluster_option_of_later_release(cib: Cib, target: Target) -> Findings:
    """A cluster option has a name that Pacemaker 2.1 does not know.

    Pacemaker 3.0.2 renamed the options of fencing (`stonith-…` to `fencing-…`). Earlier releases ignore the new names without a word, so that
    `fencing-enabled="false"` leaves fencing enabled there. A cluster that may run both needs the old name, alone or beside the new one. In a
    run for both release lines this is only noted, since the name itself says that the CIB is for the later one; and so it is where the
    value is the default anyway.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="timeout" name="«fencing-timeout»" value="240s"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="old" name="stonith-timeout" value="240s"/>
      <nvpair id="new" name="fencing-timeout" value="240s"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0.2, release notes (ChangeLog)
    - crm_verify 2.1.5, tried on CIBs with fencing-enabled="false"
    """
    ask(cib, "crm_config")
    table = options("Cluster options")
    old_names = {option.instead: option.name for option in table.values() if option.instead and not option.removed}
    for home, option, text, elements in written(cib, table, HOMES):
        if option.is_known_in(("2.1",)) or not option.since:
            continue
        old = old_names.get(option.name)
        if old and not cib.option(old).is_absent:
            continue
        is_default = option.read(text).value == option.read(option.default).value
        for pair in pairs(cib, home, option, text, elements):
            yield problem(
                pair.name_place,
                f"{option.name} came with Pacemaker {option.since}",
                consequence=f"earlier releases ignore it, and {old or 'the cluster'} keeps its default, {option.default}",
                help=f"set {old} as well" if old else "remove it, or set the target of the run to the releases that know it",
                key=option.name,
                at_most=INFO if is_default or target.includes("3.0") else None,
            )


@rule("OPT108", "deprecated-cluster-option-value", severity=WARNING, tags=(*TAGS, "upgrade"), fix="sometimes")
def deprecated_cluster_option_value(cib: Cib) -> Findings:
    """A cluster option has a value that is deprecated, or that Pacemaker 3 does not have any more.

    It does what it says today, and will not for long. Of a value that was removed, Pacemaker 3 makes today's one when it takes over a CIB
    with a schema before 4.0.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="quorum" name="no-quorum-policy" value="«suicide»"/>
      <nvpair id="action" name="stonith-action" value="«poweroff»"/>
      <nvpair id="probes" name="enable-startup-probes" value="«false»"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="quorum" name="no-quorum-policy" value="fence"/>
      <nvpair id="probes" name="enable-startup-probes" value="true"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 2.1.9, 3.0.0 and 3.0.2, release notes (ChangeLog)
    """
    ask(cib, "crm_config")
    yield from deprecated_value(cib, options("Cluster options"), HOMES)
