"""The report for programs that read a stream: what `json` has, one object per line. ``record`` says what each is.

First the findings, then what could not be told, rules that failed, the files, and the summary at the end: a stream without one was cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.report.fixes import Fixes
from cibcheck.report.json import VERSION, finding_object, summary_object
from cibcheck.report.jsontext import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """One object per line."""
    for name, record in _records(report):
        yield dumps({"record": name, **record})


def _records(report: Report) -> Iterator[tuple[str, dict[str, Any]]]:
    fixes = Fixes()
    for finding in report.findings:
        yield "finding", finding_object(finding, fixes)
    for entry in report.not_evaluated:
        yield "not_evaluated", entry._asdict()
    for error in report.internal_errors:
        yield "internal_error", error._asdict()
    for file in report.files:
        yield "file", file._asdict()
    yield "summary", {"version": VERSION, **summary_object(report)}
