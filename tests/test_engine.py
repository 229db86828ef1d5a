"""The engine: gives rules what they need, keeps account of what it cannot, and survives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cibcheck.api import (
    ERROR,
    INFO,
    WARNING,
    Cib,
    Cluster,
    Findings,
    Gap,
    Place,
    Rule,
    Sysconfig,
    Target,
    Unreadable,
    problem,
    rule,
)
from cibcheck.config import UsageError, layers
from cibcheck.selection import Selection, check_settings, options_of
from cibcheck.testing import check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cibcheck.findings.finding import Severity

RESOURCES = '<primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>'


def one_per_resource(code: str = "TST101", severity: Severity = ERROR, **how: object) -> Rule:
    @rule(code, f"name-{code.lower()}", severity=severity, **how)  # type: ignore[arg-type]
    def each(cib: Cib) -> Findings:
        for resource in cib.all_resources:
            yield problem(resource.id_place, f"resource {resource.id}")

    return each


def test_a_rule_gets_what_its_parameters_are_typed_as() -> None:
    seen: list[object] = []

    @rule("TST101", "needs", severity=ERROR)
    def needs(target: Target, cluster: Cluster, cib: Cib, *, most: int = 3) -> Findings:
        seen.extend((target.includes("2.1"), cluster.cib is cib, most))
        yield from ()

    check(RESOURCES, rules=[needs], options={"TST101": {"most": 7}})
    assert seen == [True, True, 7]


def test_a_rule_about_node_files_runs_once_per_file() -> None:
    @rule("TST101", "per-file", severity=ERROR)
    def per_file(file: Sysconfig) -> Findings:
        for assignment in file.assignments:
            yield problem(Place(file, assignment, "name"), assignment.name)

    checked = check(sysconfig={"n1": "A=1\n", "n2": "B=1\n"}, rules=[per_file])
    assert [(finding.problem.message, finding.cluster) for finding in checked.findings] == [("A", "cib.xml"), ("B", "cib.xml")]


def test_a_rule_that_needs_a_cib_is_not_evaluated_without_one() -> None:
    checked = check(sysconfig={"n1": "A=1\n"}, rules=[one_per_resource()])
    assert [(entry.code, entry.cluster, entry.reason) for entry in checked.not_evaluated] == [
        ("TST101", "cib.xml", "the cluster has no CIB here")
    ]


def test_a_section_that_the_file_lacks_ends_the_rule_as_not_evaluated() -> None:
    checked = check(b"<constraints><rsc_order id='o'/></constraints>", rules=[one_per_resource()])
    assert not checked.findings
    assert [(entry.code, entry.section, entry.file) for entry in checked.not_evaluated] == [("TST101", "resources", "cib.xml")]


def test_nodes_without_a_file_are_not_evaluated_one_by_one() -> None:
    @rule("TST101", "ports", severity=ERROR)
    def ports(cluster: Cluster) -> Findings:
        for name, environment in cluster.with_sysconfig(["n1", "N2", "n3"]):
            yield problem(environment.start, f"{name} {environment.listening_port}")

    checked = check(RESOURCES, {"n2": "PCMK_remote_port=4000\n"}, rules=[ports])
    assert [finding.problem.message for finding in checked.findings] == ["N2 4000"]
    assert [(entry.node, entry.reason) for entry in checked.not_evaluated] == [
        ("n1", "no sysconfig file"),
        ("n3", "no sysconfig file"),
    ]


def test_a_gap_is_told_for_each_rule_that_meets_it() -> None:
    def wants(code: str) -> Rule:
        @rule(code, code.lower(), severity=ERROR)
        def role(cib: Cib) -> Findings:
            cib.resources["a"].meta.get("target-role")
            yield from ()

        return role

    checked = check(f"<resources>{RESOURCES}</resources>".encode(), rules=[wants("TST101"), wants("TST102")])
    assert [(entry.code, entry.section) for entry in checked.not_evaluated] == [
        ("TST101", "rsc_defaults"),
        ("TST102", "rsc_defaults"),
    ]


def test_a_rule_that_crashes_is_reported_and_the_others_go_on() -> None:
    @rule("TST102", "crashes", severity=ERROR)
    def crashes(cib: Cib) -> Findings:
        yield problem(cib.resources["a"].id_place, "before")
        raise RuntimeError("no luck")

    checked = check(RESOURCES, rules=[crashes, one_per_resource()])
    (error,) = checked.internal_errors
    assert (error.code, error.plugin) == ("TST102", __name__.partition(".")[0])
    assert "RuntimeError: no luck (test_engine.py:" in error.error
    assert checked.codes.count("TST101") == 2
    assert checked.codes.count("TST102") == 1


@pytest.mark.parametrize("yielded", [3, SystemExit(0)])
def test_whatever_a_rule_does_is_contained(yielded: Any) -> None:
    @rule("TST102", "odd", severity=ERROR)
    def odd(cib: Cib) -> Findings:
        if isinstance(yielded, SystemExit):
            raise yielded
        yield yielded

    checked = check(RESOURCES, rules=[odd])
    assert [error.code for error in checked.internal_errors] == ["TST102"]


def test_a_rule_that_could_never_run_is_refused() -> None:
    for needs in ({"cib": "Cibb"}, {"cib": "Cib", "file": "Sysconfig"}, {"anything": "object"}):
        function: Any = eval(f"lambda {', '.join(needs)}: None")
        function.__annotations__ = needs
        with pytest.raises(TypeError, match="rule TST102: nothing supplies"):
            rule("TST102", "never", severity=ERROR)(function)


def test_a_type_may_be_named_by_itself() -> None:
    for types in ((Cib, Cluster, Target), (Sysconfig, Target), (Unreadable,)):
        function: Any = eval(f"lambda {', '.join('abc'[: len(types)])}: None")
        function.__annotations__ = dict(zip("abc", types, strict=False))
        assert rule("TST102", "by-class", severity=ERROR)(function).needs


def test_findings_equal_in_code_key_and_origin_are_one_that_names_all_it_affects() -> None:
    @rule("TST101", "by-origin", severity=ERROR)
    def by_origin(cib: Cib) -> Findings:
        for primitive in cib.primitives:
            for key in ("x", "y"):
                if primitive.template:
                    yield problem(primitive.template.id_place, "bad", key=key, affects=[primitive.id])

    template = '<template id="t" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="p" template="t"/><primitive id="q" template="t"/>'
    checked = check(template, rules=[by_origin])
    assert [(finding.problem.key, finding.problem.affects) for finding in checked.findings] == [
        ("x", ("p", "q")),
        ("y", ("p", "q")),
    ]


def test_an_error_of_one_release_line_is_a_warning_where_the_other_is_meant_too() -> None:
    only = one_per_resource(pacemaker="2.1")
    assert {finding.severity for finding in check(RESOURCES, rules=[only]).findings} == {WARNING}
    assert {finding.severity for finding in check(RESOURCES, rules=[only], targets=frozenset(("2.1",))).findings} == {ERROR}
    assert not check(RESOURCES, rules=[only], targets=frozenset(("3.0",))).findings


def test_a_rule_may_note_a_gap_of_its_own() -> None:
    @rule("TST101", "gap", severity=INFO)
    def gap(cib: Cib) -> Findings:
        cib.ledger.note(Gap("depends on a rule", node="n1"))
        yield from ()

    assert [entry.reason for entry in check(RESOURCES, rules=[gap]).not_evaluated] == ["depends on a rule"]


RULES = [
    one_per_resource("TST101", tags=("alpha",)),
    one_per_resource("TST102", tags=("beta",)),
    one_per_resource("TST201", default=False),
    one_per_resource("OTH101"),
]


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "codes"),
    [
        ([], [], [], ["TST101", "TST102", "OTH101"]),
        (["TST"], [], [], ["TST101", "TST102", "TST201"]),
        (["TST101"], [], [], ["TST101"]),
        (["name-tst101"], [], [], ["TST101"]),
        (["alpha"], [], [], ["TST101"]),
        (["ALL"], [], [], ["TST101", "TST102", "TST201", "OTH101"]),
        (["ALL"], [], ["TST"], ["OTH101"]),
        ([], ["TST201"], [], ["TST101", "TST102", "TST201", "OTH101"]),
        ([], [], ["beta"], ["TST101", "OTH101"]),
        (["TST101"], [], ["TST"], ["TST101"]),
        (["TST"], [], ["TST101"], ["TST102", "TST201"]),
        (["TST101[x]"], [], [], ["TST101"]),
        ([], [], ["ALL"], []),
    ],
)
def test_rules_are_chosen_by_code_prefix_name_and_tag_the_narrower_word_winning(
    select: list[str], extend: list[str], ignore: list[str], codes: list[str]
) -> None:
    assert [rule.code for rule in Selection(RULES, select, extend, ignore).rules] == codes


@pytest.mark.parametrize(("word", "hint"), [("TST2O1", "'TST201'"), ("alhpa", "'alpha'"), ("name-tst11", "'name-tst101'")])
def test_an_unknown_selector_is_an_error_with_a_suggestion(word: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"no rule is called '{word}'; did you mean {hint}"):
        Selection(RULES, [word], [], [])


def test_a_key_selects_and_ignores_single_findings() -> None:
    @rule("TST101", "keys", severity=ERROR)
    def keys(cib: Cib) -> Findings:
        for key in ("x", "y"):
            yield problem(cib.resources["a"].id_place, key, key=key)

    findings = check(RESOURCES, rules=[keys]).findings
    for selection, kept in (
        (Selection([keys], ["TST101[x]"], [], []), ["x"]),
        (Selection([keys], [], [], ["TST101[x]"]), ["y"]),
        (Selection([keys], ["TST101[x]"], [], ["TST101"]), ["x"]),
    ):
        assert [finding.problem.key for finding in findings if selection.keeps(finding)] == kept


def test_options_are_checked_against_what_the_rule_declares() -> None:
    @rule("TST101", "opts", severity=ERROR)
    def opts(cib: Cib, *, most: int = 3, names: tuple[str, ...] = ()) -> Findings:
        yield from ()

    def options(text: str) -> Mapping[str, Mapping[str, object]]:
        layer = layers.of_text(text)
        settings = layers.merged([layer])._replace(layers=[layer])
        check_settings([opts], settings)
        return options_of([opts], settings)

    assert options("rules.opts = {most = 5, names = ['a']}") == {"TST101": {"most": 5, "names": ("a",)}}
    for wrong, text in (
        ("rules.TST101.mots = 5", "has no option 'mots'; did you mean 'most'"),
        ("rules.TST101.x = 5", "has no option 'x'; it has 'most', 'names'"),
        ("rules.TST101.most = '5'", "most must be a whole number, like 3"),
        ("rules.TST101.most = true", "most must be a whole number, like 3"),
        ("rules.TST1O1 = {}", "no rule is called 'TST1O1'"),
        ("rules.TST = {}", "options belong to one rule"),
    ):
        with pytest.raises(UsageError, match=text):
            options(wrong)
