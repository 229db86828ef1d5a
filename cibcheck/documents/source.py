"""The text of a file and the places in it."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from cibcheck.documents.edits import CannotEdit
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from cibcheck.documents.comments import Comment
    from cibcheck.documents.edits import Edit, Replacement

# XML 1.0 section 2.11 and systemd agree: these end a line, and nothing else does (str.splitlines knows seven more).
_LINE_END = r"\r\n|\n|\r"
_CHUNK = 4096

STDIN = "<stdin>"
"""What standard input is called where the user gives it no name."""
NAME = "cibcheck"
"""The word by which a comment speaks to us."""


class Position(NamedTuple):
    """A point in a file: line and column count from 1, columns in characters; offset counts bytes from 0."""

    line: int
    column: int
    offset: int


class Span(NamedTuple):
    """A stretch of a file, from start up to, not including, end."""

    start: Position
    end: Position


class Source:
    """The bytes of one file, decoded, with positions worked out when somebody asks.

    ``encoding`` is a Python codec name without a byte order mark of its own; ``skip`` is the length in bytes of a mark at the
    start that is not part of the text. Bytes that are not UTF-8 survive as surrogates, so offsets stay exact.
    """

    def __init__(self, data: bytes, encoding: str = "utf-8", skip: int = 0) -> None:
        self.data = data
        self.encoding = encoding
        self._skip = skip
        self._errors = "surrogateescape" if encoding.lower().replace("_", "-") in ("utf-8", "ascii", "us-ascii") else "replace"

    @cached_property
    def text(self) -> str:
        """The decoded text."""
        return self.data[self._skip :].decode(self.encoding, self._errors)

    @property
    def is_addressed(self) -> bool:
        """Whether the file has the word that comments for us have."""
        return self.mentions(NAME)

    def mentions(self, word: str) -> bool:
        """Whether a word stands anywhere in the file: a look at the bytes, so that a file without it costs nothing."""
        return word.encode(self.encoding) in self.data

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """The index of each line's first character."""
        return [0, *(end.end() for end in re.finditer(_LINE_END, self.text))]

    @cached_property
    def _checkpoints(self) -> Sequence[int]:
        """The byte offset of every 4096th character, so that no position costs more than that, however long a line is."""
        text = self.text
        chunks = (text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK))
        return list(accumulate((len(chunk.encode(self.encoding, self._errors)) for chunk in chunks), initial=self._skip))

    def _offset(self, index: int) -> int:
        if len(self.data) == len(self.text) + self._skip:
            return index + self._skip
        start = index - index % _CHUNK
        return self._checkpoints[index // _CHUNK] + len(self.text[start:index].encode(self.encoding, self._errors))

    def like(self, data: bytes) -> Source:
        """Other bytes, in the same encoding."""
        return Source(data, self.encoding, self._skip)

    def has(self, text: str) -> bool:
        """Whether the encoding has all characters of a text."""
        try:
            text.encode(self.encoding)
        except UnicodeError:
            return False
        return True

    def replaced(self, replacements: Sequence[Replacement]) -> bytes:
        """The bytes with stretches of the text replaced, each other byte as it was. ``replacements`` do not overlap; of those at one
        point, the first given comes first.

        Raises:
            CannotEdit: the bytes are not all text in this encoding, or it has not all characters of what is new.
        """
        if not self.is_text:
            raise CannotEdit("the file has bytes that are no text in its encoding")
        pieces, done = list[str](), 0
        for start, end, new in sorted(replacements, key=lambda one: one[:2]):
            pieces += [self.text[done:start], new]
            done = end
        try:
            return self.data[: self._skip] + "".join((*pieces, self.text[done:])).encode(self.encoding, self._strict)
        except UnicodeError:
            raise CannotEdit(f"the file's encoding, {self.encoding}, has not all characters that are needed") from None

    @cached_property
    def is_text(self) -> bool:
        """Whether the text, encoded again, gives the bytes of the file; only then can a part of it be changed."""
        try:
            return self.text.encode(self.encoding, self._strict) == self.data[self._skip :]
        except UnicodeError:
            return False

    @property
    def _strict(self) -> str:
        return "strict" if self._errors == "replace" else self._errors

    def position(self, index: int) -> Position:
        """The position of the character at ``index`` of the text (0-based; the length of the text is its end)."""
        from bisect import bisect_right

        line = bisect_right(self.line_starts, index) - 1
        return Position(line + 1, index - self.line_starts[line] + 1, self._offset(index))

    def span(self, start: int, end: int) -> Span:
        """The span of ``text[start:end]``."""
        return Span(self.position(start), self.position(end))

    @property
    def line_count(self) -> int:
        """How many lines the text has; a text without any line end has one."""
        return len(self.line_starts)

    def line_range(self, number: int) -> tuple[int, int]:
        """Where a line (counted from 1) starts, and where it ends without its line end; indexes into the text."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        while end > starts[number - 1] and self.text[end - 1] in "\r\n":
            end -= 1
        return starts[number - 1], end

    def line(self, number: int) -> str:
        """The text of a line (counted from 1), without its end."""
        start, end = self.line_range(number)
        return self.text[start:end]


# A pair whose name speaks of a secret: <nvpair name="passwd" value="…"/>, or NAME=… in a node file, be it in a comment or further on
# in a line. All repetitions are bounded, so that no input makes the search slow.
_SECRET_WORD = r"[^\"'\s=<>]{0,64}(?:passw|passphrase|secret|token|private|community|api_?key)[^\"'\s=<>]{0,64}"
_SECRET = (
    rf"""<nvpair\b(?=[^>]{{0,2048}}?\bname\s{{0,9}}=\s{{0,9}}["']{_SECRET_WORD}["'])[^>]{{0,2048}}?\bvalue\s{{0,9}}=\s{{0,9}}"""
    rf"""(?:"(?P<a>[^"]*)|'(?P<b>[^']*))"""
    rf"""|^[ \t#]{{0,64}}(?:export[ \t]{{1,9}})?{_SECRET_WORD}[ \t]{{0,9}}=(?P<c>[^\r\n]*)"""
    rf"""|(?<=[ \t]){_SECRET_WORD}=(?P<d>"[^"\r\n]*|'[^'\r\n]*|[^\s"'<>]*)"""
)


def secrets_in(text: str) -> list[tuple[int, int]]:
    """Where keys and passwords stand, as ranges of indexes: what no report may show."""
    return [match.span(match.lastgroup or 0) for match in re.finditer(_SECRET, text, re.IGNORECASE | re.MULTILINE)]


class Document(Protocol):
    """What every parsed file can tell, whatever its kind."""

    name: str
    """The name the user knows the file by."""
    source: Source

    def span(self, place: Place) -> Span:
        """Where a place of this document stands in its text."""
        ...

    def element_id(self, place: Place) -> str | None:
        """The id of the nearest element that has one; for node files the variable's name."""
        ...

    def element_path(self, place: Place) -> str | None:
        """The way from the root to the place, by element names and ids; None where a file has no such thing."""
        ...

    def enclosing(self, place: Place) -> Iterator[tuple[Hashable, str | None]]:
        """What the place is in, itself first and then outwards: what a comment can stand before, and its id or name, if it has one."""
        ...

    @property
    def comments(self) -> Sequence[Comment]:
        """The comments that speak to cibcheck."""
        ...

    def replacements(self, edit: Edit) -> Sequence[Replacement]:
        """The stretches of the text that an edit of this document replaces.

        Raises:
            CannotEdit: it cannot be done exactly.
        """
        ...


class Place(NamedTuple):
    """An address in a document. It costs nothing to make; the span is computed when a finding is shown.

    ``node`` is the document's own kind of node (an XML element, an assignment); ``part`` narrows it: for an element the name of
    an attribute (its value is meant), for an assignment ``"name"`` or ``"value"``; None is the whole node. A `Comment` is a node, too.
    """

    document: Document
    node: Any
    part: str | None = None

    @property
    def span(self) -> Span:
        return self.document.span(self)
