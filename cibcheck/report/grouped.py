"""The findings by file, one line each: for many of them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cibcheck.report import BOLD, COLORS, line_start, printable, reference
from cibcheck.report.excerpt import columns
from cibcheck.report.links import path_link, rule_link
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    for name, findings in groupby(report.findings, key=lambda finding: finding.problem.place.document.name):
        yield style.paint(path_link(line_start(printable(name), "./"), name, style), BOLD)
        yield from _rows(list(findings), style)
        yield ""
    yield from summary(report, style)


def _rows(findings: Sequence[Finding], style: Style) -> Iterator[str]:
    starts = [finding.problem.place.span.start for finding in findings]
    lines = max(len(str(start.line)) for start in starts)
    places = [f"{start.line:{lines}}:{start.column}" for start in starts]
    width = max(map(len, places))
    rules = [reference(finding) for finding in findings]
    rule_width = max(map(columns, rules))
    for finding, place, rule in zip(findings, places, rules, strict=True):
        severity = style.paint(f"{finding.severity.word:7}", COLORS[finding.severity])
        padding = " " * (rule_width - columns(rule))
        before = 2 + width + 2 + 7 + 2 + rule_width + 2
        message, *more = style.broken(printable(finding.problem.message), before, before if before < style.width * 2 // 3 else 4)
        yield f"  {place:{width}}  {severity}  {rule_link(rule, finding, style)}{padding}  {message}"
        yield from more
