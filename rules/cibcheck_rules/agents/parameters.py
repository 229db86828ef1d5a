"""AGT11x: parameters: unknown and missing ones, values, old names, and what must differ from resource to resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Bundle, Gap, SetValue, nearest, problem, quoted, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.agents.names import agents_named, ids, is_elsewhere, is_of_pacemaker, is_truth, is_unsure, takes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cibcheck.api import AgentFacts, Agents, Cib, Findings, Fix, Parameter, Primitive, Setting


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

    Most agents that lack it answer with "not configured", which Pacemaker takes for an error that no other node would mend: the resource runs
    nowhere. Some have another word for it, and then Pacemaker tries one node after the other. A fence device without it cannot fence.

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
    - resource-agents 4.12 and fence-agents 4.12: IPaddr2, Filesystem, exportfs, VirtualDomain and fence_apc, run without parameters;
      SAPInstance and IPv6addr answer with "invalid parameter"
    - crm_simulate 2.1.5, tried: after "not configured" the resource is started nowhere, after "invalid parameter" on the next node
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
                consequence="the agent goes by its default, though it calls the parameter required"
                if facts.parameters[name].has_default and setting is None
                else "the fence device cannot fence"
                if facts.is_fence_agent
                else "the agent does not start without it; most say 'not configured', and then Pacemaker tries no other node",
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
        if setting.text.strip() or any(name in facts.required for facts in known) or is_of_pacemaker(known[0], name):
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


VALUE_TAGS = ("agents", "parameters", "values")

_TIME = r"[+-]?[0-9]+(?:\.[0-9]*)?\s*(?:us|usec|ms|msec|s|sec|m|min|h|hr|d)?"
_NUMBER = rf"{_TIME}|[+-]?INFINITY|0[xX][0-9a-fA-F]+"
_SHAPES = {"integer": (_NUMBER, "a whole number"), "second": (_TIME, "a time in seconds")}
_PLAIN = r"[+-]?[0-9]+"
"""What fence agents that are written with the library of fence-agents take, also for times."""


def _is_of_library(facts: AgentFacts) -> bool:
    return facts.is_fence_agent and "power_timeout" in facts.parameters


def _typed(agents: Agents, *types: str) -> Iterator[tuple[Parameter, Sequence[AgentFacts], str]]:
    """The parameters that have one of some types, the same for all agents that get them, and a value to judge; with the type."""
    for parameter, known in agents.parameters:
        name, text = parameter.setting.name, parameter.setting.text
        # Most are of another type, which the first agent tells.
        first = known[0].parameters.get(name)
        if first is None or first.type not in types or not text.strip() or is_elsewhere(text) or is_of_pacemaker(known[0], name):
            continue
        if all((one := facts.parameters.get(name)) is not None and one.type == first.type for facts in known):
            yield parameter, known, first.type


@rule("AGT113", "parameter-of-wrong-type", severity=WARNING, tags=VALUE_TAGS)
def parameter_of_wrong_type(agents: Agents) -> Findings:
    """A value does not fit the type that the agent gives for the parameter.

    Agents declare types, but few check them. What they make of another value differs: some fail, some take a boolean for false or a number
    for 0.

    The types are taken generously, as agents do: a number may have a unit of time, a time any unit, and a boolean may be any word that
    Pacemaker knows. But fence agents check their numbers, and times are whole seconds to them, without a unit: one that gets another value does
    nothing but complain, so that the node is not fenced. Values that are kept outside of the CIB (`lrm://`) are not judged.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-arp" name="arp_count" value="«five»"/>
        <nvpair id="web-ip-lvs" name="lvs_support" value="«maybe»"/>
      </instance_attributes>
    </primitive>
    ```

    A time with a unit, for a fence agent:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-timeout" name="power_timeout" value="«30s»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params">
        <nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/>
        <nvpair id="web-ip-arp" name="arp_count" value="5"/>
        <nvpair id="web-ip-lvs" name="lvs_support" value="yes"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Open Cluster Framework, Resource Agent API 1.1, section "Metadata"
    - fence_ipmilan of fence-agents 4.12, tried with power_timeout=5s: "not a valid time in seconds"
    """
    for (setting, primitives), known, kind in _typed(agents, "boolean", "integer", "second"):
        name, text = setting.name, setting.text
        if kind == "boolean":
            fits, wanted = is_truth(text), "true or false"
        else:
            shape, wanted = _SHAPES[kind]
            if all(map(_is_of_library, known)):
                shape, wanted = _PLAIN, "a whole number" if kind == "integer" else "a number of seconds without a unit"
            fits = (text.isascii() and text.isdecimal()) or re.fullmatch(shape, text.strip()) is not None
        if fits:
            continue
        yield problem(
            setting.place,
            f"{name!r} of {primitives[0].id!r} is {text!r}; {agents_named(known)} wants {wanted}",
            label=f"not {wanted}",
            consequence="a fence agent that gets such a value refuses to run"
            if known[0].is_fence_agent and kind != "boolean"
            else "what the agent makes of it is not said: it may fail, or work with another value",
            help=f"give {wanted}",
            key=name,
            affects=ids(primitives),
        )


@rule("AGT114", "parameter-outside-its-choices", severity=WARNING, tags=VALUE_TAGS, fix="unsafe")
def parameter_outside_its_choices(agents: Agents) -> Findings:
    """A value is none of those that the agent allows.

    The agent lists the values that the parameter can have. A fence agent that gets
    another value does nothing but complain, so that the node is not fenced. The case of letters does not matter.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-privilege" name="privlvl" value="«operater»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-privilege" name="privlvl" value="operator"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - fence_ipmilan of fence-agents 4.12, tried: "You have to enter a valid choice for --privlvl"
    """
    for (setting, primitives), known, _ in _typed(agents, "select"):
        name, text = setting.name, setting.text
        allowed = list(dict.fromkeys(option for facts in known for option in facts.parameters[name].options))
        if v.fold(text.strip()) in map(v.fold, allowed):
            continue
        meant = nearest(text, allowed)
        yield problem(
            setting.place,
            f"{name!r} of {primitives[0].id!r} is {text!r}, which {agents_named(known)} does not allow",
            label=f"did you mean {meant!r}?" if meant else "none of the choices",
            consequence="a fence agent that gets such a value refuses to run"
            if known[0].is_fence_agent
            else "the agent refuses it, or takes it for its default",
            help=f"the choices are {quoted(allowed)}",
            key=name,
            affects=ids(primitives),
            fix=unsafe_fix(f"set {name!r} to {meant!r}", SetValue(setting.place, meant)) if meant else None,
        )


RENAMED_TAGS = ("agents", "parameters", "deprecated")


def _newest(facts: AgentFacts, name: str) -> str | None:
    """The name that a parameter has now; None where it has no successor."""
    seen = {name}
    while (one := facts.parameters.get(name)) is not None and one.successor is not None and one.successor not in seen:
        name = one.successor
        seen.add(name)
    return name if len(seen) > 1 else None


@rule("AGT115", "deprecated-parameter", severity=WARNING, tags=RENAMED_TAGS, fix="unsafe")
def deprecated_parameter(agents: Agents) -> Findings:
    """A parameter is set by a name that the agent has given up.

    The agent still takes the old name. Its authors list it as deprecated, so a later version may not, and then the value has no effect.

    Where the new name is not set as well, the fix is to rename the parameter. A running cluster restarts the resource then, as for any change
    of its parameters.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="«ipaddr»" value="192.0.2.9"/>
        <nvpair id="ipmi-user" name="«login»" value="fence"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-user" name="username" value="fence"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - pcs 0.12, pcs/lib/resource_agent/facade.py
    - the metadata of fence-agents 4.12
    """
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        if not all(name in facts.parameters and facts.parameters[name].is_deprecated for facts in known):
            continue
        newest = {_newest(facts, name) for facts in known}
        new = newest.pop() if len(newest) == 1 else None
        yield problem(
            setting.name_place,
            f"{agents_named(known)} has deprecated {name!r}",
            label="old name" if new else "deprecated",
            consequence="it still works; a later version of the agent may ignore it",
            help=f"call it {new!r}" if new else "see the agent's documentation for what to use instead",
            key=name,
            affects=ids(primitives),
            fix=_renaming(setting, primitives, known, new) if new else None,
        )


def _renaming(setting: Setting, primitives: Sequence[Primitive], known: Sequence[AgentFacts], new: str) -> Fix | None:
    """The fix; none where another name of the parameter is set as well, and the two would meet."""
    others = {new, *(old for facts in known for old in facts.predecessors(new))} - {setting.name}
    if any(not primitive.parameters.get(other).is_absent for primitive in primitives for other in others):
        return None
    # To Pacemaker another name is another definition, for which it restarts the resource.
    return unsafe_fix(f"rename {setting.name!r} to {new!r}", SetValue(setting.name_place, new))


@rule("AGT116", "parameter-by-two-names", severity=WARNING, tags=RENAMED_TAGS)
def parameter_by_two_names(agents: Agents) -> Findings:
    """The old and the new name of a parameter are both set, to different values.

    To the agent they are one parameter, and the value that it reads last counts. In which order Pacemaker hands them on is nowhere laid
    down, and it may change with the version.

    Bad:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params">
        <nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/>
        <nvpair id="ipmi-old" name="ipaddr" value="«192.0.2.7»"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params"><nvpair id="ipmi-ip" name="ip" value="192.0.2.9"/></instance_attributes>
    </primitive>
    ```

    References:
    - fence-agents 4.12, lib/fencing.py.py: how it reads its standard input
    """
    for primitive, facts in agents.primitives:
        for parameter in facts.parameters.values():
            if not parameter.is_deprecated or (new := _newest(facts, parameter.name)) is None:
                continue
            old_one = primitive.parameters.get(parameter.name).certain
            new_one = primitive.parameters.get(new).certain if old_one is not None else None
            if old_one is None or new_one is None or old_one.text == new_one.text:
                continue
            yield problem(
                old_one.place,
                f"{primitive.id!r} sets {new!r}, and by its old name {parameter.name!r} to another value",
                label="the old name",
                consequence="which of the two the agent works with is not defined",
                help=f"keep {new!r}, and take {parameter.name!r} out",
                related=[(new_one.place, "the new name")],
                key=new,
                affects=[primitive.id],
            )


UNIQUE_TAGS = ("agents", "parameters")


@rule("AGT118", "repeated-unique-parameter", severity=WARNING, tags=UNIQUE_TAGS)
def repeated_unique_parameter(agents: Agents) -> Findings:
    """Two resources have the same value for a parameter that must be unique.

    The agent's author says that no two resources may share it: one address, one configuration file of a virtual machine, one state file. Each
    of the two takes what belongs to the other for its own, so that one is found running where it was not started, and stopping one stops
    both.

    Some agents say it of several parameters together; then all of them have to be the same. The instances of one clone are one resource,
    and primitives in bundles have files and addresses of their own.

    Bad:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/></instance_attributes>
    </primitive>
    <primitive id="mail-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="mail-ip-params"><nvpair id="mail-ip-ip" name="ip" value="«192.0.2.80»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="web-ip-params"><nvpair id="web-ip-ip" name="ip" value="192.0.2.80"/></instance_attributes>
    </primitive>
    <primitive id="mail-ip" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="mail-ip-params"><nvpair id="mail-ip-ip" name="ip" value="192.0.2.25"/></instance_attributes>
    </primitive>
    ```

    References:
    - Open Cluster Framework, Resource Agent API 1.1, sections "unique" and "unique-group"
    - pcs 0.12, pcs/lib/resource_agent/facade.py; crmsh, crmsh/cibconfig.py
    """
    seen: dict[tuple[str, str, tuple[str, ...]], Primitive] = {}
    suspects = _suspects(agents)
    for primitive, facts in agents.primitives if suspects else ():
        # The addresses of connections are a matter of remote nodes.
        if primitive not in suspects or primitive.is_connection or any(isinstance(one, Bundle) for one in primitive.ancestors):
            continue
        for group, names in _groups(facts).items():
            found = [primitive.parameters.get(name) for name in names]
            settings = [one.certain for one in found]
            texts = tuple(setting.text if setting else "" for setting in settings)
            if any(one.is_conditional for one in found) or not any(texts) or any(map(is_elsewhere, texts)):
                continue
            first = seen.setdefault((facts.name, group, texts), primitive)
            if first is primitive:
                continue
            name, here = _first_set(names, settings)
            there = first.parameters.get(name).certain
            is_shared = there is None or there.element is here.element
            yield problem(
                here.place,
                f"{primitive.id!r} and {first.id!r} have the same {' and '.join(names)}, which {facts.name} wants to be unique",
                label=f"of {primitive.id}" if not is_shared else "of both",
                consequence="each takes what belongs to the other for its own: stopping one stops both",
                help=f"give one of them another {name!r}, or remove one",
                related=[] if is_shared or there is None else [(there.place, f"of {first.id}")],
                key=group,
                affects=[first.id, primitive.id],
            )


def _suspects(agents: Agents) -> set[Primitive]:
    """The primitives that have some text for a unique parameter that another one of the same agent has, too."""
    users: dict[tuple[AgentFacts, str, str], list[Primitive]] = {}
    for (setting, primitives), known in agents.parameters:
        name = setting.name
        for facts in known:
            if (one := facts.parameters.get(name)) is not None and one.group is not None:
                own = primitives if len(known) == 1 else [primitive for primitive in primitives if agents.of(primitive) is facts]
                users.setdefault((facts, name, setting.text), []).extend(own)
    return {primitive for found in users.values() if len(found) > 1 for primitive in found}


def _groups(facts: AgentFacts) -> Mapping[str, Sequence[str]]:
    """The parameters that must differ together, by the name of the group."""
    found: dict[str, list[str]] = {}
    for one in facts.parameters.values():
        if one.group is not None:
            found.setdefault(one.group, []).append(one.name)
    return found


def _first_set(names: Sequence[str], settings: Sequence[Setting | None]) -> tuple[str, Setting]:
    return next((name, setting) for name, setting in zip(names, settings, strict=True) if setting is not None and setting.text)
