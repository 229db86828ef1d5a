"""XPath from a configuration: what is refused before any file is read, and where."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from cibcheck.plugins.xpath import MOST_CHARACTERS, Expression, ExpressionError, TooLong, check_pattern

CIB = etree.fromstring("<cib><primitive id='web-1' type='Dummy'/><primitive id='DB'/><!-- no element --></cib>")


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("//primitive", ["web-1", "DB"]),
        ("//primitive[not(@type)]", ["DB"]),
        ("//primitive[re:test(@id, '^[a-z]+(-[a-z0-9]+)*+$')]", ["web-1"]),
        ('//primitive[not(re:test(concat(@id, ","), "^[a-z]"))]', ["DB"]),
        ("//primitive[re:test(@type, '^$')]", ["DB"]),
        ("//primitive[contains(@id, 'system-property(')]", []),
        ("//primitive[position() mod (1 + 1) = 1 and (@type or not(@id))]", ["web-1"]),
        ("//primitive/text()/..", []),
    ],
)
def test_an_expression_selects_elements(expression: str, ids: list[str]) -> None:
    assert [element.get("id") for element in Expression(expression).elements(CIB)] == ids


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("//primitive[", "at character 13: invalid expression"),
        ("//primitive[@id='x]", "at character 20: unfinished literal"),
        ("//primitive[@id == 1]", "at character 18: invalid expression"),
        ("//primitive[$node]", "at character 13: there are no variables"),
        ("//primitive[document('/etc/passwd')]", "at character 13: there is no function 'document'"),
        ("//primitive[unparsed-text('/etc/passwd')]", "at character 13: there is no function 'unparsed-text'"),
        ("//primitive[str:tokenize(@id)]", "at character 13: there is no function 'str:tokenize'"),
        ("//primitive[re:replace(@id, 'a', '', 'b')]", "at character 13: there is no function 're:replace'"),
        ("//primitive[start-with(@id, 'a')]", "did you mean 'starts-with'?"),
        ("count(//primitive)", "it must select elements"),
        ("'text'", "it must select elements"),
        ("//primitive[re:test(@id, @type)]", "at character 13: write re:test(text, 'pattern')"),
        ("//primitive[re:test(@id, 'a', 'i')]", "at character 13: write re:test(text, 'pattern')"),
        ("//primitive[re:test(@id)]", "at character 13: write re:test(text, 'pattern')"),
        ("//primitive[re:test(@id, 'a(b')]", "at character 28: in the pattern: missing )"),
        ("//primitive[re:test(@id, '(a+)+')]", "at character 31: in the pattern: to repeat a group with choices"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(expression: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(expression)
    assert message in str(caught.value)


@pytest.mark.parametrize("expression", ["//@id", "//comment()", "//primitive/@type | //primitive"])
def test_what_selects_something_else_fails_when_it_does(expression: str) -> None:
    with pytest.raises(TypeError, match="no element"):
        Expression(expression).elements(CIB)


EXPLOSIVE = [
    "(a+)+$",
    "(a|a)*$",
    "(a?a)+$",
    "(a|aa){2,}$",
    "((ab?)*c?)*$",
    "(?:a*)*b",
    "(?=(a+))*b",
    r"([a\)]+)+$",
    "(a{1,2}){30}$",
]


@pytest.mark.parametrize("pattern", EXPLOSIVE)
def test_a_pattern_that_a_text_can_make_explode_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError, match="in the pattern"):
        check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)++$", "(a|a)*+$", "(?>a+)+$", "(?:ab)*$", r"\(a+\)+", "[(]+[)*]+", "[]a*]+", "(a|b)c*", "(a+)?$"]
)
def test_a_pattern_that_cannot_explode_is_quick_on_every_text(pattern: str) -> None:
    check_pattern(pattern)
    element = etree.Element("primitive", id="a" * (MOST_CHARACTERS - 1) + "!")
    start = time.process_time()
    Expression(f"/primitive[re:test(@id, '{pattern}')]").elements(element)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?P<x>a)(?P=x)", "(?x)a", "(?(1)a)", "(?#a)", "a{2}{3}", "a{99999999999}", "["])
def test_rare_and_broken_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError, match="in the pattern"):
        check_pattern(pattern)


def test_a_text_that_is_too_long_for_a_pattern_is_not_tried() -> None:
    element = etree.Element("primitive", id="a" * (MOST_CHARACTERS + 1))
    with pytest.raises(TooLong):
        Expression("/primitive[re:test(@id, 'b')]").elements(element)
