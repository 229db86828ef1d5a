"""The counts of clones: how many instances, how many promoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import Clone
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Cib, Setting


def clones_in(cib: Cib) -> list[Clone]:
    """The clones, which stand at top level."""
    return [resource for resource in cib.top_resources if isinstance(resource, Clone)]


def count_in(setting: Setting | None) -> int | None:
    """The count that a setting gives: what is no number counts as 0, as does what is below."""
    return None if setting is None else max(0, v.leading_integer(setting.text) or 0)
