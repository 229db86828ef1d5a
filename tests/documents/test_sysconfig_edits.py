"""Edits of an environment file: systemd then reads exactly what was wanted, and all the rest as before."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cibcheck.documents.edits import CannotEdit, Edit, Insert, Remove, Rename, SetValue, Tidy
from cibcheck.documents.source import Place
from cibcheck.documents.sysconfig import Kind, SysconfigDocument

if TYPE_CHECKING:
    from collections.abc import Callable


def read(text: str | bytes) -> SysconfigDocument:
    return SysconfigDocument("sysconfig", text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)


def pairs(document: SysconfigDocument) -> list[tuple[str, str]]:
    return [(one.name, one.value) for one in document.assignments]


def edited(document: SysconfigDocument, edit: Edit) -> SysconfigDocument:
    return read(document.source.replaced(document.replacements(edit)))


def first(document: SysconfigDocument, part: str | None = None) -> Place:
    return Place(document, document.assignments[0], part)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("A=1\n", "2", "A=2\n"),
        ("A = 1 \n", "2", "A = 2 \n"),
        ("A=\n", "two words", 'A="two words"\n'),
        ('A="1"\nB=2\n', "2", 'A="2"\nB=2\n'),
        ("A='1'\n", "2", "A='2'\n"),
        ("A='1'\n", "it's", 'A="it\'s"\n'),
        ("A=1\n", 'say "x"', "A='say \"x\"'\n"),
        ("A=1\n", "$HOME", "A='$HOME'\n"),
        ("A=1\n", "both \" and '", 'A="both \\" and \'"\n'),
        ("A=1\n", "", "A=\n"),
        ("A=1", "", "A="),
        ("A=1\r\nB=2\r\n", "2", "A=2\r\nB=2\r\n"),
        ("A=1\\\n2\nB=2\n", "3", "A=3\nB=2\n"),
        ('A="x\ny"\n', "a\nb", 'A="a\nb"\n'),
        ('A="x" "y" \n', "z", 'A="z" \n'),
    ],
)
def test_a_value_keeps_its_quotes_where_they_will_do(before: str, value: str, after: str) -> None:
    document = read(before)
    assert edited(document, SetValue(first(document, "value"), value)).source.text == after


def test_a_shell_reads_a_value_that_was_set_as_systemd_does() -> None:
    for value in ("plain", "two words", "$HOME", 'a"b', "it's", "both \" and '", "`id`", "a\\b", "a;b #c", "~/x", "$'\"\\`"):
        document = read("A=1\n")
        text = edited(document, SetValue(first(document), value)).source.text
        done = subprocess.run(["sh", "-c", f'{text}printf %s "$A"'], capture_output=True, text=True, check=True)
        assert done.stdout == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A=1\nB=2\n", "B=2\n"),
        ("# a\n  A=1  \nB=2\n", "# a\nB=2\n"),
        ("A=1 \\\n  2\nB=2\n", "B=2\n"),
        ('A="1\n\n2"\r\nB=2\r\n', "B=2\r\n"),
        ("A=1", ""),
    ],
)
def test_an_assignment_goes_with_all_its_lines(before: str, after: str) -> None:
    document = read(before)
    assert edited(document, Remove(first(document))).source.text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "N=1\n"),
        ("A=1\n", "A=1\nN=1\n"),
        ("A=1", "A=1\nN=1\n"),
        ("A=1\r\nB=2", "A=1\r\nB=2\r\nN=1\r\n"),
        ("# c", "# c\nN=1\n"),
    ],
)
def test_a_new_variable_comes_last_on_a_line_of_its_own(before: str, after: str) -> None:
    document = read(before)
    assert edited(document, Insert(Place(document, None), "N", {"value": "1"})).source.text == after


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("byte-order-mark", "\ufeffA=1\n", "A=1\n"),
        ("byte-order-mark", "\ufeff# c\nA=1\n", "# c\nA=1\n"),
        ("exported", "  export A=1\n", "  A=1\n"),
        ("exported", "declare -x A=1\n", "A=1\n"),
        ("semicolon-comment", " ; c\n", " # c\n"),
        ("carriage-return", "# c\r\nA=1\r\nB='2'\r\n", "# c\nA=1\nB='2'\n"),
        ("blank-around-equals", "A = '1'\n", "A='1'\n"),
        ("blank-around-equals", "A= 1\n", "A=1\n"),
        ("comment-continuation", "# c \\\nA=1\n", "# c \nA=1\n"),
        ("trailing-comment", "B=2\n  A=1  # c\n", "B=2\n  # c\n  A=1\n"),
        ("trailing-comment", 'A="1" # c', '# c\nA="1"'),
        ("second-word", "A=1 2\n", 'A="1 2"\n'),
        ("split-quotes", "A=\"1\" '2'\n", 'A="12"\n'),
        ("dangling-backslash", "A=1\\", "A=1"),
        ("several-assignments", "A=1 B=2\n", "A=1\nB=2\n"),
        ("several-assignments", "A=1 ;  export B=2\r\n", "A=1\r\nB=2\r\n"),
        ("several-assignments", "A='1' && B=2\n", "A='1'\nB=2\n"),
        ("several-assignments", "A=myexport B=2\n", "A=myexport\nB=2\n"),
        ("unterminated-quote", "A='1\nB=2\n", "A='1'\nB=2\n"),
        ("unterminated-quote", 'A="1', 'A="1"'),
        ("not-an-assignment", "PCMK_debug: yes\n", "PCMK_debug=yes\n"),
    ],
)
def test_an_oddity_is_written_as_it_was_meant(kind: Kind, before: str, after: str) -> None:
    document = read(before)
    result = edited(document, Tidy(Place(document, next(document.odd(kind)))))
    assert result.source.text == after
    assert not list(result.odd(kind))


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("A=1\n", lambda document: SetValue(first(document), "\0")),
        ("A=1\n", lambda document: SetValue(first(document), "\udcff")),
        ("A=1\n", lambda document: SetValue(first(document), "\ufffe")),
        ("A=1\n", lambda document: Rename(first(document), "A-B")),
        ("A='1\n", lambda document: Insert(first(document), "N")),
        ("A=1\\\n", lambda document: Insert(first(document), "N")),
        ("A=1\\", lambda document: Insert(first(document), "N")),
        ("A=1\n", lambda document: Insert(first(document), "N N")),
        ("# A=1\n", lambda document: SetValue(Place(document, next(document.commented("A"))), "2")),
        ("A=1\n", lambda document: Remove(Place(document, None))),
        ("A='1\r\n2'\r\nB=1\r\n", lambda document: Tidy(Place(document, next(document.odd("carriage-return"))))),
        ("A=1 \\\r\nB=1\r\n", lambda document: Tidy(Place(document, next(document.odd("carriage-return"))))),
        ("A=$B\n", lambda document: Tidy(Place(document, next(document.odd("expansion"))))),
        ("A=1 # c \\\nd\n", lambda document: Tidy(Place(document, next(document.odd("trailing-comment"))))),
        ("<<<<<<< a\nA=1\n=======\n>>>>>>> b\n", lambda document: Tidy(Place(document, next(document.odd("merge-conflict"))))),
        ("A=1\0", lambda document: Insert(Place(document, None), "N")),
    ],
)
def test_what_cannot_be_done_exactly_is_refused(text: str, make: Callable[[SysconfigDocument], Edit]) -> None:
    document = read(text)
    with pytest.raises(CannotEdit):
        document.replacements(make(document))


def test_utf_16_is_not_edited() -> None:
    document = read("A=1\n".encode("utf-16"))
    with pytest.raises(CannotEdit):
        document.replacements(Insert(Place(document, None), "N"))


def test_bytes_that_are_no_text_stay() -> None:
    document = read(b"# caf\xe9 \xff\nA=1\n")
    assert document.source.replaced(document.replacements(SetValue(first(document), "2"))) == b"# caf\xe9 \xff\nA=2\n"


# Random files, of pieces that are trouble.
_PIECES = st.sampled_from(
    [
        "A",
        "B=",
        "C",
        "=",
        " ",
        "\t",
        '"',
        "'",
        "\\",
        "\n",
        "\r\n",
        "\r",
        "#",
        ";",
        "$x",
        "`",
        "export ",
        "1",
        "é",
        "\udce9",
        "\ufeff",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=25).map("".join)
_VALUES = st.text("ab \t\n\r\"'\\$`#;=é", max_size=8)


@given(_TEXTS, _VALUES, st.data())
def test_a_random_edit_is_read_back_exactly_and_changes_nothing_else(text: str, value: str, draw: st.DataObject) -> None:
    document = read(text)
    before = pairs(document)
    if draw.draw(st.booleans()) or not before:
        edit: Edit = Insert(Place(document, None), "NEW", {"value": value})
        wanted = [*before, ("NEW", value)]
    else:
        number = draw.draw(st.integers(0, len(before) - 1))
        place = Place(document, document.assignments[number])
        name, old = before[number]
        edit, now = draw.draw(
            st.sampled_from(
                [(SetValue(place, value), [(name, value)]), (Rename(place, "NEW"), [("NEW", old)]), (Remove(place), [])]
            )
        )
        wanted = [*before[:number], *now, *before[number + 1 :]]
    try:
        replacements = document.replacements(edit)
    except CannotEdit:
        assume(isinstance(edit, Insert))
        return
    assert pairs(read(document.source.replaced(replacements))) == wanted


_SAME_READING: tuple[Kind, ...] = (
    "semicolon-comment",
    "carriage-return",
    "blank-around-equals",
    "comment-continuation",
    "second-word",
    "split-quotes",
    "dangling-backslash",
    "inner-quotes",
    "operator",
)


@given(_TEXTS)
def test_tidying_what_only_looks_odd_keeps_what_systemd_reads(text: str) -> None:
    document = read(text)
    for oddity in document.odd(*_SAME_READING):
        try:
            replacements = document.replacements(Tidy(Place(document, oddity)))
        except CannotEdit:
            continue
        assert pairs(read(document.source.replaced(replacements))) == pairs(document)
