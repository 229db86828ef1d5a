"""Which conditions of rules are true, as a ban on every node shows it: the resource runs where they are not."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from .pacemaker import dummy, tool, until, xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from .pacemaker import Setup


def date(operation: str, *inside: Element, **more: str) -> Element:
    return xml("date_expression", *inside, id="d", operation=operation, **more)


def spec(**parts: str) -> Element:
    return date("date_spec", xml("date_spec", id="s", **parts))


def attribute(name: str, operation: str, **more: str) -> Element:
    return xml("expression", id="e", attribute=name, operation=operation, **more)


@until("2.1.8")
@pytest.mark.parametrize(
    ("condition", "is_true"),
    [
        (date("lt", end="soon"), False),
        (date("gt", start="soon"), False),
        # That end is open, then; Pacemaker 3.0 takes the condition as false.
        (date("in_range", start="2020-01-01", end="soon"), True),
        (date("in_range", start="2030-01-01", end="2020-01-01"), False),
        (spec(hours="0,1-23"), True),
        (spec(hours="all"), True),
        (spec(hours="23-0"), False),
        (spec(hours="24-30"), False),
        (spec(months="2", monthdays="30"), False),
        (spec(), True),
        # The schema has always had the one spelling; the other is what counts.
        (spec(yearsdays="367-400"), True),
        (spec(yeardays="367-400"), False),
        (attribute("x", "eq"), True),
        (attribute("#uname", "defined", value="other"), True),
        (attribute("#kind", "ne", value="guest"), True),
        (attribute("#role", "eq", value="Started"), False),
        (attribute("#hostname", "defined"), False),
        (attribute("#uname", "ne", value="NODE9"), True),
        (xml("rsc_expression", id="e", class_="ocf"), False),
        (xml("op_expression", id="e", name="monitor"), False),
    ],
)
def test_condition(cluster: Setup, condition: Element, is_true: bool) -> None:
    parts = [dummy("A"), xml("rsc_location", xml("rule", condition, id="r", score="-INFINITY"), id="l", rsc="A")]
    assert bool(cluster(*parts, device=False, stonith_enabled="false").run().where["A"]) != is_true


@pytest.mark.parametrize(
    ("texts", "is_date"),
    [
        (
            "2020-01-01|2020-1-5|20200105|2020-005|2020-366|2020-W05-3|2020-W53-1|epoch|EPOCH|2020-01-01 10:00|2020-01-01T10|2020-02-29"
            "|2020-01-01T24:00:00|2020-01-01T10:00:00Zfoo|T10:00|10:00|20200105T101010Z|12020-01-01",
            True,
        ),
        (
            "2021-366|2021-W53-1|soon|2020-01-01T24:00:01|2020-01-01T25:00|2020-01-01T10:60|2020-01-01T10:00:60|2020-02-30|2021-02-29"
            "|2020-13-01|2020-00-01|2020|202001|01.02.2020|2020/01/01|Jan 1 2020|2020-W05|2020-W05-8|2020-000|",
            False,
        ),
    ],
)
def test_date(texts: str, is_date: bool) -> None:
    command = tool("iso8601")
    if command is None:
        pytest.skip("iso8601 is not installed")
    for text in texts.split("|"):
        done = subprocess.run([command, "-d", text], capture_output=True, text=True, timeout=30, check=False)
        assert ("Date: " in done.stdout) == is_date, text
