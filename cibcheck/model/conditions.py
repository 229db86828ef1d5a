"""The rules of a CIB, wherever they stand, and what their conditions can look at there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from cibcheck.model.cib import Cib

Context = Literal[
    "a location constraint",
    "the lifetime of a constraint",
    "meta-attributes",
    "instance attributes",
    "utilization",
    "cluster options",
    "rsc_defaults",
    "op_defaults",
    "an operation",
    "an alert",
    "a node",
]

CONDITIONS = ("expression", "date_expression", "rsc_expression", "op_expression")
"""The elements that compare something."""

_BY_OWNER: dict[str, Context] = {
    "rsc_defaults": "rsc_defaults",
    "op_defaults": "op_defaults",
    "op": "an operation",
    "alert": "an alert",
    "recipient": "an alert",
    "node": "a node",
}
_BY_SET: dict[str, Context] = {
    "rsc_location": "a location constraint",
    "lifetime": "the lifetime of a constraint",
    "cluster_property_set": "cluster options",
    "meta_attributes": "meta-attributes",
    "instance_attributes": "instance attributes",
    "utilization": "utilization",
}


class RuleUse(NamedTuple):
    """A rule at the top of its place, and what it decides about: the constraint or the attribute set that holds it."""

    element: _Element
    owner: _Element
    context: Context
    nested: list[_Element]
    """The rules inside of it, at any depth."""
    conditions: list[_Element]
    """What it compares, at any depth; Pacemaker stops at the first that decides, which a check must not."""


def rules_of(cib: Cib) -> Iterator[RuleUse]:
    """Every rule that is not inside another."""
    for section in cib.sections:
        use: RuleUse | None = None
        for element in section.iter("rule", *CONDITIONS):
            if element.tag != "rule":
                if use is not None:
                    use.conditions.append(element)
                continue
            owner = element.getparent()
            if owner is not None and owner.tag == "rule" and use is not None:
                use.nested.append(element)
                continue
            if use is not None:
                yield use
            context = None if owner is None else _context(owner)
            use = None if owner is None or context is None else RuleUse(element, owner, context, [], [])
        if use is not None:
            yield use


def _context(owner: _Element) -> Context | None:
    """What a rule is about, by what holds it; None inside another rule, and where no rule may stand."""
    holder = owner.getparent()
    if owner.tag in ("meta_attributes", "instance_attributes") and holder is not None and holder.tag in _BY_OWNER:
        return _BY_OWNER[str(holder.tag)]
    return _BY_SET.get(str(owner.tag))
