"""What a run would do and why: the settings, the files, the rules that are off, the versions of everything."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from cibcheck import __version__
from cibcheck.audit import gather
from cibcheck.cli import OK
from cibcheck.cli.check import plan_of, settings_of
from cibcheck.report import plural, printable, reference

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from cibcheck.audit import Material, Plan
    from cibcheck.cli import Streams
    from cibcheck.config import Settings
    from cibcheck.report import FileNote, Report


def execute(options: Namespace, streams: Streams) -> int:
    """Print what the options ask for.

    Raises:
        UsageError: as for a run that checks.
    """
    if options.bug_report:
        lines = _versions(plugins=not options.no_plugins)
    elif options.show_settings:
        lines = _settings(settings_of(options))
    else:
        lines = _files(gather(plan_of(options, streams.stdin, with_baseline=False)))
    for line in lines:
        streams.stdout.write(f"{printable(line)}\n")
    return OK


def verbose(plan: Plan, material: Material, report: Report, stderr: IO[str]) -> None:
    """Tell what was decided in a run, and why."""
    lines = [plan.settings.chosen, *_files(material), *_rules_off(plan), *_known(plan, report)]
    stderr.writelines(f"cibcheck: {printable(line)}\n" for line in lines)


def _files(material: Material) -> Iterator[str]:
    for file in material.files:
        yield f"{file.file}: {_decided(file)}"
    for name, pattern in material.loaded.excluded:
        yield f"{name}: excluded by {pattern!r}"


_BY = {"command line": "by --node", "configuration": "by the configuration", "path": "by its path"}


def _decided(file: FileNote) -> str:
    reason = f": {file.reason}" if file.reason else ""
    if file.status == "skipped":
        return f"skipped{reason}"
    if file.kind == "cib":
        return f"CIB of cluster {file.cluster!r}"
    if file.kind == "unreadable":
        return f"cannot be read{reason}"
    if file.status == "undetermined":
        return f"node file, nobody knows whose{reason}"
    return f"node file of {file.node!r} in cluster {file.cluster!r}, {_BY[file.node_by or 'path']}"


def _rules_off(plan: Plan) -> Iterator[str]:
    running = {rule.code for rule in plan.selection.rules}
    off: dict[str, list[str]] = {}
    for rule in plan.selection.known:
        if rule.code not in running:
            off.setdefault(plan.selection.why_off(rule), []).append(rule.code)
        elif rule.pacemaker is not None and rule.pacemaker not in plan.settings.targets:
            off.setdefault(f"only about Pacemaker {rule.pacemaker}", []).append(rule.code)
    for reason, codes in off.items():
        yield f"{plural(len(codes), 'rule')} off, {reason}: {', '.join(codes)}"


def _known(plan: Plan, report: Report) -> Iterator[str]:
    for one in report.suppressed:
        place = one.finding.problem.place
        reason = f": {one.reason}" if one.reason else ""
        where = f"{reference(one.finding)} at {place.document.name}:{place.span.start.line}"
        yield f"{where}: " + ("in the baseline" if one.by == "baseline" else f"suppressed by a {one.by}{reason}")
    if plan.baseline is not None:
        count = plural(sum(plan.baseline.counts.values()), "finding")
        yield f"the baseline {plan.baseline.path} has {count}; of these, {sum(count for _, count in report.stale)} are gone"


def _settings(settings: Settings) -> Iterator[str]:
    """The settings as a configuration that would give them."""
    from cibcheck.config import Settings as Declared
    from cibcheck.config.kinds import Tables, keys_of
    from cibcheck.config.writing import toml_key, toml_value

    yield f"# {settings.chosen}"
    tables: list[str] = []
    for name, key in keys_of(Declared).items():
        value = getattr(settings, key.field)
        origin = ", ".join(settings.origins(name)) or "default"
        if value is None or (isinstance(key.kind, Tables) and not value):
            yield f"# {name} is not set"
        elif isinstance(key.kind, Tables):
            for table in key.kind.plain(value):
                tables += [
                    "",
                    f"[[{name}]]  # {origin}",
                    *(f"{toml_key(inner)} = {toml_value(one)}" for inner, one in table.items()),
                ]
        else:
            yield f"{toml_key(name)} = {toml_value(key.kind.plain(value))}  # {origin}"
    yield from tables


def _versions(*, plugins: bool) -> Iterator[str]:
    import platform

    import pluggy
    from lxml import etree

    yield f"cibcheck {__version__}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield f"platform {platform.platform()}"
    yield f"lxml {'.'.join(map(str, etree.LXML_VERSION))}, libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}"
    yield f"pluggy {pluggy.__version__}"
    yield from _plugins() if plugins else ["plugins: left out"]


def _plugins() -> Iterator[str]:
    from importlib.metadata import entry_points

    from cibcheck import PROJECT

    found = sorted((point.dist.name, point.dist.version, point.name) for point in entry_points(group=PROJECT) if point.dist)
    for name, version, point in found:
        yield f"plugin {point} of {name} {version}"
    if not found:
        yield "plugins: none"
