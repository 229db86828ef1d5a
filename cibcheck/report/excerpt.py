"""The lines of a file around the places of a finding, with marks under them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from cibcheck.documents.source import secrets_in
from cibcheck.records import NamedTuple
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.source import Document, Place

_SHOWN_BEFORE = 12
_ELLIPSIS = "…"


class Mark(NamedTuple):
    """A place to point at."""

    place: Place
    label: str
    is_primary: bool


class ExcerptLine(NamedTuple):
    """One line of an excerpt: a line of the file with its number, or a line of marks under it."""

    number: int | None
    text: str
    is_primary: bool = False


def columns(text: str) -> int:
    """How many columns a terminal needs for a printable text."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class _Window(NamedTuple):
    """The part of a line that is shown: ``text`` with all its characters, the columns (from 0) that it spans, and what stands for the rest."""

    text: str
    start: int
    end: int
    head: str
    tail: str

    @property
    def shown(self) -> str:
        """What is printed: as wide as the text, with an ellipsis where something was cut."""
        return self.head + printable(self.text[len(self.head) :].rstrip()) + self.tail

    def marked(self, mark: Mark) -> ExcerptLine:
        """The line with the mark, to go under it."""
        start, end = mark.place.span
        low = start.column - 1 - self.start
        high = end.column - 1 - self.start if end.line == start.line else len(self.text.rstrip())
        before = columns(printable(self.text[:low]))
        width = max(1, columns(printable(self.text[low:high])))
        sign = "^" if mark.is_primary else "─"
        return ExcerptLine(None, f"{' ' * before}{sign * width} {mark.label}".rstrip(), mark.is_primary)


class Excerpts:
    """Makes excerpts. Costs what is shown, however long the lines of a document are."""

    def __init__(self, width: int) -> None:
        self._width = max(width, 40)
        self._texts: dict[int, str] = {}

    def lines(self, document: Document, marks: Sequence[Mark]) -> Iterator[ExcerptLine]:
        """The lines of a document that the marks stand on, each followed by its marks; in the order of the text."""
        by_line: dict[int, list[Mark]] = {}
        for mark in sorted(marks, key=_start):
            by_line.setdefault(mark.place.span.start.line, []).append(mark)
        previous = None
        for number, on_line in by_line.items():
            if previous is not None and number > previous + 1:
                yield ExcerptLine(None, _ELLIPSIS)
            previous = number
            start, end = document.source.line_range(number)
            for together in self._groups(end - start, on_line):
                window = self._window(document, start, end, together)
                yield ExcerptLine(number, window.shown)
                for mark in reversed(together):
                    yield window.marked(mark)

    def _groups(self, length: int, marks: list[Mark]) -> Iterator[list[Mark]]:
        """The marks on a line that can be shown together: all, or one at a time where the line is too long for that."""
        reach = max(mark.place.span.end.column for mark in marks) - marks[0].place.span.start.column
        if length <= self._width or reach + _SHOWN_BEFORE < self._width:
            yield marks
        else:
            for mark in marks:
                yield [mark]

    def _window(self, document: Document, start: int, end: int, marks: Sequence[Mark]) -> _Window:
        """A line, or of a long one as much as fits: from shortly before the first mark, with room for what stands beside the marks."""
        text = self._without_secrets(document)
        if end - start <= self._width and columns(printable(text[start:end])) <= self._width:
            return _Window(text[start:end], 0, end - start, "", "")
        first = marks[0].place.span.start.column - 1
        needed = max(end - start, *(mark.place.span.end.column + len(mark.label) for mark in marks))
        cut = max(0, min(first - _SHOWN_BEFORE, needed - self._width))
        stop = min(cut + self._width, end - start)
        only_blanks = cut <= self._width and not text[start : start + cut].strip()  # an indentation is missed by nobody
        head, tail = "" if only_blanks else _ELLIPSIS, _ELLIPSIS if start + stop < end else ""
        return _Window(text[start + cut : start + stop], cut, stop, head, tail)

    def _without_secrets(self, document: Document) -> str:
        """The text of a document with its keys and passwords starred, so that columns stay."""
        text = self._texts.get(id(document))
        if text is None:
            pieces, done, whole = [], 0, document.source.text
            for low, high in secrets_in(whole):
                pieces += [whole[done:low], "*" * (high - low)]
                done = high
            text = self._texts[id(document)] = "".join((*pieces, whole[done:]))
        return text


def _start(mark: Mark) -> tuple[int, int]:
    start = mark.place.span.start
    return (start.line, start.column)
