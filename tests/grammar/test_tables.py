"""The compiled tables are those of the schema, and versions compare as numbers do."""

from __future__ import annotations

from pathlib import Path

from cibcheck.grammar import compiler, projection
from cibcheck.grammar.versions import VERSIONS, parse_version

ROOT = Path(__file__).parent.parent.parent


def test_the_tables_are_those_of_the_schema() -> None:
    assert (ROOT / "schemas/cib_tables.py").read_text() == compiler.compile_schema(projection.annotated())


def test_versions_compare_as_pairs_of_numbers() -> None:
    assert len(VERSIONS) == 26
    assert list(VERSIONS) == sorted(VERSIONS)
    assert parse_version("2.10") == (2, 10)
    assert [parse_version(text) for text in ("1.1", "3.11", "3.09", "3", "", "x.y", "3.9 ")] == [None] * 7
