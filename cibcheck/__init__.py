"""cibcheck: the linter that a Pacemaker cluster's configuration passes before it meets the cluster."""

__version__ = "0.1.0"
