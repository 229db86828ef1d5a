"""The report for programs. Its shape is stable: fields may be added, none is changed or removed.

Lines and columns count from 1, columns in characters; the end is exclusive. ``element_id`` is the XML id of the nearest element that has
one; for node files the variable's name. A ``fix`` is its edits together, each a range and the text that takes its place; None where there is
none, or where it cannot be shown without a key or password. ``suppressed`` has
the findings that are known and accepted; ``suppressed_by`` is ``comment``, ``configuration`` or ``baseline``. ``stale`` is what the
baseline has and the run did not find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.findings.finding import Severity
from cibcheck.report.fixes import Fixes
from cibcheck.report.jsontext import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.documents.source import Document, Span
    from cibcheck.findings.finding import Finding, Problem
    from cibcheck.report import Report, Style

VERSION = 1


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    fixes = Fixes()
    document = {
        "version": VERSION,
        "findings": [finding_object(finding, fixes) for finding in report.findings],
        "suppressed": [
            {**finding_object(one.finding, fixes), "suppressed_by": one.by, "reason": one.reason} for one in report.suppressed
        ],
        "stale": [{**entry._asdict(), "count": count} for entry, count in report.stale],
        "not_evaluated": [entry._asdict() for entry in report.not_evaluated],
        "internal_errors": [error._asdict() for error in report.internal_errors],
        "files": [file._asdict() for file in report.files],
        "summary": summary_object(report),
    }
    yield dumps(document, indent=2)


def summary_object(report: Report) -> dict[str, int]:
    """How many there are of everything."""
    return {
        **{severity.word: report.count(severity) for severity in reversed(Severity)},
        "elsewhere": report.elsewhere,
        "suppressed": len(report.suppressed),
        "stale": len(report.stale),
        "clusters": report.clusters,
        "rules": len(report.rules),
    }


def finding_object(finding: Finding, fixes: Fixes) -> dict[str, Any]:
    """A finding with all that it knows."""
    problem = finding.problem
    place = problem.place
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.word,
        "message": problem.message,
        **_where(place.document, place.span),
        "element_id": place.document.element_id(place),
        "element_path": place.document.element_path(place),
        "consequence": problem.consequence,
        "help": problem.help,
        "related": [{"message": note.label, **_where(note.place.document, note.place.span)} for note in problem.related],
        "cluster": finding.cluster,
        "key": problem.key,
        "affects": list(problem.affects),
        "fix": _fix(problem, fixes),
    }


def _fix(problem: Problem, fixes: Fixes) -> dict[str, Any] | None:
    if problem.fix is None or not (changes := fixes.changes(problem)):
        return None
    return {
        "title": problem.fix.title,
        "safety": "safe" if problem.fix.is_safe else "unsafe",
        "edits": [
            {**_where(document, document.source.span(one.start, one.end)), "text": one.text}
            for document, replacements in changes
            for one in replacements
        ],
    }


def _where(document: Document, span: Span) -> dict[str, Any]:
    return {
        "file": document.name,
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }
