"""Who brings rules: cibcheck itself, installed plugins, and the configuration, by files of Python or by rules written in it."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cibcheck.plugins.installed import installed
from cibcheck.plugins.source import PluginError, Source, check_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cibcheck.api import Rule
    from cibcheck.config import Settings

__all__ = ["PluginError", "Source", "all_sources", "collect_rules"]


def all_sources(built_in: Iterable[Any], settings: Settings | None = None, left_out: str | None = None) -> Iterator[Source]:
    """All sources of rules, the built-in ones first. What cannot be loaded is a source with an error.

    The built-in rules come from the function that a plugin has as its hook; making ready for other hooks would cost a short run a
    thirtieth of its time.

    ``settings`` are those of the run's own configuration: it alone may name code. ``left_out`` says why no code but the built-in
    is to run (nothing of it is read then); rules that are written in the configuration are no code.
    """
    from cibcheck import __version__

    for plugin in built_in:
        yield Source("built-in", "cibcheck", __version__, rules=plugin.cibcheck_rules())
    yield from installed(left_out)
    if settings is not None and settings.plugins:
        from cibcheck.plugins.files import named_files

        yield from named_files(settings, left_out)
    if settings is not None and settings.own_rules:
        from cibcheck.plugins.declared import declared

        yield declared(settings)


def collect_rules(sources: Iterable[Source]) -> Sequence[Rule]:
    """All rules of all sources, sorted by code. From now on a rule's ``plugin`` is the name of its source.

    Raises:
        PluginError: a source cannot be loaded, a rule's code or name is not written as it should be, or is taken.
    """
    found: list[Rule] = []
    taken: dict[str, Source] = {}
    for source in sources:
        if source.error:
            raise PluginError(source.error)
        for rule in source.rules:
            if source.kind != "built-in":  # a test looks at ours
                try:
                    check_names(rule)
                except PluginError as error:
                    raise PluginError(f"{source.title}: {error}") from None
            for key in (rule.code, rule.name):
                if key in taken:
                    raise PluginError(f"{taken[key].title} and {source.title} both have a rule {key}")
                taken[key] = source
            found.append(rule)
            rule.plugin = source.name
    return sorted(found, key=attrgetter("code"))
