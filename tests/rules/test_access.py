"""Who may do what, and who is told: what the rules about access and alerts find, and what only looks like it."""

from __future__ import annotations

import pytest

from cibcheck.testing import check
from rules.forms import dummy, option


def codes(fragments: str, *select: str) -> list[str]:
    checked = check(fragments, select=select)
    assert not checked.internal_errors
    return checked.codes


ROLE = '<acl_role id="reader"><acl_permission id="p" kind="read" xpath="/cib"/></acl_role>'
ON = option("enable-acl", "true")


@pytest.mark.parametrize(
    ("fragments", "found"),
    [
        (ON + ROLE + '<acl_target id="alice"><role id="reader"/></acl_target>', []),
        (ON + ROLE + '<acl_group id="staff"><role id="reader"/></acl_group>', []),
        (ON + ROLE + dummy("x") + '<acl_target id="alice"><role id="x"/></acl_target>', ["ACL101"]),
        (ON + ROLE + dummy("x") + '<acl_group id="staff" name="s"><role id="x"/></acl_group>', ["ACL101"]),
        (ROLE, ["ACL102"]),
        (option("enable-acl", "off") + ROLE, ["ACL102"]),
        (ON + ROLE + '<acl_target id="x" name="root"><role id="reader"/></acl_target>', ["ACL103"]),
        (ON + ROLE + '<acl_group id="root"><role id="reader"/></acl_group>', []),
        (ON + ROLE.replace("/cib", "//*["), ["ACL104"]),
        (ON + ROLE + '<acl_target id="alice"><role/><role id="reader"/></acl_target>', []),
        (ON + ROLE.replace("/cib", "//nvpair[like(@name, 'x')]"), ["ACL104"]),
        (ON + ROLE.replace("/cib", "//nvpair[starts-with(@name, 'like(') and (@id or not( text() ))]/ancestor::node()"), []),
        (ON + ROLE.replace("/cib", "//nvpair[@name=&quot;password&quot;]|//x"), []),
    ],
)
def test_access(fragments: str, found: list[str]) -> None:
    assert codes(fragments, "ACL") == found


def test_a_file_without_options_does_not_tell_whether_access_is_regulated() -> None:
    text = f"<acls>{ROLE}</acls>".encode()
    checked = check(text, select=["ACL102"])
    assert (checked.codes, len(checked.not_evaluated)) == ([], 1)


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("", []),
        ('<recipient id="a" value="x"/><recipient id="b" value="X"/>', []),
        ('<recipient id="a" value="x"/><recipient id="b" value="x"/>', ["ALR103"]),
        ('<recipient id="a" value=""/>', ["ALR102"]),
        ("<select><select_nodes/></select>", []),
        ("<select/>", ["ALR104"]),
    ],
)
def test_alerts(inside: str, found: list[str]) -> None:
    assert codes(f'<alert id="mail" path="/bin/mail">{inside}</alert>', "ALR") == found


@pytest.mark.parametrize(
    ("inside", "advice", "has_fix"),
    [
        (ROLE + '<acl_target id="alice"><role/></acl_target>', "acl_role", False),
        (ROLE + '<acl_target><role id="reader"/></acl_target>', "user", False),
        (ROLE + '<acl_target name="alice"><role id="reader"/></acl_target>', "user", True),
        ('<acl_role><acl_permission id="p" kind="read" xpath="/cib"/></acl_role>', "an id", False),
        ('<acl_role id="r"><acl_permission kind="read" xpath="/cib"/></acl_role>', "an id", True),
        (dummy("a") + '<tag id="t"><obj_ref/></tag>', "the tag", False),
    ],
)
def test_an_id_that_is_the_name_of_something_else_is_not_made_up(inside: str, advice: str, has_fix: bool) -> None:
    (finding,) = check(inside, select=["SCH112"]).findings
    assert advice in (finding.problem.help or "")
    assert (finding.problem.fix is not None) == has_fix


def enabled(name: str, value: str, inside: str = "") -> str:
    return f'<meta_attributes id="{name}">{inside}<nvpair id="{name}-e" name="enabled" value="{value}"/></meta_attributes>'


RULE = '<rule id="r" score="1"><date_expression id="d" operation="gt" start="2030-01-01"/></rule>'


@pytest.mark.parametrize(
    ("alert", "recipient", "found"),
    [
        (enabled("a", "off"), enabled("b", "Yes"), ["ALR105"]),
        (enabled("a", "off"), enabled("b", "no"), []),
        (enabled("a", "off"), "", []),
        ("", enabled("b", "true"), []),
        (enabled("a", "off", RULE), enabled("b", "true"), []),
    ],
)
def test_a_recipient_cannot_switch_its_alert_on(alert: str, recipient: str, found: list[str]) -> None:
    parts = f'<alert id="x" path="/x">{alert}<recipient id="y" value="y">{recipient}</recipient></alert>'
    assert codes(parts, "ALR1") == found


def test_the_same_recipient_of_two_alerts_is_fine() -> None:
    alerts = "".join(f'<alert id="{name}" path="/bin/{name}"><recipient id="{name}-to" value="x"/></alert>' for name in "ab")
    assert codes(alerts, "ALR") == []
