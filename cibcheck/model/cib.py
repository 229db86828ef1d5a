"""The CIB as a cluster understands it. Everything is worked out when first asked for, once, in time linear in the document."""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from cibcheck.documents.source import Place
from cibcheck.model import values
from cibcheck.model.attributes import AttributeReader, Attributes, Resolved, WrittenPair
from cibcheck.model.company import Company
from cibcheck.model.conditions import RuleUse, rules_of
from cibcheck.model.constraints import Colocation, Location, Order, Reference, Tag, Ticket
from cibcheck.model.fencing import Fencing
from cibcheck.model.ledger import Gap, Ledger, Unknown
from cibcheck.model.nodes import GuestNode, NodeEntry, RemoteNode, Replica, literal_options
from cibcheck.model.ordering import Ordering
from cibcheck.model.parameters import written_parameters
from cibcheck.model.placement import Candidate, Placement
from cibcheck.model.resources import Bundle, Group, Primitive, Resource, Template, make_resource
from cibcheck.model.values import fold
from cibcheck.model.written import written_pairs
from cibcheck.records import cached_property
from cibcheck.spelling import Lookalikes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.documents.cib import CibDocument
    from cibcheck.model.attributes import Setting
    from cibcheck.model.constraints import Constraint
    from cibcheck.model.parameters import Parameter
    from cibcheck.model.resources import Agent, Operation
    from cibcheck.model.written import WrittenPairs

ALL_TARGETS = frozenset(("2.1", "3.0"))
"""The Pacemaker release lines that a configuration may be meant for."""

_MOST_STEPS = 200_000
"""For how much tags, templates and references may stand, all in all."""

# What a CIB must have; the other sections it may leave out, and then they are known to be empty.
_REQUIRED = frozenset(("crm_config", "nodes", "resources", "constraints"))


class Cib:
    """One CIB, or the part of one that the file holds.

    A section that the file does not hold is unknown: asking for what is in it raises `Unknown`, which ends the rule that asked and is
    reported as "not evaluated". ``targets`` are the Pacemaker release lines ("2.1", "3.0") that the findings must be true for.
    """

    def __init__(self, document: CibDocument, targets: frozenset[str] = ALL_TARGETS, ledger: Ledger | None = None) -> None:
        self.document = document
        self.targets = targets
        self.ledger = ledger or Ledger()
        self.attributes = AttributeReader(self)
        self.placement = Placement(self)
        self.ordering = Ordering(self)
        self.company = Company(self)
        self.fencing = Fencing(self)
        self._spent = 0

    # The document.

    @cached_property
    def _sections(self) -> dict[str, _Element]:
        root = self.document.root
        if not self.is_whole:
            return {str(root.tag): root}
        configuration = root.find("configuration") if root.tag == "cib" else root
        if configuration is None:
            return {}
        sections: dict[str, _Element] = {}
        for section in configuration.iterchildren("*"):
            sections.setdefault(str(section.tag), section)
        return sections

    @property
    def is_whole(self) -> bool:
        """Whether the file holds a configuration, not just one section of it."""
        return self.document.root.tag in ("cib", "configuration")

    def knows(self, name: str) -> bool:
        """Whether the file tells what is in a section (which may be nothing)."""
        return name in self._sections or (self.is_whole and name not in _REQUIRED)

    def section(self, name: str) -> _Element | None:
        """A section; None where it is known to be empty.

        Raises:
            Unknown: the file does not hold that section.
        """
        if not self.knows(name):
            raise Unknown(self.gap(name))
        return self._sections.get(name)

    def gap(self, section: str) -> Gap:
        """Why a section is unknown."""
        if self.is_whole:
            return Gap(f"the configuration has no <{section}>", section=section)
        return Gap(f"the file holds only <{self.document.root.tag!s}>, not <{section}>", section=section)

    def _children(self, section: str, *tags: str) -> Iterator[_Element]:
        element = self.section(section)
        if element is not None:
            yield from element.iterchildren(*tags)

    @property
    def sections(self) -> Iterable[_Element]:
        """The sections that the file holds."""
        return self._sections.values()

    @cached_property
    def references_by_id(self) -> Sequence[_Element]:
        """Every element that stands for another by ``id-ref``."""
        if not self.document.source.mentions("id-ref"):
            return []
        elements = chain.from_iterable(section.iter("*") for section in self._sections.values())
        return [one for one in elements if one.get("id-ref") is not None and one.get("id") is None]

    @cached_property
    def elements_by_id(self) -> Mapping[str, _Element]:
        """Every element that carries an XML id, of several with one id the first."""
        found: dict[str, _Element] = {}
        for section in self._sections.values():
            has_plain_ids = next(section.iter(*_PLAIN_IDS), None) is not None
            for element in section.iter("*"):
                name = element.get("id")
                if name is not None and (not has_plain_ids or element.tag not in _PLAIN_IDS):
                    found.setdefault(name, element)
        return found

    def element(self, name: str) -> _Element | None:
        """The element that carries an XML id, in whatever section."""
        return self.elements_by_id.get(name)

    def is_named(self, element: _Element) -> bool:
        """Whether anything in the file may name an element by its id."""
        return element.get("id") in self._names_used

    @cached_property
    def _names_used(self) -> frozenset[str]:
        return frozenset(
            value
            for element in self.document.root.iter("*")
            for attribute, value in element.attrib.items()
            if attribute != "id" or element.tag in _PLAIN_IDS
        )

    @cached_property
    def written(self) -> WrittenPairs:
        """The pairs of all sections that the file holds, by place, name and value."""
        return written_pairs(self._sections.values())

    @cached_property
    def names_written(self) -> frozenset[str]:
        """Every name of a pair, and of an attribute that an operation may have in its place."""
        return frozenset((*chain.from_iterable(self.written.by_home.values()), *_OPERATION_ATTRIBUTES))

    def pairs_named(self, name: str) -> Iterator[WrittenPair]:
        """Every ``nvpair`` of a name in the resources and their defaults, wherever it stands; whether it counts is another
        question.

        Raises:
            Unknown: the file does not hold the resources.
        """
        self.section("resources")
        for element in self.written.by_name.get(name, ()):
            holder = element.getparent()
            owner = None if holder is None else holder.getparent()
            if holder is not None and owner is not None and owner.tag not in _NOT_OF_RESOURCES:
                yield WrittenPair(element, holder, owner)

    # Options.

    @property
    def follows_id_ref(self) -> bool:
        """Whether all targets follow an id-ref of a set inside a resource; 3.0.2 drops it."""
        return "3.0" not in self.targets

    @cached_property
    def options(self) -> Attributes:
        """The cluster options."""
        section = self.section("crm_config")
        return Attributes(
            self.attributes, lambda: [] if section is None else self.attributes.source("cluster_property_set", section)
        )

    def option(self, *names: str) -> Resolved:
        """A cluster option; several names are its spellings, the newest first."""
        return self.options.get(*names)

    def switch(self, default: bool, *names: str) -> bool | None:
        """A boolean cluster option: its certain value, ``default`` where absent or invalid, None where a rule decides."""
        option = self.option(*names)
        if option.is_conditional:
            return None
        value = option.parse(values.boolean)
        return default if value is None else value

    @cached_property
    def is_opt_in(self) -> bool | None:
        """Whether resources run only where a constraint allows it (symmetric-cluster is false)."""
        symmetric = self.switch(True, "symmetric-cluster")
        return None if symmetric is None else not symmetric

    @property
    def fencing_is_enabled(self) -> bool | None:
        """Whether the cluster fences; ``fencing-enabled`` since 3.0.2, ``stonith-enabled`` before."""
        return self.switch(True, "fencing-enabled", "stonith-enabled")

    # Resources.

    @cached_property
    def top_resources(self) -> Sequence[Resource]:
        """The resources at the top level, in the order of the document."""
        made = (make_resource(self, element, None) for element in self._children("resources", "*"))
        return [resource for resource in made if resource is not None]

    @cached_property
    def all_resources(self) -> Sequence[Resource]:
        """Every resource at any depth, in the order of the document."""
        found: list[Resource] = []
        pending = list(reversed(self.top_resources))
        while pending:
            resource = pending.pop()
            found.append(resource)
            pending.extend(reversed(getattr(resource, "children", ())))
        return found

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Every resource by its id; of several with one id the first."""
        found: dict[str, Resource] = {}
        for resource in self.all_resources:
            found.setdefault(resource.id, resource)
        return found

    @cached_property
    def primitives(self) -> Sequence[Primitive]:
        """Every primitive at any depth, in the order of the document."""
        return [resource for resource in self.all_resources if isinstance(resource, Primitive)]

    @cached_property
    def bundles(self) -> Sequence[Bundle]:
        """Every bundle."""
        return [resource for resource in self.top_resources if isinstance(resource, Bundle)]

    @cached_property
    def templates(self) -> Mapping[str, Template]:
        """Every template by its id."""
        return {element.get("id", ""): Template(self, element) for element in self._children("resources", "template")}

    @cached_property
    def named_agents(self) -> Mapping[Agent, Sequence[Primitive | Template]]:
        """The agents that primitives and templates name themselves, with those that do; there are few different ones."""
        found: dict[Agent, list[Primitive | Template]] = {}
        for primitive in self.primitives:
            found.setdefault(primitive.own_agent, []).append(primitive)
        for template in self.templates.values():
            found.setdefault(template.agent, []).append(template)
        return found

    @cached_property
    def primitives_with_twin_operations(self) -> Sequence[Primitive]:
        """The primitives that have several operations of one name."""
        found = []
        for primitive in self.primitives:
            operations = primitive.operations
            if len(operations) > 1 and len({op.name for op in operations}) < len(operations):
                found.append(primitive)
        return found

    @cached_property
    def primitives_by_template(self) -> Mapping[str, Sequence[Primitive]]:
        """The primitives made from a template, by the template's id."""
        found: dict[str, list[Primitive]] = {}
        for primitive in self.primitives:
            if (name := primitive.element.get("template")) is not None:
                found.setdefault(name, []).append(primitive)
        return found

    def operations_with(self, option: str) -> Sequence[tuple[Primitive, Operation, Setting]]:
        """Every operation that an option surely is set for, with the primitive and the setting; one of a template once for each
        primitive."""
        if option not in self._operations_with:
            primitives = self.primitives
            # Few files have any, and a look at what is written tells.
            if not any(option in names for names in self.written.by_home.values()):
                primitives = ()
            is_default = any(option in pairs for pairs in self.attributes.defaults("op_defaults"))
            self._operations_with[option] = [
                (primitive, op, setting)
                for primitive in primitives
                for op in primitive.operations
                if (is_default or option in op.element.attrib or len(op.element))
                and (setting := op.option(option).certain) is not None
            ]
        self.attributes.note_if_unknown("op_defaults")
        return self._operations_with[option]

    @cached_property
    def _operations_with(self) -> dict[str, list[tuple[Primitive, Operation, Setting]]]:
        return {}

    @cached_property
    def parameters(self) -> Sequence[Parameter]:
        """Every pair among the instance attributes of primitives, by origin."""
        return list(written_parameters(self))

    @cached_property
    def op_defaults(self) -> Attributes:
        """What operations have where nothing else is said."""
        return Attributes(self.attributes, defaults="op_defaults")

    @cached_property
    def connections(self) -> Sequence[Primitive]:
        """Every connection resource, whether it makes a node or stands where it cannot."""
        return [primitive for primitive in self.primitives if primitive.is_connection]

    # Nodes.

    @cached_property
    def nodes(self) -> Sequence[NodeEntry]:
        """Every ``node`` element."""
        return [
            NodeEntry(
                element,
                element.get("id", ""),
                element.get("uname", ""),
                element.get("type", ""),
                Place(self.document, element),
                Place(self.document, element, "id"),
                Place(self.document, element, "uname"),
            )
            for element in self._children("nodes", "node")
        ]

    @cached_property
    def cluster_nodes(self) -> Mapping[str, NodeEntry]:
        """The cluster nodes by folded name."""
        return {fold(node.name): node for node in self.nodes if node.is_cluster_node}

    @cached_property
    def node_attributes(self) -> frozenset[tuple[str, str]]:
        """The name and value of every attribute that a node has in the configuration."""
        return frozenset(
            (pair.get("name", ""), pair.get("value", ""))
            for node in self.nodes
            for held in node.element.iterchildren("instance_attributes")
            for pair in held.iterchildren("nvpair")
        )

    @cached_property
    def cluster_candidates(self) -> Sequence[Candidate]:
        """The cluster nodes, as location rules see them.

        Raises:
            Unknown: the file names no cluster node (a cluster fills them in when it starts).
        """
        if not self.cluster_nodes:
            raise Unknown(Gap("the configuration names no cluster node", section="nodes"))
        return [Candidate(node.name, "cluster") for node in self.cluster_nodes.values()]

    @cached_property
    def remote_candidates(self) -> Sequence[Candidate]:
        """The remote and the guest nodes, as location rules see them."""
        kinds = {"remote node": "remote", "guest node": "container"}
        return [Candidate(node.name, kinds[node.kind]) for node in self.connected_nodes]

    @cached_property
    def nodes_by_id(self) -> Mapping[str, NodeEntry]:
        """The cluster nodes by folded node id."""
        return {fold(node.id): node for node in self.nodes if node.is_cluster_node}

    @cached_property
    def remote_nodes(self) -> Sequence[RemoteNode]:
        """The remote nodes that really come to be: only connection resources at top level, class and all in the element itself,
        make one."""
        return [
            RemoteNode(resource)
            for resource in self.top_resources
            if isinstance(resource, Primitive) and resource.own_agent.is_remote_connection
        ]

    @cached_property
    def written_guests(self) -> Sequence[tuple[Primitive, Setting]]:
        """The primitives in which ``remote-node`` counts, with the pair that counts, be it empty: those at top level or directly in a
        plain group that are no connection resource themselves."""
        return [(primitive, options["remote-node"]) for primitive, options in self._written_guests]

    def remote_nodes_written_in(self, primitive: Primitive) -> Sequence[Setting]:
        """The pairs named ``remote-node`` in the meta-attributes written in a primitive, whether they count or not."""
        options = self._literal_options.get(primitive.element)
        return options[1] if options else ()

    @cached_property
    def _literal_options(self) -> Mapping[_Element, tuple[dict[str, Setting], list[Setting]]]:
        """What the primitives that hold a ``remote-node`` say literally."""
        owners = dict.fromkeys(pair.owner for pair in self.pairs_named("remote-node") if pair.owner.tag == "primitive")
        return {owner: literal_options(self, owner) for owner in owners}

    @cached_property
    def _written_guests(self) -> Sequence[tuple[Primitive, dict[str, Setting]]]:
        found = []
        for element, (options, _) in self._literal_options.items():
            resource = self.resources.get(element.get("id", ""))
            if (
                "remote-node" in options
                and isinstance(resource, Primitive)
                and resource.element is element
                and not resource.own_agent.is_remote_connection
                and (resource.parent is None or (isinstance(resource.parent, Group) and resource.parent.parent is None))
            ):
                found.append((resource, options))
        return found

    @cached_property
    def guest_nodes(self) -> Sequence[GuestNode]:
        """The guest nodes that really come to be."""
        return [GuestNode(primitive, options) for primitive, options in self._written_guests if options["remote-node"].text]

    @cached_property
    def connected_nodes(self) -> Sequence[RemoteNode | GuestNode]:
        """The remote and the guest nodes."""
        return [*self.remote_nodes, *self.guest_nodes]

    @cached_property
    def guests_by_name(self) -> Mapping[str, Sequence[GuestNode]]:
        """The guest nodes by folded name, all that claim it."""
        found: dict[str, list[GuestNode]] = {}
        for guest in self.guest_nodes:
            found.setdefault(fold(guest.name), []).append(guest)
        return found

    @cached_property
    def guests_by_resource(self) -> Mapping[str, GuestNode]:
        """The guest nodes by the id of the resource that makes them."""
        return {guest.resource.id: guest for guest in self.guest_nodes}

    @cached_property
    def remotes_by_name(self) -> Mapping[str, RemoteNode]:
        """The remote nodes by folded name."""
        return {fold(remote.name): remote for remote in self.remote_nodes}

    @cached_property
    def _replicated(self) -> dict[str, Bundle]:
        return {fold(bundle.id): bundle for bundle in self.bundles if bundle.has_nodes}

    def replica(self, name: str) -> Replica | None:
        """The bundle replica of a node name, where a bundle has one of that name."""
        stem, _, number = fold(name).rpartition("-")
        bundle = self._replicated.get(stem)
        if bundle is None or not (number.isdecimal() and number.isascii()) or len(number) > 9 or number != str(int(number)):
            return None
        return Replica(f"{bundle.id}-{number}", bundle, int(number)) if int(number) < bundle.replicas else None

    def bundle_with_resource(self, name: str) -> Bundle | None:
        """The bundle for whose replicas Pacemaker makes a container (``<bundle>-podman-0``) or address (``<bundle>-ip-192.0.2.1``)
        resource of that id."""
        if not any(kind in name for kind in ("-podman-", "-docker-", "-rkt-", "-ip-")):  # as of nearly all
            return None
        match = re.fullmatch(_BUNDLE_RESOURCE, name)
        bundle = self.resources.get(match["bundle"]) if match else None
        if match is None or not isinstance(bundle, Bundle) or bundle.container is None:
            return None
        if match["kind"] == "ip":
            index = values.address_distance(
                bundle.network.get("ip-range-start", "") if bundle.network is not None else "", match["tail"]
            )
            return bundle if index is not None and 0 <= index < bundle.replicas else None
        if match["kind"] != bundle.container.tag or not match["tail"].isdecimal():
            return None
        return bundle if int(match["tail"][:9]) < bundle.replicas else None

    def names_remote_kind(self, name: str) -> bool:
        """Whether a name is that of a remote node, a guest node or a bundle replica."""
        return fold(name) in self.remotes_by_name or fold(name) in self.guests_by_name or self.replica(name) is not None

    @cached_property
    def node_names(self) -> Mapping[str, str]:
        """The names of all nodes but bundle replicas, by folded name."""
        names = [*(node.name for node in self.nodes), *(node.name for node in self.connected_nodes)]
        return {fold(name): name for name in names if name}

    def is_node(self, name: str) -> bool:
        """Whether a node of any kind has a name, in whatever case.

        Raises:
            Unknown: the file names no cluster node, so that any name may be one.
        """
        if fold(name) in self.node_names or self.replica(name) is not None:
            return True
        if not self.cluster_nodes:
            raise Unknown(Gap("the configuration names no cluster node", section="nodes"))
        return False

    def node_meant_by(self, name: str) -> str | None:
        """The node that was probably meant by a name that no node has: the one with that id, else one whose name is near."""
        node = self.nodes_by_id.get(fold(name))
        return node.name if node is not None else self._node_lookalikes.of(name)

    @cached_property
    def _node_lookalikes(self) -> Lookalikes:
        return Lookalikes(self.node_names.values())

    @cached_property
    def attributes_by_node(self) -> Mapping[str, Attributes]:
        """The attributes that the configuration gives the nodes, by folded name; a node that has none is not among them."""
        return {
            fold(node.name): Attributes(self.attributes, partial(self.attributes.source, "instance_attributes", node.element))
            for node in self.nodes
            if len(node.element)
        }

    @cached_property
    def standby_nodes(self) -> Mapping[str, Setting]:
        """The nodes that are surely in standby by what the configuration says of them, by folded name, with the attribute."""
        found: dict[str, Setting] = {}
        for name, attributes in self.attributes_by_node.items():
            standby = attributes.get("standby")
            if standby.certain is not None and standby.parse(values.boolean):
                found[name] = standby.certain
        return found

    @cached_property
    def node_attribute_names(self) -> frozenset[str]:
        """The names of attributes that some node has in the configuration."""
        return frozenset(pair.get("name", "") for node in self.nodes for pair in node.element.iter("nvpair"))

    def means_a_node(self, name: str) -> bool:
        """Whether a name is that of any node, or of one that was meant to be and is not, because what makes it stands where it cannot."""
        return fold(name) in self.cluster_nodes or fold(name) in self._meant_nodes or self.names_remote_kind(name)

    @cached_property
    def _meant_nodes(self) -> frozenset[str]:
        names = [connection.id for connection in self.connections]
        return frozenset(map(fold, (*names, *(pair.text for pair in self.pairs_named("remote-node")))))

    # Rules, constraints and tags.

    def rules_in(self, owner: _Element) -> Sequence[RuleUse]:
        """The rules that decide about a constraint or an attribute set."""
        return self._rules_by_owner.get(owner, ())

    @cached_property
    def _rules_by_owner(self) -> Mapping[_Element, Sequence[RuleUse]]:
        found: dict[_Element, list[RuleUse]] = {}
        for use in self.rules:
            found.setdefault(use.owner, []).append(use)
        return found

    @cached_property
    def rules(self) -> Sequence[RuleUse]:
        """Every rule that is not inside another, wherever it stands."""
        return list(rules_of(self))

    def conditions(self, kind: str) -> Sequence[tuple[RuleUse, _Element]]:
        """Every condition of a kind, such as ``date_expression``, with the rule that it is in."""
        return self._conditions.get(kind, ())

    @cached_property
    def _conditions(self) -> Mapping[str, Sequence[tuple[RuleUse, _Element]]]:
        found: dict[str, list[tuple[RuleUse, _Element]]] = {}
        for use in self.rules:
            for condition in use.conditions:
                found.setdefault(str(condition.tag), []).append((use, condition))
        return found

    @property
    def tags(self) -> Mapping[str, Tag]:
        """Every tag by its id; none where the file does not hold the tags (which is noted)."""
        self.attributes.note_if_unknown("tags")
        return self._tags

    @cached_property
    def _tags(self) -> Mapping[str, Tag]:
        if not self.knows("tags"):
            return {}
        return {element.get("id", ""): Tag(self, element) for element in self._children("tags", "tag")}

    def refer(self, element: _Element, attribute: str, *, nested: bool = False) -> Reference:
        """What an attribute of a constraint stands for. A resource wins over a tag or template of the same id; what a tag lists is
        followed further (``nested``) only where a resource set names the tag.

        Raises:
            Unknown: as `spend` does.
        """
        name = element.get(attribute, "")
        place = Place(self.document, element, attribute)
        if (resource := self.resources.get(name)) is not None:
            return Reference(place, name, (resource,))
        if (template := self.templates.get(name)) is not None:
            self.spend(len(template.users))
            return Reference(place, name, template.users, template)
        if (tag := self.tags.get(name)) is not None:
            self.spend(len(tag.members))
            return Reference(place, name, list(self._nested(tag)) if nested else tag.resources, tag)
        return Reference(place, name, ())

    def spend(self, steps: int) -> None:
        """Count what stands for many and is written once: tags times constraints, templates times resources, or patterns times nodes may be
        far more than the file.

        Raises:
            Unknown: it is too much by now.
        """
        self._spent += steps
        if self._spent > _MOST_STEPS:
            raise Unknown(Gap(f"tags, templates, references, groups and patterns bring more than {_MOST_STEPS} things to others"))

    def _nested(self, tag: Tag) -> Iterator[Resource]:
        seen = {tag.id}
        pending = list(reversed(tag.members))
        while pending:
            name = pending.pop()
            if (resource := self.resources.get(name)) is not None:
                yield resource
            elif (template := self.templates.get(name)) is not None:
                yield from template.users
            elif name not in seen and (inner := self.tags.get(name)) is not None:
                seen.add(name)
                self.spend(len(inner.members))
                pending.extend(reversed(inner.members))

    @cached_property
    def locations(self) -> Sequence[Location]:
        """The location constraints."""
        return [Location(self, element) for element in self._children("constraints", "rsc_location")]

    @cached_property
    def colocations(self) -> Sequence[Colocation]:
        """The colocation constraints."""
        return [Colocation(self, element) for element in self._children("constraints", "rsc_colocation")]

    @cached_property
    def orders(self) -> Sequence[Order]:
        """The order constraints."""
        return [Order(self, element) for element in self._children("constraints", "rsc_order")]

    @cached_property
    def tickets(self) -> Sequence[Ticket]:
        """The ticket constraints."""
        return [Ticket(self, element) for element in self._children("constraints", "rsc_ticket")]

    @cached_property
    def references_by_name(self) -> Mapping[str, Sequence[Reference]]:
        """Where constraints name an id, by the id."""
        found: dict[str, list[Reference]] = {}
        for constraint in self.constraints:
            for reference in constraint.references:
                found.setdefault(reference.id, []).append(reference)
        return found

    def references_to(self, name: str) -> Sequence[Reference]:
        """Where constraints name an id."""
        return self.references_by_name.get(name, ())

    @cached_property
    def _orders_by_resource(self) -> Mapping[str, Sequence[int]]:
        return _by_resource(self.orders)

    @cached_property
    def _colocations_by_resource(self) -> Mapping[str, Sequence[int]]:
        return _by_resource(self.colocations)

    def orders_on(self, resources: Iterable[Resource]) -> Sequence[Order]:
        """The order constraints that name one of some resources, in the order of the document."""
        orders, wanted = self.orders, list(resources)
        return _chosen(orders, self._orders_by_resource, wanted) if orders and wanted else ()

    def colocations_on(self, resources: Iterable[Resource]) -> Sequence[Colocation]:
        """The colocation constraints that name one of some resources, in the order of the document."""
        colocations, wanted = self.colocations, list(resources)
        return _chosen(colocations, self._colocations_by_resource, wanted) if colocations and wanted else ()

    @cached_property
    def constraints(self) -> Sequence[Constraint]:
        """The constraints of all four kinds."""
        return [*self.locations, *self.colocations, *self.orders, *self.tickets]


def _by_resource(constraints: Sequence[Constraint]) -> Mapping[str, Sequence[int]]:
    """The numbers of the constraints that name a resource, by its id."""
    found: dict[str, list[int]] = {}
    for number, constraint in enumerate(constraints):
        for reference in constraint.references:
            for resource in reference.resources:
                found.setdefault(resource.id, []).append(number)
    return found


_C = TypeVar("_C", bound="Constraint")


def _chosen(constraints: Sequence[_C], index: Mapping[str, Sequence[int]], resources: Iterable[Resource]) -> Sequence[_C]:
    return [constraints[number] for number in sorted({number for one in resources for number in index.get(one.id, ())})]


# What Pacemaker calls the containers and addresses that it makes for a bundle.
_BUNDLE_RESOURCE = r"(?P<bundle>.+)-(?P<kind>podman|docker|rkt|ip)-(?P<tail>[0-9A-Fa-f.:]+)"

# What an operation has as XML attributes, where other owners have pairs.
_OPERATION_ATTRIBUTES = (
    "timeout",
    "interval",
    "role",
    "on-fail",
    "enabled",
    "start-delay",
    "interval-origin",
    "record-pending",
    "requires",
)

# What has sets of pairs and is neither in the resources nor in their defaults.
_NOT_OF_RESOURCES = frozenset(("crm_config", "op_defaults", "node", "alert", "recipient"))

# Ids that are plain text in the grammar: not unique, and found by no reference.
_PLAIN_IDS = frozenset(("node", "acl_target", "obj_ref", "resource_ref", "role", "role_ref"))
