"""``cibcheck rule`` and ``cibcheck rules``: what the rules are and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import OK
from cibcheck.cli.builtin import all_rules
from cibcheck.config import UsageError, did_you_mean
from cibcheck.page import page_of, text_page
from cibcheck.report import printable

if TYPE_CHECKING:
    from argparse import Namespace

    from cibcheck.cli import Parser, Streams


def add_arguments(parser: Parser) -> None:
    """The options of the two commands."""
    parser.epilog = None
    if parser.command == "rule":
        parser.description = "Explain a rule: what it finds, what Pacemaker does about it, examples."
        parser.add_argument("rule", nargs="?", metavar="CODE|NAME", help="the rule, by code or name")
        parser.add_argument("--all", action="store_true", help="explain all rules")
    else:
        parser.description = "List the rules: code, name, severity and what they find."
    parser.add_argument("--no-plugins", action="store_true", help="leave installed plugins out")


def execute(options: Namespace, streams: Streams) -> int:
    """Print the page of one rule or of all, or the list.

    Raises:
        UsageError: there is no such rule.
    """
    stdout = streams.stdout
    rules = all_rules(plugins=not options.no_plugins)
    if options.command == "rules":
        width = max(len(rule.name) for rule in rules)
        for rule in rules:
            severity = rule.severity.word if rule.is_default else f"({rule.severity.word})"
            stdout.write(f"{rule.code}  {rule.name:{width}}  {severity:9}  {page_of(rule).summary}\n")
        stdout.write(
            f"\n{len(rules)} rules; a severity in parentheses: runs only when selected. cibcheck rule CODE explains one.\n"
        )
        return OK
    if options.all == (options.rule is not None):
        raise UsageError("name one rule, or --all")
    wanted = str(options.rule).partition("[")[0]  # a report shows CODE[key]
    chosen = rules if options.all else [rule for rule in rules if wanted in (rule.code, rule.name)]
    if not chosen:
        known = [name for rule in rules for name in (rule.code, rule.name)]
        raise UsageError(f"no rule is called {options.rule!r}{did_you_mean(options.rule, known)}")
    # Examples of broken files hold what no terminal should get, or nobody could see.
    stdout.write("\n".join(printable(line) for line in "\n\n".join(map(text_page, chosen)).split("\n")))
    return OK
