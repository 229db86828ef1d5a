"""Mends what has a fix: checks, changes, checks again, until nothing is left to change; all of it before anything is written.

What a round of fixes makes of the files is checked as if it were on the disk. If it is worse, the fixes that make it so are left out.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from cibcheck.audit import audit
from cibcheck.findings.finding import Finding, InternalError, Severity
from cibcheck.findings.fixes import choose, patched
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from cibcheck.audit import Plan
    from cibcheck.documents.source import Source
    from cibcheck.findings.fixes import Patch
    from cibcheck.report import Report

ROUNDS = 10
"""How often files are changed and checked again, at most; fixes that undo each other must come to an end."""

TRIALS = 100
"""How often a run checks, at most, to find out which fixes are to be left out; what is not settled by then stays as it is."""


class Change(NamedTuple):
    """What becomes of a file. ``path`` is where it really lies, None for standard input; ``name`` is the user's."""

    name: str
    path: str | None
    before: Source
    after: bytes


class Mended(NamedTuple):
    """What is left to report, with what was fixed; and the files as they are to be."""

    report: Report
    changes: Sequence[Change]


class _Fault(NamedTuple):
    """Why a change is not made. ``is_internal``: the rule's fix does not do what it should."""

    reason: str
    is_internal: bool


class _Trial(NamedTuple):
    """Some patches of a round, what they make of the files, and what a check says of that."""

    patches: Sequence[Patch]
    data: Mapping[str, bytes]
    report: Report


def mend(plan: Plan, *, unsafe: bool, obstacle: Callable[[str], str | None]) -> Mended:
    """Check what the plan names, and work out what fixes make of it. Nothing is written.

    ``obstacle`` says for the name of a given file why it must not be changed; None where it may be.

    Raises:
        UsageError: as `audit` does.
    """
    return _Mending(plan, unsafe, obstacle).run()


class _Mending:
    def __init__(self, plan: Plan, unsafe: bool, obstacle: Callable[[str], str | None]) -> None:
        self._plan = plan
        self._unsafe = unsafe
        self._obstacle = cache(obstacle)
        request = plan.request
        self._stdin = (request.stdin_name or "<stdin>") if "-" in request.paths else None
        self._files: dict[str, str] = {}
        self._changes: dict[str, Change] = {}
        self._faults: dict[Hashable, _Fault] = {}
        self._trials = 0

    def run(self) -> Mended:
        report = self._without_obstacles(audit(self._plan))
        fixed: list[Finding] = []
        for _ in range(ROUNDS):
            patches = self._choose(report)
            if not patches:
                break
            self._faults = {}
            trial = self._settle(_Trial((), {}, report), report, patches)
            if not trial.patches:
                break
            self._keep(trial)
            fixed += (finding for patch in trial.patches for finding in patch.findings)
            report = self._without_obstacles(trial.report)
        changes = [change for change in self._changes.values() if change.after != change.before.data]
        return Mended(self._told(report)._replace(fixed=fixed if changes else ()), changes)

    def _choose(self, report: Report) -> list[Patch]:
        for finding in report.findings:
            for edit in finding.problem.fix.edits if finding.problem.fix else ():
                name = edit.place.document.name
                if name not in self._files:
                    self._files[name] = name if name == self._stdin else os.path.realpath(name)
        return choose(report.findings, self._files, unsafe=self._unsafe)

    def _settle(self, done: _Trial, base: Report, patches: Sequence[Patch]) -> _Trial:
        """As many of a round's patches as the files are none the worse for, together with those that are settled already."""
        self._trials += 1
        if self._trials > TRIALS:
            return done
        together = (*done.patches, *patches)
        trial, fault = self._try(base, together)
        if fault is None:
            return trial
        if len(patches) == 1:
            self._faults.update((_key(finding), fault) for finding in patches[0].findings)
            return done
        middle = len(patches) // 2
        return self._settle(self._settle(done, base, patches[:middle]), base, patches[middle:])

    def _try(self, base: Report, patches: Sequence[Patch]) -> tuple[_Trial, _Fault | None]:
        data = patched(patches)
        request = self._plan.request
        changed = {name: change.after for name, change in self._changes.items()} | data
        stdin = changed.pop(self._stdin, request.stdin) if self._stdin else None
        report = audit(self._plan._replace(request=request._replace(changed=changed, stdin=stdin)))
        trial = _Trial(patches, data, report)
        names = {name for name, file in self._files.items() if file in data}
        return trial, _fault(base, report, [finding for patch in patches for finding in patch.findings], names)

    def _keep(self, trial: _Trial) -> None:
        for patch in trial.patches:
            for file, document in patch.documents.items():
                if file not in self._changes:
                    path = None if file == self._stdin else file
                    self._changes[file] = Change(document.name, path, document.source, b"")
        for file, data in trial.data.items():
            self._changes[file] = self._changes[file]._replace(after=data)

    def _without_obstacles(self, report: Report) -> Report:
        """The report without the fixes in files that must not be changed."""
        return report._replace(findings=[self._without_obstacle(finding) for finding in report.findings])

    def _without_obstacle(self, finding: Finding) -> Finding:
        for edit in finding.problem.fix.edits if finding.problem.fix else ():
            name = edit.place.document.name
            if name != self._stdin and (reason := self._obstacle(name)):
                return finding.without_fix(f"{name} {reason}")
        return finding

    def _told(self, report: Report) -> Report:
        """The report with what became of the fixes that were left out in the last round."""
        findings, errors = list[Finding](), list(report.internal_errors)
        rules = {rule.code: rule for rule in self._plan.selection.rules}
        for finding in report.findings:
            fault = self._faults.get(_key(finding))
            if fault is not None and finding.problem.fix is not None:
                if fault.is_internal:
                    text = f"its fix {finding.problem.fix.title!r} was not made: {fault.reason}"
                    errors.append(InternalError(finding.code, rules[finding.code].plugin, finding.cluster, text))
                finding = finding.without_fix(fault.reason)  # noqa: PLW2901
            findings.append(finding)
        return report._replace(findings=findings, internal_errors=errors)


def _key(finding: Finding) -> Hashable:
    """By what a finding is known again in a changed file."""
    place = finding.problem.place
    return (finding.code, finding.problem.key, place.document.name, place.document.element_id(place))


def _fault(before: Report, after: Report, mended: Sequence[Finding], names: set[str]) -> _Fault | None:
    """What is wrong with a change of the files with these names, which should have mended some findings."""
    if _states(before, names) != _states(after, names):
        return _Fault("the file could not be read afterwards", is_internal=True)
    left, wanted = Counter(map(_key, after.findings)), Counter(map(_key, before.findings))
    wanted.subtract(map(_key, mended))
    if any(left[_key(finding)] > wanted[_key(finding)] for finding in mended):
        return _Fault("the problem would remain", is_internal=True)
    if len(after.internal_errors) > len(before.internal_errors):
        return _Fault("a rule fails on what it would make", is_internal=True)
    if new := Counter(_errors(after)) - Counter(_errors(before)):
        codes = ", ".join(sorted({code for code, _ in new}))
        return _Fault(f"it would bring up another error ({codes})", is_internal=False)
    return None


def _states(report: Report, names: set[str]) -> set[tuple[str, str, str]]:
    return {(file.file, file.kind, file.status) for file in report.files if file.file in names}


def _errors(report: Report) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.problem.place.document.name) for finding in report.findings if finding.severity is Severity.ERROR
    ]
