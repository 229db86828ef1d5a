"""Our NamedTuple does what typing's does, and leaves annotations alone."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any, get_type_hints

import pytest

from cibcheck import records


class Place(records.NamedTuple):
    across: int
    down: int = 2


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


@pytest.mark.parametrize(("given", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"across": 1}), ((1,), {"up": 1})])
def test_what_does_not_fit_the_fields_is_refused_in_the_same_words(given: tuple[int, ...], named: dict[str, int]) -> None:
    ours, theirs = both(records.NamedTuple), both(typing.NamedTuple)
    messages = []
    for made in (ours, theirs):
        with pytest.raises(TypeError) as error:
            made(*given, **named)
        messages.append(str(error.value).rpartition("__new__")[2])
    assert messages[0] == messages[1]
    for made in (ours, theirs):
        with pytest.raises((TypeError, ValueError)):
            made(1)._replace(up=1)
        with pytest.raises(TypeError):
            made._make([1, 2, 3])


def test_it_is_copied_pickled_matched_and_told_by_its_fields() -> None:
    place = Place(1, down=3)
    assert copy.copy(place) == pickle.loads(pickle.dumps(place)) == place
    assert type(pickle.loads(pickle.dumps(place))) is Place
    assert place._asdict() == {"across": 1, "down": 3}
    match place:
        case Place(across, down):
            assert (across, down) == (1, 3)
    with pytest.raises(AttributeError):
        place.across = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        place.up = 2  # type: ignore[attr-defined]


def test_annotations_are_there_for_those_who_ask() -> None:
    assert get_type_hints(both(records.NamedTuple)) == {"across": int, "down": int}
