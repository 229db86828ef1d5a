"""Indirect forms of what the rules about operations find, and what only looks like it."""

from __future__ import annotations

import pytest

from cibcheck.testing import check
from rules.forms import bundle, clone, dummy, fence, group, option, remote


def op(name: str, interval: str = "0", rsc: str = "a", **more: str) -> str:
    rest = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in more.items())
    return f'<op id="{rsc}-{name}-{interval}{"".join(more.values())}" name="{name}" interval="{interval}"{rest}/>'


def resource(*ops: str, name: str = "a", meta: str = "", tag: str = "primitive") -> str:
    pairs = f'<meta_attributes id="{name}-m">{meta}</meta_attributes>' if meta else ""
    return f'<{tag} id="{name}" class="ocf" provider="pacemaker" type="Stateful">{pairs}<operations>{"".join(ops)}</operations></{tag}>'


def pair(name: str, value: str) -> str:
    return f'<nvpair id="pair-{name}" name="{name}" value="{value}"/>'


def promotable(inner: str) -> str:
    return f'<clone id="c"><meta_attributes id="c-m">{pair("promotable", "true")}</meta_attributes>{inner}</clone>'


def codes(fragments: str, *select: str) -> list[str]:
    checked = check(fragments, select=select or ["OPS"])
    assert not checked.internal_errors
    return checked.codes


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (op("monitor", "10"), ["OPS101"]),
        (op("monitor", "10000ms"), ["OPS101"]),
        (op("monitor", "PT10S"), ["OPS101"]),
        (op("monitor", "10s", role="Started"), ["OPS101"]),
        (op("monitor", "10s", role="Stopped"), ["OPS102"]),
        (op("monitor", "10s", role="Promoted"), ["OPS102"]),
        (op("monitor", "11s"), []),
        (op("check", "10s"), []),
        (op("monitor", "nonsense"), []),
    ],
)
def test_operations_are_told_apart_by_name_and_duration(other: str, found: list[str]) -> None:
    for outer in (str, lambda inner: group("g", inner), lambda inner: clone("k", inner)):
        assert codes(outer(resource(op("monitor", "10s"), other)), "OPS101", "OPS102") == found


def test_operations_of_another_resource_count_once_for_each() -> None:
    shared = (
        '<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"><operations id="ops">'
        '<op id="m1" name="monitor" interval="10s"/><op id="m2" name="monitor" interval="«10»"/></operations></primitive>'
        '<primitive id="b" class="ocf" provider="pacemaker" type="Dummy"><operations id-ref="ops"/></primitive>'
    )
    checked = check(shared, select=["OPS101"])
    assert checked.spans == checked.expected
    assert checked.findings[0].problem.affects == ("a", "b")
    assert [finding.problem.fix for finding in checked.findings] == [None]


def test_a_template_used_twice_is_one_finding() -> None:
    template = resource(
        op("monitor", "10s", rsc="t", role="Promoted"), op("monitor", "10s", rsc="t", role="Unpromoted"), name="t", tag="template"
    )
    checked = check(template + '<primitive id="a" template="t"/><primitive id="b" template="t"/>', select=["OPS102"])
    assert [finding.problem.affects for finding in checked.findings] == [("a", "b")]


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (resource(op("monitor", "10s", role="Promoted")), ["OPS105"]),
        (promotable(resource(op("monitor", "10s", role="Promoted"))), []),
        (promotable(resource(op("monitor", "10s", role="Master"))), []),
        (promotable(group("g", resource(op("monitor", "10s", role="Unpromoted")))), []),
        (promotable(resource(op("monitor", "10s", role="Started"))), ["OPS105"]),
        (f'<master id="c">{resource(op("monitor", "10s", role="Slave"))}</master>', []),
        (bundle("b", resource(op("monitor", "10s", role="Promoted"))), ["OPS105"]),
        (resource(op("monitor", "10s", role="Stopped")), []),
        (resource(op("monitor", "0", role="Promoted")), []),
    ],
)
def test_roles_depend_on_what_holds_the_resource(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "OPS105") == found


def test_promotion_by_a_rule_leaves_the_roles_open() -> None:
    guarded = (
        '<clone id="c"><meta_attributes id="m"><rule id="r" score="INFINITY"><date_expression id="d" operation="gt" start="2040-01-01"/>'
        f"</rule>{pair('promotable', 'true')}</meta_attributes>{resource(op('monitor', '10s', role='Promoted'))}</clone>"
    )
    assert codes(guarded, "OPS105", "OPS403") == []


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (resource(op("stop", on_fail="standby")), ["OPS201"]),
        (resource(op("stop", on_fail="fence")), []),
        (resource(op("start", on_fail="standby")), []),
        (resource(op("stop", on_fail="demote")), ["OPS201"]),
        (resource(op("start", on_fail="demote")), ["OPS202"]),
        (resource(op("promote", on_fail="demote")), []),
        (resource(op("monitor", "0", on_fail="demote", role="Promoted")), ["OPS202"]),
        (
            resource(
                f'<op id="s" name="stop" interval="0"><meta_attributes id="s-m">{pair("on-fail", "stop")}</meta_attributes></op>'
            ),
            ["OPS201"],
        ),
        (
            resource(op("stop"), op("monitor", "10s"))
            + f'<op_defaults><meta_attributes id="d">{pair("on-fail", "standby")}</meta_attributes></op_defaults>',
            ["OPS201"],
        ),
        (
            resource(op("stop", on_fail="block"), op("monitor", "10s"))
            + f'<op_defaults><meta_attributes id="d">{pair("on-fail", "stop")}</meta_attributes></op_defaults>',
            [],
        ),
        (
            resource(op("monitor", "10s"))
            + f'<op_defaults><meta_attributes id="d">{pair("on-fail", "demote")}</meta_attributes></op_defaults>',
            ["OPS202"],
        ),
        (
            resource(op("monitor", "10s"))
            + '<op_defaults><meta_attributes id="d"><rule id="r" score="0"><op_expression id="o" name="monitor"/></rule>'
            f"{pair('on-fail', 'standby')}</meta_attributes></op_defaults>",
            [],
        ),
    ],
)
def test_on_fail_depends_on_the_operation(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "OPS201", "OPS202") == found


IGNORED = f'<op_defaults><meta_attributes id="d">{pair("on-fail", "ignore")}</meta_attributes></op_defaults>'


@pytest.mark.parametrize(
    ("fragments", "affected"),
    [
        (resource(op("monitor", "10s")) + IGNORED, [["a"]]),
        (resource(op("stop"), op("monitor", "10s")) + IGNORED, [["a"]]),
        (resource(op("stop", on_fail="fence")) + IGNORED, []),
        (resource(op("stop", on_fail="fence")) + resource(op("stop", rsc="b"), name="b") + IGNORED, [["b"]]),
        (resource(op("stop", on_fail="ignore")) + IGNORED, [["a"]]),
        (resource(op("monitor", "10s", on_fail="ignore")), []),
        (IGNORED, []),
    ],
)
def test_the_failure_of_a_stop_is_ignored_by_default(fragments: str, affected: list[list[str]]) -> None:
    assert [list(finding.problem.affects) for finding in check(fragments, select=["OPS206"]).findings] == affected


def test_what_the_schema_forbids_is_said_by_its_rule() -> None:
    both = {"interval_origin": "2026-01-01", "start_delay": "5s"}
    assert codes(resource(op("monitor", "1h", **both)), "OPS107", "SCH115") == ["SCH115"]


def deep(interval: str, level: str) -> str:
    inner = f'<instance_attributes id="deep{interval}"><nvpair id="deep{interval}-p" name="OCF_CHECK_LEVEL" value="{level}"/></instance_attributes>'
    return op("monitor", interval).replace("/>", f">{inner}</op>")


@pytest.mark.parametrize(
    ("ops", "found"),
    [
        ([op("monitor", "10s"), op("monitor", "60s", role="Started")], ["OPS108"]),
        ([op("monitor", "10s"), deep("60s", "0")], ["OPS108"]),
        ([op("monitor", "10s"), deep("60s", "20")], []),
        ([op("monitor", "10s"), op("monitor", "60s", enabled="false")], []),
        ([op("monitor", "10s"), op("monitor", "60s", role="Stopped")], []),
        ([op("monitor", "10s"), op("monitor", "0")], []),
        # What the metadata of galera and redis advise.
        ([op("monitor", "20s"), op("monitor", "10s", role="Promoted"), op("monitor", "30s", role="Unpromoted")], []),
        # These have a rule of their own.
        ([op("monitor", "10s"), op("monitor", "10000ms")], []),
    ],
)
def test_monitors_differ_in_what_they_look_at(ops: list[str], found: list[str]) -> None:
    assert codes(resource(*ops), "OPS108") == found


BLOCK = pair("on-fail", "block")
EXPIRES = pair("failure-timeout", "60s")


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (resource(op("monitor", "10s", on_fail="block"), meta=EXPIRES), ["OPS205"]),
        (resource(op("monitor", "10s", on_fail="block"), meta=pair("failure-timeout", "0")), []),
        (
            resource(op("monitor", "10s", rsc="t", on_fail="block"), meta=EXPIRES, name="t", tag="template")
            + '<primitive id="a" template="t"/>',
            ["OPS205"],
        ),
        # Tried with crm_simulate: these failures expire.
        (
            resource(
                f'<op id="m" name="monitor" interval="10s"><meta_attributes id="m-m">{BLOCK}</meta_attributes></op>', meta=EXPIRES
            ),
            [],
        ),
        (
            resource(op("monitor", "10s"), meta=EXPIRES)
            + f'<op_defaults><meta_attributes id="d">{BLOCK}</meta_attributes></op_defaults>',
            [],
        ),
        (
            resource(op("monitor", "10s", on_fail="block")).replace("<operations>", '<operations id="ops">')
            + resource(name="b", meta=EXPIRES).replace("<operations>", '<operations id-ref="ops">'),
            [],
        ),
    ],
)
def test_a_failure_that_blocks_expires_where_pacemaker_does_not_see_that(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "OPS205") == found


@pytest.mark.parametrize(("enabled", "found"), [("false", ["OPS203"]), ("true", [])])
def test_on_fail_fence_needs_fencing(enabled: str, found: list[str]) -> None:
    assert codes(resource(op("monitor", "10s", on_fail="fence")) + option("stonith-enabled", enabled), "OPS203") == found


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (dummy("a"), ["OPS401"]),
        ('<primitive id="a" class="ocf" provider="suse" type="SAPStartSrv"/>', []),
        (clone("k", group("g", dummy("a", "b"))), ["OPS401", "OPS401"]),
        (bundle("k", dummy("a")), ["OPS401"]),
        (resource(op("monitor", "10s")), []),
        (resource(op("monitor", "10s", enabled="false")), ["OPS401"]),
        (resource(op("monitor", "10s", enabled="false"), op("monitor", "20s")), []),
        (resource(op("monitor", "10s", role="Stopped")), ["OPS401"]),
        (resource(op("monitor", "0")), ["OPS401"]),
        (resource(meta=pair("target-role", "Stopped")), []),
        (resource(meta=pair("is-managed", "false")), []),
        (remote("r1"), []),
        (resource(op("monitor", "soon")), []),
        (resource(op("monitor", "0.5s")), ["OPS401"]),
        ('<primitive id="a" template="nowhere"/>', []),
        (dummy("b").replace("/>", ">") + '<operations id-ref="nowhere"/></primitive>', []),
        (fence("f"), ["OPS402"]),
        (resource(op("monitor", "10s", rsc="t"), name="t", tag="template") + '<primitive id="a" template="t"/>', []),
    ],
)
def test_what_runs_must_be_monitored(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "OPS401", "OPS402") == found


@pytest.mark.parametrize(
    ("ops", "keys"),
    [
        ([op("monitor", "10s")], ["promoted"]),
        ([op("monitor", "10s", role="Promoted")], ["unpromoted"]),
        ([op("monitor", "10s", role="Promoted"), op("monitor", "11s")], []),
        ([op("monitor", "10s", role="Master"), op("monitor", "11s", role="Slave")], []),
        ([op("monitor", "10s", role="Promoted", enabled="false"), op("monitor", "11s")], ["promoted"]),
        ([], []),
    ],
)
def test_each_role_of_a_promotable_clone_must_be_monitored(ops: list[str], keys: list[str]) -> None:
    findings = check(promotable(resource(*ops)), select=["OPS403"]).findings
    assert [finding.problem.key for finding in findings] == keys


@pytest.mark.parametrize(
    ("ops", "has_fix"),
    [
        ([op("monitor", "10s", timeout="5s"), op("monitor", "10", timeout="5s")], True),
        ([op("monitor", "10s", timeout="5s"), op("monitor", "10", timeout="6s")], False),
        ([op("start", "10s")], True),
        ([op("start", "10s"), op("start", "0")], False),
    ],
)
def test_what_was_meant_without_doubt_has_a_fix_which_is_not_safe_as_another_operation_counts_then(
    ops: list[str], has_fix: bool
) -> None:
    (finding,) = check(resource(*ops), select=["OPS101", "OPS104"]).findings
    assert (finding.problem.fix is not None) == has_fix
    assert finding.problem.fix is None or not finding.problem.fix.is_safe


TWINS = op("monitor", "10s"), op("monitor", "10", role="Started")


@pytest.mark.parametrize(
    ("code", "ops", "consequence"),
    [
        ("OPS101", TWINS, "schedules neither: the resource is not monitored"),
        ("OPS101", (*TWINS, op("monitor", "20s")), "schedules neither"),
        ("OPS102", (op("monitor", "10s"), op("monitor", "10", role="Stopped")), "neither: the resource is not monitored"),
        ("OPS102", (op("monitor", "10s"), op("monitor", "10", role="Stopped"), op("monitor", "20s")), "schedules neither"),
        ("OPS104", (op("start", "30s"),), "has the default timeout and on-fail"),
        ("OPS104", (op("start", "30s"), op("start", timeout="40s")), "the one without an interval counts"),
    ],
)
def test_what_follows(code: str, ops: tuple[str, ...], consequence: str) -> None:
    (found,) = check(resource(*ops), select=[code]).findings
    assert (found.problem.consequence or "").endswith(consequence)
