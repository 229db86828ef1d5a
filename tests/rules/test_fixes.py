"""Fixes of rules, tried on the bad examples of their pages: what is fixed is gone, nothing else gets worse, and there it ends."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cibcheck.api import ERROR, Rule
from cibcheck.audit import Plan
from cibcheck.cli.builtin import all_rules
from cibcheck.config import Settings
from cibcheck.discovery.loading import Request
from cibcheck.documents.cib import read_cib
from cibcheck.documents.sysconfig import SysconfigDocument
from cibcheck.findings.fixes import assessed
from cibcheck.fixing import ROUNDS, mend
from cibcheck.grammar.tables import grammar
from cibcheck.grammar.validator import violations
from cibcheck.page import Example, page_of, without_marks
from cibcheck.selection import Selection
from cibcheck.testing import CIB_NAME, Checked, ExampleBytes, bytes_of, scaffold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Finding

RULES = all_rules(plugins=False)
DEFAULT_RULES = [rule for rule in RULES if rule.is_default]
WITH_FIX = [rule for rule in RULES if rule.fix is not None]
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, example in enumerate(page_of(rule).bad, 1)
]


def checked(rule: Rule, files: ExampleBytes) -> Checked:
    return files.check(rules=[rule], select=[rule.code])


def fixable(rule: Rule, files: ExampleBytes) -> list[Finding]:
    """The findings with a fix that can be made."""
    given = {CIB_NAME, *(f"{node}/sysconfig" for node in files.sysconfig)}
    findings = [assessed(finding, given) for finding in checked(rule, files).findings]
    return [finding for finding in findings if finding.problem.fix is not None]


def fixed(rule: Rule, files: ExampleBytes) -> ExampleBytes:
    for _ in range(ROUNDS):
        findings = fixable(rule, files)
        if not findings:
            return files
        files = files.fixed(findings)
    raise AssertionError("the fixes come to no end")


def errors(files: ExampleBytes) -> Counter[str]:
    return Counter(finding.code for finding in files.check(rules=DEFAULT_RULES).findings if finding.severity is ERROR)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_what_is_fixed_is_gone_and_no_error_is_new(rule: Rule, example: Example) -> None:
    before = bytes_of(example)
    to_fix = fixable(rule, before)
    after = fixed(rule, before)
    left = checked(rule, after)
    assert not left.internal_errors
    assert len(left.findings) == len(checked(rule, before).findings) - len(to_fix)
    assert not errors(after) - errors(before)
    assert (after == before) == (not to_fix)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_finding_has_the_fix_that_its_rule_declares(rule: Rule, example: Example) -> None:
    for finding in checked(rule, bytes_of(example)).findings:
        fix = finding.problem.fix
        if rule.fix in ("safe", "unsafe"):
            assert fix is not None
            assert fix.is_safe == (rule.fix == "safe")
        elif rule.fix is None:
            assert fix is None


@pytest.mark.parametrize("rule", WITH_FIX, ids=lambda rule: rule.code)
def test_a_rule_that_declares_a_fix_shows_one(rule: Rule) -> None:
    examples = page_of(rule).bad
    # A rule that cannot be shown by a text has no examples.
    assert not examples or any(fixable(rule, bytes_of(example)) for example in examples)


WITH_CIB = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in WITH_FIX
    for number, example in enumerate(page_of(rule).bad, 1)
    if any(file.kind == "xml" for file in example.files)
]


@pytest.mark.parametrize(("rule", "example"), WITH_CIB)
def test_a_fixed_cib_is_no_worse_under_the_grammar(rule: Rule, example: Example) -> None:
    before = bytes_of(example)
    assert faults(fixed(rule, before)) <= faults(before)


def faults(files: ExampleBytes) -> int:
    root = read_cib(CIB_NAME, files.cib or b"").root
    return sum(1 for _ in violations(root, grammar((3, 9))))


@pytest.mark.skipif(shutil.which("crm_verify") is None, reason="crm_verify is not installed")
@pytest.mark.parametrize(("rule", "example"), WITH_CIB)
def test_a_fixed_cib_is_no_worse_for_crm_verify(rule: Rule, example: Example, tmp_path: Path) -> None:
    before = bytes_of(example)
    verdicts = []
    for files in (before, fixed(rule, before)):
        path = tmp_path / CIB_NAME
        path.write_bytes(files.cib or b"")
        done = subprocess.run(["crm_verify", "-V", "--xml-file", path], capture_output=True, text=True, check=False)
        # What the schema refuses is looked at no further.
        verdicts.append((done.returncode, "did not pass schema validation" in done.stderr, done.stderr.count("\n")))
    assert verdicts[1] <= verdicts[0]


def read_by_systemd(files: ExampleBytes) -> dict[str, dict[str, str]]:
    return {
        node: {name: one.value for name, one in SysconfigDocument(node, data).effective.items()}
        for node, data in files.sysconfig.items()
    }


# The number is read as before; the text after it was read by nobody.
ONLY_THE_NUMBER_COUNTS = {"SYS022", "SYS202"}


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_safe_fix_changes_nothing_that_systemd_reads(rule: Rule, example: Example) -> None:
    before = bytes_of(example)
    safe = [finding for finding in fixable(rule, before) if finding.problem.fix and finding.problem.fix.is_safe]
    if rule.code not in ONLY_THE_NUMBER_COUNTS:
        assert read_by_systemd(before.fixed(safe)) == read_by_systemd(before)


def mixtures(seed: int) -> Iterator[tuple[str, bytes]]:
    """Files of pieces of all examples, at random; most have several mistakes that get in each other's way."""
    rng = random.Random(seed)
    files = [file for rule in RULES for one in (*page_of(rule).bad, *page_of(rule).good) for file in one.files]
    lines = [line for file in files if file.kind == "sysconfig" for line in without_marks(file.text).splitlines(keepends=True)]
    fragments = [
        file.text
        for file in files
        if file.kind == "xml" and not without_marks(file.text).startswith(("<cib", "<configuration", "<!"))
    ]
    for _ in range(MIXTURES):
        text = "".join(rng.choice(lines) for _ in range(rng.randint(1, 10)))
        yield "pacemaker.sysconfig", text.encode("utf-8", "surrogatepass")
        yield "cib.xml", without_marks(scaffold("\n".join(rng.sample(fragments, 3)))).encode()


MIXTURES = 40


@pytest.mark.parametrize("seed", range(4))
def test_fixes_that_meet_mend_what_they_can_and_come_to_rest(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    selection = Selection(RULES, ("ALL",), (), ())
    for name, data in mixtures(seed):
        plan = Plan(Settings(), selection, {}, Request([name]))
        Path(name).write_bytes(data)
        mended = mend(plan, unsafe=True, obstacle=lambda _name: None)
        assert mended.report.internal_errors == [], data
        for change in mended.changes:
            Path(name).write_bytes(change.after)
            assert not mend(plan, unsafe=True, obstacle=lambda _name: None).changes, data
