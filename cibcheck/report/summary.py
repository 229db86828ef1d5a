"""The last lines of a report for people: what was checked, what was found, and what could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.findings.finding import Severity
from cibcheck.report import BOLD, COLORS, Style, names, plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.findings.finding import NotEvaluated
    from cibcheck.report import Report


def summary(report: Report, style: Style) -> Iterator[str]:
    """What was checked, what was found, and what could not be told, with one line per reason."""
    for error in report.internal_errors:
        where = f" on {error.cluster}" if error.cluster else ""
        text = f"internal error: rule {error.code} of {error.plugin} failed{where}: {printable(error.error)}"
        yield style.paint(text, COLORS[Severity.ERROR])
    if report.fixed:
        yield style.paint(f"Fixed {plural(len(report.fixed), 'problem')}.", BOLD)
    counts = [plural(n, s.word) if s is not Severity.INFO else f"{n} info" for s in reversed(Severity) if (n := report.count(s))]
    kinds = [plural(n, word) for word, kind in (("CIB", "cib"), ("node file", "sysconfig")) if (n := _checked(report, kind))]
    checked = (
        plural(report.clusters, "cluster")
        + (f" ({', '.join(kinds)})" if kinds else "")
        + f" against {plural(report.rules, 'rule')}"
    )
    found = style.paint(f"Found {', '.join(counts)}.", BOLD) if counts else style.paint("No findings.", BOLD)
    yield f"{found} Checked {checked}."
    yield from _fixable(report)
    if report.elsewhere:
        yield f"{plural(report.elsewhere, 'more finding')} in other files of the same clusters."
    for file in report.files:
        if file.status == "undetermined":
            yield f"cannot tell whose file this is: {printable(file.file)}: {printable(file.reason or '')}"
    yield from _skipped(report)
    yield from _not_evaluated(report.not_evaluated)


def _fixable(report: Report) -> Iterator[str]:
    fixes = [finding.problem.fix for finding in report.findings if finding.problem.fix is not None]
    safe = sum(fix.is_safe for fix in fixes)
    unsafe = len(fixes) - safe
    ways = [f"{safe} fixable with --fix"] if safe else []
    if unsafe:
        ways.append(f"{unsafe} more with --unsafe-fixes" if safe else f"{unsafe} fixable with --fix --unsafe-fixes")
    if ways:
        yield f"[*] {', '.join(ways)}."


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
