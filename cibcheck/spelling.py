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
