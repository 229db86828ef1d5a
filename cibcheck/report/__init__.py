"""One module per output format; each turns a `Report` into text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.findings.finding import Finding, InternalError, NotEvaluated, Severity


class FileNote(NamedTuple):
    """What became of a file. ``status`` is ``checked``, ``skipped`` (it is nothing that cibcheck reads) or ``undetermined`` (nobody knows
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

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)


class Style(NamedTuple):
    """How text is laid out. ``width`` is in columns."""

    color: bool = False
    width: int = 100


def plural(number: int, word: str) -> str:
    """A number with its word: 1 error, 2 errors."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
