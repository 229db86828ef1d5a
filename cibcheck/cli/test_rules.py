"""``cibcheck test-rules``: rules tried on the examples of their own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import FINDINGS, OK, builtin
from cibcheck.cli.rule import named
from cibcheck.config import UsageError
from cibcheck.report import printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cibcheck.api import Rule
    from cibcheck.cli import Parser, Streams
    from cibcheck.testing.pages import RuleCase


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = None
    parser.description = (
        "Try rules on their examples: each bad one must have the findings that it marks with «…» (any, if\n"
        "it has no marks), each good one none, and no error of a built-in rule. The exit code is 1 if one has not."
    )
    parser.add_argument("rules", nargs="*", metavar="CODE|NAME", help="the rules (default: all that are not built in)")
    builtin.add_arguments(parser)


def execute(options: Namespace, streams: Streams) -> int:
    """Try the rules, and print how it went.

    Raises:
        UsageError: there is no such rule.
    """
    from cibcheck.testing.pages import example_cases

    rules = builtin.all_rules(builtin.settings_of(options), plugins=not options.no_plugins)
    own = {rule.code for source in builtin.sources(plugins=False) for rule in source.rules}
    chosen = [named(rules, word) for word in options.rules] or [rule for rule in rules if rule.code not in own]
    if not chosen:
        raise UsageError("there are no rules but the built-in ones; name the rules to try")
    failed = 0
    for rule in chosen:
        lines = _tried(rule, list(example_cases(rule)))
        failed += len(lines) > 1
        for line in lines:
            streams.stdout.write(f"{printable(line)}\n")
    streams.stdout.write(f"Tried {len(chosen)} rule{'' if len(chosen) == 1 else 's'}: {failed or 'none'} failed.\n")
    return FINDINGS if failed else OK


def _tried(rule: Rule, cases: Sequence[RuleCase]) -> list[str]:
    """A line about the rule; with more lines it failed."""
    details: list[str] = []
    for case in cases:
        try:
            case()
        except (AssertionError, ValueError) as error:
            details += [f"  {case.part}:", *(f"    {line}" for line in str(error).split("\n"))]
    count = f"{len(cases)} example{'' if len(cases) == 1 else 's'}" if cases else "no examples"
    return [f"{'failed' if details else 'passed' if cases else '------'}  {rule.code} {rule.name} ({count})", *details]
