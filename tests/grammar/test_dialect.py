"""The compiler takes what the tables say exactly, and refuses everything else, naming the place."""

from __future__ import annotations

import pytest
from lxml import etree

from cibcheck.grammar.compiler import Unrepresentable, compile_schema
from cibcheck.grammar.dialect import faults
from cibcheck.grammar.projection import annotated

TEXT = '<xs:simpleType name="text"><xs:restriction base="xs:string"/></xs:simpleType>'
ID = '<xs:simpleType name="id"><xs:restriction base="xs:ID"/></xs:simpleType>'
WORD = '<xs:simpleType name="word"><xs:restriction base="xs:token"><xs:enumeration value="a"/></xs:restriction></xs:simpleType>'
LEAF = '<xs:complexType name="leaf"/>'
BASE = '<xs:complexType name="base" abstract="true"><xs:attribute name="id" type="id"/></xs:complexType>'
OPEN = """
  <xs:complexType name="open" mixed="true">
    <xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>
    <xs:anyAttribute processContents="skip"/>
  </xs:complexType>"""


def schema(inside: str = "", beside: str = "", *, document: str = '<xs:element name="cib" type="cib"/>') -> etree._Element:
    return etree.fromstring(f"""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:cc="urn:cibcheck:schema">
  {document}
  <xs:complexType name="cib">{inside}</xs:complexType>
  {TEXT}{ID}{WORD}{LEAF}{BASE}{OPEN}{beside}
</xs:schema>""")


def simple(inside: str) -> str:
    return f'<xs:simpleType name="new">{inside}</xs:simpleType>'


def condition(test: str) -> str:
    return f'<xs:attribute name="t" type="text"/><xs:attribute name="w" type="word"/><xs:assert test="{test}" cc:message="m" cc:wrong="w"/>'


TAKEN = {
    "nothing": "",
    "children in any order": '<xs:all><xs:element name="a" type="leaf" minOccurs="0" maxOccurs="unbounded"/></xs:all>',
    "children in order": '<xs:sequence><xs:element name="a" type="leaf"/><xs:element name="b" type="open"/></xs:sequence>',
    "a choice": '<xs:sequence><xs:choice minOccurs="0" maxOccurs="3"><xs:element name="a" type="leaf"/></xs:choice></xs:sequence>',
    "a name twice, one after the other": '<xs:attribute name="t" type="text" cc:until="2.10"/>'
    '<xs:attribute name="t" type="word" use="required" cc:since="3.0"/>',
    "a base type": '<xs:complexContent><xs:extension base="base"><xs:all><xs:element name="a" type="leaf"/></xs:all></xs:extension>'
    "</xs:complexContent>",
    "conditions": condition("not(@t and (a or @w)) or @t = 'x' or normalize-space(@w) = 'a'"),
    "annotations": "<xs:annotation><xs:documentation>any <b>thing</b></xs:documentation></xs:annotation>",
}

REFUSED_IN_A_TYPE = {
    # Content
    "a choice instead of an order": '<xs:choice><xs:element name="a" type="leaf"/></xs:choice>',
    "a choice of several": '<xs:sequence><xs:choice><xs:element name="a" type="leaf" maxOccurs="2"/></xs:choice></xs:sequence>',
    "a choice of what may be missing": '<xs:sequence><xs:choice><xs:element name="a" type="leaf" minOccurs="0"/></xs:choice></xs:sequence>',
    "a sequence in a choice": "<xs:sequence><xs:choice><xs:sequence/></xs:choice></xs:sequence>",
    "anything in a choice": "<xs:sequence><xs:choice><xs:any/></xs:choice></xs:sequence>",
    "a choice of nothing": "<xs:sequence><xs:choice/></xs:sequence>",
    "a choice of nothing later": '<xs:sequence><xs:choice><xs:element name="a" type="leaf" cc:until="3.0"/></xs:choice></xs:sequence>',
    "a choice with a mark": '<xs:sequence><xs:choice cc:since="2.0"><xs:element name="a" type="leaf"/></xs:choice></xs:sequence>',
    "a sequence in a sequence": "<xs:sequence><xs:sequence/></xs:sequence>",
    "an optional sequence": '<xs:sequence minOccurs="0"><xs:element name="a" type="leaf"/></xs:sequence>',
    "a repeated sequence": '<xs:sequence maxOccurs="unbounded"><xs:element name="a" type="leaf"/></xs:sequence>',
    "an optional group": '<xs:all minOccurs="0"><xs:element name="a" type="leaf"/></xs:all>',
    "anything in a group": "<xs:all><xs:any/></xs:all>",
    "a named group": '<xs:group ref="g"/>',
    "a named group in a group": '<xs:all><xs:group ref="g"/></xs:all>',
    "two contents": '<xs:all><xs:element name="a" type="leaf"/></xs:all><xs:sequence/>',
    "open content": "<xs:openContent><xs:any/></xs:openContent><xs:all/>",
    "at least two": '<xs:all><xs:element name="a" type="leaf" minOccurs="2" maxOccurs="3"/></xs:all>',
    "at most none": '<xs:all><xs:element name="a" type="leaf" minOccurs="0" maxOccurs="0"/></xs:all>',
    "a name in two steps": '<xs:sequence><xs:element name="a" type="leaf"/><xs:element name="a" type="leaf"/></xs:sequence>',
    "a name in two steps that meet": '<xs:sequence><xs:element name="a" type="leaf" cc:until="3.0"/>'
    '<xs:element name="a" type="leaf" cc:since="3.0"/></xs:sequence>',
    "an element by reference": '<xs:all><xs:element ref="cib"/></xs:all>',
    "an element with a type inside": '<xs:all><xs:element name="a"><xs:complexType/></xs:element></xs:all>',
    "an element with text": '<xs:all><xs:element name="a" type="text"/></xs:all>',
    "an element of an unknown type": '<xs:all><xs:element name="a" type="b"/></xs:all>',
    "an element of an abstract type": '<xs:all><xs:element name="a" type="base"/></xs:all>',
    "an element that may be nil": '<xs:all><xs:element name="a" type="leaf" nillable="true"/></xs:all>',
    "an element with a fixed value": '<xs:all><xs:element name="a" type="leaf" fixed=""/></xs:all>',
    "keys": '<xs:all><xs:element name="a" type="leaf"><xs:key name="k"/></xs:element></xs:all>',
    "alternative types": '<xs:all><xs:element name="a" type="leaf"><xs:alternative type="leaf"/></xs:element></xs:all>',
    # What is open
    "anything after something": '<xs:sequence><xs:element name="a" type="leaf"/><xs:any minOccurs="0"/></xs:sequence>',
    "any elements, but no text": '<xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>'
    '<xs:anyAttribute processContents="skip"/>',
    "any attributes": '<xs:anyAttribute processContents="skip"/>',
    # Base types
    "a restriction": '<xs:complexContent><xs:restriction base="base"/></xs:complexContent>',
    "text with attributes": '<xs:simpleContent><xs:extension base="text"/></xs:simpleContent>',
    "an unknown base": '<xs:complexContent><xs:extension base="b"/></xs:complexContent>',
    "an open base": '<xs:complexContent><xs:extension base="open"/></xs:complexContent>',
    "itself as its base": '<xs:complexContent><xs:extension base="cib"/></xs:complexContent>',
    "text in an extension": '<xs:complexContent mixed="true"><xs:extension base="base"/></xs:complexContent>',
    "an attribute of its base again": '<xs:complexContent><xs:extension base="base"><xs:attribute name="id" type="text"/></xs:extension>'
    "</xs:complexContent>",
    # Attributes
    "two attributes of a name": '<xs:attribute name="t" type="text"/><xs:attribute name="t" type="word"/>',
    "two attributes whose versions meet": '<xs:attribute name="t" type="text" cc:until="3.0"/>'
    '<xs:attribute name="t" type="text" cc:since="3.0"/>',
    "a prohibited attribute": '<xs:attribute name="t" type="text" use="prohibited"/>',
    "a fixed attribute": '<xs:attribute name="t" type="text" fixed="x"/>',
    "an attribute with a default": '<xs:attribute name="t" type="text" default="x"/>',
    "an attribute by reference": '<xs:attribute ref="t"/>',
    "an attribute in a namespace": '<xs:attribute name="t" type="text" form="qualified"/>',
    "an attribute with a type inside": f'<xs:attribute name="t">{simple("")}</xs:attribute>',
    "an attribute of a built-in type": '<xs:attribute name="t" type="xs:boolean"/>',
    "an attribute of an unknown type": '<xs:attribute name="t" type="b"/>',
    "a group of attributes": '<xs:attributeGroup ref="g"/>',
    # Marks
    "an unknown mark": '<xs:attribute name="t" type="text" cc:sinse="2.0"/>',
    "a mark that is no version": '<xs:attribute name="t" type="text" cc:since="1.1"/>',
    "an end before its beginning": '<xs:attribute name="t" type="text" cc:since="3.0" cc:until="2.0"/>',
    "a condition that ends before it begins": '<xs:assert test="a" cc:message="m" cc:since="3.0" cc:until="2.0"/>',
    "a mark on a group": '<xs:all cc:since="2.0"><xs:element name="a" type="leaf"/></xs:all>',
    # Conditions
    "a condition without a message": '<xs:assert test="@a"/>',
    "a condition that is no XPath": condition("@a and"),
    "a condition with another meaning of names": '<xs:assert test="a" cc:message="m" xpathDefaultNamespace="urn:x"/>',
    "grandchildren": condition("a/b"),
    "a child's attribute": condition("a/@b"),
    "descendants": condition(".//a"),
    "the parent": condition("../a"),
    "any child": condition("*"),
    "any attribute": condition("@*"),
    "a namespace": condition("xs:a"),
    "an attribute in a namespace, asked for": condition("@xs:a"),
    "a predicate": condition("a[1]"),
    "the number of children": condition("count(a) = 1"),
    "the value of a child": condition("a = 'x'"),
    "the collapsed value of a child": condition("normalize-space(a) = 'x'"),
    "the element's own value": condition("normalize-space() = 'x'"),
    "a number": condition("@t = 1"),
    "two attributes compared": condition("@t = @w"),
    "a text first": condition("'x' = @t"),
    "another comparison": condition("@t != 'x'"),
    "an order of values": condition("@t &lt; 'x'"),
    "what is collapsed, as it stands": condition("@w = 'a'"),
    "whether something is there, by a function": condition("boolean(@t)"),
    "a union": condition("a | b"),
    "a list": condition("@t = ('x', 'y')"),
    "another function": condition("starts-with(@t, 'x')"),
    "a constant": condition("true()"),
}

REFUSED_BESIDE = {
    "a second type of a name": '<xs:complexType name="leaf"/>',
    "a second simple type of a name": TEXT,
    "a type in some versions": '<xs:complexType name="new" cc:since="2.0"/>',
    "an attribute for all": '<xs:attribute name="t" type="text"/>',
    "a group": '<xs:group name="g"><xs:all/></xs:group>',
    "a group of attributes": '<xs:attributeGroup name="g"/>',
    "another file": '<xs:include schemaLocation="x.xsd"/>',
    "another namespace's file": '<xs:import namespace="urn:x"/>',
    "what overrides": '<xs:override schemaLocation="x.xsd"/>',
    "another document": '<xs:element name="other" type="leaf"/>',
    "what is not of XML Schema": '<x:element xmlns:x="urn:x" name="cib"/>',
    "text anywhere in a type with children": '<xs:complexType name="new" mixed="true"><xs:all><xs:element name="a" type="leaf"/></xs:all>'
    "</xs:complexType>",
    "text in a type without children": '<xs:complexType name="new" mixed="true"/>',
    "an open type with an attribute": OPEN.replace('"open"', '"new"').replace(
        "<xs:anyAttribute", '<xs:attribute name="t" type="text"/><xs:anyAttribute'
    ),
    "text in other words": '<xs:complexType name="new" mixed="1"/>',
    "an open type that looks into its children": OPEN.replace('"open"', '"new"').replace("skip", "lax"),
    "an open type with little in it": OPEN.replace('"open"', '"new"').replace("unbounded", "3"),
    "children of its own and of a base": '<xs:complexType name="parent"><xs:all><xs:element name="a" type="leaf"/></xs:all></xs:complexType>'
    '<xs:complexType name="new"><xs:complexContent><xs:extension base="parent"><xs:all><xs:element name="b" type="leaf"/></xs:all>'
    "</xs:extension></xs:complexContent></xs:complexType>",
    # Values
    "a union": simple('<xs:union memberTypes="text word"/>'),
    "a union with types inside": simple(f"<xs:union>{simple('')}</xs:union>"),
    "a list": simple('<xs:list itemType="word"/>'),
    "a restricted type of our own": simple('<xs:restriction base="word"><xs:enumeration value="a"/></xs:restriction>'),
    "a type inside a restriction": simple(f"<xs:restriction>{WORD}</xs:restriction>"),
    "a longest length": simple('<xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction>'),
    "a largest number": simple('<xs:restriction base="xs:integer"><xs:maxInclusive value="9"/></xs:restriction>'),
    "white space kept": simple('<xs:restriction base="xs:string"><xs:whiteSpace value="collapse"/></xs:restriction>'),
    "a condition on a value": simple('<xs:restriction base="xs:string"><xs:assertion test="true()"/></xs:restriction>'),
    "another built-in type": simple('<xs:restriction base="xs:boolean"/>'),
    "tokens of any kind": simple('<xs:restriction base="xs:token"/>'),
    "listed texts, white space and all": simple('<xs:restriction base="xs:string"><xs:enumeration value="a"/></xs:restriction>'),
    "listed ids": simple('<xs:restriction base="xs:ID"><xs:enumeration value="a"/></xs:restriction>'),
    "a pattern of ids": simple('<xs:restriction base="xs:ID"><xs:pattern value="a"/></xs:restriction>'),
    "a pattern of listed values": simple(
        '<xs:restriction base="xs:token"><xs:enumeration value="a"/><xs:pattern value="a"/></xs:restriction>'
    ),
    "a listed value twice": simple(
        '<xs:restriction base="xs:token"><xs:enumeration value="a"/><xs:enumeration value="a"/></xs:restriction>'
    ),
    "a listed value with white space": simple('<xs:restriction base="xs:token"><xs:enumeration value=" a"/></xs:restriction>'),
    "a pattern in some versions": simple(
        '<xs:restriction base="xs:token"><xs:pattern value="a" cc:since="2.0"/></xs:restriction>'
    ),
    **{
        f"the pattern {pattern}": simple(f'<xs:restriction base="xs:token"><xs:pattern value="{pattern}"/></xs:restriction>')
        for pattern in (
            r"\d+",
            r"[\d]",
            r"\s",
            r"\i\c*",
            r"\p{L}",
            "a.b",
            "^a",
            "a$",
            "(?:a)",
            "a{2}",
            "[a-z-[aeiou]]",
            "a+?",
            "a*+",
        )
    },
}


@pytest.mark.parametrize("inside", TAKEN.values(), ids=TAKEN)
def test_what_the_tables_say_exactly_is_taken(inside: str) -> None:
    compile_schema(schema(inside))


def test_the_schema_itself_is_taken() -> None:
    assert list(faults(annotated())) == []


@pytest.mark.parametrize("inside", REFUSED_IN_A_TYPE.values(), ids=REFUSED_IN_A_TYPE)
def test_what_a_type_may_not_say_is_refused_with_its_place(inside: str) -> None:
    with pytest.raises(Unrepresentable, match=r"^line \d+: <\w+>: .+"):
        compile_schema(schema(inside))


@pytest.mark.parametrize("beside", REFUSED_BESIDE.values(), ids=REFUSED_BESIDE)
def test_what_a_schema_may_not_say_is_refused_with_its_place(beside: str) -> None:
    with pytest.raises(Unrepresentable, match=r"^line \d+: <\w+>: .+"):
        compile_schema(schema(beside=beside))


@pytest.mark.parametrize(
    "document",
    [
        "",
        '<xs:element name="other" type="cib"/>',
        '<xs:element name="cib" type="leaf"/>',
        '<xs:element name="cib" type="cib" cc:since="2.0"/>',
        '<xs:element name="cib" type="cib" abstract="true"/>',
    ],
)
def test_a_schema_of_other_documents_than_cibs_is_refused(document: str) -> None:
    with pytest.raises(Unrepresentable):
        compile_schema(schema(document=document))


@pytest.mark.parametrize("attribute", ["targetNamespace", "elementFormDefault", "defaultAttributes", "xpathDefaultNamespace"])
def test_what_would_change_the_meaning_of_the_whole_schema_is_refused(attribute: str) -> None:
    root = schema()
    root.set(attribute, "qualified")
    with pytest.raises(Unrepresentable, match=f"<schema>: has {attribute}"):
        compile_schema(root)
