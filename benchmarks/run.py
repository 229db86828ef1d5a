"""Measures what cibcheck costs, as ratios of times taken in the same run, so that they mean the same on every machine.

Prints a table; with --check exits with 1 if a bound is missed.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
import venv
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from generate import generate
from lxml import etree

from cibcheck import engine
from cibcheck.api import Target
from cibcheck.cli.builtin import all_rules
from cibcheck.documents.cib import read_cib
from cibcheck.grammar.judgement import Judgement
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import is_valid
from cibcheck.model.cib import ALL_TARGETS, Cib
from cibcheck.model.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cibcheck.documents.cib import CibDocument

ROOT = Path(__file__).parent.parent
RULES = [rule for rule in all_rules(plugins=False) if rule.is_default]
SMALL, LARGE, HUGE = 20_000, 2_000_000, 20_000_000
TRIES = 3
"""A busy machine makes a ratio worse, never better: the best of so many is what counts."""


class Measured(NamedTuple):
    """Two times in seconds, and their ratio."""

    taken: float
    against: float

    @property
    def ratio(self) -> float:
        return self.taken / self.against


class Benchmark(NamedTuple):
    """A ratio and what it may be at most."""

    name: str
    bound: float
    measure: Callable[[], Measured]

    def best(self) -> Measured:
        """The first ratio within the bound, else the smallest."""
        tried: list[Measured] = []
        while len(tried) < TRIES:
            tried.append(self.measure())
            if tried[-1].ratio <= self.bound:
                return tried[-1]
        return min(tried, key=lambda measured: measured.ratio)


def judge(document: CibDocument, verdict: Judgement, watch: Callable[[str], None] | None = None) -> None:
    """Model and rules, as the command line runs them on a CIB without node files. What the grammar says is known: it has its own row."""
    cluster = Cluster("benchmark", Cib(document, ALL_TARGETS), [])
    outcome = engine.run(engine.Subjects([cluster]), RULES, Target(ALL_TARGETS), judge=lambda _: verdict, watch=watch)
    if outcome.findings or outcome.internal_errors:
        sys.exit(f"the generated CIB is not clean: {[*outcome.findings, *outcome.internal_errors][0]}")


def cold_start() -> Measured:
    """A whole run on a small clean CIB, against Python that only imports lxml."""
    whole, base = cold_times(())
    return Measured(whole, base)


def cold_grammar() -> Measured:
    """What the grammar adds to a run with a selection of rules, against the same."""
    whole, without, base = cold_times(("--ignore", "KEY"), ("--ignore", "SCH"))
    return Measured(whole - without, base)


def cold_times(*options: Sequence[str]) -> Sequence[float]:
    """Of a run with each of some options, and of Python that only imports lxml; in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        python, script = installed(Path(folder, "venv"))
        cib = Path(folder, "cib.xml")
        cib.write_bytes(generate(SMALL))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

        def run(*arguments: str) -> float:
            start = time.perf_counter()
            subprocess.run([python, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
            return time.perf_counter() - start

        check = (str(script), "check", cib.name)
        taken = [(*(run(*check, *some) for some in options), run("-c", "import lxml.etree")) for _ in range(21)]
        return [median(times) for times in zip(*taken[1:], strict=True)]  # the first run writes .pyc files


def installed(folder: Path) -> tuple[Path, Path]:
    """A virtual environment with what a user's has, since an editable install takes time of its own at every start: its Python, and the
    console script as pip writes it."""
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    for name, source in {"cibcheck": "cibcheck", "cibcheck_rules": "rules/cibcheck_rules", "cibcheck_schemas": "schemas"}.items():
        shutil.copytree(ROOT / source, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("elementpath", "lxml", "pluggy", "xmlschema"):
        for path in Path(sysconfig.get_path("platlib")).glob(f"{name}*"):
            (site / path.name).symlink_to(path)
    module, function = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]["cibcheck"].split(":")
    script = folder / "bin" / "cibcheck"
    script.write_text(f"import re\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n")
    return folder / "bin" / "python", script


def fastest(action: Callable[[], object], times: int) -> float:
    """The shortest of several times, after one run to warm up."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return min(taken[1:])


def judging(data: bytes, times: int) -> float:
    """The time for model and rules. Each run has a document of its own, since documents and models remember."""
    documents = [read_cib("cib.xml", data) for _ in range(times + 1)]
    verdicts = [Judgement(document, ALL_TARGETS) for document in documents]
    if any(verdict.violations for verdict in verdicts):
        sys.exit("the generated CIB is not valid")
    with collection_off():
        return fastest(lambda: judge(documents.pop(), verdicts.pop()), times)


@contextmanager
def collection_off() -> Iterator[None]:
    """No rounds of the garbage collector, as in a run of the command line."""
    gc.disable()
    yield
    gc.enable()


def by_rule() -> None:
    """Print what each rule costs on a large CIB. What several rules ask of the model is paid by the first."""
    data = generate(LARGE)
    best: dict[str, float] = {}
    with collection_off():
        for _ in range(5):
            document = read_cib("cib.xml", data)
            verdict = Judgement(document, ALL_TARGETS)
            marks = [("the grammar", time.perf_counter())]
            if verdict.violations:
                sys.exit("the generated CIB is not valid")
            judge(document, verdict, lambda rule: marks.append((rule, time.perf_counter())))  # noqa: B023 - called in this round
            marks.append(("", time.perf_counter()))
            for (rule, start), (_, end) in pairwise(marks):
                best[rule] = min(best.get(rule, end - start), end - start)
    for rule, seconds in sorted(best.items(), key=lambda item: -item[1]):
        print(f"{rule:44}{seconds * 1000:10.2f}")


def grammar_against_parsing() -> Measured:
    """The grammar on a large CIB, against lxml's parsing of it."""
    data = generate(LARGE)
    root = etree.fromstring(data)
    with collection_off():
        return Measured(fastest(lambda: is_valid(root, grammar((3, 9))), 9), fastest(lambda: etree.fromstring(data), 9))


def against_parsing() -> Measured:
    """Model and rules on a large CIB, against lxml's parsing of it."""
    data = generate(LARGE)
    return Measured(judging(data, 7), fastest(lambda: etree.fromstring(data), 7))


def growth() -> Measured:
    """Model and rules on a CIB, against one of a tenth of its size."""
    return Measured(judging(generate(HUGE), 2), judging(generate(LARGE), 7))


BENCHMARKS = (
    Benchmark("cold start on 20 kB / import lxml.etree", 2.0, cold_start),
    Benchmark("grammar in a cold start / import lxml.etree", 0.5, cold_grammar),
    Benchmark("grammar on 2 MB / lxml parsing it", 4.0, grammar_against_parsing),
    Benchmark("model and rules on 2 MB / lxml parsing it", 12.0, against_parsing),
    Benchmark("model and rules on 20 MB / on 2 MB", 14.0, growth),
)


def main() -> int:
    """Measure, print, and judge if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="exit with 1 if a bound is missed")
    parser.add_argument("--by-rule", action="store_true", help="print what each rule costs, in ms, and measure nothing else")
    arguments = parser.parse_args()
    if arguments.by_rule:
        by_rule()
        return 0

    print(f"{'':44}{'ms':>10}{'against':>10}{'ratio':>8}{'bound':>8}")
    missed = False
    for benchmark in BENCHMARKS:
        best = benchmark.best()
        is_missed = best.ratio > benchmark.bound
        missed |= is_missed
        numbers = f"{best.taken * 1000:10.1f}{best.against * 1000:10.1f}{best.ratio:8.2f}{benchmark.bound:8.1f}"
        print(f"{benchmark.name:44}{numbers}{'  missed' if is_missed else ''}", flush=True)
    return int(arguments.check and missed)


if __name__ == "__main__":
    sys.exit(main())
