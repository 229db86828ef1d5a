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
    # Addresses in the form of old shells: the value is there, and its parameter is called "1".
    ("pacemaker__cts__scheduler__xml__group14.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__inc12.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__probe-3.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__probe-4.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__promoted-7.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__promoted-8.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__promoted-9.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__stonith-1.xml", "AGT112"): 1,
    ("pacemaker__cts__scheduler__xml__stonith-2.xml", "AGT112"): 1,
    # Fencing is off, and the lock manager does not start without; the agent comes with Pacemaker, and does so in all releases since 1.1.11.
    ("pacemaker__cts__scheduler__xml__coloc-clone-stays-active.xml", "AGT133"): 2,
    ("pacemaker__cts__scheduler__xml__migrate-fail-3.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-fail-4.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-fail-5.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-fail-7.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-fail-8.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-fail-9.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-partial-1.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-partial-2.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-partial-3.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__migrate-success.xml", "AGT133"): 1,
    ("pacemaker__cts__scheduler__xml__not-reschedule-unneeded-monitor.xml", "AGT133"): 1,
    # Constraints that name what is inside a clone. Of the second file crm_verify says nothing: its status knows an instance, whose clone
    # Pacemaker takes instead; when that cluster starts, the constraints do nothing.
    ("pacemaker__cts__scheduler__xml__promoted-ordering.xml", "CON101"): 4,
    ("pacemaker__cts__scheduler__xml__whitebox-ms-ordering.xml", "CON101"): 2,
    # A rule for the promoted role of a clone that is not promotable.
    ("pcs_test__resources__cib-all.xml", "CON102"): 1,
    # What Pacemaker 3.0 makes of a lifetime: a rule without a score, which it then ignores (crm_verify says so).
    ("pacemaker__cts__schemas__test-3__ref__lifetime-1.ref-99.xml", "CON201"): 4,
    ("pacemaker__cts__schemas__test-3__ref__multiple-location-rules.ref-3.xml", "CON201"): 4,
    # An influence called "invalid", and two templates that are colocated: crm_verify says so.
    ("pacemaker__cts__scheduler__xml__colocation-influence.xml", "CON404"): 1,
    ("pacemaker__cts__scheduler__xml__template-coloc-3.xml", "CON405"): 1,
    # A member of a group that a rule bans from every node, and in an opt-in cluster a clone that no constraint names.
    ("pacemaker__cts__scheduler__xml__group15.xml", "CON501"): 1,
    ("pacemaker__cts__scheduler__xml__notify-3.xml", "CON501"): 1,
    # The device lists remote-1 and remote-2; the nodes are called remote1 and remote2.
    ("pacemaker__cts__scheduler__xml__migration-behind-migrating-remote.xml", "REM506"): 2,
    # Three devices, each for one controller; the six remote nodes are in no list.
    ("pacemaker__cts__scheduler__xml__remote-recover-all.xml", "REM506"): 6,
    ("pacemaker__cts__scheduler__xml__remote-recover-connection.xml", "REM506"): 6,
    ("pacemaker__cts__scheduler__xml__remote-recover-unknown.xml", "REM506"): 6,
    # no_quorum-policy, with an underscore that Pacemaker does not know: the policy is the default.
    ("pacemaker__cts__scheduler__xml__bug-1572-1.xml", "OPT101"): 1,
    ("pacemaker__cts__scheduler__xml__promoted-13.xml", "OPT101"): 1,
    # inteleave, resource-stickines, migation-threshold: a letter is missing, and nothing reads them.
    ("pacemaker__cts__scheduler__xml__bug-lf-2317.xml", "RES501"): 1,
    ("pacemaker__cts__scheduler__xml__coloc-clone-stays-active.xml", "RES501"): 4,
    ("pacemaker__cts__scheduler__xml__stonith-3.xml", "RES501"): 1,
    # timeout="bad" is there to be bad.
    ("pacemaker__cts__scheduler__xml__intervals.xml", "OPS302"): 1,
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
