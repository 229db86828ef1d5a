"""Lists and maps of nodes among the parameters of a fence device: whether Pacemaker takes each entry as it is written.

What it finds in a text, `values.node_list` and `values.host_map` tell; here each entry is held against that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.model import values
from cibcheck.model.values import Parsed, fold

if TYPE_CHECKING:
    from collections.abc import Sequence


def host_list(text: str) -> Parsed[Sequence[str]]:
    """A ``pcmk_host_list``: the names that it lists."""
    names: list[str] = []
    is_cut = False
    for line in text.split("\n"):
        is_passed_over = "invalid" in line or "variable" in line
        for entry in filter(None, re.split(_LIST_SEPARATORS, line)):
            found = values.node_list(entry)
            if not found:
                return Parsed(text, None, f"has {entry!r} in it, which is no node name")
            if is_passed_over:
                return Parsed(text, None, 'has a line with "invalid" or "variable" in it, which is passed over')
            is_cut = is_cut or found[0] != entry
            names += found
    return Parsed(text, names, None, ",".join(names) if is_cut else None)


_LIST_SEPARATORS = r"[,;\s]+|\\n"


def port_map(text: str) -> Parsed[dict[str, str]]:
    """A ``pcmk_host_map``: node to port(s). What is escaped is not judged, since releases differ."""
    return Parsed(text, values.host_map(text)) if "\\" in text else _map(text, "a node and a port")


def delay_map(text: str) -> Parsed[dict[str, str]]:
    """A ``pcmk_delay_base``: one delay (its key is the empty string), or one for each of some nodes: ``node1:0s;node2:5s``."""
    if ":" not in text:
        one = values.fence_delay(text)
        return Parsed(text, {"": text} if one.value is not None else None, one.reason, one.read)
    parsed = _map(text, "a node and a delay")
    for delay in (parsed.value or {}).values():
        one = values.fence_delay(delay)
        if one.reason is not None:
            return Parsed(text, None, f"has the delay {delay!r} in it, which {one.reason}")
        if one.read is not None:
            return Parsed(text, parsed.value, None, text.replace(delay, one.read))
    return parsed


def _map(text: str, what: str) -> Parsed[dict[str, str]]:
    if values.parted_map(text) != text:
        wrong = "line break before a node" if "\n" in text else "comma between two nodes"
        return Parsed(text, None, f"has a {wrong}, where a semicolon belongs")
    last: dict[str, tuple[str, str, str]] = {}
    entries = [entry for entry in values.map_entries(text) if entry.strip()]
    for entry in entries:
        found = values.host_map(entry)
        if not found or not _is_plain(entry):
            return Parsed(text, None, f"has {entry!r} in it, which is not {what} with a colon between")
        for node, value in found.items():
            last[fold(node)] = (entry, node, value)
    read = ";".join(entry for entry, _, _ in last.values()) if len(last) < len(entries) else None
    return Parsed(text, {node: value for _, node, value in last.values()}, None, read)


def _is_plain(entry: str) -> bool:
    """Whether an entry of a map is two words with a colon between."""
    # A line break is a part of the name that it stands before; behind a port it does no harm.
    first, *between, last = entry.rstrip("\n").replace("=", ":").split(":")
    return bool(first and last) and not any(between) and "\n" not in first + last
