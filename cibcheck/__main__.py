"""The process around the command line, which is what ``cibcheck`` and ``python -m cibcheck`` run: its streams, its memory, its end."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from types import ModuleType
from typing import IO


def script() -> int:
    """The console script: as `run`, but it ends the process itself, unless somebody else has a say in that.

    Python takes modules and objects apart one by one before it ends, which is a thirtieth of a short run, and gives back nothing that the
    system would not take anyway. It does so all the same where a thread still runs, or something is registered for the end (as coverage
    does), and after ``python -m cibcheck``, which is what debuggers and profilers start.
    """
    status = run()
    threading = sys.modules.get("threading")
    if (threading is None or threading.active_count() == 1) and not atexit._ncallbacks():
        os._exit(status)
    return status


def run() -> int:
    """Run cibcheck on the process's arguments and streams. Returns the exit code; what was printed is written out."""
    # A short run makes little garbage, and the collector's rounds, those of the imports too, would cost a sixth of its time.
    gc.disable()
    # argparse imports gettext for words that stay English, as `cibcheck.cli` says; that alone would take a hundredth.
    words = ModuleType("gettext")
    vars(words).update(gettext=str, ngettext=str)
    is_ours = sys.modules.setdefault("gettext", words) is words
    from cibcheck.cli import FAILURE, OK, main

    if is_ours:
        del sys.modules["gettext"]
    stdout, stderr = _writable(sys.stdout), _writable(sys.stderr)
    try:
        status = main(sys.argv[1:], sys.stdin.buffer if sys.stdin else io.BytesIO(), stdout, stderr)
        stdout.flush()
        stderr.flush()
        gc.freeze()
    except OSError as error:
        # Nothing more can be written; Python would try once more at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return OK
        stderr.write(f"cibcheck: error: {error}\n")
        return FAILURE
    except KeyboardInterrupt:
        sys.exit(130)  # the usual way, in which Python writes out what was printed so far
    return status


def _writable(stream: IO[str] | None) -> IO[str]:
    """A standard stream that takes names and values with broken bytes as well; nowhere, where the caller closed it."""
    if stream is None:
        return open(os.devnull, "w")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


if __name__ == "__main__":
    sys.exit(run())
