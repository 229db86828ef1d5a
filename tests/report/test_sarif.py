"""SARIF, as the official schema and GitHub's code scanning want it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from cibcheck import report
from cibcheck.cli.builtin import all_rules
from cibcheck.documents.edits import Replacement
from cibcheck.documents.source import STDIN, Source
from cibcheck.findings.finding import InternalError, NotEvaluated, Severity, Suppressed
from cibcheck.report import sarif
from cibcheck.report.fingerprint import line_hashes
from command import cibcheck, write
from report.made import CIB, RULE, document, finding, fix, place, rendered
from report.made import report as made

ROOT = Path(__file__).parent.parent.parent


@cache
def validator() -> Draft7Validator:
    """The official schema's judge; its form in draft 7 is said in schemas/README.md."""
    schema = json.loads((Path(__file__).parent / "schemas/sarif-schema-2.1.0.json").read_text())
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


def run_of(what: report.Report) -> dict[str, Any]:
    """The run of a report, after the schema has been obeyed."""
    loaded = json.loads(rendered("sarif", what))
    validator().validate(loaded)
    (run,) = loaded["runs"]
    assert isinstance(run, dict)
    return run


def only_result(what: report.Report) -> dict[str, Any]:
    (result,) = run_of(what)["results"]
    assert isinstance(result, dict)
    return result


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_examples_obey_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    loaded = json.loads(cibcheck("examples", "--output-format", "sarif").out)
    validator().validate(loaded)
    driver = loaded["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.code for rule in all_rules(plugins=False) if rule.is_default]
    for result in loaded["runs"][0]["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_every_rule_has_what_github_requires_within_its_limits() -> None:
    loaded = json.loads(cibcheck("--select", "ALL", "--output-format", "sarif").out)
    validator().validate(loaded)
    rules = loaded["runs"][0]["tool"]["driver"]["rules"]
    assert len(rules) == len(all_rules(plugins=False))
    for rule in rules:
        assert rule["name"]
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"].startswith(f"# {rule['id']} {rule['name']}\n")
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert len(rule["properties"]["tags"]) <= 10
        assert rule["properties"]["precision"] in ("very-high", "high", "medium", "low")


def test_a_clean_run_has_an_empty_array_of_results_which_closes_old_alerts() -> None:
    run = run_of(made())
    assert run["results"] == []
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["TST101", "TST102"]


def test_a_result_has_rule_level_region_and_message() -> None:
    text = CIB.replace('id="a"', 'description="日本\U0001d4b3" id="a"')
    result = only_result(
        made(finding(at=place(document(text)), consequence="it breaks", help="write b", key="k", affects=("x",)))
    )
    assert result["ruleId"] == "TST101"
    assert result["ruleIndex"] == 0
    assert result["level"] == "error"
    assert result["message"] == {"text": "it is wrong. It breaks. Help: write b."}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "cib.xml"},
                "region": {"startLine": 2, "startColumn": 36, "endLine": 2, "endColumn": 37},
            }
        }
    ]
    assert result["properties"] == {"key": "k", "cluster": "cib.xml", "affects": ["x"]}
    assert "suppressions" not in result


def test_related_places_are_linked_in_the_message_and_nothing_else_is() -> None:
    cib = document()
    result = only_result(
        made(
            finding(
                "[not](https://a.link)", at=place(cib), related=[(place(cib, "b"), "the other [one](2)"), (place(cib, "b"), "")]
            )
        )
    )
    text = result["message"]["text"]
    assert text == r"[not] (https://a.link). See [the other \[one\](2)](1)."
    first, second = result["relatedLocations"]
    assert (first["id"], first["message"]["text"]) == (1, "the other [one](2)")
    assert first["physicalLocation"]["region"]["startLine"] == 3
    assert "message" not in second


def test_a_fix_is_a_change_to_the_file() -> None:
    cib = document(answer=[Replacement(CIB.index('"a"') + 1, CIB.index('"a"') + 2, "c"), Replacement(0, 0, "")])
    result = only_result(made(finding(at=place(cib), fix=fix(place(cib), "call it c", is_safe=False))))
    (shown,) = result["fixes"]
    assert shown["description"] == {"text": "call it c"}
    assert shown["properties"] == {"safety": "unsafe"}
    (change,) = shown["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "cib.xml"}
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
            "insertedContent": {"text": ""},
        },
        {
            "deletedRegion": {"startLine": 2, "startColumn": 18, "endLine": 2, "endColumn": 19},
            "insertedContent": {"text": "c"},
        },
    ]


def test_a_fix_that_the_document_cannot_carry_out_is_left_out() -> None:
    cib = document(answer=None)
    assert "fixes" not in only_result(made(finding(at=place(cib), fix=fix(place(cib)))))


def test_names_are_uris_from_the_root_of_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, {".git/HEAD": "", "sub/a b%é:#.xml": CIB})
    (folder / "link.xml").symlink_to("sub/a b%é:#.xml")
    monkeypatch.chdir(folder / "sub")
    assert uri_of("a b%é:#.xml") == uri_of("../link.xml") == "sub/a%20b%25%C3%A9%3A%23.xml"
    assert uri_of("broken\udcff") == "sub/broken%FF"
    assert uri_of(STDIN) == "%3Cstdin%3E"


def test_without_a_repository_names_are_uris_from_the_working_folder() -> None:
    assert uri_of("./cib.xml") == "cib.xml"
    assert uri_of("..cib/x") == "..cib/x"


def test_a_file_outside_of_the_repository_is_an_absolute_uri(folder: Path) -> None:
    write(folder, {".git/HEAD": ""})
    assert uri_of("/etc/pacemaker/cib.xml") == "file:///etc/pacemaker/cib.xml"


def uri_of(name: str) -> str:
    result = only_result(made(finding(at=place(document(name=name)))))
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert isinstance(uri, str)
    return uri


def test_the_category_is_what_stands_before_the_last_slash() -> None:
    assert run_of(made(category="prod/cib"))["automationDetails"] == {"id": "prod/cib/"}
    assert "automationDetails" not in run_of(made())


def test_a_rule_that_failed_is_told_and_the_run_was_no_success() -> None:
    run = run_of(made(internal_errors=[InternalError("TST102", "plugin", "prod", "KeyError: 'x'")]))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {
            "level": "error",
            "message": {"text": "internal error: rule TST102 of plugin failed on prod: KeyError: 'x'"},
            "associatedRule": {"id": "TST102", "index": 1},
        }
    ]


def test_what_was_not_evaluated_is_told() -> None:
    run = run_of(made(not_evaluated=[NotEvaluated("TST101", "c", None, "resources", "cib.xml", "no <resources>")]))
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note == {"level": "note", "message": {"text": "not evaluated: no <resources>: TST101"}}


def test_the_worst_results_come_first_and_what_is_left_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 2)
    one = finding(severity=Severity.INFO, code="TST102")
    run = run_of(made(one, finding(severity=Severity.WARNING), finding()))
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert note["message"]["text"].startswith("1 of 3 findings are left out")


def test_more_results_than_github_keeps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_KEPT", 1)
    run = run_of(made(finding(), finding()))
    assert len(run["results"]) == 2
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("GitHub keeps 1 of the 2 results")


def test_a_suppressed_finding_is_no_result_since_github_would_raise_an_alert() -> None:
    assert run_of(made(suppressed=[Suppressed(finding(), "comment", "on purpose")]))["results"] == []


def test_rules_link_to_their_page_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "helpUri" not in run_of(made())["tool"]["driver"]["rules"][0]
    monkeypatch.setattr(report, "DOCUMENTATION", "https://docs.invalid/rules/{code}")
    monkeypatch.setattr(sarif, "DOCUMENTATION", "https://docs.invalid/rules/{code}")
    driver = run_of(made())["tool"]["driver"]
    assert driver["informationUri"] == "https://docs.invalid/rules/"
    assert driver["rules"][0]["helpUri"] == "https://docs.invalid/rules/TST101"
    assert "(https://docs.invalid/rules/TST101)" in driver["rules"][0]["help"]["markdown"]


def test_a_long_description_is_cut_to_what_github_takes() -> None:
    page = report.RulePage("s" * 2000, "b" * 2000, "m" * 2000)
    (rule,) = run_of(made(rules=[RULE._replace(page=lambda: page, tags=[str(number) for number in range(20)])]))["tool"][
        "driver"
    ]["rules"]
    assert len(rule["shortDescription"]["text"]) == len(rule["fullDescription"]["text"]) == 1024
    assert len(rule["properties"]["tags"]) == 10
    assert rule["help"]["markdown"] == "m" * 2000


# --- Fingerprints


def test_the_hash_of_a_line_is_githubs() -> None:
    assert hashes(b"") == ["c129715d7a2bc9a3:1"]
    assert hashes(b" a\nb\n  \t\tc\n d") == [
        "271789c17abda88f:1",
        "54703d4cd895b18:1",
        "180aee12dab6264:1",
        "a23a3dc5e078b07b:1",
    ]


def test_line_ends_and_blanks_do_not_matter_to_the_hash() -> None:
    expected = hashes(b" a\nb\n  \t\tc\n d")
    assert hashes(b"a\r\nb\rc\t\r\n d  ") == expected


def test_equal_lines_are_told_apart_by_their_number() -> None:
    text = b"<x/>\n" + b"y\n" * 300 + b"<x/>\n" + b"y\n" * 300
    found = line_hashes(Source(text), [1, 302])
    assert found[1].removesuffix(":1") == found[302].removesuffix(":2")


def hashes(data: bytes) -> list[str]:
    return list(line_hashes(Source(data), range(1, data.count(b"\n") + data.count(b"\r") + 9)).values())


@given(st.lists(st.sampled_from(["a", " ", "\t", "\n", "\r", "\r\n", "é", "\U0001d4b3", "b" * 99]), max_size=40).map("".join))
def test_the_hash_is_what_a_rolling_one_says(text: str) -> None:
    assert hashes(text.encode()) == [*rolling_hashes(text)]


def rolling_hashes(text: str) -> list[str]:
    """The algorithm in its own words, one unit after the other: the window moves, each line's hash is that of the window it starts."""
    encoded = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-16-le")
    units = [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)]
    kept = [*(unit for unit in units if unit not in (32, 9)), 65535, *[0] * 100]
    starts = [0, *(at + 1 for at, unit in enumerate(kept) if unit == 10)]
    value, by_start = 0, {}
    for at, unit in enumerate(kept):
        value = (value * 37 + unit - (kept[at - 100] * 37**100 if at >= 100 else 0)) % 2**64
        if at >= 99:
            by_start[at - 99] = value
    shown: list[str] = []
    for start in starts:
        word = f"{by_start[start]:x}"
        shown.append(f"{word}:{sum(one.startswith(f'{word}:') for one in shown) + 1}")
    return shown


def test_the_elements_fingerprint_does_not_change_with_the_line() -> None:
    first = only_result(made(finding()))["partialFingerprints"]
    moved = only_result(made(finding(at=place(document(CIB.replace("<nodes/>", "<nodes/>\n\n"))))))["partialFingerprints"]
    other = only_result(made(finding(at=place(document(), "b"))))["partialFingerprints"]
    keyed = only_result(made(finding(key="k")))["partialFingerprints"]
    own = [one["cibcheckElement/v1"] for one in (first, moved, other, keyed)]
    assert own[0] == own[1]
    assert len({*own}) == 3
    assert re.fullmatch(r"[0-9a-f]+:1", first["primaryLocationLineHash"])
