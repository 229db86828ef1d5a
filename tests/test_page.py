"""A rule's page in its written forms."""

from __future__ import annotations

import pytest

from cibcheck.api import WARNING, Cib, Findings, Rule, rule
from cibcheck.cli.builtin import all_rules
from cibcheck.page import markdown_page


@rule("TST101", "test-rule", severity=WARNING, default=False, pacemaker="3.0")
def told(_cib: Cib, *, most_nodes: int = 32) -> Findings:
    """A mistake.

    What Pacemaker does about it.

    Bad:

    With a file:

    ```xml cib
    <node id="«1»"/>
    ```

    ```sysconfig web1
    A=1
    ```

    Good:

    ```xml
    <node id="2"/>
    ```

    References:
    - a book
    """
    yield from ()


def test_a_page_as_markdown_has_all_parts_under_headings() -> None:
    assert markdown_page(told) == (
        "# TST101 test-rule\n\n"
        "*severity: warning · runs only when selected · only in Pacemaker 3.0*\n\n"
        "A mistake.\n\n"
        "What Pacemaker does about it.\n\n"
        "## Bad\n\n"
        "With a file:\n\n"
        'The CIB:\n\n```xml\n<node id="1"/>\n```\n\n'
        "`/etc/sysconfig/pacemaker` of web1:\n\n```sh\nA=1\n```\n\n"
        '## Good\n\n```xml\n<node id="2"/>\n```\n\n'
        "## Options\n\n| option | default |\n|---|---|\n| `most-nodes` | `32` |\n\n"
        "## References\n\n- a book\n"
    )


@pytest.mark.parametrize("one", all_rules(plugins=False), ids=lambda one: one.code)
def test_the_markdown_of_every_rule_closes_its_fences_and_keeps_no_marks(one: Rule) -> None:
    text = markdown_page(one)
    assert text.count("\n```") % 2 == 0
    assert "«" not in text
