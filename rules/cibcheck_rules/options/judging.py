"""What the rules about names and values share: which pairs there are, what is wrong with one, and how to say it.

A rule names a table and the places where its options stand. Each name and value is judged once, however often it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import INFO, WARNING, Place, Remove, Rename, SetValue, happened, nearest, problem, safe_fix, unsafe_fix, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.api import Cib, Edit, Element, Fix, Option, Problem, Severity, Word


TIMES = frozenset(("interval", "timeout", "op_timeout", "delay", "fence_delay"))
"""The types of times with a unit."""

_HOURS = {"d": 24, "day": 24, "days": 24, "w": 168, "week": 168, "weeks": 168}
_TRUE = ("true", "on", "yes", "enabled", "enable", "always")
_FALSE = ("false", "off", "no", "disabled", "disable", "never", "none")


def fallback(option: Option) -> Any:
    """What a bad value comes to; None where that has no value."""
    if option.bad_value == "default":
        return option.read(option.default.partition(" ")[0]).value
    if option.bad_value.startswith("counts it as "):
        return option.read(option.bad_value.removeprefix("counts it as ").partition(":")[0].partition(" ")[0]).value
    return None


def proposal(option: Option, text: str) -> tuple[str | None, bool]:
    """What was probably meant by a bad value, and whether there is no doubt."""
    if not text:
        return None, False
    stripped = text.strip()
    if stripped != text and option.read(stripped).reason is None:
        return stripped, True
    if option.type in ("enum", "word"):
        same = [
            one
            for one in option.proposals
            if one.lower() == stripped.lower().replace("-", "_") or one.lower() == stripped.lower()
        ]
        return (same[0], True) if same else (nearest(text, option.proposals), False)
    if option.type == "boolean":
        low = stripped.lower()
        near = low if low in (*_TRUE, *_FALSE) else nearest(low, (*_TRUE, *_FALSE))
        return (None, False) if near is None else ("true" if near in _TRUE else "false", near == low)
    if option.type in ("score", "threshold", "integer", "positive_integer"):
        meant = _infinity(stripped)
        return (meant, True) if meant is not None and option.read(meant).reason is None else (None, False)
    if option.type in TIMES:
        return _time(option, stripped)
    if option.type in ("port_map", "delay_map"):
        parted = values.parted_map(text)
        return (parted if parted != text and option.read(parted).reason is None else None), False
    if option.type == "percentage" and re.fullmatch(r"[0-9]+(\.[0-9]+)?", stripped):
        return f"{stripped}%", True
    return None, False


def _infinity(text: str) -> str | None:
    match = re.fullmatch(r"([+-]?)(inf|infinite|infinity)", text.lower())
    return f"{match[1].replace('+', '')}INFINITY" if match else None


def _time(option: Option, text: str) -> tuple[str | None, bool]:
    match = re.fullmatch(r"([0-9]{1,6})\s*([a-z]+)", text.lower())
    if match and match[2] in _HOURS:
        return f"{int(match[1]) * _HOURS[match[2]]}h", True
    parsed = values.interval(text.upper()) if text[:1] in "Pp" else None
    if parsed is not None and parsed.value is not None:
        proposed = text.upper() if option.read(text.upper()).reason is None else f"{parsed.value // 1000}s"
        return (proposed, True) if option.read(proposed).reason is None else (None, False)
    return None, False


_REMEDIES = {
    "boolean": "write true or false",
    "interval": "write a number with a unit (s, min or h), or an ISO 8601 duration such as PT5M",
    "timeout": "write a number with a unit: s, min or h",
    "op_timeout": "write a number greater than 0 with a unit: s, min or h",
    "delay": "write a number with a unit: s, min or h",
    "fence_delay": "write a number with a unit: s, min or h",
    "delay_map": "write one delay such as 5s, or one for each node: node1:0s;node2:5s",
    "score": "write an integer, INFINITY or -INFINITY",
    "threshold": "write a number from 0, or INFINITY",
    "integer": "write an integer",
    "positive_integer": "write a number from 1, or INFINITY",
    "count": "write a number from 0",
    "percentage": "write a number and a percent sign, such as 80%",
    "date": "write a date such as 2030-01-31, or with a time 2030-01-31T12:00:00Z",
    "host_list": "write node names with commas between them",
    "port_map": "write node:port for each node, with semicolons between them",
    "terminate": "write true or false",
}


def remedy(option: Option, targets: Iterable[str]) -> str:
    """What may be written."""
    if option.type in ("enum", "word"):
        known = [
            one.text
            for one in option.words
            if not one.deprecated and not (one.removed and any(happened(one.removed, line) for line in targets))
        ]
        return "possible values: " + ", ".join(known)
    return _REMEDIES[option.type]


Home = tuple[str, str]


class Pair:
    """An option where it is written: a pair, or an XML attribute of an operation."""

    def __init__(self, cib: Cib, option: Option, text: str, home: Home, element: Element) -> None:
        self.cib = cib
        self.option = option
        self.text = text
        self.home = home
        self.element = element

    @property
    def is_attribute(self) -> bool:
        """Whether it is an XML attribute."""
        return self.home[0] == "@"

    @property
    def place(self) -> Place:
        """The value."""
        return Place(self.cib.document, self.element, self.option.name if self.is_attribute else "value")

    @property
    def name_place(self) -> Place:
        """The name."""
        return Place(self.cib.document, self.element, f"@{self.option.name}" if self.is_attribute else "name")

    @property
    def owner(self) -> Element:
        """What it is an option of: a resource, an operation, a node, or a section of defaults."""
        if self.is_attribute:
            return self.element
        return next(self.element.iterancestors(self.home[1]))

    @property
    def is_overridden(self) -> bool:
        """Whether another set of the owner surely has a value that counts instead."""
        if self.home[0] == "@":
            return False
        sets = self.cib.attributes.source(self.home[0], self.owner)  # type: ignore[arg-type]  # a home is that of a set
        self.cib.spend(len(sets))  # each of many sets may have a bad value, and is held against all
        for pairs in sets:
            found = pairs.get(self.option.name)
            if found is not None and (found.condition is None or found.element is self.element):
                return found.element is not self.element
        return False

    def fix(self, title: str, edit: Edit, *, is_safe: bool = True) -> Fix:
        """A fix of it; never safe where several resources have it from here."""
        return (safe_fix if is_safe and self.home[1] not in SHARED else unsafe_fix)(title, edit)

    def named(self, name: str, *, is_safe: bool = True) -> Fix:
        """A fix that gives it its new name. An option that was ignored starts to count then, which somebody has to want."""
        edit = Rename(self.name_place, name) if self.is_attribute else SetValue(self.name_place, name)
        is_read = bool(self.option.deprecated)
        return self.fix(f"rename {self.option.name!r} to {name!r}", edit, is_safe=is_safe and is_read)

    def valued(self, text: str, *, is_safe: bool = True) -> Fix:
        """A fix that gives it another value."""
        return self.fix(f"write {text!r} instead of {self.text!r}", SetValue(self.place, text), is_safe=is_safe)

    def removed(self) -> Fix:
        """A fix that takes out what has no effect."""
        place = Place(self.cib.document, self.element, self.option.name if self.is_attribute else None)
        return self.fix(f"remove {self.option.name!r}", Remove(place))


SHARED = frozenset(("template", "rsc_defaults", "op_defaults"))
"""What others have their options from."""


def ask(cib: Cib, *sections: str) -> None:
    """Note which of some sections the file does not hold.

    Raises:
        Unknown: it holds none of them.
    """
    if not any(map(cib.knows, sections)):
        cib.section(sections[0])
    for section in sections:
        cib.attributes.note_if_unknown(section)


def written(
    cib: Cib, table: Mapping[str, Option], homes: Iterable[Home]
) -> Iterator[tuple[Home, Option, str, Sequence[Element]]]:
    """The options of a table that stand in some places: each different name and value, with its elements."""
    by_home = cib.written.by_home
    for home in homes:
        for name, by_value in by_home.get(home, {}).items():
            option = table.get(name)
            if option is not None:
                for text, elements in by_value.items():
                    yield home, option, text, elements


def pairs(cib: Cib, home: Home, option: Option, text: str, elements: Iterable[Element]) -> Iterator[Pair]:
    """The elements of one name and value."""
    return (Pair(cib, option, text, home, element) for element in elements)


def strangers(cib: Cib, table: Mapping[str, Option], homes: Iterable[Home]) -> Iterator[tuple[Home, str, Element, str]]:
    """The pairs whose names a table does not have: where, name, element, value."""
    by_home = cib.written.by_home
    for home in homes:
        for name, by_value in by_home.get(home, {}).items():
            if name not in table:
                for text, elements in by_value.items():
                    for element in elements:
                        yield home, name, element, text


def faulty(cib: Cib, table: Mapping[str, Option], homes: Iterable[Home]) -> Iterator[tuple[Pair, str]]:
    """The options with a value that Pacemaker does not understand, and the reason. A removed name is a mistake of its own."""
    for home, option, text, elements in written(cib, table, homes):
        reason = option.read(text).reason
        if reason and text.lower() != "#default" and any(option.is_known_in((line,)) for line in cib.targets):
            for pair in pairs(cib, home, option, text, elements):
                yield pair, reason


def bad_value(pair: Pair, reason: str, affects: Iterable[str] = ()) -> Problem:
    """An option has a value that Pacemaker does not understand."""
    option, text = pair.option, pair.text
    meant, is_sure = proposal(option, text)
    does = f"Pacemaker uses the default, {option.default}" if option.bad_value == "default" else f"Pacemaker {option.bad_value}"
    is_overridden = pair.is_overridden
    comes_to_the_same = meant is not None and option.read(meant).value == fallback(option)
    return problem(
        pair.place,
        f"{option.name} is {text!r}, which {reason}" if text else f"{option.name} is empty",
        consequence="another set has a value that counts instead" if is_overridden else does,
        help=f"write {meant}" if is_sure else (f"did you mean {meant}? " if meant else "") + remedy(option, pair.cib.targets),
        key=option.name,
        affects=affects,
        # Even what is surely meant changes the cluster, where it is not what a bad value comes to.
        fix=pair.valued(meant, is_safe=is_sure and comes_to_the_same) if meant is not None else None,
        at_most=INFO if is_overridden else WARNING if comes_to_the_same or not text else None,
    )


def read_in_part(cib: Cib, table: Mapping[str, Option], homes: Iterable[Home]) -> Iterator[Problem]:
    """The options of whose value Pacemaker reads a part, or something else."""
    for home, option, text, elements in written(cib, table, homes):
        parsed = option.read(text)
        if parsed.read is None:
            continue
        is_clipped = parsed.read.endswith("INFINITY")
        is_about = text.startswith("P") and parsed.read.endswith(" days")
        for pair in pairs(cib, home, option, text, elements):
            yield problem(
                pair.place,
                f"{option.name} is {text!r}, which Pacemaker reads as {parsed.read}",
                consequence="scores end at INFINITY, which is 1000000"
                if is_clipped
                else "a month counts 30 days there, and a year 365"
                if is_about
                else "nothing is said about the rest of it",
                help=f"write {parsed.read} if that is what is meant" if not is_about else "write days, hours, minutes or seconds",
                key=option.name,
                fix=None if is_about else pair.valued(parsed.read, is_safe=is_clipped),
                at_most=INFO if is_clipped or is_about else None,
            )


def out_of_date(cib: Cib, table: Mapping[str, Option], homes: Iterable[Home], *, removed: bool) -> Iterator[Problem]:
    """The options whose name is deprecated in the target, and whose new one (if there is one) is known there; or those that are removed
    in a release line of it."""
    for home, option, text, elements in written(cib, table, homes):
        gone = [line for line in sorted(cib.targets) if option.removed and happened(option.removed, line)]
        old = [line for line in cib.targets if option.deprecated and happened(option.deprecated, line)]
        new = table.get(option.instead)
        has_new = new is not None and new.is_known_in(cib.targets)
        if (removed and not gone) or (not removed and (gone or not old or (option.instead and not has_new))):
            continue
        since = option.removed if gone else option.deprecated
        # The first releases of a line may not know the new name: there a rename takes the option away.
        is_early = has_new and not gone and new is not None and not new.is_known_throughout(cib.targets)
        becomes_another = bool(gone) and not option.deprecated and _is_converted(cib)
        when = f", once no node runs an older release than {new.since}" if is_early and new is not None else ""
        for pair in pairs(cib, home, option, text, elements):
            fix = None
            is_covered = has_new and bool(_siblings(pair, option.instead))
            if has_new and not is_covered:
                fix = pair.named(option.instead, is_safe=not is_early)
            elif len(gone) == len(cib.targets) and not option.instead and not becomes_another:
                fix = pair.removed()
            yield problem(
                pair.name_place,
                f"{option.name} was removed in Pacemaker {since}"
                if gone
                else f"{option.name} is deprecated since Pacemaker {since}",
                consequence=f"{option.instead} is set, too, and counts"
                if is_covered
                else "it counts only as what Pacemaker makes of it: a CIB with a schema before 3.0 is converted"
                if becomes_another
                else _fate(option, gone, cib.targets),
                help=(f"write {option.instead}" if option.instead and not is_covered else option.notes or "remove it") + when,
                key=option.name,
                fix=fix,
                at_most=INFO if is_early else None,
            )


def _is_converted(cib: Cib) -> bool:
    """Whether the CIB is of a schema from which Pacemaker 2 and later convert: they rename, move or replace what they know no longer."""
    return cib.document.root.get("validate-with", "").startswith(("pacemaker-1.", "pacemaker-2."))


def _fate(option: Option, gone: Sequence[str], targets: Iterable[str]) -> str:
    if gone and option.deprecated and option.instead:
        return f"Pacemaker 3 knows it only as {option.instead}: it renames the option when it takes over the CIB"
    if gone and option.deprecated:
        return (
            "Pacemaker 3 drops it when it takes over the CIB"
            if set(gone) == set(targets)
            else "from Pacemaker 3 on it has no effect"
        )
    if option.type == "text" and option.bad_value:
        return f"Pacemaker {option.bad_value}"
    return "it has no effect" if gone else "it works today; a later release will ignore it"


def _siblings(pair: Pair, name: str) -> Sequence[Element]:
    """The pairs of a name in the same place."""
    parent = pair.element.getparent()
    return [] if parent is None or not name else [one for one in parent.iterchildren("nvpair") if one.get("name") == name]


def deprecated_value(cib: Cib, table: Mapping[str, Option], homes: Iterable[Home]) -> Iterator[Problem]:
    """The options with a value that is deprecated, or removed, in a release line of the target."""
    for home, option, text, elements in written(cib, table, homes):
        word = option.word(text)
        release = word and (word.deprecated or word.removed)
        if word is None or release is None or not any(happened(release, line) for line in cib.targets):
            continue
        new = option.word(word.instead) if word.instead else None
        for pair in pairs(cib, home, option, text, elements):
            what = "was removed in" if word.removed else "is deprecated since"
            yield problem(
                pair.place,
                f"{option.name} is {text!r}, which {what} Pacemaker {release}",
                consequence="Pacemaker 3 rewrites it when it takes over the CIB, and does not understand it afterwards"
                if word.removed
                else "it works today; a later release will not understand it",
                help=f"write {_dated(new)}" if new else option.notes or "remove it",
                key=option.name,
                fix=pair.valued(new.text) if new is not None and new.is_known_throughout(cib.targets) else None,
            )


def _dated(word: Word) -> str:
    return word.text + (f", which is understood since {word.since}" if word.since else "")


def two_spellings(pair: Pair, other: Pair, targets: frozenset[str]) -> Problem:
    """An option is set under its old and its new name, to different values. ``pair`` has the old name."""
    new = other.option
    lines = sorted(line for line in targets if new.is_known_in((line,)))
    is_everywhere = len(lines) == len(targets)
    return problem(
        pair.place,
        f"{pair.option.name} is {pair.text!r}, but {new.name}, its new name, is {other.text!r}",
        consequence=f"Pacemaker uses {new.name}"
        if is_everywhere
        else f"Pacemaker {new.since} and later use {new.name}; earlier releases {pair.option.name}",
        help=f"remove {pair.option.name}" if is_everywhere else "set both to the same value",
        related=[(other.place, "the new name")],
        key=pair.option.name,
        fix=pair.removed() if is_everywhere else None,
    )


def home_of_meta(name: str) -> str:
    """Where a meta-attribute belongs."""
    if name.startswith("remote-"):
        return "the meta_attributes of the primitive that runs the machine of a guest node"
    return "the meta_attributes of a resource, or into rsc_defaults"


SURE = 0.9
"""How near a name has to be to a known one for it to be a misspelling and nothing else."""


def meant_name(name: str, table: Mapping[str, Option]) -> tuple[str, bool] | None:
    """The name of a table that one is near to, and whether it is surely meant."""
    near = nearest(name, [known for known, option in table.items() if not option.removed])
    if near is None:
        return None
    from difflib import SequenceMatcher  # a clean run does without

    words = name.lower().replace("_", "-").strip(), near.replace("_", "-")
    return near, SequenceMatcher(None, *words).ratio() >= SURE and words[0].rstrip("0123456789") == words[0]


def is_allowed(name: str, patterns: Iterable[str]) -> bool:
    """Whether a site uses a name on purpose."""
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for pattern in patterns)


def unknown_name(
    cib: Cib, element: Element, what: str, table: Mapping[str, Option], *, belongs: str | None, far: Severity
) -> Problem:
    """A pair has a name that Pacemaker does not know; ``belongs`` says where it would, ``far`` how bad it is if the table has no name
    that is near."""
    name = element.get("name", "")
    place = Place(cib.document, element, "name")
    meant = meant_name(name, table) if belongs is None else None
    consequence = "it is ignored without a word"
    fix: Fix | None = None
    most: Severity | None = WARNING
    if belongs is not None:
        advice = f"{name} belongs into {belongs}"
    elif meant is None:
        advice, most = "remove it, or allow the name in the configuration if something of your own reads it", far
    else:
        near, is_sure = meant
        advice = f"did you mean {near}?"
        fix = unsafe_fix(f"rename {name!r} to {near!r}", SetValue(place, near))
        most = None if is_sure else WARNING
        if near not in cib.names_written and table[near].default:
            consequence += f", and {near} keeps its default, {table[near].default}"
    return problem(
        place, f"Pacemaker knows no {what} {name!r}", consequence=consequence, help=advice, key=name, fix=fix, at_most=most
    )
