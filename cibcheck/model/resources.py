"""Resources of every kind, and their operations."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from cibcheck.documents.source import Place
from cibcheck.model import values
from cibcheck.model.attributes import Attributes, Resolved, Setting
from cibcheck.model.values import fold
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from cibcheck.model.attributes import Source
    from cibcheck.model.cib import Cib

Kind: TypeAlias = 'Literal["primitive", "group", "clone", "bundle"]'


class Agent(NamedTuple):
    """Class, provider and type of a resource agent, as written; a missing part is the empty string."""

    standard: str
    provider: str
    type: str

    def __str__(self) -> str:
        return ":".join(part for part in self if part)

    @property
    def is_remote_connection(self) -> bool:
        """Whether this is ocf:pacemaker:remote, which Pacemaker compares without case."""
        return self.type.lower() == "remote" and tuple(map(fold, self)) == ("ocf", "pacemaker", "remote")


def agent_of(element: _Element) -> Agent:
    """The agent that an element itself names."""
    return Agent(element.get("class", ""), element.get("provider", ""), element.get("type", ""))


class Resource:
    """What all kinds share. ``kind`` names the element in messages; a ``master`` is a promotable clone."""

    kind: Kind

    def __init__(self, cib: Cib, element: _Element, parent: Collective | None) -> None:
        self.cib = cib
        self.element = element
        self.parent = parent
        self.id: str = element.get("id", "")

    def __repr__(self) -> str:
        return f"<{self.kind} {self.id}>"

    @property
    def place(self) -> Place:
        """The element."""
        return Place(self.cib.document, self.element)

    @property
    def id_place(self) -> Place:
        """The value of the id."""
        return Place(self.cib.document, self.element, "id" if self.id else None)

    @property
    def ancestors(self) -> Iterator[Collective]:
        """The group, clone and bundle around it, from the inside out."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    @property
    def top(self) -> Resource:
        """The resource at the top level that holds it, or itself."""
        resource: Resource = self
        while resource.parent is not None:
            resource = resource.parent
        return resource

    @property
    def held_by(self) -> Collective | None:
        """The clone or bundle that holds it: constraints name that instead, since Pacemaker does not know the inner id (tried with
        crm_simulate 2.1.5)."""
        return None if self.parent is None else next((one for one in self.ancestors if one.kind in ("clone", "bundle")), None)

    @property
    def is_promotable(self) -> bool | None:
        """Whether it has promoted instances; None where a rule decides."""
        return False

    @property
    def primitives(self) -> Sequence[Primitive]:
        """The primitives in it, at any depth; of a primitive itself."""
        raise TypeError(self.kind)

    @property
    def is_connection(self) -> bool:
        """Whether it is a connection resource, ocf:pacemaker:remote, wherever it stands."""
        return False

    def _own(self) -> tuple[_Element, ...]:
        return (self.element,)

    @cached_property
    def meta(self) -> Attributes:
        """The meta-attributes, with what template, group, clone and rsc_defaults contribute."""
        reader = self.cib.attributes
        owners = [self._own(), *((outer.element,) for outer in self.ancestors)]
        return Attributes(
            reader,
            *(lambda owner=owner: reader.source("meta_attributes", *owner) for owner in owners),
            defaults="rsc_defaults",
        )

    @cached_property
    def parameters(self) -> Attributes:
        """The instance attributes; groups and clones hand theirs down."""
        reader = self.cib.attributes
        owners = [self._own(), *((outer.element,) for outer in self.ancestors)]
        return Attributes(reader, *(lambda owner=owner: reader.source("instance_attributes", *owner) for owner in owners))

    @property
    def is_disabled(self) -> Setting | None:
        """The setting that surely keeps it, or what holds it, stopped."""
        role = self.meta.get("target-role").certain
        return role if role and fold(role.text) == "stopped" else None

    @property
    def is_surely_unmanaged(self) -> bool:
        """Whether its own or inherited meta-attributes surely take it out of the cluster's hands."""
        return (
            self.meta.get("maintenance").parse(values.boolean) is True
            or self.meta.get("is-managed").parse(values.boolean) is False
        )


class Operation:
    """An operation as the cluster knows it after the template's were merged in."""

    __slots__ = ("_attributes", "_cib", "element", "interval", "name")

    def __init__(self, cib: Cib, element: _Element) -> None:
        self._cib = cib
        self._attributes: Attributes | None = None
        self.element = element
        self.name: str = element.get("name", "")
        self.interval: int = _milliseconds(element.get("interval", "0"))
        """In milliseconds; 0 where it is absent or has no meaning, as Pacemaker counts it."""

    @property
    def role(self) -> str:
        """The role that it is for, folded and by its new name; the empty string where it names none."""
        written = self.element.get("role")
        if written is None:
            return ""
        role = fold(written)
        return {"master": "promoted", "slave": "unpromoted"}.get(role, role)

    @property
    def key_role(self) -> str:
        """The role by which operations of a template are replaced: no role, Started and Unpromoted are one."""
        role = fold(self.element.get("role", ""))
        return {"": "started", "slave": "started", "unpromoted": "started"}.get(role, role)

    @property
    def is_enabled(self) -> bool:
        """Only the XML attribute counts where recurring operations are looked for."""
        return values.boolean(self.element.get("enabled", "true")).value is not False

    @property
    def parameters(self) -> Attributes:
        """Its own instance attributes, such as ``OCF_CHECK_LEVEL``."""
        return self.attributes.beside("instance_attributes", self.element)

    @property
    def attributes(self) -> Attributes:
        """Everything that is set on the operation: its XML attributes, its meta-attributes, op_defaults."""
        if self._attributes is None:
            reader = self._cib.attributes
            self._attributes = Attributes(
                reader, self._written, lambda: reader.source("meta_attributes", self.element), defaults="op_defaults"
            )
        return self._attributes

    def option(self, name: str) -> Resolved:
        """An option of the operation: the XML attribute, then its meta-attributes, then op_defaults."""
        return self.attributes.get(name)

    def _written(self) -> Source:
        found = {}
        for name, text in self.element.items():
            place = Place(self._cib.document, self.element, str(name))
            found[str(name)] = Setting(str(name), str(text), place, place, None)
        return [found]


@lru_cache(1024)
def _milliseconds(interval: str) -> int:
    """An interval in milliseconds; there are few different ones in a file."""
    return values.interval(interval).value or 0


class Primitive(Resource):
    """A primitive. ``agent`` is what runs, through the template too; `own_agent` what its element itself names."""

    kind = "primitive"

    @property
    def primitives(self) -> Sequence[Primitive]:
        return (self,)

    @cached_property
    def template(self) -> Template | None:
        """The template that it is made from, where that exists."""
        name = self.element.get("template")
        return self.cib.templates.get(name) if name is not None else None

    @property
    def template_id(self) -> str | None:
        """The name of the template that it asks for, whether that exists or not."""
        return self.element.get("template")

    @cached_property
    def own_agent(self) -> Agent:
        """The agent that the element names, without its template."""
        return agent_of(self.element)

    @cached_property
    def agent(self) -> Agent:
        """The agent that runs. Pacemaker takes it from the template, where there is one."""
        return self.template.agent if self.template else self.own_agent

    def _own(self) -> tuple[_Element, ...]:
        return (self.template.element, self.element) if self.template else (self.element,)

    @cached_property
    def utilization(self) -> Attributes:
        """What it uses of its node."""
        reader = self.cib.attributes
        return Attributes(reader, lambda: reader.source("utilization", *self._own()))

    @property
    def is_connection(self) -> bool:
        """Whether it is a connection resource, ocf:pacemaker:remote, wherever it stands."""
        return self.agent.is_remote_connection

    @cached_property
    def may_be_promoted(self) -> bool | None:
        """Whether its instances can be promoted, which the clone or bundle around it says; None where a rule decides."""
        outer = self.top
        return outer.is_promotable if isinstance(outer, Clone | Bundle) else False

    @property
    def is_fence_device(self) -> bool:
        """Whether it is a fence device (class stonith)."""
        return self.agent.standard == "stonith"

    @cached_property
    def operations(self) -> Sequence[Operation]:
        """Its operations, and those of the template that it does not replace: by name and role, not by interval.

        Raises:
            Unknown: as `Cib.spend` does.
        """
        own = self.own_operations
        if self.template is None:
            return own
        self.cib.spend(len(self.template.operations))
        replaced = {(op.name, op.key_role) for op in own}
        return [*own, *(op for op in self.template.operations if (op.name, op.key_role) not in replaced)]

    @cached_property
    def own_operations(self) -> Sequence[Operation]:
        """The operations written in it, without those of its template."""
        return _operations(self.cib, self.element)


def _operations(cib: Cib, owner: _Element) -> Sequence[Operation]:
    """The operations written in a primitive or template, an id-ref followed."""
    found: list[Operation] = []
    for operations in owner.iterchildren("operations"):
        source: _Element | None = operations
        if (reference := operations.get("id-ref")) is not None:
            source = cib.element(reference)
            cib.spend(0 if source is None else len(source))
        if source is not None:
            found += [Operation(cib, op) for op in source.iterchildren("op")]
    return found


class Template:
    """A resource template."""

    def __init__(self, cib: Cib, element: _Element) -> None:
        self.cib = cib
        self.element = element
        self.id: str = element.get("id", "")
        self.agent = agent_of(element)

    @property
    def place(self) -> Place:
        """The element."""
        return Place(self.cib.document, self.element)

    @property
    def id_place(self) -> Place:
        """The value of the id."""
        return Place(self.cib.document, self.element, "id")

    @property
    def users(self) -> Sequence[Primitive]:
        """The primitives made from it."""
        return self.cib.primitives_by_template.get(self.id, ())

    @cached_property
    def operations(self) -> Sequence[Operation]:
        """The operations written in it."""
        return _operations(self.cib, self.element)


class Collective(Resource):
    """A resource that holds others."""

    @cached_property
    def children(self) -> Sequence[Resource]:
        """What stands directly in it, in the order of the document."""
        made = (make_resource(self.cib, element, self) for element in self.element.iterchildren("*"))
        return [resource for resource in made if resource is not None]

    @cached_property
    def primitives(self) -> Sequence[Primitive]:
        return [primitive for child in self.children for primitive in child.primitives]


class Group(Collective):
    """A group: its members run on one node, started in order."""

    kind = "group"

    @property
    def is_ordered(self) -> bool:
        """Whether its members surely start one after the other: the deprecated option ``ordered`` does not say otherwise."""
        return self._is_not_off("ordered")

    @property
    def is_collocated(self) -> bool:
        """Whether its members surely run on one node: the deprecated option ``collocated`` does not say otherwise."""
        return self._is_not_off("collocated")

    def _is_not_off(self, name: str) -> bool:
        option = self.meta.get(name)
        return not option.is_conditional and option.parse(values.boolean) is not False


class Clone(Collective):
    """A clone, promotable or not; ``master`` is its spelling before schema 4.0."""

    kind = "clone"

    @property
    def is_promotable(self) -> bool | None:
        """Whether it has promoted instances; None where a rule decides."""
        option = self.meta.get("promotable")
        if self.element.tag == "master":
            return True
        return None if option.is_conditional else option.parse(values.boolean) is True


class Bundle(Collective):
    """A bundle: replicas of a container, each a node of its own if the bundle has a primitive."""

    kind = "bundle"

    @cached_property
    def container(self) -> _Element | None:
        """The ``podman``, ``docker`` or ``rkt`` element."""
        return next(self.element.iterchildren("podman", "docker", "rkt"), None)

    @cached_property
    def network(self) -> _Element | None:
        """The ``network`` element."""
        return self.element.find("network")

    @cached_property
    def replicas(self) -> int:
        """How many replicas there are: ``replicas``, else ``promoted-max``, else one."""
        if self.container is None:
            return 0
        for name in ("replicas", "promoted-max", "masters"):
            number = values.leading_integer(self.container.get(name, ""))
            if number is not None and number > 0:
                return number
        return 1

    @property
    def is_promotable(self) -> bool | None:
        """Whether it has promoted instances: ``promoted-max`` (``masters`` before) or the option ``promotable`` says so; None where
        a rule decides."""
        numbers = (self.container.get(name, "") for name in ("promoted-max", "masters")) if self.container is not None else ()
        if any((values.leading_integer(number) or 0) > 0 for number in numbers):
            return True
        option = self.meta.get("promotable")
        return None if option.is_conditional else option.parse(values.boolean) is True

    @cached_property
    def port_mappings(self) -> Sequence[_Element]:
        """The ports that it opens on the host, or on its addresses."""
        return [] if self.network is None else list(self.network.iterchildren("port-mapping"))

    @cached_property
    def storage_mappings(self) -> Sequence[_Element]:
        """The folders of the host that the containers see."""
        storage = self.element.find("storage")
        return [] if storage is None else list(storage.iterchildren("storage-mapping"))

    @property
    def has_nodes(self) -> bool:
        """Only with a primitive inside do its replicas become nodes."""
        return bool(self.children)


_KINDS: dict[str, type[Resource]] = {
    "primitive": Primitive,
    "group": Group,
    "clone": Clone,
    "master": Clone,
    "bundle": Bundle,
}


def make_resource(cib: Cib, element: _Element, parent: Collective | None) -> Resource | None:
    """The resource that an element defines; None for other elements."""
    kind = _KINDS.get(str(element.tag))
    return kind(cib, element, parent) if kind else None
