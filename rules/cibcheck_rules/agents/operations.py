"""AGT12x: operations and roles that the agent does not have, or wants more time for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Place, SetValue, nearest, problem, quoted, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import AgentFacts, Agents, Cib, Findings, Primitive

TAGS = ("agents", "operations")


@rule("AGT121", "unsupported-operation", severity=WARNING, tags=TAGS, fix="unsafe")
def unsupported_operation(cib: Cib, agents: Agents) -> Findings:
    """An operation is configured that the agent does not have.

    Pacemaker runs what has an interval, whatever it is called. The agent answers that it has no such action, and Pacemaker takes that for a
    failure: it restarts the resource, again and again. What was meant, such as monitoring, does not happen. An operation without an interval
    only says how an action is to be run that never is.

    Bad:

    ```xml
    <primitive id="app" class="ocf" provider="pacemaker" type="Dummy">
      <operations><op id="app-monitor" name="«monitr»" interval="10s" timeout="20s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="app" class="ocf" provider="pacemaker" type="Dummy">
      <operations><op id="app-monitor" name="monitor" interval="10s" timeout="20s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, tried: it schedules "monitr", and "Recover" where that ended with 3; ocf:heartbeat:Dummy 4.12 answers so
    - pcs 0.12, pcs/lib/cib/resource/operations.py; crmsh, crmsh/ra.py
    """
    known: dict[AgentFacts, dict[str, None]] = {}
    for primitive, facts in agents.primitives:
        if facts not in known:
            known[facts] = dict.fromkeys(action.name for action in facts.actions)
        names = known[facts]
        for op in primitive.operations:
            if op.name in names or "name" not in op.element.attrib or not names:
                continue
            meant = nearest(op.name, [name for name in names if name not in _NOT_RUN])
            is_run = op.interval > 0 and op.is_enabled
            place = Place(cib.document, op.element, "name")
            yield problem(
                place,
                f"{facts.name} has no action {op.name!r}",
                label=f"did you mean {meant!r}?" if meant else f"operation of {primitive.id}",
                consequence="Pacemaker runs it all the same, it fails, and the resource is restarted"
                if is_run
                else "it has no effect",
                help=f"the agent has {quoted(name for name in names if name not in _NOT_RUN)}",
                key=op.name,
                affects=[primitive.id],
                fix=unsafe_fix(f"rename {op.name!r} to {meant!r}", SetValue(place, meant)) if meant else None,
                at_most=None if is_run or meant else INFO,
            )


_NOT_RUN = frozenset(("meta-data", "metadata", "manpage", "usage", "methods", "validate", "validate-all", "null"))
"""The actions that an administrator calls, and Pacemaker never schedules."""


@rule("AGT123", "promotable-clone-of-plain-agent", severity=WARNING, tags=("agents", "clones"))
def promotable_clone_of_plain_agent(cib: Cib, agents: Agents) -> Findings:
    """A clone is promotable, and the agent in it can neither be promoted nor demoted.

    Pacemaker promotes an instance that has a promotion score, which agents with roles set themselves. This one does not, so no instance is ever
    promoted. Where the score is from a constraint, or another member of its group, Pacemaker promotes an instance; the agent answers that it
    has no such action, and the instance is stopped and stays away from that node.

    Bad:

    ```xml
    <clone id="apps">
      <meta_attributes id="apps-meta"><nvpair id="apps-promotable" name="promotable" value="«true»"/></meta_attributes>
      <primitive id="app" class="ocf" provider="heartbeat" type="Dummy"/>
    </clone>
    ```

    Good:

    ```xml
    <clone id="apps">
      <meta_attributes id="apps-meta"><nvpair id="apps-promotable" name="promotable" value="true"/></meta_attributes>
      <primitive id="app" class="ocf" provider="pacemaker" type="Stateful"/>
    </clone>
    <clone id="others"><primitive id="other" class="ocf" provider="heartbeat" type="Dummy"/></clone>
    ```

    References:
    - pcs 0.12, pcs/lib/commands/resource.py
    - Dummy, apache, exportfs and VirtualDomain of resource-agents 4.12, tried: "promote" ends with 3, "unimplemented"
    - crm_simulate 2.1.5, tried: without a score nothing is promoted; after that answer the instance is stopped, "hard failure"
    """
    for resource in cib.all_resources:
        if resource.kind != "clone":
            continue
        setting = None
        if resource.element.tag == "clone":
            setting = resource.meta.get("promotable").certain
            if setting is None or not v.boolean(setting.text).value:
                continue
        plain = [
            (primitive, facts)
            for primitive in resource.primitives
            if (facts := agents.of(primitive)) is not None and not _has_roles(facts)
        ]
        if not plain:
            continue
        primitive, facts = plain[0]
        yield problem(
            setting.place if setting else Place(cib.document, resource.element, "@"),
            f"{resource.id!r} is promotable, and {facts.name} of {primitive.id!r} can be neither promoted nor demoted",
            label="promotable",
            consequence="no instance is promoted, as the agent sets no promotion score; where something else does, the promotion fails",
            help="make it a plain clone, or use an agent with roles",
            key=primitive.agent.type,
            affects=[one.id for one, _ in plain],
        )


def _has_roles(facts: AgentFacts) -> bool:
    return facts.is_fence_agent or facts.has_action("promote") or facts.has_action("demote")


@rule("AGT124", "unfencing-not-provided", severity=WARNING, tags=("agents", "fencing"))
def unfencing_not_provided(cib: Cib, agents: Agents) -> Findings:
    """A fence device that has to let nodes in does not say that it provides unfencing.

    Some devices cut a node off from its storage or network, and let it in again when told to. Pacemaker tells them before it starts
    anything on a node, but only if the device has the meta-attribute `provides` with the value `unfencing`, or some resource `requires` it.
    Without either, a node that was fenced once stays cut off, and with `fence_scsi` and `fence_mpath` no node ever gets its key on the storage.

    pcs sets it when it creates such a device.

    Bad:

    ```xml
    <primitive id="«scsi»" class="stonith" type="fence_scsi">
      <instance_attributes id="scsi-params"><nvpair id="scsi-devices" name="devices" value="/dev/disk/by-id/wwn-0x1"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="scsi" class="stonith" type="fence_scsi">
      <instance_attributes id="scsi-params"><nvpair id="scsi-devices" name="devices" value="/dev/disk/by-id/wwn-0x1"/></instance_attributes>
      <meta_attributes id="scsi-meta"><nvpair id="scsi-provides" name="provides" value="unfencing"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5, tried: it schedules "Fencing (on)" with the meta-attribute, or with requires=unfencing of any resource
    - Pacemaker Explained, section "Unfencing"
    """
    silent = [(one, facts) for one, facts in agents.primitives if facts.unfences and one.meta.get("provides").is_absent]
    if not silent or any(_may_require_unfencing(one) for one in cib.primitives):
        return
    for primitive, facts in silent:
        yield problem(
            primitive.id_place,
            f"{primitive.id!r} does not say that it provides unfencing, which {facts.name} is for",
            label="fence device",
            consequence="no node is let in again after it was fenced",
            help='add the meta-attribute: <nvpair name="provides" value="unfencing"/>',
            key=primitive.agent.type,
            affects=[primitive.id],
        )


def _may_require_unfencing(primitive: Primitive) -> bool:
    """Whether a resource asks for it itself: then Pacemaker unfences all nodes, whatever the device says."""
    return any(v.fold(setting.text) == "unfencing" for setting in primitive.meta.get("requires").candidates)
