"""The report for people: each finding with its lines, what follows from it and what to do."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from cibcheck.findings.finding import Severity
from cibcheck.report import Style, plural
from cibcheck.report.excerpt import Excerpts, Mark, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Finding, NotEvaluated
    from cibcheck.report import Report

_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
_FRAME, _BOLD = "34", "1"
_MOST_NAMES = 6


def render(report: Report, style: Style) -> Iterator[str]:
    """The lines of the report, without line ends."""
    excerpts = Excerpts(style.width - 8)
    for finding in report.findings:
        yield from _finding(finding, style, excerpts)
        yield ""
    yield from summary(report, style)


def _paint(text: str, code: str, style: Style) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if style.color and text else text


def _finding(finding: Finding, style: Style, excerpts: Excerpts) -> Iterator[str]:
    problem = finding.problem
    head = _paint(f"{finding.severity.word}[{reference(finding)}]", _COLORS[finding.severity], style)
    yield f"{head} {_paint(printable(problem.message), _BOLD, style)}"
    marks = [Mark(problem.place, printable(problem.label or ""), is_primary=True)]
    marks += [Mark(note.place, printable(note.label), is_primary=False) for note in problem.related]
    gutter = len(str(max(mark.place.span.start.line for mark in marks)))
    bar = _paint("│", _FRAME, style)
    for index, (document, own) in enumerate(_by_document(marks)):
        start = own[0].place.span.start
        corner = _paint("┌─" if index == 0 else "├─", _FRAME, style)
        yield f"{' ' * gutter} {corner} {printable(document.name)}:{start.line}:{start.column}"
        if not document.source.text:
            continue
        yield f"{' ' * gutter} {bar}"
        for line in excerpts.lines(document, own):
            number = "" if line.number is None else str(line.number)
            text = line.text
            if line.number is None:
                text = _paint(text, _COLORS[finding.severity] if line.is_primary else _FRAME, style)
            yield f"{_paint(number.rjust(gutter), _FRAME, style)} {bar} {text}".rstrip()
        yield f"{' ' * gutter} {bar}"
    for note in _notes(finding):
        first, *rest = textwrap.wrap(printable(note), max(style.width - gutter - 3, 40), break_on_hyphens=False) or [""]
        word, colon, tail = first.partition(": ")
        if colon and word in _LABELS:
            first = _paint(f"{word}:", _BOLD, style) + f" {tail}"
        yield f"{' ' * gutter} {_paint('=', _FRAME, style)} {first}"
        yield from (f"{' ' * gutter}   {line}" for line in rest)


_LABELS = frozenset(("help", "more", "affects"))


def reference(finding: Finding) -> str:
    """How a finding is named: ``CODE`` or ``CODE[key]``."""
    return f"{finding.code}[{finding.problem.key}]" if finding.problem.key else finding.code


def _notes(finding: Finding) -> Iterator[str]:
    problem = finding.problem
    if problem.consequence:
        yield problem.consequence
    if len(problem.affects) > 1:
        yield f"affects: {names(problem.affects)}"
    if problem.help:
        yield f"help: {problem.help}"
    yield f"more: cibcheck rule {finding.code}"


def _by_document(marks: Sequence[Mark]) -> Iterator[tuple[Document, list[Mark]]]:
    """The marks of each document, the primary one's first."""
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        found.setdefault(id(mark.place.document), []).append(mark)
    for own in found.values():
        yield own[0].place.document, own


def names(words: Sequence[str]) -> str:
    """Names, of which the first few are shown and the others counted."""
    shown = ", ".join(words[:_MOST_NAMES])
    return f"{shown} and {len(words) - _MOST_NAMES} more" if len(words) > _MOST_NAMES else shown


def summary(report: Report, style: Style) -> Iterator[str]:
    """What was checked, what was found, and what could not be told, with one line per reason."""
    for error in report.internal_errors:
        where = f" on {error.cluster}" if error.cluster else ""
        text = f"internal error: rule {error.code} of {error.plugin} failed{where}: {printable(error.error)}"
        yield _paint(text, _COLORS[Severity.ERROR], style)
    counts = [plural(n, s.word) if s is not Severity.INFO else f"{n} info" for s in reversed(Severity) if (n := report.count(s))]
    kinds = [plural(n, word) for word, kind in (("CIB", "cib"), ("node file", "sysconfig")) if (n := _checked(report, kind))]
    checked = (
        plural(report.clusters, "cluster")
        + (f" ({', '.join(kinds)})" if kinds else "")
        + f" against {plural(report.rules, 'rule')}"
    )
    found = _paint(f"Found {', '.join(counts)}.", _BOLD, style) if counts else _paint("No findings.", _BOLD, style)
    yield f"{found} Checked {checked}."
    if report.elsewhere:
        yield f"{plural(report.elsewhere, 'more finding')} in other files of the same clusters."
    for file in report.files:
        if file.status == "undetermined":
            yield f"whose file is not clear: {printable(file.file)}: {printable(file.reason or '')}"
    yield from _skipped(report)
    yield from _not_evaluated(report.not_evaluated)


def _checked(report: Report, kind: str) -> int:
    return sum(file.kind == kind and file.status != "skipped" for file in report.files)


def _skipped(report: Report) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for file in report.files:
        if file.status == "skipped":
            by_reason.setdefault(file.reason or "", []).append(printable(file.file))
    for reason, files in by_reason.items():
        yield f"skipped, {printable(reason)}: {names(files)}"


def _not_evaluated(entries: Sequence[NotEvaluated]) -> Iterator[str]:
    by_reason: dict[str, list[NotEvaluated]] = {}
    for entry in entries:
        by_reason.setdefault(entry.reason, []).append(entry)
    for reason, same in by_reason.items():
        nodes = list(dict.fromkeys(entry.node for entry in same if entry.node))
        clusters = {entry.cluster for entry in same}
        whose = f" for {names(nodes)}" if nodes else ""
        where = f" in {len(clusters)} clusters" if len(clusters) > 1 else ""
        codes = names(sorted({entry.code for entry in same}))
        yield f"not evaluated{where}: {printable(reason)}{printable(whose)}: {codes}"
