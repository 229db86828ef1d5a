"""Name/value pairs: which of the sets that set a name counts.

Tried with ``crm_resource`` of Pacemaker 2.1.5 and 3.0.2: the set with the highest score wins; of equal scores the last in the
document, own sets coming after those of the template; within one set the first pair. Scores do not reach across sources: own and
template sets come before the group's, these before the clone's, and the defaults come last.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

from cibcheck.documents.source import Place
from cibcheck.model import values
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element

    from cibcheck.model.cib import Cib
    from cibcheck.model.values import Parsed, T

SetKind: TypeAlias = 'Literal["meta_attributes", "instance_attributes", "cluster_property_set", "utilization"]'
Condition: TypeAlias = 'Literal["rule", "id-ref"]'


class Setting(NamedTuple):
    """One pair that sets a name. ``condition`` says what decides whether it applies: a rule, an id-ref that Pacemaker 3.0.2 no
    longer follows inside of resources, or nothing."""

    name: str
    text: str
    place: Place
    name_place: Place
    condition: Condition | None

    @property
    def element(self) -> _Element:
        """The ``nvpair``, or the element of the XML attribute."""
        element: _Element = self.place.node
        return element

    @property
    def holder(self) -> _Element:
        """The set that a pair stands in."""
        parent = self.element.getparent()
        return self.element if parent is None else parent


class WrittenPair(NamedTuple):
    """A pair as it stands in the file: the ``nvpair``, the set that holds it, and what the set belongs to."""

    element: _Element
    holder: _Element
    owner: _Element

    @property
    def text(self) -> str:
        """The value."""
        return self.element.get("value", "")


class Resolved:
    """A value as Pacemaker finds it: the candidates in order of precedence, up to the first that surely applies.

    Empty: the name is not set (absent). First candidate unconditional: the value is certain. Otherwise it is conditional.
    """

    __slots__ = ("candidates",)

    def __init__(self, candidates: Sequence[Setting]) -> None:
        self.candidates = candidates

    @property
    def certain(self) -> Setting | None:
        """The setting that surely applies."""
        return self.candidates[0] if self.candidates and self.candidates[0].condition is None else None

    @property
    def is_absent(self) -> bool:
        """Nobody sets the name."""
        return not self.candidates

    @property
    def is_conditional(self) -> bool:
        """Which value applies depends on a rule (or on the version of Pacemaker)."""
        return bool(self.candidates) and self.candidates[0].condition is not None

    @property
    def text(self) -> str | None:
        """The text that surely applies."""
        return setting.text if (setting := self.certain) else None

    def parse(self, parser: Callable[[str], Parsed[T]]) -> T | None:
        """The meaning of the text that surely applies; None where there is no such text, or it has no meaning."""
        return None if (text := self.text) is None else parser(text).value


Source: TypeAlias = "list[dict[str, Setting]]"
"""The sets of one owner, best first; each maps a name to the pair that counts in it."""


class _Set(NamedTuple):
    element: _Element
    score: int
    condition: Condition | None


class AttributeReader:
    """Reads the sets of one CIB."""

    def __init__(self, cib: Cib) -> None:
        self._cib = cib
        self._default_sources: dict[str, Source] = {}
        self._read: dict[tuple[_Element, Condition | None], dict[str, Setting]] = {}

    def resolve(self, names: Sequence[str], sources: Sequence[Source]) -> Resolved:
        """The candidates for a name, source by source; a later spelling counts only where no earlier one surely does.

        Raises:
            Unknown: as `Cib.spend` does.
        """
        found: list[Setting] = []
        for name in names:
            for sets in sources:
                if len(sets) > _MANY:  # everybody whom they are for looks through them
                    self._cib.spend(len(sets))
                for pairs in sets:
                    if (setting := pairs.get(name)) is not None:
                        found.append(setting)
                        if setting.condition is None:
                            return Resolved(found)
        return Resolved(found)

    def is_written(self, names: Sequence[str]) -> bool:
        """Whether any pair or operation of the document has one of the names; most names that are asked for are nowhere."""
        return not self._cib.names_written.isdisjoint(names)

    def defaults(self, section: str) -> Source:
        """The sets of rsc_defaults or op_defaults, best first; none where the file does not hold them."""
        if section not in self._default_sources:
            element = self._cib.section(section) if self._cib.knows(section) else None
            self._default_sources[section] = [] if element is None else self.source("meta_attributes", element)
        return self._default_sources[section]

    def note_if_unknown(self, section: str) -> None:
        """Note that a section was wanted, where the file does not hold it."""
        if not self._cib.knows(section):
            self._cib.ledger.note(self._cib.gap(section))

    def source(self, kind: SetKind, *owners: _Element) -> Source:
        """The sets of that kind that are direct children of the owners (a template before the primitive), best first."""
        sets = [found for owner in owners for element in owner.iterchildren(kind) if (found := self._set(owner, element))]
        if len(sets) > 1:
            sets.reverse()
            sets.sort(key=_precedence)
        return [self._pairs(found) for found in sets]

    def sets(self, kind: SetKind, owner: _Element) -> Iterator[tuple[_Element, Condition | None, dict[str, Setting]]]:
        """The sets of that kind that are direct children of an owner, in the order of the document: the element that holds the pairs, on
        what condition they apply, and those that count."""
        for element in owner.iterchildren(kind):
            if (found := self._set(owner, element)) is not None:
                yield found.element, found.condition, self._pairs(found)

    def _set(self, owner: _Element, element: _Element) -> _Set | None:
        condition: Condition | None = None
        if (reference := element.get("id-ref")) is not None:
            target = self._cib.element(reference)
            if target is None or target.tag != element.tag:
                return None
            if owner.tag in _RESOURCES and not self._cib.follows_id_ref:
                condition = "id-ref"
            element = target
        if next(element.iterchildren("rule"), None) is not None:
            condition = "rule"
        score = element.get("score")
        return _Set(element, (values.score(score).value or 0) if score else 0, condition)

    def _pairs(self, found: _Set) -> dict[str, Setting]:
        key = (found.element, found.condition)
        if (pairs := self._read.get(key)) is not None:
            return pairs
        # Read once for all that get it: the members of a group, the users of a template.
        pairs = self._read[key] = {}
        for setting in self.settings(found.element, found.condition):
            pairs.setdefault(setting.name, setting)
        return pairs

    def settings(self, element: _Element, condition: Condition | None = None) -> Iterator[Setting]:
        """The pairs written in one set, in the order of the document; an id-ref of a single pair is followed."""
        document = self._cib.document
        for pair in element.iterchildren("nvpair"):
            source = pair
            if (reference := pair.get("id-ref")) is not None:
                target = self._cib.element(reference)
                if target is None or target.tag != "nvpair":
                    continue
                source = target
            name = pair.get("name") or source.get("name")
            text = source.get("value")
            if name is None or text is None:
                continue
            place = Place(document, source, "value")
            yield Setting(name, text, place, Place(document, pair if pair.get("name") else source, "name"), condition)


def _precedence(found: _Set) -> tuple[bool, int]:
    return (found.element.get("id") != "cib-bootstrap-options" or found.element.tag != "cluster_property_set", -found.score)


_MANY = 50
_ABSENT = Resolved(())
_RESOURCES = frozenset(("primitive", "group", "clone", "master", "bundle", "template"))


class Attributes:
    """The attributes of one owner: a lookup by name over its sources, read when first asked.

    ``defaults`` names the section that has the last word; where the file does not hold it, every lookup that would have to ask
    there is noted as not evaluated.
    """

    def __init__(self, reader: AttributeReader, *sources: Callable[[], Source], defaults: str | None = None) -> None:
        self._reader = reader
        self._makers = sources
        self._defaults = defaults

    @cached_property
    def _sources(self) -> list[Source]:
        sources = [make() for make in self._makers]
        return sources if self._defaults is None else [*sources, self._reader.defaults(self._defaults)]

    def get(self, *names: str) -> Resolved:
        """The value of a name; several names are spellings of one option, of which the first in precedence counts."""
        resolved = self._reader.resolve(names, self._sources) if self._reader.is_written(names) else _ABSENT
        if self._defaults is not None and resolved.certain is None:
            self._reader.note_if_unknown(self._defaults)
        return resolved

    def beside(self, kind: SetKind, owner: _Element) -> Attributes:
        """Attributes of another kind, of one element, that are read from the same CIB."""
        return Attributes(self._reader, lambda: self._reader.source(kind, owner))

    def all(self) -> Iterator[Setting]:
        """Every setting, whether it counts or not, best first."""
        for pairs in chain.from_iterable(self._sources):
            yield from pairs.values()
