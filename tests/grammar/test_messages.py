"""What people read: each mistake, made in one clean CIB, with the report as it is rendered.

A case in mistakes.txt is a title, the lines that are taken out (``-``) and put in (``+``) at one or more places, and the report. After a
change of words ``CIBCHECK_UPDATE=1 pytest tests/grammar/test_messages.py`` writes the reports anew; then read them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from command import cibcheck

FOLDER = Path(__file__).parent / "messages"
BASE = (FOLDER / "base.xml").read_text("utf-8")
MISTAKES = FOLDER / "mistakes.txt"
_CASE = re.compile(r"^=== (?P<title>.*)\n(?P<edits>(?:[-+@].*\n)*)\n(?P<report>(?:(?!=== ).*\n?)*)", re.MULTILINE)


class Case(NamedTuple):
    title: str
    edits: str
    report: str

    @property
    def text(self) -> str:
        """The CIB with the mistake in it."""
        text = BASE
        for edit in filter(None, self.edits.split("@@\n")):
            lines = edit.splitlines(keepends=True)
            old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
            assert text.count(old) == 1, f"{self.title}: {old!r} is there {text.count(old)} times"
            text = text.replace(old, new)
        return text

    def rendered(self, folder: Path) -> str:
        """The report, without what is the same for all."""
        (folder / "cib.xml").write_text(self.text, "utf-8")
        result = cibcheck("check", "cib.xml", "--isolated", "--select", "SCH")
        report = result.out[: result.out.rindex("\n\nFound ") if "\n\nFound " in result.out else 0]
        return "\n".join(line for line in report.split("\n") if not line.strip().startswith("= more:"))


CASES = [
    Case(match["title"], match["edits"], match["report"].strip("\n")) for match in _CASE.finditer(MISTAKES.read_text("utf-8"))
]


def test_the_cib_without_mistake_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Case("clean", "", "").rendered(tmp_path) == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_mistake_is_explained(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rendered = case.rendered(tmp_path)
    if "CIBCHECK_UPDATE" in os.environ:
        whole = MISTAKES.read_text("utf-8")
        head = f"=== {case.title}\n{case.edits}\n"
        start = whole.index(head) + len(head)
        end = whole.find("\n=== ", start)
        MISTAKES.write_text(whole[:start] + rendered + "\n" + (whole[end:] if end >= 0 else ""), "utf-8")
    else:
        assert rendered == case.report


def test_nearly_every_mistake_gets_one_finding() -> None:
    numbers = {case.title: len(re.findall(r"(?m)^(?:error|warning|info)\[", case.report)) for case in CASES}
    assert len(numbers) >= 48
    assert {title: number for title, number in numbers.items() if number != 1} == {"no schema declared, and a mistake": 2}
