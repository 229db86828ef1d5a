"""What the container of a bundle says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Bundle, Element, Place


def count_of(bundle: Bundle, name: str, default: int) -> int:
    """A number that the container element has; below 1 it counts as 1."""
    container = bundle.container
    number = v.leading_integer(container.get(name, "")) if container is not None else None
    return default if number is None else max(1, number)


def part_place(bundle: Bundle, element: Element | None, name: str) -> Place:
    """An attribute, or the element where it has none; the bundle's id without the element."""
    if element is None:
        return bundle.id_place
    return bundle.cib.document.place(element, name if name and name in element.attrib else "@")


def has_addresses(bundle: Bundle) -> bool:
    """Whether each replica has an address of its own."""
    return bundle.network is not None and bool(bundle.network.get("ip-range-start"))
