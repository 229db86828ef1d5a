"""Names of files for programs that look at a repository: from its root, with forward slashes."""

from __future__ import annotations

import os
from urllib.parse import quote

from cibcheck.config import project_root
from cibcheck.documents.source import STDIN
from cibcheck.report import printable


class Paths:
    """Says where files lie from the root of the repository (the nearest folder with ``.git``), else from the working folder. Links are
    followed: a program that shows a repository knows the file by its own name only."""

    def __init__(self) -> None:
        folder = os.getcwd()
        self._root = os.path.realpath(project_root(folder) or folder)
        self._known: dict[str, str | None] = {}

    def _inside(self, name: str) -> str | None:
        """The way from the root; None for a file that lies elsewhere."""
        if name == STDIN:
            return name
        if name not in self._known:
            way = os.path.relpath(os.path.realpath(name), self._root)
            is_outside = way == os.pardir or way.startswith(os.pardir + os.sep)
            self._known[name] = None if is_outside else way
        return self._known[name]

    def path(self, name: str) -> str:
        """The way from the root, or the whole path of a file that lies elsewhere; printable."""
        inside = self._inside(name)
        return printable(os.path.realpath(name) if inside is None else inside)

    def uri(self, name: str) -> str:
        """The same as a URI: relative, or with the scheme ``file``."""
        inside = self._inside(name)
        return file_uri(name) if inside is None else quote(os.fsencode(inside))


def file_uri(name: str, host: str = "") -> str:
    """The URI of a file on this machine."""
    return f"file://{host}{quote(os.fsencode(os.path.realpath(name)))}"
