"""The report for programs: its shape is a promise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

CIB = """<cib><configuration><crm_config/><nodes/><resources>
<group id="g"><primitive class="ocf" provider="pacemaker" type="remote" id="r&#233;"/></group>
</resources><constraints/></configuration></cib>"""


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"cib.xml": CIB})
    loaded: dict[str, Any] = json.loads(cibcheck("cib.xml", "--select", "REM205,REM501", "--output-format", "json").out)
    return loaded


def test_a_finding_has_all_its_fields(report: dict[str, Any]) -> None:
    (finding,) = report["findings"]
    assert finding == {
        "code": "REM205",
        "name": "connection-in-group",
        "severity": "error",
        "message": "connection resource 'ré' is in group 'g'",
        "file": "cib.xml",
        "line": 2,
        "column": 77,
        "end_line": 2,
        "end_column": 84,
        "element_id": "ré",
        "element_path": "/cib/configuration/resources/group[@id='g']/primitive[@id='ré']/@id",
        "consequence": finding["consequence"],
        "help": finding["help"],
        "related": [{"message": "the group", "file": "cib.xml", "line": 2, "column": 12, "end_line": 2, "end_column": 13}],
        "cluster": "cib.xml",
        "key": None,
        "affects": [],
        "fix": None,
    }
    assert finding["consequence"]
    assert finding["help"]


def test_the_document_has_all_its_parts(report: dict[str, Any]) -> None:
    assert report["version"] == 1
    whose = {"cluster": "cib.xml", "reason": None, "node": None, "node_by": None}
    assert report["files"] == [{"file": "cib.xml", "kind": "cib", "status": "checked", **whose}]
    counts = {"error": 1, "warning": 0, "info": 0, "elsewhere": 0, "suppressed": 0, "stale": 0}
    assert report["summary"] == {**counts, "clusters": 1, "rules": 2}
    assert report["internal_errors"] == []


def test_what_was_not_evaluated_names_rule_cluster_section_and_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"part.xml": "<constraints><rsc_order id='o' first='a' then='b'/></constraints>"})
    loaded = json.loads(cibcheck("part.xml", "--select", "REM301", "--output-format", "json").out)
    assert loaded["not_evaluated"] == [
        {
            "code": "REM301",
            "cluster": "part.xml",
            "node": None,
            "section": "resources",
            "file": "part.xml",
            "reason": "the file holds only <constraints>, not <resources>",
            "resource": None,
        }
    ]
