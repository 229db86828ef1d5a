"""AGT122: how long operations may take, and how long the agent's author would let them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cibcheck.api import INFO, WARNING, Place, SetValue, problem, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Action, AgentFacts, Agents, Cib, Findings, Operation, Primitive, Setting

TAGS = ("agents", "operations")

_DEFAULT = 20_000
"""What Pacemaker gives an operation for which nobody says anything, in milliseconds."""

_ALWAYS = ("start", "stop")
"""The actions that run whether they are configured or not."""


class _Short:
    """An action that has less time than advised. Without ``setting``, nobody says how much, and it has Pacemaker's default."""

    def __init__(
        self,
        primitive: Primitive,
        facts: AgentFacts,
        action: str,
        operation: Operation | None,
        setting: Setting | None,
        advised: str,
    ) -> None:
        self.primitive = primitive
        self.facts = facts
        self.action = action
        self.operation = operation
        self.setting = setting
        self.advised = advised

    @property
    def text(self) -> str:
        """The time that it has."""
        return "20s" if self.setting is None else self.setting.text


@rule("AGT122", "timeout-below-advice", severity=WARNING, tags=TAGS, fix="sometimes")
def timeout_below_advice(cib: Cib, agents: Agents) -> Findings:
    """An operation has less time than the agent's author advises.

    The advice is the shortest time that the author found to be enough. An operation that takes longer than its timeout is killed and counts as
    failed; for a stop, that means that the node is fenced, or without fencing that the resource is blocked.

    Of several monitors in the advice, the one for the same role and depth counts, else the one with the shortest time.

    Bad:

    ```xml
    <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/srv"/>
        <nvpair id="data-type" name="fstype" value="xfs"/>
      </instance_attributes>
      <operations>
        <op id="data-start" name="start" interval="0s" timeout="«10s»"/>
        <op id="data-stop" name="stop" interval="0s" timeout="60s"/>
      </operations>
    </primitive>
    ```

    A default for all that is too short for one:

    ```xml
    <op_defaults><meta_attributes id="op-defaults"><nvpair id="op-timeout" name="timeout" value="«30s»"/></meta_attributes></op_defaults>
    <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/srv"/>
        <nvpair id="data-type" name="fstype" value="xfs"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/srv"/>
        <nvpair id="data-type" name="fstype" value="xfs"/>
      </instance_attributes>
      <operations>
        <op id="data-start" name="start" interval="0s" timeout="60s"/>
        <op id="data-stop" name="stop" interval="0s" timeout="60s"/>
        <op id="data-monitor" name="monitor" interval="20s" timeout="40s"/>
      </operations>
    </primitive>
    ```

    References:
    - crmsh, crmsh/ra.py
    - Pacemaker Explained, section "Resource Operations"
    - crm_simulate 2.1.5, tried with failed stops
    """
    by_default: dict[Place, list[_Short]] = {}
    for short in _all_short(cib, agents):
        setting = short.setting
        if setting is None:
            continue
        if short.operation is None or setting.element is not short.operation.element:
            by_default.setdefault(setting.place, []).append(short)
            continue
        yield problem(
            setting.place,
            f"{short.action} of {short.primitive.id!r} may take {setting.text}; {short.facts.name} advises {short.advised}",
            label=f"less than {short.advised}",
            consequence=_consequence(cib, short),
            help=f"give it {short.advised} or more",
            key=short.action,
            affects=[short.primitive.id],
            fix=unsafe_fix(f"set the timeout to {short.advised}", SetValue(setting.place, short.advised)),
        )
    for place, found in by_default.items():
        most = _longest(found)
        yield problem(
            place,
            f"operations may take {most.text} by default; {most.facts.name} advises {most.advised} for {most.action}",
            label=f"less than {most.advised}",
            consequence=_consequence(cib, most),
            help=f"say more here, or give {most.action} of {most.primitive.id!r} a timeout of its own",
            key="timeout",
            affects=dict.fromkeys(one.primitive.id for one in found),
        )


@rule("AGT125", "default-timeout-below-advice", severity=INFO, tags=TAGS)
def default_timeout_below_advice(cib: Cib, agents: Agents) -> Findings:
    """Operations without a timeout have less time than the agent's author advises.

    Where neither an operation nor `op_defaults` says anything, Pacemaker gives 20 seconds. It gives them to start and stop as well where these
    are not configured at all. Agents know better what they need: a file system, a database or a virtual machine may take longer.

    It is one finding for all resources.

    Bad:

    ```xml
    <«primitive» id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/srv"/>
        <nvpair id="data-type" name="fstype" value="xfs"/>
      </instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <op_defaults><meta_attributes id="op-defaults"><nvpair id="op-timeout" name="timeout" value="60s"/></meta_attributes></op_defaults>
    <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/srv"/>
        <nvpair id="data-type" name="fstype" value="xfs"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, section "Resource Operations"
    """
    found = [short for short in _all_short(cib, agents) if short.setting is None]
    if found:
        most = _longest(found)
        yield problem(
            Place(cib.document, most.primitive.element, "@"),
            f"operations without a timeout may take 20s; {most.facts.name} advises {most.advised} for {most.action} of {most.primitive.id!r}",
            label="has the longest",
            consequence=_consequence(cib, most),
            help="give such operations a timeout, or set a default in op_defaults",
            key="timeout",
            affects=dict.fromkeys(one.primitive.id for one in found),
        )


def _all_short(cib: Cib, agents: Agents) -> Iterator[_Short]:
    """All actions that have less time than advised."""
    for primitive, facts, doubtful in _doubtful(agents):
        yield from _short(cib, primitive, facts, doubtful)


@lru_cache(1)  # two rules ask
def _doubtful(agents: Agents) -> Sequence[tuple[Primitive, AgentFacts, list[Operation]]]:
    """The primitives that have, or may have, an action with less time than advised, with those of their operations that may be short."""
    found = []
    # There are few different operations of few agents: what is enough by itself is judged once, for all that say the same.
    enough: dict[tuple[AgentFacts, str, str | None], bool] = {}
    for primitive, facts in agents.primitives:
        # How long a connection may take is a matter of remote nodes.
        if facts.is_fence_agent or primitive.is_connection:
            continue
        doubtful = []
        names = set()
        for op in primitive.operations:
            names.add(op.name)
            key = (facts, op.name, op.element.get("timeout"))
            if (is_enough := enough.get(key)) is None:
                is_enough = enough[key] = _is_enough(*key)
            if not is_enough:
                doubtful.append(op)
        if doubtful or not names.issuperset(_ALWAYS):
            found.append((primitive, facts, doubtful))
    return found


def _is_enough(facts: AgentFacts, name: str, text: str | None) -> bool:
    """Whether a timeout, where one is written, is no shorter than any that the agent advises for an action."""
    times = [action.timeout for action in facts.advice.get(name, ()) if action.timeout is not None]
    return not times or (text is not None and not any(_is_less(text, advice) for advice in times))


def _short(cib: Cib, primitive: Primitive, facts: AgentFacts, doubtful: Sequence[Operation]) -> Iterator[_Short]:
    """The actions of a primitive that have less time than advised; ``doubtful`` are the operations that may be."""
    written = {op.name for op in primitive.operations}
    for op in doubtful:
        advice = _advice(facts, op.name, op)
        text = op.element.get("timeout")
        if advice is None or (text is not None and not _is_less(text, advice)):
            continue
        is_probe = op.name == "monitor" and op.interval == 0
        timeout = op.option("timeout")
        if not is_probe and op.is_enabled and not timeout.is_conditional and _is_less(timeout.text, advice):
            yield _Short(primitive, facts, op.name, op, timeout.certain, advice)
    for name in _ALWAYS:
        if name in written:
            continue
        advice = _advice(facts, name)
        timeout = cib.op_defaults.get("timeout")
        if advice is not None and cib.knows("op_defaults") and not timeout.is_conditional and _is_less(timeout.text, advice):
            yield _Short(primitive, facts, name, None, timeout.certain, advice)


@lru_cache(1024)
def _milliseconds(text: str) -> int | None:
    """A time that is met again and again."""
    return v.timeout(text).value


def _is_less(text: str | None, advised: str) -> bool:
    """Whether a timeout is shorter than another; without a meaning it is another rule's matter."""
    wanted = _milliseconds(advised)
    given = _DEFAULT if text is None else _milliseconds(text)
    return wanted is not None and given is not None and 0 < given < wanted


def _advice(facts: AgentFacts, name: str, op: Operation | None = None) -> str | None:
    """The timeout that the agent advises for an action, if any."""
    fitting: Sequence[Action] = facts.advice.get(name, ())
    if op is not None and len(fitting) > 1:
        is_promoted = v.fold(op.element.get("role", "")) in ("promoted", "master")
        fitting = [one for one in fitting if (one.role == "Promoted") == is_promoted] or fitting
        depth = op.element.get("OCF_CHECK_LEVEL") or op.parameters.get("OCF_CHECK_LEVEL").text or "0"
        fitting = [one for one in fitting if (one.depth or "0") == depth] or fitting
    if len(fitting) == 1:
        return fitting[0].timeout
    times = [action.timeout for action in fitting if action.timeout is not None]
    return min(times, key=lambda text: _milliseconds(text) or 0, default=None)


def _longest(found: Sequence[_Short]) -> _Short:
    return max(found, key=lambda one: _milliseconds(one.advised) or 0)


def _consequence(cib: Cib, short: _Short) -> str:
    if short.action == "stop":
        reaction = (short.operation.option if short.operation else cib.op_defaults.get)("on-fail").text
        usual = "block" if cib.fencing_is_enabled is False else "fence"
        if (follows := _AFTER_STOP.get(v.fold(reaction or usual))) is not None:
            return f"a stop that takes longer is killed and has failed, and {follows}"
    return "an operation that takes longer is killed, and counts as failed"


_AFTER_STOP = {"fence": "the node is fenced", "block": "the resource is not started elsewhere"}
