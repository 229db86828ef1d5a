"""The files that the configuration names, whatever their names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.config import shown
from cibcheck.discovery.assembly import node_pattern
from cibcheck.discovery.files import FoundFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cibcheck.config import ClusterSettings


def configured_files(clusters: Sequence[ClusterSettings], root: str, folder: str) -> Iterator[FoundFile]:
    """The clusters' CIBs and node files that there are below a folder. ``root`` is the folder that their paths start from."""
    base = Path(root)
    for cluster in clusters:
        if cluster.cib is not None and (cib := base / cluster.cib).is_relative_to(folder) and cib.is_file():
            yield FoundFile(str(cib), shown(cib), "cib", is_explicit=False)
        for pattern in cluster.node_files:
            for path in _matching(base, pattern):
                if path.is_relative_to(folder):
                    yield FoundFile(str(path), shown(path), "sysconfig", is_explicit=False)


def _matching(root: Path, pattern: str) -> Iterable[Path]:
    expression = node_pattern(pattern)
    candidates = root.glob(pattern.removeprefix("./").replace("{node}", "*"))
    return sorted(path for path in candidates if path.is_file() and expression.fullmatch(path.relative_to(root).as_posix()))
