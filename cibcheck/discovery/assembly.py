"""Which files belong together. Each CIB is a cluster of its own; a node file goes to the CIB that knows its node.

The owner of a node file comes from the command line, else from the configuration, else from the path component nearest to the file
that is a node's name. Of several CIBs that know the node, the one that shares the deepest folder with the file has it. What stays open
is said, never guessed.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cibcheck.discovery.files import below
from cibcheck.model.cib import Cib
from cibcheck.model.cluster import Cluster, Environment, Host
from cibcheck.model.ledger import Unknown
from cibcheck.model.values import fold, is_ip_address
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.config import ClusterSettings
    from cibcheck.documents.cib import CibDocument
    from cibcheck.documents.sysconfig import SysconfigDocument


class CibFile(NamedTuple):
    """A parsed CIB and where it lies (absolute; None for standard input); and whether the user named it, itself or by a folder."""

    document: CibDocument
    path: str | None
    is_given: bool = True


class SysconfigFile(NamedTuple):
    """A parsed node file, where it lies, and the node that the command line gives it to. Of its path, what is below ``base`` may name
    the node; a project that happens to lie in a folder called like a node says nothing."""

    document: SysconfigDocument
    path: str | None
    node: str | None = None
    base: str | None = None


class Owner(NamedTuple):
    """Whose a node file is. ``by`` is what told: ``command line``, ``configuration`` or ``path``."""

    cluster: str
    node: str
    by: str


class Assembly(NamedTuple):
    """The clusters, and whose each node file is, or the reason why nobody's."""

    clusters: Sequence[Cluster]
    owners: Mapping[str, Owner]
    """By the file's name."""
    undetermined: Sequence[tuple[SysconfigDocument, str]]
    strangers: Sequence[str]
    """The nodes that the command line names, though the CIB knows none of that name."""


class _Known(NamedTuple):
    """A name under which a cluster knows a node."""

    cluster: _Draft
    node: str


class _Draft:
    """A cluster that is being put together."""

    def __init__(
        self,
        name: str,
        cib: Cib | None = None,
        path: str | None = None,
        settings: ClusterSettings | None = None,
        *,
        is_given: bool = False,
    ) -> None:
        self.name = name
        self.is_given = is_given
        self.cib = cib
        self.path = path
        self.settings = settings
        self.files: dict[str, list[tuple[str, SysconfigDocument]]] = {}

    def names(self) -> Iterator[tuple[str, str]]:
        """The names that files may go by, with the node that each means; the node's own name first."""
        if self.cib is not None:
            yield from _node_names(self.cib)
        if self.settings is not None:
            yield from self.settings.aliases.items()

    def misses(self, node: str) -> bool:
        """Whether the CIB says who the nodes are, and has none of that name."""
        return self.cib is not None and self.cib.knows("nodes") and fold(node) not in {fold(name) for name, _ in self.names()}

    def add(self, node: str, document: SysconfigDocument) -> None:
        self.files.setdefault(fold(node), []).append((node, document))

    def cluster(self) -> Cluster:
        return Cluster(self.name, self.cib, [_host(found) for found in self.files.values()])


def assemble(
    cibs: Iterable[CibFile],
    node_files: Iterable[SysconfigFile],
    targets: frozenset[str],
    settings: Sequence[ClusterSettings] = (),
    root: str | None = None,
) -> Assembly:
    """Put clusters together. ``root`` is the folder that the paths of ``settings`` start from."""
    drafts = [_draft(file, targets, settings, root) for file in cibs]
    taken = {draft.settings.name for draft in drafts if draft.settings is not None}
    drafts += [_Draft(one.name, settings=one) for one in settings if one.name not in taken]
    node_files = list(node_files)
    if not any(draft.cib for draft in drafts) and any(file.node is not None for file in node_files):
        drafts.append(_Draft("(no CIB)"))
    known = _index(drafts) if node_files else {}
    undetermined: list[tuple[SysconfigDocument, str]] = []
    owners: dict[str, Owner] = {}
    strangers: list[str] = []
    for file in node_files:
        by, found = "command line", _by_command_line(file, drafts)
        if found is None:
            by, found = "configuration", _by_configuration(file, drafts, root)
        if found is None:
            by, found = "path", _by_path(file, known)
        if isinstance(found, _Known):
            found.cluster.add(found.node, file.document)
            if file.node is not None and found.cluster.misses(file.node):
                strangers.append(file.node)
            owners[file.document.name] = Owner(found.cluster.name, found.node, by)
        else:
            undetermined.append((file.document, found))
    return Assembly([draft.cluster() for draft in drafts if draft.cib or draft.files], owners, undetermined, strangers)


def _draft(file: CibFile, targets: frozenset[str], settings: Sequence[ClusterSettings], root: str | None) -> _Draft:
    for one in settings:
        if one.cib is not None and root is not None and file.path is not None and _same(os.path.join(root, one.cib), file.path):
            return _Draft(one.name, Cib(file.document, targets), file.path, one, is_given=file.is_given)
    return _Draft(file.document.name, Cib(file.document, targets), file.path, is_given=file.is_given)


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _node_names(cib: Cib) -> Iterator[tuple[str, str]]:
    try:
        for entry in cib.nodes:
            yield entry.name, entry.name
    except Unknown:
        pass
    try:
        for node in cib.connected_nodes:
            yield node.name, node.name
            address = node.address.text
            if address is not None and not is_ip_address(address):
                yield address, node.name
    except Unknown:
        pass


def _index(drafts: Sequence[_Draft]) -> dict[str, list[_Known]]:
    known: dict[str, list[_Known]] = {}
    for draft in drafts:
        own: dict[str, str] = {}
        for name, node in draft.names():
            if name:
                own.setdefault(fold(name), node)
        short: dict[str, set[str]] = {}
        for name, node in own.items():
            if "." in name and not is_ip_address(name):
                short.setdefault(name.partition(".")[0], set()).add(node)
        for name, nodes in short.items():
            if len(nodes) == 1:
                own.setdefault(name, *nodes)
        for name, node in own.items():
            known.setdefault(name, []).append(_Known(draft, node))
    return known


def _by_command_line(file: SysconfigFile, drafts: Sequence[_Draft]) -> _Known | str | None:
    """To the cluster of the one CIB that is given, or else that there is; without any, to the one that the command line makes."""
    if file.node is None:
        return None
    with_cib = [draft for draft in drafts if draft.cib is not None]
    candidates = [draft for draft in with_cib if draft.is_given] or with_cib or drafts[-1:]
    if len(candidates) == 1:
        return _Known(candidates[0], file.node)
    return "there are several CIBs; give --node together with just one"


def _by_configuration(file: SysconfigFile, drafts: Sequence[_Draft], root: str | None) -> _Known | None:
    relative = below(file.path, root) if root is not None and file.path is not None else None
    if relative is None:
        return None
    for draft in drafts:
        for pattern in draft.settings.node_files if draft.settings else ():
            if match := node_pattern(pattern).fullmatch(relative):
                aliases = draft.settings.aliases if draft.settings else {}
                return _Known(draft, aliases.get(match["node"], match["node"]))
    return None


def node_pattern(pattern: str) -> re.Pattern[str]:
    """A ``node-files`` pattern as an expression: ``{node}`` is one path component or a part of it, ``*`` any part of one, ``**`` any
    number of folders."""
    head, *rest = re.escape(pattern.removeprefix("./")).split(re.escape("{node}"))
    expression = head + "".join(("(?P<node>[^/]+)" if index == 0 else "(?P=node)") + part for index, part in enumerate(rest))
    return re.compile(expression.replace(re.escape("**/"), "(?:[^/]+/)*").replace(re.escape("*"), "[^/]*"))


def _by_path(file: SysconfigFile, known: Mapping[str, Sequence[_Known]]) -> _Known | str:
    if file.path is None:
        return "standard input has no path that could name its node"
    relative = below(file.path, file.base) if file.base is not None else None
    for component in reversed((file.path if relative is None else relative).split("/")):
        for name in dict.fromkeys((component, re.split(r"[.:@]", component)[0])):
            if candidates := known.get(fold(name)):
                return _nearest(file.path, candidates)
    if not known:
        return "there is no CIB that knows its node"
    return "no part of its path is the name of a node"


def _nearest(path: str, candidates: Sequence[_Known]) -> _Known | str:
    if len(candidates) == 1:
        return candidates[0]
    shared = [_shared_length(path, one.cluster.path) for one in candidates]
    best = [one for one, length in zip(candidates, shared, strict=True) if length == max(shared)]
    if len(best) == 1:
        return best[0]
    names = " and ".join(sorted(repr(one.cluster.name) for one in best)[:4])
    return f"node {best[0].node!r} is in several clusters that are equally near: {names}"


def _shared_length(path: str, other: str | None) -> int:
    """How long the path of the deepest folder is that both are in. Of folders that hold the same file, the deeper has the longer path."""
    if other is None:
        return -1
    return len(os.path.commonpath((os.path.dirname(path), os.path.dirname(other))))


def _host(found: Sequence[tuple[str, SysconfigDocument]]) -> Host:
    node, document = found[0]
    if len(found) > 1:
        names = " and ".join(sorted(document.name for _, document in found)[:4])
        return Host(node, None, f"several files claim to be this node's: {names}")
    if document.unfit is not None:
        return Host(node, None, f"{document.name} is not judged: {document.unfit}")
    return Host(node, Environment(document))
