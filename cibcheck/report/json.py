"""The report for programs. Its shape is stable: fields may be added, none is changed or removed.

Lines and columns count from 1, columns in characters; the end is exclusive. ``element_id`` is the XML id of the nearest element that has
one; for node files the variable's name. ``suppressed`` has the findings that are known and accepted; ``suppressed_by`` is ``comment``,
``configuration`` or ``baseline``. ``stale`` is what the baseline has and the run did not find.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cibcheck.findings.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.documents.source import Place
    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

VERSION = 1


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    document = {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "suppressed": [{**_finding(one.finding), "suppressed_by": one.by, "reason": one.reason} for one in report.suppressed],
        "stale": [{**entry._asdict(), "count": count} for entry, count in report.stale],
        "not_evaluated": [entry._asdict() for entry in report.not_evaluated],
        "internal_errors": [error._asdict() for error in report.internal_errors],
        "files": [file._asdict() for file in report.files],
        "summary": {
            **{severity.word: report.count(severity) for severity in reversed(Severity)},
            "elsewhere": report.elsewhere,
            "suppressed": len(report.suppressed),
            "stale": len(report.stale),
            "clusters": report.clusters,
            "rules": report.rules,
        },
    }
    # ASCII only: a file name or value with broken bytes is still valid JSON.
    yield json.dumps(document, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    problem = finding.problem
    place = problem.place
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "message": problem.message,
        **_where(place),
        "element_id": place.document.element_id(place),
        "element_path": place.document.element_path(place),
        "consequence": problem.consequence,
        "help": problem.help,
        "related": [{"message": note.label, **_where(note.place)} for note in problem.related],
        "cluster": finding.cluster,
        "key": problem.key,
        "affects": list(problem.affects),
    }


def _where(place: Place) -> dict[str, Any]:
    start, end = place.span
    return {
        "file": place.document.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
