"""What the examples on the pages of KEY cannot show: fallbacks, targets, files that are not there, and what must stay silent."""

from __future__ import annotations

from typing import Any

import pytest

from cibcheck.api import ERROR, WARNING
from cibcheck.testing import Checked, check, text_of

REMOTE = (
    '<primitive id="web1" class="ocf" provider="pacemaker" type="remote">'
    '<operations><op id="web1-monitor" name="monitor" interval="30s"/></operations></primitive>'
)
GUEST = (
    '<primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">'
    '<meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes></primitive>'
)
BUNDLE = (
    '<bundle id="b"><podman image="app:1"/><network ip-range-start="192.0.2.10"/>'
    '<primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>'
)
PLAIN = "PCMK_logfacility=daemon\n"
CERTIFICATES = "PCMK_ca_file=/p/ca\nPCMK_cert_file=/p/cert\nPCMK_key_file=/p/key\n"
ONLY_3 = frozenset(("3.0",))


def run(cib: str | None, files: dict[str, str], *codes: str, **how: Any) -> Checked:
    checked = check(cib, files, select=codes or ("KEY",), **how)
    assert not checked.internal_errors
    return checked


def key_in(place: str) -> str:
    return f"PCMK_authkey_location={place}\n"


# --- KEY101


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PCMK_key_file=/k\n", "/k"),
        ("PCMK_cert_file=/c\nPCMK_key_file=/k\n", "/c"),
        ("CIB_ca_file=/a\n", "/a"),
        ("HA_ca_file=/a\nPCMK_key_file=/k\n", "/a"),
        (CERTIFICATES + "PCMK_ca_file=\n", "/p/cert"),
    ],
)
def test_some_of_the_files_are_not_enough(text: str, shown: str) -> None:
    checked = run(None, {"node1": text}, "KEY101")
    assert [text_of(one.problem.place) for one in checked.findings] == [shown]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        CERTIFICATES,
        'PCMK_ca_file=""\nPCMK_cert_file=""\nPCMK_key_file=""\n',
        "PCMK_ca_file=/a\nCIB_cert_file=/c\nPCMK_key_file=/k\n",
        "PCMK_ca_file=\nCIB_ca_file=/a\nPCMK_cert_file=/c\nHA_key_file=/k\n",
        "# PCMK_ca_file=/a\n",
        "PCMK_crl_file=/crl\n",
        "PCMK_ca_file={{ ca }}\n",
    ],
)
def test_all_of_the_files_or_none(text: str) -> None:
    assert run(None, {"node1": text}, "KEY101").codes == []


def test_pacemaker_2_knows_no_certificates() -> None:
    files = {"node1": "PCMK_ca_file=/a\n"}
    assert run(None, files, "KEY101", targets=frozenset(("2.1",))).codes == []
    for targets in (ONLY_3, frozenset(("2.1", "3.0"))):
        assert [one.severity for one in run(None, files, "KEY101", targets=targets).findings] == [ERROR]


# --- KEY102


@pytest.mark.parametrize("node", [REMOTE, GUEST.replace("g1", "web1")])
@pytest.mark.parametrize("files", [{"node1": CERTIFICATES, "web1": PLAIN}, {"node1": PLAIN, "web1": CERTIFICATES}])
def test_certificates_at_one_end_only(node: str, files: dict[str, str]) -> None:
    checked = run(node, files, "KEY102", targets=ONLY_3)
    assert [(one.severity, text_of(one.problem.place)) for one in checked.findings] == [(ERROR, "/p/ca")]
    assert checked.findings[0].problem.affects == ("web1",)
    assert {entry.node for entry in checked.not_evaluated} == {"node2", "node3"}


def test_certificates_are_an_error_only_where_every_target_uses_them() -> None:
    files = {"node1": CERTIFICATES, "web1": PLAIN}
    assert [one.severity for one in run(REMOTE, files, "KEY102").findings] == [WARNING]
    assert run(REMOTE, files, "KEY102", targets=frozenset(("2.1",))).codes == []


def test_one_finding_names_all_that_differ() -> None:
    files = {"node1": CERTIFICATES, "node2": CERTIFICATES, "node3": PLAIN, "web1": PLAIN, "g1": CERTIFICATES}
    checked = run(REMOTE + GUEST, files, "KEY102")
    assert len(checked.findings) == 1
    message = checked.findings[0].problem.message
    assert "'g1', 'node1', 'node2'" in message
    assert "'node3', 'web1'" in message
    assert checked.findings[0].problem.affects == ("web1", "g1")


@pytest.mark.parametrize(
    ("cib", "files"),
    [
        (REMOTE, {"node1": CERTIFICATES, "web1": CERTIFICATES}),
        (REMOTE, {"node1": PLAIN, "web1": PLAIN}),
        (REMOTE, {"node1": "PCMK_ca_file=/a\n", "web1": CERTIFICATES}),  # said by KEY101
        (BUNDLE, {"node1": CERTIFICATES, "node2": PLAIN}),
        (REMOTE + '<rsc_location id="l" rsc="web1" node="node2" score="-INFINITY"/>', {"node2": CERTIFICATES, "web1": PLAIN}),
    ],
    ids=["all", "none", "incomplete", "no remote node", "never connects"],
)
def test_both_ends_alike(cib: str, files: dict[str, str]) -> None:
    assert run(cib, files, "KEY102").codes == []


def test_an_end_without_file_is_not_evaluated() -> None:
    checked = run(REMOTE, {"node1": CERTIFICATES}, "KEY102")
    assert checked.codes == []
    assert {entry.node for entry in checked.not_evaluated} == {"node2", "node3", "web1"}


def test_a_connection_that_a_rule_decides_is_not_evaluated() -> None:
    location = (
        '<rsc_location id="l" rsc="web1"><rule id="l-r" score="-INFINITY">'
        '<expression id="l-e" attribute="rack" operation="eq" value="1"/></rule></rsc_location>'
    )
    checked = run(REMOTE + location, {"node1": CERTIFICATES, "web1": PLAIN}, "KEY102")
    assert checked.codes == []
    assert "web1" in {entry.node for entry in checked.not_evaluated}


# --- KEY103, KEY104


def test_the_place_of_the_key_that_the_fewest_use_is_shown() -> None:
    files = {"node1": key_in("/ha/key"), "node2": key_in("/ha/key"), "web1": key_in("/etc/key"), "node3": PLAIN}
    checked = run(REMOTE, files, "KEY103")
    assert [text_of(one.problem.place) for one in checked.findings] == ["/etc/key"]
    assert [note.place.document.name for note in checked.findings[0].problem.related][-1] == "cib.xml"


def test_a_key_that_only_one_node_has_in_the_default_place() -> None:
    checked = run(REMOTE, {"node1": key_in("/ha/key"), "node2": key_in("/ha/key"), "web1": PLAIN}, "KEY103")
    assert [text_of(one.problem.place) for one in checked.findings] == ["/ha/key"]


@pytest.mark.parametrize(
    ("cib", "files"),
    [
        (REMOTE, {"node1": key_in("/ha/key"), "web1": key_in("/ha/key")}),
        (REMOTE, {"node1": PLAIN, "web1": key_in("/etc/pacemaker/authkey")}),
        (REMOTE, {"node1": PLAIN, "web1": key_in("")}),
        (REMOTE, {"node1": CERTIFICATES + key_in("/old/key"), "web1": CERTIFICATES}),
        ('<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>', {"node1": PLAIN, "node2": key_in("/ha/key")}),
    ],
    ids=["one place", "default written out", "empty", "certificates", "no remote node"],
)
def test_one_place_for_the_key(cib: str, files: dict[str, str]) -> None:
    assert run(cib, files, "KEY103", "KEY104").codes == []


def test_with_bundles_every_other_place_is_an_error_and_nothing_else_is_said_of_it() -> None:
    files = {"node1": key_in("/ha/key"), "node2": key_in("/ha/key"), "node3": PLAIN, "web1": key_in("/etc/key")}
    assert run(REMOTE + BUNDLE, files, "KEY103", "KEY104").codes == ["KEY104"] * 3


def test_nodes_without_file_are_noted() -> None:
    for code, cib in (("KEY103", REMOTE), ("KEY104", BUNDLE)):
        assert {entry.node for entry in run(cib, {"node1": PLAIN, "web1": PLAIN}, code).not_evaluated} == {"node2", "node3"}


def test_without_the_cib_only_the_file_itself_is_judged() -> None:
    checked = run(None, {"node1": "PCMK_ca_file=/a\n" + key_in("/ha/key")})
    assert checked.codes == ["KEY101"]
    assert {entry.code for entry in checked.not_evaluated} == {"KEY102", "KEY103", "KEY104", "KEY105", "KEY106"}


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('class="stonith" type="fence_apc"', ["KEY105"]),
        ('class="ocf" provider="heartbeat" type="mysql"', []),
    ],
)
def test_only_the_passwords_of_fence_devices_switch_nodes_off(inner: str, found: list[str]) -> None:
    pair = '<instance_attributes id="p"><nvpair id="s" name="passwd" value="{}"/></instance_attributes>'
    assert run(f'<primitive id="a" {inner}>{pair.format("example")}</primitive>', {}, "KEY105").codes == found
    assert run(f'<primitive id="a" {inner}>{pair.format("lrm://")}</primitive>', {}, "KEY105").codes == []


@pytest.mark.parametrize(("agent", "said"), [("fence_apc", "passwd_script"), ("external/ipmi", "crm resource secret")])
def test_not_all_agents_take_a_script_for_the_password(agent: str, said: str) -> None:
    pair = '<instance_attributes id="p"><nvpair id="s" name="passwd" value="example"/></instance_attributes>'
    (finding,) = run(f'<primitive id="a" class="stonith" type="{agent}">{pair}</primitive>', {}, "KEY105").findings
    assert said in (finding.problem.help or "")
