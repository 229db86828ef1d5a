"""By which version a document is judged, and what is said where it does not say so itself: as Pacemaker 2.1 and 3.0 would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cibcheck.documents.cib import read_cib
from cibcheck.grammar.judgement import Judgement
from cibcheck.grammar.versions import VERSIONS
from cibcheck.testing import check
from command import cibcheck

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BOTH, OLD, NEW = frozenset(("2.1", "3.0")), frozenset(("2.1",)), frozenset(("3.0",))
WEB = '<primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>'
MASTER = f'<master id="ms">{WEB}</master>'
DEMOTE = f'{WEB[:-2]}><operations><op id="o" name="monitor" interval="9" on-fail="demote"/></operations></primitive>'
PODMAN = '<bundle id="b"><podman image="i"/></bundle>'
WRONG = '<primitive id="web" class="ocf" provider="heartbeat" type="nginx" colour="red"/>'


def cib(declared: str | None, resources: str = WEB) -> str:
    schema = "" if declared is None else f'validate-with="{declared}"'
    return (
        f'<cib {schema} epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/><nodes/>'
        f"<resources>{resources}</resources><constraints/></configuration></cib>"
    )


def judgement(text: str, lines: Iterable[str] = BOTH) -> Judgement:
    return Judgement(read_cib("cib.xml", text.encode()), lines)


def said(text: str, targets: frozenset[str]) -> list[tuple[str, str]]:
    findings = check(text, select=["SCH"], targets=targets).findings
    return [(finding.code, finding.severity.word) for finding in findings]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
def test_the_declared_version_counts(version: tuple[int, int]) -> None:
    assert judgement(cib("pacemaker-{}.{}".format(*version))).version == version


@pytest.mark.parametrize(
    ("declared", "resources", "targets", "expected"),
    [
        # Declared and known.
        ("pacemaker-3.9", WEB, BOTH, []),
        ("pacemaker-1.0", WEB, BOTH, []),
        ("pacemaker-4.0", WEB, BOTH, []),
        ("pacemaker-4.0", WEB, NEW, []),
        ("pacemaker-4.0", WEB, OLD, [("SCH407", "error")]),
        ("pacemaker-3.10", MASTER, BOTH, []),
        ("pacemaker-4.0", MASTER, BOTH, [("SCH402", "error")]),
        ("pacemaker-3.3", DEMOTE, BOTH, [("SCH401", "error")]),
        # Absent: Pacemaker 3.0 refuses, 2.1 takes anything.
        (None, WEB, BOTH, [("SCH403", "warning")]),
        (None, WEB, OLD, [("SCH403", "warning")]),
        (None, WEB, NEW, [("SCH403", "error")]),
        (None, MASTER, BOTH, [("SCH403", "warning")]),
        (None, MASTER, NEW, [("SCH403", "error")]),
        (None, WRONG, BOTH, [("SCH403", "warning"), ("SCH102", "warning")]),
        (None, WRONG, NEW, [("SCH403", "error"), ("SCH102", "error")]),
        # Off: nobody judges.
        ("none", WRONG, BOTH, [("SCH405", "warning")]),
        ("none", WEB, NEW, [("SCH405", "warning")]),
        ("None", WEB, BOTH, [("SCH405", "warning")]),
        # Unknown: both refuse.
        ("pacemaker-9.9", WEB, BOTH, [("SCH404", "error")]),
        ("pacemaker-0.7", WEB, BOTH, [("SCH404", "error")]),
        ("pacemaker-1.1", WEB, BOTH, [("SCH404", "error")]),
        ("Pacemaker-3.9", WEB, BOTH, [("SCH404", "error")]),
        ("pacemaker-3.09", WEB, BOTH, [("SCH404", "error")]),
        (" pacemaker-3.9", WEB, BOTH, [("SCH404", "error")]),
        ("transitional-0.6", WEB, BOTH, [("SCH404", "error")]),
        ("", WEB, BOTH, [("SCH404", "error")]),
        ("pacemaker-9.9", WRONG, BOTH, [("SCH404", "error"), ("SCH102", "error")]),
        # The experimental schema: 2.1 has one.
        ("pacemaker-next", WEB, OLD, [("SCH406", "warning")]),
        ("pacemaker-next", WEB, BOTH, [("SCH406", "warning")]),
        ("pacemaker-next", WEB, NEW, [("SCH406", "error")]),
    ],
)
def test_validate_with_is_understood_as_pacemaker_does(
    declared: str | None, resources: str, targets: frozenset[str], expected: list[tuple[str, str]]
) -> None:
    assert said(cib(declared, resources), targets) == expected


@pytest.mark.parametrize(
    ("declared", "resources", "targets", "expected"),
    [
        ("pacemaker-3.0", DEMOTE, BOTH, (3, 4)),
        ("pacemaker-3.0", DEMOTE + PODMAN.replace("b", "c"), BOTH, None),
        ("pacemaker-2.0", PODMAN, BOTH, (3, 2)),
        ("pacemaker-1.2", WEB, BOTH, (1, 0)),
        ("pacemaker-4.0", MASTER, BOTH, (3, 0)),
        ("pacemaker-3.0", WRONG, BOTH, None),
        # Without one, what each release of the targets knows will do.
        (None, WEB, BOTH, (3, 7)),
        (None, WEB, OLD, (3, 7)),
        (None, WEB, NEW, (4, 0)),
        (None, MASTER, NEW, (3, 0)),
        (None, WRONG, BOTH, None),
    ],
)
def test_the_version_that_fits(
    declared: str | None, resources: str, targets: frozenset[str], expected: tuple[int, int] | None
) -> None:
    assert judgement(cib(declared, resources), targets).fitting == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (f"<resources>{WEB}{PODMAN}</resources>", []),
        (f"<resources>{MASTER}</resources>", []),
        (f"<resources>{WRONG}</resources>", [("SCH102", "error")]),
        # What other sections hold is unknown.
        ('<constraints><rsc_location id="l" rsc="elsewhere" node="n" score="1"/></constraints>', []),
        ('<constraints><rsc_location id="l" rsc="1x" node="n" score="1"/></constraints>', [("SCH202", "error")]),
        ('<constraints><rsc_location id="l" rsc="x" node="n" score="1"/><rsc_order id="l" first="a" then="b"/></constraints>', [("SCH301", "error")]),
        ("<configuration><resources/></configuration>", [("SCH111", "error")] * 3),
    ],
)  # fmt: skip
def test_a_section_is_judged_as_a_part_of_some_cib(section: str, expected: list[tuple[str, str]]) -> None:
    findings = check(section.encode(), select=["SCH"]).findings
    assert [(finding.code, finding.severity.word) for finding in findings] == expected


def test_references_and_constraints_of_one_id_are_one_finding_with_all_places() -> None:
    constraints = "".join(f'<rsc_location id="l{n}" rsc="webb" node="node1" score="1"/>' for n in range(3))
    findings = check(WEB + constraints, select=["SCH"]).findings
    assert [finding.code for finding in findings] == ["SCH302"]
    assert len(findings[0].problem.related) == 2


def test_what_the_grammar_refuses_is_not_reported_by_others_as_well() -> None:
    # REM310 says the same of the same place.
    guest = f'{WEB[:-2]}><meta_attributes id="m"><nvpair id="p" name="remote-node" value="g1"/></meta_attributes></primitive>'
    constraint = '<rsc_location id="l" rsc="g1" node="node1" score="1"/>'
    assert "REM310" in check(guest + constraint, select=["REM310"]).codes
    codes = check(guest + constraint).codes
    assert "SCH302" in codes
    assert "REM310" not in codes


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(text: str, *arguments: str) -> Sequence[tuple[str, str]]:
        (tmp_path / "cib.xml").write_text(text, "utf-8")
        result = cibcheck("cib.xml", "--isolated", "--select", "SCH", "--output-format", "json", *arguments)
        assert result.status in (0, 1), result.err
        return [(finding["code"], finding["message"]) for finding in json.loads(result.out)["findings"]]

    return run


def test_schema_version_overrides_what_is_declared(report: Any) -> None:
    assert report(cib("pacemaker-3.9", MASTER)) == []
    assert [code for code, _ in report(cib("pacemaker-3.9", MASTER), "--schema-version", "4.0")] == ["SCH402"]
    assert [code for code, _ in report(cib("none", WRONG), "--schema-version", "pacemaker-3.9")] == ["SCH102"]
    assert [code for code, _ in report(cib(None, DEMOTE), "--schema-version", "3.0")] == ["SCH403", "SCH401"]


def test_an_unknown_schema_version_is_an_error_that_names_those_that_there_are() -> None:
    result = cibcheck("--schema-version", "3.11", "x.xml")
    assert result.status == 2
    assert "there is no schema version '3.11'; there are 1.0, 1.2" in result.err


def test_xmlschema_gives_a_second_opinion(report: Any) -> None:
    assert report(cib("pacemaker-3.9"), "--engine", "xmlschema") == []
    assert report(cib("pacemaker-3.9", WRONG), "--engine", "xmlschema") == [
        ("SCH901", "xmlschema says of primitive 'web': 'colour' attribute not allowed for element")
    ]
    both = '<rsc_order id="o" first="web" then="web" kind="Mandatory" score="1"/>'
    whole = cib("pacemaker-3.9").replace("<constraints/>", f"<constraints>{both}</constraints>")
    assert report(whole, "--engine", "xmlschema") == [
        ("SCH901", "xmlschema says of rsc_order 'o': the element has both kind and score; give either kind or score, not both")
    ]
    assert [code for code, _ in report(f"<resources>{WRONG}</resources>", "--engine", "xmlschema")] == ["SCH901"]
