"""Puts changed files in the place of old ones: all of them or none, each in one step, with the mode and the owner that it had."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from cibcheck.config import UsageError, project_root
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cibcheck.config import Settings
    from cibcheck.discovery.loading import Request
    from cibcheck.fixing import Change


class Obstacles:
    """Why a given file must not be changed."""

    def __init__(self, settings: Settings, request: Request) -> None:
        self._settings = settings
        self._folders = [os.path.realpath(path) for path in request.paths if path != "-" and os.path.isdir(path)]

    def __call__(self, name: str) -> str | None:
        """What speaks against changing a file, as the end of a sentence; None where nothing does."""
        try:
            status = os.stat(name)
        except OSError as error:
            return f"cannot be looked at: {error.strerror}"
        if not stat.S_ISREG(status.st_mode):
            return "is no regular file"
        if os.path.islink(name) and not self._is_inside(name):
            return f"is a link to {os.path.realpath(name)}, outside of the project"
        if status.st_nlink > 1:
            return "has another name by a hard link, which would keep the old content"
        if os.geteuid() != 0 and (status.st_uid != os.geteuid() or status.st_gid not in (os.getegid(), *os.getgroups())):
            return "belongs to somebody else, and would be yours afterwards"
        return None

    def _is_inside(self, name: str) -> bool:
        """Whether what a link leads to lies in the project, or in a folder that was given."""
        target = os.path.realpath(name)
        root = self._settings.folder or project_root(os.path.dirname(os.path.abspath(name)))
        folders = [*self._folders, *([os.path.realpath(root)] if root else [])]
        return any(os.path.commonpath((target, folder)) == folder for folder in folders)


class _Staged(NamedTuple):
    """A changed file, complete beside the old one, and not yet in its place."""

    change: Change
    path: str
    temporary: str


def write(changes: Iterable[Change]) -> None:
    """Put changed files in the place of the old ones. Standard input has no place, and is passed over.

    Raises:
        UsageError: one of them cannot be written, or was changed by somebody else meanwhile; then none is.
    """
    staged: list[_Staged] = []
    try:
        for change in changes:
            if change.path is not None:
                try:
                    staged.append(_Staged(change, change.path, _stage(change.path, change.after)))
                except OSError as error:
                    raise _refusal(change, error.strerror or str(error)) from None
        for one in staged:
            if _current(one.path) != one.change.before.data:
                raise _refusal(one.change, "somebody has changed it meanwhile")
        _replace(staged)
    finally:
        for one in staged:
            if os.path.lexists(one.temporary):
                os.unlink(one.temporary)


def _refusal(change: Change, reason: str) -> UsageError:
    return UsageError(f"{change.name} cannot be fixed: {reason}; no file was changed")


def _current(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _stage(path: str, data: bytes) -> str:
    """Write a file beside another, with its mode, owner and extended attributes; returns its path.

    Raises:
        OSError: it cannot be written, or not with these.
    """
    from tempfile import mkstemp

    status = os.stat(path)
    folder, name = os.path.split(path)
    descriptor, temporary = mkstemp(prefix=f".{name[:64]}.", dir=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            for attribute in _attributes(path):
                _copy_attribute(path, file.fileno(), attribute)
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(temporary)
        raise
    return temporary


def _attributes(path: str) -> Sequence[str]:
    """The names of a file's extended attributes; none where the system or the file system has no such thing."""
    try:
        return os.listxattr(path) if hasattr(os, "listxattr") else ()
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return ()
        raise


def _copy_attribute(path: str, descriptor: int, attribute: str) -> None:
    value = os.getxattr(path, attribute)
    try:
        if os.getxattr(descriptor, attribute) == value:  # a label that the kernel gives by itself
            return
    except OSError:
        pass
    os.setxattr(descriptor, attribute, value)


def _replace(staged: Sequence[_Staged]) -> None:
    """The step that counts. Should it fail for one, those before get back what they had."""
    done: list[_Staged] = []
    for one in staged:
        try:
            os.replace(one.temporary, one.path)
        except OSError as error:
            for other in done:
                os.replace(_stage(other.path, other.change.before.data), other.path)
            raise _refusal(one.change, error.strerror or str(error)) from None
        done.append(one)
    for folder in {os.path.dirname(one.path) for one in staged}:
        with suppress(OSError):  # the files are in place; some file systems cannot do this
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
