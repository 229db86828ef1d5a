"""What the examples on the pages of REM6 cannot show: indirect forms, what a rule decides, and what must stay silent."""

from __future__ import annotations

from typing import Any

import pytest

from cibcheck.testing import Checked, check, text_of

MONITOR = '<operations><op id="{0}-monitor" name="monitor" interval="30s" timeout="60s"/></operations>'
IN_2030 = '<rule id="{0}"><date_expression id="{0}-date" operation="gt" start="2030-01-01"/></rule>'


def remote(name: str = "r1", *inside: str, operations: str = MONITOR) -> str:
    content = "".join(inside) + operations.format(name)
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="remote">{content}</primitive>'


def guest(name: str = "g1", vm: str = "vm", **options: str) -> str:
    pairs = "".join(
        f'<nvpair id="{vm}-{key}" name="{key}" value="{value}"/>'
        for key, value in ({"remote-node": name} | {key.replace("_", "-"): value for key, value in options.items()}).items()
    )
    meta = f'<meta_attributes id="{vm}-meta">{pairs}</meta_attributes>'
    return f'<primitive id="{vm}" class="ocf" provider="heartbeat" type="VirtualDomain">{meta}</primitive>'


def meta(owner: str, name: str, value: str, extra: str = "", number: int = 1) -> str:
    key = f"{owner}-{name}-{number}"
    return f'<meta_attributes id="{key}-set">{extra}<nvpair id="{key}" name="{name}" value="{value}"/></meta_attributes>'


def parameter(owner: str, name: str, value: str, extra: str = "", number: int = 1) -> str:
    return meta(owner, name, value, extra, number).replace("meta_attributes", "instance_attributes")


def options(**pairs: str) -> str:
    written = "".join(f'<nvpair id="o-{key}" name="{key.replace("_", "-")}" value="{value}"/>' for key, value in pairs.items())
    return f'<cluster_property_set id="cib-bootstrap-options">{written}</cluster_property_set>'


def run(cib: str, *codes: str, **how: Any) -> Checked:
    checked = check(cib, select=codes or ("REM6",), **how)
    assert not checked.internal_errors
    return checked


def marked(cib: str, code: str, **how: Any) -> Checked:
    """Run one rule, which finds exactly what is marked."""
    checked = run(cib, code, **how)
    assert checked.spans == checked.expected
    assert checked.expected
    return checked


def is_open(cib: str, code: str, *subjects: str) -> None:
    """The rule finds nothing, and says that it could not tell."""
    checked = run(cib, code)
    assert checked.codes == []
    assert {entry.node for entry in checked.not_evaluated} == {*(subjects or ("r1",))}


# --- REM601: the monitor


@pytest.mark.parametrize(
    "op",
    [
        '<op id="o" name="monitor" interval="0"/>',
        '<op id="o" name="monitor"/>',
        '<op id="o" name="monitor" interval="often"/>',
        '<op id="o" name="start" interval="30s"/>',
        '<op id="o" name="monitor" interval="30s" role="Stopped"/>',
        '<op id="o" name="monitor" interval="30s" role="Promoted"/>',
        '<op id="o" name="monitor" interval="30s" role="Slave"/>',
    ],
)
def test_what_is_no_recurring_monitor_of_a_started_connection(op: str) -> None:
    assert run(remote(operations=f"<operations>{op}</operations>"), "REM601").codes == ["REM601"]


@pytest.mark.parametrize("interval", ["1", "30s", "1min", "PT1M", "500ms"])
@pytest.mark.parametrize("role", ["", ' role="Started"', ' role="started"'])
def test_what_is_one(interval: str, role: str) -> None:
    op = f'<op id="o" name="monitor" interval="{interval}"{role}/>'
    assert run(remote(operations=f"<operations>{op}</operations>"), "REM601").codes == []


def test_one_monitor_of_two_is_enough() -> None:
    ops = '<op id="a" name="monitor" interval="10s" enabled="false"/><op id="b" name="monitor" interval="20s"/>'
    assert run(remote(operations=f"<operations>{ops}</operations>"), "REM601").codes == []


TEMPLATE = '<template id="t" class="ocf" provider="pacemaker" type="remote">{}</template>'


def test_the_monitor_may_come_from_the_template() -> None:
    users = '<primitive id="r1" template="t"/><primitive id="r2" template="t"/>'
    assert run(TEMPLATE.format(MONITOR.format("t")) + users, "REM601").codes == []
    assert run(TEMPLATE.format("") + users, "REM601").codes == ["REM601", "REM601"]


def test_a_probe_of_the_primitive_replaces_the_monitor_of_the_template() -> None:
    probe = '<operations><op id="p" name="monitor" interval="0"/></operations>'
    assert run(TEMPLATE.format(MONITOR.format("t")) + f'<primitive id="r1" template="t">{probe}</primitive>', "REM601").codes == [
        "REM601"
    ]


def test_a_monitor_switched_off_in_the_template_is_one_finding_for_all() -> None:
    off = '<operations><op id="o" name="monitor" interval="30s" enabled="«false»"/></operations>'
    checked = marked(TEMPLATE.format(off) + '<primitive id="r1" template="t"/><primitive id="r2" template="t"/>', "REM601")
    assert checked.findings[0].problem.affects == ("r1", "r2")


def test_a_connection_where_it_makes_no_node_is_left_to_other_rules() -> None:
    assert run(f'<group id="g">{remote(operations="")}</group>', "REM601").codes == []
    assert run(f'<clone id="c">{remote(operations="")}</clone>', "REM601").codes == []


# --- REM608: its timeout


def timeout(op_timeout: str | None, default: str | None = None, **how: Any) -> Checked:
    written = f' timeout="{op_timeout}"' if op_timeout is not None else ""
    ops = f'<operations><op id="o" name="monitor" interval="30s"{written}/></operations>'
    defaults = "" if default is None else f"<op_defaults>{meta('d', 'timeout', default)}</op_defaults>"
    return run(defaults + remote(operations=ops), "REM608", **how)


@pytest.mark.parametrize(
    ("own", "default", "place"),
    [
        ("59s", None, "59s"),
        ("59", "90s", "59"),
        (None, "59", "59"),
        (None, None, "monitor"),
        ("60s", None, None),
        (None, "90s", None),
    ],
)
def test_the_timeout_of_the_operation_counts_then_op_defaults_then_20_seconds(
    own: str | None, default: str | None, place: str | None
) -> None:
    assert [text_of(one.problem.place) for one in timeout(own, default).findings] == ([place] if place else [])


def test_the_time_to_grant_is_an_option() -> None:
    assert timeout("15s", options={"REM608": {"seconds": 10}}).codes == []
    assert timeout("15s", options={"REM608": {"seconds": 16}}).codes == ["REM608"]


def test_op_defaults_shared_by_two_connections_are_one_finding() -> None:
    ops = '<operations><op id="{0}-o" name="monitor" interval="30s"/></operations>'
    cib = (
        f"<op_defaults>{meta('d', 'timeout', '«30»')}</op_defaults>" + remote("r1", operations=ops) + remote("r2", operations=ops)
    )
    assert marked(cib, "REM608").findings[0].problem.affects == ("r1", "r2")


def test_op_defaults_that_the_file_does_not_hold_are_unknown() -> None:
    ops = '<operations><op id="o" name="monitor" interval="30s"/></operations>'
    checked = check(f"<resources>{remote(operations=ops)}</resources>".encode(), select=["REM608"])
    assert checked.codes == []
    assert {entry.section for entry in checked.not_evaluated} == {"op_defaults"}


def test_a_timeout_that_a_rule_decides_is_not_evaluated() -> None:
    ops = '<operations><op id="o" name="monitor" interval="30s"/></operations>'
    is_open(f"<op_defaults>{meta('d', 'timeout', '30', IN_2030.format('dr'))}</op_defaults>" + remote(operations=ops), "REM608")


# --- REM602 to REM604: the time to connect


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("soon", ["REM602"]),
        ("", ["REM602"]),
        ("PT2M", ["REM602"]),
        ("10 days", ["REM602"]),
        ("-5", ["REM602"]),
        ("0", ["REM602"]),
        ("0.5", ["REM602"]),
        ("1", ["REM603"]),
        ("9999ms", ["REM603"]),
        ("10s", []),
        ("2min", []),
        ("20min", []),
        ("1201", ["REM604"]),
        ("1h", ["REM604"]),
    ],
)
def test_the_time_to_connect(text: str, codes: list[str]) -> None:
    assert run(guest(remote_connect_timeout=text), "REM602", "REM603", "REM604").codes == codes


def test_only_guests_have_a_time_to_connect() -> None:
    own = meta("r1", "remote-connect-timeout", "soon")
    assert run(remote("r1", own), "REM602", "REM603", "REM604").codes == []


def test_where_it_is_not_looked_at_nothing_is_said_of_its_value() -> None:
    defaults = f"<rsc_defaults>{meta('d', 'remote-connect-timeout', 'soon')}</rsc_defaults>"
    assert run(defaults + guest(), "REM602").codes == []


def test_a_guest_in_a_group_is_judged() -> None:
    assert run(f'<group id="g">{guest(remote_connect_timeout="5")}</group>', "REM603").codes == ["REM603"]


# --- REM605 to REM607: reconnecting


@pytest.mark.parametrize("text", ["0", "60", "60s", "PT1M", "1h"])
def test_valid_reconnect_intervals(text: str) -> None:
    assert run(remote("r1", parameter("r1", "reconnect_interval", text)), "REM605").codes == []


@pytest.mark.parametrize("text", ["", "often", "-60s", "P", "1d"])
def test_invalid_reconnect_intervals(text: str) -> None:
    assert run(remote("r1", parameter("r1", "reconnect_interval", text)), "REM605").codes == ["REM605"]


def test_every_reconnect_interval_that_may_count_is_judged_and_no_other() -> None:
    ruled = parameter("r1", "reconnect_interval", "«often»", IN_2030.format("x"), 3)
    counts = parameter("r1", "reconnect_interval", "«seldom»", "", 2)
    hidden = parameter("r1", "reconnect_interval", "never", "", 1)
    marked(remote("r1", hidden, counts, ruled), "REM605")


def test_a_shared_reconnect_interval_is_one_finding() -> None:
    shared = '<instance_attributes id="s"><nvpair id="s-ri" name="reconnect_interval" value="«often»"/></instance_attributes>'
    checked = marked(remote("r1", shared) + remote("r2", '<instance_attributes id-ref="s"/>'), "REM605")
    assert checked.findings[0].problem.affects == ("r1", "r2")


def test_a_failure_timeout_of_the_template_counts_as_the_connections_own() -> None:
    shared = TEMPLATE.format(MONITOR.format("t") + meta("t", "failure-timeout", "«10min»"))
    marked(shared + f'<primitive id="r1" template="t">{parameter("r1", "reconnect_interval", "60s")}</primitive>', "REM606")


@pytest.mark.parametrize(
    ("interval", "failure_timeout"),
    [(None, "10min"), ("60s", None), ("60s", "60"), ("60s", "PT1M"), ("often", "10min"), ("60s", "soon")],
)
def test_no_clash_of_reconnect_interval_and_failure_timeout(interval: str | None, failure_timeout: str | None) -> None:
    sets = [] if interval is None else [parameter("r1", "reconnect_interval", interval)]
    sets += [] if failure_timeout is None else [meta("r1", "failure-timeout", failure_timeout)]
    assert run(remote("r1", *sets), "REM606").codes == []


def test_an_ordinary_resource_may_have_both() -> None:
    inside = parameter("a", "reconnect_interval", "60s") + meta("a", "failure-timeout", "10min")
    assert (
        run(f'<primitive id="a" class="ocf" provider="pacemaker" type="Dummy">{inside}</primitive>', "REM605", "REM606").codes
        == []
    )


@pytest.mark.parametrize("attribute", ["site", "#uname", "#kind"])
def test_a_reconnect_interval_under_a_node_attribute(attribute: str) -> None:
    inner = f'<rule id="i"><expression id="e" attribute="{attribute}" operation="defined"/></rule>'
    ruled = parameter("r1", "reconnect_interval", "«60s»", f'<rule id="o" boolean-op="or">{inner}</rule>')
    marked(remote("r1", ruled), "REM607")


def test_a_rule_by_id_ref_is_followed() -> None:
    other = (
        '<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/><rsc_location id="l" rsc="a"><rule id="shared" score="1">'
        '<expression id="e" attribute="site" operation="eq" value="1"/></rule></rsc_location>'
    )
    marked(other + remote("r1", parameter("r1", "reconnect_interval", "«60s»", '<rule id-ref="shared"/>')), "REM607")


# --- REM609, REM610: switched off


@pytest.mark.parametrize(
    "off", [("target-role", "Stopped"), ("is-managed", "false"), ("is-managed", "no"), ("maintenance", "on")]
)
@pytest.mark.parametrize(
    "harmless",
    [{"stonith_enabled": "false"}, {"fencing_enabled": "off"}, {"startup_fencing": "no"}, {"maintenance_mode": "true"}],
    ids=lambda pairs: next(iter(pairs)),
)
def test_a_connection_that_is_off_is_no_news_where_nothing_is_fenced_for_it(
    off: tuple[str, str], harmless: dict[str, str]
) -> None:
    connection = remote("r1", meta("r1", *off))
    assert len(run(connection, "REM609", "REM610").codes) == 1
    assert run(options(**harmless) + connection, "REM609", "REM610").codes == []


@pytest.mark.parametrize(
    "on", [("target-role", "Started"), ("target-role", "Slave"), ("is-managed", "true"), ("maintenance", "false")]
)
def test_a_connection_that_is_on(on: tuple[str, str]) -> None:
    assert run(remote("r1", meta("r1", *on)), "REM609", "REM610").codes == []


def test_a_connection_switched_on_against_the_defaults() -> None:
    defaults = f"<rsc_defaults>{meta('d', 'target-role', 'Stopped')}{meta('d', 'is-managed', 'false')}</rsc_defaults>"
    assert (
        run(
            defaults + remote("r1", meta("r1", "target-role", "Started"), meta("r1", "is-managed", "true")), "REM609", "REM610"
        ).codes
        == []
    )


def test_all_switched_off_at_once_is_one_finding() -> None:
    cib = f"<rsc_defaults>{meta('d', 'is-managed', '«false»')}</rsc_defaults>" + remote("r1") + remote("r2")
    assert marked(cib, "REM610").findings[0].problem.affects == ("r1", "r2")


def test_maintenance_and_unmanaged_at_once_are_one_finding() -> None:
    marked(remote("r1", meta("r1", "maintenance", "«true»"), meta("r1", "is-managed", "false")), "REM610")


@pytest.mark.parametrize(("code", "name", "value"), [("REM609", "target-role", "Stopped"), ("REM610", "is-managed", "false")])
def test_what_a_rule_decides_is_not_evaluated(code: str, name: str, value: str) -> None:
    is_open(remote("r1", meta("r1", name, value, IN_2030.format("x"))), code)
    undecided = f'<cluster_property_set id="p">{IN_2030.format("y")}<nvpair id="p-se" name="stonith-enabled" value="false"/></cluster_property_set>'
    is_open(undecided + remote("r1", meta("r1", name, value)), code)


def test_a_disabled_fence_device_or_service_is_another_matter() -> None:
    service = f'<primitive id="a" class="ocf" provider="pacemaker" type="Dummy">{meta("a", "target-role", "Stopped")}</primitive>'
    assert run(service + remote(), "REM609", "REM610", "REM611").codes == []


# --- REM611, REM612: guests


def test_a_disabled_guest_lists_what_belongs_into_it() -> None:
    cib = (
        guest(target_role="«Stopped»")
        + "".join(f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy"/>' for name in ("a", "b", "c"))
        + '<rsc_location id="l-a" rsc="a" node="G1" score="INFINITY"/>'
        + '<rsc_location id="l-b" rsc="b"><rule id="l-b-r" score="INFINITY">'
        + '<expression id="l-b-e" attribute="#uname" operation="eq" value="g1"/></rule></rsc_location>'
        + '<rsc_location id="l-c" rsc="c" node="g1" score="100"/>'
    )
    problem = marked(cib, "REM611").findings[0].problem
    assert "'a', 'b'" in problem.message
    assert [note.label for note in problem.related] == ["binds 'a' to the guest", "binds 'b' to the guest"]


def test_a_disabled_guest_is_told_where_constraints_are_unknown() -> None:
    cib = f"<cib><configuration><crm_config/><resources>{guest(target_role='Stopped')}</resources></configuration></cib>"
    checked = run(cib, "REM611")
    assert checked.codes == ["REM611"]
    assert {entry.section for entry in checked.not_evaluated} == {"constraints"}


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"allow_migrate": "true"}, ["REM612"]),
        ({"allow_migrate": "1", "remote_allow_migrate": "off"}, ["REM612"]),
        ({"allow_migrate": "true", "remote_allow_migrate": "sure"}, ["REM612"]),
        ({"allow_migrate": "true", "remote_allow_migrate": "yes"}, []),
        ({"allow_migrate": "false"}, []),
        ({}, []),
    ],
)
def test_migration_with_and_without_the_connection(given: dict[str, str], codes: list[str]) -> None:
    assert run(guest(**given), "REM612").codes == codes


def test_migration_allowed_for_all_is_one_finding() -> None:
    cib = f"<rsc_defaults>{meta('d', 'allow-migrate', '«true»')}</rsc_defaults>" + guest("g1", "vm1") + guest("g2", "vm2")
    assert marked(cib, "REM612").findings[0].problem.affects == ("vm1", "vm2")


def test_the_option_of_the_guest_counts_only_in_the_primitive() -> None:
    defaults = f"<rsc_defaults>{meta('d', 'remote-allow-migrate', 'true')}</rsc_defaults>"
    assert run(defaults + guest(allow_migrate="true"), "REM612").codes == ["REM612"]


# --- REM613: fencing


def test_one_finding_for_all_remote_nodes() -> None:
    checked = marked(options(stonith_enabled="«false»") + remote("r1") + remote("r2"), "REM613")
    assert checked.findings[0].problem.affects == ("r1", "r2")


@pytest.mark.parametrize(
    "pairs",
    [{}, {"stonith_enabled": "true"}, {"stonith_enabled": "maybe"}, {"fencing_enabled": "true", "stonith_enabled": "false"}],
)
def test_fencing_that_is_on(pairs: dict[str, str]) -> None:
    assert run(options(**pairs) + remote(), "REM613").codes == []


def test_without_remote_nodes_it_is_another_rules_matter() -> None:
    assert run(options(stonith_enabled="false") + guest(), "REM613").codes == []


def test_fencing_that_a_rule_decides_is_not_evaluated() -> None:
    undecided = f'<cluster_property_set id="p">{IN_2030.format("y")}<nvpair id="se" name="stonith-enabled" value="false"/></cluster_property_set>'
    checked = run(undecided + remote(), "REM613")
    assert checked.codes == []
    assert len(checked.not_evaluated) == 1


def test_options_that_the_file_does_not_hold_are_unknown() -> None:
    cib = f"<cib><configuration><resources>{remote('r1', meta('r1', 'target-role', 'Stopped'))}</resources></configuration></cib>"
    checked = run(cib, "REM609", "REM613")
    assert checked.codes == []
    assert {(entry.code, entry.section) for entry in checked.not_evaluated} == {
        ("REM609", "crm_config"),
        ("REM613", "crm_config"),
    }
