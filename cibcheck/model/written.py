"""Pairs as they are written, by place, name and value: what a rule about names and values walks instead of the document.

A large CIB has many pairs and few different ones; a rule judges each name and value once, and the elements only where something is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

Home: TypeAlias = "tuple[str, str]"
"""The tag of the set and of its owner, such as ``("meta_attributes", "clone")``; ``("@", "op")`` for the XML attributes of
operations."""

ByValue: TypeAlias = "dict[str, list[_Element]]"


class WrittenPairs(NamedTuple):
    """What stands in the configuration."""

    by_home: dict[Home, dict[str, ByValue]]
    """The pairs that count in their set, which are the first of their name; also the attributes of operations."""
    repeated: list[tuple[_Element, _Element]]
    """The pairs that stand behind another one of their name in their set, with that other one."""
    without_value: list[_Element]
    rivals: list[list[_Element]]
    """The sets of one kind that one owner has, where it has several."""
    sets: dict[tuple[_Element, str], list[_Element]]
    """All sets, by owner and tag."""
    by_name: dict[str, list[_Element]]
    """Every pair that has a name, in the order of the document."""


_SETS = ("cluster_property_set", "meta_attributes", "instance_attributes", "utilization")
_NOT_OPTIONS = frozenset(("id", "name", "description"))


def written_pairs(sections: Iterable[_Element]) -> WrittenPairs:
    """Read sections of a CIB, in one pass."""
    found = WrittenPairs({}, [], [], [], {}, {})
    by_home, repeated, without_value, rivals, sets_of, by_name = found
    operations = by_home.setdefault(("@", "op"), {})
    alike: dict[object, list[_Element]] = {}
    for section in sections:
        for element in section.iter("op", *_SETS):
            tag = element.tag
            if tag == "op":
                for attribute in element.items():
                    if attribute[0] not in _NOT_OPTIONS:
                        # Most operations say what others say: a look instead of making what is there already.
                        if (same := alike.get(attribute)) is None:
                            option, value = map(str, attribute)
                            same = alike[attribute] = operations.setdefault(option, {}).setdefault(value, [])
                        same.append(element)
                continue
            owner = element.getparent()
            if owner is None:
                continue
            tag = str(tag)
            sets = sets_of.setdefault((owner, tag), [])
            sets.append(element)
            if len(sets) == 2:
                rivals.append(sets)
            names = by_home.setdefault((tag, str(owner.tag)), {})
            seen: dict[str, _Element] = {}
            for pair in element.iterchildren("nvpair"):
                name, text = pair.get("name"), pair.get("value")
                if name is None:
                    continue
                if name in by_name:
                    by_name[name].append(pair)
                else:
                    by_name[name] = [pair]
                by_value = names.setdefault(name, {})
                if text is None:
                    if pair.get("id-ref") is None:
                        without_value.append(pair)
                elif name in seen:
                    repeated.append((pair, seen[name]))
                else:
                    seen[name] = pair
                    by_value.setdefault(text, []).append(pair)
    return found
