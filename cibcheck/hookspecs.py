"""The hooks that a plugin may implement. The built-in rules come in by a function like the hook's.

A plugin is a package with an entry point in the group ``cibcheck``::

    [project.entry-points.cibcheck]
    mysite = "mysite_rules"

whose module (or object) has functions marked with `hookimpl`, or else defines rules, which then are all taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

from cibcheck import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cibcheck.api import Rule

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def cibcheck_rules() -> Iterable[Rule]:
    """The rules that the plugin brings; `cibcheck.api.rules_in` collects them from its modules.

    Called once per run, before any file is read. A code or a name that another plugin already uses is an error of the run.
    """
    return ()
