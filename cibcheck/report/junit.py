"""JUnit's XML: a suite per file, a test per rule that has something to say of it.

A rule that could not tell is a skipped test, one that failed a test with an error. A rule that found nothing is no test: it may not be
about such a file at all, and what was not looked at must not count as passed. A file without any of that has one test, which passes.

The attributes are those of Jenkins' schema for its xUnit plugin, which refuses a file with any other (``file`` and ``line`` of a test).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.records import NamedTuple
from cibcheck.report import internal_error, printable
from cibcheck.report.paths import Paths
from cibcheck.report.prose import notes
from cibcheck.report.xmltext import child, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

_CLEAN = "no findings"


class _Case(NamedTuple):
    """What a rule says of a file: the texts, by the element that they go into."""

    failures: list[tuple[str, str]]
    errors: list[str]
    skipped: list[str]

    @property
    def outcome(self) -> str:
        """The worst counts; a test that has found something is not shown as skipped."""
        return "errors" if self.errors else "failures" if self.failures else "skipped"


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    paths = Paths()
    root = etree.Element("testsuites", name="cibcheck")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    files = {file.file for file in report.files}
    names = {rule.code: rule.name for rule in report.rules}
    for name, cases in _suites(report).items():
        counts = {key: sum(case.outcome == key for case in cases.values()) for key in totals}
        counts["tests"] = len(cases) or 1
        totals = {key: totals[key] + counts[key] for key in totals}
        path = paths.path(name) if name in files else printable(name)
        suite = child(root, "testsuite", {"name": path, **counts, "time": 0, "file": path})
        classname = os.path.splitext(path)[0]
        if not cases:
            child(suite, "testcase", {"name": _CLEAN, "classname": classname, "time": 0})
        for code, case in cases.items():
            test = child(suite, "testcase", {"name": f"{code} {names.get(code, '')}".strip(), "classname": classname, "time": 0})
            _outcome(test, case)
    del totals["skipped"]  # the schema has it for suites alone
    for key, total in totals.items():
        root.set(key, str(total))
    yield document(root)


def _suites(report: Report) -> dict[str, dict[str, _Case]]:
    """The tests by file and rule. What concerns a cluster as a whole goes to the file that the cluster is named after."""
    suites: dict[str, dict[str, _Case]] = {file.file: {} for file in report.files if file.status != "skipped"}

    def case(suite: str, code: str) -> _Case:
        return suites.setdefault(suite, {}).setdefault(code, _Case([], [], []))

    for finding in report.findings:
        case(finding.problem.place.document.name, finding.code).failures.append((finding.severity.word, _told(finding)))
    for entry in report.not_evaluated:
        subject = f" for {entry.subject}" if entry.subject else ""
        case(entry.file or entry.cluster or "cibcheck", entry.code).skipped.append(printable(f"{entry.reason}{subject}"))
    for error in report.internal_errors:
        case(error.cluster or "cibcheck", error.code).errors.append(internal_error(error))
    return suites or {"cibcheck": {}}


def _told(finding: Finding) -> str:
    place = finding.problem.place
    start = place.span.start
    head = f"{printable(place.document.name)}:{start.line}:{start.column}: {printable(finding.problem.message)}"
    return "\n    ".join((head, *notes(finding.problem)))


def _outcome(test: etree._Element, case: _Case) -> None:
    """One element, since Jenkins keeps no more: the texts of several are joined in it."""
    if case.outcome == "skipped":
        child(test, "skipped", {"message": "; ".join(dict.fromkeys(case.skipped))})
        return
    told = [*case.errors, *(text for _, text in case.failures)]
    first = told[0].partition("\n")[0]
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    kind, word = ("error", "internal error") if case.errors else ("failure", case.failures[0][0])
    child(test, kind, {"type": word, "message": first + more}, "\n".join(told))
