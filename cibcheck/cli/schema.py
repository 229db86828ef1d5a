"""``cibcheck schema``: the grammar of a CIB as plain XSD 1.1, for editors and other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import OK
from cibcheck.config import UsageError
from cibcheck.grammar.versions import NEWEST, named_version, show

if TYPE_CHECKING:
    from argparse import Namespace

    from cibcheck.cli import Parser, Streams


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = None
    parser.description = "Print the grammar of a CIB in one version of its schema, as XSD 1.1."
    parser.add_argument("--version", metavar="X.Y", help=f"the version of the CIB schema (default: {show(NEWEST)})")


def execute(options: Namespace, streams: Streams) -> int:
    """Print the schema.

    Raises:
        UsageError: there is no such version.
    """
    from lxml import etree

    from cibcheck.grammar.projection import project

    try:
        version = NEWEST if options.version is None else named_version(options.version)
    except ValueError as error:
        raise UsageError(str(error)) from None
    streams.stdout.write(etree.tostring(project(version), encoding="unicode", pretty_print=True))
    return OK
