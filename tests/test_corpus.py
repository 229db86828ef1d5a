"""Real configurations: nothing breaks on them, and every error that they get was looked at and is right."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from command import cibcheck

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

REVIEWED = {
    # The device lists remote-1 and remote-2; the nodes are called remote1 and remote2.
    ("pacemaker__cts__scheduler__xml__migration-behind-migrating-remote.xml", "REM506"): 2,
    # Three devices, each for one controller; the six remote nodes are in no list.
    ("pacemaker__cts__scheduler__xml__remote-recover-all.xml", "REM506"): 6,
    ("pacemaker__cts__scheduler__xml__remote-recover-connection.xml", "REM506"): 6,
    ("pacemaker__cts__scheduler__xml__remote-recover-unknown.xml", "REM506"): 6,
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_the_corpus_has_no_internal_error_and_no_error_that_was_not_reviewed() -> None:
    result = cibcheck("check", str(CORPUS / "cib"), "--isolated", "--select", "ALL", "--output-format", "json")
    report = json.loads(result.out)
    assert report["internal_errors"] == []
    assert report["summary"]["clusters"] == len(list((CORPUS / "cib").iterdir()))
    errors = Counter(
        (Path(finding["file"]).name, finding["code"]) for finding in report["findings"] if finding["severity"] == "error"
    )
    assert errors == REVIEWED
