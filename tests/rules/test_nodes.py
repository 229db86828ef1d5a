"""Indirect forms of what the rules about nodes find, and what only looks like it."""

from __future__ import annotations

import pytest

from cibcheck.api import ERROR, WARNING
from cibcheck.testing import check
from rules.forms import option, remote


def utilization(owner: str, **amounts: str) -> str:
    pairs = "".join(f'<nvpair id="{owner}-{name}" name="{name}" value="{value}"/>' for name, value in amounts.items())
    return f'<utilization id="{owner}-u">{pairs}</utilization>'


def nodes(*inside: str) -> str:
    entries = "".join(f'<node id="{at}" uname="node{at}">{one}</node>' for at, one in enumerate(inside, 1))
    return f"<nodes>{entries}</nodes>"


def user(*parts: str) -> str:
    return f'<primitive id="a" class="ocf" provider="pacemaker" type="Dummy">{"".join(parts)}</primitive>'


def codes(fragments: str, *select: str) -> list[str]:
    checked = check(fragments, select=select)
    assert not checked.internal_errors
    return checked.codes


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ('<node id="9" uname="NODE1"/>', ["NOD201"]),
        ('<node id="1" uname="other"/>', ["NOD202"]),
        ('<node id="1" uname="node1"/>', ["NOD201"]),
        ('<node id="9" uname=""/>', ["NOD203"]),
        ('<node id="" uname="other"/>', ["NOD203"]),
        ('<node id="r1" uname="r1" type="remote"/>' + remote("r1"), []),
        ('<node id="r1" uname="r1" type="remote"/><node id="R1" uname="R1" type="remote"/>' + remote("r1"), ["NOD201"]),
        ('<node id="9" uname="R1"/><node id="r1" uname="r1" type="remote"/>' + remote("r1"), []),
        ('<node id="node4" uname="other"/>', []),
    ],
)
def test_node_entries(entries: str, found: list[str]) -> None:
    assert codes(entries, "NOD2") == found


@pytest.mark.parametrize(
    ("fragments", "severity", "consequence"),
    [
        ('<node id="9" uname="NODE1"/>', ERROR, "the node of that name is fenced"),
        ('<node id="9" uname="NODE1"/>' + option("startup-fencing", "no"), WARNING, "one of them never comes up"),
        ('<node id="9" uname="NODE1"/>' + option("stonith-enabled", "false"), WARNING, "one of them never comes up"),
        ('<node id="1" uname="other"/>', ERROR, "a healthy node is fenced when the cluster starts"),
        ('<node id="1" uname="other"/>' + option("stonith-enabled", "false"), ERROR, "the state of one may count for the other"),
        ('<node id="9" uname=""/>', ERROR, "the cluster does nothing any more"),
        ('<node id="" uname="other"/>', WARNING, "knows the node by its name only"),
    ],
)
def test_what_follows(fragments: str, severity: int, consequence: str) -> None:
    (found,) = check(fragments, select=["NOD2"]).findings
    assert found.severity == severity
    assert (found.problem.consequence or "").endswith(consequence)


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (nodes(utilization("n", cpu="4")) + user(utilization("a", cpu="4")), []),
        (nodes(utilization("n", cpu="4"), utilization("m", cpu="8")) + user(utilization("a", cpu="5")), []),
        (nodes(utilization("n", cpu="4")) + user(utilization("a", cpu="5")), ["error"]),
        (nodes(utilization("n", cpu="4")) + user(utilization("a", ram="5")), ["warning"]),
        (nodes(utilization("n", cpu="4")) + user(utilization("a", ram="0")), []),
        (
            nodes(utilization("n", cpu="4"))
            + f'<template id="t" class="ocf" provider="pacemaker" type="Dummy">{utilization("t", cpu="8")}</template>'
            + f'<primitive id="a" template="t">{utilization("a", cpu="2")}</primitive>',
            [],
        ),
        # In bytes: Pacemaker counts both as 2147483647.
        (nodes(utilization("n", ram="5000000000")) + user(utilization("a", ram="6000000000")), []),
        (
            nodes(utilization("n", cpu="4")) + user(utilization("a", cpu="5"))
            + '<primitive id="n" class="ocf" provider="heartbeat" type="NodeUtilization"/>',
            [],
        ),
        (
            nodes(utilization("n", cpu="4")) + '<primitive id="a" template="t"/><template id="t" class="ocf" provider="pacemaker" '
            f'type="Dummy">{utilization("t", cpu="5")}</template>',
            ["error"],
        ),
    ],
)  # fmt: skip
def test_what_no_node_can_hold(fragments: str, found: list[str]) -> None:
    for strategy, expected in (("balanced", found), ("default", [])):
        findings = check(fragments + option("placement-strategy", strategy), select=["NOD401"]).findings
        assert [finding.severity.word for finding in findings] == expected
