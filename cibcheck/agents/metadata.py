"""Agents' metadata: the XML that an agent prints about itself, read as what a stranger wrote.

The facts are relaxed where agents say more than is so:

- Pacemaker gives a fence agent ``action``, ``plug`` and ``port`` itself, so they are never required; ``help`` and ``version`` are for
  the command line.
- A deprecated parameter is not required, since the newer one does as well.
- Fence agents' ``unique`` is said of what need not be so.
- A type that the agent's own default does not fit is no type.
- fence_legacy hands all its parameters to a plugin, and describes another agent: of it no more than the name is known.
"""

from __future__ import annotations

import re

from lxml import etree

from cibcheck.agents.facts import TYPES, Action, AgentFacts, Parameter

MAX_BYTES = 1024 * 1024
"""The largest metadata read, in bytes; the largest known have 30 kB."""

_SUPPLIED = frozenset(("action", "plug", "port"))
_DESCRIBES_ANOTHER = "stonith:fence_legacy"
_COMMAND_LINE = frozenset(("help", "version"))
_ROLES = {"promoted": "Promoted", "master": "Promoted", "unpromoted": "Unpromoted", "slave": "Unpromoted"}
_BOOLEANS = frozenset(("true", "false", "yes", "no", "on", "off", "1", "0", "y", "n"))
_NUMBER = r"[+-]?[0-9]+(?:[.][0-9]+)?"
_SHAPES = {"integer": rf"{_NUMBER}|INFINITY", "second": rf"{_NUMBER}\s*(?:s|sec)?"}


class MetadataError(Exception):
    """What an agent printed is no metadata; the text says why."""


def read(name: str, data: bytes) -> AgentFacts:
    """The facts in the metadata of an agent, which is called ``class:provider:type``.

    Raises:
        MetadataError: it is too large, no XML, or speaks of no agent.
    """
    if len(data) > MAX_BYTES:
        raise MetadataError(f"its metadata has more than {MAX_BYTES // 2**10} KiB")
    root = _parsed(data)
    if name == _DESCRIBES_ANOTHER:
        return AgentFacts(name, {}, [], is_name_only=True)
    version = root.findtext("version", "").strip()
    is_fence_agent = name.startswith("stonith:")
    parameters: dict[str, Parameter] = {}
    for element in root.iterfind("parameters/parameter"):
        one = _parameter(element, has_groups=version.startswith("1.1"), is_fence_agent=is_fence_agent)
        if one is not None and not (is_fence_agent and one.name in _COMMAND_LINE):
            parameters.setdefault(one.name, one)
    for element in root.iterfind("parameters/parameter"):
        older = parameters.get(element.get("obsoletes", ""))
        newer = element.get("name", "")
        if older is not None and newer in parameters and older.name != newer:
            parameters[older.name] = older._replace(is_deprecated=True, is_required=False, has_default=False, successor=newer)
    actions = [found for element in root.iterfind("actions/action") if (found := _action(element)) is not None]
    if is_fence_agent and actions:
        # Nobody but Pacemaker starts and stops a fence device: the fencer takes it up, and forgets it.
        actions += [Action(one) for one in ("start", "stop") if all(action.name != one for action in actions)]
    return AgentFacts(name, parameters, list(dict.fromkeys(actions)))


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    # Some agents talk before their metadata.
    start = data.find(b"<")
    try:
        root = etree.fromstring(data[max(start, 0) :], parser)
    except (etree.XMLSyntaxError, ValueError):
        raise MetadataError("its metadata is no XML") from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise MetadataError("its metadata defines entities")
    if root.tag != "resource-agent":
        raise MetadataError("its metadata is that of no agent")
    return root


def _parameter(element: etree._Element, *, has_groups: bool, is_fence_agent: bool) -> Parameter | None:
    name = element.get("name", "")
    if not _is_word(name) or name.endswith("()"):
        return None
    content = element.find("content")
    default = content.get("default") if content is not None else None
    options = tuple(value for one in element.iterfind("content/option") if (value := one.get("value")))
    kind = _type(content.get("type", "") if content is not None else "", default, options)
    replaced = element.find("deprecated/replaced-with")
    is_deprecated = element.get("deprecated") == "1" or element.find("deprecated") is not None
    is_required = _is_set(element, "required") and not is_deprecated and not (is_fence_agent and name in _SUPPLIED)
    group = None
    if not is_fence_agent:
        group = element.get("unique-group") or None if has_groups else name if _is_set(element, "unique") else None
    successor = replaced.get("name") if replaced is not None else None
    return Parameter(
        name,
        kind,
        is_required=is_required,
        has_default=is_required and bool(default),
        group=group,
        is_deprecated=is_deprecated,
        successor=successor if successor and _is_word(successor) else None,
        options=options if kind == "select" else (),
    )


def _type(name: str, default: str | None, options: tuple[str, ...]) -> str:
    kind = {"time": "second", "int": "integer", "bool": "boolean", "enum": "select"}.get(name, name)
    if kind not in TYPES or (kind == "select" and not options):
        return "string"
    if not default:
        return kind
    if kind == "boolean":
        fits = default.lower() in _BOOLEANS
    elif kind == "select":
        fits = default in options
    else:
        fits = kind not in _SHAPES or re.fullmatch(_SHAPES[kind], default) is not None
    return kind if fits else "string"


def _action(element: etree._Element) -> Action | None:
    name = element.get("name", "")
    if not _is_word(name):
        return None
    depth = element.get("depth", "0").strip()
    return Action(
        name,
        element.get("timeout", "").strip() or None,
        element.get("interval", "").strip() or None,
        _ROLES.get(element.get("role", "").lower()),
        depth if depth.lstrip("0") else None,
        is_automatic=_is_set(element, "automatic"),
    )


def _is_word(name: str) -> bool:
    return name.split() == [name] and not name.startswith("#") and len(name) < 256


def _is_set(element: etree._Element, attribute: str) -> bool:
    return element.get(attribute, "0").strip().lower() in ("1", "true", "yes")
