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
        pytest.param(
            fence("g") + '<fencing-level id="l" target-pattern="." index="1" devices="f"/>',
            id="a pattern in the topology beside a device",
        ),
    ],
)
def test_a_node_that_may_be_covered_is_not_reported(other: str) -> None:
    assert codes(NODES + fence("f", pcmk_host_list="node1") + other, "FEN104") == []


def test_a_level_for_a_pattern_covers_no_node_that_its_devices_do_not() -> None:
    level = '<fencing-level id="l" target-pattern="." index="1" devices="f"/>'
    assert codes(NODES + fence("f", pcmk_host_list="node1") + level, "FEN104") == ["FEN104"]


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


@pytest.mark.parametrize(
    ("delay", "found"),
    [("node1:5s;NODE2:0", []), ("5s", []), ("node1:5s;node9:0", ["FEN105"]), ("node1:5s node2.example.com:0", ["FEN105"])],
)
def test_names_in_a_map_of_delays_are_known(delay: str, found: list[str]) -> None:
    assert codes(NODES + fence("f", pcmk_delay_base=delay), "FEN105") == found


@pytest.mark.parametrize(
    ("hosts", "found"), [("", ["FEN301"]), (" ", ["FEN301"]), ("node1", [])], ids=("empty", "a blank", "a node")
)
def test_an_empty_list_is_none(hosts: str, found: list[str]) -> None:
    assert codes(fence("f", pcmk_host_check="static-list", pcmk_host_list=hosts), "FEN301") == found


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"pcmk_host_map": "node1:1;node2:2"}, []),
        ({"pcmk_host_map": "NODE1=1 node2=2"}, []),
        ({"pcmk_host_map": "node1:1,node2:2"}, ["FEN309"]),
        ({"pcmk_host_map": "node2:2"}, ["FEN309"]),
        ({"pcmk_host_map": "node1:1", "key": "1"}, []),
        ({"pcmk_host_list": "node1", "key": "1"}, []),
    ],
)
def test_each_cluster_node_has_a_key_of_its_own(parameters: dict[str, str], found: list[str]) -> None:
    assert codes(NODES + fence("f", **parameters).replace("fence_ipmilan", "fence_mpath"), "FEN309") == found
    assert codes(NODES + fence("f", **parameters), "FEN309") == []


@pytest.mark.parametrize(
    ("name", "action", "found"),
    [
        ("pcmk_reboot_action", "off", []),
        ("pcmk_reboot_action", "cycle", []),
        ("pcmk_reboot_action", "on", ["error"]),
        ("pcmk_off_action", "list", ["error"]),
        ("pcmk_off_action", "reboot", ["warning"]),
        ("pcmk_off_action", "poweroff", []),
        ("pcmk_monitor_action", "status", []),
        ("pcmk_on_action", "on", []),
    ],
)
def test_what_stands_for_switching_off_does_so(name: str, action: str, found: list[str]) -> None:
    parts = f'<template id="t" class="stonith" type="fence_x">{fence("f", **{name: action}).split(">", 1)[1].removesuffix("</primitive>")}'
    for fragments in (fence("f", **{name: action}), f'{parts}</template><primitive id="f" template="t"/>'):
        assert [one.severity.word for one in check(fragments, select=["FEN310"]).findings] == found


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
    ("levels", "found"),
    [
        (level("node1", "off"), ["error"]),
        (level("node1", "f,off"), ["error"]),
        (level("node1", "off") + level("NODE1", "f", "2", "b"), ["warning"]),
        (level("node1", "off") + level("node2", "f", "1", "b"), ["error"]),
        (level("node1", "off") + level("node1", "off,f", "2", "b"), ["error", "error"]),
        ('<fencing-level id="l" target-pattern="node" index="1" devices="off"/>', ["warning"]),
        (level("node1", "f"), []),
    ],
)
def test_a_disabled_device_is_worse_in_the_last_level(levels: str, found: list[str]) -> None:
    role = '<meta_attributes id="m"><nvpair id="r" name="target-role" value="Stopped"/></meta_attributes></primitive>'
    parts = fence("off").replace("</primitive>", role) + fence("f") + levels
    assert [one.severity.word for one in check(parts, select=["FEN202"]).findings] == found


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
        ('target-pattern="node[12"', ["FEN203"]),
        ('target-pattern="(node1|node2"', ["FEN203"]),
        ('target-pattern="*node"', ["FEN203"]),
    ],
)
def test_targets_of_levels_are_nodes_or_patterns_that_cannot_be_told(attributes: str, found: list[str]) -> None:
    parts = f'{remote("r1")}{fence("f")}<fencing-level id="l" {attributes} index="1" devices="f"/>'
    assert codes(parts, "FEN203") == found


@pytest.mark.parametrize(
    ("pattern", "hosts", "found"),
    [
        ("node2", "node1", ["FEN206"]),
        ("^node[23]$", "node1", ["FEN206"]),
        ("^node[12]$", "node1", []),
        ("node2", "NODE2", []),
        ("node9", "node1", []),
        ("(node2)", "node1", ["FEN206"]),
        ("(node2){1}", "node1", []),
    ],
)
def test_a_device_fences_something_that_matches_a_pattern(pattern: str, hosts: str, found: list[str]) -> None:
    parts = fence("f", pcmk_host_list=hosts)
    assert codes(f'{parts}<fencing-level id="l" target-pattern="{pattern}" index="1" devices="f"/>', "FEN206") == found


KDUMP = '<primitive id="kdump" class="stonith" type="fence_kdump"/>'


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        (level("node1", "kdump"), ["FEN108"]),
        (level("node1", "kdump") + level("NODE1", "f", "2", "b"), []),
        (level("node1", "kdump") + level("node2", "f", "1", "b"), ["FEN108"]),
        (level("node1", "kdump,f"), []),
        (level("node1", "g"), []),
        ('<fencing-level id="l" target-pattern="^node" index="1" devices="kdump"/>', ["FEN108"]),
    ],
)
def test_each_target_has_a_level_that_does_more_than_wait_for_a_dump(levels: str, found: list[str]) -> None:
    assert codes(KDUMP + fence("f") + levels, "FEN108") == found


@pytest.mark.parametrize(("plugin", "found"), [("external/ssh", ["FEN107"]), ("external/ipmi", [])])
def test_what_a_wrapper_runs_may_be_for_tests(plugin: str, found: list[str]) -> None:
    device = fence("f", plugin=plugin).replace("fence_ipmilan", "fence_legacy")
    assert codes(device, "FEN107") == found


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


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({"ip": "192.0.2.1"}, {"ip": "192.0.2.1"}, ["error"]),
        ({"ip": "bmc1.example.com"}, {"ipaddr": "BMC1.example.com"}, ["error"]),
        ({"ip": "192.0.2.1"}, {"ip": "192.0.2.2"}, []),
        ({"ip": "192.0.2.1", "ipport": "6230"}, {"ip": "192.0.2.1", "ipport": "6231"}, []),
        ({"ip": "192.0.2.1", "target": "0x20"}, {"ip": "192.0.2.1", "target": "0x22"}, []),
        ({"ip": "192.0.2.1", "port_as_ip": "1"}, {"ip": "192.0.2.1", "port_as_ip": "1"}, []),
        ({"ip": "192.0.2.1"}, {"ip": "192.0.2.1", "pcmk_host_argument": "ip"}, []),
    ],
)
def test_one_controller_is_for_one_node(one: dict[str, str], other: dict[str, str], found: list[str]) -> None:
    devices = fence("f", pcmk_host_list="node1", **one) + fence("g", pcmk_host_list="node2", **other)
    assert [finding.severity.word for finding in check(NODES + devices, select=["FEN109"]).findings] == found


def test_a_single_node_needs_no_list() -> None:
    nodes = '<nodes><node id="1" uname="node1"/></nodes>'
    assert codes(nodes + fence("f", ip="192.0.2.1"), "FEN109") == []


@pytest.mark.parametrize(
    ("device", "found"),
    [
        (fence("f", ip="192.0.2.1", pcmk_host_list="node1 node2"), ["warning"]),
        (fence("f", ip="192.0.2.1", pcmk_host_map="node1:1;node2:2"), ["warning"]),
        (fence("f", ip="192.0.2.1", pcmk_host_list="node1 NODE1"), []),
        (fence("f", ip="192.0.2.1", pcmk_host_list="node1"), []),
        (fence("f", pcmk_host_list="node1 node2"), []),
        (fence("f", ip="192.0.2.1"), ["warning"]),
        (fence("f", ip="192.0.2.1", pcmk_host_check="Status"), ["warning"]),
        (fence("f", ip="192.0.2.1", pcmk_host_check="dynamic-list"), []),
        (fence("f", ip="192.0.2.1") + level("node1", "f"), []),
        (fence("f", ip="192.0.2.1") + fence("g", ip="192.0.2.2"), ["warning", "warning"]),
        # Two ways to switch one node off, and a device that knows plugs.
        (fence("f", ip="192.0.2.1", pcmk_host_list="node1") + fence("g", ip="192.0.2.1", pcmk_host_list="node1"), []),
        (fence("f", ip="192.0.2.1", pcmk_host_list="node1 node2").replace("fence_ipmilan", "fence_apc"), []),
    ],
)
def test_a_controller_that_lists_several_nodes_or_none(device: str, found: list[str]) -> None:
    assert [finding.severity.word for finding in check(NODES + device, select=["FEN109"]).findings] == found


def test_a_node_may_be_named_by_its_id_and_is_told_so() -> None:
    location = '<rsc_location id="l" rsc="a" node="2" score="5"/>'
    condition = (
        '<rsc_location id="m" rsc="a"><rule id="r" score="5">'
        '<expression id="e" attribute="#uname" operation="eq" value="2"/></rule></rsc_location>'
    )
    found = check(
        NODES + fence("f") + dummy("a") + location + condition + level("2", "f"), select=["CON111", "RUL105", "FEN203"]
    ).findings
    assert [finding.problem.help for finding in found] == ["write 'node2', whose id this is"] * 3


@pytest.mark.parametrize(
    ("agent", "is_found"),
    [("fence_ipmilan", True), ("fence_of_ours", True), ("fence_gce", False), ("fence_zvmip", False), ("fence_apc", False)],
)
def test_agents_that_cycle_by_default_or_never_are_not_told_of_it(agent: str, is_found: bool) -> None:
    device = fence("f", method="cycle").replace("fence_ipmilan", agent)
    assert check(device, select=["FEN308"]).codes == ["FEN308"] * is_found
