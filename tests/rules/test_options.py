"""Names and values by the tables: indirect forms, targets, what is fine, and what the fixes do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cibcheck.api import ERROR, INFO, WARNING, SetValue
from cibcheck.testing import Checked, check, text_of
from rules.forms import clone, dummy, fence, group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Severity
    from cibcheck.findings.finding import Finding

OURS = ("OPT", "RES5", "OPS3", "FEN5", "NOD3", "ALR3", "VAL1")
ONLY_2, ONLY_3 = frozenset(("2.1",)), frozenset(("3.0",))


def options(*pairs: tuple[str, str], name: str = "cib-bootstrap-options", inside: str = "", score: str = "") -> str:
    written = "".join(f'<nvpair id="{name}-{at}" name="{key}" value="{value}"/>' for at, (key, value) in enumerate(pairs))
    return f'<cluster_property_set id="{name}"{score}>{inside}{written}</cluster_property_set>'


def meta(owner: str, *pairs: tuple[str, str], inside: str = "", tag: str = "meta_attributes") -> str:
    written = "".join(f'<nvpair id="{owner}-{tag}-{at}" name="{key}" value="{value}"/>' for at, (key, value) in enumerate(pairs))
    return f'<{tag} id="{owner}-{tag}">{inside}{written}</{tag}>'


WHEN = '<rule id="r" score="1"><date_expression id="d" operation="gt" start="2030-01-01"/></rule>'


def primitive(name: str, inside: str = "", kind: str = 'class="ocf" provider="pacemaker" type="Dummy"') -> str:
    return f'<primitive id="{name}" {kind}>{inside}</primitive>'


def found(cib: str, *codes: str, **how: Any) -> Sequence[Finding]:
    checked: Checked = check(cib, select=codes or OURS, **how)
    assert not checked.internal_errors
    return checked.findings


def keys(cib: str, *codes: str, **how: Any) -> list[tuple[str, str | None]]:
    return [(one.code, one.problem.key) for one in found(cib, *codes, **how)]


def only(cib: str, code: str, **how: Any) -> Finding:
    (finding,) = found(cib, code, **how)
    return finding


def written_by(finding: Finding) -> str:
    """The value that the fix of a finding writes."""
    assert finding.problem.fix is not None
    (edit,) = finding.problem.fix.edits
    assert isinstance(edit, SetValue)
    return edit.value


@pytest.mark.parametrize(
    ("text", "said", "proposed"),
    [("2min", "2 seconds", "120s"), ("1h", "1 second", "3600s"), ("1500ms", "1500 seconds", "2s")],
)
def test_timeouts_of_fencing_have_no_unit_in_the_first_line(text: str, said: str, proposed: str) -> None:
    device = fence("f", pcmk_reboot_timeout=text)
    finding = only(device, "FEN506")
    assert finding.problem.consequence == f"such a release takes it for {said}"
    assert written_by(finding) == proposed
    assert not found(fence("f", pcmk_reboot_timeout=proposed), "FEN506")
    assert not check(device, select=["FEN506"], targets=frozenset(("3.0",))).findings
    assert not found(fence("f", pcmk_reboot_timeout="60"), "FEN506")


def test_how_much_time_a_priority_leaves() -> None:
    device = fence("f", pcmk_delay_max="10s")
    said = [only(options(("priority-fencing-delay", text)) + device, "OPT113").problem.consequence for text in ("10s", "15s")]
    assert said[0] == "the node with the less important resources may still win"
    assert "as little as 5s" in (said[1] or "")


@pytest.mark.parametrize(("schema", "has_effect"), [("pacemaker-2.10", True), ("pacemaker-4.0", False)])
def test_what_the_conversion_makes_something_of_is_not_just_removed(schema: str, has_effect: bool) -> None:
    text = (
        f'<cib validate-with="{schema}" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config>'
        + options(("default-resource-stickiness", "100"))
        + "</crm_config><nodes/><resources/><constraints/></configuration></cib>"
    )
    (finding,) = check(text, select=["OPT104"]).findings
    assert (finding.problem.consequence == "it has no effect") is not has_effect
    assert (finding.problem.fix is None) is has_effect


def test_the_longest_delay_may_be_one_of_a_map() -> None:
    device = fence("f", pcmk_delay_base="node1:0;node2:15s")
    assert found(options(("priority-fencing-delay", "25s")) + device, "OPT113")
    assert not found(options(("priority-fencing-delay", "30s")) + device, "OPT113")


@pytest.mark.parametrize(("pairs", "advice"), [((), "write fencing-timeout"), ((("fencing-timeout", "60"),), "remove it")])
def test_an_old_name_beside_the_new_one_can_go(pairs: Sequence[tuple[str, str]], advice: str) -> None:
    finding = only(options(("stonith-timeout", "60s"), *pairs), "OPT103", targets=ONLY_3)
    assert finding.problem.help == advice + ", once no node runs an older release than 3.0.2"


def test_that_quorum_is_ignored_is_said_once() -> None:
    checked = check(options(("no-quorum-policy", "ignore")), select=["OPT", "FEN4"])
    assert checked.codes == ["FEN403"]


def test_an_option_that_counts_no_more_is_not_said_to_work() -> None:
    assert only(options(("cluster-ipc-limit", "500")), "OPT103").problem.consequence == "Pacemaker ignores it since 3.0.1"


@pytest.mark.parametrize(
    ("name", "said", "has_fix"), [("remote-addr", "the last one counts", False), ("priority", "the first one counts", True)]
)
def test_which_of_two_pairs_counts(name: str, said: str, has_fix: bool) -> None:
    finding = only(primitive("vm", meta("vm", ("remote-node", "g"), (name, "1"), (name, "2"))), "VAL101")
    assert said in (finding.problem.consequence or "")
    assert (finding.problem.fix is not None) == has_fix


def test_two_names_of_a_guest_node_are_another_rules_matter() -> None:
    twice = meta("vm", ("remote-node", "g1"), ("remote-node", "g2"))
    assert [one.code for one in found(primitive("vm", twice), "VAL1", "REM203")] == ["REM203"]
    sets = meta("vm", ("remote-node", "g1")) + meta("vm2", ("remote-node", "g2"))
    assert [one.code for one in found(primitive("vm", sets), "VAL1", "REM203")] == ["REM203"]


@pytest.mark.parametrize(
    ("constraint", "written"),
    [
        ('<rsc_location id="l" rsc="a" node="node1" score="-1000001"/>', ["-INFINITY"]),
        ('<rsc_location id="l" rsc="a" node="node1" score="1000000"/>', []),
        ('<rsc_location id="l" rsc="a" node="node1" score="INFINITY"/>', []),
        ('<rsc_location id="l" rsc="a" node="node1" score="-INFINITY"/>', []),
        ('<rsc_colocation id="c" rsc="a" with-rsc="b" score="99999999"/>', ["INFINITY"]),
        (
            '<rsc_colocation id="c"><resource_set id="s" score="2000000"><resource_ref id="a"/></resource_set></rsc_colocation>',
            ["INFINITY"],
        ),
        (
            '<rsc_location id="l" rsc="a"><rule id="r" score="5000000">'
            '<expression id="e" attribute="x" operation="defined"/></rule></rsc_location>',
            ["INFINITY"],
        ),
    ],
)
def test_scores_of_constraints_end_at_infinity(constraint: str, written: list[str]) -> None:
    assert [written_by(one) for one in found(dummy("a", "b") + constraint, "VAL105")] == written


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ('<rsc_order id="o" first="a" then="b" kind=" Optional"/>', ["Optional"]),
        ("<rsc_order id='o' first='a' then='b' first-action='stop '/>", ["stop"]),
        ('<rsc_location id="l" rsc="a" node="node1" score=" -INFINITY"/>', ["-INFINITY"]),
        ('<rsc_location id="l" rsc="a" node="node1" score=" -100 "/>', []),
        ('<rsc_location id="l" rsc="a" node="node1" score="5" resource-discovery="never "/>', ["never"]),
        (
            '<rsc_location id="l" rsc="a"><rule id="r" score="5" boolean-op=" or">'
            '<expression id="e" attribute="x" operation=" not_defined"/></rule></rsc_location>',
            ["or", "not_defined"],
        ),
        ('<acl_role id="r"><acl_permission id="p" kind="deny " xpath=" //x "/></acl_role>', ["deny"]),
        ('<rsc_order id="o" first="a" then="b" kind="Optional"/><tag id="t" ><obj_ref id="a" /></tag>', []),
    ],
)
def test_a_blank_beside_a_word_is_not_skipped(parts: str, words: list[str]) -> None:
    assert [written_by(one) for one in found(dummy("a", "b") + parts, "SCH203")] == words


@pytest.mark.parametrize(
    ("sets", "severity"),
    [
        (options(("batch-limit", "many")), ERROR),
        (options(("batch-limit", "5")) + options(("batch-limit", "many"), name="b"), INFO),
        (options(("batch-limit", "many"), name="b") + options(("batch-limit", "5")), INFO),
        (options(("batch-limit", "many"), name="b") + options(("batch-limit", "5"), name="c", score=' score="9"'), INFO),
        (options(("batch-limit", "5"), name="b") + options(("batch-limit", "many")), ERROR),
        (
            options(("batch-limit", "many"), name="b", score=' score="9"', inside=WHEN) + options(("batch-limit", "5"), name="c"),
            ERROR,
        ),
        (
            options(("batch-limit", "5"), name="b", score=' score="9"', inside=WHEN) + options(("batch-limit", "many"), name="c"),
            ERROR,
        ),
    ],
)
def test_a_bad_value_that_another_set_overrides_does_no_harm(sets: str, severity: Severity) -> None:
    assert only(sets, "OPT102").severity == severity


@pytest.mark.parametrize(("value", "said"), [("0", ["error"]), ("-1", ["error"]), ("1s", []), ("500ms", [])])
def test_a_program_of_an_alert_has_some_time(value: str, said: list[str]) -> None:
    alert = f'<alert id="a" path="/x"><recipient id="r" value="x">{meta("r", ("timeout", value))}</recipient></alert>'
    assert [one.severity.word for one in found(alert, "ALR302")] == said


def test_a_score_with_a_blank_before_infinity_is_none() -> None:
    finding = only(primitive("a", meta("a", ("resource-stickiness", " INFINITY"))), "RES502")
    assert written_by(finding) == "INFINITY"


@pytest.mark.parametrize("pairs", [(("stonith_enabled", "false"), ("stonith-enabled", "true"))])
def test_an_old_spelling_is_not_renamed_to_what_is_there(pairs: Sequence[tuple[str, str]]) -> None:
    assert only(options(*pairs), "SCH115").problem.fix is None
    assert only(options(pairs[0]), "SCH115").problem.fix is not None


# --- unknown names ---


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("no_quorum-policy", ERROR),
        ("Symmetric-Cluster", ERROR),
        ("maintenence-mode", ERROR),
        ("fence-timeout", WARNING),
        ("our-own", WARNING),
    ],
)
def test_how_near_an_unknown_cluster_option_is_decides_how_bad_it_is(name: str, severity: int) -> None:
    assert only(options((name, "1")), "OPT101").severity == severity


def test_sets_of_agents_may_hold_anything_but_a_misspelt_option() -> None:
    assert only(options(("site", "1"), name="OurAgent"), "OPT101").severity == INFO
    assert only(options(("symetric-cluster", "1"), name="OurAgent"), "OPT101").severity == ERROR


def test_names_can_be_allowed() -> None:
    assert keys(options(("acme-site", "1"), ("redis_REPL_INFO", "n1")), "OPT101", options={"OPT101": {"allow": ("acme-*",)}}) == [
        ("OPT101", "redis_REPL_INFO")
    ]


def test_a_name_of_elsewhere_is_no_misspelling() -> None:
    finding = only(f"<rsc_defaults>{meta('d', ('no-quorum-policy', 'freeze'))}</rsc_defaults>", "RES501")
    assert finding.severity == WARNING
    assert "crm_config" in (finding.problem.help or "")


@pytest.mark.parametrize("name", ["resource-stickines", "migation-threshold", "target_role", "inteleave", "is-manged"])
def test_a_misspelt_meta_attribute_is_an_error_and_the_fix_is_not_safe(name: str) -> None:
    finding = only(primitive("a", meta("a", (name, "1"))), "RES501")
    assert finding.severity == ERROR
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


@pytest.mark.parametrize(("name", "has_defaults"), [("priority", True), ("remote-node", False)])
def test_what_makes_a_guest_node_has_no_default(name: str, has_defaults: bool) -> None:
    defaults = f"<op_defaults>{meta('d', (name, '1'))}</op_defaults>"
    for finding in (only(options((name, "1")), "OPT101"), only(defaults, "OPS301")):
        assert ("rsc_defaults" in (finding.problem.help or "")) == has_defaults


def test_numbered_names_are_of_ones_own() -> None:
    assert only(primitive("a", meta("a", ("priority2", "1"))), "RES501").severity == WARNING


# --- bad values ---


@pytest.mark.parametrize(
    ("name", "text", "meant", "is_safe"),
    [
        ("symmetric-cluster", "fasle", "false", False),
        ("symmetric-cluster", "enabled", "true", True),
        ("symmetric-cluster", " true", "true", True),
        ("stonith-action", "Off", "off", False),
        ("no-quorum-policy", "freze", "freeze", False),
        ("cluster-delay", "1d", "24h", False),
        ("cluster-delay", "pt5m", "PT5M", False),
        ("load-threshold", "80", "80%", True),
        ("migration-limit", "Infinity", "INFINITY", False),
    ],
)
def test_what_was_meant_is_proposed(name: str, text: str, meant: str, is_safe: bool) -> None:
    finding = only(options((name, text)), "OPT102")
    assert written_by(finding) == meant
    assert finding.problem.fix is not None
    assert finding.problem.fix.is_safe is is_safe


@pytest.mark.parametrize(("name", "text"), [("no-quorum-policy", "zzz"), ("stonith-max-attempts", "-INFINITY")])
def test_where_nothing_can_be_guessed_there_is_no_fix(name: str, text: str) -> None:
    assert only(options((name, text)), "OPT102").problem.fix is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("node1:1,node2:2", "node1:1;node2:2"),
        ("node1=a, node2=b", "node1=a;node2=b"),
        ("node1:1,2,node2:3", "node1:1,2;node2:3"),
        ("node1:1&#10;node2:2", "node1:1;node2:2"),
        ("&#10;node1:1; &#10;node2:2&#10;", "node1:1;node2:2\n"),
    ],
)
def test_a_comma_or_line_break_between_nodes_of_a_map(text: str, meant: str) -> None:
    finding = only(fence("f", pcmk_host_map=text), "FEN502")
    assert written_by(finding) == meant


@pytest.mark.parametrize("text", ["node1:1,2;node2:3", "node1:1\\:3,1\\:4;node2:2\\:3"])
def test_commas_and_escaped_colons_in_the_ports_of_a_map(text: str) -> None:
    assert not found(fence("f", pcmk_host_map=text), "FEN502")


@pytest.mark.parametrize("text", ["node1:1:3;node2:2", "node1:1&#10;2node:2", "node1=1=3"])
def test_the_last_colon_of_an_entry_is_taken_for_the_one_behind_the_node(text: str) -> None:
    assert "which is not a node and a port" in only(fence("f", pcmk_host_map=text), "FEN502").problem.message


@pytest.mark.parametrize("text", ["node1:1;node2:2&#10;", "node1:1;&#10;  node2:2&#10;  node3:3"])
def test_a_line_break_that_is_in_no_name_does_no_harm(text: str) -> None:
    assert not found(fence("f", pcmk_host_map=text), "FEN502", "FEN105")


def test_what_is_proposed_is_understood() -> None:
    assert only(primitive("a", meta("a", ("migration-threshold", "-INFINITY"))), "RES502").problem.fix is None


@pytest.mark.parametrize("name", ["ordered", "collocated"])
def test_a_group_has_its_order_from_around_it(name: str) -> None:
    loose, tight = (name, "no"), (name, "true")
    members = group("g", dummy("a", "b"))
    in_defaults = members + f"<rsc_defaults>{meta('d', loose)}</rsc_defaults>"
    assert only(in_defaults, "RES508").problem.affects == ("g",)
    assert keys(in_defaults.replace('<group id="g">', f'<group id="g">{meta("g", tight)}'), "RES508") == []
    assert keys(clone("k", meta("k", loose) + members), "RES508", "RES509") == [("RES508", name)]
    assert keys(clone("k", meta("k", loose) + dummy("a")), "RES508") == []


def test_only_a_fence_device_provides_something() -> None:
    provides = meta("a", ("provides", "unfencing"))
    assert keys(primitive("a", provides), "RES509") == [("RES509", "provides")]
    template = primitive("a", provides).replace("primitive", "template")
    assert keys(template + '<primitive id="b" template="a"/>', "RES509") == [("RES509", "provides")]
    assert keys(primitive("a", provides, 'class="stonith" type="fence_scsi"'), "RES509") == []
    assert keys(primitive("a", provides, 'template="nowhere"'), "RES509") == []


def test_a_bundle_has_the_promotion_of_the_clone_in_it() -> None:
    pairs = meta("u", ("promotable", "true"), ("promoted-max", "2"), ("clone-max", "1"))
    made = f'<bundle id="u">{pairs}<podman image="i:1" replicas="2"/><network control-port="3122"/>{dummy("a")}</bundle>'
    assert keys(made, "RES509") == [("RES509", "clone-max")]


def test_a_value_of_default_is_not_what_rsc_defaults_say() -> None:
    found = only(primitive("a", meta("a", ("target-role", "default"))), "RES508")
    assert found.problem.help == "remove it, or write Started where rsc_defaults say otherwise"


def test_what_nothing_reads_has_no_bad_value() -> None:
    assert keys(primitive("a", meta("a", ("interleave", "si"))), "RES5") == [("RES509", "interleave")]
    loose = clone("k", meta("k", ("collocated", "nope")) + group("g", dummy("a", "b")))
    assert keys(loose, "RES5") == [("RES502", "collocated")]


def test_a_bad_value_that_another_set_overrides_is_worth_knowing_and_one_that_may_count_is_an_error() -> None:
    bad, good = meta("low", ("priority", "nope")), meta("high", ("priority", "5"))
    better = good.replace('id="high-meta_attributes"', 'id="high-meta_attributes" score="10"')
    at_times = better.replace("><nvpair", f">{WHEN}<nvpair")
    assert only(primitive("a", bad + better), "RES502").severity == INFO
    assert only(primitive("a", bad + at_times), "RES502").severity == ERROR
    assert only(primitive("a", bad) + primitive("b", good), "RES502").severity == ERROR
    assert only(f"<rsc_defaults>{bad}{better}</rsc_defaults>", "RES502").severity == INFO


def test_a_bad_value_that_comes_to_what_was_meant_is_a_warning() -> None:
    assert only(options(("maintenance-mode", "flase")), "OPT102").severity == WARNING
    assert only(options(("maintenance-mode", "ture")), "OPT102").severity == ERROR
    assert only(primitive("a", meta("a", ("is-managed", "flase"))), "RES502").severity == WARNING


def test_a_value_in_a_template_is_one_finding_that_names_its_users() -> None:
    template = f'<template id="t" class="ocf" provider="pacemaker" type="Dummy">{meta("t", ("is-managed", "ture"))}</template>'
    users = '<primitive id="a" template="t"/><primitive id="b" template="t"/>'
    own = f'<primitive id="c" template="t">{meta("c", ("is-managed", "true"))}</primitive>'
    finding = only(template + users + own, "RES502")
    assert finding.problem.affects == ("a", "b")
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


def test_a_value_in_rsc_defaults_affects_the_kinds_that_have_the_option() -> None:
    defaults = f"<rsc_defaults>{meta('d', ('interleave', 'ture'))}</rsc_defaults>"
    finding = only(dummy("a") + clone("c", dummy("b")) + defaults, "RES502")
    assert finding.problem.affects == ("c",)


def test_a_value_in_a_cloned_group_is_found() -> None:
    inner = primitive("a", meta("a", ("critical", "maybe")))
    assert keys(clone("c", group("g", inner)), "RES502") == [("RES502", "critical")]


def test_a_set_that_only_a_rule_lets_apply_is_judged_too() -> None:
    rule = '<rule id="r" score="0"><date_expression id="d" operation="gt" start="2040-01-01"/></rule>'
    assert keys(options(("batch-limit", "many"), inside=rule), "OPT102") == [("OPT102", "batch-limit")]


def test_a_set_that_others_name_by_id_ref_is_one_finding() -> None:
    shared = primitive("a", meta("a", ("priority", "high")))
    other = primitive("b", '<meta_attributes id-ref="a-meta_attributes"/>')
    assert keys(shared + other, "RES502") == [("RES502", "priority")]


def test_the_second_of_two_pairs_is_not_judged_since_it_does_not_count() -> None:
    cib = options(("batch-limit", "1"), ("batch-limit", "many"))
    assert keys(cib, "OPT102", "VAL101") == [("VAL101", "batch-limit")]


def test_what_only_an_older_pacemaker_knows_is_judged_for_that_one() -> None:
    cib = options(("crmd-transition-delay", "soon"))
    assert keys(cib, "OPT102", targets=ONLY_2) == [("OPT102", "crmd-transition-delay")]
    assert keys(cib, "OPT102", targets=ONLY_3) == []


def test_a_part_of_a_cib_is_judged_as_far_as_it_goes() -> None:
    text = f"<rsc_defaults>{meta('d', ('priority', 'high'))}</rsc_defaults>"
    checked = check(text.encode(), select=("RES502",))
    assert checked.codes == ["RES502"]
    assert {gap.section for gap in checked.not_evaluated} == {"resources"}


def test_without_the_section_nothing_is_said() -> None:
    checked = check(b"<nodes/>", select=("OPT102", "RES502", "OPS302"))
    assert checked.codes == []
    assert {gap.code for gap in checked.not_evaluated} == {"OPT102", "RES502", "OPS302"}


# --- names that change ---


def test_an_old_name_is_right_as_long_as_a_target_knows_no_other() -> None:
    cib = options(("stonith-enabled", "false"))
    assert keys(cib, "OPT103") == []
    assert keys(cib, "OPT103", targets=ONLY_2) == []
    finding = only(cib, "OPT103", targets=ONLY_3)
    assert written_by(finding) == "fencing-enabled"


def test_a_new_name_that_the_first_releases_of_a_line_do_not_know_is_only_worth_knowing() -> None:
    finding = only(options(("stonith-watchdog-timeout", "10s")), "OPT103", targets=ONLY_3)
    assert finding.severity == INFO
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


def test_an_old_name_is_not_renamed_to_one_that_is_there() -> None:
    cib = options(("stonith-enabled", "false"), ("fencing-enabled", "false"))
    assert only(cib, "OPT103", targets=ONLY_3).problem.fix is None


def test_a_new_name_is_an_error_where_only_older_releases_run() -> None:
    cib = options(("fencing-enabled", "false"))
    assert only(cib, "OPT107").severity == INFO
    assert only(cib, "OPT107", targets=ONLY_2).severity == ERROR
    assert keys(cib, "OPT107", targets=ONLY_3) == []


def test_a_new_name_beside_the_old_one_is_how_to_be_for_both() -> None:
    assert keys(options(("fencing-enabled", "false"), ("stonith-enabled", "no")), "OPT105", "OPT107") == []


def test_two_spellings_in_two_sets_are_found() -> None:
    cib = options(("fencing-enabled", "false"), name="more") + options(("stonith-enabled", "true"))
    assert keys(cib, "OPT105") == [("OPT105", "stonith-enabled")]


def test_what_the_schema_refuses_already_is_said_once() -> None:
    checked = check(options(("no_quorum_policy", "stop")), select=("OPT", "SCH"))
    assert not any(code.startswith("OPT") for code in checked.codes)


# --- values that change ---


@pytest.mark.parametrize("role", ["Master", "slave"])
def test_old_roles_are_renamed(role: str) -> None:
    cib = clone("c", primitive("a", meta("a", ("target-role", role))))
    assert written_by(only(cib, "RES508")) in ("Promoted", "Unpromoted")


def test_an_old_role_of_an_operation_is_right_as_long_as_the_schema_has_no_other() -> None:
    op = '<operations><op id="o" name="monitor" interval="9s" role="Master"/></operations>'
    cib = (
        '<cib validate-with="pacemaker-{}" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/><nodes/><resources>'
        + clone("c", primitive("a", op))
        + "</resources><constraints/></configuration></cib>"
    )
    assert keys(cib.format("3.6"), "OPS308") == []
    assert keys(cib.format("3.7"), "OPS308") == [("OPS308", "role")]


def test_true_is_not_what_is_deprecated() -> None:
    assert keys(options(("concurrent-fencing", "yes"), ("enable-startup-probes", "on")), "OPT108") == []


def test_a_deprecation_of_pacemaker_3_is_none_for_older_releases() -> None:
    assert keys(options(("concurrent-fencing", "no")), "OPT108", targets=ONLY_2) == []


# --- operations ---


def operation(attributes: str = "", inside: str = "") -> str:
    return primitive("a", f'<operations><op id="o" name="monitor" interval="10s" {attributes}>{inside}</op></operations>')


def test_timeouts_are_judged_wherever_they_are_set() -> None:
    assert keys(operation('timeout="forever"'), "OPS302") == [("OPS302", "timeout")]
    assert keys(operation("", meta("o", ("timeout", "forever"))), "OPS302") == [("OPS302", "timeout")]
    assert keys(f"<op_defaults>{meta('d', ('timeout', 'forever'))}</op_defaults>", "OPS302") == [("OPS302", "timeout")]


def test_a_timeout_of_zero_is_a_warning() -> None:
    assert only(operation('timeout="0"'), "OPS302").severity == WARNING


def test_a_date_of_origin_is_judged() -> None:
    assert keys(operation('interval-origin="yesterday"'), "OPS302") == [("OPS302", "interval-origin")]
    assert keys(operation('interval-origin="2020-W01-1"'), "OPS302") == []


def test_parameters_of_an_agent_may_be_called_like_options() -> None:
    parameters = meta("o", ("role", "x"), ("enabled", "1"), ("OCF_CHECK_LEVEL", "10"), tag="instance_attributes")
    assert keys(operation("", parameters)) == []


# --- fence devices ---


def test_only_fence_devices_have_parameters_of_pacemaker() -> None:
    assert keys(primitive("a", meta("a", ("pcmk_docker_image", "x"), tag="instance_attributes"))) == []
    assert keys(fence("f", pcmk_docker_image="x"), "FEN501") == [("FEN501", "pcmk_docker_image")]


def test_a_device_from_a_template_is_one() -> None:
    template = '<template id="t" class="stonith" type="fence_ipmilan"/>'
    device = f'<primitive id="f" template="t">{meta("f", ("pcmk_host_check", "static"), tag="instance_attributes")}</primitive>'
    assert keys(template + device, "FEN502") == [("FEN502", "pcmk_host_check")]


@pytest.mark.parametrize("text", ["node1;node2", "node1,node2 node3"])
def test_lists_of_hosts_have_any_separator(text: str) -> None:
    assert keys(fence("f", pcmk_host_list=text)) == []


# --- nodes and alerts ---


def node(*pairs: tuple[str, str]) -> str:
    return f'<node id="9" uname="node9">{meta("node9", *pairs, tag="instance_attributes")}</node>'


def test_node_attributes_of_ones_own_are_fine() -> None:
    assert keys(node(("site", "north"), ("rack", "7"), ("standby", "off"))) == []


PROBES = '<node id="n" uname="r1" type="remote">{}</node><primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>'


@pytest.mark.parametrize(
    ("value", "fencing", "consequence"),
    [("no", "true", "it works today"), ("no", "false", "as long as fencing is off"), ("yes", "true", None)],
)
def test_probes_are_switched_off_where_there_is_fencing(value: str, fencing: str, consequence: str | None) -> None:
    attributes = meta("n", ("resource-discovery-enabled", value), tag="instance_attributes")
    told = [one.problem.consequence for one in found(PROBES.format(attributes) + options(("stonith-enabled", fencing)), "NOD303")]
    assert [str(text).partition(";")[0].partition(",")[0] for text in told] == ([consequence] if consequence else [])


@pytest.mark.parametrize(("when", "times"), [("on", 1), ("1447000000", 1), ("5x", 1), ("0", 0), ("No", 0), ("-5", 0)])
def test_a_node_is_terminated_by_what_is_greater_than_0(when: str, times: int) -> None:
    assert len(found(node(("terminate", when)), "NOD304")) == times


def test_health_counts_only_with_a_strategy() -> None:
    bad = node(("#health-disk", "bad"))
    assert keys(bad, "NOD307") == []
    assert keys(bad + options(("node-health-strategy", "custom")), "NOD307") == [("NOD307", "#health-disk")]


def test_recipients_have_options_too() -> None:
    recipient = f'<recipient id="r" value="x">{meta("r", ("timeout", "soon"))}</recipient>'
    assert keys(f'<alert id="a" path="/x">{recipient}</alert>', "ALR302") == [("ALR302", "timeout")]


# --- sets ---


def test_of_cluster_options_the_bootstrap_set_counts() -> None:
    cib = options(("batch-limit", "1")) + options(("batch-limit", "2"), name="later")
    finding = only(cib, "VAL104")
    (note,) = finding.problem.related
    assert text_of(note.place) == "batch-limit"
    assert note.place.node.get("id") == "cib-bootstrap-options-0"


def of_operation(*sets: str) -> str:
    return primitive("a", f'<operations><op id="o" name="monitor" interval="9s">{"".join(sets)}</op></operations>')


def test_what_counts_of_the_meta_attributes_of_an_operation_depends_on_the_release() -> None:
    twice = only(of_operation(meta("o", ("timeout", "11s"), ("timeout", "22s"))), "VAL101").problem
    assert "Pacemaker 2.1 takes the last one" in (twice.consequence or "")
    assert twice.fix is None
    same = only(of_operation(meta("o", ("timeout", "11s"), ("timeout", "11s"))), "VAL101").problem
    assert same.fix is not None
    two_sets = only(of_operation(meta("o", ("timeout", "11s")), meta("p", ("timeout", "22s"))), "VAL104").problem
    assert two_sets.consequence == "Pacemaker 2.1 takes this one, later releases the other one"


def test_sets_with_scores_or_rules_are_there_to_differ() -> None:
    rule = '<rule id="r" score="0"><date_expression id="d" operation="gt" start="2040-01-01"/></rule>'
    scored = options(("batch-limit", "1")) + options(("batch-limit", "2"), name="scored", score=' score="5"')
    guarded = options(("batch-limit", "1")) + options(("batch-limit", "2"), name="guarded", inside=rule)
    assert keys(scored, "VAL104") == keys(guarded, "VAL104") == []


def test_a_strategy_that_does_not_look_at_utilization_is_told() -> None:
    used = primitive("a", meta("a", ("cpu", "#default"), tag="utilization"))
    assert only(used + options(("placement-strategy", "default")), "RES511").problem.message.endswith(
        "placement-strategy is 'default'"
    )
    assert keys(used + options(("placement-strategy", "balanced")), "RES512") == []


@pytest.mark.parametrize(("amount", "told"), [("2147483647", None), ("8589934592", "2147483647"), ("16G", "16")])
def test_utilization_is_read_up_to_what_pacemaker_counts(amount: str, told: str | None) -> None:
    uses = primitive("a", meta("a", ("memory", amount), tag="utilization")) + options(("placement-strategy", "balanced"))
    assert [one.problem.message.rpartition(" ")[2] for one in found(uses, "RES513")] == ([told] if told else [])


def test_utilization_is_judged_as_far_as_it_is_looked_at() -> None:
    uses = primitive("a", meta("a", ("memory", "much"), tag="utilization"))
    assert only(uses, "RES512").severity == INFO
    assert only(uses + options(("placement-strategy", "balanced")), "RES512").severity == ERROR


def test_a_fix_of_what_others_have_from_here_is_not_safe() -> None:
    defaults = (
        f"<rsc_defaults>{meta('d', ('target-role', 'Master'), ('target-role', 'Slave'), ('master-max', '1'))}</rsc_defaults>"
    )
    fixes = [one.problem.fix for one in found(defaults, "RES503", "RES508", "VAL101")]
    assert len(fixes) == 3
    assert not any(fix is None or fix.is_safe for fix in fixes)


def test_a_rename_is_safe_only_if_the_old_name_is_read() -> None:
    assert (fix := only(options(("crmd-transition-delay", "2s")), "OPT104").problem.fix) is not None
    assert fix.is_safe
    assert (fix := only(options(("stonith_enabled", "false")), "OPT104").problem.fix) is not None
    assert not fix.is_safe


@pytest.mark.parametrize(
    ("cib", "found_"),
    [
        (options(("transition-delay", "30000")), ["warning"]),
        (options(("transition-delay", "5000")), ["info"]),
        # Whole hours, a unit, no thousands, no time at all, and nothing at all.
        *((options(("transition-delay", text)), []) for text in ("36000", "30000ms", "30000 s", "86400", "0000", "")),
        (options(("batch-limit", "30000")), []),
        # Overridden, so that it does no harm.
        (options(("transition-delay", "30s")) + options(("transition-delay", "30000")).replace("bootstrap", "other"), []),
        (primitive("a", meta("a", ("failure-timeout", "60000"))), ["warning"]),
        (
            '<op_defaults><meta_attributes id="d"><nvpair id="t" name="timeout" value="20000"/></meta_attributes></op_defaults>',
            ["warning"],
        ),
        (options(("transition-delay", "9" * 5000 + "000")), []),
    ],
)
def test_so_many_thousands_without_a_unit(cib: str, found_: list[str]) -> None:
    assert [one.severity.word for one in found(cib, "VAL106")] == found_


@pytest.mark.parametrize(
    ("name", "value", "consequence"),
    [
        ("shutdown", "1447000000", "is shut down"),
        ("shutdown", "0", "state of a running cluster"),
        ("fail-count-a#start_0", "INFINITY", "counts as failed"),
        ("fail-count-a#start_0", "0", "state of a running cluster"),
    ],
)
def test_what_follows_of_state_that_is_permanent(name: str, value: str, consequence: str) -> None:
    (one,) = found(node((name, value)), "NOD304")
    assert consequence in (one.problem.consequence or "")
