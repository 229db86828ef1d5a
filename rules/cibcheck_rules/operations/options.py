"""What the rules about operations ask of their options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Cib, Operation, Primitive, Setting


def operations_with(cib: Cib, option: str) -> Sequence[tuple[Primitive, Operation, Setting]]:
    """The operations that an option surely is set for, as the model has them; few files have any, and a look at what is written tells."""
    if any(option in names for names in cib.written.by_home.values()) or not cib.primitives or not cib.knows("op_defaults"):
        return cib.operations_with(option)
    return ()
