"""How Pacemaker reads a configuration: what the model must resolve in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .pacemaker import (
    MEMBERS,
    attributes,
    ban,
    bundle,
    clone,
    colocation,
    date_rule,
    dummy,
    group,
    guest,
    location,
    node,
    op,
    order,
    primitive,
    remote,
    resource_set,
    rule,
    tag,
    template,
    until,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from .pacemaker import Cluster, Run, Setup

DUMMY = "ocf:pacemaker:Dummy"
STATEFUL = "ocf:pacemaker:Stateful"
NO_FENCING = {"device": False, "stonith_enabled": "false"}
ONE_NODE = {"1": "node1"}
TWO_NODES = {"1": "node1", "2": "node2"}


def instance(name: str, value: str, *head: Element, **more: str) -> Element:
    return attributes("instance_attributes", name, {"p": value}, *head, **more)


def meta(name: str, value: str, *head: Element, **more: str) -> Element:
    return attributes("meta_attributes", name, {"p": value}, *head, **more)


def a(*inside: Element) -> Element:
    return primitive("A", DUMMY, *inside)


# --- attribute sets ---


@pytest.mark.parametrize(
    ("sets", "value"),
    [
        ([("first", None), ("last", None)], "last"),
        ([("first", "5"), ("last", "5")], "last"),
        ([("first", "1"), ("last", None)], "first"),
        ([("first", None), ("last", "-1")], "first"),
        ([("only", "-INFINITY")], "only"),
        ([("INFINITY", "INFINITY"), ("a million", "1000000")], "a million"),
        ([("", "1"), ("hidden", None)], ""),
        ([(str(at), None) for at in range(12)], "11"),
    ],
)
@pytest.mark.parametrize("kind", ["instance_attributes", "meta_attributes"])
def test_highest_score_wins_and_at_equal_score_the_last_set(
    cluster: Setup, kind: str, sets: list[tuple[str, str | None]], value: str
) -> None:
    made = [
        attributes(kind, f"s{at}", {"p": text}, **({"score": score} if score else {})) for at, (text, score) in enumerate(sets)
    ]
    assert cluster(a(*made)).value("A", "p", meta=kind == "meta_attributes") == value


@pytest.mark.parametrize("kind", ["instance_attributes", "meta_attributes"])
def test_first_nvpair_of_a_set_wins(cluster: Setup, kind: str) -> None:
    twice = attributes(kind, "s", [("p", "first"), ("p", "last")])
    assert cluster(a(twice)).value("A", "p", meta=kind == "meta_attributes") == "first"


@pytest.mark.parametrize(("true", "value"), [(True, "guarded"), (False, "plain")])
@pytest.mark.parametrize("score", ["INFINITY", "0", "-INFINITY"])
def test_score_of_a_rule_in_a_set_is_irrelevant(cluster: Setup, true: bool, value: str, score: str) -> None:
    guarded = instance("s1", "guarded", date_rule("r", true=true, score=score), score="2")
    assert cluster(a(guarded, instance("s2", "plain"))).value("A", "p") == value


def test_a_node_rule_never_applies_to_meta_attributes(cluster: Setup) -> None:
    guarded = [meta(name, name, rule(f"r-{name}", "#uname", name), score="2") for name in MEMBERS.values()]
    assert cluster(a(*guarded, meta("s", "plain"))).value("A", "p", meta=True) == "plain"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"class": "ocf", "provider": "pacemaker", "type": "Dummy"}, "guarded"),
        ({"class": "ocf", "provider": "heartbeat", "type": "Dummy"}, ""),
        ({"provider": "pacemaker"}, "guarded"),
        # Without a provider only agents without one are meant.
        pytest.param({"class": "ocf"}, "", marks=until("2.1.8")),
        pytest.param({"type": "Dummy"}, "", marks=until("2.1.8")),
    ],
)
def test_rule_on_the_agent(cluster: Setup, expression: Mapping[str, str], value: str) -> None:
    which = xml("rule", xml("rsc_expression", id="e", **expression), id="r")
    assert cluster(a(), xml("rsc_defaults", meta("d", "guarded", which))).value("A", "p", meta=True) == value


@pytest.mark.parametrize(("score", "value"), [("0", "own"), ("5", "template")])
@pytest.mark.parametrize("kind", ["instance_attributes", "meta_attributes"])
@pytest.mark.parametrize("template_first", [True, False])
def test_template_and_primitive_are_sorted_together(
    cluster: Setup, kind: str, score: str, value: str, template_first: bool
) -> None:
    theirs = template("T", DUMMY, attributes(kind, "t", {"p": "template"}, score=score))
    own = primitive("A", "@T", attributes(kind, "s", {"p": "own"}))
    parts = [theirs, own] if template_first else [own, theirs]
    assert cluster(*parts).value("A", "p", meta=kind == "meta_attributes") == value


def test_last_set_of_a_template_wins_and_the_primitives_before_it(cluster: Setup) -> None:
    theirs = template("T", DUMMY, instance("t1", "t1"), instance("t2", "t2"))
    assert cluster(theirs, primitive("A", "@T")).value("A", "p") == "t2"
    assert cluster(theirs, primitive("A", "@T", instance("s1", "s1"), instance("s2", "s2"))).value("A", "p") == "s2"


@pytest.mark.parametrize("kind", ["instance_attributes", "meta_attributes"])
def test_scores_do_not_cross_from_group_to_clone_to_defaults(cluster: Setup, kind: str) -> None:
    def values(name: str, keys: str, score: str) -> Element:
        return attributes(kind, name, dict.fromkeys(keys, name), score=score)

    inner = xml("group", values("group", "12", "100"), a(values("own", "1", "1")), id="G")
    outer = xml("clone", values("clone", "123", "500"), inner, id="K")
    defaults = attributes("meta_attributes", "defaults", dict.fromkeys("1234", "defaults"), score="900")
    made = cluster(outer, xml("rsc_defaults", defaults))
    is_meta = kind == "meta_attributes"
    assert {key: made.value("A", key, meta=is_meta) for key in ("1", "2", "3", "4")} == {
        "1": "own",
        "2": "group",
        "3": "clone",
        "4": "defaults" if is_meta else "",
    }


def test_resource_defaults_by_score_then_the_last(cluster: Setup) -> None:
    one, two = meta("d1", "one"), meta("d2", "two")
    assert cluster(a(), xml("rsc_defaults", one, two)).value("A", "p", meta=True) == "two"
    assert cluster(a(), xml("rsc_defaults", meta("d1", "one", score="1"), two)).value("A", "p", meta=True) == "one"


@pytest.mark.parametrize(
    ("sets", "opt_in"),
    [
        ([("a", "true", None), ("b", "false", None)], True),
        ([("a", "false", None), ("b", "true", None)], False),
        ([("a", "false", "1"), ("b", "true", None)], True),
        ([("a", "false", "1000"), ("cib-bootstrap-options", "true", None)], False),
        ([("cib-bootstrap-options", "true", None), ("z", "false", "1000")], False),
    ],
)
def test_bootstrap_options_win_over_every_score(cluster: Setup, sets: list[tuple[str, str, str | None]], opt_in: bool) -> None:
    made = [
        attributes("cluster_property_set", name, {"symmetric-cluster": value}, **({"score": score} if score else {}))
        for name, value, score in sets
    ]
    assert cluster(dummy("A"), *made).run().where["A"] == ([] if opt_in else ["node2"])


# --- id-ref ---

# Pacemaker 3.0.2 drops a set by id-ref inside a resource.
REF = xml("instance_attributes", id_ref="shared")


@until("3.0.2")
@pytest.mark.parametrize("forward", [True, False])
def test_set_by_id_ref(cluster: Setup, forward: bool) -> None:
    parts = [a(instance("shared", "x")), primitive("B", DUMMY, REF)]
    assert cluster(*(parts if forward else parts[::-1])).value("B", "p") == "x"


@until("3.0.2")
@pytest.mark.parametrize(
    ("score", "sets", "value"),
    [
        ("0", [instance("s", "own"), REF], "shared"),
        ("0", [REF, instance("s", "own")], "own"),
        ("5", [REF, instance("s", "own")], "shared"),
    ],
)
@pytest.mark.parametrize("forward", [True, False])
def test_set_by_id_ref_has_the_references_place_and_the_definitions_score(
    cluster: Setup, forward: bool, score: str, sets: list[Element], value: str
) -> None:
    parts = [primitive("B", DUMMY, instance("shared", "shared", score=score)), a(*sets)]
    assert cluster(*(parts if forward else parts[::-1])).value("A", "p") == value


def test_pair_by_id_ref_may_have_a_name_of_its_own(cluster: Setup) -> None:
    shared = a(instance("shared", "x"))
    same = primitive("B", DUMMY, xml("instance_attributes", xml("nvpair", id_ref="shared-0"), id="s"))
    assert cluster(shared, same).value("B", "p") == "x"
    other = primitive("B", DUMMY, xml("instance_attributes", xml("nvpair", id_ref="shared-0", name="q"), id="s"))
    named = cluster(shared, other)
    assert (named.value("B", "q"), named.value("B", "p")) == ("x", "")


def test_defaults_and_operations_by_id_ref(cluster: Setup) -> None:
    defaults = cluster(
        a(), primitive("B", DUMMY, meta("shared", "x")), xml("rsc_defaults", xml("meta_attributes", id_ref="shared"))
    )
    assert defaults.value("A", "p", meta=True) == "x"
    shared = primitive("B", DUMMY, xml("operations", op("B", "monitor", "10s", timeout="3s"), id="shared"))
    operations = cluster(shared, a(xml("operations", id_ref="shared")), **NO_FENCING)
    operations.run()
    assert operations.sent()["A_monitor_10000"]["CRM_meta_timeout"] == "3000"


def test_id_ref_to_nothing_is_refused(cluster: Setup) -> None:
    made = cluster(a(xml("instance_attributes", id_ref="nothing")))
    assert made.verify().returncode == made.run().code == 78


def test_id_ref_to_another_kind_of_set_has_no_effect(cluster: Setup) -> None:
    made = cluster(a(instance("shared", "x")), primitive("B", DUMMY, xml("meta_attributes", id_ref="shared")))
    assert (made.value("B", "p", meta=True), made.verify().returncode) == ("", 0)


# --- operations ---


def monitor(name: str, interval: str, **more: str) -> Element:
    return op(name, "monitor", interval, **more)


@pytest.mark.parametrize(
    ("theirs", "own", "kept"),
    [
        (None, None, False),
        ("Started", None, False),
        ("Unpromoted", None, False),
        ("Slave", "Started", False),
        ("Promoted", None, True),
        ("Promoted", "Promoted", False),
        # The old and the new name of a role do not meet here.
        ("Promoted", "Master", True),
    ],
)
def test_template_operation_is_replaced_by_name_and_role_not_interval(
    cluster: Setup, theirs: str | None, own: str | None, kept: bool
) -> None:
    base = template("T", STATEFUL, xml("operations", monitor("T", "10s", **({"role": theirs} if theirs else {}))))
    made = primitive("A", "@T", xml("operations", monitor("A", "20s", **({"role": own} if own else {}))))
    # Only the monitors of the role that the instance has are scheduled.
    score = "INFINITY" if theirs == "Promoted" else "-INFINITY"
    promote = xml("rsc_location", rule("r", "#uname", "node1", role="Promoted", score=score), id="l", rsc="K")
    setup = cluster(base, clone("K", made, promotable="true", clone_max="1"), promote, **NO_FENCING)
    setup.run()
    assert ("A:0_monitor_10000" in setup.sent()) == kept


def test_other_template_operations_stay(cluster: Setup) -> None:
    base = template("T", DUMMY, xml("operations", op("T", "start", timeout="7s")))
    made = cluster(base, primitive("A", "@T", xml("operations", monitor("A", "20s"))), **NO_FENCING)
    made.run()
    assert made.sent()["A_start_0"]["CRM_meta_timeout"] == "7000"


def starting(*sets: Element, **more: str) -> Element:
    return a(xml("operations", xml("op", *sets, id="start", name="start", interval="0", **more)))


TIMEOUT = {"timeout": "31s"}
DEFAULTS = xml(
    "op_defaults",
    attributes("meta_attributes", "d1", {"timeout": "41s"}),
    attributes("meta_attributes", "d2", {"timeout": "42s"}),
)


@pytest.mark.parametrize(
    ("parts", "timeout"),
    [
        ([a()], "20"),
        ([a(), DEFAULTS], "42"),
        ([starting(attributes("meta_attributes", "s", TIMEOUT)), DEFAULTS], "31"),
        ([starting(attributes("meta_attributes", "s", TIMEOUT), timeout="21s"), DEFAULTS], "21"),
        ([starting(attributes("instance_attributes", "s", TIMEOUT)), DEFAULTS], "42"),
        ([a(xml("operations", monitor("A", "10s", timeout="3s")))], "20"),
        ([primitive("A", DUMMY, meta=TIMEOUT, params=TIMEOUT)], "20"),
        ([a(), xml("rsc_defaults", attributes("meta_attributes", "s", TIMEOUT))], "20"),
    ],
)
def test_start_timeout(cluster: Setup, parts: list[Element], timeout: str) -> None:
    made = cluster(*parts, **NO_FENCING)
    made.run()
    assert made.sent()["A_start_0"]["CRM_meta_timeout"] == f"{timeout}000"


def test_operation_defaults_reach_remote_connections_but_not_those_of_guests(cluster: Setup) -> None:
    made = cluster(remote("r1"), guest("vm", "g1"), DEFAULTS)
    made.run()
    sent = made.sent()
    found = {key: sent[key]["CRM_meta_timeout"] for key in ("r1_start_0", "r1_monitor_30000", "g1_start_0", "g1_monitor_30000")}
    assert found == {"r1_start_0": "42000", "r1_monitor_30000": "42000", "g1_start_0": "60000", "g1_monitor_30000": "30000"}


@pytest.mark.parametrize("more", [{}, {"interval": "10000ms"}, {"role": "Promoted"}, {"enabled": "false"}])
def test_of_two_monitors_with_one_interval_neither_runs(cluster: Setup, more: Mapping[str, str]) -> None:
    other = xml("op", **{"id": "other", "name": "monitor", "interval": "10s"} | dict(more))
    made = cluster(a(xml("operations", monitor("A", "10s"), other)), **NO_FENCING)
    assert made.verify().returncode == 78
    assert not [done for done in made.run().did if done.startswith("monitor")]
    alone = cluster(a(xml("operations", monitor("A", "10s"))), **NO_FENCING)
    assert "monitor A node1" in alone.run().did


# --- colocation and order sets ---


def loosely(name: str, *members: str, **more: str) -> Element:
    return resource_set(name, *members, sequential="false", **more)


def colocated(*sets: Element, score: str = "INFINITY") -> Element:
    return xml("rsc_colocation", *sets, id="c", score=score)


def ordered(*sets: Element, **more: str) -> Element:
    return xml("rsc_order", *sets, id="o", **more)


def dependents(cluster: Setup, names: str, *parts: Element) -> dict[str, str]:
    """Return, for each of some resources, those that cannot run while it is disabled."""
    found = {}
    for off in names:
        resources = [dummy(name, **({"target_role": "Stopped"} if name == off else {})) for name in names]
        where = cluster(*resources, *parts, **NO_FENCING).run().where
        found[off] = "".join(name for name in names if name != off and not where[name])
    return found


AB, CD = resource_set("s1", "A", "B"), resource_set("s2", "C", "D")
AB_LOOSE, CD_LOOSE = loosely("s1", "A", "B"), loosely("s2", "C", "D")


@pytest.mark.parametrize(
    ("constraint", "stops"),
    [
        (colocation("A", "B"), {"B": "A"}),
        (xml("rsc_colocation", id="c", rsc="A", with_rsc="B"), {}),
        # Within a set each member depends on the one before it …
        (colocated(resource_set("s", *"ABCD")), {"A": "BCD", "B": "CD", "C": "D"}),
        (colocated(loosely("s", *"ABCD")), {}),
        # … and between sets the first member of a set on the last of the next one.
        (colocated(AB, CD), {"A": "B", "C": "ABD", "D": "AB"}),
        (colocated(AB_LOOSE, CD), {"C": "ABD", "D": "AB"}),
        (colocated(AB, CD_LOOSE), {"A": "B", "C": "AB", "D": "AB"}),
        (colocated(AB_LOOSE, CD_LOOSE), {"C": "AB", "D": "AB"}),
        (colocated(resource_set("s3", "A"), resource_set("s4", "B"), CD), {"B": "A", "C": "ABD", "D": "AB"}),
        # The score of a set counts among its members, that of the constraint between the sets.
        (colocated(resource_set("s1", "A", "B", score="INFINITY"), CD, score="0"), {"A": "B"}),
        (xml("rsc_colocation", resource_set("s", *"ABCD"), id="c"), {}),
    ],
)
def test_who_depends_on_whom_in_colocations(cluster: Setup, constraint: Element, stops: Mapping[str, str]) -> None:
    assert dependents(cluster, "ABCD", constraint) == dict.fromkeys("ABCD", "") | dict(stops)


@pytest.mark.parametrize(
    ("constraint", "running", "members"),
    [
        # In a set every two members are kept apart, neighbours or not.
        (colocated(resource_set("s", *"ABC"), score="-INFINITY"), "AB", TWO_NODES),
        (colocated(loosely("s", *"ABC"), score="-INFINITY"), "ABC", ONE_NODE),
        # Between sets the same two meet as with a positive score: A and D.
        (colocated(AB, CD, score="-INFINITY"), "AC", ONE_NODE),
        (colocated(AB_LOOSE, CD_LOOSE, score="-INFINITY"), "CD", ONE_NODE),
        (colocated(resource_set("s1", "A", score="0"), resource_set("s2", "B", score="0"), score="-INFINITY"), "B", ONE_NODE),
        (colocated(resource_set("s1", "A", score="-INFINITY"), resource_set("s2", "B"), score="0"), "AB", ONE_NODE),
        (colocated(resource_set("s", "A", "B", score="0"), score="-INFINITY"), "AB", ONE_NODE),
    ],
)
def test_who_keeps_apart_in_sets(cluster: Setup, constraint: Element, running: str, members: Mapping[str, str]) -> None:
    names = [name for name in "ABCD" if constraint.find(f".//resource_ref[@id='{name}']") is not None]
    where = cluster(*map(dummy, names), constraint, members=members, **NO_FENCING).run().where
    assert "".join(name for name in names if where[name]) == running


@pytest.mark.parametrize(
    ("constraint", "stops"),
    [
        (order("A", "B"), {"A": "B"}),
        (order("A", "B", kind="Optional"), {}),
        (ordered(resource_set("s", *"ABCD")), {"A": "BCD", "B": "CD", "C": "D"}),
        (ordered(loosely("s", *"ABCD")), {}),
        (ordered(AB, CD), {"A": "BCD", "B": "CD", "C": "D"}),
        (ordered(AB_LOOSE, CD), {"A": "CD", "B": "CD", "C": "D"}),
        (ordered(AB, CD_LOOSE), {"A": "BCD", "B": "CD"}),
        (ordered(AB_LOOSE, CD_LOOSE), {"A": "CD", "B": "CD"}),
        (ordered(loosely("s1", "A", "B", require_all="false"), CD), {"C": "D"}),
        # The kind of a set counts among its members, that of the constraint between the sets.
        (ordered(resource_set("s1", "A", "B", kind="Optional"), CD, kind="Mandatory"), {"A": "CD", "B": "CD", "C": "D"}),
        (ordered(resource_set("s1", "A", "B", kind="Mandatory"), CD, kind="Optional"), {"A": "B"}),
    ],
)
def test_who_waits_for_whom_in_orders(cluster: Setup, constraint: Element, stops: Mapping[str, str]) -> None:
    assert dependents(cluster, "ABCD", constraint) == dict.fromkeys("ABCD", "") | dict(stops)


def test_resource_set_by_id_ref_also_from_another_kind_of_constraint(cluster: Setup) -> None:
    optional = ordered(resource_set("s", *"ABC"), kind="Optional")
    assert dependents(cluster, "ABC", optional) == {"A": "", "B": "", "C": ""}
    assert dependents(cluster, "ABC", optional, colocated(xml("resource_set", id_ref="s"))) == {"A": "BC", "B": "C", "C": ""}


def test_order_with_itself_kills_the_scheduler(cluster: Setup) -> None:
    made = cluster(dummy("A"), order("A", "A"))
    assert made.verify().returncode < 0
    assert cluster(dummy("A"), colocation("A", "A")).run().where["A"]


# --- tags and templates in constraints ---

TAG = tag("t", "A", "B")
NESTED = [TAG, tag("u", "t"), tag("v", "u")]


@pytest.mark.parametrize(
    ("parts", "stops"),
    [
        ([TAG, colocation("t", "C")], {"C": "AB"}),
        ([TAG, order("t", "C")], {"A": "C", "B": "C"}),
        ([TAG, order("C", "t")], {"C": "AB"}),
        ([TAG, tag("u", "C", "D"), order("t", "u")], {"A": "CD", "B": "CD"}),
        # In a set the members stand one after the other.
        ([TAG, colocated(resource_set("s", "t", "C"))], {"A": "BC", "B": "C"}),
        ([TAG, colocated(loosely("s", "t", "C"))], {}),
        ([TAG, ordered(resource_set("s", "t", "C"))], {"A": "BC", "B": "C"}),
    ],
)
def test_tag_stands_for_its_members(cluster: Setup, parts: list[Element], stops: Mapping[str, str]) -> None:
    assert dependents(cluster, "ABCD", *parts) == dict.fromkeys("ABCD", "") | dict(stops)


def test_resource_with_a_tag_needs_all_members_in_one_place(cluster: Setup) -> None:
    parts = [*map(dummy, "ABC"), TAG, colocation("C", "t"), location("A", "node2")]
    assert cluster(*parts, location("B", "node2"), **NO_FENCING).run().where["C"] == ["node2"]
    assert cluster(*parts, location("B", "node3"), **NO_FENCING).run().where["C"] == []


@pytest.mark.parametrize(
    ("constraint", "stops"),
    [
        (colocation("T", "C"), {"C": "AB"}),
        (colocation("C", "T"), {"A": "C", "B": "C"}),
        (order("T", "C"), {"A": "C", "B": "C"}),
        (order("C", "T"), {"C": "AB"}),
        (colocated(resource_set("s", "T", "C")), {"A": "BC", "B": "C"}),
        (ordered(resource_set("s", "T", "C")), {"A": "BC", "B": "C"}),
    ],
)
def test_template_stands_for_its_primitives(cluster: Setup, constraint: Element, stops: Mapping[str, str]) -> None:
    found = {}
    for off in "ABC":
        stopped = {off: {"target-role": "Stopped"}}
        made = [template("T", DUMMY), *(primitive(name, "@T", meta=stopped.get(name)) for name in "AB")]
        made.append(primitive("C", DUMMY, meta=stopped.get("C")))
        where = cluster(*made, constraint, members=ONE_NODE, **NO_FENCING).run().where
        found[off] = "".join(name for name in "ABC" if name != off and not where[name])
    assert found == {"A": "", "B": "", "C": ""} | dict(stops)


@pytest.mark.parametrize("constraint", [colocation("u", "C"), order("u", "C"), location("u", "node3")])
def test_tags_do_not_nest_in_plain_constraints(cluster: Setup, constraint: Element) -> None:
    made = cluster(*map(dummy, "ABC"), *NESTED, constraint, **NO_FENCING)
    assert made.verify().returncode == 78
    assert "No resource found for t" in made.verify().stderr
    assert made.run().where == {"A": ["node1"], "B": ["node2"], "C": ["node3"]}


@pytest.mark.parametrize(
    "constraint",
    [
        colocated(resource_set("s", "v", "C")),
        xml("rsc_location", resource_set("s", "v", "C"), id="l", node="node3", score="INFINITY"),
    ],
)
def test_tags_nest_in_sets(cluster: Setup, constraint: Element) -> None:
    made = cluster(*map(dummy, "ABC"), *NESTED, constraint, location("A", "node3"), **NO_FENCING)
    assert made.verify().returncode == 0
    assert made.run().where == {"A": ["node3"], "B": ["node3"], "C": ["node3"]}


def test_template_in_a_tag_counts_in_sets_only(cluster: Setup) -> None:
    parts = [template("T", DUMMY), primitive("A", "@T"), dummy("B"), tag("t", "T")]
    plain = cluster(*parts, location("t", "node3"), **NO_FENCING)
    assert (plain.verify().returncode, plain.run().where["A"]) == (78, ["node1"])
    inside = cluster(*parts, colocated(resource_set("s", "t", "B")), location("B", "node3"), **NO_FENCING)
    assert (inside.verify().returncode, inside.run().where["A"]) == (0, ["node3"])


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([TAG, tag("u", "C"), colocation("t", "u")], "two templates or tags cannot be colocated"),
        ([template("T", DUMMY), colocation("C", "T")], "'T' is not a valid resource or tag"),
        ([template("T", DUMMY), colocated(resource_set("s", "T", "A", "B"))], "'T' is not a valid resource or tag"),
        ([tag("t", "A", "nothing"), colocated(resource_set("s", "t", "B"))], "'nothing' is not a valid resource or tag"),
    ],
)
def test_constraint_is_ignored_with_an_error(cluster: Setup, parts: list[Element], said: str) -> None:
    made = cluster(*map(dummy, "ABC"), *parts, **NO_FENCING)
    assert made.verify().returncode == 78
    assert said in made.verify().stderr
    assert made.run().where == {"A": ["node1"], "B": ["node2"], "C": ["node3"]}


@pytest.mark.parametrize(
    "constraint",
    [
        location("t", "node2"),
        xml("rsc_location", resource_set("s", "A", "T", "C"), id="l", node="node2", score="INFINITY"),
    ],
)
def test_members_before_one_that_is_no_resource_are_bound(cluster: Setup, constraint: Element) -> None:
    made = cluster(*map(dummy, "ABC"), template("T", DUMMY), tag("t", "A", "T", "C"), constraint, **NO_FENCING)
    assert made.verify().returncode == 78
    assert made.run().where == {"A": ["node2"], "B": ["node1"], "C": ["node3"]}


@pytest.mark.parametrize("name", ["A", "t"])
def test_child_of_a_clone_is_bound_as_soon_as_it_has_history(cluster: Setup, name: str) -> None:
    made = cluster(clone("K", dummy("A"), clone_max="1"), tag("t", "A"), location(name, "node3"), **NO_FENCING)
    assert made.verify().returncode == 78
    assert [run.where["A"] for run in made.runs(2)] == [["node1"], ["node3"]]


@pytest.mark.parametrize("constraint", [colocation("C", "A"), order("A", "C")])
def test_child_of_a_bundle_binds_others_as_soon_as_it_has_history(cluster: Setup, constraint: Element) -> None:
    made = cluster(bundle("b", dummy("A")), dummy("C"), constraint, **NO_FENCING)
    assert made.verify().returncode == 78
    assert made.run().where["C"]
    made.configure(bundle("b", dummy("A", target_role="Stopped")), dummy("C"), constraint, stonith_enabled="false")
    assert made.run().where["C"] == []


def test_members_of_groups_may_be_bound(cluster: Setup) -> None:
    made = cluster(
        group("G", dummy("A"), dummy("B")), dummy("C"), tag("t", "B"), location("t", "node3"), colocation("C", "A"), **NO_FENCING
    )
    assert made.verify().returncode == 0
    assert made.run().where == {"A": ["node3"], "B": ["node3"], "C": ["node3"]}


# --- locations ---

REMOTES = [
    remote("r1"),
    guest("vm", "g1"),
    location("r1", "node1", "0"),
    location("vm", "node1", "0"),
    location("F", "node1", "0"),
]


def opted_in(cluster: Setup, *parts: Element) -> list[str]:
    """Return where A runs in a cluster that lets it run only where a constraint allows it."""
    made: Cluster = cluster(*REMOTES, dummy("A"), *parts, symmetric_cluster="false")
    assert made.verify().returncode == 0
    run: Run = made.runs(2)[-1]
    assert {"r1", "g1"} <= set(run.online)
    return list(run.where["A"])


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("node3", ["node3"]),
        ("NODE3", ["node3"]),
        ("R1", ["r1"]),
        ("G1", ["g1"]),
        # A node's id is no name, and an unknown name is nothing to complain of.
        ("3", []),
        ("nowhere", []),
    ],
)
def test_node_names_match_without_case(cluster: Setup, name: str, where: list[str]) -> None:
    assert opted_in(cluster, location("A", name)) == where


@pytest.mark.parametrize(
    ("attribute", "value", "where"),
    [
        ("#uname", "node3", ["node3"]),
        ("#uname", "NODE3", ["node3"]),
        ("#uname", "R1", ["r1"]),
        ("#uname", "3", []),
        ("#UNAME", "node3", []),
        ("#id", "3", ["node3"]),
        ("#kind", "remote", ["r1"]),
        ("#kind", "Remote", ["r1"]),
        ("#KIND", "remote", []),
        ("#kind", "container", ["g1"]),
        ("#kind", "guest", []),
        ("#kind", "cluster", ["node2"]),
        ("#is_dc", "true", ["node1"]),
        ("os", "LINUX", ["node3"]),
        ("OS", "linux", []),
    ],
)
def test_rules_match_values_without_case_and_names_with_it(cluster: Setup, attribute: str, value: str, where: list[str]) -> None:
    constraint = xml("rsc_location", rule("r", attribute, value, score="INFINITY"), id="l", rsc="A")
    assert opted_in(cluster, constraint, node("node3", os="linux")) == where


@pytest.mark.parametrize(("score", "where"), [("INFINITY", ["node3"]), ("0", ["node3"]), ("-1", []), ("-INFINITY", [])])
def test_opt_in_needs_a_score_of_zero_or_more(cluster: Setup, score: str, where: list[str]) -> None:
    assert opted_in(cluster, location("A", "node3", score)) == where


def test_opt_out_needs_it_too(cluster: Setup) -> None:
    made = cluster(dummy("A"), *(location("A", name, "-1") for name in MEMBERS.values()), **NO_FENCING)
    assert made.run().where["A"] == []


@pytest.mark.parametrize(("rsc", "where"), [("G", ["node3", "node3"]), ("A", ["node3", None]), ("B", [None, None])])
def test_opt_in_for_a_group_or_for_a_member_of_it(cluster: Setup, rsc: str, where: list[str | None]) -> None:
    made = cluster(group("G", dummy("A"), dummy("B")), location(rsc, "node3", "0"), symmetric_cluster="false", **NO_FENCING)
    found = made.run().where
    assert [next(iter(found[name]), None) for name in "AB"] == where


@pytest.mark.parametrize(
    ("constraints", "where"),
    [
        ([], "node1"),
        ([location("G", "node3")], "node3"),
        ([location("A", "node3", "1")], "node3"),
        ([location("B", "node3", "1")], "node3"),
        (ban("B", "node1"), "node2"),
        # Members and group add up: none of them is stronger as such.
        ([location("B", "node3", "200"), location("A", "node2", "100")], "node3"),
        ([location("B", "node3", "100"), location("A", "node2", "200")], "node2"),
        ([location("B", "node3", "200"), location("G", "node2", "50")], "node3"),
    ],
)
def test_location_of_a_group_or_a_member_moves_all(cluster: Setup, constraints: list[Element], where: str) -> None:
    made = cluster(group("G", dummy("A"), dummy("B")), *constraints, **NO_FENCING)
    assert made.run().where == {"A": [where], "B": [where]}


@pytest.mark.parametrize(("banned", "running"), [("A", ""), ("B", "A"), ("G", "")])
def test_banned_member_stops_itself_and_what_follows(cluster: Setup, banned: str, running: str) -> None:
    made = cluster(group("G", dummy("A"), dummy("B")), ban(banned, *MEMBERS.values()), **NO_FENCING)
    assert "".join(name for name in "AB" if made.run().where[name]) == running


def patterned(pattern: str) -> Element:
    return xml("rsc_location", id="l", rsc_pattern=pattern, node="node3", score="INFINITY")


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ("A", ["A", "AB", "BA"]),
        ("^A$", ["A"]),
        ("^(A|BA)$", ["A", "BA"]),
        ("a", []),
        ("!^A$", ["AB", "BA"]),
        ("!A", []),
    ],
)
def test_pattern_is_a_regular_expression_without_anchors(cluster: Setup, pattern: str, matched: list[str]) -> None:
    where = cluster(*map(dummy, ["A", "AB", "BA"]), patterned(pattern), symmetric_cluster="false", **NO_FENCING).run().where
    assert [name for name, nodes in where.items() if nodes == ["node3"]] == matched


@pytest.mark.parametrize(
    ("resource", "matching", "not_matching"),
    [
        (group("G", dummy("A"), dummy("B")), ["G"], ["A", "B"]),
        (clone("K", dummy("A"), clone_max="1"), ["K"], ["A"]),
        (bundle("b", dummy("A")), ["b"], ["A", "b-podman-0", "b-0"]),
        (primitive("A", "@T"), ["A"], ["T", "t"]),
        # The connection of a guest counts as a resource, and takes the virtual machine along.
        (guest("vm", "g1"), ["vm", "g1"], []),
    ],
)
def test_pattern_matches_the_ids_of_top_level_resources(
    cluster: Setup, resource: Element, matching: list[str], not_matching: list[str]
) -> None:
    parts = [template("T", DUMMY), resource, tag("t", resource.attrib["id"])]
    for name in matching + not_matching:
        run = cluster(*parts, patterned(f"^{name}$")).run()
        running = {where for rsc, nodes in run.where.items() if rsc != "F" for where in nodes} & set(MEMBERS.values())
        assert (running == {"node3"}) == (name in matching), name


def test_pattern_that_is_none_is_ignored_with_an_error(cluster: Setup) -> None:
    made = cluster(dummy("A"), patterned("A["), **NO_FENCING)
    assert (made.verify().returncode, made.run().where["A"]) == (78, ["node1"])
