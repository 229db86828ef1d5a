"""Each rule's page is its specification: what it marks as bad is found, at exactly that place, and what it calls good is clean."""

from __future__ import annotations

import pytest

from cibcheck.api import ERROR, Rule
from cibcheck.cli.builtin import all_rules
from cibcheck.page import Example, page_of
from cibcheck.testing import check_example

RULES = all_rules(plugins=False)
DEFAULT_RULES = [rule for rule in RULES if rule.is_default]

# These cannot be shown by a text alone: they are about bytes, about the disk, about a run for one release line only, or need a configuration.
WITHOUT_EXAMPLE = {
    "beyond-limits",
    "forbidden-suppression",
    "unreadable-file",
    "unrecognised-file",
    "variable-of-a-later-release",
}


def cases(kind: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(page_of(rule), kind), 1)
    ]


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_bad_example_has_exactly_the_marked_findings(rule: Rule, example: Example) -> None:
    checked = check_example(example, rules=[rule], select=[rule.code])
    assert not checked.internal_errors
    assert sorted(checked.spans) == sorted(checked.expected)
    assert checked.expected


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_good_example_has_no_finding_of_its_rule_and_no_error(rule: Rule, example: Example) -> None:
    checked = check_example(example, rules=[*DEFAULT_RULES, rule])
    assert not checked.internal_errors
    assert [
        (finding.code, finding.problem.message)
        for finding in checked.findings
        if finding.code == rule.code or finding.severity is ERROR
    ] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_is_complete(rule: Rule) -> None:
    page = page_of(rule)
    assert page.summary.endswith(".")
    assert page.body
    assert page.references
    if rule.name not in WITHOUT_EXAMPLE:
        assert page.bad
        assert page.good


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_finding_of_an_example_says_what_follows_and_what_to_do(rule: Rule) -> None:
    for example in page_of(rule).bad:
        for finding in check_example(example, rules=[rule], select=[rule.code]).findings:
            assert finding.problem.consequence
            assert finding.problem.help
