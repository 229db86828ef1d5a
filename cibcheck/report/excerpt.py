"""The lines of a file around the places of a finding, with marks under them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from cibcheck.documents.source import secrets_in
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.source import Document, Place, Source

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


class Excerpts:
    """Makes excerpts; remembers where the secrets of each document are."""

    def __init__(self, width: int) -> None:
        self._width = max(width, 40)
        self._secrets: dict[int, Sequence[tuple[int, int]]] = {}

    def lines(self, document: Document, marks: Sequence[Mark]) -> Iterator[ExcerptLine]:
        """The lines of a document that the marks stand on, each followed by its marks; in the order of the text."""
        by_line: dict[int, list[Mark]] = {}
        for mark in marks:
            by_line.setdefault(mark.place.span.start.line, []).append(mark)
        previous = None
        for number in sorted(by_line):
            if previous is not None and number > previous + 1:
                yield ExcerptLine(None, _ELLIPSIS)
            previous = number
            line = self._line(document, number)
            on_line = sorted(by_line[number], key=lambda mark: mark.place.span.start.column)
            for together in self._groups(line, on_line):
                shown, cut = self._window(line, together[0].place.span.start.column - 1)
                yield ExcerptLine(number, shown)
                for mark in reversed(together):
                    yield _mark_line(mark, line, cut, cut + self._width)

    def _groups(self, line: str, marks: list[Mark]) -> Iterator[list[Mark]]:
        """The marks on a line that can be shown together: all, or one at a time where the line is too long for that."""
        reach = max(_end(mark, line) for mark in marks) - marks[0].place.span.start.column + 1
        if len(line) <= self._width or reach + _SHOWN_BEFORE < self._width:
            yield marks
        else:
            for mark in marks:
                yield [mark]

    def _line(self, document: Document, number: int) -> str:
        """A line without its secrets: they are starred, so that columns stay."""
        source: Source = document.source
        start = source.line_starts[number - 1]
        line = source.line(number)
        if id(document) not in self._secrets:
            self._secrets[id(document)] = secrets_in(source.text)
        for secret_start, secret_end in self._secrets[id(document)]:
            low, high = max(secret_start - start, 0), min(secret_end - start, len(line))
            if low < high:
                line = line[:low] + "*" * (high - low) + line[high:]
        return line

    def _window(self, line: str, first: int) -> tuple[str, int]:
        """As much of a long line as fits, from shortly before the first mark; and how many characters were cut at its start."""
        if columns(printable(line)) <= self._width:
            return printable(line.rstrip()), 0
        cut = max(0, min(first - _SHOWN_BEFORE, len(line) - self._width))
        end = cut + self._width
        head = _ELLIPSIS if cut else ""
        tail = _ELLIPSIS if end < len(line) else ""
        return head + printable(line[cut + len(head) : end].rstrip()) + tail, cut


def _end(mark: Mark, line: str) -> int:
    start, end = mark.place.span
    return end.column - 1 if end.line == start.line else len(line.rstrip())


def _mark_line(mark: Mark, line: str, cut: int, limit: int) -> ExcerptLine:
    start = mark.place.span.start.column - 1
    before = columns(printable(line[cut:start]))
    width = max(1, columns(printable(line[start : min(_end(mark, line), limit)])))
    sign = "^" if mark.is_primary else "─"
    return ExcerptLine(None, f"{' ' * before}{sign * width} {mark.label}".rstrip(), mark.is_primary)
