"""Python files that the configuration names: what they bring, and whose files are run at all."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

from command import Result, cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

RULE = '''
from cibcheck.api import WARNING, Cib, Findings, problem, rule


@rule("SITE101", "site-prefix", severity=WARNING)
def site_prefix(cib: Cib) -> Findings:
    """Resource ids start with our prefix."""
    for resource in cib.all_resources:
        if not resource.id.startswith("acme-"):
            yield problem(resource.id_place, f"{resource.id} lacks the prefix", consequence="confusion", help="rename it")
'''
HOOK = (
    RULE
    + """
from cibcheck.hookspecs import hookimpl


@hookimpl
def cibcheck_rules():
    return [site_prefix]
"""
)
CIB = (
    "<resources><primitive id='web' class='ocf' provider='pacemaker' type='Dummy'>"
    "<operations><op id='monitor' name='monitor' interval='10s'/></operations></primitive></resources>"
)
CONFIGURATION = 'plugins = ["rules/site.py"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a CIB, where cibcheck is started."""
    project = tmp_path / "project"
    write(project, {"cib.xml": CIB, ".git/HEAD": ""})
    monkeypatch.chdir(project)
    return project


def telltale(ran: Path) -> str:
    """A plugin that leaves a file behind when it is run."""
    return f"import pathlib\npathlib.Path({str(ran)!r}).write_text('ran')\n{RULE}"


def concise(*arguments: str) -> Result:
    return cibcheck("cib.xml", "--output-format", "concise", *arguments)


@pytest.mark.parametrize("text", [RULE, HOOK], ids=["rules alone", "with the hook"])
def test_a_file_brings_rules(folder: Path, text: str) -> None:
    write(folder, {"cibcheck.toml": CONFIGURATION, "rules/site.py": text})
    assert "warning[SITE101] web lacks the prefix" in concise().out


def test_pyproject_can_name_files_too(folder: Path) -> None:
    write(folder, {"pyproject.toml": f"[tool.cibcheck]\n{CONFIGURATION}", "rules/site.py": RULE})
    assert "SITE101" in concise().out


def test_a_folder_is_a_package_whose_modules_import_each_other(folder: Path) -> None:
    write(
        folder,
        {
            "cibcheck.toml": 'plugins = ["rules/"]',
            "rules/prefix.py": 'PREFIX = "acme-"\n',
            "rules/json.py": RULE.replace("from cibcheck", "from .prefix import PREFIX\nfrom cibcheck", 1).replace(
                '"acme-"', "PREFIX"
            ),
            "rules/test_json.py": "raise ValueError('a test is no rule')",
        },
    )
    assert "SITE101" in concise().out


def test_a_folder_may_be_a_package_with_a_hook(folder: Path) -> None:
    hook = HOOK.partition("from cibcheck.hookspecs")[2]
    write(
        folder,
        {
            "cibcheck.toml": 'plugins = ["rules"]',
            "rules/__init__.py": f"from .names import site_prefix\nfrom cibcheck.hookspecs {hook.strip()}\n",
            "rules/names.py": RULE
            + RULE.replace("SITE101", "SITE102").replace("site-prefix", "second").replace("site_prefix", "second"),
        },
    )
    assert concise("--select", "SITE101").status == 1
    assert "no rule is called" in concise("--select", "SITE102").err


def test_loading_shadows_nothing_and_writes_nothing(folder: Path) -> None:
    second = RULE.replace("SITE101", "SITE102").replace("site-prefix", "second")
    write(folder, {"cibcheck.toml": 'plugins = ["rules", "json.py"]', "rules/tomllib.py": RULE, "json.py": second})
    path = list(sys.path)
    assert concise("--select", "SITE").out.count("lacks the prefix") == 2
    assert sys.path == path
    assert hasattr(importlib.import_module("json"), "dumps")
    assert hasattr(importlib.import_module("tomllib"), "loads")
    assert not list(folder.rglob("__pycache__"))


def test_a_file_that_changed_is_loaded_anew(folder: Path) -> None:
    write(folder, {"cibcheck.toml": 'plugins = ["rules"]', "rules/names.py": RULE})
    assert "lacks the prefix" in concise().out
    write(folder, {"rules/names.py": RULE.replace("lacks the prefix", "has no prefix at all")})
    assert "has no prefix at all" in concise().out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\ndef broken(:\n", "rules/site.py:2: SyntaxError: "),
        ("x = 1\n\nimport no_such_module\n", "rules/site.py:3: ModuleNotFoundError: No module named 'no_such_module'"),
        ("def fails():\n    raise ValueError('not today')\nfails()\n", "rules/site.py:2: ValueError: not today"),
        ("import sys\nsys.exit(1)\n", "rules/site.py:2: SystemExit: 1"),
        (RULE.replace("cib: Cib", "cib: str"), "rules/site.py:5: TypeError: rule SITE101: nothing supplies 'str'"),
        (HOOK.replace("return [site_prefix]", "return [nobody]"), "rules/site.py:17: NameError: "),
        ("x = 1\n", "rules/site.py: it brings no rule"),
        (
            RULE.replace("SITE101", "REM999"),
            "rules/site.py: rule REM999: REM is a family of cibcheck (REM: remote and guest nodes)",
        ),
        (RULE.replace("SITE101", "REMX101"), "rule REMX101: REMX begins like a family of cibcheck"),
        (RULE.replace("SITE101", "RE101"), "rule RE101: RE begins like a family of cibcheck"),
        (RULE.replace("site-prefix", "too-many-cluster-nodes"), "rules/site.py both have a rule too-many-cluster-nodes"),
        (f"CIBCHECK_API = 7\n{RULE}", "rules/site.py: it is written for version 7 of cibcheck's interface"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_with_its_place(folder: Path, text: str, message: str) -> None:
    write(folder, {"cibcheck.toml": CONFIGURATION, "rules/site.py": text})
    result = concise()
    assert (result.status, result.out) == (2, "")
    assert message in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ('["rules/none.py"]', "rules/none.py: no such file or folder"),
        ('["cib.xml"]', "a plugin is a file that ends in .py, or a folder"),
        ('"rules/site.py"', "must be a list of strings"),
    ],
)
def test_what_is_no_plugin_is_one_line(folder: Path, names: str, message: str) -> None:
    write(folder, {"cibcheck.toml": f"plugins = {names}"})
    result = concise()
    assert result.status == 2
    assert message in result.err


# Whose code runs.


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """What the code writes when it is run."""
    return tmp_path / "ran"


def plant(folder: Path, ran: Path, configuration: str = CONFIGURATION) -> None:
    write(folder, {"cibcheck.toml": configuration, "rules/site.py": telltale(ran), "cib.xml": CIB})


def test_the_nearest_configuration_upwards_may_name_code(folder: Path, ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(folder, ran)
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    assert "SITE101" in cibcheck("../cib.xml", "--output-format", "concise").out
    assert ran.exists()


@pytest.mark.parametrize("command", [["check", "."], ["check", "deeper"], ["check", "deeper/cib.xml"], ["rules"], ["plugins"]])
def test_a_configuration_found_deeper_runs_nothing(folder: Path, ran: Path, command: list[str]) -> None:
    plant(folder / "deeper", ran)
    plant(folder / "deeper" / ".git", ran)
    cibcheck(*command)
    assert not ran.exists()


def test_a_configuration_beside_a_checked_file_elsewhere_runs_nothing(folder: Path, ran: Path, tmp_path: Path) -> None:
    plant(tmp_path / "elsewhere", ran)
    cibcheck("check", str(tmp_path / "elsewhere"), str(tmp_path / "elsewhere/cib.xml"))
    cibcheck("check", "--cib", str(tmp_path / "elsewhere/cib.xml"))
    cibcheck("check", "--stdin-filename", str(tmp_path / "elsewhere/cib.xml"), "-", stdin=CIB.encode())
    assert not ran.exists()


@pytest.mark.parametrize("option", ["--isolated", "--no-plugins"])
@pytest.mark.parametrize("command", [["check", "cib.xml"], ["rules"], ["rule", "REM101"], ["plugins"], ["test-rules", "REM101"]])
def test_options_that_run_no_code(folder: Path, ran: Path, command: list[str], option: str) -> None:
    plant(folder, ran)
    assert cibcheck(*command, option).status == 0
    assert not ran.exists()


def test_the_environment_can_forbid_code(folder: Path, ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(folder, ran)
    monkeypatch.setenv("CIBCHECK_NO_PLUGINS", "1")
    assert concise().status == 0
    assert not ran.exists()


def test_completion_of_rules_runs_no_code_of_a_configuration(folder: Path, ran: Path) -> None:
    plant(folder, ran)
    for shell in ("bash", "zsh", "fish"):
        assert "cibcheck rules --isolated" in cibcheck("completion", shell).out
    assert not ran.exists()


def test_a_configuration_that_is_named_may_name_code(folder: Path, ran: Path, tmp_path: Path) -> None:
    plant(tmp_path / "elsewhere", ran)
    assert "SITE101" in concise("--config", str(tmp_path / "elsewhere/cibcheck.toml")).out
    assert ran.exists()


@pytest.mark.parametrize("options", [[], ["--config", "cibcheck.toml"]], ids=["found", "named"])
@pytest.mark.parametrize("way", ["../outside.py", "{}/outside.py", "link.py", "linked/", "folder/"])
def test_code_outside_of_the_configurations_folder_is_not_run(
    folder: Path, ran: Path, tmp_path: Path, way: str, options: list[str]
) -> None:
    write(tmp_path, {"outside.py": telltale(ran), "outside/site.py": telltale(ran)})
    (folder / "link.py").symlink_to(tmp_path / "outside.py")
    (folder / "linked").symlink_to(tmp_path / "outside")
    (folder / "folder").mkdir()
    (folder / "folder/site.py").symlink_to(tmp_path / "outside/site.py")
    write(folder, {"cibcheck.toml": f'plugins = ["{way.format(tmp_path)}"]'})
    result = concise(*options)
    assert result.status == 2
    assert "outside of the configuration's folder" in result.err
    assert not ran.exists()


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    write(folder, {"cibcheck.toml": 'plugins = ["link.py"]', "rules/site.py": RULE})
    (folder / "link.py").symlink_to(folder / "rules/site.py")
    assert "SITE101" in concise().out


@pytest.mark.parametrize("writable", ["cibcheck.toml", "rules/site.py"])
def test_code_that_everybody_may_write_is_run_only_if_named(folder: Path, ran: Path, writable: str) -> None:
    plant(folder, ran)
    (folder / writable).chmod(0o666)
    result = concise()
    assert result.status == 2
    assert f"{writable}: everybody may write to it, so the code is not run" in result.err
    assert not ran.exists()
    assert "SITE101" in concise("--config", "cibcheck.toml").out


def test_a_module_in_a_folder_that_everybody_may_write_is_not_run(folder: Path, ran: Path) -> None:
    write(folder, {"cibcheck.toml": 'plugins = ["rules"]', "rules/one.py": RULE, "rules/two.py": telltale(ran)})
    (folder / "rules/two.py").chmod(0o666)
    assert "rules/two.py: everybody may write to it" in concise().err
    assert not ran.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to give a file away")
def test_code_of_another_user_is_run_only_if_named(folder: Path, ran: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(folder, ran)
    os.chown(folder / "cibcheck.toml", 12345, -1)
    assert "it belongs to another user (uid 12345)" in concise().err
    assert not ran.exists()
    monkeypatch.setenv("SUDO_UID", "12345")
    assert "SITE101" in concise().out
    monkeypatch.delenv("SUDO_UID")
    assert "SITE101" in concise("--config", "cibcheck.toml").out


def test_a_rule_that_crashes_names_the_file(folder: Path) -> None:
    write(
        folder, {"cibcheck.toml": CONFIGURATION, "rules/site.py": RULE.replace("for resource in", "1 / 0\n    for resource in")}
    )
    result = cibcheck("cib.xml")
    assert result.status == 2
    assert "rules/site.py" in result.out + result.err
