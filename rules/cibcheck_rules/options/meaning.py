"""What a bad value was meant to be, and what to write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import happened, nearest, values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cibcheck.api import Option

_TIMES = frozenset(("interval", "timeout", "op_timeout", "delay", "fence_delay"))
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
        return _infinity(stripped)
    if option.type in _TIMES:
        return _time(option, stripped)
    if option.type == "percentage" and re.fullmatch(r"[0-9]+(\.[0-9]+)?", stripped):
        return f"{stripped}%", True
    return None, False


def _infinity(text: str) -> tuple[str | None, bool]:
    match = re.fullmatch(r"([+-]?)(inf|infinite|infinity)", text.lower())
    return (f"{match[1].replace('+', '')}INFINITY", True) if match else (None, False)


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
