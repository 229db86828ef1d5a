"""From what the user names to parsed files, those of the same clusters included."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cibcheck.config import UsageError, project_root, shown
from cibcheck.discovery.assembly import CibFile, SysconfigFile
from cibcheck.discovery.files import (
    FoundFile,
    below,
    fitting,
    is_cib_name,
    is_sysconfig_path,
    looks_like_sysconfig,
    read_bounded,
    root_of,
    walk,
)
from cibcheck.documents.cib import Unreadable, UnreadableDocument, is_cib, read_cib
from cibcheck.documents.source import STDIN
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cibcheck.config import Settings
    from cibcheck.discovery.files import Kind

MAX_SYSCONFIG_BYTES = 1024 * 1024
"""The largest node file read, in bytes; the one that Pacemaker ships has 17 kB."""

_NODE_FILES = ("etc/sysconfig/pacemaker", "etc/default/pacemaker", "sysconfig/pacemaker", "default/pacemaker")


class Request(NamedTuple):
    """What the user named: paths, a cluster's files one by one, and what came on standard input.

    ``changed`` has what files are taken to hold instead of what is on the disk, by real path.
    """

    paths: Sequence[str]
    cib: str | None = None
    nodes: Sequence[tuple[str, str]] = ()
    stdin: bytes | None = None
    stdin_name: str | None = None
    stdin_kind: Kind | None = None
    """What is on standard input, where neither its name nor its start tells."""
    changed: Mapping[str, bytes] = {}


class Loaded(NamedTuple):
    """The parsed files. ``given`` has the names of those that the user named, itself or by a folder."""

    cibs: Sequence[CibFile]
    node_files: Sequence[SysconfigFile]
    unreadable: Sequence[UnreadableDocument]
    skipped: Sequence[tuple[str, str]]
    given: frozenset[str]
    remarks: Sequence[str]
    excluded: Sequence[tuple[str, str]] = ()
    """What the configuration excludes below the folders that were named, and what was named itself; with the pattern."""


class Loader:
    """Reads files, each once."""

    def __init__(self, settings: Settings, watch: Callable[[str], None] | None = None) -> None:
        self._settings = settings
        self._watch = watch
        self._cibs: list[CibFile] = []
        self._node_files: list[SysconfigFile] = []
        self._unreadable: list[UnreadableDocument] = []
        self._skipped: list[tuple[str, str]] = []
        self._seen: set[str] = set()
        self._given: set[str] = set()
        self._remarks: list[str] = []
        self._excluded: dict[str, str] = {}
        self._changed: Mapping[str, bytes] = {}

    def load(self, request: Request) -> Loaded:
        """Read what was named, then the other files of the same clusters within the project.

        Raises:
            UsageError: a named path does not exist, or a file is given for two nodes.
        """
        self._changed = request.changed
        if request.cib is not None:
            self._take(_named(request.cib, "cib"), given=True)
        for node, path in request.nodes:
            found = _node_file(node, path)
            if _key(found) in self._seen:
                raise UsageError(f"--node {node}={path}: that file is given already")
            self._take(found, given=True, node=node)
        for path in request.paths:
            if path == "-":
                self._take_stdin(request)
            else:
                self._take_path(path)
        if not (request.cib and not request.paths):
            self._take_partners()
        self._remark_missing_cibs()
        if not self._given and not self._skipped:
            passed_over = request.paths and all(path in self._excluded for path in request.paths)
            nothing = "the configuration excludes all of" if passed_over else "no CIB and no sysconfig file found in"
            self._remarks.append(f"{nothing} {', '.join(request.paths)}")
        return Loaded(
            self._cibs,
            self._node_files,
            self._unreadable,
            self._skipped,
            frozenset(self._given),
            self._remarks,
            sorted(self._excluded.items()),
        )

    def _take_path(self, text: str) -> None:
        if self._settings.force_exclude and (pattern := self._excluding(text)):
            self._excluded[text] = pattern
            return
        if _is_folder(text):
            for found in self._walk(text, text.rstrip(os.sep) or os.sep):
                self._take(found, given=True, base=os.path.dirname(os.path.abspath(text)))
        else:
            self._take(_named(text, None), given=True)

    def _walk(self, folder: str, shown_as: str) -> Iterator[FoundFile]:
        absolute, root = os.path.abspath(folder), self._settings.folder
        way = below(absolute, root) if root is not None else None
        yield from walk(folder, shown_as, self._settings.exclude, f"{way}/" if way else "", self._excluded.setdefault)
        if root is not None and self._settings.clusters:
            from cibcheck.discovery.configured import configured_files  # most configurations name no cluster

            yield from configured_files(self._settings.clusters, root, absolute)

    def _excluding(self, text: str) -> str | None:
        """The pattern that excludes a path that was named."""
        relative = os.path.relpath(os.path.abspath(text), self._settings.base).replace(os.sep, "/")
        return fitting(relative, self._settings.exclude)

    def _remark_missing_cibs(self) -> None:
        root = self._settings.folder
        for cluster in self._settings.clusters:
            if cluster.cib is not None and root is not None and not os.path.exists(os.path.join(root, cluster.cib)):
                self._remarks.append(f"the configuration names a CIB that does not exist: {cluster.cib}")

    def _take_partners(self) -> None:
        """The rest of the project, so that a cluster is judged as a whole when only one of its files was named."""
        roots = dict.fromkeys(root for path in self._locations() if (root := self._root(path)) is not None)
        for root in roots:
            found = list(self._walk(root, shown(root)))
            # Without any node file there is nothing to put together.
            if self._node_files or any(file.kind == "sysconfig" for file in found):
                for file in found:
                    self._take(file, given=False)

    def _locations(self) -> Iterator[str]:
        for path in (*(file.path for file in self._cibs), *(file.path for file in self._node_files)):
            if path is not None:
                yield path

    def _root(self, path: str) -> str | None:
        folder = self._settings.folder
        if folder is not None and below(path, folder) is not None:
            return folder
        return project_root(os.path.dirname(path))

    def _take_stdin(self, request: Request) -> None:
        name = request.stdin_name or STDIN
        path = os.path.abspath(request.stdin_name) if request.stdin_name else None
        if path is not None:
            self._seen |= {os.path.realpath(path), _key(FoundFile(path, name, "sysconfig", is_explicit=True))}
        self._given.add(name)
        found = FoundFile(path or name, name, request.stdin_kind, is_explicit=True)
        self._parse(found, request.stdin or b"", path, None, self._root(path) if path else None, given=True)

    def _take(self, found: FoundFile, *, given: bool, node: str | None = None, base: str | None = None) -> None:
        key = _key(found)
        if key in self._seen:
            return
        self._seen.add(key)
        if self._watch is not None:
            self._watch(found.name)
        try:
            changed = self._changed.get(os.path.realpath(found.path)) if self._changed else None
            data = read_bounded(found.path) if changed is None else changed
        except OSError as error:
            reason = error.strerror or str(error)
            if given and (found.kind or found.is_explicit):
                self._given.add(found.name)
                self._unreadable.append(UnreadableDocument(found.name, b"", "io", reason))
            elif given:
                self._skipped.append((found.name, f"cannot be read: {reason}"))
            return
        if given:
            self._given.add(found.name)
        path = os.path.abspath(found.path)
        self._parse(found, data, path, node, self._root(path) or base, given=given)

    def _parse(self, found: FoundFile, data: bytes, path: str | None, node: str | None, base: str | None, *, given: bool) -> None:
        kind = "sysconfig" if node is not None else found.kind or _kind_of(found.name, data)
        if kind == "sysconfig":
            if len(data) > MAX_SYSCONFIG_BYTES:
                reason = f"it has more than {MAX_SYSCONFIG_BYTES // 1024} kB"
                self._unreadable.append(UnreadableDocument(found.name, b"", "limits", reason))
            else:
                from cibcheck.documents.sysconfig import SysconfigDocument  # a run without node files does without it

                self._node_files.append(SysconfigFile(SysconfigDocument(found.name, data), path, node, base))
        elif kind == "cib":
            self._parse_cib(found, data, path, given=given)
        else:
            reason = "neither XML nor assignments of variables" if data.strip() else "empty"
            self._unreadable.append(UnreadableDocument(found.name, data, "unrecognised", reason))

    def _parse_cib(self, found: FoundFile, data: bytes, path: str | None, *, given: bool) -> None:
        try:
            document = read_cib(found.name, data)
        except Unreadable as unreadable:
            root = root_of(data)
            if found.is_explicit or is_cib_name(found.name) or root == "cib":
                self._unreadable.append(unreadable.document)
            elif given:
                self._skipped.append((found.name, "not a CIB"))
            return
        if is_cib(document.root, is_named=found.is_explicit):
            self._cibs.append(CibFile(document, path, given))
        elif given and (found.is_explicit or is_cib_name(found.name)):
            self._skipped.append((found.name, f"not a CIB (its root element is <{document.root.tag!s}>)"))


def _key(found: FoundFile) -> str:
    """What a file is known by, so that it is read once. Nodes may share a node file by links, and each of them has it then."""
    if found.kind != "sysconfig":
        return os.path.realpath(found.path)
    folder, name = os.path.split(os.path.abspath(found.path))
    return os.path.join(os.path.realpath(folder), name)


def _is_folder(text: str) -> bool:
    """Whether a path is a folder.

    Raises:
        UsageError: there is nothing, or nobody may look.
    """
    try:
        return stat.S_ISDIR(os.stat(text).st_mode)
    except FileNotFoundError:
        raise UsageError(f"{text or repr(text)}: no such file or folder") from None
    except OSError as error:
        raise UsageError(f"{text}: {error.strerror}") from None


def _named(text: str, kind: str | None) -> FoundFile:
    if _is_folder(text):
        raise UsageError(f"{text}: is a folder, where a file is wanted")
    return FoundFile(text, text, kind or ("sysconfig" if is_sysconfig_path(os.path.abspath(text)) else None), is_explicit=True)  # type: ignore[arg-type]


def _node_file(node: str, text: str) -> FoundFile:
    if _is_folder(text):
        for inner in _NODE_FILES:
            if os.path.isfile(path := os.path.join(text, inner)):
                return FoundFile(path, path, "sysconfig", is_explicit=True)
        raise UsageError(f"--node {node}={text}: there is no {_NODE_FILES[0]} in that folder")
    return _named(text, "sysconfig")


def _kind_of(name: str, data: bytes) -> str | None:
    root = root_of(data)
    if root is not None:
        return "cib"
    if is_cib_name(name) or name.endswith(".xml"):
        return "cib"
    return "sysconfig" if looks_like_sysconfig(data) else None
