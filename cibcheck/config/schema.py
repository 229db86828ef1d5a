"""The configuration for programs and people: its JSON Schema, and a table of its keys. Both follow from the declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.config import Settings
from cibcheck.config.kinds import Tables, keys_of, object_schema
from cibcheck.config.writing import toml_value
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Rule


class KeyLine(NamedTuple):
    """A key as a table of all keys shows it; ``table`` is the name of the ``[[table]]`` that it is in, if any."""

    name: str
    table: str | None
    value: str
    default: str
    doc: str


def key_lines() -> Iterator[KeyLine]:
    """All keys, in the order in which they are declared; those of a table after it."""
    for name, key in keys_of(Settings).items():
        is_list = isinstance(key.kind, Tables)
        default = "" if key.default is None or is_list else toml_value(key.kind.plain(key.default))
        yield KeyLine(f"[[{name}]]" if is_list else name, None, key.kind.words, default, key.doc)
        if isinstance(key.kind, Tables):
            for inner, own in key.kind.keys.items():
                known = not own.is_required and own.default not in (None, "")
                shown = toml_value(own.kind.plain(own.default)) if known else ""
                yield KeyLine(inner, name, own.kind.words, "(required)" if own.is_required else shown, own.doc)


def json_schema(rules: Sequence[Rule]) -> dict[str, Any]:
    """The JSON Schema of a cibcheck.toml, with the names and the options of the rules."""
    schema = object_schema(Settings)
    names = sorted(
        {name for rule in rules for name in (rule.code, rule.code.rstrip("0123456789"), rule.name, *rule.tags)} | {"ALL"}
    )
    options: dict[str, Any] = {}
    for rule in rules:
        if rule.options:
            properties = {name.replace("_", "-"): _option(default) for name, default in rule.options.items()}
            own = {"type": "object", "description": rule.name, "additionalProperties": False, "properties": properties}
            options |= {rule.code: own, rule.name: {"$ref": f"#/properties/rules/properties/{rule.code}"}}
    schema["properties"]["rules"] |= {"properties": options}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cibcheck.toml",
        "description": "The configuration of cibcheck, a linter for Pacemaker clusters.",
        "$defs": {
            "selector": {
                "description": "A rule's code, a prefix of codes, a name, a tag, or ALL; CODE[key] for one option.",
                # What plugins bring, and keys, are not known here: these are suggestions.
                "anyOf": [{"enum": names}, {"type": "string", "minLength": 1}],
            }
        },
        **schema,
    }


def _option(default: Any) -> dict[str, Any]:
    if isinstance(default, tuple):
        items = {"items": _option(default[0])} if default else {}
        return {"type": "array", **{key: {"type": one["type"]} for key, one in items.items()}, "default": list(default)}
    return {"type": _TYPES[type(default)], "default": default}


_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}
