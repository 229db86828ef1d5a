"""What a suppression silences, when it is unused, and what is said of one that makes no sense."""

from __future__ import annotations

import json
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = "<primitive id='{}' class='ocf' provider='pacemaker' type='remote'/>"
BAD = f"<resources><group id='g'>%s{REMOTE.format('r')}</group></resources>"
"""One finding: the connection ``r`` is in a group (REM205). ``%s`` is what stands before it."""
NODE = "PCMK_debg=yes\n"
"""One finding: nobody knows the variable (SYS101)."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def run(*arguments: str, select: str = "REM205,SYS101,SUP001,SUP002,SUP004") -> dict[str, Any]:
    """The report of a run."""
    chosen = ("--select", select) if select else ()
    loaded: dict[str, Any] = json.loads(cibcheck(*arguments, *chosen, "--output-format", "json").out)
    assert not loaded["internal_errors"]
    return loaded


def codes(*arguments: str, select: str = "REM205,SYS101,SUP001,SUP002,SUP004") -> list[str]:
    return [finding["code"] for finding in run(*arguments, select=select)["findings"]]


@pytest.mark.parametrize(
    "directive",
    [
        "ignore[REM205]",
        "ignore[connection-in-group] - moved next spring",
        "ignore[REM2]: moved next spring",
        "ignore[ REM205 , REM205 ] — moved",
    ],
)
def test_a_comment_before_an_element_silences_what_it_names(folder: Path, directive: str) -> None:
    write(folder, {"cib.xml": BAD % f"<!-- cibcheck: {directive} -->"})
    assert codes("cib.xml") == []


def test_the_scope_is_the_element_with_all_in_it_and_no_other(folder: Path) -> None:
    comment = "<!-- cibcheck: ignore[REM205] -->"
    group = BAD.removeprefix("<resources>").removesuffix("</resources>") % ""
    write(folder, {"cib.xml": f"<resources>{comment}{group}</resources>"})
    assert codes("cib.xml") == []
    write(folder, {"cib.xml": f"<resources>{comment}<primitive id='x' class='ocf' type='Dummy'/>{group}</resources>"})
    assert codes("cib.xml") == ["SUP001", "REM205"]


def test_other_comments_and_processing_instructions_may_stand_between(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] --> <!-- see the wiki --> <?x y?>"})
    assert codes("cib.xml") == []


@pytest.mark.parametrize("text", ["{}<resources>%s</resources>", "<resources>{}%s</resources>"])
def test_a_comment_at_the_top_is_about_the_file(folder: Path, text: str) -> None:
    group = BAD.removeprefix("<resources>").removesuffix("</resources>") % ""
    write(folder, {"cib.xml": text.format("<!-- cibcheck: ignore-file[REM205] -->") % group})
    assert codes("cib.xml") == []


def test_in_a_node_file_it_is_about_the_next_assignment_or_the_file(folder: Path) -> None:
    path = "nodes/a/etc/sysconfig/pacemaker"
    write(folder, {path: f"# cibcheck: ignore[SYS101] -- a plugin of ours reads it\n# (see the wiki)\n{NODE}"})
    assert codes(path) == []
    write(folder, {path: f"# cibcheck: ignore[SYS101[PCMK_debg]]\n{NODE}PCMK_logfle=/x\n"})
    assert codes(path) == ["SYS101"]
    write(folder, {path: f"# cibcheck: ignore-file[SYS101]\n{NODE}PCMK_logfle=/x\n"})
    assert codes(path) == []
    write(folder, {path: f"# cibcheck: ignore[SYS101]\nPCMK_logfile=/x\n{NODE}"})
    assert codes(path) == ["SUP001", "SYS101"]


def test_a_comment_within_a_quoted_value_is_none(folder: Path) -> None:
    path = "nodes/a/etc/sysconfig/pacemaker"
    write(folder, {path: f'PCMK_logfile="/x\n# cibcheck: ignore-file[ALL]"\n{NODE}'})
    assert codes(path) == ["SYS101"]


def test_it_works_at_a_related_place_too(folder: Path) -> None:
    guest = (
        "<primitive id='vm' class='ocf' provider='heartbeat' type='VirtualDomain'><meta_attributes id='m'>"
        "<nvpair id='p' name='remote-node' value='web'/></meta_attributes></primitive>"
    )
    web = "<primitive id='web' class='ocf' provider='heartbeat' type='nginx'/>"
    write(folder, {"cib.xml": f"<resources>{guest}<!-- cibcheck: ignore[REM101] -->{web}</resources>"})
    assert codes("cib.xml", select="REM101,SUP001") == []


def test_by_the_id_of_an_element_in_the_configuration(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "", "cibcheck.toml": "[[suppression]]\nid = 'g'\nrules = ['REM205']\nreason = 'moved'\n"})
    report = run()
    assert report["findings"] == []
    assert [(one["code"], one["suppressed_by"], one["reason"]) for one in report["suppressed"]] == [
        ("REM205", "configuration", "moved")
    ]


@pytest.mark.parametrize(
    ("table", "is_silent"),
    [
        ("id = ['x', 'r']\nrules = ['REM205']", True),
        ("id = '?'\nrules = ['REM205']", True),
        ("id = 'R'\nrules = ['REM205']", False),
        ("id = 'r'\nrules = ['REM101']", False),
        ("id = 'r'\nrules = ['REM205']\ncluster = 'cib.xml'", True),
        ("id = 'r'\nrules = ['REM205']\ncluster = 'other'", False),
    ],
)
def test_ids_are_exact_or_patterns_and_may_be_limited_to_a_cluster(folder: Path, table: str, *, is_silent: bool) -> None:
    write(folder, {"cib.xml": BAD % "", "cibcheck.toml": f"[[suppression]]\n{table}\n"})
    assert ("REM205" in codes()) is not is_silent


def test_a_variable_of_a_node_file_goes_by_its_name(folder: Path) -> None:
    write(folder, {"nodes/a/etc/sysconfig/pacemaker": NODE})
    write(folder, {"cibcheck.toml": "[[suppression]]\nid = 'PCMK_debg'\nrules = ['SYS101']\n"})
    assert codes() == []


def test_an_unused_one_is_a_finding_with_a_fix(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205, REM206] - both -->"})
    result = cibcheck("cib.xml", "--select", "REM205,REM206,SUP001")
    assert "nothing is found here that the suppression of 'REM206' would suppress" in result.out
    assert "Not reported: 1 suppressed." in result.out


def test_an_unused_one_of_the_configuration_is_shown_there(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "", "cibcheck.toml": "\n[[suppression]]\nid = 'x'\nrules = ['REM205']\n"})
    (first, _) = run()["findings"]
    if first["code"] != "SUP001":
        (_, first) = run()["findings"]
    assert (first["code"], first["file"], first["line"]) == ("SUP001", "cibcheck.toml", 2)
    # Of a part of the project nobody can tell what is needed elsewhere.
    assert codes("cib.xml") == ["REM205"]


@pytest.mark.parametrize("select", ["REM206,SUP001", "SUP001"])
def test_it_is_not_unused_where_its_rule_did_not_run(folder: Path, select: str) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] -->"})
    assert codes("cib.xml", select=select) == []


def test_it_is_not_unused_where_its_rule_could_not_tell(folder: Path) -> None:
    write(
        folder, {"part.xml": "<constraints><!-- cibcheck: ignore[REM301] --><rsc_order id='o' first='a' then='b'/></constraints>"}
    )
    report = run("part.xml", select="REM301,SUP001")
    assert [gap["code"] for gap in report["not_evaluated"]] == ["REM301"]
    assert report["findings"] == []


def test_a_rule_that_is_off_by_default_does_not_make_a_suppression_unused(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] --><!-- cibcheck: ignore[REM116] -->"})
    assert "SUP001" not in codes("cib.xml", select="")


def test_a_rule_that_is_ignored_for_the_file_does_not_make_one_unused(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] -->"})
    assert codes("cib.xml", "--config", "per-file-ignores = {'cib.xml' = ['REM205']}") == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("cibcheck: ignore", "'ignore' names no rule"),
        ("cibcheck: ignore[]", "'ignore' names no rule"),
        ("cibcheck: ignore REM205", "'ignore' names no rule"),
        ("cibcheck: ignore[ , ]", "'ignore' names no rule"),
        ("cibcheck: ignore[conection-in-group]", "no rule is called 'conection-in-group'; did you mean 'connection-in-group'?"),
        ("cibcheck: ignore[ALL]", "no rule is called 'ALL'"),
        ("cibcheck: ingore[REM205]", "cibcheck does not know the word 'ingore'; did you mean 'ignore'?"),
        ("cibcheck: disable[REM205]", "cibcheck does not know the word 'disable'"),
        ("cibcheck: ignore[REM205", "'ignore' names no rule"),
        ("cibcheck: ignore[REM205] because", "this is said to cibcheck, but not in words that it knows"),
        ("cibcheck ignore[REM205]", "this is said to cibcheck, but not in words that it knows"),
        ("see cibcheck: ignore[REM205]", "this is said to cibcheck, but not in words that it knows"),
        ("cibcheck: ignore[REM205] - a cibcheck: ignore[REM206]", "a comment holds one suppression"),
        ("cibcheck: ignore-file[REM205]", "'ignore-file' stands further down than the file's top"),
    ],
)
def test_what_is_malformed_is_said_and_silences_nothing(folder: Path, comment: str, message: str) -> None:
    write(folder, {"cib.xml": BAD % f"<!-- {comment} -->"})
    result = cibcheck("cib.xml", "--select", "REM205,SUP002", "--output-format", "concise")
    assert result.status == 1
    assert "error[REM205]" in result.out
    assert f"warning[SUP002] {message}" in result.out


def test_one_unknown_word_does_not_spoil_the_others(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205, nonsense] -->"})
    assert codes("cib.xml") == ["SUP002"]


def test_one_that_stands_before_nothing_is_said(folder: Path) -> None:
    write(
        folder,
        {"cib.xml": "<resources><primitive id='p' class='ocf' type='Dummy'/><!-- cibcheck: ignore[REM205] --></resources>"},
    )
    assert codes("cib.xml") == ["SUP002"]


def test_a_comment_that_only_mentions_us_says_nothing(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- checked with cibcheck 1.0 -->"})
    assert codes("cib.xml") == ["REM205"]


def test_two_dashes_cannot_stand_in_an_xml_comment_and_that_is_said(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] -- reason -->"})
    assert "Double hyphen" in cibcheck("cib.xml").out


def test_no_suppressions_reports_everything(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205, REM206] -->"})
    assert codes("cib.xml", "--no-suppressions") == ["REM205"]


def test_a_reason_can_be_required(folder: Path) -> None:
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] -->"})
    assert cibcheck("cib.xml", "--select", "REM205").status == 0
    result = cibcheck("cib.xml", "--select", "REM205", "--config", "require-suppression-reason = true")
    assert "SUP003" in result.out
    write(folder, {"cib.xml": BAD % "<!-- cibcheck: ignore[REM205] - moved -->"})
    assert codes("cib.xml", "--config", "require-suppression-reason = true") == []


@pytest.mark.parametrize("word", ["REM205", "REM"])
def test_a_rule_can_be_unsuppressable(folder: Path, word: str) -> None:
    write(folder, {"cib.xml": BAD % f"<!-- cibcheck: ignore[{word}] - moved -->"})
    assert codes("cib.xml", "--config", "unsuppressable = ['REM205']") == ["SUP004", "REM205"]
    write(folder, {"cibcheck.toml": "unsuppressable = ['REM205']\n[[suppression]]\nid = 'r'\nrules = ['REM']\nreason = 'x'\n"})
    assert sorted(codes()) == ["REM205", "SUP004", "SUP004"]


def test_rules_about_suppressions_are_selected_and_levelled_like_others(folder: Path) -> None:
    write(folder, {"cib.xml": "<resources><!-- cibcheck: ignore --><primitive id='p' class='ocf' type='Dummy'/></resources>"})
    select = ("--select", "REM205,SUP")
    assert cibcheck("cib.xml", *select, "--ignore", "SUP002").status == 0
    assert cibcheck("cib.xml", *select, "--severity", "SUP=info").status == 0
    assert "error[SUP002]" in cibcheck("cib.xml", *select, "--severity", "SUP002=error").out


def test_a_file_in_another_encoding_speaks_to_us_as_well(folder: Path) -> None:
    text = f"<?xml version='1.0' encoding='utf-16'?>{BAD % '<!-- cibcheck: ignore[REM205] -->'}"
    write(folder, {"cib.xml": text.encode("utf-16")})
    assert codes("cib.xml") == []


def test_many_suppressions_and_findings_take_linear_time(folder: Path) -> None:
    def seconds(size: int) -> float:
        members = "".join(f"<!-- cibcheck: ignore[REM205] -->{REMOTE.format(f'r{number}')}" for number in range(size))
        write(folder, {"cib.xml": f"<resources><group id='g'>{members}</group></resources>"})
        start = perf_counter()
        assert codes("cib.xml") == []
        return perf_counter() - start

    seconds(10)
    small, large = seconds(500), seconds(5000)
    assert large < 40 * small
