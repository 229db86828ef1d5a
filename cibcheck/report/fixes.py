"""What a fix would change, as stretches of text: for reports whose readers can apply it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.documents.edits import CannotEdit
from cibcheck.records import NamedTuple
from cibcheck.report.redaction import Secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.documents.edits import Replacement
    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Problem


class Change(NamedTuple):
    """What a fix changes in one document, sorted by position."""

    document: Document
    replacements: Sequence[Replacement]


class Fixes:
    """Works out what fixes change. Reads each document once, however many fixes it gets."""

    def __init__(self) -> None:
        self._secrets: dict[int, Secrets] = {}

    def changes(self, problem: Problem) -> Sequence[Change]:
        """What the fix of a problem changes; nothing where it has none, or none that can be shown: the document cannot be edited there,
        or a key or password would have to be printed."""
        if problem.fix is None:
            return ()
        found: dict[int, tuple[Document, list[Replacement]]] = {}
        for edit in problem.fix.edits:
            document = edit.place.document
            try:
                replacements = document.replacements(edit)
            except CannotEdit:
                return ()
            found.setdefault(id(document), (document, []))[1].extend(replacements)
        changes = [Change(document, sorted(replacements)) for document, replacements in found.values()]
        is_open = all(self.is_open(document, one.text) for document, replacements in changes for one in replacements)
        return changes if is_open else ()

    def is_open(self, document: Document, text: str) -> bool:
        """Whether a text for a document holds none of its keys and passwords."""
        if not text:
            return True
        secrets = self._secrets.get(id(document))
        if secrets is None:
            secrets = self._secrets[id(document)] = Secrets(document)
        return secrets.starred(text) == text
