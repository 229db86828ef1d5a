"""What fixes change, as a unified diff. Keys and passwords are starred on both sides, so that a diff may be shown to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.documents.source import Source, secrets_in
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_LINE_END = "\\ No newline at end of file"


def unified(name: str, before: Source, after: bytes) -> Iterator[str]:
    """The lines of the diff of a file, without line ends; ``after`` is in the encoding of ``before``."""
    from difflib import unified_diff

    old, new = _lines(before), _lines(before.like(after))
    for number, line in enumerate(unified_diff(old, new, printable(name), printable(name))):
        head, text = line[:1], line[1:]
        if number < _HEADER or head == "@":
            yield line.removesuffix("\n")
        else:
            yield head + _shown(text.removesuffix("\n"))
            if not text.endswith("\n"):
                yield _NO_LINE_END


_HEADER = 2
"""The lines that name the file."""


def _lines(source: Source) -> list[str]:
    text, pieces, done = source.text, list[str](), 0
    for low, high in secrets_in(text):
        pieces += [text[done:low], "*" * (high - low)]
        done = high
    *lines, last = "".join((*pieces, text[done:])).split("\n")
    return [*(line + "\n" for line in lines), *([last] if last else [])]


def _shown(text: str) -> str:
    """A line as a terminal may have it, with its tabs and the carriage return at its end."""
    body = text.removesuffix("\r")
    return "\t".join(map(printable, body.split("\t"))) + text[len(body) :]
