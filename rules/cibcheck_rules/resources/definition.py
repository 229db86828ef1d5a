"""RES1: what resources are made from."""

from __future__ import annotations

from cibcheck.api import ERROR, INFO, Cib, Findings, Lookalikes, Template, problem, rule
from cibcheck.api import values as v

TAGS = ("resources",)


@rule("RES101", "no-such-template", severity=ERROR, tags=(*TAGS, "template"))
def no_such_template(cib: Cib) -> Findings:
    """A resource is made from a template that is none.

    `template` names another resource, or the resource itself. The schema only asks that some element has the id; Pacemaker ignores the
    resource.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <primitive id="web-2" template="«web»"/>
    ```

    Good:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="server-monitor" name="monitor" interval="10s"/></operations>
    </template>
    <primitive id="web" template="server"/>
    ```

    References:
    - Pacemaker Explained, "Resource Templates"
    - crm_simulate 2.1.5, tried: the resource does not exist
    """
    lookalikes: Lookalikes | None = None
    for primitive in cib.primitives:
        name = primitive.template_id
        if name is None or primitive.template is not None:
            continue
        target = cib.element(name)
        what = "which is the resource itself" if target is primitive.element else "which is no template"
        lookalikes = lookalikes or Lookalikes(cib.templates)
        meant = lookalikes.of(name)
        yield problem(
            cib.document.place(primitive.element, "template"),
            f"{primitive.id!r} is to be made from {name!r}, {what}",
            consequence="Pacemaker ignores the resource",
            help=f"did you mean {meant!r}?" if meant else "name a <template>, or give the resource class, provider and type",
            related=[(cib.document.place(target, "id"), f"a {target.tag!s}")]
            if target is not None and target is not primitive.element
            else [],
        )


@rule("RES102", "unused-template", severity=INFO, tags=(*TAGS, "template"))
def unused_template(cib: Cib) -> Findings:
    """No resource is made from a template.

    The template has no effect. A constraint that names it is ignored. (One that would make connections to remote nodes has a rule of its
    own, REM210.)

    Bad:

    ```xml
    <template id="«server»" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <template id="server" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="server-monitor" name="monitor" interval="10s"/></operations>
    </template>
    <primitive id="web" template="server"/>
    ```

    References:
    - Pacemaker Explained, "Resource Templates"
    """
    for template in cib.templates.values():
        if not template.users and not template.agent.is_remote_connection:
            yield problem(
                template.id_place,
                f"no resource is made from template {template.id!r}",
                consequence="the template has no effect",
                help="remove it, unless resources are still to come",
            )


# Classes that no release runs any more, though the schemas have them.
_GONE_CLASSES = frozenset(("heartbeat",))


@rule("RES103", "unsupported-class", severity=ERROR, tags=TAGS)
def unsupported_class(cib: Cib) -> Findings:
    """A resource is of a class that Pacemaker no longer runs.

    The class `heartbeat` (scripts in /etc/ha.d/resource.d) went with Pacemaker 2.0. The schemas still allow it, and crm_verify says nothing,
    but no agent is found when the resource is to be started. (nagios and upstart, which went with 3.0, are UPG101.)

    Bad:

    ```xml
    <primitive id="address" class="«heartbeat»" type="IPaddr"/>
    ```

    Good:

    ```xml
    <primitive id="address" class="ocf" provider="heartbeat" type="IPaddr2">
      <operations><op id="address-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker 2.0 release notes: support for legacy Heartbeat resource agents was dropped
    """
    for agent, owners in cib.named_agents.items():
        name = agent.standard
        for owner in owners if v.fold(name) in _GONE_CLASSES else ():
            yield problem(
                cib.document.place(owner.element, "class"),
                f"{owner.id!r} is of class {name!r}, which Pacemaker no longer runs",
                consequence="the resource cannot be started",
                help='use an OCF agent: class="ocf" provider="heartbeat" …',
                affects=[user.id for user in owner.users] if isinstance(owner, Template) else [],
            )
