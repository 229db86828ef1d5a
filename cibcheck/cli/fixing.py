"""``--fix`` and ``--diff``: what becomes of the files that fixes change."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from cibcheck.cli import FAILURE, FINDINGS, OK
from cibcheck.config import UsageError
from cibcheck.documents.cib import MAX_BYTES
from cibcheck.fixing import mend
from cibcheck.report import plural, printable, reference
from cibcheck.writing import Obstacles, write

if TYPE_CHECKING:
    from cibcheck.audit import Plan
    from cibcheck.report import Report


def fix(plan: Plan, stdout: IO[str], *, unsafe: bool) -> Report:
    """Mend the files; the text of standard input goes to ``stdout``, mended where it could be.

    Raises:
        UsageError: as `audit` does, or a file cannot be written.
    """
    if plan.request.stdin is not None and len(plan.request.stdin) > MAX_BYTES:
        raise UsageError(f"standard input has more than {MAX_BYTES // 2**20} MiB, of which the rest would be lost")
    report, changes = mend(plan, unsafe=unsafe, obstacle=Obstacles(plan.settings, plan.request))
    write(changes)
    if plan.request.stdin is not None:
        _write_bytes(stdout, next((one.after for one in changes if one.path is None), plan.request.stdin))
    return report


def _write_bytes(stdout: IO[str], data: bytes) -> None:
    if isinstance(stdout, io.TextIOWrapper):
        stdout.flush()
        stdout.buffer.write(data)
    else:
        stdout.write(data.decode("utf-8", "surrogateescape"))


def tell_refusals(report: Report, stderr: IO[str]) -> None:
    """Say of which findings the fix was not made, and why."""
    for finding in report.findings:
        if finding.no_fix:
            place = printable(finding.problem.place.document.name)
            stderr.write(f"cibcheck: {place}: no fix is made for {reference(finding)}: {printable(finding.no_fix)}\n")


def diff(plan: Plan, stdout: IO[str], stderr: IO[str], *, unsafe: bool) -> int:
    """Show what fixes would change, and return the exit code.

    Raises:
        UsageError: as `audit` does.
    """
    from cibcheck.report.diff import unified

    report, changes = mend(plan, unsafe=unsafe, obstacle=Obstacles(plan.settings, plan.request))
    for change in changes:
        for line in unified(change.name, change.before, change.after):
            stdout.write(line + "\n")
    for line in report.remarks:
        stderr.write(f"cibcheck: {printable(line)}\n")
    tell_refusals(report, stderr)
    for error in report.internal_errors:
        stderr.write(f"cibcheck: internal error: rule {error.code} of {error.plugin}: {printable(error.error)}\n")
    stderr.write(f"Would fix {plural(len(report.fixed), 'problem')}.\n" if changes else "Nothing to fix.\n")
    if report.internal_errors:
        return FAILURE
    return FINDINGS if changes else OK
