"""Where rules come from, and how those of others must be called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Rule

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


_CODE, _NAME = r"[A-Z]{2,5}[0-9]{3}", r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[a-z][a-z0-9]*"


def check_names(rule: Rule) -> None:
    """Check code and name of a rule that is not cibcheck's own against the rules for codes and names.

    Raises:
        PluginError: they are written in another way, or are in a family that cibcheck keeps for itself.
    """
    from cibcheck.families import FAMILIES, family_of, reserved

    if not re.fullmatch(_CODE, rule.code):
        raise PluginError(f"code {rule.code!r}: write 2 to 5 capital letters and three digits, such as SITE101")
    if not re.fullmatch(_NAME, rule.name):
        raise PluginError(f"rule {rule.code}: write the name {rule.name!r} in small letters, digits and single hyphens")
    if own := reserved(family := family_of(rule.code)):
        alike = "is" if own == family else "begins like"
        raise PluginError(
            f"rule {rule.code}: {family} {alike} a family of cibcheck ({own}: {FAMILIES[own]}); choose other letters"
        )
