"""What a cold run leaves unimported: a hook that is to be fast pays only for what the file at hand needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent

# Each costs from a millisecond (ipaddress) to more than all the rest of the run (xmlschema with elementpath).
COSTLY = {
    "difflib",
    "elementpath",
    "hashlib",
    "importlib.metadata",
    "ipaddress",
    "json",
    "pathlib",
    "rich",
    "shutil",
    "tomllib",
    "urllib.parse",
    "xmlschema",
}
PACKAGES = {"cibcheck": "cibcheck", "cibcheck_rules": "rules/cibcheck_rules", "cibcheck_schemas": "schemas"}


def imports_of(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a fresh interpreter imports, with their parents.

    It does without ``site``: the .pth files of an environment, such as those of an editable install, import what they like.
    """
    packages = cwd / "packages"
    packages.mkdir()
    for name, folder in PACKAGES.items():
        (packages / name).symlink_to(ROOT / folder)
    done = subprocess.run(
        [sys.executable, "-S", "-X", "importtime", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(packages), sysconfig.get_path("platlib")))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(re.findall(r"^import time:.*\| *(\S+)$", done.stderr, re.MULTILINE))


def test_a_clean_cib_imports_nothing_costly(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples/healthy/cib.xml", tmp_path)
    imported = imports_of("-m", "cibcheck", "check", "cib.xml", cwd=tmp_path)
    assert "lxml.etree" in imported
    assert not COSTLY & imported


def test_a_clean_cib_without_a_configuration_loads_nothing_that_findings_or_settings_need(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples/healthy/cib.xml", tmp_path)
    imported = imports_of("-m", "cibcheck", "check", "cib.xml", cwd=tmp_path)
    needed = {
        "config.kinds",
        "config.layers",
        "documents.comments",
        "findings.baseline",
        "findings.suppressions",
        "policy",
        "verdict",
    }
    assert not {f"cibcheck.{name}" for name in needed} & imported


def test_a_node_file_alone_needs_no_tables_of_the_grammar(tmp_path: Path) -> None:
    (tmp_path / "node1").mkdir()
    (tmp_path / "node1/pacemaker").write_text("PCMK_logfile=/var/log/pacemaker/pacemaker.log\n")
    imported = imports_of("-m", "cibcheck", "check", "--node", "node1=node1/pacemaker", cwd=tmp_path)
    assert "cibcheck.documents.sysconfig" in imported
    assert not {"cibcheck.grammar.judgement", "cibcheck_schemas.cib_tables"} & imported
