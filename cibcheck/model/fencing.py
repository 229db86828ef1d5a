"""Fence devices, topology, and which nodes they surely do not reach.

How the fencer decides (its source, the same in 2.1.5 and 3.0.2): ``pcmk_host_check`` if set; else a static list if
``pcmk_host_list`` or ``pcmk_host_map`` is set; else the device is asked. ``none`` fences every node. A topology level reaches a node
only if each of its devices does, and where a level names the node no device outside of its levels is used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.documents.source import Place
from cibcheck.model import values
from cibcheck.model.placement import compile_pattern
from cibcheck.model.values import fold
from cibcheck.records import cached_property

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from lxml.etree import _Element

    from cibcheck.model.attributes import Setting
    from cibcheck.model.cib import Cib
    from cibcheck.model.resources import Primitive


class FenceDevice:
    """A primitive of class stonith, as the fencer sees it."""

    def __init__(self, resource: Primitive) -> None:
        self.resource = resource
        self.id = resource.id

    @cached_property
    def lists(self) -> Sequence[Setting]:
        """The settings of ``pcmk_host_list`` and ``pcmk_host_map`` that may count."""
        parameters = self.resource.parameters
        return [*parameters.get("pcmk_host_list").candidates, *parameters.get("pcmk_host_map").candidates]

    @cached_property
    def targets(self) -> frozenset[str] | None:
        """The nodes, folded, that a static device can fence; None where it takes any node, or is asked while running."""
        parameters = self.resource.parameters
        check, hosts, mapped = (parameters.get(name) for name in ("pcmk_host_check", "pcmk_host_list", "pcmk_host_map"))
        if check.is_conditional or hosts.is_conditional or mapped.is_conditional:
            return None
        if check.text is not None and fold(check.text) != "static-list":
            return None
        if check.text is None and hosts.text is None and mapped.text is None:
            return None
        return frozenset(map(fold, (*values.node_list(hosts.text or ""), *values.host_map(mapped.text or ""))))

    def surely_spares(self, node: str) -> bool:
        """Whether it surely cannot fence a node."""
        return self.targets is not None and fold(node) not in self.targets


class FencingLevel:
    """A level of the fencing topology."""

    def __init__(self, cib: Cib, element: _Element) -> None:
        self.cib = cib
        self.element = element
        self.target: str | None = element.get("target")
        self.pattern: str | None = element.get("target-pattern")
        self.attribute: str | None = element.get("target-attribute")
        self.index = values.leading_integer(element.get("index", ""))
        self.devices = [name for name in element.get("devices", "").split(",") if name]

    @property
    def place(self) -> Place:
        """The element."""
        return Place(self.cib.document, self.element)

    @property
    def devices_place(self) -> Place:
        """The value of ``devices``."""
        return Place(self.cib.document, self.element, "devices")

    @property
    def subject(self) -> tuple[str, str] | None:
        """What it is for, to be compared: a node, a pattern, or an attribute with its value."""
        if self.target is not None:
            return ("node", fold(self.target))
        if self.pattern is not None:
            return ("pattern", self.pattern)
        return None if self.attribute is None else (f"attribute {self.attribute}", self.element.get("target-value", ""))

    @property
    def target_place(self) -> Place:
        """The value of ``target``; the element where it has none."""
        return Place(self.cib.document, self.element, "target" if self.target is not None else None)


class Fencing:
    """All that can fence."""

    def __init__(self, cib: Cib) -> None:
        self._cib = cib

    @cached_property
    def written(self) -> Sequence[FenceDevice]:
        """Every fence device, disabled or not."""
        return [FenceDevice(one) for one in self._cib.primitives if one.is_fence_device]

    @cached_property
    def devices(self) -> Sequence[FenceDevice]:
        """The fence devices that are not disabled."""
        return [device for device in self.written if device.resource.is_disabled is None]

    @cached_property
    def by_id(self) -> Mapping[str, FenceDevice]:
        """The fence devices that are not disabled, by id."""
        return {device.id: device for device in self.devices}

    @cached_property
    def levels(self) -> Sequence[FencingLevel]:
        """The levels of the topology."""
        section = self._cib.section("fencing-topology")
        return [] if section is None else [FencingLevel(self._cib, one) for one in section.iterchildren("fencing-level")]

    @cached_property
    def in_levels(self) -> frozenset[str]:
        """The names of the devices that the topology asks."""
        return frozenset(name for level in self.levels for name in level.devices)

    @cached_property
    def _levels_by_target(self) -> dict[str, list[FencingLevel]]:
        found: dict[str, list[FencingLevel]] = {}
        for level in self.levels:
            if level.target is not None:
                found.setdefault(fold(level.target), []).append(level)
        return found

    def matches(self, pattern: str, nodes: Collection[str]) -> bool | None:
        """Whether a ``target-pattern`` takes in one of some nodes; None where it cannot be told. It is not anchored, and has no ``!``.

        Raises:
            Unknown: as `Cib.spend` does.
        """
        if pattern.startswith("!"):
            return None
        self._cib.spend(len(nodes))
        matches = compile_pattern(pattern).matches
        outcomes = {matches(node) for node in nodes}
        return True if True in outcomes else None if None in outcomes else False

    @cached_property
    def _static(self) -> frozenset[str] | None:
        """All nodes that devices can fence; None if one of them takes any node."""
        reached: set[str] = set()
        for device in self.devices:
            if device.targets is None:
                return None
            reached |= device.targets
        return frozenset(reached)

    @cached_property
    def strangers(self) -> frozenset[str]:
        """The names, folded, that devices list though no node is called so."""
        cib = self._cib
        listed = {name for device in self.devices for name in device.targets or ()}
        return frozenset(name for name in listed if name not in cib.cluster_nodes and not cib.names_remote_kind(name))

    @cached_property
    def uses_watchdog(self) -> bool:
        """Whether nodes may fence themselves by watchdog, which needs no device."""
        for setting in self._cib.option("fencing-watchdog-timeout", "stonith-watchdog-timeout").candidates:
            if not re.fullmatch(r"\s*0+\s*[a-z]*", setting.text):
                return True
        return False

    def _may_fence_itself(self, node: str) -> bool:
        """Whether a node may fence itself by watchdog: each may, unless the device that stands for it has a fixed list."""
        device = self.by_id.get("watchdog")
        is_listed_out = device is not None and device.resource.agent.type == "fence_watchdog" and device.surely_spares(node)
        return self.uses_watchdog and not is_listed_out

    def surely_uncovered(self, node: str) -> bool:
        """Whether nothing can fence a node, beyond doubt. False where there is no device at all. Levels add nothing to what their devices
        can do; those that name the node also keep it from others."""
        if not self.devices or self._may_fence_itself(node):
            return False
        if levels := self._levels_by_target.get(fold(node)):
            return all(any(self.spares(name, node) for name in level.devices) for level in levels)
        return self._static is not None and fold(node) not in self._static

    def spares(self, device: str, node: str) -> bool:
        """Whether an enabled device of that id surely cannot fence a node."""
        found = self.by_id.get(device)
        return found is not None and found.surely_spares(node)
