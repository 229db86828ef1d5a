"""One catalogue of several: what is true of an agent in all the versions that they know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.agents.catalogue import FIRST_LINE
from cibcheck.agents.facts import Action, AgentFacts, Parameter, written
from cibcheck.model import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.agents.catalogue import Catalogue


def catalogue_text(covered: Mapping[str, str], agents: Iterable[AgentFacts], remarks: Sequence[str] = ()) -> str:
    """A catalogue as text, sorted, one line for each fact."""
    lines = [FIRST_LINE, *(f"# {remark}" for remark in remarks)]
    lines += [f"covers {prefix} {source}".rstrip() for prefix, source in sorted(covered.items())]
    for facts in sorted(agents, key=lambda one: one.name):
        lines += ["", *written(facts)]
    return "\n".join(lines) + "\n"


def merged(catalogues: Sequence[Catalogue]) -> str:
    """The text of a catalogue that has all agents of several."""
    known: dict[str, AgentFacts] = {}
    sources: dict[str, list[str]] = {}
    for catalogue in catalogues:
        for prefix, source in catalogue.covered.items():
            sources.setdefault(prefix, []).extend(source.split(", "))
        for facts in catalogue.all():
            before = known.get(facts.name)
            known[facts.name] = facts if before is None else _both(before, facts)
    covered = {prefix: ", ".join(dict.fromkeys(filter(None, texts))) for prefix, texts in sources.items()}
    return catalogue_text(covered, known.values())


def _both(one: AgentFacts, other: AgentFacts) -> AgentFacts:
    """What holds for both versions: all names, required what both require, the shorter time."""
    if one.is_name_only or other.is_name_only:
        return other if one.is_name_only else one
    parameters = {**_optional(other), **_optional(one)}
    for name in one.parameters.keys() & other.parameters.keys():
        parameters[name] = _parameter(one.parameters[name], other.parameters[name])
    return AgentFacts(one.name, parameters, list(_actions(one.actions, other.actions)))


def _optional(facts: AgentFacts) -> dict[str, Parameter]:
    """The parameters as they are if another version does not have them: that one cannot require them."""
    return {name: one._replace(is_required=False, has_default=False) for name, one in facts.parameters.items()}


def _parameter(one: Parameter, other: Parameter) -> Parameter:
    is_required = one.is_required and other.is_required
    kind = one.type if one.type == other.type else "string"
    return Parameter(
        one.name,
        kind,
        is_required=is_required,
        has_default=is_required and one.has_default and other.has_default,
        group=one.group if one.group == other.group else None,
        is_deprecated=one.is_deprecated or other.is_deprecated,
        successor=other.successor or one.successor,
        options=tuple(dict.fromkeys((*one.options, *other.options))) if kind == "select" else (),
    )


def _actions(some: Sequence[Action], others: Sequence[Action]) -> Iterator[Action]:
    found: dict[tuple[str, str | None, str | None], Action] = {}
    for action in (*some, *others):
        key = (action.name, action.role, action.depth)
        before = found.get(key)
        found[key] = action if before is None else _shorter(before, action)
    yield from found.values()


def _shorter(one: Action, other: Action) -> Action:
    times = [action.timeout for action in (one, other) if action.timeout is not None]
    timeout = min(times, key=lambda text: values.timeout(text).value or 0) if len(times) == 2 else None
    return one._replace(
        timeout=timeout,
        interval=one.interval or other.interval,
        is_automatic=one.is_automatic and other.is_automatic,
    )
