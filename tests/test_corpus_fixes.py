"""Fixes on real configurations: what comes out parses, is no worse than it was, and stays as it is from then on."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cibcheck.documents.cib import read_cib
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import violations
from cibcheck.grammar.versions import NEWEST, parse_version
from command import cibcheck

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus with all fixes made."""
    folder = tmp_path_factory.mktemp("corpus") / "corpus"
    shutil.copytree(CORPUS, folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    result = run(folder)
    assert result["internal_errors"] == []
    return folder


def run(folder: Path) -> dict[str, object]:
    arguments = ("--isolated", "--select", "ALL", "--fix", "--unsafe-fixes", "--output-format", "json")
    report: dict[str, object] = json.loads(cibcheck(str(folder), *arguments).out)
    return report


def changed(folder: Path) -> list[tuple[Path, Path]]:
    """The files that fixes changed: as they were, and as they are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    pairs = [(CORPUS / path.relative_to(folder), path) for path in files]
    return [(old, new) for old, new in pairs if old.read_bytes() != new.read_bytes()]


def test_there_is_something_to_fix(copy: Path) -> None:
    assert len(changed(copy)) > 10


def test_a_second_run_changes_nothing(copy: Path) -> None:
    before = {new: new.read_bytes() for _, new in changed(copy)}
    run(copy)
    assert {new: new.read_bytes() for _, new in changed(copy)} == before


def faults(path: Path) -> Sequence[str]:
    root = read_cib(path.name, path.read_bytes()).root
    version = parse_version(root.get("validate-with", "").removeprefix("pacemaker-")) or NEWEST
    return [one.kind for one in violations(root, grammar(version))]


def test_no_fixed_file_is_worse_under_the_grammar(copy: Path) -> None:
    for old, new in changed(copy):
        if new.suffix == ".xml":
            assert not Counter(faults(new)) - Counter(faults(old)), new.name


@pytest.mark.skipif(shutil.which("crm_verify") is None, reason="crm_verify is not installed")
def test_no_fixed_file_is_worse_for_crm_verify(copy: Path) -> None:
    def verdict(path: Path) -> tuple[int, int]:
        done = subprocess.run(["crm_verify", "-V", "--xml-file", path], capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.count("\n")

    files = [(old, new) for old, new in changed(copy) if new.suffix == ".xml"]
    with ThreadPoolExecutor(2) as pool:
        for (_, new), before, after in zip(
            files, pool.map(verdict, [old for old, _ in files]), pool.map(verdict, [new for _, new in files]), strict=True
        ):
            assert after <= before, new.name
