"""The process that a user starts: how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
REGISTERED = "import atexit; atexit.register(print, 'registered')"
THREAD = (
    "import threading; threading.Thread(target=lambda: (threading.main_thread().join(), print('the thread is through'))).start()"
)


def script(before: str) -> subprocess.CompletedProcess[str]:
    """What the console script does, in a process where something was done before."""
    program = (
        f"import sys\nfrom cibcheck.__main__ import script\n{before}\nstatus = script()\nprint('handed back')\nsys.exit(status)"
    )
    command = [sys.executable, "-c", program, "check", str(ROOT / "examples/mistakes"), "--no-plugins"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_script_ends_the_process_itself() -> None:
    done = script("")
    assert done.returncode == 1
    assert "Found " in done.stdout
    assert "handed back" not in done.stdout


@pytest.mark.parametrize(("before", "said"), [(REGISTERED, "registered"), (THREAD, "the thread is through")])
def test_others_have_their_say_at_the_end(before: str, said: str) -> None:
    done = script(before)
    assert done.returncode == 1
    assert "Found " in done.stdout
    assert said in done.stdout
    assert "handed back" in done.stdout
