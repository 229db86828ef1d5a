"""Indirect forms of what the rules about resources find, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.api import ERROR, WARNING
from cibcheck.testing import check
from rules.forms import bundle, clone, dummy, group, guest, option, order, order_sets, remote, resource_set, tag, together

SYSTEMD = '<primitive id="web" class="systemd" type="nginx"/>'


def meta(owner: str, **pairs: str) -> str:
    inner = "".join(
        f'<nvpair id="{owner}-{name}" name="{name.replace("_", "-")}" value="{value}"/>' for name, value in pairs.items()
    )
    return f'<meta_attributes id="{owner}-meta">{inner}</meta_attributes>'


def primitive(name: str, **pairs: str) -> str:
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy">{meta(name, **pairs)}</primitive>'


def defaults(**pairs: str) -> str:
    return f"<rsc_defaults>{meta('defaults', **pairs)}</rsc_defaults>"


def network(attributes: str, inner: str = "") -> str:
    return f"<network {attributes}>{inner}</network>"


def containers(name: str, *inside: str, **attributes: str) -> str:
    rest = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<bundle id="{name}"><podman image="i:1"{rest}/>{"".join(inside)}</bundle>'


def codes(fragments: str, *select: str, targets: frozenset[str] = frozenset(("2.1", "3.0"))) -> list[str]:
    checked = check(fragments, select=select or ["RES"], targets=targets)
    assert not checked.internal_errors
    return checked.codes


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        ('<primitive id="a" template="a"/>', ["RES101"]),
        (dummy("b") + group("g", '<primitive id="a" template="b"/>'), ["RES101"]),
        (tag("t", "b") + dummy("b") + '<primitive id="a" template="t"/>', ["RES101"]),
        ('<template id="t" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="a" template="t"/>', []),
    ],
)
def test_templates_are_templates(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES101", "RES102") == found


@pytest.mark.parametrize(
    ("unique", "targets", "severity"),
    [
        ("false", {"2.1", "3.0"}, ["error"]),
        ("false", {"3.0"}, ["error"]),
        ("", {"2.1", "3.0"}, ["warning"]),
        ("", {"2.1"}, ["error"]),
        ("", {"3.0"}, []),
        ("true", {"2.1", "3.0"}, []),
    ],
)
def test_several_instances_on_a_node_by_release(unique: str, targets: set[str], severity: list[str]) -> None:
    given = {"globally_unique": unique} if unique else {}
    fragments = clone("k", meta("k", clone_node_max="2", **given) + dummy("a"))
    findings = check(fragments, select=["RES301"], targets=frozenset(targets)).findings
    assert [finding.severity.word for finding in findings] == severity


@pytest.mark.parametrize("targets", [{"2.1"}, {"3.0"}, {"2.1", "3.0"}])
def test_the_instances_of_a_service_are_told_apart_by_no_release(targets: set[str]) -> None:
    fragments = clone("k", meta("k", clone_node_max="2 of them") + SYSTEMD)
    (finding,) = check(fragments, select=["RES301"], targets=frozenset(targets)).findings
    assert finding.severity.word == "error"
    assert "2 instances on a node" in finding.problem.message
    assert finding.problem.help == "leave clone-node-max out"


@pytest.mark.parametrize(("dependent", "primary", "found"), [("b", "k", ["RES309"]), ("k", "b", [])])
def test_a_bundle_may_be_what_is_interleaved(dependent: str, primary: str, found: list[str]) -> None:
    replicas = containers(
        "b", meta("b", interleave="true"), network('ip-range-start="192.0.2.50"'), dummy("a"), replicas="4", replicas_per_host="2"
    )
    fragments = replicas + clone("k", meta("k", interleave="true") + dummy("c")) + together(dependent, primary)
    assert codes(fragments, "RES309") == found


def test_the_options_of_a_clone_may_come_from_the_defaults() -> None:
    assert codes(clone("k", dummy("a")) + defaults(clone_node_max="2", globally_unique="false"), "RES301") == ["RES301"]


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (clone("k", meta("k", promotable="true") + SYSTEMD), ["RES303"]),
        (clone("k", SYSTEMD, tag="master"), ["RES303"]),
        (clone("k", meta("k", promotable="true") + group("g", dummy("a") + SYSTEMD)), ["RES303"]),
        (clone("k", meta("k", promotable="true") + '<primitive id="a" template="t"/>')
         + '<template id="t" class="lsb" type="x"/>', ["RES303"]),
        (clone("k", meta("k", promotable="false") + SYSTEMD), []),
        (clone("k", meta("k", promotable="true") + dummy("a")), []),
        (clone("k", meta("k", globally_unique="true") + SYSTEMD), ["RES302"]),
        (clone("k", meta("k", globally_unique="true") + dummy("a")), []),
    ],
)  # fmt: skip
def test_only_ocf_agents_know_instances_and_promotion(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES302", "RES303") == found


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (primitive("a", target_role="Promoted"), ["RES311"]),
        (primitive("a", target_role="Master"), ["RES311"]),
        (clone("k", meta("k", promotable="true") + primitive("a", target_role="Promoted")), []),
        (clone("k", meta("k", target_role="Promoted") + dummy("a"), tag="master"), []),
        (clone("k", primitive("a", target_role="Unpromoted")), ["RES311"]),
        (bundle("b", primitive("a", target_role="Promoted")), ["RES311"]),
        (bundle("b", primitive("a", target_role="Promoted")).replace("image", 'promoted-max="1" image'), []),
        (containers("b", network('control-port="3122"'), meta("b", target_role="Promoted")), ["RES311"]),
        (dummy("a", "b") + defaults(target_role="Promoted"), ["RES311"]),
    ],
)
def test_a_role_for_what_cannot_have_it(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES311") == found


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (group("g", primitive("a", target_role="Stopped") + dummy("b")), ["RES203"]),
        (group("g", dummy("b") + primitive("a", target_role="Stopped")), []),
        (group("g", meta("g", target_role="Stopped") + primitive("a", target_role="Stopped") + dummy("b")), []),
        (group("g", primitive("a", target_role="Stopped") + primitive("b", target_role="Stopped")), []),
        (clone("k", group("g", primitive("a", target_role="Stopped") + dummy("b"))), ["RES203"]),
        (group("g", meta("g", target_role="Stopped") + primitive("a", target_role="Started")), ["RES204"]),
        (group("g", meta("g", target_role="Started") + primitive("a", target_role="Started")), []),
        (group("g", dummy("a")) + defaults(target_role="Stopped"), []),
    ],
)
def test_members_and_their_group(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES203", "RES204") == found


LOOSE = group("g", meta("g", collocated="false") + dummy("a", "b"))


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (LOOSE + dummy("x") + together("g", "x"), ["RES202"]),
        (LOOSE + dummy("x") + together("x", "g"), ["RES202"]),
        (LOOSE + dummy("x") + together("x", "g", "100"), []),
        (LOOSE + dummy("x") + together("x", "a"), []),
        (LOOSE + dummy("x") + tag("t", "g") + together("t", "x"), ["RES202"]),
        (group("g", dummy("a", "b")) + dummy("x") + together("x", "g"), []),
    ],
)
def test_a_loose_group_is_nowhere(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES202") == found


TWO = clone("k", dummy("a")) + clone("l", dummy("b"))
UNIQUE = clone("k", meta("k", globally_unique="true", clone_node_max="2") + dummy("a"))


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (TWO + order("k", "l"), ["RES312"]),
        (TWO + order("k", "l", kind="Optional"), []),
        (TWO + order_sets(resource_set("k", "l", sequential="true")), ["RES312"]),
        (TWO + order_sets(resource_set("k", "l", sequential="false")), []),
        (TWO + order("k", "l") + defaults(interleave="true"), []),
        (UNIQUE + clone("l", dummy("b")) + order("k", "l"), []),
        (clone("l", dummy("b")) + UNIQUE + order("l", "k"), []),
        (TWO + dummy("x") + order("k", "x"), []),
        (TWO + dummy("x") + order("x", "k"), []),
    ],
)
def test_clones_after_clones(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES312") == found


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (primitive("a", target_role="Stopped"), ["RES401"]),
        (dummy("a", "b") + defaults(target_role="Stopped"), ["RES401"]),
        (guest("vm", "g1", target_role="Stopped"), []),
        (primitive("a", is_managed="false"), ["RES402"]),
        (primitive("a", is_managed="true", maintenance="false"), []),
        (remote("r1").replace("<operations>", meta("r1", is_managed="false") + "<operations>"), []),
        ('<primitive id="f" class="stonith" type="fence_sbd">' + meta("f", target_role="Stopped") + "</primitive>", []),
    ],
)
def test_what_is_left_of_maintenance(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES401", "RES402") == found


def test_one_default_is_one_finding_for_all() -> None:
    checked = check(dummy("a", "b") + option("stonith-enabled", "false") + defaults(requires="fencing"), select=["RES403"])
    assert [sorted(finding.problem.affects) for finding in checked.findings] == [["a", "b", "fence"]]


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (containers("b", dummy("a")), ["RES601"]),
        (containers("b", network('host-interface="eth0"'), dummy("a")), ["RES601"]),
        (containers("b"), []),
        (containers("b", network('control-port="3122"'), dummy("a"), replicas_per_host="2"), ["RES602"]),
        (containers("b", network('ip-range-start="192.0.2.1"'), dummy("a"), replicas_per_host="2"), []),
        (containers("b", network('ip-range-start="192.0.2.250"'), dummy("a"), replicas="9"), []),
        (containers("b", network('ip-range-start="192.0.253.250"'), dummy("a"), replicas="9"), ["RES603"]),
        (containers("b", network('ip-range-start="2001:db8::1"'), dummy("a"), replicas="1"), []),
        (containers("b", network('ip-range-start="2001:db8::1"'), dummy("a"), promoted_max="2"), ["RES603"]),
        (containers("b", network('ip-range-start="web.example.com"'), dummy("a"), replicas="2"), ["RES603"]),
        (containers("b", network('ip-range-start="web.example.com"'), dummy("a")), []),
        (containers("b", network('control-port="3122"'), dummy("a")) + dummy("b-clone"), ["RES604"]),
        (containers("b", network('control-port="3122"'), dummy("a")) + dummy("b-master"), []),
        (containers("b", network('control-port="3122"'), dummy("a"), promoted_max="1") + dummy("b-master"), ["RES604"]),
        (containers("b", network('control-port="3122"')) + dummy("b-clone"), []),
        (containers("b").replace('"i:1"', '" "'), ["RES613"]),
        (containers("b", '<storage><storage-mapping id="s" source-dir-root="" target-dir="/x"/></storage>'), ["RES613"]),
        (containers("b", network('control-port="3122"'), replicas="2") + dummy("b-podman-1"), ["RES604"]),
        (containers("b", network('control-port="3122"'), replicas="2") + group("g", dummy("b-podman-0")), ["RES604"]),
        (containers("b", network('control-port="3122"'), replicas="2") + dummy("b-docker-1", "b-podman-2", "c-podman-0"), []),
        (containers("b", network("", '<port-mapping id="p" port="80"/>'), replicas="2", replicas_per_host="2"), ["RES606"]),
        (containers("b", network("", '<port-mapping id="p" port="80"/>'), replicas="1", replicas_per_host="2"), []),
        (
            containers("b", network("", '<port-mapping id="p" port="80"/>'), replicas="2", replicas_per_host="2", network="host"),
            [],
        ),
        (containers("b", network('control-port="80"', '<port-mapping id="p" port="80"/>'), dummy("a")), ["RES605"]),
        (containers("b", network('control-port="80"', '<port-mapping id="p" port="80"/>')), []),
        (containers("b", network("", '<port-mapping id="p" port="65536"/>')), ["RES608"]),
        (containers("b", network("", '<port-mapping id="p" range="1-65536"/>')), ["RES608"]),
        (containers("b", network("", '<port-mapping id="p" range="80"/>')), ["RES608"]),
    ],
)
def test_networks_of_bundles(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "RES6") == found


NET = '<network control-port="3122"/>'


@pytest.mark.parametrize(
    ("one", "other", "more", "found"),
    [
        (NET, NET, "", ["RES614"]),
        (NET, NET.replace("3122", "3123"), "", []),
        (network('ip-range-start="192.0.2.1" control-port="3122"'), NET, "", []),
        (network('control-port="1"', '<port-mapping id="m" range="8000-8100"/>'), network('control-port="8050"'), "", ["RES614"]),
        # Nothing is inside that would listen.
        (NET, NET, "no primitive", []),
        (NET, NET, together("b", "a", score="-INFINITY"), []),
        (NET, NET, together("b", "a", score="-100"), []),
        (NET, NET, together("b", "a", score="100"), ["RES614"]),
        (NET, NET, "".join(f'<rsc_location id="l{n}" rsc="a" node="node{n}" score="-INFINITY"/>' for n in (1, 2, 3)), []),
        (NET, NET, '<rsc_location id="l" rsc="a" node="node1" score="-INFINITY"/>', ["RES614"]),
    ],
)
def test_bundles_that_may_meet_on_a_host_take_different_ports(one: str, other: str, more: str, found: list[str]) -> None:
    inner = [dummy("p"), dummy("q")] if more != "no primitive" else ["", ""]
    bundles = containers("a", one, inner[0]) + containers("b", other, inner[1])
    assert codes(bundles + (more if more.startswith("<") else ""), "RES614") == found


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5)), max_size=6))
def test_two_ranges_of_ports_clash_where_they_have_a_port_in_common(ranges: list[tuple[int, int]]) -> None:
    mappings = "".join(f'<port-mapping id="m{n}" range="{low}-{low + more}"/>' for n, (low, more) in enumerate(ranges))
    ports = [port for low, more in ranges for port in range(low, low + more + 1)]
    assert bool(codes(containers("a", network("", mappings)), "RES605")) == (len(ports) > len(set(ports)))


def test_a_range_costs_the_same_however_many_ports_it_has() -> None:
    mappings = "".join(f'<port-mapping id="m{n}" range="1-65535"/>' for n in range(300))
    found = check(containers("a", network("", mappings)), select=["RES605"]).findings
    assert len(found) == 299


MIN = clone("k", meta("k", clone_max="2", clone_min="3") + dummy("a")) + dummy("x")
PROMOTED_BUNDLE = containers(
    "b", network('control-port="3122"'), meta("b", target_role="Unpromoted") + dummy("a"), promoted_max="1"
)
FRONT = clone("f", meta("f", interleave="true") + dummy("y")) + UNIQUE


@pytest.mark.parametrize(
    ("code", "fragments", "severity", "consequence"),
    [
        # What must run with a group that may run apart runs anywhere; where the group must, that holds for its first member.
        ("RES202", LOOSE + dummy("x") + together("x", "g"), ERROR, "does not apply"),
        ("RES202", LOOSE + dummy("x") + together("g", "x"), WARNING, "only the first member"),
        (
            "RES203",
            group("g", meta("g", ordered="false") + primitive("a", target_role="Stopped") + dummy("b")),
            WARNING,
            "do not start",
        ),
        (
            "RES203",
            group("g", meta("g", ordered="false", collocated="false") + primitive("a", target_role="Stopped") + dummy("b")),
            None,
            "",
        ),
        ("RES303", clone("k", meta("k", promotable="true") + SYSTEMD), ERROR, "ignores clone 'k'"),
        ("RES303", clone("k", meta("k", promotable="true") + group("g", dummy("a") + SYSTEMD)), ERROR, "ignores 'web'"),
        ("RES307", MIN + order("k", "x"), ERROR, "never starts"),
        ("RES307", MIN + order("x", "k"), WARNING, "never starts"),
        ("RES307", MIN + order_sets(resource_set("k", "x")), WARNING, "never starts"),
        ("RES309", FRONT + together("f", "k"), ERROR, "does not interleave"),
        ("RES309", FRONT + together("f", "k", "100"), None, ""),
        ("RES311", PROMOTED_BUNDLE, WARNING, "it counts for the primitive"),
        ("RES312", TWO + order("k", "l"), WARNING, "one of the others fails"),
        ("RES312", TWO + order("k", "l", symmetrical="false"), None, ""),
        ("RES312", TWO + order("k", "l", require_all="false"), None, ""),
        ("RES312", TWO + order_sets(resource_set("k", **{"require-all": "false"}), resource_set("l")), None, ""),
        ("RES312", clone("k", meta("k", clone_min="1") + dummy("a")) + clone("l", dummy("b")) + order("k", "l"), None, ""),
        # Interleaved, an instance beside one that is not promoted would never start.
        ("RES312", TWO + order("k", "l", first_action="promote", then_action="start"), None, ""),
    ],
)
def test_what_follows(code: str, fragments: str, severity: int | None, consequence: str) -> None:
    found = [(one.severity, one.problem.consequence or "") for one in check(fragments, select=[code]).findings]
    assert [one for one, _ in found] == ([] if severity is None else [severity])
    assert all(consequence in text for _, text in found)
