"""The command line: parses, calls, prints. Streams are given, so that a test runs it as a user does."""

from __future__ import annotations

import argparse
import os
import re
import sys
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, NoReturn

from cibcheck.config import UsageError
from cibcheck.records import NamedTuple
from cibcheck.report import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

OK, FINDINGS, FAILURE = 0, 1, 2
"""Exit codes: clean; findings at or above ``--fail-on``; wrong usage or an internal error."""


class Command(NamedTuple):
    """A command: the module below this one that carries it out, and a line about it.

    The module has ``add_arguments(parser)``, where ``parser.command`` is the command's name, and ``execute(options, streams)``, which
    returns the exit code.
    """

    module: str
    help: str


COMMANDS = {
    "check": Command("check", "check files and folders (what cibcheck does without a command)"),
    "rule": Command("rule", "explain a rule"),
    "rules": Command("rule", "list the rules"),
    "plugins": Command("plugins", "list where rules come from: cibcheck, plugins, the configuration"),
    "test-rules": Command("test_rules", "try rules of one's own on their examples"),
    "completion": Command("completion", "print a script that completes cibcheck's options in a shell"),
    "baseline": Command("baseline", "keep account of the findings that are known"),
    "config": Command("config", "explain the keys of the configuration; print its JSON Schema"),
    "init": Command("init", "write a cibcheck.toml for the clusters that are found"),
    "version": Command("version", "print the version"),
    "agents": Command("agents", "what is known of resource and fence agents; ask the installed ones"),
    "schema": Command("schema", "print the grammar of a CIB as XSD, for editors and other tools"),
}


class Streams(NamedTuple):
    """Where a command reads and writes."""

    stdin: IO[bytes]
    stdout: IO[str]
    stderr: IO[str]


class _Done(Exception):
    """The parser has said what there was to say."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


# argparse's words stay English, as all of ours are, and as `Parser._what_was_meant` reads them; looking for translations, which Python does
# not bring, would also take a short run a fortieth of its time.
argparse._ = str  # type: ignore[attr-defined]
argparse.ngettext = lambda one, many, number: one if number == 1 else many  # type: ignore[attr-defined]


class Parser(argparse.ArgumentParser):
    """An argument parser that writes to given streams and ends by exception."""

    command: str
    out: IO[str]
    err: IO[str]
    width = 100

    def _get_formatter(self) -> argparse.HelpFormatter:
        # Asking for the terminal's width imports shutil, and argparse would ask for each argument that is added.
        return argparse.RawDescriptionHelpFormatter(self.prog, width=self.width)

    def format_help(self) -> str:
        from shutil import get_terminal_size

        self.width = min(get_terminal_size().columns, 130) - 2
        return super().format_help()

    def _print_message(self, message: str, file: Any = None) -> None:
        (self.err if file is sys.stderr else self.out).write(message)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        if message:
            self.err.write(message)
        raise _Done(status)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message + self._what_was_meant(message))

    def _what_was_meant(self, message: str) -> str:
        """For an option or a value that there is not, the nearest that there is."""
        from cibcheck.config import did_you_mean

        if unknown := re.match(r"unrecognized arguments: (--?[\w-]+)", message):
            return did_you_mean(unknown[1], self._option_string_actions)
        if value := re.match(r".*invalid choice: '([^']*)' \(choose from (.*)\)", message):
            return did_you_mean(value[1], re.findall(r"'([^']*)'", value[2]))
        return ""


def main(argv: Sequence[str], stdin: IO[bytes], stdout: IO[str], stderr: IO[str]) -> int:
    """Run cibcheck as its command line does, and return the exit code."""
    try:
        return _dispatch(list(argv), Streams(stdin, stdout, stderr))
    except _Done as done:
        return done.status
    except UsageError as error:
        # What it quotes may be a file's name, which may hold anything.
        stderr.write(f"cibcheck: error: {printable(str(error))}\n")
    except BrokenPipeError:
        # Whoever read the output has seen enough (``cibcheck … | head``).
        return OK
    except OSError as error:  # the disk is full, the folder is gone
        stderr.write(f"cibcheck: error: {printable(str(error))}\n")
    except Exception:
        # Exit code 1, which Python would give, says that there are findings.
        import traceback

        stderr.write(f"{traceback.format_exc()}cibcheck: internal error; please report it with the lines above\n")
    return FAILURE


def _dispatch(argv: list[str], streams: Streams) -> int:
    named = bool(argv) and argv[0] in COMMANDS
    command = argv[0] if named else "check"
    if not named and argv and argv[0][:1] not in ("", "-") and not os.path.exists(argv[0]):
        from cibcheck.config import did_you_mean

        if meant := did_you_mean(argv[0], COMMANDS):
            raise UsageError(f"{argv[0]}: neither a command nor a file or folder{meant}")
    module = import_module(f"cibcheck.cli.{COMMANDS[command].module}")
    parser = parser_of(command, streams)
    options = parser.parse_args(argv[1:] if named else argv, argparse.Namespace(command=command))
    status: int = module.execute(options, streams)
    return status


def parser_of(command: str, streams: Streams) -> Parser:
    """The parser of a command, with all its arguments."""
    parser = _parser(command, streams)
    import_module(f"cibcheck.cli.{COMMANDS[command].module}").add_arguments(parser)
    return parser


def _parser(command: str, streams: Streams) -> Parser:
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {text}" for name, (_, text) in COMMANDS.items())
    parser = Parser(
        prog="cibcheck" if command == "check" else f"cibcheck {command}",
        allow_abbrev=False,
        description="Find what is wrong in Pacemaker cluster configurations:\nCIB XML and the nodes' sysconfig files.",
        epilog=f"commands:\n{commands}\n\nexit codes: 0 clean, 1 findings (see --fail-on), 2 wrong usage or internal error",
    )
    parser.command, parser.out, parser.err = command, streams.stdout, streams.stderr
    return parser
