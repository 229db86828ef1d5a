"""``cibcheck check``: from paths to a report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cibcheck import __version__, config
from cibcheck.audit import Plan, audit
from cibcheck.cli import FAILURE, FINDINGS, OK
from cibcheck.cli.builtin import all_rules
from cibcheck.discovery.loading import Request
from cibcheck.documents.cib import MAX_BYTES
from cibcheck.report import Style, printable
from cibcheck.selection import Selection, check_options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from cibcheck.report import Report

_FORMATS = ("text", "concise", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or folders; - is standard input (default: this folder)")
    rules = parser.add_argument_group("rules")
    for name, text in (
        ("select", "run just these (code, prefix, name, tag or ALL; CODE[key] for one option)"),
        ("extend-select", "run these too"),
        ("ignore", "leave these out"),
    ):
        rules.add_argument(f"--{name}", action="append", default=[], metavar="RULES", help=text)
    rules.add_argument(
        "--pacemaker", choices=list(config.TARGETS), help="the Pacemaker that the configuration is for (default: both)"
    )
    rules.add_argument("--no-plugins", action="store_true", help="leave installed plugins out")
    files = parser.add_argument_group("files")
    files.add_argument("--cib", metavar="FILE", help="the cluster's CIB")
    files.add_argument(
        "--node", action="append", default=[], metavar="NAME=PATH", help="a node's sysconfig file, or the root of its files"
    )
    files.add_argument("--stdin-filename", metavar="NAME", help="what to call standard input, and where it belongs")
    files.add_argument(
        "--config", metavar="FILE", help="the configuration (default: the nearest cibcheck.toml or pyproject.toml)"
    )
    files.add_argument("--isolated", action="store_true", help="read no configuration")
    fixes = parser.add_argument_group("fixes")
    for name, text in (
        ("fix", "mend what can be mended without changing what the cluster does"),
        ("unsafe-fixes", "with --fix or --diff: also what may change it"),
        ("diff", "show what --fix would change, and change nothing; exit 1 if it would"),
        ("exit-non-zero-on-fix", "exit 1 if something was fixed"),
    ):
        fixes.add_argument(f"--{name}", action="store_true", help=text)
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", choices=_FORMATS, default="text", help="default: text")
    output.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    output.add_argument("--fail-on", choices=list(config.SEVERITIES), help="exit 1 from this severity on (default: warning)")
    output.add_argument("--exit-zero", action="store_true", help="exit 0 whatever is found")
    parser.add_argument("--version", action="version", version=f"cibcheck {__version__}", help="print the version")


def execute(options: Namespace, stdin: IO[bytes], stdout: IO[str], stderr: IO[str]) -> int:
    """Check, print the report, return the exit code.

    Raises:
        UsageError: a path does not exist, a selector fits nothing, the configuration is wrong.
    """
    settings = _settings(options)
    rules = all_rules(plugins=not options.no_plugins)
    selection = Selection(
        rules,
        _split(options.select) or settings.select,
        (*settings.extend_select, *_split(options.extend_select)),
        (*settings.ignore, *_split(options.ignore)),
    )
    rule_options = check_options(rules, {code: dict(values) for code, values in settings.rule_options.items()})
    plan = Plan(settings, selection, rule_options, _request(options, stdin))
    if options.diff or options.fix:
        from cibcheck.cli import fixing  # most runs do without

        if options.diff:
            return fixing.diff(plan, stdout, stderr, unsafe=options.unsafe_fixes)
        report = fixing.fix(plan, stdout, unsafe=options.unsafe_fixes)
    else:
        report = audit(plan)
    _print(report, options, stderr if options.fix and plan.request.stdin is not None else stdout)
    for line in report.remarks:
        stderr.write(f"cibcheck: {printable(line)}\n")
    if report.internal_errors:
        return FAILURE
    if report.fixed and options.exit_non_zero_on_fix:
        return FINDINGS
    worst = max((finding.severity for finding in report.findings), default=None)
    fails = worst is not None and worst >= settings.fail_on and not options.exit_zero
    return FINDINGS if fails else OK


def _settings(options: Namespace) -> config.Settings:
    if options.isolated and options.config:
        raise config.UsageError("--isolated and --config exclude each other")
    settings = config.Settings() if options.isolated else config.load(Path.cwd(), options.config)
    if options.pacemaker:
        settings = settings._replace(targets=config.TARGETS[options.pacemaker])
    if options.fail_on:
        settings = settings._replace(fail_on=config.SEVERITIES[options.fail_on])
    return settings


def _split(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _request(options: Namespace, stdin: IO[bytes]) -> Request:
    nodes: list[tuple[str, str]] = []
    for text in options.node:
        name, equals, path = text.partition("=")
        if not (name and equals and path):
            raise config.UsageError(f"--node {text!r}: write NAME=PATH")
        nodes.append((name, path))
    default = "-" if options.stdin_filename else "."
    paths = list(dict.fromkeys(options.paths)) or ([] if options.cib or nodes else [default])
    if options.stdin_filename and "-" not in paths:
        raise config.UsageError("--stdin-filename says what - is; give - as a path")
    data = stdin.read(MAX_BYTES + 1) if "-" in paths else None
    return Request(paths, options.cib, nodes, data, options.stdin_filename)


def _print(report: Report, options: Namespace, stdout: IO[str]) -> None:
    from importlib import import_module

    style = _style(options.color, stdout)
    for line in import_module(f"cibcheck.report.{options.output_format}").render(report, style):
        stdout.write(line + "\n")


def _style(color: str, stdout: IO[str]) -> Style:
    is_terminal = stdout.isatty()
    if color == "auto":
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        painted = not plain and (is_terminal or bool(os.environ.get("FORCE_COLOR")))
    else:
        painted = color == "always"
    if not is_terminal:
        return Style(painted)
    from shutil import get_terminal_size

    return Style(painted, min(get_terminal_size().columns, 160))
