"""Each rule's page is its specification."""

from __future__ import annotations

from cibcheck.cli.builtin import all_rules
from cibcheck.testing import rule_tests

# These cannot be shown by a text alone: they are about bytes, about the disk, about a run of a certain kind, or need a configuration.
WITHOUT_EXAMPLE = (
    *("beyond-limits", "unreadable-file", "unrecognised-file", "variable-of-a-later-release"),
    *("schema-newer-than-pacemaker", "second-opinion", "forbidden-suppression"),
)

test_page = rule_tests(all_rules(plugins=False), without_examples=WITHOUT_EXAMPLE)
