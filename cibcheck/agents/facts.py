"""What there is to know of one agent, and the text that says it.

An agent is a block of lines; what it takes is indented, parameters by name and type, actions by name and parentheses::

    ocf:heartbeat:IPaddr2
      ip string required unique
      nic string
      monitor() timeout=20s interval=10s

A name alone, marked ``name-only``, is an agent that exists and of which nothing more is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TYPES = ("boolean", "integer", "second", "select", "string")
"""The types that a parameter can have."""


class FactsError(Exception):
    """A line that says nothing about agents."""


class Parameter(NamedTuple):
    """One parameter of an agent."""

    name: str
    type: str = "string"
    is_required: bool = False
    has_default: bool = False
    """Whether there is a default all the same; noted of required parameters only."""
    group: str | None = None
    """The parameters of one group must, together, differ from resource to resource; one with ``unique`` is a group of its own."""
    is_deprecated: bool = False
    successor: str | None = None
    """The parameter to use instead."""
    options: tuple[str, ...] = ()
    """The values that a select allows."""


class Action(NamedTuple):
    """One action of an agent, with the times that its author advises, as written."""

    name: str
    timeout: str | None = None
    interval: str | None = None
    role: str | None = None
    """``Promoted``, ``Unpromoted``, or None."""
    depth: str | None = None
    """The ``OCF_CHECK_LEVEL`` that it is meant for; None is 0."""
    is_automatic: bool = False
    """Whether fencing means that a node has to be let in again, by this action, before it may run anything: unfencing."""


class AgentFacts:
    """An agent. ``name`` is class, provider and type, with colons."""

    def __init__(
        self, name: str, parameters: Mapping[str, Parameter], actions: Sequence[Action], *, is_name_only: bool = False
    ) -> None:
        self.name = name
        self.parameters = parameters
        self.actions = actions
        self.is_name_only = is_name_only
        """Whether no more is known of it than that it exists."""

    @property
    def is_fence_agent(self) -> bool:
        """Whether it is one of class stonith."""
        return self.name.startswith("stonith:")

    def predecessors(self, name: str) -> Sequence[str]:
        """The older names of a parameter, whatever their number of steps."""
        found = [name]
        for newer in found:
            found += [one.name for one in self.parameters.values() if one.successor == newer and one.name not in found]
        return found[1:]

    @cached_property
    def advice(self) -> Mapping[str, Sequence[Action]]:
        """The actions for which a timeout is advised, by name."""
        found: dict[str, list[Action]] = {}
        for action in self.actions:
            if action.timeout is not None:
                found.setdefault(action.name, []).append(action)
        return found

    @cached_property
    def required(self) -> Sequence[str]:
        """The parameters that it requires."""
        return [one.name for one in self.parameters.values() if one.is_required]

    def has_action(self, name: str) -> bool:
        """Whether it has an action."""
        return any(action.name == name for action in self.actions)

    @property
    def unfences(self) -> bool:
        """Whether a node has to be unfenced by it before it may run anything."""
        return any(action.name == "on" and action.is_automatic for action in self.actions)


# --- As text


def written(facts: AgentFacts) -> Iterator[str]:
    """The lines that say all about an agent."""
    yield facts.name + (" name-only" if facts.is_name_only else "")
    for one in sorted(facts.parameters.values()):
        words = [one.name, one.type]
        words += [word for word, holds in (("required", one.is_required), ("default", one.has_default)) if holds]
        if one.group is not None:
            words.append("unique" if one.group == one.name else f"group={_escaped(one.group)}")
        if one.is_deprecated:
            words.append("deprecated")
        if one.successor is not None:
            words.append(f"successor={one.successor}")
        if one.options:
            words.append("options=" + "|".join(map(_escaped, one.options)))
        yield "  " + " ".join(words)
    for action in facts.actions:
        named = {"timeout": action.timeout, "interval": action.interval, "role": action.role, "depth": action.depth}
        words = [f"{action.name}()", *(f"{name}={_escaped(value)}" for name, value in named.items() if value is not None)]
        yield "  " + " ".join(words + ["automatic"] * action.is_automatic)


def read(lines: Sequence[str]) -> AgentFacts:
    """The agent that lines are about; the first has its name.

    Raises:
        FactsError: a line has no meaning.
    """
    name, *marks = lines[0].split()
    if marks not in ([], ["name-only"]):
        raise FactsError(f"what does {marks[-1]!r} say of an agent?")
    parameters: dict[str, Parameter] = {}
    actions: list[Action] = []
    for line in lines[1:]:
        words = line.split()
        if words[0].endswith("()"):
            actions.append(_action(words))
        elif words[0] in parameters:
            raise FactsError(f"{name} has the parameter {words[0]!r} twice")
        else:
            parameters[words[0]] = _parameter(words)
    return AgentFacts(name, parameters, actions, is_name_only=bool(marks))


def _parameter(words: Sequence[str]) -> Parameter:
    name = words[0]
    if len(words) < 2 or words[1] not in TYPES:
        raise FactsError(f"the parameter {name!r} needs a type: {', '.join(TYPES)}")
    said: dict[str, Any] = {}
    for word in words[2:]:
        key, _, text = word.partition("=")
        match key, bool(text):
            case "required", False:
                said["is_required"] = True
            case "default", False:
                said["has_default"] = True
            case "unique", False:
                said["group"] = name
            case "group", True:
                said["group"] = _plain(text)
            case "deprecated", False:
                said["is_deprecated"] = True
            case "successor", True:
                said["successor"] = text
            case "options", True:
                said["options"] = tuple(map(_plain, text.split("|")))
            case _:
                raise FactsError(f"what does {word!r} say of the parameter {name!r}?")
    return Parameter(name, words[1], **said)


def _action(words: Sequence[str]) -> Action:
    name = words[0].removesuffix("()")
    said: dict[str, Any] = {}
    for word in words[1:]:
        key, _, text = word.partition("=")
        if key in ("timeout", "interval", "role", "depth") and text:
            said[key] = _plain(text)
        elif word == "automatic":
            said["is_automatic"] = True
        else:
            raise FactsError(f"what does {word!r} say of the action {name!r}?")
    return Action(name, **said)


def _escaped(text: str) -> str:
    """A text as one word: blanks, bars and percent signs as in a URL."""
    return re.sub(r"[\s|%]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text)


def _plain(word: str) -> str:
    if "%" not in word:
        return word
    return re.sub(r"(?:%[0-9A-F]{2})+", lambda match: bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace"), word)
