"""What all messages about the grammar have in common: how an element is called, and what comes of a mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import WARNING, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cibcheck.api import Element, Judgement, Place, Problem

_NAMED_BY = {"nvpair": "name", "node": "uname", "obj_ref": "id", "resource_ref": "id"}


def tag_of(element: Element) -> str:
    """The name of an element."""
    return str(element.tag)


def called(element: Element) -> str:
    """An element by its tag and the name that people know it by: ``primitive 'web'``, ``nvpair 'target-role'``."""
    tag = tag_of(element)
    name = element.get(_NAMED_BY.get(tag, "id")) or element.get("id")
    return f"{tag} {name!r}" if name else tag


def against_schema(judgement: Judgement, place: Place, message: str, **more: Any) -> Problem:
    """A problem with what Pacemaker does about it: refuse the document."""
    return problem(place, message, consequence=_refusal(judgement), at_most=None if judgement.is_binding else WARNING, **more)


def _refusal(judgement: Judgement) -> str:
    if not judgement.is_binding:
        return "Pacemaker 3.0 refuses the whole CIB; Pacemaker 2.1 takes it, and ignores what it does not understand"
    what = "whole CIB" if judgement.is_whole else "section"
    return f'Pacemaker refuses the {what}: "Update does not conform to the configured schema"'


def one_of(names: Iterable[str]) -> str:
    """Alternatives in a sentence: ``a``, ``a or b``, ``a, b or c``."""
    return _joined(list(names), "or")


def all_of(names: Iterable[str]) -> str:
    """Things in a sentence that go together: ``a``, ``a and b``, ``a, b and c``."""
    return _joined(list(names), "and")


def _joined(names: Sequence[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def version(number: tuple[int, int] | None) -> str:
    """A version of the schema as people write it."""
    return ".".join(map(str, number or ()))


def id_for(element: Element) -> str:
    """An id that says what an element is: its parents' id, and what it is among their children."""
    holder = next((one.get("id") for one in element.iterancestors() if one.get("id")), None)
    own = [element.get(name) for name in ("name", "attribute", "operation", "rsc", "first", "ticket", "target", "path", "value")]
    tag = tag_of(element)
    parts = [holder or "", tag if tag != "nvpair" else "", next((text for text in own if text), "")]
    if tag == "op":
        parts = [holder or "op", element.get("name") or "", element.get("interval") or ""]
    text = re.sub(r"[^-.0-9A-Za-z_]+", "-", "-".join(part for part in parts if part)).strip("-")
    return text if re.match(r"[A-Za-z_]", text) else f"{tag}-{text}".rstrip("-")
