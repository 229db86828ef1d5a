"""What the rules about agents ask of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import AgentFacts, Primitive, Resolved

_TRACING = frozenset(("trace_ra", "trace_file", "trace_dir", "OCF_CHECK_LEVEL"))
_FENCER = frozenset(("priority", "stonith-timeout", "nodename"))
_CONNECTION = frozenset(("addr",))


def takes(facts: AgentFacts, name: str) -> bool:
    """Whether an agent, or what of Pacemaker runs it, knows a parameter."""
    if name in facts.parameters or name.startswith("$"):
        return True
    if not facts.is_fence_agent:
        return name in _TRACING or (name in _CONNECTION and facts.name == "ocf:pacemaker:remote")
    # Fence agents take a hyphen for an underscore, and the other way round.
    other = name.replace("-", "_")
    return name in _FENCER or name.startswith("pcmk_") or other in facts.parameters or name.replace("_", "-") in facts.parameters


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
