"""What a fix changes, in a document's own terms. Rules make edits; each kind of document turns them into replaced stretches of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cibcheck.documents.source import Place


class SetValue(NamedTuple):
    """Give an attribute or a variable a value. An attribute that is not there yet is added behind the others."""

    place: Place
    """An element and the name of its attribute, or an assignment."""
    value: str
    """As a program reads it: the document quotes and escapes it."""


class Rename(NamedTuple):
    """Give an element (its start and end tag), an attribute or a variable another name."""

    place: Place
    name: str


class Remove(NamedTuple):
    """Take out an element with all that is in it, an attribute, or an assignment; with its lines, where nothing else is on them.

    A comment beside or above it stays: nobody but its author knows how much of what follows it speaks of.
    """

    place: Place


class NewElement(NamedTuple):
    """An element that is not there yet."""

    name: str
    attributes: Mapping[str, str] = {}
    children: tuple[NewElement, ...] = ()


class Insert(NamedTuple):
    """Put a new element into another, behind the children that are there, or a new assignment behind all others."""

    place: Place
    """The element that gets a child; for a node file any place in it."""
    name: str
    """The element's or the variable's."""
    attributes: Mapping[str, str] = {}
    """Of the element; for a variable, its ``value``."""
    children: tuple[NewElement, ...] = ()
    """Of the element."""


class SetComment(NamedTuple):
    """Give a comment another text."""

    place: Place
    """The whole `Comment`."""
    text: str
    """What is to stand between its delimiters, or behind the ``#``, blanks included."""


class RemoveComment(NamedTuple):
    """Take out a comment; with its line, where nothing else is on it."""

    place: Place
    """The whole `Comment`."""


class Tidy(NamedTuple):
    """Write an oddity of a node file in the way that every reader understands as it was meant: the mark, blank, word or line end that
    is too much goes, a comment gets a line of its own, a value gets quotes."""

    place: Place
    """An oddity."""


Edit: TypeAlias = SetValue | Rename | Remove | Insert | Tidy | SetComment | RemoveComment


class CannotEdit(Exception):
    """A document cannot do an edit exactly. The text is the reason, for people: what follows "cannot be fixed here: "."""


class Replacement(NamedTuple):
    """A stretch of a document's text, as indexes into it, and the text that takes its place."""

    start: int
    end: int
    text: str
