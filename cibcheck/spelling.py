"""What was probably meant by a word that nobody knows."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str], closeness: float = 0.75) -> str | None:
    """The candidate that is nearest to a word, whatever the case, if one is near. ``closeness`` goes from 0 to 1 (the same)."""
    names = [name for name in candidates if _may_be_near(word.lower(), name.lower(), closeness)]
    if not names:
        return None
    from difflib import get_close_matches  # most words are near to none, and a clean run then does without

    if found := get_close_matches(word, names, 1, closeness):
        return found[0]
    folded = {name.lower(): name for name in names}
    low = word.lower()
    if found := get_close_matches(low, folded, 1, closeness):
        return folded[found[0]]
    # Two letters that changed places are a third of a short word.
    swapped = [name for name in folded if len(name) > 2 and sorted(name) == sorted(low)]
    return folded[swapped[0]] if len(swapped) == 1 else None


def _may_be_near(one: str, other: str, closeness: float) -> bool:
    """Whether two words have enough letters in common to be near; whether they are depends on the order."""
    if min(len(one), len(other)) * 2 < closeness * (len(one) + len(other)):
        return False
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common >= closeness * (len(one) + len(other))


class Lookalikes:
    """Finds for many wrong words what was meant, among the same names that people have given; up to so many comparisons in all, since
    each takes its time. Of a series, like node1 and node2, one is not the other misspelt."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._found: dict[str, str | None] = {}
        self._left = _MOST_COMPARISONS

    def of(self, word: str) -> str | None:
        """The name that is nearest to a word, if one is near; None as well where there were too many words before it."""
        if word not in self._found:
            self._left -= len(self._names)
            if self._left < 0:
                return None
            plain = _DIGITS.sub("0", word)
            self._found[word] = nearest(word, [name for name in self._names if _DIGITS.sub("0", name) != plain])
        return self._found[word]


_DIGITS = re.compile("[0-9]+")
_MOST_COMPARISONS = 50_000
"""Some tenths of a second."""
