"""What a finding says, in sentences: for reports without room for lines of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.report import names, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.findings.finding import Problem


def notes(problem: Problem) -> Iterator[str]:
    """What follows from a problem and what to do, one text each; printable."""
    if problem.consequence:
        yield printable(problem.consequence)
    if len(problem.affects) > 1:
        yield printable(f"affects: {names(problem.affects)}")
    if problem.help:
        yield printable(f"help: {problem.help}")


def sentences(problem: Problem) -> str:
    """All of it in one line. The first sentence stands alone, since some readers show no more."""
    follow = (_FIRST_WORD.sub(lambda word: word[0].capitalize(), text) for text in notes(problem))
    return " ".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in (printable(problem.message), *follow))


_FIRST_WORD = re.compile(r"^[a-z]+(?=[ :])")
"""Of a sentence; a name with an underscore or a hyphen stays as it is written."""
