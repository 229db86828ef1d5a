"""What the rules about environment files share: the table of settings, and which values are what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import Place, Remove, Rename, nearest, table, unsafe_fix, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cibcheck.api import Assignment, Fix, Oddity, Sysconfig, Target

    Row = Mapping[str, Any]

NUMBERS = ("port", "integer")
"""The types that Pacemaker reads up to the first character that is no digit."""

# What sosreport, crm_report and supportconfig leave of a secret.
REDACTED = r"\*{3,}|\*+REMOVED.*"

_PREFIXES = ("PCMK_", "HA_", "CIB_", "SBD_")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_SURELY_MEANT = 0.9


def facts() -> Mapping[str, Any]:
    """The table of variables; its head says what the columns mean."""
    return table("pacemaker-sysconfig.toml")


def row_of(name: str) -> Row | None:
    """The table's row for a setting of Pacemaker's daemons; each may also be written with the prefix of old, HA_."""
    rows: Mapping[str, Row] = facts()["variables"]
    return rows.get(name) or rows.get(modern(name))


def modern(name: str) -> str:
    """A name with the prefix of today, PCMK_, where it has that of old."""
    return "PCMK_" + name.removeprefix("HA_") if name.startswith("HA_") else name


def kind_of(name: str) -> str | None:
    """What a variable is that is no setting of the daemons: internal, redirects, client, secret or sbd."""
    return next((kind for kind, names in facts()["kinds"].items() if name in names or modern(name) in names), None)


def is_known(name: str) -> bool:
    """Whether the table has the variable."""
    return row_of(name) is not None or kind_of(name) is not None


def is_ours(name: str) -> bool:
    """Whether a name is meant for a cluster daemon, be it misspelt."""
    return name.startswith(_PREFIXES) or row_of(name) is not None


def odd(file: Sysconfig, *kinds: Any) -> Iterator[Oddity]:
    """The oddities of some kinds; none in a file that says nothing about a node, such as a template."""
    return iter(()) if file.unfit else file.odd(*kinds)


def effective(file: Sysconfig) -> Mapping[str, Assignment]:
    """The assignments that count, by name; none in a file that says nothing about a node."""
    return {} if file.unfit else file.effective


def is_on(file: Sysconfig, name: str) -> bool:
    """Whether a variable that takes a boolean, a list of daemons or another list is on for any."""
    assignment = file.effective.get(name) or file.effective.get(name.replace("PCMK_", "HA_", 1))
    if assignment is None:
        return False
    if (flag := values.boolean(assignment.value).value) is not None:
        return flag
    row = row_of(name)
    words = re.split(r"[,;\s]+", assignment.value)
    return assignment.value != "" if row and row["type"] == "list" else not set(words).isdisjoint(facts()["daemons"]["names"])


def is_idle(file: Sysconfig, name: str) -> bool:
    """Whether nothing reads a variable as long as another one is off, so that what it says does not matter."""
    row = row_of(name)
    return bool(row and "only_with" in row and not any(is_on(file, other) for other in row["only_with"]))


def number_survives(row: Row, value: str) -> bool:
    """Whether Pacemaker, which reads digits and ignores the rest, still reads the number that was meant."""
    number = values.leading_integer(value)
    return row["type"] in NUMBERS and number is not None and number == values.leading_integer(re.sub(r"['\"()]", "", value))


def comes_to_the_same(row: Row, value: str) -> bool:
    """Whether the value that was meant is the default, and Pacemaker takes the default for one that it does not understand."""
    meant = re.split(r"[\s;#]", value, maxsplit=1)[0]
    if not row.get("falls_back"):
        return False
    return meant == row["default"] or (row["type"] in ("boolean", "subsystems") and values.boolean(meant).value is False)


def _spoils(file: Sysconfig, oddity: Oddity) -> bool:
    """Whether Pacemaker gets something else than what was meant. Where it does not, SYS022 may still warn."""
    assignment = oddity.assignment
    if assignment is None or is_idle(file, assignment.name):
        return False
    if oddity.kind in ("unterminated-quote", "swallowed-assignment"):
        return True
    if oddity.kind == "several-assignments":
        return is_ours(oddity.detail)
    row = row_of(assignment.name)
    if oddity.kind in ("expansion", "command-substitution", "tilde"):
        return row is not None
    if row is None or row["type"] == "text" or number_survives(row, assignment.value):
        return False
    if oddity.kind in ("trailing-comment", "operator") and comes_to_the_same(row, assignment.value):
        return False
    if oddity.kind == "lookalike":
        return row["type"] != "list" and not (row["type"] == "path" and set(oddity.detail) <= _DASHES)
    return oddity.kind in ("trailing-comment", "inner-quotes", "operator", "array", "carriage-return-in-value")


def spoiling(file: Sysconfig, *kinds: Any) -> Iterator[tuple[Oddity, Assignment]]:
    """The oddities of some kinds that spoil the value of their assignment."""
    return ((oddity, oddity.assignment) for oddity in odd(file, *kinds) if oddity.assignment and _spoils(file, oddity))


def unclear(file: Sysconfig) -> set[Assignment]:
    """The assignments whose value cannot be judged as it stands, because it is hardly written as it was meant."""
    numbers = ((oddity.assignment, row_of(oddity.assignment.name)) for oddity in odd(file, *_SPOILING) if oddity.assignment)
    return {assignment for assignment, row in numbers if row is None or not number_survives(row, assignment.value)}


def spoilt(file: Sysconfig) -> set[Assignment]:
    """The assignments whose value is hardly the one that was meant, which a rule of its own says."""
    return {assignment for _, assignment in spoiling(file, *_SPOILING)}


_SPOILING = (
    "unterminated-quote",
    "swallowed-assignment",
    "several-assignments",
    "trailing-comment",
    "expansion",
    "command-substitution",
    "tilde",
    "inner-quotes",
    "operator",
    "array",
    "lookalike",
    "carriage-return-in-value",
)


def misspelt(name: str) -> str | None:
    """The known variable that a name surely is a misspelling of: one or two letters off, or in other case."""
    if not any(nearest(name.partition("_")[0].upper(), [prefix.rstrip("_")]) for prefix in _PREFIXES):
        return None
    from difflib import SequenceMatcher

    known = [*facts()["variables"], *(one for names in facts()["kinds"].values() for one in names)]
    meant = nearest(modern(name), known)
    if meant is None:
        return None
    return meant if SequenceMatcher(None, modern(name).lower(), meant.lower()).ratio() >= _SURELY_MEANT else None


def renaming(file: Sysconfig, assignment: Assignment, name: str | None) -> Fix | None:
    """The fix that gives a variable another name wherever it is set, unless that one is set already."""
    if name is None or name in file.effective:
        return None
    edits = [Rename(Place(file, one, "name"), name) for one in file.named(assignment.name)]
    return unsafe_fix(f"rename {assignment.name} to {name}", *edits)


def removal(file: Sysconfig, assignment: Assignment) -> Fix:
    """The fix that takes a variable out, wherever it is set."""
    return unsafe_fix(f"remove {assignment.name}", *(Remove(Place(file, one)) for one in file.named(assignment.name)))


def is_in(release: str, line: str) -> bool:
    """Whether what happened in a release holds in (the last release of) a release line."""
    return tuple(map(int, release.split(".")[:2])) <= tuple(map(int, line.split(".")))


def settings(file: Sysconfig) -> Iterator[tuple[str, Assignment, Row]]:
    """The settings of Pacemaker's daemons that the file makes and that something reads, in file order."""
    for name, assignment in effective(file).items():
        row = row_of(name)
        if row and not is_idle(file, name):
            yield name, assignment, row


def removed_in(row: Row, target: Target) -> list[str]:
    """The release lines of the target that do not read a setting any more."""
    return sorted(line for line in target.lines if "removed" in row and is_in(row["removed"], line))
