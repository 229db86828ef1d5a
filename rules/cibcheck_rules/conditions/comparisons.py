"""RUL1: comparisons with node attributes: values and types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, Remove, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Element

TAGS = ("rules",)

_ORDERING = ("lt", "gt", "lte", "gte")

# What each type must look like; Pacemaker reads a number as far as it goes, and compares texts where there is none.
_LOOKS = {
    "integer": r"\s*[+-]?[0-9]+",
    "number": r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    "version": r"[0-9]+(?:\.[0-9]+)*",
}


def is_literal(expression: Element) -> bool:
    """Whether the value stands for itself."""
    return v.fold(expression.get("value-source", "literal")) == "literal"


@rule("RUL101", "value-beside-defined", severity=ERROR, tags=TAGS, pacemaker="3.0", elsewhere=WARNING, fix="safe")
def value_beside_defined(cib: Cib) -> Findings:
    """A condition asks whether an attribute is defined, and gives a value.

    The operations `defined` and `not_defined` take no value. Pacemaker 2.1 ignores it; 3.0 reports an error, and the condition is never
    true.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="ssd" operation="defined" value="«true»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-has" attribute="ssd" operation="defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    for _, expression in cib.conditions("expression"):
        operation = v.fold(expression.get("operation", ""))
        if operation in ("defined", "not_defined") and "value" in expression.attrib:
            place = cib.document.place(expression, "value")
            yield problem(
                place,
                f"operation {operation} takes no value",
                consequence="with Pacemaker 3.0 the condition is never true",
                help='leave out the value, or compare with operation="eq"',
                fix=safe_fix("remove value", Remove(place)),
            )


@rule("RUL102", "comparison-without-value", severity=ERROR, tags=TAGS, pacemaker="3.0", elsewhere=WARNING)
def comparison_without_value(cib: Cib) -> Findings:
    """A condition compares an attribute, with nothing.

    The schema allows that. Pacemaker 2.1 takes it as true for nodes without the attribute; 3.0 reports an error, and the condition is
    never true.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-site" attribute="site" operation="«eq»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="100">
      <expression id="loc-site" attribute="site" operation="not_defined"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    - crm_simulate 2.1.5, tried
    """
    for _, expression in cib.conditions("expression"):
        operation = v.fold(expression.get("operation", ""))
        if operation in ("eq", "ne", *_ORDERING) and "value" not in expression.attrib:
            yield problem(
                cib.document.place(expression, "operation"),
                f"attribute {expression.get('attribute')!r} is compared ({operation}) with no value",
                consequence="with Pacemaker 3.0 the condition is never true",
                help='give a value, or ask with operation="not_defined"',
            )


@rule("RUL103", "value-of-other-type", severity=WARNING, tags=TAGS)
def value_of_other_type(cib: Cib) -> Findings:
    """A condition compares numbers, and its value is none.

    `lt`, `gt`, `lte` and `gte` compare numbers unless `type` says otherwise. Where a side is no number, Pacemaker compares the texts,
    letter by letter, and logs it; what follows a number is ignored.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-ping" attribute="pingd" operation="lt" value="«all»" type="number"/></rule></rsc_location>
    ```

    Without a type:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-kernel" attribute="kernel" operation="gt" value="«v6»"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="loc" rsc="web"><rule id="loc-rule" score="-INFINITY">
      <expression id="loc-ping" attribute="pingd" operation="lt" value="2000" type="number"/></rule></rsc_location>
    ```

    References:
    - Pacemaker 3.0, lib/common/rules.c
    """
    for _, expression in cib.conditions("expression"):
        text = expression.get("value")
        if text is None or not is_literal(expression):
            continue
        kind = v.fold(expression.get("type", ""))
        if not kind and v.fold(expression.get("operation", "")) in _ORDERING:
            kind = "number" if "." in text else "integer"
        looks = _LOOKS.get(kind)
        if looks is None or re.fullmatch(looks, text.rstrip()):
            continue
        is_number = kind != "version" and re.match(looks, text) is not None
        yield problem(
            cib.document.place(expression, "value"),
            f"{text!r} is compared as {'an' if kind == 'integer' else 'a'} {kind}, which it is not",
            consequence="Pacemaker ignores what follows the number" if is_number else "Pacemaker compares letter by letter",
            help=f'write a{"n" if kind == "integer" else ""} {kind}, or type="string" if texts are to be compared',
        )
