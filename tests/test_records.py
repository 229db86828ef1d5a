"""Our NamedTuple does what typing's does, and leaves annotations alone."""

from __future__ import annotations

import typing
from typing import Any, get_type_hints

from cibcheck import records


def both(base: Any) -> Any:
    class Point(base):  # type: ignore[misc]
        """A point."""

        across: int
        down: int = 2
        """Counts from the top."""

        @property
        def total(self) -> int:
            return int(self.across + self.down)

        def moved(self, by: int) -> Any:
            return self._replace(across=self.across + by)

    return Point


def test_it_is_as_typing_makes_it() -> None:
    ours, theirs = both(records.NamedTuple), both(typing.NamedTuple)
    for made in (ours, theirs):
        point = made(1)
        assert (point.total, point.moved(4), repr(point), point == (1, 2)) == (3, (5, 2), "Point(across=1, down=2)", True)
        assert made._fields == ("across", "down")
        assert made._field_defaults == {"down": 2}
        assert isinstance(point, tuple)
    for name in ("__doc__", "__module__", "__qualname__", "__name__", "__slots__"):
        assert getattr(ours, name) == getattr(theirs, name)


def test_annotations_are_there_for_those_who_ask() -> None:
    assert get_type_hints(both(records.NamedTuple)) == {"across": int, "down": int}
