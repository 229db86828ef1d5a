"""``cibcheck rule`` and ``cibcheck rules``: what the rules are and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.cli import OK, builtin
from cibcheck.config import UsageError, did_you_mean
from cibcheck.page import markdown_page, page_data, page_of, text_page
from cibcheck.report import printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from cibcheck.api import Rule
    from cibcheck.cli import Parser, Streams


def add_arguments(parser: Parser) -> None:
    """The options of the two commands."""
    parser.epilog = None
    if parser.command == "rule":
        parser.description = "Explain a rule: what it finds, what Pacemaker does about it, examples."
        parser.add_argument("rule", nargs="?", metavar="CODE|NAME", help="the rule, by code or name")
        parser.add_argument("--all", action="store_true", help="explain all rules")
        formats = ("text", "markdown", "json")
    else:
        parser.description = "List the rules: code, name, severity and what they find."
        formats = ("text", "names", "json")
    parser.add_argument("--output-format", choices=formats, default="text", help="default: text")
    builtin.add_arguments(parser)


def execute(options: Namespace, streams: Streams) -> int:
    """Print the page of one rule or of all, or the list.

    Raises:
        UsageError: there is no such rule.
    """
    rules = builtin.all_rules(builtin.settings_of(options), plugins=not options.no_plugins)
    if options.command == "rules":
        text = {"text": _listed, "names": _names, "json": _json}[options.output_format](rules)
    else:
        text = {"text": _texts, "markdown": _markdown, "json": _json}[options.output_format](_chosen(rules, options))
    # Examples of broken files hold what no terminal should get, or nobody could see.
    streams.stdout.write("\n".join(map(printable, text.split("\n"))))
    return OK


def _chosen(rules: Sequence[Rule], options: Namespace) -> Sequence[Rule]:
    if options.all == (options.rule is not None):
        raise UsageError("name one rule, or --all")
    return rules if options.all else [named(rules, options.rule)]


def named(rules: Sequence[Rule], word: str) -> Rule:
    """The rule that a code or a name stands for.

    Raises:
        UsageError: there is none.
    """
    wanted = word.partition("[")[0]  # a report shows CODE[key]
    for rule in rules:
        if wanted in (rule.code, rule.name):
            return rule
    known = [name for rule in rules for name in (rule.code, rule.name)]
    raise UsageError(f"no rule is called {word!r}{did_you_mean(word, known)}")


def _listed(rules: Sequence[Rule]) -> str:
    code, name = max(len(rule.code) for rule in rules), max(len(rule.name) for rule in rules)
    lines = [
        f"{rule.code:{code}}  {rule.name:{name}}  "
        f"{rule.severity.word if rule.is_default else f'({rule.severity.word})':9}  {page_of(rule).summary}"
        for rule in rules
    ]
    lines.append(f"\n{len(rules)} rules; a severity in parentheses: runs only when selected. cibcheck rule CODE explains one.\n")
    return "\n".join(lines)


def _names(rules: Sequence[Rule]) -> str:
    """Codes and names, one a line: what a selector may be, for completion and scripts."""
    return "".join(f"{name}\n" for rule in rules for name in (rule.code, rule.name))


def _texts(rules: Sequence[Rule]) -> str:
    return "\n\n".join(map(text_page, rules))


def _markdown(rules: Sequence[Rule]) -> str:
    return "\n".join(map(markdown_page, rules))


def _json(rules: Sequence[Rule]) -> str:
    import json

    return json.dumps({"version": 1, "rules": list(map(page_data, rules))}, indent=2) + "\n"
