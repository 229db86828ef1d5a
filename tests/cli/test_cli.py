"""The command line, as a user meets it."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pytest

from cibcheck import __version__
from cibcheck.cli import check, main
from command import cibcheck, write

if TYPE_CHECKING:
    from cibcheck.api import Cib, Findings

BAD = "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='remote'/></group></resources>"
CLEAN = (
    "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='Dummy'>"
    "<operations><op id='m' name='monitor' interval='10s'/></operations></primitive></group></resources>"
)


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
        (["check", "--version"], 0),
        (["rule", "REM205[key]"], 0),
        (["--exit", "bad.xml"], 2),
        (["--stdin-filename", "cib.xml", "bad.xml"], 2),
        (["n" * 300], 2),
        (["two\nlines\x1b[31m"], 2),
        (["--help"], 0),
        (["rule", "--help"], 0),
    ],
)
def test_exit_codes(arguments: list[str], status: int) -> None:
    result = cibcheck(*arguments)
    assert result.status == status
    assert ("error: " in result.err) == (status == 2)
    assert result.err.count("\n") <= 1


def test_an_empty_path_can_be_seen() -> None:
    assert cibcheck("").err == "cibcheck: error: '': no such file or folder\n"


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
    assert "internal error: rule REM206 of cibcheck failed on bad.xml: RuntimeError: broken rule" in result.out


def test_a_rule_page_shows_examples_and_references() -> None:
    page = cibcheck("rule", "REM205").out
    for part in ("REM205 connection-in-group", "severity: error", "Bad:", "Good:", "References:", '<group id="g">'):
        assert part in page
    assert "«" not in page


def test_the_list_of_rules_has_a_line_for_each() -> None:
    lines = cibcheck("rules").out.splitlines()
    assert any(line.startswith("REM205  connection-in-group") for line in lines)
    assert any("(info)" in line for line in lines)


def test_the_schema_of_any_version_is_printed_as_plain_xsd() -> None:
    schema = cibcheck("schema", "--version", "3.9").out
    assert 'name="master"' in schema
    assert "urn:cibcheck" not in schema
    assert 'name="master"' not in cibcheck("schema").out
    assert "there is no schema version '3.99'" in cibcheck("schema", "--version", "3.99").err


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
        ("not toml", "cibcheck.toml:1:5: Expected"),
        ("fail-on = ['error']", "fail-on must be one of"),
        ("ignore = ['rem205']", "no rule is called 'rem205'; did you mean 'REM205'?"),
        ("[[cluster]]\nnode-files = ['/x/{node}']", "must be relative"),
        ("[[cluster]]\nnode-files = ['x**/{node}']", "** must be the whole name of a folder"),
        ("[[cluster]]\nname = 'x'\n[[cluster]]\nname = 'x'", "two [[cluster]] are called 'x'"),
        ("[rules.guest-is-no-machine]\nagents = [1]", "agents must be a list of values like 'VirtualDomain'"),
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


def close(path: Path) -> None:
    """Take all permissions away."""
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read everything")


def test_a_file_without_permission_is_a_finding(folder: Path) -> None:
    close(folder / "bad.xml")
    assert "XML004" in cibcheck("bad.xml").out
    assert "skipped, cannot be read: Permission denied: bad.xml" in cibcheck(".").out


def test_a_folder_without_permission_is_never_passed_over(folder: Path) -> None:
    write(folder, {"closed/bad.xml": BAD, "closed/sub/bad.xml": BAD})
    try:
        close(folder / "closed")
        assert "XML004" in cibcheck("closed").out
        assert "skipped, cannot be read: Permission denied: closed" in cibcheck(".").out
        for arguments in (["closed/bad.xml"], ["--cib", "closed/bad.xml"], ["--node", "a=closed/a"]):
            assert cibcheck(*arguments).err == f"cibcheck: error: {arguments[-1].removeprefix('a=')}: Permission denied\n"
    finally:
        (folder / "closed").chmod(0o700)


@pytest.mark.parametrize("encoding", ["rot13", "undefined", "idna", "punycode", "zlib", "utf-16"])
def test_an_encoding_that_is_none_is_a_finding(folder: Path, encoding: str) -> None:
    write(folder, {"odd.xml": f'<?xml version="1.0" encoding="{encoding}"?>\n<cib x="\u00e9"/>'})
    assert "XML001" in cibcheck("odd.xml").out


def test_standard_input_without_end_is_read_up_to_the_limit() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert size > 0
            return (b"<cib>" + b" " * size)[:size]

    out = io.StringIO()
    assert main(["-"], cast("IO[bytes]", Endless()), out, io.StringIO()) == 1
    assert "XML003" in out.getvalue()


def test_a_report_that_cannot_be_written_is_an_error() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:  # noqa: ARG002
            raise OSError(errno.ENOSPC, "No space left on device")

    err = io.StringIO()
    assert main(["bad.xml"], io.BytesIO(), Full(), err) == 2
    assert err.getvalue() == "cibcheck: error: [Errno 28] No space left on device\n"


def test_an_unforeseen_error_is_not_taken_for_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(check, "examine", broken)
    result = cibcheck("clean.xml")
    assert result.status == 2
    assert "RuntimeError: out of order" in result.err
    assert "internal error; please report it" in result.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("program", ["-m cibcheck", "-c 'import sys, cibcheck.__main__ as main; sys.exit(main.script())'"])
@pytest.mark.parametrize(("redirection", "status"), [("<&-", 1), (">&-", 1), (">&- 2>&-", 1), (">/dev/full", 2), ("| true", 1)])
def test_streams_may_be_closed_or_full(folder: Path, program: str, redirection: str, status: int) -> None:
    command = f"{sys.executable} {program} bad.xml {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == (0 if "|" in redirection else status)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_rule_page_shows_what_no_terminal_should_get() -> None:
    for rule, shown in (("SYS002", "# the port\N{REPLACEMENT CHARACTER}"), ("SYS021", "yes\N{REPLACEMENT CHARACTER}")):
        page = cibcheck("rule", rule).out
        assert shown in page
        assert not {"\0", "\r", "\ufeff"} & set(page)


def test_the_module_runs_as_a_program(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "cibcheck", "bad.xml"], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 1
    assert "REM205" in done.stdout


def test_standard_input_may_be_of_a_kind_that_its_text_does_not_tell() -> None:
    assert "XML005" in cibcheck("-", "--isolated", stdin=b"PCMK_remote_port 3121\n").out
    assert "SYS" in cibcheck("-", "--isolated", "--stdin-type", "sysconfig", stdin=b"PCMK_remote_port 3121\n").out
    assert "XML001" in cibcheck("-", "--isolated", "--stdin-type", "cib", stdin=b"PCMK_remote_port 3121\n").out
    assert cibcheck("x.xml", "--stdin-type", "cib").status == 2


@pytest.mark.parametrize(("text", "is_empty"), [(b"", True), (b" \n", True), (b"primitive web nginx\n", False)])
def test_of_empty_input_it_is_said_that_it_is_empty(text: bytes, is_empty: bool) -> None:
    result = cibcheck("-", "--isolated", stdin=text)
    assert result.status == 1
    assert "XML005" in result.out
    assert ("it is empty" in result.out) == is_empty


def test_the_version_is_a_command_and_an_option() -> None:
    assert cibcheck("version").out == cibcheck("--version").out


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["chek"], "'check'"),
        (["--selct", "REM"], "'--select'"),
        (["--pacemaker", "3.1"], "'3.0'"),
        (["--output-format", "sarf"], "'sarif'"),
        (["--select", "guest-name-is-resource"], "'guest-name-is-resource-id'"),
        (["rule", "guest-name-is-resource"], "'guest-name-is-resource-id'"),
        (["baseline", "creat"], "'create'"),
        (["--severity", "REM101=eror"], "'error'"),
        (["--config", "selct=[]"], "'select'"),
        (["completion", "bsh"], "'bash'"),
    ],
)
def test_what_is_misspelt_is_answered_with_what_was_meant(arguments: list[str], meant: str) -> None:
    result = cibcheck(*arguments)
    assert result.status == 2
    assert f"did you mean {meant}" in result.err
