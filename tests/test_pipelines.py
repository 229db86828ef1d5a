"""The files for GitHub and GitLab: they are what those expect, and their commands are ones that cibcheck understands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cibcheck.cli import COMMANDS

ROOT = Path(__file__).parent.parent


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def run(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: text for name, text in os.environ.items() if not name.startswith("CIBCHECK")}
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env={**environment, **variables, "PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def mistakes(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples/mistakes", tmp_path / "mistakes")
    return tmp_path


def test_the_action_checks_annotates_and_writes_the_summary(mistakes: Path) -> None:
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    check = action["runs"]["steps"][-1]
    assert all(text == f"${{{{ inputs.{name.removeprefix('INPUT_').lower()} }}}}" for name, text in check["env"].items())
    done = run(
        check["run"],
        mistakes,
        INPUT_PATHS="mistakes",
        INPUT_ARGS="--select REM101 --isolated",
        INPUT_SARIF="out.sarif",
        GITHUB_STEP_SUMMARY=str(mistakes / "summary.md"),
    )
    assert done.returncode == 1, done.stderr
    assert "::error title=cibcheck REM101,file=mistakes/cib.xml" in done.stdout
    assert "REM101" in (mistakes / "summary.md").read_text()
    assert json.loads((mistakes / "out.sarif").read_text())["version"] == "2.1.0"


def test_no_input_is_written_into_the_action_s_script() -> None:
    for step in read("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_the_gitlab_job_reports_code_quality_and_tests(mistakes: Path) -> None:
    job = read("templates/cibcheck.yml")["cibcheck"]
    (script,) = job["script"]
    done = run(script, mistakes, CIBCHECK_PATHS="mistakes", CIBCHECK_ARGS="--select REM101 --isolated")
    assert done.returncode == 1, done.stderr
    assert "error[REM101]" in done.stdout
    reports = job["artifacts"]["reports"]
    assert json.loads((mistakes / reports["codequality"]).read_text())[0]["check_name"] == "REM101"
    assert "REM101" in (mistakes / reports["junit"]).read_text()


def test_hooks_name_a_command_that_there_is() -> None:
    for hook in read(".pre-commit-hooks.yaml"):
        assert hook["entry"].split()[1] in COMMANDS
