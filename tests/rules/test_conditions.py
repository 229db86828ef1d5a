"""Rules and dates, wherever they stand: the indirect forms of mistakes, and what looks like one and is fine."""

from __future__ import annotations

import pytest

from cibcheck.api import ERROR, INFO, WARNING
from cibcheck.testing import check
from rules.forms import bundle, by_rule, dummy, guest, remote


def expression(attribute: str, operation: str, value: str | None = None, more: str = "", *, name: str = "e") -> str:
    text = "" if value is None else f' value="{value}"'
    return f'<expression id="{name}" attribute="{attribute}" operation="{operation}"{text} {more}/>'


def date(operation: str, more: str, inside: str = "", *, name: str = "d") -> str:
    return f'<date_expression id="{name}" operation="{operation}" {more}>{inside}</date_expression>'


def spec(more: str) -> str:
    return date("date_spec", "", f'<date_spec id="s" {more}/>')


def nested(condition: str) -> str:
    return f'<rule id="inner" boolean-op="or">{condition}{expression("site", "defined", name="other")}</rule>'


PAIR = '<nvpair id="n" name="timeout" value="5s"/>'
META = f'<meta_attributes id="m">{{}}{PAIR}</meta_attributes>'
AGENT = 'class="ocf" provider="pacemaker" type="Dummy"'

SETS = {
    "a location": f'<primitive id="a" {AGENT}/><rsc_location id="l" rsc="a">{{}}</rsc_location>',
    "meta-attributes": f'<primitive id="a" {AGENT}>{META}</primitive>',
    "instance attributes of a template": f'<template id="a" {AGENT}>{META.replace("meta", "instance")}</template>',
    "options": f'<cluster_property_set id="m">{{}}{PAIR}</cluster_property_set>',
    "rsc_defaults": f"<rsc_defaults>{META}</rsc_defaults>",
    "op_defaults": f"<op_defaults>{META}</op_defaults>",
    "an operation": (
        f'<primitive id="a" {AGENT}><operations><op id="o" name="start" interval="0s">{META}</op></operations></primitive>'
    ),
    "an alert": f'<alerts><alert id="al" path="/x">{META}</alert></alerts>',
}


@pytest.mark.parametrize("where", SETS)
@pytest.mark.parametrize("deep", [False, True])
def test_a_date_is_looked_at_wherever_a_rule_stands(where: str, deep: bool) -> None:
    condition = date("lt", 'end="soon"')
    rule = f'<rule id="r" score="5">{nested(condition) if deep else condition}</rule>'
    assert check(SETS[where].format(rule), select=["RUL201"]).codes == ["RUL201"]


@pytest.mark.parametrize(
    ("where", "severity"),
    [
        ("a location", None), ("instance attributes of a template", None), ("meta-attributes", WARNING), ("options", WARNING),
        ("rsc_defaults", WARNING), ("op_defaults", WARNING), ("an operation", WARNING), ("an alert", WARNING),
    ],
)  # fmt: skip
def test_where_node_attributes_are_known(where: str, severity: int | None) -> None:
    text = SETS[where].format(f'<rule id="r" score="5">{expression("site", "defined")}</rule>')
    found = [finding.severity for finding in check(text, select=["RUL112"]).findings]
    assert found == ([] if severity is None else [severity])


def test_pacemaker_2_knows_them_in_meta_attributes() -> None:
    text = SETS["meta-attributes"].format(f'<rule id="r" score="5">{expression("site", "defined")}</rule>')
    assert [one.severity for one in check(text, select=["RUL112"], targets=frozenset(("2.1",))).findings] == [INFO]


@pytest.mark.parametrize(("target", "severity"), [(("2.1",), WARNING), (("3.0",), ERROR), (("2.1", "3.0"), WARNING)])
@pytest.mark.parametrize(("code", "condition"), [("RUL101", expression("x", "defined", "y")), ("RUL102", expression("x", "eq"))])
def test_what_only_pacemaker_3_refuses(target: tuple[str, ...], severity: int, code: str, condition: str) -> None:
    checked = check(dummy("a") + by_rule("a", "5", condition), select=[code], targets=frozenset(target))
    assert [one.severity for one in checked.findings] == [severity]


BAD = [
    ("RUL103", expression("x", "lt", "abc")),
    ("RUL103", expression("x", "eq", "4.5", 'type="integer"')),
    ("RUL103", expression("x", "gt", "1.x", 'type="version"')),
    ("RUL104", expression("#role", "eq", "Promoted")),
    ("RUL105", expression("#uname", "ne", "node9")),
    ("RUL106", expression("#kind", "eq", "Member")),
    ("RUL107", expression("pref-%1", "defined")),
    ("RUL116", expression("x", "defined") + expression("x", "not_defined", name="f")),
    ("RUL116", expression("x", "ne", "a") + expression("y", "defined", name="g") + expression("x", "eq", "A", name="f")),
    ("RUL201", date("gt", 'start="2030-W54-1"')),
    ("RUL202", date("in_range", 'start="2030-01-01" end="2030-01-01"')),
    ("RUL202", date("in_range", 'start="2030-01-02T00:00:00Z" end="2030-01-02T01:00:00+02:00"')),
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" days="0"/>')),
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" days="1.5"/>')),
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" days="5d"/>')),
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" seconds="2147483648"/>')),
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" hours="1" monthdays="3"/>')),
    ("SCH203", expression("site", "eq ", "a")),
    ("SCH203", expression("site", "eq", "a", 'type=" string"')),
    ("SCH203", nested(expression("site", "eq", "a")).replace('"or"', '"or "')),
    ("RUL205", spec('hours="9 - 17"')),
    ("RUL205", spec('weekdays="Mon"')),
    ("RUL206", spec('months="13"')),
    ("RUL206", spec('weekdays="0"')),
    ("RUL206", spec('hours="20-24"')),
    ("RUL206", spec('months="4-4" monthdays="31"')),
]

FINE = [
    ("RUL203", date("in_range", 'start="2030-01-01"', '<duration id="u" days="05" hours="+2" seconds="2147483647"/>')),
    ("RUL104", expression("#feature-set", "defined")),
    ("SCH203", expression(" site", "eq", " a ")),
    ("RUL103", expression("x", "lt", "-5")),
    ("RUL103", expression("x", "eq", "abc")),
    ("RUL103", expression("x", "lt", "abc", 'type="string"')),
    ("RUL103", expression("x", "lt", "limit", 'value-source="param"')),
    ("RUL103", expression("x", "gt", "1.5", 'type="number"')),
    ("RUL104", expression("#health-cpu", "eq", "red")),
    ("RUL104", expression("#site-name", "eq", "a")),
    ("RUL105", expression("#uname", "eq", "NODE2")),
    ("RUL105", expression("#uname", "eq", "r1")),
    ("RUL105", expression("#uname", "eq", "u-1")),
    ("RUL105", expression("#uname", "gt", "nod")),
    ("RUL106", expression("#kind", "ne", "Container")),
    ("RUL116", expression("x", "ne", "a") + expression("x", "ne", "b", name="f")),
    ("RUL116", expression("x", "eq", "a") + expression("x", "eq", "A", name="f")),
    ("RUL116", expression("x", "eq", "1", 'type="number"') + expression("x", "eq", "1.0", 'type="number"', name="f")),
    ("RUL116", expression("x", "eq", "a") + expression("y", "eq", "b", name="f")),
    ("RUL201", date("gt", 'start="2030-W01-1"')),
    ("RUL201", date("lt", 'end="epoch"')),
    ("RUL202", date("in_range", 'start="2030-01-02T00:00:00Z" end="2030-01-01"')),
    ("RUL202", date("gt", 'start="10:00"')),
    ("RUL205", spec('hours="9-"')),
    ("RUL206", spec('years="2030-2031" weekyears="5"')),
    ("RUL206", spec('months="2-3" monthdays="30"')),
    ("RUL206", spec('hours="0-23" minutes="59" weekdays="7"')),
    ("RUL207", spec('hours="0-23"')),
    ("RUL208", date("gt", 'start="2000-01-01"')),
]


@pytest.mark.parametrize(("code", "conditions"), BAD)
def test_found(code: str, conditions: str) -> None:
    checked = check(dummy("a") + by_rule("a", "5", conditions), select=[code])
    assert not checked.internal_errors
    assert checked.codes == [code]


@pytest.mark.parametrize(("code", "conditions"), FINE)
def test_not_found(code: str, conditions: str) -> None:
    nodes = remote("r1") + guest("vm", "g1") + bundle("u", dummy("i"))
    checked = check(nodes + dummy("a") + by_rule("a", "5", conditions), select=[code])
    assert not checked.internal_errors
    assert checked.codes == []


def test_today_is_an_option() -> None:
    text = dummy("a") + by_rule("a", "5", date("lt", 'end="2035-06-01"'))
    assert check(text, select=["RUL208"], options={"RUL208": {"today": "2035-05-31"}}).codes == []
    assert check(text, select=["RUL208"], options={"RUL208": {"today": "2035-06-03"}}).codes == ["RUL208"]


@pytest.mark.parametrize(
    ("pattern", "name", "found"),
    [
        (None, "p-%1", True),
        ("!^(a)$", "p-%1", True),
        ("^(a)$", "p-%2", True),
        ("^a$", "p-%1", True),
        ("^[(]a|\\(a", "p-%1", True),
        ("^(a)$", "p-%1", False),
        ("^a$", "p-%0", False),
        ("^a$", "p-%", False),
        ("((a)|b)", "%2-%1", False),
    ],
)
def test_what_a_pattern_matched(pattern: str | None, name: str, found: bool) -> None:
    whom = 'rsc="a"' if pattern is None else f'rsc-pattern="{pattern}"'
    made = f'{dummy("a")}<rsc_location id="l" {whom}><rule id="r" score="5">{expression(name, "defined")}</rule></rsc_location>'
    assert check(made, select=["RUL107"]).codes == ["RUL107"] * found


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("ping", "net", False),
        ("attribute", "net", False),
        ("ethmonitor", "net", False),
        ("ping", "other", True),
        ("attribute", None, True),
        ("Dummy", "net", True),
    ],
)
def test_a_score_that_a_resource_sets(kind: str, name: str | None, found: bool) -> None:
    pairs = (
        ""
        if name is None
        else f'<instance_attributes id="p-i"><nvpair id="p-n" name="name" value="{name}"/></instance_attributes>'
    )
    setter = f'<primitive id="p" class="ocf" provider="pacemaker" type="{kind}">{pairs}</primitive>'
    rule = f'<rule id="r" score-attribute="net">{expression("net", "defined")}</rule>'
    made = f'{setter}{dummy("a")}<rsc_location id="l" rsc="a">{rule}</rsc_location>'
    assert check(made, select=["CON203"]).codes == ["CON203"] * found


@pytest.mark.parametrize(
    ("value", "found"),
    [("much", True), ("", True), ("infinity", True), ("INFINITY ", True), ("100", False), ("-INFINITY", False), ("10x", False)],
)
def test_a_node_attribute_as_a_score(value: str, found: bool) -> None:
    node = f'<node id="4" uname="node4"><instance_attributes id="i"><nvpair id="p" name="pref" value="{value}"/></instance_attributes></node>'
    rule = f'<rule id="r" score-attribute="pref">{expression("pref", "defined")}</rule>'
    made = f'{node}{dummy("a")}<rsc_location id="l" rsc="a">{rule}</rsc_location>'
    assert check(made, select=["CON208"]).codes == ["CON208"] * found


@pytest.mark.parametrize(("code", "condition"), [("RUL101", expression("x", "defined", "y")), ("RUL210", spec('yearsdays="1"'))])
def test_what_begins_to_decide_is_not_safely_mended(code: str, condition: str) -> None:
    (found,) = check(dummy("a") + by_rule("a", "5", condition), select=[code]).findings
    assert found.problem.fix
    assert not found.problem.fix.is_safe


OVER = date("lt", 'end="2000-01-01"')
FOR = date("in_range", 'start="2030-01-01"', '<duration id="u" years="2" hours="{}"/>')
VERSION = 'type="version"'


@pytest.mark.parametrize(
    ("code", "rule", "consequence"),
    [
        ("RUL102", by_rule("a", "5", expression("x", "eq")), "with 2.1 for nodes without the attribute"),
        ("RUL102", by_rule("a", "5", expression("x", "ne")), "with 2.1 for nodes with the attribute"),
        ("RUL102", by_rule("a", "5", expression("x", "lt")), "the condition is never true"),
        ("RUL103", by_rule("a", "5", expression("x", "gt", "5.14.0-362.el9", VERSION)), "never come to an end with the rest"),
        ("RUL103", by_rule("a", "5", expression("x", "gt", "7 ", VERSION)), "never come to an end with the rest"),
        ("RUL103", by_rule("a", "5", expression("x", "gt", "7 ", "").replace("7", "7x")), "ignores what follows the number"),
        (
            "RUL114",
            by_rule("a", "5", expression("x", "defined")).replace("score", 'role="Boss" score'),
            "ignores rule 'rule-a-r'",
        ),
        ("RUL203", by_rule("a", "5", FOR.format("-1")), "takes from the others"),
        ("RUL203", by_rule("a", "5", FOR.format("0")), "adds nothing"),
    ],
)
def test_what_follows(code: str, rule: str, consequence: str) -> None:
    (found,) = check(dummy("a") + rule, select=[code]).findings
    assert consequence in (found.problem.consequence or "")


@pytest.mark.parametrize(
    ("conditions", "help_"),
    [
        (OVER + expression("x", "defined"), "remove what it guards"),
        (nested(OVER), "remove the condition"),
        (OVER, "remove what it guards"),
    ],
)
def test_only_a_condition_that_is_over_is_to_go_where_others_stand_beside_it(conditions: str, help_: str) -> None:
    (found,) = check(dummy("a") + by_rule("a", "5", conditions), select=["RUL208"]).findings
    assert found.problem.help == help_
