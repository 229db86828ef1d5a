"""Real configurations: nothing breaks on them, and every error that they get was looked at and is right."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

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
    # The one device is for cesr104-p16; the nodes are cesr105-p16 and cesr109-p16.
    ("pacemaker__cts__scheduler__xml__asymmetrical-order-restart.xml", "FEN104"): 2,
    # The levels name devices that are not there; one has the index 10.
    ("pacemaker__cts__schemas__test-3__ref__fencing-level.ref-0.xml", "FEN201"): 4,
    ("pacemaker__cts__schemas__test-3__ref__fencing-level.ref-0.xml", "FEN207"): 1,
    # Nodes node3 and node4 are both called node3.
    ("pacemaker__cts__schemas__test-3__ref__multiple-location-rules.ref-0.xml", "NOD201"): 1,
    ("pacemaker__cts__schemas__test-3__ref__multiple-location-rules.ref-1.xml", "NOD201"): 1,
    ("pacemaker__cts__schemas__test-3__ref__multiple-location-rules.ref-2.xml", "NOD201"): 1,
    ("pacemaker__cts__schemas__test-3__ref__multiple-location-rules.ref-3.xml", "NOD201"): 1,
    ("pacemaker__cts__schemas__test-3__xml__multiple-location-rules.xml", "NOD201"): 1,
    # It uses two processors, and the nodes have one each; crm_simulate leaves it stopped, as it does dummy3 with its 5000 of ram.
    ("pacemaker__cts__scheduler__xml__template-2.xml", "NOD401"): 1,
    ("pacemaker__cts__scheduler__xml__utilization-complex.xml", "NOD401"): 1,
    # Bundles with a primitive and no network at all.
    ("pacemaker__cts__schemas__test-3__ref__can-fail.ref-0.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__can-fail.ref-99.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__restart-type.ref-1.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__rkt.ref-0.xml", "RES601"): 4,
    ("pacemaker__cts__schemas__test-3__ref__role-after-failure.ref-0.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__role-after-failure.ref-1.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__upstart.ref-0.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__ref__upstart.ref-1.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__xml__nagios.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__xml__restart-type.xml", "RES601"): 1,
    ("pacemaker__cts__schemas__test-3__xml__role-after-failure.xml", "RES601"): 1,
}

SAID = {
    "FEN101": "Resource start-up disabled since no STONITH resources have been defined",
    "OPS101": "is duplicate of",
    "OPS102": "is duplicate of",
    "OPS201": "stop action to default value because",
    "RES303": "cannot be used as a promotable clone resource",
    "RES311": "only makes sense for promotable clones",
}
"""Errors that crm_verify reports as well, with its words. They need no review one by one."""


REFUSED = "error: CIB did not pass schema validation"
"""All that crm_verify 3.x says of a file that its schema does not allow: it looks no further."""

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")


@pytest.fixture(scope="module")
def report() -> Any:
    result = cibcheck("check", str(CORPUS / "cib"), "--isolated", "--select", "ALL", "--output-format", "json")
    return json.loads(result.out)


def errors(report: Any) -> Counter[tuple[str, str]]:
    return Counter(
        (Path(finding["file"]).name, finding["code"]) for finding in report["findings"] if finding["severity"] == "error"
    )


def test_the_corpus_has_no_internal_error_and_no_error_that_was_not_reviewed(report: Any) -> None:
    assert report["internal_errors"] == []
    assert report["summary"]["clusters"] == len(list((CORPUS / "cib").iterdir()))
    reviewed = {key: count for key, count in errors(report).items() if not key[1].startswith("SCH") and key[1] not in SAID}
    assert reviewed == REVIEWED


def test_crm_verify_reports_these_errors_as_well_unless_it_refuses_the_file(report: Any) -> None:
    with (CORPUS / "expected.tsv").open(encoding="utf-8") as file:
        said = {row["file"]: (row["messages_2.1.5"], row["messages_3.x"]) for row in csv.DictReader(file, delimiter="\t")}
    for name, code in errors(report):
        if code in SAID and not all(REFUSED in messages for messages in said[name]):
            assert any(SAID[code] in messages for messages in said[name]), (name, code)


def test_the_schema_forbids_what_crm_verify_refuses_and_nothing_else(report: Any) -> None:
    with (CORPUS / "expected.tsv").open(encoding="utf-8") as file:
        refused = {row["file"] for row in csv.DictReader(file, delimiter="\t") if row["messages_3.x"] == REFUSED}
    assert len(refused) > 20
    assert {file for file, code in errors(report) if code.startswith("SCH")} == refused
