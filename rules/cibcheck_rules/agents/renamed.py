"""AGT115, AGT116: parameters under their old names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import WARNING, SetValue, problem, rule, safe_fix, unsafe_fix
from cibcheck_rules.agents.known import agents_named, ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import AgentFacts, Agents, Findings, Fix, Primitive, Setting

TAGS = ("agents", "parameters", "deprecated")


def _newest(facts: AgentFacts, name: str) -> str | None:
    """The name that a parameter has now; None where it has no successor."""
    seen = {name}
    while (one := facts.parameters.get(name)) is not None and one.successor is not None and one.successor not in seen:
        name = one.successor
        seen.add(name)
    return name if len(seen) > 1 else None


@rule("AGT115", "deprecated-parameter", severity=WARNING, tags=TAGS, fix="safe")
def deprecated_parameter(agents: Agents) -> Findings:
    """A parameter is set by a name that the agent has given up.

    The agent still takes the old name. Its authors list it as deprecated, so a later version may not, and then the value has no effect.

    Where the new name is not set as well, the fix is to rename the parameter.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="«ipaddr»" value="192.0.2.9"/>
        <nvpair id="ipmi-user" name="«login»" value="fence"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-user" name="username" value="fence"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - pcs 0.12, pcs/lib/resource_agent/facade.py
    - the metadata of fence-agents 4.12
    """
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        if not all(name in facts.parameters and facts.parameters[name].is_deprecated for facts in known):
            continue
        newest = {_newest(facts, name) for facts in known}
        new = newest.pop() if len(newest) == 1 else None
        yield problem(
            setting.name_place,
            f"{agents_named(known)} has deprecated {name!r}",
            label="old name" if new else "deprecated",
            consequence="it still works; a later version of the agent may ignore it",
            help=f"call it {new!r}" if new else "see the agent's documentation for what to use instead",
            key=name,
            affects=ids(primitives),
            fix=_renaming(setting, primitives, known, new) if new else None,
        )


def _renaming(setting: Setting, primitives: Sequence[Primitive], known: Sequence[AgentFacts], new: str) -> Fix | None:
    """The fix; none where another name of the parameter is set as well, and the two would meet."""
    others = {new, *(old for facts in known for old in facts.predecessors(new))} - {setting.name}
    if any(not primitive.parameters.get(other).is_absent for primitive in primitives for other in others):
        return None
    make = safe_fix if len(primitives) == 1 and setting.condition is None else unsafe_fix
    return make(f"rename {setting.name!r} to {new!r}", SetValue(setting.name_place, new))


@rule("AGT116", "parameter-by-two-names", severity=WARNING, tags=TAGS)
def parameter_by_two_names(agents: Agents) -> Findings:
    """The old and the new name of a parameter are both set, to different values.

    To the agent they are one parameter, and the value that it reads last counts. In which order Pacemaker hands them on is nowhere laid
    down, and it may change with the version.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-old" name="ipaddr" value="«192.0.2.7»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params"><nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/></instance_attributes>
    </primitive>
    ```

    References:
    - fence-agents 4.12, lib/fencing.py.py: how it reads its standard input
    """
    for primitive, facts in agents.primitives:
        for parameter in facts.parameters.values():
            if not parameter.is_deprecated or (new := _newest(facts, parameter.name)) is None:
                continue
            old_one = primitive.parameters.get(parameter.name).certain
            new_one = primitive.parameters.get(new).certain if old_one is not None else None
            if old_one is None or new_one is None or old_one.text == new_one.text:
                continue
            yield problem(
                old_one.place,
                f"{primitive.id!r} sets {new!r}, and by its old name {parameter.name!r} to another value",
                label="the old name",
                consequence="which of the two the agent works with is not defined",
                help=f"keep {new!r}, and take {parameter.name!r} out",
                related=[(new_one.place, "the new name")],
                key=new,
                affects=[primitive.id],
            )
