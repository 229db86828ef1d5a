"""Where resources may run, as far as the configuration decides it: certain scores, and what a rule leaves open.

Its cost is linear in resources plus constraints, times the nodes that they keep a resource off; how many pairs of resource and node,
and of resource and pattern, are looked at has a bound.

A negative total keeps a resource off a node (tried with crm_simulate 2.1.5); what colocation adds is left open, so that only -INFINITY
is a ban that nothing lifts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.model import values
from cibcheck.model.ledger import Gap
from cibcheck.model.values import INFINITY, add_scores, fold
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.model.cib import Cib
    from cibcheck.model.constraints import Location
    from cibcheck.model.resources import Resource


class Candidate(NamedTuple):
    """A node as a location rule sees it. ``kind`` is what ``#kind`` gives: cluster, remote or container.

    With ``has_attributes`` the attributes that the configuration gives it count as those that it will have. Otherwise they are open: a
    transient attribute of the same name takes their place.
    """

    name: str
    kind: str
    has_attributes: bool = False


class Effect(NamedTuple):
    """What a constraint adds to the score of a node, or may add: that is for the running cluster to tell."""

    score: int
    is_certain: bool


class Verdict(NamedTuple):
    """What the configuration says of one resource on one node.

    ``score`` sums what surely applies; ``lowest`` counts what may lower it as well, and ``is_certain`` is False where anything may add to
    it; ``is_named`` tells whether any constraint surely names the node, which is what an opt-in cluster asks for.
    """

    score: int
    lowest: int
    is_certain: bool
    is_named: bool
    locations: Sequence[Location]


def holds(cib: Cib, rule: _Element, node: Candidate) -> bool | None:
    """Whether a rule is true on a node; None where the configuration alone cannot tell (dates, node attributes)."""
    if (reference := rule.get("id-ref")) is not None:
        target = cib.element(reference)
        if target is None or target.tag != "rule" or target.get("id-ref") is not None:
            return None
        rule = target
    is_or = fold(rule.get("boolean-op", "and")) == "or"
    outcomes = [_condition(cib, child, node) for child in rule.iterchildren("*")]
    if not outcomes:
        return None
    if is_or in outcomes:
        return is_or
    return None if None in outcomes else not is_or


def _condition(cib: Cib, element: _Element, node: Candidate) -> bool | None:
    if element.tag == "rule":
        # An inner rule that is written elsewhere is left open: such references may lead round in a ring.
        return None if element.get("id-ref") is not None else holds(cib, element, node)
    if element.tag != "expression":
        return None
    actual = _attribute(cib, element.get("attribute", ""), node)
    if actual is None:
        return None
    operation = fold(element.get("operation", ""))
    if operation in ("defined", "not_defined"):
        return operation == "defined"
    if operation not in ("eq", "ne") or element.get("value-source", "literal") != "literal":
        return None
    if fold(element.get("type", "string")) != "string":
        return None
    return (fold(actual) == fold(element.get("value", ""))) == (operation == "eq")


def _attribute(cib: Cib, name: str, node: Candidate) -> str | None:
    """The value of a node attribute, as far as it is known."""
    if name in _BUILT_IN:
        return node.name if name == "#uname" else node.kind
    attributes = cib.attributes_by_node.get(fold(node.name)) if node.has_attributes else None
    return None if attributes is None else attributes.get(name).text


_BUILT_IN = frozenset(("#uname", "#kind"))


class Pattern(NamedTuple):
    """A ``rsc-pattern``, where it is simple enough to be matched safely and means the same in POSIX and Python."""

    expression: re.Pattern[str] | None
    is_inverted: bool

    def matches(self, name: str) -> bool | None:
        """Whether it takes in a resource; None where it cannot be told."""
        if self.expression is None or len(name) > _LONGEST_NAME:
            return None
        return (self.expression.search(name) is not None) != self.is_inverted


# Few repetitions and few choices, so that matching stays fast whatever the file holds.
_ATOM = r"[A-Za-z0-9_ -]|\.[*+]?|\\\.|\[\^?(?:[A-Za-z0-9_](?:-[A-Za-z0-9_])?)++-?\][*+]?|[A-Za-z0-9_][*+?]"
_BRANCH = rf"\^?(?:{_ATOM}|\((?:{_ATOM}|\|)*\)\??)*\$?"
_SIMPLE_PATTERN = rf"{_BRANCH}(?:\|{_BRANCH})*"
_MOST_REPETITIONS = 3
_MOST_GROUPS, _MOST_CHOICES = 2, 20
_LONGEST_NAME = 1024
# Each resource is matched with each pattern.
_MOST_PATTERNS = 200
# So many pairs of pattern and name, and of resource and node, are looked at, all in all.
_MOST_TRIES = 200_000
_MOST_PAIRS = 100_000

_ANY_EFFECT = Effect(-INFINITY, is_certain=False)
"""That of a score that cannot be told."""


def compile_pattern(text: str) -> Pattern:
    """A pattern as Pacemaker takes it: POSIX extended, not anchored; a leading ``!`` inverts it."""
    is_inverted = text.startswith("!")
    body = text[1:] if is_inverted else text
    repetitions = sum(body.count(sign) for sign in "*+?")
    # Where there are choices, each repetition would be tried with each of them.
    is_long = repetitions > (1 if "|" in body else _MOST_REPETITIONS) or len(body) > _LONGEST_NAME
    is_wide = body.count("(") > _MOST_GROUPS or body.count("|") > _MOST_CHOICES
    if is_long or is_wide or not re.fullmatch(_SIMPLE_PATTERN, body) or values.pattern_error(text) is not None:
        return Pattern(None, is_inverted)
    try:
        return Pattern(re.compile(body), is_inverted)
    except re.error:  # how letters of different kinds are sorted is for the system to say
        return Pattern(None, is_inverted)


class Placement:
    """The location constraints of a CIB, by resource and by node."""

    def __init__(self, cib: Cib) -> None:
        self._cib = cib
        self._matches: dict[tuple[str, ...], list[tuple[Location, bool | None]]] = {}
        self._bound: dict[Candidate, dict[str, tuple[Resource, Location]]] = {}
        self._locations: dict[Resource, Sequence[tuple[Location, bool | None]]] = {}
        self._by_name: dict[Resource, Mapping[str | None, Sequence[tuple[Location, bool | None]]]] = {}
        self._held_off: dict[Candidate, frozenset[str] | None] = {}
        self._effects_on: dict[tuple[Location, Candidate, bool], Sequence[Effect]] = {}
        self._shut_out: dict[tuple[Resource, tuple[Candidate, ...]], bool | None] = {}
        self._naming: dict[tuple[Location, bool], bool] = {}
        self._pairs = 0

    @cached_property
    def _by_resource(self) -> dict[str, list[Location]]:
        found: dict[str, list[Location]] = {}
        for location in self._cib.locations:
            for reference in location.references:
                if not reference.resources:
                    break  # Pacemaker gives up here: what comes before is bound, what follows is not.
                for resource in reference.resources:
                    found.setdefault(resource.id, []).append(location)
        return found

    @cached_property
    def _patterns(self) -> list[tuple[Location, Pattern]]:
        return [
            (location, compile_pattern(location.pattern))
            for location in self._cib.locations
            if location.pattern is not None and values.pattern_error(location.pattern) is None  # else Pacemaker ignores it
        ]

    @cached_property
    def _by_node(self) -> dict[str, list[Location]]:
        found: dict[str, list[Location]] = {}
        for location in self._cib.locations:
            for name in {fold(name) for name in _named_nodes(location)}:
                found.setdefault(name, []).append(location)
        return found

    def locations_naming(self, node: str) -> Sequence[Location]:
        """The constraints that name a node, plainly or in a rule on ``#uname``."""
        return self._by_node.get(fold(node), ())

    def own_locations(self, resource: Resource) -> Sequence[Location]:
        """The constraints that name a resource itself, not what holds it."""
        return self._by_resource.get(resource.id, ())

    def locations_of(self, resource: Resource) -> Sequence[tuple[Location, bool | None]]:
        """The constraints on a resource or on what holds it; False never, None where a pattern cannot be told."""
        if (found := self._locations.get(resource)) is None:
            bound = self._by_resource
            named = [(location, True) for one in (resource, *resource.ancestors) for location in bound.get(one.id, ())]
            self._locations[resource] = found = [*named, *self._by_pattern(resource)]
        return found

    def _locations_for(self, resource: Resource, node: Candidate) -> Iterator[tuple[Location, bool | None]]:
        """Those of them that are about a node: plain ones that name it, and all with rules."""
        if (by_name := self._by_name.get(resource)) is None:
            found: dict[str | None, list[tuple[Location, bool | None]]] = {}
            for one in self.locations_of(resource):
                found.setdefault(None if one[0].node is None else fold(one[0].node), []).append(one)
            self._by_name[resource] = by_name = found
        yield from by_name.get(fold(node.name), ())
        yield from by_name.get(None, ())

    def _by_pattern(self, resource: Resource) -> Sequence[tuple[Location, bool | None]]:
        """The constraints whose pattern takes in a resource, or cannot be told. A pattern is matched against the resources at top
        level, and against connections to guests, which draw the machine along."""
        if not self._patterns:
            return ()
        guest = self._cib.guests_by_resource.get(resource.id)
        names = (resource.top.id, *((guest.name,) if guest is not None else ()))
        if names not in self._matches:
            self._matches[names] = found = []
            for location, pattern in self._patterns:
                outcomes = [pattern.matches(name) for name in names]
                if True in outcomes or None in outcomes:
                    found.append((location, True if True in outcomes else None))
        return self._matches[names]

    def pattern_outcomes(self) -> Iterator[tuple[Location, set[bool | None]]]:
        """For each constraint with a pattern, what comes of matching it against the resources at top level: True alone as soon as one
        matches, and None for each that cannot be told."""
        tops = self._cib.top_resources
        tries = 0
        for location, pattern in self._patterns:
            outcomes: set[bool | None] = set()
            for resource in tops:
                tries += 1
                outcomes.add(pattern.matches(resource.id) if tries < _MOST_TRIES else None)
                if True in outcomes or None in outcomes:
                    break
            if None in outcomes and True not in outcomes:
                self._cib.ledger.note(
                    Gap(f"the pattern of location constraint {location.id!r} is too complex, or one of too many")
                )
            yield location, outcomes

    def verdict(self, resource: Resource, node: Candidate) -> Verdict:
        """What the constraints on a resource (and on its group, clone or bundle) say of a node."""
        total, lowest, is_certain, involved = 0, 0, True, []
        is_replicated = _is_replicated(resource)
        for location, applies in self._locations_for(resource, node):
            for effect in self._effects(location, node, is_replicated=is_replicated):
                if applies and effect.is_certain:
                    total = add_scores(total, effect.score)
                    lowest = add_scores(lowest, effect.score)
                    involved.append(location)
                else:
                    lowest = add_scores(lowest, min(effect.score, 0))
                    is_certain = False
        return Verdict(total, lowest, is_certain, bool(involved), involved)

    def _effects(self, location: Location, node: Candidate, *, is_replicated: bool) -> Sequence[Effect]:
        """What a constraint adds for a node, as far as it is about placing its resources. It is the same for all the resources that it is
        about, but for those in clones and bundles."""
        key = (location, node, is_replicated)
        if (found := self._effects_on.get(key)) is None:
            self._effects_on[key] = found = list(self._find_effects(location, node, is_replicated=is_replicated))
        return found

    def _find_effects(self, location: Location, node: Candidate, *, is_replicated: bool) -> Iterator[Effect]:
        applies = _governs(location.role, ("", "started", "slave", "unpromoted"), is_replicated=is_replicated)
        if location.node is not None:
            if fold(location.node) == fold(node.name) and applies is not False:
                is_certain = applies is True and not location.has_lifetime
                yield _ANY_EFFECT if location.score is None else Effect(location.score, is_certain)
            return
        for rule in location.rules if applies is not False else ():
            # In a rule "Started" does not mean what it means in the constraint, and nobody needs it.
            governs = _governs(rule.get("role", ""), ("", "slave", "unpromoted"), ("started",), is_replicated=is_replicated)
            outcome = holds(self._cib, rule, node)
            if outcome is False or governs is False:
                continue
            score = self._score(rule, node)
            is_certain = outcome is governs is applies is True and not location.has_lifetime
            yield _ANY_EFFECT if score is None else Effect(score, is_certain)

    def _score(self, rule: _Element, node: Candidate) -> int | None:
        """The score of a rule on a node; None where an attribute that is not known has it, or it has no meaning."""
        if (name := rule.get("score-attribute")) is None:
            return values.score(rule.get("score", "0")).value
        text = _attribute(self._cib, name, node)
        return None if text is None else values.score(text).value

    def may_run(self, resource: Resource, node: Candidate) -> bool | None:
        """Whether a resource may run on a node: False and True are certain, None depends on a rule."""
        verdict = self.verdict(resource, node)
        if verdict.score == -INFINITY or self._is_left_out(resource, node):
            return False
        if verdict.score < 0:
            return False if verdict.is_certain and not self.is_colocated(resource) else None
        opt_in = self._cib.is_opt_in
        if verdict.lowest < 0 or opt_in is None:
            return None
        if verdict.is_named or not opt_in:
            return True
        return False if verdict.is_certain else None

    def is_shut_out(self, resource: Resource, nodes: Sequence[Candidate]) -> bool:
        """Whether the configuration surely keeps a resource off all of some nodes; noted as not evaluated where a rule or a pattern
        decides that."""
        # The first node decides for most resources; all of them for each constraint would be too many.
        if not nodes or (len(self._patterns) <= _MOST_PATTERNS and self._is_free(resource, nodes[0])):
            return False
        key = (resource, tuple(nodes))
        if key not in self._shut_out:
            self._shut_out[key] = self._have_no_node([resource], nodes)
        return self._noted(self._shut_out[key], resource)

    def are_apart(self, group: Resource, nodes: Sequence[Candidate]) -> bool:
        """Whether the configuration surely keeps some member of a group off each of some nodes; noted as `is_shut_out` does."""
        return bool(nodes) and self._noted(self._have_no_node(group.primitives, nodes), group)

    def _noted(self, answer: bool | None, subject: Resource) -> bool:
        if answer is None:
            self._cib.ledger.note(Gap("a rule or pattern decides whether any node may run it", resource=subject.id))
        return answer is True

    def _have_no_node(self, resources: Sequence[Resource], nodes: Sequence[Candidate]) -> bool | None:
        """Whether each of some nodes keeps off one of some resources that must run together; None where that is open."""
        in_doubt: list[Candidate] = []
        for node in nodes:
            self._pairs += len(resources)
            if self._pairs > _MOST_PAIRS or len(self._patterns) > _MOST_PATTERNS:
                return None
            answers = [self.may_run(resource, node) for resource in resources]
            if False not in answers:
                if None not in answers:
                    return False
                in_doubt.append(node)
        if not in_doubt:
            return True
        informed = (node._replace(has_attributes=True) for node in in_doubt)
        return False if any(all(self._is_let(resource, node) for resource in resources) for node in informed) else None

    def _is_let(self, resource: Resource, node: Candidate) -> bool:
        """Whether a resource may run on a node that keeps its attributes, but for what it is colocated with."""
        answer = self.may_run(resource, node)
        if answer is None:
            return self._cib.is_opt_in is not None and self.verdict(resource, node).is_certain
        return answer

    def _is_free(self, resource: Resource, node: Candidate) -> bool:
        """Whether no constraint that could keep a resource off a node is about it, told without adding up its scores."""
        if node not in self._held_off:
            self._held_off[node] = self._find_held_off(node)
        held_off = self._held_off[node]
        if held_off is None or resource.id in held_off:
            return False
        return resource.parent is None or self._is_free(resource.parent, node)

    def _find_held_off(self, node: Candidate) -> frozenset[str] | None:
        """The ids of what constraints may keep off a node; None where that may be anything."""
        if self._cib.is_opt_in is not False:
            return None
        # What else may be said of a role within a clone is at most open.
        banning = [
            location
            for location in self._cib.locations
            if location.discovery == "exclusive"
            or any(effect.score < 0 for effect in self._effects(location, node, is_replicated=True))
        ]
        if any(location.pattern is not None for location in banning):
            return None
        return frozenset(
            resource.id for location in banning for reference in location.references for resource in reference.resources
        )

    def bans(self, resource: Resource, nodes: Iterable[Candidate]) -> Sequence[Location]:
        """The constraints that keep a resource off some nodes, in the order of the nodes."""
        found: dict[str, Location] = {}
        for node in nodes:
            verdict = self.verdict(resource, node)
            if verdict.score < 0:
                found.update((location.id, location) for location in verdict.locations)
        return list(found.values())

    def is_colocated(self, resource: Resource) -> bool:
        """Whether a colocation may have a say in where a resource runs."""
        return any(one.id in self._colocated for one in (resource, *resource.ancestors))

    @cached_property
    def _colocated(self) -> frozenset[str]:
        named = {
            resource.id
            for colocation in self._cib.colocations
            for reference in colocation.references
            for resource in reference.resources
        }
        # What draws one member of a group to a node draws the others with it (tried with crm_simulate 2.1.5).
        drawn = {
            resource.parent.id
            for location in self._cib.locations
            if _may_draw(location)
            for reference in location.references
            for resource in reference.resources
            if resource.parent is not None and resource.parent.kind == "group"
        }
        return frozenset(named | drawn)

    def _is_left_out(self, resource: Resource, node: Candidate) -> bool:
        """Whether a constraint with ``resource-discovery=exclusive`` surely keeps a resource to other nodes; its score is no matter.

        For the member of a group it only says where to look (tried with crm_simulate 2.1.5)."""
        if "exclusive" not in self._discoveries:  # as in most configurations
            return False
        if resource.parent is not None and any(one.discovery == "exclusive" for one in self.own_locations(resource)):
            return False  # what counts then is open
        resource = resource.top
        exclusive = self._with_discovery(resource, "exclusive")
        is_replicated = _is_replicated(resource)
        if not exclusive or any(self._effects(location, node, is_replicated=is_replicated) for location in exclusive):
            return False
        return any(self._names_a_node(location, is_replicated=is_replicated) for location in exclusive)

    def _names_a_node(self, location: Location, *, is_replicated: bool) -> bool:
        """Whether a constraint surely applies to some node."""
        if (found := self._naming.get((location, is_replicated))) is None:
            nodes: Iterable[Candidate] = self._candidates.values()
            if location.node is not None:
                named = self._candidates.get(fold(location.node))
                nodes = () if named is None else (named,)
            else:
                self._pairs += len(self._candidates)
            found = self._pairs <= _MOST_PAIRS and any(
                effect.is_certain for node in nodes for effect in self._effects(location, node, is_replicated=is_replicated)
            )
            self._naming[location, is_replicated] = found
        return found

    @cached_property
    def _candidates(self) -> dict[str, Candidate]:
        """All nodes by folded name."""
        return {fold(node.name): node for node in (*self._cib.cluster_candidates, *self._cib.remote_candidates)}

    @cached_property
    def _discoveries(self) -> frozenset[str]:
        return frozenset(location.discovery for location in self._cib.locations)

    def _with_discovery(self, resource: Resource, discovery: str) -> Sequence[Location]:
        if discovery not in self._discoveries:
            return ()
        return [location for location, applies in self.locations_of(resource) if applies and location.discovery == discovery]

    def is_probed(self, resource: Resource, node: Candidate) -> bool:
        """Whether Pacemaker looks on a node whether the resource runs there: no resource-discovery forbids it."""
        is_replicated = _is_replicated(resource)
        if exclusive := self._with_discovery(resource, "exclusive"):
            return any(
                effect.is_certain
                for location in exclusive
                for effect in self._effects(location, node, is_replicated=is_replicated)
            )
        return not any(
            self._effects(location, node, is_replicated=is_replicated) for location in self._with_discovery(resource, "never")
        )

    def is_bound(self, resource: Resource, node: Candidate) -> bool:
        """Whether a resource surely prefers a node with INFINITY."""
        return self.verdict(resource, node).score == INFINITY

    def bound_to(self, node: Candidate) -> Mapping[str, tuple[Resource, Location]]:
        """The resources, by id, that a constraint naming the node surely binds to it with INFINITY, with that constraint."""
        if node not in self._bound:
            self._bound[node] = found = {}
            for location in self.locations_naming(node.name):
                for reference in location.references:
                    for resource in reference.resources:
                        if resource.id not in found and self.is_bound(resource, node):
                            found[resource.id] = (resource, location)
        return self._bound[node]


def _is_replicated(resource: Resource) -> bool:
    return resource.top.kind in ("clone", "bundle")


def _governs(role: str, all_roles: Sequence[str], open_roles: Sequence[str] = (), *, is_replicated: bool) -> bool | None:
    """Whether what is said for a role decides where a resource runs: what is said for the promoted instances of a clone or bundle says
    nothing of the others, and of other resources nothing at all (tried with crm_simulate 2.1.5)."""
    if fold(role) in all_roles:
        return True
    return None if fold(role) in open_roles or is_replicated else False


def _named_nodes(location: Location) -> Iterator[str]:
    if location.node is not None:
        yield location.node
    for rule in location.rules:
        for expression in rule.iter("expression"):
            if expression.get("attribute") == "#uname" and expression.get("value") is not None:
                yield expression.get("value", "")


def _may_draw(location: Location) -> bool:
    """Whether a constraint may give a node a positive score."""
    if location.node is not None:
        return location.score is None or location.score > 0
    return any((values.score(rule.get("score", "1")).value or 1) > 0 for rule in location.rules)
