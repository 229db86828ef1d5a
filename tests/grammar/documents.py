"""Random CIBs, made from the grammar: valid ones, and ones with a few mutations."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.grammar.tables import Grammar, grammar

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cibcheck.grammar.tables import Type
    from cibcheck.grammar.versions import Version

TEXTS = ("a", "b1", "web", "", "1", "10s", "2040-01-01", "#uname", "ocf", "INFINITY", "stonith-enabled", "x y")
ODD_VALUES = (
    "", " ", "x", "1", "-1", "+1", "01", "-0", "+0", "1.5", "true", " true ", "TRUE", "yes", "INFINITY", " INFINITY", "infinity", "+INFINITY",
    "-INFINITY", "ocf", "ocf ", "OCF", "a:b", "1a", "a b", "٣", "é", "ᚠ", "_", "-", "or", "date_spec", "9999999999999999999999",
)  # fmt: skip
ODD_NAMES = (
    "bogus",
    "id",
    "id-ref",
    "score",
    "rsc",
    "node",
    "name",
    "value",
    "type",
    "role",
    "kind",
    "class",
    "template",
    "description",
)


_WIDE, _DEEPEST = 4, 6


class Maker:
    """Makes documents of one version from one seed."""

    def __init__(self, version: Version, seed: int) -> None:
        self.grammar: Grammar = grammar(version)
        self.random = random.Random(seed)
        self.ids: list[str] = []

    def document(self) -> _Element:
        """A document that keeps the grammar, as far as chance allows; references may dangle."""
        self.ids = []
        root = self._element("cib", self.grammar.type("cib"), 0)
        for name in ("validate-with", "xmlns"):
            root.attrib.pop(name, None)
        root.set("validate-with", "pacemaker-{}.{}".format(*self.grammar.version))
        return root

    def _element(self, tag: str, kind: Type, depth: int) -> _Element:
        element = etree.Element(tag)
        if kind.is_open:
            return element
        for _ in range(80):
            mark = len(self.ids)
            attributes, counts = self._attributes(kind), self._counts(tag, kind, depth)
            if all(
                condition.holds(attributes, {name: one for name, one in counts.items() if one}) for condition in kind.conditions
            ):
                break
            del self.ids[mark:]
        for name, value in attributes.items():
            element.set(name, value)
        inner = [name for name, number in counts.items() for _ in range(number)]
        if kind.steps is None:
            self.random.shuffle(inner)
        for name in inner:
            element.append(self._element(name, self.grammar.type(kind.children[name].type), depth + 1))
        return element

    def _attributes(self, kind: Type) -> dict[str, str]:
        density = self.random.choice((0.1, 0.4, 0.8))
        return {
            name: self._value(kind, name) for name in kind.attributes if name in kind.required or self.random.random() < density
        }

    def _counts(self, tag: str, kind: Type, depth: int) -> dict[str, int]:
        """How often each child is to stand in an element, in the order of the grammar."""
        counts: dict[str, int] = {}
        names = [name for step in kind.steps for name in sorted(step.names)] if kind.steps is not None else list(kind.children)
        for name in names:
            child = kind.children[name]
            many = child.least + self.random.choice((0, 1, 1, 2 if depth < _WIDE else 1))
            wanted = self.random.random() < (0.6 if depth < _WIDE else 0.3) and not (name == tag and depth > _DEEPEST)
            counts[name] = (many if child.most is None else min(many, child.most)) if wanted else child.least
        return counts

    def _value(self, kind: Type, name: str) -> str:
        if name in kind.ids:
            value = f"id{len(self.ids)}"
            self.ids.append(value)
            return value
        if name in kind.references:
            return self.random.choice(self.ids) if self.ids else "id0"
        listed = [
            one for one, marks in self.grammar.allowed_values(kind.name, name) if marks[0] <= self.grammar.version <= marks[1]
        ]
        if listed:
            return self.random.choice(listed)
        check = kind.attributes[name]
        if check is None:
            return self.random.choice(TEXTS)
        return self.random.choice([one for one in (*ODD_VALUES, "1-5") if check.fits(one)] or ["1"])

    def mutate(self, root: _Element) -> None:
        """One change that may or may not break the grammar."""
        elements = [
            one for one in root.iter("*") if one is not root and not any(up.tag == "status" for up in one.iterancestors())
        ]
        element = self.random.choice([*elements, root])
        parent = element.getparent()
        match self.random.randrange(9):
            case 0 if element.attrib:
                del element.attrib[self.random.choice(list(element.attrib))]
            case 1:
                element.set(self.random.choice(ODD_NAMES), self.random.choice(ODD_VALUES))
            case 2 if element.attrib:
                element.set(self.random.choice(list(element.attrib)), self.random.choice(ODD_VALUES))
            case 3 if parent is not None:
                parent.remove(element)
            case 4 if parent is not None:
                twin = self._copy(element)
                parent.insert(self.random.randint(0, len(parent)), twin)
            case 5 if elements:
                self.random.choice(elements).append(self._copy(element) if element is not root else etree.Element("primitive"))
            case 6:
                element.tag = (
                    self.random.choice([str(one.tag) for one in elements] + ["bogus", "master", "rule", "lifetime"])
                    if element is not root
                    else "cib"
                )
            case 7:
                element.text = self.random.choice(("text", " \n ", " "))
            case _ if parent is not None:
                inner = list(parent)
                self.random.shuffle(inner)
                parent[:] = inner
            case _:
                pass

    def _copy(self, element: _Element) -> _Element:
        twin = etree.fromstring(etree.tostring(element))
        if self.random.random() < 0.7:
            for one in twin.iter("*"):
                if one.get("id"):
                    self.ids.append(f"id{len(self.ids)}c")
                    one.set("id", self.ids[-1])
        twin.tail = None
        return twin
