"""FEN5: names and values of the parameters that Pacemaker itself reads of a fence device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, Primitive, Template, options, problem, rule, values
from cibcheck_rules.options.judging import (
    ask,
    bad_value,
    faulty,
    is_allowed,
    out_of_date,
    pairs,
    read_in_part,
    strangers,
    unknown_name,
    written,
)

if TYPE_CHECKING:
    from cibcheck.api import Cib, Element, Findings

TAGS = ("fencing", "options")
HOMES = (("instance_attributes", "primitive"), ("instance_attributes", "template"))


@rule("FEN501", "unknown-fencing-parameter", severity=ERROR, tags=TAGS, fix="sometimes")
def unknown_fencing_parameter(cib: Cib, *, allow: tuple[str, ...] = ()) -> Findings:
    """A parameter begins with `pcmk_`, but Pacemaker knows none of that name.

    The prefix is Pacemaker's own: no agent has such a parameter, and so nothing reads it. It is an error if the name is surely a misspelling.

    Bad:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-hosts" name="«pcmk_hostlist»" value="node1 node2 node3"/>
        <nvpair id="ipmi-1-delay" name="«pcmk_wait»" value="5s"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-hosts" name="pcmk_host_list" value="node1 node2 node3"/>
        <nvpair id="ipmi-1-delay" name="pcmk_delay_base" value="5s"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Special Meta-Attributes for Fencing Resources"
    """
    ask(cib, "resources")
    table = options("Parameters of fence devices")
    for _, name, element, _ in strangers(cib, table, HOMES):
        if name.lower().startswith(("pcmk_", "pcmk-")) and not is_allowed(name, allow) and _is_of_device(cib, element):
            yield unknown_name(cib, element, "parameter", table, belongs=None, far=WARNING)


@rule("FEN502", "bad-fencing-parameter", severity=ERROR, tags=TAGS, fix="sometimes")
def bad_fencing_parameter(cib: Cib) -> Findings:
    """A parameter that Pacemaker reads of a fence device has a value that it does not understand.

    crm_verify does not look at them, and the fencer writes a line into its log when the device is read, or only when a node is to be fenced.

    Bad:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-check" name="pcmk_host_check" value="«static»"/>
        <nvpair id="ipmi-1-map" name="pcmk_host_map" value="«node1;node2:2»"/>
        <nvpair id="ipmi-1-off" name="pcmk_off_timeout" value="«PT1M»"/>
        <nvpair id="ipmi-1-delay" name="pcmk_delay_base" value="«node1:5s;node2»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-check" name="pcmk_host_check" value="static-list"/>
        <nvpair id="ipmi-1-map" name="pcmk_host_map" value="node1:1;node2:2,3;node3:4"/>
        <nvpair id="ipmi-1-off" name="pcmk_off_timeout" value="60s"/>
        <nvpair id="ipmi-1-delay" name="pcmk_delay_base" value="node1:5s;node2:0"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Special Meta-Attributes for Fencing Resources"
    - Pacemaker 3.0, daemons/fenced/fenced_commands.c
    """
    ask(cib, "resources")
    for pair, reason in faulty(cib, options("Parameters of fence devices"), HOMES):
        if _is_of_device(cib, pair.element):
            yield bad_value(pair, reason)


@rule("FEN504", "removed-fencing-parameter", severity=WARNING, tags=(*TAGS, "upgrade"), fix="unsafe")
def removed_fencing_parameter(cib: Cib) -> Findings:
    """A parameter of fence devices was removed in Pacemaker 2.0.

    Nothing reads it. In a CIB with a schema before 3.0 Pacemaker renames it when it converts the CIB.

    Bad:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-off" name="«pcmk_reboot_cmd»" value="off"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-off" name="pcmk_reboot_action" value="off"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 2.0.0, release notes (ChangeLog)
    """
    ask(cib, "resources")
    for found in out_of_date(cib, options("Parameters of fence devices"), HOMES, removed=True):
        if _is_of_device(cib, found.place.node):
            yield found


@rule("FEN506", "fencing-parameter-read-in-part", severity=WARNING, tags=TAGS, fix="unsafe")
def fencing_parameter_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of a fence device's parameter.

    Numbers end at the first character that is no digit, delays are whole seconds, a node in pcmk_host_list ends at the first character
    that is no letter, digit, hyphen, dot or underscore, and of two entries for one node in a map the last counts.

    Of `pcmk_reboot_timeout` and its like, Pacemaker 2.1 reads the number only, as seconds: `2min` are two of them, and the agent is killed before
    it is done.

    Bad:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-hosts" name="pcmk_host_map" value="«node1:1;node2:2;node3:3;node1:4»"/>
        <nvpair id="ipmi-1-delay" name="pcmk_delay_max" value="«500ms»"/>
        <nvpair id="ipmi-1-reboot" name="pcmk_reboot_timeout" value="«2min»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-hosts" name="pcmk_host_map" value="node1:1,4;node2:2;node3:3"/>
        <nvpair id="ipmi-1-delay" name="pcmk_delay_max" value="5s"/>
        <nvpair id="ipmi-1-reboot" name="pcmk_reboot_timeout" value="120s"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, daemons/fenced/fenced_commands.c, lib/fencing/st_client.c
    - pacemaker-fenced 2.1.5, tried: with pcmk_reboot_timeout=2min, "Fence agent did not complete within 2s"
    """
    ask(cib, "resources")
    for found in read_in_part(cib, options("Parameters of fence devices"), HOMES):
        if _is_of_device(cib, found.place.node):
            yield found
    if "2.1" in cib.targets:
        yield from _timeouts_in_other_units(cib)


def _timeouts_in_other_units(cib: Cib) -> Findings:
    """The timeouts of which Pacemaker 2.1 reads the number only, where the unit makes a difference."""
    for home, option, text, elements in written(cib, options("Parameters of fence devices"), HOMES):
        if option.type != "delay":
            continue
        meant, number = option.read(text), values.leading_integer(text)
        if meant.value is None or meant.read is not None or number is None or meant.value == 1000 * number:
            continue
        proposed = f"{(meant.value + 999) // 1000}s"
        for pair in pairs(cib, home, option, text, elements):
            if _is_of_device(cib, pair.element):
                yield problem(
                    pair.place,
                    f"{option.name} is {text!r}, of which Pacemaker 2.1 reads the number only",
                    consequence=f"such a release takes it for {number} second{'s' if number != 1 else ''}",
                    help=f"write {proposed}",
                    key=option.name,
                    fix=pair.valued(proposed, is_safe=False),
                )


@rule("FEN509", "fencing-parameter-of-elsewhere", severity=WARNING, tags=TAGS)
def fencing_parameter_of_elsewhere(cib: Cib) -> Findings:
    """A fence device has a parameter that is no parameter of a device, and that the cluster does not read there.

    The timeout of fencing is a cluster option, or `pcmk_off_timeout` and its like for one device. What the device is to do is for Pacemaker to
    say: `action` is overridden each time; `pcmk_reboot_action` is meant.

    Bad:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-timeout" name="«stonith-timeout»" value="30s"/>
        <nvpair id="ipmi-1-action" name="«action»" value="off"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi-1" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-1-params">
        <nvpair id="ipmi-1-timeout" name="pcmk_off_timeout" value="30s"/>
        <nvpair id="ipmi-1-action" name="pcmk_reboot_action" value="off"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Special Meta-Attributes for Fencing Resources"
    - Pacemaker 3.0, daemons/fenced/fenced_commands.c
    """
    ask(cib, "resources")
    by_home = cib.written.by_home
    for home in HOMES:
        for name, advice in _ELSEWHERE.items():
            for elements in by_home.get(home, {}).get(name, {}).values():
                for element in elements:
                    if _is_of_device(cib, element):
                        yield problem(
                            Place(cib.document, element, "name"),
                            f"{name} is no parameter of a fence device",
                            consequence="Pacemaker sets it anew each time" if name == "action" else "nothing reads it there",
                            help=advice,
                            key=name,
                            at_most=INFO if name == "action" else None,
                        )


def _is_of_device(cib: Cib, pair: Element) -> bool:
    """Whether a pair belongs to a fence device, or to a template of one."""
    owner = next(pair.iterancestors("primitive", "template"), None)
    if owner is None:
        return False
    name = owner.get("id", "")
    found = cib.templates.get(name) if owner.tag == "template" else cib.resources.get(name)
    return isinstance(found, Primitive | Template) and found.agent.standard == "stonith"


_ELSEWHERE = {
    "stonith-timeout": "set pcmk_reboot_timeout or pcmk_off_timeout, or the cluster option of that name",
    "fencing-timeout": "set pcmk_reboot_timeout or pcmk_off_timeout, or the cluster option of that name",
    "action": "set pcmk_reboot_action or pcmk_off_action, or the cluster option stonith-action (fencing-action)",
}
