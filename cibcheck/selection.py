"""Which rules run: by code, prefix of a code, name, tag, or ALL; and which findings of a general rule, by ``CODE[key]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.config import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cibcheck.api import Rule
    from cibcheck.findings.finding import Finding

_SELECTOR = r"(?P<rule>[^\[\]]+)(?:\[(?P<key>[^\[\]]+)\])?"


class Selection:
    """The rules of a run, and a say on each finding.

    ``select`` replaces the rules that are on by default, ``extend`` adds to them, ``ignore`` takes away; of contradicting selectors the
    narrower one wins (a code over a prefix, a key over a code), and ``ignore`` where they are equal.

    Raises:
        UsageError: a selector fits nothing.
    """

    def __init__(self, rules: Sequence[Rule], select: Iterable[str], extend: Iterable[str], ignore: Iterable[str]) -> None:
        self._wanted = [_Selector(text, rules) for text in (*select, *extend)]
        self._unwanted = [_Selector(text, rules) for text in ignore]
        self._defaults = not tuple(select)
        self.rules = [rule for rule in rules if self._keeps(rule, None) or self._keeps_some_key(rule)]
        self._by_code = {rule.code: rule for rule in self.rules}

    def _keeps_some_key(self, rule: Rule) -> bool:
        return any(one.key is not None and one.fits(rule, one.key) for one in self._wanted)

    def _keeps(self, rule: Rule, key: str | None) -> bool:
        wanted = max((one.narrowness for one in self._wanted if one.fits(rule, key)), default=-1)
        if self._defaults and rule.is_default:
            wanted = max(wanted, 0)
        unwanted = max((one.narrowness for one in self._unwanted if one.fits(rule, key)), default=-1)
        return wanted > unwanted

    def keeps(self, finding: Finding) -> bool:
        """Whether a finding of one of the rules is to be reported."""
        return self._keeps(self._by_code[finding.code], finding.problem.key)


class _Selector:
    """One selector, such as ``REM``, ``REM101``, ``guest-name-is-resource-id``, ``SYS203[PCMK_remote_port]``."""

    def __init__(self, text: str, rules: Sequence[Rule]) -> None:
        match = re.fullmatch(_SELECTOR, text.strip())
        word = match["rule"].strip() if match else text.strip()
        self.key = match["key"] if match else None
        self._fits, width = _meaning(word, rules)
        if width == 0:
            known = {name for rule in rules for name in (rule.code, rule.code[:3], rule.name, *rule.tags)} | {"ALL"}
            raise UsageError(f"no rule is called {word!r}{did_you_mean(word, known)}")
        self.narrowness = width + (_KEY if self.key is not None else 0)

    def fits(self, rule: Rule, key: str | None) -> bool:
        return self._fits(rule) and (self.key is None or self.key == key)


_EXACT, _KEY = 100, 1000


def _meaning(word: str, rules: Sequence[Rule]) -> tuple[Callable[[Rule], bool], int]:
    """What a word selects, and how narrow it is; 0 where it selects nothing."""
    if word == "ALL":
        return (lambda _rule: True), 1
    if any(word in (rule.code, rule.name) for rule in rules):
        return (lambda rule: word in (rule.code, rule.name)), _EXACT
    if any(word in rule.tags for rule in rules):
        return (lambda rule: word in rule.tags), 2
    if any(rule.code.startswith(word) for rule in rules) and word:
        return (lambda rule: rule.code.startswith(word)), 2 + len(word)
    return (lambda _rule: False), 0


def check_options(rules: Sequence[Rule], options: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """The options by code, checked against what the rules declare; a rule may be named by code or name.

    Raises:
        UsageError: a rule or an option does not exist, or a value has another type than its default.
    """
    by_name = {name: rule for rule in rules for name in (rule.code, rule.name)}
    checked: dict[str, dict[str, object]] = {}
    for name, values in options.items():
        if name not in by_name:
            raise UsageError(f"[rules.{name}]: no rule is called {name!r}{did_you_mean(name, by_name)}")
        rule = by_name[name]
        for option, value in values.items():
            if option not in rule.options:
                raise UsageError(f"[rules.{name}]: {rule.code} has no option {option!r}{did_you_mean(option, rule.options)}")
            default = rule.options[option]
            wanted = list if isinstance(default, tuple) else type(default)
            if type(value) is not wanted:
                raise UsageError(f"[rules.{name}]: {option} must be of type {wanted.__name__}")
            if isinstance(value, list) and default and any(type(one) is not type(default[0]) for one in value):
                raise UsageError(f"[rules.{name}]: {option} must be a list of values like {default[0]!r}")
            checked.setdefault(rule.code, {})[option] = tuple(value) if isinstance(value, list) else value
    return checked
