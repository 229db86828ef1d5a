"""docs/configuration.md and docs/adopting.md show what cibcheck really prints. To renew them: ``python tests/test_configuration_pages.py``.

The commands of a page run one after the other, in a folder that has the examples.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from command import cibcheck

ROOT = Path(__file__).parent.parent
PAGES = ("configuration.md", "adopting.md")
_CONSOLE = re.compile(
    r"^(?P<indent> *)```console\n *\$ cibcheck (?P<arguments>[^\n]*)\n(?P<output>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_TABLE = re.compile(r"(<!-- begin: cibcheck (?P<arguments>[^\n]*) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """A page with the output of its commands as it is now."""

    def console(match: re.Match[str]) -> str:
        out = cibcheck(*shlex.split(match["arguments"])).out
        return textwrap.indent(f"```console\n$ cibcheck {match['arguments']}\n{out}```", match["indent"])

    def table(match: re.Match[str]) -> str:
        return match[1] + cibcheck(*shlex.split(match["arguments"])).out + match[3]

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copytree(ROOT / "examples", "examples")
        Path(".git").mkdir()
        return _TABLE.sub(table, _CONSOLE.sub(console, text))


@pytest.mark.parametrize("name", PAGES)
def test_the_output_in_the_page_is_current(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = (ROOT / "docs" / name).read_text()
    assert _CONSOLE.search(text)
    assert text == renewed(text)


if __name__ == "__main__":
    for page in PAGES:
        path = ROOT / "docs" / page
        path.write_text(renewed(path.read_text()))
        sys.stdout.write(f"renewed {path}\n")
