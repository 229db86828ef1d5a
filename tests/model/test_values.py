"""Values mean what Pacemaker takes them for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.model import hosts, values

if TYPE_CHECKING:
    from collections.abc import Callable

INF = values.INFINITY


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("INFINITY", INF), ("+INFINITY", INF), ("-INFINITY", -INF), ("100", 100), ("-5", -5), ("+7", 7), (" 12", 12), ("10abc", 10),
        ("9999999", INF), ("-9999999", -INF), ("infinity", None), ("inf", None), ("", None), ("high", None), ("9" * 5000, INF),
    ],
)  # fmt: skip
def test_score(text: str, value: int | None) -> None:
    assert values.score(text).value == value


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [(1, 2, 3), (INF, -INF, -INF), (INF, -5, INF), (-INF, 5, -INF), (999_999, 5, INF), (-999_999, -5, -INF)],
)
def test_minus_infinity_wins_over_all_scores(one: int, other: int, total: int) -> None:
    assert values.add_scores(one, other) == total
    assert values.add_scores(other, one) == total


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("YES", True), ("on", True), ("y", True), ("1", True), ("false", False), ("Off", False), ("n", False),
        ("0", False), ("", None), ("2", None), (" true", None), ("enabled", None),
    ],
)  # fmt: skip
def test_boolean(text: str, value: bool | None) -> None:
    assert values.boolean(text).value is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", 20_000), ("20s", 20_000), ("2min", 120_000), ("1h", 3_600_000), ("500ms", 500), ("500 ms", 500), ("900us", 0),
        ("2m", 120_000), ("2month", 120_000), ("1.5s", 1000), ("-5", -5000), (" 7", 7000), ("5sausages", 5000),
        ("soon", None), ("PT2M", None), ("1d", None), ("", None), ("s", None),
    ],
)  # fmt: skip
def test_timeout_in_milliseconds(text: str, value: int | None) -> None:
    assert values.timeout(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("PT5M", 300_000), ("P1D", 86_400_000), ("P1M", 30 * 86_400_000), ("PT1H30M", 5_400_000), ("P2W", 14 * 86_400_000),
        ("10s", 10_000), ("0", 0), ("-1s", None), ("P", None), ("PT", None), ("P5", None), ("PT5X", None), ("P1.5D", None),
        ("pt5m", None),
    ],
)  # fmt: skip
def test_interval_in_milliseconds(text: str, value: int | None) -> None:
    assert values.interval(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3121", 3121),
        ("1", 1),
        ("65535", 65_535),
        ("0", None),
        ("65536", None),
        ("abc", None),
        ("3121 ", None),
        ("", None),
        ("-1", None),
    ],
)
def test_port(text: str, value: int | None) -> None:
    assert values.port(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [(None, 3121), ("3122", 3122), ("3122 # x", 3122), ("0", 3121), ("x", 3121), ("70000", 3121), ('"3122"', 3121)],
)
def test_listening_port_is_read_like_strtol_with_3121_for_what_is_out_of_range(text: str | None, value: int) -> None:
    assert values.listening_port(text) == value


@pytest.mark.parametrize(
    "text",
    ["web1", "web1.example.com", "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "::1", "10.1", "1.2.3.4.example.com", "255.0.0.001"],
)
def test_address_takes_host_names_and_ip_addresses(text: str) -> None:
    assert values.address(text).value == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "h x",
        "web1:3121",
        "192.0.2.1:3121",
        "192.0.2.1/24",
        "[2001:db8::1]",
        "a,b",
        "[::1]:3121",
        "192.0.2.300",
        "192.0.2.1.5",
        "2001:db8:::1",
    ],
)
def test_address_refuses_blanks_ports_prefixes_brackets_and_lists(text: str) -> None:
    parsed = values.address(text)
    assert parsed.value is None
    assert parsed.reason


def test_node_list_is_separated_by_commas_semicolons_and_blanks() -> None:
    assert values.node_list("node1 node2,node3;\tnode4\nnode5,,on") == ["node1", "node2", "node3", "node4", "node5"]


def test_host_map_has_ports_after_the_colon() -> None:
    assert values.host_map("node1:1,2;node2:3 node3=plug;bad;:x") == {"node1": "1,2", "node2": "3", "node3": "plug"}


def test_of_several_colons_in_a_host_map_the_last_counts_unless_it_is_escaped() -> None:
    assert values.host_map("node1:1:2;node2:a\\:b;node3:c\\;d") == {"1": "2", "node2": "a\\:b", "node3": "c\\;d"}


def test_node_names_are_compared_without_ascii_case_only() -> None:
    assert values.fold("NODE1") == "node1"
    assert values.fold("É\u212a") == "É\u212a"


@pytest.mark.parametrize(
    ("parser", "text", "read"),
    [
        (values.score, "10abc", "10"), (values.score, "1e3", "1"), (values.score, "10", None), (values.score, "2.0", None),
        (values.score, "2.5", "2"), (values.score, "2000000", "INFINITY"), (values.score, "-2000000", "-INFINITY"),
        (values.integer, "10 ", None), (values.integer, "10 %", "10"), (values.count, "2x", "2"),
        (values.timeout, "1.9min", "1min"), (values.timeout, "0.5", "0s"), (values.timeout, "10month", "10min"),
        (values.timeout, "10milliseconds", "10min"), (values.timeout, "5sausages", "5s"), (values.timeout, "3 hundred", "3h"),
        (values.timeout, "10 Sec", None), (values.timeout, "1.0s", None), (values.timeout, "20", None), (values.timeout, "5 msec", None),
        (values.interval, "P1M", "30 days"), (values.interval, "P1D", None), (values.interval, "PT5M/x", "300s"),
        (values.interval, "2000h", "4294967s"), (values.fence_delay, "500ms", "0s"), (values.fence_delay, "1500ms", "1s"),
        (values.fence_delay, "5s", None), (values.percentage, "80%", None), (values.percentage, "80% or so", "80%"),
        (values.percentage, "%", "0%"), (hosts.host_list, "node1,node2", None), (hosts.host_list, "node1@dc node2", "node1,node2"),
        (hosts.port_map, "node1:1;NODE1:2", "NODE1:2"), (hosts.port_map, "node1:1;node2:2,3", None),
        (hosts.delay_map, "node1:5s;node2:1500ms", "node1:5s;node2:1s"), (hosts.delay_map, "5s", None),
    ],
)  # fmt: skip
def test_what_is_read_of_a_value_that_is_not_read_as_it_stands(
    parser: Callable[[str], values.Parsed[object]], text: str, read: str | None
) -> None:
    parsed = parser(text)
    assert parsed.reason is None
    assert parsed.read == read


@pytest.mark.parametrize(
    ("parser", "text", "reason"),
    [
        (values.score, "infinity", "neither an integer nor"), (values.score, "green", "colour"), (values.threshold, "-1", "negative"),
        (values.integer, "infinity", "not an integer"), (values.positive_integer, "0", "not greater than 0"),
        (values.count, "-1", "negative"), (values.count, "two", "not a number"), (values.percentage, "80", "percent sign"),
        (values.percentage, "-5%", "negative"), (values.percentage, "much", "not a percentage"),
        (values.timeout, "PT1M", "ISO 8601"), (values.timeout, "forever", "does not start with a number"),
        (values.timeout, "1.5 days", "unit 'days'"), (values.delay, "-1s", "negative"), (values.op_timeout, "0", "not greater than 0"),
        (values.interval, "-10s", "negative"), (values.interval, "PT5", "ISO 8601"), (values.version, "3.", "not a version"),
        (values.date, "yesterday", "ISO 8601"), (values.date, "2020-02-30", "day"), (values.date, "2020-13-01", "does not exist"),
        (values.date, "2020-01-01T25:00", "time of day"), (values.date, "", "ISO 8601"), (hosts.host_list, "node1 on", "'on'"),
        (hosts.host_list, "node1,invalid", "invalid"), (hosts.port_map, "node1;node2:2", "'node1'"),
        (hosts.port_map, "node1:", "'node1:'"), (hosts.delay_map, "node1:5s;node2", "'node2'"),
        (hosts.delay_map, "node1=5s", "number"), (hosts.delay_map, "node1:soon", "'soon'"), (values.terminate, "maybe", "neither"),
    ],
)  # fmt: skip
def test_why_a_value_has_no_meaning(parser: Callable[[str], values.Parsed[object]], text: str, reason: str) -> None:
    parsed = parser(text)
    assert parsed.value is None
    assert reason in (parsed.reason or "")


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01", "20200101", "2020-W01-1", "2020-001", "T10:00", "10:00", "epoch", "2020-01-01 10:00:00Z", "2020-01-01T24:00:00",
        "2020-01-01T10", "2020-01-01T100000+02", "2020-02-29", "2020-01-01T10:00 -05:30",
    ],
)  # fmt: skip
def test_dates_that_pacemaker_takes(text: str) -> None:
    assert values.date(text).reason is None


@given(number=st.integers(-(10**6), 10**6))
def test_an_integer_is_read_as_it_stands(number: int) -> None:
    for parser in (values.score, values.integer):
        assert parser(str(number)) == (str(number), number, None, None)


@given(number=st.integers(0, 10**6), rest=st.text(alphabet="abcxyz_%", min_size=1))
def test_of_a_number_with_something_behind_it_the_number_is_read(number: int, rest: str) -> None:
    assert values.integer(f"{number}{rest}") == (f"{number}{rest}", number, None, str(number))


@given(number=st.integers(0, 1000), unit=st.sampled_from(["s", "ms", "us", "m", "h"]), rest=st.text(alphabet="abcdefgz"))
def test_of_a_unit_the_first_letters_count(number: int, unit: str, rest: str) -> None:
    written = values.timeout(f"{number}{unit}{rest}")
    read = written.read
    assert written.value == values.timeout(read or f"{number}{unit}").value


@given(
    years=st.integers(0, 3),
    months=st.integers(0, 11),
    days=st.integers(0, 30),
    hours=st.integers(0, 23),
    seconds=st.integers(0, 59),
)
def test_what_is_read_of_a_duration_is_that_duration(years: int, months: int, days: int, hours: int, seconds: int) -> None:
    parsed = values.interval(f"P{years}Y{months}M{days}DT{hours}H{seconds}S")
    total = ((years * 365 + months * 30 + days) * 86_400 + hours * 3600 + seconds) * 1000
    assert parsed.value == min(total, 2**32 - 1)


PARSERS = [
    values.integer,
    values.positive_integer,
    values.count,
    values.threshold,
    values.percentage,
    values.version,
    values.delay,
    values.op_timeout,
    values.fence_delay,
    values.date,
    hosts.host_list,
    hosts.port_map,
    hosts.delay_map,
    values.terminate,
    values.score,
    values.boolean,
    values.timeout,
    values.interval,
    values.port,
    values.address,
    values.node_list,
    values.host_map,
]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@given(text=st.text())
def test_no_text_breaks_a_parser(parser: object, text: str) -> None:
    assert callable(parser)
    parser(text)


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-01", "2020-1-5", "20200105", "2020-005", "2020-366", "2020-W05-3", "2020-W53-1", "epoch", "EPOCH", "2020-01-01 10:00",
        "2020-01-01T10", "2020-02-29", "2020-01-01T24:00:00", "2020-01-01T10:00:00Zfoo", "T10:00", "10:00", "20200105T101010Z",
        "12020-01-01",
    ],
)  # fmt: skip
def test_date(text: str) -> None:
    assert values.date(text).value is not None


@pytest.mark.parametrize(
    "text",
    [
        "2021-366", "2021-W53-1", "soon", "2020-01-01T24:00:01", "2020-01-01T25:00", "2020-01-01T10:60", "2020-01-01T10:00:60",
        "2020-02-30", "2021-02-29", "2020-13-01", "2020-00-01", "2020", "202001", "01.02.2020", "2020/01/01", "Jan 1 2020", "2020-W05",
        "2020-W05-8", "2020-000", "", "0000-01-01",
    ],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert values.date(text).value is None
    assert values.date(text).reason


@pytest.mark.parametrize(
    ("one", "other", "is_before"),
    [
        ("2030-01-01", "2030-01-02", True),
        ("2030-01-02", "2030-01-01", False),
        ("2030-01-01", "2030-01-01", False),
        ("2030-01-01T10:00:00Z", "2030-01-01T11:00:00+02:00", False),
        ("2030-01-01T10:00:00Z", "2030-01-01T13:00:00+02:00", True),
        # Local time or not: a day more or less.
        ("2030-01-01T10:00:00Z", "2030-01-02", None),
        ("2030-01-01T10:00:00Z", "2030-02-02", True),
        # A bare time is today.
        ("10:00", "2030-01-02", None),
        ("9999-12-31", "10400-01-01", True),
        ("2030-W01-1", "2030-001", True),
    ],
)
def test_which_date_comes_first(one: str, other: str, is_before: bool | None) -> None:
    first, second = values.date(one).value, values.date(other).value
    assert first is not None
    assert second is not None
    assert first.is_before(second) is is_before


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9", (9, 9)), ("9-16", (9, 16)), ("9-", (9, None)), ("-16", (None, 16)), ("16-9", (16, 9)), ("1,3", None), ("all", None),
        ("-", None), ("", None), ("9 - 16", None), ("1-2-3", None), ("*/2", None),
    ],
)  # fmt: skip
def test_date_range(text: str, value: tuple[int | None, int | None] | None) -> None:
    assert values.date_range(text).value == value


@pytest.mark.parametrize(
    "text",
    ["^web", "a)", "[]a]", "[^]a]", "a**", "()", "", "[[:alpha:]]", "a|", "\\(", "!web", "[(]", "a{1,2}",
     "a{2}", "a{2,}", "a{,2}", "a}", "[{]", "\\{2", "(a)\\1", "((a)\\2)", "[a-z]", "[+-a]", "[]-a]", "[^-9]", "[[:digit:][:upper:]]", "[[.-.]a]"],
)  # fmt: skip
def test_patterns_that_compile(text: str) -> None:
    assert values.pattern_error(text) is None


@pytest.mark.parametrize(
    "text",
    ["(", "web(", "[a", "*a", "a|*", "(*a)", "a\\", "[]", "^*", "(?:a)", "!(", "(a]",
     "a{", "a{2", "a{3,1}", "a{x}", "a{}", "a{1,2,3}", "{2}", "(a)\\2", "\\1", "[[:foo:]]", "[z-a]", "[a9-0]", "^web$*"],
)  # fmt: skip
def test_patterns_that_do_not(text: str) -> None:
    assert values.pattern_error(text)


@given(st.text(max_size=40))
def test_dates_ranges_and_patterns_take_any_text(text: str) -> None:
    assert (values.date(text).value is None) == (values.date(text).reason is not None)
    assert (values.date_range(text).value is None) == (values.date_range(text).reason is not None)
    assert values.pattern_error(text) != ""
