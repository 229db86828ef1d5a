"""``cibcheck plugins``: where rules come from, which would run, and why others would not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import FAILURE, OK, builtin
from cibcheck.config import shown
from cibcheck.families import family_of
from cibcheck.plugins import PluginError, collect_rules
from cibcheck.report import printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from cibcheck.cli import Parser, Streams
    from cibcheck.config import Settings
    from cibcheck.plugins import Source


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = None
    parser.description = (
        "List where rules come from: cibcheck itself, installed plugins, Python files that the\n"
        "configuration names, and rules that are written in it; which of them run, and why others do not.\n"
        "The exit code is 2 if one cannot be used."
    )
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="default: text")
    builtin.add_arguments(parser)


def execute(options: Namespace, streams: Streams) -> int:
    """Print the list. The exit code says whether a run would start.

    Raises:
        UsageError: the configuration cannot be read.
    """
    settings = builtin.settings_of(options)
    sources = list(builtin.sources(settings, plugins=not options.no_plugins))
    errors = [source.error for source in sources if source.error]
    if not errors:
        try:
            collect_rules(sources)
        except PluginError as error:
            errors = [str(error)]
    lines = _json(sources, settings, errors) if options.output_format == "json" else _text(sources, settings, options.isolated)
    for line in lines:
        streams.stdout.write(f"{printable(line)}\n")
    for message in errors:
        streams.stderr.write(f"cibcheck: error: {printable(message)}\n")
    return FAILURE if errors else OK


def _text(sources: Sequence[Source], settings: Settings, is_isolated: bool) -> Iterator[str]:
    rows = [(source.kind, _name(source), _state(source)) for source in sources]
    kind, name = (max(len(row[number]) for row in rows) for number in (0, 1))
    for row in rows:
        yield f"{row[0]:{kind}}  {row[1]:{name}}  {row[2]}".rstrip()
    yield ""
    if is_isolated:
        yield "configuration: not read (--isolated)"
    else:
        yield f"configuration: {shown(settings.file) if settings.file else 'none'}"


def _name(source: Source) -> str:
    parts = [source.name, source.version or "", f"({source.entry_point})" if source.entry_point else ""]
    return " ".join(part for part in parts if part)


def _state(source: Source) -> str:
    if source.error:
        return "cannot be used"
    if source.left_out:
        return f"not run ({source.left_out})"
    codes = sorted(rule.code for rule in source.rules)
    if source.kind == "built-in":
        families = dict.fromkeys(map(family_of, codes))
        return f"{_count(codes)}: {', '.join(f'{own} ({sum(family_of(code) == own for code in codes)})' for own in families)}"
    return f"{_count(codes)}: {', '.join(codes)}" if codes else _count(codes)


def _count(codes: Sequence[str]) -> str:
    return f"{len(codes)} rule{'' if len(codes) == 1 else 's'}"


def _json(sources: Sequence[Source], settings: Settings, errors: Sequence[str]) -> Iterator[str]:
    import json

    listed = [
        {
            "kind": source.kind,
            "name": source.name,
            "version": source.version,
            "entry-point": source.entry_point,
            "runs": not (source.error or source.left_out),
            "left-out": source.left_out,
            "error": source.error,
            "rules": sorted(rule.code for rule in source.rules),
        }
        for source in sources
    ]
    data = {"version": 1, "configuration": settings.file and shown(settings.file), "sources": listed, "errors": list(errors)}
    yield from json.dumps(data, indent=2).split("\n")
