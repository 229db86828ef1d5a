"""Reading a CIB: safe against hostile input, and exact about where everything stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.documents.cib import CibDocument, Unreadable, is_cib, prolog, read_cib

if TYPE_CHECKING:
    from cibcheck.documents.source import Span

SAMPLE = """<?xml version="1.0"{declared}?>
<!-- <primitive id="no"/> -->
<cib
  validate-with="pacemaker-3.9">
  <configuration><resources>
    <primitive id="wéb"
       class='ocf' type = "x>y" /><![CDATA[<primitive id="no"/>]]><?pi <a> ?>
    <group id="日本"></group>
  </resources></configuration>
</cib>
"""


def slice_of(document: CibDocument, span: Span) -> str:
    source = document.source
    return source.data[span.start.offset : span.end.offset].decode(source.encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "shift_jis", "utf-8-sig", "gb18030", "euc-jp"])
def test_spans_are_exact_in_any_encoding(encoding: str) -> None:
    text = SAMPLE.format(declared="" if encoding.startswith("utf") else f' encoding="{encoding}"').replace("é", "e")
    document = read_cib("cib.xml", text.encode(encoding))
    primitive = document.root.find(".//primitive")
    group = document.root.find(".//group")
    assert primitive is not None
    assert group is not None
    assert slice_of(document, document.span(document.place(primitive, "id"))) == "web"
    assert slice_of(document, document.span(document.place(primitive, "type"))) == "x>y"
    assert slice_of(document, document.span(document.place(group, "id"))) == "日本"
    assert slice_of(document, document.element_span(group) or document.span(document.place(group))) == '<group id="日本"></group>'
    assert slice_of(document, document.span(document.place(group))) == '<group id="日本">'
    attribute = document.attribute_span(primitive, "class")
    assert attribute is not None
    assert slice_of(document, attribute) == "class='ocf'"
    assert document.span(document.place(primitive, "class")).start[:2] == (7, 15)


def test_start_of_a_tag_over_several_lines_is_where_it_starts() -> None:
    document = read_cib("cib.xml", SAMPLE.format(declared="").encode())
    assert document.span(document.place(document.root)).start[:2] == (3, 1)


def test_path_and_id_name_the_nearest_elements() -> None:
    document = read_cib(
        "cib.xml", b'<cib><configuration><resources><group id="g"><primitive/></group></resources></configuration></cib>'
    )
    primitive = document.root.find(".//primitive")
    assert primitive is not None
    place = document.place(primitive, "class")
    assert document.element_id(place) == "g"
    assert document.element_path(place) == "/cib/configuration/resources/group[@id='g']/primitive/@class"


NAMES = st.sampled_from(["a", "primitive", "x-y"])
VALUES = st.text(st.sampled_from("ab >'é日\n\t"), max_size=8)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(NAMES)
    attributes = "".join(f' k{number}="{draw(VALUES)}"' for number in range(draw(st.integers(0, 3))))
    if depth == 0 or draw(st.booleans()):
        return f"<{name}{attributes}/>"
    filler = st.sampled_from(["", "text", "<!-- <b> -->", "<![CDATA[</a>]]>", "<?p <c ?>"])
    inner = "".join(draw(filler) + draw(elements(depth - 1)) for _ in range(draw(st.integers(0, 3))))
    return f"<{name}{attributes}>{inner}{draw(filler)}</{name}>"


@given(elements())
def test_every_element_of_any_document_has_the_span_of_its_tag(text: str) -> None:
    document = read_cib("x", text.encode())
    for element in document.root.iter("*"):
        whole = document.element_span(element)
        assert whole is not None
        tag = slice_of(document, document.span(document.place(element)))
        assert tag.startswith(f"<{element.tag!s}")
        assert tag.endswith(">")
        assert slice_of(document, whole).startswith(tag)
        for name, value in element.items():
            written = slice_of(document, document.span(document.place(element, str(name))))
            assert written.replace("\n", " ").replace("\t", " ") == value


ENTITIES = '<!DOCTYPE cib [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "not-well-formed"),
        (b"   \n", "not-well-formed"),
        (b"\x00\x01\x02\xff", "not-well-formed"),
        (b"<cib><configuration>", "not-well-formed"),
        (b"<cib a='1' a='2'/>", "not-well-formed"),
        (b"<cib/><cib/>", "not-well-formed"),
        (b"\n<?xml version='1.0'?><cib/>", "not-well-formed"),
        (b'<?xml version="1.0" encoding="utf-8"?><cib x="\xff"/>', "not-well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><cib/>', "not-well-formed"),
        (b"<cib>\x00</cib>", "not-well-formed"),
        (b"<cib>&undeclared;</cib>", "not-well-formed"),
        (b"<!DOCTYPE cib><cib/>", "doctype"),
        (b"<!-- x --><!DOCTYPE cib SYSTEM 'file:///etc/passwd'><cib/>", "doctype"),
        (f"{ENTITIES}<cib>&b;</cib>".encode(), "doctype"),
        (f"{ENTITIES}<cib x='&b;'/>".encode("utf-16"), "doctype"),
        (b"<!DOCTYPE cib [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><cib>&x;</cib>", "doctype"),
        (b"<cib>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</cib>", "limits"),
        (b"<cib x='" + b"a" * 11_000_000 + b"'/>", "limits"),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_broken_and_hostile_documents_are_refused_with_a_place(data: bytes, kind: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_cib("cib.xml", data)
    document = caught.value.document
    assert document.kind == kind
    assert "passwd" not in document.reason
    span = document.span(document.place)
    assert 0 <= span.start.offset <= span.end.offset <= len(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document = read_cib("x", data)
        place = document.place(document.root)
    except Unreadable as unreadable:
        place = unreadable.document.place
    assert place.span.start.offset <= place.span.end.offset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<cib/>", True),
        ("<configuration><resources/></configuration>", True),
        ("<configuration><appender/></configuration>", False),
        ("<resources><primitive id='a'/></resources>", True),
        ("<resources><string name='app'/></resources>", False),
        ("<constraints/>", False),
        ("<rsc_defaults/>", True),
        ("<domain/>", False),
    ],
)
def test_a_cib_is_known_by_its_root_and_children(text: str, expected: bool) -> None:
    assert is_cib(read_cib("x", text.encode()).root) is expected


def test_the_prolog_tells_the_root_without_parsing() -> None:
    assert prolog("<?xml version='1.0'?>\n<!-- <a> -->\n<cib x='1'>").root == "cib"
    assert prolog("<!-- unfinished").root is None
    assert prolog("<!-- x --><!DOCTYPE cib>").doctype == 10
    assert prolog("PCMK_x=1").root is None
