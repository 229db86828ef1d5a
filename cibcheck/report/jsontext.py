"""JSON that every reader takes: ASCII only, so that the encoding of the stream cannot matter, and without halves of surrogate pairs."""

from __future__ import annotations

import json
import re
from typing import Any


def dumps(value: Any, indent: int | None = None) -> str:
    """The value as JSON. A byte that was no character, which Python keeps as half a pair, becomes U+FFFD: strict readers refuse it. In a log
    of GitHub Actions, no string is a command to the runner (see `printable`)."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(r"[^\x00-\x7f]", _escaped, text).replace("##[", r"#\u0023[")


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return r"\ufffd" if "\ud800" <= char <= "\udfff" else json.dumps(char)[1:-1]
