"""AGT10x: agents; and what all rules about agents ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Place, Primitive, SetValue, nearest, problem, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Agent, AgentFacts, Agents, Cib, Element, Findings, Problem, Resolved


_TRACING = frozenset(("trace_ra", "trace_file", "trace_dir", "OCF_CHECK_LEVEL"))
_FENCER = frozenset(("priority", "stonith-timeout", "fencing-timeout", "nodename"))
CONNECTION = "ocf:pacemaker:remote"
"""What Pacemaker runs by itself, and reads the parameters of in any case; of its address and port rules about remote nodes speak."""
_CONNECTION = frozenset(("addr",))


def takes(facts: AgentFacts, name: str) -> bool:
    """Whether an agent, or what of Pacemaker runs it, knows a parameter."""
    if name in facts.parameters or name.startswith("$"):
        return True
    if not facts.is_fence_agent:
        return name in _TRACING or (facts.name == CONNECTION and v.fold(name) in (*_CONNECTION, *facts.parameters))
    # Fence agents take a hyphen for an underscore, and the other way round.
    other = name.replace("-", "_")
    return name in _FENCER or is_of_fencer(name) or other in facts.parameters or name.replace("_", "-") in facts.parameters


def is_of_fencer(name: str) -> bool:
    """Whether a parameter of a fence device is one for Pacemaker, or was meant to be: rules about fencing speak of these."""
    return v.fold(name.replace("-", "_")).startswith("pcmk_")


def is_of_pacemaker(facts: AgentFacts, name: str) -> bool:
    """Whether the value of a parameter is for Pacemaker rather than for the agent, and for other rules to judge."""
    return is_of_fencer(name) if facts.is_fence_agent else facts.name == CONNECTION and v.fold(name) in ("server", "addr", "port")


def is_elsewhere(text: str) -> bool:
    """Whether a value only says that the real one is kept outside of the CIB."""
    return text.startswith("lrm://")


def is_unsure(resolved: Resolved) -> bool:
    """Whether conditions decide if there is any value at all."""
    return bool(resolved.candidates) and all(setting.condition is not None for setting in resolved.candidates)


def ids(primitives: Sequence[Primitive]) -> list[str]:
    """The ids of primitives."""
    return [primitive.id for primitive in primitives]


def agents_named(known: Sequence[AgentFacts]) -> str:
    """The names of agents as a message has them: the first, and how many more."""
    names = list(dict.fromkeys(facts.name for facts in known))
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} other agent{'s' if len(names) > 2 else ''}"


def is_truth(text: str) -> bool:
    """Whether a text says yes or no, to Pacemaker or to an agent."""
    return v.boolean(text.strip()).value is not None or v.fold(text.strip()) == "ja"


TAGS = ("agents",)


@rule("AGT101", "unknown-agent", severity=WARNING, tags=TAGS, fix="unsafe")
def unknown_agent(cib: Cib, agents: Agents) -> Findings:
    """No agent of that name is known.

    Where an agent is not installed, the probe says so, and Pacemaker does not start the resource on that node; with a misspelt name that
    is every node. The name is held against the [catalogue](../agents.md) of agents, and only where the catalogue has all agents of a
    provider: `ocf:heartbeat`, `ocf:pacemaker`, and the fence agents called `fence_…`.

    A name that is nearly that of a known agent is a warning, and so is one that is not in a catalogue of your own. Without such, an agent that
    nobody knows is only worth knowing: it may be newer than cibcheck, or come from another package.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="«Dumy»"/>
    ```

    The provider is another one:

    ```xml
    <primitive id="lock" class="ocf" provider="«heartbeat»" type="controld"/>
    ```

    Or it is misspelt:

    ```xml
    <primitive id="web-ip" class="ocf" provider="«hearbeat»" type="Dummy"/>
    ```

    In a template:

    ```xml
    <template id="address" class="ocf" provider="heartbeat" type="«Dumy»"/>
    <primitive id="web-ip" template="address"/>
    ```

    Good:

    ```xml
    <primitive id="app" class="ocf" provider="heartbeat" type="Dummy"/>
    ```

    Providers of which the catalogue does not have all agents:

    ```xml
    <primitive id="disk" class="ocf" provider="linbit" type="drdb"/>
    <primitive id="web" class="systemd" type="htpd"/>
    ```

    References:
    - Pacemaker Explained, section "Resource Agents (OCF)"
    - pcs 0.12, pcs/lib/commands/resource.py; crmsh, crmsh/cibconfig.py
    """
    for agent, owners in cib.named_agents.items():
        for owner in owners:
            if isinstance(owner, Primitive) and owner.template_id is not None:
                continue  # what counts is the agent of the template
            element, affected = owner.element, [owner.id] if isinstance(owner, Primitive) else ids(owner.users)
            empty = next((part for part in ("provider", "type") if element.get(part) == ""), None)
            if empty is not None:
                yield problem(
                    Place(cib.document, element, empty),
                    f"the {empty} of an agent is empty",
                    consequence="Pacemaker does not start the resource",
                    help="name the agent" if empty == "type" else "name the provider, such as heartbeat",
                    affects=affected,
                )
                continue
            if (unknown := _unknown(agents, agent, cib, element, affected)) is not None:
                yield unknown
            elif (provider := _provider_meant(agents, agent)) is not None:
                yield _misspelt_provider(Place(cib.document, element, "provider"), agent, provider, affected)
            else:
                break  # nor is there anything to say of the others


def _unknown(agents: Agents, agent: Agent, cib: Cib, element: Element, affected: list[str]) -> Problem | None:
    catalogues, name, kind = agents.catalogues, str(agent), agent.type
    # A type with a slash is a program somewhere else.
    is_told = agent.standard in ("ocf", "stonith") and "/" not in name
    catalogue = catalogues.lacking(name) if is_told else None
    if catalogue is None:
        return None
    known = catalogue.names() if catalogues.is_own(catalogue) else catalogues.names()
    prefix = name.removesuffix(kind)
    # What all names start with must not make them similar.
    prefix += "fence_" if agent.standard == "stonith" else ""
    similar = nearest(name.removeprefix(prefix), [one.removeprefix(prefix) for one in known if one.startswith(prefix)], 0.88)
    moved = None
    if similar is None and agent.standard == "ocf":
        moved = next((one.split(":")[1] for one in known if one.startswith("ocf:") and one.split(":")[2] == kind), None)
    meant = prefix + similar if similar else f"ocf:{moved}:{kind}" if moved else None
    part, value = ("provider", moved) if moved else ("type", meant.rpartition(":")[2] if meant else None)
    place = Place(cib.document, element, part)
    return problem(
        place,
        f"no agent {name!r} is known",
        label=f"did you mean {value!r}?" if value else "agent",
        consequence="where the agent is not installed, Pacemaker does not start the resource",
        help=f"the agent may be {meant}" if meant else f"is it spelt right? {catalogue.name} does not have it",
        key=kind,
        affects=affected,
        fix=unsafe_fix(f"use {meant}", SetValue(place, value)) if value else None,
        at_most=None if meant or catalogues.is_own(catalogue) else INFO,
    )


def _provider_meant(agents: Agents, agent: Agent) -> str | None:
    """The provider that a name nearly is, if that has an agent of the type, and nobody knows the name as it is."""
    standard, provider, kind = agent
    if standard != "ocf" or provider in _COMPLETE or agents.catalogues.get(str(agent)) is not None:
        return None
    meant = nearest(provider, _COMPLETE, 0.8)
    return meant if meant is not None and agents.catalogues.get(f"ocf:{meant}:{kind}") is not None else None


_COMPLETE = ("heartbeat", "pacemaker")
"""The providers whose agents are all in the catalogue."""


def _misspelt_provider(place: Place, agent: Agent, meant: str, affected: list[str]) -> Problem:
    _, provider, kind = agent
    return problem(
        place,
        f"no provider {provider!r} of an agent {kind!r} is known",
        label=f"did you mean {meant!r}?",
        consequence="where the agent is not installed, Pacemaker does not start the resource",
        help=f"the agent may be ocf:{meant}:{kind}",
        key=kind,
        affects=affected,
        fix=unsafe_fix(f"use ocf:{meant}:{kind}", SetValue(place, meant)),
    )
