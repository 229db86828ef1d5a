"""The baseline: what is known is not reported again, what is new is, and what is gone is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

NAME = "cibcheck-baseline.json"
SELECT = ("--select", "REM205,SYS101,REM403")


def group(*names: str) -> str:
    members = "".join(f"<primitive id='{name}' class='ocf' provider='pacemaker' type='remote'/>" for name in names)
    return f"<resources><group id='g'>{members}</group></resources>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write(tmp_path, {"sub/cib.xml": group("a", "b"), "cibcheck.toml": f"baseline = '{NAME}'\n"})
    assert cibcheck("baseline", "create", *SELECT).status == 0
    return tmp_path


def test_what_is_known_is_not_reported_and_what_is_new_is(folder: Path) -> None:
    result = cibcheck(*SELECT)
    assert result.status == 0
    assert "Not reported: 2 in the baseline." in result.out
    write(folder, {"sub/cib.xml": group("a", "b", "new")})
    result = cibcheck(*SELECT, "--output-format", "concise")
    assert result.status == 1
    assert result.out.count("[REM205]") == 1
    assert "'new'" in result.out


def test_it_is_one_entry_to_a_line_without_lines_or_values(folder: Path) -> None:
    lines = (folder / NAME).read_text().splitlines()
    entries = [json.loads(line.strip().rstrip(",")) for line in lines if '"code"' in line]
    assert [entry["element"] for entry in entries] == [f"/resources/group[@id='g']/primitive[@id='{name}']" for name in "ab"]
    assert {entry["file"] for entry in entries} == {"sub/cib.xml"}
    assert not any("line" in entry for entry in entries)


def test_lines_may_move(folder: Path) -> None:
    write(folder, {"sub/cib.xml": group("a", "b").replace("<primitive", "\n\n  <primitive")})
    assert cibcheck(*SELECT).status == 0


def test_paths_are_those_of_the_baselines_folder_wherever_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "sub")
    assert cibcheck("cib.xml", *SELECT).status == 0
    assert cibcheck("cib.xml", *SELECT, "--baseline", f"../{NAME}").status == 0
    assert cibcheck("cib.xml", *SELECT, "--no-baseline").status == 1


def test_the_same_thing_twice_is_counted(folder: Path) -> None:
    write(folder, {"sub/cib.xml": group("a", "a", "b", "a")})
    assert cibcheck(*SELECT, "--output-format", "concise").out.count("[REM205]") == 2
    cibcheck("baseline", "update", *SELECT)
    assert '"count": 3' in (folder / NAME).read_text()
    write(folder, {"sub/cib.xml": group("a", "b")})
    assert "2 taken out" in cibcheck("baseline", "prune", *SELECT).out


def test_what_is_gone_is_said_and_fails_only_when_asked_to(folder: Path) -> None:
    write(folder, {"sub/cib.xml": group("a")})
    result = cibcheck(*SELECT)
    assert result.status == 0
    assert "in the baseline but not found any more (cibcheck baseline prune): REM205 in sub/cib.xml" in result.out
    assert cibcheck(*SELECT, "--strict-baseline").status == 1


@pytest.mark.parametrize("arguments", [["--select", "SYS101"], ["other.xml", *SELECT], [*SELECT, "--no-suppressions"]])
def test_what_was_not_looked_at_is_not_gone(folder: Path, arguments: list[str]) -> None:
    write(folder, {"sub/cib.xml": group("a"), "other.xml": group()})
    assert "not found any more" not in cibcheck(*arguments).out


def test_what_could_not_be_told_is_not_gone(folder: Path) -> None:
    write(folder, {"sub/cib.xml": "<constraints><rsc_order id='o' first='a' then='b'/></constraints>"})
    result = cibcheck(*SELECT)
    assert "not evaluated" in result.out
    assert "not found any more" not in result.out


def test_a_file_that_is_gone_takes_its_entries_with_it(folder: Path) -> None:
    (folder / "sub/cib.xml").unlink()
    assert "not found any more" in cibcheck(*SELECT).out


def test_prune_takes_out_update_adds_as_well(folder: Path) -> None:
    write(folder, {"sub/cib.xml": group("b", "c")})
    assert "1 finding (0 added, 1 taken out)" in cibcheck("baseline", "prune", *SELECT).out
    assert cibcheck(*SELECT).status == 1
    assert "2 findings (1 added, 0 taken out)" in cibcheck("baseline", "update", *SELECT).out
    assert cibcheck(*SELECT).status == 0


def test_update_leaves_alone_what_it_did_not_look_at(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    cibcheck("baseline", "update", "--select", "SYS101")
    assert (folder / NAME).read_bytes() == before


def test_create_overwrites_nothing(folder: Path) -> None:
    before = (folder / NAME).read_bytes()
    write(folder, {"sub/cib.xml": group("c")})
    assert cibcheck("baseline", "create", *SELECT).status == 2
    assert (folder / NAME).read_bytes() == before
    assert list(folder.glob(".*json*")) == []


def test_show_lists_and_counts() -> None:
    out = cibcheck("baseline", "show").out
    assert out.startswith("sub/cib.xml: REM205 /resources/group[@id='g']/primitive[@id='a']\n")
    assert out.endswith("2 findings: REM205 2\n")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("not json", "it is no JSON"),
        ("[]", "it is no baseline"),
        ('{"version": 2, "findings": []}', "it is of version 2; this cibcheck knows version 1"),
        ('{"version": 1, "findings": [3]}', "an entry is no object"),
        ('{"version": 1, "findings": [{"code": "REM101", "count": 0}]}', "an entry makes no sense"),
        ('{"version": 1, "findings": [{"code": 3}]}', "an entry makes no sense"),
        ("[" * 100_000, "it is no JSON"),
        (b"\xff\xfe\x00", "it is no JSON"),
    ],
)
def test_a_file_that_is_no_baseline_is_one_line(folder: Path, content: str | bytes, error: str) -> None:
    write(folder, {NAME: content})
    for arguments in ((), ("baseline", "update"), ("baseline", "show")):
        result = cibcheck(*arguments)
        assert result.status == 2
        assert f"{NAME}: {error}" in result.err
        assert result.err.count("\n") == 1


def test_a_baseline_that_is_not_there_says_how_to_make_one(folder: Path) -> None:
    (folder / NAME).unlink()
    assert "`cibcheck baseline create` writes one" in cibcheck().err


def test_no_secret_gets_into_it(folder: Path) -> None:
    write(
        folder,
        {
            "fence/cib.xml": "<cib><configuration><resources><primitive id='f' class='stonith' type='fence_ipmilan'>"
            "<instance_attributes id='i'><nvpair id='p' name='passwd' value='hunter2'/></instance_attributes></primitive>"
            "</resources></configuration></cib>",
            "nodes/n/etc/sysconfig/pacemaker": "PCMK_passwd=hunter2\nPCMK_x hunter2\nexport PCMK_token=hunter2 hunter2\n",
        },
    )
    cibcheck("baseline", "update", "--select", "ALL")
    text = (folder / NAME).read_text()
    assert "PCMK_passwd" in text
    assert "hunter2" not in text


def test_a_suppressed_finding_needs_no_baseline(folder: Path) -> None:
    write(folder, {"sub/cib.xml": group("a").replace("<prim", "<!-- cibcheck: ignore[REM205] --><prim")})
    assert "2 taken out" in cibcheck("baseline", "update", *SELECT).out


def test_what_is_counted_elsewhere_is_not_what_is_known(folder: Path) -> None:
    node = "nodes/n/etc/sysconfig/pacemaker"
    whole = "<cib><configuration><nodes><node id='1' uname='n'/></nodes>{}</configuration></cib>"
    write(folder, {"sub/cib.xml": whole.format(group("a")), node: ""})
    assert "1 more finding in other files" in cibcheck(node, *SELECT, "--no-baseline").out
    cibcheck("baseline", "update", *SELECT)
    assert "more finding" not in cibcheck(node, *SELECT).out
