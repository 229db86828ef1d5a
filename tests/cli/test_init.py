"""``cibcheck init`` writes what a run without a configuration found: the same clusters, with the same files."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from command import cibcheck, write

ROOT = Path(__file__).parent.parent.parent
NODES = "<cib><configuration><nodes>{}</nodes><resources/></configuration></cib>"
ENV = "PCMK_logfacility=local1\n"


def cib(*names: str) -> str:
    return NODES.format("".join(f"<node id='{number}' uname='{name}'/>" for number, name in enumerate(names, 1)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def owners() -> dict[str, tuple[str, str | None]]:
    """The CIB and the node that each file goes with."""
    files: list[dict[str, Any]] = json.loads(cibcheck("--output-format", "json").out)["files"]
    cibs = {file["cluster"]: file["file"] for file in files if file["kind"] == "cib"}
    return {file["file"]: (cibs.get(file["cluster"], ""), file["node"]) for file in files}


LAYOUTS = {
    "one folder each": {
        "prod/cib.xml": cib("n1", "n2"),
        "prod/nodes/n1/etc/sysconfig/pacemaker": ENV,
        "prod/nodes/n2/etc/sysconfig/pacemaker": ENV,
        "test/cib.xml": cib("n1", "n2"),
        "test/nodes/n1/etc/sysconfig/pacemaker": ENV,
    },
    "files by name": {"cluster.xml": cib("n1", "n2.example.com"), "env/n1.pacemaker.env": ENV, "env/n2.pacemaker.env": ENV},
    "shared folder": {
        "a.xml": cib("n1"),
        "b.xml": cib("n2"),
        "nodes/n1/sysconfig/pacemaker": ENV,
        "nodes/n2/sysconfig/pacemaker": ENV,
    },
    "names that differ in case": {"cib.xml": cib("N1"), "nodes/n1/sysconfig/pacemaker": ENV},
    "a file of nobody": {"cib.xml": cib("n1"), "nodes/n1/sysconfig/pacemaker": ENV, "nodes/x/sysconfig/pacemaker": ENV},
    "names that TOML quotes": {'we"ird\\/cib.xml': cib("n1"), 'we"ird\\/n1/sysconfig/pacemaker': ENV},
    "nothing": {},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_file_gives_the_same_clusters(folder: Path, layout: dict[str, str]) -> None:
    write(folder, layout)
    before = owners()
    result = cibcheck("init")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith("cibcheck.toml: written, with ")
    assert owners() == before


def test_clusters_have_names_and_patterns(folder: Path) -> None:
    write(folder, LAYOUTS["one folder each"])
    cibcheck("init")
    clusters = tomllib.loads((folder / "cibcheck.toml").read_text())["cluster"]
    assert clusters == [
        {"name": name, "cib": f"{name}/cib.xml", "node-files": [f"{name}/nodes/{{node}}/etc/sysconfig/pacemaker"]}
        for name in ("prod", "test")
    ]


def test_what_it_did_is_said(folder: Path) -> None:
    write(folder, LAYOUTS["a file of nobody"])
    out = cibcheck("init").out
    assert "cib: cib.xml, 1 node file\n" in out
    assert "nobody knows whose this is: nodes/x/sysconfig/pacemaker: no part of its path is the name of a node\n" in out


def test_nothing_is_overwritten(folder: Path) -> None:
    write(folder, {".cibcheck.toml": "ignore = []\n"})
    assert cibcheck("init").status == 2
    write(folder, {"cibcheck.toml": "ignore = []\n"})
    assert "cibcheck.toml: is there already" in cibcheck("init").err
    assert (folder / "cibcheck.toml").read_text() == "ignore = []\n"


def test_a_dry_run_prints_what_would_be_written(folder: Path) -> None:
    write(folder, LAYOUTS["one folder each"])
    out = cibcheck("init", "--dry-run").out
    assert not (folder / "cibcheck.toml").exists()
    cibcheck("init")
    assert (folder / "cibcheck.toml").read_text() == out


def test_the_examples_stay_as_they_are(folder: Path) -> None:
    shutil.copytree(ROOT / "examples", folder / "examples")
    before = owners()
    cibcheck("init")
    assert owners() == before
