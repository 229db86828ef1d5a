"""Asks the agents that are installed what they take.

Agents are programs of many authors, so each is only ever asked for its metadata, without a shell, without input, with an environment of its
own, for a limited time, and what it prints is read up to a limit. All of them answer without a cluster and without root.
"""

from __future__ import annotations

import os
import select
import signal
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from cibcheck.agents import metadata
from cibcheck.agents.facts import AgentFacts
from cibcheck.agents.merge import catalogue_text
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OCF_ROOT = "/usr/lib/ocf"
FENCE_AGENTS = "/usr/sbin"

AT_ONCE = 2
"""How many agents are asked at the same time; with more, an agent that is slow to start would seem to be dead on a small machine."""

SECONDS = 10.0
"""How long an agent may take; the slowest known needs half a second."""

_PACKAGES = {
    "ocf:heartbeat:": ("resource-agents",),
    "ocf:pacemaker:": ("pacemaker-resource-agents", "pacemaker"),
    "stonith:fence_": ("fence-agents", "fence-agents-common"),
}


class Program(NamedTuple):
    """An agent as a file: what the cluster calls it, and the command that prints its metadata."""

    name: str
    command: tuple[str, ...]


class Answer(NamedTuple):
    """What an agent said of itself, or why it said nothing."""

    name: str
    facts: AgentFacts | None
    failure: str | None = None


class Harvest(NamedTuple):
    """What was found: the text of a catalogue, how many agents told of themselves, and which did not."""

    text: str
    told: int
    failures: Sequence[Answer]


def harvest(ocf_root: str = OCF_ROOT, fence_agents: str = FENCE_AGENTS, seconds: float = SECONDS) -> Harvest:
    """Ask all agents below a root of OCF agents, and the fence agents in a folder."""
    ocf_root, fence_agents = os.path.abspath(ocf_root), os.path.abspath(fence_agents)
    programs = [*ocf_agents(ocf_root), *fence_agents_in(fence_agents)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda program: _ask(program, ocf_root, seconds), programs))
    # That an agent is there is known of those as well that keep silent.
    agents = [answer.facts or AgentFacts(answer.name, {}, [], is_name_only=True) for answer in answers]
    prefixes = dict.fromkeys(
        "stonith:fence_" if answer.name.startswith("stonith:") else answer.name.rpartition(":")[0] + ":" for answer in answers
    )
    covered = {prefix: _version(_PACKAGES.get(prefix, ()), seconds) for prefix in prefixes}
    failures = [answer for answer in answers if answer.facts is None]
    return Harvest(catalogue_text(covered, agents), len(answers) - len(failures), failures)


def ocf_agents(root: str) -> Iterator[Program]:
    """The agents below ``resource.d``, a folder for each provider."""
    top = os.path.join(root, "resource.d")
    for provider in _names(top):
        for agent in _names(os.path.join(top, provider)):
            path = os.path.join(top, provider, agent)
            if _is_program(path):
                yield Program(f"ocf:{provider}:{agent}", (path, "meta-data"))


def fence_agents_in(folder: str) -> Iterator[Program]:
    """The programs called ``fence_…``."""
    for agent in _names(folder):
        path = os.path.join(folder, agent)
        if agent.startswith("fence_") and _is_program(path):
            yield Program(f"stonith:{agent}", (path, "-o", "metadata"))


def _names(folder: str) -> list[str]:
    try:
        found = os.listdir(folder)
    except OSError:
        return []
    return sorted(name for name in found if name.split() == [name] and not name.startswith("."))


def _is_program(path: str) -> bool:
    """Whether a file can be run, and was not open to anybody to change."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and os.access(path, os.X_OK) and not mode & stat.S_IWOTH


def _ask(program: Program, ocf_root: str, seconds: float) -> Answer:
    try:
        data = run(program.command, ocf_root, seconds)
        if not data.strip():
            return Answer(program.name, None, "it prints no metadata")
        facts = metadata.read(program.name, data)
    except TimeoutError:
        return Answer(program.name, None, f"it printed no metadata in {seconds:g} s")
    except OSError as error:
        return Answer(program.name, None, error.strerror or "it cannot be run")
    except metadata.MetadataError as error:
        return Answer(program.name, None, str(error))
    return Answer(program.name, facts)


def run(command: Sequence[str], ocf_root: str, seconds: float) -> bytes:
    """What a command prints, up to one byte more than metadata may have. It is ended then, and after the time, with all that it started.

    Raises:
        OSError: it cannot be started; a `TimeoutError` says that it took too long.
    """
    environment = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C",
        "OCF_ROOT": ocf_root,
        "OCF_RESOURCE_INSTANCE": "cibcheck",
        "OCF_RA_VERSION_MAJOR": "1",
        "OCF_RA_VERSION_MINOR": "1",
    }
    with subprocess.Popen(  # noqa: S603 - a program's path and the words that ask for its metadata
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            return _read(process, time.monotonic() + seconds)
        finally:
            # Its children too; none of them may keep us waiting.
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except OSError:
                process.kill()


def _read(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    handle = process.stdout.fileno() if process.stdout else -1
    found = bytearray()
    while len(found) <= metadata.MAX_BYTES:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise TimeoutError
        if not (part := os.read(handle, 65_536)):
            break
        found += part
    return bytes(found)


def _version(packages: Sequence[str], seconds: float) -> str:
    """What the package manager calls the first of some packages that is installed."""
    for package in packages:
        for command in (
            ("dpkg-query", "-W", "-f", "${Version}", package),
            ("rpm", "-q", "--qf", "%{VERSION}-%{RELEASE}", package),
        ):
            try:
                found = run(command, OCF_ROOT, seconds).decode("ascii", "replace").strip()
            except (OSError, TimeoutError):
                continue
            if found and len(found.split()) == 1:
                return f"{package} {found}"
    return ""
