"""What the page on fixes shows is what cibcheck does. To renew it: ``python tests/test_docs_fixes.py``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.cli.builtin import all_rules
from test_readme import renewed

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "fixes.md"
_WORDS = {"safe": "all, safe", "unsafe": "all, unsafe", "sometimes": "some"}
_TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- end of rules -->)", re.DOTALL)


def current(text: str) -> str:
    """The page with its output and its table as they are now."""
    rows = (f"| {rule.code} | {rule.name} | {_WORDS[rule.fix]} |" for rule in all_rules(plugins=False) if rule.fix)
    table = "\n".join(("| rule | | findings with a fix |", "|---|---|---|", *rows, ""))
    return _TABLE.sub(table, renewed(text))


def test_the_page_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = PAGE.read_text()
    assert _TABLE.search(text)
    assert text == current(text)


if __name__ == "__main__":
    sys.stdout.write(f"renewed {PAGE}\n" if PAGE.write_text(current(PAGE.read_text())) else "")
