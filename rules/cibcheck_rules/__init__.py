"""The rules that come with cibcheck, one module per family. They come in through the hook that every plugin uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import rules_in
from cibcheck.hookspecs import hookimpl

if TYPE_CHECKING:
    from cibcheck.api import Rule


@hookimpl
def cibcheck_rules() -> list[Rule]:
    """All built-in rules."""
    from cibcheck_rules import access, alerts, files, keys, upgrade
    from cibcheck_rules.fencing import presence, timing, topology
    from cibcheck_rules.fencing import settings as device_settings
    from cibcheck_rules.nodes import capacity, entries, size
    from cibcheck_rules.operations import failure, monitoring, recurrence
    from cibcheck_rules.remote import addresses, constraints, effect, names, operations, placement, ports
    from cibcheck_rules.resources import bundles, clones, definition, groups, promotion, states
    from cibcheck_rules.resources import ports as bundle_ports
    from cibcheck_rules.schema import names as schema_names
    from cibcheck_rules.schema import structure, versions
    from cibcheck_rules.schema import values as schema_values
    from cibcheck_rules.sysconfig import names as variables
    from cibcheck_rules.sysconfig import reading, shell, values

    return rules_in(
        *(files, schema_names, structure, schema_values, versions),
        *(reading, shell, variables, values, keys),
        *(names, effect, constraints, placement, ports, addresses, operations),
        *(presence, topology, device_settings, timing),
        *(size, entries, capacity, access, alerts, upgrade),
        *(recurrence, failure, monitoring),
        *(definition, groups, clones, promotion, states, bundles, bundle_ports),
    )
