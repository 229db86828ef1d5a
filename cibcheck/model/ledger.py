"""What could not be judged, and why. A missing file or section is unknown: it never counts as default, and never as passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Gap(NamedTuple):
    """One thing that a rule wanted to know and nobody told: a node's file, a section of the CIB, the outcome of a rule.

    What it is about comes by name, so that a report can put those with one reason together.
    """

    reason: str
    node: str | None = None
    section: str | None = None
    resource: str | None = None


class Unknown(Exception):
    """Raised by the model where a section is asked for that the file does not hold; ends the rule that asked for it."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.reason)
        self.gap = gap


class Ledger:
    """Where the model notes the gaps that the running rule has met; the engine empties it after each rule."""

    def __init__(self) -> None:
        self._gaps: dict[Gap, None] = {}

    def note(self, gap: Gap) -> None:
        """Remember a gap, once."""
        self._gaps[gap] = None

    def drain(self) -> Sequence[Gap]:
        """All gaps since the last call, in the order met."""
        if not self._gaps:  # as after most rules
            return ()
        gaps = list(self._gaps)
        self._gaps.clear()
        return gaps
