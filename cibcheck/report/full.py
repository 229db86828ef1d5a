"""The report for people: each finding with its lines, then the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    if report.findings:
        from cibcheck.report.diagnostic import diagnostic  # a clean run does without
        from cibcheck.report.excerpt import Excerpts

        excerpts = Excerpts(style.width - 8)
        for finding in report.findings:
            yield from diagnostic(finding, style, excerpts)
            yield ""
    yield from summary(report, style)
