"""Files of Python that the configuration names: code that runs because a file says so, and is loaded with care.

Only the run's own configuration is asked, and code lies in its folder, so that whoever reviews the one sees the other. Where nobody
named the configuration, it must belong to who runs cibcheck: the search for it goes upwards, and in a folder that all may write to
(``/tmp``) somebody else could have put one.
"""

from __future__ import annotations

import importlib.util
import os
import stat
import sys
import traceback
import zlib
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING

from cibcheck.config import shown
from cibcheck.plugins.hooks import rules_from
from cibcheck.plugins.source import PluginError, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from cibcheck.api import Rule
    from cibcheck.config import Settings


def named_files(settings: Settings, left_out: str | None) -> Iterator[Source]:
    """What ``plugins`` of the configuration names, in that order; with its rules, unless it is ``left_out``."""
    for name in settings.plugins:
        source = Source("configuration", name, left_out=left_out)
        if left_out is None:
            try:
                source = source._replace(rules=_rules(settings, name))
            except PluginError as error:
                source = source._replace(error=str(error))
        yield source


def _rules(settings: Settings, name: str) -> Sequence[Rule]:
    folder = Path(settings.folder or "")
    path = _inside(folder, name)
    if not settings.is_named and settings.file is not None:
        for trusted in (Path(settings.file), path, *path.glob("*.py")):
            _check_owner(trusted)
    try:
        with _nothing_written():
            rules = rules_from(_package(folder, path) if path.is_dir() else [_module(_private_name(path), path)])
    except PluginError as error:
        raise PluginError(f"{shown(path)}: {error}") from None
    except (Exception, SystemExit) as error:
        raise PluginError(_described(error, folder, path)) from error
    if not rules:
        raise PluginError(f"{shown(path)}: it brings no rule")
    return rules


def _inside(folder: Path, name: str) -> Path:
    """The file or folder that a name stands for.

    Raises:
        PluginError: there is none, or it lies outside of the configuration's folder, by its name or by a link.
    """
    path = folder / name
    if not path.exists():
        raise PluginError(f"{shown(path)}: no such file or folder")
    _check_inside(folder, path)
    if path.is_file() and path.suffix != ".py":
        raise PluginError(f"{shown(path)}: a plugin is a file that ends in .py, or a folder")
    return path


def _check_inside(folder: Path, path: Path) -> None:
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise PluginError(
            f"{shown(path)}: it lies outside of the configuration's folder, and who reviews the configuration would not see it; "
            "put it there, or install it as a package"
        )


def _check_owner(path: Path) -> None:
    about = path.stat()
    trusted = {0, os.geteuid()}
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        trusted.add(int(os.environ["SUDO_UID"]))
    reason = ""
    if about.st_uid not in trusted:
        reason = f"it belongs to another user (uid {about.st_uid})"
    elif stat.S_IMODE(about.st_mode) & stat.S_IWOTH:
        reason = "everybody may write to it"
    if reason:
        raise PluginError(
            f"{shown(path)}: {reason}, so the code is not run; if you trust it, name the configuration with --config, "
            "else leave the code out with --no-plugins"
        )


def _private_name(path: Path) -> str:
    """A name for a module that no other has."""
    return f"_cibcheck_{zlib.crc32(os.fsencode(os.path.realpath(path))):08x}_{path.stem.replace('.', '_')}"


def _module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PluginError("it cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _package(folder: Path, path: Path) -> Sequence[ModuleType]:
    """The modules of a folder, as those of one package, so that they can import each other by relative names; tests are no rules."""
    name = _private_name(path)
    for loaded in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[loaded]
    files = sorted(path.glob("*.py"))
    for file in files:
        _check_inside(folder, file)
    if (path / "__init__.py").exists():
        package = _module(name, path / "__init__.py")
    else:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(path)]
        package = sys.modules[name] = importlib.util.module_from_spec(spec)
    inner = [file.stem for file in files if file.stem not in ("__init__", "conftest") and not file.stem.startswith("test_")]
    return [package, *(import_module(f"{name}.{stem}") for stem in inner)]


@contextmanager
def _nothing_written() -> Iterator[None]:
    """Python writes no compiled files into the user's folders."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _described(error: BaseException, folder: Path, path: Path) -> str:
    """What went wrong, and at which line of the user's code."""
    where = shown(path)
    if isinstance(error, SyntaxError) and error.filename:
        where, text = f"{shown(Path(error.filename))}:{error.lineno}", error.msg
    else:
        root = os.path.abspath(folder)
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(root)]
        if own:
            where = f"{shown(Path(own[-1].filename))}:{own[-1].lineno}"
        text = str(error)
    return f"{where}: {type(error).__name__}: {text}"
