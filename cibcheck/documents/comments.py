"""Comments that speak to cibcheck: where they stand and what follows them. What they mean is not the documents' business."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.documents.edits import Replacement, SetComment
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable

    from cibcheck.documents.edits import RemoveComment

_BLANK_BEHIND = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")


class Comment(NamedTuple):
    """A comment that names cibcheck. Numbers are indexes into the text of the document's source."""

    text: str
    """What is in it, without ``<!--`` and ``-->`` or the ``#``."""
    start: int
    end: int
    """Where the whole comment stands, or the part of it that a place is about."""
    text_start: int
    subject: Hashable | None
    """What it stands before: the next element of the same parent, or the next statement of a node file; None where nothing follows."""
    is_on_top: bool
    """Whether nothing but comments, and the start tag of the root element, is before it."""
    node: Any = None
    """The comment as the parser has it, for XML."""

    def part(self, start: int, end: int) -> Comment:
        """A stretch of the comment, by indexes into its text: what a finding can point at."""
        return self._replace(start=self.text_start + start, end=self.text_start + end)


def replaced(text: str, edit: SetComment | RemoveComment) -> Replacement:
    """What an edit of a comment replaces in a document's text."""
    comment: Comment = edit.place.node
    if isinstance(edit, SetComment):
        return Replacement(comment.text_start, comment.text_start + len(comment.text), edit.text)
    start, end = comment.start, comment.end
    line = start
    while line and text[line - 1] in " \t":
        line -= 1
    behind = _BLANK_BEHIND.match(text, end)
    if behind is not None and (line == 0 or text[line - 1] in "\r\n"):
        return Replacement(line, behind.end(), "")
    return Replacement(start, end, "")
