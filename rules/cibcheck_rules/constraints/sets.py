"""CON6: resource sets."""

from __future__ import annotations

from cibcheck.api import INFO, WARNING, Cib, Findings, Remove, problem, rule, safe_fix
from cibcheck.api import values as v

TAGS = ("constraints", "sets")

# What counts in a set, by the kind of the constraint.
_READ = {
    "rsc_location": ("role", "score"),
    "rsc_colocation": ("sequential", "role", "score", "ordering"),
    "rsc_order": ("sequential", "require-all", "action", "kind"),
    "rsc_ticket": ("role",),
}
_A = {
    "rsc_location": "a location constraint",
    "rsc_colocation": "a colocation",
    "rsc_order": "an order",
    "rsc_ticket": "a ticket constraint",
}
_INSTEAD = {"role": "an order goes by action", "score": "the set may have a kind"}
_WRITTEN = ("sequential", "require-all", "ordering", "action", "role", "score", "kind")


@rule("CON611", "set-of-one", severity=WARNING, tags=TAGS, fix="safe")
def set_of_one(cib: Cib) -> Findings:
    """An order or colocation has but one set, with one member.

    There is nothing to order it after or to place it with: the constraint has no effect. A tag or template may stand for several.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <rsc_order id="«ord»"><resource_set id="ord-set"><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="set1"><resource_ref id="ip"/></resource_set>
      <resource_set id="set2"><resource_ref id="web"/></resource_set></rsc_order>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for constraint in (*cib.colocations, *cib.orders):
        references = constraint.references
        if len(constraint.sets) == 1 and len(references) == 1 and references[0].via is None and references[0].resources:
            yield problem(
                constraint.id_place,
                f"constraint {constraint.id!r} has one set with one member, {references[0].id!r}",
                consequence="it has no effect",
                help="add the other resources, or remove it",
                fix=safe_fix(f"remove {constraint.id!r}", Remove(constraint.place)),
            )


@rule("CON612", "free-set-alone", severity=WARNING, tags=TAGS)
def free_set_alone(cib: Cib) -> Findings:
    """An order or colocation has but one set, and that is not sequential.

    `sequential="false"` makes the members of a set free of each other; it is of use beside other sets. Alone the constraint has no effect,
    unless its kind is `Serialize`: then no two of the members start at once.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" sequential="«false»">
      <resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="mail" class="ocf" provider="heartbeat" type="postfix"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="set1"><resource_ref id="ip"/></resource_set>
      <resource_set id="set2" sequential="false"><resource_ref id="web"/><resource_ref id="mail"/></resource_set></rsc_order>
    ```

    References:
    - Pacemaker Explained, "Resource Sets"
    - crm_simulate 2.1.5, tried
    """
    for constraint in (*cib.colocations, *cib.orders):
        sets = constraint.sets
        if sets and sets[0].get("kind", constraint.element.get("kind")) == "Serialize":
            continue
        if len(sets) == 1 and len(constraint.references) > 1 and v.boolean(sets[0].get("sequential", "true")).value is False:
            yield problem(
                cib.document.place(sets[0], "sequential"),
                f"the only set of constraint {constraint.id!r} is not sequential",
                consequence="its members are free of each other: the constraint has no effect",
                help="leave out sequential, or add another set",
            )


@rule("CON613", "unread-set-attribute", severity=WARNING, tags=TAGS, fix="safe")
def unread_set_attribute(cib: Cib) -> Findings:
    """A resource set has an attribute that means nothing in its constraint.

    Orders go by actions and kinds, colocations and location constraints by roles and scores, ticket constraints by roles. The schema allows
    all of them in any set; Pacemaker does not read the others. The score of a set counts instead of that of its location constraint.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" «role»="Started"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" «score»="0"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_order id="ord"><resource_set id="ord-set" action="start"><resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_order>
    <rsc_location id="loc" node="node1" score="0"><resource_set id="loc-set" score="100"><resource_ref id="ip"/></resource_set></rsc_location>
    ```

    References:
    - Pacemaker Explained, "Resource Sets"
    - crm_simulate 2.1.5, tried
    """
    for constraint in cib.constraints:
        tag = str(constraint.element.tag)
        for one in constraint.children:
            written = one.keys() if one.tag == "resource_set" else ()
            for name in _WRITTEN if len(written) else ():
                if name in written and name not in _READ[tag]:
                    yield problem(
                        cib.document.place(one, f"@{name}"),
                        f"{name} means nothing in a set of {_A[tag]}",
                        consequence="Pacemaker does not read it",
                        help="remove it" + (f"; {_INSTEAD[name]}" if tag == "rsc_order" and name in _INSTEAD else ""),
                        fix=safe_fix(f"remove {name}", Remove(cib.document.place(one, name))),
                    )


@rule("CON614", "listed-set", severity=WARNING, tags=(*TAGS, "deprecated"), pacemaker="3.0", elsewhere=INFO)
def listed_set(cib: Cib) -> Findings:
    """The set of a colocation has `ordering="listed"`.

    Deprecated since 2.1.7. It makes each member depend on the next one instead of the one before; turn the order of the members round
    instead.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" score="INFINITY"><resource_set id="col-set" ordering="«listed»">
      <resource_ref id="web"/><resource_ref id="ip"/></resource_set></rsc_colocation>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
    <rsc_colocation id="col" score="INFINITY"><resource_set id="col-set">
      <resource_ref id="ip"/><resource_ref id="web"/></resource_set></rsc_colocation>
    ```

    References:
    - Pacemaker 3.0, lib/pacemaker/pcmk_sched_colocation.c
    """
    for colocation in cib.colocations:
        for one in colocation.element.iterchildren("resource_set"):
            if one.get("ordering", "group") != "group":
                yield problem(
                    cib.document.place(one, "ordering"),
                    f"a set of colocation {colocation.id!r} has ordering={one.get('ordering')!r}",
                    consequence="it is deprecated and will not be read some day",
                    help="leave out ordering, and turn the order of the members round",
                )
