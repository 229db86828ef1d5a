"""What was meant by a wrong word."""

from __future__ import annotations

from cibcheck.spelling import Lookalikes


def test_a_near_name_is_found_and_another_word_is_not() -> None:
    names = Lookalikes(["node1", "node2", "web"])
    assert names.of("nod1") == "node1"
    assert names.of("wbe") == "web"
    assert names.of("database") is None


def test_another_of_a_series_is_not_what_was_meant() -> None:
    assert Lookalikes(["node1", "node2", "web"]).of("node3") is None
    assert Lookalikes(["rack1-ip", "rack2-ip"]).of("rack12-ip") is None
    assert Lookalikes(["node1", "node12"]).of("nodee12") == "node12"


def test_among_too_many_names_nothing_is_looked_for() -> None:
    assert Lookalikes(f"node{number}" for number in range(60_000)).of("nodee1") is None


def test_for_too_many_words_nothing_more_is_looked_for() -> None:
    names = Lookalikes(["node1"])
    found = [names.of(f"node1{'x' * (number % 2)}{number // 2 or ''}") for number in range(1000)]
    assert found[1] == "node1"
    assert found[-1] is None
    assert names.of("node1x") == "node1"
