"""AGT118: parameters that must differ from resource to resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import WARNING, Bundle, problem, rule
from cibcheck_rules.agents.known import is_elsewhere

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.api import AgentFacts, Agents, Findings, Primitive, Setting

TAGS = ("agents", "parameters")


@rule("AGT118", "repeated-unique-parameter", severity=WARNING, tags=TAGS)
def repeated_unique_parameter(agents: Agents) -> Findings:
    """Two resources have the same value for a parameter that must be unique.

    The agent's author says that no two resources may share it: one address, one configuration file of a virtual machine, one state file. Each
    of the two takes what belongs to the other for its own, so that one is found running where it was not started, and stopping one stops
    both.

    Some agents say it of several parameters together; then all of them have to be the same. The instances of one clone are one resource,
    and primitives in bundles have files and addresses of their own.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/></instance_attributes>
    </primitive>
    <primitive id="mail-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="mail-ip-params"><nvpair id="mail-ip-ip" name="ip" value="«192.0.2.80»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/></instance_attributes>
    </primitive>
    <primitive id="mail-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="mail-ip-params"><nvpair id="mail-ip-ip" name="ip" value="192.0.2.25"/></instance_attributes>
    </primitive>
    ```

    References:
    - Open Cluster Framework, Resource Agent API 1.1, sections "unique" and "unique-group"
    - pcs 0.12, pcs/lib/resource_agent/facade.py; crmsh, crmsh/cibconfig.py
    """
    seen: dict[tuple[str, str, tuple[str, ...]], Primitive] = {}
    suspects = _suspects(agents)
    for primitive, facts in agents.primitives if suspects else ():
        # The addresses of connections are a matter of remote nodes.
        if primitive not in suspects or primitive.is_connection or any(isinstance(one, Bundle) for one in primitive.ancestors):
            continue
        for group, names in _groups(facts).items():
            found = [primitive.parameters.get(name) for name in names]
            settings = [one.certain for one in found]
            texts = tuple(setting.text if setting else "" for setting in settings)
            if any(one.is_conditional for one in found) or not any(texts) or any(map(is_elsewhere, texts)):
                continue
            first = seen.setdefault((facts.name, group, texts), primitive)
            if first is primitive:
                continue
            name, here = _first_set(names, settings)
            there = first.parameters.get(name).certain
            is_shared = there is None or there.element is here.element
            yield problem(
                here.place,
                f"{primitive.id!r} and {first.id!r} have the same {' and '.join(names)}, which {facts.name} wants to be unique",
                label=f"of {primitive.id}" if not is_shared else "of both",
                consequence="each takes what belongs to the other for its own: stopping one stops both",
                help=f"give one of them another {name!r}, or remove one",
                related=[] if is_shared or there is None else [(there.place, f"of {first.id}")],
                key=group,
                affects=[first.id, primitive.id],
            )


def _suspects(agents: Agents) -> set[Primitive]:
    """The primitives that have some text for a unique parameter that another one of the same agent has, too."""
    users: dict[tuple[AgentFacts, str, str], list[Primitive]] = {}
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        for facts in known:
            if (one := facts.parameters.get(name)) is not None and one.group is not None:
                own = primitives if len(known) == 1 else [primitive for primitive in primitives if agents.of(primitive) is facts]
                users.setdefault((facts, name, setting.text), []).extend(own)
    return {primitive for found in users.values() if len(found) > 1 for primitive in found}


def _groups(facts: AgentFacts) -> Mapping[str, Sequence[str]]:
    """The parameters that must differ together, by the name of the group."""
    found: dict[str, list[str]] = {}
    for one in facts.parameters.values():
        if one.group is not None:
            found.setdefault(one.group, []).append(one.name)
    return found


def _first_set(names: Sequence[str], settings: Sequence[Setting | None]) -> tuple[str, Setting]:
    return next((name, setting) for name, setting in zip(names, settings, strict=True) if setting is not None and setting.text)
