"""What was probably meant by a word that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str], closeness: float = 0.75) -> str | None:
    """The candidate that is nearest to a word, whatever the case, if one is near. ``closeness`` goes from 0 to 1 (the same)."""
    from difflib import get_close_matches

    names = list(candidates)
    if found := get_close_matches(word, names, 1, closeness):
        return found[0]
    folded = {name.lower(): name for name in names}
    low = word.lower()
    if found := get_close_matches(low, folded, 1, closeness):
        return folded[found[0]]
    # Two letters that changed places are a third of a short word.
    swapped = [name for name in folded if len(name) > 2 and sorted(name) == sorted(low)]
    return folded[swapped[0]] if len(swapped) == 1 else None


class Lookalikes:
    """Finds for many wrong words what was meant, among the same names; looks no further where there are too many of either, since each
    comparison takes its time."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._found: dict[str, str | None] = {}

    def of(self, word: str) -> str | None:
        """The name that is nearest to a word, if one is near."""
        if word not in self._found:
            if len(self._names) > _MOST_NAMES or len(self._found) >= _MOST_WORDS:
                return None
            self._found[word] = nearest(word, self._names)
        return self._found[word]


_MOST_NAMES = 200
_MOST_WORDS = 50
