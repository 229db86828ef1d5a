"""The README shows what cibcheck really prints. To renew it: ``python tests/test_readme.py``."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from command import cibcheck

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_CONSOLE = re.compile(r"^```console\n\$ cibcheck (?P<arguments>[^\n]*)\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)


def renewed(text: str) -> str:
    """The README with the output of its commands as it is now."""

    def run(match: re.Match[str]) -> str:
        return f"```console\n$ cibcheck {match['arguments']}\n{cibcheck(*shlex.split(match['arguments'])).out}```"

    return _CONSOLE.sub(run, text)


def test_the_output_in_the_readme_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = README.read_text()
    assert _CONSOLE.search(text)
    assert text == renewed(text)


def test_the_healthy_example_has_no_finding_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = cibcheck("examples/healthy")
    assert result.status == 0
    assert result.out.count("\n") == 1
    assert result.out.startswith("No findings.")


def test_the_other_example_has_the_mistakes_that_its_readme_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    listed = re.findall(r"^\| `", (ROOT / "examples/README.md").read_text(), re.MULTILINE)
    found = cibcheck("examples/mistakes", "--output-format", "concise").out.splitlines()
    assert sum(line.startswith("examples/") for line in found) == len(listed)


if __name__ == "__main__":
    sys.stdout.write(f"renewed {README}\n" if README.write_text(renewed(README.read_text())) else "")
