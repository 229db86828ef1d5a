"""The smallest elements that the facts allow, to build documents of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from cibcheck.grammar.versions import Version
from cibcheck.grammar.versions import show as text
from grammar.facts import Attribute, Place, facts, in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        attributes, children = in_force(self.version, place)
        needed = {f"@{one.name}" for one in attributes.values() if one.is_required or one.name == "validate-with"}
        needed |= {f"<{one.name}>" for one in children.values() if one.least}
        values: dict[str, str] = {}
        if combined := element.combined(self.version, place):
            there = {*(f"@{name}" for name in attributes), *(f"<{name}>" for name in children)}
            if alternative is None:
                fitting = (one for one in combined.alternatives if one.needed <= there)
                named = wanted & combined.named()
                chosen = next(one for one in fitting if named <= one.needed | one.optional | one.some)
            else:
                chosen = combined.alternatives[alternative]
            needed |= chosen.needed
            if chosen.some and not chosen.some & wanted:
                needed.add(min(chosen.some & there))
            for name, asked in chosen.values.items():
                values[name] = combined.value(name, asked, self.facts.values_of(attributes[name].type, self.version))
        for name, attribute in attributes.items():
            if f"@{name}" in needed | wanted:
                node.attributes[name] = values.get(name) or self.value(attribute)
        for name in sorted(children, key=lambda name: element.rank(self.version, place, name)):
            if f"<{name}>" in needed | wanted:
                node.children.append(self.element((*place, name)))
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


@cache
def places(version: Version) -> Sequence[Place]:
    """Where elements may stand in a version: each with each parent and grandparent once in each section."""
    found: list[Place] = [("cib",)]
    seen: set[tuple[Place, str]] = set()
    for place in found:  # grows
        for name in in_force(version, place)[1]:
            below = (*place, name)
            key = (below[-3:], "".join(below[2:3]))
            if key not in seen:
                seen.add(key)
                found.append(below)
    return found
