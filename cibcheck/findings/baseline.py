"""The baseline: findings that are known, so that a gate can be closed to new ones while the old are worked off.

An entry is a rule's code and key, the file, and the way to the element by ids, with how often that is found. Lines and values are not part
of it: it survives edits elsewhere in the file, and holds no secret. The file has one entry to a line, sorted, for diffs and merges.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from cibcheck.findings.finding import Suppressed
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cibcheck.findings.finding import Finding

VERSION = 1


class Entry(NamedTuple):
    """What findings are known by; they may be several. ``file`` is the path from the baseline's folder."""

    file: str
    code: str
    key: str
    element: str


class BaselineError(Exception):
    """A file that is no baseline; the text says why."""


class Baseline:
    """The known findings, and how many of each."""

    def __init__(self, path: Path, counts: Mapping[Entry, int]) -> None:
        self.path = path
        self.counts = counts

    def entry(self, finding: Finding) -> Entry:
        """What a finding is known by in this baseline."""
        place = finding.problem.place._replace(part=None)  # an attribute more or less is no other finding
        document = place.document
        element = document.element_path(place) or document.element_id(place) or ""
        return Entry(self.file(document.name), finding.code, finding.problem.key or "", element)

    def file(self, name: str) -> str:
        """A file's name as the baseline has it."""
        if name.startswith("<"):  # standard input
            return name
        return os.path.relpath(os.path.abspath(name), os.path.abspath(self.path.parent)).replace(os.sep, "/")

    def part(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Suppressed], Counter[Entry]]:
        """The findings that are new, those that are known, and what of the baseline was not found."""
        left = Counter(self.counts)
        new: list[Finding] = []
        known: list[Suppressed] = []
        for finding in findings:
            entry = self.entry(finding)
            if left[entry] > 0:
                left[entry] -= 1
                known.append(Suppressed(finding, "baseline"))
            else:
                new.append(finding)
        return new, known, +left

    def counted(self, findings: Iterable[Finding]) -> Counter[Entry]:
        """The findings as entries."""
        return Counter(map(self.entry, findings))


def read_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        OSError: it cannot be read.
        BaselineError: it is no baseline, or one of a later version.
    """
    try:
        document = json.loads(path.read_bytes())
        if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
            raise BaselineError("it is no baseline of cibcheck")
        if document.get("version") != VERSION:
            raise BaselineError(f"it is of version {document.get('version')!r}; this cibcheck knows version {VERSION}")
        return Baseline(path, dict(_entry(one) for one in document["findings"]))
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"it is no JSON: {error}") from None


def _entry(one: Any) -> tuple[Entry, int]:
    if not isinstance(one, dict):
        raise BaselineError("an entry is no object")
    entry = Entry(*(one.get(name, "") for name in Entry._fields))
    count = one.get("count", 1)
    if not all(isinstance(text, str) for text in entry) or type(count) is not int or count < 1:
        raise BaselineError(f"an entry makes no sense: {json.dumps(one)[:120]}")
    return entry, count


def write_baseline(path: Path, counts: Mapping[Entry, int]) -> None:
    """Write a baseline; another file is put in the place of the old one, so that there is never half of one.

    Raises:
        OSError: it cannot be written.
    """
    path = path.resolve()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text_of(counts), "ascii")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def text_of(counts: Mapping[Entry, int]) -> str:
    """The text of a baseline."""
    lines = [json.dumps(_plain(entry, count)) for entry, count in sorted(counts.items()) if count > 0]
    body = "".join(f"\n    {line}{',' if number < len(lines) else ''}" for number, line in enumerate(lines, 1))
    return f'{{\n  "version": {VERSION},\n  "findings": [{body}{chr(10) + "  " if lines else ""}]\n}}\n'


def _plain(entry: Entry, count: int) -> dict[str, object]:
    plain: dict[str, object] = {name: text for name, text in entry._asdict().items() if text}
    return plain if count == 1 else plain | {"count": count}
