"""A finding, from the problem that a rule yields to what a report shows."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable

    from cibcheck.documents.edits import Edit
    from cibcheck.documents.source import Place


class Severity(IntEnum):
    """How bad it is. ``error``: the cluster will not do what the file says, or loses data. ``warning``: it works today, but is
    fragile, deprecated or almost surely not meant. ``info``: worth knowing."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The name that users see and write."""
        return self.name.lower()


class Note(NamedTuple):
    """A second place that belongs to a finding, and what is there."""

    place: Place
    label: str


class Fix(NamedTuple):
    """How a machine can mend a problem: edits that belong together."""

    title: str
    """What it does, in the imperative, with the names from the file: ``rename 'colour' to 'color'``."""
    edits: tuple[Edit, ...]
    is_safe: bool
    """Whether the cluster does the same before and after or, where it refuses the file as it is, the file can mean nothing else; other
    fixes a person has to ask for."""


class Problem(NamedTuple):
    """What a rule yields: one mistake at one place. Texts name things as the user's file does."""

    place: Place
    message: str
    label: str | None = None
    """What stands at the place, in a few words, shown beside the carets."""
    consequence: str | None = None
    """What Pacemaker does about it."""
    help: str | None = None
    """What to do."""
    related: tuple[Note, ...] = ()
    key: str | None = None
    """The option or variable that a general rule speaks of: ``CODE[key]``."""
    affects: tuple[str, ...] = ()
    """The ids of the resources that suffer, where one origin has several users."""
    fix: Fix | None = None
    at_most: Severity | None = None
    """The worst severity that this one can have, where it is less certain than others of its rule."""


class Finding(NamedTuple):
    """A problem with the rule that found it and the cluster it was found in (None for a file that belongs to none)."""

    code: str
    name: str
    severity: Severity
    problem: Problem
    cluster: str | None
    no_fix: str | None = None
    """Why the fix that the rule brought cannot be made; ``problem.fix`` is None then."""

    @property
    def identity(self) -> Hashable:
        """Findings equal in code, key and origin are one."""
        place = self.problem.place
        return (self.code, self.problem.key, id(place.document), place.node, place.part)

    @property
    def is_of_grammar(self) -> bool:
        """Whether the schema of the CIB says it."""
        return self.code.startswith("SCH")

    def merged(self, other: Finding) -> Finding:
        """This finding with what the other one affects, too. An origin with several users is never a safe fix; and where the fix is not at
        the origin, but at each user, there is none for all of them."""
        affects = tuple(dict.fromkeys((*self.problem.affects, *other.problem.affects)))
        merged = self._replace(problem=self.problem._replace(affects=affects))
        fix, its = self.problem.fix, other.problem.fix
        if fix is None or its is None or fix.edits != its.edits:
            return merged if fix is its else merged.without_fix("it would have to be made for each of several resources")
        is_safe = fix.is_safe and its.is_safe and len(affects) <= 1
        return merged._replace(problem=merged.problem._replace(fix=fix._replace(is_safe=is_safe)))

    def without_fix(self, reason: str) -> Finding:
        """This finding, for somebody to mend by hand."""
        return self._replace(problem=self.problem._replace(fix=None), no_fix=reason)

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sorts by file, position and code."""
        start = self.problem.place.span.start
        return (self.problem.place.document.name, start.line, start.column, self.code, self.problem.key or "")


class Suppressed(NamedTuple):
    """A finding that is not reported, and what it fell to: ``comment``, ``configuration`` or ``baseline``."""

    finding: Finding
    by: str
    reason: str | None = None


class NotEvaluated(NamedTuple):
    """A rule that could not tell: for which cluster and subject, and why. Never counted as passed."""

    code: str
    cluster: str | None
    node: str | None
    section: str | None
    file: str | None
    reason: str
    resource: str | None = None

    @property
    def subject(self) -> str | None:
        """The node or the resource that it is about."""
        return self.node or self.resource


class InternalError(NamedTuple):
    """A rule that crashed; the others went on. ``plugin`` is the package that it came from."""

    code: str
    plugin: str
    cluster: str | None
    error: str
