"""The kit for authors of rules says what is wrong, so that its tests can fail."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Literal

import pytest

from cibcheck.api import ERROR, WARNING, Cib, Cluster, Findings, Rule, SetValue, problem, rule, safe_fix, unsafe_fix
from cibcheck.cli.builtin import all_rules
from cibcheck.testing import RuleTester, assert_page_is_complete, assert_rule, rule_cases, rule_tests

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from cibcheck.api import Fix

PRIMITIVE = '<primitive id="{}" class="ocf" provider="pacemaker" type="Dummy"/>'
PAGE = f"""Ids start with a prefix.

    Else nobody knows.

    Bad:

    ```xml
    {PRIMITIVE.format("«web»")}
    ```

    Good:

    ```xml
    {PRIMITIVE.format("acme-web")}
    ```

    References:
    - the handbook
    """


def prefix_rule(page: str = PAGE, **words: str) -> Rule:
    said = {"consequence": "confusion", "help": "rename it"} | words

    def found(cib: Cib, *, prefix: str = "acme-") -> Findings:
        for one in cib.primitives:
            if one.id != "fence" and not one.id.startswith(prefix):
                yield problem(one.id_place, f"{one.id} lacks {prefix}", key="prefix", **said)  # type: ignore[arg-type]

    found.__doc__ = page
    return rule("SITE101", "site-prefix", severity=WARNING, default=False)(found)


def test_what_is_marked_is_found_and_returned() -> None:
    findings = RuleTester(prefix_rule()).invalid(PRIMITIVE.format("«web»") + PRIMITIVE.format("«db»"))
    assert [finding.problem.message for finding in findings] == ["web lacks acme-", "db lacks acme-"]


def test_without_marks_one_finding_is_meant() -> None:
    tester = RuleTester(prefix_rule())
    tester.invalid(PRIMITIVE.format("web"), message="lacks", key="prefix")
    with pytest.raises(AssertionError, match="finds 2 things, not one"):
        tester.invalid(PRIMITIVE.format("web") + PRIMITIVE.format("db"))


def test_options_and_targets_are_those_of_the_run() -> None:
    RuleTester(prefix_rule(), options={"prefix": "w"}).valid(PRIMITIVE.format("web"))

    @rule("SITE102", "only-new", severity=ERROR, pacemaker="3.0")
    def only_new(cib: Cib) -> Findings:
        yield problem(cib.top_resources[0].id_place, "new")

    RuleTester(only_new, targets=frozenset(("2.1",))).valid(PRIMITIVE.format("web"))
    RuleTester(only_new).invalid(PRIMITIVE.format("web"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda tester: tester.valid(PRIMITIVE.format("web")),
            r"SITE101 finds something:\n  cib\.xml:\d+-\d+ 'web': web lacks acme-",
        ),
        (lambda tester: tester.invalid(PRIMITIVE.format("acme-«web»")), "Marked, and not found"),
        (lambda tester: tester.invalid(PRIMITIVE.format("web").replace("ocf", "«ocf»")), r"Found, and not marked:\n  .* 'web'"),
        (lambda tester: tester.invalid(PRIMITIVE.format("web"), message="nothing"), "no 'nothing' in the message"),
        (lambda tester: tester.invalid(PRIMITIVE.format("web"), key="other"), "the key is 'prefix', not 'other'"),
        (lambda tester: tester.invalid("<primitive id='«web»'>"), "cannot be parsed"),
    ],
)
def test_what_is_not_so_is_told(wrong: Callable[[RuleTester], None], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        wrong(RuleTester(prefix_rule()))


def test_a_snippet_that_the_rule_cannot_judge_is_not_valid() -> None:
    with pytest.raises(AssertionError, match="SITE101 cannot tell: the file holds only <constraints>"):
        RuleTester(prefix_rule()).valid(b"<constraints/>")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<primitive id='a'", "a tag has no end"),
        ("<tag></tag></tag>", "an end tag has no start tag"),
        ("<x/>", "<x> is no fragment"),
    ],
)
def test_what_is_no_snippet_is_an_error_of_its_own(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RuleTester(prefix_rule()).valid(text)


def test_node_files_are_given_by_node() -> None:
    @rule("SITE103", "has-port", severity=ERROR)
    def has_port(cluster: Cluster) -> Findings:
        for _, environment in cluster.with_sysconfig(["node1"]):
            if place := environment.place("PCMK_remote_port"):
                yield problem(place, "a port")

    tester = RuleTester(has_port)
    tester.invalid(None, {"node1": "PCMK_remote_port=«3131»\n"})
    tester.valid(None, {"node1": "A=1\n"})
    with pytest.raises(AssertionError, match="cannot tell"):
        tester.valid("<tag id='a'></tag>")


def test_a_rule_that_crashes_fails_the_test() -> None:
    @rule("SITE104", "crashes", severity=ERROR)
    def crashes(cib: Cib) -> Findings:
        yield problem(cib.top_resources[99].place, "there are not so many")

    with pytest.raises(AssertionError, match=r"SITE104 crashes: IndexError: list index out of range"):
        RuleTester(crashes).valid(PRIMITIVE.format("web"))


def test_a_complete_rule_passes_all() -> None:
    assert_rule(prefix_rule())
    assert [str(case) for case in rule_cases(prefix_rule())] == ["SITE101-page", "SITE101-bad-1", "SITE101-good-1"]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (prefix_rule(PAGE.replace("a prefix.", "a prefix")), "lacks a summary that ends in a full stop"),
        (prefix_rule(PAGE.replace("Else nobody knows.", "")), "lacks an explanation"),
        (prefix_rule(PAGE.replace("- the handbook", "")), "lacks references"),
        (prefix_rule(PAGE.replace("«web»", "web")), "lacks marks"),
        (prefix_rule(PAGE.partition("Bad:")[0]), "lacks a bad example, a good example, references"),
        (prefix_rule(help=""), "does not say the help of 'web lacks acme-'"),
        (prefix_rule(consequence=""), "does not say the consequence"),
        (prefix_rule(PAGE.replace("«web»", "acme-«web»")), "does not find what is marked"),
        (prefix_rule(PAGE.replace('"acme-web"', '"web"')), "the good example of SITE101 is not clean"),
    ],
)
def test_a_rule_that_is_not_complete_fails(made: Rule, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        assert_rule(made)


@pytest.mark.parametrize(
    ("declared", "make", "message"),
    [
        ("safe", unsafe_fix, "declares fix='safe', but a finding brings one that is unsafe"),
        ("unsafe", None, "declares fix='unsafe', but a finding brings none"),
        (None, safe_fix, "declares fix=None, but a finding brings one that is safe"),
        ("safe", safe_fix, None),
        ("sometimes", None, None),
    ],
)
def test_a_bad_example_has_the_fix_that_the_rule_declares(
    declared: Literal["safe", "unsafe", "sometimes"] | None, make: Callable[..., Fix] | None, message: str | None
) -> None:
    def found(cib: Cib) -> Findings:
        for one in cib.primitives:
            if one.id == "web":
                fix = make("rename it", SetValue(one.id_place, "acme-web")) if make else None
                yield problem(one.id_place, "no prefix", consequence="confusion", help="rename it", fix=fix)

    found.__doc__ = PAGE
    made = rule("SITE105", "site-fix", severity=WARNING, fix=declared)(found)
    with pytest.raises(AssertionError, match=message) if message else nullcontext():
        assert_rule(made)


def test_a_good_example_has_no_error_of_a_built_in_rule() -> None:
    bad_port = next(one for one in all_rules(plugins=False) if one.code == "REM101")
    clash = re.search(r"```xml\n(.*?)```", bad_port.__doc__ or "", re.DOTALL)
    assert clash
    made = prefix_rule(PAGE.replace(PRIMITIVE.format("acme-web"), clash[1].replace("«", "").replace("»", "").replace("\n", " ")))
    with pytest.raises(AssertionError, match=r"not clean \((SITE101|REM101)\)"):
        assert_rule(made)


def test_a_rule_may_be_exempt_from_examples() -> None:
    made = prefix_rule(PAGE.partition("Bad:")[0] + "References:\n    - the handbook\n")
    assert_page_is_complete(made, needs_examples=False)
    assert_rule(made, needs_examples=False)


def test_what_a_fix_makes_is_compared_with_a_snippet() -> None:
    @rule("SITE105", "fixed-prefix", severity=ERROR, fix="unsafe")
    def fixed_prefix(cib: Cib) -> Findings:
        for one in cib.primitives:
            if one.id == "web":
                yield problem(one.id_place, "web", fix=unsafe_fix("rename it", SetValue(one.id_place, "acme-web")))

    tester = RuleTester(fixed_prefix)
    tester.invalid(PRIMITIVE.format("«web»"), fixed=PRIMITIVE.format("acme-web"))
    with pytest.raises(AssertionError, match=r"cib\.xml is not fixed as expected:\n(.|\n)*acme-web"):
        tester.invalid(PRIMITIVE.format("«web»"), fixed=PRIMITIVE.format("other-web"))
    with pytest.raises(AssertionError, match="it has no fix"):
        RuleTester(prefix_rule()).invalid(PRIMITIVE.format("«web»"), fixed=PRIMITIVE.format("acme-web"))


# Two lines make the tests of a plugin.
module = sys.modules[__name__]
site_prefix = prefix_rule()
test_pages = rule_tests(module)


def test_modules_stand_for_their_rules() -> None:
    assert [case.rule for case in rule_cases(_module())] == [site_prefix] * 3
    assert len(list(rule_cases([site_prefix], site_prefix))) == 6


def _module() -> ModuleType:
    return module


def test_the_fixture_is_there_wherever_cibcheck_is_installed(rule_tester: type[RuleTester]) -> None:
    rule_tester(site_prefix).valid(PRIMITIVE.format("acme-web"))


def test_pytest_starts_without_what_the_fixture_needs() -> None:
    code = (
        "import sys, cibcheck.pytest_plugin; print(sorted(name for name in sys.modules if name.startswith(('cibcheck', 'lxml'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['cibcheck', 'cibcheck.pytest_plugin']"
