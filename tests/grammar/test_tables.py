"""The tables say the same as the schema they are made from, and as Pacemaker's own grammar."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from cibcheck.grammar import compiler, projection
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import is_valid, violations
from cibcheck.grammar.versions import VERSIONS, parse_version, show
from grammar.documents import Maker
from grammar.official import INSTALLED, accepts, needs_official_grammars

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "cib"
RANDOM_DOCUMENTS = 2600


def test_the_tables_are_those_of_the_schema() -> None:
    assert (ROOT / "schemas/cib_tables.py").read_text() == compiler.compile_schema(projection.annotated())


def test_versions_compare_as_pairs_of_numbers() -> None:
    assert len(VERSIONS) == 26
    assert list(VERSIONS) == sorted(VERSIONS)
    assert parse_version("2.10") == (2, 10)
    assert [parse_version(text) for text in ("1.1", "3.11", "3.09", "3", "", "x.y", "3.9 ")] == [None] * 7


@needs_official_grammars
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_the_corpus_gets_the_verdict_of_the_official_grammar() -> None:
    different = []
    for path in sorted(CORPUS.iterdir()):
        root = etree.parse(path).getroot()
        declared = parse_version((root.get("validate-with") or "").removeprefix("pacemaker-"))
        for version in {(1, 2), (2, 10), (3, 9), declared or (3, 0)}.intersection(INSTALLED):
            root.set("validate-with", f"pacemaker-{show(version)}")
            if accepts(etree.tostring(root), version) != is_valid(root, grammar(version)):
                different.append((path.name, version))
    assert different == []


@needs_official_grammars
def test_random_documents_get_the_verdict_of_the_official_grammar() -> None:
    different, valid = [], 0
    for seed in range(RANDOM_DOCUMENTS):
        made, judged = INSTALLED[seed % len(INSTALLED)], INSTALLED[(seed if seed % 5 else seed // 5) % len(INSTALLED)]
        maker = Maker(made, seed)
        root = maker.document()
        for _ in range(seed // len(INSTALLED) % 4):
            maker.mutate(root)
        if root.tag == "cib":
            root.set("validate-with", f"pacemaker-{show(judged)}")
        document = etree.tostring(root)
        root = etree.fromstring(document)
        verdict = accepts(document, judged)
        valid += verdict
        if verdict != is_valid(root, grammar(judged)):
            different.append((seed, show(judged), [violation.kind for violation in violations(root, grammar(judged))]))
    assert different == []
    assert RANDOM_DOCUMENTS / 5 < valid < RANDOM_DOCUMENTS  # else the documents say nothing
