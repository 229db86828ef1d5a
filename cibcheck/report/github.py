"""Annotations for GitHub Actions: workflow commands in the log of a step.

GitHub shows ten per level and step, and drops the others without a word; so the worst come first, and what is left out is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.findings.finding import Severity
from cibcheck.report import internal_error, plural, printable, reference
from cibcheck.report.paths import Paths
from cibcheck.report.prose import notes
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_PER_LEVEL = 10


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    paths = Paths()
    errors = [f"::error title=cibcheck::{_data(internal_error(error))}" for error in report.internal_errors[:_PER_LEVEL]]
    yield from errors
    for severity, level in _LEVELS.items():
        room = _PER_LEVEL - (len(errors) if severity is Severity.ERROR else 0)
        found = [finding for finding in report.findings if finding.severity is severity]
        for finding in found[:room]:
            yield _annotation(finding, level, paths)
        if len(found) > room:
            words = plural(len(found) - room, "finding")
            yield (
                f"{words} of level {level} without annotation: GitHub shows {_PER_LEVEL} for a step."
                " For all, upload --output-format sarif=FILE to code scanning."
            )
    yield from summary(report, style)


def _annotation(finding: Finding, level: str, paths: Paths) -> str:
    problem = finding.problem
    name = problem.place.document.name
    start, end = problem.place.span
    properties: dict[str, str | int] = {
        "title": f"cibcheck {reference(finding)}",
        "file": paths.path(name),
        "line": start.line,
        "endLine": end.line,
    }
    if start.line == end.line:  # columns are refused across lines
        properties |= {"col": start.column, "endColumn": end.column}
    text = "\n".join((f"{printable(name)}:{start.line}:{start.column}: {printable(problem.message)}", *notes(problem)))
    return f"::{level} {','.join(f'{key}={_value(value)}' for key, value in properties.items())}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(value: str | int) -> str:
    return _data(printable(str(value))).replace(":", "%3A").replace(",", "%2C")
