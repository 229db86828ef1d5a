"""Whatever a file says, or is called: no format breaks, and nothing in it speaks the language of who reads the report."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from cibcheck.cli.output import FOR_PEOPLE
from cibcheck.documents.edits import Replacement
from cibcheck.findings.finding import Finding, InternalError, NotEvaluated, Severity, Suppressed
from cibcheck.report import FileNote, Report, Style
from report.made import document, finding, fix, place, rendered
from report.made import report as made
from report.test_sarif import validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

PIECES = [
    "]]>",
    "\n::add-mask::x",
    "::error::x",
    "##[error]x",
    "%0A::x::",
    "|",
    "`",
    "```\n",
    "\r\n",
    "\r",
    "\x1b[31m",
    "\x1b]8;;https://a.link\x1b\\",
    "\x00",
    "\x85",
    "\u2028",
    "\u202e",
    "\udc80",
    "\ud800",
    "\ufffe",
    "@octocat",
    "#1",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "</details>",
    "![x](https://a.link)",
    "[x](1)",
    "https://a.link",
    "www.a.link",
    "&lt;",
    "**",
    "__",
    "~~",
    "\\",
    "- ",
    "1. ",
    "# ",
    "    ",
    "---",
    "===",
    "$x$",
    '"',
    "'",
    ",",
    ":",
    "{0}",
    "é",
]
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=6).map("".join)
# Linux knows no file whose name has a NUL, and Python keeps bytes that are no UTF-8 as one kind of half pair only.
names = texts.map(lambda text: re.sub("[\x00\ud800-\udc7f\udd00-\udfff]", "_", text)).filter(lambda name: name != "-")


@st.composite
def reports(draw: st.DrawFn) -> Report:
    def some() -> str:
        return draw(texts)

    name = draw(names)
    cib = document(name=name, answer=[Replacement(0, 0, some())])
    at = place(cib)
    found: list[Finding] = [
        finding(
            some(),
            at=at,
            severity=draw(st.sampled_from(Severity)),
            label=some(),
            consequence=some(),
            help=some(),
            related=[(place(cib, "b"), some())],
            key=some(),
            affects=(some(), some()),
            fix=fix(at, some()),
        )
        for _ in range(2)
    ]
    return made(
        *found,
        files=[FileNote(name, "cib", "checked", name), FileNote(some(), "other", "skipped", None, some())],
        not_evaluated=[NotEvaluated("TST101", name, some(), some(), some(), some())],
        internal_errors=[InternalError("TST102", some(), some(), some())],
        suppressed=[Suppressed(found[0], "configuration", some())],
        category=some(),
    )


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("hostile"))
        yield Path()


def is_clean_json(text: str) -> Any:
    """What the text says, after it was seen that any reader would take it."""
    assert text.isascii()
    assert "##[" not in text
    loaded = json.loads(text)
    json.dumps(loaded, ensure_ascii=False).encode()  # no half of a pair
    return loaded


@given(reports())
@settings(max_examples=25, deadline=None)
def test_json_is_valid_and_ascii_without_halves_of_pairs(report: Report) -> None:
    assert len(is_clean_json(rendered("json", report))["findings"]) == 2
    assert len(is_clean_json(rendered("gitlab", report))) == 2
    assert len(is_clean_json(rendered("rdjson", report))["diagnostics"]) == 2
    lines = rendered("json-lines", report).removesuffix("\n").split("\n")
    assert [is_clean_json(line)["record"] for line in lines][::6] == ["finding", "summary"]
    loaded = is_clean_json(rendered("sarif", report))
    validator().validate(loaded)
    for result in loaded["runs"][0]["results"]:
        message = result["message"]["text"].rpartition(" See ")[0]
        assert "](" not in message


@given(reports())
@settings(max_examples=25, deadline=None)
def test_xml_is_well_formed_ascii(report: Report) -> None:
    text = rendered("checkstyle", report)
    assert text.isascii()
    (file,) = etree.fromstring(text.encode())
    assert [error.tag for error in file] == ["error", "error"]
    text = rendered("junit", report)
    assert text.isascii()
    schema = etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas/junit-10.xsd"))
    schema.assertValid(etree.fromstring(text.encode()))


@given(reports())
@settings(max_examples=50, deadline=None)
def test_a_terminal_gets_lines_of_text_and_none_starts_as_a_command(report: Report) -> None:
    for name in (*FOR_PEOPLE, "statistics", "github", "markdown"):
        for style in (Style(), Style(width=40, is_terminal=True)):
            for line in rendered(name, report, style).removesuffix("\n").split("\n"):
                assert line.isprintable()
                # GitHub's runner skips blanks before the one, and finds the other anywhere.
                assert name == "github" or not line.lstrip().startswith("::")
                assert "##[" not in line


@pytest.mark.parametrize("name", [":", "::error::x", " ::", " :"])
def test_no_name_of_a_file_makes_a_command_of_a_line(name: str) -> None:
    report = made(finding(at=place(document(name=name))))
    for form in FOR_PEOPLE:
        assert not any(line.lstrip().startswith("::") for line in rendered(form, report).split("\n"))


@given(reports())
@settings(max_examples=50, deadline=None)
def test_annotations_are_as_many_as_there_are_findings_and_say_where(report: Report) -> None:
    lines = rendered("github", report).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == 3
    for command in commands[1:]:
        match = re.fullmatch(r"::(?:error|warning|notice) (?P<properties>.*?)::(?P<message>.*)", command)
        assert match
        properties = dict(one.split("=", 1) for one in match["properties"].split(","))
        assert list(properties) == ["title", "file", "line", "endLine", "col", "endColumn"]


@given(reports())
@settings(max_examples=100, deadline=None)
def test_markdown_has_the_table_and_the_list_that_are_meant_and_no_other_markup(report: Report) -> None:
    tokens = list(
        flat(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(rendered("markdown", report)))
    )
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == 3
    assert kinds.count("td_open") == 8
    assert kinds.count("heading_open") == 1
    assert not {"link_open", "image", "code_inline", "code_block", "fence", "hr", "ordered_list_open", "em_open", "s_open"} & {
        *kinds
    }
    assert kinds.count("strong_open") <= 2
    html = "".join(token.content for token in tokens if token.type in ("html_block", "html_inline"))
    assert html.replace("<!-- -->", "").split() == [
        "<details>",
        "<summary>What",
        "follows,",
        "and",
        "what",
        "to",
        "do</summary>",
        "</details>",
    ]
    shown = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    assert report.findings[0].problem.message.isspace() or len(shown) > 100
    # GitHub makes links and mentions of the text itself, after the markup is gone.
    for token in tokens:
        if token.type == "text":
            assert not re.search(r"[@#]\w", token.content)


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])
