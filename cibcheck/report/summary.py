"""The last lines of a report for people: what was checked, what was found, and what could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.findings.finding import Severity
from cibcheck.report import BOLD, COLORS, Style, internal_error, names, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import NotEvaluated
    from cibcheck.report import Report


def summary(report: Report, style: Style) -> Iterator[str]:
    """What was checked, what was found, and what could not be told, with one line per reason."""
    for error in report.internal_errors:
        yield from (style.paint(line, COLORS[Severity.ERROR]) for line in style.broken(internal_error(error)))
    if report.fixed:
        yield style.paint(f"Fixed {plural(len(report.fixed), 'problem')}.", BOLD)
    found, *more = style.broken(f"{_found(report)} {_checked(report)}")
    yield found.replace(_found(report), style.paint(_found(report), BOLD))
    yield from more
    yield from _fixable(report)
    for line in _notes(report):
        yield from style.broken(line)


def _found(report: Report) -> str:
    counts = [plural(n, s.word) if s is not Severity.INFO else f"{n} info" for s in reversed(Severity) if (n := report.count(s))]
    return f"Found {', '.join(counts)}." if counts else "No findings."


def _checked(report: Report) -> str:
    kinds = [plural(n, word) for word, kind in (("CIB", "cib"), ("node file", "sysconfig")) if (n := _number(report, kind))]
    files = f" ({', '.join(kinds)})" if kinds else ""
    return f"Checked {plural(report.clusters, 'cluster')}{files} against {plural(len(report.rules), 'rule')}."


def _notes(report: Report) -> Iterator[str]:
    known = sum(one.by == "baseline" for one in report.suppressed)
    numbers = ((len(report.suppressed) - known, "suppressed"), (known, "in the baseline"))
    if accepted := [f"{count} {what}" for count, what in numbers if count]:
        yield f"Not reported: {', '.join(accepted)}."
    if report.elsewhere:
        yield f"{plural(report.elsewhere, 'more finding')} in other files of the same clusters."
    for file in report.files:
        if file.status == "undetermined":
            yield f"cannot tell whose file this is: {printable(file.file)}: {printable(file.reason or '')}"
    yield from _skipped(report)
    if report.stale:
        stale = [f"{entry.code} in {printable(entry.file)}" for entry, _ in report.stale]
        yield f"in the baseline but not found any more (cibcheck baseline prune): {names(list(dict.fromkeys(stale)))}"
    yield from not_evaluated(report)


def _fixable(report: Report) -> Iterator[str]:
    fixes = [finding.problem.fix for finding in report.findings if finding.problem.fix is not None]
    safe = sum(fix.is_safe for fix in fixes)
    unsafe = len(fixes) - safe
    ways = [f"{safe} fixable with --fix"] if safe else []
    if unsafe:
        ways.append(f"{unsafe} more with --unsafe-fixes" if safe else f"{unsafe} fixable with --fix --unsafe-fixes")
    if ways:
        yield f"[*] {', '.join(ways)}."


def _number(report: Report, kind: str) -> int:
    return sum(file.kind == kind and file.status != "skipped" for file in report.files)


def _skipped(report: Report) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for file in report.files:
        if file.status == "skipped":
            by_reason.setdefault(file.reason or "", []).append(printable(file.file))
    for reason, files in by_reason.items():
        yield f"skipped, {printable(reason)}: {names(files)}"


def not_evaluated(report: Report) -> Iterator[str]:
    """What could not be told, one line per reason."""
    by_reason: dict[str, list[NotEvaluated]] = {}
    for entry in report.not_evaluated:
        by_reason.setdefault(entry.reason, []).append(entry)
    for reason, same in by_reason.items():
        subjects = list(dict.fromkeys(entry.subject for entry in same if entry.subject))
        clusters = {entry.cluster for entry in same}
        whose = f" for {names(subjects)}" if subjects else ""
        where = f" in {len(clusters)} clusters" if len(clusters) > 1 else ""
        codes = names(sorted({entry.code for entry in same}))
        yield f"not evaluated{where}: {printable(reason)}{printable(whose)}: {codes}"
