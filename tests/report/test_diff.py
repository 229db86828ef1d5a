"""The diff that ``--diff`` prints is one that patch(1) and git take, and shows no secret."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cibcheck.documents.source import Source
from cibcheck.report.diff import unified

if TYPE_CHECKING:
    from pathlib import Path


def diff(before: str, after: str) -> str:
    return "".join(f"{line}\n" for line in unified("file", Source(before.encode()), after.encode()))


def test_a_hunk_has_three_lines_of_context_and_hunks_that_touch_are_one() -> None:
    lines = [f"{number}\n" for number in range(1, 31)]
    after = ["one\n", *lines[1:7], "eight\n", *lines[8:19], "twenty\n", *lines[20:], "end"]
    assert diff("".join(lines), "".join(after)) == (
        "--- file\n+++ file\n"
        "@@ -1,11 +1,11 @@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n 9\n 10\n 11\n"
        "@@ -17,7 +17,7 @@\n 17\n 18\n 19\n-20\n+twenty\n 21\n 22\n 23\n"
        "@@ -28,3 +28,4 @@\n 28\n 29\n 30\n+end\n\\ No newline at end of file\n"
    )


def test_equal_texts_have_no_diff() -> None:
    assert diff("a\nb", "a\nb") == ""


def test_secrets_are_starred_on_both_sides() -> None:
    assert diff("PASSWD=one\nA=1\n", "PASSWD=one\nA=2\n") == "--- file\n+++ file\n@@ -1,2 +1,2 @@\n PASSWD=***\n-A=1\n+A=2\n"


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("abcdefgh")), st.lists(st.sampled_from("abcdefgh")), st.booleans(), st.booleans())
def test_patch_makes_the_new_text_of_the_old_one(
    tmp_path: Path, before: list[str], after: list[str], before_ends: bool, after_ends: bool
) -> None:
    old, new = ("\n".join(lines) + "\n" * (ends and bool(lines)) for lines, ends in ((before, before_ends), (after, after_ends)))
    path = tmp_path / "file"
    path.write_text(old)
    subprocess.run(["patch", "-s", "--posix", path], input=diff(old, new), text=True, check=True, capture_output=True)
    assert (path.read_text() if path.exists() else "") == new


def test_a_large_text_with_many_edits_takes_time_in_proportion() -> None:
    lines = [f"<op {number}>\n  same\n" for number in range(20000)]
    after = [line.replace("same", "other") if number % 3 else line for number, line in enumerate(lines)]
    start = time.process_time()
    assert diff("".join(lines), "".join(after)).count("+  other") == 13333
    assert time.process_time() - start < 5
