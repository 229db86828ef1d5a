"""White space as XML understands it: four characters, where Python knows many more."""

from __future__ import annotations

SPACE = " \t\r\n"


def collapse(text: str) -> str:
    """Without white space at the ends, and one blank for each stretch within, as XML Schema collapses it."""
    if text.isascii():
        return " ".join(text.split())  # XML has none of the other ASCII characters that this takes for blanks
    for one in "\t\r\n":
        text = text.replace(one, " ")
    return " ".join(word for word in text.split(" ") if word)
