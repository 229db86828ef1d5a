"""SYS: the environment file /etc/sysconfig/pacemaker: its syntax (SYS0xx), its names (SYS1xx) and its values (SYS2xx).

systemd reads the file, and what it cannot use it drops without a word. What a value may be is stated in a table,
``schemas/pacemaker-sysconfig.toml``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import (
    ERROR,
    INFO,
    WARNING,
    Assignment,
    Findings,
    Oddity,
    Place,
    Sysconfig,
    Target,
    nearest,
    problem,
    quoted,
    rule,
    table,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Row = Mapping[str, Any]

_NUMBERS = ("port", "integer")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_PREFIXES = ("PCMK_", "HA_", "CIB_", "SBD_")


def _table() -> Mapping[str, Any]:
    return table("pacemaker-sysconfig.toml")


def _row(name: str) -> Row | None:
    """The table's row for a setting of Pacemaker's daemons; each may also be written with the prefix of old, HA_."""
    rows: Mapping[str, Row] = _table()["variables"]
    return rows.get(name) or rows.get(_modern(name))


def _modern(name: str) -> str:
    return "PCMK_" + name.removeprefix("HA_") if name.startswith("HA_") else name


def _kind(name: str) -> str | None:
    """What a variable is that is no setting of the daemons: internal, redirects, client, secret or sbd."""
    return next((kind for kind, names in _table()["kinds"].items() if name in names or _modern(name) in names), None)


def _is_known(name: str) -> bool:
    return _row(name) is not None or _kind(name) is not None


def _is_ours(name: str) -> bool:
    """Whether a name is meant for a cluster daemon, be it misspelt."""
    return name.startswith(_PREFIXES) or _row(name) is not None


def _odd(file: Sysconfig, *kinds: Any) -> Iterator[Oddity]:
    return iter(()) if file.unfit else file.odd(*kinds)


def _effective(file: Sysconfig) -> Mapping[str, Assignment]:
    return {} if file.unfit else file.effective


def _is_on(file: Sysconfig, name: str) -> bool:
    """Whether a variable that takes a boolean or a list of daemons is on for any."""
    assignment = file.effective.get(name) or file.effective.get(name.replace("PCMK_", "HA_", 1))
    return assignment is not None and assignment.value != "" and values.boolean(assignment.value).value is not False


def _is_idle(file: Sysconfig, name: str) -> bool:
    """Whether nothing reads a variable as long as another one is off, so that what it says does not matter."""
    row = _row(name)
    return bool(row and "only_with" in row and not any(_is_on(file, other) for other in row["only_with"]))


def _number_survives(row: Row, value: str) -> bool:
    """Whether Pacemaker, which reads digits and ignores the rest, still reads the number that was meant."""
    number = values.leading_integer(value)
    return row["type"] in _NUMBERS and number is not None and number == values.leading_integer(re.sub(r"['\"()]", "", value))


def _spoils(file: Sysconfig, oddity: Oddity) -> bool:
    """Whether Pacemaker gets something else than what was meant. Where it does not, SYS022 may still warn."""
    assignment = oddity.assignment
    if assignment is None or _is_idle(file, assignment.name):
        return False
    if oddity.kind in ("unterminated-quote", "swallowed-assignment"):
        return True
    if oddity.kind == "several-assignments":
        return _is_ours(oddity.detail)
    row = _row(assignment.name)
    if oddity.kind in ("expansion", "command-substitution", "tilde"):
        return row is not None
    if row is None or row["type"] == "text" or _number_survives(row, assignment.value):
        return False
    if oddity.kind == "lookalike":
        return row["type"] != "list" and not (row["type"] == "path" and set(oddity.detail) <= _DASHES)
    return oddity.kind in ("trailing-comment", "inner-quotes", "operator", "array", "carriage-return-in-value")


def _spoiling(file: Sysconfig, *kinds: Any) -> Iterator[tuple[Oddity, Assignment]]:
    """The oddities of some kinds that spoil the value of their assignment."""
    return ((oddity, oddity.assignment) for oddity in _odd(file, *kinds) if oddity.assignment and _spoils(file, oddity))


# --- SYS0xx: what is read at all


@rule("SYS001", "not-utf8", severity=ERROR, tags=("sysconfig",))
def not_utf8(file: Sysconfig) -> Findings:
    """A name or a value has bytes that are not UTF-8, so systemd ignores the file.

    One such byte is enough: systemd gives up on the whole file, and since the units of Pacemaker name it with a "-" in front, nothing is
    logged. All variables keep their defaults. Comments may hold any bytes. Usual causes are an umlaut in Latin-1 and an editor that
    saved the file in another encoding.

    Bad:

    The last character is U+FDD0, which no UTF-8 text may have.

    ```sysconfig node1
    PCMK_logfile=/var/log/caf«\ufdd0»
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/café
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "invalid-utf8"):
        name = oddity.assignment.name if oddity.assignment else ""
        yield problem(
            Place(file, oddity),
            f"the assignment of {name!r} is not valid UTF-8",
            label="not UTF-8",
            consequence="systemd ignores the whole file without a word: every variable in it keeps its default",
            help="save the file as UTF-8, best with nothing but ASCII outside of comments",
        )


@rule("SYS002", "nul-byte", severity=ERROR, tags=("sysconfig",))
def nul_byte(file: Sysconfig) -> Findings:
    """The file has a NUL byte or is in UTF-16, so systemd ignores it.

    systemd reads text without NUL bytes, in comments as well. Text in UTF-16, as some editors on Windows save it, has one in every
    second place. Nothing is logged, and all variables keep their defaults.

    Bad:

    There is a NUL byte after the word "port".

    ```sysconfig node1
    # the port«\0»
    PCMK_remote_port=3121
    ```

    Good:

    ```sysconfig node1
    # the port
    PCMK_remote_port=3121
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "nul-byte", "utf-16"):
        yield problem(
            Place(file, oddity),
            "the file is in UTF-16" if oddity.kind == "utf-16" else "the file contains a NUL byte",
            consequence="systemd ignores the whole file without a word: every variable in it keeps its default",
            help="save the file as UTF-8 text",
        )


@rule("SYS003", "byte-order-mark", severity=ERROR, tags=("sysconfig",))
def byte_order_mark(file: Sysconfig) -> Findings:
    """A byte order mark at the start of the file hides the first variable.

    systemd takes the mark for a part of the name and drops the assignment, since a name is made of letters, digits and underscores.

    Bad:

    A byte order mark (U+FEFF), which editors do not show, stands before the first name.

    ```sysconfig node1
    \ufeff«PCMK_remote_port=3122»
    PCMK_logfile=none
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_logfile=none
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "byte-order-mark"):
        if oddity.assignment:
            yield problem(
                Place(file, oddity),
                f"the byte order mark before {oddity.assignment.name} becomes part of its name",
                consequence=f"systemd drops the assignment, and {oddity.assignment.name} is not set",
                help="save the file as UTF-8 without a byte order mark (BOM)",
            )


@rule("SYS004", "lucky-byte-order-mark", severity=WARNING, tags=("sysconfig",))
def lucky_byte_order_mark(file: Sysconfig) -> Findings:
    """The file starts with a byte order mark, which so far hides no variable.

    It stands before a comment or an empty line. As soon as the first line is an assignment, systemd drops it (SYS003).

    Bad:

    ```sysconfig node1
    «\ufeff»# Pacemaker
    PCMK_remote_port=3122
    ```

    Good:

    ```sysconfig node1
    # Pacemaker
    PCMK_remote_port=3122
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "byte-order-mark"):
        if not oddity.assignment:
            yield problem(
                Place(file, oddity),
                "the file starts with a byte order mark",
                consequence="systemd takes the mark for text: an assignment in the first line would be dropped",
                help="save the file as UTF-8 without a byte order mark (BOM)",
            )


@rule("SYS005", "merge-conflict", severity=ERROR, tags=("sysconfig",))
def merge_conflict(file: Sysconfig) -> Findings:
    """A merge conflict was committed or left in place.

    systemd skips the marker lines and reads both sides; where both set a variable, the last assignment counts.

    Bad:

    ```sysconfig node1
    «<<<<<<< HEAD»
    PCMK_remote_port=3121
    =======
    PCMK_remote_port=3122
    >>>>>>> ports
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    ```

    References:
    - git-merge(1), "How conflicts are presented"
    """
    for oddity in _odd(file, "merge-conflict"):
        yield problem(
            Place(file, oddity),
            "unresolved merge conflict",
            consequence="systemd reads both sides, and the last assignment of a variable counts",
            help="keep the lines of one side and delete the markers",
        )


@rule("SYS006", "unterminated-quote", severity=ERROR, tags=("sysconfig",))
def unterminated_quote(file: Sysconfig) -> Findings:
    """A quote is opened and never closed.

    systemd takes everything up to the end of the file for the value, and does not complain. The variables below are not set.

    Bad:

    ```sysconfig node1
    PCMK_logfile=«"/var/log/pacemaker.log»
    PCMK_remote_port=3122
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile="/var/log/pacemaker.log"
    PCMK_remote_port=3122
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "unterminated-quote"):
        if oddity.assignment:
            lost = [other for other in _odd(file, "swallowed-assignment") if other.assignment == oddity.assignment]
            rest = f", so {quoted(other.detail for other in lost)} counts as text" if lost else ""
            yield problem(
                Place(file, oddity),
                f"the quote that opens the value of {oddity.assignment.name} is never closed",
                consequence=f"systemd takes the rest of the file for the value{rest}",
                help=f"add the closing {oddity.detail}",
                related=[(Place(file, other), "part of the value") for other in lost],
            )


@rule("SYS007", "swallowed-assignment", severity=ERROR, tags=("sysconfig",))
def swallowed_assignment(file: Sysconfig) -> Findings:
    r"""An assignment is part of the value above it.

    A quote that is closed only lines later, or a backslash at the end of a line, carries a value on. What looks like the next
    assignment is then text of the value.

    Bad:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log \
    «PCMK_remote_port»=3122
    ```

    ```sysconfig node1
    PCMK_logfile="/var/log/pacemaker.log
    «PCMK_remote_port»="3122"
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    PCMK_remote_port=3122
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "swallowed-assignment"):
        start = oddity.assignment
        if start and _is_ours(oddity.detail) and not any(one.assignment == start for one in file.odd("unterminated-quote")):
            yield problem(
                Place(file, oddity),
                f"{oddity.detail} is not set: it is part of the value of {start.name}",
                consequence="systemd reads one value that goes on over the line end",
                help="close the quote, or remove the backslash, where the value above should end",
                related=[(Place(file, start, "name"), "the value starts here")],
            )


@rule("SYS008", "exported-variable", severity=ERROR, tags=("sysconfig",))
def exported_variable(file: Sysconfig) -> Findings:
    """An assignment starts with `export` or another word of the shell.

    systemd knows no such words: the word becomes part of the name, the name is none, and the assignment is dropped.

    Bad:

    ```sysconfig node1
    «export »PCMK_remote_port=3122
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "exported"):
        word = file.source.text[oddity.start : oddity.end].split()[0]
        yield problem(
            Place(file, oddity),
            f"{oddity.detail} is not set: the line starts with {word!r}",
            consequence=f"systemd takes {word!r} for a part of the name and drops the assignment",
            help=f"remove {word!r}: systemd exports every variable of the file",
        )


@rule("SYS009", "invalid-variable-name", severity=ERROR, tags=("sysconfig",))
def invalid_variable_name(file: Sysconfig) -> Findings:
    """A name is none that a variable can have.

    A name is made of letters, digits and underscores and does not start with a digit. systemd drops the assignment and says so only in
    its journal. `NAME+=value`, with which bash appends, is such a name, too.

    Bad:

    ```sysconfig node1
    «PCMK-remote-port»=3122
    «PCMK_debug+»=pacemaker-execd
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_debug=pacemaker-based,pacemaker-execd
    ```

    References:
    - systemd.exec(5), Environment=
    """
    for oddity in _odd(file, "invalid-name", "appended"):
        if oddity.assignment:
            name = oddity.assignment.name
            meant = _misspelt(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_"))
            advice = (
                "write the whole value in one assignment" if oddity.kind == "appended" else "use letters, digits and underscores"
            )
            yield problem(
                Place(file, oddity),
                f"{name!r} is not the name of a variable",
                consequence="systemd drops the assignment",
                help=f"did you mean {meant}?" if meant and oddity.kind == "invalid-name" else advice,
            )


@rule("SYS010", "missing-equals", severity=ERROR, tags=("sysconfig",))
def missing_equals(file: Sysconfig) -> Findings:
    """A line names a variable of Pacemaker but assigns nothing.

    Without a `=` right after the name there is no assignment, and systemd skips the line.

    Bad:

    ```sysconfig node1
    «PCMK_remote_port 3122»
    «PCMK_debug: yes»
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_debug=yes
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "not-an-assignment"):
        if name := _first_word(oddity):
            yield problem(
                Place(file, oddity),
                f"{name} is not set: there is no = after the name",
                consequence="systemd skips the line",
                help=f"write {name}=value, without blanks",
            )


def _first_word(oddity: Oddity) -> str | None:
    """The variable of Pacemaker that a line starts with."""
    match = re.match(r"([A-Za-z_][A-Za-z0-9_]*)(?=[ \t:]|$)", oddity.detail)
    return match[1] if match and _is_known(match[1]) else None


@rule("SYS011", "shell-code", severity=WARNING, tags=("sysconfig",))
def shell_code(file: Sysconfig) -> Findings:
    """Lines are neither assignments nor comments.

    The file looks like a shell script, but systemd is no shell: it skips such lines. Assignments between them count in any case, whatever
    `if` stands above.

    Bad:

    ```sysconfig node1
    «if [ -d /srv/log ]; then»
    PCMK_logfile=/srv/log/pacemaker.log
    fi
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/srv/log/pacemaker.log
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    if lines := [oddity for oddity in _odd(file, "not-an-assignment") if not _first_word(oddity)]:
        yield problem(
            Place(file, lines[0]),
            "this line is no assignment" if len(lines) == 1 else f"this line and {len(lines) - 1} more are no assignments",
            consequence="systemd skips them; assignments between them count in any case",
            help="write plain NAME=value lines, and # before comments",
        )


@rule("SYS012", "several-assignments-on-a-line", severity=ERROR, tags=("sysconfig",))
def several_assignments_on_a_line(file: Sysconfig) -> Findings:
    """A line has more than one assignment.

    A shell would set both; for systemd the value goes to the end of the line.

    Bad:

    ```sysconfig node1
    PCMK_remote_port=3122 «PCMK_logfile=none»
    ```

    ```sysconfig node1
    PCMK_remote_port=3122; «PCMK_logfile=none»
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_logfile=none
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "several-assignments"):
        yield problem(
            Place(file, oddity),
            f"{oddity.detail} is not set: it is part of the value of {assignment.name}",
            consequence="systemd reads one value up to the end of the line",
            help="put each assignment on a line of its own",
        )


@rule("SYS013", "comment-in-value", severity=ERROR, tags=("sysconfig",))
def comment_in_value(file: Sysconfig) -> Findings:
    """A comment behind a value spoils the value.

    systemd knows comments on lines of their own only. After a value, `#` and all that follows belong to it, and a boolean, a path or a
    word is then none that Pacemaker knows. (A number survives: Pacemaker reads its digits and ignores the rest. SYS022 warns there.)

    Bad:

    ```sysconfig node1
    PCMK_fail_fast=yes «# since 2024»
    PCMK_logfile="none" «# the journal will do»
    ```

    Good:

    ```sysconfig node1
    # since 2024
    PCMK_fail_fast=yes
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "trailing-comment"):
        yield problem(
            Place(file, oddity),
            f"the comment is part of the value of {assignment.name}",
            consequence=_if_invalid(assignment.name),
            help="move the comment to a line of its own",
        )


@rule("SYS014", "expansion-in-value", severity=ERROR, tags=("sysconfig",))
def expansion_in_value(file: Sysconfig) -> Findings:
    """A value uses another variable, a command's output or a home directory.

    systemd expands nothing: Pacemaker gets the dollar sign, the backquote or the tilde as it stands.

    Bad:

    ```sysconfig node1
    PCMK_remote_address=«$(hostname -i)»
    PCMK_logfile="«$LOGS»/pacemaker.log"
    PCMK_authkey_location=«~»/authkey
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_address=192.0.2.17
    PCMK_logfile=/var/log/pacemaker.log
    PCMK_authkey_location=/root/authkey
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "expansion", "command-substitution", "tilde"):
        yield problem(
            Place(file, oddity),
            f"{file.source.text[oddity.start : oddity.end]!r} in the value of {assignment.name} is not expanded",
            consequence=f"systemd passes it on as it stands: {_if_invalid(assignment.name)}",
            help="write out the value",
        )


@rule("SYS015", "shell-syntax-in-value", severity=ERROR, tags=("sysconfig",))
def shell_syntax_in_value(file: Sysconfig) -> Findings:
    """A quote, a semicolon, a parenthesis or the like is taken literally and spoils the value.

    Quotes count at the beginning of a value and right after another closing quote; behind any other character they are part of the value.
    So is what would end a command in a shell.

    Bad:

    ```sysconfig node1
    PCMK_logfile=/var/log/«"pacemaker.log"»
    PCMK_logfacility=daemon«;»
    PCMK_debug=«(pacemaker-based pacemaker-execd)»
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile="/var/log/pacemaker.log"
    PCMK_logfacility=daemon
    PCMK_debug=pacemaker-based,pacemaker-execd
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "inner-quotes", "operator", "array"):
        yield problem(
            Place(file, oddity),
            f"{file.source.text[oddity.start]!r} is part of the value of {assignment.name}",
            consequence=_if_invalid(assignment.name),
            help="put the whole value in quotes, or write it without any" if oddity.kind == "inner-quotes" else "remove it",
        )


def _if_invalid(name: str) -> str:
    """What an invalid value of a setting does."""
    row = _row(name) or {}
    return str(row.get("invalid", "Pacemaker gets a value that was not meant"))


@rule("SYS016", "lookalike-character", severity=ERROR, tags=("sysconfig",))
def lookalike_character(file: Sysconfig) -> Findings:
    """A typographic quote, dash or blank stands where a plain one is meant.

    Word processors, chat programs and web pages put them in. For systemd and Pacemaker they are letters of the value.

    Bad:

    ```sysconfig node1
    PCMK_remote_port=«“3122”»
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port="3122"
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "lookalike"):
        codes = ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(oddity.detail))
        yield problem(
            Place(file, oddity),
            f"the value of {assignment.name} has {oddity.detail!r} ({codes}) in it",
            consequence=_if_invalid(assignment.name),
            help="type plain quotes, hyphens and blanks",
        )


@rule("SYS017", "carriage-return-in-value", severity=ERROR, tags=("sysconfig",))
def carriage_return_in_value(file: Sysconfig) -> Findings:
    """A quoted value goes over a line end of Windows and has a carriage return in it.

    systemd takes a carriage return for a line end, except within quotes, where it is part of the value.

    Bad:

    The first line ends in a carriage return and a line feed.

    ```sysconfig node1
    PCMK_trace_tags="«web,\r
    db»"
    ```

    Good:

    ```sysconfig node1
    PCMK_trace_tags="web,db"
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity, assignment in _spoiling(file, "carriage-return-in-value"):
        yield problem(
            Place(file, oddity),
            f"the value of {assignment.name} has a carriage return in it",
            consequence="systemd passes it on as part of the value",
            help="write the value on one line",
        )


@rule("SYS018", "conflicting-assignments", severity=ERROR, tags=("sysconfig",))
def conflicting_assignments(file: Sysconfig) -> Findings:
    """A variable is set more than once, to different values.

    The last assignment counts, silently; somebody who reads the first one is wrong about the node.

    Bad:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_logfile=none
    «PCMK_remote_port»=3121
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=none
    # PCMK_remote_port=3122
    PCMK_remote_port=3121
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for name, assignments in _repeated(file):
        if len({_meaning(assignment) for assignment in assignments}) > 1:
            yield problem(
                Place(file, assignments[-1], "name"),
                f"{name} is set {len(assignments)} times, to different values",
                label="this one counts",
                consequence="the last assignment counts, the others have no effect",
                help="keep one of them",
                related=[(Place(file, assignment, "name"), "no effect") for assignment in assignments[:-1]],
            )


@rule("SYS019", "repeated-assignment", severity=WARNING, tags=("sysconfig",))
def repeated_assignment(file: Sysconfig) -> Findings:
    """A variable is set more than once, to the same value.

    It works as long as nobody changes only one of the lines: the last one counts.

    Bad:

    ```sysconfig node1
    PCMK_debug=yes
    «PCMK_debug»=true
    ```

    Good:

    ```sysconfig node1
    PCMK_debug=yes
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for name, assignments in _repeated(file):
        if len({_meaning(assignment) for assignment in assignments}) == 1:
            yield problem(
                Place(file, assignments[-1], "name"),
                f"{name} is set {len(assignments)} times, to the same value",
                label="this one counts",
                consequence="whoever changes one of the lines above changes nothing: the last one counts",
                help="keep one of them",
                related=[(Place(file, assignment, "name"), "no effect") for assignment in assignments[:-1]],
            )


def _repeated(file: Sysconfig) -> Iterator[tuple[str, list[Assignment]]]:
    """The variables that are set more than once; not in a file with a merge conflict, where that is to be expected."""
    effective = _effective(file)
    if len(effective) == len(file.assignments) or any(file.odd("merge-conflict")):
        return
    by_name: dict[str, list[Assignment]] = {}
    for assignment in file.assignments:
        if assignment.name in effective:
            by_name.setdefault(assignment.name, []).append(assignment)
    yield from ((name, same) for name, same in by_name.items() if len(same) > 1 and not _is_idle(file, name))


def _meaning(assignment: Assignment) -> object:
    """What Pacemaker makes of a value, so that yes and true are the same."""
    row = _row(assignment.name)
    kind = row["type"] if row else "text"
    if kind in ("boolean", "subsystems"):
        flag = values.boolean(assignment.value).value
        return assignment.value if flag is None else flag
    return values.leading_integer(assignment.value) if kind in _NUMBERS else assignment.value


@rule("SYS020", "comment-goes-on", severity=WARNING, tags=("sysconfig",))
def comment_goes_on(file: Sysconfig) -> Findings:
    r"""A comment ends in a backslash, and older systemd takes the next line for a part of it.

    Up to release 253, systemd carries on a comment like a value. RHEL 8 and 9 and Debian 12 have such a systemd.

    Bad:

    ```sysconfig node1
    # the port of the old cluster was 3122 «\»
    PCMK_remote_port=3121
    ```

    Good:

    ```sysconfig node1
    # the port of the old cluster was 3122
    PCMK_remote_port=3121
    ```

    References:
    - systemd, NEWS for release 254
    """
    for oddity in _odd(file, "comment-continuation"):
        if oddity.assignment:
            yield problem(
                Place(file, oddity),
                f"the comment above {oddity.assignment.name} ends in a backslash",
                consequence=f"systemd before release 254 takes the next line for a part of the comment: {oddity.assignment.name} is not set",
                help="remove the backslash",
                related=[(Place(file, oddity.assignment), "lost in older systemd")],
            )


@rule("SYS021", "carriage-returns", severity=WARNING, tags=("sysconfig",))
def carriage_returns(file: Sysconfig) -> Findings:
    """Lines end as on Windows, with a carriage return.

    systemd takes it for a line end. For everything else that reads the file, such as scripts that source it, every value ends in an
    invisible character.

    Bad:

    The line ends in a carriage return and a line feed.

    ```sysconfig node1
    «PCMK_fail_fast=yes»\r
    ```

    Good:

    ```sysconfig node1
    PCMK_fail_fast=yes
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "carriage-return"):
        count = int(oddity.detail)
        yield problem(
            Place(file, oddity),
            f"{count} lines end in a carriage return" if count > 1 else "the line ends in a carriage return",
            consequence="systemd does not mind; a shell takes it for the last character of the value",
            help="convert the line ends (dos2unix), and keep them with a .gitattributes entry 'text eol=lf'",
        )


# By kind of oddity: what is so, with the variable's name in it; what the readers make of it; what to do.
_IN_A_SHELL = {
    "array": ("the value of {} starts with a parenthesis", "bash reads an array, other shells stop", "put the value in quotes"),
    "blank-around-equals": (
        "there is a blank beside the = of {}",
        "systemd ignores the blank; a shell takes the line for a command",
        "write NAME=value without blanks",
    ),
    "command-substitution": (
        "there is a command in the value of {}",
        "systemd passes it on as it stands; a shell runs it",
        "put the value in single quotes if it is meant literally",
    ),
    "dangling-backslash": (
        "the file ends in a backslash, in the value of {}",
        "systemd drops it; a shell keeps it",
        "remove the backslash",
    ),
    "expansion": (
        "there is a $ in the value of {}",
        "systemd passes it on as it stands; a shell puts a variable's value there",
        "put the value in single quotes if it is meant literally",
    ),
    "inner-quotes": (
        "there is a quote within the value of {}",
        "systemd keeps the quote; a shell removes it",
        "put the whole value in quotes, with a backslash before inner double quotes",
    ),
    "operator": (
        "there is an unquoted operator in the value of {}",
        "systemd reads on to the end of the line; for a shell the value ends there",
        "put the value in quotes",
    ),
    "second-word": (
        "there is an unquoted blank in the value of {}",
        "systemd reads on to the end of the line; for a shell the value ends there, and the rest is a command",
        "put the value in quotes",
    ),
    "several-assignments": (
        "there seems to be another assignment in the value of {}",
        "systemd reads on to the end of the line; a shell sets two variables",
        "put the value in quotes, or each assignment on a line of its own",
    ),
    "split-quotes": (
        "there is a blank between the quoted parts of the value of {}",
        "systemd joins the parts; for a shell the value ends at the blank, and the rest is a command",
        "put the whole value in one pair of quotes",
    ),
    "tilde": (
        "there is an unquoted ~ in the value of {}",
        "systemd passes it on as it stands; a shell puts a home directory there",
        "write out the path",
    ),
    "trailing-comment": (
        "a comment stands behind the value of {}",
        "systemd takes it for a part of the value; for a shell the value ends before it",
        "move the comment to a line of its own",
    ),
}


@rule("SYS022", "read-otherwise-by-shells", severity=WARNING, tags=("sysconfig",))
def read_otherwise_by_shells(file: Sysconfig) -> Findings:
    """A shell reads an assignment otherwise than systemd does.

    The value that systemd gives to Pacemaker may be what was meant. But scripts, older init systems and tools source the file or pick it
    apart, and get another one, or an error. The finding's key says which construct it is, so that one of them can be ignored:
    array, blank-around-equals, command-substitution, dangling-backslash, expansion, inner-quotes, operator, second-word,
    several-assignments, split-quotes, tilde, trailing-comment.

    Where the construct spoils a setting of Pacemaker, another rule calls it an error instead.

    Bad:

    ```sysconfig node1
    PCMK_logfacility« = »daemon
    PCMK_remote_port=3122 «# as in the CIB»
    PCMK_trace_formats=TLS «handshake failed»
    ```

    Good:

    ```sysconfig node1
    PCMK_logfacility=daemon
    # as in the CIB
    PCMK_remote_port=3122
    PCMK_trace_formats="TLS handshake failed"
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    - POSIX.1-2024, Shell Command Language, section 2
    """
    spoilt = _spoilt(file)
    for oddity in _odd(file, *_IN_A_SHELL):
        assignment = oddity.assignment
        if assignment and assignment not in spoilt and not _is_idle(file, assignment.name):
            what, readers, remedy = _IN_A_SHELL[oddity.kind]
            yield problem(Place(file, oddity), what.format(assignment.name), consequence=readers, help=remedy, key=oddity.kind)


def _spoilt(file: Sysconfig) -> set[Assignment]:
    """The assignments whose value is hardly the one that was meant, which a rule of its own says."""
    return {oddity.assignment for oddity in _odd(file, *_SPOILING) if oddity.assignment and _spoils(file, oddity)}


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


@rule("SYS023", "semicolon-comment", severity=INFO, tags=("sysconfig",))
def semicolon_comment(file: Sysconfig) -> Findings:
    """A comment starts with a semicolon.

    systemd takes it for a comment. For a shell it is an error, at which it stops reading the file.

    Bad:

    ```sysconfig node1
    «; PCMK_debug=yes»
    ```

    Good:

    ```sysconfig node1
    # PCMK_debug=yes
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    """
    for oddity in _odd(file, "semicolon-comment"):
        yield problem(
            Place(file, oddity),
            "the comment starts with a semicolon",
            consequence="systemd does not mind; a shell stops there with an error",
            help="start comments with #",
        )


@rule("SYS024", "outside-portable-subset", severity=INFO, tags=("sysconfig",), default=False)
def outside_portable_subset(file: Sysconfig) -> Findings:
    """A value is not written in the way that all readers agree on.

    systemd, shells, pcs and crmsh read the file each in their own way. They agree on `NAME=value` with a value of letters, digits and
    `_./:,@%+=-`, in double quotes without `"`, backslash, `$` and backquote, or in single quotes; all on one line. This opt-in rule asks
    for nothing else; what is already a mistake or read otherwise by shells, another rule says.

    Bad:

    ```sysconfig node1
    PCMK_trace_formats="«connection to \\"%s\\" lost»"
    ```

    Good:

    ```sysconfig node1
    PCMK_trace_formats='connection to "%s" lost'
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    - POSIX.1-2024, Shell Command Language, section 2
    """
    odd = {oddity.assignment for oddity in _odd(file, *_IN_A_SHELL)} | _spoilt(file)
    for assignment in _effective(file).values():
        raw = file.source.text[assignment.name_end + 1 : assignment.end]
        if assignment not in odd and not _PORTABLE.fullmatch(raw):
            yield problem(
                Place(file, assignment, "value"),
                f"the value of {assignment.name} is written in a way that not all readers understand alike",
                consequence="pcs and crmsh, which pick the file apart in their own ways, may read another value",
                help="put it in one pair of quotes, without backslashes",
            )


_PORTABLE = re.compile(r"""\"[^"\\$`\n\r]*"|'[^'\n\r]*'|[A-Za-z0-9_./:,@%+=-]*""")


# --- SYS1xx: names


@rule("SYS101", "misspelt-variable", severity=ERROR, tags=("sysconfig",))
def misspelt_variable(file: Sysconfig) -> Findings:
    """A variable's name is almost that of one of Pacemaker's.

    Names are case-sensitive, and nothing complains about one that no program reads: the setting keeps its default.

    Bad:

    ```sysconfig node1
    «PCMK_REMOTE_PORT»=3122
    «PCMK_logfcility»=daemon
    ```

    Good:

    ```sysconfig node1
    PCMK_remote_port=3122
    PCMK_logfacility=daemon
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    - Pacemaker Explained, "Local options"
    """
    for name, assignment in _effective(file).items():
        if not _is_known(name) and (meant := _misspelt(name)):
            row = _row(meant) or {}
            yield problem(
                Place(file, assignment, "name"),
                f"Pacemaker knows no variable {name}",
                consequence=f"nothing reads it: {meant} keeps its default" + (f", {row['default']}" if "default" in row else ""),
                help=f"did you mean {meant}?",
                key=name,
            )


def _misspelt(name: str) -> str | None:
    """The known variable that a name surely is a misspelling of: one or two letters off, or in other case."""
    if not any(nearest(name.partition("_")[0].upper(), [prefix.rstrip("_")]) for prefix in _PREFIXES):
        return None
    from difflib import SequenceMatcher  # noqa: PLC0415 - needed for few files

    known = [*_table()["variables"], *(one for names in _table()["kinds"].values() for one in names)]
    meant = nearest(_modern(name), known)
    if meant is None:
        return None
    return meant if SequenceMatcher(None, _modern(name).lower(), meant.lower()).ratio() >= _SURELY_MEANT else None


_SURELY_MEANT = 0.9


@rule("SYS102", "unknown-variable", severity=INFO, tags=("sysconfig",))
def unknown_variable(file: Sysconfig) -> Findings:
    """A variable has Pacemaker's prefix, but no release of Pacemaker reads it.

    Variables with other prefixes are nobody's business here: resource agents inherit them, and many are set for that reason.

    Bad:

    ```sysconfig node1
    «PCMK_cluster_colour»=green
    ```

    Good:

    ```sysconfig node1
    http_proxy=http://proxy.example.com:8080
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    - Pacemaker Explained, "Local options"
    """
    for name, assignment in _effective(file).items():
        if name.startswith("PCMK_") and not _is_known(name) and not _misspelt(name):
            near = nearest(name, _table()["variables"])
            yield problem(
                Place(file, assignment, "name"),
                f"Pacemaker up to release 3.0.2 knows no variable {name}",
                consequence="nothing reads it",
                help=f"did you mean {near}?" if near else "remove it, or take another prefix if it is for your own programs",
                key=name,
            )


@rule("SYS103", "removed-variable", severity=WARNING, tags=("sysconfig", "upgrade"))
def removed_variable(file: Sysconfig, target: Target) -> Findings:
    """A variable was removed before the Pacemaker that the configuration is for.

    It has no effect any more.

    Bad:

    ```sysconfig node1
    «PCMK_uname_is_uuid»=true
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    ```

    References:
    - Pacemaker release notes (ChangeLog)
    """
    for name, assignment, row in _settings(file):
        if "removed" in row and all(_is_in(row["removed"], line) for line in target.lines):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} was removed in Pacemaker {row['removed']}",
                consequence="nothing reads it",
                help=row.get("replacement"),
                key=name,
            )


@rule("SYS104", "deprecated-variable", severity=WARNING, tags=("sysconfig", "upgrade"))
def deprecated_variable(file: Sysconfig, target: Target) -> Findings:
    """A variable is deprecated, or removed in one of the Pacemaker releases that the configuration is for.

    It still works somewhere, but will not for long.

    Bad:

    ```sysconfig node1
    «PCMK_dh_max_bits»=2048
    «PCMK_ipc_buffer»=1048576
    ```

    Good:

    ```sysconfig node1
    PCMK_tls_priorities=SECURE192:+SECURE128
    ```

    References:
    - Pacemaker release notes (ChangeLog)
    """
    for name, assignment, row in _settings(file):
        removed = [line for line in target.lines if "removed" in row and _is_in(row["removed"], line)]
        if len(removed) == len(target.lines):
            continue
        if removed:
            what = f"Pacemaker {row['removed']} and later do not read {name}"
        elif "deprecated" in row and any(_is_in(row["deprecated"], line) for line in target.lines):
            what = f"{name} is deprecated since Pacemaker {row['deprecated']}"
        else:
            continue
        consequence = "after an upgrade it has no effect" if removed else "a later release will ignore it"
        yield problem(Place(file, assignment, "name"), what, consequence=consequence, help=row.get("replacement"), key=name)


@rule("SYS105", "variable-of-a-later-release", severity=WARNING, tags=("sysconfig",))
def variable_of_a_later_release(file: Sysconfig, target: Target) -> Findings:
    """A variable came only with a later Pacemaker than the configuration is for.

    The release of the cluster does not read it. This is said only if the target of the run is set, since by default a configuration is
    meant for every release.

    References:
    - Pacemaker release notes (ChangeLog)
    """
    for name, assignment, row in _settings(file):
        if "since" in row and not any(_is_in(row["since"], line) for line in target.lines):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} came with Pacemaker {row['since']}; the configuration is for {' and '.join(sorted(target.lines))}",
                consequence="nothing reads it",
                help="remove it, or set the target of the run if the cluster has a newer Pacemaker",
                key=name,
            )


def _is_in(release: str, line: str) -> bool:
    """Whether what happened in a release holds in (the last release of) a release line."""
    return tuple(map(int, release.split(".")[:2])) <= tuple(map(int, line.split(".")))


def _settings(file: Sysconfig) -> Iterator[tuple[str, Assignment, Row]]:
    """The settings of Pacemaker's daemons that the file makes and that something reads, in file order."""
    for name, assignment in _effective(file).items():
        row = _row(name)
        if row and not _is_idle(file, name):
            yield name, assignment, row


@rule("SYS106", "legacy-prefix", severity=WARNING, tags=("sysconfig", "upgrade"))
def legacy_prefix(file: Sysconfig) -> Findings:
    """A variable has the prefix HA_ of the days of Heartbeat.

    Pacemaker still looks for it, but only where the variable with the prefix PCMK_ is not set.

    Bad:

    ```sysconfig node1
    «HA_logfile»=/var/log/ha.log
    ```

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    «HA_logfile»=/var/log/ha.log
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    ```

    References:
    - Pacemaker release notes (ChangeLog)
    """
    for name, assignment, _ in _settings(file):
        if name.startswith("HA_"):
            modern = _modern(name)
            other = file.effective.get(modern)
            yield problem(
                Place(file, assignment, "name"),
                f"{name} is the old name of {modern}",
                consequence=f"{modern} is set, too, and counts" if other else f"it works as long as {modern} is not set",
                help=f"remove {name}" if other else f"rename it to {modern}",
                related=[(Place(file, other, "name"), "counts")] if other else (),
                key=name,
            )


@rule("SYS107", "internal-variable", severity=WARNING, tags=("sysconfig",))
def internal_variable(file: Sysconfig) -> Findings:
    """A variable is one that Pacemaker's daemons set for each other.

    They find a value there that none of them set.

    Bad:

    ```sysconfig node1
    «PCMK_respawned»=true
    ```

    Good:

    ```sysconfig node1
    PCMK_fail_fast=yes
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker, which do not have it
    """
    for name, assignment in _of_kind(file, "internal"):
        yield problem(
            Place(file, assignment, "name"),
            f"{name} is no setting: Pacemaker's daemons set it for each other",
            consequence="a daemon takes the value for one that another daemon has set",
            help="remove the line",
            key=name,
        )


def _of_kind(file: Sysconfig, kind: str) -> Iterator[tuple[str, Assignment]]:
    """The assignments of a kind of variable, unless they are empty."""
    return ((name, assignment) for name, assignment in _effective(file).items() if assignment.value and _kind(name) == kind)


@rule("SYS108", "cib-redirected", severity=ERROR, tags=("sysconfig",))
def cib_redirected(file: Sysconfig) -> Findings:
    """The file points the daemons to another CIB.

    CIB_file, CIB_shadow and CIB_port tell whatever connects to the CIB to take another one: a file, a shadow copy, or that of a remote
    cluster. They are for the command line. In this file they reach the daemons, which connect to the CIB as well, and all resource
    agents with the tools that these call.

    Bad:

    ```sysconfig node1
    «CIB_file»=/root/test.xml
    ```

    Good:

    ```sysconfig node1
    # CIB_file=/root/test.xml cibadmin --query
    PCMK_logfile=/var/log/pacemaker.log
    ```

    References:
    - cibadmin(8), environment variables CIB_file, CIB_shadow and CIB_port
    """
    for name, assignment in _of_kind(file, "redirects"):
        yield problem(
            Place(file, assignment, "name"),
            f"{name} points the daemons to another CIB",
            consequence="the daemons and the tools that agents call do not connect to the cluster's own CIB",
            help=f"remove the line; set {name} on the command line where it is needed",
            key=name,
        )


@rule("SYS109", "client-variable", severity=WARNING, tags=("sysconfig",))
def client_variable(file: Sysconfig) -> Findings:
    """A variable is for tools that connect to a CIB from elsewhere.

    The daemons have no use for it. Resource agents and the tools that they call inherit it.

    Bad:

    ```sysconfig node1
    «CIB_user»=hacluster
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    ```

    References:
    - Pacemaker Administration, "Connecting from a Remote Machine"
    """
    for name, assignment in _of_kind(file, "client"):
        yield problem(
            Place(file, assignment, "name"),
            f"{name} is for tools that connect to a CIB from elsewhere",
            consequence="the daemons have no use for it, and everything that they start inherits it",
            help="remove the line; set it on the command line where it is needed",
            key=name,
        )


@rule("SYS110", "password-in-environment-file", severity=ERROR, tags=("sysconfig", "security"))
def password_in_environment_file(file: Sysconfig) -> Findings:
    """A password for remote access to the CIB is in the file.

    The file is readable for everybody on most systems, and each resource agent inherits what it sets. The daemons do not need the
    password.

    Bad:

    ```sysconfig node1
    «CIB_passwd»=example
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    ```

    References:
    - Pacemaker Administration, "Connecting from a Remote Machine"
    """
    for name, assignment in _of_kind(file, "secret"):
        if not _REDACTED.fullmatch(assignment.value):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} puts a password into a file that everybody can read",
                consequence="every resource agent inherits it, and whoever reads the repository has it",
                help="remove the line and change the password",
                key=name,
            )


# What sosreport, crm_report and supportconfig leave of a secret.
_REDACTED = re.compile(r"\*{3,}|\*+REMOVED.*")


@rule("SYS111", "sbd-variable-in-pacemaker-file", severity=WARNING, tags=("sysconfig", "sbd"))
def sbd_variable_in_pacemaker_file(file: Sysconfig) -> Findings:
    """A variable of sbd is in Pacemaker's file.

    sbd reads the file sbd in the same folder, and only that. Pacemaker reads both, and its own first. So sbd does not know the value,
    and the two may go by different ones.

    Bad:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    «SBD_WATCHDOG_TIMEOUT»=10
    ```

    Good:

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    # SBD_WATCHDOG_TIMEOUT: see the file sbd
    ```

    References:
    - sbd(8)
    """
    text = file.source.text
    if "sbd" in file.name.rpartition("/")[2].lower() or "PCMK_" not in text:
        return
    for name, assignment in _of_kind(file, "sbd"):
        yield problem(
            Place(file, assignment, "name"),
            f"{name} belongs into the file sbd",
            consequence="sbd does not read this file, and goes by its own setting or its default",
            help="move the line to /etc/sysconfig/sbd (Debian: /etc/default/sbd)",
            key=name,
        )


@rule("SYS112", "variable-without-effect", severity=INFO, tags=("sysconfig",))
def variable_without_effect(file: Sysconfig) -> Findings:
    """A variable has no effect when it is set in this file.

    Pacemaker reads it, but not from here: the environment in which systemd starts the daemons, or the order of events, is against it.

    Bad:

    ```sysconfig node1
    «PCMK_stderr»=yes
    ```

    Good:

    ```sysconfig node1
    PCMK_debug=yes
    ```

    References:
    - the comments in /etc/sysconfig/pacemaker
    """
    for name, assignment, row in _settings(file):
        if "ignored" in row and _is_on(file, _modern(name)):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} has no effect in this file",
                consequence=row["ignored"],
                help="remove the line",
                key=name,
            )


# --- SYS2xx: values


@rule("SYS201", "bad-value", severity=ERROR, tags=("sysconfig",))
def bad_value(file: Sysconfig, target: Target) -> Findings:
    """A variable has a value that Pacemaker does not accept.

    Most daemons say nothing, or log one line at start-up, and go on with the default. The finding's key is the name of the variable.

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
    for name, assignment, row in _judged(file):
        if fault := _fault(row, assignment.value, target):
            yield problem(
                Place(file, assignment, "value"),
                f"{name} is {assignment.value!r}, which {fault}",
                consequence=row["invalid"],
                help=_remedy(row, assignment.value),
                key=name,
            )


def _judged(file: Sysconfig) -> Iterator[tuple[str, Assignment, Row]]:
    """The settings with a value that Pacemaker gets as it was meant: none that another rule calls spoilt, empty or masked."""
    spoilt = _spoilt(file)
    for name, assignment, row in _settings(file):
        if assignment.value and assignment not in spoilt and not _REDACTED.fullmatch(assignment.value):
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
            unknown = [word for word in _words(value) if word not in _table()["daemons"]["names"]]
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
    # 3,121 or 31.21 or 3121x22: more of the number follows where Pacemaker stops reading.
    return f"Pacemaker reads as {number}" if re.match(r"\s*[+-]?[0-9]+[^\s0-9]\S*[0-9]", value) else None


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
    return any_case is True or (isinstance(any_case, str) and not _is_in(any_case, line))


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
            near = nearest(value, row["values"])
            return (f"did you mean {near}? " if near else "") + "It can be " + ", ".join(row["values"])
        case "path":
            return "write the whole path, from / on" + "".join(f", or {word}" for word in row.get("words", ()))
        case "address":
            return "write one host name or IP address"
        case "subsystems":
            renamed = {old: new for old, new in _table()["daemons"]["renamed"].items() if old in _words(value)}
            if renamed:
                return "write " + ", ".join(f"{new} for {old}" for old, new in renamed.items())
            return "write yes, no or daemons separated by commas: " + ", ".join(_table()["daemons"]["names"])
    return "see the comment in the file that Pacemaker ships"


@rule("SYS202", "text-after-number", severity=WARNING, tags=("sysconfig",))
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
    behind = {oddity.assignment for oddity in _odd(file, "trailing-comment", "operator", "second-word", "several-assignments")}
    for name, assignment, row in _judged(file):
        value = assignment.value
        digits = (
            _octal(value) if row["type"] == "octal" else str(values.leading_integer(value)) if row["type"] in _NUMBERS else None
        )
        plain = digits is None or re.fullmatch(r"-?[0-9]+", value)
        if not plain and assignment not in behind and not _fault(row, value, target):
            yield problem(
                Place(file, assignment, "value"),
                f"{name} is {value!r}, of which only the number counts",
                consequence=row.get("partly", f"Pacemaker reads {digits} and ignores the rest"),
                help="write the number alone",
                key=name,
            )


@rule("SYS203", "empty-value-breaks", severity=ERROR, tags=("sysconfig",))
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
    for name, assignment, row in _settings(file):
        if not assignment.value and "empty_error" in row and all(_breaks_if_empty(row, line) for line in target.lines):
            yield problem(
                Place(file, assignment),
                f"{name} is set to nothing",
                consequence=row["empty_error"],
                help="comment the line out to get the default" + (f", {row['default']}" if "default" in row else ""),
                key=name,
            )


def _breaks_if_empty(row: Row, line: str) -> bool:
    return "empty_since" not in row or _is_in(row["empty_since"], line)


@rule("SYS204", "empty-value", severity=WARNING, tags=("sysconfig",))
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
    for name, assignment, row in _settings(file):
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
            )


@rule("SYS205", "value-of-older-releases", severity=WARNING, tags=("sysconfig", "upgrade"), pacemaker="3.0")
def value_of_older_releases(file: Sysconfig, target: Target) -> Findings:
    """A value is written in a way that only older releases of Pacemaker accept.

    Since 3.0.0, PCMK_panic_action must be in lower case; since 3.0.2, names of daemons are compared exactly, so there may be nothing but
    a comma between them.

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
    for name, assignment, row in _judged(file):
        value, kind = assignment.value, row["type"]
        if _fault(row, value, target):
            continue
        if kind == "enum" and isinstance(row.get("any_case"), str) and value not in row["values"]:
            since, consequence, remedy = f"{row['any_case']}.0", row["invalid"], f"write {value.lower()}"
        elif kind == "subsystems" and _words(value) and not set(value.split(",")) <= {*_words(value), ""}:
            words = _words(value)
            since, consequence = "3.0.2", "a daemon with a blank beside its name is not recognised, and stays at the default"
            remedy = f"write {','.join(words)}"
        else:
            continue
        yield problem(
            Place(file, assignment, "value"),
            f"Pacemaker {since} and later do not accept {value!r} for {name}",
            consequence=consequence,
            help=remedy,
            key=name,
        )


@rule("SYS206", "daemons-under-valgrind", severity=WARNING, tags=("sysconfig",))
def daemons_under_valgrind(file: Sysconfig) -> Findings:
    """Daemons run under valgrind, a tool for developers.

    It checks each access to memory, which takes many times as long. Forgotten after a search for a fault, it makes a node fail in ways
    that look like faults of the cluster.

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
    for name, assignment, row in _settings(file):
        if "costs" in row and _is_on(file, _modern(name)):
            yield problem(
                Place(file, assignment),
                f"{name} is on",
                consequence=row["costs"],
                help="remove the line unless somebody is debugging Pacemaker itself",
                key=name,
            )


@rule("SYS207", "log-readable-by-all", severity=WARNING, tags=("sysconfig", "security"))
def log_readable_by_all(file: Sysconfig) -> Findings:
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
    for name, assignment, row in _judged(file):
        if row["type"] == "octal" and (mode := _octal(assignment.value)) and int(mode, 8) & _FOR_OTHERS:
            yield problem(
                Place(file, assignment, "value"),
                f"{name} lets everybody {'write' if int(mode, 8) & _WRITE_FOR_OTHERS else 'read'} the detail log",
                consequence="the log shows the configuration, and debug messages show parameters such as passwords",
                help="end the mode in 0, as in 0640 or 0660",
                key=name,
            )


_FOR_OTHERS, _WRITE_FOR_OTHERS = 0o006, 0o002


@rule("SYS208", "debugging-left-on", severity=INFO, tags=("sysconfig",), default=False)
def debugging_left_on(file: Sysconfig) -> Findings:
    """Debug or trace messages, or a blackbox, are on.

    They help while somebody looks for a fault. In everyday life they fill the disk, and they show configuration that should stay private.

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
    for name, assignment, _ in _settings(file):
        if re.fullmatch(r"PCMK_(?:debug|blackbox|trace_\w+)", _modern(name)) and _is_on(file, _modern(name)):
            yield problem(
                Place(file, assignment),
                f"{name} is on",
                consequence="the logs grow, and show more of the configuration than they should",
                help="comment the line out when the fault is found",
                key=name,
            )
