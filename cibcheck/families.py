"""The families of codes that cibcheck keeps for its own rules, and what each is about."""

from __future__ import annotations

FAMILIES = {
    "XML": "files that cannot be read",
    "SCH": "the grammar of a CIB",
    "VAL": "values",
    "REF": "ids and references",
    "NOD": "nodes",
    "REM": "remote and guest nodes",
    "RES": "resources, groups, clones, bundles and templates",
    "OPS": "operations",
    "CON": "constraints",
    "RUL": "rules and dates in a CIB",
    "OPT": "cluster options",
    "FEN": "fencing",
    "ACL": "access control lists",
    "ALR": "alerts",
    "AGT": "agents' parameters",
    "SYS": "the sysconfig file",
    "SBD": "sbd",
    "COR": "corosync",
    "KEY": "keys and secrets",
    "NET": "the firewall",
    "SUP": "suppressions",
    "UPG": "readiness for an upgrade",
}
"""Title by family. Also those that have no rule yet are taken, so that a rule of one's own never has to be renamed."""


def family_of(code: str) -> str:
    """The letters of a code."""
    return code.rstrip("0123456789")


def reserved(family: str) -> str | None:
    """The family of cibcheck that one of somebody else's would be taken for: one starts with the other, so that a selector for one
    would mean both."""
    return next((own for own in FAMILIES if own.startswith(family) or family.startswith(own)), None)
