"""Where the command line meets the built-in rules: registered through the hook that plugins use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cibcheck_rules
from cibcheck.config import UsageError
from cibcheck.plugins import PluginError, collect_rules, plugin_manager

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Rule


def all_rules(*, plugins: bool = True) -> Sequence[Rule]:
    """The built-in rules, and those of installed plugins.

    Raises:
        UsageError: a plugin cannot be loaded, or rules contradict each other.
    """
    try:
        return collect_rules(plugin_manager([cibcheck_rules], scan=plugins))
    except PluginError as error:
        raise UsageError(str(error)) from None
