"""The versions of the CIB schema. They compare as pairs of numbers: 2.10 comes after 2.9."""

from __future__ import annotations

from typing import TypeAlias

Version: TypeAlias = tuple[int, int]

VERSIONS: tuple[Version, ...] = (
    (1, 0),
    (1, 2),
    (1, 3),
    *((2, minor) for minor in range(11)),
    *((3, minor) for minor in range(11)),
    (4, 0),
)
"""All 26, from the oldest to the newest. There is no 1.1."""

NEWEST = VERSIONS[-1]


def parse_version(text: str) -> Version | None:
    """The version that a text such as ``3.9`` names; None where there is no such version."""
    major, dot, minor = text.partition(".")
    if not (dot and major.isascii() and minor.isascii() and major.isdecimal() and minor.isdecimal()):
        return None
    if len(major) > 1 or len(minor) > 2 or minor != str(int(minor)):
        return None
    version = (int(major), int(minor))
    return version if version in VERSIONS else None


def show(version: Version) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
