"""The settings, layer by layer: the file, ``--config KEY=VALUE``, the options of the command line."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from cibcheck.config import Layer, Settings, UsageError, shown
from cibcheck.config.kinds import Wrong, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.config.kinds import At


def of_file(path: str) -> Layer:
    """The layer of a configuration file.

    Raises:
        UsageError: it cannot be read, or is no TOML.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise UsageError(f"{shown(path)}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)}: {error}") from None
    table = _parsed(text, shown(path))
    if os.path.basename(path) != "pyproject.toml":
        return Layer(shown(path), table, text)
    inside: At = ()
    for name in ("tool", "cibcheck"):
        inside = (*inside, name)
        table = table.get(name, {})
        if not isinstance(table, dict):
            raise UsageError(f"{Layer(shown(path), {}, text).where(inside)}: {name} must be a table of keys")
    return Layer(shown(path), table, text, inside)


def of_text(text: str) -> Layer:
    """The layer that a ``KEY=VALUE`` on the command line makes.

    Raises:
        UsageError: it is no TOML.
    """
    name = f"--config {text!r}"
    return Layer(name, _parsed(text, name))


def of_options(options: Mapping[str, Any]) -> Layer:
    """The layer of the command line's own options; what it ignores and selects besides is added to what the file says."""
    return Layer("the command line", options, adds=frozenset(("extend-select", "ignore")))


def _parsed(text: str, name: str) -> Mapping[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise UsageError(f"{name}: it is nested too deeply") from None
    except tomllib.TOMLDecodeError as error:
        found = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        if found is None or name.startswith("--"):
            raise UsageError(f"{name}: {error}") from None
        line, column = found[2] or str(text.count("\n") + 1), found[3] or "1"
        raise UsageError(f"{name}:{line}:{column}: {found[1]}") from None


def merged(layers: Sequence[Layer]) -> Settings:
    """The settings that the layers make together: the later one counts, tables are joined key by key.

    Raises:
        UsageError: one says something that has no meaning.
    """
    values: dict[str, Any] = {}
    for layer in layers:
        try:
            own = read_table(Settings, layer.table)
        except Wrong as wrong:
            raise UsageError(f"{layer.where(wrong.at, is_key=wrong.is_key)}: {wrong.message}") from None
        for field, value in own.items():
            is_added = field.replace("_", "-") in layer.adds
            values[field] = (*values.get(field, ()), *value) if is_added else _joined(values.get(field), value)
    return Settings(**values)


def _joined(old: Any, new: Any) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return old | {key: _joined(old.get(key), value) for key, value in new.items()}
