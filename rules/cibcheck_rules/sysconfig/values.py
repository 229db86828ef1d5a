"""SYS2: values that Pacemaker does not accept, or takes otherwise than one would think."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, SetValue, nearest, problem, quoted, rule, safe_fix, unsafe_fix, values
from cibcheck_rules.sysconfig.settings import (
    NUMBERS,
    REDACTED,
    facts,
    is_in,
    is_on,
    modern,
    odd,
    removal,
    removed_in,
    settings,
    unclear,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Assignment, Findings, Fix, Sysconfig, Target
    from cibcheck_rules.sysconfig.settings import Row


@rule("SYS201", "bad-value", severity=ERROR, tags=("sysconfig",), fix="sometimes")
def bad_value(file: Sysconfig, target: Target) -> Findings:
    """A variable has a value that Pacemaker does not accept.

    Most daemons say nothing, or log one line at start-up, and go on with the default. The finding's key is the name of the
    variable.

    Bad:

    ```sysconfig node1
    PCMK_remote_port=«70000»
    PCMK_fail_fast="«maybe»"
    PCMK_logpriority=«warn»
    PCMK_logfile=«pacemaker.log»
    PCMK_debug=«pacemaker-execd,crmd»
    PCMK_remote_address=«192.0.2.17:3121»
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_fail_fast="yes"
    PCMK_logpriority=warning
    PCMK_logfile=/var/log/pacemaker.log
    PCMK_debug=pacemaker-execd,pacemaker-controld
    PCMK_remote_address=192.0.2.17
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    - Pacemaker Explained, "Local options"
    """
    for name, assignment, row in _judged(file, target):
        if fault := _fault(row, assignment.value, target):
            yield problem(
                Place(file, assignment, "value"),
                f"{name} is {assignment.value!r}, which {fault}",
                consequence=row["invalid"],
                help=_remedy(row, assignment.value),
                key=name,
                fix=_writing(file, assignment, _meant(row, assignment.value)),
            )


def _writing(file: Sysconfig, assignment: Assignment, value: str | None) -> Fix | None:
    """The fix that gives a variable another value."""
    if value is None:
        return None
    return unsafe_fix(f"set {assignment.name} to {value!r}", SetValue(Place(file, assignment, "value"), value))


def _meant(row: Row, value: str) -> str | None:
    """The valid value that an invalid one surely stands for: a word that is nearly one, daemons by their old names."""
    if row["type"] == "enum":
        return _near(row, value)
    if row["type"] == "subsystems":
        words = [facts()["daemons"]["renamed"].get(word, word) for word in _words(value)]
        return ",".join(words) if words and set(words) <= set(facts()["daemons"]["names"]) else None
    return None


def _near(row: Row, value: str) -> str | None:
    """The value of a list that is nearest to another."""
    return nearest(value, row["values"]) or next((one for one in row["values"] if one.startswith(value.lower())), None)


def _judged(file: Sysconfig, target: Target) -> Iterator[tuple[str, Assignment, Row]]:
    """The settings with a value that Pacemaker gets as it was meant: not spoilt, removed, empty or masked."""
    doubtful = unclear(file)
    for name, assignment, row in settings(file):
        judgeable = assignment.value and assignment not in doubtful and not re.fullmatch(REDACTED, assignment.value)
        if judgeable and len(removed_in(row, target)) < len(target.lines):
            yield name, assignment, row


def _fault(row: Row, value: str, target: Target) -> str | None:
    """What is wrong with a value, as the end of a sentence; None if Pacemaker accepts it in some release of the target."""
    match row["type"]:
        case "boolean":
            return values.boolean(value).reason
        case "port" | "integer" as kind:
            return _number_fault(kind, value)
        case "octal":
            return None if _octal(value) is not None else "is not a file mode of up to four octal digits"
        case "enum":
            return _enum_fault(row, value, target)
        case "path":
            return None if value.startswith("/") or value.lower() in row.get("words", ()) else "is not an absolute path"
        case "address":
            return _address_fault(value)
        case "subsystems":
            unknown = [word for word in _words(value) if word not in facts()["daemons"]["names"]]
            return f"has {quoted(unknown)} in it, which is no daemon" if unknown else None
        case "priorities":
            return "is not a priority string of GnuTLS" if re.search(r"[\s#;\"']", value) else None
    return None


def _number_fault(kind: str, value: str) -> str | None:
    number = values.leading_integer(value)
    if number is None:
        return "is not a number"
    if kind == "port" and not 1 <= number <= _HIGHEST_PORT:
        return "is not between 1 and 65535"
    return None


_HIGHEST_PORT = 65535


def _octal(value: str) -> str | None:
    """The octal digits at the start of a value, if they make a file mode."""
    match = re.match(r"[0-7]*[1-7][0-7]*", value)
    return match[0] if match and int(match[0], 8) <= _ALL_BITS else None


_ALL_BITS = 0o7777


def _enum_fault(row: Row, value: str, target: Target) -> str | None:
    allowed = [*row["values"], *row.get("accepted", ())]
    lower = value.lower()
    if value in allowed or lower in row.get("words", ()):
        return None
    if lower not in allowed:
        return "is none of the values that it can have"
    return None if any(_is_any_case(row, line) for line in target.lines) else "is not written in lower case"


def _is_any_case(row: Row, line: str) -> bool:
    """Whether a release line accepts the values in any case."""
    any_case = row.get("any_case", False)
    return any_case is True or (isinstance(any_case, str) and not is_in(any_case, line))


def _address_fault(value: str) -> str | None:
    if reason := values.address(value).reason:
        return reason
    octets = value.split(".")
    if (
        len(octets) == _OCTETS
        and all(octet.isdecimal() for octet in octets)
        and any(int(octet[:9]) > _HIGHEST_OCTET for octet in octets)
    ):
        return "is not an IPv4 address"
    return None


_OCTETS, _HIGHEST_OCTET = 4, 255


def _words(value: str) -> list[str]:
    """The daemons that a value names, however it separates them; none for a boolean."""
    return [] if values.boolean(value).value is not None else [word for word in re.split(r"[,;\s]+", value) if word]


def _remedy(row: Row, value: str) -> str:
    """What to write instead of an invalid value."""
    match row["type"]:
        case "boolean":
            return "write yes or no"
        case "port":
            return "write a port from 1 to 65535, in plain digits"
        case "integer":
            return "write a number in plain digits"
        case "octal":
            return "write up to four octal digits, such as 0640"
        case "enum":
            near = _near(row, value)
            return (f"did you mean {near}? " if near else "") + "possible values: " + ", ".join(row["values"])
        case "path":
            return "write the whole path, from / on" + "".join(f", or {word}" for word in row.get("words", ()))
        case "address":
            return "write one host name or IP address"
        case "subsystems":
            renamed = {old: new for old, new in facts()["daemons"]["renamed"].items() if old in _words(value)}
            if renamed:
                return "write " + ", ".join(f"{new} for {old}" for old, new in renamed.items())
            return "write yes, no or daemons separated by commas: " + ", ".join(facts()["daemons"]["names"])
    return "see the comment in the file that Pacemaker ships"


@rule("SYS202", "text-after-number", severity=WARNING, tags=("sysconfig",), fix="sometimes")
def text_after_number(file: Sysconfig, target: Target) -> Findings:
    """A number has other characters around it.

    Pacemaker reads the digits at the start and ignores the rest. It works, but hardly says what was meant.

    Bad:

    ```sysconfig node1
    PCMK_remote_port="«3122 # as in the CIB»"
    ```

    Good:

    ```sysconfig node1
    # as in the CIB
    PCMK_remote_port=3122
    ```

    References:
    - strtol(3)
    """
    for name, assignment, row, digits in _numbers_with_text(file, target):
        if not re.match(_CUT_SHORT, assignment.value):
            yield problem(
                Place(file, assignment, "value"),
                f"{name} is {assignment.value!r}, of which only the number counts",
                consequence=row.get("partly", f"Pacemaker reads {digits} and ignores the rest"),
                help="write the number alone",
                key=name,
                fix=_number_alone(file, assignment, row, digits),
            )


def _number_alone(file: Sysconfig, assignment: Assignment, row: Row, digits: str) -> Fix:
    """The fix that leaves nothing but the number that is read anyway, in most releases at least."""
    make = unsafe_fix if "partly" in row else safe_fix
    return make(f"set {assignment.name} to {digits!r}", SetValue(Place(file, assignment, "value"), digits))


def _numbers_with_text(file: Sysconfig, target: Target) -> Iterator[tuple[str, Assignment, Row, str]]:
    """The numbers that are written with more than digits, and the digits that count. Those with a comment behind are SYS022's."""
    behind = {oddity.assignment for oddity in odd(file, "trailing-comment", "operator", "second-word", "several-assignments")}
    for name, assignment, row in _judged(file, target):
        value = assignment.value
        if row["type"] in ("octal", *NUMBERS) and not re.fullmatch(r"-?[0-9]+", value) and assignment not in behind:
            digits = _octal(value) if row["type"] == "octal" else str(values.leading_integer(value))
            if digits and not _fault(row, value, target):
                yield name, assignment, row, digits


# 3,121 or 31.21 or 3121x22: more of the number follows where Pacemaker stops reading.
_CUT_SHORT = r"\s*[+-]?[0-9]+[^\s0-9]\S*[0-9]"


@rule("SYS203", "empty-value-breaks", severity=ERROR, tags=("sysconfig",), fix="unsafe")
def empty_value_breaks(file: Sysconfig, target: Target) -> Findings:
    """A variable is set to nothing, which is not the same as leaving it out.

    The comments in the file show many defaults as `NAME=""`. For some variables that is not the default at all once it is set.

    Bad:

    ```sysconfig node1
    «PCMK_remote_address=""»
    «PCMK_tls_priorities=»
    ```

    Good:

    ```sysconfig node1
    # PCMK_remote_address=""
    # PCMK_tls_priorities=
    PCMK_ca_file=""
    ```

    References:
    - Pacemaker Explained, "Local options"
    """
    for name, assignment, row in settings(file):
        if not assignment.value and "empty_error" in row and all(_breaks_if_empty(row, line) for line in target.lines):
            yield problem(
                Place(file, assignment),
                f"{name} is set to nothing",
                consequence=row["empty_error"],
                help="comment the line out to get the default" + (f", {row['default']}" if "default" in row else ""),
                key=name,
                fix=removal(file, assignment),
            )


def _breaks_if_empty(row: Row, line: str) -> bool:
    return "empty_since" not in row or is_in(row["empty_since"], line)


@rule("SYS204", "empty-value", severity=WARNING, tags=("sysconfig",), fix="unsafe")
def empty_value(file: Sysconfig, target: Target) -> Findings:
    """A variable is set to nothing, and Pacemaker complains or behaves otherwise than by default.

    Commenting the line out gives the default.

    Bad:

    ```sysconfig node1
    «PCMK_remote_port=""»
    «PCMK_authkey_location=»
    ```

    Good:

    ```sysconfig node1
    # PCMK_remote_port=""
    PCMK_crl_file=""
    ```

    References:
    - Pacemaker Explained, "Local options"
    """
    for name, assignment, row in settings(file):
        if assignment.value:
            continue
        lines = [line for line in target.lines if _breaks_if_empty(row, line)]
        consequence = row.get("empty_warning")
        if "empty_error" in row and 0 < len(lines) < len(target.lines):
            consequence = f"in Pacemaker {' and '.join(sorted(lines))} {row['empty_error']}"
        if consequence:
            yield problem(
                Place(file, assignment),
                f"{name} is set to nothing",
                consequence=consequence,
                help="comment the line out to get the default" + (f", {row['default']}" if "default" in row else ""),
                key=name,
                fix=removal(file, assignment),
            )


@rule("SYS205", "value-of-older-releases", severity=WARNING, tags=("sysconfig", "upgrade"), pacemaker="3.0", fix="unsafe")
def value_of_older_releases(file: Sysconfig, target: Target) -> Findings:
    """A value is written in a way that only older releases of Pacemaker accept.

    Since 3.0.0, PCMK_panic_action must be in lower case; since 3.0.2, names of daemons are compared exactly, so there may be
    nothing but a comma between them.

    Bad:

    ```sysconfig node1
    PCMK_panic_action=«Sync-Reboot»
    PCMK_debug="«pacemaker-based, pacemaker-execd»"
    ```

    Good:

    ```sysconfig node1
    PCMK_panic_action=sync-reboot
    PCMK_debug="pacemaker-based,pacemaker-execd"
    ```

    References:
    - Pacemaker release notes (ChangeLog) for 3.0.0 and 3.0.2
    """
    for name, assignment, row in _judged(file, target):
        value, kind = assignment.value, row["type"]
        if _fault(row, value, target):
            continue
        if kind == "enum" and isinstance(row.get("any_case"), str) and value not in row["values"]:
            since, consequence, meant = f"{row['any_case']}.0", row["invalid"], value.lower()
        elif kind == "subsystems" and _words(value) and not set(value.split(",")) <= {*_words(value), ""}:
            words = _words(value)
            since, consequence = "3.0.2", "a daemon with a blank beside its name is not recognised, and stays at the default"
            meant = ",".join(words)
        else:
            continue
        yield problem(
            Place(file, assignment, "value"),
            f"Pacemaker {since} and later do not accept {value!r} for {name}",
            consequence=consequence,
            help=f"write {meant}",
            key=name,
            fix=_writing(file, assignment, meant),
        )


@rule("SYS206", "daemons-under-valgrind", severity=WARNING, tags=("sysconfig",))
def daemons_under_valgrind(file: Sysconfig) -> Findings:
    """Daemons run under valgrind, a tool for developers.

    It checks each access to memory, which takes many times as long. Forgotten after a search for a fault, it makes a node fail
    in ways that look like faults of the cluster.

    Bad:

    ```sysconfig node1
    «PCMK_valgrind_enabled=yes»
    ```

    Good:

    ```sysconfig node1
    PCMK_valgrind_enabled=no
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    """
    for name, assignment, row in settings(file):
        if "costs" in row and is_on(file, modern(name)):
            yield problem(
                Place(file, assignment),
                f"{name} is on",
                consequence=row["costs"],
                help="remove the line unless somebody is debugging Pacemaker itself",
                key=name,
            )


@rule("SYS207", "log-readable-by-all", severity=WARNING, tags=("sysconfig", "security"), fix="unsafe")
def log_readable_by_all(file: Sysconfig, target: Target) -> Findings:
    """The detail log may be read, or written, by everybody.

    It has the configuration in it, in debug detail with parameters that other users should not see.

    Bad:

    ```sysconfig node1
    PCMK_logfile_mode=«0644»
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile_mode=0640
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    """
    for name, assignment, row in _judged(file, target):
        if row["type"] == "octal" and (mode := _octal(assignment.value)) and int(mode, 8) & _FOR_OTHERS:
            yield problem(
                Place(file, assignment, "value"),
                f"{name} lets everybody {'write' if int(mode, 8) & _WRITE_FOR_OTHERS else 'read'} the detail log",
                consequence="the log shows the configuration, and debug messages show parameters such as passwords",
                help="end the mode in 0, as in 0640 or 0660",
                key=name,
                fix=_writing(file, assignment, mode[:-1] + "0"),
            )


_FOR_OTHERS, _WRITE_FOR_OTHERS = 0o006, 0o002


@rule("SYS208", "debugging-left-on", severity=INFO, tags=("sysconfig",), default=False)
def debugging_left_on(file: Sysconfig) -> Findings:
    """Debug or trace messages, or a blackbox, are on.

    They help while somebody looks for a fault. In everyday life they fill the disk, and they show configuration that should
    stay private.

    Bad:

    ```sysconfig node1
    «PCMK_debug=yes»
    «PCMK_trace_functions=unpack_config»
    ```

    Good:

    ```sysconfig node1
    PCMK_debug=no
    PCMK_trace_functions=""
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    """
    for name, assignment, _ in settings(file):
        if re.fullmatch(r"PCMK_(?:debug|blackbox|trace_\w+)", modern(name)) and is_on(file, modern(name)):
            yield problem(
                Place(file, assignment),
                f"{name} is on",
                consequence="the logs grow, and show more of the configuration than they should",
                help="comment the line out when the fault is found",
                key=name,
            )


@rule("SYS209", "number-cut-short", severity=ERROR, tags=("sysconfig",))
def number_cut_short(file: Sysconfig, target: Target) -> Findings:
    """A number has a comma, a point or a letter in it.

    Pacemaker reads the digits up to that character. What it gets is a number, but another one.

    Bad:

    ```sysconfig node1
    PCMK_remote_port=«3,122»
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    ```

    References:
    - strtol(3)
    """
    for name, assignment, row, digits in _numbers_with_text(file, target):
        if re.match(_CUT_SHORT, assignment.value):
            yield problem(
                Place(file, assignment, "value"),
                f"{name} is {assignment.value!r}, of which only {digits} counts",
                consequence=row.get("partly", f"Pacemaker reads {digits} and ignores the rest"),
                help="write the number in plain digits",
                key=name,
            )
