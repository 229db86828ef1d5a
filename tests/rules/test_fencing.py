"""Indirect forms of what the rules about fencing find, and what only looks like it."""

from __future__ import annotations

import pytest

from cibcheck.testing import check
from rules.forms import bundle, clone, dummy, fence, group, guest, option, remote

NODES = '<nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>'


def level(target: str, devices: str, index: str = "1", name: str = "level") -> str:
    return f'<fencing-level id="{name}" target="{target}" index="{index}" devices="{devices}"/>'


def codes(fragments: str, *select: str) -> list[str]:
    checked = check(fragments, select=select or ["FEN"])
    assert not checked.internal_errors
    return checked.codes


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        pytest.param(f"<resources>{dummy('a')}</resources>", ["error"], id="no device"),
        pytest.param("<resources/>", ["warning"], id="nothing to start"),
        pytest.param(f"<resources>{dummy('a')}</resources>{option('stonith-enabled', 'false')}", [], id="off"),
        pytest.param(f"<resources>{dummy('a')}</resources>{option('fencing-enabled', 'false')}", [], id="off by the new name"),
        pytest.param(f"<resources>{dummy('a')}</resources>{option('have-watchdog', 'true')}", [], id="a watchdog"),
        pytest.param(f"<resources>{dummy('a')}{fence('f')}</resources>", [], id="a device"),
        pytest.param(f"<resources>{clone('c', fence('f'))}</resources>", [], id="a device in a clone"),
    ],
)
def test_whether_there_is_a_device(fragments: str, found: list[str]) -> None:
    assert [finding.severity.word for finding in check(fragments, select=["FEN101"]).findings] == found


def test_a_file_without_resources_or_options_is_not_judged() -> None:
    for text in ('<resources><primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/></resources>',):
        checked = check(text.encode(), select=["FEN101"])
        assert (checked.codes, len(checked.not_evaluated)) == ([], 1)


def test_that_fencing_is_off_is_said_once_where_there_are_remote_nodes() -> None:
    assert check(remote("r1") + option("stonith-enabled", "false"), select=["FEN102", "REM613"]).codes == ["REM613"]


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        ("node1,node2", []),
        ("NODE1; node2", []),
        ("node1", ["FEN104"]),
        ("node1 node2.example.com", ["FEN104"]),
    ],
)
def test_each_cluster_node_must_be_on_a_list(hosts: str, found: list[str]) -> None:
    assert codes(NODES + fence("f", pcmk_host_list=hosts), "FEN104") == found


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(fence("g"), id="a device that is asked"),
        pytest.param(option("stonith-watchdog-timeout", "10s"), id="a watchdog"),
        pytest.param(fence("g", pcmk_host_check="none"), id="a device for all"),
        pytest.param('<fencing-level id="l" target-pattern="." index="1" devices="f"/>', id="a pattern in the topology"),
    ],
)
def test_a_node_that_may_be_covered_is_not_reported(other: str) -> None:
    assert codes(NODES + fence("f", pcmk_host_list="node1") + other, "FEN104") == []


def test_the_host_of_a_guest_is_reported_once() -> None:
    parts = NODES + guest("vm", "g1") + fence("f", pcmk_host_list="node1")
    assert check(parts, select=["FEN104", "REM508"]).codes == ["REM508"]


@pytest.mark.parametrize(
    ("hosts", "parts", "found"),
    [
        ("node1 nod2", "", ["FEN105"]),
        ("node1 R1", remote("r1"), []),
        ("node1 g1", guest("vm", "g1"), []),
        ("node1 b-1", bundle("b", dummy("a")), []),
        ("node1 r1", group("g", remote("r1")), []),
    ],
)
def test_names_of_all_kinds_of_nodes_are_known(hosts: str, parts: str, found: list[str]) -> None:
    assert codes(parts + fence("f", pcmk_host_list=hosts), "FEN105") == found


def test_a_list_in_a_template_is_one_finding_for_all_devices() -> None:
    template = (
        '<template id="t" class="stonith" type="fence_ipmilan"><instance_attributes id="t-i">'
        '<nvpair id="t-l" name="pcmk_host_list" value="«nodeX»"/></instance_attributes></template>'
    )
    checked = check(template + '<primitive id="f1" template="t"/><primitive id="f2" template="t"/>', select=["FEN105"])
    assert checked.spans == checked.expected
    assert checked.findings[0].problem.affects == ("f1", "f2")


@pytest.mark.parametrize(
    ("devices", "found"),
    [
        ("f", []),
        ("f,g", []),
        ("watchdog", []),
        ("F", ["FEN201"]),
        ("a", ["FEN201"]),
        ("f,nothing", ["FEN201"]),
    ],
)
def test_devices_of_a_level_are_known_also_through_templates(devices: str, found: list[str]) -> None:
    parts = dummy("a") + fence("f") + '<template id="t" class="stonith" type="fence_sbd"/><primitive id="g" template="t"/>'
    assert codes(parts + level("node1", devices), "FEN201") == found


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ('target="node1"', []),
        ('target="r1"', []),
        ('target="node9"', ["FEN203"]),
        ('target-pattern="node[12]"', []),
        ('target-pattern="^remote"', ["FEN203"]),
        ('target-pattern="r1"', []),
        ('target-pattern="(x|y)"', ["FEN203"]),
        ('target-pattern="(x|r1)"', []),
        ('target-pattern="(x|y){1}"', []),
        ('target-pattern="!node"', []),
    ],
)
def test_targets_of_levels_are_nodes_or_patterns_that_cannot_be_told(attributes: str, found: list[str]) -> None:
    parts = f'{remote("r1")}{fence("f")}<fencing-level id="l" {attributes} index="1" devices="f"/>'
    assert codes(parts, "FEN203") == found


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (level("node1", "f", "1", "a"), level("node1", "g", "2", "b"), []),
        (level("node1", "f", "1", "a"), level("node2", "g", "1", "b"), []),
        (level("node1", "f", "1", "a"), level("NODE1", "g", "1", "b"), ["FEN205"]),
        (level("node1", "f", "1", "a"), '<fencing-level id="b" target-pattern="node1" index="1" devices="g"/>', []),
    ],
)
def test_levels_are_told_apart_by_target_and_index(first: str, second: str, found: list[str]) -> None:
    assert codes(fence("f") + fence("g") + first + second, "FEN205") == found


def test_a_level_that_adds_nothing_can_be_taken_out() -> None:
    fixes = [
        finding.problem.fix
        for devices in ("f", "g")
        for finding in check(fence("f") + fence("g") + level("node1", "f", name="a") + level("node1", devices, name="b")).findings
        if finding.code == "FEN205"
    ]
    assert [bool(fix) for fix in fixes] == [True, False]


@pytest.mark.parametrize(
    ("delay", "found"),
    [
        ("", ["FEN401"]),
        (fence("f", pcmk_delay_max="0"), ["FEN401"]),
        (fence("f", pcmk_delay_max="10"), []),
        (fence("f", pcmk_delay_base="node1:0s;node2:5s"), []),
        (fence("f", delay="5"), []),
        (fence("f") + option("priority-fencing-delay", "15s"), []),
        ('<primitive id="f" class="stonith" type="fence_scsi"/>', []),
        (option("stonith-enabled", "false"), []),
        (fence("f", pcmk_host_list="node1"), []),
        (fence("f", pcmk_host_list="node1") + fence("g", pcmk_host_list="node2"), ["FEN401"]),
    ],
)
def test_two_nodes_need_some_delay(delay: str, found: list[str]) -> None:
    assert codes(NODES + delay, "FEN401") == found
    assert codes(delay, "FEN401") == []


@pytest.mark.parametrize(
    ("priority", "found"),
    [
        ("", ["FEN402"]),
        (
            '<rsc_defaults><meta_attributes id="d"><nvpair id="d-p" name="priority" value="1"/></meta_attributes></rsc_defaults>',
            [],
        ),
        (
            '<rsc_defaults><meta_attributes id="d"><nvpair id="d-p" name="priority" value="0"/></meta_attributes></rsc_defaults>',
            ["FEN402"],
        ),
    ],
)
def test_priorities_may_come_from_the_defaults(priority: str, found: list[str]) -> None:
    assert codes(dummy("a") + option("priority-fencing-delay", "15s") + priority, "FEN402") == found


@pytest.mark.parametrize(("nodes", "severity"), [("", "warning"), (NODES, "info")])
def test_ignoring_quorum_is_worse_with_more_than_two_nodes(nodes: str, severity: str) -> None:
    findings = check(nodes + option("no-quorum-policy", "ignore"), select=["FEN403"]).findings
    assert [finding.severity.word for finding in findings] == [severity]
