"""What CI systems read: GitHub's annotations, GitLab's Code Quality, JUnit, Checkstyle, reviewdog.

GitLab, GitHub and Checkstyle publish no schema: their reports are checked field by field.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from lxml import etree

from cibcheck import report
from cibcheck.documents.edits import Replacement
from cibcheck.findings.finding import InternalError, NotEvaluated, Severity
from cibcheck.report import FileNote
from command import cibcheck, write
from report.made import CIB, document, finding, fix, place, rendered
from report.made import report as made

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = Path(__file__).parent / "schemas"
BROKEN = InternalError("TST102", "plugin", "cib.xml", "KeyError: 'x'")
UNKNOWN = NotEvaluated("TST102", "cib.xml", "web1", None, None, "no sysconfig file")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_severity(*severities: Severity) -> list[Any]:
    return [finding(f"number {number}", severity=severity) for number, severity in enumerate(severities)]


# --- GitHub


def test_an_annotation_has_place_title_and_all_that_is_said() -> None:
    one = finding("it is wrong", consequence="it breaks", help="write b", key="k")
    assert rendered("github", made(one)).splitlines()[0] == (
        "::error title=cibcheck TST101[k],file=cib.xml,line=2,endLine=2,col=18,endColumn=19"
        "::cib.xml:2:18: it is wrong%0Ait breaks%0Ahelp: write b"
    )


def test_an_annotation_over_several_lines_has_no_columns() -> None:
    cib = document(CIB.replace('class="ocf" provider', 'class="ocf"\n provider'))
    line = rendered("github", made(finding(at=place(cib, part=None), severity=Severity.INFO))).splitlines()[0]
    assert line.startswith("::notice title=cibcheck TST101,file=cib.xml,line=2,endLine=3::")


def test_annotations_are_escaped() -> None:
    one = finding("100%\n::add-mask::x", at=place(document(name="a,b:c%.xml")))
    first, second, *_ = rendered("github", made(one)).splitlines()
    assert "file=a%2Cb%3Ac%25.xml," in first
    assert first.endswith("::a,b:c%25.xml:2:18: 100%25�::add-mask::x")
    assert second.startswith("Found")


def test_the_worst_ten_of_each_level_are_annotated_and_the_rest_is_counted() -> None:
    findings = by_severity(*[Severity.WARNING] * 11, *[Severity.ERROR] * 12, Severity.INFO)
    lines = rendered("github", made(*findings)).splitlines()
    assert [line[:5] for line in lines[:10]] == ["::err"] * 10
    assert lines[10].startswith("2 findings of level error without annotation: GitHub shows 10 for a step.")
    assert [line[:6] for line in lines[11:21]] == ["::warn"] * 10
    assert lines[21].startswith("1 finding of level warning without annotation")
    assert lines[22].startswith("::notice")
    assert lines[23].startswith("Found 12 errors, 11 warnings, 1 info.")


def test_a_rule_that_failed_is_an_annotation() -> None:
    lines = rendered("github", made(*by_severity(*[Severity.ERROR] * 10), internal_errors=[BROKEN])).splitlines()
    assert lines[0] == "::error title=cibcheck::internal error: rule TST102 of plugin failed on cib.xml: KeyError: 'x'"
    assert sum(line.startswith("::error") for line in lines) == 10


# --- GitLab


def issues(what: report.Report) -> list[dict[str, Any]]:
    loaded = json.loads(rendered("gitlab", what))
    assert isinstance(loaded, list)
    for issue in loaded:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert set(issue["location"]) == {"path", "lines"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("./", "/"))
    assert len({issue["fingerprint"] for issue in loaded}) == len(loaded)
    return loaded


def test_an_issue_names_its_rule_where_gitlab_shows_it() -> None:
    (issue,) = issues(made(finding("it is wrong", key="k", severity=Severity.WARNING)))
    assert issue["description"] == "TST101[k]: it is wrong"
    assert issue["severity"] == "minor"
    assert issue["location"] == {"path": "cib.xml", "lines": {"begin": 2}}


def test_a_clean_run_is_an_empty_array() -> None:
    assert issues(made()) == []


def test_fingerprints_stay_when_lines_move_and_differ_when_everything_is_equal() -> None:
    moved = document(CIB.replace("<nodes/>", "<nodes/>\n\n"))
    before = [issue["fingerprint"] for issue in issues(made(finding(), finding(), finding()))]
    after = [issue["fingerprint"] for issue in issues(made(*(finding(at=place(moved)) for _ in range(3))))]
    assert before == after


def test_an_issue_of_a_repository_has_the_path_from_its_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, {".git/HEAD": "", "prod/cib.xml": CIB})
    monkeypatch.chdir(folder / "prod")
    (issue,) = issues(made(finding()))
    assert issue["location"]["path"] == "prod/cib.xml"


# --- JUnit


def suites(what: report.Report) -> etree._Element:
    root = etree.fromstring(rendered("junit", what).encode())
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(root)
    for suite in (root, *root):
        cases = suite.findall(".//testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall(".//failure")))
        assert suite.get("errors") == str(len(suite.findall(".//error")))
    return root


def test_the_findings_of_a_rule_in_a_file_are_one_failed_test() -> None:
    cib = document()
    root = suites(made(finding("it is wrong", at=place(cib), help="write c"), finding("it too", at=place(cib, "b"))))
    (suite,) = root
    assert (suite.get("name"), suite.get("file"), suite.get("skipped")) == ("cib.xml", "cib.xml", "0")
    (case,) = suite
    assert dict(case.attrib) == {"name": "TST101 test-rule", "classname": "cib", "time": "0"}
    (failure,) = case
    assert failure.get("message") == "cib.xml:2:18: it is wrong (and 1 more)"
    assert failure.text == "cib.xml:2:18: it is wrong\n    help: write c\ncib.xml:3:18: it too"


def test_a_clean_file_has_a_test_that_passes() -> None:
    ((case,),) = suites(made())
    assert case.get("name") == "no findings"
    assert len(case) == 0


def test_a_run_without_files_still_has_a_test() -> None:
    assert len(suites(made(files=[]))) == 1


def test_what_could_not_be_told_is_skipped_and_a_rule_that_failed_is_an_error() -> None:
    root = suites(made(finding(), not_evaluated=[UNKNOWN, UNKNOWN._replace(node="web2"), UNKNOWN._replace(code="TST101")]))
    assert [child.tag for child in root.iterfind(".//testcase/*")] == ["failure", "skipped"]
    assert root.find(".//skipped").get("message") == "no sysconfig file for web1; no sysconfig file for web2"  # type: ignore[union-attr]
    (error,) = suites(made(internal_errors=[BROKEN], not_evaluated=[UNKNOWN])).iterfind(".//testcase/*")
    assert error.tag == "error"
    assert "KeyError" in (error.text or "")


def test_a_skipped_file_is_no_suite() -> None:
    files = [FileNote("cib.xml", "cib", "checked"), FileNote("x.xml", "other", "skipped", None, "no CIB")]
    assert [suite.get("name") for suite in suites(made(files=files))] == ["cib.xml"]


def test_the_examples_obey_jenkins_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    root = etree.fromstring(cibcheck("examples", "--output-format", "junit").out.encode())
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(root)


# --- Checkstyle


def test_checkstyle_groups_by_file_and_says_everything() -> None:
    other = document(name="b.xml")
    root = etree.fromstring(
        rendered(
            "checkstyle", made(finding("it is wrong", help="write <c>"), finding(at=place(other), severity=Severity.INFO))
        ).encode()
    )
    assert (root.tag, root.get("version")) == ("checkstyle", "4.3")
    assert [file.get("name") for file in root] == ["cib.xml", "b.xml"]
    assert dict(root[0][0].attrib) == {
        "line": "2",
        "column": "18",
        "severity": "error",
        "message": "it is wrong. Help: write <c>.",
        "source": "cibcheck.TST101",
    }
    assert root[1][0].get("severity") == "info"


# --- reviewdog


def diagnostics(what: report.Report) -> list[dict[str, Any]]:
    loaded = json.loads(rendered("rdjson", what))
    Draft4Validator(json.loads((SCHEMAS / "rdjson-DiagnosticResult.json").read_text())).validate(loaded)
    assert loaded["source"] == {"name": "cibcheck"}
    found = loaded["diagnostics"]
    assert isinstance(found, list)
    for one in found:
        assert {"message", "location", "severity", "code"} <= set(one)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_columns_are_bytes_of_utf_8_whatever_the_encoding_of_the_file(encoding: str) -> None:
    declared = "" if encoding.startswith("utf") else f'<?xml version="1.0" encoding="{encoding}"?>\n'
    text = declared + CIB.replace('id="a"', 'description="éé" id="a"')
    (one,) = diagnostics(made(finding(at=place(document(text.encode(encoding))))))
    line = 2 + bool(declared)
    assert one["location"]["range"] == {"start": {"line": line, "column": 37}, "end": {"line": line, "column": 38}}


def test_a_diagnostic_has_severity_code_and_related_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "DOCUMENTATION", "https://docs.invalid/{code}")
    cib = document()
    (one,) = diagnostics(
        made(finding(at=place(cib), severity=Severity.WARNING, key="k", related=[(place(cib, "b"), "the other")]))
    )
    assert one["severity"] == "WARNING"
    assert one["code"] == {"value": "TST101[k]", "url": "https://docs.invalid/TST101"}
    (related,) = one["related_locations"]
    assert related["message"] == "the other"
    assert related["location"]["range"]["start"] == {"line": 3, "column": 18}


def test_the_edits_of_a_fix_are_one_suggestion_with_what_stands_between_them() -> None:
    start = CIB.index('"a"') + 1
    cib = document(answer=[Replacement(start + 10, start + 13, "lsb"), Replacement(start, start + 1, "cc")])
    (one,) = diagnostics(made(finding(at=place(cib), fix=fix(place(cib)))))
    assert one["suggestions"] == [
        {"range": {"start": {"line": 2, "column": 18}, "end": {"line": 2, "column": 31}}, "text": 'cc" class="lsb'}
    ]


def test_edits_far_apart_are_no_suggestion() -> None:
    cib = document(CIB.replace("<nodes/>", "<nodes/>" + "\n" * 30), answer=[Replacement(0, 0, "x"), Replacement(90, 90, "y")])
    (one,) = diagnostics(made(finding(at=place(cib), fix=fix(place(cib)))))
    assert "suggestions" not in one
