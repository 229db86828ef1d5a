"""What is against the schema, as data: rules give it code, words and page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from cibcheck.grammar.versions import Version

    Kind = Literal[
        "unknown-element",
        "unknown-attribute",
        "misplaced-element",
        "missing-element",
        "missing-attribute",
        "too-many",
        "wrong-order",
        "text",
        "namespace",
        "bad-value",
        "bad-id",
        "condition",
        "too-new",
        "removed",
        "duplicate-id",
        "dangling-reference",
        "foreign",
    ]
    """``foreign`` is what another validator says, in its own words."""

    Subject = Literal["element", "attribute", "value"]


class Violation(NamedTuple):
    """One mistake. ``element`` is where it is; ``attribute`` narrows it to one of its attributes."""

    kind: Kind
    element: _Element
    attribute: str | None = None
    name: str = ""
    """The name that is wrong or missing; for a value, the value; for a condition, what is wrong, as a predicate of the element."""
    allowed: Sequence[str] = ()
    """What may stand there instead."""
    belongs: Sequence[str] = ()
    """The names of the elements that may have such a child or attribute."""
    subject: Subject = "element"
    """What is too new, or no more."""
    version: Version | None = None
    """From which version on there is such a thing, or none any more; since when a condition is made."""
    message: str = ""
    """What the schema says: what to do where a condition does not hold, or in place of what is no more; what values fit, in words; of
    an attribute that was probably meant, ``required`` where there must be one."""
    successor: str | None = None
    """What was probably meant; of what is no more, the new name, where it only has another one; the value that mends a condition."""
    others: Sequence[tuple[_Element, str | None]] = ()
    """The other places that belong to it, as element and part: the first element of an id and where else it stands, what else a condition
    asks for, what stands bare where an element is missing around it; of a text, the place that it stands at."""
