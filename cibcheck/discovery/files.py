"""From paths to candidate files. Folders are walked without leaving them; names and first bytes tell what a file is."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from cibcheck.documents.cib import MAX_BYTES, ROOTS, encoding_of, prolog
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Kind: TypeAlias = 'Literal["cib", "sysconfig"]'

# What no configuration lies in; walking it would only cost time.
_SKIPPED_FOLDERS = frozenset(
    (
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
    )
)
_SYSCONFIG_PATH = (
    r"(?:^|/)(?:(?:sysconfig|default)/pacemaker|[^/]*pacemaker\.(?:sysconfig|env|default)|(?:sysconfig|default)[._-]pacemaker)$"
)
_SYSCONFIG_TEXT = rb"(?m)^[ \t#]*(?:export[ \t]+)?(?:PCMK|HA|SBD|CIB)_[A-Za-z_]+[ \t]*="
_CIB_NAME = r"(?:cib[^/]*\.(?:xml|raw)(?:\.live)?|.*\.cib|.*\.cib\.xml|cib)"
# A CIB is known by its root element, whatever its name; but what these names promise is no XML, so it is not opened.
_NEVER_XML = (
    ".7z .a .avi .bin .bmp .bz2 .c .cc .class .cpp .css .csv .deb .dll .exe .gif .go .gz .h .hpp .htm .html .ico .iso .jar .jpeg .jpg .js"
    " .json .lock .md .mo .mp3 .mp4 .o .pdf .php .pl .png .po .py .pyc .rb .rpm .rs .rst .sh .so .sql .svg .tar .tgz .toml .ts .ttf .webp"
    " .whl .woff .woff2 .xsd .xz .yaml .yml .zip .zst"
)
_HEAD = 16 * 1024


class FoundFile(NamedTuple):
    """A file that may matter. ``name`` is what the user knows it by; ``kind`` is None where only its content can tell, be it that
    nobody may read it."""

    path: str
    name: str
    kind: Kind | None
    is_explicit: bool


def is_sysconfig_path(name: str) -> bool:
    """Whether a path is that of Pacemaker's environment file: /etc/sysconfig/pacemaker or /etc/default/pacemaker, or a copy."""
    return "pacemaker" in name and re.search(_SYSCONFIG_PATH, os.path.normpath(name).replace(os.sep, "/")) is not None


def is_cib_name(name: str) -> bool:
    """Whether a file's name says that it is a CIB."""
    return re.fullmatch(_CIB_NAME, os.path.basename(name)) is not None


def looks_like_sysconfig(data: bytes) -> bool:
    """Whether a text assigns variables of Pacemaker's environment file, be it in comments."""
    return re.search(_SYSCONFIG_TEXT, data[: 4 * _HEAD]) is not None


def root_of(data: bytes) -> str | None:
    """The root element that an XML file starts with; None where its first part shows none."""
    encoding = encoding_of(data)
    return prolog(data[encoding.skip :].decode(encoding.codec, "replace")).root


def below(path: str, folder: str) -> str | None:
    """The way from a folder to what lies in it, with forward slashes; empty for the folder itself, None for what lies elsewhere. Both
    paths are absolute; links are not followed."""
    if path == folder:
        return ""
    inside = os.path.join(folder, "")
    return path[len(inside) :].replace(os.sep, "/") if path.startswith(inside) else None


def fitting(relative: str, patterns: Iterable[str]) -> str | None:
    """The first pattern that fits a path, its last name, or a folder that it is in; None where none does."""
    parts = relative.split("/")
    paths = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    return next((pattern for pattern in patterns if any(_fits(path, pattern) for path in paths)), None)


def _fits(path: str, pattern: str) -> bool:
    from fnmatch import fnmatch

    return fnmatch(path, pattern) or fnmatch(path.rpartition("/")[2], pattern)


def walk(
    folder: str,
    shown_as: str,
    exclude: Sequence[str] = (),
    exclude_from: str = "",
    excluded: Callable[[str, str], object] | None = None,
) -> Iterator[FoundFile]:
    """The files below a folder that are, or may be, of a kind that cibcheck reads, sorted by path.

    Links to folders are not followed, links to files only where they stay in the folder. ``exclude`` has patterns over names, and
    over the path from the folder, before which ``exclude_from`` is set; ``excluded`` is told what they fit, and the pattern. A folder or
    file that cannot be opened is among what is found: reading it will say why.
    """
    top = os.path.realpath(folder)
    pending = [("", folder)]
    while pending:
        relative, path = pending.pop()
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError:
            yield FoundFile(path, _joined(shown_as, relative), None, is_explicit=not relative)
            continue
        folders = []
        for entry in entries:
            inner = f"{relative}/{entry.name}" if relative else entry.name
            # Just the entry: a folder that is excluded may have been named for all that.
            unwanted = next((pattern for pattern in exclude if _fits(exclude_from + inner, pattern)), None)
            if unwanted is not None:
                if excluded is not None:
                    excluded(_joined(shown_as, inner), unwanted)
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED_FOLDERS:
                    folders.append((inner, entry.path))
            elif _is_inside(entry, top):
                kind, is_closed = None, False
                try:
                    kind = _kind(inner, entry.path)
                except OSError:
                    is_closed = True
                if kind is not None or is_closed:
                    yield FoundFile(entry.path, _joined(shown_as, inner), kind, is_explicit=False)
        pending.extend(reversed(folders))


def _joined(folder: str, relative: str) -> str:
    return os.path.join("" if folder == "." else folder, relative) if relative else folder


def _kind(relative: str, path: str) -> Kind | None:
    if is_sysconfig_path(relative) or is_sysconfig_path(path):
        return "sysconfig"
    name = os.path.basename(relative)
    if is_cib_name(name):
        return "cib"
    if name == "pacemaker":
        return "sysconfig" if looks_like_sysconfig(_head(path)) else None
    return "cib" if os.path.splitext(name)[1].lower() not in _NEVER_XML.split() and _starts_like_cib(path) else None


def _starts_like_cib(path: str) -> bool:
    start = _head(path, 64)
    if not start.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<"):
        return False
    return root_of(_head(path)) in ROOTS


def _head(path: str, size: int = _HEAD) -> bytes:
    with open(path, "rb") as file:
        return file.read(size)


def _is_inside(entry: os.DirEntry[str], top: str) -> bool:
    if not entry.is_symlink():
        return entry.is_file(follow_symlinks=False)
    target = os.path.realpath(entry.path)
    return os.path.commonpath((target, top)) == top and os.path.isfile(target)


def read_bounded(path: str) -> bytes:
    """The bytes of a file, up to one more than any document may have.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return file.read(MAX_BYTES + 1)
