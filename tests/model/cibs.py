"""CIBs for the tests of the model."""

from __future__ import annotations

from cibcheck.documents.cib import read_cib
from cibcheck.model.cib import ALL_TARGETS, Cib
from cibcheck.testing import scaffold


def cib(fragments: str, targets: frozenset[str] = ALL_TARGETS) -> Cib:
    """The model of fragments set into a clean CIB."""
    return Cib(read_cib("cib.xml", scaffold(fragments).encode()), targets)


def section(text: str) -> Cib:
    """The model of a file that holds what is given and nothing else."""
    return Cib(read_cib("part.xml", text.encode()))


def dummy(name: str, inner: str = "") -> str:
    """An ordinary primitive."""
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy">{inner}</primitive>'


def remote(name: str) -> str:
    """A connection resource."""
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="remote"/>'


def meta(identifier: str, name: str, value: str, *, score: str = "", rule: bool = False) -> str:
    """A set of meta-attributes with one pair."""
    attribute = f' score="{score}"' if score else ""
    date = f'<rule id="{identifier}-r" score="0"><date_expression id="{identifier}-d" operation="gt" start="2040-01-01"/></rule>'
    pair = f'<nvpair id="{identifier}-p" name="{name}" value="{value}"/>'
    return f'<meta_attributes id="{identifier}"{attribute}>{date if rule else ""}{pair}</meta_attributes>'
