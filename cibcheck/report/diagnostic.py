"""One finding for people: its lines with the places marked, what follows from it and what to do."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from cibcheck.report import BOLD, COLORS, FRAME, Style, line_start, printable, reference
from cibcheck.report.excerpt import Excerpts, Mark, columns
from cibcheck.report.links import path_link, rule_link
from cibcheck.report.prose import notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Finding


def diagnostic(finding: Finding, style: Style, excerpts: Excerpts) -> Iterator[str]:
    """The lines of one finding, without line ends."""
    problem = finding.problem
    head = f"{finding.severity.word}[{reference(finding)}]"
    message, *more = style.broken(printable(problem.message), first=columns(head) + 1)
    yield f"{rule_link(style.paint(head, COLORS[finding.severity]), finding, style)} {style.paint(message, BOLD)}"
    yield from (style.paint(line, BOLD) for line in more)
    marks = [Mark(problem.place, printable(problem.label or ""), is_primary=True)]
    marks += [Mark(note.place, printable(note.label), is_primary=False) for note in problem.related]
    gutter = len(str(max(mark.place.span.start.line for mark in marks)))
    bar = style.paint("│", FRAME)
    for index, (document, own) in enumerate(_by_document(marks)):
        start = own[0].place.span.start
        corner = style.paint("┌─" if index == 0 else "├─", FRAME)
        place = f"{printable(document.name)}:{start.line}:{start.column}"
        yield f"{' ' * gutter} {corner} {path_link(place, document.name, style)}"
        if not document.source.text:
            continue
        yield f"{' ' * gutter} {bar}"
        for line in excerpts.lines(document, own):
            number = "" if line.number is None else str(line.number)
            text = line.text
            if line.number is None:
                text = style.paint(text, COLORS[finding.severity] if line.is_primary else FRAME)
            yield f"{style.paint(number.rjust(gutter), FRAME)} {bar} {text}".rstrip()
        yield f"{' ' * gutter} {bar}"
    for note in (*notes(problem), *_on_fix(finding), f"more: cibcheck rule {finding.code}"):
        first, *rest = textwrap.wrap(note, max(min(style.width, _PROSE) - gutter - 3, 40), break_on_hyphens=False) or [""]
        word, colon, tail = first.partition(": ")
        if colon and word in _LABELS:
            first = style.paint(f"{word}:", BOLD) + f" {tail}"
        yield f"{' ' * gutter} {style.paint('=', FRAME)} {first}"
        yield from (f"{' ' * gutter}   {line_start(line)}" for line in rest)


_PROSE = 100
"""The longest line that is read with ease."""
_LABELS = frozenset(("help", "more", "affects", "fix"))


def _on_fix(finding: Finding) -> Iterator[str]:
    fix = finding.problem.fix
    if fix is not None:
        yield f"fix: {printable(fix.title)}" + ("" if fix.is_safe else " (--unsafe-fixes)")
    elif finding.no_fix:
        yield f"fix: none is made: {printable(finding.no_fix)}"


def _by_document(marks: Sequence[Mark]) -> Iterator[tuple[Document, list[Mark]]]:
    """The marks of each document, the primary one's first."""
    found: dict[int, list[Mark]] = {}
    for mark in marks:
        found.setdefault(id(mark.place.document), []).append(mark)
    for own in found.values():
        yield own[0].place.document, own
