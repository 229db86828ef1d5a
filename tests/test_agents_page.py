"""The page about agents is a session that really runs. To renew it: ``python tests/test_agents_page.py``."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.agents.catalogue import load
from cibcheck.agents.facts import written
from command import write
from test_writing_rules import renewed

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parent.parent / "docs/agents.md"


def test_the_output_in_the_page_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    # The first example comes before the page has written its configuration.
    write(tmp_path, {".git/HEAD": ""})
    assert PAGE.read_text() == renewed(PAGE.read_text(), tmp_path)


def test_the_table_explains_every_word_of_the_example(tmp_path: Path) -> None:
    text = PAGE.read_text()
    example = re.search(r"^```text site-agents.txt\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert example
    (tmp_path / "site.txt").write_text(example[1])
    lines = [line for facts in load("site.txt", str(tmp_path / "site.txt")).all() for line in written(facts)]
    words = {re.sub(r"=.*", "=", word) for line in lines for word in line.split()[1:]}
    table = "".join(re.findall(r"^\|.*", text, re.MULTILINE))
    assert len(words) > 10
    assert [word for word in words if word not in table] == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write(Path(folder), {".git/HEAD": ""})
        text = renewed(PAGE.read_text(), Path(folder))
    PAGE.write_text(text)
    sys.stdout.write(f"renewed {PAGE}\n")
