"""What the examples on the pages of REM4 cannot show: indirect forms, files that are not there, and what must stay silent."""

from __future__ import annotations

from typing import Any

import pytest

from cibcheck.testing import Checked, check, text_of

CLUSTER_NODES = ("node1", "node2", "node3")
UNSET = "PCMK_logfacility=daemon\n"


def port(number: object) -> str:
    return f"PCMK_remote_port={number}\n"


def remote(name: str = "r1", *inside: str, **parameters: object) -> str:
    pairs = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    own = f'<instance_attributes id="{name}-params">{pairs}</instance_attributes>' if pairs else ""
    monitor = f'<operations><op id="{name}-monitor" name="monitor" interval="30s"/></operations>'
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="remote">{own}{"".join(inside)}{monitor}</primitive>'


def guest(name: str = "g1", vm: str = "vm", **options: object) -> str:
    named = {"remote-node": name} | {key.replace("_", "-"): value for key, value in options.items()}
    pairs = "".join(f'<nvpair id="{vm}-{key}" name="{key}" value="{value}"/>' for key, value in named.items())
    meta = f'<meta_attributes id="{vm}-meta">{pairs}</meta_attributes>'
    return f'<primitive id="{vm}" class="ocf" provider="heartbeat" type="VirtualDomain">{meta}</primitive>'


def rule(name: str) -> str:
    return f'<rule id="{name}"><date_expression id="{name}-date" operation="gt" start="2030-01-01"/></rule>'


def run(cib: str, files: dict[str, str] | None = None, *codes: str, **how: Any) -> Checked:
    checked = check(cib, files, select=codes or ("REM4",), **how)
    assert not checked.internal_errors
    return checked


def mismatches(cib: str, **files: str) -> list[str]:
    """The findings about ports in CIB and node files."""
    return run(cib, files, "REM403", "REM404").codes


def places(checked: Checked) -> list[tuple[str, str]]:
    return [(one.problem.place.document.name, text_of(one.problem.place)) for one in checked.findings]


def unknown(checked: Checked, code: str) -> set[str | None]:
    """The nodes for which a rule could not tell."""
    return {entry.node for entry in checked.not_evaluated if entry.code == code}


# --- REM401, REM411: the port in the CIB


@pytest.mark.parametrize(
    "text", ["abc", "", " ", "0", "00", "-1", "65536", "99999999999999999999", "3,121", "31.21", "0x0c31", "a3121"]
)
def test_what_is_no_port_is_an_error_for_both_kinds_of_node(text: str) -> None:
    assert run(remote(port=text), None, "REM401", "REM411").codes == ["REM401"]
    assert run(guest(remote_port=text), None, "REM401", "REM411").codes == ["REM401"]


@pytest.mark.parametrize("text", ["3121/tcp", " 3121", "3121 ", "+3121", "3121 # new"])
def test_a_port_that_pacemaker_still_reads_as_meant_is_only_a_warning(text: str) -> None:
    assert run(remote(port=text), None, "REM401", "REM411").codes == ["REM411"]


@pytest.mark.parametrize("text", ["1", "3121", "65535", "03121"])
def test_a_port_is_a_port(text: str) -> None:
    assert run(remote(port=text) + guest(remote_port=text), None, "REM401", "REM411").codes == []


def test_a_bad_port_that_two_connections_share_is_one_finding() -> None:
    first = remote(
        "r1", '<instance_attributes id="shared"><nvpair id="shared-port" name="port" value="«x»"/></instance_attributes>'
    )
    checked = run(first + remote("r2", '<instance_attributes id-ref="shared"/>'), None, "REM401")
    assert checked.spans == checked.expected
    assert checked.findings[0].problem.affects == ("r1", "r2")


def test_a_bad_port_that_a_better_set_hides_is_not_judged() -> None:
    better = '<instance_attributes id="best" score="9"><nvpair id="best-port" name="port" value="3122"/></instance_attributes>'
    assert run(remote("r1", better, port="abc"), None, "REM401").codes == []


def test_a_bad_port_from_the_group_of_the_connection_is_found_at_the_group() -> None:
    outer = '<instance_attributes id="g-params"><nvpair id="g-port" name="port" value="«x»"/></instance_attributes>'
    checked = run(f'<group id="g">{outer}{remote()}</group>', None, "REM401")
    assert checked.spans == checked.expected


def test_for_a_guest_the_last_port_of_the_document_is_judged_whatever_rules_say() -> None:
    vm = (
        '<primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain"><meta_attributes id="a">'
        '<nvpair id="a1" name="remote-node" value="g1"/><nvpair id="a2" name="remote-port" value="none"/></meta_attributes>'
        f'<meta_attributes id="b">{rule("b-rule")}<nvpair id="b1" name="remote-port" value="«never»"/></meta_attributes></primitive>'
    )
    checked = run(vm, None, "REM401")
    assert checked.spans == checked.expected


# --- REM402: the address in the CIB


@pytest.mark.parametrize(
    "text", ["192.0.2.1:3121", "web1:3121", "web1.example.com/24", "192.0.2.1, 192.0.2.2", "[::1]", "", " ", "web 1", "web1 "]
)
def test_what_cannot_be_resolved_is_an_error_for_both_kinds_of_node(text: str) -> None:
    assert run(remote(server=text), None, "REM402").codes == ["REM402"]
    assert run(guest(remote_addr=text), None, "REM402").codes == ["REM402"]


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "fe80::1%eth0", "web1", "web1.example.com", "web_1", "::1"])
def test_an_address_is_an_address(text: str) -> None:
    assert run(remote(server=text) + guest(remote_addr=text, remote_port=3122), None, "REM402").codes == []


def test_a_guest_name_that_is_no_address_is_fine_beside_an_address() -> None:
    assert run(guest("guest 1", remote_addr="192.0.2.1"), None, "REM402").codes == []


# --- REM403, REM404: the CIB and the node files


def test_both_silent_is_a_match_because_both_mean_3121() -> None:
    files = dict.fromkeys(("r1", "g1", *CLUSTER_NODES), UNSET)
    assert mismatches(remote() + guest(), **files) == []


@pytest.mark.parametrize("node", [remote(port=3121), guest("r1", remote_port=3121)])
def test_a_default_written_out_on_one_side_is_a_match(node: str) -> None:
    assert mismatches(node, r1=UNSET) == []
    assert mismatches(node, r1=port(3121)) == []


def test_per_node_ports_that_match_pairwise_are_fine() -> None:
    cib = remote("r1", port=3122) + remote("r2", port=3123) + guest(remote_port=3124)
    assert mismatches(cib, r1=port(3122), r2=port(3123), g1=port(3124), **dict.fromkeys(CLUSTER_NODES, UNSET)) == []


def test_where_the_cib_names_a_port_the_files_of_cluster_nodes_do_not_matter() -> None:
    checked = run(remote(port=3122), {"r1": port(3122)}, "REM403", "REM404")
    assert checked.codes == []
    assert not checked.not_evaluated


@pytest.mark.parametrize(
    ("text", "port_listened_on"),
    [
        ("PCMK_remote_port=70000", 3121),
        ("PCMK_remote_port=", 3121),
        ("PCMK_REMOTE_PORT=3122", 3121),
        ("HA_remote_port=3122", 3122),
    ],
)
def test_a_node_listens_where_pacemaker_reads_it(text: str, port_listened_on: int) -> None:
    assert mismatches(remote(port=port_listened_on), r1=text) == []
    assert mismatches(remote(port=4000), r1=text) == ["REM403"]


def test_without_the_file_of_the_remote_node_nothing_is_said_but_that() -> None:
    checked = run(remote(port=4000), {"node1": port(3122)}, "REM403")
    assert checked.codes == []
    assert unknown(checked, "REM403") == {"r1"}


def test_a_silent_cib_is_not_taken_for_the_default_where_no_cluster_node_is_known() -> None:
    checked = run(remote(), {"r1": port(4000)}, "REM403")
    assert checked.codes == []
    assert unknown(checked, "REM403") == set(CLUSTER_NODES)


@pytest.mark.parametrize(("far", "near"), [(port(4000), UNSET), (UNSET, port(4000)), (port(4000), port(4001))])
@pytest.mark.parametrize("node", [remote(), remote(port=5000), guest("r1")])
def test_a_mismatch_shows_cib_and_node_file_so_that_a_change_of_either_is_told(node: str, far: str, near: str) -> None:
    (finding,) = run(node, {"r1": far, **dict.fromkeys(CLUSTER_NODES, near)}, "REM403").findings
    places = (finding.problem.place, *(note.place for note in finding.problem.related))
    assert {"cib.xml", "r1/sysconfig"} <= {place.document.name for place in places}


def test_one_known_cluster_node_is_enough_and_the_others_are_noted() -> None:
    checked = run(remote(), {"r1": port(4000), "node2": UNSET}, "REM403")
    assert places(checked) == [("r1/sysconfig", "4000")]
    assert unknown(checked, "REM403") == {"node1", "node3"}
    assert "no cluster node" not in (checked.findings[0].problem.consequence or "")


def test_all_cluster_nodes_known_makes_the_loss_certain() -> None:
    checked = run(remote(), {"r1": port(4000)} | dict.fromkeys(CLUSTER_NODES, UNSET), "REM403")
    assert "no cluster node can connect" in (checked.findings[0].problem.consequence or "")


def test_a_port_that_a_rule_decides_is_not_evaluated() -> None:
    ruled = f'<instance_attributes id="p">{rule("p-rule")}<nvpair id="p-port" name="port" value="4000"/></instance_attributes>'
    checked = run(remote("r1", ruled), {"r1": UNSET, "node1": port(3122), "node2": UNSET}, "REM403", "REM404")
    assert checked.codes == []
    assert unknown(checked, "REM403") == unknown(checked, "REM404") == {"r1"}


def test_a_port_by_id_ref_counts_where_all_targets_follow_it() -> None:
    first = remote("r1", '<instance_attributes id="s"><nvpair id="s-port" name="port" value="4000"/></instance_attributes>')
    cib = first + remote("r2", '<instance_attributes id-ref="s"/>')
    files = {"r1": port(4000), "r2": UNSET}
    assert run(cib, files, "REM403", targets=frozenset(("2.1",))).codes == ["REM403"]
    checked = run(cib, files, "REM403", targets=frozenset(("3.0",)))
    assert checked.codes == []
    assert unknown(checked, "REM403") == {"r2"}


def test_a_cluster_node_that_never_holds_the_connection_does_not_count() -> None:
    ban = '<rsc_location id="ban" rsc="r1" node="node1" score="-INFINITY"/>'
    assert mismatches(remote() + ban, r1=UNSET, node1=port(4000)) == []
    assert mismatches(remote() + ban, r1=UNSET, node1=port(4000), node2=UNSET) == []
    assert mismatches(remote(), r1=UNSET, node1=port(4000), node2=UNSET) == ["REM404"]


def test_for_a_guest_the_hosts_of_its_machine_count_be_it_in_a_group() -> None:
    ban = '<rsc_location id="ban" rsc="stack" node="node1" score="-INFINITY"/>'
    cib = f'<group id="stack">{guest()}</group>{ban}'
    assert mismatches(cib, g1=UNSET, node1=port(4000)) == []
    assert mismatches(cib, g1=UNSET, node2=port(4000)) == ["REM403"]


def test_a_place_that_a_rule_decides_is_not_evaluated() -> None:
    location = (
        '<rsc_location id="l" rsc="r1"><rule id="l-r" score="-INFINITY">'
        '<expression id="l-e" attribute="rack" operation="eq" value="1"/></rule></rsc_location>'
    )
    checked = run(remote() + location, {"r1": UNSET, "node1": port(4000)}, "REM403")
    assert checked.codes == []
    assert "r1" in unknown(checked, "REM403")


def test_cluster_nodes_that_differ_are_one_mistake_not_two() -> None:
    cib = remote("r1") + remote("r2") + guest()
    files = {"r1": port(4000), "r2": UNSET, "g1": UNSET, "node1": UNSET, "node2": port(4000), "node3": UNSET}
    checked = run(cib, files, "REM403", "REM404")
    assert places(checked) == [("node2/sysconfig", "4000")]
    assert checked.findings[0].problem.affects == ("r1", "r2", "g1")


def test_the_comment_that_only_waits_is_shown() -> None:
    checked = run(remote(port=4000), {"r1": "#PCMK_remote_port='4000'\r\n"}, "REM403")
    (note,) = checked.findings[0].problem.related
    assert text_of(note.place) == "#PCMK_remote_port='4000'"
    assert "comment" in (checked.findings[0].problem.help or "")


@pytest.mark.parametrize(
    "text", ["# set PCMK_remote_port=4000 if needed\n", "# PCMK_remote_port=5000\n", "# PCMK_remote_port = 4000\n"]
)
def test_other_comments_are_not(text: str) -> None:
    checked = run(remote(port=4000), {"r1": text}, "REM403")
    assert "comment" not in (checked.findings[0].problem.help or "")


def test_a_port_that_is_none_is_not_called_a_mismatch_too() -> None:
    assert run(remote(port=70000), {"r1": UNSET}, "REM401", "REM403").codes == ["REM401"]


def test_node_names_have_no_case() -> None:
    assert mismatches(remote("Web1", port=4000), web1=UNSET) == ["REM403"]


def test_a_file_that_holds_only_resources_still_tells_of_explicit_ports() -> None:
    cib = f"<cib><configuration><resources>{remote('r1', port=4000)}{remote('r2')}</resources></configuration></cib>"
    checked = run(cib, {"r1": UNSET, "r2": UNSET}, "REM403")
    assert checked.codes == ["REM403"]
    assert {entry.section for entry in checked.not_evaluated} == {"nodes"}


# --- REM405: two nodes at one place


def endpoints(*nodes: str, **files: str) -> list[str]:
    return run("".join(nodes), files, "REM405").codes


def test_ip_addresses_are_compared_by_meaning_and_names_without_case() -> None:
    assert endpoints(remote("r1", server="2001:db8::1"), remote("r2", server="2001:DB8:0::1")) == ["REM405"]
    assert endpoints(remote("r1", server="Web.example"), guest(remote_addr="web.EXAMPLE")) == ["REM405"]
    assert endpoints(remote("web"), remote("r2", server="WEB")) == ["REM405"]


def test_what_differs_is_no_duplicate() -> None:
    assert endpoints(remote("r1", server="192.0.2.1"), remote("r2", server="192.0.2.2")) == []
    assert endpoints(remote("r1", server="fe80::1%eth0"), remote("r2", server="fe80::1%eth1")) == []
    assert endpoints(remote("r1", server="192.0.2.1", port=3122), guest(remote_addr="192.0.2.1", remote_port=3121)) == []
    assert endpoints(remote("r1"), remote("r2"), guest()) == []


def test_a_port_left_out_is_the_default_only_where_cluster_nodes_say_so() -> None:
    pair = (remote("r1", server="192.0.2.1"), remote("r2", server="192.0.2.1", port=3121))
    checked = run("".join(pair), None, "REM405")
    assert checked.codes == []
    assert unknown(checked, "REM405") == set(CLUSTER_NODES)
    assert endpoints(*pair, node1=UNSET) == ["REM405"]
    assert endpoints(*pair, node1=port(4000)) == []


def test_of_three_each_further_one_is_named() -> None:
    assert endpoints(*(remote(name, server="192.0.2.1") for name in ("r1", "r2", "r3"))) == ["REM405", "REM405"]


def test_nodes_of_one_name_are_another_mistake() -> None:
    assert endpoints(remote("r1"), guest("R1")) == []


def test_an_address_that_a_rule_decides_is_not_evaluated() -> None:
    ruled = f'<instance_attributes id="p">{rule("p-r")}<nvpair id="p-a" name="server" value="r2"/></instance_attributes>'
    checked = run(remote("r1", ruled) + remote("r2"), None, "REM405")
    assert checked.codes == []
    assert unknown(checked, "REM405") == {"r1"}


# --- REM406, REM407


def test_ports_that_differ_are_only_worth_a_word_when_asked() -> None:
    cib = remote(port=3122)
    files = {"r1": port(3122), "node1": UNSET, "node2": UNSET}
    assert run(cib, files, "REM406").codes == ["REM406"]
    assert "REM406" not in check(cib, files).codes


def bundle(
    *, replicas: str = "1", inside: str = '<primitive id="app" class="ocf" provider="heartbeat" type="apache"/>', **network: str
) -> str:
    written = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in network.items())
    return f'<bundle id="b"><podman image="app:1" replicas="{replicas}"/><network{written}/>{inside}</bundle>'


def test_a_bundle_clashes_with_the_port_that_the_cib_names_where_the_file_is_unknown() -> None:
    checked = run(bundle(control_port="4000") + guest(remote_port=4000), None, "REM407")
    assert checked.codes == ["REM407"]
    assert not checked.not_evaluated


def test_a_bundle_does_not_clash_with_a_port_that_nobody_knows() -> None:
    checked = run(bundle(control_port="3121") + remote(), None, "REM407")
    assert checked.codes == []
    assert unknown(checked, "REM407") == {"r1"}


@pytest.mark.parametrize(
    "harmless",
    [
        bundle(control_port="3121", ip_range_start="192.0.2.10"),
        bundle(control_port="3121", inside=""),
        bundle(control_port="3122"),
        bundle(),
        bundle(control_port="3121") + '<rsc_location id="l" rsc="b" node="r1" score="-INFINITY"/>',
    ],
    ids=["own addresses", "no daemon inside", "another port", "no port", "never there"],
)
def test_a_bundle_without_a_clash(harmless: str) -> None:
    assert run(harmless + remote(), {"r1": UNSET}, "REM407").codes == []


# --- REM408 to REM410: the address to listen on


@pytest.mark.parametrize(
    ("server", "listens", "codes"),
    [
        ("192.0.2.7", "192.0.2.17", ["REM408"]),
        ("192.0.2.7", "2001:db8::7", ["REM408"]),
        ("192.0.2.7", "192.0.2.7", []),
        ("192.0.2.7", "::ffff:192.0.2.7", []),
        ("192.0.2.7", "::", []),
        ("192.0.2.7", "0.0.0.0", []),
        ("192.0.2.7", "web1", []),
        ("web1", "192.0.2.17", []),
        ("192.0.2.7", "127.0.0.1", ["REM409"]),
        ("192.0.2.7", "::1", ["REM409"]),
        ("web1", "localhost", ["REM409"]),
        ("127.0.0.1", "localhost", []),
        ("192.0.2.7", "", []),
    ],
)
def test_where_a_node_listens_and_where_it_is_dialled(server: str, listens: str, codes: list[str]) -> None:
    files = {"r1": f"PCMK_remote_address={listens}\n", "g1": f"PCMK_remote_address={listens}\n"}
    assert run(remote(server=server), files, "REM408", "REM409").codes == codes
    assert run(guest(remote_addr=server), files, "REM408", "REM409").codes == codes


def test_a_node_named_by_its_address_is_dialled_there() -> None:
    assert run(guest("192.0.2.7"), {"192.0.2.7": "PCMK_remote_address=192.0.2.17\n"}, "REM408").codes == ["REM408"]


def test_the_address_of_a_node_without_file_is_not_evaluated() -> None:
    checked = run(remote(server="192.0.2.7"), None, "REM408", "REM409")
    assert unknown(checked, "REM408") == unknown(checked, "REM409") == {"r1"}


def test_on_a_cluster_node_an_address_has_no_effect_and_no_other_finding() -> None:
    files = {"node1": "PCMK_remote_address=127.0.0.1\n"}
    assert run(remote(server="192.0.2.7"), files, "REM408", "REM409", "REM410").codes == ["REM410"]


# --- REM212, REM213: the port of a guest on a connection, where the CIB is silent

FOREIGN = remote("r1", '<meta_attributes id="m"><nvpair id="mp" name="remote-port" value="4000"/></meta_attributes>')


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({}, ["REM212"]),
        ({"node1": "PCMK_debug=no\n"}, ["REM212"]),
        ({"node1": "PCMK_remote_port=4000\n"}, ["REM213"]),
        ({"node1": "PCMK_remote_port=4000\n", "node2": "PCMK_remote_port=4000\n"}, ["REM213"]),
        ({"node1": "PCMK_remote_port=4000\n", "node2": "PCMK_debug=no\n"}, ["REM212"]),
    ],
)
def test_an_ignored_port_that_cluster_nodes_dial_anyway_is_only_a_warning(files: dict[str, str], codes: list[str]) -> None:
    assert run(FOREIGN, files, "REM212", "REM213").codes == codes


def test_nothing_is_said_of_a_port_that_a_rule_decides() -> None:
    ruled = f'<instance_attributes id="i">{rule("i-rule")}<nvpair id="ip" name="port" value="4001"/></instance_attributes>'
    checked = run(
        remote("r1", ruled, '<meta_attributes id="m"><nvpair id="mp" name="remote-port" value="4000"/></meta_attributes>'),
        None,
        "REM212",
    )
    assert checked.codes == []
    assert unknown(checked, "REM212") == {"r1"}


def test_connections_of_one_template_are_told_apart_by_their_node_entries() -> None:
    made = '<template id="t" class="ocf" provider="pacemaker" type="remote"/><primitive id="r1" template="t"/><primitive id="r2" template="t"/>'
    assert run(made + '<node id="R2" type="remote" uname="R2"/>', None, "REM208", "REM209").codes == ["REM208", "REM209"]
