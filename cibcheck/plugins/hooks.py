"""The one way in which a plugin gives its rules. A run without plugins imports none of this, and not pluggy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

from cibcheck import PROJECT, hookspecs
from cibcheck.api import API_VERSION, Rule
from cibcheck.plugins.source import PluginError

if TYPE_CHECKING:
    from collections.abc import Sequence


def _manager() -> pluggy.PluginManager:
    """A manager that knows cibcheck's hooks, and no plugin."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def rules_from(plugins: Sequence[Any]) -> Sequence[Rule]:
    """The rules of plugins that belong together: what their hooks give, or, where none has any, all rules that are defined in them.

    Raises:
        PluginError: one is written for another version of the interface, has a hook that cibcheck does not have, or brings something
            that is no rule.
        Exception: whatever a plugin's own code raises.
    """
    manager = _manager()
    for plugin in plugins:
        _check_version(plugin)
        _register(manager, plugin)
    hooks = [hook for plugin in plugins for hook in manager.hook.cibcheck_rules.get_hookimpls() if hook.plugin is plugin]
    if hooks:
        brought: list[Any] = [rule for hook in hooks for rule in hook.function()]  # type: ignore[attr-defined]
    else:
        brought = [value for plugin in plugins for value in vars(plugin).values() if isinstance(value, Rule)]
    for rule in brought:
        if not isinstance(rule, Rule):
            raise PluginError(f"it brings {rule!r}, which is no rule")
    return list(dict.fromkeys(brought))


def _check_version(plugin: object) -> None:
    version = getattr(plugin, "CIBCHECK_API", API_VERSION)
    if version != API_VERSION:
        raise PluginError(f"it is written for version {version!r} of cibcheck's interface; this is version {API_VERSION}")


def _register(manager: pluggy.PluginManager, plugin: object) -> None:
    try:
        manager.register(plugin)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PluginError(" ".join(str(error).split())) from error
    known = {name for name in vars(hookspecs) if name.startswith(f"{PROJECT}_")}
    for caller in manager.get_hookcallers(plugin) or ():
        if not caller.has_spec():
            from cibcheck.config import did_you_mean

            raise PluginError(f"cibcheck has no hook {caller.name!r}{did_you_mean(caller.name, known)}")
