"""Which fixes of a round are made, and what they make of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cibcheck.api import ERROR, Insert, Remove, Rename, SetValue, problem, safe_fix, unsafe_fix
from cibcheck.documents.cib import CibDocument, read_cib
from cibcheck.documents.source import Place
from cibcheck.documents.sysconfig import SysconfigDocument
from cibcheck.findings.finding import Finding, Fix
from cibcheck.findings.fixes import assessed, choose, patched

if TYPE_CHECKING:
    from cibcheck.documents.edits import Edit

TEXT = '<cib a="1" b="2"><x a="1"/><y/></cib>'


@pytest.fixture
def cib() -> CibDocument:
    return read_cib("cib.xml", TEXT.encode())


def finding(place: Place, *edits: Edit, fix: Fix | None = None) -> Finding:
    return Finding("TST001", "test", ERROR, problem(place, "wrong", fix=fix or safe_fix("mend it", *edits)), None)


def apply(*findings: Finding, unsafe: bool = False) -> dict[str, str]:
    names = {"cib.xml": "cib.xml", "other.xml": "other.xml", "a": "a", "b": "b"}
    return {name: data.decode() for name, data in patched(choose(findings, names, unsafe=unsafe)).items()}


def test_fixes_that_do_not_touch_each_other_are_all_made(cib: CibDocument) -> None:
    root = cib.place(cib.root, "a")
    x, y = cib.root
    fixes = [
        finding(root, SetValue(root, "one")),
        finding(root, Remove(cib.place(cib.root, "b"))),
        finding(root, Remove(cib.place(x))),
        finding(root, Rename(cib.place(y), "z")),
    ]
    assert apply(*fixes) == {"cib.xml": '<cib a="one"><z/></cib>'}


def test_equal_fixes_are_made_once_for_all_their_findings(cib: CibDocument) -> None:
    root = cib.place(cib.root, "a")
    both = [finding(root, SetValue(root, "one")), finding(root, SetValue(root, "one"))]
    (patch,) = choose(both, {"cib.xml": "cib.xml"}, unsafe=False)
    assert list(patch.findings) == both


@pytest.mark.parametrize("second", ["overlap", "inside", "same point"])
def test_of_fixes_that_touch_each_other_the_first_is_made(cib: CibDocument, second: str) -> None:
    x = cib.root[0]
    place = cib.place(x, "a")
    first: Edit = {
        "overlap": SetValue(place, "new"),
        "inside": Remove(cib.place(x)),
        "same point": SetValue(cib.place(x, "b"), "2"),
    }[second]  # type: ignore[assignment]
    other: Edit = {
        "overlap": SetValue(place, "other"),
        "inside": SetValue(place, "other"),
        "same point": SetValue(cib.place(x, "c"), "3"),
    }[second]
    assert apply(finding(place, first), finding(place, other)) == apply(finding(place, first))
    assert apply(finding(place, other), finding(place, first)) == apply(finding(place, other))


def test_a_fix_is_made_whole_or_not_at_all(cib: CibDocument) -> None:
    other = read_cib("other.xml", TEXT.encode())
    place, there = cib.place(cib.root, "a"), other.place(other.root, "a")
    first = finding(place, SetValue(place, "one"))
    second = finding(place, SetValue(place, "two"), SetValue(there, "two"))
    assert apply(first, second).keys() == {"cib.xml"}
    assert apply(second, first) == {name: TEXT.replace('<cib a="1"', '<cib a="two"') for name in ("cib.xml", "other.xml")}


def test_a_fix_may_add_several_things_at_one_point(cib: CibDocument) -> None:
    place = cib.place(cib.root)
    edits = [SetValue(cib.place(cib.root, "c"), "3"), SetValue(cib.place(cib.root, "d"), "4")]
    assert apply(finding(place, *edits)) == {"cib.xml": TEXT.replace('b="2"', 'b="2" c="3" d="4"')}


def test_unsafe_fixes_are_made_when_asked_for(cib: CibDocument) -> None:
    place = cib.place(cib.root, "a")
    one = finding(place, fix=unsafe_fix("mend it", SetValue(place, "one")))
    assert apply(one) == {}
    assert apply(one, unsafe=True) == {"cib.xml": TEXT.replace('"1" b', '"one" b')}


def test_one_file_under_two_names_is_changed_once() -> None:
    documents = [SysconfigDocument(name, b"A=1\nB=2\n") for name in ("a", "b")]
    places = [Place(document, document.assignments[0]) for document in documents]
    both = [finding(place, Remove(place)) for place in places]
    (patch,) = choose(both, {"a": "real", "b": "real"}, unsafe=False)
    assert len(patch.findings) == 2
    assert patched([patch]) == {"real": b"B=2\n"}
    together = finding(places[0], *(Remove(place) for place in places))
    assert patched(choose([together], {"a": "real", "b": "real"}, unsafe=False)) == {"real": b"B=2\n"}
    against = finding(places[0], Remove(places[0]), SetValue(places[1], "3"))
    assert choose([against], {"a": "real", "b": "real"}, unsafe=False) == []


def test_a_fix_in_a_file_that_was_not_given_is_none_and_the_reason_is_told(cib: CibDocument) -> None:
    place = cib.place(cib.root, "a")
    assert assessed(finding(place, SetValue(place, "one")), {"cib.xml"}).problem.fix is not None
    other = assessed(finding(place, SetValue(place, "one")), set())
    assert other.problem.fix is None
    assert other.no_fix == "that would change cib.xml, which was not given"


def test_a_fix_that_the_document_cannot_do_is_none(cib: CibDocument) -> None:
    place = cib.place(cib.root)
    impossible = assessed(finding(place, Remove(place)), {"cib.xml"})
    assert impossible.problem.fix is None
    assert impossible.no_fix == "it is the root element"
    x = cib.root[0]
    crossed = assessed(finding(place, Remove(cib.place(x)), Insert(cib.place(x), "new")), {"cib.xml"})
    assert crossed.no_fix == "its parts are in each other's way"


def test_findings_that_are_one_have_one_fix_which_is_not_safe_or_none(cib: CibDocument) -> None:
    place = cib.place(cib.root, "a")

    def of(user: str, new: str) -> Finding:
        return Finding(
            "TST001", "test", ERROR, problem(place, "wrong", affects=[user], fix=safe_fix("x", SetValue(place, new))), None
        )

    shared = of("one", "2").merged(of("two", "2")).merged(of("three", "2"))
    assert shared.problem.fix == unsafe_fix("x", SetValue(place, "2"))
    apart = of("one", "2").merged(of("two", "3"))
    assert apart.problem.fix is None
    assert apart.no_fix == "it would have to be made for each of several resources"
    assert of("one", "2").merged(of("one", "2")).problem.fix == safe_fix("x", SetValue(place, "2"))


def test_text_in_an_encoding_that_python_reads_otherwise_is_not_changed() -> None:
    document = read_cib("cib.xml", b'<?xml version="1.0" encoding="ascii"?><cib a="1"/>')
    assert document.source.is_text
    broken = SysconfigDocument("a", b"\xff\xfeA\x00=\x001\x00\x00\xd8")
    assert not broken.source.is_text


def test_choosing_among_many_fixes_takes_time_in_proportion() -> None:
    text = "<cib>" + '<x a="1"/>' * 20000 + "</cib>"
    document = read_cib("cib.xml", text.encode())
    findings = [finding(document.place(x), SetValue(document.place(x, "a"), "2")) for x in document.root]
    assert patched(choose(findings, {"cib.xml": "cib.xml"}, unsafe=False)) == {"cib.xml": text.replace("1", "2").encode()}
