"""What Pacemaker 3 drops or changes, and what it leaves alone."""

from __future__ import annotations

import pytest

from cibcheck.testing import check
from rules.forms import dummy, guest


def codes(fragments: str, *select: str) -> list[str]:
    checked = check(fragments, select=select)
    assert not checked.internal_errors
    return checked.codes


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (f'<clone id="c">{guest("vm", "g1").replace("ocf", "upstart")}</clone>', ["UPG101"]),
        ('<template id="t" class="nagios" type="check_tcp"/><primitive id="a" template="t"/>', ["UPG101"]),
        (f'<master id="m">{dummy("a")}</master>', ["UPG103"]),
        (f'<master id="m"><meta_attributes id="x"/>{dummy("a")}</master>', ["UPG103"]),
        ('<bundle id="b"><docker image="i" masters="1" promoted-max="1"/></bundle>', ["UPG103"]),
    ],
)
def test_what_pacemaker_3_changes(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "UPG") == found


@pytest.mark.parametrize(
    ("feature_set", "lines", "found"),
    [
        ("3.20.5", ("2.1", "3.0"), []),
        ("3.20.6", ("2.1", "3.0"), ["warning"]),
        ("3.20.10", ("3.0",), ["warning"]),
        ("3.21", ("3.0",), ["warning"]),
        ("3.9.0", ("2.1",), []),
        ("3.19.10", ("2.1",), []),
        ("3.20.0", ("2.1",), ["error"]),
        ("3.20.0", ("2.1", "3.0"), []),
    ],
)
def test_feature_sets_are_compared_number_by_number(feature_set: str, lines: tuple[str, ...], found: list[str]) -> None:
    cib = f'<cib validate-with="pacemaker-3.9" crm_feature_set="{feature_set}" epoch="1" num_updates="0" admin_epoch="0">'
    cib += "<configuration><crm_config/><nodes/><resources/><constraints/></configuration></cib>"
    checked = check(cib, select=["UPG105"], targets=frozenset(lines))
    assert [finding.severity.word for finding in checked.findings] == found


@pytest.mark.parametrize(
    ("inside", "has_fix"),
    [("", False), ('<meta_attributes id="x"><nvpair id="n" name="notify" value="true"/></meta_attributes>', True)],
)
def test_a_master_with_a_place_for_the_option_can_be_made_a_clone(inside: str, has_fix: bool) -> None:
    findings = check(f'<master id="m">{inside}{dummy("a")}</master>', select=["UPG103"]).findings
    assert [finding.problem.fix is not None for finding in findings] == [has_fix]
