"""A NamedTuple that costs a quarter of typing's at start-up, since it leaves annotations alone.

typing compiles the text of each annotation when a class is made; a hundred classes make that a fifth of a short run. Type checkers see
typing's own.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    _OWN = frozenset(("__module__", "__qualname__", "__annotations__", "__doc__"))

    class _Maker(type):
        """Makes a named tuple of a class with annotated fields, and gives it what else is in the class."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:  # noqa: ARG004 - as types are made
            fields = body.get("__annotations__", {})
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in _OWN and key not in fields:
                    setattr(made, key, value)
            made.__qualname__, made.__annotations__, made.__doc__ = body["__qualname__"], fields, body.get("__doc__")
            return made

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})

__all__ = ["NamedTuple"]
