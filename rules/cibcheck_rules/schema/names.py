"""SCH: elements and attributes that have no place where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, Findings, Remove, Rename, rule, safe_fix, unsafe_fix
from cibcheck_rules.schema.words import against_schema, all_of, called, one_of, tag_of

if TYPE_CHECKING:
    from cibcheck.api import Fix, Judgement, Violation

_FEW = 4
"""Of so many places at most is it worth saying that a name belongs there."""

_AGENTS_DO_MORE = frozenset(("primitive", "template", "group", "clone", "bundle"))


@rule("SCH101", "unknown-element", severity=ERROR, tags=("schema",), fix="unsafe")
def unknown_element(judgement: Judgement) -> Findings:
    """An element has a name that the schema does not know there.

    Most often it is misspelt; the finding names what is near, and what may stand there at all. What is inside such an element is not
    looked at.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <«operation»><op id="web-monitor" name="monitor" interval="10s"/></operation>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("unknown-element"):
        parent = found.element.getparent()
        where = "as the root of a CIB" if parent is None else f"in {called(parent)}"
        place = judgement.name_place(found.element)
        if found.successor:
            fix = unsafe_fix(f"write {found.successor} instead of {found.name}", Rename(place, found.successor))
            advice = f"write {found.successor}"
        else:
            fix, advice = None, _instead(found, "" if parent is None else tag_of(parent), "elements", "hold")
        yield against_schema(
            judgement,
            place,
            f"unknown element {found.name!r} {where}",
            label=_meant(found),
            help=advice,
            fix=fix,
        )


@rule("SCH102", "unknown-attribute", severity=ERROR, tags=("schema",), fix="sometimes")
def unknown_attribute(judgement: Judgement) -> Findings:
    """An element has an attribute that the schema does not know there.

    It is misspelt, belongs to another element, or is a parameter of the agent or an option of the resource, which are written as
    name/value pairs.

    Bad:

    ```xml
    <rsc_colocation id="web-with-ip" rsc="web" «witch-rsc»="ip" score="INFINITY"/>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    Good:

    ```xml
    <rsc_colocation id="web-with-ip" rsc="web" with-rsc="ip" score="INFINITY"/>
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("unknown-attribute"):
        tag = tag_of(found.element)
        place = judgement.name_place(found.element, found.name)
        yield against_schema(
            judgement,
            place,
            f"unknown attribute {found.name!r} of {called(found.element)}",
            label=_meant(found),
            help=_advice_on_attribute(found, tag),
            fix=_spelling_fix(judgement, found),
        )


def _spelling_fix(judgement: Judgement, found: Violation) -> Fix | None:
    if not found.successor:
        return None
    # What is required and lacking can only be this; another attribute might have been meant to be something else.
    make = safe_fix if found.message == "required" else unsafe_fix
    place = judgement.name_place(found.element, found.name)
    return make(f"write {found.successor} instead of {found.name}", Rename(place, found.successor))


def _meant(found: Violation) -> str | None:
    return f"did you mean {found.successor!r}?" if found.successor else None


def _advice_on_attribute(found: Violation, tag: str) -> str:
    if found.successor:
        return f"write {found.successor}"
    if 0 < len(found.belongs) <= _FEW:
        return f"{found.name} is an attribute of {all_of(found.belongs)}: put it there, or remove it"
    if tag in _AGENTS_DO_MORE:
        return (
            "write a parameter of the agent as an nvpair in instance_attributes, an option of the resource as one in "
            f"meta_attributes; {tag} itself has {all_of(found.allowed)}"
        )
    return _instead(found, tag, "attributes", "have")


def _instead(found: Violation, tag: str, what: str, verb: str) -> str:
    if not found.allowed:
        return f"remove it: {tag} has no {what}"
    if not tag:
        return f"write {one_of(found.allowed)}"
    return f"remove it; {tag} may {verb} {all_of(found.allowed)}"


@rule("SCH103", "misplaced-element", severity=ERROR, tags=("schema",))
def misplaced_element(judgement: Judgement) -> Findings:
    """An element stands where it may not, though there are places where it may.

    What is inside it is not looked at.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <«op» id="web-monitor" name="monitor" interval="10s"/>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="10s"/>
      </operations>
    </primitive>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("misplaced-element"):
        parent = found.element.getparent()
        holder = "" if parent is None else called(parent)
        between = [name for name in found.belongs if name in found.allowed]
        goal = f"{one_of(between)}, inside of {holder}" if between else one_of(found.belongs)
        more = f" ({len(found.others) + 1} of them)" if found.others else ""
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            f"{found.name} may not stand in {holder}{more}",
            help=f"put it into {goal}",
            related=[(judgement.name_place(element), "and here") for element, _ in found.others],
        )


@rule("SCH104", "namespace", severity=ERROR, tags=("schema",), fix="sometimes")
def namespace(judgement: Judgement) -> Findings:
    """An element or an attribute is in an XML namespace.

    A CIB has no namespaces, and no attributes such as `xsi:schemaLocation` or `xml:lang` either. A namespace that is declared and used
    nowhere does no harm.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" «xsi:noNamespaceSchemaLocation»="cib.xsd">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng: no name in it has a namespace
    """
    for found in judgement.of("namespace"):
        address, _, name = found.name.lstrip("{").partition("}")
        if found.attribute is None:
            place, what, fix = judgement.name_place(found.element), f"element {name!r}", None
            prefix = found.element.prefix
            advice = "remove the declaration of the namespace: " + (
                f"xmlns:{prefix}, and {prefix}: before names" if prefix else "xmlns"
            )
        else:
            place, what = judgement.name_place(found.element, found.attribute), f"attribute {name!r}"
            fix = safe_fix(f"remove the attribute {name}", Remove(judgement.place(found.element, found.attribute)))
            advice = "remove it: Pacemaker reads no such attribute"
        yield against_schema(judgement, place, f"{what} is in the namespace {address!r}", help=advice, fix=fix)
