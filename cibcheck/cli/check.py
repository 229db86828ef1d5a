"""``cibcheck check``: from paths to a report."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

from cibcheck import __version__, config
from cibcheck.audit import Plan, examine, gather
from cibcheck.cli import FAILURE, FINDINGS, OK, output
from cibcheck.cli.builtin import all_rules
from cibcheck.discovery.loading import Request
from cibcheck.documents.cib import MAX_BYTES
from cibcheck.report import printable
from cibcheck.selection import Selection, check_settings, options_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cibcheck.cli import Parser, Streams
    from cibcheck.cli.progress import Progress


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    add_request(parser)
    fixes = parser.add_argument_group("fixes")
    for name, text in (
        ("fix", "mend what can be mended without changing what the cluster does"),
        ("unsafe-fixes", "with --fix or --diff: also what may change it"),
        ("diff", "show what --fix would change, and change nothing; exit 1 if it would"),
        ("exit-non-zero-on-fix", "exit 1 if something was fixed"),
    ):
        fixes.add_argument(f"--{name}", action="store_true", help=text)
    reporting = parser.add_argument_group("output")
    output.add_arguments(reporting)
    reporting.add_argument("--fail-on", choices=list(config.SEVERITIES), help="exit 1 from this severity on (default: warning)")
    reporting.add_argument("--strict-baseline", action="store_true", help="exit 1 if the baseline has what is not found any more")
    reporting.add_argument("--exit-zero", action="store_true", help="exit 0 whatever is found")
    reporting.add_argument("-v", "--verbose", action="store_true", help="tell on stderr what was decided, and why")
    told = parser.add_argument_group("what is checked, instead of checking")
    told.add_argument("--show-settings", action="store_true", help="print the settings, and where each comes from")
    told.add_argument("--show-files", action="store_true", help="print what would be checked, and why other files are not")
    told.add_argument("--bug-report", action="store_true", help="print the versions that a bug report should name")
    parser.add_argument("--version", action="version", version=f"cibcheck {__version__}", help="print the version")


def add_request(parser: Parser) -> None:
    """The options that say what is checked, against which rules."""
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
    rules.add_argument("--schema-version", metavar="X.Y", help="judge CIBs by this version of the schema, whatever they declare")
    rules.add_argument(
        "--engine", choices=("tables", "xmlschema"), help="who judges by the schema (xmlschema: a second opinion, much slower)"
    )
    rules.add_argument(
        "--severity", action="append", default=[], metavar="RULES=LEVEL", help="report these with another severity"
    )
    rules.add_argument("--no-suppressions", action="store_true", help="report what comments and the configuration suppress, too")
    rules.add_argument("--baseline", metavar="FILE", help="leave out the findings that this file has (see cibcheck baseline)")
    rules.add_argument("--no-baseline", action="store_true", help="report what the baseline has, too")
    rules.add_argument(
        "--no-plugins", action="store_true", help="run no code of plugins, installed or named by the configuration"
    )
    files = parser.add_argument_group("files")
    files.add_argument("--cib", metavar="FILE", help="the cluster's CIB")
    files.add_argument(
        "--node", action="append", default=[], metavar="NAME=PATH", help="a node's sysconfig file, or the root of its files"
    )
    files.add_argument("--stdin-filename", metavar="NAME", help="what to call standard input, and where it belongs")
    files.add_argument("--stdin-type", choices=("cib", "sysconfig"), help="what standard input is, where its name does not tell")
    files.add_argument("--force-exclude", action="store_true", help="pass over excluded files even where they are named")
    files.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="the configuration (default: the nearest cibcheck.toml or pyproject.toml), or one key of it, in TOML",
    )
    files.add_argument("--isolated", action="store_true", help="read no configuration")


def execute(options: Namespace, streams: Streams) -> int:
    """Check, print the report, return the exit code.

    Raises:
        UsageError: a path does not exist, a selector fits nothing, the configuration is wrong.
    """
    if options.bug_report or options.show_settings or options.show_files:
        from cibcheck.cli import tell  # what a run that checks does without

        return tell.execute(options, streams)
    outputs = output.outputs_of(options)
    plan = plan_of(options, streams.stdin)
    if options.diff:
        from cibcheck.cli import fixing  # most runs do without

        return fixing.diff(plan, streams.stdout, streams.stderr, unsafe=options.unsafe_fixes)
    progress = _progress(streams.stderr)
    try:
        material = gather(plan, progress)
        if options.fix:
            from cibcheck.cli import fixing

            report = fixing.fix(plan, streams.stdout, unsafe=options.unsafe_fixes)
        else:
            report = examine(plan, material, progress)
    finally:
        if progress is not None:
            progress.erase()
    if options.verbose:
        from cibcheck.cli import tell

        tell.verbose(plan, material, report, streams.stderr)
    # The mended text of standard input goes where the report would go otherwise.
    out = streams.stderr if options.fix and plan.request.stdin is not None else streams.stdout
    output.publish(report._replace(category=options.sarif_category), outputs, options.color, out, streams.stderr)
    for line in report.remarks:
        streams.stderr.write(f"cibcheck: {printable(line)}\n")
    if options.fix and not any(one.file is None and one.format == "full" for one in outputs):  # the full report has said it
        fixing.tell_refusals(report, streams.stderr)
    if report.internal_errors:
        return FAILURE
    if report.fixed and options.exit_non_zero_on_fix:
        return FINDINGS
    worst = max((finding.severity for finding in report.findings), default=None)
    fails = worst is not None and worst >= plan.settings.fail_on
    fails |= options.strict_baseline and bool(report.stale)
    return FINDINGS if fails and not options.exit_zero else OK


def plan_of(options: Namespace, stdin: IO[bytes], *, with_baseline: bool = True) -> Plan:
    """What the options of `add_request` ask for.

    Raises:
        UsageError: a selector fits nothing, the configuration is wrong, the baseline cannot be read.
    """
    settings = settings_of(options)
    rules = all_rules(settings, plugins=not options.no_plugins)
    check_settings(rules, settings)
    reasons = ("SUP003",) if settings.require_suppression_reason else ()
    selection = Selection(rules, settings.select, (*settings.extend_select, *reasons), settings.ignore)
    baseline = None
    if settings.baseline is not None and with_baseline and not options.no_baseline:
        from cibcheck.cli.baseline import known_in

        baseline = known_in(settings)
    request = _request(options, stdin)
    return Plan(settings, selection, options_of(rules, settings), request, not options.no_suppressions, baseline)


def _progress(stderr: IO[str]) -> Progress | None:
    if not stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None
    from cibcheck.cli.progress import Progress

    return Progress(stderr)


def settings_of(options: Namespace) -> config.Settings:
    """The settings, with what the command line says on top.

    Raises:
        UsageError: the configuration is wrong.
    """
    said: dict[str, object] = {
        "select": _split(options.select),
        "extend-select": _split(options.extend_select),
        "ignore": _split(options.ignore),
        "severity": dict(_pair(text, "--severity", "RULES=LEVEL") for text in _split(options.severity)),
        "pacemaker": options.pacemaker,
        "schema-version": options.schema_version,
        "engine": options.engine,
        "fail-on": getattr(options, "fail_on", None),  # not every command has it
        "force-exclude": options.force_exclude,
        "baseline": options.baseline,
    }
    given = {key: value for key, value in said.items() if value}
    return config.load(os.getcwd(), options.config, isolated=options.isolated, options=given)


def _pair(text: str, option: str, shape: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise config.UsageError(f"{option} {text!r}: write {shape}")
    return name, value


def _split(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def _request(options: Namespace, stdin: IO[bytes]) -> Request:
    nodes = [_pair(text, "--node", "NAME=PATH") for text in options.node]
    default = "-" if options.stdin_filename or options.stdin_type else "."
    paths = list(dict.fromkeys(options.paths)) or ([] if options.cib or nodes else [default])
    for option in ("stdin_filename", "stdin_type"):
        if getattr(options, option) and "-" not in paths:
            raise config.UsageError(f"--{option.replace('_', '-')} says what - is; give - as a path")
    data = stdin.read(MAX_BYTES + 1) if "-" in paths else None
    return Request(paths, options.cib, nodes, data, options.stdin_filename, options.stdin_type)
