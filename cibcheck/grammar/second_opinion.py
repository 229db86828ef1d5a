"""The same schema, judged by xmlschema: slower by a factor of a hundred, and written by somebody else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import xmlschema
from lxml import etree

from cibcheck.grammar.compiler import MARKS, XS
from cibcheck.grammar.projection import annotated, project
from cibcheck.grammar.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.grammar.versions import Version

_SECTION_PATHS = {"configuration": "/cib/configuration"}


@cache
def schema(version: Version) -> xmlschema.XMLSchema11:
    """The schema of a version, as xmlschema understands it."""
    return xmlschema.XMLSchema11(etree.tostring(project(version), encoding="unicode"), allow="none")


def opinion(root: etree._Element, version: Version) -> Sequence[Violation]:
    """What xmlschema has against a document, or a section of one, in its own words."""
    tag = str(root.tag)
    judge: Any = schema(version)
    if tag != "cib":
        judge = judge.find(_SECTION_PATHS.get(tag, f"/cib/configuration/{tag}"))
        if judge is None:
            return [Violation("foreign", root, message=f"{tag} is not declared")]
    # Some errors come twice, from two facets of one type.
    return list(
        dict.fromkeys(Violation("foreign", _element(error, root), message=_words(error)) for error in judge.iter_errors(root))
    )


def _element(error: Any, root: etree._Element) -> etree._Element:
    """The child that was not expected, where there is one, else the element that the error is about."""
    child = getattr(error, "invalid_child", None)
    found: etree._Element | None = error.elem if child is None else child
    return root if found is None else found


def _words(error: Any) -> str:
    """Its reason; of a condition, what our schema says of it."""
    test = error.validator.elem.get("test") if error.validator.elem is not None else None
    if test is not None and (said := _conditions().get(test)):
        return said
    reason = " ".join(str(error.reason or error.message).split())
    return reason if reason[1:2].isupper() else reason[:1].lower() + reason[1:]


@cache
def _conditions() -> Mapping[str, str]:
    asserts = annotated().iter(f"{XS}assert")
    return {one.get("test", ""): f"the element {one.get(f'{MARKS}wrong')}; {one.get(f'{MARKS}message')}" for one in asserts}
