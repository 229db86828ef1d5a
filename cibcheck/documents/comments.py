"""Comments that speak to cibcheck: where they stand and what follows them. What they mean is not the documents' business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable


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
