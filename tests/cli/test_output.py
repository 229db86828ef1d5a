"""Where reports go, and how a terminal gets them."""

from __future__ import annotations

import io
import json
import os
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cibcheck.cli import main
from cibcheck.cli.output import FORMATS, style_of
from cibcheck.report import Style
from command import Result, cibcheck, write

if TYPE_CHECKING:
    from cibcheck.api import Cib, Findings

BAD = "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='remote'/></group></resources>"
FULL = "error[REM205] connection resource 'r' is in group 'g'"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    write(tmp_path, {"bad.xml": BAD})
    return tmp_path


def check(*formats: str) -> Result:
    arguments = [word for one in formats for word in ("--output-format", one)]
    return cibcheck("bad.xml", "--select", "REM205", *arguments)


def names() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_one_run_serves_the_terminal_and_files() -> None:
    result = check("concise", "sarif=a.sarif", "json=b.json")
    assert result.status == 1
    assert result.out.startswith("bad.xml:1:")
    assert json.loads(Path("a.sarif").read_bytes())["version"] == "2.1.0"
    assert json.loads(Path("b.json").read_bytes())["summary"]["error"] == 1


def test_the_full_report_is_shown_unless_another_one_is() -> None:
    assert check().out.startswith(FULL)
    assert check("sarif=a.sarif").out.startswith(FULL)
    assert check("full=-").out == check("full").out == check("text").out == check().out
    assert check("json").out.startswith("{")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_holds_what_standard_output_would(name: str) -> None:
    shown = check(name).out
    check(f"{name}=out")
    assert Path("out").read_bytes() == shown.encode()


@pytest.mark.parametrize(
    ("formats", "error"),
    [
        (["sariff"], "no format is called 'sariff'; did you mean 'sarif'?"),
        (["nonsense"], "no format is called 'nonsense'"),
        (["statistics"], "no format is called 'statistics'"),
        (["sarif="], "--output-format sarif=: name the file"),
        (["json", "sarif"], "several reports would go to standard output"),
        (["json=x", "sarif=./x"], "several reports would go to x"),
        (["json=none/x"], "there is no folder none"),
        (["json=."], ". is a folder"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_checked(formats: list[str], error: str) -> None:
    result = check(*formats)
    assert result.status == 2
    assert error in result.err
    assert result.err.count("\n") == 1
    assert result.out == ""
    assert names() == ["bad.xml"]


def test_a_report_does_not_destroy_what_is_checked(folder: Path) -> None:
    (folder / "link").symlink_to("bad.xml")
    for name in ("bad.xml", "link"):
        result = check(f"json={name}", "sarif=a.sarif")
        assert result.status == 2
        assert "a report would destroy it" in result.err
    assert Path("bad.xml").read_text() == BAD
    assert result.out.startswith(FULL)
    assert Path("a.sarif").exists()


def test_a_file_is_utf_8_without_a_mark_whatever_the_terminal_speaks(folder: Path) -> None:
    write(folder, {"bad.xml": BAD.replace("'r'", "'日é'")})
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    main(
        ["bad.xml", "--select", "REM205", "--output-format", "full", "--output-format", "markdown=x.md"],
        io.BytesIO(),
        out,
        io.StringIO(),
    )
    data = Path("x.md").read_bytes()
    assert "'日é'" in data.decode("utf-8")
    assert not data.startswith(b"\xef\xbb\xbf")


def test_a_file_is_plain_even_where_the_terminal_is_painted() -> None:
    result = cibcheck("bad.xml", "--color", "always", "--output-format", "full", "--output-format", "concise=x")
    assert "\x1b" in result.out
    assert "\x1b" not in Path("x").read_text()


def test_a_file_appears_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.json").write_text("as before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = check("json=a.json", "concise")
    assert result.status == 2
    assert result.err == "cibcheck: error: a.json: No space left on device\n"
    assert result.out.startswith("bad.xml")  # the log says all the same what was found
    assert Path("a.json").read_text() == "as before"
    assert names() == ["a.json", "bad.xml"]


def test_an_existing_file_keeps_its_mode_and_a_link_stays_one(folder: Path) -> None:
    Path("real").write_text("")
    Path("real").chmod(0o640)
    (folder / "link").symlink_to("real")
    check("json=link", "sarif=new")
    assert Path("link").is_symlink()
    assert json.loads(Path("real").read_bytes())
    assert stat.S_IMODE(Path("real").stat().st_mode) == 0o640
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(Path("new").stat().st_mode) == 0o666 & ~mask


def test_a_pipe_or_a_device_is_written_to_not_replaced() -> None:
    os.mkfifo("pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_text()))
    reader.start()
    check("json=pipe", "sarif=/dev/null")
    reader.join(10)
    assert json.loads(read[0])["version"] == 1
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# --- Statistics


def test_statistics_take_the_place_of_the_findings() -> None:
    lines = cibcheck("bad.xml", "--select", "REM205", "--statistics").out.splitlines()
    assert lines == [
        "count  fixable  severity  rule",
        "    1           error     REM205 connection-in-group",
        "",
        "Found 1 error. Checked 1 cluster (1 CIB) against 1 rule.",
    ]


def test_statistics_leave_reports_in_files_alone() -> None:
    result = cibcheck("bad.xml", "--select", "REM205", "--statistics", "--output-format", "concise=x")
    assert result.out.startswith("count")
    assert Path("x").read_text().startswith("bad.xml:1:")


def test_statistics_are_not_for_programs() -> None:
    result = cibcheck("bad.xml", "--statistics", "--output-format", "json")
    assert result.status == 2
    assert "--statistics is for people; json goes to standard output" in result.err


# --- Rules that fail


def test_a_rule_that_failed_is_told_on_standard_error_where_the_report_has_no_place_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cibcheck_rules.remote import effect

    def crash(cib: Cib) -> Findings:
        raise ZeroDivisionError

    monkeypatch.setattr(effect.connection_in_group, "function", crash)
    said = "failed on bad.xml: ZeroDivisionError"
    for name in FORMATS:
        result = check(name)
        assert result.status == 2
        assert said in (result.err if name in ("gitlab", "checkstyle", "rdjson") else result.out + result.err)


# --- The terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environment", "is_painted"),
    [
        ("auto", {}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color_is_what_the_option_says_then_the_environment_then_the_terminal(
    color: str, environment: dict[str, str], is_painted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    style = style_of(color, Terminal())
    assert style.color is is_painted
    assert style.links is is_painted
    piped = style_of(color, io.StringIO())
    assert piped.links is False
    assert piped.color is (color == "always" or (is_painted and "FORCE_COLOR" in environment))


def test_links_lead_to_the_file_and_to_the_page_of_the_rule(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cibcheck.report.DOCUMENTATION", "https://docs.invalid/{code}")
    for name in ("full", "concise", "grouped"):
        terminal = Terminal()
        main(["bad.xml", "--select", "REM205", "--output-format", name], io.BytesIO(), terminal, io.StringIO())
        text = terminal.getvalue()
        assert f"\x1b]8;;file://{os.uname().nodename}{os.path.realpath(folder)}/bad.xml\x1b\\" in text
        assert "\x1b]8;;https://docs.invalid/REM205\x1b\\" in text


def test_without_an_address_a_rule_is_no_link() -> None:
    assert Style(color=True, is_terminal=True).link("REM205", "") == "REM205"


def test_standard_input_is_no_link() -> None:
    terminal = Terminal()
    main(["-", "--select", "REM205"], io.BytesIO(BAD.encode()), terminal, io.StringIO())
    assert "<stdin>:1:" in terminal.getvalue()
    assert "]8;;" not in terminal.getvalue()
