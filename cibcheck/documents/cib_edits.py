"""Edits of a CIB as replaced stretches of its text: everything else stays as it is, to the last blank.

What is new is written as its neighbours are: with their quotes, their line ends and their indentation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.documents.comments import replaced
from cibcheck.documents.edits import (
    CannotEdit,
    Insert,
    NewElement,
    Remove,
    RemoveComment,
    Rename,
    Replacement,
    SetComment,
    SetValue,
)
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree

    from cibcheck.documents.cib import AttributeRange, CibDocument, Extent
    from cibcheck.documents.edits import Edit

# ASCII is all that the names in a CIB need, and every encoding has it.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r"[&<>\"'\t\n\r]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_COMMENT_BESIDE = re.compile(r"[ \t]*<!--(?:[^-]|-(?!->))*-->(?=[ \t]*[\r\n])")
_LINE_END = re.compile(r"\r\n|\n|\r")
_STEP = "  "


def replacements(document: CibDocument, edit: Edit) -> Sequence[Replacement]:
    """What an edit replaces.

    Raises:
        CannotEdit: the place cannot be told, or XML or the encoding cannot say what is wanted.
    """
    if isinstance(edit, SetComment | RemoveComment):
        if isinstance(edit, SetComment) and "--" in f"{edit.text}-":
            raise CannotEdit("a comment in XML has no two hyphens in it")
        return [replaced(document.source.text, edit)]
    element, part = edit.place.node, (edit.place.part or "").lstrip("@") or None  # with @ it is the name of the same
    extent = document.extent(element)
    if extent is None:
        raise CannotEdit("the file's encoding is unknown to Python")
    tag = _Tag(document, element, extent)
    match edit:
        case SetValue() if part is not None:
            return [tag.set(part, edit.value)]
        case Rename():
            return tag.rename_attribute(part, edit.name) if part is not None else tag.rename(edit.name)
        case Remove():
            return [tag.remove_attribute(part) if part is not None else tag.remove()]
        case Insert():
            return [tag.insert(NewElement(edit.name, edit.attributes, edit.children))]
        case _:
            raise CannotEdit("the place is none that has a value")


class _Layout(NamedTuple):
    """How an element stands: the line end before it (empty where it shares its line) and its indentation."""

    line_end: str
    indent: str

    def deeper(self, step: str) -> _Layout:
        return _Layout(self.line_end, self.indent + step)

    def __str__(self) -> str:
        return self.line_end + self.indent


class _Tag:
    """An element in the text: its start tag and where it ends."""

    def __init__(self, document: CibDocument, element: etree._Element, extent: Extent) -> None:
        self._document = document
        self._text = document.source.text
        self._element = element
        self._extent = extent
        name = re.compile(r"[^\s/>]+").match(self._text, extent.start + 1)
        self._name = name[0] if name else ""
        self._name_end = extent.start + 1 + len(self._name)

    def set(self, name: str, value: str) -> Replacement:
        """An attribute's value; the attribute comes behind the last one, with the same white space before it, if there is none."""
        attributes = list(self._document.attributes(self._extent))
        for one in attributes:
            if one.name == self._raw(name):
                return Replacement(one.value_start, one.value_end, self._escaped(value, self._text[one.value_start - 1]))
        end, blank, quote = self._name_end, " ", '"'
        if attributes:
            end, quote = attributes[-1].end, self._text[attributes[-1].value_end]
            blank = self._text[self._blank_before(attributes[-1]) : attributes[-1].start]
        return Replacement(end, end, f"{blank}{self._raw(name)}={quote}{self._escaped(value, quote)}{quote}")

    def rename_attribute(self, name: str, new: str) -> list[Replacement]:
        """An attribute's name."""
        if new != name and self._element.get(new) is not None:
            raise CannotEdit(f"there is an attribute {new!r} already")
        found = self._attribute(name)
        return [Replacement(found.start, found.start + len(found.name), self._raw(new))]

    def remove_attribute(self, name: str) -> Replacement:
        """An attribute with the white space before it."""
        found = self._attribute(name)
        return Replacement(self._blank_before(found), found.end, "")

    def _blank_before(self, attribute: AttributeRange) -> int:
        start = attribute.start
        while self._text[start - 1].isspace():
            start -= 1
        return start

    def _attribute(self, name: str) -> AttributeRange:
        raw = self._raw(name)
        found = next((one for one in self._document.attributes(self._extent) if one.name == raw), None)
        if found is None:
            raise CannotEdit(f"there is no attribute {name!r}")
        return found

    def rename(self, new: str) -> list[Replacement]:
        """The name in the start tag and in the end tag, if there is one. A prefix stays."""
        if not _NAME.fullmatch(new):
            raise CannotEdit(f"{new!r} is no name for an element")
        old = self._name.rpartition(":")[2]
        edits = [Replacement(self._name_end - len(old), self._name_end, new)]
        if not self._is_self_closing:
            end = self._end_tag + 2 + len(self._name)
            edits.append(Replacement(end - len(old), end, new))
        return edits

    def remove(self) -> Replacement:
        """The element; its lines, too, where nothing else is on them."""
        if self._element.getparent() is None:
            raise CannotEdit("it is the root element")
        if self._element.tag == "nvpair" and next(self._element.iterchildren("*"), None) is not None:
            raise CannotEdit("the pair holds elements, which would go with it")
        start, end = self._extent.start, self._extent.end
        layout = self._layout_at(start)
        after = re.compile(r"[ \t]*(\r\n|\n|\r)").match(self._text, end)
        if layout is not None and after is not None:
            return Replacement(start - len(layout.indent), after.end(), "")
        return Replacement(start, end, "")

    def insert(self, new: NewElement) -> Replacement:
        """A child behind those that are there, laid out as they are."""
        if self._element.nsmap.get(None) is not None:
            raise CannotEdit("the file has a default namespace, which a CIB has not")
        last = next(self._element.iterchildren("*", reversed=True), None)
        own = self._layout_at(self._extent.start) or _Layout("", "")
        if last is not None:
            return self._insert_behind(last, own, new)
        inner = own.deeper(self._step(own))
        child = f"{inner}{self._written(new, inner)}" if own.line_end else self._written(new, own)
        if self._is_self_closing:
            end = max((one.end for one in self._document.attributes(self._extent)), default=self._name_end)
            return Replacement(end, self._extent.tag_end, f">{child}{own}</{self._name}>")
        content = self._text[self._extent.tag_end : self._end_tag]
        blank = content[len(content.rstrip()) :]
        if "\n" in blank or "\r" in blank:  # the end tag is on a line of its own already
            at = self._end_tag - len(blank)
            return Replacement(at, at, child)
        return Replacement(self._end_tag, self._end_tag, f"{child}{own}")

    def _insert_behind(self, last: etree._Element, own: _Layout, new: NewElement) -> Replacement:
        extent = self._document.extent(last)
        if extent is None:
            raise CannotEdit("the file's encoding is unknown to Python")
        beside = _COMMENT_BESIDE.match(self._text, extent.end)
        end = beside.end() if beside else extent.end
        layout = self._layout_at(extent.start)
        if layout is None:
            before = self._text[self._extent.tag_end : extent.start]
            return Replacement(end, end, before[len(before.rstrip()) :] + self._written(new, _Layout("", "")))
        step = layout.indent.removeprefix(own.indent) if own.line_end else layout.indent
        return Replacement(end, end, f"{layout}{self._written(new, layout, step or _STEP)}")

    def _written(self, new: NewElement, layout: _Layout, step: str = _STEP) -> str:
        for name in (new.name, *new.attributes):
            if not _NAME.fullmatch(name):
                raise CannotEdit(f"{name!r} is no name for an element or an attribute")
        head = new.name + "".join(f' {name}="{self._escaped(value, chr(34))}"' for name, value in new.attributes.items())
        if not new.children:
            return f"<{head}/>"
        inner = layout.deeper(step) if layout.line_end else layout
        return f"<{head}>{''.join(f'{inner}{self._written(child, inner, step)}' for child in new.children)}{layout}</{new.name}>"

    def _step(self, own: _Layout) -> str:
        """By how much this element is indented deeper than its parent."""
        parent = self._element.getparent()
        extent = None if parent is None else self._document.extent(parent)
        outer = extent and self._layout_at(extent.start)
        if outer and own.indent.startswith(outer.indent) and own.indent != outer.indent:
            return own.indent.removeprefix(outer.indent)
        return "\t" if "\t" in own.indent else _STEP

    def _layout_at(self, index: int) -> _Layout | None:
        """How something stands that is the first on its line; None where it is not."""
        start = index
        while start and self._text[start - 1] in " \t":
            start -= 1
        indent = self._text[start:index]
        if start == 0:
            found = _LINE_END.search(self._text)
            return _Layout(found[0], indent) if found else None
        if self._text.endswith("\r\n", 0, start):
            return _Layout("\r\n", indent)
        return _Layout(self._text[start - 1], indent) if self._text[start - 1] in "\r\n" else None

    @property
    def _is_self_closing(self) -> bool:
        return self._text[self._extent.tag_end - 2] == "/"

    @property
    def _end_tag(self) -> int:
        return self._text.rindex("</", self._extent.start, self._extent.end)

    def _raw(self, name: str) -> str:
        raw = self._document.written_name(self._element, name)
        if raw is None or not all(_NAME.fullmatch(part) for part in raw.split(":")):
            raise CannotEdit(f"{name!r} is no name for an attribute here")
        return raw

    def _escaped(self, value: str, quote: str) -> str:
        if wrong := _NO_XML.search(value):
            raise CannotEdit(f"XML has no character U+{ord(wrong[0]):04X}")
        return "".join(self._characters(_SPECIAL.sub(lambda match: _escape(match[0], quote), value)))

    def _characters(self, value: str) -> Iterator[str]:
        """A text in the encoding of the file; what that has not, as a reference."""
        for character in value:
            yield character if character.isascii() or self._document.source.has(character) else f"&#{ord(character)};"


def _escape(character: str, quote: str) -> str:
    if character in "\"'" and character != quote:
        return character
    return _ENTITIES.get(character) or f"&#{ord(character)};"
