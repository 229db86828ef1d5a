"""SARIF 2.1.0, as GitHub's code scanning reads it and other viewers do.

All rules of the run are listed, whether they found something or not. Columns count characters. GitHub refuses a file with more results
than `_MOST_RESULTS`, and keeps fewer; so the worst come first, and the run says what was left out. It does not look at ``suppressions`` and
shows such results as alerts: whoever fills ``Report.suppressed`` decides whether they are told at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck import DOCUMENTATION, __version__
from cibcheck.findings.finding import Severity
from cibcheck.report import internal_error, printable, rule_url
from cibcheck.report.fingerprint import digest, element, line_hashes
from cibcheck.report.fixes import Fixes
from cibcheck.report.jsontext import dumps
from cibcheck.report.paths import Paths
from cibcheck.report.prose import sentences
from cibcheck.report.summary import not_evaluated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cibcheck.documents.source import Document, Place, Span
    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, RuleNote, Style

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_RESULTS = 25_000
_MOST_KEPT = 5_000
_MOST_TAGS = 10
_MOST_RELATED = 100
_LONGEST_DESCRIPTION = 1024

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# How seldom a finding is wrong: an error is meant to be right.
_PRECISIONS = {Severity.ERROR: "very-high", Severity.WARNING: "high", Severity.INFO: "medium"}

_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")
"""Within a paragraph, which readers of plain text break themselves."""


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    yield dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2)


def _run(report: Report) -> dict[str, Any]:
    # What is suppressed stays out: GitHub does not read SARIF's suppressions, and would raise an alert.
    shown = sorted(report.findings, key=lambda finding: -finding.severity)
    results = _Results(report.rules, shown[:_MOST_RESULTS])
    driver: dict[str, Any] = {
        "name": "cibcheck",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in report.rules],
    }
    if DOCUMENTATION:
        driver["informationUri"] = DOCUMENTATION.partition("{")[0]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.internal_errors,
                "toolExecutionNotifications": list(_notifications(report, len(shown), results)),
            }
        ],
        "results": list(results),
    }
    if report.category:
        # What stands before the last slash is the category; what is behind it would be the name of this one run.
        run["automationDetails"] = {"id": report.category.rstrip("/") + "/"}
    return run


def _rule(rule: RuleNote) -> dict[str, Any]:
    page = rule.page()
    url = rule_url(rule.code)
    body = _LINE_END.sub(" ", page.body) or page.summary or rule.name
    more = f"\n[The page on the web]({url})\n" if url else ""
    described: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _description(page.summary or rule.name)},
        "fullDescription": {"text": _description(body)},
        "help": {"text": _lines(body), "markdown": _lines(page.markdown) + more},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [*rule.tags][:_MOST_TAGS],
            "precision": _PRECISIONS[rule.severity],
            "problem.severity": _PROBLEM_LEVELS[rule.severity],
        },
    }
    return described | ({"helpUri": url} if url else {})


def _description(text: str) -> str:
    shown = _lines(text)
    return shown if len(shown) <= _LONGEST_DESCRIPTION else shown[: _LONGEST_DESCRIPTION - 1] + "…"


def _lines(text: str) -> str:
    """A text of several lines without what is no text."""
    return "\n".join(map(printable, text.split("\n")))


class _Results:
    """Makes results, and reads each file once for all of them."""

    def __init__(self, rules: Iterable[RuleNote], shown: Iterable[Finding]) -> None:
        self._indexes = {rule.code: index for index, rule in enumerate(rules)}
        self._shown = list(shown)
        self._paths = Paths()
        self._fixes = Fixes()
        self._hashes = _all_line_hashes(self._shown)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return map(self._result, self._shown)

    def rule_reference(self, code: str) -> dict[str, Any]:
        """How another part of the document names a rule."""
        return {"id": code, "index": self._indexes[code]} if code in self._indexes else {"id": code}

    def _result(self, finding: Finding) -> dict[str, Any]:
        problem, place = finding.problem, finding.problem.place
        related = problem.related[:_MOST_RELATED]
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [self._location(place)],
            "partialFingerprints": {"cibcheckElement/v1": digest(*element(finding))},
        }
        if finding.code in self._indexes:
            result["ruleIndex"] = self._indexes[finding.code]
        if line_hash := self._hashes[id(place.document)].get(place.span.start.line):
            result["partialFingerprints"]["primaryLocationLineHash"] = line_hash
        if related:
            result["relatedLocations"] = [
                {"id": number, **_text(note.label), **self._location(note.place)} for number, note in enumerate(related, 1)
            ]
        if fix := self._fix(finding):
            result["fixes"] = [fix]
        properties = {"key": problem.key, "cluster": finding.cluster, "affects": [*problem.affects]}
        if known := {name: value for name, value in properties.items() if value}:
            result["properties"] = known
        return result

    def _location(self, place: Place) -> dict[str, Any]:
        return {"physicalLocation": {**self._artifact(place.document), "region": _region(place.span)}}

    def _artifact(self, document: Document) -> dict[str, Any]:
        return {"artifactLocation": {"uri": self._paths.uri(document.name)}}

    def _fix(self, finding: Finding) -> dict[str, Any] | None:
        fix, changes = finding.problem.fix, self._fixes.changes(finding.problem)
        if fix is None or not changes:
            return None
        return {
            "description": {"text": printable(fix.title)},
            "artifactChanges": [
                {
                    **self._artifact(document),
                    "replacements": [
                        {
                            "deletedRegion": _region(document.source.span(one.start, one.end)),
                            "insertedContent": {"text": one.text},
                        }
                        for one in replacements
                    ],
                }
                for document, replacements in changes
            ],
            "properties": {"safety": "safe" if fix.is_safe else "unsafe"},
        }


def _all_line_hashes(findings: Iterable[Finding]) -> Mapping[int, Mapping[int, str]]:
    """The hashes of the lines with findings, by document and line."""
    lines: dict[int, tuple[Document, set[int]]] = {}
    for finding in findings:
        place = finding.problem.place
        lines.setdefault(id(place.document), (place.document, set()))[1].add(place.span.start.line)
    return {key: line_hashes(document.source, wanted) for key, (document, wanted) in lines.items()}


def _message(finding: Finding) -> str:
    """The sentences, and links to the related places. Only these are links: what a file says must not become one."""
    text = sentences(finding.problem).replace("](", "] (")
    links = [
        f"[{_link_text(note.label)}]({number})"
        for number, note in enumerate(finding.problem.related[:_MOST_RELATED], 1)
        if note.label
    ]
    return f"{text} See {', '.join(links)}." if links else text


def _text(label: str) -> dict[str, Any]:
    """A message; none without a text, which readers refuse."""
    return {"message": {"text": printable(label)}} if label else {}


def _link_text(label: str) -> str:
    return printable(label).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _region(span: Span) -> dict[str, int]:
    start, end = span
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _notifications(report: Report, found: int, results: _Results) -> Iterator[dict[str, Any]]:
    for error in report.internal_errors:
        yield {
            "level": "error",
            "message": {"text": internal_error(error)},
            "associatedRule": results.rule_reference(error.code),
        }
    if found > _MOST_RESULTS:
        text = f"{found - _MOST_RESULTS} of {found} findings are left out: a file may have {_MOST_RESULTS} results. The worst are here."
        yield {"level": "warning", "message": {"text": text}}
    elif found > _MOST_KEPT:
        text = f"GitHub keeps {_MOST_KEPT} of the {found} results, which have the worst first."
        yield {"level": "warning", "message": {"text": text}}
    for line in not_evaluated(report):
        yield {"level": "note", "message": {"text": line}}
