"""Who brings rules: the built-in ones, and installed plugins, through one hook."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pluggy

from cibcheck import hookspecs
from cibcheck.api import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class PluginError(Exception):
    """A plugin that cannot be loaded, or rules that contradict each other; the text is for the user."""


def plugin_manager(built_in: Iterable[object], *, scan: bool = True) -> pluggy.PluginManager:
    """A manager with the built-in plugins, and with the installed ones if ``scan``.

    Raises:
        PluginError: an installed plugin cannot be imported.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    for plugin in built_in:
        manager.register(plugin)
    if scan and _some_plugin_is_installed():
        try:
            manager.load_setuptools_entrypoints(hookspecs.PROJECT)
        except (Exception, SystemExit) as error:
            raise PluginError(f"a plugin cannot be loaded: {type(error).__name__}: {error}") from error
    return manager


def _some_plugin_is_installed() -> bool:
    """Whether any installed distribution names our group of entry points: a cheap look, since the proper scan costs 20 ms."""
    needle = f"[{hookspecs.PROJECT}]".encode()
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


def collect_rules(manager: pluggy.PluginManager) -> Sequence[Rule]:
    """All rules of all plugins, sorted by code.

    Raises:
        PluginError: a plugin fails or brings something else, or two rules have one code or one name.
    """
    try:
        brought = [list(rules) for rules in reversed(manager.hook.cibcheck_rules())]
    except Exception as error:
        raise PluginError(f"a plugin does not bring its rules: {type(error).__name__}: {error}") from error
    rules: dict[str, Rule] = {}
    for own in brought:
        for rule in own:
            if not isinstance(rule, Rule):
                raise PluginError(f"a plugin brings {rule!r}, which is no rule")
            for key in (rule.code, rule.name):
                if key in rules:
                    raise PluginError(f"{rule.plugin} and {rules[key].plugin} both have a rule {key}")
                rules[key] = rule
    return sorted(dict.fromkeys(rules.values()), key=lambda rule: rule.code)
