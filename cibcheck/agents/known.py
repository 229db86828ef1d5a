"""What is known of the agents in one CIB: where the model and the catalogues meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.agents.catalogue import Catalogues
    from cibcheck.agents.facts import AgentFacts
    from cibcheck.model.cib import Cib
    from cibcheck.model.parameters import Parameter
    from cibcheck.model.resources import Agent, Primitive


STANDARDS = ("ocf", "stonith")
"""The classes whose agents tell what they take."""


class Agents:
    """The agents of a CIB, as the catalogues know them. Nothing is read before it is asked for."""

    def __init__(self, cib: Cib, catalogues: Catalogues) -> None:
        self._cib = cib
        self.catalogues = catalogues
        self._known: dict[Agent, AgentFacts | None] = {}

    def of(self, primitive: Primitive) -> AgentFacts | None:
        """What is known of the agent of a primitive; None where that is nothing, or just its name, or its template is not there."""
        agent = primitive.agent
        if agent not in self._known:
            facts = self.catalogues.get(str(agent)) if agent.standard in STANDARDS else None
            self._known[agent] = None if facts is None or facts.is_name_only else facts
        found = self._known[agent]
        return None if found is None or (primitive.template is None and primitive.template_id is not None) else found

    @cached_property
    def primitives(self) -> Sequence[tuple[Primitive, AgentFacts]]:
        """The primitives of which the agent is known, with what is known of it.

        Raises:
            Unknown: the file does not hold the resources.
        """
        return [(primitive, facts) for primitive in self._cib.primitives if (facts := self.of(primitive)) is not None]

    @cached_property
    def parameters(self) -> Sequence[tuple[Parameter, Sequence[AgentFacts]]]:
        """The parameters for which all the agents that get them are known, with what is known of these.

        Raises:
            Unknown: the file does not hold the resources.
        """
        by_primitive = dict(self.primitives)
        found = []
        users: Sequence[Primitive] | None = None
        known: list[AgentFacts] = []
        is_complete = False
        for parameter in self._cib.parameters:
            # The pairs of one set follow each other.
            if parameter.primitives is not users:
                users = parameter.primitives
                is_complete = all(primitive in by_primitive for primitive in users)
                known = list(dict.fromkeys(by_primitive[primitive] for primitive in users)) if is_complete else []
            if is_complete:
                found.append((parameter, known))
        return found
