"""One line per finding, for grep and editors: ``file:line:column: severity[CODE] message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.report import printable, reference
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    for finding in report.findings:
        start = finding.problem.place.span.start
        place = f"{printable(finding.problem.place.document.name)}:{start.line}:{start.column}"
        yield f"{place}: {finding.severity.word}[{reference(finding)}] {printable(finding.problem.message)}"
    yield from summary(report, style)
