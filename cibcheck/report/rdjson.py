"""reviewdog's diagnostics. Columns count bytes of UTF-8, whatever the encoding of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.documents.source import Source
from cibcheck.findings.finding import Severity
from cibcheck.report import printable, reference, rule_url
from cibcheck.report.fixes import Fixes
from cibcheck.report.jsontext import dumps
from cibcheck.report.prose import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.documents.source import Document, Place, Position, Span
    from cibcheck.findings.finding import Finding
    from cibcheck.report import Report, Style

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}
_MOST_LINES = 20
"""How many lines a suggestion may replace at most: edits further apart than that are shown to nobody's use."""


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    diagnostics = _Diagnostics()
    worst = max((finding.severity for finding in report.findings), default=Severity.INFO)
    document = {
        "source": {"name": "cibcheck"},
        "severity": _SEVERITIES[worst],
        "diagnostics": [diagnostics.diagnostic(finding) for finding in report.findings],
    }
    yield dumps(document, indent=2)


class _Diagnostics:
    """Makes diagnostics, and reads each file once for all of them."""

    def __init__(self) -> None:
        self._fixes = Fixes()
        self._sources: dict[int, Source] = {}

    def diagnostic(self, finding: Finding) -> dict[str, Any]:
        problem = finding.problem
        url = rule_url(finding.code)
        made: dict[str, Any] = {
            "message": sentences(problem),
            "location": self._location(problem.place),
            "severity": _SEVERITIES[finding.severity],
            "code": {"value": reference(finding), **({"url": url} if url else {})},
        }
        if suggestion := self._suggestion(finding):
            made["suggestions"] = [suggestion]
        if problem.related:
            made["related_locations"] = [
                {"message": printable(note.label), "location": self._location(note.place)} for note in problem.related
            ]
        return made

    def _location(self, place: Place) -> dict[str, Any]:
        # As the user knows the file: reviewdog itself starts from the folder it runs in.
        return {"path": printable(place.document.name), "range": self._range(place.document, place.span)}

    def _range(self, document: Document, span: Span) -> dict[str, Any]:
        source = self._utf8(document)
        return {"start": _position(source, span.start), "end": _position(source, span.end)}

    def _utf8(self, document: Document) -> Source:
        """The document's text in UTF-8, if it is not so by itself."""
        source = document.source
        if source.encoding.lower().replace("_", "-") in ("utf-8", "ascii", "us-ascii"):
            return source
        if id(document) not in self._sources:
            self._sources[id(document)] = Source(source.text.encode("utf-8", "surrogateescape"))
        return self._sources[id(document)]

    def _suggestion(self, finding: Finding) -> dict[str, Any] | None:
        """The fix as one replaced stretch, since readers apply each suggestion for itself; none where the edits are in several files or far
        apart, or where a key or password stands between them."""
        changes = self._fixes.changes(finding.problem)
        if len(changes) != 1:
            return None
        document, replacements = changes[0]
        text = document.source.text
        start = end = replacements[0].start
        pieces: list[str] = []
        for one in replacements:
            pieces += [text[end : one.start], one.text]
            end = max(end, one.end)
        span = document.source.span(start, end)
        whole = "".join(pieces)
        if span.end.line - span.start.line >= _MOST_LINES or not self._fixes.is_open(document, whole):
            return None
        return {"range": self._range(document, span), "text": whole}


def _position(source: Source, position: Position) -> dict[str, int]:
    start = source.line_starts[position.line - 1]
    offset = source.position(start + position.column - 1).offset - source.position(start).offset
    return {"line": position.line, "column": offset + 1}
