"""The example plugin is a real one: it is built and installed as a user would, tests itself, and brings its rules to cibcheck."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "examples/plugin"
CIB = "<resources><primitive id='ip1' class='ocf' provider='heartbeat' type='IPaddr2'/></resources>"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the plugin is installed, without the network, from a copy since building writes beside the sources."""
    folder = tmp_path_factory.mktemp("plugin")
    shutil.copytree(PLUGIN, folder / "source")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--target", folder / "target", folder / "source"], capture_output=True, text=True, timeout=300, check=False
    )
    if "No module named pip" in done.stderr or "setuptools.build_meta" in done.stderr:
        pytest.skip("needs pip and setuptools")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(installed / "target"), *sys.path))}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=installed, capture_output=True, text=True, timeout=300, check=False
    )


def test_it_brings_its_rules(installed: Path) -> None:
    (installed / "cib.xml").write_text(CIB)
    done = run(installed, "-m", "cibcheck", "cib.xml", "--output-format", "concise")
    assert "warning[ACME101] 'ip1' does not say to which service it belongs" in done.stdout
    assert "info[ACME102]" in done.stdout
    assert "acme-cibcheck-rules 1.0 (acme)" in run(installed, "-m", "cibcheck", "plugins").stdout


def test_its_own_tests_pass_and_are_many(installed: Path) -> None:
    done = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "source/tests")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 passed" in done.stdout


def test_its_examples_pass_the_command_too(installed: Path) -> None:
    done = run(installed, "-m", "cibcheck", "test-rules")
    assert done.stdout.endswith("Tried 3 rules: none failed.\n")
