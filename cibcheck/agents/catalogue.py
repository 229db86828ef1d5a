"""Catalogues of agents: files that are searched, not loaded. An agent is found by its name, and only its lines are read."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from cibcheck.agents.facts import FactsError, read
from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cibcheck.agents.facts import AgentFacts

FIRST_LINE = "cibcheck-agents 1"
"""How a catalogue starts."""

MAX_BYTES = 16 * 1024 * 1024
"""The largest catalogue read, in bytes: a hundred times what all known agents take."""

_FEW = 64
"""Up to how many agents are searched for before an index pays off."""


class CatalogueError(Exception):
    """A file that is no catalogue, or says what has no meaning; the text names file and line."""


class Catalogue:
    """One catalogue. ``name`` is what the user calls the file."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self._data = data
        self._searches = 0

    @cached_property
    def covered(self) -> Mapping[str, str]:
        """What it has all agents of: how their names start, such as ``ocf:heartbeat:``, and from where it has them."""
        end = self._data.find(b"\n\n")
        lines = self._data[: end if end >= 0 else None].decode("utf-8", "replace").split("\n")
        pairs = (line.removeprefix("covers ").partition(" ") for line in lines if line.startswith("covers "))
        return {prefix: source for prefix, _, source in pairs}

    def covers(self, name: str) -> bool:
        """Whether it would have the agent of that name, were there one."""
        return name.startswith(tuple(self.covered))

    def find(self, name: str) -> AgentFacts | None:
        """The agent of that name.

        Raises:
            FactsError: its lines have no meaning; `load` makes sure that they have.
        """
        start = self._start(name)
        if start < 0:
            return None
        end = self._data.find(b"\n\n", start)
        lines = self._data[start + 1 : end if end >= 0 else None].decode("utf-8", "replace").rstrip("\n").split("\n")
        return read([line for line in lines if not _is_remark(line)])

    def _start(self, name: str) -> int:
        """Where the line before an agent ends; -1 where there is no such agent."""
        if ":" not in name or name.split() != [name]:
            return -1
        self._searches += 1
        if self._searches > _FEW:
            return self._starts.get(name, -1)
        wanted = b"\n" + name.encode("utf-8", "replace")
        start = self._data.find(wanted)
        while start >= 0 and self._data[start + len(wanted) : start + len(wanted) + 1] not in (b"\n", b" "):
            start = self._data.find(wanted, start + 1)
        return start

    @cached_property
    def _starts(self) -> dict[str, int]:
        found = re.finditer(rb"\n([^\s:#]+:\S+)", self._data)
        return {match[1].decode("utf-8", "replace"): match.start() for match in found}

    def names(self) -> list[str]:
        """The names of all its agents, in its order."""
        return list(self._starts)

    def all(self) -> Iterator[AgentFacts]:
        """All its agents."""
        for name in self.names():
            if (found := self.find(name)) is not None:
                yield found


def _is_remark(line: str) -> bool:
    return line.lstrip(" ").startswith("#")


def load(name: str, path: str) -> Catalogue:
    """Read a catalogue that somebody made, and look at every line.

    Raises:
        CatalogueError: it cannot be read, is too large, or a line has no meaning.
    """
    try:
        with open(path, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise CatalogueError(f"{name}: it is no file")
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise CatalogueError(f"{name}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise CatalogueError(f"{name}: it has more than {MAX_BYTES // 2**20} MiB")
    data = data.replace(b"\r\n", b"\n")
    _check(name, data)
    return Catalogue(name, data)


def _check(name: str, data: bytes) -> None:
    """Raises `CatalogueError` where the bytes are no catalogue."""
    try:
        first, *lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise CatalogueError(f"{name}: it is not UTF-8") from None
    if first != FIRST_LINE:
        raise CatalogueError(f"{name}:1: a catalogue of agents starts with the line {FIRST_LINE!r}")
    block: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate([*lines, ""], 2):
        if _is_remark(line):
            continue
        if block and not line.startswith("  ") and line:
            raise CatalogueError(f"{name}:{number}: an empty line ends what is said of an agent")
        if line.startswith("  ") and line.strip() and block:
            _try(name, number, [block[0], line])
            block.append(line)
        elif not line:
            if block:
                _try(name, number - 1, block)
            block = []
        elif line.startswith("covers ") and not seen and line.split()[1:]:
            continue
        elif re.match(r"[^\s:]+:\S+", line):
            agent = line.split()[0]
            if agent in seen:
                raise CatalogueError(f"{name}:{number}: {agent} is here twice")
            seen.add(agent)
            block = [line]
            _try(name, number, block)
        else:
            raise CatalogueError(f"{name}:{number}: neither an agent (class:provider:type) nor what one takes (indented)")


def _try(name: str, number: int, block: Sequence[str]) -> None:
    try:
        read(block)
    except FactsError as error:
        raise CatalogueError(f"{name}:{number}: {error}") from None


def shipped() -> Catalogue:
    """The catalogue that comes with cibcheck."""
    import cibcheck_schemas

    path = os.path.join(os.path.dirname(cibcheck_schemas.__file__), "agents.txt")
    with open(path, "rb") as stream:
        return Catalogue("the catalogue of cibcheck", stream.read())


class Catalogues:
    """What a run knows of agents: the catalogues that the user brings, of which the later one has the say, and the shipped one.

    Nothing is read before an agent is asked for.
    """

    def __init__(self, own: Iterable[Catalogue] = ()) -> None:
        self._own = list(own)[::-1]
        self._found: dict[str, AgentFacts | None] = {}

    @cached_property
    def _shipped(self) -> Catalogue:
        return shipped()

    def get(self, name: str) -> AgentFacts | None:
        """What is known of an agent, if anything; its name alone only if no catalogue has more."""
        if name not in self._found:
            best: AgentFacts | None = None
            for catalogue in (*self._own, self._shipped):
                found = catalogue.find(name)
                best = best if found is None or (best is not None and found.is_name_only) else found
                if best is not None and not best.is_name_only:
                    break
            self._found[name] = best
        return self._found[name]

    def lacking(self, name: str) -> Catalogue | None:
        """The catalogue that would have an agent of that name, were there one; None where there is one, or nobody can tell. What the
        user's catalogues cover is theirs to know: an agent that only the shipped one has is not installed there."""
        if any(catalogue.find(name) is not None for catalogue in self._own):
            return None
        for catalogue in self._own:
            if catalogue.covers(name):
                return catalogue
        return self._shipped if self.get(name) is None and self._shipped.covers(name) else None

    def is_own(self, catalogue: Catalogue) -> bool:
        """Whether the user brought a catalogue, so that it tells of his nodes."""
        return catalogue in self._own

    def names(self) -> list[str]:
        """The names of all agents known."""
        return sorted({name for catalogue in (*self._own, self._shipped) for name in catalogue.names()})
