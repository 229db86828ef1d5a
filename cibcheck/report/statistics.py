"""How often each rule found something, most often first, and how much of it a fix could mend: what to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.report import BOLD, COLORS
from cibcheck.report.links import rule_link
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    by_code: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    if by_code:
        yield style.paint("count  fixable  severity  rule", BOLD)
        for code, findings in sorted(by_code.items(), key=lambda item: (-len(item[1]), item[0])):
            first = findings[0]
            fixable = sum(finding.problem.fix is not None for finding in findings) or ""
            severity = style.paint(f"{first.severity.word:8}", COLORS[first.severity])
            rule = rule_link(code, first, style)
            yield f"{len(findings):5}  {fixable:>7}  {severity}  {rule} {first.name}"
        yield ""
    yield from summary(report, style)
