"""OPS3: names and values of the options of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, options, problem, rule
from cibcheck_rules.options.judging import (
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
    unknown_name,
    written,
)

if TYPE_CHECKING:
    from cibcheck.api import Cib, Findings, Judgement

TAGS = ("operations", "options")
SECTIONS = ("resources", "op_defaults")
ATTRIBUTES = ("@", "op")
META = (("meta_attributes", "op"), ("meta_attributes", "op_defaults"))
PARAMETERS = ("instance_attributes", "op")
_PLACES = {ATTRIBUTES: "attribute", META[0]: "meta", META[1]: "defaults"}


@rule("OPS301", "unknown-operation-option", severity=ERROR, tags=TAGS, fix="sometimes")
def unknown_operation_option(cib: Cib, *, allow: tuple[str, ...] = ()) -> Findings:
    """Pacemaker does not know the name of an operation's meta-attribute, or of one in op_defaults.

    Any name is legal, and handed to the agent; the cluster does nothing about it. It is an error if the name is surely a misspelling of a
    known one, a warning if it is near to one or belongs elsewhere, and otherwise only noted. The option `allow` takes patterns of names that
    are meant to be there.

    Bad:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults">
        <nvpair id="defaults-timeout" name="«timout»" value="60s"/>
        <nvpair id="defaults-stickiness" name="«resource-stickiness»" value="100"/>
      </meta_attributes>
    </op_defaults>
    ```

    Good:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults"><nvpair id="defaults-timeout" name="timeout" value="60s"/></meta_attributes>
    </op_defaults>
    ```

    References:
    - Pacemaker Explained, "Operation Properties"
    """
    ask(cib, *SECTIONS)
    table = options("Operation options")
    for _, name, element, _ in strangers(cib, table, META):
        if not is_allowed(name, allow):
            yield unknown_name(cib, element, "option of operations", table, belongs=_elsewhere(name), far=INFO)


def _elsewhere(name: str) -> str | None:
    if (option := options("Resource meta-attributes").get(name)) and not option.removed:
        return home_of_meta(name)
    if (option := options("Cluster options").get(name)) and not option.removed:
        return "the cluster options (crm_config)"
    return None


@rule("OPS302", "bad-operation-option", severity=ERROR, tags=TAGS, fix="sometimes")
def bad_operation_option(cib: Cib) -> Findings:
    """An option of an operation has a value that Pacemaker does not understand.

    An interval counts as 0 then, and a monitor with it is never run again; a timeout becomes 20 seconds. The log has a line about it at most.
    A timeout of 0 is no timeout either; what it does depends on the release.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="«1d»" timeout="20s"/>
        <op id="web-start" name="start" interval="0" timeout="«PT2M»"/>
        <op id="web-stop" name="stop" interval="0" timeout="«forever»"/>
      </operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="PT24H" timeout="20s"/>
        <op id="web-start" name="start" interval="0" timeout="2 min"/>
        <op id="web-stop" name="stop" interval="0" timeout="24h"/>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Operation Properties"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    for pair, reason in faulty(cib, options("Operation options"), (ATTRIBUTES, *META)):
        found = bad_value(pair, reason)
        is_zero = reason.endswith("greater than 0") and not pair.text.strip().startswith("-")
        yield (
            found._replace(consequence="Pacemaker 2.1.8 and later use the default, 20s; earlier releases 0", at_most=WARNING)
            if is_zero
            else found
        )


@rule("OPS304", "removed-operation-option", severity=WARNING, tags=(*TAGS, "upgrade"))
def removed_operation_option(cib: Cib) -> Findings:
    """An option of operations was removed in a Pacemaker that the configuration is for.

    It has no effect there.

    Bad:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults"><nvpair id="defaults-fail" name="«can_fail»" value="true"/></meta_attributes>
    </op_defaults>
    ```

    Good:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults"><nvpair id="defaults-fail" name="on-fail" value="ignore"/></meta_attributes>
    </op_defaults>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-*.xsl
    """
    ask(cib, *SECTIONS)
    yield from out_of_date(cib, options("Operation options"), META, removed=True)


@rule("OPS306", "operation-option-read-in-part", severity=WARNING, tags=TAGS, fix="unsafe")
def operation_option_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of an operation option's value.

    A fraction is dropped, so that `0.5min` is 0, and a monitor with that interval never recurs; of a unit only the first letters count:
    `10milliseconds` are ten minutes.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="«0.5min»" timeout="20s"/>
        <op id="web-start" name="start" interval="0" timeout="«500 millis»"/>
      </operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="30s" timeout="20000 msec"/>
        <op id="web-start" name="start" interval="0" timeout="2 Minutes"/>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, lib/common/strings.c; crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    yield from read_in_part(cib, options("Operation options"), (ATTRIBUTES, *META))


@rule("OPS308", "deprecated-operation-option-value", severity=WARNING, tags=(*TAGS, "upgrade"))
def deprecated_operation_option_value(cib: Cib, judgement: Judgement) -> Findings:
    """An option of an operation has a value that is deprecated.

    That is `Master` and `Slave` for today's roles, and `record-pending` switched off. It does what it says today, and will not for long. The
    new names of the roles need a CIB that declares schema 3.7 or later; before, nothing is said of the old ones.

    Bad:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults"><nvpair id="defaults-pending" name="record-pending" value="«false»"/></meta_attributes>
    </op_defaults>
    ```

    Good:

    ```xml
    <op_defaults>
      <meta_attributes id="defaults"><nvpair id="defaults-pending" name="record-pending" value="true"/></meta_attributes>
    </op_defaults>
    ```

    References:
    - Pacemaker 2.1.0 and 3.0.0, release notes (ChangeLog)
    """
    ask(cib, *SECTIONS)
    for found in deprecated_value(cib, options("Operation options"), (ATTRIBUTES, *META)):
        if found.key != "role" or judgement.version >= _NEW_ROLES:
            yield found


_NEW_ROLES = (3, 7)


@rule("OPS309", "operation-option-without-effect", severity=WARNING, tags=TAGS)
def operation_option_without_effect(cib: Cib) -> Findings:
    """An option of an operation stands where Pacemaker does not read it.

    `interval`, `role` and `enabled` count only as attributes of op. Nothing of Pacemaker's own counts among the parameters in an operation's
    instance_attributes, which are for the agent; only names that no agent takes for its own are reported there.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="10s">
          <meta_attributes id="web-meta"><nvpair id="web-enabled" name="«enabled»" value="false"/></meta_attributes>
          <instance_attributes id="web-params"><nvpair id="web-fail" name="«on-fail»" value="standby"/></instance_attributes>
        </op>
      </operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="10s" enabled="false" on-fail="standby">
          <instance_attributes id="web-params"><nvpair id="web-level" name="OCF_CHECK_LEVEL" value="10"/></instance_attributes>
        </op>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Operation Properties"
    - crm_simulate 2.1.5, tried
    """
    ask(cib, *SECTIONS)
    for home, option, text, elements in written(cib, options("Operation options"), (*META, PARAMETERS)):
        is_parameter = home == PARAMETERS
        if option.removed or (is_parameter and not ("-" in option.name or option.name == "timeout")):
            continue
        if not is_parameter and _PLACES[home] in option.kinds:
            continue
        for pair in pairs(cib, home, option, text, elements):
            yield problem(
                pair.name_place,
                f"{option.name} is an option of the operation, and stands among the parameters of the agent"
                if is_parameter
                else f"{option.name} counts only as an attribute of op",
                consequence="Pacemaker does not read it there",
                help="make it an attribute of op",
                key=option.name,
            )
