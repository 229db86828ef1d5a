"""What a key of the configuration may hold: how it is checked, described, shown, and put into the JSON Schema."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence  # noqa: TC003 - get_type_hints looks them up here
from functools import cache
from typing import Any, TypeAlias, get_type_hints

from cibcheck.records import NamedTuple

At: TypeAlias = "tuple[str | int, ...]"
"""The way to a value: keys, and indexes into lists."""


class Wrong(Exception):
    """Something in a configuration that has no meaning: where, and why. ``is_key``: it is the key that is wrong, not its value."""

    def __init__(self, at: At, message: str, *, is_key: bool = False) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.is_key = is_key


def _must(at: At, words: str) -> Wrong:
    name = next((part for part in reversed(at) if isinstance(part, str)), "it")
    return Wrong(at, f"{name} must be {words}")


class Kind:
    """A kind of value. Readers get what TOML holds, and the way to it."""

    words = "a value"
    """What errors and the documentation call it."""

    def read(self, value: Any, at: At) -> Any:  # noqa: ARG002 - any value will do
        """The value as `Settings` has it.

        Raises:
            Wrong: it is not of this kind.
        """
        return value

    def plain(self, value: Any) -> Any:
        """The other way: what TOML would hold for a value that was read."""
        return value

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a value."""
        return {}

    def selectors(self, value: Any, at: At) -> Iterator[tuple[At, str]]:  # noqa: ARG002 - most have none
        """The words for rules in what TOML holds, with the way to each."""
        return iter(())


class Flag(Kind):
    """True or false."""

    words = "true or false"

    def read(self, value: Any, at: At) -> bool:
        if not isinstance(value, bool):
            raise _must(at, self.words)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Text(Kind):
    """A string that is not empty."""

    def __init__(self, words: str = "a string") -> None:
        self.words = words

    def read(self, value: Any, at: At) -> str:
        if not isinstance(value, str) or not value:
            raise _must(at, self.words)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class Choice(Kind):
    """One of some words, each of which stands for a value."""

    def __init__(self, meanings: Mapping[str, Any]) -> None:
        self._meanings = meanings
        self.words = "one of " + ", ".join(map(repr, meanings))

    def read(self, value: Any, at: At) -> Any:
        if not isinstance(value, str) or value not in self._meanings:
            from cibcheck.config import did_you_mean

            raise _must(at, self.words + (did_you_mean(value, self._meanings) if isinstance(value, str) else ""))
        return self._meanings[value]

    def plain(self, value: Any) -> str:
        return next(word for word, meaning in self._meanings.items() if meaning == value)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self._meanings)}


class SchemaVersion(Kind):
    """A version of the CIB schema."""

    words = "a version of the CIB schema, such as '3.9'"

    def read(self, value: Any, at: At) -> tuple[int, int]:
        from cibcheck.grammar.versions import named_version  # few name one

        if not isinstance(value, str):
            raise _must(at, self.words)
        try:
            return named_version(value)
        except ValueError as error:
            raise Wrong(at, str(error)) from None

    def plain(self, value: Any) -> str:
        from cibcheck.grammar.versions import show

        return show(value)

    def schema(self) -> dict[str, Any]:
        from cibcheck.grammar.versions import VERSIONS, show

        return {"enum": list(map(show, VERSIONS))}


class Texts(Kind):
    """A list of strings; ``or_one``: a single string will do; ``least``: how many there must be."""

    def __init__(self, *, or_one: bool = False, least: int = 0) -> None:
        self._or_one = or_one
        self._least = least
        self.words = ("a string or " if or_one else "") + ("a list of strings, not empty" if least else "a list of strings")

    def read(self, value: Any, at: At) -> Sequence[str]:
        if self._or_one and isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or len(value) < self._least:
            raise _must(at, self.words)
        for index, one in enumerate(value):
            if not isinstance(one, str) or not one:
                raise _must((*at, index), self.words)
        return tuple(value)

    def plain(self, value: Any) -> list[str]:
        return list(value)

    def schema(self) -> dict[str, Any]:
        several = {"type": "array", "items": self._item(), **({"minItems": self._least} if self._least else {})}
        return {"anyOf": [self._item(), several]} if self._or_one else several

    def _item(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1}


class Globs(Texts):
    """Patterns of paths; ``./`` before and ``/`` behind one mean nothing."""

    def read(self, value: Any, at: At) -> Sequence[str]:
        return tuple(pattern.removeprefix("./").rstrip("/") for pattern in super().read(value, at))


class Selectors(Texts):
    """Words for rules. That there are such rules is checked when they are known."""

    def selectors(self, value: Any, at: At) -> Iterator[tuple[At, str]]:
        yield from (((*at, index), word) for index, word in enumerate(value))

    def _item(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/selector"}


class NodeFiles(Texts):
    """Patterns of node files' paths, with the node's name in them."""

    def read(self, value: Any, at: At) -> Sequence[str]:
        patterns = super().read(value, at)
        for index, pattern in enumerate(patterns):
            if "{node}" not in pattern:
                raise Wrong((*at, index), f"node-files pattern {pattern!r} has no {{node}}")
            if os.path.isabs(pattern):
                raise Wrong((*at, index), f"node-files pattern {pattern!r} must be relative to the configuration's folder")
            if any("**" in part and part != "**" for part in pattern.split("/")):
                raise Wrong((*at, index), f"node-files pattern {pattern!r}: ** must be the whole name of a folder")
        return patterns

    def _item(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"\{node\}"}


class Map(Kind):
    """A table whose keys the user makes; ``of_rules``: they are words for rules."""

    def __init__(self, of: Kind | None, *, of_rules: bool = False) -> None:
        self._of = of or Kind()
        self._of_rules = of_rules
        self.words = f"a table, each value {of.words}" if of else "a table"

    def read(self, value: Any, at: At) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise _must(at, self.words)
        return {key: self._of.read(one, (*at, key)) for key, one in value.items()}

    def plain(self, value: Any) -> dict[str, Any]:
        return {key: self._of.plain(one) for key, one in value.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self._of.schema()}

    def selectors(self, value: Any, at: At) -> Iterator[tuple[At, str]]:
        for key, one in value.items():
            if self._of_rules:
                yield (*at, key), key
            yield from self._of.selectors(one, (*at, key))


class Tables(Kind):
    """A list of tables, each with the keys that a NamedTuple declares."""

    words = "a list of tables"

    def __init__(self, of: type) -> None:
        self._of = of

    def read(self, value: Any, at: At) -> Sequence[Any]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _must(at, f"written as [[{at[-1]}]]")
        return tuple(self._one(one, (*at, index)) for index, one in enumerate(value))

    def _one(self, table: Mapping[str, Any], at: At) -> Any:
        for name, key in keys_of(self._of).items():
            if key.is_required and name not in table:
                raise Wrong(at, f"{name!r} is missing")
        return self._of(**read_table(self._of, table, at))

    def plain(self, value: Any) -> list[dict[str, Any]]:
        return [
            {
                name: key.kind.plain(getattr(one, key.field))
                for name, key in keys_of(self._of).items()
                if key.is_required or getattr(one, key.field) != key.default
            }
            for one in value
        ]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": object_schema(self._of)}

    def selectors(self, value: Any, at: At) -> Iterator[tuple[At, str]]:
        for index, one in enumerate(value):
            yield from selectors_in(self._of, one, (*at, index))

    @property
    def keys(self) -> Mapping[str, DeclaredKey]:
        """The keys of one such table."""
        return keys_of(self._of)


class OwnRules(Kind):
    """Rules in the configuration. `cibcheck.plugins.declared` reads them, and says where one is wrong."""

    words = "a list of tables"

    def read(self, value: Any, at: At) -> Sequence[Mapping[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _must(at, f"written as [[{at[-1]}]]")
        return tuple(value)

    def plain(self, value: Any) -> list[Any]:
        return list(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "object"}}


class Clusters(Tables):
    """Clusters, each with a name of its own."""

    def read(self, value: Any, at: At) -> Sequence[Any]:
        clusters = [one._replace(name=one.name or one.cib or "cluster") for one in super().read(value, at)]
        seen = set[str]()
        for index, one in enumerate(clusters):
            if one.name in seen:
                raise Wrong((*at, index), f"two [[cluster]] are called {one.name!r}; give each a name of its own")
            seen.add(one.name)
        return tuple(clusters)


class Key(NamedTuple):
    """The declaration of a key, at a field's type: what it may hold, what it means, and its name where that is not the field's."""

    kind: Kind
    doc: str
    name: str = ""


class DeclaredKey(NamedTuple):
    """A key with the field that it sets."""

    field: str
    kind: Kind
    doc: str
    default: Any
    is_required: bool


@cache
def keys_of(table: type) -> Mapping[str, DeclaredKey]:
    """The keys that a NamedTuple declares, in its order."""
    defaults: Mapping[str, Any] = table._field_defaults  # type: ignore[attr-defined]
    found: dict[str, DeclaredKey] = {}
    for field, hint in get_type_hints(table, localns=globals(), include_extras=True).items():
        for key in getattr(hint, "__metadata__", ()):
            name = key.name or field.replace("_", "-")
            found[name] = DeclaredKey(field, key.kind, key.doc, defaults.get(field), field not in defaults)
    return found


def read_table(of: type, table: Mapping[str, Any], at: At = ()) -> dict[str, Any]:
    """The values of a table by field; what it does not say is not in there.

    Raises:
        Wrong: it has a key that is not declared, or a value of another kind.
    """
    keys = keys_of(of)
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in keys:
            from cibcheck.config import did_you_mean

            raise Wrong((*at, name), f"unknown key {name!r}{did_you_mean(name, keys)}", is_key=True)
        values[keys[name].field] = keys[name].kind.read(value, (*at, name))
    return values


def selectors_in(of: type, table: Mapping[str, Any], at: At = ()) -> Iterator[tuple[At, str]]:
    """The words for rules in a table that was read without error, with the way to each."""
    for name, value in table.items():
        yield from keys_of(of)[name].kind.selectors(value, (*at, name))


def object_schema(of: type) -> dict[str, Any]:
    """The JSON Schema of a table."""
    keys = keys_of(of)
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"description": key.doc, **key.kind.schema(), **_default(key)} for name, key in keys.items()},
    }
    if required := [name for name, key in keys.items() if key.is_required]:
        schema["required"] = required
    return schema


def _default(key: DeclaredKey) -> dict[str, Any]:
    return {} if key.is_required or key.default is None or key.default == "" else {"default": key.kind.plain(key.default)}
