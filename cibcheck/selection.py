"""Which rules run: by code, prefix of a code, name, tag, or ALL; and which findings of a general rule, by ``CODE[key]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.config import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cibcheck.api import Rule
    from cibcheck.config import Layer, Settings
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
        self._wanted = [Selector(text, rules) for text in (*select, *extend)]
        self._unwanted = [Selector(text, rules) for text in ignore]
        self._defaults = not tuple(select)
        self.known = rules
        """All rules, those that do not run as well."""
        self.rules = [rule for rule in rules if self.keeps_key(rule, None) or self._keeps_some_key(rule)]
        self._by_code = {rule.code: rule for rule in self.rules}

    def _keeps_some_key(self, rule: Rule) -> bool:
        return any(one.key is not None and one.fits(rule, one.key) for one in self._wanted)

    def _strength(self, rule: Rule, key: str | None) -> tuple[int, int]:
        """How narrowly a rule is wanted, and how narrowly not; -1 for not at all."""
        wanted = 0 if self._defaults and rule.is_default else -1
        unwanted = -1
        for one in self._wanted:
            if one.narrowness > wanted and one.fits(rule, key):
                wanted = one.narrowness
        for one in self._unwanted:
            if one.narrowness > unwanted and one.fits(rule, key):
                unwanted = one.narrowness
        return wanted, unwanted

    def keeps_key(self, rule: Rule, key: str | None) -> bool:
        """Whether findings of a rule with a key are to be reported."""
        wanted, unwanted = self._strength(rule, key)
        return wanted > unwanted

    def keeps(self, finding: Finding) -> bool:
        """Whether a finding of one of the rules is to be reported."""
        return self.keeps_key(self._by_code[finding.code], finding.problem.key)

    def why_off(self, rule: Rule) -> str:
        """Why a rule is not among those that run."""
        wanted, unwanted = self._strength(rule, None)
        if unwanted >= max(wanted, 0):
            return "ignored"
        return "off by default" if self._defaults else "not selected"


class Selector:
    """One selector, such as ``REM``, ``REM101``, ``guest-name-is-resource-id``, ``SYS203[PCMK_remote_port]``.

    Raises:
        UsageError: it fits nothing.
    """

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
        """Whether it means findings of the rule that have the key."""
        return self._fits(rule) and (self.key is None or self.key == key)

    def fits_some_key(self, rule: Rule) -> bool:
        """Whether it means findings of the rule, with whatever key."""
        return self._fits(rule)


class Vocabulary:
    """The words for rules, each looked up once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._meanings: dict[str, Selector | None] = {}

    def meaning(self, word: str) -> Selector | None:
        """What a word means; None where it means nothing."""
        if word not in self._meanings:
            try:
                self._meanings[word] = Selector(word, self._rules)
            except UsageError:
                self._meanings[word] = None
        return self._meanings[word]

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant."""
        from difflib import get_close_matches

        known = [name for rule in self._rules for name in (rule.code, rule.name)]
        return next(iter(get_close_matches(word, known, 1, 0.6)), None)


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


def check_settings(rules: Sequence[Rule], settings: Settings) -> None:
    """Check what the settings say of rules, now that the rules are known: their names, and the values of their options.

    Raises:
        UsageError: a rule or an option does not exist, or a value has another type than its default. The text says where that stands.
    """
    for layer in settings.layers:
        from cibcheck.config import Settings as Declared
        from cibcheck.config.kinds import selectors_in

        for at, word in selectors_in(Declared, layer.table):
            try:
                Selector(word, rules)
            except UsageError as error:
                raise UsageError(f"{layer.where(at, is_key=at[-1] == word)}: {error}") from None
        for name, values in layer.table.get("rules", {}).items():
            _check_options(rules, layer, name, values)


def _check_options(rules: Sequence[Rule], layer: Layer, name: str, values: Mapping[str, object]) -> None:
    rule = next((rule for rule in rules if name in (rule.code, rule.name)), None)
    at = ("rules", name)
    if rule is None:
        known = [known for rule in rules for known in (rule.code, rule.name)]
        raise UsageError(
            f"{layer.where(at, is_key=True)}: options belong to one rule, by code or name; {name!r} is none{did_you_mean(name, known)}"
        )
    for written, value in values.items():
        option = written.replace("-", "_")
        if option not in rule.options:
            known = [known.replace("_", "-") for known in rule.options]
            hint = did_you_mean(written, known) or (f"; it has {', '.join(map(repr, known))}" if known else "; it has none")
            raise UsageError(f"{layer.where((*at, written), is_key=True)}: {rule.code} has no option {written!r}{hint}")
        default = rule.options[option]
        wanted = list if isinstance(default, tuple) else type(default)
        where = layer.where((*at, written))
        if type(value) is not wanted:
            raise UsageError(f"{where}: {written} must be {_TYPES.get(wanted, wanted.__name__)}, like {_shown(default)}")
        if isinstance(value, list) and default and any(type(one) is not type(default[0]) for one in value):
            raise UsageError(f"{where}: {written} must be a list of values like {default[0]!r}")


_TYPES: dict[type, str] = {bool: "true or false", int: "a whole number", str: "a string", list: "a list", float: "a number"}


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return repr(list(default)) if isinstance(default, tuple) else repr(default)


def options_of(rules: Sequence[Rule], settings: Settings) -> Mapping[str, Mapping[str, object]]:
    """The values of rules' options by code, from settings that were checked."""
    codes = {name: rule.code for rule in rules for name in (rule.code, rule.name)} if settings.rule_options else {}
    found: dict[str, dict[str, object]] = {}
    for name, values in settings.rule_options.items():
        for option, value in values.items():
            plain = tuple(value) if isinstance(value, list) else value
            found.setdefault(codes[name], {})[option.replace("-", "_")] = plain
    return found
