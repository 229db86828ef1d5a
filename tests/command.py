"""Runs the command line as a user does, in this process."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from cibcheck.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Result(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str


def cibcheck(*arguments: str, stdin: bytes = b"") -> Result:
    """Run cibcheck with arguments."""
    out, err = io.StringIO(), io.StringIO()
    status = main(arguments, io.BytesIO(stdin), out, err)
    return Result(status, out.getvalue(), err.getvalue())


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files, with the folders that they need."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else textwrap.dedent(content).encode())
