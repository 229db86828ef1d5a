"""What pytest gets from an installed cibcheck. It imports nothing of it until a test asks, for pytest loads this in every project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cibcheck.testing import RuleTester


@pytest.fixture
def rule_tester() -> type[RuleTester]:
    """Runs one rule on snippets: ``rule_tester(my_rule).invalid("<primitive id='«web»' …/>")``."""
    from cibcheck.testing import RuleTester

    return RuleTester
