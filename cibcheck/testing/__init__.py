"""For authors of rules: run rules on snippets, say what they must find, and turn a rule's page into its tests.

`RuleTester` is for tests that are written by hand, `rule_tests` makes tests of all examples of a plugin's pages, `assert_rule` does so
for one rule, and `check` is what they stand on. None of them needs pytest, except `rule_tests`.
"""

from cibcheck.testing.pages import (
    RuleCase,
    assert_bad_example,
    assert_good_example,
    assert_page_is_complete,
    assert_rule,
    rule_cases,
    rule_tests,
)
from cibcheck.testing.snippets import (
    CIB_NAME,
    Checked,
    ExampleBytes,
    bytes_of,
    check,
    check_example,
    fixed_text,
    scaffold,
    span_of,
    text_of,
)
from cibcheck.testing.tester import RuleTester

__all__ = [
    "CIB_NAME",
    "Checked",
    "ExampleBytes",
    "RuleCase",
    "RuleTester",
    "assert_bad_example",
    "assert_good_example",
    "assert_page_is_complete",
    "assert_rule",
    "bytes_of",
    "check",
    "check_example",
    "fixed_text",
    "rule_cases",
    "rule_tests",
    "scaffold",
    "span_of",
    "text_of",
]
