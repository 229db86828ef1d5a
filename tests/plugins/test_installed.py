"""Rules of installed distributions come in through the same hook as the built-in ones."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cibcheck.api import ERROR, Cib, Findings, problem, rule
from cibcheck.hookspecs import hookimpl
from cibcheck.plugins import PluginError, all_sources, collect_rules
from cibcheck.plugins.source import check_names
from command import write

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = '''
from cibcheck.api import WARNING, Cib, Findings, problem, rule
from cibcheck.hookspecs import hookimpl


@rule("SITE101", "site-prefix", severity=WARNING, tags=("site",))
def site_prefix(cib: Cib) -> Findings:
    """Resource ids start with our prefix."""
    for resource in cib.all_resources:
        if not resource.id.startswith("acme-"):
            yield problem(resource.id_place, f"{resource.id} lacks the prefix", consequence="confusion", help="rename it")


@hookimpl
def cibcheck_rules():
    return [site_prefix]
'''
CIB = (
    "<resources><primitive id='web' class='ocf' provider='pacemaker' type='Dummy'>"
    "<operations><op id='monitor' name='monitor' interval='10s'/></operations></primitive></resources>"
)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A folder on the path that holds an installed plugin."""
    write(
        tmp_path,
        {
            "site/acme_rules.py": PLUGIN,
            "site/acme_rules-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n",
            "site/acme_rules-1.0.dist-info/entry_points.txt": "[cibcheck]\nacme = acme_rules\n",
            "cib.xml": CIB,
        },
    )
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path / "site"), *sys.path))}


def run(environment: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cibcheck", *arguments]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_an_installed_plugin_brings_rules(environment: dict[str, str], tmp_path: Path) -> None:
    done = run(environment, tmp_path, "cib.xml", "--output-format", "concise")
    assert "cib.xml:1:27: warning[SITE101] web lacks the prefix" in done.stdout
    assert done.returncode == 1
    assert "SITE101  site-prefix" in run(environment, tmp_path, "rules").stdout


def test_plugins_can_be_left_out(environment: dict[str, str], tmp_path: Path) -> None:
    assert run(environment, tmp_path, "cib.xml", "--no-plugins").returncode == 0


def test_a_plugin_that_cannot_be_imported_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"site/acme_rules.py": "import no_such_module\n"})
    done = run(environment, tmp_path, "cib.xml")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no_such_module" in done.stderr


def test_the_environment_can_leave_plugins_out(environment: dict[str, str], tmp_path: Path) -> None:
    assert run({**environment, "CIBCHECK_NO_PLUGINS": "1"}, tmp_path, "cib.xml").returncode == 0


def test_a_plugin_that_is_left_out_is_not_imported(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"site/acme_rules.py": "import no_such_module\n"})
    assert run(environment, tmp_path, "cib.xml", "--no-plugins").returncode == 0
    done = run(environment, tmp_path, "plugins", "--no-plugins")
    assert done.returncode == 0
    assert "acme-rules 1.0 (acme)" in done.stdout
    assert "not run (--no-plugins)" in done.stdout


def test_a_module_without_a_hook_brings_the_rules_that_it_defines(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"site/acme_rules.py": PLUGIN.partition("@hookimpl")[0]})
    assert "SITE101" in run(environment, tmp_path, "cib.xml", "--output-format", "concise").stdout


def test_a_plugin_for_this_version_of_the_interface_is_used(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"site/acme_rules.py": f"{PLUGIN}\nCIBCHECK_API = 1\n"})
    assert "SITE101" in run(environment, tmp_path, "cib.xml", "--output-format", "concise").stdout


@pytest.mark.parametrize(
    ("plugin", "message"),
    [
        (f"{PLUGIN}\nCIBCHECK_API = 2\n", "it is written for version 2 of cibcheck's interface; this is version 1"),
        (
            PLUGIN.replace("def cibcheck_rules", "def cibcheck_rulez"),
            "cibcheck has no hook 'cibcheck_rulez'; did you mean 'cibcheck_rules'?",
        ),
        (PLUGIN.replace("cibcheck_rules()", "cibcheck_rules(config)"), "Argument(s) {'config'} are declared in the hookimpl"),
        (PLUGIN.replace("[site_prefix]", "[3]"), "brings 3, which is no rule"),
        (PLUGIN.replace("return [site_prefix]", "raise ValueError('not today')"), "ValueError: not today"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
    ids=["another version", "unknown hook", "unknown argument", "no rule", "hook fails", "exit"],
)
def test_a_plugin_that_cannot_be_used_is_one_line_that_names_it(
    environment: dict[str, str], tmp_path: Path, plugin: str, message: str
) -> None:
    write(tmp_path, {"site/acme_rules.py": plugin})
    done = run(environment, tmp_path, "cib.xml")
    assert done.returncode == 2
    assert "the plugin acme-rules 1.0 (entry point acme)" in done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_rule_that_crashes_names_the_distribution(environment: dict[str, str], tmp_path: Path) -> None:
    write(tmp_path, {"site/acme_rules.py": PLUGIN.replace("for resource in", "1 / 0\n    for resource in")})
    done = run(environment, tmp_path, "cib.xml")
    assert done.returncode == 2
    assert "acme-rules" in done.stdout + done.stderr


class Plugin:
    """A plugin as an object."""

    def __init__(self, code: str, name: str) -> None:
        @rule(code, name, severity=ERROR)
        def found(cib: Cib) -> Findings:
            yield problem(cib.top_resources[0].id_place, "found")

        self.rules = [found]

    @hookimpl
    def cibcheck_rules(self) -> list[object]:
        return [*self.rules]


def test_rules_of_all_plugins_are_sorted_by_code() -> None:
    sources = all_sources([Plugin("ZZZ101", "last"), Plugin("AAA101", "first")], left_out="a test")
    assert [rule.code for rule in collect_rules(sources)] == ["AAA101", "ZZZ101"]


@pytest.mark.parametrize(("code", "name"), [("TST101", "other"), ("TST102", "same")])
def test_a_code_or_name_taken_twice_is_an_error(code: str, name: str) -> None:
    sources = all_sources([Plugin("TST101", "same"), Plugin(code, name)], left_out="a test")
    with pytest.raises(PluginError, match="both have a rule"):
        collect_rules(sources)


@pytest.mark.parametrize(("code", "name"), [("T101", "short"), ("TOOLONG101", "long"), ("TST1", "few"), ("TST101", "Not_Kebab")])
def test_codes_and_names_are_written_in_one_way(code: str, name: str) -> None:
    with pytest.raises(PluginError, match="write"):
        check_names(Plugin(code, name).rules[0])
