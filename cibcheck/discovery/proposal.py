"""A configuration for what is found: clusters by name, and patterns for their nodes' files."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from cibcheck.config import ClusterSettings
from cibcheck.discovery.assembly import node_pattern
from cibcheck.discovery.files import below
from cibcheck.model.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cibcheck.discovery.assembly import Assembly, CibFile, SysconfigFile
    from cibcheck.discovery.loading import Loaded
    from cibcheck.model.cluster import Cluster


def proposed_clusters(loaded: Loaded, assembly: Assembly, root: str) -> Sequence[ClusterSettings]:
    """The clusters whose CIBs lie below a folder, such that a run with them puts the same files together as the one without."""
    cibs = _ways(loaded.cibs, root)
    files = _ways(loaded.node_files, root)
    drafts: list[tuple[Cluster, str, dict[str, dict[str, str]]]] = []
    for cluster in assembly.clusters:
        path = cibs.get(cluster.cib.document.name) if cluster.cib is not None else None
        if path is not None:
            own = {name: owner.node for name, owner in assembly.owners.items() if owner.cluster == cluster.name and name in files}
            drafts.append((cluster, path, _patterns(own, files)))
    proposed: list[ClusterSettings] = []
    taken = set[str]()
    for cluster, cib, patterns in drafts:
        own_names = {name for name, owner in assembly.owners.items() if owner.cluster == cluster.name}
        others = [path for name, path in files.items() if name not in own_names]
        kept = {
            pattern: aliases
            for pattern, aliases in patterns.items()
            if not any(node_pattern(pattern).fullmatch(path) for path in others)
        }
        name = _name(cib, taken)
        taken.add(name)
        aliases = {name: node for found in kept.values() for name, node in found.items()}
        proposed.append(ClusterSettings(name, cib, tuple(sorted(kept)), dict(sorted(aliases.items()))))
    return proposed


def _ways(files: Iterable[CibFile | SysconfigFile], root: str) -> dict[str, str]:
    """The way from the folder to each file that lies below it, by the file's name."""
    ways = ((file.document.name, below(file.path, root)) for file in files if file.path is not None)
    return {name: way for name, way in ways if way is not None}


def _patterns(own: Mapping[str, str], files: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The patterns of a cluster's node files, with the aliases that each needs. A file whose path names its node in no way has none."""
    found: dict[str, dict[str, str]] = {}
    for name, node in own.items():
        parts = files[name].split("/")
        for index in range(len(parts) - 1, -1, -1):
            word = next((word for word in (parts[index], re.split(r"[.:@]", parts[index])[0]) if _means(word, node)), None)
            if word is None:
                continue
            pattern = "/".join((*parts[:index], "{node}" + parts[index][len(word) :], *parts[index + 1 :]))
            if (match := node_pattern(pattern).fullmatch(files[name])) and match["node"] == word:
                found.setdefault(pattern, {}).update({} if word == node else {word: node})
                break
    return found


def _means(word: str, node: str) -> bool:
    """Whether a word is a node's name, whatever the case, or its first label."""
    return bool(word) and (fold(word) == fold(node) or fold(word) == fold(node).partition(".")[0])


def _name(cib: str, taken: set[str]) -> str:
    """A name for a cluster: that of its CIB's folder or file, where one says something and is free; else the path."""
    folder, file = os.path.split(cib)
    stem = file.partition(".")[0]
    candidates = [os.path.basename(folder), stem] if stem in ("cib", "pacemaker") else [stem, os.path.basename(folder)]
    return next((name for name in candidates if name and name not in taken), cib)
