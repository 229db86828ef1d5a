"""``cibcheck baseline``: which findings are known, so that only new ones fail."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.audit import audit
from cibcheck.cli import FAILURE, OK
from cibcheck.cli.check import add_request, plan_of, settings_of
from cibcheck.config import UsageError, shown
from cibcheck.findings.baseline import Baseline, BaselineError, read_baseline, write_baseline
from cibcheck.report import plural, printable

if TYPE_CHECKING:
    from argparse import Namespace

    from cibcheck.cli import Parser, Streams
    from cibcheck.config import Settings
    from cibcheck.report import Report

DEFAULT_NAME = "cibcheck-baseline.json"

_ACTIONS = {
    "create": "write one with all that is found now",
    "update": "add what is new, take out what is not found any more",
    "prune": "just take out what is not found any more",
    "show": "list what it has",
}


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    actions = "\n".join(f"  {name:7} {text}" for name, text in _ACTIONS.items())
    parser.description = f"Keep account of the findings that are known, so that only new ones are reported:\n\n{actions}"
    parser.epilog = f"The file is that of --baseline, else of the configuration, else {DEFAULT_NAME} beside it."
    parser.add_argument("action", choices=list(_ACTIONS), metavar="|".join(_ACTIONS))
    add_request(parser)


def known_in(settings: Settings) -> Baseline:
    """The baseline that the settings name.

    Raises:
        UsageError: there is none, or it cannot be read.
    """
    return _read(_path(settings))


def _path(settings: Settings) -> Path:
    return Path(settings.baseline_path or os.path.join(settings.base, DEFAULT_NAME))


def _read(path: Path) -> Baseline:
    try:
        return read_baseline(path)
    except FileNotFoundError:
        raise UsageError(f"{shown(path)}: there is no such baseline; `cibcheck baseline create` writes one") from None
    except OSError as error:
        raise UsageError(f"{shown(path)}: {error.strerror}") from None
    except BaselineError as error:
        raise UsageError(f"{shown(path)}: {error}") from None


def execute(options: Namespace, streams: Streams) -> int:
    """Carry out the action, and say what was done.

    Raises:
        UsageError: the baseline is there already or is not there, or something is wrong as for `check`.
    """
    settings = settings_of(options)
    path = _path(settings)
    if options.action == "show":
        lines = _listed(_read(path))
    else:
        if options.action == "create" and path.exists():
            raise UsageError(f"{shown(path)}: is there already; `cibcheck baseline update` brings it up to date")
        old = Baseline(path, {}) if options.action == "create" else _read(path)
        report = audit(plan_of(options, streams.stdin, with_baseline=False)._replace(baseline=old))
        if report.internal_errors:
            streams.stderr.write(f"cibcheck: error: {shown(path)} was not written, since a rule failed\n")
            return FAILURE
        lines = _changed(options.action, old, report)
        if options.action == "create" and settings.baseline is None:
            lines.append(f'To use it, put baseline = "{path.name}" into the configuration, or give --baseline {shown(path)}.')
    streams.stdout.writelines(f"{printable(line)}\n" for line in lines)
    return OK


def _changed(action: str, old: Baseline, report: Report) -> list[str]:
    """Write what the action makes of a baseline, and say so."""
    stale, new = Counter(dict(report.stale)), Counter(old.counted(report.findings))
    if action == "prune":
        new = Counter()
    counts = Counter(old.counts) - stale + new
    if counts != old.counts or action == "create":
        write_baseline(old.path, counts)
    added, removed, total = sum(new.values()), sum(stale.values()), plural(sum(counts.values()), "finding")
    return [f"{shown(old.path)}: {total}" + ("" if action == "create" else f" ({added} added, {removed} taken out)")]


def _listed(baseline: Baseline) -> list[str]:
    lines = [
        f"{entry.file}: {entry.code}{f'[{entry.key}]' if entry.key else ''} {entry.element}"
        + (f" ({count} times)" if count > 1 else "")
        for entry, count in sorted(baseline.counts.items())
    ]
    by_code = Counter[str]()
    for entry, count in baseline.counts.items():
        by_code[entry.code] += count
    codes = ", ".join(f"{code} {count}" for code, count in by_code.most_common())
    return [*lines, f"{plural(by_code.total(), 'finding')}" + (f": {codes}" if codes else "")]
