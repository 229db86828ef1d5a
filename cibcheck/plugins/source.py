"""Where rules come from, and the one way in which a plugin gives its rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pluggy

from cibcheck import hookspecs
from cibcheck.api import API_VERSION, Rule
from cibcheck.families import FAMILIES, family_of, reserved
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind: TypeAlias = 'Literal["built-in", "installed", "configuration", "declared"]'
"""The rules that come with cibcheck; those of an installed distribution; of a Python file that the configuration names; and those that
are written in the configuration itself."""


class PluginError(Exception):
    """A plugin that cannot be used, or rules that contradict each other; the text is for the user."""


class Source(NamedTuple):
    """One place that rules come from. It brings rules, or says why it does not."""

    kind: Kind
    name: str
    """The distribution, the path as the configuration has it, or the name of the configuration's file."""
    version: str | None = None
    """Of the distribution."""
    entry_point: str | None = None
    rules: Sequence[Rule] = ()
    left_out: str | None = None
    """What the user said or did so that it does not run."""
    error: str | None = None
    """Why it cannot run, in a sentence that names it."""

    @property
    def title(self) -> str:
        """What users know it by."""
        if self.kind == "installed":
            return f"the plugin {self.name} {self.version} (entry point {self.entry_point})"
        return "cibcheck" if self.kind == "built-in" else self.name


def new_manager() -> pluggy.PluginManager:
    """A manager that knows cibcheck's hooks, and no plugin."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def rules_from(manager: pluggy.PluginManager, plugins: Sequence[Any]) -> Sequence[Rule]:
    """The rules of plugins that belong together: what their hooks give, or, where none has any, all rules that are defined in them.

    Raises:
        PluginError: one is written for another version of the interface, has a hook that cibcheck does not have, or brings something
            that is no rule.
        Exception: whatever a plugin's own code raises.
    """
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
    known = {name for name in vars(hookspecs) if name.startswith(f"{hookspecs.PROJECT}_")}
    for caller in manager.get_hookcallers(plugin) or ():
        if not caller.has_spec():
            from cibcheck.config import did_you_mean

            raise PluginError(f"cibcheck has no hook {caller.name!r}{did_you_mean(caller.name, known)}")


_CODE, _NAME = r"[A-Z]{2,5}[0-9]{3}", r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z][a-z0-9]*"


def check_names(rule: Rule) -> None:
    """Check code and name of a rule that is not cibcheck's own against the rules for codes and names.

    Raises:
        PluginError: they are written in another way, or are in a family that cibcheck keeps for itself.
    """
    if not re.fullmatch(_CODE, rule.code):
        raise PluginError(f"code {rule.code!r}: write 2 to 5 capital letters and three digits, such as SITE101")
    if not re.fullmatch(_NAME, rule.name):
        raise PluginError(f"rule {rule.code}: write the name {rule.name!r} in small letters, digits and single hyphens")
    if own := reserved(family := family_of(rule.code)):
        alike = "is" if own == family else "begins like"
        raise PluginError(
            f"rule {rule.code}: {family} {alike} a family of cibcheck ({own}: {FAMILIES[own]}); choose other letters"
        )
