"""RES2: groups."""

from __future__ import annotations

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Group, problem, rule
from cibcheck.api import values as v

TAGS = ("resources", "group")


def _groups(cib: Cib) -> list[Group]:
    return [resource for resource in cib.all_resources if isinstance(resource, Group)]


def _groups_by_target_role(cib: Cib) -> list[Group]:
    """The groups, for a rule about target-role: where nothing has one, the first tells as much as all."""
    return _groups(cib)[: None if "target-role" in cib.names_written else 1]


def _is_loose(group: Group) -> bool:
    """Whether the members of a group may run on different nodes."""
    return group.meta.get("collocated").parse(v.boolean) is False


@rule("RES202", "colocation-with-loose-group", severity=ERROR, tags=(*TAGS, "constraints"))
def colocation_with_loose_group(cib: Cib) -> Findings:
    """A mandatory colocation names a group whose members may run apart.

    With `collocated=false` there is no node where the group is. What must run with the group runs anywhere. Where the group must run with
    another resource, that holds for its first member, and is a warning.

    Bad:

    ```xml
    <group id="jobs">
      <meta_attributes id="meta"><nvpair id="col" name="collocated" value="false"/></meta_attributes>
      <primitive id="job-1" class="ocf" provider="heartbeat" type="anything"/>
      <primitive id="job-2" class="ocf" provider="heartbeat" type="anything"/>
    </group>
    <primitive id="disk" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_colocation id="col-jobs" rsc="disk" with-rsc="«jobs»" score="INFINITY"/>
    ```

    Good:

    ```xml
    <group id="jobs">
      <primitive id="job-1" class="ocf" provider="heartbeat" type="anything"/>
      <primitive id="job-2" class="ocf" provider="heartbeat" type="anything"/>
    </group>
    <primitive id="disk" class="ocf" provider="heartbeat" type="Filesystem"/>
    <rsc_colocation id="col-jobs" rsc="jobs" with-rsc="disk" score="INFINITY"/>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    loose = {group.id: group for group in _groups(cib) if _is_loose(group)}
    for colocation in cib.colocations if loose else ():
        if colocation.score < v.INFINITY:
            continue
        leading = {reference.place for primary, _ in colocation.pairs for reference in primary.references}
        for reference in colocation.references:
            leads = reference.place in leading
            for resource in reference.resources:
                if (group := loose.get(resource.id)) is not None and (setting := group.meta.get("collocated").certain):
                    yield problem(
                        reference.place,
                        f"the members of group {group.id!r} may run apart, so nothing can be colocated with it"
                        if leads
                        else f"the members of group {group.id!r} may run apart, and must run with another resource",
                        consequence="Pacemaker does not apply the colocation" if leads else "only the first member must",
                        help="name the member that is meant",
                        related=[(setting.place, "lets them run apart")],
                        at_most=None if leads else WARNING,
                    )


@rule("RES203", "disabled-member-holds-group-up", severity=WARNING, tags=TAGS)
def disabled_member_holds_group_up(cib: Cib) -> Findings:
    """A group has a disabled member before others.

    The members of a group start one after the other, and where those before them run. Where one is disabled, those behind it do not start
    either.

    Bad:

    ```xml
    <group id="web-group">
      <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2">
        <meta_attributes id="meta"><nvpair id="role" name="target-role" value="«Stopped»"/></meta_attributes>
      </primitive>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    ```

    Good:

    ```xml
    <group id="web-group">
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
      <primitive id="mail" class="ocf" provider="heartbeat" type="postfix">
        <meta_attributes id="meta"><nvpair id="role" name="target-role" value="Stopped"/></meta_attributes>
      </primitive>
    </group>
    ```

    References:
    - Pacemaker Explained, "Groups"
    - crm_simulate 2.1.5, tried
    """
    for group in _groups_by_target_role(cib):
        is_free = _is_loose(group) and group.meta.get("ordered").parse(v.boolean) is False
        if group.is_disabled is not None or is_free:
            continue
        for number, member in enumerate(group.children):
            role = member.is_disabled
            if role is None:
                continue
            behind = [one.id for one in group.children[number + 1 :] if one.is_disabled is None]
            if behind:
                yield problem(
                    role.place,
                    f"{member.id!r} is disabled, and other members of group {group.id!r} follow",
                    consequence="the members behind it do not start",
                    help="enable it, move it to the end, or take it out of the group",
                    affects=behind,
                )
            break


@rule("RES204", "enabled-member-of-disabled-group", severity=WARNING, tags=TAGS)
def enabled_member_of_disabled_group(cib: Cib) -> Findings:
    """A group is disabled, and a member of it is not.

    What a member says for itself counts for it, so the member starts although its group is disabled. (The shells write `target-role=Started`
    into a member when it is enabled by name.)

    Bad:

    ```xml
    <group id="web-group">
      <meta_attributes id="group-meta"><nvpair id="group-role" name="target-role" value="Stopped"/></meta_attributes>
      <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2">
        <meta_attributes id="meta"><nvpair id="role" name="target-role" value="«Started»"/></meta_attributes>
      </primitive>
    </group>
    ```

    Good:

    ```xml
    <group id="web-group">
      <meta_attributes id="group-meta"><nvpair id="group-role" name="target-role" value="Stopped"/></meta_attributes>
      <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2"/>
    </group>
    ```

    References:
    - crm_simulate 2.1.5, tried
    """
    for group in _groups_by_target_role(cib):
        disabled = group.is_disabled
        for member in group.children if disabled is not None else ():
            role = member.meta.get("target-role").certain
            if disabled is not None and role is not None and v.fold(role.text) == "started":
                yield problem(
                    role.place,
                    f"group {group.id!r} is disabled, and its member {member.id!r} is not",
                    consequence="the member starts, if those before it do",
                    help="take target-role out of the member",
                    related=[(disabled.place, "disables the group")],
                    affects=[member.id],
                )


@rule("RES205", "group-of-one", severity=INFO, tags=TAGS, default=False)
def group_of_one(cib: Cib) -> Findings:
    """A group has but one member.

    The group has no use, and is often what is left of an older configuration.

    Bad:

    ```xml
    <group id="«web-group»"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></group>
    ```

    Good:

    ```xml
    <group id="web-group">
      <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    </group>
    ```

    References:
    - Pacemaker Explained, "Groups"
    """
    for group in _groups(cib):
        if len(group.children) == 1:
            yield problem(
                group.id_place,
                f"group {group.id!r} has one member",
                consequence="the group has no use",
                help=f"let {group.children[0].id!r} stand by itself, or say what else belongs to it",
            )
