"""Pairs as they are written: one pass over the configuration, each pair in its place."""

from __future__ import annotations

from cibcheck.documents.cib import read_cib
from cibcheck.model.cib import Cib
from model.cibs import cib, dummy, meta

HOME = ("meta_attributes", "primitive")


def texts(fragments: str, home: tuple[str, str] = HOME) -> dict[str, list[str]]:
    return {name: list(by_value) for name, by_value in cib(fragments).written.by_home[home].items()}


def test_pairs_are_found_by_place_name_and_value() -> None:
    fragments = dummy("a", meta("m1", "priority", "1")) + dummy("b", meta("m2", "priority", "1") + meta("m3", "critical", "no"))

    assert texts(fragments) == {"priority": ["1"], "critical": ["no"]}
    assert len(cib(fragments).written.by_home[HOME]["priority"]["1"]) == 2


def test_attributes_of_operations_are_pairs_too() -> None:
    op = '<operations><op id="o" name="monitor" interval="10s" timeout="20s"/></operations>'

    assert texts(dummy("a", op), ("@", "op"))["timeout"] == ["20s"]


def test_of_two_pairs_in_a_set_the_first_counts_and_the_other_is_repeated() -> None:
    pairs = '<nvpair id="p1" name="priority" value="1"/><nvpair id="p2" name="priority" value="2"/>'
    written = cib(dummy("a", f'<meta_attributes id="m">{pairs}</meta_attributes>')).written

    assert list(written.by_home[HOME]["priority"]) == ["1"]
    assert [(second.get("id"), first.get("id")) for second, first in written.repeated] == [("p2", "p1")]


def test_a_pair_without_value_is_known_by_name_alone() -> None:
    model = cib(dummy("a", '<meta_attributes id="m"><nvpair id="p" name="priority"/></meta_attributes>'))

    assert [pair.get("id") for pair in model.written.without_value] == ["p"]
    assert model.written.by_home[HOME]["priority"] == {}
    assert "priority" in model.names_written


def test_sets_of_one_kind_and_owner_are_rivals() -> None:
    sets = meta("m1", "priority", "1") + meta("m2", "priority", "2")
    other = '<instance_attributes id="i"><nvpair id="ip" name="x" value="1"/></instance_attributes>'
    model = cib(dummy("a", sets + other + meta("m3", "priority", "3")) + dummy("b", meta("m4", "priority", "4")))

    assert [[one.get("id") for one in rivals] for rivals in model.written.rivals] == [["m1", "m2", "m3"]]


def test_what_is_in_the_status_section_is_no_configuration() -> None:
    text = '<cib validate-with="pacemaker-3.9"><configuration><resources/></configuration><status>{}</status></cib>'
    inside = '<meta_attributes id="m"><nvpair id="p" name="priority" value="1"/></meta_attributes>'
    assert Cib(read_cib("cib.xml", text.format(inside).encode())).written.by_home == {("@", "op"): {}}
