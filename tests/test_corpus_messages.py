"""What crm_verify 3.x says of the configuration of real files, cibcheck says at the same element.

``python tests/test_corpus_messages.py`` prints the table: each kind of message, how often we say the same, and what is missed, with the reason.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from command import cibcheck

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")

INVALID = "error: CIB did not pass schema validation"

# A message, and the codes of what we say then; what it names as ``id`` is where, or whom, our finding is about.
SAME = {
    r"error: CIB did not pass schema validation": "SCH",
    r"error: Cannot validate CIB with missing validate-with .*": "SCH403",
    r"error: Resource start-up disabled since no fencing resources .*": "FEN101",
    r"warning: Resource functionality and data integrity cannot be guaranteed .*": "FEN102",
    r"warning: \S+ requires fencing but fencing is disabled": "FEN102 REM613 RES403",
    r'warning: Resetting "requires" for (?P<id>\S+) to "quorum" because fencing is disabled': "RES403 RES402 FEN102",
    r"error: Operation (?P<id>\S+) is duplicate of \S+ .*": "OPS101 OPS102",
    r"warning: Support for legacy name '(?P<id>\S+)' for cluster option .*": "OPT103 OPT104",
    r"warning: Support for the (?P<id>concurrent-fencing) cluster property .*": "OPT108",
    r"error: Ignoring location constraint rule (?:pcmk__3_10_upgrade-)*(?P<id>\S+?)(?:-\d)?(?:-lifetime-and-rule)? because neither .*": (
        "CON201 UPG101 CON207"
    ),
    r"error: Resetting 'on-fail' for (?P<id>\S+) stop action to default value .*": "OPS201",
    r"warning: Ignoring (?:globally-unique|clone-max|clone-node-max) for (?P<id>\S+) because lsb resources .*": "RES302",
    r"warning: Support for the Master role is deprecated .*": "CON104 OPS107 RES506 OPS105",
    r"warning: Support for (?P<id>require-all) in ordering constraints .*": "CON307",
    r"warning: Support for setting meta-attributes \(such as (?P<id>\S+)\) to the explicit value '#default' .*": "VAL103",
    r"error: Ignoring constraint '(?P<id>[^']+)' because '[^']+' is not a valid resource or tag": "REF101 REF102 CON101",
    r"warning: No resource, template, or tag named '(?P<id>[^']+)'": "REF101 REF102 CON101",
    r"warning: Support for the '(?P<id>ordered|collocated)' group meta-attribute .*": "RES508",
    r"error: Cannot control (?P<id>\S+) inside \S+ without either ip-range-start or control-port": "RES601",
    r"error: Ignoring <(?:bundle|clone)> resource '(?P<id>[^']+)' because configuration is invalid": "RES601 RES303 RES301",
    r"error: Resource (?P<id>\S+) is of type \S+ and therefore cannot be used as a promotable clone resource": "RES303 RES301",
    r"warning: Ignoring symmetrical for '(?P<id>[^']+)' because not valid with kind of 'Serialize'": "CON306",
    r"error: Ignoring 'target-role' for (?P<id>\S+) because .* only makes sense for promotable clones": "RES311",
    r"error: Constraint '(?P<id>[^']+)' has invalid value for influence .*": "CON404",
    r"error: Using default value for cluster option '(?P<id>[^']+)' because .* is invalid": "OPT102 OPT108",
    r"error: Ignoring constraint '(?P<id>[^']+)' because two templates or tags cannot be colocated": "CON405",
    r"warning: More than one node entry has name '(?P<id>[^']+)'": "NOD201",
    r"warning: Support for 'score' in rsc_order is deprecated .*": "CON305",
}
# What has no finding, how often, and why.
MISSED = {
    r"warning: Support for the Master role is deprecated .*": (
        6,
        "they declare a schema before 3.7, which has no other name for the role",
    ),
    r"warning: Ignoring symmetrical for 'xen-set' .*": (1, "our finding is at the order constraint that the set is in"),
}
# Of the status of a cluster, or of what became of it.
STATUS = (
    r"warning: Node \S+ is unclean but cannot be fenced",
    r"error: .* resource \S+ might be active on \d+ nodes .*",
    r"error: Preventing \S+ from restarting on \S+ because of hard failure .*",
    r"warning: Invalid ordering constraint between \S+ and \S+",
    r"\S+_last_failure_\d+",
)


def messages() -> list[tuple[str, str]]:
    """The files, and what crm_verify 3.x says of each."""
    with (CORPUS / "expected.tsv").open(encoding="utf-8") as file:
        rows = [(row["file"], row["messages_3.x"].split(" | ")) for row in csv.DictReader(file, delimiter="\t")]
    # A run that found anything ends with this line; alone it speaks of the schema.
    return [(file, one) for file, said in rows for one in said if one and (one != INVALID or len(said) == 1)]


def findings() -> dict[str, list[dict[str, Any]]]:
    """Our findings, by file."""
    result = json.loads(
        cibcheck(
            "check", str(CORPUS / "cib"), "--isolated", "--select", "ALL", "--pacemaker", "3.0", "--output-format", "json"
        ).out
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in result["findings"]:
        found.setdefault(Path(finding["file"]).name, []).append(finding)
    return found


def is_about(finding: dict[str, Any], name: str) -> bool:
    """Whether a finding is at, in, or about what a message names; instances of a clone have a number behind their name."""
    told = json.dumps([finding[part] for part in ("element_path", "message", "affects", "related", "key")])
    return re.search(rf"(?<![\w.-]){re.escape(re.sub(r':[0-9]+$', '', name))}(?![\w.-])", told) is not None


def compared() -> tuple[Counter[str], Counter[str], list[tuple[str, str]]]:
    """How often each kind of message has our finding, and has not; and the messages without."""
    found, matched, missed, without = findings(), Counter[str](), Counter[str](), list[tuple[str, str]]()
    for file, message in messages():
        if any(re.fullmatch(pattern, message) for pattern in STATUS):
            continue
        pattern = next((pattern for pattern in SAME if re.fullmatch(pattern, message)), "")
        match = re.fullmatch(pattern, message) if pattern else None
        name = match.groupdict().get("id") if match else None
        codes = tuple(SAME[pattern].split()) if pattern else ()
        if any(one["code"].startswith(codes) and (name is None or is_about(one, name)) for one in found.get(file, []) if codes):
            matched[pattern] += 1
        else:
            missed[pattern] += 1
            without.append((file, message))
    return matched, missed, without


def test_what_crm_verify_says_of_the_configuration_is_said_at_the_same_element() -> None:
    matched, missed, without = compared()
    assert sum(matched.values()) > 250
    assert "" not in missed, "a message of a kind that the table does not have"
    reasons = Counter(next((reason for reason in MISSED if re.fullmatch(reason, message)), message) for _, message in without)
    assert reasons == {reason: number for reason, (number, _) in MISSED.items()}


def main() -> None:
    """Print the table."""
    matched, missed, _ = compared()
    print("matched missed  by                        crm_verify 3.x")
    for pattern, codes in SAME.items():
        print(f"{matched[pattern]:7} {missed[pattern]:6}  {codes:24}  {pattern}")
    print("missed, and why")
    for pattern, (number, why) in MISSED.items():
        print(f"{number:14}  {pattern}: {why}")


if __name__ == "__main__":
    main()
