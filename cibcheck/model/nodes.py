"""Nodes of all four kinds: cluster nodes, remote nodes, guest nodes and bundle replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.documents.source import Place
from cibcheck.model.attributes import Resolved, Setting
from cibcheck.model.values import leading_integer
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cibcheck.model.cib import Cib
    from cibcheck.model.resources import Bundle, Primitive


class NodeEntry(NamedTuple):
    """A ``node`` element. ``type`` is as written; the empty string where it is absent, which means a cluster node."""

    element: _Element
    id: str
    name: str
    type: str
    place: Place
    """The ``node`` element."""
    id_place: Place
    name_place: Place

    @property
    def is_cluster_node(self) -> bool:
        """Whether it is a full member of the cluster; ``normal`` is the spelling before schema 3.0. Only the schema minds case."""
        return self.type.lower() in ("", "member", "normal")


class Endpoint(NamedTuple):
    """Where a cluster node dials: one setting of address or port, as the configuration gives it.

    ``text`` is None where the configuration is silent; ``place`` then is the name that counts instead. ``is_known`` is False
    where a rule decides.
    """

    text: str | None
    place: Place
    is_known: bool = True


class RemoteNode:
    """A node that a connection resource, ocf:pacemaker:remote at top level, makes. Its name is the resource's id."""

    kind = "remote node"

    def __init__(self, resource: Primitive) -> None:
        self.resource = resource
        self.name = resource.id
        self.name_place = resource.id_place

    @cached_property
    def address(self) -> Endpoint:
        """The ``server`` parameter (``addr`` is its old name); the node's name without it."""
        return _endpoint(self.resource.parameters.get("server", "addr"), self.name_place)

    @cached_property
    def port(self) -> Endpoint:
        """The ``port`` parameter."""
        return _endpoint(self.resource.parameters.get("port"), self.name_place)


def _endpoint(resolved: Resolved, otherwise: Place) -> Endpoint:
    setting = resolved.certain
    if setting is None:
        return Endpoint(None, otherwise, is_known=not resolved.is_conditional)
    return Endpoint(setting.text, setting.place)


class GuestNode:
    """A node that the meta-attribute ``remote-node`` of a virtual machine (or other resource) makes.

    Pacemaker reads ``remote-node`` and the options beside it literally: only pairs in meta_attributes written in the primitive,
    the last in the document counts, rules and scores do not (tried with crm_simulate 2.1.5 and 3.0.2).
    """

    kind = "guest node"

    def __init__(self, vm: Primitive, options: dict[str, Setting]) -> None:
        self.resource = vm
        self.options = options
        self.name_setting = options["remote-node"]
        self.name = self.name_setting.text
        self.name_place = self.name_setting.place

    @property
    def address(self) -> Endpoint:
        """``remote-addr``; the node's name without it."""
        return self._endpoint("remote-addr")

    @property
    def port(self) -> Endpoint:
        """``remote-port``."""
        return self._endpoint("remote-port")

    def _endpoint(self, name: str) -> Endpoint:
        setting = self.options.get(name)
        return Endpoint(setting.text, setting.place) if setting else Endpoint(None, self.name_place)


def configured_port(node: RemoteNode | GuestNode) -> int | None:
    """The port that the CIB names, read as Pacemaker does (C's ``atoi``); None where it is silent or names 0."""
    text = node.port.text
    return (leading_integer(text) or None) if text is not None else None


class Replica(NamedTuple):
    """A replica of a bundle that has a primitive: a node and a connection named ``<bundle>-<number>``."""

    name: str
    bundle: Bundle
    number: int


def literal_options(cib: Cib, primitive: _Element) -> tuple[dict[str, Setting], list[Setting]]:
    """The pairs in meta_attributes written in a primitive: by name, the last of each; and all that set ``remote-node``."""
    last: dict[str, Setting] = {}
    names: list[Setting] = []
    for element in primitive.iterchildren("meta_attributes"):
        condition = "rule" if element.find("rule") is not None else None
        for pair in element.iterchildren("nvpair"):
            name, text = pair.get("name"), pair.get("value")
            if name is None or text is None:
                continue
            place = Place(cib.document, pair, "value")
            setting = Setting(name, text, place, Place(cib.document, pair, "name"), condition)  # type: ignore[arg-type]
            last[name] = setting
            if name == "remote-node":
                names.append(setting)
    return last, names
