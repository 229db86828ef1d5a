"""The official grammars, where Pacemaker is installed: only to compare verdicts with."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from cibcheck.grammar.versions import VERSIONS
from cibcheck.grammar.versions import show as text

if TYPE_CHECKING:
    from cibcheck.grammar.versions import Version

FOLDER = Path(os.environ.get("CIBCHECK_OFFICIAL_GRAMMARS", "/usr/share/pacemaker"))
INSTALLED = [version for version in VERSIONS if (FOLDER / f"pacemaker-{text(version)}.rng").is_file()]

needs_official_grammars = pytest.mark.skipif(not INSTALLED, reason="no grammars of Pacemaker (package pacemaker-common)")


@cache
def grammar(version: Version) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(FOLDER / f"pacemaker-{text(version)}.rng"))


def accepts(document: bytes, version: Version) -> bool:
    """What the official grammar says. It takes bytes, since libxml2 keeps the ids of a tree that it has seen."""
    return bool(grammar(version).validate(etree.fromstring(document)))
