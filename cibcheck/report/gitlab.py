"""GitLab's Code Quality report: an array of what it calls issues.

The merge request shows what is new by comparing fingerprints with those of the target branch: they hold no line numbers. It shows issues
with the same fingerprint as one, and no rule; so no two share one, and the code stands in the description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.findings.finding import Severity
from cibcheck.report import printable, reference
from cibcheck.report.fingerprint import digest, element
from cibcheck.report.jsontext import dumps
from cibcheck.report.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    paths = Paths()
    last: dict[str, str] = {}
    yield dumps([_issue(finding, paths, last) for finding in report.findings], indent=2)


def _issue(finding: Finding, paths: Paths, last: dict[str, str]) -> dict[str, Any]:
    """``last`` has, for each fingerprint that was needed again, the one that was last made of it."""
    problem = finding.problem
    path = paths.path(problem.place.document.name)
    own = digest(path, *element(finding))
    last[own] = fingerprint = digest(last[own], own) if own in last else own
    return {
        "description": f"{reference(finding)}: {printable(problem.message)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": path, "lines": {"begin": problem.place.span.start.line}},
    }
