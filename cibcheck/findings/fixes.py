"""Which fixes are made, and what they make of the files: from findings to bytes.

A fix is made whole or not at all. Of fixes that touch each other the first one is made, in the order of the findings; the others have
their turn in the next round, on what the first has left.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from cibcheck.documents.edits import CannotEdit, Replacement
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Finding, Fix


class Patch(NamedTuple):
    """A fix as replaced stretches, by the file that they are in, and the findings that it mends. ``documents`` has one for each file."""

    findings: tuple[Finding, ...]
    stretches: Mapping[str, Sequence[Replacement]]
    documents: Mapping[str, Document]


def assessed(finding: Finding, given: Container[str]) -> Finding:
    """The finding with its fix if that can be made, else without it and with the reason. ``given`` has the names of the files that the
    user gave; no other file is changed."""
    fix = finding.problem.fix
    if fix is None:
        return finding
    try:
        for edit in fix.edits:
            document = edit.place.document
            if document.name not in given:
                raise CannotEdit(f"that would change {document.name}, which was not given")
        _stretches(fix, {})
    except CannotEdit as reason:
        return finding.without_fix(str(reason))
    return finding


def _stretches(fix: Fix, file_of: Mapping[str, str]) -> dict[str, list[Replacement]]:
    """What a fix replaces, by file; ``file_of`` has the file for the name of a document, where they differ.

    Raises:
        CannotEdit: an edit cannot be done, or two of the edits are in each other's way.
    """
    by_document: dict[str, list[Replacement]] = {}
    for edit in fix.edits:
        document = edit.place.document
        if not document.source.is_text:
            raise CannotEdit("the file has bytes that are no text in its encoding")
        by_document.setdefault(document.name, []).extend(document.replacements(edit))
    found: dict[str, list[Replacement]] = {}
    for name, own in by_document.items():
        own.sort(key=lambda one: one[:2])
        is_crossed = any(one.end > other.start for one, other in pairwise(own))
        if is_crossed or found.setdefault(file_of.get(name, name), own) != own:
            raise CannotEdit("its parts are in each other's way")
    return found


def choose(findings: Iterable[Finding], file_of: Mapping[str, str], *, unsafe: bool) -> list[Patch]:
    """The fixes of one round: those that are wanted and do not touch each other. Findings that have the same fix share a patch.

    ``file_of`` has the file for the name of each document, so that two names of one file are one.
    """
    chosen: dict[object, Patch] = {}
    taken: dict[str, _Taken] = {}
    for finding in findings:
        fix = finding.problem.fix
        if fix is None or not (fix.is_safe or unsafe):
            continue
        try:
            stretches = _stretches(fix, file_of)
        except CannotEdit:  # one file under two names, in which the fix would do two things
            continue
        key = tuple(sorted((name, tuple(own)) for name, own in stretches.items()))
        if key in chosen:
            chosen[key] = chosen[key]._replace(findings=(*chosen[key].findings, finding))
        elif not any(taken.setdefault(name, _Taken()).touches(own) for name, own in stretches.items()):
            for name, own in stretches.items():
                taken[name].add(own)
            documents = {file_of[edit.place.document.name]: edit.place.document for edit in fix.edits}
            chosen[key] = Patch((finding,), stretches, documents)
    return list(chosen.values())


class _Taken:
    """The stretches of one file that are spoken for, in order; none reaches into another."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stretches: list[Replacement] = []

    def touches(self, stretches: Sequence[Replacement]) -> bool:
        """Whether one of the stretches shares a character with one that is taken, or puts something where that begins or ends."""
        return any(self._meets(one) for one in stretches)

    def _meets(self, one: Replacement) -> bool:
        first = max(bisect_left(self._starts, one.start) - 1, 0)
        return any(_meet(one, other) for other in self._stretches[first : bisect_right(self._starts, one.end)])

    def add(self, stretches: Sequence[Replacement]) -> None:
        """Take stretches that touch none."""
        for one in stretches:
            at = bisect_left(self._starts, one.start)
            self._starts.insert(at, one.start)
            self._stretches.insert(at, one)


def _meet(one: Replacement, other: Replacement) -> bool:
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def patched(patches: Iterable[Patch]) -> dict[str, bytes]:
    """The files as the patches make them: each byte outside of what they replace is as it was.

    Raises:
        CannotEdit: the encoding of a file lacks a character.
    """
    stretches: dict[str, list[Replacement]] = {}
    documents: dict[str, Document] = {}
    for patch in patches:
        documents.update(patch.documents)
        for name, own in patch.stretches.items():
            stretches.setdefault(name, []).extend(own)
    return {name: documents[name].source.replaced(own) for name, own in stretches.items()}
