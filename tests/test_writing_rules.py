"""The guide for authors of rules is a session that really runs. To renew it: ``python tests/test_writing_rules.py``.

A fence whose first line names a file is written to that file; the commands in a ``console`` fence are run in the order of the page.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

import pytest

import cibcheck.api
import cibcheck.testing
from cibcheck.families import FAMILIES
from command import cibcheck as run
from command import write

GUIDE = Path(__file__).parent.parent / "docs/writing-rules.md"
_FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def renewed(text: str, folder: Path) -> str:
    """The guide with the output of its commands as it is now; ``folder`` is the current one, and empty."""

    def play(fence: re.Match[str]) -> str:
        if fence["file"]:
            path = folder / fence["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fence["text"])
        if fence["kind"] != "console":
            return fence[0]
        commands = re.findall(r"^\$ cibcheck (.*)$", fence["text"], re.MULTILINE)
        results = [(command, run(*shlex.split(command))) for command in commands]
        blocks = (f"$ cibcheck {command}\n{result.out}{result.err}" for command, result in results)
        return "```console\n" + "\n".join(blocks) + "```"

    return _FENCE.sub(play, text)


def test_the_output_in_the_guide_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    write(tmp_path, {".git/HEAD": ""})
    text = GUIDE.read_text()
    assert text.count("```console") > 3
    assert text == renewed(text, tmp_path)


def table(heading: str) -> set[str]:
    """The names in the first column of the table below a heading."""
    section = GUIDE.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return {name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(
    ("heading", "names"),
    [("The interface", cibcheck.api.__all__), ("Tests with pytest", cibcheck.testing.__all__)],
    ids=["api", "testing"],
)
def test_every_public_name_is_in_the_guide_and_no_other(heading: str, names: list[str]) -> None:
    assert table(heading) == set(names)


def test_the_guide_lists_the_families_that_are_taken() -> None:
    listed = re.search(r"These are taken:\n([A-Z, ]+)\.", GUIDE.read_text())
    assert listed
    assert sorted(listed[1].split(", ")) == sorted(FAMILIES)


def test_the_example_in_the_guide_is_complete(tmp_path: Path) -> None:
    source = next(fence["text"] for fence in _FENCE.finditer(GUIDE.read_text()) if fence["file"] == "rules/addresses.py")
    defined: dict[str, object] = {"__name__": "addresses"}
    exec(source, defined)
    made = defined["address_without_netmask"]
    assert isinstance(made, cibcheck.api.Rule)
    cibcheck.testing.assert_rule(made)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        write(Path(folder), {".git/HEAD": ""})
        text = renewed(GUIDE.read_text(), Path(folder))
    GUIDE.write_text(text)
    sys.stdout.write(f"renewed {GUIDE}\n")
