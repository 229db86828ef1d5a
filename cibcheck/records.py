"""What Python has as well, at a lower price: a cached_property without a lock, and a NamedTuple at a tenth of typing's.

When a class is made, typing compiles the text of each annotation, and collections a constructor; together that was a fourth of a short
run. Ours has no use for the annotations, and constructors with as many fields share their code. Type checkers see typing's own.
"""

from __future__ import annotations

from collections import _tuplegetter  # type: ignore[attr-defined]
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from functools import cached_property
    from typing import NamedTuple
else:

    class cached_property:  # noqa: N801 - as functools has it
        """As functools' one of Python 3.12, without the lock of the earlier: large CIBs have many thousand properties to work out."""

        def __init__(self, function: Callable[[Any], Any]) -> None:
            self.func = function
            self.name = function.__name__
            self.__doc__ = function.__doc__

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.func(instance)
            return value

    class _Record(tuple):
        """What all named tuples can do, as collections documents it."""

        __slots__ = ()

        @classmethod
        def _make(cls, values: Iterable[Any]) -> _Record:
            return cls(*values)

        def _asdict(self) -> dict[str, Any]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **changes: Any) -> _Record:
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"Got unexpected field names: {list(changes)!r}")
            return made

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self) -> tuple[Any, ...]:
            return tuple(self)

    class _Maker(type):
        """Makes a named tuple of a class with annotated fields, and keeps what else is in the class."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:  # noqa: ARG004 - as types are made
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            own = {
                "__slots__": (),
                "__match_args__": fields,
                "__new__": _constructor(name, fields, tuple(defaults.values())),
                "_fields": fields,
                "_field_defaults": defaults,
            }
            getters = {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            return type(name, (_Record,), body | getters | own)

    def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[Any, ...]) -> FunctionType:
        code = _code(len(fields)).replace(co_varnames=("_cls", *fields))
        made = FunctionType(code, {"_tuple": _tuple}, "__new__", defaults)
        made.__qualname__ = f"{name}.__new__"  # what an error calls it
        return made

    _tuple = tuple.__new__
    # Their code is all that is used, so that nothing is compiled at start-up.
    _CODES = {
        one.__code__.co_argcount - 1: one.__code__
        for one in (
            lambda _cls, a: _tuple(_cls, (a,)),
            lambda _cls, a, b: _tuple(_cls, (a, b)),
            lambda _cls, a, b, c: _tuple(_cls, (a, b, c)),
            lambda _cls, a, b, c, d: _tuple(_cls, (a, b, c, d)),
            lambda _cls, a, b, c, d, e: _tuple(_cls, (a, b, c, d, e)),
            lambda _cls, a, b, c, d, e, f: _tuple(_cls, (a, b, c, d, e, f)),
            lambda _cls, a, b, c, d, e, f, g: _tuple(_cls, (a, b, c, d, e, f, g)),
            lambda _cls, a, b, c, d, e, f, g, h: _tuple(_cls, (a, b, c, d, e, f, g, h)),
            lambda _cls, a, b, c, d, e, f, g, h, i: _tuple(_cls, (a, b, c, d, e, f, g, h, i)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j: _tuple(_cls, (a, b, c, d, e, f, g, h, i, j)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j, k: _tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k)),
            lambda _cls, a, b, c, d, e, f, g, h, i, j, k, m: _tuple(_cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
        )
    }

    def _code(count: int) -> CodeType:
        """The code of a constructor with so many fields; only their names are still to be set."""
        if count not in _CODES:
            names = "".join(f"field{number}, " for number in range(count))
            _CODES[count] = eval(f"lambda _cls, {names}: _tuple(_cls, ({names}))").__code__  # noqa: S307 - the text is ours
        return _CODES[count]

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})

__all__ = ["NamedTuple", "cached_property"]
