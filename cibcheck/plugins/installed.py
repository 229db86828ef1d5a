"""Plugins that are installed as distributions: found by their entry points."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from cibcheck import PROJECT
from cibcheck.plugins.source import PluginError, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import EntryPoint


def installed(left_out: str | None) -> Iterator[Source]:
    """Each installed plugin, by name; with its rules, unless it is ``left_out``, and then nothing of it is imported."""
    if not _some_plugin_is_installed():
        return
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=PROJECT), key=lambda point: point.name):
        name, version = (point.dist.name, point.dist.version) if point.dist else (point.value, None)
        source = Source("installed", name, version, point.name, left_out=left_out)
        yield source if left_out else _loaded(source, point)


def _loaded(source: Source, point: EntryPoint) -> Source:
    from cibcheck.plugins.hooks import rules_from

    try:
        return source._replace(rules=rules_from([point.load()]))
    except PluginError as error:
        return source._replace(error=f"{source.title}: {error}")
    except (Exception, SystemExit) as error:
        return source._replace(error=f"{source.title} cannot be loaded: {type(error).__name__}: {error}")


def _some_plugin_is_installed() -> bool:
    """Whether any installed distribution names our group of entry points: a cheap look, since the proper scan costs 20 ms."""
    needle = f"[{PROJECT}]".encode()
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                try:
                    with open(os.path.join(folder, name, "entry_points.txt"), "rb") as file:
                        if needle in file.read():
                            return True
                except OSError:
                    continue
    return False
