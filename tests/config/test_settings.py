"""The settings: where they come from, what they do, and what is said of wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

BAD = "<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='remote'/></group></resources>"
SELECT = ("--select", "REM205,SYS101")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"prod/cib.xml": BAD})
    return tmp_path


def found(*arguments: str) -> list[str]:
    """The findings of a run in short: ``error[REM205]``."""
    lines = cibcheck(*arguments, *SELECT, "--output-format", "concise").out.splitlines()
    return [line.split(": ")[1].split()[0] for line in lines if line.count(":") > 2 and "[" in line]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("\nselct = ['REM']", "cibcheck.toml:2:1: unknown key 'selct'; did you mean 'select'?"),
        ("select = ['REM',\n 3]", "cibcheck.toml:2:2: select must be a list of strings"),
        ("ignore = [\n'REM101', 'REM9999']", "cibcheck.toml:2:11: no rule is called 'REM9999'"),
        ("[severity]\nREM101 = 'fatal'", "cibcheck.toml:2:10: REM101 must be one of 'info', 'warning', 'error'"),
        ("[severity]\nREM9999 = 'info'", "cibcheck.toml:2:1: no rule is called 'REM9999'"),
        ("[per-file-ignores]\n'a' = ['REM9999']", "cibcheck.toml:2:8: no rule is called 'REM9999'"),
        ("[[cluster]]\nname = 'x'\nignore = ['REM9999']", "cibcheck.toml:3:11: no rule is called 'REM9999'"),
        ("[[cluster]]\n[[cluster]]", "cibcheck.toml:2:1: two [[cluster]] are called 'cluster'"),
        ("[[cluster]]\nnam = 'x'", "cibcheck.toml:2:1: unknown key 'nam'; did you mean 'name'?"),
        ("\n[[suppression]]\nid = 'x'", "cibcheck.toml:2:1: 'rules' is missing"),
        ("[[suppression]]\nid = 'x'\nrules = ['REM1O1']", "cibcheck.toml:3:10: no rule is called 'REM1O1'"),
        (
            "[[suppression]]\nid = []\nrules = ['REM101']",
            "cibcheck.toml:2:6: id must be a string or a list of strings, not empty",
        ),
        ("[[suppression]]\nid = 'x'\nrules = []", "cibcheck.toml:3:9: rules must be a list of strings, not empty"),
        ("unsuppressable = ['nope']", "cibcheck.toml:1:19: no rule is called 'nope'"),
        ("require-suppression-reason = 1", "cibcheck.toml:1:30: require-suppression-reason must be true or false"),
        ("[rules.guest-is-no-machine]\nagent = []", "cibcheck.toml:2:1: REM217 has no option 'agent'; did you mean 'agents'?"),
        ("[rules.REM217]\nagents = 'x'", "cibcheck.toml:2:10: agents must be a list, like ['VirtualDomain'"),
        ("[rules.REM]\nx = 1", "cibcheck.toml:1:1: options belong to one rule"),
        ("a = 1\na = 2", "cibcheck.toml:2:"),
        ("a = " + "[" * 5000, "cibcheck.toml: it is nested too deeply"),
    ],
)
def test_an_error_names_the_place_and_what_was_meant(folder: Path, text: str, error: str) -> None:
    write(folder, {"cibcheck.toml": text})
    result = cibcheck()
    assert result.status == 2
    assert error in result.err
    assert result.err.count("\n") == 1


def test_an_error_in_pyproject_toml_is_placed_in_that_file(folder: Path) -> None:
    write(folder, {"pyproject.toml": "[project]\nname = 'x'\n[tool.cibcheck]\nselct = []\n"})
    assert "pyproject.toml:4:1: unknown key 'selct'" in cibcheck().err


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--config", "selct = 1"], "--config 'selct = 1': unknown key 'selct'"),
        (["--config", "select = REM"], "--config 'select = REM': Invalid value"),
        (["--severity", "REM205"], "--severity 'REM205': write RULES=LEVEL"),
        (["--severity", "REM205=fatal"], "--severity: REM205 must be one of"),
        (["--severity", "nope=info"], "--severity: no rule is called 'nope'"),
        (["--ignore", "nope"], "--ignore: no rule is called 'nope'"),
        (["--config", "a.toml", "--config", "b.toml"], "--config names two files, a.toml and b.toml"),
        (["--config", "a.toml", "--isolated"], "--isolated and --config FILE exclude each other"),
        (["--config", "a.toml"], "a.toml: No such file or directory"),
    ],
)
def test_an_error_on_the_command_line_names_the_option(arguments: list[str], error: str) -> None:
    result = cibcheck(*arguments)
    assert result.status == 2
    assert error in result.err


def test_one_key_may_be_given_on_the_command_line_above_the_file(folder: Path) -> None:
    write(folder, {"cibcheck.toml": "fail-on = 'info'\nseverity = {REM205 = 'info'}\n"})
    assert cibcheck(*SELECT).status == 1
    assert cibcheck(*SELECT, "--config", "fail-on = 'error'").status == 0
    assert cibcheck(*SELECT, "--config", "severity.REM101 = 'error'", "--config", "fail-on = 'warning'").status == 0
    assert cibcheck(*SELECT, "--isolated", "--config", "severity = {REM205 = 'info'}").status == 0


def test_what_the_command_line_ignores_is_added_and_what_it_selects_replaces(folder: Path) -> None:
    write(folder, {"cibcheck.toml": "select = ['SYS']\nignore = ['REM205']\n"})
    assert "REM205" not in cibcheck("--ignore", "REM101", "--select", "REM205,REM101").out
    assert "against 1 rule" in cibcheck("--select", "REM206").out


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("REM205 = 'info'", "info"),
        ("connection-in-group = 'warning'", "warning"),
        ("REM2 = 'info'", "info"),
        ("REM2 = 'info'\nREM205 = 'warning'", "warning"),
        ("REM205 = 'warning'\nREM2 = 'info'", "warning"),
        ("ALL = 'info'", "info"),
        ("SYS = 'info'", "error"),
    ],
)
def test_a_severity_is_set_by_the_narrowest_word(folder: Path, severity: str, level: str) -> None:
    write(folder, {"cibcheck.toml": f"[severity]\n{severity}\n"})
    assert found() == [f"{level}[REM205]"]


def test_a_severity_neither_enables_nor_disables(folder: Path) -> None:
    assert "against" in cibcheck("--severity", "REM116=error").out
    assert "REM116" not in cibcheck("--severity", "REM116=error", "-v").err.split("off by default")[0]
    assert found("--severity", "REM205=info") == ["info[REM205]"]


def test_the_command_line_sets_a_severity_over_the_file(folder: Path) -> None:
    write(folder, {"cibcheck.toml": "severity = {REM205 = 'warning'}\n"})
    assert found("--severity", "REM205=info") == ["info[REM205]"]


@pytest.mark.parametrize(
    ("pattern", "is_silent"),
    [
        ("prod/cib.xml", True),
        ("prod", True),
        ("prod/*", True),
        ("*.xml", True),
        ("cib.xml", True),
        ("test/*", False),
        ("rod", False),
    ],
)
def test_rules_are_ignored_for_files_by_pattern(
    folder: Path, pattern: str, *, is_silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, {"cibcheck.toml": f"[per-file-ignores]\n'{pattern}' = ['REM2']\n"})
    expected = [] if is_silent else ["error[REM205]"]
    assert found() == expected
    assert found(str(folder / "prod/cib.xml")) == expected
    monkeypatch.chdir(folder / "prod")
    assert found("cib.xml") == expected


def test_rules_are_ignored_for_clusters(folder: Path) -> None:
    write(folder, {"test/cib.xml": BAD})
    write(folder, {"cibcheck.toml": "[[cluster]]\nname = 'test'\ncib = 'test/cib.xml'\nignore = ['REM205']\n"})
    result = cibcheck(*SELECT, "--output-format", "concise").out
    assert "prod/cib.xml" in result
    assert "test/cib.xml" not in result


def test_an_excluded_file_that_is_named_is_checked_unless_forced(folder: Path) -> None:
    write(folder, {"cibcheck.toml": "exclude = ['prod']\n", "ok.xml": "<resources/>"})
    assert found("prod/cib.xml") == ["error[REM205]"]
    assert found("prod") == ["error[REM205]"]
    for path in ("prod/cib.xml", "prod", str(folder / "prod/cib.xml")):
        result = cibcheck(path, "--force-exclude")
        assert result.status == 0
        assert result.err == f"cibcheck: the configuration excludes all of {path}\n"
    assert cibcheck("prod/cib.xml", "ok.xml", "--force-exclude").err == ""
    assert cibcheck("prod/cib.xml", "--config", "force-exclude = true").status == 0


def test_verbose_tells_what_was_decided_and_why(folder: Path) -> None:
    node = "nodes/{}/etc/sysconfig/pacemaker"
    nodes = "<nodes><node id='1' uname='n1'/><node id='2' uname='n2'/></nodes>"
    configuration = f"<cib><configuration>{nodes}<!-- cibcheck: ignore[REM205] - x -->{BAD}</configuration></cib>"
    write(
        folder,
        {
            "cibcheck.toml": "exclude = ['old']\nignore = ['REM101']\n[[cluster]]\nname = 'p'\ncib = 'prod/cib.xml'\n"
            "node-files = ['envs/{node}']\n",
            "prod/cib.xml": configuration,
            node.format("n1"): "",
            node.format("x"): "",
            "envs/n2": "PCMK_debug=no\n",
            "old/cib.xml": BAD,
            "cib.xml": "<html/>",
        },
    )
    err = cibcheck("-v").err
    for line in (
        "cibcheck.toml: the nearest one, from this folder upwards",
        "prod/cib.xml: CIB of cluster 'p'",
        "nodes/n1/etc/sysconfig/pacemaker: node file of 'n1' in cluster 'p', by its path",
        "envs/n2: node file of 'n2' in cluster 'p', by the configuration",
        "nodes/x/etc/sysconfig/pacemaker: node file, nobody knows whose: no part of its path is the name of a node",
        "old: excluded by 'old'",
        "cib.xml: skipped: not a CIB (its root element is <html>)",
        "1 rule off, ignored: REM101",
        "REM205 at prod/cib.xml:1: suppressed by a comment: x",
    ):
        assert f"cibcheck: {line}\n" in err
    shown = cibcheck("--show-files").out
    assert "envs/n2: node file of 'n2' in cluster 'p', by the configuration\n" in shown
    assert "old: excluded by 'old'\n" in shown


def test_show_settings_says_where_each_comes_from(folder: Path) -> None:
    write(folder, {"cibcheck.toml": "ignore = ['REM101']\nfail-on = 'info'\n[severity]\nREM = 'info'\n"})
    out = cibcheck("--show-settings", "--ignore", "SYS", "--config", "severity.SYS = 'error'").out
    assert out.startswith("# cibcheck.toml: the nearest one, from this folder upwards\n")
    for line in (
        'ignore = ["REM101", "SYS"]  # cibcheck.toml:1:1, --ignore',
        'fail-on = "info"  # cibcheck.toml:2:1',
        'severity = { REM = "info", SYS = "error" }  # cibcheck.toml:3:1, --config "severity.SYS = \'error\'"',
        "exclude = []  # default",
        "# baseline is not set",
    ):
        assert f"{line}\n" in out
    # What is shown can be read again.
    write(folder, {"again.toml": out})
    assert cibcheck("--config", "again.toml", "--show-settings").out.count("again.toml:") >= 10


def test_a_bug_report_names_all_versions() -> None:
    out = cibcheck("--bug-report").out
    for word in ("cibcheck ", "Python ", "platform ", "lxml ", "libxml2 ", "pluggy ", "plugin"):
        assert word in out


def test_a_long_run_says_on_a_terminal_what_it_is_at(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from cibcheck.cli import main, progress

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    arguments = ["prod/cib.xml", *SELECT]
    quick = Terminal()
    main(arguments, io.BytesIO(), io.StringIO(), quick)
    assert quick.getvalue() == ""
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(progress, "_PAUSE", 0)
    slow = Terminal()
    main(arguments, io.BytesIO(), io.StringIO(), slow)
    assert "\r\x1b[Kchecking: prod/cib.xml" in slow.getvalue()
    assert slow.getvalue().endswith("\r\x1b[K")
    assert "\n" not in slow.getvalue()
    assert cibcheck(*arguments).err == ""
