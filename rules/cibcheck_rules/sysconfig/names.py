"""SYS1: names of variables that nothing reads, or that do not belong here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, nearest, problem, rule
from cibcheck_rules.sysconfig.settings import (
    REDACTED,
    effective,
    facts,
    is_in,
    is_known,
    is_on,
    kind_of,
    misspelt,
    modern,
    removal,
    removed_in,
    renaming,
    row_of,
    settings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Assignment, Findings, Sysconfig, Target


@rule("SYS101", "misspelt-variable", severity=ERROR, tags=("sysconfig",), fix="sometimes")
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
    for name, assignment in effective(file).items():
        if not is_known(name) and (meant := misspelt(name)):
            row = row_of(meant)
            default = f", {row['default']}" if row and "default" in row else ""
            is_default = row is not None and meant not in file.effective
            yield problem(
                Place(file, assignment, "name"),
                f"Pacemaker knows no variable {name}",
                consequence=f"nothing reads it: {meant} keeps its default{default}" if is_default else "nothing reads it",
                help=f"did you mean {meant}?",
                key=name,
                fix=renaming(file, assignment, meant),
            )


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
    for name, assignment in effective(file).items():
        if name.startswith("PCMK_") and not is_known(name) and not misspelt(name):
            near = nearest(name, facts()["variables"])
            yield problem(
                Place(file, assignment, "name"),
                f"Pacemaker up to release 3.0.2 knows no variable {name}",
                consequence="nothing reads it",
                help=f"did you mean {near}?" if near else "remove it, or take another prefix if it is for your own programs",
                key=name,
            )


@rule("SYS103", "removed-variable", severity=WARNING, tags=("sysconfig", "upgrade"), fix="unsafe")
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
    for name, assignment, row in settings(file):
        if len(removed_in(row, target)) == len(target.lines):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} was removed in Pacemaker {row['removed']}",
                consequence="nothing reads it",
                help=row.get("replacement"),
                key=name,
                fix=removal(file, assignment),
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
    for name, assignment, row in settings(file):
        removed = removed_in(row, target)
        if len(removed) == len(target.lines):
            continue
        if removed:
            what = f"Pacemaker {row['removed']} and later do not read {name}"
        elif "deprecated" in row and any(is_in(row["deprecated"], line) for line in target.lines):
            what = f"{name} is deprecated since Pacemaker {row['deprecated']}"
        else:
            continue
        consequence = "after an upgrade it has no effect" if removed else "a later release will ignore it"
        yield problem(Place(file, assignment, "name"), what, consequence=consequence, help=row.get("replacement"), key=name)


@rule("SYS105", "variable-of-a-later-release", severity=WARNING, tags=("sysconfig",))
def variable_of_a_later_release(file: Sysconfig, target: Target) -> Findings:
    """A variable came only with a later Pacemaker than the configuration is for.

    The release of the cluster does not read it. This is said only if the target of the run is set, since by default a
    configuration is meant for every release.

    References:
    - Pacemaker release notes (ChangeLog)
    """
    for name, assignment, row in settings(file):
        if "since" in row and not any(is_in(row["since"], line) for line in target.lines):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} came with Pacemaker {row['since']}; the configuration is for {' and '.join(sorted(target.lines))}",
                consequence="nothing reads it",
                help="remove it, or set the target of the run if the cluster has a newer Pacemaker",
                key=name,
            )


@rule("SYS106", "legacy-prefix", severity=WARNING, tags=("sysconfig", "upgrade"), fix="unsafe")
def legacy_prefix(file: Sysconfig, target: Target) -> Findings:
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
    for name, assignment, row in settings(file):
        # What some release of the target no longer reads is not to be renamed (SYS103, SYS104).
        if name.startswith("HA_") and not removed_in(row, target):
            new = modern(name)
            other = file.effective.get(new)
            yield problem(
                Place(file, assignment, "name"),
                f"{name} is the old name of {new}",
                consequence=f"{new} is set, too, and counts" if other else f"it works as long as {new} is not set",
                help=f"remove {name}" if other else f"rename it to {new}",
                related=[(Place(file, other, "name"), "counts")] if other else (),
                key=name,
                fix=removal(file, assignment) if other else renaming(file, assignment, new),
            )


@rule("SYS107", "internal-variable", severity=WARNING, tags=("sysconfig",), fix="unsafe")
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
            fix=removal(file, assignment),
        )


def _of_kind(file: Sysconfig, kind: str) -> Iterator[tuple[str, Assignment]]:
    """The assignments of a kind of variable, unless they are empty."""
    return ((name, assignment) for name, assignment in effective(file).items() if assignment.value and kind_of(name) == kind)


@rule("SYS108", "cib-redirected", severity=ERROR, tags=("sysconfig",), fix="unsafe")
def cib_redirected(file: Sysconfig) -> Findings:
    """The file points the daemons to another CIB.

    CIB_file, CIB_shadow and CIB_port tell whatever connects to the CIB to take another one: a file, a shadow copy, or that of a
    remote cluster. They are for the command line. In this file they reach the daemons, which connect to the CIB as well, and
    all resource agents with the tools that these call.

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
            fix=removal(file, assignment),
        )


@rule("SYS109", "client-variable", severity=WARNING, tags=("sysconfig",), fix="unsafe")
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
            fix=removal(file, assignment),
        )


@rule("SYS110", "password-in-environment-file", severity=ERROR, tags=("sysconfig", "security"))
def password_in_environment_file(file: Sysconfig) -> Findings:
    """A password for remote access to the CIB is in the file.

    The file is readable for everybody on most systems, and each resource agent inherits what it sets. The daemons do not need
    the password.

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
        if not re.fullmatch(REDACTED, assignment.value):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} puts a password into a file that everybody can read",
                consequence="every resource agent inherits it, and whoever reads the repository has it",
                help="remove the line and change the password",
                key=name,
            )


@rule("SYS111", "sbd-variable-in-pacemaker-file", severity=WARNING, tags=("sysconfig", "sbd"))
def sbd_variable_in_pacemaker_file(file: Sysconfig) -> Findings:
    """A variable of sbd is in Pacemaker's file.

    sbd reads the file sbd in the same folder, and only that. Pacemaker reads both, and its own first. So sbd does not know the
    value, and the two may go by different ones.

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


@rule("SYS112", "variable-without-effect", severity=INFO, tags=("sysconfig",), fix="unsafe")
def variable_without_effect(file: Sysconfig) -> Findings:
    """A variable has no effect when it is set in this file.

    Pacemaker reads it, but not from here: the environment in which systemd starts the daemons, or the order of events, is
    against it.

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
    for name, assignment, row in settings(file):
        if "ignored" in row and is_on(file, modern(name)):
            yield problem(
                Place(file, assignment, "name"),
                f"{name} has no effect in this file",
                consequence=row["ignored"],
                help="remove the line",
                key=name,
                fix=removal(file, assignment),
            )
