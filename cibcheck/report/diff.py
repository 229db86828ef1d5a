"""What fixes change, as a unified diff. Keys and passwords are starred on both sides, so that a diff may be shown to anybody.

The lines that stay are found by those that occur once in both texts, as in patience diff. (difflib takes time that grows with the square
of the text: half a minute for a large CIB.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from cibcheck.documents.source import Source, secrets_in
from cibcheck.records import NamedTuple
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTEXT = 3
_NO_LINE_END = "\\ No newline at end of file"


class _Edit(NamedTuple):
    """Lines of the old text, by their indexes, and those of the new text in their place."""

    start: int
    end: int
    new_start: int
    new_end: int


def unified(name: str, before: Source, after: bytes) -> Iterator[str]:
    """The lines of the diff of a file, without line ends; ``after`` is in the encoding of ``before``."""
    old, new = _lines(before), _lines(before.like(after))
    edits = list(_edits(old, new))
    if edits:
        yield f"--- {printable(name)}"
        yield f"+++ {printable(name)}"
    for hunk in _hunks(edits):
        yield from _hunk(hunk, old, new)


def _lines(source: Source) -> list[str]:
    text, pieces, done = source.text, list[str](), 0
    for low, high in secrets_in(text):
        pieces += [text[done:low], "*" * (high - low)]
        done = high
    *lines, last = "".join((*pieces, text[done:])).split("\n")
    return [*(line + "\n" for line in lines), *([last] if last else [])]


def _edits(old: Sequence[str], new: Sequence[str]) -> Iterator[_Edit]:
    """The stretches that differ, in order."""
    start = new_start = 0
    for end, new_end in (*_anchors(old, new), (len(old), len(new))):
        # Between two lines that stay, those that are equal from the start or from the end stay as well.
        low, new_low, high, new_high = start, new_start, end, new_end
        while low < high and new_low < new_high and old[low] == new[new_low]:
            low, new_low = low + 1, new_low + 1
        while low < high and new_low < new_high and old[high - 1] == new[new_high - 1]:
            high, new_high = high - 1, new_high - 1
        if low < high or new_low < new_high:
            yield _Edit(low, high, new_low, new_high)
        start, new_start = end, new_end


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that occur once in both texts, as many as are in the same order: the longest increasing sequence."""
    in_old, in_new = Counter(old), Counter(new)
    place = {line: index for index, line in enumerate(new) if in_new[line] == 1 and in_old[line] == 1}
    common = [(index, place[line]) for index, line in enumerate(old) if line in place]
    ends: list[int] = []  # the smallest end of a sequence of each length
    last: list[int] = []  # which of the common lines that is
    previous: list[int] = []
    for number, (_, index) in enumerate(common):
        length = bisect_left(ends, index)
        previous.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(index)
            last.append(number)
        else:
            ends[length], last[length] = index, number
    chain: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(common[number])
        number = previous[number]
    return chain[::-1]


def _hunks(edits: Sequence[_Edit]) -> Iterator[list[_Edit]]:
    """Edits whose context would touch are in one hunk."""
    hunk: list[_Edit] = []
    for edit in edits:
        if hunk and edit.start - hunk[-1].end > 2 * _CONTEXT:
            yield hunk
            hunk = []
        hunk.append(edit)
    if hunk:
        yield hunk


def _hunk(edits: Sequence[_Edit], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    first, last = edits[0], edits[-1]
    start, end = max(first.start - _CONTEXT, 0), min(last.end + _CONTEXT, len(old))
    new_start, new_end = first.new_start - (first.start - start), last.new_end + (end - last.end)
    yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@"
    at = start
    for edit in edits:
        yield from _shown(" ", old[at : edit.start])
        yield from _shown("-", old[edit.start : edit.end])
        yield from _shown("+", new[edit.new_start : edit.new_end])
        at = edit.end
    yield from _shown(" ", old[at:end])


def _range(start: int, end: int) -> str:
    """The lines of a hunk: the first one (the one before, where there is none), and how many, unless it is one."""
    count = end - start
    return f"{start + 1}" if count == 1 else f"{start + 1 if count else start},{count}"


def _shown(sign: str, lines: Sequence[str]) -> Iterator[str]:
    """Lines as a terminal may have them, with their tabs and the carriage return at their end."""
    for line in lines:
        text = line.removesuffix("\n")
        body = text.removesuffix("\r")
        yield sign + "\t".join(map(printable, body.split("\t"))) + text[len(body) :]
        if not line.endswith("\n"):
            yield _NO_LINE_END
