"""Where in a TOML file a key or a value stands. tomllib gives no positions, and only an error needs one."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cibcheck.config.kinds import At

_BLANK = re.compile(r"(?:\s|#[^\n]*)*")
_STRING = re.compile(r"""(?s)"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*\'""")
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")


def position(text: str, at: At, *, of_key: bool = False) -> tuple[int, int]:
    """The line and the column, from 1, of a value or its key; of the nearest table around it, where it has no place of its own."""
    marks = extents_of(text)
    while at and at not in marks:
        at = at[:-1]
        of_key = False
    index = marks[at][0 if of_key else 1] if at else 0
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def extents_of(text: str) -> Mapping[At, tuple[int, int, int]]:
    """Where each key starts, and where its value starts and ends, by the way to it; for a table its head. The text is known to be TOML."""
    return _Scanner(text).marks


class _Scanner:
    """Reads a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._index = 0
        self._counts: dict[At, int] = {}
        self.marks: dict[At, tuple[int, int, int]] = {}
        with suppress(RecursionError):  # what was found so far will have to do
            self._read()

    def _read(self) -> None:
        base: At = ()
        for start in self._statements():
            if self._text.startswith("[", start):
                base = self._header(start)
            else:
                self._pair(base)

    def _statements(self) -> Iterator[int]:
        while (start := self._skip(_BLANK)) < len(self._text):
            yield start
            if self._index == start:  # nothing that this scanner knows; better no position than no end
                return

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._index)
        self._index = match.end() if match else self._index
        return self._index

    def _name(self) -> list[str]:
        """A key, be it a dotted one."""
        parts: list[str] = []
        while True:
            start = self._skip(_BLANK)
            if self._text.startswith(('"', "'"), start):
                self._skip(_STRING)
                parts.append(_unquoted(self._text[start : self._index]))
            else:
                self._skip(_WORD)
                parts.append(self._text[start : self._index])
            self._skip(_BLANK)
            if not self._text.startswith(".", self._index):
                return parts
            self._index += 1

    def _header(self, start: int) -> At:
        brackets = 2 if self._text.startswith("[[", start) else 1
        self._index = start + brackets
        name = self._name()
        self._index += brackets
        base: At = ()
        for number, part in enumerate(name, 1):
            base = (*base, part)
            if brackets == 2 and number == len(name):
                self._counts[base] = self._counts.get(base, -1) + 1
            if base in self._counts:  # a part of a list of tables means its last one
                base = (*base, self._counts[base])
        self.marks[base] = (start, start, self._index)
        self.marks.setdefault(tuple(name), self.marks[base])
        return base

    def _pair(self, base: At) -> None:
        start = self._index
        at: At = (*base, *self._name())
        self._index += 1  # the equals sign
        value = self._skip(_BLANK)
        for length in range(len(base) + 1, len(at)):
            self.marks.setdefault(at[:length], (start, start, value))
        self._value(at, start, value)

    def _value(self, at: At, key: int, start: int) -> None:
        opening = self._text[start : start + 1]
        if opening in ("[", "{"):
            self._several(at, opening)
        else:
            self._skip(_STRING if opening in ('"', "'") else _SCALAR)
        self.marks[at] = (key, start, self._index)

    def _several(self, at: At, opening: str) -> None:
        self._index += 1
        number = 0
        while (start := self._skip(_BLANK)) < len(self._text) and self._text[start] not in "]}":
            if self._text[start] == ",":
                self._index += 1
            elif opening == "{":
                self._pair(at)
            else:
                self._value((*at, number), start, start)
                number += 1
        self._index += 1


def _unquoted(text: str) -> str:
    import tomllib

    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:
        return text
