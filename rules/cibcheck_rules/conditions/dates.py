"""RUL2: dates, durations and recurring times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Judgement, Remove, Rename, problem, rule, safe_fix, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element


TAGS = ("rules", "dates")

_PARTS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")
"""What a duration is made of."""

_UNREAD_PARTS = ("monthdays", "weekdays", "weekyears", "yearsdays", "moon")
"""What the schema allows there besides."""

_MOST = 2**31 - 1


def _ends(expression: Element) -> Iterator[str]:
    """The ends that an operation reads; it is in_range where it is not given."""
    operation = v.fold(expression.get("operation", "in_range"))
    read = {"in_range": ("start", "end"), "gt": ("start",), "lt": ("end",)}.get(operation, ())
    yield from (name for name in read if name in expression.attrib)


@rule("RUL201", "invalid-date", severity=ERROR, tags=TAGS)
def invalid_date(cib: Cib) -> Findings:
    """The start or end of a date_expression is no date.

    Dates are ISO 8601: `2030-12-31`, `2030-12-31 23:00`, `2030-12-31T23:00:00Z`; a day of the year `2030-365` or week `2030-W52-5`. With
    Pacemaker 3.0 the condition is never true; 2.1 takes an `in_range` as if that end were open.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01" end="«31.12.2035»"/></rule></rsc_location>
    ```

    A day that does not exist:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="lt" end="«2035-02-29»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01" end="2035-12-31 23:59:59"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", date/time expressions
    - iso8601 and crm_simulate 2.1.5, tried; crm_verify 3.0.2 reports an error
    """
    for _, expression in cib.conditions("date_expression"):
        for name in _ends(expression):
            text = expression.get(name, "")
            if (reason := v.date(text).reason) is not None:
                yield problem(
                    cib.document.place(expression, name),
                    f"{name} {text!r} {reason}",
                    consequence="with Pacemaker 3.0 the condition is never true; 2.1 may take that end as open",
                    help="write a date such as 2035-12-31 or 2035-12-31T23:00:00Z",
                )


@rule("RUL202", "end-before-start", severity=WARNING, tags=TAGS)
def end_before_start(cib: Cib) -> Findings:
    """A range of dates ends before it starts.

    The condition is never true. The same goes for two conditions under `and` of which one is over when the other begins.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2036-01-01" end="«2035-12-31»"/></rule></rsc_location>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-from" operation="gt" start="2036-01-01"/>
      <date_expression id="loc-to" operation="lt" end="«2035-12-31»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-12-31" end="2036-01-01"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    for use in {id(use): use for use, _ in cib.conditions("date_expression")}.values():
        for element in (use.element, *use.nested):
            dates = list(element.iterchildren("date_expression"))
            if v.fold(element.get("boolean-op", "and")) == "or":
                groups = [[one] for one in dates]
            else:
                groups = [dates] if all(one.get("operation") in ("gt", "lt") for one in dates) else [[one] for one in dates]
            for group in groups:
                starts = [(when, one) for one in group if "start" in _ends(one) and (when := v.date(one.get("start", "")).value)]
                ends = [(when, one) for one in group if "end" in _ends(one) and (when := v.date(one.get("end", "")).value)]
                clash = next(((s, e) for s in starts[:1] for e in ends if _is_over(e[0], s[0])), None)
                if clash is not None:
                    (_, first), (_, last) = clash
                    yield problem(
                        cib.document.place(last, "end"),
                        f"end {last.get('end')!r} is not after start {first.get('start')!r}",
                        consequence="the condition is never true"
                        if first is last
                        else f"rule {element.get('id')!r} is never true",
                        help="turn the two round, if that is meant",
                        related=[(cib.document.place(first, "start"), "the start")],
                    )


def _is_over(end: v.Moment, start: v.Moment) -> bool:
    return start.is_before(end) is False


@rule("RUL203", "invalid-duration", severity=ERROR, tags=TAGS)
def invalid_duration(cib: Cib) -> Findings:
    """A part of a duration is no whole number.

    With Pacemaker 3.0 the condition is never true; the same goes for a number above 2147483647. What stands behind a number is not read, so
    that half a day cannot be written as `days="0.5"`. A duration of 0 ends when it starts, and a number below 0 shortens it. The schema
    allows some parts of a date_spec, such as monthdays, which mean nothing in a duration.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01"><duration id="loc-for" hours="«two»"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01"><duration id="loc-for" hours="2"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", date/time expressions
    - crm_verify 3.0.2 reports an error
    """
    for _, expression in cib.conditions("date_expression"):
        for duration in expression.iterchildren("duration"):
            for name in _PARTS:
                text = duration.get(name)
                number = v.leading_integer(text) if text is not None else None
                if text is None or (number is not None and text.strip().removeprefix("+").isdecimal() and 0 < number <= _MOST):
                    continue
                message, follows = f"{text!r} is no number of {name}", "with Pacemaker 3.0 the condition is never true"
                if number is not None and number <= 0:
                    message = f"a duration of {text} {name}"
                    follows = "that part takes from the others" if number < 0 else "that part adds nothing"
                elif number is not None and number <= _MOST:
                    message, follows = f"{text!r} is no whole number of {name}", f"it counts as {number}"
                yield problem(
                    cib.document.place(duration, name),
                    message,
                    consequence=follows,
                    help="write a whole number above 0",
                    at_most=None if number is None or number > _MOST else WARNING,
                )
            for name in _UNREAD_PARTS:
                if name in duration.attrib:
                    yield problem(
                        cib.document.place(duration, name),
                        f"a duration has no {name}",
                        consequence="Pacemaker does not read it",
                        help=f"use {', '.join(_PARTS[:-1])} or {_PARTS[-1]}",
                        at_most=WARNING,
                    )


@rule("RUL204", "duration-beside-end", severity=WARNING, tags=TAGS, fix="safe")
def duration_beside_end(cib: Cib) -> Findings:
    """A range of dates has both an end and a duration.

    The end counts, and the duration is ignored. A duration needs a start.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01" end="2035-02-01"><«duration» id="loc-for" hours="2"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="in_range" start="2035-01-01" end="2035-02-01"/>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    for _, expression in cib.conditions("date_expression"):
        for duration in expression.iterchildren("duration"):
            if v.fold(expression.get("operation", "in_range")) == "in_range" and "end" in expression.attrib:
                yield problem(
                    cib.document.place(duration, "@"),
                    f"date_expression {expression.get('id')!r} has an end and a duration",
                    consequence="the duration is ignored",
                    help="keep one of the two",
                    related=[(cib.document.place(expression, "end"), "this counts")],
                    fix=safe_fix("remove the duration", Remove(cib.document.place(duration))),
                )


@rule("RUL208", "date-is-over", severity=INFO, tags=TAGS)
def date_is_over(cib: Cib, *, today: str = "") -> Findings:
    """A date has passed, so that a condition will never be true again.

    What it guards is a leftover: the value or constraint does not count any more. Beside others under `or` only the condition is one. The
    option `today` sets another day than today, as `YYYY-MM-DD`.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="cli-prefer-web" rsc="web"><rule id="loc-rule" score="INFINITY" boolean-op="and">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/>
      <date_expression id="loc-date" operation="lt" end="«2021-03-01 12:00:00Z»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="cli-prefer-web" rsc="web"><rule id="loc-rule" score="INFINITY" boolean-op="and">
      <expression id="loc-name" attribute="#uname" operation="eq" value="node1"/>
      <date_expression id="loc-date" operation="lt" end="2999-03-01 12:00:00Z"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", date/time expressions
    - crm_resource(8), --lifetime
    """
    now: int | None = None
    for _, expression in cib.conditions("date_expression"):
        end = v.date(expression.get("end", "")).value if "end" in _ends(expression) else None
        if end is None or end.day is None:
            continue
        if now is None:
            given = v.date(today).value
            now = given.day if given is not None else None
            now = _today() if now is None else now
        if end.day < now - 1:
            yield problem(
                cib.document.place(expression, "end"),
                f"{expression.get('end')!r} is over",
                consequence="the condition will never be true again",
                help="remove the condition" if _has_alternative(expression) else "remove what it guards",
            )


def _has_alternative(expression: Element) -> bool:
    """Whether a rule around a condition may be true without it."""
    return any(len(outer) > 1 and v.fold(outer.get("boolean-op", "and")) == "or" for outer in expression.iterancestors("rule"))


def _today() -> int:
    import datetime

    return datetime.datetime.now(tz=datetime.UTC).date().toordinal()


_LIMITS: dict[str, tuple[int, int] | None] = {
    "years": None, "weekyears": None, "months": (1, 12), "monthdays": (1, 31), "yeardays": (1, 366), "weeks": (1, 53),
    "weekdays": (1, 7), "hours": (0, 23), "minutes": (0, 59), "seconds": (0, 59),
}  # fmt: skip
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _specs(cib: Cib) -> Iterator[Element]:
    for _, expression in cib.conditions("date_expression"):
        if v.fold(expression.get("operation", "in_range")) == "date_spec":
            yield from expression.iterchildren("date_spec")


@rule("RUL205", "invalid-date-range", severity=ERROR, tags=TAGS)
def invalid_date_range(cib: Cib) -> Findings:
    """A part of a date_spec is no range.

    A range is one number, or two with a hyphen; one of the two may be left out: `9`, `9-16`, `9-`, `-16`. There are no lists, names or
    steps. With Pacemaker 3.0 the condition is never true; 2.1 takes it as true at any time.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" weekdays="«1,3,5»"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY" boolean-op="or">
      <date_expression id="loc-mon" operation="date_spec"><date_spec id="loc-spec-mon" weekdays="1"/></date_expression>
      <date_expression id="loc-wed" operation="date_spec"><date_spec id="loc-spec-wed" weekdays="3"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", date specifications
    - crm_simulate 2.1.5, tried; crm_verify 3.0.2 reports an error
    """
    for spec in _specs(cib):
        for name in _LIMITS:
            text = spec.get(name)
            if text is not None and (reason := v.date_range(text).reason) is not None:
                yield problem(
                    cib.document.place(spec, name),
                    f"{name} {text!r} {reason}",
                    consequence="with Pacemaker 3.0 the condition is never true, with 2.1 the part may hold at any time",
                    help='write a range such as 9-16; for several, use several conditions under boolean-op="or"',
                )


@rule("RUL206", "impossible-date-range", severity=WARNING, tags=TAGS)
def impossible_date_range(cib: Cib) -> Findings:
    """A part of a date_spec is never met.

    A range does not wrap round: `hours="22-6"` is never true. Months go from 1 to 12, days of the month to 31, weekdays from 1 (Monday) to 7,
    hours from 0 to 23, minutes and seconds from 0 to 59, weeks from 1 to 53, days of the year to 366. A number beyond that is never met;
    nor is a day that none of the months has.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" hours="«22-6»"/></date_expression>
    </rule></rsc_location>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" months="2" monthdays="«30»"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY" boolean-op="or">
      <date_expression id="loc-late" operation="date_spec"><date_spec id="loc-spec-late" hours="22-23"/></date_expression>
      <date_expression id="loc-early" operation="date_spec"><date_spec id="loc-spec-early" hours="0-5"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Rules", date specifications
    - crm_simulate 2.1.5, tried
    """
    for spec in _specs(cib):
        for name, limits in _LIMITS.items():
            found = v.date_range(spec.get(name, "")).value
            if found is not None and (reason := _never(spec, name, found, limits)) is not None:
                beyond, text = reason
                yield problem(
                    cib.document.place(spec, name),
                    f"{name} {spec.get(name)!r} {text}",
                    consequence="the part of the range that is beyond the limit is never met"
                    if beyond
                    else "the condition is never true",
                    help='use two conditions under boolean-op="or" for a range that wraps round'
                    if "ends" in text
                    else "correct it",
                )


def _never(
    spec: Element, name: str, found: tuple[int | None, int | None], limits: tuple[int, int] | None
) -> tuple[bool, str] | None:
    """Why a range is never met, and whether that is so for a part of it only."""
    low, high = found
    if low is not None and high is not None and low > high:
        return False, "ends before it starts"
    if limits is None:
        return None
    least, most = limits
    if (low is not None and low > most) or (high is not None and high < least):
        return False, f"is not between {least} and {most}"
    if (high is not None and high > most) or (low is not None and low < least):
        return True, f"goes beyond {least} to {most}"
    months = v.date_range(spec.get("months", "1-12")).value
    if name == "monthdays" and low is not None and months is not None:
        named = _LONGEST_MONTH[max((months[0] or 1) - 1, 0) : months[1] or 12]
        if named and low > max(named):
            return False, "is a day that none of the months has"
    return None


@rule("RUL207", "empty-date-spec", severity=WARNING, tags=TAGS)
def empty_date_spec(cib: Cib) -> Findings:
    """A date_spec says nothing.

    It is true at any time.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><«date_spec» id="loc-spec"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" hours="9-16"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    - crm_simulate 2.1.5, tried
    """
    for spec in _specs(cib):
        if not any(name in spec.attrib for name in (*_LIMITS, "moon", "yearsdays")):
            yield problem(
                cib.document.place(spec, "@"),
                f"date_spec {spec.get('id')!r} says nothing",
                consequence="it is true at any time",
                help='say when, such as hours="9-16"',
            )


@rule("RUL209", "moon-phase", severity=WARNING, tags=(*TAGS, "deprecated"))
def moon_phase(cib: Cib) -> Findings:
    """A date_spec goes by the phase of the moon.

    Deprecated since 2.1.6. Pacemaker 3.0 drops `moon` when it converts the CIB; a date_spec that says nothing else is then true at any time.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" moon="«4»"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" monthdays="1"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-0.xsl and following
    """
    for spec in _specs(cib):
        if "moon" in spec.attrib:
            yield problem(
                cib.document.place(spec, "moon"),
                f"date_spec {spec.get('id')!r} goes by the phase of the moon",
                consequence="Pacemaker 3.0 drops it",
                help="say when by other parts",
            )


_YEARDAYS_SINCE = (3, 9)
"""The first schema that has the spelling that Pacemaker reads."""


@rule("RUL210", "yearsdays", severity=ERROR, tags=TAGS, fix="unsafe")
def yearsdays(cib: Cib, judgement: Judgement) -> Findings:
    """A date_spec has `yearsdays`, which Pacemaker does not read.

    The schema has always had the word with one s too many, and crmsh writes it so; Pacemaker reads `yeardays`, which the schema has since
    3.9. A date_spec with `yearsdays` alone is true at any time.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" «yearsdays»="1-90"/></date_expression>
    </rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <date_expression id="loc-date" operation="date_spec"><date_spec id="loc-spec" yeardays="1-90"/></date_expression>
    </rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c and xml/rule-3.9.rng
    - crm_simulate 2.1.5, tried
    """
    is_known = judgement.version >= _YEARDAYS_SINCE
    for spec in _specs(cib):
        if "yearsdays" in spec.attrib:
            place = cib.document.place(spec, "@yearsdays")
            yield problem(
                place,
                f"date_spec {spec.get('id')!r} has yearsdays, which Pacemaker does not read",
                label="read is yeardays",
                consequence="that part is true on any day",
                help="write yeardays"
                if is_known
                else "declare schema 3.9 or later and write yeardays, or use months and monthdays",
                # What was true on any day is true on some.
                fix=unsafe_fix("write yeardays instead of yearsdays", Rename(place, "yeardays")) if is_known else None,
            )
