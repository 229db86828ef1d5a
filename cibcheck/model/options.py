"""The options that Pacemaker knows by name, from the tables in ``schemas/options.md``; read when a rule first asks.

The page is Markdown so that people can check it; a table is split at its bars. That takes about a millisecond for all of them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from cibcheck.model import hosts, values
from cibcheck.model.values import Parsed, fold
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Table = Literal[
    "Cluster options",
    "Resource meta-attributes",
    "Operation options",
    "Parameters of fence devices",
    "Node attributes",
    "Alert meta-attributes",
]


_HOSTS: dict[str, Callable[[str], Parsed[Any]]] = {
    "host_list": hosts.host_list,
    "port_map": hosts.port_map,
    "delay_map": hosts.delay_map,
}
"""The types of lists and maps of nodes; all others are functions of `values`."""


class Word(NamedTuple):
    """A value that a table names: since when there is such, since when it is deprecated or removed, and what to write instead."""

    text: str
    deprecated: str | None = None
    removed: str | None = None
    instead: str | None = None
    since: str | None = None

    def is_known_throughout(self, lines: Iterable[str]) -> bool:
        """Whether every release of some release lines understands it."""
        return self.since is None or is_since_throughout(self.since, lines)


class Option(NamedTuple):
    """A row of a table. Empty texts say that there is nothing to say; the page explains its columns."""

    name: str
    type: str
    kinds: tuple[str, ...]
    words: tuple[Word, ...]
    default: str
    since: str
    deprecated: str
    removed: str
    instead: str
    bad_value: str
    notes: str

    def read(self, text: str) -> Parsed[Any]:
        """What Pacemaker makes of a value. A value that was removed still is one here; `word` tells."""
        if self.type in ("enum", "word"):
            word = self.word(text)
            return Parsed(text, word.text if word else None, None if word else "is none of the values that it can have")
        if self.type == "text" or self.word(text):
            return Parsed(text, text)
        parse: Callable[[str], Parsed[Any]] = _HOSTS.get(self.type) or getattr(values, self.type)
        return parse(text)

    def word(self, text: str) -> Word | None:
        """The value of the table that a text is, if any."""
        if self.type == "boolean" and self.words:
            meaning = values.boolean(text).value
            for word in self.words:
                if meaning is not None and values.boolean(word.text).value is meaning:
                    return word
        low = fold(text)
        return next((word for word in self.words if word.text == text or (self.type != "enum" and fold(word.text) == low)), None)

    @property
    def proposals(self) -> Sequence[str]:
        """The values that may be written today."""
        if self.type == "boolean":
            return ("true", "false")
        return [word.text for word in self.words if not word.deprecated and not word.removed]

    def is_known_in(self, lines: Iterable[str]) -> bool:
        """Whether (the last release of) each of some release lines knows the name."""
        return all(
            (not self.since or happened(self.since, line)) and not (self.removed and happened(self.removed, line))
            for line in lines
        )

    def is_known_throughout(self, lines: Iterable[str]) -> bool:
        """Whether every release of some release lines knows the name."""
        return self.is_known_in(lines) and (not self.since or is_since_throughout(self.since, lines))


def is_since_throughout(release: str, lines: Iterable[str]) -> bool:
    """Whether what a release brought is in every release of some release lines: the release is of an earlier line, or opens its own."""
    return all(happened(release, line) and (release == f"{line}.0" or not release.startswith(f"{line}.")) for line in lines)


def happened(release: str, line: str) -> bool:
    """Whether what a release did holds in (the last release of) a release line."""
    return tuple(map(int, release.split(".")[:2])) <= tuple(map(int, line.split(".")))


def options(table: Table) -> Mapping[str, Option]:
    """The rows of a table, by name."""
    return _tables()[table]


@cache
def _tables() -> dict[str, dict[str, Option]]:
    tables: dict[str, dict[str, Option]] = {}
    rows: dict[str, Option] = {}
    is_for_all = True
    for line in _page().splitlines():
        if line.startswith("## "):
            rows = tables[line[3:]] = {}
        elif line.startswith("| name |"):
            is_for_all = "| for |" not in line
        elif line.startswith("| ") and tables:
            name, *cells = map(str.strip, line.split("|")[1:-1])
            kinds = () if is_for_all else tuple(cells.pop(0).split())
            how, listed, *rest = cells
            rows[name] = Option(name, how, kinds, tuple(map(_word, listed.split(", "))) if listed else (), *rest)
    return tables


def _page() -> str:
    import cibcheck_schemas

    # What importlib.resources does, without the milliseconds that importing it takes.
    loader: Any = cibcheck_schemas.__spec__.loader
    folder = cibcheck_schemas.__path__[0]
    data: bytes = loader.get_data(f"{folder}/options.md")
    return data.decode("utf-8")


def _word(cell: str) -> Word:
    if "[" not in cell:
        return Word(cell)
    text, _, rest = cell.partition(" [")
    state, _, instead = rest.rstrip("]").partition(" -> ")
    what, _, release = state.partition(" ")
    return Word(
        text,
        release if what == "deprecated" else None,
        release if what == "removed" else None,
        instead or None,
        release if what == "since" else None,
    )
