"""The scripts for completion, in the shells that they are for."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from cibcheck.cli import COMMANDS
from command import cibcheck

if TYPE_CHECKING:
    from pathlib import Path

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the scripts, and with cibcheck as a command on the path."""
    for shell in SHELLS:
        (tmp_path / f"script.{shell}").write_text(cibcheck("completion", shell).out)
    command = tmp_path / "bin/cibcheck"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cibcheck "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}")
    return found


@pytest.mark.parametrize("name", SHELLS)
def test_the_shell_takes_the_script(scripts: Path, name: str) -> None:
    done = subprocess.run([shell(name), "-n", f"script.{name}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_has_all_commands_and_asks_for_the_rules_without_the_configuration(name: str) -> None:
    script = cibcheck("completion", name).out
    assert all(command in script for command in COMMANDS)
    assert "cibcheck rules --isolated --output-format names" in script


def test_an_unknown_shell_is_an_error() -> None:
    assert cibcheck("completion", "tcsh").status == 2


def in_bash(words: str) -> list[str]:
    line = words.replace("=", " = ").split(" ")
    typed = f"COMP_WORDS=({' '.join(map(repr, line))}); COMP_CWORD={len(line) - 1}"
    code = f"source script.bash; {typed}; _cibcheck; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run([shell("bash"), "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def in_fish(words: str) -> list[str]:
    code = f"source script.fish; complete -C {words!r}"
    done = subprocess.run([shell("fish"), "--no-config", "-c", code], capture_output=True, text=True, check=True)
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


CASES = [
    ("cibcheck check --output-f", {"--output-format"}),
    ("cibcheck --exit-z", {"--exit-zero"}),
    ("cibcheck --color a", {"auto", "always"}),
    ("cibcheck check --select REM10", {f"REM10{number}" for number in range(1, 10)}),
    ("cibcheck --ignore guest-name-is-resource-i", {"guest-name-is-resource-id"}),
    ("cibcheck --ignore SYS101,REM109", {"SYS101,REM109"}),
    ("cibcheck rule REM109", {"REM109"}),
    ("cibcheck rule --output-format m", {"markdown"}),
    ("cibcheck completion f", {"fish"}),
    ("cibcheck comp", {"completion"}),
    ("cibcheck --cib script.f", {"script.fish"}),
]


@pytest.mark.parametrize(("words", "expected"), [*CASES, ("cibcheck --fail-on=e", {"error"})])
def test_bash_completes(scripts: Path, words: str, expected: set[str]) -> None:
    assert set(in_bash(words)) == expected


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_fish_completes(scripts: Path, words: str, expected: set[str]) -> None:
    assert set(in_fish(words)) == expected


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("cibcheck check --output-f", "--output-format "),
        ("cibcheck rule guest-name-is-resource-i", "guest-name-is-resource-id "),
        ("cibcheck --ignore SYS101,guest-name-is-resource-i", "SYS101,guest-name-is-resource-id"),
        ("cibcheck comp", "completion "),
        ("cibcheck --cib script.f", "script.fish "),
    ],
)
def test_zsh_completes(scripts: Path, typed: str, completed: str) -> None:
    start = "PS1='ready>'; autoload -Uz compinit; compinit -u -D; source ./script.zsh; setopt no_beep"
    (scripts / ".zshrc").write_text(f"{start}\n")
    terminal, inner = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "ZDOTDIR": str(scripts)}
    with subprocess.Popen(
        [shell("zsh"), "-i"], stdin=inner, stdout=inner, stderr=inner, env=environment, start_new_session=True
    ) as zsh:
        os.close(inner)
        _read(terminal, "ready>")
        os.write(terminal, f"{typed}\t".encode())
        shown = _read(terminal, completed)
        zsh.kill()
    os.close(terminal)
    assert completed in shown


def _read(terminal: int, awaited: str) -> str:
    """What a terminal shows until it shows what is awaited, or for some seconds."""
    shown, end = "", time.monotonic() + 20
    while awaited not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
    return shown
