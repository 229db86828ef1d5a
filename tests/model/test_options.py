"""The tables of options say what they can be held to, and their values mean what Pacemaker takes them for."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.model import options as module
from cibcheck.model import values
from cibcheck.model.options import Option, Table, happened, options

ALL = [pytest.param(name, option, id=f"{name}: {option.name}") for name in get_args(Table) for option in options(name).values()]
RELEASES = {
    option.name: (option.since, option.deprecated, option.removed)
    for name in get_args(Table)
    for option in options(name).values()
}


def option_of(table: Table, name: str) -> Option:
    return options(table)[name]


@pytest.mark.parametrize(("table", "option"), ALL)
def test_a_row_is_sound(table: Table, option: Option) -> None:
    assert option.type in ("text", "enum", "word", *module._HOSTS) or callable(getattr(values, option.type))
    assert bool(option.words) or option.type not in ("enum", "word")
    assert not option.instead or option.instead in options(table)
    assert option.type == "text" or option.removed or option.bad_value
    for release in filter(
        None, (option.since, option.deprecated, option.removed, *(w.deprecated or w.removed for w in option.words))
    ):
        assert release.count(".") == 2
        assert release.replace(".", "").isdecimal()


@pytest.mark.parametrize(("table", "option"), ALL)
def test_a_default_is_a_value(table: Table, option: Option) -> None:
    default = option.default.partition(" (")[0]
    if default and not default.startswith("("):
        assert option.read(default).reason is None
        assert option.read(default).read is None


@pytest.mark.parametrize(("table", "option"), ALL)
def test_what_to_write_instead_of_an_old_value_is_a_new_one(table: Table, option: Option) -> None:
    for word in option.words:
        assert word.instead is None or word.instead in option.proposals


@pytest.mark.parametrize(("table", "option"), ALL)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_is_read_or_has_a_reason(table: Table, option: Option, text: str) -> None:
    parsed = option.read(text)
    assert parsed.text == text
    assert (parsed.value is None) == (parsed.reason is not None)
    assert parsed.read is None or parsed.reason is None


def test_a_renamed_option_is_read_like_its_new_name() -> None:
    for table in get_args(Table):
        for option in options(table).values():
            if option.instead and option.type != "text":
                new = options(table)[option.instead]
                assert (new.type, new.words, new.default) == (option.type, option.words, option.default)


@pytest.mark.parametrize(
    ("release", "line", "has"),
    [("2.0.4", "2.1", True), ("2.1.9", "2.1", True), ("3.0.2", "2.1", False), ("3.0.2", "3.0", True), ("3.0.0", "3.0", True)],
)
def test_a_release_line_has_what_its_last_release_has(release: str, line: str, has: bool) -> None:
    assert happened(release, line) is has


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("no-quorum-policy", "Ignore", "ignore"),
        ("no-quorum-policy", "halt", None),
        ("stonith-action", "off", "off"),
        ("stonith-action", "Off", None),
        ("symmetric-cluster", "YES", True),
        ("symmetric-cluster", "truee", None),
        ("concurrent-fencing", "no", "no"),
        ("stonith-max-attempts", "0", None),
        ("stonith-watchdog-timeout", "-1", -1000),
        ("cluster-name", "", ""),
    ],
)
def test_cluster_options(name: str, text: str, value: object) -> None:
    assert option_of("Cluster options", name).read(text).value == value
