"""Compares a document with the grammar: one walk, linear in the document.

An element's *structure*, the names of its attributes and of its children in order and the values that conditions ask for, is judged once
for all elements alike; then only values are left to look at. What is wrong is explained apart, by `Explainer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.grammar.explanation import Explainer
from cibcheck.grammar.spaces import SPACE
from cibcheck.grammar.violation import Violation
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.grammar.tables import Grammar, Type


def is_valid(root: _Element, grammar: Grammar) -> bool:
    """Whether a document, or a section, keeps the grammar."""
    return not violations(root, grammar)


class Sight(NamedTuple):
    """What a walk has seen on its way: the ids that the document has, and the attributes whose values fit only without the blanks around
    them."""

    ids: dict[str, _Element]
    padded: list[tuple[_Element, str]]


def violations(root: _Element, grammar: Grammar, sight: Sight | None = None) -> list[Violation]:
    """All that is against the grammar. A section is judged as part of a CIB; what other sections must hold is not asked. ``sight`` is
    filled."""
    start = grammar.type_of_section(str(root.tag))
    if start is None:
        kind = "namespace" if str(root.tag).startswith("{") else "unknown-element"
        return [Violation(kind, root, name=str(root.tag), allowed=["cib"])]  # type: ignore[arg-type]
    walk = _Walk(grammar, sight or Sight({}, []))
    walk.judge(root, start)
    walk.identities(knows_all_ids=root.tag in ("cib", "configuration"))
    walk.texts(root)
    return list(walk.explainer.without_consequences(walk.found))


class _Walk:
    """One walk over one document."""

    def __init__(self, grammar: Grammar, sight: Sight) -> None:
        self.explainer = Explainer(grammar)
        self.found: list[Violation] = []
        self._ids, self._padded = sight
        self._repeated: list[tuple[str, _Element, str]] = []
        self._references: list[tuple[str, _Element, str]] = []
        self._unjudged: set[_Element] = set()

    def judge(self, root: _Element, start: Type) -> None:
        """Judge an element and all that is in it."""
        ids, references, padded, space = self._ids, self._references, self._padded, SPACE

        # One call for each element of the document: names are kept near, and nothing is made that is not needed. It goes as deep as
        # the document, whose depth the parser bounds.
        def visit(element: _Element, kind: Type) -> None:
            get = element.get
            names = tuple(element.keys())
            shape = kind.shapes.get(names) or kind.shape(names)
            wrong = None
            for name, quick, exact in shape.checks:
                text = get(name, "")
                if not quick(text):
                    if exact(text):
                        padded.append((element, name))
                    else:
                        wrong = [*(wrong or ()), name]
            for name, quick, exact in shape.ids:
                text = get(name, "")
                if not quick(text):
                    if not exact(text):
                        wrong = [*(wrong or ()), name]
                    text = text.strip(space)
                if ids.setdefault(text, element) is not element:
                    self._repeated.append((text, element, name))
            for name in shape.references:
                references.append((get(name, "").strip(space), element, name))

            tags: tuple[str, ...] = ()
            if len(element):
                inner = kind.inner
                below: list[str] = []
                for child in element:
                    tag: str = child.tag  # type: ignore[assignment]  # it is a function in a comment, which no table knows
                    own = inner[tag]
                    if own is not None:
                        below.append(tag)
                        visit(child, own)
                    elif tag.__class__ is str:  # else a comment or a processing instruction
                        below.append(tag)
                        self._pass_over(child, is_open=tag in kind.children)
                tags = tuple(below)

            structure = (*tags, *map(get, shape.telling)) if shape.telling else tags
            if wrong is not None or structure not in shape.sound:
                self._look_closely(element, kind, wrong or (), shape.sound, structure)

        visit(root, start)

    def _look_closely(
        self,
        element: _Element,
        kind: Type,
        wrong: Sequence[str],
        sound: set[tuple[str | None, ...]],
        structure: tuple[str | None, ...],
    ) -> None:
        """An element with a wrong value, or one of a structure not seen yet."""
        found = self.explainer.explain(element, kind, wrong)
        if not found:
            sound.add(structure)
        for violation in found:
            self.found.append(violation)
            if violation.kind == "unknown-attribute" and violation.successor == "id":
                self._ids.setdefault(element.get(violation.name, "").strip(SPACE), element)

    def _pass_over(self, element: _Element, *, is_open: bool) -> None:
        """What is not judged. Of what has no place there the ids are collected, so that references to them are not called dangling."""
        self._unjudged.add(element)
        if not is_open:
            for one in element.iter("*"):
                if (name := one.get("id")) is not None:
                    self._ids.setdefault(name.strip(SPACE), one)

    def identities(self, *, knows_all_ids: bool) -> None:
        """What stands twice, and what stands nowhere: one violation for each id, however often it is written."""
        explainer = self.explainer
        for text, places in _by_text(self._repeated).items():
            self.found.append(explainer.repeated(text, self._ids[text], places))
        known = list(self._ids)  # one for all: there may be as many dangling references as ids
        dangling = _by_text(one for one in self._references if one[0] not in self._ids)
        for text, places in dangling.items():
            self.found += explainer.unresolved(text, places, known, knows_all_ids=knows_all_ids)

    def texts(self, root: _Element) -> None:
        """Text where none may be. One search by libxml2 is cheaper than a look at each element."""
        for text in root.xpath("//text()[normalize-space()]"):
            holder = text.getparent()
            element = holder.getparent() if text.is_tail else holder
            if self._unjudged.isdisjoint((element, *element.iterancestors())):
                # A comment has no place of its own.
                at = (holder, "#tail" if text.is_tail else "#text") if isinstance(holder.tag, str) else (element, None)
                self.found.append(Violation("text", element, name=text.strip(SPACE), others=[at]))


def _by_text(written: Iterable[tuple[str, _Element, str]]) -> Mapping[str, Sequence[tuple[_Element, str]]]:
    """Where each id stands."""
    found: dict[str, list[tuple[_Element, str]]] = {}
    for text, element, attribute in written:
        found.setdefault(text, []).append((element, attribute))
    return found
