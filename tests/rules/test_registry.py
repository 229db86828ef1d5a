"""No rule is written and forgotten."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import cibcheck_rules
from cibcheck.api import rules_in
from cibcheck.cli.builtin import all_rules


def test_every_rule_of_the_package_is_brought() -> None:
    modules = [import_module(found.name) for found in pkgutil.walk_packages(cibcheck_rules.__path__, "cibcheck_rules.")]
    assert {rule.code for rule in rules_in(*modules)} == {rule.code for rule in all_rules(plugins=False)}
