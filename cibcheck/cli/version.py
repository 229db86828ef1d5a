"""``cibcheck version``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck import __version__
from cibcheck.cli import OK

if TYPE_CHECKING:
    from argparse import Namespace

    from cibcheck.cli import Parser, Streams


def add_arguments(parser: Parser) -> None:
    """There are none."""
    parser.epilog = None
    parser.description = "Print the version of cibcheck; check --bug-report prints more."


def execute(options: Namespace, streams: Streams) -> int:  # noqa: ARG001 - every command is called alike
    """Print it."""
    streams.stdout.write(f"cibcheck {__version__}\n")
    return OK
