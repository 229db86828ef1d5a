"""What the grammar says of one document, and by which version it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.grammar.spaces import SPACE
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import Sight, is_valid, violations
from cibcheck.grammar.versions import VERSIONS, first_release, known_everywhere, newest_of, parse_version
from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.documents.cib import CibDocument
    from cibcheck.documents.source import Place
    from cibcheck.grammar.versions import Version
    from cibcheck.grammar.violation import Kind, Violation

PREFIX = "pacemaker-"
"""What stands before the version in ``validate-with``."""


class Judgement:
    """A document held against the grammar, when somebody asks.

    ``lines`` are the Pacemaker release lines that the run is for; ``version`` overrides what the document declares; ``engine`` is who
    judges: ``tables``, the compiled schema, or ``xmlschema``.
    """

    def __init__(
        self, document: CibDocument, lines: Iterable[str], version: Version | None = None, engine: str = "tables"
    ) -> None:
        self.document = document
        self.lines = frozenset(lines)
        self.root: _Element = document.root
        self._override = version
        self._engine = engine
        self._sight: Sight | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the document is a whole CIB, not a section of one."""
        return str(self.root.tag).rpartition("}")[2] == "cib"

    @property
    def declared(self) -> str | None:
        """What ``validate-with`` says; None where it is absent, or the document a section, which has none."""
        return self.root.get("validate-with") if self.is_whole else None

    @property
    def declared_version(self) -> Version | None:
        """The version that the document declares; None where it names none that exists."""
        text = self.declared or ""
        return parse_version(text.removeprefix(PREFIX)) if text.startswith(PREFIX) else None

    @property
    def newest_known(self) -> Version:
        """The newest version that some Pacemaker of the run knows."""
        return newest_of(self.lines)

    @property
    def known_everywhere(self) -> Version:
        """The newest version that every release of the run's lines knows."""
        return known_everywhere(self.lines)

    @staticmethod
    def first_release(version: Version) -> str:
        """The first release of Pacemaker that knows a version of the schema."""
        return first_release(version)

    @property
    def is_off(self) -> bool:
        """Whether the document switches validation off, so that Pacemaker does not judge it."""
        return self._override is None and (self.declared or "").lower() == "none"

    @property
    def is_binding(self) -> bool:
        """Whether each Pacemaker of the run refuses a document for its violations. A CIB that declares nothing is taken by 2.1
        all the same (crm_verify 2.1.5, tried), and refused by 3.0 in any case."""
        return self._override is not None or not self.is_whole or self.declared is not None or "2.1" not in self.lines

    @cached_property
    def version(self) -> Version:
        """The version by which the document is judged: the one asked for, the one declared, else the newest that has the least against
        it. Pacemaker 2.1 tries them all where none is declared."""
        return self._override or self.declared_version or min(self._candidates, key=self._count)

    @property
    def _candidates(self) -> Sequence[Version]:
        """The last of each major version, since it accepts all that earlier ones do; what all Pacemakers of the run know comes first."""
        last = {version[0]: version for version in VERSIONS if version <= self.newest_known}
        newest_of_all = min(newest_of([line]) for line in self.lines)
        return sorted(last.values(), key=lambda version: (version <= newest_of_all, version), reverse=True)

    def _count(self, version: Version) -> int:
        return len(violations(self.root, grammar(version)))

    @property
    def is_chosen(self) -> bool:
        """Whether the version is cibcheck's choice, since nothing says which it is."""
        return self._override is None and self.declared_version is None

    @cached_property
    def violations(self) -> Sequence[Violation]:
        """All that is against the grammar; nothing where validation is off."""
        if self.is_off:
            return ()
        if self._engine == "xmlschema":
            from cibcheck.grammar.second_opinion import opinion

            return opinion(self.root, self.version)
        self._sight = Sight({}, [])
        return violations(self.root, grammar(self.version), self._sight)

    def may_be_id(self, name: str) -> bool:
        """Whether a name may be an XML id in the document: the walk of the grammar has seen them all, if nothing is wrong there."""
        return bool(self.violations) or self._sight is None or name in self._sight.ids

    @property
    def padded(self) -> Sequence[tuple[_Element, str]]:
        """The attributes whose values fit only without the blanks around them; none where nobody walked."""
        _ = self.violations
        return () if self._sight is None else self._sight.padded

    def of(self, kind: Kind) -> Sequence[Violation]:
        """The violations of one kind."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> Mapping[Kind, Sequence[Violation]]:
        found: dict[Kind, list[Violation]] = {}
        for violation in self.violations:
            found.setdefault(violation.kind, []).append(violation)
        return found

    def place(self, element: _Element, attribute: str | None = None) -> Place:
        """The place of an attribute's value, or of an element."""
        return self.document.place(element, attribute)

    def name_place(self, element: _Element, attribute: str = "") -> Place:
        """The place of an attribute's name, or of an element's."""
        return self.document.place(element, f"@{attribute}")

    @cached_property
    def fitting(self) -> Version | None:
        """The version to declare instead: the lowest of the same major version that accepts the document, else of the nearest one.

        Where none is declared, there is no need to go below what each release of the targets knows.
        """
        declared = self._override or self.declared_version
        majors = sorted({major for major, _ in self._known()}, reverse=True)
        if declared is not None:
            majors.sort(key=lambda major: (major < declared[0], abs(major - declared[0])))
        found = next((version for major in majors if (version := self._lowest(major)) is not None), None)
        known = self.known_everywhere
        return max(found, known) if found is not None and declared is None and found[0] == known[0] else found

    def _known(self) -> Sequence[Version]:
        """The versions that every Pacemaker of the run knows, and the declared one."""
        newest = min(newest_of([line]) for line in self.lines)
        declared = self.declared_version
        return [version for version in VERSIONS if version <= newest or (declared and version <= declared)]

    def _lowest(self, major: int) -> Version | None:
        """The lowest version of a major one that accepts the document. What a minor version accepts, later ones do too."""
        minors = [version for version in self._known() if version[0] == major]
        if not is_valid(self.root, grammar(minors[-1])):
            return None
        low, high = 0, len(minors) - 1
        while low < high:
            middle = (low + high) // 2
            if is_valid(self.root, grammar(minors[middle])):
                high = middle
            else:
                low = middle + 1
        return minors[high]

    @cached_property
    def _taken_ids(self) -> set[str]:
        return {str(text).strip(SPACE) for text in self.root.xpath("//@id")}

    def free_id(self, wish: str) -> str:
        """An id that nothing has yet, and that was not handed out before: the wish, or the wish with a number."""
        name, number = wish, 1
        while name in self._taken_ids:
            number += 1
            name = f"{wish}-{number}"
        self._taken_ids.add(name)
        return name
