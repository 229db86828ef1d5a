"""The reference in docs/rules is what the rules say of themselves. To renew it: ``python tests/test_reference.py``."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.cli.builtin import all_rules
from cibcheck.families import FAMILIES, family_of
from cibcheck.page import markdown_page, page_of
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cibcheck.api import Rule

FOLDER = Path(__file__).parent.parent / "docs/rules"
_FENCE_OR_HEADING = re.compile(r"^(?:```.*?^```$|#)", re.MULTILINE | re.DOTALL)
_MADE = "<!-- Made from the rules' docstrings; `make docs` renews it. -->"


def reference() -> Mapping[str, str]:
    """The files of the reference: a list of all rules, and a page for each family."""
    rules = all_rules(plugins=False)
    families = {family: list(own) for family, own in groupby(rules, key=lambda rule: family_of(rule.code))}
    pages = {f"{family}.md": "\n".join(_family_page(family, own)) for family, own in families.items()}
    return {"index.md": "\n".join(_index(families)), **pages}


def _index(families: Mapping[str, Sequence[Rule]]) -> Iterator[str]:
    yield f"{_MADE}\n\n# Rules\n"
    yield f"The {sum(map(len, families.values()))} rules that come with cibcheck; `cibcheck rule CODE` prints the same."
    yield "A severity in parentheses: the rule runs only when it is selected.\n"
    for family, rules in families.items():
        yield f"## {family}: {FAMILIES[family]}\n"
        yield "| code | name | severity | what it finds |\n|---|---|---|---|"
        for rule in rules:
            severity = rule.severity.word if rule.is_default else f"({rule.severity.word})"
            summary = page_of(rule).summary.replace("|", "\\|")
            yield f"| [{rule.code}]({family}.md#{rule.code.lower()}) | {rule.name} | {severity} | {summary} |"
        yield ""


def _family_page(family: str, rules: Sequence[Rule]) -> Iterator[str]:
    yield f"{_MADE}\n\n# {family}: {FAMILIES[family]}\n\n[All rules](index.md)\n"
    for rule in rules:
        # The anchor stays when a rule's name changes.
        yield f'<a id="{rule.code.lower()}"></a>\n'
        yield _one_level_down(markdown_page(rule))


def _one_level_down(text: str) -> str:
    """Markdown with its headings a level deeper; a # in a fence is none. What nobody can see is written as an escape."""
    text = "\n".join(map(printable, text.split("\n")))
    return _FENCE_OR_HEADING.sub(lambda match: "##" if match[0] == "#" else match[0], text)


def test_the_reference_is_current() -> None:
    files = {path.name: path.read_text() for path in FOLDER.iterdir()}
    assert files.keys() == reference().keys()
    for name, text in reference().items():
        assert files[name] == text, f"docs/rules/{name} is not current: make docs"


def test_every_built_in_family_has_a_title() -> None:
    assert {family_of(rule.code) for rule in all_rules(plugins=False)} <= FAMILIES.keys()


def test_codes_and_names_are_written_as_those_of_others_have_to_be() -> None:
    for rule in all_rules(plugins=False):
        assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", rule.code)
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)


def test_a_heading_in_a_fence_is_none() -> None:
    assert _one_level_down("# a\n\n```sh\n# b\n```\n\n## c\n") == "## a\n\n```sh\n# b\n```\n\n### c\n"


def test_every_link_of_the_list_has_its_anchor() -> None:
    files = reference()
    links = re.findall(r"\]\((\w+\.md)#(\w+)\)", files["index.md"])
    assert len(links) == len(all_rules(plugins=False))
    assert all(f'<a id="{anchor}"></a>' in files[name] for name, anchor in links)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for name, text in reference().items():
        (FOLDER / name).write_text(text)
    sys.stdout.write(f"renewed {FOLDER}\n")
