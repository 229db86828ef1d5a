"""AGT113, AGT114: values that do not fit the type of a parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import WARNING, SetValue, nearest, problem, quoted, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.agents.known import agents_named, ids, is_elsewhere, is_truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import AgentFacts, Agents, Findings, Parameter

TAGS = ("agents", "parameters", "values")

_TIME = r"[+-]?[0-9]+(?:\.[0-9]*)?\s*(?:us|usec|ms|msec|s|sec|m|min|h|hr|d)?"
_NUMBER = rf"{_TIME}|[+-]?INFINITY|0[xX][0-9a-fA-F]+"
_SHAPES = {"integer": (_NUMBER, "a whole number"), "second": (_TIME, "a time in seconds")}


def _typed(agents: Agents, *types: str) -> Iterator[tuple[Parameter, Sequence[AgentFacts], str]]:
    """The parameters that have one of some types, the same for all agents that get them, and a value to judge; with the type."""
    for parameter, known in agents.parameters:
        name, text = parameter.setting.name, parameter.setting.text
        # Most are of another type, which the first agent tells.
        first = known[0].parameters.get(name)
        if first is None or first.type not in types or not text.strip() or is_elsewhere(text):
            continue
        if all((one := facts.parameters.get(name)) is not None and one.type == first.type for facts in known):
            yield parameter, known, first.type


@rule("AGT113", "parameter-of-wrong-type", severity=WARNING, tags=TAGS)
def parameter_of_wrong_type(agents: Agents) -> Findings:
    """A value does not fit the type that the agent gives for the parameter.

    Agents declare types, but few check them. What they make of another value differs: some fail, some take a boolean for false or a number
    for 0.

    The types are taken generously, as agents do: a number may have a unit of time, a time any unit, and a boolean may be any word that
    Pacemaker knows. Values that are kept outside of the CIB (`lrm://`) are not judged.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-arp" name="arp_count" value="«five»"/>
        <nvpair id="web-ip-lvs" name="lvs_support" value="«maybe»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-arp" name="arp_count" value="5"/>
        <nvpair id="web-ip-lvs" name="lvs_support" value="yes"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Open Cluster Framework, Resource Agent API 1.1, section "Metadata"
    """
    for (setting, primitives), known, kind in _typed(agents, "boolean", "integer", "second"):
        name, text = setting.name, setting.text
        if kind == "boolean":
            fits, wanted = is_truth(text), "true or false"
        else:
            shape, wanted = _SHAPES[kind]
            fits = (text.isascii() and text.isdecimal()) or re.fullmatch(shape, text.strip()) is not None
        if fits:
            continue
        yield problem(
            setting.place,
            f"{name!r} of {primitives[0].id!r} is {text!r}; {agents_named(known)} wants {wanted}",
            label=f"not {wanted}",
            consequence="a fence agent that gets such a value refuses to run"
            if known[0].is_fence_agent and kind != "boolean"
            else "what the agent makes of it is not said: it may fail, or work with another value",
            help=f"give {wanted}",
            key=name,
            affects=ids(primitives),
        )


@rule("AGT114", "parameter-outside-its-choices", severity=WARNING, tags=TAGS, fix="unsafe")
def parameter_outside_its_choices(agents: Agents) -> Findings:
    """A value is none of those that the agent allows.

    The agent lists the values that the parameter can have. A fence agent that gets
    another value does nothing but complain, so that the node is not fenced. The case of letters does not matter.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-privilege" name="privlvl" value="«operater»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-privilege" name="privlvl" value="operator"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - fence_ipmilan of fence-agents 4.12, tried: "You have to enter a valid choice for --privlvl"
    """
    for (setting, primitives), known, _ in _typed(agents, "select"):
        name, text = setting.name, setting.text
        allowed = list(dict.fromkeys(option for facts in known for option in facts.parameters[name].options))
        if v.fold(text.strip()) in map(v.fold, allowed):
            continue
        meant = nearest(text, allowed)
        yield problem(
            setting.place,
            f"{name!r} of {primitives[0].id!r} is {text!r}, which {agents_named(known)} does not allow",
            label=f"did you mean {meant!r}?" if meant else "none of the choices",
            consequence="a fence agent that gets such a value refuses to run"
            if known[0].is_fence_agent
            else "the agent refuses it, or takes it for its default",
            help=f"the choices are {quoted(allowed)}",
            key=name,
            affects=ids(primitives),
            fix=unsafe_fix(f"set {name!r} to {meant!r}", SetValue(setting.place, meant)) if meant else None,
        )
