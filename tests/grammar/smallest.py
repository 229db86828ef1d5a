"""The smallest elements that the facts allow, to build documents of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from cibcheck.grammar.versions import Version
from cibcheck.grammar.versions import show as text
from grammar.facts import Attribute, Combinations, Place, facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALWAYS = "always"  # the id that a document has, for references
ANCHOR = "\1"  # where the element with that id goes


@dataclass
class Node:
    """An element to be written. What it holds beside children, such as text, is written as it is."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    extra: str = ""
    """What else is to stand among the attributes."""

    def __str__(self) -> str:
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        return f"<{self.tag}{attributes} {self.extra}>{''.join(map(str, self.children))}</{self.tag}>"

    def tags(self) -> list[str]:
        return [one.tag for one in self.children if isinstance(one, Node)]


def last(node: Node, name: str) -> int:
    """The place of the last child of a name."""
    return max(at for at, one in enumerate(node.children) if isinstance(one, Node) and one.tag == name)


class Smallest:
    """Makes the smallest elements that are valid in a version."""

    def __init__(self, version: Version, prefix: str, *, is_whole: bool = False) -> None:
        self.facts = facts()
        self.version = version
        self._prefix = prefix
        self._made = 0
        self._is_whole = is_whole

    def element(self, place: Place, wanted: frozenset[str] = frozenset(), alternative: int | None = None) -> Node:
        """An element with what it must have and with what is wanted, by the first combination that has it or by one of them."""
        element = self.facts.elements[place[-1]]
        node = Node(place[-1])
        known = {f"@{one.name}": one for one in element.attributes if one.scope.holds(self.version, place)}
        inside = {f"<{one.name}>": one for one in element.children if one.scope.holds(self.version, place)}
        needed = {name for name, one in known.items() if one.is_required} | {name for name, one in inside.items() if one.least}
        values: Mapping[str, str] = {}
        if combined := element.combined(self.version, place):
            possible = [one for one in combined.alternatives if one.needed <= {*known, *inside}]
            if alternative is None:
                named = wanted & combined.named()
                chosen = next(one for one in possible if named <= one.needed | one.optional | one.some)
            else:
                chosen = combined.alternatives[alternative]
            needed |= chosen.needed
            if chosen.some and not chosen.some & wanted:
                needed.add("<expression>")
            values = {name: self._asked(combined, known[f"@{name}"], value) for name, value in chosen.values.items()}
        for name, attribute in known.items():
            if name in needed | wanted or name == "@validate-with":
                node.attributes[attribute.name] = values.get(attribute.name) or self.value(attribute)
        for name in sorted(inside, key=lambda name: element.rank(self.version, place, inside[name].name)):
            if name in needed | wanted:
                node.children.append(self.element((*place, inside[name].name)))
        if node.tag == "crm_config" and self._is_whole:
            node.children.insert(0, ANCHOR)
        return node

    def value(self, attribute: Attribute) -> str:
        if listed := self.facts.values_of(attribute.type, self.version):
            return listed[0]
        if attribute.type == "ID":
            self._made += 1
            return f"{self._prefix}{self._made}"
        plain = {"IDREF": ALWAYS, "boolean": "true", "string": "v", "devices": "d", "schema": f"pacemaker-{text(self.version)}"}
        return plain.get(attribute.type, "1")

    def _asked(self, combined: Combinations, attribute: Attribute, value: str) -> str:
        if value != "other":
            return value
        listed = self.facts.values_of(attribute.type, self.version) or ["v"]
        return next(one for one in listed if one not in combined.asked(attribute.name))


@cache
def places(version: Version) -> Sequence[Place]:
    """Where elements may stand in a version: each with each parent and grandparent once in each section."""
    found: list[Place] = [("cib",)]
    seen: set[tuple[Place, str]] = set()
    for place in found:  # grows
        element = facts().elements[place[-1]]
        for name in dict.fromkeys(one.name for one in element.children if one.scope.holds(version, place)):
            below = (*place, name)
            key = (below[-3:], "".join(below[2:3]))
            if key not in seen:
                seen.add(key)
                found.append(below)
    return found
