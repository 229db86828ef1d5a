"""SYS: values that look as if a shell read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, SetValue, Tidy, problem, rule, safe_fix, unsafe_fix
from cibcheck_rules.sysconfig.settings import (
    comes_to_the_same,
    effective,
    is_idle,
    number_survives,
    odd,
    row_of,
    spoiling,
    spoilt,
)

if TYPE_CHECKING:
    from cibcheck.api import Assignment, Findings, Fix, Oddity, Sysconfig


@rule("SYS013", "comment-in-value", severity=ERROR, tags=("sysconfig",), fix="unsafe")
def comment_in_value(file: Sysconfig) -> Findings:
    """A comment behind a value spoils the value.

    systemd knows comments on lines of their own only. After a value, `#` and all that follows belong to it, and a boolean, a
    path or a word is then none that Pacemaker knows. (A number survives: Pacemaker reads its digits and ignores the rest.
    SYS022 warns there.)

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
    for oddity, assignment in spoiling(file, "trailing-comment"):
        yield problem(
            Place(file, oddity),
            f"the comment is part of the value of {assignment.name}",
            consequence=_if_invalid(assignment.name),
            help="move the comment to a line of its own",
            fix=unsafe_fix("move the comment to a line of its own", Tidy(Place(file, oddity))),
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
    for oddity, assignment in spoiling(file, "expansion", "command-substitution", "tilde"):
        yield problem(
            Place(file, oddity),
            f"{file.source.text[oddity.start : oddity.end]!r} in the value of {assignment.name} is not expanded",
            consequence=f"systemd passes it on as it stands: {_if_invalid(assignment.name)}",
            help="write out the value",
        )


@rule("SYS015", "shell-syntax-in-value", severity=ERROR, tags=("sysconfig",), fix="sometimes")
def shell_syntax_in_value(file: Sysconfig) -> Findings:
    """A quote, a semicolon, a parenthesis or the like is taken literally and spoils the value.

    Quotes count at the beginning of a value and right after another closing quote; behind any other character they are part of
    the value. So is what would end a command in a shell.

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
    for oddity, assignment in spoiling(file, "inner-quotes", "operator", "array"):
        yield problem(
            Place(file, oddity),
            f"{file.source.text[oddity.start]!r} is part of the value of {assignment.name}",
            consequence=_if_invalid(assignment.name),
            help="put the whole value in quotes, or write it without any" if oddity.kind == "inner-quotes" else "remove it",
            fix=_without_syntax(file, oddity, assignment),
        )


def _without_syntax(file: Sysconfig, oddity: Oddity, assignment: Assignment) -> Fix | None:
    """The fix that writes what a shell would read, where that is plain: the value without inner quotes, or without a semicolon at its end."""
    value = assignment.value
    for quote in "\"'" if oddity.kind == "inner-quotes" else "":
        if value.count(quote) == _A_PAIR and not set(value) & set("\"'\\$` ;&|") - {quote}:
            meant = value.replace(quote, "")
            break
    else:
        meant = value.rstrip("; \t") if oddity.kind == "operator" else value
        if meant == value or set(meant) & set("\"'\\$` ;&|<>()"):
            return None
    return unsafe_fix(f"set {assignment.name} to {meant!r}", SetValue(Place(file, assignment, "value"), meant))


_A_PAIR = 2


def _if_invalid(name: str) -> str:
    """What an invalid value of a setting does."""
    row = row_of(name) or {}
    return str(row.get("invalid", "Pacemaker gets a value that was not meant"))


@rule("SYS016", "lookalike-character", severity=ERROR, tags=("sysconfig",), fix="sometimes")
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
    for oddity, assignment in spoiling(file, "lookalike"):
        codes = ", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(oddity.detail))
        yield problem(
            Place(file, oddity),
            f"the value of {assignment.name} has {oddity.detail!r} ({codes}) in it",
            consequence=_if_invalid(assignment.name),
            help="type plain quotes, hyphens and blanks",
            fix=_in_plain_characters(file, assignment),
        )


def _in_plain_characters(file: Sysconfig, assignment: Assignment) -> Fix | None:
    """The fix that types plain characters for typographic ones; quotes around the value are quotes, others are for people to judge."""
    plain = assignment.value.translate(_PLAIN).strip()
    if len(plain) >= _A_PAIR and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1]
    if set(plain) & set("\"'"):
        return None
    return unsafe_fix(f"set {assignment.name} to {plain!r}", SetValue(Place(file, assignment, "value"), plain))


_PLAIN = {
    **dict.fromkeys(map(ord, "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032"), "'"),
    **dict.fromkeys(range(0x2010, 0x2016), "-"),
    0x2212: "-",
    **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF]),
}


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
    """  # noqa: D301 - the example has a carriage return
    for oddity, assignment in spoiling(file, "carriage-return-in-value"):
        yield problem(
            Place(file, oddity),
            f"the value of {assignment.name} has a carriage return in it",
            consequence="systemd passes it on as part of the value",
            help="write the value on one line",
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


@rule("SYS022", "read-otherwise-by-shells", severity=WARNING, tags=("sysconfig",), fix="sometimes")
def read_otherwise_by_shells(file: Sysconfig) -> Findings:
    """A shell reads an assignment otherwise than systemd does.

    The value that systemd gives to Pacemaker may be what was meant. But scripts, older init systems and tools source the file
    or pick it apart, and get another one, or an error. The finding's key says which construct it is, so that one of them can be
    ignored: array, blank-around-equals, command-substitution, dangling-backslash, expansion, inner-quotes, operator,
    second-word, several-assignments, split-quotes, tilde, trailing-comment.

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
    otherwise_reported = spoilt(file)
    for oddity in odd(file, *_IN_A_SHELL):
        assignment = oddity.assignment
        if assignment and assignment not in otherwise_reported and not is_idle(file, assignment.name):
            what, readers, remedy = _IN_A_SHELL[oddity.kind]
            yield problem(
                Place(file, oddity),
                what.format(assignment.name),
                consequence=readers,
                help=remedy,
                key=oddity.kind,
                fix=_as_systemd_reads(file, oddity, assignment),
            )


def _as_systemd_reads(file: Sysconfig, oddity: Oddity, assignment: Assignment) -> Fix | None:
    """The fix after which a shell reads what systemd reads already. Where the file may mean what a shell reads, there is none."""
    if oddity.kind == "trailing-comment":
        row = row_of(assignment.name)
        is_same = row is not None and (number_survives(row, assignment.value) or comes_to_the_same(row, assignment.value))
        make = safe_fix if is_same else unsafe_fix
        return make("move the comment to a line of its own", Tidy(Place(file, oddity)))
    if oddity.kind == "blank-around-equals":
        return safe_fix(f"remove the blanks beside the = of {assignment.name}", Tidy(Place(file, oddity)))
    if oddity.kind in ("second-word", "split-quotes"):
        return safe_fix(f"put the value of {assignment.name} in quotes", Tidy(Place(file, oddity)))
    if oddity.kind == "dangling-backslash":
        return safe_fix("remove the backslash", Tidy(Place(file, oddity)))
    return None


@rule("SYS024", "outside-portable-subset", severity=INFO, tags=("sysconfig",), default=False, fix="sometimes")
def outside_portable_subset(file: Sysconfig) -> Findings:
    r"""A value is not written in the way that all readers agree on.

    systemd, shells, pcs and crmsh read the file each in their own way. They agree on `NAME=value` with a value of letters,
    digits and `_./:,@%+=-`, in double quotes without `"`, backslash, `$` and backquote, or in single quotes; all on one line.
    This opt-in rule asks for nothing else; what is already a mistake or read otherwise by shells, another rule says.

    Bad:

    ```sysconfig node1
    PCMK_trace_formats="«connection to \"%s\" lost»"
    ```

    Good:

    ```sysconfig node1
    PCMK_trace_formats='connection to "%s" lost'
    ```

    References:
    - systemd.exec(5), EnvironmentFile=
    - POSIX.1-2024, Shell Command Language, section 2
    """
    reported = {oddity.assignment for oddity in odd(file, *_IN_A_SHELL)} | spoilt(file)
    for assignment in effective(file).values():
        raw = file.source.text[assignment.name_end + 1 : assignment.end]
        if assignment not in reported and not re.fullmatch(_PORTABLE, raw):
            yield problem(
                Place(file, assignment, "value"),
                f"the value of {assignment.name} is written in a way that not all readers understand alike",
                consequence="pcs and crmsh, which pick the file apart in their own ways, may read another value",
                help="put it in one pair of quotes, without backslashes",
                fix=_in_one_pair(file, assignment),
            )


def _in_one_pair(file: Sysconfig, assignment: Assignment) -> Fix | None:
    """The fix that puts a value in one pair of quotes, if there is a kind of quotes that will do."""
    if not any(re.fullmatch(_PORTABLE, f"{quote}{assignment.value}{quote}") for quote in "\"'"):
        return None
    title = f"put the value of {assignment.name} in one pair of quotes"
    return safe_fix(title, SetValue(Place(file, assignment, "value"), assignment.value))


_PORTABLE = r"""\"[^"\\$`\n\r]*"|'[^'\n\r]*'|[A-Za-z0-9_./:,@%+=-]*"""
