"""Where keys and values of a TOML file are found."""

from __future__ import annotations

import pytest

from cibcheck.config.positions import position

TEXT = '''\
# a comment with a = sign
select = ["A", 'B',
  "C"]  # and another ]
a.b = 1
[tool.x]
text = """ [x]
y = 2"""
inline = {a = 1, b = [1, {c = 2}]}
[[cluster]]
name = "p"
[cluster.aliases]
"x.y" = "z"
[[cluster]]
name = 'q'
date = 2026-01-01 10:00:00
last = true'''


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (("select",), (2, 10)),
        (("select", 0), (2, 11)),
        (("select", 2), (3, 3)),
        (("a", "b"), (4, 7)),
        (("tool", "x"), (5, 1)),
        (("tool", "x", "inline", "b", 1, "c"), (8, 31)),
        (("cluster", 0, "name"), (10, 8)),
        (("cluster", 0, "aliases", "x.y"), (12, 9)),
        (("cluster", 1), (13, 1)),
        (("cluster", 1, "name"), (14, 8)),
        (("cluster", 1, "last"), (16, 8)),
        (("select", 7), (2, 10)),
        (("nowhere", 7), (1, 1)),
        ((), (1, 1)),
    ],
)
def test_a_value_is_found_or_else_what_it_is_in(at: tuple[str | int, ...], found: tuple[int, int]) -> None:
    assert position(TEXT, at) == found


def test_a_key_is_found() -> None:
    assert position(TEXT, ("a", "b"), of_key=True) == (4, 1)
    assert position(TEXT, ("cluster", 0, "aliases", "x.y"), of_key=True) == (12, 1)


@pytest.mark.parametrize("text", ["", "\n\n", "a = ", "[", "[[x", "= 3", "a = [", "a = {b", '"', "a = '''", "a = " + "[" * 5000])
def test_a_text_that_is_no_toml_ends_the_search(text: str) -> None:
    position(text, ("a", "b"))
