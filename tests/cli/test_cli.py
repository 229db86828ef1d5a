"""The command line, as a user meets it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cibcheck import __version__
from cibcheck.cli import main
from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

    from cibcheck.api import Cib, Findings

BAD = "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='remote'/></group></resources>"
CLEAN = "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='Dummy'/></group></resources>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"bad.xml": BAD, "clean.xml": CLEAN})
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["clean.xml"], 0),
        (["check", "clean.xml"], 0),
        (["bad.xml"], 1),
        (["."], 1),
        ([], 1),
        (["bad.xml", "--exit-zero"], 0),
        (["bad.xml", "--fail-on", "error"], 1),
        (["bad.xml", "--ignore", "REM205"], 0),
        (["missing.xml"], 2),
        (["--select", "REM999", "clean.xml"], 2),
        (["--nonsense"], 2),
        (["--config", "none.toml", "clean.xml"], 2),
        (["rule"], 2),
        (["rule", "REM999"], 2),
        (["rule", "REM205"], 0),
        (["rule", "connection-in-group"], 0),
        (["rule", "--all"], 0),
        (["rules"], 0),
        (["--version"], 0),
        (["--help"], 0),
        (["rule", "--help"], 0),
    ],
)
def test_exit_codes(arguments: list[str], status: int) -> None:
    result = cibcheck(*arguments)
    assert result.status == status
    assert ("error: " in result.err) == (status == 2)
    assert result.err.count("\n") <= 1


def test_warnings_fail_by_default_but_not_below_fail_on(folder: Path) -> None:
    write(folder, {"warn.xml": "<resources><template id='t' class='ocf' provider='pacemaker' type='remote'/></resources>"})
    assert cibcheck("warn.xml").status == 1
    assert cibcheck("warn.xml", "--fail-on", "error").status == 0


def test_an_internal_error_outranks_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    from cibcheck_rules.remote import effect

    def crash(cib: Cib) -> Findings:
        raise RuntimeError("broken rule")

    monkeypatch.setattr(effect.connection_in_clone, "function", crash)
    result = cibcheck("bad.xml", "--select", "REM205,REM206")
    assert result.status == 2
    assert "error[REM205]" in result.out
    assert "internal error: rule REM206 of cibcheck_rules failed on bad.xml: RuntimeError: broken rule" in result.out


def test_a_rule_page_shows_examples_and_references() -> None:
    page = cibcheck("rule", "REM205").out
    for part in ("REM205 connection-in-group", "severity: error", "Bad:", "Good:", "References:", '<group id="g">'):
        assert part in page
    assert "«" not in page


def test_the_list_of_rules_has_a_line_for_each() -> None:
    lines = cibcheck("rules").out.splitlines()
    assert any(line.startswith("REM205  connection-in-group") for line in lines)
    assert any("(info)" in line for line in lines)


def test_version() -> None:
    assert cibcheck("--version").out == f"cibcheck {__version__}\n"


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ("selct = ['REM']", "unknown key 'selct'; did you mean 'select'?"),
        ("select = 'REM'", "select must be a list of strings"),
        ("fail-on = 'never'", "fail-on must be one of 'info', 'warning', 'error'"),
        ("[[cluster]]\nnode-files = ['x']", "has no {node}"),
        ("cluster = 3", "cluster must be written as [[cluster]]"),
        ("[rules.REM205]\nx = 1", "REM205 has no option 'x'"),
        ("not toml", "cibcheck.toml: Expected"),
    ],
)
def test_a_wrong_configuration_is_one_line_that_names_the_file(folder: Path, config: str, error: str) -> None:
    write(folder, {"cibcheck.toml": config})
    result = cibcheck("clean.xml")
    assert result.status == 2
    assert error in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("name", ["cibcheck.toml", ".cibcheck.toml", "pyproject.toml"])
def test_the_nearest_configuration_counts_unless_isolated(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    head = "[tool.cibcheck]\n" if name == "pyproject.toml" else ""
    write(folder, {name: f"{head}ignore = ['REM205']\n", "sub/bad.xml": BAD})
    monkeypatch.chdir(folder / "sub")
    assert cibcheck("bad.xml").status == 0
    assert cibcheck("bad.xml", "--isolated").status == 1


def test_a_configuration_above_the_repository_does_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, {"cibcheck.toml": "ignore = ['REM205']\n", "repo/.git/HEAD": "", "repo/bad.xml": BAD})
    monkeypatch.chdir(folder / "repo")
    assert cibcheck("bad.xml").status == 1


def test_rule_options_come_from_the_configuration(folder: Path) -> None:
    guest = (
        "<resources><primitive id='vm' class='ocf' provider='heartbeat' type='mine'><meta_attributes id='m'>"
        "<nvpair id='p' name='remote-node' value='g'/></meta_attributes></primitive></resources>"
    )
    write(folder, {"vm.xml": guest})
    assert cibcheck("vm.xml", "--select", "REM217").status == 1
    write(folder, {"cibcheck.toml": "[rules.guest-is-no-machine]\nagents = ['mine']\n"})
    assert cibcheck("vm.xml", "--select", "REM217").status == 0


def test_a_reader_that_has_seen_enough_ends_the_run_quietly() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:  # noqa: ARG002
            raise BrokenPipeError

    assert main(["bad.xml"], io.BytesIO(), Closed(), io.StringIO()) == 0


def test_many_paths_are_one_run() -> None:
    assert "Checked 2 clusters (2 CIBs)" in cibcheck("bad.xml", "clean.xml", "bad.xml").out


def test_hostile_files_give_findings_or_one_line(folder: Path) -> None:
    write(
        folder,
        {
            "hostile/empty.xml": b"",
            "hostile/cib.xml": b"\x00\xff" * 500,
            "hostile/deep.xml": b"<cib>" * 5000,
            "hostile/bomb.xml": b'<!DOCTYPE cib [<!ENTITY a "b">]><cib x="&a;"/>',
            "hostile/etc/sysconfig/pacemaker": b"\x00\xff='\n" * 500,
        },
    )
    for path in sorted((folder / "hostile").rglob("*")):
        if path.is_file():
            result = cibcheck(str(path))
            assert result.status == 1
            assert "Traceback" not in result.out + result.err
    assert cibcheck("hostile").status == 1


def test_a_file_of_100_megabytes_is_refused(folder: Path) -> None:
    with (folder / "huge.xml").open("wb") as file:
        file.write(b"<cib>")
        file.truncate(100_000_000)
    result = cibcheck("huge.xml")
    assert result.status == 1
    assert "XML003" in result.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_finding(folder: Path) -> None:
    (folder / "bad.xml").chmod(0)
    assert "XML004" in cibcheck("bad.xml").out


def test_the_module_runs_as_a_program(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "cibcheck", "bad.xml"], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 1
    assert "REM205" in done.stdout
