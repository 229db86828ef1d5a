"""Rules of other people come in through the same hook as the built-in ones."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cibcheck.api import ERROR, Cib, Findings, problem, rule
from cibcheck.hookspecs import hookimpl
from cibcheck.plugins import PluginError, collect_rules, plugin_manager
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
CIB = "<resources><primitive id='web' class='ocf' provider='pacemaker' type='Dummy'/></resources>"


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
    manager = plugin_manager([Plugin("ZZZ101", "last"), Plugin("AAA101", "first")], scan=False)
    assert [rule.code for rule in collect_rules(manager)] == ["AAA101", "ZZZ101"]


def test_a_plugin_that_fails_or_brings_no_rules_is_an_error() -> None:
    class Failing:
        @hookimpl
        def cibcheck_rules(self) -> list[object]:
            raise ValueError("not today")

    class Wrong:
        @hookimpl
        def cibcheck_rules(self) -> list[object]:
            return [3]

    for plugin, message in ((Failing(), "not today"), (Wrong(), "brings 3, which is no rule")):
        with pytest.raises(PluginError, match=message):
            collect_rules(plugin_manager([plugin], scan=False))


@pytest.mark.parametrize(("code", "name"), [("TST101", "other"), ("TST102", "same")])
def test_a_code_or_name_taken_twice_is_an_error(code: str, name: str) -> None:
    manager = plugin_manager([Plugin("TST101", "same"), Plugin(code, name)], scan=False)
    with pytest.raises(PluginError, match="both have a rule"):
        collect_rules(manager)
