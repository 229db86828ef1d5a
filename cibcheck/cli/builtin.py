"""Where the command line meets the built-in rules: registered through the hook that plugins use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import cibcheck_rules
from cibcheck import config
from cibcheck.plugins import PluginError, all_sources, collect_rules

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _ActionsContainer
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Rule
    from cibcheck.plugins import Source


def all_rules(settings: config.Settings | None = None, *, plugins: bool = True) -> Sequence[Rule]:
    """The built-in rules, those of plugins, and those of the configuration.

    Raises:
        UsageError: a plugin cannot be loaded, or rules contradict each other.
    """
    try:
        return collect_rules(sources(settings, plugins=plugins))
    except PluginError as error:
        raise config.UsageError(str(error)) from None


def sources(settings: config.Settings | None = None, *, plugins: bool = True) -> Iterator[Source]:
    """Where rules come from. Without ``plugins``, and where the environment has CIBCHECK_NO_PLUGINS, no code but ours runs."""
    left_out = None if plugins else "--no-plugins"
    if os.environ.get("CIBCHECK_NO_PLUGINS"):
        left_out = left_out or "CIBCHECK_NO_PLUGINS"
    return all_sources([cibcheck_rules], settings, left_out)


def add_arguments(parser: ArgumentParser | _ActionsContainer) -> None:
    """The options by which a command that is about rules knows which there are."""
    parser.add_argument(
        "--no-plugins", action="store_true", help="run no code of plugins, installed or named by the configuration"
    )
    parser.add_argument("--config", metavar="FILE", help="the configuration (default: the nearest)")
    parser.add_argument("--isolated", action="store_true", help="read no configuration")


def settings_of(options: Namespace) -> config.Settings:
    """The run's own configuration.

    Raises:
        UsageError: it cannot be read, or the options exclude each other.
    """
    return config.load(os.getcwd(), [options.config] if options.config else (), isolated=options.isolated)
