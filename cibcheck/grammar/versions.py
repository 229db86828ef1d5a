"""The versions of the CIB schema. They compare as pairs of numbers: 2.10 comes after 2.9."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

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

_NEWEST_OF_LINE: dict[str, Version] = {"2.1": (3, 10), "3.0": NEWEST}

_KNOWN_TO_ALL_OF_LINE: dict[str, Version] = {"2.1": (3, 7), "3.0": NEWEST}

_FIRST_RELEASES: tuple[tuple[Version, str], ...] = (
    ((1, 2), "1.1.8"),
    ((2, 0), "1.1.12"),
    ((2, 3), "1.1.13"),
    ((2, 4), "1.1.14"),
    ((2, 5), "1.1.15"),
    ((2, 6), "1.1.16"),
    ((2, 9), "1.1.17"),
    ((2, 10), "1.1.18"),
    ((3, 1), "2.0.0"),
    ((3, 2), "2.0.1"),
    ((3, 3), "2.0.4"),
    ((3, 5), "2.0.5"),
    ((3, 7), "2.1.0"),
    ((3, 8), "2.1.3"),
    ((3, 9), "2.1.5"),
    ((3, 10), "2.1.8"),
    ((4, 0), "3.0.0"),
)
"""The newest version that a release of Pacemaker knows (the release's own list of schema files)."""


def newest_of(lines: Iterable[str]) -> Version:
    """The newest version that Pacemaker knows, in the newest release of the lines (``2.1``, ``3.0``)."""
    return max(_NEWEST_OF_LINE[line] for line in lines)


def first_release(version: Version) -> str:
    """The first release of Pacemaker that knows a version."""
    return next(release for newest, release in _FIRST_RELEASES if version <= newest)


def known_everywhere(lines: Iterable[str]) -> Version:
    """The newest version that all releases of the lines know, the first one included."""
    return min(_KNOWN_TO_ALL_OF_LINE[line] for line in lines)


def parse_version(text: str) -> Version | None:
    """The version that a text such as ``3.9`` names; None where there is no such version."""
    major, dot, minor = text.partition(".")
    if not (dot and major.isascii() and minor.isascii() and major.isdecimal() and minor.isdecimal()):
        return None
    if len(major) > 1 or len(minor) > 2 or minor != str(int(minor)):
        return None
    version = (int(major), int(minor))
    return version if version in VERSIONS else None


def named_version(text: str) -> Version:
    """The version that a person names, with or without ``pacemaker-`` before it.

    Raises:
        ValueError: there is no such version; its text says which there are.
    """
    version = parse_version(text.removeprefix("pacemaker-"))
    if version is None:
        raise ValueError(f"there is no schema version {text!r}; there are {', '.join(map(show, VERSIONS))}")
    return version


def show(version: Version) -> str:
    """A version as people write it."""
    return f"{version[0]}.{version[1]}"
