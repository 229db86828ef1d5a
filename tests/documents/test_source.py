"""Positions: exact in lines, characters and bytes, whatever the encoding and the line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.documents.source import Source, secrets_in

TEXTS = st.text(st.sampled_from("a<é日😀\n\r\t\u2028 "), max_size=60)
CODECS = st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])


@given(TEXTS, CODECS, st.data())
def test_offset_of_a_position_is_the_length_of_the_bytes_before_it(text: str, codec: str, data: st.DataObject) -> None:
    source = Source(text.encode(codec), codec)
    index = data.draw(st.integers(0, len(text)))
    assert source.position(index).offset == len(text[:index].encode(codec))


@given(TEXTS, st.data())
def test_line_and_column_lead_back_to_the_character(text: str, data: st.DataObject) -> None:
    source = Source(text.encode())
    index = data.draw(st.integers(0, len(text)))
    position = source.position(index)
    assert source.line_starts[position.line - 1] + position.column - 1 == index


def test_a_line_ends_at_newline_carriage_return_or_both_and_at_nothing_else() -> None:
    source = Source("a\r\nb\rc\nd\u2028e\x0cf".encode())
    assert [source.line(number) for number in range(1, source.line_count + 1)] == ["a", "b", "c", "d\u2028e\x0cf"]


def test_a_byte_order_mark_counts_in_offsets_but_not_in_columns() -> None:
    source = Source(b"\xef\xbb\xbfab", skip=3)
    assert source.position(1) == (1, 2, 4)


def test_bytes_that_are_no_utf8_keep_offsets_exact() -> None:
    assert Source(b"\xff\xfea").position(2) == (1, 3, 2)


def test_secrets_are_found_in_pairs_and_in_variables() -> None:
    text = '<nvpair id="p" name="passwd" value="s3"/><nvpair value="s4" name="API_key"/>\nCIB_passwd=s5\n# x_secret = s6\nPCMK_logfile=/x'
    assert [text[start:end].strip() for start, end in secrets_in(text)] == ["s3", "s4", "s5", "s6"]


@pytest.mark.parametrize("text", ["A=b # password=s7", "A=b TOKEN='s7 s8' C=d", 'foo DB_SECRET="s7"', "A=b\tprivate_key=s7"])
def test_secrets_are_found_further_on_in_a_line(text: str) -> None:
    shown = "".join("" if any(low <= at < high for low, high in secrets_in(text)) else char for at, char in enumerate(text))
    assert "s7" not in shown
    assert "s8" not in shown
    assert shown.startswith(("A=b", "foo"))


@given(st.text(st.sampled_from("<nvpair name='passwd' value=\"#= \t\n>"), max_size=400))
def test_searching_for_secrets_never_fails(text: str) -> None:
    for start, end in secrets_in(text):
        assert 0 <= start <= end <= len(text)


def test_offsets_are_exact_beyond_any_checkpoint() -> None:
    text = "é" * 9000 + "a"
    assert Source(text.encode()).position(9000).offset == 18_000
