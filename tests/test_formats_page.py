"""The page about output formats shows what cibcheck really prints. To renew it: ``python tests/test_formats_page.py``."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.cli.output import FORMATS
from command import cibcheck

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/formats.md"
_CONSOLE = re.compile(r"^```console\n\$ cibcheck (?P<arguments>[^\n]*)\n(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT_OUT = "…\n"


def _renewed(match: re.Match[str]) -> str:
    """An example with its output as it is now; the same one, if it shows parts that still follow each other in it."""
    out = cibcheck(*shlex.split(match["arguments"])).out
    parts = match["output"].split(_LEFT_OUT)
    if len(parts) > 1 and re.search(".*".join(map(re.escape, parts)), out, re.DOTALL):
        return match[0]
    return f"```console\n$ cibcheck {match['arguments']}\n{out}```"


def test_the_output_in_the_page_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = PAGE.read_text()
    assert text == _CONSOLE.sub(_renewed, text)


def test_every_format_has_a_section_and_an_example() -> None:
    text = PAGE.read_text()
    assert re.findall(r"^## (.*)", _CONSOLE.sub("", text), re.MULTILINE) == list(FORMATS)
    shown = {name for match in _CONSOLE.finditer(text) for name in re.findall(r"--output-format (\S+)", match["arguments"])}
    assert shown == {*FORMATS} - {"full"}


if __name__ == "__main__":
    sys.stdout.write(f"renewed {PAGE}\n" if PAGE.write_text(_CONSOLE.sub(_renewed, PAGE.read_text())) else "")
