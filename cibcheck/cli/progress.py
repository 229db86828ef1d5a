"""What a long run is at, on a terminal: one line, erased in the end."""

from __future__ import annotations

from time import monotonic
from typing import IO

from cibcheck.report import printable

_PATIENCE, _PAUSE = 1.0, 0.1
"""Seconds before anything is shown, and between two lines."""


class Progress:
    """Shows what it is called with, if the run takes long."""

    def __init__(self, terminal: IO[str], width: int = 78) -> None:
        self._terminal = terminal
        self._width = width
        self._next = monotonic() + _PATIENCE
        self._is_shown = False

    def __call__(self, what: str) -> None:
        now = monotonic()
        if now >= self._next:
            self._next = now + _PAUSE
            self._is_shown = True
            self._terminal.write(f"\r\x1b[Kchecking: {printable(what)[: self._width - 10]}")
            self._terminal.flush()

    def erase(self) -> None:
        """Leave nothing behind."""
        if self._is_shown:
            self._terminal.write("\r\x1b[K")
            self._terminal.flush()
