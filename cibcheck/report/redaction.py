"""Takes keys and passwords out of what findings say. The lines of a file are starred where they are shown (`excerpt`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.documents.source import secrets_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Finding, Problem
    from cibcheck.report import Report

_WORD_END = re.compile(r"[\s\"'<>=]+")
_SHORT = 6
"""A secret with fewer characters is starred only as a word of its own; it may be a part of many words by chance."""
_XML_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


class Secrets:
    """The keys and passwords of a document. What stands in it in the clear as well (``root``) is no secret."""

    def __init__(self, document: Document) -> None:
        text = document.source.text
        ranges = secrets_in(text)
        self._words = {form for start, end in ranges for form in _forms(text[start:end])}
        if ranges:
            ends = [0, *(end for _, end in ranges)]
            starts = [*(start for start, _ in ranges), len(text)]
            for start, end in zip(ends, starts, strict=True):
                self._words.difference_update(_WORD_END.split(text[start:end]))
        self._lengths = sorted({len(word) for word in self._words}, reverse=True)

    def starred(self, text: str) -> str:
        """A text with stars in the place of each secret. Costs what the text is long, however many secrets there are."""
        for length in self._lengths:
            start = 0
            while start + length <= len(text):
                end = start + length
                if text[start:end] in self._words and (length >= _SHORT or _is_word(text, start, end)):
                    text = text[:start] + "*" * length + text[end:]
                    start = end
                else:
                    start += 1
        return text


def _forms(raw: str) -> Iterator[str]:
    """How a secret may be quoted: as it stands in the file, without quotes, with XML's escapes resolved, as Python shows it."""
    plain = raw.strip().strip("\"'").strip()
    resolved = plain
    for escape, char in _XML_ESCAPES:
        resolved = resolved.replace(escape, char)
    for form in (raw.strip(), plain, resolved, repr(resolved)[1:-1]):
        if form:
            yield form


def _is_word(text: str, start: int, end: int) -> bool:
    return not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum()


def redacted(report: Report) -> Report:
    """The report with stars for the secrets that its findings quote."""
    known: dict[int, Secrets] = {}

    def clean(finding: Finding) -> Finding:
        problem = finding.problem
        documents = {id(place.document): place.document for place in (problem.place, *(note.place for note in problem.related))}
        found = []
        for key, document in documents.items():
            if key not in known:
                known[key] = Secrets(document)
            found.append(known[key])
        return finding._replace(problem=_clean(problem, found))

    return report._replace(
        findings=[clean(finding) for finding in report.findings],
        suppressed=[one._replace(finding=clean(one.finding)) for one in report.suppressed],
    )


def _clean(problem: Problem, secrets: Iterable[Secrets]) -> Problem:
    for one in secrets:
        star = one.starred
        problem = problem._replace(
            message=star(problem.message),
            label=problem.label and star(problem.label),
            consequence=problem.consequence and star(problem.consequence),
            help=problem.help and star(problem.help),
            related=tuple(note._replace(label=star(note.label)) for note in problem.related),
            fix=problem.fix and problem.fix._replace(title=star(problem.fix.title)),
        )
    return problem
