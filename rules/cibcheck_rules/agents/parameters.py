"""AGT11x: parameters that the agent does not know, or does without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Gap, SetValue, nearest, problem, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.agents.known import agents_named, ids, is_unsure, takes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.api import AgentFacts, Agents, Cib, Findings, Primitive

TAGS = ("agents", "parameters")

# What is written among the parameters though it belongs elsewhere.
_META = frozenset(
    (
        *("allow-migrate", "critical", "failure-timeout", "is-managed", "migration-threshold", "multiple-active", "priority"),
        *("provides", "requires", "resource-stickiness", "target-role"),
    )
)
_OPERATION = frozenset(("interval", "timeout", "on-fail", "start-delay"))


@rule("AGT111", "unknown-parameter", severity=WARNING, tags=TAGS, fix="sometimes")
def unknown_parameter(agents: Agents) -> Findings:
    """An agent gets a parameter that it does not have.

    Pacemaker hands on every parameter under the name that it has. An agent looks only for those that it knows, so what is misspelt has no
    effect, and nothing is reported: the agent works with its default.

    Parameters of the fencer (`pcmk_…`) and of tracing (`trace_ra`, `trace_file`, `trace_dir`) are known besides those of the agent. One that
    stands in a group, in a clone or in a set that several resources refer to is unknown only if none of their agents has it.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-mask" name="«cidr_netmaks»" value="24"/>
      </instance_attributes>
    </primitive>
    ```

    A meta-attribute among the parameters:

    ```xml
    <primitive id="app" class="ocf" provider="pacemaker" type="Dummy">
      <instance_attributes id="app-params"><nvpair id="app-role" name="«target-role»" value="Stopped"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-trace" name="trace_ra" value="1"/>
      </instance_attributes>
    </primitive>
    <primitive id="apc" class="stonith" type="fence_apc">
      <instance_attributes id="apc-params">
        <nvpair id="apc-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="apc-user" name="username" value="fence"/>
        <nvpair id="apc-hosts" name="pcmk_host_list" value="node1 node2 node3"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Open Cluster Framework, Resource Agent API 1.1
    - fence-agents 4.12, lib/fencing.py.py: "Ignoring unknown option"
    """
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        # Nearly all names are known. What makes a guest node has rules of its own.
        if name in known[0].parameters or name == "remote-node" or any(takes(facts, name) for facts in known):
            continue
        names = list(dict.fromkeys(one for facts in known for one in facts.parameters))
        meant = _meant(name, names)
        kind = _misplaced(name, known)
        is_free = meant is not None and all(primitive.parameters.get(meant).is_absent for primitive in primitives)
        if kind is not None:
            help_ = kind
        elif meant is not None:
            help_ = f"did you mean {meant!r}?"
        else:
            help_ = "take it out, or see what the agent takes: cibcheck agents show " + known[0].name
        yield problem(
            setting.name_place,
            f"{agents_named(known)} has no parameter {name!r}",
            label=f"parameter of {primitives[0].id}",
            consequence="it has no effect: agents look only for the parameters that they have",
            help=help_,
            key=name,
            affects=ids(primitives),
            fix=unsafe_fix(f"rename {name!r} to {meant!r}", SetValue(setting.name_place, meant))
            if meant is not None and is_free and kind is None
            else None,
        )


def _misplaced(name: str, known: Sequence[AgentFacts]) -> str | None:
    """What to do about a name that means something elsewhere."""
    option = name.replace("_", "-")
    if option in _META:
        return f"{option!r} is a meta-attribute: write it among those"
    if option in _OPERATION and not any(facts.is_fence_agent for facts in known):
        return f"{option!r} is an option of operations: write it there"
    return None


def _meant(name: str, names: Sequence[str]) -> str | None:
    """What a wrong name stands for: what differs in case or in hyphens, else what is nearest."""
    plain = v.fold(name.replace("-", "_"))
    return next((one for one in names if v.fold(one.replace("-", "_")) == plain), None) or nearest(name, names)


@rule("AGT112", "missing-parameter", severity=ERROR, tags=TAGS)
def missing_parameter(cib: Cib, agents: Agents) -> Findings:
    """A parameter that the agent requires is not set.

    An agent that lacks it answers each operation with "not configured", which Pacemaker takes for an error that no other node would mend:
    the resource runs nowhere. A fence device without it cannot fence.

    Templates, groups, clones and sets that are referred to count. An older name of the parameter does as well. Where only a rule in the
    configuration sets it, whether it is missing is not evaluated. If the agent has a default all the same, the parameter is required in
    name only, and its absence is just worth knowing.

    Bad:

    ```xml
    <primitive id="«web-ip»" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-mask" name="cidr_netmask" value="24"/></instance_attributes>
    </primitive>
    ```

    It is there, and empty:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-ip" name="ip" value="«»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <template id="address" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="address-params"><nvpair id="address-ip" name="ip" value="192.0.2.80"/></instance_attributes>
    </template>
    <primitive id="web-ip" template="address"/>
    ```

    The older names:

    ```xml
    <primitive id="apc" class="stonith" type="fence_apc">
      <instance_attributes id="apc-params">
        <nvpair id="apc-ip" name="ipaddr" value="192.0.2.9"/>
        <nvpair id="apc-user" name="login" value="fence"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, section "OCF Return Codes": OCF_ERR_CONFIGURED
    - resource-agents 4.12 and fence-agents 4.12: IPaddr2, Filesystem, exportfs, VirtualDomain and fence_apc, run without parameters
    """
    surely_set = _surely_set(cib, {name for _, facts in agents.primitives for name in facts.required})
    for primitive, facts in agents.primitives:
        for name in facts.required:
            if primitive in surely_set.get(name, ()):
                continue
            chain = (name, *facts.predecessors(name))
            found = primitive.parameters.get(*chain)
            if is_unsure(found):
                cib.ledger.note(Gap(f"whether {primitive.id!r} has {name!r} depends on a rule, or on the version of Pacemaker"))
                continue
            setting = found.certain
            if (setting is not None and setting.text.strip()) or found.is_conditional or _is_excused(primitive, facts, name):
                continue
            yield problem(
                primitive.id_place if setting is None else setting.place._replace(part="value"),
                f"{primitive.id!r} lacks {name!r}, which {facts.name} requires"
                if setting is None
                else f"{setting.name!r} of {primitive.id!r} is empty, and {facts.name} requires it",
                label="the resource" if setting is None else "empty",
                consequence="the fence device cannot fence"
                if facts.is_fence_agent
                else "the agent refuses to start with 'not configured', and Pacemaker tries no other node",
                help=f"set {name!r}",
                key=name,
                affects=[primitive.id],
                at_most=INFO if facts.parameters[name].has_default else None,
            )


def _surely_set(cib: Cib, names: set[str]) -> Mapping[str, set[Primitive]]:
    """Who surely has a value for each of some names; a look that settles nearly all, without weighing which of several counts."""
    found: dict[str, set[Primitive]] = {}
    doubtful: dict[str, set[Primitive]] = {}
    for setting, primitives in cib.parameters:
        if setting.name in names:
            side = found if setting.condition is None and setting.text.strip() else doubtful
            side.setdefault(setting.name, set()).update(primitives)
    return {name: users - doubtful.get(name, set()) for name, users in found.items()}


def _is_excused(primitive: Primitive, facts: AgentFacts, name: str) -> bool:
    """Whether another parameter may stand in: with ``port_as_ip``, a fence agent connects to what it fences."""
    return facts.is_fence_agent and name == "ip" and not primitive.parameters.get("port_as_ip").is_absent


@rule("AGT117", "empty-parameter", severity=INFO, tags=TAGS)
def empty_parameter(agents: Agents) -> Findings:
    """A parameter is set to nothing.

    It is not the same as a parameter that is not set: most agents use their default only where there is no parameter at all, and work
    with the empty text otherwise.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <instance_attributes id="web-params"><nvpair id="web-conf" name="configfile" value="«»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <instance_attributes id="web-params"><nvpair id="web-conf" name="configfile" value="/etc/nginx/nginx.conf"/></instance_attributes>
    </primitive>
    ```

    References:
    - pcs 0.12, pcs/lib/cib/resource/primitive.py
    - resource-agents 4.12: ": ${OCF_RESKEY_configfile=${OCF_RESKEY_configfile_default}}" in nginx
    """
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        if setting.text.strip() or any(name in facts.required for facts in known):
            continue
        yield problem(
            setting.place,
            f"{name!r} of {primitives[0].id!r} is empty",
            label="empty",
            consequence="the agent may work with the empty text, where it would otherwise use its default",
            help="take the pair out, or give it a value",
            key=name,
            affects=ids(primitives),
        )
