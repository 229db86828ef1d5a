"""Every check of crm_verify, pcs and crmsh, and what support engineers look for, has its rule, with an example that proves it, or a reason
why it has none.

This table is the one place where coverage is counted. To renew docs/parity.md: ``python tests/parity/test_parity.py``.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cibcheck.cli.builtin import all_rules
from cibcheck.testing import check

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent.parent / "docs/parity.md"
RULES = {rule.code: rule for rule in all_rules(plugins=False)}
AREAS = {path.stem: tomllib.loads(path.read_text("utf-8"))["row"] for path in sorted(FOLDER.glob("*.toml"))}
ROWS = [(area, row) for area, rows in AREAS.items() for row in rows]
_BY = re.compile(r"(?P<code>[A-Z]{3}\d{3})(?:\[(?P<key>[^\]]+)\])?")


def proven() -> list[Any]:
    return [pytest.param(row, id=row["ids"][0]) for _, row in ROWS if "by" in row]


def found(row: dict[str, Any], example: str | dict[str, str]) -> bool:
    match = _BY.fullmatch(row["by"])
    assert match is not None, f"{row['by']} is neither CODE nor CODE[key]"
    files = {"cib": example} if isinstance(example, str) else dict(example)
    cib = files.pop("cib", None)
    checked = check(
        cib, files, rules=[RULES[match["code"]]], select=[match["code"]], targets=frozenset(row.get("targets", ("2.1", "3.0")))
    )
    assert not checked.internal_errors
    return any(match["key"] in (None, finding.problem.key) for finding in checked.findings)


@pytest.mark.parametrize("row", proven())
def test_the_example_is_found_and_the_near_miss_is_not(row: dict[str, Any]) -> None:
    assert found(row, row["example"])
    assert not found(row, row["near-miss"])


def test_every_row_has_a_rule_or_a_reason() -> None:
    for _, row in ROWS:
        assert len({"by", "not-yet", "never"} & row.keys()) == 1, row["ids"]
        assert row["says"], row["ids"]


def test_no_check_is_counted_twice() -> None:
    numbers = Counter(name for _, row in ROWS for name in row["ids"])
    assert {name: number for name, number in numbers.items() if number > 1} == {}


REFERENCE = FOLDER.parents[2] / "shared" / "reference"
PROFILES = {"generic", "fencing", "upgrade", "security", "remote"}


def is_counted(row: dict[str, str]) -> bool:
    """What others check is, all of it; of what people look for, that which is certain and stands in the CIB."""
    return "profile" not in row or (row["confidence"] == "high" and row["inputs"] == "cib" and row["profile"] in PROFILES)


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the tables of known checks are not beside the project")
@pytest.mark.parametrize(
    ("table", "at_least"), [("pacemaker-diagnostics.tsv", 300), ("shell-validations.tsv", 300), ("best-practices.tsv", 90)]
)
def test_every_check_that_is_known_of_has_its_row(table: str, at_least: int) -> None:
    with (REFERENCE / table).open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if is_counted(row)}
    assert len(known) > at_least
    assert known <= {name for _, row in ROWS for name in row["ids"]}


def page() -> str:
    lines = [
        "<!-- Made from tests/parity; `make docs` renews it. -->",
        "",
        "# What crm_verify, pcs and crmsh check, and cibcheck",
        "",
        "Each row is a check that one of them makes (PCMK: Pacemaker itself, SHELL: pcs or crmsh), or something that other checkers and support",
        "engineers look for (BP). A rule in the last column is proven by an example in `tests/parity`, which CI runs, and by a near miss on",
        "which it is silent.",
        "",
    ]
    counts = Counter("by" if "by" in row else "not-yet" if "not-yet" in row else "never" for _, row in ROWS for _ in row["ids"])
    lines += [
        f"{counts['by']} checks have a rule, {counts['not-yet']} wait for what cibcheck does not read yet, {counts['never']} are none for a linter.",
        "",
    ]
    for area, rows in AREAS.items():
        lines += [f"## {area.replace('-', ' ').capitalize()}", "", "| checks | what is checked | cibcheck |", "|---|---|---|"]
        lines += [f"| {', '.join(row['ids'])} | {_cell(row['says'])} | {_answer(row)} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def _answer(row: dict[str, Any]) -> str:
    if "by" in row:
        code = row["by"][:6]
        return f"[{row['by']}](rules/{code[:3]}.md#{code.lower()})"
    return f"not yet: {_cell(row['not-yet'])}" if "not-yet" in row else f"no: {_cell(row['never'])}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


@pytest.mark.skipif(not ROWS, reason="no rows yet")
def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "renew it: make docs"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    sys.stdout.write(f"renewed {PAGE}\n")
