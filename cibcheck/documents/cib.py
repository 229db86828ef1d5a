"""CIB XML, read safely: what the file says, and where.

The parser opens nothing, expands nothing and has limits; a document type declaration is refused, since a CIB has none and entities
are the way to attack a reader. Positions come from one pass over the decoded text, made only when a finding wants to be shown: lxml
knows a line (the one where a start tag *ends*), expat knows no multi-byte encodings, while a well-formed document without DOCTYPE is
tokenised exactly by one expression.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from cibcheck.documents.edits import CannotEdit
from cibcheck.documents.source import NAME, Place, Source, Span
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.comments import Comment
    from cibcheck.documents.edits import Edit, Replacement

MAX_BYTES = 64 * 1024 * 1024
"""The largest CIB read, in bytes: fifty times the largest seen in the wild, and below what would fill a small machine."""

SECTIONS = (
    "crm_config",
    "nodes",
    "resources",
    "constraints",
    "rsc_defaults",
    "op_defaults",
    "fencing-topology",
    "acls",
    "tags",
    "alerts",
)
"""The sections of ``<configuration>``; ``cibadmin --query --scope NAME`` prints one of them alone."""

ROOTS = ("cib", "configuration", *SECTIONS)
"""Root elements by which a file is known as a CIB or a part of one."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark, the first characters of any document tell the width of its code units (XML 1.0 appendix F).
_UNMARKED = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']"""
_BEFORE_ROOT = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(r"<([^\s/>!?<&]+)")
# Compiled by the first finding: a clean run needs neither.
_TAG = r"""(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|</[^>]*>|<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>"""
_ATTRIBUTE = r"""([^\s=<"']+)\s*=\s*("[^"]*"|'[^']*')"""


class Encoding(NamedTuple):
    """How a file's bytes become text: a Python codec, and the length in bytes of its byte order mark."""

    codec: str
    skip: int


def encoding_of(data: bytes) -> Encoding:
    """The encoding that an XML file announces by its first bytes; UTF-8 where it says nothing, or nothing that can be."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return Encoding(codec, len(mark))
    for start, codec in _UNMARKED:
        if data.startswith(start):
            return Encoding(codec, 0)
    # What the cluster itself writes has no declaration, and no need for the pattern.
    if b"encoding" in data[:1024] and (declared := re.match(_DECLARED, data[:1024])):
        name = declared[1].decode("ascii")
        # Python has codecs that are no encodings of text (rot13, idna), and the declaration was read as ASCII.
        try:
            if b"<?xml?>".decode(name, "replace") == "<?xml?>":
                return Encoding(codecs.lookup(name).name, 0)
        except (LookupError, UnicodeError):
            pass
    return Encoding("utf-8", 0)


class Prolog(NamedTuple):
    """What stands before and at the root element of an XML file: enough to know what kind of file it is."""

    root: str | None
    doctype: int | None
    """Where a document type declaration starts (index into the text), if there is one."""


def prolog(text: str) -> Prolog:
    """Look at the start of a text, without parsing it. ``root`` is None where the text ends before the root element."""
    start = _BEFORE_ROOT.match(text)
    at = start.end() if start else 0
    if text.startswith("<!DOCTYPE", at):
        return Prolog(None, at)
    root = _ROOT.match(text, at)
    return Prolog(root[1] if root else None, None)


class Unreadable(Exception):
    """A file that cannot be understood at all. ``document`` shows the place, ``kind`` is a stable word, ``reason`` is for people."""

    def __init__(self, kind: str, reason: str, document: UnreadableDocument) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.document = document


class UnreadableDocument:
    """The text of a file that did not parse, so that a finding can still point into it.

    ``kind`` is one of ``not-well-formed``, ``doctype``, ``limits``, ``io``, ``unrecognised``; ``at`` an index into the text.
    """

    def __init__(self, name: str, data: bytes, kind: str, reason: str, at: int | tuple[int, int] = 0) -> None:
        self.name = name
        self.kind = kind
        self.reason = reason
        self._at = at
        encoding = encoding_of(data)
        self.source = Source(data, encoding.codec, encoding.skip)

    @property
    def place(self) -> Place:
        """Where the trouble was met."""
        return Place(self, self)

    def span(self, place: Place) -> Span:  # noqa: ARG002 - there is but one
        """The character at, or the last visible one before, the point where the parser gave up."""
        text = self.source.text
        index = self._index(*self._at) if isinstance(self._at, tuple) else self._at
        index = max(0, min(index, len(text) - 1))
        while index and text[index].isspace():
            index -= 1
        return self.source.span(index, min(index + 1, len(text)))

    def _index(self, line: int, column: int) -> int:
        """An index for libxml2's line and column, which may lie outside of the text."""
        starts = self.source.line_starts
        start = starts[min(line, len(starts)) - 1]
        return min(start + max(column - 1, 0), len(self.source.text))

    def replacements(self, edit: Edit) -> Sequence[Replacement]:  # noqa: ARG002 - the protocol has it
        """Nothing was parsed, so nothing can be edited.

        Raises:
            CannotEdit: always.
        """
        raise CannotEdit("the file could not be read")

    def element_id(self, place: Place) -> None:
        """Nothing was parsed."""

    def element_path(self, place: Place) -> None:
        """Nothing was parsed."""

    def enclosing(self, place: Place) -> Iterator[tuple[UnreadableDocument, None]]:  # noqa: ARG002 - the protocol has it
        """Nothing was parsed."""
        return iter(())

    comments: Sequence[Comment] = ()
    """Nothing was parsed."""


class Extent(NamedTuple):
    """Where an element stands: its start tag, and the end of its end tag. Indexes into the text."""

    start: int
    tag_end: int
    end: int


class AttributeRange(NamedTuple):
    """An attribute in a start tag: its name as written, and where it stands. Indexes into the text."""

    name: str
    start: int
    end: int
    value_start: int
    value_end: int


class CibDocument:
    """A parsed CIB, or a section of one. ``root`` is the lxml element, ``name`` what the user calls the file."""

    def __init__(self, name: str, data: bytes, root: etree._Element) -> None:
        self.name = name
        self.root = root
        encoding = encoding_of(data)
        self.source = Source(data, encoding.codec, encoding.skip)

    def place(self, element: etree._Element, part: str | None = None) -> Place:
        """The address of an element (its start tag), or of a part of it: ``name`` is the value of an attribute, ``@name`` the
        attribute's name, ``@`` the name of the element, ``#text`` the text at its start and ``#tail`` the text behind it."""
        return Place(self, element, part)

    def span(self, place: Place) -> Span:
        """Where it stands, without quotes and white space around; the line alone where the encoding is none that Python knows."""
        if _is_comment(place):
            return self.source.span(place.node.start, place.node.end)
        element: etree._Element = place.node
        extent = self._extents.get(element)
        if extent is None:
            line = min(int(element.sourceline or 1), self.source.line_count)
            start = self.source.line_starts[line - 1]
            return self.source.span(start, start + len(self.source.line(line)))
        found = self._part(element, extent, place.part) if place.part is not None else None
        return self.source.span(*(found or (extent.start, extent.tag_end)))

    def element_span(self, element: etree._Element) -> Span | None:
        """The whole element, from its start tag to the end of its end tag; None where the encoding is unknown to Python."""
        extent = self._extents.get(element)
        return self.source.span(extent.start, extent.end) if extent else None

    def attribute_span(self, element: etree._Element, name: str) -> Span | None:
        """An attribute with its name, equals sign and quotes; None where there is no such attribute."""
        extent, raw = self._extents.get(element), self.written_name(element, name)
        ranges = (one for one in self.attributes(extent) if one.name == raw) if extent else iter(())
        return next((self.source.span(one.start, one.end) for one in ranges), None)

    def _part(self, element: etree._Element, extent: Extent, part: str) -> tuple[int, int] | None:
        text = self.source.text
        if part == "@":
            name = _ROOT.match(text, extent.start)
            return name.span(1) if name else None
        if part.startswith("#"):
            start = extent.tag_end if part == "#text" else extent.end
            found = re.compile(r"\s*(?:<!\[CDATA\[)?([^<]*[^<\s])").match(text, start)
            return found.span(1) if found else None
        written = self.written_name(element, part.removeprefix("@"))
        for one in self.attributes(extent):
            if one.name == written:
                is_name = part.startswith("@")
                return (one.start, one.start + len(one.name)) if is_name else (one.value_start, one.value_end)
        return None

    def extent(self, element: etree._Element) -> Extent | None:
        """Where an element stands; None where the encoding is unknown to Python."""
        return self._extents.get(element)

    def attributes(self, extent: Extent) -> Iterator[AttributeRange]:
        """The attributes of a start tag, in the order of the text."""
        for match in re.compile(_ATTRIBUTE).finditer(self.source.text, extent.start, extent.tag_end):
            yield AttributeRange(match[1], *match.span(), match.start(2) + 1, match.end(2) - 1)

    def written_name(self, element: etree._Element, name: str) -> str | None:
        """How an attribute's name is written in an element's tag; None where its namespace has no prefix there."""
        namespace, brace, local = name.removeprefix("{").rpartition("}")
        if not brace:
            return name
        prefix = next((prefix for prefix, uri in element.nsmap.items() if prefix and uri == namespace), None)
        return f"{prefix}:{local}" if prefix else None

    def replacements(self, edit: Edit) -> Sequence[Replacement]:
        """The stretches of the text that an edit replaces.

        Raises:
            CannotEdit: it cannot be done exactly.
        """
        from cibcheck.documents.cib_edits import replacements  # only a run with fixes needs it

        return replacements(self, edit)

    @cached_property
    def _extents(self) -> dict[etree._Element, Extent]:
        extents = extents_of(self.source.text)
        elements = list(self.root.iter("*"))
        # A mismatch means that Python and libxml2 decode the bytes differently: then no position is better than a wrong one.
        return dict(zip(elements, extents, strict=True)) if len(elements) == len(extents) else {}

    def element_id(self, place: Place) -> str | None:
        """The id of the nearest element, upwards, that has one."""
        return next((name for _, name in self.enclosing(place) if name), None)

    def enclosing(self, place: Place) -> Iterator[tuple[etree._Element, str | None]]:
        """The element of the place and all that it is in, from the inside out, each with its id."""
        node = place.node
        element: etree._Element | None = node.node.getparent() if _is_comment(place) else node
        while element is not None:
            yield element, element.get("id")
            element = element.getparent()

    def element_path(self, place: Place) -> str | None:
        """The elements from the root to the place, with the ids that they have: ``/cib/configuration/nodes/node[@id='1']``."""
        steps = [f"/{element.tag!s}" + (f"[@id='{name}']" if name else "") for element, name in self.enclosing(place)]
        path = "".join(reversed(steps))
        if _is_comment(place):
            return f"{path}/comment()"
        name = (place.part or "").lstrip("@")
        return f"{path}/@{name}" if name and not name.startswith("#") else path

    @cached_property
    def comments(self) -> Sequence[Comment]:
        """The comments that name cibcheck, in document order."""
        if not self.source.is_addressed:
            return ()
        from cibcheck.documents.comments import Comment

        before = [*self.root.itersiblings(etree.Comment, preceding=True)][::-1]
        nodes: list[Any] = [*before, *self.root.iter(etree.Comment), *self.root.itersiblings(etree.Comment)]
        text = self.source.text
        extents = [match.span() for match in re.finditer(_TAG, text) if match[0].startswith("<!--")]
        is_exact = len(extents) == len(nodes)  # as for elements: better no position than a wrong one
        top = (self.root, next(self.root.iterchildren("*"), None))
        found: list[Comment] = []
        subjects: dict[Any, Any] = {}
        for index in range(len(nodes) - 1, -1, -1):  # backwards, so that a row of comments is gone through once
            node = nodes[index]
            following = node.getnext()
            while following is not None and not isinstance(following.tag, str) and following not in subjects:
                following = following.getnext()
            following = subjects[node] = subjects.get(following, following)
            start, end = extents[index] if is_exact else (0, 0)
            inner = text[start + 4 : end - 3] if is_exact else node.text or ""
            if NAME in inner:
                is_on_top = following in top and node.getparent() in (None, self.root)
                found.append(Comment(inner, start, end, start + 4, following, is_on_top, node))
        return found[::-1]


def _is_comment(place: Place) -> bool:
    from cibcheck.documents.comments import Comment  # a clean run has no place to show

    return isinstance(place.node, Comment)


def extents_of(text: str) -> Sequence[Extent]:
    """The extents of all elements of a well-formed text without DOCTYPE, in document order."""
    starts: list[tuple[int, int]] = []
    ends: list[int] = []
    open_elements: list[int] = []
    for match in re.finditer(_TAG, text):
        start, end = match.span()
        second = text[start + 1]
        if second in "!?":
            continue
        if second == "/":
            ends[open_elements.pop()] = end
            continue
        if text[end - 2] != "/":
            open_elements.append(len(starts))
        starts.append((start, end))
        ends.append(end)
    return [Extent(start, tag_end, end) for (start, tag_end), end in zip(starts, ends, strict=True)]


def read_cib(name: str, data: bytes) -> CibDocument:
    """Parse the bytes of a CIB. The file is taken for hostile.

    Raises:
        Unreadable: it is not well-formed, has a DOCTYPE, or exceeds the limits (size, depth, length of a text).
    """
    if len(data) > MAX_BYTES:
        reason = f"it has more than {MAX_BYTES // 2**20} MiB"
        raise _unreadable(name, b"", "limits", reason)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _syntax_error(name, data, error) from None
    except ValueError as error:  # lxml's own refusals, such as a declared encoding that it cannot look up
        raise _unreadable(name, data, "not-well-formed", str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise _doctype(name, data)
    return CibDocument(name, data, root)


def xpath_error(text: str) -> str | None:
    """Why a text is no XPath 1.0 expression; None where it is one. It is not evaluated."""
    try:
        etree.XPath(text)
    except (etree.XPathError, ValueError) as error:
        return str(error)[:1].lower() + str(error)[1:]
    # lxml looks for a function only when it comes to call it.
    for name in re.findall(r"([A-Za-z_][\w.:-]*+)\s*+\(", re.sub(r"'[^']*+'|\"[^\"]*+\"", "''", text)):
        if f" {name} " not in _XPATH_NAMES and "::" not in name:
            return f"there is no function {name!r}"
    return None


# The functions of XPath 1.0, and what else may stand before a parenthesis: tests of nodes, and operators.
_XPATH_NAMES = (
    " last position count id local-name namespace-uri name string concat starts-with contains substring-before substring-after substring"
    " string-length normalize-space translate boolean not true false lang number sum floor ceiling round"
    " comment text processing-instruction node and or div mod "
)


_IN_SECTION = {
    "crm_config": ("cluster_property_set",),
    "nodes": ("node",),
    "resources": ("primitive", "group", "clone", "master", "bundle", "template"),
    "constraints": ("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket"),
    "rsc_defaults": ("meta_attributes",),
    "op_defaults": ("meta_attributes",),
    "fencing-topology": ("fencing-level",),
    "acls": ("acl_target", "acl_group", "acl_role", "acl_user"),
    "tags": ("tag",),
    "alerts": ("alert",),
}


def is_cib(root: etree._Element, *, is_named: bool = False) -> bool:
    """Whether a root element is that of a CIB, or of one of its sections. Other programs have files that start with ``resources`` or
    ``configuration``, too; so the children must be a CIB's as well. Without any, only a file that the user named is taken for one.
    A CIB in a namespace is none for Pacemaker, but meant to be one."""
    if etree.QName(root).localname == "cib":
        return True
    children = {str(child.tag) for child in root.iterchildren("*")}
    if is_named and not children and root.tag in ROOTS:
        return True
    if root.tag == "configuration":
        return bool(children & _IN_SECTION.keys())
    own = _IN_SECTION.get(str(root.tag))
    return own is not None and (bool(children & set(own)) or (not children and "_" in str(root.tag)))


def _syntax_error(name: str, data: bytes, error: etree.XMLSyntaxError) -> Unreadable:
    unreadable = _doctype(name, data)
    if unreadable.kind == "doctype":
        return unreadable
    if not data.strip():
        return _unreadable(name, data, "not-well-formed", "the file is empty")
    # libxml2 adds where it was, which the finding shows by itself, and options that only a programmer has.
    message = error.msg or "the file is not XML"
    reason = re.sub(r",? (?:on )?line \d+(?:, column \d+.*)?|, (?:use|try) XML_PARSE_HUGE(?: option)?", "", message).strip()
    kind = "limits" if re.search(r"(?i)excessive depth|huge|amplification|too long", message) else "not-well-formed"
    line, column = error.position
    return _unreadable(name, data, kind, reason, (max(line, 1), max(column, 1)))


def _doctype(name: str, data: bytes) -> Unreadable:
    encoding = encoding_of(data)
    text = Source(data, encoding.codec, encoding.skip).text
    at = prolog(text).doctype
    kind = "not-well-formed" if at is None else "doctype"
    return _unreadable(name, data, kind, "a document type declaration", at or 0)


def _unreadable(name: str, data: bytes, kind: str, reason: str, at: int | tuple[int, int] = 0) -> Unreadable:
    return Unreadable(kind, reason, UnreadableDocument(name, data, kind, reason, at))
