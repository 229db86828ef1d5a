"""The settings of a run: cibcheck.toml, .cibcheck.toml or [tool.cibcheck] in pyproject.toml, under what the command line says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cibcheck.findings.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cibcheck.grammar.judgement import Engine
    from cibcheck.grammar.versions import Version

FILE_NAMES = ("cibcheck.toml", ".cibcheck.toml")
TARGETS = {"2.1": frozenset(("2.1",)), "3.0": frozenset(("3.0",)), "both": frozenset(("2.1", "3.0"))}
"""The values of ``pacemaker``, and the release lines they stand for."""

SEVERITIES = {severity.word: severity for severity in Severity}


class UsageError(Exception):
    """The user asked for something that cannot be; the text is a line for the terminal. The run ends with exit code 2."""


class ClusterSettings(NamedTuple):
    """One ``[[cluster]]``. Paths are relative to the folder of the configuration."""

    name: str
    cib: str | None = None
    node_files: Sequence[str] = ()
    """Patterns with ``{node}`` where the node's name stands."""
    aliases: Mapping[str, str] = {}
    """Names under which a node's files may lie (such as a guest's host name) and the node's name."""


class Settings(NamedTuple):
    """What a run goes by."""

    select: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: Severity = Severity.WARNING
    targets: frozenset[str] = TARGETS["both"]
    exclude: Sequence[str] = ()
    """Patterns over the names of files and folders, and over their paths from the folder of the configuration."""
    clusters: Sequence[ClusterSettings] = ()
    rule_options: Mapping[str, Mapping[str, Any]] = {}
    folder: Path | None = None
    """The folder of the configuration file; None without one."""
    schema_version: Version | None = None
    """The version of the CIB schema to judge by, whatever the CIB declares."""
    engine: Engine = "tables"
    """Who judges by the schema."""
    plugins: Sequence[str] = ()
    """Files of Python, or folders of them, that bring rules."""
    agents: Sequence[str] = ()
    """Catalogues of agents, relative to the folder of the configuration."""
    own_rules: Sequence[Mapping[str, Any]] = ()
    """The tables ``[[rule]]``, as they are written."""
    file: Path | None = None
    is_named: bool = False
    """Whether the user named the configuration on the command line, and so trusts it."""


def load(start: Path, explicit: str | None = None) -> Settings:
    """The settings of the configuration nearest to a folder, or of the one named.

    Raises:
        UsageError: the configuration cannot be read, or says something that has no meaning.
    """
    path = Path(explicit) if explicit is not None else _nearest(start)
    if path is None:
        return Settings()
    return _settings(path, _table(path))._replace(is_named=explicit is not None)


def project_root(path: Path) -> Path | None:
    """The folder with ``.git`` that holds a path, if any."""
    for folder in (path, *path.parents):
        if (folder / ".git").exists():
            return folder
    return None


def shown(path: Path) -> str:
    """A path as a user would write it: from the current folder, where it is below that."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def _nearest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            if (path := folder / name).is_file():
                return path
        path = folder / "pyproject.toml"
        if path.is_file() and _is_ours(path):
            return path
        if (folder / ".git").exists():
            break
    return None


def _is_ours(pyproject: Path) -> bool:
    """Whether there is a [tool.cibcheck]; no TOML is read where a look says no."""
    try:
        if b"cibcheck" not in pyproject.read_bytes():
            return False
    except OSError:
        return False
    return bool(_table(pyproject))


def _table(path: Path) -> Mapping[str, Any]:
    import tomllib

    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        reader = _Reader(path, _Reader(path, table).table("tool", of=object), "[tool]")
        return reader.table("cibcheck", of=object)
    return table


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    reader = _Reader(path, table)
    reader.only(
        "select", "extend-select", "ignore", "fail-on", "pacemaker", "exclude", "cluster", "rules", "plugins", "rule", "agents"
    )
    clusters = [_cluster(path, entry) for entry in reader.tables("cluster")]
    names = [cluster.name for cluster in clusters]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{path}: two [[cluster]] are called {twice!r}; give each a name of its own")
    return Settings(
        select=reader.strings("select"),
        extend_select=reader.strings("extend-select"),
        ignore=reader.strings("ignore"),
        fail_on=SEVERITIES[reader.choice("fail-on", SEVERITIES, "warning")],
        targets=TARGETS[reader.choice("pacemaker", TARGETS, "both")],
        exclude=[pattern.removeprefix("./").rstrip("/") for pattern in reader.strings("exclude")],
        clusters=clusters,
        rule_options={
            code: {name.replace("-", "_"): value for name, value in options.items()}
            for code, options in reader.table("rules").items()
        },
        folder=Path(os.path.abspath(path)).parent,
        plugins=reader.strings("plugins"),
        agents=reader.strings("agents"),
        own_rules=reader.tables("rule"),
        file=path,
    )


def _cluster(path: Path, entry: Mapping[str, Any]) -> ClusterSettings:
    reader = _Reader(path, entry, "[[cluster]]")
    reader.only("name", "cib", "node-files", "aliases")
    cib = entry.get("cib")
    if cib is not None and not isinstance(cib, str):
        raise reader.error("cib", "a path")
    for pattern in (patterns := reader.strings("node-files")):
        if "{node}" not in pattern:
            raise UsageError(f"{path}: [[cluster]]: node-files pattern {pattern!r} has no {{node}}")
        if os.path.isabs(pattern):
            raise UsageError(
                f"{path}: [[cluster]]: node-files pattern {pattern!r} must be relative to the configuration's folder"
            )
        if any("**" in part and part != "**" for part in pattern.split("/")):
            raise UsageError(f"{path}: [[cluster]]: node-files pattern {pattern!r}: ** must be the whole name of a folder")
    aliases = reader.table("aliases", of=str)
    name = entry.get("name") or cib or "cluster"
    return ClusterSettings(str(name), cib, patterns, aliases)


class _Reader:
    """One table of the configuration, read with checks."""

    def __init__(self, path: Path, table: Mapping[str, Any], where: str = "") -> None:
        self._path = path
        self._table = table
        self._where = f"{where}: " if where else ""

    def error(self, key: str, wanted: str) -> UsageError:
        return UsageError(f"{self._path}: {self._where}{key} must be {wanted}")

    def only(self, *keys: str) -> None:
        for key in self._table:
            if key not in keys:
                raise UsageError(f"{self._path}: {self._where}unknown key {key!r}{did_you_mean(key, keys)}")

    def strings(self, key: str) -> Sequence[str]:
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, "a list of strings")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            raise self.error(key, "one of " + ", ".join(map(repr, allowed)))
        return value

    def tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        value = self._table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.error(key, f"written as [[{key}]]")
        return value

    def table(self, key: str, of: type = dict) -> Mapping[str, Any]:
        value = self._table.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, of) for one in value.values()):
            raise self.error(key, "a table of " + {"dict": "tables", "str": "strings"}.get(of.__name__, "keys"))
        return value


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """What to append to an error about an unknown word: a question with the nearest candidate, or nothing."""
    from cibcheck.spelling import nearest

    found = nearest(word, candidates, 0.6)
    return f"; did you mean {found!r}?" if found else ""
