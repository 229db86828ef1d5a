"""One module per output format; each turns a `Report` into text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cibcheck.findings.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.findings.finding import Finding, InternalError, NotEvaluated


class FileNote(NamedTuple):
    """What became of a file. ``status`` is ``checked``, ``skipped`` (it is nothing that cibcheck can judge) or ``undetermined`` (nobody knows
    whose it is; what needs no owner was checked), with the reason."""

    file: str
    kind: str
    status: str
    cluster: str | None = None
    reason: str | None = None


class Report(NamedTuple):
    """All that a run has to say."""

    findings: Sequence[Finding]
    """Those that touch the given files, sorted by file and position."""
    elsewhere: int
    """How many findings lie only in other files of the clusters."""
    not_evaluated: Sequence[NotEvaluated]
    internal_errors: Sequence[InternalError]
    files: Sequence[FileNote]
    clusters: int
    rules: int
    remarks: Sequence[str] = ()
    """What the user should know of the run itself, for stderr."""
    fixed: Sequence[Finding] = ()
    """What fixes have mended, and is therefore not among the findings any more."""

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)


BOLD, FRAME = "1", "34"
COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
"""Numbers of ANSI's SGR sequence."""


class Style(NamedTuple):
    """How text is laid out. ``width`` is in columns."""

    color: bool = False
    width: int = 100

    def paint(self, text: str, code: str) -> str:
        """The text in a color, where colors are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text


def plural(number: int, word: str) -> str:
    """A number with its word: 1 error, 2 errors."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


TAB = "    "


def printable(text: str) -> str:
    """A text that a terminal takes as text: controls and broken characters replaced, tabs as blanks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(TAB if char == "\t" else char if char.isprintable() else "�" for char in text)


def reference(finding: Finding) -> str:
    """How a finding is named: ``CODE`` or ``CODE[key]``."""
    return f"{finding.code}[{finding.problem.key}]" if finding.problem.key else finding.code


_MOST_NAMES = 6


def names(words: Sequence[str]) -> str:
    """Names, of which the first few are shown and the others counted."""
    shown = ", ".join(words[:_MOST_NAMES])
    return f"{shown} and {len(words) - _MOST_NAMES} more" if len(words) > _MOST_NAMES else shown
