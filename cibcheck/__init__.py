"""cibcheck: the linter that a Pacemaker cluster's configuration passes before it meets the cluster."""

__version__ = "0.1.0"

PROJECT = "cibcheck"
"""The name by which plugins find us: the group of their entry points, and the start of their hooks' names."""

DOCUMENTATION = ""
"""The address of a rule's page on the web, with ``{code}`` in the code's place; empty as long as there is none. Reports link to it."""
