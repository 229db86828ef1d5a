"""schemas/cib.xsd itself: its marks make sense, and every version of it is an XSD."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from itertools import combinations

import pytest
import xmlschema
from lxml import etree

from cibcheck.grammar.compiler import MARKS as CC
from cibcheck.grammar.compiler import XS
from cibcheck.grammar.compiler import range_of as span
from cibcheck.grammar.projection import annotated, project
from cibcheck.grammar.versions import VERSIONS, Version
from cibcheck.grammar.versions import parse_version as version
from cibcheck.grammar.versions import show as text

MARKED = {f"{XS}{name}" for name in ("element", "attribute", "enumeration", "assert", "simpleType")}
OF_A_CONDITION = re.compile(
    r"""\s+ | '[^']*' | [()|,] | != | = | \d+
    | @[\w-]+ | (?: not | boolean | count | normalize-space ) (?=\() | and\b | or\b
    | [A-Za-z_][\w-]* (?! [\w(:/-] )""",
    re.VERBOSE,
)


def read() -> etree._Element:
    root = annotated()
    etree.strip_tags(root, etree.Comment)
    return root


@cache
def schema(of: Version) -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(etree.tostring(project(of), encoding="unicode"))


def where(node: etree._Element) -> str:
    return f"line {node.sourceline}: {node.get('name') or node.get('value') or node.get('test')}"


def test_every_mark_is_a_version_and_stands_where_marks_mean_something() -> None:
    for node in read().iter(etree.Element):
        marks = {str(name).removeprefix(CC): str(mark) for name, mark in node.attrib.items() if str(name).startswith(CC)}
        if not marks:
            continue
        assert node.tag in MARKED, where(node)
        for name, mark in marks.items():
            if name in {"wrong", "message", "sets", "to", "now", "instead", "says"}:
                assert mark, where(node)
                continue
            assert name in {"since", "until"}, where(node)
            assert version(mark) in VERSIONS, where(node)
        since, until = span(node)
        assert since <= until, where(node)
        assert marks.get("since") != "1.0", where(node)
        assert marks.get("until") != "4.0", where(node)


def test_ranges_of_equal_names_under_one_parent_do_not_meet() -> None:
    for parent in read().iter(etree.Element):
        same = defaultdict(list)
        for node in parent:
            same[node.tag, node.get("name"), node.get("value"), node.get("test")].append(node)
        for key, nodes in same.items():
            for one, other in combinations(nodes, 2):
                (since, until), (later_since, later_until) = sorted((span(one), span(other)))
                assert until < later_since <= later_until, f"{key}: {where(one)}, {where(other)}"
                assert since <= until


def test_every_condition_has_a_message_and_looks_no_deeper_than_at_a_child() -> None:
    for node in read().iter(f"{XS}assert"):
        assert node.get(f"{CC}message"), where(node)
        condition = node.get("test", "")
        etree.XPath(condition)
        assert OF_A_CONDITION.sub("", condition) == "", where(node)


def test_every_named_type_is_used_by_some_version() -> None:
    used = {node.get("name") for each in VERSIONS for node in project(each).iterchildren("*")}
    assert {node.get("name") for node in read()} == used


@pytest.mark.parametrize("each", VERSIONS, ids=text)
def test_every_version_of_it_is_an_xsd_without_marks(each: Version) -> None:
    projected = project(each)
    assert b"urn:cibcheck" not in etree.tostring(projected)
    assert set(schema(each).elements) == {"cib"}


def test_3_10_accepts_what_3_9_accepts() -> None:
    assert etree.tostring(project((3, 10))) == etree.tostring(project((3, 9)))


@pytest.mark.parametrize("each", VERSIONS, ids=text)
def test_white_space_may_stand_in_every_element(each: Version) -> None:
    """Also in one without children, which plain XSD forbids where a type has no content."""
    document = etree.fromstring(
        f"""<cib validate-with="pacemaker-{text(each)}" admin_epoch="0" epoch="0" num_updates="0"><configuration>
        <crm_config><cluster_property_set id="set"><nvpair id="pair" name="a" value="b"/></cluster_property_set></crm_config>
        <nodes/><resources/><constraints><rsc_location id="here" rsc="set"><rule id="rule" score="1">
        <expression id="expression" attribute="a" operation="defined"/></rule></rsc_location></constraints></configuration></cib>"""
    )
    for element in document.iter("*"):
        element.text = element.text or "\n"
    assert schema(each).is_valid(etree.tostring(document))
