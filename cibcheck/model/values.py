"""Values as Pacemaker reads them: the one place where text becomes meaning.

Each parser returns a `Parsed`, which keeps the text, the meaning (None where it has none) and then the reason. Sources: Pacemaker
Explained, and the behaviour of ``crm_verify`` and ``crm_simulate`` 2.1.5 and 3.0.2. Scores and booleans are kept by their text: a file
has many of them, and few different ones.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Generic, TypeVar

from cibcheck.records import NamedTuple

T = TypeVar("T")

INFINITY = 1_000_000
"""The score that Pacemaker calls INFINITY."""

_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_DIGITS = re.compile(r"[ \t\n\r\v\f]*([+-]?[0-9]+)")
_FRACTION_AND_UNIT = r"(?i)[.0-9]*[ \t\n\r\v\f]*(?:(ms|us|s|m|h)|$)"
_MILLISECONDS = {"s": 1000.0, "ms": 1.0, "us": 0.001, "m": 60_000.0, "h": 3_600_000.0}
_TRUE = frozenset(("true", "on", "yes", "y", "1"))
_FALSE = frozenset(("false", "off", "no", "n", "0"))
_INFINITIES = {"INFINITY": INFINITY, "+INFINITY": INFINITY, "-INFINITY": -INFINITY}
_LARGEST = 2**63 - 1


class Parsed(NamedTuple, Generic[T]):
    """A text, what it means, and why it means nothing where it does not."""

    text: str
    value: T | None
    reason: str | None = None
    """Why it means nothing: the end of a sentence that begins with the value ("is not a boolean")."""
    read: str | None = None
    """What Pacemaker takes it for, where that is not what stands there: ``10`` for ``10abc``, ``1min`` for ``1.5month``."""


def fold(name: str) -> str:
    """A node name as Pacemaker compares it: ASCII letters without case, all others as they are."""
    return name.lower() if name.isascii() else name.translate(_ASCII_LOWER)


def leading_integer(text: str) -> int | None:
    """The integer that C's ``strtoll`` finds at the start of a text; what follows is ignored, too many digits are clipped."""
    match = _DIGITS.match(text)
    if not match:
        return None
    return max(-_LARGEST, min(_LARGEST, int(match[1][:24])))


def _number(text: str, kind: str) -> Parsed[int]:
    """The integer at the start of a text; ``kind`` says what was expected where there is none."""
    number = leading_integer(text)
    if number is None:
        return Parsed(text, None, f"is not {kind}")
    match = _DIGITS.match(text)
    rest = text[match.end() :] if match else ""
    is_whole = (not rest or re.fullmatch(r"(\.0*)?\s*", rest)) and abs(number) < _LARGEST
    return Parsed(text, number, None, None if is_whole else str(number))


def integer(text: str) -> Parsed[int]:
    """An integer, or one of the words for infinity."""
    if text in _INFINITIES:
        return Parsed(text, _INFINITIES[text])
    return _number(text, "an integer")


def positive_integer(text: str) -> Parsed[int]:
    """An integer from 1, or INFINITY."""
    parsed = integer(text)
    return Parsed(text, None, "is not greater than 0") if parsed.value is not None and parsed.value <= 0 else parsed


def count(text: str) -> Parsed[int]:
    """An integer from 0: how many of something there may be."""
    parsed = _number(text, "a number")
    return Parsed(text, None, "is negative") if parsed.value is not None and parsed.value < 0 else parsed


@lru_cache(1024)
def score(text: str) -> Parsed[int]:
    """A score, from -INFINITY to INFINITY (±1000000). Before a number blanks are skipped, before the word they are not."""
    if text in _INFINITIES:
        return Parsed(text, _INFINITIES[text])
    number = leading_integer(text)
    if number is None:
        reason = "is a colour of a node's health" if fold(text.strip()) in _COLOURS else _NO_SCORE
        return Parsed(text, None, reason)
    if abs(number) > INFINITY:
        return Parsed(text, INFINITY if number > 0 else -INFINITY, None, "INFINITY" if number > 0 else "-INFINITY")
    return _number(text, "a score")


_COLOURS = frozenset(("red", "yellow", "green"))
_NO_SCORE = "is neither an integer nor INFINITY, +INFINITY or -INFINITY"


def threshold(text: str) -> Parsed[int]:
    """A score that is not negative: ``migration-threshold``."""
    parsed = score(text)
    return Parsed(text, None, "is negative") if parsed.value is not None and parsed.value < 0 else parsed


def percentage(text: str) -> Parsed[float]:
    """A number and a percent sign, as a fraction of 1. Pacemaker takes a lone sign for 0, and ignores what stands behind it."""
    match = re.match(r"[ \t\n\r\v\f]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)?", text)
    number, rest = (match[1] or "0", text[match.end() :]) if match else ("0", text)
    if not rest.startswith("%"):
        return Parsed(text, None, "is not a number followed by a percent sign" if match and match[1] else "is not a percentage")
    if number.startswith("-"):
        return Parsed(text, None, "is negative")
    return Parsed(text, float(number) / 100, None, f"{number}%" if rest != "%" or not (match and match[1]) else None)


def version(text: str) -> Parsed[tuple[int, ...]]:
    """Numbers with dots between them."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})*", text):
        return Parsed(text, None, "is not a version, which is numbers with dots between them")
    return Parsed(text, tuple(map(int, text.split("."))))


def add_scores(one: int, other: int) -> int:
    """The sum of two scores: -INFINITY wins over all, INFINITY over the rest (Pacemaker Explained, "Infinity Math")."""
    if -INFINITY in (one, other):
        return -INFINITY
    if INFINITY in (one, other):
        return INFINITY
    return max(-INFINITY, min(INFINITY, one + other))


@lru_cache(1024)
def boolean(text: str) -> Parsed[bool]:
    """A boolean of a name/value pair: true/on/yes/y/1 or false/off/no/n/0, in any case."""
    word = fold(text)
    if word in _TRUE:
        return Parsed(text, True)
    if word in _FALSE:
        return Parsed(text, False)
    return Parsed(text, None, "is not a boolean (true or false)")


def terminate(text: str) -> Parsed[int]:
    """The node attribute ``terminate``: a boolean, or a time in seconds since 1970 (0: no)."""
    flag = boolean(text)
    if flag.value is not None:
        return Parsed(text, int(flag.value))
    parsed = leading_integer(text)
    return Parsed(text, parsed, None if parsed is not None else "is neither a boolean nor a time in seconds")


def timeout(text: str) -> Parsed[int]:
    """A time with an optional unit (s, ms, us, m, h; seconds without one), in milliseconds. ISO 8601 is not understood."""
    match = _DIGITS.match(text)
    if not match:
        iso = text.startswith("P") and _iso_duration(text).value is not None
        return Parsed(
            text, None, "is an ISO 8601 duration: they are not understood here" if iso else "does not start with a number"
        )
    rest = text[match.end() :]
    number = max(-_LARGEST, min(_LARGEST, int(match[1][:24])))
    if plain := _UNIT_WORDS.get(rest or "s"):  # as nearly all are written
        return Parsed(text, int(number * _MILLISECONDS[plain]))
    unit = re.match(_FRACTION_AND_UNIT, rest)
    if not unit:
        return Parsed(text, None, f"has the unknown unit {rest.strip(_BLANKS + '.0123456789')!r}")
    short = fold(unit[1] or "s")
    written = fold(re.sub(r"^\.0*(?![0-9.])", "", rest).strip())
    partly = f"{number}{_SHOWN[short]}" if written and _UNIT_WORDS.get(written) != short else None
    return Parsed(text, int(number * _MILLISECONDS[short]), None, partly)


_BLANKS = " \t\n\r\v\f"
_SHOWN = {"s": "s", "ms": "ms", "us": "us", "m": "min", "h": "h"}
_UNIT_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("ms", "msec", "msecs"), "ms"),
    **dict.fromkeys(("us", "usec", "usecs"), "us"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
}
"""The ways to write a unit that say what Pacemaker reads; it looks only at the first letters."""


def delay(text: str) -> Parsed[int]:
    """A `timeout` that is not negative: the ``start-delay`` of an operation, the timeout of a fence device or an alert."""
    return _not_negative(timeout(text))


def op_timeout(text: str) -> Parsed[int]:
    """The ``timeout`` of an operation: more than 0."""
    parsed = timeout(text)
    return Parsed(text, None, "is not greater than 0") if parsed.value is not None and parsed.value <= 0 else parsed


def interval(text: str) -> Parsed[int]:
    """A duration in milliseconds, at most 32 bits of them: a `timeout`, or an ISO 8601 duration such as ``PT5M``; not negative."""
    parsed = _iso_duration(text) if text.startswith("P") else _not_negative(timeout(text))
    if parsed.value is not None and parsed.value > _LONGEST:
        return Parsed(text, _LONGEST, None, f"{_LONGEST // 1000}s")
    return parsed


def fence_delay(text: str) -> Parsed[int]:
    """An `interval` of which only whole seconds count."""
    parsed = interval(text)
    if parsed.value is not None and parsed.value % 1000 and parsed.value != _LONGEST:
        return Parsed(text, parsed.value // 1000 * 1000, None, f"{parsed.value // 1000}s")
    return parsed


_LONGEST = 2**32 - 1


def _not_negative(parsed: Parsed[int]) -> Parsed[int]:
    return parsed if parsed.value is None or parsed.value >= 0 else Parsed(parsed.text, None, "is negative")


def _iso_duration(text: str) -> Parsed[int]:
    days = {"Y": 365, "M": 30, "W": 7, "D": 1}
    seconds = 0
    is_about = False
    whole, rest = text[1:], re.split(r"[\s/]", text[1:], maxsplit=1)[0]
    date, _, time = rest.partition("T")
    for part, is_time in ((date, False), (time, True)):
        at = 0
        while at < len(part):
            match = re.match(r"([0-9]+)([YMWDHS])", part[at:])
            if not match:
                return Parsed(text, None, "is not an ISO 8601 duration")
            number, unit = int(match[1][:12]), match[2]
            if unit == "H":
                seconds += number * 3600
            elif unit == "S":
                seconds += number
            elif unit == "M" and is_time:
                seconds += number * 60
            else:
                seconds += number * days[unit] * 86_400
                is_about = is_about or (unit in "YM" and number > 0)
            at += match.end()
    if not rest.strip("T"):
        return Parsed(text, None, "is not an ISO 8601 duration")
    read = _about(seconds) if is_about or whole != rest else None
    return Parsed(text, seconds * 1000, None, read)


def _about(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    return f"{days} days" if days and not rest else f"{seconds}s"


def port(text: str) -> Parsed[int]:
    """A TCP port, 1 to 65535, written in plain digits."""
    if not re.fullmatch(r"[0-9]+", text):
        return Parsed(text, None, "is not a whole number")
    number = int(text[:12])
    if not 1 <= number <= 65_535:
        return Parsed(text, None, "is not between 1 and 65535")
    return Parsed(text, number)


DEFAULT_REMOTE_PORT = 3121
"""The TCP port of pacemaker_remote where nothing says otherwise."""


def listening_port(text: str | None) -> int:
    """The port that the value of ``PCMK_remote_port`` gives: read by ``strtol``, 3121 if out of range or unset."""
    number = leading_integer(text) if text is not None else None
    return number if number is not None and 1 <= number <= 65_535 else DEFAULT_REMOTE_PORT


def _is_dotted(text: str) -> bool:
    parts = text.split(".")
    return len(parts) == 4 and all(map(_is_octet, parts))


def _is_octet(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) <= 3 and int(part) < 256 and str(int(part)) == part


def is_ip_address(text: str) -> bool:
    """Whether a text is a literal IPv4 or IPv6 address."""
    return canonical_address(text) is not None


def canonical_address(text: str) -> str | None:
    """A literal IP address in one spelling; None for a host name. Dotted quads with leading zeros are not taken for one."""
    if ":" not in text:  # most are dotted or host names, and need no import
        return text if _is_dotted(text) else None
    import ipaddress

    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def is_loopback(text: str) -> bool:
    """Whether a text is a loopback address, or the name that means one on every host."""
    name = fold(text)
    if name in _LOOPBACK_NAMES or name.endswith(".localhost"):
        return True
    address = canonical_address(name.removeprefix("::ffff:"))
    return address is not None and (address == "::1" or address.startswith("127."))


_LOOPBACK_NAMES = frozenset(("localhost", "localhost.localdomain", "localhost4", "localhost6", "ip6-localhost", "ip6-loopback"))


def is_wildcard(text: str) -> bool:
    """Whether a text is the address that stands for all addresses of a host."""
    return canonical_address(fold(text).removeprefix("::ffff:")) in ("0.0.0.0", "::")  # noqa: S104 - nothing binds to it here


def address_distance(start: str, other: str) -> int | None:
    """How many addresses after ``start`` an IP address lies; None where one of the two is no address, or they are of two families."""
    import ipaddress

    try:
        low, high = ipaddress.ip_address(start), ipaddress.ip_address(other)
    except ValueError:
        return None
    return int(high) - int(low) if low.version == high.version else None


def address(text: str) -> Parsed[str]:
    """A host name or an IP address to connect to; no port, no prefix length, no brackets, no blanks."""
    if not text.strip():
        return Parsed(text, None, "is blank")
    if any(map(str.isspace, text)):
        return Parsed(text, None, "contains a blank")
    if "[" in text or "]" in text:
        return Parsed(text, None, "has brackets, which only a URL needs")
    if "/" in text:
        return Parsed(text, None, "has a prefix length" if is_ip_address(text.partition("/")[0]) else "contains a slash")
    if "," in text or ";" in text:
        return Parsed(text, None, "is a list; one address is expected")
    if ":" in text and not re.fullmatch(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?", text):
        return Parsed(text, None, "carries a port, which has an option of its own")
    if text.count(":") == 1:
        return Parsed(text, None, "carries a port, which has an option of its own")
    if ":" in text and canonical_address(text) is None:
        return Parsed(text, None, "is no IPv6 address")
    # Fewer numbers than four may be large; a name that ends in a number is looked up in vain.
    numbers = text.split(".")
    if len(numbers) > 3 and text.isascii() and all(map(str.isdigit, numbers)):
        bytes_ = [number.lstrip("0") for number in numbers]
        if len(bytes_) > 4 or any(len(one) > 3 or int(one or "0") > 255 for one in bytes_):
            return Parsed(text, None, "is no IP address")
    return Parsed(text, text)


def node_list(text: str) -> list[str]:
    """The node names of a ``pcmk_host_list``: separated by commas, semicolons or white space."""
    names = (re.match(r"[A-Za-z0-9_.-]*", entry) for entry in re.split(r"[,;\s]+|\\n", text))
    return [name[0] for name in names if name and name[0] and name[0] not in ("on", "off")]


def host_map(text: str) -> dict[str, str]:
    """A ``pcmk_host_map``: node name to port(s). Entries are separated by semicolon or blank, node and port by colon or '='; of several of
    these in an entry the last one counts, and the node is what stands before it."""
    if "\\" in text:
        return _escaped_map(text)
    parted = (entry.replace("=", ":").split(":") for entry in map_entries(text))
    return {names[-1]: parts[-1] for parts in parted if parts[-1] and (names := [name for name in parts[:-1] if name])}


def map_entries(text: str) -> list[str]:
    """The entries of a map of nodes; some may be empty."""
    return text.replace(";", " ").replace("\t", " ").split(" ")


def _escaped_map(text: str) -> dict[str, str]:
    """A map in which a backslash takes from the character behind it what it means."""
    entries = re.findall(r"(?:\\.|[^; \t])+", text, re.DOTALL)
    parts = (re.fullmatch(rf"(?:.*[:=])?({_PART})[:=]+({_PART})", entry, re.DOTALL) for entry in entries)
    return {part[1]: part[2] for part in parts if part}


_PART = r"(?:\\.|[^:=\\])+"


def fence_delays(text: str) -> list[int]:
    """The delays above 0 in a ``pcmk_delay_base``, in milliseconds: one for all nodes, or one for each."""
    entries = [entry.partition(":")[2] for entry in map_entries(text)] if ":" in text else [text]
    return [delay for entry in entries if (delay := interval(entry).value)]


def parted_map(text: str) -> str:
    """A map of nodes whose entries have semicolons between them, not commas or line breaks; behind the comma of a port no name follows."""
    if "," not in text and "\n" not in text:
        return text
    return re.sub(r"(?<![;,\s])[;,\s]++(?=[A-Za-z][A-Za-z0-9_.-]*[:=])", _parting, text).removeprefix(";")


def _parting(between: re.Match[str]) -> str:
    is_wrong = between[0].endswith("\n") or between[0].rstrip().endswith(",")
    return ";" if is_wrong else between[0]


class Moment(NamedTuple):
    """A point in time, as far as its text tells. ``day`` counts days and is None where it depends on today; ``second`` counts within
    the day, in UTC unless the text names no time zone (``is_local``)."""

    day: int | None
    second: int
    is_local: bool

    def is_before(self, other: Moment) -> bool | None:
        """Whether it comes first; None where that depends on time zone or day."""
        if self.day is None or other.day is None:
            return None
        if self.is_local != other.is_local and abs(self.day - other.day) < _ZONES_APART:
            return None
        return (self.day, self.second) < (other.day, other.second)


# Two time zones are never further apart, in days.
_ZONES_APART = 3
# These are compiled by the first date: most configurations have none.
_DATE = (
    r"(?P<year>[0-9]{1,6})-(?P<month>[0-9]+)-(?P<monthday>[0-9]+)"
    r"|(?P<week_year>[0-9]{1,6})-W(?P<week>[0-9]+)-(?P<weekday>[0-9])"
    r"|(?P<basic_year>[0-9]{4})(?P<basic_month>[0-9]{2})(?P<basic_day>[0-9]{2})"
    r"|(?P<ordinal_year>[0-9]{1,6})-(?P<yearday>[0-9]+)"
    r"|(?P<epoch>(?i:epoch))"
)
_TIME = r"(?P<hour>[0-9]{1,2})(?::?(?P<minute>[0-9]{1,2})(?::?(?P<second>[0-9]{1,2}))?)?"
_ZONE = r"[.0-9]*\s*(?:(?P<utc>Z)|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})?)"


def date(text: str) -> Parsed[Moment]:
    """A date and time of a rule: ISO 8601, or ``epoch``; without a date it is today, without a zone local time. Text that Pacemaker
    skips is skipped (tried with ``iso8601`` of Pacemaker 2.1.5)."""
    day: int | None = None
    rest = text.removeprefix("T")
    if rest == text and text[2:3] != ":":
        found = re.match(_DATE, text)
        if found is None:
            return Parsed(text, None, "is not an ISO 8601 date such as 2030-12-31 or 2030-12-31T23:00:00Z")
        day = _day(found)
        if day is None:
            return Parsed(text, None, "names a day that does not exist")
        rest = text[found.end() :]
        rest = rest[1:] if rest[:1] in ("T", " ") else ""
    clock = re.match(_TIME, rest)
    if clock is None:
        return Parsed(text, Moment(day, 0, is_local=True)) if day is not None else Parsed(text, None, "is not an ISO 8601 date")
    hour, minute, second = (int(part or 0) for part in clock.group("hour", "minute", "second"))
    if (hour > 23 and (hour, minute, second) != (24, 0, 0)) or minute > 59 or second > 59:
        return Parsed(text, None, "names a time of day that does not exist")
    zone = re.match(_ZONE, rest[clock.end() :])
    seconds = hour * 3600 + minute * 60 + second
    if zone is None:
        return Parsed(text, Moment(day, seconds, is_local=True))
    away = 0 if zone["utc"] else int(zone["hours"]) * 3600 + int(zone["minutes"] or 0) * 60
    seconds -= -away if zone["sign"] == "-" else away
    return Parsed(text, Moment(None if day is None else day + seconds // 86_400, seconds % 86_400, is_local=False))


def _day(found: re.Match[str]) -> int | None:
    """The number of the day that a date names; None where there is no such day."""
    import datetime

    numbers = {name: int(part[:9]) for name, part in found.groupdict().items() if part is not None and part.isdecimal()}
    if found["epoch"]:
        return datetime.date(1970, 1, 1).toordinal()
    year = next(numbers[name] for name in ("year", "week_year", "basic_year", "ordinal_year") if name in numbers)
    cycles = max(0, (year - 9600) // 400)  # the calendar repeats after 400 years; Python's ends with the year 9999
    year -= cycles * 400
    try:
        if "week" in numbers:
            made = datetime.date.fromisocalendar(year, numbers["week"], numbers["weekday"])
        elif "yearday" in numbers:
            made = datetime.date(year, 1, 1) + datetime.timedelta(days=numbers["yearday"] - 1)
            if made.year != year:
                return None
        else:
            month, day = (
                numbers.get(name, numbers.get(f"basic_{short}")) for name, short in (("month", "month"), ("monthday", "day"))
            )
            made = datetime.date(year, month or 0, day or 0)
    except (ValueError, OverflowError):
        return None
    return made.toordinal() + cycles * 146_097


def date_range(text: str) -> Parsed[tuple[int | None, int | None]]:
    """A range of a date_spec: ``N``, ``N-M``, ``N-`` or ``-M``; no lists. First and last, None where it is open."""
    match = re.fullmatch(r"([0-9]{1,9})?(-)?([0-9]{1,9})?", text)
    if match is None or not (match[1] or match[3]) or (match[3] and not match[2]):
        reason = "is a list, which Pacemaker does not take" if "," in text else "is no range such as 9, 9-16, 9- or -16"
        return Parsed(text, None, reason)
    low = None if match[1] is None else int(match[1])
    if match[2] is None:
        return Parsed(text, (low, low))
    return Parsed(text, (low, None if match[3] is None else int(match[3])))


_BRACKET = r"\[\^?+(\]?+(?:\[:[^]:]*+:\]|\[=[^]=]*+=\]|\[\.[^].]*+\.\]|[^]])*+)\]"
_IN_BRACKET = r"\[:([^]:]*+):\]|\[[=.].*?[=.]\]|(.)-([^]])|."
_CLASSES = frozenset(
    ["alpha", "upper", "lower", "digit", "xdigit", "alnum", "space", "blank", "print", "graph", "punct", "cntrl"]
)
_LONGEST_PATTERN = 1024
_MOST_TIMES = 32767
"""How often something may be repeated."""


def _bracket_error(inside: str) -> str | None:
    """What is surely wrong with what stands between brackets; how other than plain letters and digits are sorted is left open."""
    for part in re.finditer(_IN_BRACKET, inside, re.DOTALL):
        name, low, high = part.groups()
        if name is not None and name not in _CLASSES:
            return f"has {part[0]!r}, which is no class of letters"
        if low and low > high and re.fullmatch("[0-9]{2}|[a-z]{2}|[A-Z]{2}", low + high):
            return f"has the range {part[0]!r}, which ends before it begins"
    return None


def pattern_error(text: str) -> str | None:
    """What is surely wrong with a ``rsc-pattern``, a POSIX extended regular expression behind an exclamation mark that inverts it;
    a very long one is not looked at."""
    body = text.removeprefix("!")
    if len(body) > _LONGEST_PATTERN:
        return None
    depth, groups, at, has_operand = 0, 0, 0, False
    while at < len(body):
        sign, size = body[at], 1
        if sign == "\\":
            size = 2
            if at + 1 == len(body):
                return "ends in a backslash"
            if body[at + 1] in "123456789" and int(body[at + 1]) > groups:
                return f"refers to group {body[at + 1]}, which is not there"
        elif sign == "[":
            bracket = re.match(_BRACKET, body[at:])
            if bracket is None:
                return "has a '[' that is never closed"
            if (reason := _bracket_error(bracket[1])) is not None:
                return reason
            size = bracket.end()
        elif sign in "*+?{" and not has_operand:
            return f"has a {sign!r} with nothing before it that it could repeat"
        elif sign == "{":
            interval = re.match(r"\{([0-9]*+)(,?)([0-9]*+)\}", body[at:])
            if interval is None or not (interval[1] or interval[2]) or int(interval[1] or 0) > int(interval[3] or _MOST_TIMES):
                return "has a '{' that begins no number of times such as {2} or {2,4}"
            size = interval.end()
        depth += (sign == "(") - (sign == ")" and depth > 0)
        groups += sign == "("
        has_operand = sign not in "(|^$"
        at += size
    return "has a '(' that is never closed" if depth else None
