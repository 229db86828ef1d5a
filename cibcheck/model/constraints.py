"""Constraints, with resource sets, tags and templates resolved to the resources that they mean.

The order of levels in sets was tried with crm_simulate 2.1.5; ``tests/simulation/test_model.py`` shows it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from cibcheck.documents.source import Place
from cibcheck.model import values
from cibcheck.model.values import fold
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from cibcheck.model.cib import Cib
    from cibcheck.model.resources import Resource, Template


class Tag:
    """A tag: a name for the resources that its ``obj_ref`` elements list. Tags nest only where a resource set names them."""

    def __init__(self, cib: Cib, element: _Element) -> None:
        self.cib = cib
        self.element = element
        self.id: str = element.get("id", "")

    @property
    def id_place(self) -> Place:
        """The value of the id."""
        return Place(self.cib.document, self.element, "id")

    @property
    def place(self) -> Place:
        """The element."""
        return Place(self.cib.document, self.element)

    @cached_property
    def members(self) -> Sequence[str]:
        """The ids that it lists, each once: Pacemaker takes no notice of the second time."""
        return list(dict.fromkeys(member.get("id", "") for member in self.element.iterchildren("obj_ref")))

    @cached_property
    def resources(self) -> Sequence[Resource]:
        """The resources among its members."""
        return [resource for name in self.members if (resource := self.cib.resources.get(name)) is not None]


class Reference(NamedTuple):
    """A name in a constraint and the resources that it stands for: one, those of a tag, or all made from a template."""

    place: Place
    id: str
    resources: Sequence[Resource]
    via: Tag | Template | None = None


class Level(NamedTuple):
    """Resources on one step of a constraint; levels follow each other, the resources within one are free of each other."""

    references: Sequence[Reference]
    detail: str
    """The action of an order, the role of a colocation; the empty string is the default."""
    score: int | None = None
    is_any: bool = False
    """Of an order, whether one of them is enough (``require-all=false``)."""

    @property
    def resources(self) -> Sequence[tuple[Resource, Reference]]:
        """Each resource, with the reference that brings it in."""
        return [(resource, reference) for reference in self.references for resource in reference.resources]


NAMING = ("rsc", "with-rsc", "first", "then")
"""The attributes by which a plain constraint names its resources."""


class Constraint:
    """What all constraints share."""

    def __init__(self, cib: Cib, element: _Element) -> None:
        self.cib = cib
        self.element = element
        self.id: str = element.get("id", "")
        self.children: Sequence[_Element] = list(element.iterchildren("*")) if len(element) else ()
        """The elements in it, as they are written: sets, rules, a lifetime. Most rules look for them."""
        self.sets: Sequence[_Element] = self._followed_children("resource_set") if self.children else ()
        """Its resource sets, an id-ref followed."""

    @property
    def place(self) -> Place:
        """The element."""
        return Place(self.cib.document, self.element)

    @property
    def id_place(self) -> Place:
        """The value of the id."""
        return Place(self.cib.document, self.element, "id" if self.id else None)

    @property
    def has_lifetime(self) -> bool:
        """Whether rules in a ``lifetime`` limit when it counts; Pacemaker 2.1 reads them, 3.0 no more."""
        return bool(self.children) and "lifetime" in [child.tag for child in self.children]

    def _followed_children(self, tag: str) -> Sequence[_Element]:
        found = [self._followed(element) for element in self.children if element.tag == tag]
        return [element for element in found if element is not None]

    def _followed(self, element: _Element) -> _Element | None:
        if (reference := element.get("id-ref")) is None:
            return element
        target = self.cib.element(reference)
        return target if target is not None and target.tag == element.tag else None

    @cached_property
    def _set_references(self) -> Sequence[Sequence[Reference]]:
        """The names in each of its sets."""
        refer = self.cib.refer
        return [[refer(member, "id", nested=True) for member in one.iterchildren("resource_ref")] for one in self.sets]

    @property
    def _acting_sets(self) -> Sequence[tuple[_Element, Sequence[Reference]]]:
        """The sets that take effect, with the names in them: all, or none where one names a tag or template that stands for nothing;
        Pacemaker then ignores the constraint."""
        if any(one.via is not None and not one.resources for named in self._set_references for one in named):
            return ()
        return list(zip(self.sets, self._set_references, strict=True))

    @property
    def repeated(self) -> Iterator[tuple[Resource, Reference, Reference, int]]:
        """Each resource that its chain has twice with the same action or role: by which names, and how many levels apart."""
        seen: dict[tuple[str, str], tuple[int, Reference]] = {}
        for number, level in enumerate(self.chain):
            for resource, reference in level.resources:
                key = (resource.id, level.detail)
                if (before := seen.get(key)) is None:
                    seen[key] = (number, reference)
                elif before[1].place != reference.place:
                    yield resource, before[1], reference, number - before[0]

    @property
    def chain(self) -> Sequence[Level]:
        """The levels of it that follow each other; a location or ticket constraint has none."""
        return ()

    @cached_property
    def references(self) -> Sequence[Reference]:
        """Every name in it that stands for resources."""
        element = self.element
        written = element.keys()
        found = [self.cib.refer(element, name) for name in NAMING if name in written]
        if self.sets:
            found.extend(chain.from_iterable(self._set_references))
        return found

    def _named_by(self, *attributes: str) -> Sequence[Reference]:
        """The names in some of its attributes, in the order of `NAMING`."""
        return [reference for reference in self.references if reference.place.part in attributes]


def _levels(resource_set: _Element, references: Sequence[Reference]) -> list[Sequence[Reference]]:
    """What stands on each level of a set: one resource if it is sequential (the members of a tag stand one after the other), else
    all."""
    if values.boolean(resource_set.get("sequential", "true")).value is False:
        return [references]
    return [
        (one if len(one.resources) == 1 else one._replace(resources=(resource,)),)
        for one in references
        for resource in one.resources
    ]


class Location(Constraint):
    """A location constraint: plain, by pattern, or with rules."""

    @property
    def node(self) -> str | None:
        """The node that a plain one names."""
        return self.element.get("node")

    @property
    def node_place(self) -> Place:
        """The value of ``node``; the element where it has none."""
        return Place(self.cib.document, self.element, "node" if self.node is not None else None)

    @property
    def pattern(self) -> str | None:
        """The regular expression over resource ids."""
        return self.element.get("rsc-pattern")

    @cached_property
    def rules(self) -> Sequence[_Element]:
        """Its rules, an id-ref followed."""
        return self._followed_children("rule") if self.children else ()

    @property
    def score(self) -> int | None:
        """The score of a plain one, or that its sets have instead; None where it has no meaning, or its sets differ."""
        score, own = self.element.get("score", "0"), self.sets
        if own and len({(one.get("score"), one.get("role")) for one in own}) > 1:
            return None
        return values.score(own[0].get("score", score) if own else score).value

    @property
    def role(self) -> str:
        """The role that a plain one is for, or its sets; the empty string for all. Rules have roles of their own, and Pacemaker does not
        read another one beside them (tried with crm_simulate 2.1.5)."""
        if self.rules:
            return ""
        role: str = self.element.get("role", "")
        return self.sets[0].get("role", role) if self.sets else role

    @property
    def discovery(self) -> str:
        """``always``, ``never`` or ``exclusive``: whether the resources are probed on the node. Of a constraint with a node and no score
        nothing counts (tried with crm_simulate 2.1.5)."""
        if self.node is not None and not any("score" in one.attrib for one in (self.element, *self.sets)):
            return "always"
        return self.element.get("resource-discovery", "always")


class Colocation(Constraint):
    """A colocation constraint as a chain of levels: each runs with the level before it (or apart from it).

    Plain: ``with-rsc``, then ``rsc``. In a sequential set each member runs with the one before; of two sets the first runs with
    the second, so the last set starts the chain.
    """

    @cached_property
    def chain(self) -> Sequence[Level]:
        """From what all others depend on to the most dependent."""
        element = self.element
        if element.get("rsc") is not None and element.get("with-rsc") is not None:
            dependent, primary = self._named_by("rsc", "with-rsc")
            return (
                _in_role((primary,), element.get("with-rsc-role", ""), None),
                _in_role((dependent,), element.get("rsc-role", ""), self.score),
            )
        levels: list[Level] = []
        between = self.score
        for resource_set, references in reversed(self._acting_sets):
            inner, role = resource_set.get("score"), resource_set.get("role", "")
            within = between if inner is None else values.score(inner).value or 0
            for index, level in enumerate(_levels(resource_set, references)):
                levels.append(_in_role(level, role, within if index else between))
        return levels

    @property
    def scattered(self) -> Iterator[Sequence[Level]]:
        """The levels of each set whose members are kept apart by -INFINITY: each from all others, not only from its neighbours."""
        for resource_set, references in self._acting_sets:
            score = resource_set.get("score")
            if (self.score if score is None else values.score(score).value) == -values.INFINITY:
                yield [_in_role(one, resource_set.get("role", ""), None) for one in _levels(resource_set, references)]

    @property
    def is_on_one_node(self) -> bool:
        """Whether "together" means on one node, not just on nodes that have a node attribute in common."""
        return self.element.get("node-attribute", "#uname") in ("#uname", "#id")

    @property
    def score(self) -> int:
        """Its score. Without one it has no effect (tried with crm_simulate 2.1.5)."""
        return values.score(self.element.get("score", "0")).value or 0

    @property
    def pairs(self) -> Iterator[tuple[Level, Level]]:
        """Neighbouring levels: the one that others depend on, and the dependent one, whose score counts."""
        return zip(self.chain, self.chain[1:], strict=False)


def _in_role(references: Sequence[Reference], role: str, score: int | None) -> Level:
    """A level without the resources that never have its role: only what is cloned or in a bundle is promoted or unpromoted (tried with
    crm_simulate 2.1.5)."""
    if role and fold(role) != "started":
        references = [
            one._replace(resources=[resource for resource in one.resources if resource.top.kind in ("clone", "bundle")])
            for one in references
        ]
    return Level(references, role, score)


class Order(Constraint):
    """An order constraint as a chain of levels: each acts before the next."""

    @cached_property
    def chain(self) -> Sequence[Level]:
        """From the first to the last."""
        element = self.element
        if element.get("first") is not None and element.get("then") is not None:
            first, then = self._named_by("first", "then")
            action = element.get("first-action", "start")
            return (Level((first,), action), Level((then,), element.get("then-action", action)))
        return [
            Level(level, one.get("action", "start"), is_any=values.boolean(one.get("require-all", "true")).value is False)
            for one, references in self._acting_sets
            for level in _levels(one, references)
        ]

    @property
    def kind(self) -> str:
        """``Mandatory``, ``Optional`` or ``Serialize``; a score of 0 is the old spelling of the second."""
        if (kind := self.element.get("kind")) is not None:
            return kind
        is_optional = "score" in self.element.attrib and not values.score(self.element.get("score", "")).value
        return "Optional" if is_optional else "Mandatory"

    @property
    def is_symmetrical(self) -> bool:
        """Whether the reverse holds for the reverse actions."""
        return self.kind != "Serialize" and values.boolean(self.element.get("symmetrical", "true")).value is not False

    @property
    def pairs(self) -> Iterator[tuple[Level, Level]]:
        """Neighbouring levels: first and then."""
        return zip(self.chain, self.chain[1:], strict=False)


class Ticket(Constraint):
    """A ticket constraint."""

    @property
    def ticket(self) -> str:
        """The ticket's name."""
        return self.element.get("ticket", "")
