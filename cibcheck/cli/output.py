"""Where the report goes: ``--output-format FORMAT[=FILE]``, once or several times, so that one run serves the terminal and files."""

from __future__ import annotations

import os
import stat
from importlib import import_module
from typing import IO, TYPE_CHECKING

from cibcheck.config import UsageError, did_you_mean
from cibcheck.records import NamedTuple
from cibcheck.report import Style, internal_error

if TYPE_CHECKING:
    from argparse import Namespace, _ArgumentGroup
    from collections.abc import Iterator, Sequence

    from cibcheck.report import Report

FOR_PEOPLE = ("full", "concise", "grouped")
"""What a terminal shows; ``--statistics`` takes their place."""

_WITH_INTERNAL_ERRORS = (*FOR_PEOPLE, "github", "markdown", "statistics")
"""What a person reads, and so sees there that a rule failed."""

FORMATS = (*FOR_PEOPLE, "json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")

_ALIASES = {"text": "full"}


class Output(NamedTuple):
    """One report: its format, and the file that gets it; None is standard output."""

    format: str
    file: str | None


def add_arguments(group: _ArgumentGroup) -> None:
    """The options that say how and where to report."""
    group.add_argument(
        "--output-format",
        action="append",
        default=[],
        metavar="FORMAT[=FILE]",
        help=f"one of {', '.join(FORMATS)}; with a file, it goes there. Repeat it for several. Unless one goes to standard"
        " output, the full report does (default: full)",
    )
    group.add_argument("--statistics", action="store_true", help="show how often each rule found something, not the findings")
    group.add_argument("--sarif-category", metavar="NAME", help="what tells this run from others of a commit, in SARIF")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def outputs_of(options: Namespace) -> Sequence[Output]:
    """The reports that are asked for, of which exactly one goes to standard output.

    Raises:
        UsageError: there is no such format, two reports would go to one place, or a file could not be written.
    """
    outputs: list[Output] = []
    for text in options.output_format:
        name, equals, file = text.partition("=")
        name = _ALIASES.get(name, name)
        if name not in FORMATS:
            raise UsageError(f"--output-format: no format is called {name!r}{did_you_mean(name, FORMATS)}")
        if equals and not file:
            raise UsageError(f"--output-format {text}: name the file")
        outputs.append(Output(name, file if file not in ("", "-") else None))
    places = [None if one.file is None else os.path.realpath(one.file) for one in outputs]
    if twice := next((one for one, place in zip(outputs, places, strict=True) if places.count(place) > 1), None):
        raise UsageError(f"--output-format: several reports would go to {twice.file or 'standard output'}")
    for one in outputs:
        if one.file is not None:
            _check_place(one.file)
    if None not in places:
        # As with a test runner, a file is an extra: the log of a job that fails always says why.
        outputs.append(Output("full", None))
    if not options.statistics:
        return outputs
    if other := next((one for one in outputs if one.file is None and one.format not in FOR_PEOPLE), None):
        raise UsageError(f"--statistics is for people; {other.format} goes to standard output")
    return [one if one.file is not None else Output("statistics", None) for one in outputs]


def _check_place(file: str) -> None:
    folder = os.path.dirname(file) or "."
    if not os.path.isdir(folder):
        raise UsageError(f"--output-format: there is no folder {folder}")
    if os.path.isdir(file):
        raise UsageError(f"--output-format: {file} is a folder")


def publish(report: Report, outputs: Sequence[Output], color: str, stdout: IO[str], stderr: IO[str]) -> None:
    """Write all reports, files first: whoever reads standard output may stop early. A file is written whole or not at all.

    Raises:
        UsageError: a file cannot be written, or is one of those that were checked; the other reports are written all the same.
    """
    if report.findings or report.suppressed:
        from cibcheck.report.redaction import redacted  # a clean run quotes nothing

        report = redacted(report)
    failure: UsageError | None = None
    for output in sorted(outputs, key=lambda one: one.file is None):
        if output.file is None:
            for line in _render(report, output, style_of(color, stdout)):
                stdout.write(line + "\n")
            if output.format not in _WITH_INTERNAL_ERRORS:
                stderr.writelines(f"cibcheck: {internal_error(error)}\n" for error in report.internal_errors)
            continue
        try:
            _check_is_not_checked(output.file, report)
            write_file(output.file, "".join(line + "\n" for line in _render(report, output, Style())))
        except OSError as error:
            failure = UsageError(f"{output.file}: {error.strerror}")
        except UsageError as error:
            failure = error
    if failure is not None:
        raise failure


def _render(report: Report, output: Output, style: Style) -> Iterator[str]:
    module = import_module(f"cibcheck.report.{output.format.replace('-', '_')}")
    lines: Iterator[str] = module.render(report, style)
    return lines


def _check_is_not_checked(file: str, report: Report) -> None:
    place = os.path.realpath(file)
    if any(os.path.realpath(one.file) == place for one in report.files):
        raise UsageError(f"--output-format: {file} is a file that is checked; a report would destroy it")


def write_file(file: str, text: str) -> None:
    """Write a file whole, or leave it as it was.

    Raises:
        OSError: it cannot be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        mode = os.stat(file).st_mode
    except FileNotFoundError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        # A pipe or a device is there to be written to, not to be replaced.
        with open(file, "wb") as stream:
            stream.write(data)
        return
    target = os.path.realpath(file)
    temporary = f"{target}.{os.urandom(4).hex()}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(handle, "wb") as stream:
            if mode is not None:
                os.fchmod(handle, stat.S_IMODE(mode))
            stream.write(data)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def style_of(color: str, stdout: IO[str]) -> Style:
    """How to lay a report out on standard output. ``--color`` is obeyed first, then NO_COLOR, FORCE_COLOR, and what the terminal can."""
    is_terminal = stdout.isatty()
    if color != "auto":
        painted = color == "always"
    elif os.environ.get("NO_COLOR"):
        painted = False
    else:
        painted = bool(os.environ.get("FORCE_COLOR")) or (is_terminal and os.environ.get("TERM") != "dumb")
    if not is_terminal:
        return Style(painted)
    from shutil import get_terminal_size

    return Style(painted, min(get_terminal_size().columns, 160), is_terminal=True)
