"""The report for people, as it is printed."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from cibcheck.report import Style
from command import cibcheck, write
from report.made import document, finding, place, rendered, report

REMOTE_IN_GROUP = """\
<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config/>
    <nodes><node id="1" uname="node1"/></nodes>
    <resources>
      <group id="stack">
        <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
        <primitive class="ocf" provider="pacemaker" type="remote" id="r1"/>
      </group>
    </resources>
    <constraints/>
  </configuration>
</cib>
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def text(cib: str | bytes, *arguments: str) -> str:
    write(Path(), {"cib.xml": cib if isinstance(cib, bytes) else cib.encode()})
    return cibcheck("cib.xml", "--select", "REM205", *arguments).out


def test_a_finding_shows_its_lines_with_marks_and_says_what_follows(folder: Path) -> None:
    assert text(REMOTE_IN_GROUP) == textwrap.dedent("""\
        error[REM205] connection resource 'r1' is in group 'stack'
          ┌─ cib.xml:8:71
          │
        6 │       <group id="stack">
          │                  ───── the group
          │ …
        8 │         <primitive class="ocf" provider="pacemaker" type="remote" id="r1"/>
          │                                                                       ^^ connection resource
          │
          = no remote node comes to be, and services meant for it run on cluster nodes
          = help: move it out of the group, to the top level of the resources
          = more: cibcheck rule REM205

        Found 1 error. Checked 1 cluster (1 CIB) against 1 rule.
    """)


def test_concise_is_one_line_per_finding() -> None:
    assert text(REMOTE_IN_GROUP, "--output-format", "concise") == textwrap.dedent("""\
        cib.xml:8:71: error[REM205] connection resource 'r1' is in group 'stack'
        Found 1 error. Checked 1 cluster (1 CIB) against 1 rule.
    """)


def test_nothing_found_is_one_line() -> None:
    assert (
        text(REMOTE_IN_GROUP, "--ignore", "REM205", "--select", "REM206")
        == "No findings. Checked 1 cluster (1 CIB) against 1 rule.\n"
    )


def test_output_is_plain_unless_asked_for() -> None:
    assert "\x1b" not in text(REMOTE_IN_GROUP)
    assert "\x1b[1;31merror" in text(REMOTE_IN_GROUP, "--color", "always")


def test_color_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in text(REMOTE_IN_GROUP)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in text(REMOTE_IN_GROUP)


def test_marks_stand_under_wide_characters_and_tabs() -> None:
    lines = text(REMOTE_IN_GROUP.replace("<primitive class", "\t<primitive class").replace('"r1"', '"日本"')).splitlines()
    at = next(index for index, line in enumerate(lines) if "日本" in line and "│" in line)
    assert lines[at].index("日本") == lines[at + 1].index("^^^^")


def test_a_long_line_is_cut_around_the_mark() -> None:
    lines = text(REMOTE_IN_GROUP.replace("\n", "") + "<!-- " + "x" * 5000 + " -->").splitlines()
    excerpt = [line for line in lines if "│" in line]
    assert max(map(len, excerpt)) < 130
    line = next(line for line in excerpt if "r1" in line)
    mark = next(line for line in excerpt if "^^" in line)
    assert mark.index("^^") == line.index('"r1"') + 1


def test_a_line_is_cut_so_that_there_is_room_beside_the_mark() -> None:
    lines = text(
        REMOTE_IN_GROUP.replace("<group", "<!-- " + "x" * 200 + " --><group").replace('id="r1"', " " * 200 + 'id="r1"')
    ).splitlines()
    assert any("^^ connection resource" in line for line in lines)
    assert max(map(len, lines)) <= 100


def test_secrets_near_a_finding_are_starred() -> None:
    pair = '<nvpair id="p" name="passwd" value="s3cret"/>'
    shown = text(
        REMOTE_IN_GROUP.replace('id="r1"/>', f'id="r1"><instance_attributes id="i">{pair}</instance_attributes></primitive>')
    )
    assert "passwd" in shown
    assert "s3cret" not in shown


def test_control_characters_of_the_file_do_not_reach_the_terminal() -> None:
    shown = text(REMOTE_IN_GROUP.replace('id="r1"', 'id="r1" description="&#x9b;\x7f\x85 2"'), "--color", "never")
    assert not any(character in shown for character in "\x1b\x7f\x85\x9b")


def test_what_could_not_be_evaluated_is_one_line_per_reason() -> None:
    write(Path(), {"part.xml": "<constraints><rsc_order id='o' first='a' then='b'/></constraints>"})
    lines = cibcheck("part.xml", "--select", "REM301,REM205,REM506").out.splitlines()
    assert lines[0] == "No findings. Checked 1 cluster (1 CIB) against 3 rules."
    assert lines[1:] == [
        "not evaluated: the file holds only <constraints>, not <resources>: REM205, REM301",
        "not evaluated: the file holds only <constraints>, not <crm_config>: REM506",
    ]


def test_on_a_terminal_lines_are_broken_between_words_and_prose_stays_readable() -> None:
    long = finding("a message of many words " * 5, consequence="what follows from it " * 12, key="key")
    for name in ("full", "grouped"):
        narrow = rendered(name, report(long), Style(width=60, is_terminal=True)).splitlines()
        assert max(map(len, narrow)) <= 60
    wide = rendered("full", report(long), Style(width=160, is_terminal=True)).splitlines()
    assert max(len(line) for line in wide if "follows" in line) <= 100


def test_in_a_pipe_a_message_is_one_line() -> None:
    words = "word " * 60
    assert any(line.endswith(words.strip()) for line in rendered("full", report(finding(words.strip()))).splitlines())


def test_of_a_long_line_an_indentation_goes_without_a_word() -> None:
    indented = document(f"<cib>{' ' * 70}<nvpair id='a' name='some-long-name' value='v'/></cib>".replace("<cib>", "<cib>\n"))
    shown = rendered("full", report(finding(at=place(indented))))
    assert "…" not in shown
    assert "│         " in shown
