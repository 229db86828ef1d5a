"""The instance attributes of resources by origin: each pair once, with everybody who gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element

    from cibcheck.model.attributes import Setting
    from cibcheck.model.cib import Cib
    from cibcheck.model.resources import Primitive


class Parameter(NamedTuple):
    """A pair among the instance attributes, and the primitives for which it is one: several, where it stands in a template, in a group
    or in a set that others refer to. The pairs of one set share one list. The setting is conditional if it is so for any of them."""

    setting: Setting
    primitives: Sequence[Primitive]


def written_parameters(cib: Cib) -> Iterator[Parameter]:
    """Every pair among the instance attributes of primitives, and of what they get theirs from. Takes time linear in the document, however
    many get a set."""
    users: dict[_Element, list[Primitive]] = {}
    pairs: dict[_Element, dict[str, Setting]] = {}
    for owner, primitives in _owners(cib):
        for element, condition, found in cib.attributes.sets("instance_attributes", owner) if primitives else ():
            if element in users:
                users[element].extend(primitives)
            else:
                users[element] = list(primitives)
            if condition is not None or element not in pairs:
                pairs[element] = found
    for element, found in pairs.items():
        primitives = users[element]
        for setting in found.values():
            yield Parameter(setting, primitives)


def _owners(cib: Cib) -> Iterator[tuple[_Element, Sequence[Primitive]]]:
    """The templates and resources that have a set, each with the primitives that get it."""
    templates, resources, sets = cib.templates, cib.all_resources, cib.written.sets
    for template in templates.values():
        if (template.element, "instance_attributes") in sets:
            yield template.element, template.users
    for resource in resources:
        if (resource.element, "instance_attributes") in sets:
            yield resource.element, resource.primitives
