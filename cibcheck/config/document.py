"""A configuration file as something that findings point into, and the suppressions in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.config.positions import extents_of
from cibcheck.documents.edits import CannotEdit
from cibcheck.documents.source import Place, Source
from cibcheck.findings.suppressions import Directive, Word
from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cibcheck.config import Layer, Settings
    from cibcheck.config.kinds import At
    from cibcheck.documents.comments import Comment
    from cibcheck.documents.edits import Edit, Replacement
    from cibcheck.documents.source import Span
    from cibcheck.findings.suppressions import Vocabulary


class ConfigDocument:
    """A layer of the settings as a document. The node of a place is the way to a value."""

    def __init__(self, layer: Layer) -> None:
        self.name = layer.name
        self.source = Source((layer.text or "").encode())
        self._inside = layer.inside

    comments: Sequence[Comment] = ()
    """What is in its comments is for people."""

    @cached_property
    def _extents(self) -> Mapping[At, tuple[int, int, int]]:
        return extents_of(self.source.text)

    def span(self, place: Place) -> Span:
        """The value, or the head of the table."""
        _, start, end = self._extents.get((*self._inside, *place.node), (0, 0, 0))
        return self.source.span(start, end)

    def element_id(self, place: Place) -> None:
        """None: it has no elements."""

    def element_path(self, place: Place) -> str:
        """The keys, dotted."""
        return ".".join(map(str, place.node))

    def replacements(self, edit: Edit) -> Sequence[Replacement]:  # noqa: ARG002 - the protocol has it
        """None can be made.

        Raises:
            CannotEdit: always.
        """
        raise CannotEdit("a configuration is mended by hand")

    def enclosing(self, place: Place) -> Iterator[tuple[At, None]]:  # noqa: ARG002 - the protocol has it
        """Nothing that a directive could be about."""
        return iter(())


def configured_directives(settings: Settings, vocabulary: Vocabulary) -> Sequence[Directive]:
    """The ``[[suppression]]`` of settings that were checked."""
    layer = next(layer for layer in reversed(settings.layers) if "suppression" in layer.table)
    document = ConfigDocument(layer)
    found: list[Directive] = []
    for number, one in enumerate(settings.suppressions):
        words = [
            Word(text, Place(document, ("suppression", number, "rules", index)), meaning)
            for index, text in enumerate(one.rules)
            if (meaning := vocabulary.meaning(text))
        ]
        place = Place(document, ("suppression", number))
        found.append(Directive(place, words, one.reason, ids=one.id, cluster=one.cluster))
    return found
