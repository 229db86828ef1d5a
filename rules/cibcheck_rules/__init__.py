"""The rules that come with cibcheck, one module or folder per family. They come in by `cibcheck_rules`, as those of a plugin do."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cibcheck.api import rules_in

if TYPE_CHECKING:
    from cibcheck.api import Rule

_MODULES = (
    *("files", "directives", "keys", "access", "alerts", "nodes", "upgrade"),
    *("schema.names", "schema.structure", "schema.values", "schema.versions"),
    *("sysconfig.reading", "sysconfig.shell", "sysconfig.names", "sysconfig.values"),
    *("options.cluster", "options.cluster_wide", "options.resource", "options.operation"),
    *("options.fencing", "options.node", "options.sets"),
    *("agents.names", "agents.parameters", "agents.operations", "agents.timeouts", "agents.storage"),
    *("constraints.references", "constraints.roles", "constraints.nodes", "constraints.effects", "constraints.duplicates"),
    *("constraints.order", "constraints.colocation", "constraints.placement", "constraints.sets", "constraints.tickets"),
    *("conditions.expressions", "conditions.dates"),
    *("resources.definition", "resources.groups", "resources.clones", "resources.promotion", "resources.states"),
    *("resources.bundles",),
    *("operations.recurrence", "operations.failure", "operations.monitoring"),
    *("fencing.presence", "fencing.topology", "fencing.settings"),
    *("remote.names", "remote.effect", "remote.constraints", "remote.placement", "remote.ports", "remote.operations"),
)


def cibcheck_rules() -> list[Rule]:
    """All built-in rules."""
    return rules_in(*(import_module(f"cibcheck_rules.{name}") for name in _MODULES))
