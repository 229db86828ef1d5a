"""SYS: what systemd reads of an environment file at all, and what it drops without a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, Remove, Tidy, problem, quoted, rule, safe_fix, unsafe_fix, values
from cibcheck_rules.sysconfig.settings import (
    NUMBERS,
    effective,
    is_idle,
    is_known,
    is_ours,
    misspelt,
    odd,
    renaming,
    row_of,
    spoiling,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Assignment, Findings, Oddity, Sysconfig


@rule("SYS001", "not-utf8", severity=ERROR, tags=("sysconfig",))
def not_utf8(file: Sysconfig) -> Findings:
    """A name or a value has bytes that are not UTF-8, so systemd ignores the file.

    One such byte is enough: systemd gives up on the whole file, and since the units of Pacemaker name it with a "-" in front,
    nothing is logged. All variables keep their defaults. Comments may hold any bytes. Usual causes are an umlaut in Latin-1 and
    an editor that saved the file in another encoding.

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
    for oddity in odd(file, "invalid-utf8"):
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

    systemd reads text without NUL bytes, in comments as well. Text in UTF-16, as some editors on Windows save it, has one in
    every second place. Nothing is logged, and all variables keep their defaults.

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
    """  # noqa: D301 - the example has a NUL byte
    for oddity in odd(file, "nul-byte", "utf-16"):
        yield problem(
            Place(file, oddity),
            "the file is in UTF-16" if oddity.kind == "utf-16" else "the file contains a NUL byte",
            consequence="systemd ignores the whole file without a word: every variable in it keeps its default",
            help="save the file as UTF-8 text",
        )


@rule("SYS003", "byte-order-mark", severity=ERROR, tags=("sysconfig",), fix="unsafe")
def byte_order_mark(file: Sysconfig) -> Findings:
    """A byte order mark at the start of the file hides the first variable.

    systemd takes the mark for a part of the name and drops the assignment, since a name is made of letters, digits and
    underscores.

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
    for oddity in odd(file, "byte-order-mark"):
        if oddity.assignment:
            yield problem(
                Place(file, oddity),
                f"the byte order mark before {oddity.assignment.name} becomes part of its name",
                consequence=f"systemd drops the assignment, and {oddity.assignment.name} is not set",
                help="save the file as UTF-8 without a byte order mark (BOM)",
                fix=unsafe_fix("remove the byte order mark", Tidy(Place(file, oddity))),
            )


@rule("SYS004", "lucky-byte-order-mark", severity=WARNING, tags=("sysconfig",), fix="safe")
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
    for oddity in odd(file, "byte-order-mark"):
        if not oddity.assignment:
            yield problem(
                Place(file, oddity),
                "the file starts with a byte order mark",
                consequence="systemd takes the mark for text: an assignment in the first line would be dropped",
                help="save the file as UTF-8 without a byte order mark (BOM)",
                fix=safe_fix("remove the byte order mark", Tidy(Place(file, oddity))),
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
    for oddity in odd(file, "merge-conflict"):
        yield problem(
            Place(file, oddity),
            "unresolved merge conflict",
            consequence="systemd reads both sides, and the last assignment of a variable counts",
            help="keep the lines of one side and delete the markers",
        )


_MOST_SHOWN = 3


@rule("SYS006", "unterminated-quote", severity=ERROR, tags=("sysconfig",), fix="sometimes")
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
    for oddity in odd(file, "unterminated-quote"):
        if oddity.assignment:
            lost = [other for other in odd(file, "swallowed-assignment") if other.assignment is oddity.assignment]
            rest = f", so {quoted(other.detail for other in lost)} counts as text" if lost else ""
            yield problem(
                Place(file, oddity),
                f"the quote that opens the value of {oddity.assignment.name} is never closed",
                consequence=f"systemd takes the rest of the file for the value{rest}",
                help=f"add the closing {oddity.detail}",
                fix=unsafe_fix(f"close the quote at the end of the line, with {oddity.detail}", Tidy(Place(file, oddity))),
                related=[(Place(file, other), "part of the value") for other in lost[:_MOST_SHOWN]],
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
    never_closed = {oddity.assignment for oddity in odd(file, "unterminated-quote")}
    for oddity in odd(file, "swallowed-assignment"):
        start = oddity.assignment
        if start and is_ours(oddity.detail) and start not in never_closed:
            yield problem(
                Place(file, oddity),
                f"{oddity.detail} is not set: it is part of the value of {start.name}",
                consequence="systemd reads one value that goes on over the line end",
                help="close the quote, or remove the backslash, where the value above should end",
                related=[(Place(file, start, "name"), "the value starts here")],
            )


@rule("SYS008", "exported-variable", severity=ERROR, tags=("sysconfig",), fix="unsafe")
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
    for oddity in odd(file, "exported"):
        word = file.source.text[oddity.start : oddity.end].split()[0]
        yield problem(
            Place(file, oddity),
            f"{oddity.detail} is not set: the line starts with {word!r}",
            consequence=f"systemd takes {word!r} for a part of the name and drops the assignment",
            help=f"remove {word!r}: systemd exports every variable of the file",
            fix=unsafe_fix(f"remove {word!r} before {oddity.detail}", Tidy(Place(file, oddity))),
        )


@rule("SYS009", "invalid-variable-name", severity=ERROR, tags=("sysconfig",), fix="sometimes")
def invalid_variable_name(file: Sysconfig) -> Findings:
    """A name is none that a variable can have.

    A name is made of letters, digits and underscores and does not start with a digit. systemd drops the assignment and says so
    only in its journal. `NAME+=value`, with which bash appends, is such a name, too.

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
    for oddity in odd(file, "invalid-name", "appended"):
        if oddity.assignment:
            name = oddity.assignment.name
            meant = misspelt(re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_"))
            advice = (
                "write the whole value in one assignment" if oddity.kind == "appended" else "use letters, digits and underscores"
            )
            yield problem(
                Place(file, oddity),
                f"{name!r} is not the name of a variable",
                consequence="systemd drops the assignment",
                help=f"did you mean {meant}?" if meant and oddity.kind == "invalid-name" else advice,
                fix=renaming(file, oddity.assignment, meant) if oddity.kind == "invalid-name" else None,
            )


@rule("SYS010", "missing-equals", severity=ERROR, tags=("sysconfig",), fix="sometimes")
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
    for oddity in odd(file, "not-an-assignment"):
        if name := _first_word(oddity):
            yield problem(
                Place(file, oddity),
                f"{name} is not set: there is no = after the name",
                consequence="systemd skips the line",
                help=f"write {name}=value, without blanks",
                fix=None if name in file.effective else unsafe_fix(f"make it an assignment of {name}", Tidy(Place(file, oddity))),
            )


def _first_word(oddity: Oddity) -> str | None:
    """The variable of Pacemaker that a line starts with."""
    match = re.match(r"([A-Za-z_][A-Za-z0-9_]*)(?=[ \t:]|$)", oddity.detail)
    return match[1] if match and is_known(match[1]) else None


@rule("SYS011", "shell-code", severity=WARNING, tags=("sysconfig",))
def shell_code(file: Sysconfig) -> Findings:
    """Lines are neither assignments nor comments.

    The file looks like a shell script, but systemd is no shell: it skips such lines. Assignments between them count in any
    case, whatever `if` stands above.

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
    if lines := [oddity for oddity in odd(file, "not-an-assignment") if not _first_word(oddity)]:
        yield problem(
            Place(file, lines[0]),
            "this line is no assignment" if len(lines) == 1 else f"this line and {len(lines) - 1} more are no assignments",
            consequence="systemd skips them; assignments between them count in any case",
            help="write plain NAME=value lines, and # before comments",
        )


@rule("SYS012", "several-assignments-on-a-line", severity=ERROR, tags=("sysconfig",), fix="sometimes")
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
    for oddity, assignment in spoiling(file, "several-assignments"):
        yield problem(
            Place(file, oddity),
            f"{oddity.detail} is not set: it is part of the value of {assignment.name}",
            consequence="systemd reads one value up to the end of the line",
            help="put each assignment on a line of its own",
            fix=unsafe_fix(f"put the assignment of {oddity.detail} on a line of its own", Tidy(Place(file, oddity))),
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


@rule("SYS019", "repeated-assignment", severity=WARNING, tags=("sysconfig",), fix="safe")
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
                fix=safe_fix(
                    f"remove all assignments of {name} but the last", *(Remove(Place(file, one)) for one in assignments[:-1])
                ),
                related=[(Place(file, assignment, "name"), "no effect") for assignment in assignments[:-1]],
            )


def _repeated(file: Sysconfig) -> Iterator[tuple[str, list[Assignment]]]:
    """The variables that are set more than once; not in a file with a merge conflict, where that is to be expected."""
    counting = effective(file)
    if len(counting) == len(file.assignments) or any(file.odd("merge-conflict")):
        return
    by_name: dict[str, list[Assignment]] = {}
    for assignment in file.assignments:
        if assignment.name in counting:
            by_name.setdefault(assignment.name, []).append(assignment)
    yield from ((name, same) for name, same in by_name.items() if len(same) > 1 and not is_idle(file, name))


def _meaning(assignment: Assignment) -> object:
    """What Pacemaker makes of a value, so that yes and true are the same."""
    row = row_of(assignment.name)
    kind = row["type"] if row else "text"
    if kind in ("boolean", "subsystems"):
        flag = values.boolean(assignment.value).value
        return assignment.value if flag is None else flag
    return values.leading_integer(assignment.value) if kind in NUMBERS else assignment.value


@rule("SYS020", "comment-goes-on", severity=WARNING, tags=("sysconfig",), fix="unsafe")
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
    for oddity in odd(file, "comment-continuation"):
        if oddity.assignment:
            yield problem(
                Place(file, oddity),
                f"the comment above {oddity.assignment.name} ends in a backslash",
                consequence=f"systemd before release 254 skips the next line, and {oddity.assignment.name} is not set",
                help="remove the backslash",
                fix=unsafe_fix("remove the backslash", Tidy(Place(file, oddity))),
                related=[(Place(file, oddity.assignment), "lost in older systemd")],
            )


@rule("SYS021", "carriage-returns", severity=WARNING, tags=("sysconfig",), fix="sometimes")
def carriage_returns(file: Sysconfig) -> Findings:
    """Lines end as on Windows, with a carriage return.

    systemd takes it for a line end. For everything else that reads the file, such as scripts that source it, every value ends
    in an invisible character.

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
    """  # noqa: D301 - the example has a carriage return
    for oddity in odd(file, "carriage-return"):
        count = int(oddity.detail)
        yield problem(
            Place(file, oddity),
            f"{count} lines end in a carriage return" if count > 1 else "the line ends in a carriage return",
            consequence="systemd does not mind; a shell takes it for the last character of the value",
            help="convert the line ends (dos2unix), and keep them with a .gitattributes entry 'text eol=lf'",
            fix=safe_fix("end all lines in a line feed alone", Tidy(Place(file, oddity))),
        )


@rule("SYS023", "semicolon-comment", severity=INFO, tags=("sysconfig",), fix="safe")
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
    for oddity in odd(file, "semicolon-comment"):
        yield problem(
            Place(file, oddity),
            "the comment starts with a semicolon",
            consequence="systemd does not mind; a shell stops there with an error",
            help="start comments with #",
            fix=safe_fix("start the comment with #", Tidy(Place(file, oddity))),
        )
