"""Random CIBs: made from the facts, so that most are valid, and then changed in a few places, so that many are not."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.grammar.versions import Version
from cibcheck.grammar.versions import show as text
from grammar.facts import Attribute, Child, Place, facts, in_force
from grammar.values import GOOD

if TYPE_CHECKING:
    from lxml.etree import _Element

TEXTS = ("a", "b1", "web", "", "1", "10s", "2040-01-01", "#uname", "ocf", "INFINITY", "x y", " x ")
ODD_VALUES = (
    "", " ", "x", "1", "-1", "+1", "01", "-0", "+0", "1.5", "true", " true ", "TRUE", "yes", "INFINITY", " INFINITY", "infinity", "+INFINITY",
    "-INFINITY", "ocf", "ocf ", "OCF", "a:b", "1a", "a b", "٣", "é", "ᚠ", "_", "-", "or", "date_spec", "9999999999999999999999",
)  # fmt: skip
FOREIGN = "{urn:x}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
LIKELY, DEEPEST = 0.3, 9


@cache
def names() -> tuple[list[str], list[str]]:
    """The names of all elements and all attributes, and one of each that does not exist."""
    elements = facts().elements
    attributes = {one.name for element in elements.values() for one in element.attributes}
    return sorted({*elements, "bogus"}), sorted({*attributes, "bogus"})


class Maker:
    """Makes documents of one version from one seed."""

    def __init__(self, version: Version, seed: int) -> None:
        self.version = version
        self.random = random.Random(seed)
        self._ids: list[str] = []
        self._references: list[tuple[_Element, str]] = []

    def document(self) -> _Element:
        """A document that keeps the grammar."""
        self._ids, self._references = [], []
        root = self._element(("cib",))
        root.set("validate-with", f"pacemaker-{text(self.version)}")
        for element, name in self._references:
            if self._ids:
                element.set(name, self._padded(self.random.choice(self._ids)))
        return root

    def _element(self, place: Place) -> _Element:
        element = etree.Element(place[-1])
        attributes, children = in_force(self.version, place)
        chosen = {f"@{name}" for name, one in attributes.items() if one.is_required or self._is_likely()}
        chosen |= {f"<{name}>" for name, one in children.items() if one.least or (len(place) < DEEPEST and self._is_likely())}
        asked: dict[str, str] = {}
        if combined := facts().elements[place[-1]].combined(self.version, place):
            there = {*(f"@{name}" for name in attributes), *(f"<{name}>" for name in children)}
            fitting = self.random.choice([one for one in combined.alternatives if one.needed <= there])
            some = sorted((fitting.some & there) - ({"<rule>"} if len(place) >= DEEPEST else set()))
            chosen = (chosen - combined.named()) | fitting.needed | (chosen & fitting.optional)
            chosen |= {*self.random.sample(some, self.random.randint(1, 2))} if some else set()
            for name, value in fitting.values.items():
                listed = facts().values_of(attributes[name].type, self.version)
                self.random.shuffle(listed)
                asked[name] = combined.value(name, value, listed)
        for name, attribute in attributes.items():
            if f"@{name}" in chosen:
                element.set(name, asked.get(name) or self._value(element, attribute))
        inner = [name for name, one in children.items() if f"<{name}>" in chosen for _ in range(self._number(one))]
        self.random.shuffle(inner)
        for name in sorted(inner, key=lambda name: facts().elements[place[-1]].rank(self.version, place, name)):
            element.append(self._element((*place, name)))
        return element

    def _is_likely(self) -> bool:
        return self.random.random() < LIKELY

    def _number(self, child: Child) -> int:
        return 1 if child.most == 1 else self.random.choice((1, 1, 1, 2))

    def _value(self, element: _Element, attribute: Attribute) -> str:
        if attribute.type == "ID":
            self._ids.append(f"id{len(self._ids)}")
            return self._padded(self._ids[-1])
        if attribute.type == "IDREF":
            self._references.append((element, attribute.name))
            return "id0"
        if listed := facts().values_of(attribute.type, self.version):
            return self._padded(self.random.choice(listed))
        if attribute.type == "string":
            conditions = [one for one in facts().elements[str(element.tag)].conditions if one.attribute == attribute.name]
            forbidden = [value for one in conditions for value in one.values]
            return self.random.choice(forbidden if forbidden and self.random.random() < 0.02 else TEXTS)
        return self.random.choice(GOOD[attribute.type] or ["pacemaker-3.0"])

    def _padded(self, value: str) -> str:
        return self.random.choice((f" {value}", f"\n{value}\t ")) if self.random.random() < 0.03 else value

    def mutate(self, root: _Element) -> None:
        """One change that may or may not break the grammar."""
        elements = [one for one in root.iter("*") if "status" not in [up.tag for up in one.iterancestors()]]
        element = self.random.choice(elements)
        parent = element.getparent()
        attributes = list(map(str, element.attrib))
        pick = self.random.choice
        match self.random.randrange(16):
            case 0 if attributes:
                del element.attrib[pick(attributes)]
            case 1:
                element.set(pick(names()[1]), pick(ODD_VALUES))
            case 2 if attributes:
                element.set(pick(attributes), pick(ODD_VALUES))
            case 3 if attributes:
                name = pick(attributes)
                value = str(element.get(name))
                element.set(
                    name, pick((f" {value}", f"{value}\n", f"{value} ", value.swapcase(), f"{value}{value}", f"\u00a0{value}"))
                )
            case 4 if attributes:
                name = pick(attributes)
                self._rename(
                    element,
                    name,
                    pick(
                        (
                            FOREIGN + etree.QName(name).localname,
                            XSI + "type",
                            "{http://www.w3.org/XML/1998/namespace}lang",
                            pick(names()[1]),
                        )
                    ),
                )
            case 5 if parent is not None:
                parent.remove(element)
            case 6 | 7 if parent is not None:
                parent.insert(self.random.randint(0, len(parent)), self._copy(element))
            case 8 if element is not root:
                pick(elements).append(self._copy(element))
            case 9 | 10:
                element.tag = pick(names()[0]) if element is not root else "cib"
            case 11 if element is not root:
                element.tag = FOREIGN + etree.QName(element).localname
            case 12:
                self._write(element, pick(("text", "\u00a0", "٣", " \n ")))
            case 13:
                strange = pick((etree.Comment(" text "), etree.ProcessingInstruction("text", "text")))
                strange.tail = pick((None, None, " ", "text"))
                element.insert(self.random.randint(0, len(element)), strange)
            case 14:
                inner = list(element)
                self.random.shuffle(inner)
                element[:] = inner
            case _:
                element.append(etree.Element(pick(names()[0])))

    @staticmethod
    def _rename(element: _Element, old: str, new: str) -> None:
        value = str(element.get(old))
        del element.attrib[old]
        element.set(new, value)

    def _write(self, element: _Element, said: str) -> None:
        if len(element) and self.random.random() < 0.5:
            self.random.choice(list(element)).tail = said
        else:
            element.text = said

    def _copy(self, element: _Element) -> _Element:
        twin = etree.fromstring(etree.tostring(element, with_tail=False))
        if self.random.random() < 0.7:
            for one in twin.iter("*"):
                if one.get("id"):
                    self._ids.append(f"id{len(self._ids)}")
                    one.set("id", self._ids[-1])
        return twin
