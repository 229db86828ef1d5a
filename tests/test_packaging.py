"""What is installed is what is in the tree."""

from __future__ import annotations

import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

import cibcheck

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_version_is_one() -> None:
    assert PROJECT["project"]["version"] == cibcheck.__version__


def test_every_kind_of_data_is_listed() -> None:
    suffixes = {path.suffix for path in (ROOT / "schemas").iterdir() if path.is_file() and path.suffix != ".py"}
    assert suffixes <= {Path(pattern).suffix for pattern in PROJECT["tool"]["setuptools"]["package-data"]["cibcheck_schemas"]}


def test_the_hook_manifest_is_a_file_under_two_names() -> None:
    """`pre-commit autoupdate` checks out just the dotted name, and takes nothing but a regular file."""
    dotted, plain = ROOT / ".pre-commit-hooks.yaml", ROOT / "pre-commit-hooks.yaml"
    assert stat.S_ISREG(dotted.lstat().st_mode)
    assert plain.readlink() == Path(dotted.name)


def test_git_has_the_hook_manifest_as_a_regular_file() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--stage", ".pre-commit-hooks.yaml", "pre-commit-hooks.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    modes = {line.split("\t")[1]: line.split()[0] for line in listed.stdout.splitlines()}
    if not modes:
        pytest.skip("not a git checkout, or not committed yet")
    assert modes == {".pre-commit-hooks.yaml": "100644", "pre-commit-hooks.yaml": "120000"}
