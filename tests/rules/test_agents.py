"""AGT: the indirect forms of each mistake, and what looks like one and is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cibcheck.agents.catalogue import FIRST_LINE
from cibcheck.api import ERROR, INFO, WARNING
from cibcheck.cli.builtin import all_rules
from cibcheck.testing import RuleTester
from command import cibcheck
from rules.forms import dummy

if TYPE_CHECKING:
    from pathlib import Path

RULES = {rule.code: rule for rule in all_rules(plugins=False)}


def judge(code: str, **how: Any) -> RuleTester:
    return RuleTester(RULES[code], **how)


def pairs(owner: str, /, kind: str = "instance_attributes", attributes: str = "", **values: str) -> str:
    inner = "".join(f'<nvpair id="{owner}-{key}" name="{key}" value="{value}"/>' for key, value in values.items())
    return f'<{kind} id="{owner}-{kind[0]}" {attributes}>{inner}</{kind}>'


def guarded(owner: str, **values: str) -> str:
    inner = "".join(f'<nvpair id="{owner}-g-{key}" name="{key}" value="{value}"/>' for key, value in values.items())
    rule = f'<rule id="{owner}-r" score="0"><expression id="{owner}-e" attribute="#uname" operation="eq" value="node1"/></rule>'
    return f'<instance_attributes id="{owner}-g" score="5">{rule}{inner}</instance_attributes>'


def address(name: str, inner: str) -> str:
    return f'<primitive id="{name}" class="ocf" provider="heartbeat" type="IPaddr2">{inner}</primitive>'


def device(inner: str, agent: str = "fence_apc") -> str:
    return f'<primitive id="f" class="stonith" type="{agent}">{inner}</primitive>'


def app(inner: str, agent: str = "Dummy") -> str:
    return f'<primitive id="app" class="ocf" provider="pacemaker" type="{agent}">{inner}</primitive>'


def op(name: str, interval: str = "10s", more: str = "", inner: str = "") -> str:
    return f'<op id="app-{name}-{interval}" name="{name}" interval="{interval}" {more}>{inner}</op>'


# --- AGT101


@pytest.mark.parametrize(
    "agent",
    [
        'class="ocf" provider="heartbeat" type="drbd"',
        'class="ocf" provider="heartbeat" type="pgsqlms"',
        'class="ocf" provider="heartbeat" type="SAPHanaController"',
        'class="ocf" provider="heartbeat" type="/usr/lib/heartbeat/cts/OCFMSDummy"',
        'class="ocf" provider="linbit" type="drdb"',
        'class="stonith" type="external/ipmi"',
        'class="stonith" type="fence_xvm"',
        'class="stonith" type="meatware"',
        'class="lsb" type="IPadr2"',
        'class="ocf" type="IPadr2"',
        'template="nowhere"',
    ],
)
def test_agents_that_are_gone_elsewhere_or_nobody_can_tell_of(agent: str) -> None:
    judge("AGT101").valid(f'<primitive id="a" {agent}/>')


@pytest.mark.parametrize(
    ("agent", "severity", "key"),
    [
        ('class="ocf" provider="heartbeat" type="«Filesytem»"', WARNING, "Filesytem"),
        ('class="ocf" provider="pacemaker" type="«dummy»"', WARNING, "dummy"),
        ('class="stonith" type="«fence_ipmlan»"', WARNING, "fence_ipmlan"),
        ('class="ocf" provider="heartbeat" type="«ourapp»"', INFO, "ourapp"),
        ('class="stonith" type="«fence_ours»"', INFO, "fence_ours"),
    ],
)
def test_only_a_near_miss_is_more_than_worth_knowing(agent: str, severity: object, key: str) -> None:
    (finding,) = judge("AGT101").invalid(f'<primitive id="a" {agent}/>', key=key)
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("agent", "meant"),
    [
        ("hearbeat:Dummy", "heartbeat"),
        ("Heartbeat:IPaddr2", "heartbeat"),
        ("heartbeat :IPaddr2", "heartbeat"),
        ("pacemaker2:ping", "pacemaker"),
    ],
)
def test_a_misspelt_provider_is_told_where_it_has_the_agent(agent: str, meant: str) -> None:
    provider, kind = agent.split(":")
    (finding,) = judge("AGT101").check(f'<primitive id="a" class="ocf" provider="{provider}" type="{kind}"/>').findings
    assert finding.severity == WARNING
    assert finding.problem.help == f"the agent may be ocf:{meant}:{kind}"
    judge("AGT101").valid(f'<primitive id="a" class="ocf" provider="{provider}" type="acme-{kind}"/>')


@pytest.mark.parametrize("names", ['provider="heartbeat" type="«»"', 'provider="«»" type="Dummy"'])
def test_an_agent_has_a_name(names: str) -> None:
    judge("AGT101").invalid(f'<primitive id="a" class="ocf" {names}/>')


def test_in_a_template_it_is_one_finding_for_all_who_use_it() -> None:
    cib = '<template id="t" class="ocf" provider="heartbeat" type="«IPadr2»"/>' + "".join(
        f'<primitive id="{name}" template="t"/>' for name in ("a", "b")
    )
    (finding,) = judge("AGT101").invalid(cib)
    assert finding.problem.affects == ("a", "b")


def site(folder: Path, agents: str, resources: str) -> str:
    """What is found in a CIB with a catalogue of one's own."""
    (folder / "site.txt").write_text(f"{FIRST_LINE}\n{agents}")
    (folder / "cibcheck.toml").write_text('agents = ["site.txt"]\n')
    (folder / "cib.xml").write_text(
        f"<cib><configuration><crm_config/><nodes/><resources>{resources}</resources><constraints/></configuration></cib>"
    )
    config = str(folder / "cibcheck.toml")
    return cibcheck("check", str(folder / "cib.xml"), "--config", config, "--select", "AGT", "--output-format", "concise").out


def test_what_is_not_in_a_catalogue_of_ones_own_is_a_warning(tmp_path: Path) -> None:
    out = site(
        tmp_path,
        "covers ocf:acme:\n\nocf:acme:app\n  port integer required\n",
        '<primitive id="a" class="ocf" provider="acme" type="app"/><primitive id="b" class="ocf" provider="acme" type="other"/>',
    )
    assert "error[AGT112[port]] 'a' lacks 'port', which ocf:acme:app requires" in out
    assert "warning[AGT101[other]] no agent 'ocf:acme:other' is known" in out


def test_what_the_users_catalogue_covers_is_for_it_to_know(tmp_path: Path) -> None:
    out = site(
        tmp_path,
        "covers ocf:heartbeat:\n\nocf:heartbeat:IPaddr2 name-only\n",
        address("a", "") + '<primitive id="b" class="ocf" provider="heartbeat" type="Dummy"/>',
    )
    assert "warning[AGT101[Dummy]] no agent 'ocf:heartbeat:Dummy' is known" in out
    assert "error[AGT112[ip]] 'a' lacks 'ip'" in out
    assert out.count("AGT101") == 1


def test_the_role_of_a_monitor_picks_the_advice(tmp_path: Path) -> None:
    monitors = "".join(
        op("monitor", f"{number}s", f'role="{role}" timeout="20s"') for number, role in ((1, "Master"), (2, "Slave"))
    )
    out = site(
        tmp_path,
        "\nocf:acme:app\n  monitor() timeout=20s role=Unpromoted\n  monitor() timeout=30s role=Promoted\n",
        f'<primitive id="a" class="ocf" provider="acme" type="app"><operations>{monitors}</operations></primitive>',
    )
    assert out.count("AGT122") == 1
    assert "monitor of 'a' may take 20s; ocf:acme:app advises 30s" in out


def test_parameters_of_a_group_must_differ_together(tmp_path: Path) -> None:
    def listener(name: str, **parameters: str) -> str:
        return f'<primitive id="{name}" class="ocf" provider="acme" type="app">{pairs(name, **parameters)}</primitive>'

    out = site(
        tmp_path,
        "\nocf:acme:app\n  host string group=address\n  port integer group=address\n",
        listener("a", host="x", port="1")
        + listener("b", host="x", port="2")
        + listener("c", host="x", port="1")
        + listener("d", port="1"),
    )
    assert out.count("AGT118") == 1
    assert "AGT118[address]] 'c' and 'a' have the same host and port" in out


# --- AGT111


@pytest.mark.parametrize(
    "cib",
    [
        device(pairs("f", ip="x", username="u", pcmk_off_action="off", priority="1", **{"stonith-timeout": "9"})),
        device(pairs("f", **{"login-timeout": "5"})),
        app(pairs("app", trace_ra="1", trace_file="x", trace_dir="x", OCF_CHECK_LEVEL="10")),
        app(pairs("app", **{"$comment": "x"})),
        app(pairs("app", addr="x"), "remote"),
        f'<group id="g">{pairs("g", ip="192.0.2.1")}{dummy("a")}{address("b", "")}</group>',
        f'<primitive id="a" class="ocf" provider="acme" type="x">{pairs("s", colour="red")}</primitive>'
        + app('<instance_attributes id-ref="s-i"/>'),
        '<primitive id="a" class="stonith" type="fence_xvm">' + pairs("a", anything="1") + "</primitive>",
    ],
)
def test_parameters_that_somebody_takes(cib: str) -> None:
    judge("AGT111").valid(cib)


@pytest.mark.parametrize(
    ("cib", "key", "help_"),
    [
        (app(pairs("app", CRM_meta_timeout="5")), "CRM_meta_timeout", "take it out"),
        (app(pairs("app", pcmk_host_list="n")), "pcmk_host_list", "take it out"),
        (device(pairs("f", trace_ra="1")), "trace_ra", "take it out"),
        (app(pairs("app", target_role="Stopped")), "target_role", "'target-role' is a meta-attribute"),
        (app(pairs("app", timeout="5")), "timeout", "'timeout' is an option of operations"),
        (app(guarded("app", sttae="x")), "sttae", "did you mean 'state'?"),
        (address("a", pairs("a", IP="x")), "IP", "did you mean 'ip'?"),
        (address("a", pairs("a", **{"cidr-netmask": "24"})), "cidr-netmask", "did you mean 'cidr_netmask'?"),
        (device(pairs("f", usernam="x")), "usernam", "did you mean 'username'?"),
    ],
)
def test_parameters_that_nobody_takes(cib: str, key: str, help_: str) -> None:
    (finding,) = judge("AGT111").invalid(cib, key=key)
    assert help_ in (finding.problem.help or "")


def test_in_a_group_it_is_one_finding_for_all_members() -> None:
    (finding,) = judge("AGT111").invalid(f'<group id="g">{pairs("g", colour="red")}{dummy("a")}{address("b", "")}</group>')
    assert finding.problem.affects == ("a", "b")
    assert "ocf:pacemaker:Dummy and 1 other agent" in finding.problem.message


def test_a_fix_renames_what_is_misspelt_if_the_right_name_is_free() -> None:
    (finding,) = judge("AGT111").invalid(address("a", pairs("a", ipp="x")))
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe
    (finding,) = judge("AGT111").invalid(address("a", pairs("a", ipp="x", ip="y")))
    assert finding.problem.fix is None


# --- AGT112, AGT117


IP = pairs("s", ip="192.0.2.1")


@pytest.mark.parametrize(
    "cib",
    [
        address("a", IP),
        f'<template id="t" class="ocf" provider="heartbeat" type="IPaddr2">{IP}</template><primitive id="a" template="t"/>',
        f'<group id="g">{IP}{address("a", "")}</group>',
        f'<clone id="c">{IP}{address("a", "")}</clone>',
        address("a", guarded("a", ip="192.0.2.2") + IP),
        device(pairs("f", ipaddr="x", login="y")),
        device(pairs("f", ip="lrm://", username="y")),
        '<template id="t" class="ocf" provider="heartbeat" type="IPaddr2"/>',
        '<primitive id="a" class="ocf" provider="heartbeat" type="IPaddr2" template="nowhere"/>',
        device(pairs("f", port_as_ip="1", username="y")),
    ],
)
def test_required_parameters_that_are_set_in_some_way(cib: str) -> None:
    judge("AGT112").valid(cib)


def test_a_set_that_pacemaker_3_no_longer_follows() -> None:
    cib = address("a", IP) + address("b", '<instance_attributes id-ref="s-i"/>')
    judge("AGT112", targets=frozenset(("2.1",))).valid(cib)
    checked = judge("AGT112").check(cib)
    assert checked.findings == []
    assert [gap.reason for gap in checked.not_evaluated] == [
        "whether 'b' has 'ip' depends on a rule, or on the version of Pacemaker"
    ]


def test_what_only_a_rule_sets_is_not_evaluated() -> None:
    checked = judge("AGT112").check(address("a", guarded("a", ip="192.0.2.1")))
    assert (checked.findings, len(checked.not_evaluated)) == ([], 1)


@pytest.mark.parametrize(
    ("cib", "keys", "severity"),
    [
        (address("a", ""), ["ip"], ERROR),
        (address("a", pairs("a", ip=" ")), ["ip"], ERROR),
        (device(""), ["ip", "username"], ERROR),
        (device(pairs("f", ipaddr="")), ["ip", "username"], ERROR),
        (f'<bundle id="b"><podman image="i"/>{address("a", "")}</bundle>', ["ip"], ERROR),
        (f'<clone id="c"><group id="g">{address("a", "")}</group></clone>', ["ip"], ERROR),
        ('<primitive id="a" class="ocf" provider="heartbeat" type="WinPopup"/>', ["hostfile"], INFO),
    ],
)
def test_required_parameters_that_are_not_set(cib: str, keys: list[str], severity: object) -> None:
    found = judge("AGT112").check(cib).findings
    assert sorted(str(finding.problem.key) for finding in found) == keys
    assert {finding.severity for finding in found} == {severity}
    assert all((severity is INFO) == ("default" in str(finding.problem.consequence)) for finding in found)


def test_an_empty_required_parameter_is_missing_and_no_second_finding() -> None:
    judge("AGT117").valid(address("a", pairs("a", ip="")))
    judge("AGT117").invalid(address("a", pairs("a", ip="x", nic="")), key="nic")


# --- AGT113, AGT114


@pytest.mark.parametrize("value", ["5", "-1", "+5", "5s", "5ms", "1.5", "2 min", "INFINITY", "0x1f", " 5 ", "", "lrm://"])
def test_whole_numbers_as_agents_take_them(value: str) -> None:
    judge("AGT113").valid(address("a", pairs("a", arp_count=value)))


@pytest.mark.parametrize("value", ["yes", "TRUE", "on", "1", "0", "ja", "Off", "n", "", "lrm://x"])
def test_booleans_as_agents_take_them(value: str) -> None:
    judge("AGT113").valid(address("a", pairs("a", lvs_support=value)))


@pytest.mark.parametrize(("name", "value"), [("lvs_support", "maybe"), ("arp_count", "many"), ("arp_count", "5 apples")])
def test_values_that_no_agent_understands(name: str, value: str) -> None:
    judge("AGT113").invalid(address("a", pairs("a", **{name: value})), key=name)


@pytest.mark.parametrize(
    ("agent", "name", "value", "is_found"),
    [
        *(("fence_ipmilan", "power_timeout", value, True) for value in ("5s", "1.5", "1m", "INFINITY", "five")),
        *(("fence_ipmilan", "power_timeout", value, False) for value in ("5", " 5", "+5", "-1", "")),
        ("fence_ipmilan", "ipport", "0x10", True),
        # It is a program of its own.
        ("fence_virt", "vsock", "5s", False),
    ],
)
def test_fence_agents_take_nothing_but_whole_numbers(agent: str, name: str, value: str, is_found: bool) -> None:
    assert [one.problem.key for one in judge("AGT113").check(device(pairs("f", **{name: value}), agent)).findings] == [
        name
    ] * is_found


@pytest.mark.parametrize("value", ["operator", "OPERATOR", "lrm://", ""])
def test_choices_do_not_mind_case(value: str) -> None:
    judge("AGT114").valid(device(pairs("f", privlvl=value), "fence_ipmilan"))


def test_other_choices_are_told() -> None:
    (finding,) = judge("AGT114").invalid(device(pairs("f", privlvl="root"), "fence_ipmilan"), key="privlvl")
    assert finding.problem.help == "the choices are 'administrator', 'callback', 'operator', 'user'"


# --- AGT115, AGT116


def test_what_is_for_pacemaker_is_left_to_the_rules_about_fencing_and_remote_nodes() -> None:
    sound = {"ip": "x", "username": "u", "password": "p"}
    for more in ({"pcmk_host_list": ""}, {"PCMK_delay_max": "5s"}, {"pcmk-host-map": "n1:1"}, {"fencing-timeout": "5s"}):
        for code in ("AGT111", "AGT113", "AGT117"):
            judge(code).valid(device(pairs("f", **sound, **more)))
    for more in ({"server": ""}, {"port": "abc"}, {"Server": "192.0.2.1"}):
        for code in ("AGT111", "AGT113", "AGT117"):
            judge(code).valid(app(pairs("r", **more), "remote"))
    judge("AGT117").invalid(device(pairs("f", **sound, identity_file="")))


def test_a_renaming_is_not_safe_since_a_running_cluster_restarts_the_resource() -> None:
    (finding,) = judge("AGT115").invalid(device(pairs("f", ipaddr="x")))
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


def test_a_renaming_in_a_template_with_several_users_is_not_safe() -> None:
    template = f'<template id="t" class="stonith" type="fence_apc">{pairs("t", login="u")}</template>'
    (finding,) = judge("AGT115").invalid(template + '<primitive id="a" template="t"/><primitive id="b" template="t"/>')
    assert finding.problem.affects == ("a", "b")
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


@pytest.mark.parametrize("other", [pairs("f2", ip="y"), guarded("f2", ip="y")])
def test_there_is_no_renaming_where_the_new_name_is_set_too(other: str) -> None:
    (finding,) = judge("AGT115").invalid(device(pairs("f", ipaddr="x") + other))
    assert finding.problem.fix is None


def test_one_value_by_two_names_is_one_mistake() -> None:
    judge("AGT116").valid(device(pairs("f", ip="x", ipaddr="x")))
    judge("AGT116").valid(device(pairs("f", ip="x") + guarded("f", ipaddr="y")))
    judge("AGT116").invalid(
        f'<template id="t" class="stonith" type="fence_apc">{pairs("t", login="u")}</template>'
        f'<primitive id="a" template="t">{pairs("a", username="v")}</primitive>',
        key="username",
    )


# --- AGT118


@pytest.mark.parametrize(
    "cib",
    [
        f'<clone id="c">{address("a", IP)}</clone>',
        address("a", IP) + address("b", guarded("b", ip="192.0.2.1")),
        address("a", pairs("a", nic="eth0")) + address("b", pairs("b", nic="eth0")),
        address("a", pairs("a", ip="lrm://")) + address("b", pairs("b", ip="lrm://")),
        address("a", IP) + f'<bundle id="b"><podman image="i"/>{address("b", pairs("b", ip="192.0.2.1"))}</bundle>',
        device(pairs("f", ip="x")) + device(pairs("f2", ip="x")).replace('id="f"', 'id="f2"'),
        app(pairs("a", server="x"), "remote") + app(pairs("b", server="x"), "remote").replace('id="app"', 'id="b"'),
        dummy("a", "b"),
    ],
)
def test_values_that_may_be_the_same(cib: str) -> None:
    judge("AGT118").valid(cib)


def test_two_that_share_a_template_share_its_address() -> None:
    template = f'<template id="t" class="ocf" provider="heartbeat" type="IPaddr2">{IP}</template>'
    (finding,) = judge("AGT118").invalid(template + '<primitive id="a" template="t"/><primitive id="b" template="t"/>', key="ip")
    assert finding.problem.affects == ("a", "b")
    assert finding.problem.related == ()


# --- AGT121


def test_operations_of_fence_devices_and_of_agents_nobody_knows() -> None:
    operations = "".join(op(name, "0s") for name in ("start", "stop", "monitor", "off"))
    judge("AGT121").valid(device(f"<operations>{operations}</operations>"))
    judge("AGT121").valid(f'<primitive id="a" class="systemd" type="x"><operations>{op("monitr")}</operations></primitive>')


@pytest.mark.parametrize(
    ("written", "severity"),
    [(op("monitr"), WARNING), (op("strat", "0s"), WARNING), (op("notify", "0s"), INFO), (op("watch"), WARNING)],
)
def test_only_an_operation_that_runs_or_is_misspelt_is_a_warning(written: str, severity: object) -> None:
    (finding,) = judge("AGT121").invalid(app(f"<operations>{written}</operations>"))
    assert finding.severity is severity


def test_an_operation_of_a_template_is_one_finding() -> None:
    template = (
        f'<template id="t" class="ocf" provider="pacemaker" type="Dummy"><operations>{op("monitr")}</operations></template>'
    )
    (finding,) = judge("AGT121").invalid(template + '<primitive id="a" template="t"/><primitive id="b" template="t"/>')
    assert finding.problem.affects == ("a", "b")


# --- AGT122, AGT125


def timed(*operations: str, agent: str = "Dummy", provider: str = "pacemaker") -> str:
    primitive = app(f"<operations>{''.join(operations)}</operations>", agent)
    return primitive.replace('provider="pacemaker"', f'provider="{provider}"')


DEFAULTS = '<op_defaults><meta_attributes id="d"><nvpair id="d-t" name="timeout" value="{}"/></meta_attributes></op_defaults>'


@pytest.mark.parametrize(
    "cib",
    [
        timed(op("monitor", more='timeout="20"')),
        timed(op("monitor", more='timeout="20000ms"')),
        timed(op("monitor", more='timeout="5s" enabled="false"')),
        timed(op("monitor", "0s", more='timeout="5s"')),
        timed(op("monitor", more='timeout="soon"')),
        timed(op("monitor", more='timeout="0"')),
        # More is for a deeper look.
        timed(op("monitor", more='timeout="30s"'), agent="nginx", provider="heartbeat"),
        device("<operations>" + op("monitor", more='timeout="1s"') + "</operations>"),
        app("<operations>" + op("monitor", more='timeout="1s"') + "</operations>", "remote"),
        timed() + DEFAULTS.format("20s"),
        timed() + DEFAULTS.format("soon"),
    ],
)
def test_timeouts_that_are_long_enough_or_another_rules_matter(cib: str) -> None:
    judge("AGT122").valid(cib)


@pytest.mark.parametrize(
    ("cib", "key"),
    [
        (timed(op("monitor", more='timeout="«19»"')), "monitor"),
        (timed(op("reload", "0s", more='timeout="«1s»"')), "reload"),
        (timed(op("start", "0s", more='timeout="9s"')).replace("9s", "«9s»") + DEFAULTS.format("99s"), "start"),
        (timed() + dummy("b") + DEFAULTS.format("«5s»"), "timeout"),
        (
            timed(
                op("monitor", inner='<meta_attributes id="m"><nvpair id="m-t" name="timeout" value="«5s»"/></meta_attributes>')
            ),
            "timeout",
        ),
    ],
)
def test_timeouts_that_are_too_short(cib: str, key: str) -> None:
    judge("AGT122").invalid(cib, key=key)


@pytest.mark.parametrize(
    ("fencing", "more", "said"),
    [
        ("true", "", "the node is fenced"),
        ("false", "", "the resource is not started elsewhere"),
        ("true", 'on-fail="block"', "the resource is not started elsewhere"),
        ("true", 'on-fail="ignore"', "counts as failed"),
    ],
)
def test_what_follows_from_a_stop_that_takes_too_long(fencing: str, more: str, said: str) -> None:
    switch = f'<cluster_property_set id="ps"><nvpair id="se" name="stonith-enabled" value="{fencing}"/></cluster_property_set>'
    (finding,) = judge("AGT122").invalid(switch + timed(op("stop", "0s", more=f'timeout="«9s»" {more}')))
    assert said in (finding.problem.consequence or "")


def test_the_depth_of_a_monitor_picks_the_advice() -> None:
    deep = '<instance_attributes id="l"><nvpair id="l-l" name="OCF_CHECK_LEVEL" value="20"/></instance_attributes>'
    text = timed(op("monitor", more='timeout="30s"', inner=deep), agent="nginx", provider="heartbeat")
    assert "advises 45s" in judge("AGT122").invalid(text)[0].problem.message


def test_a_default_that_only_a_rule_sets_is_not_judged() -> None:
    conditional = DEFAULTS.format("5s").replace(
        "<nvpair", '<rule id="dr" score="0"><op_expression id="de" name="start"/></rule><nvpair', 1
    )
    judge("AGT122").valid(timed() + conditional)
    judge("AGT125").valid(timed() + conditional)


def test_pacemakers_own_default_is_one_finding_for_all() -> None:
    data = '<primitive id="{}" class="ocf" provider="heartbeat" type="Filesystem"/>'
    (finding,) = judge("AGT125").invalid(data.format("a") + data.format("b") + dummy("c"))
    assert finding.problem.affects == ("a", "b")
    judge("AGT125").valid(data.format("a") + DEFAULTS.format("5s"))


def test_where_the_defaults_are_unknown_nothing_is_said() -> None:
    cib = '<resources><primitive id="a" class="ocf" provider="heartbeat" type="Filesystem"/></resources>'
    for code in ("AGT122", "AGT125"):
        checked = judge(code).check(cib.encode())
        assert checked.findings == []
        assert [gap.section for gap in checked.not_evaluated] == ["op_defaults"]


def test_the_wrapper_of_plugins_takes_what_they_take() -> None:
    text = device(
        pairs("f", plugin="external/ipmi") + "<operations>" + op("monitor", more='timeout="20s"') + "</operations>",
        "fence_legacy",
    )
    for code in ("AGT101", "AGT111", "AGT121"):
        judge(code).valid(text)


# --- AGT123, AGT124


@pytest.mark.parametrize(
    "cib",
    [
        f'<clone id="c">{pairs("c", "meta_attributes", promotable="false")}{dummy("a")}</clone>',
        f'<clone id="c">{dummy("a")}</clone>',
        f'<master id="c">{app("", "Stateful")}</master>',
        '<master id="c"><primitive id="a" class="ocf" provider="linbit" type="drbd"/></master>',
    ],
)
def test_clones_that_are_not_promoted_or_can_be(cib: str) -> None:
    judge("AGT123").valid(cib)


@pytest.mark.parametrize(
    "cib",
    [
        f'<«master» id="c">{dummy("a")}</master>',
        f'<clone id="c">{pairs("c", "meta_attributes", promotable="«yes»")}<group id="g">{app("", "Stateful")}{dummy("a")}</group></clone>',
        f'<rsc_defaults>{pairs("d", "meta_attributes", promotable="«true»")}</rsc_defaults><clone id="c">{dummy("a")}</clone>',
    ],
)
def test_clones_that_cannot_be_promoted(cib: str) -> None:
    judge("AGT123").invalid(cib, key="Dummy")


def test_unfencing_may_come_from_a_template_or_not_be_for_this_agent() -> None:
    provides = pairs("t", "meta_attributes", provides="unfencing")
    judge("AGT124").valid(
        f'<template id="t" class="stonith" type="fence_scsi">{provides}</template><primitive id="a" template="t"/>'
    )
    judge("AGT124").valid(device("", "fence_ipmilan"))
    judge("AGT124").invalid(device("", "fence_mpath"), key="fence_mpath")


@pytest.mark.parametrize(
    ("resource", "is_found"),
    [
        (
            f'<primitive id="r" class="ocf" provider="heartbeat" type="Dummy">{pairs("r", "meta_attributes", requires="unfencing")}</primitive>',
            False,
        ),
        (f"<rsc_defaults>{pairs('r', 'meta_attributes', requires='Unfencing')}</rsc_defaults>", False),
        (
            f'<primitive id="r" class="ocf" provider="heartbeat" type="Dummy">{pairs("r", "meta_attributes", requires="fencing")}</primitive>',
            True,
        ),
    ],
)
def test_a_resource_that_requires_unfencing_has_all_nodes_unfenced(resource: str, is_found: bool) -> None:
    assert [one.code for one in judge("AGT124").check(device("", "fence_scsi") + resource).findings] == ["AGT124"] * is_found
