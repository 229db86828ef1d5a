"""What a finding is known by from one run to the next, though lines move."""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cibcheck.documents.source import Source
    from cibcheck.findings.finding import Finding

_BLOCK = 100
_MULTIPLIER = 37
_MODULUS = 2**64
_UNIT = 2
"""Bytes of a UTF-16 code unit."""
_END = "\uffff"


def digest(*parts: str) -> str:
    """A hash of some texts, in hexadecimal digits."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def element(finding: Finding) -> tuple[str, str, str]:
    """Rule, key and element: what a finding is about, wherever it stands in the file."""
    place = finding.problem.place
    document = place.document
    return (finding.code, finding.problem.key or "", document.element_path(place) or document.element_id(place) or "")


def line_hashes(source: Source, lines: Iterable[int]) -> Mapping[int, str]:
    """GitHub's hash of each of the lines (counted from 1), as it works it out itself for a finding that brings none.

    A polynomial over the 100 UTF-16 code units from the line's start on, with blanks and tabs left out, as hexadecimal digits without
    leading zeros; then which one of the lines with that hash it is. A line that its reader would not count has none.
    """
    # Its reader takes every file for UTF-8, and so are lines counted here.
    text = source.data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    packed = text.replace(" ", "").replace("\t", "") + _END
    units = packed.encode("utf-16-le", "surrogatepass") + bytes(_BLOCK * _UNIT)
    widths = (len(line.encode("utf-16-le", "surrogatepass")) + _UNIT for line in packed.split("\n"))
    starts = list(accumulate(widths, initial=0))[:-1]
    windows = {line: units[starts[line - 1] : starts[line - 1] + _BLOCK * _UNIT] for line in lines if line <= len(starts)}
    seen = dict.fromkeys(windows.values(), 0)
    hashes: dict[int, str] = {}
    for line, start in enumerate(starts, 1):
        window = units[start : start + _BLOCK * _UNIT]
        if window in seen:
            seen[window] += 1
            if line in windows:
                hashes[line] = f"{_polynomial(window):x}:{seen[window]}"
    return hashes


def _polynomial(window: bytes) -> int:
    value = 0
    for index in range(0, len(window), _UNIT):
        value = (value * _MULTIPLIER + int.from_bytes(window[index : index + _UNIT], "little")) % _MODULUS
    return value
