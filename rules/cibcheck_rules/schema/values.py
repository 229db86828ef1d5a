"""SCH: values that an attribute cannot have, and ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Findings, Lookalikes, SetValue, problem, rule, safe_fix, unsafe_fix, values
from cibcheck_rules.schema.words import against_schema, called, tag_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Element, Fix, Judgement, Place, Violation


@rule("SCH201", "disallowed-value", severity=ERROR, tags=("schema",), fix="sometimes")
def disallowed_value(judgement: Judgement) -> Findings:
    """An attribute has a value that the schema does not allow.

    The finding lists the values that there are, or says what they look like. Case matters, and an attribute that is true or false knows
    no other spelling: `yes`, `on` and the like are for name/value pairs only.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" on-fail="«reboot»"/></operations>
    </primitive>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="«high»"/>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" enabled="«yes»"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s" on-fail="fence"/></operations>
    </primitive>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="INFINITY"/>
    ```

    References:
    - Pacemaker, xml/pacemaker.rng and the files that it includes
    """
    for found in judgement.of("bad-value"):
        place = judgement.place(found.element, found.attribute)
        fits = f"none of {', '.join(found.allowed)}" if found.allowed else f"not {found.message or 'a value that it can have'}"
        yield against_schema(
            judgement,
            place,
            f"{found.attribute}={found.name!r} of {called(found.element)} is {fits}",
            label=f"did you mean {found.successor!r}?" if found.successor else None,
            help=f"write {found.successor or found.message or 'one of these'}",
            fix=_respelt(judgement, found),
        )


def _respelt(judgement: Judgement, found: Violation) -> Fix | None:
    if found.successor is None:
        return None
    # Case and blanks, or another word for yes and no, leave no doubt; a letter might.
    is_plain = found.successor.lower() == found.name.strip().lower() or found.successor in ("true", "false")
    make = safe_fix if is_plain else unsafe_fix
    return make(
        f"write {found.successor} instead of {found.name}",
        SetValue(judgement.place(found.element, found.attribute), found.successor),
    )


@rule("SCH202", "bad-id", severity=ERROR, tags=("schema",))
def bad_id(judgement: Judgement) -> Findings:
    """An id is no XML name.

    An id begins with a letter or an underscore and goes on with letters, digits, dots, hyphens and underscores. The finding stands at the
    element that has the id; what refers to it is to be changed with it.

    Bad:

    ```xml
    <primitive id="«1web»" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <primitive id="web1" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    References:
    - Namespaces in XML 1.0, NCName: what the schema demands of an id
    """
    for found in judgement.of("bad-id"):
        yield against_schema(
            judgement,
            judgement.place(found.element, found.attribute),
            f"{found.attribute}={found.name!r} of {tag_of(found.element)} cannot be an id: {_reason(found.name)}",
            help="begin with a letter or _, and go on with letters, digits, '.', '-' and '_'; change what refers to it as well",
        )


def _reason(text: str) -> str:
    plain = text.strip()
    if not plain:
        return "it is empty"
    if plain[0].isdigit() or plain[0] in ".-":
        return f"it begins with {plain[0]!r}"
    wrong = next((one for one in plain if not (one.isalnum() or one in "._-")), "")
    if wrong.isspace():
        return "it has a blank in it"
    return f"it has {wrong!r} in it" if wrong else "it is no XML name"


@rule("SCH301", "duplicate-id", severity=ERROR, tags=("schema", "ids"))
def duplicate_id(judgement: Judgement) -> Findings:
    """Two elements have the same id.

    Ids are unique in the whole CIB, whatever the elements are: a constraint cannot be called like a resource, nor an operation like a
    name/value pair. Copied blocks are the usual cause.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor" name="monitor" interval="10s"/>
        <op id="«web-monitor»" name="monitor" interval="30s"/>
      </operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations>
        <op id="web-monitor-10s" name="monitor" interval="10s"/>
        <op id="web-monitor-30s" name="monitor" interval="30s"/>
      </operations>
    </primitive>
    ```

    References:
    - Extensible Markup Language (XML) 1.0, section 3.3.1: validity constraint ID
    """
    for found in judgement.of("duplicate-id"):
        (first, _), *more = found.others
        same = "" if first.tag == found.element.tag else f" of {tag_of(first)}"
        yield against_schema(
            judgement,
            judgement.place(found.element, found.attribute),
            f"the id {found.name!r} of {tag_of(found.element)} is already the id{same or f' of another {tag_of(first)}'}",
            label="again",
            help="give one of them another id, and look at what refers to it",
            related=[(judgement.place(first, "id"), "the first"), *_places(judgement, more)],
        )


def _places(judgement: Judgement, others: Sequence[tuple[Element, str | None]]) -> list[tuple[Place, str]]:
    return [(judgement.place(element, attribute), "and here") for element, attribute in others]


def _maker_of_node(cib: Cib, name: str) -> str | None:
    """The id of the resource that makes a guest node or a bundle replica of this name."""
    if guests := cib.guests_by_name.get(values.fold(name)):
        return guests[0].resource.id
    replica = cib.replica(name)
    return replica.bundle.id if replica is not None else None


@rule("SCH302", "dangling-reference", severity=ERROR, tags=("schema", "ids"), fix="unsafe")
def dangling_reference(judgement: Judgement, cib: Cib) -> Findings:
    """An attribute refers to an id that nothing in the CIB has.

    Constraints, resource sets, tags, templates, access rules and `id-ref` name other elements by their ids. The schema asks that the id
    is there; whether it belongs to the right kind of element is another question. The connection of a guest node or of a bundle's
    replica has no element of its own: constraints name the resource that makes it.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="«wbe»" node="node1" score="100"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="100"/>
    ```

    References:
    - Extensible Markup Language (XML) 1.0, section 3.3.1: validity constraint IDREF
    """
    dangling = judgement.of("dangling-reference")
    known = Lookalikes(dangling[0].allowed if dangling else ())
    for found in dangling:
        maker = _maker_of_node(cib, found.name)
        meant = None if maker else known.of(found.name)
        fix = None
        if maker is not None:
            advice = f"name the resource that makes it: {maker!r}"
        elif meant is not None:
            advice = f"write {meant!r}, or remove the reference"
            places = [judgement.place(*one) for one in ((found.element, found.attribute), *found.others)]
            fix = unsafe_fix(f"write {meant} instead of {found.name}", *(SetValue(place, meant) for place in places))
        else:
            advice = "remove the reference, or add what it names"
        what = "a node's connection, which is no element of the CIB" if maker else "an id that nothing has"
        yield against_schema(
            judgement,
            judgement.place(found.element, found.attribute),
            f"{found.attribute}={found.name!r} of {called(found.element)} names {what}",
            label=f"did you mean {meant!r}?" if meant else None,
            help=advice,
            related=_places(judgement, found.others),
            fix=fix,
        )


@rule("SCH203", "blank-beside-word", severity=ERROR, tags=("schema", "values"), fix="unsafe")
def blank_beside_word(judgement: Judgement) -> Findings:
    """A word of the schema has a blank before or behind it.

    The schema takes no notice of the blank, but Pacemaker compares the text as it stands, and finds none of its words: the order is of
    kind Mandatory then, the score 0, the condition never true, the permission without effect. Numbers may have blanks. (In operations and
    pairs such values are found by the rules about their names.)

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="« INFINITY»"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_location id="web-on-node1" rsc="web" node="node1" score="INFINITY"/>
    <rsc_location id="web-on-node2" rsc="web" node="node2" score=" 100"/>
    ```

    References:
    - crm_verify and crm_simulate 2.1.5, tried
    """
    for element, name in judgement.padded:
        text = element.get(name, "")
        word = text.strip()
        if name in _WORDED and element.tag != "op" and any(map(str.isalpha, word)):
            place = judgement.place(element, name)
            yield problem(
                place,
                f"{name}={text!r} of {called(element)} has a blank beside the word",
                consequence="Pacemaker does not know the word with the blank, and goes on as without it",
                help=f"write {word}",
                fix=unsafe_fix(f"write {word!r} instead of {text!r}", SetValue(place, word)),
                at_most=WARNING if word in _COUNT_ANYWAY else None,
            )


_WORDED = frozenset(
    (
        *(
            "action",
            "boolean-op",
            "first-action",
            "kind",
            "loss-policy",
            "operation",
            "ordering",
            "require-all",
            "role",
            "rsc-role",
        ),
        *("resource-discovery", "score", "sequential", "symmetrical", "then-action", "type", "value-source", "with-rsc-role"),
    )
)
"""Where Pacemaker compares the words of an attribute with its own."""
_COUNT_ANYWAY = frozenset(("Mandatory", "always", "and", "literal", "start", "stop", "true"))
"""Words that say what counts without them."""
