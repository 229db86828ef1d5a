from itertools import count
from pathlib import Path
from typing import Any

import pytest

from .pacemaker import Cluster, Setup, installed


@pytest.fixture
def cluster(tmp_path: Path) -> Setup:
    """Return what sets up a cluster, each in a folder of its own."""
    if not installed():
        pytest.skip("crm_simulate is not installed (Debian: apt-get install pacemaker-cli-utils)")
    numbers = count(1)

    def setup(*parts: Any, **options: Any) -> Cluster:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Cluster(folder, *parts, **options)

    return setup
