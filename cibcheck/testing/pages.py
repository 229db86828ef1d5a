"""A rule's page as its tests: what it marks as bad is found, at exactly that place, and what it calls good is clean."""

from __future__ import annotations

from functools import cache, partial
from types import ModuleType
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, Rule, rules_in
from cibcheck.cli.builtin import all_rules
from cibcheck.page import page_of
from cibcheck.records import NamedTuple
from cibcheck.testing.snippets import check_example
from cibcheck.testing.tester import assert_as_marked, assert_ran, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cibcheck.page import Example


def assert_bad_example(rule: Rule, example: Example) -> None:
    """Assert that a rule finds exactly what an example marks; without marks, that it finds something. Findings bring the fix that the
    rule declares.

    Raises:
        AssertionError: it is not so.
    """
    checked = check_example(example, rules=[rule], select=[rule.code])
    assert_ran(rule, checked)
    if checked.expected:
        assert_as_marked(rule, checked)
    elif not checked.findings:
        gap = "".join(f"; it cannot tell: {gap.reason}" for gap in checked.not_evaluated[:1])
        raise AssertionError(f"{rule.code} finds nothing in its bad example{gap}")
    for finding in checked.findings:
        fix = finding.problem.fix
        brought = None if fix is None else "safe" if fix.is_safe else "unsafe"
        if rule.fix not in (brought, "sometimes"):
            what = f"one that is {brought}" if brought else "none"
            raise AssertionError(f"{rule.code} declares fix={rule.fix!r}, but a finding brings {what}:\n{told([finding])}")


def assert_good_example(rule: Rule, example: Example) -> None:
    """Assert that a rule finds nothing in an example, and no built-in rule that is on by default finds an error.

    An example may leave out the parameters that an agent requires, where they are beside its point.

    Raises:
        AssertionError: it is not so.
    """
    checked = check_example(example, rules=list(dict.fromkeys((*_default_rules(), rule))), select=[*_default_codes(), rule.code])
    assert_ran(rule, checked)
    wrong = [
        finding
        for finding in checked.findings
        if finding.code == rule.code or (finding.severity is ERROR and finding.code != _BESIDE_THE_POINT)
    ]
    if wrong:
        raise AssertionError(f"the good example of {rule.code} is not clean ({wrong[0].code}):\n{told(wrong)}")


_BESIDE_THE_POINT = "AGT112"


def assert_page_is_complete(rule: Rule, *, needs_examples: bool = True) -> None:
    """Assert that a rule's page has all its parts, and that what the rule says of its bad examples has, too.

    The summary is a sentence; there is an explanation, references, a bad example with marks and a good one; a finding says what
    follows and what to do. ``needs_examples=False`` is for a rule about what no text can show.

    Raises:
        AssertionError: a part is missing.
    """
    page = page_of(rule)
    missing = [
        part
        for part, is_there in (
            ("a summary that ends in a full stop", page.summary.endswith(".")),
            ("an explanation", bool(page.body)),
            ("a bad example", bool(page.bad) or not needs_examples),
            ("a good example", bool(page.good) or not needs_examples),
            ("marks («…») in each bad example", all(_is_marked(example) for example in page.bad)),
            ("references", bool(page.references)),
        )
        if not is_there
    ]
    if missing:
        raise AssertionError(f"the page of {rule.code} lacks {', '.join(missing)}")
    for example in page.bad:
        for finding in check_example(example, rules=[rule], select=[rule.code]).findings:
            problem = finding.problem
            lacks = [part for part in ("consequence", "help") if not getattr(problem, part)]
            if lacks:
                raise AssertionError(f"{rule.code} does not say the {' and the '.join(lacks)} of {problem.message!r}")


def _is_marked(example: Example) -> bool:
    return any("«" in file.text for file in example.files)


@cache
def _default_rules() -> Sequence[Rule]:
    return [rule for rule in all_rules(plugins=False) if rule.is_default]


@cache
def _default_codes() -> Sequence[str]:
    return [rule.code for rule in _default_rules()]


class RuleCase(NamedTuple):
    """One thing to test of one rule; calling it tests. Its text is fit for a test's id: ``SITE101-bad-1``."""

    rule: Rule
    part: str
    test: Callable[[], None]

    def __call__(self) -> None:
        self.test()

    def __str__(self) -> str:
        return f"{self.rule.code}-{self.part}"


def rule_cases(*brought: Rule | ModuleType | Iterable[Rule], without_examples: Iterable[str] = ()) -> Iterator[RuleCase]:
    """All that is to be tested of rules, by their pages. Modules stand for the rules that they define.

    ``without_examples`` has the names of rules whose mistake no text can show.
    """
    exempt = frozenset(without_examples)
    for rule in _rules(brought):
        yield RuleCase(rule, "page", partial(assert_page_is_complete, rule, needs_examples=rule.name not in exempt))
        yield from example_cases(rule)


def example_cases(rule: Rule) -> Iterator[RuleCase]:
    """The examples on a rule's page, to be tested."""
    page = page_of(rule)
    for number, example in enumerate(page.bad, 1):
        yield RuleCase(rule, f"bad-{number}", partial(assert_bad_example, rule, example))
    for number, example in enumerate(page.good, 1):
        yield RuleCase(rule, f"good-{number}", partial(assert_good_example, rule, example))


def _rules(brought: Iterable[Rule | ModuleType | Iterable[Rule]]) -> Iterator[Rule]:
    for one in brought:
        if isinstance(one, Rule):
            yield one
        else:
            yield from rules_in(one) if isinstance(one, ModuleType) else iter(one)


def assert_rule(rule: Rule, *, needs_examples: bool = True) -> None:
    """Assert all that `rule_cases` tests of a rule.

    Raises:
        AssertionError: something is not so.
    """
    for case in rule_cases(rule, without_examples=() if needs_examples else [rule.name]):
        case()


def rule_tests(*brought: Rule | ModuleType | Iterable[Rule], without_examples: Iterable[str] = ()) -> Callable[..., None]:
    """Make a test for pytest of all that `rule_cases` has, with a case for each.

    Bind it to a name that pytest looks for: ``test_page = rule_tests(my_rules)``.
    """
    import pytest

    @pytest.mark.parametrize("case", list(rule_cases(*brought, without_examples=without_examples)), ids=str)
    def test_rule(case: RuleCase) -> None:
        case()

    return test_rule
