"""Rules that are written in the configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cibcheck.testing import scaffold
from command import Result, cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
[[rule]]
code = "SITE201"
name = "web-prefix"
message = "primitive {@id} is not called web-…"
xpath = "//primitive[not(starts-with(@id, 'web-'))][@class != 'stonith']"
attribute = "id"
consequence = "nobody knows whose {@id} is"
help = "call it web-{@id}"
tags = ["site"]

[rule.examples]
bad = ['<primitive id="«db»" class="ocf" provider="heartbeat" type="pgsql"/>']
good = ['<primitive id="web-db" class="ocf" provider="heartbeat" type="pgsql"/>', "<tag id='web-1'><obj_ref id='fence'/></tag>"]
"""
CIB = scaffold('<primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, {"cib.xml": CIB, ".git/HEAD": "", "cibcheck.toml": RULE})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def concise(*arguments: str) -> Result:
    return cibcheck("cib.xml", "--output-format", "concise", "--select", "SITE", *arguments)


def test_a_declared_rule_is_found_at_the_attribute(folder: Path) -> None:
    result = cibcheck("cib.xml", "--select", "SITE201")
    assert result.status == 1
    assert "warning[SITE201] primitive db is not called web-…" in result.out
    assert 'id="db"' in result.out
    assert "^^ " in result.out or "^^\n" in result.out
    assert "= nobody knows whose db is" in result.out
    assert "= help: call it web-db" in result.out


@pytest.mark.parametrize("selector", ["SITE", "SITE201", "web-prefix", "site"])
def test_it_is_selected_and_ignored_like_any_other(folder: Path, selector: str) -> None:
    assert cibcheck("cib.xml", "--select", selector).status == 1
    assert "SITE201" not in cibcheck("cib.xml", "--ignore", selector).out


def test_it_has_a_page(folder: Path) -> None:
    page = cibcheck("rule", "SITE201").out
    assert page.startswith("SITE201 web-prefix\n\nseverity: warning\n\nPrimitive … is not called web-….\n")
    assert "nobody knows whose … is" in page
    assert "//primitive[not(starts-with(@id, 'web-'))]" in page
    assert '    <primitive id="db" class' in page
    assert page.count("Good: good") == 2


def test_it_is_no_code_and_so_runs_without_plugins_but_not_without_the_configuration(folder: Path) -> None:
    assert concise("--no-plugins").status == 1
    assert "no rule is called" in concise("--isolated").err


def test_its_page_as_json_may_hold_any_character(folder: Path) -> None:
    write(folder, {"cibcheck.toml": RULE.replace("whose {@id} is", "whose \u202e\u0085 {@id} is")})
    text = cibcheck("rule", "SITE201", "--output-format", "json").out
    assert "\u202e\u0085" in json.loads(text)["rules"][0]["body"]


def test_severity_default_and_summary_are_as_written(folder: Path) -> None:
    more = 'severity = "error"\ndefault = false\nsummary = "A house rule."\nreferences = ["our handbook"]\n'
    write(folder, {"cibcheck.toml": RULE.replace("tags =", f"{more}tags =")})
    assert "SITE201" not in cibcheck("cib.xml").out
    assert "error[SITE201]" in concise().out
    data = json.loads(cibcheck("rule", "SITE201", "--output-format", "json").out)["rules"][0]
    assert (data["summary"], data["default"], data["references"], data["plugin"]) == (
        "A house rule.",
        False,
        "- our handbook",
        "cibcheck.toml",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{@id} of {../@id} in {../../@class}", "pair of set in ocf"),
        ("{{@id}} {@nothing} {../../../../../../../../@id}", "{@id} (none) (none)"),
    ],
)
def test_placeholders_stand_for_attributes(folder: Path, text: str, told: str) -> None:
    pair = '<instance_attributes id="set"><nvpair id="pair" name="passwd" value="s3cret"/></instance_attributes>'
    write(
        folder,
        {
            "cib.xml": scaffold(f'<primitive id="db" class="ocf" provider="heartbeat" type="pgsql">{pair}</primitive>'),
            "cibcheck.toml": f"[[rule]]\ncode = 'SITE202'\nname = 'pair'\nxpath = '//nvpair'\nmessage = '{text} {{@value}}'\n",
        },
    )
    result = concise()
    assert f"warning[SITE202] {told} ***\n" in result.out
    assert "s3cret" not in result.out


def test_what_stands_in_the_status_is_not_matched(folder: Path) -> None:
    status = "<status><node_state id='1'><primitive id='lrm' class='ocf' type='x'/></node_state></status>"
    write(folder, {"cib.xml": CIB.replace("<status/>", status)})
    assert concise().out.count("SITE201") == 1


def test_a_section_that_is_not_there_is_unknown(folder: Path) -> None:
    write(folder, {"cib.xml": '<resources><primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/></resources>'})
    result = cibcheck("cib.xml", "--select", "SITE201")
    assert result.status == 0
    assert "not evaluated" in result.out
    write(folder, {"cibcheck.toml": RULE.replace("tags =", 'sections = ["resources"]\ntags =')})
    assert concise().status == 1


def test_a_text_that_is_too_long_for_a_pattern_is_unknown(folder: Path) -> None:
    pattern = "//primitive[re:test(@id, 'b')]"
    write(
        folder,
        {
            "cib.xml": CIB.replace('"db"', f'"{"b" * 300}"'),
            "cibcheck.toml": f'[[rule]]\ncode = "SITE202"\nname = "b"\nxpath = "{pattern}"\nmessage = "b"\n',
        },
    )
    result = cibcheck("cib.xml", "--select", "SITE202")
    assert "longer than the 256 characters that a pattern is tried on: SITE202" in result.out


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "SITE201"', "", "cibcheck.toml: [[rule]] web-prefix: code is missing"),
        ('code = "SITE201"', 'code = "site201"', "code 'site201': write 2 to 5 capital letters and three digits"),
        ('code = "SITE201"', 'code = "REM201"', "rule REM201: REM is a family of cibcheck (REM: remote and guest nodes)"),
        ('code = "SITE201"', "code = 201", "code must be a text"),
        ('name = "web-prefix"', 'name = "web prefix"', "write the name 'web prefix' in small letters"),
        ('name = "web-prefix"', 'name = "too-many-cluster-nodes"', "both have a rule too-many-cluster-nodes"),
        ("message =", "mesage =", "unknown key 'mesage'; did you mean 'message'?"),
        ("{@id} is", "{id} is", "message: at character 11: write {@name}"),
        ('xpath = "//primitive[', 'xpath = "//primitive[[', "xpath: at character 13: invalid expression"),
        ('tags = ["site"]', "tags = 'site'", "tags must be a list of texts"),
        ("tags =", "severity = 'fatal'\ntags =", "severity must be one of 'info', 'warning', 'error'"),
        ("tags =", "sections = ['resource']\ntags =", "a CIB has no section 'resource'; did you mean 'resources'?"),
        ("tags =", "default = 1\ntags =", "default must be true or false"),
        ("good = [", "god = [", "examples has the lists bad and good"),
    ],
)
def test_a_declaration_that_is_wrong_is_one_line(folder: Path, old: str, new: str, message: str) -> None:
    assert old in RULE
    write(folder, {"cibcheck.toml": RULE.replace(old, new, 1)})
    result = concise()
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("cibcheck: error: cibcheck.toml") or "both have a rule" in result.err
    assert message in result.err
    assert result.err.count("\n") == 1


def test_two_declarations_with_one_code_are_an_error(folder: Path) -> None:
    write(folder, {"cibcheck.toml": RULE + RULE.replace("web-prefix", "other")})
    assert "both have a rule SITE201" in concise().err


# The examples.


def test_examples_are_tried(folder: Path) -> None:
    result = cibcheck("test-rules")
    assert result.out == "passed  SITE201 web-prefix (3 examples)\nTried 1 rule: none failed.\n"
    assert result.status == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("«db»", "web-db", "SITE201 finds nothing in its bad example"),
        ('id="«db»"', 'id="db" class="«ocf»"', "the snippet cannot be parsed"),
        ('id="«db»" class="ocf"', 'id="db" class="«ocf»"', "'db': primitive db is not called web-…"),
        (
            'good = [\'<primitive id="web-db"',
            'good = [\'<primitive id="db"',
            "the good example of SITE201 is not clean (SITE201)",
        ),
        ("<obj_ref id='fence'/></tag>", "<obj_ref id='fence'/></tag></tag>", "an end tag has no start tag"),
        ("<tag id='web-1'><obj_ref id='fence'/></tag>", "<nothing/>", "<nothing> is no fragment"),
    ],
)
def test_an_example_that_is_wrong_is_told(folder: Path, old: str, new: str, message: str) -> None:
    assert old in RULE
    write(folder, {"cibcheck.toml": RULE.replace(old, new, 1)})
    result = cibcheck("test-rules", "SITE201")
    assert result.status == 1
    assert message in result.out
    assert result.out.endswith("Tried 1 rule: 1 failed.\n")


def test_a_bad_example_without_marks_wants_some_finding(folder: Path) -> None:
    write(folder, {"cibcheck.toml": RULE.replace("«db»", "db")})
    assert cibcheck("test-rules").status == 0


def test_built_in_rules_can_be_tried_by_name(folder: Path) -> None:
    assert "passed  REM101" in cibcheck("test-rules", "REM101").out


def test_there_must_be_something_to_try(folder: Path) -> None:
    result = cibcheck("test-rules", "--isolated")
    assert result.status == 2
    assert "there are no rules but the built-in ones" in result.err
    assert "no rule is called 'SITE999'" in cibcheck("test-rules", "SITE999").err


# The list of sources.


def test_the_list_of_sources_names_codes_and_where_they_come_from(folder: Path) -> None:
    write(folder, {"cibcheck.toml": 'plugins = ["site.py"]\n' + RULE, "site.py": "x = 1"})
    result = cibcheck("plugins", "--no-plugins")
    assert "built-in       cibcheck 0.1.0  " in result.out
    assert "configuration  site.py         not run (--no-plugins)\n" in result.out
    assert "declared       cibcheck.toml   1 rule: SITE201\n" in result.out
    assert result.out.endswith("\nconfiguration: cibcheck.toml\n")
    assert cibcheck("plugins", "--isolated").out.endswith("\nconfiguration: not read (--isolated)\n")


def test_the_list_of_sources_goes_on_after_an_error(folder: Path) -> None:
    write(folder, {"cibcheck.toml": 'plugins = ["site.py"]\n' + RULE, "site.py": "x ="})
    result = cibcheck("plugins")
    assert result.status == 2
    assert "configuration  site.py         cannot be used\n" in result.out
    assert "SITE201" in result.out
    assert result.err.startswith("cibcheck: error: site.py:1: SyntaxError")


def test_the_list_of_sources_as_json(folder: Path) -> None:
    data = json.loads(cibcheck("plugins", "--output-format", "json").out)
    assert data["version"] == 1
    assert [source["kind"] for source in data["sources"]] == ["built-in", "declared"]
    assert data["sources"][1] == {
        "kind": "declared",
        "name": "cibcheck.toml",
        "version": None,
        "entry-point": None,
        "runs": True,
        "left-out": None,
        "error": None,
        "rules": ["SITE201"],
    }


def test_a_clash_between_sources_is_told_by_the_list_too(folder: Path) -> None:
    write(folder, {"cibcheck.toml": RULE.replace("web-prefix", "too-many-cluster-nodes")})
    result = cibcheck("plugins")
    assert result.status == 2
    assert "cibcheck and cibcheck.toml both have a rule too-many-cluster-nodes" in result.err
