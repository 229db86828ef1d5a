"""Edits of a CIB: the result says exactly what was wanted, and every other byte is as it was."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.documents.cib import CibDocument, Unreadable, UnreadableDocument, read_cib
from cibcheck.documents.edits import CannotEdit, Edit, Insert, NewElement, Remove, Rename, SetValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from cibcheck.documents.source import Place


def edited(text: str | bytes, make: Callable[[CibDocument], Edit]) -> str:
    """A CIB after an edit, as text."""
    data = text.encode() if isinstance(text, str) else text
    document = read_cib("cib.xml", data)
    changed = document.source.replaced(document.replacements(make(document)))
    return document.source.like(changed).text


def at(path: str, part: str | None = None) -> Callable[[CibDocument], Place]:
    return lambda document: document.place(document.root if path == "." else document.root.findall(path)[0], part)


@pytest.mark.parametrize(
    ("before", "path", "part", "value", "after"),
    [
        ("<cib><a x='1'/></cib>", "a", "x", 'say "&<>"', """<cib><a x='say "&amp;&lt;&gt;"'/></cib>"""),
        ("<cib><a x='1'/></cib>", "a", "x", "it's", "<cib><a x='it&apos;s'/></cib>"),
        ('<cib><a x="1"/></cib>', "a", "x", "it's \"\t\r\n", '<cib><a x="it\'s &quot;&#9;&#13;&#10;"/></cib>'),
        ('<cib><a x = "1" y="2"/></cib>', "a", "x", "", '<cib><a x = "" y="2"/></cib>'),
        ("<cib><a/></cib>", "a", "y", "2", '<cib><a y="2"/></cib>'),
        ("<cib><a /></cib>", "a", "y", "2", '<cib><a y="2" /></cib>'),
        ("<cib><a\n   x='1'\n   z='3'\n></a></cib>", "a", "y", "2", "<cib><a\n   x='1'\n   z='3'\n   y='2'\n></a></cib>"),
        ('<cib xmlns:n="u"><a n:x="1" x="2"/></cib>', "a", "x", "3", '<cib xmlns:n="u"><a n:x="1" x="3"/></cib>'),
        ('<cib xmlns:n="u"><a x="2" n:x="1"/></cib>', "a", "{u}x", "3", '<cib xmlns:n="u"><a x="2" n:x="3"/></cib>'),
        ("<cib><a t='<x y=\"1\"'/></cib>".replace("<x", "&lt;x"), "a", "y", "2", "<cib><a t='&lt;x y=\"1\"' y='2'/></cib>"),
    ],
)
def test_a_value_is_escaped_for_its_quotes_and_a_new_attribute_comes_last(
    before: str, path: str, part: str, value: str, after: str
) -> None:
    assert edited(before, lambda document: SetValue(at(path, part)(document), value)) == after


@pytest.mark.parametrize(
    ("encoding", "written"), [("ISO-8859-1", "é&#26085;"), ("US-ASCII", "&#233;&#26085;"), ("UTF-16", "é日"), ("UTF-8", "é日")]
)
def test_a_character_that_the_encoding_lacks_is_a_reference(encoding: str, written: str) -> None:
    before = f'<?xml version="1.0" encoding="{encoding}"?>\r\n<cib><a x="1"/></cib>\r\n'
    after = edited(before.encode(encoding), lambda document: SetValue(at("a", "x")(document), "é日"))
    assert after == before.replace('x="1"', f'x="{written}"')


@pytest.mark.parametrize(
    ("before", "path", "part", "name", "after"),
    [
        ("<cib><a x='1'><a/></a ></cib>", "a", None, "b", "<cib><b x='1'><a/></b ></cib>"),
        ("<cib><a/></cib>", "a", None, "longer", "<cib><longer/></cib>"),
        ('<n:cib xmlns:n="u"><n:a>t</n:a></n:cib>', "{u}a", None, "b", '<n:cib xmlns:n="u"><n:b>t</n:b></n:cib>'),
        ("<cib><a x='1' y = '2'/></cib>", "a", "y", "z", "<cib><a x='1' z = '2'/></cib>"),
    ],
)
def test_renaming_changes_both_tags_or_the_name_alone(before: str, path: str, part: str | None, name: str, after: str) -> None:
    assert edited(before, lambda document: Rename(at(path, part)(document), name)) == after


@pytest.mark.parametrize(
    ("before", "path", "part", "after"),
    [
        ("<cib>\n  <a>\n    <b/>\n  </a>\n  <c/>\n</cib>", "a", None, "<cib>\n  <c/>\n</cib>"),
        ("<cib>\r\n  <a/>  \r\n  <c/>\r\n</cib>", "a", None, "<cib>\r\n  <c/>\r\n</cib>"),
        ("<cib>\n  <a/> <c/>\n</cib>", "a", None, "<cib>\n   <c/>\n</cib>"),
        ("<cib>\n  <!-- why -->\n  <a/>\n</cib>", "a", None, "<cib>\n  <!-- why -->\n</cib>"),
        ("<cib>\n  <a/><!-- beside -->\n</cib>", "a", None, "<cib>\n  <!-- beside -->\n</cib>"),
        ("<cib><a/></cib>", "a", None, "<cib></cib>"),
        ("<cib><nvpair><!-- c --></nvpair></cib>", "nvpair", None, "<cib></cib>"),
        ("<cib><a x='1'\n  y='2' z='3'/></cib>", "a", "y", "<cib><a x='1' z='3'/></cib>"),
        ("<cib><a x='1' /></cib>", "a", "x", "<cib><a /></cib>"),
    ],
)
def test_what_is_removed_takes_its_lines_or_blanks_with_it_and_no_comment(
    before: str, path: str, part: str | None, after: str
) -> None:
    assert edited(before, lambda document: Remove(at(path, part)(document))) == after


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("<cib>\n  <a>\n    <b/>\n  </a>\n</cib>", "a", "<cib>\n  <a>\n    <b/>\n    <new/>\n  </a>\n</cib>"),
        ("<cib>\r\n\t<a>\r\n\t\t<b/>\r\n\t</a>\r\n</cib>", "a", "<cib>\r\n\t<a>\r\n\t\t<b/>\r\n\t\t<new/>\r\n\t</a>\r\n</cib>"),
        ("<cib>\n   <a/>\n</cib>", "a", "<cib>\n   <a>\n      <new/>\n   </a>\n</cib>"),
        ("<cib>\n  <a x='1' />\n</cib>", "a", "<cib>\n  <a x='1'>\n    <new/>\n  </a>\n</cib>"),
        ("<cib>\n  <a></a>\n</cib>", "a", "<cib>\n  <a>\n    <new/>\n  </a>\n</cib>"),
        ("<cib>\n  <a>\n  </a>\n</cib>", "a", "<cib>\n  <a>\n    <new/>\n  </a>\n</cib>"),
        ("<cib>\n  <a>\n    <!-- c -->\n  </a>\n</cib>", "a", "<cib>\n  <a>\n    <!-- c -->\n    <new/>\n  </a>\n</cib>"),
        (
            "<cib>\n  <a>\n    <b/> <!-- b -->\n  </a>\n</cib>",
            "a",
            "<cib>\n  <a>\n    <b/> <!-- b -->\n    <new/>\n  </a>\n</cib>",
        ),
        ("<cib><a><b/></a></cib>", "a", "<cib><a><b/><new/></a></cib>"),
        ("<cib><a> <b/></a></cib>", "a", "<cib><a> <b/> <new/></a></cib>"),
        ("<cib><a/></cib>", "a", "<cib><a><new/></a></cib>"),
        ("<cib/>", ".", "<cib><new/></cib>"),
        ("<cib/>\n", ".", "<cib>\n  <new/>\n</cib>\n"),
    ],
)
def test_a_new_child_stands_like_its_siblings(before: str, path: str, after: str) -> None:
    assert edited(before, lambda document: Insert(at(path)(document), "new")) == after


def test_a_new_element_brings_its_children() -> None:
    op = NewElement("op", {"id": "o", "name": "monitor"})
    before = "<cib>\n  <a>\n    <b/>\n  </a>\n</cib>"
    written = '    <operations>\n      <op id="o" name="monitor"/>\n    </operations>\n'
    after = edited(before, lambda document: Insert(at("a")(document), "operations", {}, (op,)))
    assert after == before.replace("    <b/>\n", "    <b/>\n" + written)
    assert edited("<cib/>", lambda document: Insert(at(".")(document), "x", {}, (op,))) == (
        '<cib><x><op id="o" name="monitor"/></x></cib>'
    )


@pytest.mark.parametrize(
    ("text", "make", "reason"),
    [
        ("<cib/>", lambda document: Remove(at(".")(document)), "the root element"),
        ("<cib/>", lambda document: Remove(at(".", "x")(document)), "no attribute 'x'"),
        ("<cib x='1' y='2'/>", lambda document: Rename(at(".", "x")(document), "y"), "an attribute 'y' already"),
        ("<cib x='1'/>", lambda document: Rename(at(".", "x")(document), "a b"), "no name for an attribute"),
        ("<cib/>", lambda document: Rename(at(".")(document), "<"), "no name for an element"),
        ("<cib x='1'/>", lambda document: SetValue(at(".", "x")(document), "\0"), "XML has no character U+0000"),
        ("<cib/>", lambda document: SetValue(at(".", "{urn:x}y")(document), "1"), "no name for an attribute"),
        ("<cib/>", lambda document: SetValue(at(".")(document), "1"), "has no value"),
        ("<cib><nvpair><op/></nvpair></cib>", lambda document: Remove(at("nvpair")(document)), "the pair holds elements"),
        ("<cib xmlns='u'/>", lambda document: Insert(at(".")(document), "new"), "default namespace"),
        ("<cib/>", lambda document: Insert(at(".")(document), "a b"), "no name for an element"),
    ],
)
def test_what_cannot_be_done_exactly_is_refused_with_the_reason(
    text: str, make: Callable[[CibDocument], Edit], reason: str
) -> None:
    with pytest.raises(CannotEdit) as refused:
        edited(text, make)
    assert reason.removeprefix("has no") in str(refused.value)


def test_an_unreadable_file_is_not_edited() -> None:
    with pytest.raises(Unreadable) as broken:
        read_cib("cib.xml", b"<cib")
    document: UnreadableDocument = broken.value.document
    with pytest.raises(CannotEdit):
        document.replacements(Remove(document.place))


# Random files. Blanks, quotes and line ends are odd on purpose.

_BLANK = st.sampled_from([" ", "  ", "\n    ", "\t"])
_BETWEEN = st.sampled_from(["", " ", "\n  ", "\n", "<!-- a > b -->", "\n  <!-- c -->\n  "])
_VALUE = st.text("ab&<>\"' \té日\U0001f600=/-", max_size=6)
_NAMES = st.sampled_from(["a", "b", "op", "nvpair"])
_KEYS = st.sampled_from(["id", "name", "x.y", "value"])


class _File(NamedTuple):
    data: bytes
    codec: str


@st.composite
def element_text(draw: st.DrawFn, charset: str, depth: int = 0) -> str:
    name = draw(_NAMES) if depth else "cib"
    attributes = draw(st.dictionaries(_KEYS, _VALUE, max_size=3))
    head = name
    for key, value in attributes.items():
        around = draw(st.sampled_from(["=", " = ", "= "]))
        head += f"{draw(_BLANK)}{key}{around}{_quoted(value, charset, double=draw(st.booleans()))}"
    head += draw(st.sampled_from(["", " ", "\n"]))
    children = draw(st.lists(element_text(charset, depth + 1), max_size=2)) if depth < 3 else []
    if not children and draw(st.booleans()):
        return f"<{head}/>"
    body = "".join(draw(_BETWEEN) + child for child in children) + draw(_BETWEEN)
    return f"<{head}>{body}</{name}{draw(st.sampled_from(['', ' ']))}>"


def _quoted(value: str, charset: str, *, double: bool) -> str:
    written = quoteattr(value, {"\t": "&#9;", '"': "&quot;", "'": "&apos;"})[1:-1]
    written = "".join(char if _has(charset, char) else f"&#{ord(char)};" for char in written)
    return f'"{written}"' if double else f"'{written}'"


def _has(charset: str, char: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeError:
        return False
    return True


@st.composite
def files(draw: st.DrawFn) -> bytes:
    charset, declared = draw(
        st.sampled_from(
            [("utf-8", False), ("utf-8-sig", False), ("utf-16", True), ("iso-8859-1", True), ("us-ascii", True), ("utf-8", True)]
        )
    )
    text = draw(element_text(charset.removesuffix("-sig")))
    prolog = f'<?xml version="1.0" encoding="{charset}"?>\n' if declared else ""
    text = prolog + text + draw(st.sampled_from(["", "\n"]))
    return (text.replace("\n", "\r\n") if draw(st.booleans()) else text).encode(charset)


def shape(element: etree._Element) -> object:
    """An element as a program sees it."""
    return (element.tag, dict(element.attrib), [shape(child) for child in element.iterchildren("*")])


def comments(root: etree._Element) -> list[str]:
    return sorted(node.text or "" for node in root.iter() if not isinstance(node.tag, str))


_EDITS = st.sampled_from(["set", "rename", "remove", "insert", "rename attribute", "remove attribute"])


@given(files(), st.data())
def test_a_random_edit_does_to_the_text_what_it_does_to_the_tree(data: bytes, draw: st.DataObject) -> None:
    document = read_cib("cib.xml", data)
    tree = deepcopy(document.root)
    number = draw.draw(st.integers(0, len(list(tree.iter("*"))) - 1))
    element, twin = list(document.root.iter("*"))[number], list(tree.iter("*"))[number]
    key, new, value = draw.draw(_KEYS), draw.draw(_KEYS), draw.draw(_VALUE | st.text("\n\r\t&;", max_size=3))
    edit: Edit
    lost: list[str] = []
    match draw.draw(_EDITS):
        case "set":
            edit = SetValue(document.place(element, key), value)
            twin.set(key, value)
        case "rename":
            edit = Rename(document.place(element), "renamed")
            twin.tag = "renamed"
        case "remove":
            edit = Remove(document.place(element))
            parent = twin.getparent()
            lost = comments(twin)
            if parent is not None:
                parent.remove(twin)
        case "insert":
            edit = Insert(document.place(element), "new", {"id": value}, (NewElement("inner", {"x": value}),))
            child = twin.makeelement("new", {"id": value})
            child.append(child.makeelement("inner", {"x": value}))
            twin.append(child)
        case "rename attribute":
            edit = Rename(document.place(element, key), new)
            if key in twin.attrib:
                twin.set(new, str(twin.attrib.pop(key)))
        case _:
            edit = Remove(document.place(element, key))
            twin.attrib.pop(key, None)
    try:
        replacements = document.replacements(edit)
    except CannotEdit:
        is_whole = isinstance(edit, Remove) and edit.place.part is None
        is_root = is_whole and number == 0
        is_laden = is_whole and element.tag == "nvpair" and next(element.iterchildren("*"), None) is not None
        is_absent = edit.place.part is not None and key not in element.attrib
        is_taken = isinstance(edit, Rename) and new in element.attrib
        assert is_root or is_absent or is_taken or is_laden
        return
    changed = document.source.replaced(replacements)
    result = read_cib("cib.xml", changed).root
    assert shape(result) == shape(tree)
    assert sorted([*comments(result), *lost]) == comments(document.root)
    assert changed == spliced(document, replacements)


def spliced(document: CibDocument, replacements: object) -> bytes:
    """The same by byte offsets: what stands outside of the replaced stretches is there byte for byte."""
    source = document.source
    ordered = sorted(replacements, key=lambda one: one[:2])  # type: ignore[call-overload]
    stops = [(0, 0), *((source.position(start).offset, source.position(end).offset) for start, end, _ in ordered)]
    kept = [source.data[end:start] for (_, end), (start, _) in pairwise([*stops, (len(source.data), 0)])]
    news = [text.encode(source.encoding) for *_, text in ordered]
    return kept[0] + b"".join(new + old for new, old in zip(news, kept[1:], strict=True))
