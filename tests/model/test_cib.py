"""Resources, nodes and constraints as a cluster understands them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cibcheck.model.ledger import Gap, Unknown
from cibcheck.model.placement import Candidate, compile_pattern
from model.cibs import cib, dummy, meta, remote, section

if TYPE_CHECKING:
    from cibcheck.model.cib import Cib
    from cibcheck.model.constraints import Colocation, Order


def guest(name: str, vm: str = "vm") -> str:
    return dummy(vm, meta(f"{vm}-m", "remote-node", name))


def test_resources_are_found_at_any_depth_with_their_ancestors() -> None:
    model = cib(
        f'<clone id="c"><group id="g">{dummy("a")}{dummy("b")}</group></clone><bundle id="x"><podman image="i"/>{dummy("d")}</bundle>'
    )
    assert [resource.id for resource in model.all_resources] == ["c", "g", "a", "b", "x", "d", "fence"]
    assert [outer.id for outer in model.resources["a"].ancestors] == ["g", "c"]
    assert model.resources["a"].top.id == "c"
    assert [primitive.id for primitive in model.resources["c"].primitives] == ["a", "b"]


def test_a_remote_node_is_made_by_a_connection_at_top_level_only() -> None:
    model = cib(f'{remote("r1")}<group id="g">{remote("r2")}</group><clone id="c">{remote("r3")}</clone>')
    assert [node.name for node in model.remote_nodes] == ["r1"]
    assert [primitive.id for primitive in model.connections] == ["r1", "r2", "r3"]


def test_the_agent_of_a_connection_is_compared_without_case() -> None:
    assert cib('<primitive id="r" class="OCF" provider="Pacemaker" type="Remote"/>').remote_nodes


@pytest.mark.parametrize(
    ("fragment", "names"),
    [
        (guest("g1"), ["g1"]),
        (f'<group id="g">{guest("g1")}</group>', ["g1"]),
        (f'<clone id="c">{guest("g1")}</clone>', []),
        (f'<clone id="c"><group id="g">{guest("g1")}</group></clone>', []),
        (f'<bundle id="b"><podman image="i"/>{guest("g1")}</bundle>', []),
        (dummy("vm", meta("m", "remote-node", "g1", rule=True)), ["g1"]),
        (dummy("vm", meta("m1", "remote-node", "g1", score="9") + meta("m2", "remote-node", "g2")), ["g2"]),
        (dummy("vm", meta("m1", "remote-node", "")), []),
        (f"<rsc_defaults>{meta('m', 'remote-node', 'g1')}</rsc_defaults>{dummy('vm')}", []),
    ],
)
def test_a_guest_node_is_made_where_pacemaker_looks_for_it(fragment: str, names: list[str]) -> None:
    assert [node.name for node in cib(fragment).guest_nodes] == names


BUNDLE = '<bundle id="b"><podman image="i" replicas="2"/><network ip-range-start="192.0.2.10"/>{}</bundle>'


@pytest.mark.parametrize(
    ("name", "is_replica"), [("b-0", True), ("B-1", True), ("b-2", False), ("b-01", False), ("b-", False), ("b", False)]
)
def test_bundle_replicas_are_nodes(name: str, is_replica: bool) -> None:
    assert (cib(BUNDLE.format(dummy("a"))).replica(name) is not None) is is_replica


def test_a_bundle_without_a_primitive_has_no_nodes() -> None:
    assert cib(BUNDLE.format("")).replica("b-0") is None


@pytest.mark.parametrize(
    ("name", "found"),
    [("b-podman-0", True), ("b-podman-2", False), ("b-docker-0", False), ("b-ip-192.0.2.11", True), ("b-ip-192.0.2.12", False)],
)
def test_the_resources_that_a_bundle_makes_are_known(name: str, found: bool) -> None:
    assert (cib(BUNDLE.format(dummy("a"))).bundle_with_resource(name) is not None) is found


def test_a_section_that_the_file_does_not_hold_is_unknown() -> None:
    model = section('<constraints><rsc_location id="l" rsc="a" node="n" score="1"/></constraints>')
    assert len(model.locations) == 1
    with pytest.raises(Unknown) as caught:
        _ = model.resources
    assert caught.value.gap == Gap("the file holds only <constraints>, not <resources>", section="resources")


def test_an_optional_section_that_a_whole_configuration_leaves_out_is_empty() -> None:
    model = section("<configuration><crm_config/><nodes/><resources/><constraints/></configuration>")
    assert not model.tags
    assert not model.fencing.levels


def chain(constraint: Colocation | Order) -> list[list[str]]:
    return [[resource.id for resource, _ in level.resources] for level in constraint.chain]


RESOURCES = "".join(map(dummy, "abcd"))


def refs(names: str, **attributes: str) -> str:
    members = "".join(f'<resource_ref id="{name}"/>' for name in names.split())
    rest = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<resource_set id="set-{names.replace(" ", "")}"{rest}>{members}</resource_set>'


def colocation(inner: str) -> Colocation:
    return cib(f'{RESOURCES}<tag id="t"><obj_ref id="c"/><obj_ref id="d"/></tag>{inner}').colocations[0]


def order(inner: str) -> Order:
    return cib(
        f'{RESOURCES}<tag id="t"><obj_ref id="c"/><obj_ref id="d"/></tag><tag id="tt"><obj_ref id="t"/></tag>{inner}'
    ).orders[0]


def test_a_plain_colocation_places_rsc_with_with_rsc() -> None:
    assert chain(colocation('<rsc_colocation id="x" rsc="a" with-rsc="b" score="5"/>')) == [["b"], ["a"]]


def test_in_a_colocation_set_each_member_runs_with_the_one_before() -> None:
    assert chain(colocation(f'<rsc_colocation id="x" score="5">{refs("a b c")}</rsc_colocation>')) == [["a"], ["b"], ["c"]]


def test_of_two_colocation_sets_the_first_runs_with_the_last_member_of_the_second() -> None:
    assert chain(colocation(f'<rsc_colocation id="x" score="5">{refs("a b")}{refs("c d")}</rsc_colocation>')) == [
        ["c"],
        ["d"],
        ["a"],
        ["b"],
    ]


def test_members_of_a_set_that_is_not_sequential_are_on_one_level() -> None:
    inner = f'<rsc_colocation id="x" score="5">{refs("a b", sequential="false")}{refs("c")}</rsc_colocation>'
    assert chain(colocation(inner)) == [["c"], ["a", "b"]]


def test_the_score_of_a_set_counts_among_its_members() -> None:
    inner = f'<rsc_colocation id="x" score="5">{refs("a b", score="7")}{refs("c")}</rsc_colocation>'
    assert [level.score for level in colocation(inner).chain][1:] == [5, 7]


def test_a_colocation_without_score_has_none() -> None:
    assert colocation('<rsc_colocation id="x" rsc="a" with-rsc="b"/>').score == 0


def test_order_sets_follow_each_other() -> None:
    inner = f'<rsc_order id="x">{refs("a b")}{refs("c d", sequential="false")}</rsc_order>'
    assert chain(order(inner)) == [["a"], ["b"], ["c", "d"]]


def test_a_tag_in_a_set_stands_for_its_members_one_after_the_other_and_nests() -> None:
    assert chain(order(f'<rsc_order id="x">{refs("a tt")}</rsc_order>')) == [["a"], ["c"], ["d"]]


def test_a_tag_in_a_plain_constraint_does_not_nest() -> None:
    assert chain(order('<rsc_order id="x" first="a" then="tt"/>')) == [["a"], []]
    assert chain(order('<rsc_order id="x" first="a" then="t"/>')) == [["a"], ["c", "d"]]


def test_a_tag_that_lists_an_id_twice_stands_for_it_once() -> None:
    model = cib(f'{RESOURCES}<tag id="t"><obj_ref id="a"/><obj_ref id="b"/><obj_ref id="a"/></tag>')
    assert model.tags["t"].members == ["a", "b"]


def test_tags_that_hold_each_other_end() -> None:
    tags = '<tag id="t"><obj_ref id="u"/></tag><tag id="u"><obj_ref id="t"/><obj_ref id="a"/></tag>'
    model = cib(f'{dummy("a")}{tags}<rsc_order id="x">{refs("t")}</rsc_order>')
    assert chain(model.orders[0]) == [["a"]]


def test_a_template_in_a_constraint_stands_for_its_primitives() -> None:
    template = '<template id="t" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="p" template="t"/><primitive id="q" template="t"/>'
    assert chain(cib(f'{template}{dummy("a")}<rsc_order id="x" first="t" then="a"/>').orders[0]) == [["p", "q"], ["a"]]


NODE1 = Candidate("node1", "cluster")


def location(rest: str, rsc: str = "a") -> str:
    return f'<rsc_location id="l" rsc="{rsc}" {rest}'


def rule(score: str, expression: str) -> str:
    return location(f'><rule id="r" score="{score}">{expression}</rule></rsc_location>')


def expression(attribute: str, operation: str, value: str) -> str:
    return f'<expression id="e-{attribute[1:]}-{value}" attribute="{attribute}" operation="{operation}" value="{value}"/>'


DATE = '<date_expression id="d" operation="gt" start="2040-01-01"/>'


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("", True),
        (location('node="node1" score="-INFINITY"/>'), False),
        (location('node="NODE1" score="-INFINITY"/>'), False),
        (location('node="node2" score="-INFINITY"/>'), True),
        (location('node="node1" score="-100"/>'), False),
        (location('node="node1" score="-100"/>') + '<rsc_colocation id="c" rsc="a" with-rsc="fence" score="5"/>', None),
        (location('node="node1" score="-100"/>') + '<rsc_location id="m" rsc="a" node="node1" score="200"/>', True),
        (rule("-INFINITY", expression("#uname", "eq", "Node1")), False),
        (rule("-INFINITY", expression("#uname", "ne", "node1")), True),
        (rule("-INFINITY", expression("#kind", "eq", "cluster")), False),
        (rule("-INFINITY", expression("#kind", "eq", "remote")), True),
        (rule("-INFINITY", expression("rack", "eq", "1")), None),
        (rule("-INFINITY", DATE), None),
        (rule("-INFINITY", DATE + expression("#uname", "eq", "node2")), True),
        ('<rsc_location id="l" rsc-pattern="^a$" node="node1" score="-INFINITY"/>', False),
        ('<rsc_location id="l" rsc-pattern="!^a$" node="node1" score="-INFINITY"/>', True),
        ('<rsc_location id="l" rsc-pattern="(a|b)" node="node1" score="-INFINITY"/>', False),
        ('<rsc_location id="l" rsc-pattern="(a|b){1}" node="node1" score="-INFINITY"/>', None),
        (location('node="node1" score="-INFINITY"/>', rsc="t"), False),
    ],
)
def test_where_a_resource_may_run(constraint: str, expected: bool | None) -> None:
    model = cib(f'{dummy("a")}<tag id="t"><obj_ref id="a"/></tag>{constraint}')
    assert model.placement.may_run(model.resources["a"], NODE1) is expected


OPT_IN = '<cluster_property_set id="s"><nvpair id="p" name="symmetric-cluster" value="false"/></cluster_property_set>'


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [("", False), (location('node="node1" score="0"/>'), True), (location('node="node1" score="-1"/>'), False)],
)
def test_in_an_opt_in_cluster_a_node_needs_a_score_of_zero(constraint: str, expected: bool) -> None:
    model = cib(f"{OPT_IN}{dummy('a')}{constraint}")
    assert model.placement.may_run(model.resources["a"], NODE1) is expected


def test_a_pattern_takes_in_resources_at_top_level_only() -> None:
    model = cib(f'<group id="g">{dummy("a")}</group><rsc_location id="l" rsc-pattern="^a$" node="node1" score="-INFINITY"/>')
    assert model.placement.may_run(model.resources["a"], NODE1) is True


def test_patterns_that_could_be_slow_are_not_tried() -> None:
    assert compile_pattern("(a+)+$").expression is None
    assert compile_pattern(".*.*.*.*x").expression is None
    assert compile_pattern("(a|b)(a|b)(a|b)x").expression is None
    assert compile_pattern("web-[0-9]+").matches("my-web-12") is True


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^(web|db)$", False), ("^(web|db)-", True), ("^web$|^db-1$", True), ("^(web)?-", False), ("^db-[^12]$", False), ("!^db-(1|2)$", False),
        ("^db-[a-Z]", None), ("[z-a]", None), ("db-{1}", None),
    ],
)  # fmt: skip
def test_patterns_with_choices(pattern: str, expected: bool | None) -> None:
    assert compile_pattern(pattern).matches("db-1") is expected


def test_a_pattern_that_does_not_compile_takes_in_nothing() -> None:
    model = cib(f'{dummy("a")}<rsc_location id="l" rsc-pattern="[z-a]" node="node1" score="-INFINITY"/>')
    assert model.placement.may_run(model.resources["a"], NODE1) is True


def device(name: str, agent: str = "fence_x", **parameters: str) -> str:
    pairs = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    return f'<primitive id="{name}" class="stonith" type="{agent}"><instance_attributes id="{name}-i">{pairs}</instance_attributes></primitive>'


def level(target: str, devices: str) -> str:
    return f'<fencing-level id="level" {target} index="1" devices="{devices}"/>'


WATCHDOG = '<cluster_property_set id="s"><nvpair id="p" name="stonith-watchdog-timeout" value="10"/></cluster_property_set>'


@pytest.mark.parametrize(
    ("fragments", "uncovered"),
    [
        (device("f", pcmk_host_list="n1"), True),
        (device("f", pcmk_host_list="n1 R1"), False),
        (device("f", pcmk_host_map="r1:3"), False),
        (device("f"), False),
        (device("f", pcmk_host_list="n1", pcmk_host_check="dynamic-list"), False),
        (device("f", pcmk_host_list="n1", pcmk_host_check="none"), False),
        (device("f", pcmk_host_check="static-list"), True),
        (device("f", pcmk_host_list="n1") + device("g"), False),
        (device("f", pcmk_host_list="n1") + device("g") + level('target="r1"', "f"), True),
        (device("f", pcmk_host_list="n1") + device("g") + level('target="r1"', "f,g"), True),
        (device("f", pcmk_host_list="n1") + device("g") + level('target="r1"', "g"), False),
        (device("f", pcmk_host_list="n1") + level('target-pattern="r.*"', "f"), True),
        (device("f", pcmk_host_list="n1") + level('target-attribute="rack" target-value="1"', "f"), True),
        (device("f", pcmk_host_list="n1") + device("g") + level('target-pattern="r.*"', "f"), False),
        (device("f", pcmk_host_list="n1") + WATCHDOG, False),
        (device("watchdog", "fence_watchdog", pcmk_host_list="n1") + WATCHDOG, True),
        (device("watchdog", "fence_watchdog", pcmk_host_list="n1 r1") + WATCHDOG, False),
        (device("watchdog", "fence_watchdog") + WATCHDOG, False),
        (device("watchdog", pcmk_host_list="n1") + WATCHDOG, False),
        (device("watchdog", "fence_watchdog", pcmk_host_list="n1") + device("f", pcmk_host_list="r1") + WATCHDOG, False),
    ],
)
def test_a_node_is_uncovered_only_beyond_doubt(fragments: str, uncovered: bool) -> None:
    assert cib(fragments).fencing.surely_uncovered("r1") is uncovered


def test_the_model_is_total_on_a_document_that_makes_no_sense() -> None:
    text = (
        "<cib><configuration><crm_config><nvpair/></crm_config><nodes><node/></nodes><resources><primitive/><group/><clone/><bundle/>"
        "<primitive template='x'><meta_attributes><nvpair name='remote-node'/></meta_attributes></primitive><template/>"
        "<primitive><operations><op/></operations></primitive></resources><constraints><rsc_order/><rsc_colocation score='x'/>"
        "<rsc_location/><rsc_location rsc='x'><rule/></rsc_location><rsc_ticket/></constraints><tags><tag/></tags>"
        "<fencing-topology><fencing-level/></fencing-topology></configuration></cib>"
    )
    model: Cib = section(text)
    assert len(model.all_resources) == 6
    assert [len(constraint.sets) for constraint in model.constraints] == [0, 0, 0, 0, 0]
    assert not model.guest_nodes
    assert not model.fencing.surely_uncovered("x")
