"""The indirect forms of mistakes in constraints, and what looks like one and is fine."""

from __future__ import annotations

import pytest

from cibcheck.api import ERROR, INFO, WARNING
from cibcheck.testing import check
from rules.forms import (
    bundle,
    by_rule,
    clone,
    dummy,
    fence,
    group,
    guest,
    location,
    named,
    option,
    order,
    order_sets,
    remote,
    resource_set,
    tag,
    together,
    together_sets,
)

PROMOTABLE = (
    '<clone id="P"><meta_attributes id="p-m"><nvpair id="p-p" name="promotable" value="true"/></meta_attributes>'
    '<primitive id="Pi" class="ocf" provider="pacemaker" type="Stateful"/></clone>'
)
TEMPLATE = '<template id="T" class="ocf" provider="pacemaker" type="Dummy"/>'
LIFETIME = '><lifetime><rule id="r" score="0"/></lifetime></rsc_location>'
OWN_SCORE = resource_set("a", "b", score="5")
BAN_UNTIL = by_rule("a", "-INFINITY", named("node1"), '<date_expression id="d" operation="lt" end="2999-01-01"/>')
STOPPED = '<meta_attributes id="m"><nvpair id="n" name="target-role" value="Stopped"/></meta_attributes>'
STANDBY = (
    '<nodes><node id="1" uname="node1"><instance_attributes id="n1"><nvpair id="n1-s" name="standby" value="true"/></instance_attributes>'
    '</node><node id="2" uname="node2"/><node id="3" uname="node3"/></nodes>'
)
OPT_IN = option("symmetric-cluster", "false") + location("fence", "node1", "0")
SITE = '<expression id="site" attribute="site" operation="eq" value="b"/>'
TWO, TWO_AGAIN = named("node1") + SITE, SITE + named("node1")
LOOSE_GROUP = (
    '<group id="g"><meta_attributes id="g-m"><nvpair id="g-c" name="collocated" value="false"/></meta_attributes>'
    + dummy("a", "b")
    + "</group>"
)
NODE = '<node id="4" uname="node4"/>'
UNSCORED = '<rsc_location id="u" rsc="a" node="node1" resource-discovery="exclusive"/>'
UNORDERED_GROUP = LOOSE_GROUP.replace("collocated", "ordered")


def from_template(*names: str) -> str:
    return TEMPLATE + "".join(f'<primitive id="{name}" template="T"/>' for name in names)


def by_set(number: str, constraint_score: str, **attributes: str) -> str:
    members = resource_set("a", **attributes).replace('id="', f'id="s{number}-', 1)
    return f'<rsc_location id="by-set-{number}" node="node{number}" score="{constraint_score}">{members}</rsc_location>'


BAD = [
    # The id of something else, in every kind of constraint.
    ("REF101", dummy("a", "b") + location("a", "node1") + order("b", "loc-a-node1")),
    ("REF101", dummy("a") + location("a", "node1") + '<rsc_ticket id="t" ticket="x" rsc="loc-a-node1"/>'),
    ("REF101", dummy("a") + location("a", "node1") + order_sets(resource_set("a", "loc-a-node1"))),
    ("REF102", TEMPLATE + dummy("a") + order("a", "T")),
    ("REF111", dummy("a") + tag("t", "a") + tag("u", "t") + location("u", "node1")),
    ("REF111", from_template("a") + tag("t", "T") + location("t", "node1")),
    ("REF111", dummy("a") + location("a", "node1") + tag("t", "loc-a-node1") + order_sets(resource_set("t"))),
    ("CON101", clone("c", dummy("a")) + dummy("b") + together_sets(resource_set("b", "a"))),
    ("CON101", clone("c", dummy("a"), "master") + location("a", "node1")),
    ("CON101", bundle("u", dummy("a")) + location("a", "node1")),
    ("CON101", TEMPLATE + clone("c", '<primitive id="a" template="T"/>') + location("T", "node1")),
    ("CON102", dummy("a") + location("a", "node1", role="Promoted")),
    ("CON102", from_template("a") + dummy("b") + together("b", "T").replace("score", 'with-rsc-role="Master" score')),
    ("CON102", group("g", dummy("a")) + by_rule("g", "10", named("node1")).replace('score="10"', 'score="10" role="Promoted"')),
    ("CON103", dummy("a", "b") + order_sets(resource_set("a", action="promote"), resource_set("b", action="start"))),
    ("CON103", dummy("a", "b") + tag("t", "a") + order("t", "b", first_action="promote", then_action="start")),
    ("CON111", dummy("a", "b") + tag("t", "a", "b") + location("t", "node9")),
    ("CON201", dummy("a") + by_rule("a", "10", named("node1")).replace(' score="10"', "")),
    ("CON301", dummy("a", "b", "c") + order_sets(resource_set("a", "b", "c")) + order("c", "a")),
    ("CON301", dummy("a", "b") + tag("t", "a") + order("t", "b") + order("b", "a")),
    ("CON301", from_template("a") + dummy("b") + order("T", "b") + order("b", "a")),
    ("CON301", PROMOTABLE + dummy("a") + order("P", "a", first_action="promote", then_action="start") + order("a", "P")),
    ("CON301", group("g", dummy("a", "b")) + dummy("x") + order("x", "g") + order("b", "x")),
    ("CON301", bundle("u", dummy("i")) + clone("c", dummy("j")) + order("u", "c") + order("c", "u")),
    ("CON302", from_template("a") + order("T", "a")),
    ("CON302", dummy("a", "b") + tag("t", "a", "b") + order("a", "t")),
    ("CON303", dummy("a", "b") + tag("t", "a") + order_sets(resource_set("a", "b", "t"))),
    ("CON401", dummy("a", "b") + together_sets(resource_set("a", "b", "a"))),
    ("CON402", dummy("a", "b", "c") + together_sets(resource_set("a", "b", "c")) + together("a", "c", "-INFINITY")),
    ("CON402", group("g", dummy("a", "b")) + dummy("x") + together("x", "g") + together("x", "b", "-INFINITY")),
    ("CON402", from_template("a") + dummy("b") + together("a", "b") + together("T", "b", "-INFINITY")),
    ("CON402", dummy("a", "b", "c") + together_sets(resource_set("a", "b", "c"), score="-INFINITY") + together("a", "c")),
    ("CON402", group("g", dummy("a", "b", "c")) + together_sets(resource_set("a", "c", score="-INFINITY"), score="9")),
    ("CON403", group("g", dummy("a", "b")) + together("a", "b")),
    ("CON403", group("g", dummy("a", "b")) + dummy("x") + together("a", "x") + together("x", "g")),
    ("CON501", dummy("a", "b") + tag("t", "a") + "".join(location("t", f"node{n}", "-INFINITY") for n in "123")),
    (
        "CON501",
        from_template("a")
        + by_rule("T", "-INFINITY", named("node1").replace('"eq"', '"ne"'))
        + location("a", "node1", "-INFINITY"),
    ),
    ("CON501", group("g", dummy("a")) + "".join(location("g", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", bundle("u", dummy("i")) + "".join(location("u", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", OPT_IN + dummy("a")),
    ("CON501", OPT_IN + group("g", dummy("a", "b")) + location("a", "node1", "0")),
    ("CON503", STANDBY + group("g", dummy("a", "b")) + by_rule("g", "-INFINITY", named("node1").replace('"eq"', '"ne"'))),
    ("CON503", STANDBY + clone("c", dummy("a")) + location("c", "node2", "-INFINITY") + location("c", "node3", "-INFINITY")),
    ("CON204", dummy("a", "b") + tag("t", "a", "b") + location("t", "node1") + location("b", "NODE1", "-INFINITY")),
    ("CON205", dummy("a", "b") + together_sets(resource_set("a", "b"), score="0")),
    ("CON211", dummy("a") + location("a", "node1", "5") + location("a", "Node1", "7")),
    (
        "CON105",
        dummy("a") + '<rsc_location id="l" node="node1" score="5"><resource_set id="s" role="stopped"><resource_ref id="a"/>'
        "</resource_set></rsc_location>",
    ),
    ("REF115", dummy("a") + tag("t", "a", "t") + order_sets(resource_set("a", "t", sequential="false"))),
    ("REF115", dummy("a", "b") + tag("t", "u") + tag("u", "a", "u") + together_sets(resource_set("t", "b"))),
    ("SCH203", dummy("a") + location("a", "node1", "-INFINITY ")),
    ("SCH203", dummy("a") + location("a", "node1", "5").replace("/>", ' resource-discovery=" never"/>')),
    ("SCH203", dummy("a", "b") + together("a", "b").replace("score", 'rsc-role="Started " score')),
    ("SCH203", dummy("a", "b") + order_sets(resource_set("a", "b", action="start "))),
    ("SCH203", dummy("a") + '<rsc_ticket id="t" ticket="x" rsc="a" loss-policy="\nstop"/>'),
    ("CON301", group("g", dummy("a", "b")) + order("g", "b")),
    ("CON304", group("g", dummy("a", "b")) + order("g", "b", symmetrical="false")),
    ("CON304", group("g", dummy("a", "b")) + dummy("x") + order_sets(resource_set("a", "x", "b"))),
    (
        "CON304",
        group("g", dummy("a", "b")) + dummy("x") + order_sets(resource_set("a", "b", sequential="false"), resource_set("x")),
    ),
    (
        "CON212",
        dummy("a")
        + by_rule("a", "5", TWO)
        + by_rule("a", "9", TWO_AGAIN).replace('id="', 'id="2').replace("<rule", '<rule boolean-op="and"'),
    ),
    ("CON204", dummy("a") + location("a", "node1") + by_rule("a", "-INFINITY", named("node1"))),
    (
        "CON204",
        dummy("a") + location("a", "node1") + '<rsc_location id="l" rsc-pattern="^(a|b)$" node="node1" score="-INFINITY"/>',
    ),
    (
        "CON622",
        dummy("a")
        + '<rsc_ticket id="x" ticket="x"><resource_set id="s" role="Promoted"><resource_ref id="a"/></resource_set></rsc_ticket>',
    ),
    ("CON621", dummy("a") + option("fencing-enabled", "no") + '<rsc_ticket id="t" ticket="x" rsc="a" loss-policy="fence"/>'),
    ("CON622", dummy("a", "b") + tag("t", "a", "b") + '<rsc_ticket id="x" ticket="x" rsc="t" rsc-role="Master"/>'),
    ("CON501", dummy("a") + "".join(by_set(n, "100", score="-INFINITY") for n in "123")),
]

FINE = [
    ("REF101", dummy("a", "b") + tag("t", "a") + location("t", "node1") + order("t", "b")),
    ("REF101", from_template("a") + location("T", "node1")),
    ("REF101", guest("vm", "g1") + dummy("a") + location("a", "g1")),
    ("REF111", from_template("a") + tag("t", "T") + order_sets(resource_set("t"), resource_set("a"))),
    ("CON101", group("g", dummy("a", "b")) + location("a", "node1")),
    ("CON102", PROMOTABLE + dummy("b") + together("b", "P").replace("score", 'with-rsc-role="Promoted" score')),
    ("CON102", dummy("a") + location("a", "node1", role="Started")),
    ("CON103", PROMOTABLE + dummy("b") + order("P", "b", first_action="promote", then_action="start")),
    ("CON111", remote("r1") + guest("vm", "g1") + bundle("u", dummy("i")) + dummy("a") + "".join(location("a", n) for n in ("R1", "g1", "u-0"))),
    ("CON113", dummy("a") + '<rsc_location id="l" rsc-pattern="!x" node="node1" score="1"/>'),
    ("CON113", dummy("a") + '<rsc_location id="l" rsc-pattern="(a|b)+" node="node1" score="1"/>'),
    ("CON301", group("g", dummy("a", "b")) + dummy("x") + order("a", "x") + order("x", "b")),
    ("CON301", clone("c", dummy("a")) + dummy("b") + order("a", "b") + order("b", "a")),
    ("CON302", PROMOTABLE + order("P", "P", first_action="start", then_action="promote")),
    ("CON402", clone("c", dummy("i")) + dummy("a", "b") + together("a", "c") + together("b", "c") + together("a", "b", "-INFINITY")),
    ("CON402", dummy("a", "b") + together("a", "b", "5000") + together("b", "a", "-INFINITY")),
    ("CON402", dummy("a", "b") + together("a", "b") + together_sets(resource_set("a", "b", sequential="false"), score="-INFINITY")),
    ("CON402", dummy("a", "b", "c") + together("a", "c") + together_sets(resource_set("a", "b"), score="-INFINITY")),
    ("CON402", dummy("a", "b") + together("a", "b") + together_sets(resource_set("a", "b", score="-5"), score="-INFINITY")),
    ("CON403", group("g", dummy("a", "b")) + dummy("x") + together("g", "x") + together("b", "x")),
    ("CON403", dummy("a", "b") + together("a", "b") + together("b", "a", "100")),
    ("CON501", dummy("a") + NODE + "".join(location("a", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", remote("r1") + dummy("a") + "".join(location("a", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", OPT_IN + group("g", dummy("a", "b")) + location("g", "node1", "0")),
    # A node that a condition may take out counts as allowed, and so does one that a date takes out for a while.
    ("CON501", dummy("a") + by_rule("a", "-INFINITY", '<expression id="x" attribute="site" operation="eq" value="b"/>')),
    ("CON501", dummy("a") + "".join(location("a", f"node{n}", "-INFINITY").replace("/>", LIFETIME) for n in "123")),
    # Rules about remote nodes speak of these.
    ("CON501", remote("r1") + "".join(location("r1", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", guest("vm", "g1") + "".join(location("vm", f"node{n}", "-INFINITY") for n in "123")),
    ("CON501", fence("f") + "".join(location("f", f"node{n}", "-INFINITY") for n in "123")),
    ("CON503", STANDBY + dummy("a") + location("a", "node2", "-INFINITY")),
    ("CON503", STANDBY.replace('"true"', '"false"') + dummy("a") + by_rule("a", "-INFINITY", named("node1").replace('"eq"', '"ne"'))),
    ("CON502", group("g", dummy("a", "b")) + location("a", "node1", "-INFINITY") + location("b", "node2", "-INFINITY")),
    # What draws one member of a group to a node draws the others along, against less than -INFINITY.
    (
        "CON501",
        group("g", dummy("a", "b")) + location("a", "node1") + location("b", "node1", "-100")
        + "".join(location("b", f"node{n}", "-INFINITY") for n in "23"),
    ),
    ("CON502", LOOSE_GROUP + "".join(location(a, f"node{n}", "-INFINITY") for a, n in ("a1", "a2", "b3"))),
    ("CON204", dummy("a") + location("a", "node1") + location("a", "node1", "-INFINITY", role="Promoted").replace('id="', 'id="x')),
    ("CON205", dummy("a", "b") + together_sets(OWN_SCORE, score="0")),
    ("CON105", dummy("a") + location("a", "node1", role="Started")),
    ("SCH203", dummy("a") + location("a", "node1", " 5")),
    ("CON501", dummy("a") + "".join(location("a", f"node{n}", "-INFINITY ") for n in "123")),
    ("CON204", dummy("a") + location("a", "node1") + by_rule("a", "-INFINITY", named("node1").replace('"eq"', '"ne"'))),
    ("CON205", dummy("a", "b") + together_sets(resource_set("a", "b", score="x"), score="5")),
    ("CON304", group("g", dummy("a", "b")) + order("g", "b")),
    ("CON304", group("g", dummy("a", "b")) + group("h", dummy("c", "d")) + order_sets(resource_set("a", "x", "c")) + dummy("x")),
    ("CON212", dummy("a") + by_rule("a", "5", TWO) + by_rule("a", "5", TWO).replace('id="', 'id="2').replace("<rule", '<rule boolean-op="or"')),
    ("CON401", from_template("a", "b") + together("T", "T")),
    ("CON612", dummy("a", "b") + order_sets(resource_set("a", "b", sequential="false"), kind="Serialize")),
    ("CON612", dummy("a", "b") + order_sets(resource_set("a", "b", sequential="false", kind="Serialize"))),
    ("CON622", dummy("a") + PROMOTABLE + '<rsc_ticket id="x" ticket="x"><resource_set id="s" role="Promoted"><resource_ref id="P"/></resource_set>'
     '<resource_set id="t"><resource_ref id="a"/></resource_set></rsc_ticket>'),
    ("REF112", '<tag id="t"><obj_ref/></tag>'),
    ("CON601", dummy("a") + BAN_UNTIL.replace("rule-a", "cli-ban-a")),
    ("CON611", dummy("a", "b") + tag("t", "a", "b") + order_sets(resource_set("t"))),
    ("CON301", dummy("a", "b") + tag("t", "a", "b", "a") + order_sets(resource_set("t"))),
    ("CON403", dummy("a", "b") + tag("t", "a", "b", "a") + together_sets(resource_set("t"))),
    ("REF115", dummy("a", "b") + tag("t", "a", "t") + order("t", "b")),
    ("REF115", dummy("a", "b") + tag("t", "u", "v") + tag("u", "v") + tag("v", "a") + order_sets(resource_set("t", "b"))),
    ("CON622", PROMOTABLE + '<rsc_ticket id="x" ticket="x" rsc="P" rsc-role="Promoted"/>'),
    # A set has its own score and role instead of those of its location constraint.
    ("CON501", dummy("a") + "".join(by_set(n, "-INFINITY", score="100") for n in "123")),
    ("CON501", dummy("a") + "".join(by_set(n, "-INFINITY", role="Promoted") for n in "123")),
    ("CON501", dummy("a") + "".join(by_set(n, "-INFINITY").replace(" node=", ' role="Promoted" node=') for n in "123")),
    ("CON501", dummy("a") + "".join(location("a", f"node{n}", "-INFINITY") for n in "12") + UNSCORED),
    ("CON206", dummy("a") + by_set("1", "0", score="-INFINITY")),
    ("CON613", dummy("a") + by_set("1", "0", score="-INFINITY")),
    ("CON305", dummy("a", "b") + order_sets(resource_set("a", "b", score="0"))),
    ("CON304", UNORDERED_GROUP + order("a", "b")),
    ("CON406", LOOSE_GROUP + together("b", "a")),
    ("CON406", group("g", dummy("a", "b")) + together("b", "a").replace("score", 'influence="true" score')),
    ("CON211", dummy("a") + location("a", "node1", "5", role="Promoted") + location("a", "node1", "7", role="Stopped").replace("loc-", "x-")),
    ("CON204", dummy("a") + location("a", "node1", role="Stopped") + location("a", "node1", "-INFINITY", role="Stopped").replace("loc-", "x-")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fragments"), BAD)
def test_found(code: str, fragments: str) -> None:
    checked = check(fragments, select=[code])
    assert not checked.internal_errors
    assert set(checked.codes) == {code}


@pytest.mark.parametrize(("code", "fragments"), FINE)
def test_not_found(code: str, fragments: str) -> None:
    checked = check(fragments, select=[code])
    assert not checked.internal_errors
    assert checked.codes == []


@pytest.mark.parametrize("rule", ["CON111", "CON501", "RUL105"])
def test_without_nodes_it_is_not_evaluated(rule: str) -> None:
    nodes = "<nodes/>"
    checked = check(nodes + dummy("a") + location("a", "node9", "-INFINITY") + by_rule("a", "5", named("node8")), select=[rule])
    assert checked.codes == []
    assert [gap.section for gap in checked.not_evaluated] == ["nodes"]


SITES = (
    '<nodes><node id="1" uname="node1"><instance_attributes id="n1"><nvpair id="n1-s" name="site" value="A"/></instance_attributes>'
    '</node><node id="2" uname="node2"/></nodes>'
)
UNREADABLE = '<rsc_location id="p" rsc-pattern="(w|a){1}" node="node1" score="-INFINITY"/>'


def condition(attribute: str, operation: str, value: str = "") -> str:
    value = f' value="{value}"' if value else ""
    return f'<expression id="{attribute}-{operation}" attribute="{attribute}" operation="{operation}"{value}/>'


@pytest.mark.parametrize(
    ("code", "fragments", "subjects"),
    [
        ("CON501", dummy("a", "b") + by_rule("a", "-INFINITY", condition("pingd", "lt", "1")), ["a"]),
        ("CON501", group("g", dummy("a", "b")) + by_rule("g", "-INFINITY", condition("pingd", "not_defined")), ["g"]),
        ("CON501", group("g", dummy("a", "b")) + by_rule("b", "-INFINITY", condition("pingd", "not_defined")), ["b"]),
        ("CON501", clone("c", dummy("a")) + by_rule("c", "-INFINITY", condition("site", "ne", "A")), ["c"]),
        ("CON501", dummy("a") + "".join(location("a", f"node{n}", "-INFINITY").replace("/>", LIFETIME) for n in "123"), ["a"]),
        ("CON501", dummy("a") + UNREADABLE + location("a", "node2", "-INFINITY") + location("a", "node3", "-INFINITY"), ["a"]),
        ("CON501", OPT_IN + dummy("a") + by_rule("a", "5", condition("site", "eq", "A")), ["a"]),
        ("CON501", SITES + dummy("a") + by_rule("a", "-INFINITY", condition("site", "eq", "A")) + location("a", "node2", "-INFINITY"), ["a"]),
        (
            "CON502",
            group("g", dummy("a", "b")) + by_rule("a", "-INFINITY", condition("#uname", "eq", "node1"))
            + location("b", "node2", "-INFINITY") + by_rule("b", "-INFINITY", condition("#uname", "ne", "node2"), condition("pingd", "lt", "1")),
            ["g"],
        ),
        ("CON503", STANDBY + dummy("a") + by_rule("a", "-INFINITY", condition("pingd", "lt", "1")), ["a"]),
    ],
)  # fmt: skip
def test_what_a_rule_decides_about_nodes_is_not_evaluated(code: str, fragments: str, subjects: list[str]) -> None:
    checked = check(fragments, select=[code])
    assert checked.codes == []
    assert [gap.resource for gap in checked.not_evaluated] == subjects


@pytest.mark.parametrize(
    "fragments",
    [
        SITES + dummy("a") + by_rule("a", "-INFINITY", condition("site", "ne", "A")),
        SITES + dummy("a") + by_rule("a", "-INFINITY", condition("site", "not_defined")),
        dummy("a") + by_rule("a", "100", condition("pingd", "gt", "0")),
        dummy("a") + by_rule("a", "-INFINITY", named("node1"), condition("pingd", "lt", "1")),
        dummy("a", "b")
        + location("a", "node1", "-5")
        + location("a", "node2", "-5")
        + location("a", "node3", "-5")
        + together("a", "b"),
        OPT_IN + dummy("a") + location("a", "node1", "0") + by_rule("a", "5", condition("site", "eq", "A")),
    ],
)
def test_where_some_node_may_run_it_whatever_a_rule_says_nothing_is_open(fragments: str) -> None:
    checked = check(fragments, select=["CON501", "CON502", "CON503"])
    assert (checked.codes, checked.not_evaluated) == ([], [])


def test_tags_that_stand_for_more_than_can_be_looked_at_are_not_evaluated() -> None:
    names = [f"r{number}" for number in range(500)]
    fragments = dummy(*names) + tag("all", *names) + "".join(order(name, "all") for name in names)
    checked = check(fragments, select=["CON1", "CON3", "CON4", "REF1"])
    assert not checked.internal_errors
    assert "CON301" in {gap.code for gap in checked.not_evaluated}


def test_that_a_group_as_a_whole_may_run_says_nothing_of_its_members() -> None:
    parted = group("g", dummy("a", "b")) + location("g", "node1", "-INFINITY")
    parted += location("a", "node2", "-INFINITY") + location("b", "node3", "-INFINITY")
    assert check(parted, select=["CON501", "CON502"]).codes == ["CON502"]


def test_a_member_that_has_a_node_of_its_own_is_not_left_out_with_its_group() -> None:
    exclusive = 'resource-discovery="exclusive"/>'
    parts = group("g", dummy("a", "b")) + location("g", "node2", "-INFINITY").replace("/>", f" {exclusive}")
    assert check(parts, select=["CON501"]).codes == ["CON501"]
    assert "'a'" not in " ".join(
        finding.problem.message
        for finding in check(parts + location("a", "node3", "5").replace("/>", f" {exclusive}"), select=["CON501"]).findings
    )


def while_it_lasts(constraint: str) -> str:
    tag = constraint[1:].partition(" ")[0]
    return constraint.replace(
        "/>", f'><lifetime><rule id="until" score="0">{condition("#uname", "defined")}</rule></lifetime></{tag}>'
    )


APART = '<rsc_colocation id="apart" rsc="a" with-rsc="b" score="-INFINITY"/>'


@pytest.mark.parametrize(
    ("code", "fragments"),
    [
        ("CON301", order("a", "b") + while_it_lasts(order("b", "a"))),
        ("CON301", while_it_lasts(order("a", "b")) + while_it_lasts(order("b", "a")).replace("until", "until2")),
        ("CON402", together("a", "b") + while_it_lasts(APART)),
        ("CON402", while_it_lasts(together("a", "b")) + APART),
        ("CON403", together("a", "b") + while_it_lasts(together("b", "a"))),
    ],
)
def test_what_a_lifetime_decides_is_not_evaluated(code: str, fragments: str) -> None:
    checked = check(dummy("a", "b") + fragments, select=[code])
    assert checked.codes == []
    assert {gap.code for gap in checked.not_evaluated} == {code}


@pytest.mark.parametrize(
    ("code", "fragments"),
    [
        ("CON301", order("a", "b") + order("b", "a") + while_it_lasts(order("b", "c"))),
        ("CON402", together("a", "b") + APART + while_it_lasts(together("b", "c"))),
        ("CON403", together("a", "b") + together("b", "a") + while_it_lasts(together("b", "c"))),
    ],
)
def test_a_lifetime_beside_a_ring_takes_nothing_from_it(code: str, fragments: str) -> None:
    checked = check(dummy("a", "b", "c") + fragments, select=[code])
    assert (checked.codes, checked.not_evaluated) == ([code], [])


@pytest.mark.parametrize("rule", ["REF101", "CON101", "CON301", "CON402"])
def test_constraints_alone_say_nothing_of_resources(rule: str) -> None:
    checked = check(f"<constraints>{order('a', 'b')}{order('b', 'a')}{together('a', 'b')}</constraints>".encode(), select=[rule])
    assert checked.codes == []
    assert [gap.section for gap in checked.not_evaluated] == ["resources"]


@pytest.mark.parametrize(
    ("fragments", "severity"),
    [
        (order("a", "b") + order("b", "a"), ERROR),
        (order("a", "b", kind="Serialize") + order("b", "a", kind="Serialize"), WARNING),
        (order("a", "b").replace('"a"', '"off"') + order("b", "off"), WARNING),
        # Of starts and stops: only where all are to be done at once.
        (
            order("a", "b", first_action="start", then_action="stop") + order("b", "a", first_action="stop", then_action="start"),
            WARNING,
        ),
    ],
)
def test_how_bad_a_ring_of_orders_is(fragments: str, severity: int) -> None:
    off = dummy("off").replace("/>", f">{STOPPED}</primitive>")
    (found,) = check(dummy("a", "b") + off + fragments, select=["CON301"]).findings
    assert found.severity == severity


@pytest.mark.parametrize(
    ("fragments", "is_safe"),
    [("", True), (location("t", "node1"), False), (tag("u", "t") + order_sets(resource_set("u", "b")), False)],
)
def test_a_tag_that_lists_itself_is_mended_safely_where_no_constraint_wakes_up(fragments: str, is_safe: bool) -> None:
    (found,) = check(dummy("a", "b") + tag("t", "t", "a") + fragments, select=["REF113"]).findings
    assert found.problem.fix
    assert found.problem.fix.is_safe is is_safe


@pytest.mark.parametrize(("members", "severity"), [(("a", "t"), ERROR), (("nothing", "t"), WARNING)])
def test_a_ring_of_tags_is_sure_where_every_name_stands_for_something(members: tuple[str, ...], severity: int) -> None:
    (found,) = check(dummy("a") + tag("t", *members) + order_sets(resource_set("a", "t")), select=["REF115"]).findings
    assert found.severity == severity


def test_a_member_that_is_allowed_for_itself_starts_and_the_others_do_not() -> None:
    (found,) = check(OPT_IN + group("g", dummy("a", "b")) + location("a", "node1"), select=["CON501"]).findings
    assert "primitive 'b'" in found.problem.message


def test_a_long_ring_is_named_in_part_and_shown_with_its_places() -> None:
    names = [f"r{number}" for number in range(20)]
    orders = "".join(order(one, other) for one, other in zip(names, [*names[1:], names[0]], strict=True))
    (found,) = check(dummy(*names) + orders, select=["CON301"]).findings
    assert "…" in found.problem.message
    assert len(found.problem.related) == 8
    assert sorted(found.problem.affects) == sorted(names)


@pytest.mark.parametrize(
    ("fragments", "code"),
    [
        (order_sets(resource_set("a", "b", "a")), "CON303"),
        (together_sets(resource_set("a", "b", "a")), "CON401"),
        (order("a", "a"), "CON302"),
    ],
)
def test_a_resource_that_stands_twice_is_one_finding(fragments: str, code: str) -> None:
    assert check(dummy("a", "b") + fragments, select=["CON"]).codes == [code]


def test_rules_that_refer_to_each_other_in_a_ring_are_left_open() -> None:
    ring = '<rsc_location id="l" rsc="a"><rule id="r" score="-INFINITY"><rule id-ref="r"/></rule></rsc_location>'
    checked = check(dummy("a") + ring, select=["CON5", "CON204"])
    assert checked.codes == []
    assert not checked.internal_errors


def test_a_guest_in_place_of_a_resource_is_one_finding() -> None:
    checked = check(guest("vm", "g1") + dummy("a") + order("g1", "a"), select=["REF", "REM3"])
    assert checked.codes == ["REM310"]


def test_the_prefixes_of_leftovers_are_an_option() -> None:
    fragments = dummy("a") + location("a", "node1").replace("loc-a-node1", "tmp-a")
    assert check(fragments, select=["CON601"]).codes == []
    assert check(fragments, select=["CON601"], options={"CON601": {"prefixes": ("tmp-",)}}).codes == ["CON601"]


@pytest.mark.parametrize(
    "fragments",
    ['<tag id="t"><obj_ref/></tag>', order_sets('<resource_set id="s"><resource_ref/><resource_ref id="a"/></resource_set>')],
)
def test_a_member_without_an_id_is_given_none(fragments: str) -> None:
    (found,) = check(dummy("a") + fragments, select=["SCH112"]).findings
    assert found.problem.fix is None
    assert "write the id of" in (found.problem.help or "")


OFF = dummy("off").replace("/>", f">{STOPPED}</primitive>")
IN_RULE = by_rule("a", "-INFINITY", named("node1")).replace("<rsc_location", '<rsc_location role="Promoted"')
PROMOTE = location("P", "node1", role="Promoted")
PAIR = order_sets(resource_set("a", "b"))
LOST, ABORTS, WAITS = "bans and prefers nothing", "the scheduler aborts", "waits for itself"


@pytest.mark.parametrize(
    ("code", "fragments", "severity", "consequence"),
    [
        # What stands before a name that stands for nothing may count.
        ("REF101", location("a", "node1") + location("loc-a-node1", "node2"), ERROR, "ignores the location constraint"),
        ("REF101", location("a", "node1") + together_sets(resource_set("b", "loc-a-node1")), ERROR, "ignores the colocation from there on"),
        ("REF101", location("a", "node1") + order_sets(resource_set("b", "loc-a-node1")), ERROR, "ignores the order"),
        (
            "REF101",
            location("a", "node1") + order_sets(resource_set("b"), resource_set("loc-a-node1")),
            ERROR,
            "ignores the order from that set on",
        ),
        ("CON101", clone("c", dummy("i")) + tag("t", "a", "i") + location("t", "node1"), ERROR, "location constraint from there on"),
        # A role of the constraint beside a rule.
        ("CON102", location("a", "node1", role="Promoted"), ERROR, LOST),
        ("CON102", IN_RULE, WARNING, "bans and prefers as for all"),
        ("CON105", IN_RULE.replace("Promoted", "Stopped"), WARNING, "bans and prefers as for all"),
        # Only a mandatory start or stop waits for a promotion.
        ("CON103", order("a", "b", first_action="promote", then_action="start"), ERROR, "what waits for that never happens"),
        ("CON103", order("a", "b", first_action="promote", then_action="start", kind="Optional"), ERROR, "nothing waits for that"),
        ("CON103", order("a", "b", first_action="demote", then_action="stop"), ERROR, "nothing waits for that"),
        ("CON103", order_sets(resource_set("a", action="start"), resource_set("b", action="promote")), ERROR, "nothing waits for that"),
        ("CON201", by_rule("a", "5", named("node1")).replace(' score="5"', ""), ERROR, "it does nothing: "),
        ("CON204", PROMOTABLE + PROMOTE + PROMOTE.replace("loc-", "x-").replace("INF", "-INF"), WARNING, "is never promoted there"),
        ("CON214", order("a", "b") + order("a", "b", symmetrical="false").replace("order-", "x-"), WARNING, "both count"),
        ("CON215", PAIR + PAIR.replace('id="', 'id="x-', 2), WARNING, "one of them adds nothing"),
        ("CON301", order("a", "off") + order("off", "a"), WARNING, "when all are to be done at once, none"),
        ("CON302", order("off", "off"), ERROR, "aborts at this constraint when 'off' is to start"),
        # Between two sets there is nothing, unless they say that they are sequential.
        ("CON303", order_sets(resource_set("a", "b"), resource_set("c", "a")), ERROR, ABORTS),
        ("CON303", order_sets(*(resource_set(*names, sequential="true") for names in ("ab", "ca"))), ERROR, WAITS),
        ("CON303", order_sets(*(resource_set(*names, sequential="true") for names in ("ba", "ac"))), ERROR, ABORTS),
        ("CON303", order_sets(resource_set("a", "b", sequential="false", **{"require-all": "false"}), resource_set("a")), ERROR, WAITS),
        ("CON303", order_sets(resource_set("a", "b", "a", sequential="false"), kind="Serialize"), ERROR, ABORTS),
        ("CON303", order_sets(resource_set("a", "b", "a", sequential="false"), resource_set("c")), WARNING, "adds nothing"),
        ("CON303", order_sets(resource_set("a", "a", action="stop"), symmetrical="false"), ERROR, "aborts at this constraint when"),
        ("CON303", order_sets(resource_set("a", "b", "a", action="stop"), symmetrical="false"), ERROR, "is stopped"),
        ("CON303", order_sets(resource_set("a", "b", "a", action="promote")), WARNING, "adds nothing"),
        ("CON303", order_sets(resource_set("a", "a", action="demote")), WARNING, "may abort"),
        # The order of a group keeps its members from running without the one that they must be with.
        ("CON403", group("g", dummy("x", "y")) + together("x", "y"), INFO, "none of them does"),
        ("CON403", together("a", "b") + together("b", "a"), WARNING, "does not count"),
        ("CON601", location("a", "node1").replace("loc-", "cli-prefer-"), WARNING, "goes to the node"),
        ("CON601", by_rule("a", "-INFINITY", named("node1")).replace("rule-a", "cli-standby-a"), WARNING, "cannot run on the node"),
        ("CON601", PROMOTABLE + location("P", "node1", "-INFINITY", role="Promoted").replace("loc-", "cli-ban-"), WARNING, "cannot be promoted"),
    ],
)  # fmt: skip
def test_what_follows(code: str, fragments: str, severity: int, consequence: str) -> None:
    found, *_ = check(dummy("a", "b", "c") + OFF + fragments, select=[code]).findings
    assert found.severity == severity
    assert consequence in (found.problem.consequence or "")


def test_what_a_name_stands_right_behind_need_not_be_the_first_one() -> None:
    sets = resource_set("a"), resource_set("b", "a", sequential="true"), resource_set("a", sequential="false")
    found = check(dummy("a", "b") + order_sets(*sets).replace("set-a", "first", 1), select=["CON303"]).findings
    assert [ABORTS in (one.problem.consequence or "") for one in found] == [False, True]


def test_a_set_without_score_is_named_itself() -> None:
    (found,) = check(dummy("a", "b") + together_sets(resource_set("a", "b", score="0")), select=["CON205"]).findings
    assert found.problem.message == "the only set of colocation 'col-sets' has the score 0"


@pytest.mark.parametrize(("score", "is_safe"), [("INFINITY", True), ("100", False)])
def test_a_colocation_that_adds_up_is_not_safely_removed(score: str, is_safe: bool) -> None:
    twice = together("a", "b", score) + together("a", "b", score).replace('id="', 'id="x')
    (found,) = check(dummy("a", "b") + twice, select=["CON213"]).findings
    assert found.problem.fix
    assert found.problem.fix.is_safe is is_safe
