"""VAL1: pairs as such, whatever their names: in a set, and in the sets of one owner; scores and times, wherever they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Place, Remove, SetValue, options, problem, rule, safe_fix, unsafe_fix, values
from cibcheck_rules import alerts
from cibcheck_rules.options import cluster, fencing, operation, resource
from cibcheck_rules.options.judging import SHARED, TIMES, pairs, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Cib, Element, Findings, Fix, Option
    from cibcheck_rules.options.judging import Home

TAGS = ("values",)


@rule("VAL101", "repeated-pair", severity=WARNING, tags=TAGS, fix="safe")
def repeated_pair(cib: Cib) -> Findings:
    """A set has two pairs of one name.

    The first one counts, and the other is dropped without a word. Two places are different: of the options that make a guest node the last one
    counts, and of an operation's meta-attributes Pacemaker 2.1 takes the last one, too.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta">
        <nvpair id="web-priority" name="priority" value="10"/>
        <nvpair id="web-priority-2" name="«priority»" value="20"/>
      </meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-priority" name="priority" value="20"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, lib/common/nvpair.c: unpack_nvpair; lib/pengine/pe_actions.c
    - crm_resource and crm_simulate 2.1.5, tried
    """
    for pair, first in cib.written.repeated:
        name = pair.get("name", "")
        is_same = pair.get("value") == first.get("value")
        if name == "remote-node" and _is_of_guest(pair):
            continue  # REM203
        otherwise = _last_counts(pair)
        yield problem(
            Place(cib.document, pair, "name"),
            f"{name!r} is set twice in one set",
            consequence="both say the same" if is_same else otherwise or "the first one counts, this one is dropped",
            help="remove one of them",
            related=[(Place(cib.document, first, "name"), "the first one" if otherwise else "counts")],
            key=name,
            fix=None if otherwise and not is_same else _removal(cib, pair, f"remove the second {name!r}"),
            at_most=INFO if is_same else None,
        )


def _is_of_guest(pair: Element) -> bool:
    """Whether a pair makes a guest node, or says where it is. Pacemaker reads these as they are written, and the last one counts."""
    owner = pair.getparent()
    return (
        pair.get("name", "").startswith("remote-")
        and owner is not None
        and owner.tag == "meta_attributes"
        and next(owner.iterancestors()).tag == "primitive"
    )


def _last_counts(pair: Element) -> str | None:
    """What follows where the last of two pairs counts, in some release at least."""
    if _is_of_guest(pair):
        return "of a guest node's options the last one counts"
    owned = next(pair.iterancestors("meta_attributes"), None)
    if owned is not None and _is_of_operation(owned):
        return "of an operation's options Pacemaker 2.1 takes the last one, later releases the first"
    return None


def _is_of_operation(held: Element) -> bool:
    """Whether a set has the meta-attributes of an operation. Pacemaker 2.1 lets each pair that it reads there replace the one before."""
    owner = held.getparent()
    return held.tag == "meta_attributes" and owner is not None and owner.tag == "op"


def _removal(cib: Cib, pair: Element, title: str) -> Fix:
    is_shared = next(pair.iterancestors(*SHARED), None) is not None
    return (unsafe_fix if is_shared else safe_fix)(title, Remove(Place(cib.document, pair)))


@rule("VAL102", "pair-without-value", severity=WARNING, tags=(*TAGS, "upgrade"), fix="safe")
def pair_without_value(cib: Cib) -> Findings:
    """A pair has a name, but no value.

    Pacemaker skips it, and its schema 4.0 does not allow it any more. An empty value is one.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><«nvpair» id="web-priority" name="priority"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-priority" name="priority" value="10"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, lib/common/nvpair.c: unpack_nvpair; xml/nvset-4.0.rng
    """
    for pair in cib.written.without_value:
        yield problem(
            Place(cib.document, pair, "@"),
            f"{pair.get('name', '')!r} has no value",
            consequence="Pacemaker skips it",
            help="give it a value, or remove it",
            key=pair.get("name"),
            fix=_removal(cib, pair, f"remove {pair.get('name', '')!r}"),
        )


@rule("VAL103", "literal-default", severity=WARNING, tags=(*TAGS, "upgrade"))
def literal_default(cib: Cib) -> Findings:
    """A pair has the value `#default`.

    It takes back what a set of a higher score says of the name: a set of a lower score counts then, or the default. In the set with the highest
    score there is nothing to take back, and it does nothing. It is deprecated since Pacemaker 2.1.8.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-priority" name="priority" value="«#default»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-priority" name="priority" value="0"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker 2.1.8, release notes (ChangeLog)
    - crm_simulate 2.1.5, tried with target-role in two sets
    """
    for home, names in cib.written.by_home.items():
        if home[0] == "@":
            continue
        for name, by_value in names.items():
            for text in _DEFAULTS & by_value.keys():
                for pair in by_value[text]:
                    yield problem(
                        Place(cib.document, pair, "value"),
                        f"{name} is {text!r}, which is deprecated since Pacemaker 2.1.8",
                        consequence="a later release will take it for an ordinary value",
                        help="remove it, or write the value that is meant",
                        key=name,
                    )


_DEFAULTS = frozenset(("#default", "#Default", "#DEFAULT"))


@rule("VAL104", "pair-in-two-sets", severity=INFO, tags=TAGS)
def pair_in_two_sets(cib: Cib) -> Findings:
    """Two sets of one owner give a name different values, and nothing says which of them counts.

    Pacemaker takes the last such set of the document (of cluster options, always `cib-bootstrap-options`). Tools that write the CIB anew may
    change the order. Of an operation's meta-attributes Pacemaker 2.1 takes the first such set. Sets with different scores, or with rules, are
    there to differ.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta-1"><nvpair id="web-priority-1" name="«priority»" value="10"/></meta_attributes>
      <meta_attributes id="web-meta-2"><nvpair id="web-priority-2" name="priority" value="20"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <meta_attributes id="web-meta-1"><nvpair id="web-priority-1" name="priority" value="10"/></meta_attributes>
      <meta_attributes id="web-meta-2" score="2"><nvpair id="web-priority-2" name="priority" value="20"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_resource 2.1.5 and 3.0.2, crm_simulate 2.1.5, tried
    """
    for rivals in cib.written.rivals:
        seen: dict[tuple[str, int], Element] = {}
        is_of_operation = _is_of_operation(rivals[0])
        for one in _by_weight(rivals):
            number = values.score(one.get("score") or "0").value or 0
            for pair in one.iterchildren("nvpair"):
                name = pair.get("name", "")
                winner = seen.setdefault((name, number), pair)
                is_other = winner.getparent() is not one and winner.get("value") != pair.get("value")
                if is_other and not (name == "remote-node" and _is_of_guest(pair)):  # REM203
                    yield problem(
                        Place(cib.document, pair, "name"),
                        f"{name!r} is set in another set of the same score, to another value",
                        consequence="Pacemaker 2.1 takes this one, later releases the other one"
                        if is_of_operation
                        else "the other one counts, whatever the order was meant to be",
                        help="remove one of them" if is_of_operation else "remove one of them, or give the sets different scores",
                        related=[(Place(cib.document, winner, "name"), "the other one" if is_of_operation else "counts")],
                        key=name,
                    )


def _by_weight(rivals: Sequence[Element]) -> list[Element]:
    """The sets without rules; of those with the same score, the one that counts first."""
    plain = [one for one in reversed(rivals) if one.find("rule") is None and one.get("id-ref") is None]
    return sorted(plain, key=lambda one: one.get("id") != "cib-bootstrap-options" or one.tag != "cluster_property_set")


@rule("VAL105", "score-beyond-infinity", severity=INFO, tags=TAGS, fix="safe")
def score_beyond_infinity(cib: Cib) -> Findings:
    """A score of a constraint, rule or set is beyond INFINITY, which is 1000000.

    Pacemaker takes it for INFINITY, or -INFINITY, without a word: what was to be a strong preference is compulsory.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="«2000000»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="INFINITY"/>
    ```

    References:
    - Pacemaker Explained, "Scores"
    """
    for element in _scored(cib):
        text = element.get("score", "")
        read = values.score(text).read if len(text) > _SHORT else None
        if read is not None and read.endswith("INFINITY"):
            place = Place(cib.document, element, "score")
            yield problem(
                place,
                f"the score {text} is beyond {read}",
                consequence=f"Pacemaker takes it for {read}: {'it must be so' if read == 'INFINITY' else 'it must never be so'}",
                help=f"write {read}, or a smaller number for a preference",
                fix=safe_fix(f"write {read!r} instead of {text!r}", SetValue(place, read)),
            )


_SHORT = len("999999")


def _scored(cib: Cib) -> Iterator[Element]:
    """What has a score that counts: constraints, rules, and sets of which one owner has several."""
    for constraint in (*cib.locations, *cib.colocations) if cib.knows("constraints") else ():
        yield constraint.element
        yield from constraint.sets
    for use in cib.rules:
        yield from (use.element, *use.nested)
    for sets in cib.written.rivals:
        yield from sets


@rule("VAL106", "time-that-looks-like-milliseconds", severity=WARNING, tags=TAGS, fix="unsafe")
def time_that_looks_like_milliseconds(cib: Cib) -> Findings:
    """A time is so many thousands, without a unit.

    Pacemaker takes a number for seconds: `30000` is more than eight hours. A timeout that long is none, and a monitor that rarely runs notices
    nothing. Some other programs count milliseconds. Numbers below 10000, which may be meant, are only noted, and whole hours up to a day
    are not.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" timeout="«30000»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="10000ms" timeout="30s"/>
        <op id="web-start" name="start" interval="0" timeout="3600"/>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Time specification"
    """
    for home, option, text, elements in _timed(cib):
        if option.type not in TIMES or not (text.endswith("000") and text.isascii() and text.isdecimal() and len(text) < _LONG):
            continue
        seconds = int(text)
        if seconds == 0 or (seconds % _HOUR == 0 and seconds <= _DAY):
            continue
        for pair in pairs(cib, home, option, text, elements):
            if not pair.is_overridden:
                yield problem(
                    pair.place,
                    f"{option.name} is {text!r}, without a unit",
                    consequence=f"Pacemaker takes it for seconds, which are {_spelt(seconds)}",
                    help=f"write {seconds // 1000}s if these are milliseconds, else {seconds}s",
                    key=option.name,
                    fix=pair.valued(f"{seconds // 1000}s", is_safe=False),
                    at_most=INFO if seconds < _SURELY else None,
                )


_LONG = 16
_HOUR, _DAY = 3600, 86400
_SURELY = 10000


def _timed(cib: Cib) -> Iterator[tuple[Home, Option, str, Sequence[Element]]]:
    """The options of the tables that have times, as they are written."""
    yield from written(cib, options("Cluster options"), cluster.HOMES)
    yield from written(cib, options("Resource meta-attributes"), resource.HOMES)
    yield from written(cib, options("Operation options"), (operation.ATTRIBUTES, *operation.META))
    yield from written(cib, options("Parameters of fence devices"), fencing.HOMES)
    yield from written(cib, options("Alert meta-attributes"), alerts.META)


def _spelt(seconds: int) -> str:
    """A time in the two largest units that it has."""
    units = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
    parts = []
    for unit, length in units:
        number, seconds = divmod(seconds, length)
        if number:
            parts.append(f"{number} {unit}{'s' if number > 1 else ''}")
    return " and ".join(parts[:2])
