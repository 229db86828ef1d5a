"""The settings of a run: cibcheck.toml, .cibcheck.toml or [tool.cibcheck] in pyproject.toml, under what the command line says.

A key of the configuration is declared once, as a field of `Settings` (or of a table in it): what it may hold, what it means, its default.
Reading, errors, the JSON Schema, ``--show-settings`` and the documentation all follow from that. A run without a configuration does not
look at the declarations, and reads no TOML.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

from cibcheck.findings.finding import Severity
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.config.kinds import (
        At,
        Choice,
        Clusters,
        Flag,
        Globs,
        Key,
        Map,
        NodeFiles,
        OwnRules,
        SchemaVersion,
        Selectors,
        Tables,
        Text,
        Texts,
    )

FILE_NAMES = ("cibcheck.toml", ".cibcheck.toml")
TARGETS = {"2.1": frozenset(("2.1",)), "3.0": frozenset(("3.0",)), "both": frozenset(("2.1", "3.0"))}
"""The values of ``pacemaker``, and the release lines they stand for."""

SEVERITIES = {severity.word: severity for severity in Severity}


class UsageError(Exception):
    """The user asked for something that cannot be; the text is a line for the terminal. The run ends with exit code 2."""


class Layer(NamedTuple):
    """One place where settings stand. ``text`` is that of a file; ``inside`` is the way to our table in it."""

    name: str
    table: Mapping[str, Any]
    text: str | None = None
    inside: At = ()
    adds: frozenset[str] = frozenset()
    """The keys whose values are added to what earlier layers say, rather than put in their place."""

    def where(self, at: At, *, is_key: bool = False) -> str:
        """How an error names a place: ``cibcheck.toml:7:1``."""
        if self.text is None:
            return f"--{at[0]}" if self.adds else self.name
        from cibcheck.config.positions import position  # only an error needs it

        line, column = position(self.text, (*self.inside, *at), of_key=is_key)
        return f"{self.name}:{line}:{column}"


class ClusterSettings(NamedTuple):
    """One ``[[cluster]]``. Paths are relative to the folder of the configuration."""

    name: Annotated[str, Key(Text(), "What reports call the cluster. Default: the path of its CIB.")] = ""
    cib: Annotated[str | None, Key(Text("a path"), "Its CIB.")] = None
    node_files: Annotated[
        Sequence[str],
        Key(
            NodeFiles(),
            "Its nodes' files: patterns with `{node}` where the node's name stands; `*` stands for any part of a name, `**` for any folders.",
        ),
    ] = ()
    aliases: Annotated[
        Mapping[str, str],
        Key(Map(Text()), "Names under which a node's files may lie (such as a guest's host name), and the node's name."),
    ] = {}
    ignore: Annotated[Sequence[str], Key(Selectors(), "Rules that are not reported for this cluster.")] = ()


class SuppressionSettings(NamedTuple):
    """One ``[[suppression]]``: a finding that is known and accepted, by the id of the element, since a cluster drops comments when it
    writes its CIB."""

    id: Annotated[
        Sequence[str],
        Key(
            Texts(or_one=True, least=1),
            "The id of the element, or of several; `*` stands for any text. For a node file, the variable's name.",
        ),
    ]
    rules: Annotated[Sequence[str], Key(Selectors(least=1), "What is not reported for the element and all that is in it.")]
    cluster: Annotated[str | None, Key(Text(), "The name of the only cluster in which it holds.")] = None
    reason: Annotated[str | None, Key(Text(), "Why.")] = None


class Settings(NamedTuple):
    """What a run goes by."""

    select: Annotated[Sequence[str], Key(Selectors(), "Run just these rules, instead of those that are on by default.")] = ()
    extend_select: Annotated[Sequence[str], Key(Selectors(), "Run these rules, too.")] = ()
    ignore: Annotated[Sequence[str], Key(Selectors(), "Leave these rules out.")] = ()
    per_file_ignores: Annotated[
        Mapping[str, Sequence[str]], Key(Map(Selectors()), "Rules that are not reported for files, by a pattern of their path.")
    ] = {}
    severity: Annotated[
        Mapping[str, Severity],
        Key(
            Map(Choice(SEVERITIES), of_rules=True),
            "Other severities than the rules' own. A severity never turns a rule on or off.",
        ),
    ] = {}
    fail_on: Annotated[Severity, Key(Choice(SEVERITIES), "From this severity on, the exit code is 1.")] = Severity.WARNING
    targets: Annotated[frozenset[str], Key(Choice(TARGETS), "The Pacemaker that the configuration is for.", name="pacemaker")] = (
        TARGETS["both"]
    )
    exclude: Annotated[
        Sequence[str],
        Key(Globs(), "Files and folders that are passed over: patterns of their names, or of their paths."),
    ] = ()
    force_exclude: Annotated[bool, Key(Flag(), "Pass over excluded files even where they are named, as by a hook.")] = False
    baseline: Annotated[str | None, Key(Text("a path"), "The file with the findings that are known and not reported again.")] = (
        None
    )
    unsuppressable: Annotated[
        Sequence[str], Key(Selectors(), "Rules that no suppression silences; one that tries is reported (SUP004).")
    ] = ()
    require_suppression_reason: Annotated[
        bool, Key(Flag(), "Report suppressions that give no reason (SUP003, which is off otherwise).")
    ] = False
    suppressions: Annotated[
        Sequence[SuppressionSettings],
        Key(Tables(SuppressionSettings), "A finding that is known and accepted, by the id of the element.", name="suppression"),
    ] = ()
    clusters: Annotated[
        Sequence[ClusterSettings],
        Key(Clusters(ClusterSettings), "A cluster, where its files cannot be told from their paths.", name="cluster"),
    ] = ()
    rule_options: Annotated[
        Mapping[str, Mapping[str, object]],
        Key(Map(Map(None), of_rules=True), "Options of a rule; `cibcheck rule CODE` lists them.", name="rules"),
    ] = {}
    schema_version: Annotated[
        tuple[int, int] | None, Key(SchemaVersion(), "Judge CIBs by this version of the schema, whatever they declare.")
    ] = None
    engine: Annotated[
        str,
        Key(
            Choice({"tables": "tables", "xmlschema": "xmlschema"}),
            "Who judges by the schema; xmlschema is a second opinion, and slow.",
        ),
    ] = "tables"
    plugins: Annotated[
        Sequence[str], Key(Texts(), "Files of Python, or folders of them, that bring rules; below the configuration's folder.")
    ] = ()
    agents: Annotated[Sequence[str], Key(Texts(), "Catalogues of agents, beside the one that cibcheck has (see agents.md).")] = ()
    own_rules: Annotated[
        Sequence[Mapping[str, Any]],
        Key(OwnRules(), "A rule of one's own, by an XPath over the CIB (see writing-rules.md).", name="rule"),
    ] = ()

    # What follows is no key.
    folder: str | None = None
    """The folder of the configuration file, absolute; None without one."""
    file: str | None = None
    """The configuration file."""
    is_named: bool = False
    """Whether the user named it on the command line, and so trusts the code that it names."""
    layers: Sequence[Layer] = ()
    """What the settings were put together from; what comes later counts more."""
    chosen: str = "no configuration: there is none from here up to the repository's root"
    """Which configuration was used, and why."""

    @property
    def base(self) -> str:
        """The folder that paths in the settings start from."""
        return self.folder or os.getcwd()

    @property
    def baseline_path(self) -> str | None:
        """Where the baseline lies: what the command line says starts from the current folder."""
        if self.baseline is None:
            return None
        told = next(layer for layer in reversed(self.layers) if "baseline" in layer.table)
        return self.baseline if told.text is None else os.path.join(self.base, self.baseline)

    def origins(self, key: str) -> Sequence[str]:
        """Where the value of a key comes from; nowhere for a default."""
        found: list[str] = []
        for layer in self.layers:
            if key in layer.table:
                is_joined = isinstance(layer.table[key], dict) or key in layer.adds
                found = [*(found if is_joined else ()), layer.where((key,), is_key=True)]
        return found


def load(
    start: str, given: Sequence[str] = (), *, isolated: bool = False, options: Mapping[str, object] | None = None
) -> Settings:
    """The settings of the configuration nearest to a folder, or of the one that is given.

    ``given`` has what ``--config`` says, a file or ``KEY=VALUE``; ``isolated`` reads no file; ``options`` are keys as the command line
    has them.

    Raises:
        UsageError: the configuration cannot be read, or says something that has no meaning.
    """
    inline = [text for text in given if "=" in text and not os.path.exists(text)]
    files = [text for text in given if text not in inline]
    if len(files) > 1:
        raise UsageError(f"--config names two files, {files[0]} and {files[1]}; one configuration counts")
    if files and isolated:
        raise UsageError("--isolated and --config FILE exclude each other")
    path = files[0] if files else None if isolated else _nearest(start)
    how = "named by --config" if files else "the nearest one, from this folder upwards"
    chosen = "no configuration: --isolated" if isolated else Settings().chosen if path is None else f"{shown(path)}: {how}"
    if path is None and not inline and not options:
        return Settings(chosen=chosen)

    from cibcheck.config import layers  # what a run without a configuration does not need

    found = [layers.of_file(path)] if path is not None else []
    found += [layers.of_text(text) for text in inline]
    found += [layers.of_options(options)] if options else []
    folder = os.path.dirname(os.path.abspath(path)) if path is not None else None
    return layers.merged(found)._replace(folder=folder, file=path, is_named=bool(files), layers=found, chosen=chosen)


def project_root(folder: str) -> str | None:
    """The folder with ``.git`` that an absolute path lies in, itself included, if any."""
    return next((one for one in _upwards(folder) if _has_git(one)), None)


def shown(path: str | os.PathLike[str]) -> str:
    """A path as a user would write it: from the current folder, where it is below that."""
    relative = os.path.relpath(os.path.abspath(path))  # abspath knows what to do with an empty path
    return os.fspath(path) if relative.startswith("..") else relative


def _upwards(folder: str) -> Iterator[str]:
    """A folder, and those that it is in, innermost first."""
    yield folder
    while (parent := os.path.dirname(folder)) != folder:
        yield (folder := parent)


def _has_git(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _nearest(start: str) -> str | None:
    for folder in _upwards(start):
        for name in FILE_NAMES:
            if os.path.isfile(path := os.path.join(folder, name)):
                return path
        path = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(path) and _is_ours(path):
            return path
        if _has_git(folder):
            break
    return None


def _is_ours(pyproject: str) -> bool:
    """Whether there is a [tool.cibcheck]; no TOML is read where a look says no."""
    try:
        with open(pyproject, "rb") as file:
            if b"cibcheck" not in file.read():
                return False
    except OSError:
        return False
    from cibcheck.config import layers

    return bool(layers.of_file(pyproject).table)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """What to append to an error about an unknown word: a question with the nearest candidate, or nothing."""
    from cibcheck.spelling import nearest

    found = nearest(word, candidates, 0.6)
    return f"; did you mean {found!r}?" if found else ""
