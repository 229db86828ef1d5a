"""The compiled tables, the schema as plain XSD 1.1 and Pacemaker's own grammar give the same verdict on the corpus and on random documents.

CIBCHECK_RANDOM_DOCUMENTS=20 tries twenty times as many, CIBCHECK_WHOLE_CORPUS the corpus in all versions; CIBCHECK_OFFICIAL_GRAMMARS
names a folder with other grammars of Pacemaker than those installed. A document that was judged wrongly is made again from its version
and seed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from cibcheck.grammar.projection import project
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import is_valid
from cibcheck.grammar.versions import NEWEST, VERSIONS, Version, parse_version
from cibcheck.grammar.versions import show as text
from grammar.documents import Maker
from grammar.official import INSTALLED, accepts, needs_official_grammars

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus" / "cib"
IN_VERSIONS = VERSIONS if "CIBCHECK_WHOLE_CORPUS" in os.environ else ((1, 2), (2, 10), (3, 9), NEWEST)
TIMES = int(os.environ.get("CIBCHECK_RANDOM_DOCUMENTS", "1"))
BY_PACEMAKER, BY_XMLSCHEMA = 880 * TIMES, 80 * TIMES  # documents a version

Judge = Callable[[bytes, Version], bool]


def tables(document: bytes, version: Version) -> bool:
    return is_valid(etree.fromstring(document), grammar(version))


def plain_xsd(document: bytes, version: Version) -> bool:
    return schema(version).is_valid(document)


@cache
def schema(version: Version) -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(etree.tostring(project(version), encoding="unicode"))


def made(version: Version, seed: int) -> bytes:
    """A document for a version: made for it, or every third time for any, with up to three mutations."""
    maker = Maker(version if seed % 3 else VERSIONS[seed // 3 % len(VERSIONS)], seed)
    root = maker.document()
    for _ in range(seed % 4):
        maker.mutate(root)
    root.set("validate-with", f"pacemaker-{text(version)}")
    return etree.tostring(root, encoding="UTF-8")


def compare(version: Version, number: int, judge: Judge, *, excuses: Callable[[bytes], bool] = lambda _: False) -> None:
    """Lets another judge look at random documents.

    Raises:
        AssertionError: it and the tables disagree; or too few of the documents are valid, or invalid, to say anything.
    """
    verdicts: Counter[bool] = Counter()
    for seed in range(number):
        document = made(version, seed)
        if not excuses(document):
            verdict = judge(document, version)
            verdicts[verdict] += 1
            told = f"{text(version)}, seed {seed}: {'' if verdict else 'in'}valid by {judge.__name__}, not by the tables: {document.decode()}"
            assert verdict == tables(document, version), told
    assert min(verdicts[True], verdicts[False]) > number / 8


@needs_official_grammars
@pytest.mark.parametrize("version", INSTALLED, ids=text)
def test_random_documents_get_the_verdict_of_pacemakers_grammar(version: Version) -> None:
    compare(version, BY_PACEMAKER, accepts)


@pytest.mark.parametrize("version", VERSIONS, ids=text)
def test_random_documents_get_the_verdict_of_the_schema_as_plain_xsd(version: Version) -> None:
    compare(version, BY_XMLSCHEMA, plain_xsd, excuses=is_known_to_differ)


def is_known_to_differ(document: bytes) -> bool:
    """XSD lets ``xsi:`` attributes in everywhere. xmlschema takes a no-break space for white space between elements, and knows names by
    the fifth edition of XML 1.0, which has letters that libxml2 does not have."""
    return any(one in document.decode() for one in ("XMLSchema-instance", "\u00a0", "ᚠ"))


def in_the_corpus() -> Iterator[tuple[str, etree._Element, set[Version]]]:
    """Each document without what its status holds, which nobody looks into, and the versions to judge it by."""
    for path in sorted(CORPUS.iterdir()):
        root = etree.fromstring(path.read_bytes())
        declared = parse_version(root.get("validate-with", "").removeprefix("pacemaker-"))
        for status in root.findall("status"):
            status.clear(keep_tail=True)
        yield path.name, root, {*IN_VERSIONS} | ({declared} if declared else set())


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
@pytest.mark.parametrize(
    ("judge", "every"),
    [pytest.param(accepts, 1, marks=needs_official_grammars, id="Pacemaker"), pytest.param(plain_xsd, 12, id="XSD")],
)
def test_the_corpus_gets_the_same_verdict(judge: Judge, every: int) -> None:
    """The plain XSD, which takes long, judges every twelfth document."""
    different, verdicts = [], set()
    for name, root, versions in list(in_the_corpus())[:: 1 if "CIBCHECK_WHOLE_CORPUS" in os.environ else every]:
        for version in sorted(versions.intersection(INSTALLED) if judge is accepts else versions):
            root.set("validate-with", f"pacemaker-{text(version)}")
            document = etree.tostring(root)
            verdict = judge(document, version)
            verdicts.add(verdict)
            if verdict != tables(document, version):
                different.append(f"{name} as {text(version)}: {'' if verdict else 'in'}valid by {judge.__name__}")
    assert different == []
    assert verdicts == {True, False}
