"""``python -m cibcheck``."""

import sys

from cibcheck.cli import run

sys.exit(run())
