"""``cibcheck config``: what can be configured, for people and for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import OK
from cibcheck.cli.builtin import all_rules
from cibcheck.config import UsageError, did_you_mean
from cibcheck.config.schema import json_schema, key_lines

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator

    from cibcheck.cli import Parser, Streams
    from cibcheck.config.schema import KeyLine


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = None
    parser.description = "Explain the keys of cibcheck.toml, and of [tool.cibcheck] in pyproject.toml."
    parser.add_argument("key", nargs="?", metavar="KEY", help="explain just this one")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--schema", action="store_true", help="print the JSON Schema instead, for editors")
    how.add_argument("--markdown", action="store_true", help="print a table instead")
    parser.add_argument("--no-plugins", action="store_true", help="leave installed plugins out")


def execute(options: Namespace, streams: Streams) -> int:
    """Print what is asked for.

    Raises:
        UsageError: there is no such key.
    """
    if options.schema:
        import json

        lines: Iterable[str] = [json.dumps(json_schema(all_rules(plugins=not options.no_plugins)), indent=2)]
    else:
        keys = list(key_lines())
        if options.key is not None:
            names = {key.name.strip("[]") for key in keys}
            wanted = options.key.strip("[]").rpartition(".")[2]
            keys = [key for key in keys if wanted in (key.name.strip("[]"), key.table)]
            if not keys:
                raise UsageError(f"there is no key {options.key!r}{did_you_mean(options.key, names)}")
        lines = markdown(keys) if options.markdown else _text(keys)
    streams.stdout.writelines(f"{line}\n" for line in lines)
    return OK


def _text(keys: Iterable[KeyLine]) -> Iterator[str]:
    for key in keys:
        indent = "    " if key.table else ""
        yield f"{indent}{key.name}: {key.value}" + (
            f", default {key.default}" if key.default.strip("()") != "required" and key.default else ""
        )
        yield f"{indent}    {key.doc}"


def markdown(keys: Iterable[KeyLine]) -> Iterator[str]:
    """The keys as a table."""
    yield "| key | value | default | meaning |"
    yield "|---|---|---|---|"
    for key in keys:
        name = f"`{key.name}`" + (f" in `[[{key.table}]]`" if key.table else "")
        default = f"`{key.default}`" if key.default and not key.default.startswith("(") else key.default.strip("()")
        yield f"| {name} | {key.value.replace('|', '/')} | {default} | {key.doc.replace('|', '/')} |"
