"""RES3: what is promoted."""

from __future__ import annotations

from cibcheck.api import ERROR, WARNING, Bundle, Cib, Clone, Findings, Group, problem, rule
from cibcheck.api import values as v
from cibcheck_rules.resources.clones import clones_in, count_in

TAGS = ("resources", "clone", "promotable")


@rule("RES303", "promotable-clone-of-service", severity=ERROR, tags=TAGS)
def promotable_clone_of_service(cib: Cib) -> Findings:
    """Something is to be promoted that is no OCF agent.

    Only OCF agents can promote. Pacemaker ignores the whole clone, so the service does not run at all. In a group it ignores the service
    alone.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="«db»" class="systemd" type="postgresql"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    References:
    - crm_simulate 2.1.5, tried: no instance is started
    """
    for clone in clones_in(cib):
        if not clone.is_promotable:
            continue
        for primitive in clone.primitives:
            if primitive.agent.standard and v.fold(primitive.agent.standard) != "ocf":
                yield problem(
                    primitive.id_place,
                    f"{primitive.id!r} is to be promoted, and is of class {primitive.agent.standard}",
                    consequence=f"Pacemaker ignores clone {clone.id!r}: nothing of it runs"
                    if primitive.parent is clone
                    else f"Pacemaker ignores {primitive.id!r}: it does not run",
                    help="use an OCF agent, or a clone that is not promotable",
                    related=[(clone.id_place, "promotable")],
                )


_PROMOTION_NAMES = ("promoted-max", "promoted-node-max", "master-max", "master-node-max")


@rule("RES305", "promotion-of-plain-clone", severity=WARNING, tags=TAGS)
def promotion_of_plain_clone(cib: Cib) -> Findings:
    """A clone that is not promotable says how many instances to promote.

    Without `promotable=true` none is promoted.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="most" name="«promoted-max»" value="1"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="most" name="promoted-max" value="1"/>
        <nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clones"
    """
    for clone in clones_in(cib):
        if clone.is_promotable is not False:
            continue
        for name in _PROMOTION_NAMES:
            setting = clone.meta.get(name).certain
            owner = setting.holder.getparent() if setting is not None else None
            if setting is not None and owner is clone.element:
                yield problem(
                    setting.name_place,
                    f"clone {clone.id!r} has {name}, and is not promotable",
                    consequence="no instance is promoted",
                    help='set promotable="true", or remove the option',
                    key=name,
                )


@rule("RES306", "more-promoted-than-instances", severity=WARNING, tags=TAGS)
def more_promoted_than_instances(cib: Cib) -> Findings:
    """A clone is to promote more instances than it has.

    What can be promoted is limited by `clone-max` and `clone-node-max`, so one of the two numbers is a mistake.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/>
        <nvpair id="all" name="clone-max" value="2"/><nvpair id="most" name="promoted-max" value="«3»"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="galera"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/>
        <nvpair id="all" name="clone-max" value="3"/><nvpair id="most" name="promoted-max" value="3"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="galera"/>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Clones"
    """
    for clone in clones_in(cib):
        if not clone.is_promotable:
            continue
        for where, names, limit in (
            ("", ("promoted-max", "master-max"), "clone-max"),
            (" on a node", ("promoted-node-max", "master-node-max"), "clone-node-max"),
        ):
            most, all_ = clone.meta.get(*names).certain, clone.meta.get(limit)
            number = count_in(all_.certain) if all_.certain is not None else 1 if where and all_.is_absent else None
            if most is not None and number is not None and (count_in(most) or 0) > number:
                yield problem(
                    most.place,
                    f"clone {clone.id!r} is to promote {most.text} instances{where}, and has {number}{where}",
                    consequence=f"at most {number} can be promoted{where}",
                    help=f"make {most.name} no greater than {limit}",
                    key=most.name,
                    related=[(all_.certain.place, limit)] if all_.certain is not None else [],
                    affects=[clone.id],
                )


@rule("RES310", "promotable-clone-of-loose-group", severity=ERROR, tags=TAGS)
def promotable_clone_of_loose_group(cib: Cib) -> Findings:
    """A promotable clone holds a group whose members may run apart.

    An instance of the clone is promoted on the node where it is. With `collocated=false` it may be on several at once; then it cannot be
    promoted.

    Bad:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <group id="db-group">
        <meta_attributes id="gm"><nvpair id="col" name="collocated" value="«false»"/></meta_attributes>
        <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
        <primitive id="agent" class="ocf" provider="heartbeat" type="anything"/>
      </group>
    </clone>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <group id="db-group">
        <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
        <primitive id="agent" class="ocf" provider="heartbeat" type="anything"/>
      </group>
    </clone>
    ```

    References:
    - Pacemaker's source, lib/pacemaker/pcmk_sched_promotable.c
    """
    for clone in clones_in(cib):
        for group in clone.children if clone.is_promotable else ():
            setting = group.meta.get("collocated").certain if isinstance(group, Group) else None
            if setting is not None and v.boolean(setting.text).value is False and len(group.primitives) > 1:
                yield problem(
                    setting.place,
                    f"group {group.id!r} of promotable clone {clone.id!r} may run on several nodes at once",
                    consequence="such an instance cannot be promoted",
                    help="leave collocated out",
                )


@rule("RES311", "promotion-of-what-cannot-be-promoted", severity=ERROR, tags=TAGS)
def promotion_of_what_cannot_be_promoted(cib: Cib) -> Findings:
    """A resource is to be promoted that cannot be.

    `target-role` is Promoted or Unpromoted, and the resource is in no promotable clone, and no bundle with `promoted-max`. Pacemaker ignores
    it, and starts the resource. On the element of a bundle with `promoted-max` it counts for the primitive, but Pacemaker reports an error for
    the containers; that is a warning.

    Bad:

    ```xml
    <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
      <meta_attributes id="meta"><nvpair id="role" name="target-role" value="«Promoted»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
        <meta_attributes id="db-meta"><nvpair id="role" name="target-role" value="Unpromoted"/></meta_attributes>
      </primitive>
    </clone>
    ```

    References:
    - Pacemaker Explained, "Resource Options", target-role
    - crm_verify 2.1.5; crm_simulate 2.1.5, tried
    """
    # Where nothing has a target-role, one resource tells as much as all.
    for resource in cib.all_resources if "target-role" in cib.names_written else cib.all_resources[:1]:
        role = resource.meta.get("target-role").certain
        if role is None or v.fold(role.text) not in ("promoted", "unpromoted", "master", "slave"):
            continue
        top = resource.top
        promotable = top.is_promotable if isinstance(top, Clone | Bundle) else False
        of_containers = promotable is True and isinstance(resource, Bundle)
        if (promotable is False or of_containers) and role.holder.getparent() is not None:
            yield problem(
                role.place,
                f"target-role is {role.text} for {'the containers of ' if of_containers else ''}{resource.id!r}, which cannot be promoted",
                consequence="Pacemaker reports an error, though it counts for the primitive in the bundle"
                if of_containers
                else "Pacemaker ignores it, and starts the resource",
                help="set it for the primitive" if of_containers else "set it for a promotable clone, or write Started",
                affects=[resource.id],
                at_most=WARNING if of_containers else None,
            )
