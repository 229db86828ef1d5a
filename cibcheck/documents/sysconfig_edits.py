"""Edits of an environment file as replaced stretches of its text, so that systemd then reads exactly what is wanted, and all the rest
as before. What is new is written so that a shell reads the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from cibcheck.documents.comments import replaced
from cibcheck.documents.edits import CannotEdit, Insert, Remove, RemoveComment, Rename, Replacement, SetComment, SetValue, Tidy
from cibcheck.documents.sysconfig import NOT_UTF8, VARIABLE, Assignment, Oddity, SysconfigDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.documents.edits import Edit

_PLAIN = re.compile(r"[A-Za-z0-9_./:,@%+=-]*")
_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANKS = re.compile(r"[ \t]*")
_EXPORT = re.compile(r"(?<![^ \t;&])export[ \t]+\Z")
_ACTIVE = re.compile(r'["\\`$]')


def replacements(document: SysconfigDocument, edit: Edit) -> Sequence[Replacement]:
    """What an edit replaces.

    Raises:
        CannotEdit: systemd would not read exactly what is wanted.
    """
    if document.source.encoding != "utf-8" or "\0" in document.source.text:
        raise CannotEdit("systemd reads nothing in this file")
    node = edit.place.node
    match edit:
        case SetComment() | RemoveComment():
            return [replaced(document.source.text, edit)]
        case Insert():
            return [_append(document, edit.name, edit.attributes.get("value", ""))]
        case Tidy() if isinstance(node, Oddity):
            return _Tidying(document, node).replacements()
        case SetValue() if _is_read(document, node):
            return [_set(document.source.text, node, edit.value)]
        case Rename() if _is_read(document, node):
            return [Replacement(node.name_start, node.name_end, _name(edit.name))]
        case Remove() if _is_read(document, node):
            return [_remove(document, node)]
        case _:
            raise CannotEdit("the place is none that systemd reads")


def _is_read(document: SysconfigDocument, node: object) -> bool:
    """Whether it is an assignment of the file, and not one in a comment or behind a byte order mark."""
    return isinstance(node, Assignment) and document.has(node)


def _name(name: str) -> str:
    if not VARIABLE.fullmatch(name):
        raise CannotEdit(f"{name!r} is no name for a variable")
    return name


def _skip_blanks(text: str, index: int) -> int:
    match = _BLANKS.match(text, index)
    return match.end() if match else index


def _value_start(text: str, assignment: Assignment) -> int:
    """Where the value starts, with its quote."""
    equals = text.index("=", assignment.name_end)
    return min(_skip_blanks(text, equals + 1), max(assignment.end, equals + 1))


def _set(text: str, assignment: Assignment, value: str) -> Replacement:
    start = _value_start(text, assignment)
    return Replacement(start, assignment.end, _quoted(value, text[start : start + 1]))


def _quoted(value: str, quote: str = "") -> str:
    """A value as systemd and a shell read it alike: with the quote that was there before, where that will do, or none."""
    if "\0" in value or NOT_UTF8.search(value):
        raise CannotEdit("the value has characters for which systemd ignores the file")
    if quote not in ('"', "'") and _PLAIN.fullmatch(value):
        return value
    if quote == "'" and "'" not in value:
        return f"'{value}'"
    if not _ACTIVE.search(value):
        return f'"{value}"'
    return f"'{value}'" if "'" not in value else f'"{_ACTIVE.sub(_with_backslash, value)}"'


def _with_backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _line_start(document: SysconfigDocument, index: int) -> int:
    starts = document.source.line_starts
    return starts[bisect_right(starts, index) - 1]


def _line_end_of(text: str) -> str:
    """The line end that a file has."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def _remove(document: SysconfigDocument, assignment: Assignment) -> Replacement:
    """All its lines; only blanks can be beside it."""
    text = document.source.text
    end = _skip_blanks(text, assignment.end)
    line_end = _LINE_END.match(text, end)
    return Replacement(_line_start(document, assignment.start), line_end.end() if line_end else end, "")


def _append(document: SysconfigDocument, name: str, value: str) -> Replacement:
    text, value_text = document.source.text, _quoted(value)
    line_end = _line_end_of(text)
    missing = "" if not text or text.endswith(("\n", "\r")) else line_end
    added = Replacement(len(text), len(text), f"{missing}{_name(name)}={value_text}{line_end}")
    # A quote or a backslash above may carry a value on and take in the new line.
    after = SysconfigDocument(document.name, document.source.replaced([added]))
    if _pairs(after) != [*_pairs(document), (name, value)]:
        raise CannotEdit("the value at the end of the file goes on, and would take in the new line")
    return added


def _pairs(document: SysconfigDocument) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in document.assignments]


class _Tidying:
    """An oddity, written as it was meant."""

    def __init__(self, document: SysconfigDocument, oddity: Oddity) -> None:
        self._document = document
        self._text = document.source.text
        self._oddity = oddity

    def replacements(self) -> Sequence[Replacement]:
        """What is to be replaced."""
        start, end = self._oddity.start, self._oddity.end
        match self._oddity.kind:
            case "byte-order-mark":
                return [Replacement(0, len(self._text) - len(self._text.lstrip("\ufeff")), "")]
            case "exported" | "comment-continuation":
                return [Replacement(start, end, "")]
            case "semicolon-comment":
                return [Replacement(start, start + 1, "#")]
            case "carriage-return":
                return self._line_ends()
            case "unterminated-quote":
                return [self._closed()]
            case "not-an-assignment":
                return [self._assigned()]
        assignment = self._oddity.assignment
        if assignment is None or not assignment.accepted or not self._document.has(assignment):
            raise CannotEdit("the line cannot be mended without knowing what was meant")
        match self._oddity.kind:
            case "blank-around-equals":
                return [Replacement(assignment.name_end, _value_start(self._text, assignment), "=")]
            case "trailing-comment":
                return self._comment_above(assignment)
            case "several-assignments":
                return [self._split(assignment)]
            case "inner-quotes" | "operator" | "second-word" | "split-quotes" | "dangling-backslash":
                return [_set(self._text, assignment, assignment.value)]
        raise CannotEdit("the value cannot be mended without knowing what was meant")

    def _line_ends(self) -> Sequence[Replacement]:
        """Line feeds in place of carriage returns, where no value and no comment goes on in the next line."""
        values = [(one.start, one.end) for one in self._document.assignments]
        if "\\\r" in self._text or any("\r" in self._text[start:end] for start, end in values):
            raise CannotEdit("a value goes on over a line end, and would become another one")
        return [Replacement(match.start(), match.end(), "\n") for match in _LINE_END.finditer(self._text) if "\r" in match[0]]

    def _closed(self) -> Replacement:
        """The missing quote, at the end of the line where the other one is."""
        start, quote = self._oddity.start, self._oddity.detail
        line_end = _LINE_END.search(self._text, start)
        line = self._text[start : line_end.start() if line_end else len(self._text)].rstrip(" \t")
        if line.endswith("\\") or line == quote:
            raise CannotEdit("it cannot be told where the value ends")
        at = start + len(line)
        return Replacement(at, at, quote)

    def _assigned(self) -> Replacement:
        """``NAME word`` or ``NAME: word`` as an assignment."""
        match = re.fullmatch(r"([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]*:[ \t]*|[ \t]+)([A-Za-z0-9_./:,@%+-]+)", self._oddity.detail)
        if match is None or self._oddity.assignment is not None:
            raise CannotEdit("it cannot be told what the value is")
        return Replacement(self._oddity.start, self._oddity.end, f"{match[1]}={match[2]}")

    def _comment_above(self, assignment: Assignment) -> Sequence[Replacement]:
        """The comment on a line of its own, above the assignment."""
        start, end = self._oddity.start, self._oddity.end
        comment = self._text[start:end]
        if _LINE_END.search(comment) or comment.endswith("\\"):
            raise CannotEdit("the comment goes on over a line end")
        top = _line_start(self._document, assignment.start)
        above = f"{self._text[top : assignment.start]}{comment}{_line_end_of(self._text)}"
        while self._text[start - 1] in " \t":
            start -= 1
        return [Replacement(top, top, above), Replacement(start, end, "")]

    def _split(self, assignment: Assignment) -> Replacement:
        """The second assignment on a line of its own."""
        start = self._oddity.start
        head = _EXPORT.sub("", self._text[_value_start(self._text, assignment) : start]).rstrip(" \t")
        first = (head[:-2] if head.endswith("&&") else head.removesuffix(";")).rstrip(" \t")
        if first.endswith(("\\", "&", "|", ";")):
            raise CannotEdit("it cannot be told where the one value ends")
        indent = self._text[_line_start(self._document, assignment.start) : assignment.start]
        return Replacement(_value_start(self._text, assignment) + len(first), start, f"{_line_end_of(self._text)}{indent}")
