"""The loop of fixes: nothing is made worse, what is left out is told, and it comes to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cibcheck.api import ERROR, WARNING, Cib, Findings, Rename, Rule, SetValue, problem, rule, safe_fix
from cibcheck.audit import Plan
from cibcheck.config import Settings
from cibcheck.discovery.loading import Request
from cibcheck.fixing import Mended, mend
from cibcheck.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from cibcheck.findings.finding import Severity

TEXT = "<cib><configuration><crm_config/><nodes/><resources><primitive id='a' x='0'/></resources><constraints/></configuration></cib>"


def stepping(code: str, steps: dict[str, str | None], severity: Severity = WARNING) -> Rule:
    """A rule whose fix turns a value of x into the next one; None is no fix."""

    @rule(code, f"stepping-{code.lower()}", severity=severity, fix="sometimes")
    def step(cib: Cib) -> Findings:
        place = cib.document.place(cib.resources["a"].element, "x")
        value = cib.resources["a"].element.get("x", "")
        if value in steps:
            new = steps[value]
            fix = None if new is None else safe_fix(f"make it {new}", SetValue(place, new))
            yield problem(place, f"x is {value}", fix=fix, key=value)

    return step


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cib.xml"
    path.write_text(TEXT)
    return path


def run(*rules: Rule, obstacle: str | None = None) -> tuple[Mended, str]:
    """What the loop makes of the file, and the value of x then."""
    plan = Plan(Settings(), Selection(rules, (), (), ()), {}, Request(["cib.xml"]))
    mended = mend(plan, unsafe=False, obstacle=lambda _name: obstacle)
    text = mended.changes[0].after.decode() if mended.changes else TEXT
    return mended, text.partition("x='")[2][:1]


def test_fixes_are_made_until_none_is_left(path: Path) -> None:
    mended, value = run(stepping("TST001", {"0": "1", "1": "2"}), stepping("TST002", {"2": "3"}))
    assert value == "3"
    assert [finding.code for finding in mended.report.fixed] == ["TST001", "TST001", "TST002"]
    assert mended.report.findings == []
    assert path.read_text() == TEXT


def test_fixes_that_undo_each_other_come_to_an_end(path: Path) -> None:
    mended, _ = run(stepping("TST001", {"0": "1", "1": "0"}))
    assert len(mended.report.findings) == 1
    assert not mended.changes
    assert not mended.report.fixed


def test_a_fix_that_does_not_mend_is_an_internal_error_of_its_rule(path: Path) -> None:
    @rule("TST001", "useless", severity=ERROR, fix="safe")
    def useless(cib: Cib) -> Findings:
        place = cib.document.place(cib.resources["a"].element, "x")
        yield problem(place, "wrong", fix=safe_fix("make it 9", SetValue(place, "9")))

    mended, value = run(useless)
    assert value == "0"
    assert not mended.report.fixed
    (error,) = mended.report.internal_errors
    assert (error.code, error.plugin) == ("TST001", __name__.partition(".")[0])
    assert "its fix 'make it 9' was not made: the problem would remain" in error.error
    assert mended.report.findings[0].problem.fix is None


def test_a_fix_that_brings_up_another_error_is_left_out_and_told(path: Path) -> None:
    mended, value = run(stepping("TST001", {"0": "1"}), stepping("TST002", {"1": None}, ERROR))
    assert value == "0"
    assert not mended.report.internal_errors
    (finding,) = mended.report.findings
    assert finding.no_fix == "it would bring up another error (TST002)"


def test_a_fix_after_which_a_rule_fails_is_an_internal_error(path: Path) -> None:
    @rule("TST002", "failing", severity=WARNING)
    def failing(cib: Cib) -> Findings:
        if cib.resources["a"].element.get("x") == "1":
            raise RuntimeError
        yield from ()

    mended, value = run(stepping("TST001", {"0": "1"}), failing)
    assert value == "0"
    assert "a rule fails on what it would make" in mended.report.internal_errors[0].error


def test_a_fix_that_makes_the_file_unreadable_is_an_internal_error(path: Path) -> None:
    @rule("TST001", "destroying", severity=ERROR, fix="safe")
    def destroying(cib: Cib) -> Findings:
        place = cib.document.place(cib.document.root)
        yield problem(place, "wrong", fix=safe_fix("rename it", Rename(place, "conf")))

    path.write_text(TEXT.removeprefix("<cib>").removesuffix("</cib>"))
    mended, _ = run(destroying)
    assert not mended.changes
    assert "could not be read afterwards" in mended.report.internal_errors[0].error


def test_a_fix_that_is_none_is_an_internal_error_and_the_finding_stays(path: Path) -> None:
    @rule("TST001", "nonsense", severity=ERROR, fix="safe")
    def nonsense(cib: Cib) -> Findings:
        place = cib.document.place(cib.document.root)
        yield problem(place, "wrong", fix=safe_fix("mend it", "not an edit"))  # type: ignore[arg-type]

    mended, _ = run(nonsense)
    assert len(mended.report.findings) == 1
    assert mended.report.internal_errors[0].error.startswith("its fix is none: AttributeError")


def test_one_bad_fix_does_not_keep_the_good_ones_from_being_made(path: Path) -> None:
    ids = [f"p{number}" for number in range(20)]
    path.write_text(f"<resources>{''.join(f'<primitive id={name!r}/>' for name in ids)}</resources>")

    @rule("TST001", "mostly-good", severity=ERROR, fix="safe")
    def mostly_good(cib: Cib) -> Findings:
        for name in ids:
            element = cib.resources[name].element
            if "y" not in element.attrib or name == "p7":
                place = cib.document.place(element)
                yield problem(place, "wrong", fix=safe_fix("set y", SetValue(cib.document.place(element, "y"), name)))

    mended, _ = run(mostly_good)
    assert len(mended.report.fixed) == 19
    assert [error.code for error in mended.report.internal_errors] == ["TST001"]
    after = mended.changes[0].after.decode()
    assert after.count("y=") == 19
    assert "<primitive id='p7'/>" in after


def test_a_file_that_must_not_be_changed_is_not_and_the_reason_is_told(path: Path) -> None:
    mended, value = run(stepping("TST001", {"0": "1"}), obstacle="is in the way")
    assert value == "0"
    assert mended.report.findings[0].no_fix == "cib.xml is in the way"
