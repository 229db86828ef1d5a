"""One line per finding, for grep and editors: ``file:line:column: severity[CODE] message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.report import line_start, printable, reference
from cibcheck.report.links import path_link, rule_link
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    for finding in report.findings:
        name = finding.problem.place.document.name
        start = finding.problem.place.span.start
        place = path_link(line_start(f"{printable(name)}:{start.line}:{start.column}", "./"), name, style)
        head = rule_link(f"{finding.severity.word}[{reference(finding)}]", finding, style)
        yield f"{place}: {head} {printable(finding.problem.message)}"
    yield from summary(report, style)
