"""What is against the schema, as data: rules give it code, words and page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from cibcheck.grammar.versions import Version

Kind = Literal[
    "unknown-attribute",
    "attribute-too-new",
    "attribute-removed",
    "missing-attribute",
    "bad-value",
    "value-too-new",
    "value-removed",
    "unknown-element",
    "element-too-new",
    "element-removed",
    "misplaced-element",
    "missing-element",
    "too-many",
    "wrong-order",
    "condition",
    "text",
    "namespace",
    "duplicate-id",
    "dangling-reference",
]


class Violation(NamedTuple):
    """One mistake. ``element`` is where it is; ``attribute`` narrows it to one of its attributes."""

    kind: Kind
    element: _Element
    attribute: str | None = None
    name: str = ""
    """The name that is wrong or missing; for a value, the value."""
    allowed: Sequence[str] = ()
    """What may stand there instead."""
    version: Version | None = None
    """From which version on there is such a thing, or up to which there was."""
    message: str = ""
    """What the schema says of a condition that does not hold."""
    other: _Element | None = None
    """The second place: the first element of an id."""
