"""A table and details as GitHub's and GitLab's Markdown: for the summary of a job, or a comment on a merge request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.findings.finding import Severity
from cibcheck.report import plural, printable, reference, rule_url
from cibcheck.report.prose import notes
from cibcheck.report.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

_SIGNS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}
_LONGEST = 900_000
"""Bytes; the summary of a step in GitHub may have 1 MiB."""

_MARKUP = re.compile(
    r"[\\`*_\[\]<>|~$&]"  # emphasis, code, links, HTML, cells, mathematics, entities
    r"|^[-+#=:]|^\d+[.)]"  # lists and headings
    r"|:(?=//)|\bwww\."  # addresses, which become links by themselves
    r"|(?<=[@#!%^~$&])(?=[\w\"'])"  # people, issues, merge requests …
)
_REFERRING = tuple("@#!%^~$&")


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    yield "## cibcheck"
    yield ""
    if report.findings:
        yield "| | rule | place | finding |"
        yield "|---|---|---|---|"
        room = _LONGEST
        told: list[Finding] = []
        details: list[str] = []
        for finding in report.findings:
            row, more = _row(finding), [*_details(finding)]
            room -= sum(len(line.encode("utf-8", "replace")) + 1 for line in (row, *more))
            if room < 0:
                break
            told.append(finding)
            details += more
            yield row
        yield ""
        if len(told) < len(report.findings):
            yield f"{plural(len(report.findings) - len(told), 'more finding')}, for which there is no room here."
            yield ""
        yield from ("<details>", "<summary>What follows, and what to do</summary>", "", *details, "", "</details>", "")
    for line in summary(report, style._replace(color=False)):
        yield plain(line)
        yield ""


def _row(finding: Finding) -> str:
    url = rule_url(finding.code)
    rule = plain(reference(finding))
    rule = f"[{rule}]({url})" if url else rule
    return (
        f"| {_SIGNS[finding.severity]} {finding.severity.word} | {rule} | {_place(finding)} | {plain(finding.problem.message)} |"
    )


def _place(finding: Finding) -> str:
    place = finding.problem.place
    start = place.span.start
    return plain(f"{place.document.name}:{start.line}:{start.column}")


def _details(finding: Finding) -> Iterator[str]:
    yield f"- **{plain(reference(finding))}** {_place(finding)}: {plain(finding.problem.message)}"
    yield from (f"  - {plain(note)}" for note in notes(finding.problem))


def plain(text: str) -> str:
    """A text that shows as it is: no markup, no HTML, no link, nobody mentioned, no other issue referred to; in one line, and never empty,
    since an empty item of a list makes a heading of the line above."""
    return _MARKUP.sub(_escaped, printable(text).strip()) or "…"


def _escaped(match: re.Match[str]) -> str:
    """A backslash before the last character; behind a character that would refer to somebody, what nobody sees."""
    text = match[0]
    hidden = "<!-- -->" if match.string[: match.start()].endswith(_REFERRING) else ""
    return hidden + (f"{text[:-1]}\\{text[-1]}" if text else "")
