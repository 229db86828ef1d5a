"""The compiled schema, projected onto one version: for each type what attributes and children it has, made when first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from cibcheck.grammar.spaces import SPACE, collapse
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cibcheck.grammar.versions import Version

    Marks = tuple[Version, Version]
    Holds = Callable[[str], object]


class Check(NamedTuple):
    """How an attribute's value is judged: at first a look that is quick and settles nearly all, else with all that XML allows."""

    quick: Holds
    exact: Holds

    def fits(self, text: str) -> bool:
        """Whether a value is one that the schema allows."""
        return bool(self.quick(text) or self.exact(text))


class Child(NamedTuple):
    """An element that may stand in another: its type, and how often at least and at most (None: any number)."""

    type: str
    least: int
    most: int | None


class Step(NamedTuple):
    """One place in an ordered content: the names that may stand there, and how often."""

    names: frozenset[str]
    least: int
    most: int | None


class Condition(NamedTuple):
    """What must hold between an element's attributes and children."""

    holds: Callable[[Mapping[str, str], Mapping[str, int]], bool]
    wrong: str
    """What is wrong with the element where it does not hold; a predicate."""
    message: str
    """What to do then."""
    mend: tuple[str, str] | None
    """The attribute that mends it, and the value that it needs, as XPath; where there is just one way."""
    reads: Sequence[str]
    """The attributes whose values it asks for, not only whether they are there."""
    attributes: Sequence[str]
    """The names of the attributes that it asks for."""
    marks: Marks


class Shape(NamedTuple):
    """What follows from the names of an element's attributes alone; few shapes make up a whole document."""

    checks: Sequence[tuple[str, Holds, Holds]]
    """The attributes whose values need a look: the name, the quick and the exact one."""
    ids: Sequence[tuple[str, Holds, Holds]]
    """Those that are ids, with the same; what the quick look lets pass has no spaces around it."""
    references: Sequence[str]
    telling: Sequence[str]
    """The attributes whose values conditions ask for."""
    sound: set[tuple[str | None, ...]]
    """What such elements were found to be right with: the names of their children, in order, and the values that conditions ask for."""


class _Inner(dict[str, "Type | None"]):
    """Types by tag, each made when a document first has such a child: most documents have few kinds of elements."""

    def __init__(self, grammar: Grammar, children: Mapping[str, Child]) -> None:
        super().__init__()
        self._grammar = grammar
        self._children = children

    def __missing__(self, tag: str) -> Type | None:
        if (child := self._children.get(tag)) is None:
            return None
        kind = self._grammar.type(child.type)
        found = self[tag] = None if kind.is_open else kind
        return found


class Type:
    """What an element of a type may hold in one version."""

    def __init__(self, grammar: Grammar, name: str) -> None:
        table_of_attributes, content, assertions = grammar.entry(name)
        self.name = name
        own = {one: grammar.current(entries) for one, entries in table_of_attributes.items()}
        present = {one: entry for one, entry in own.items() if entry is not None}
        self.attributes: Mapping[str, Check | None] = {one: grammar.check(entry[0]) for one, entry in present.items()}
        """The check of each attribute's value; None where any text will do."""
        self.required: Sequence[str] = [one for one, entry in present.items() if entry[1]]
        kinds = {one: grammar.kind(entry[0]) for one, entry in present.items()}
        self.ids: Sequence[str] = [one for one, kind in kinds.items() if kind == "id"]
        self.references: Sequence[str] = [one for one, kind in kinds.items() if kind == "idref"]
        self.children, self.steps = _children(grammar, content)
        self.conditions = [Condition(*one) for one in assertions if grammar.includes(one[-1])]
        self.telling = [*dict.fromkeys(name for condition in self.conditions for name in condition.reads)]
        """The attributes whose values the conditions ask for."""
        self.is_open: bool = content[0] == "any"
        """Whether anything may stand in it, unjudged (``status``)."""
        self.shapes: dict[tuple[str, ...], Shape] = {}
        self.inner = _Inner(grammar, self.children)
        """The types of the children that are judged; None for any other."""

    def shape(self, names: tuple[str, ...]) -> Shape:
        """What is to be done with attributes of these names, as far as the type has them."""
        found = self.shapes.get(names)
        if found is None:
            checked = [
                (name, *check)
                for name in names
                if name not in self.references and (check := self.attributes.get(name)) is not None
            ]
            checks = [one for one in checked if one[0] not in self.ids]
            ids = [one for one in checked if one[0] in self.ids]
            references, telling = ([name for name in those if name in names] for those in (self.references, self.telling))
            found = self.shapes[names] = Shape(checks, ids, references, telling, set())
        return found


def _children(grammar: Grammar, content: tuple[Any, ...]) -> tuple[Mapping[str, Child], Sequence[Step] | None]:
    """The children of a type, and their order where it is not free."""
    if content[0] == "all":
        return {one: Child(kind, least, most) for one, kind, least, most, marks in content[1] if grammar.includes(marks)}, None
    if content[0] != "sequence":
        return {}, None
    children: dict[str, Child] = {}
    steps = []
    for least, most, members in content[1]:
        present = [member for member in members if grammar.includes(member[4])]
        children.update({member[0]: Child(member[1], least if len(members) == 1 else 0, most) for member in present})
        if present:
            steps.append(Step(frozenset(member[0] for member in present), least, most))
    return children, steps


class Grammar:
    """The schema in one version."""

    def __init__(self, version: Version) -> None:
        from cibcheck_schemas import cib_tables

        self.version = version
        self._tables = cib_tables
        self._made: dict[str, Type] = {}
        self._checks: dict[str, Check | None] = {}

    def type(self, name: str) -> Type:
        """A type by name."""
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = Type(self, name)
        return found

    def type_of_section(self, tag: str) -> Type | None:
        """The type of a root element: ``cib``, ``configuration``, or one of its sections."""
        cib = self.type("cib")
        if tag == "cib":
            return cib
        configuration = self.type(cib.children["configuration"].type)
        return configuration if tag == "configuration" else configuration.inner[tag]

    # What the tables say, for types to be made of.

    def entry(self, name: str) -> Any:
        """The compiled entry of a type: attributes, content, conditions, each with the marks of all versions."""
        return self._tables.TYPES[name]

    def includes(self, marks: Marks) -> bool:
        """Whether what has these marks is there in this version."""
        return marks[0] <= self.version <= marks[1]

    def current(self, entries: Sequence[tuple[str, bool, Marks]]) -> tuple[str, bool, Marks] | None:
        """The entry of an attribute that holds in this version."""
        return next((entry for entry in entries if self.includes(entry[2])), None)

    def kind(self, simple: str) -> str:
        """The kind of a simple type: ``text``, ``id``, ``idref``, ``enum``, ``pattern`` and so on."""
        return str(self._tables.SIMPLE[simple][0])

    def check(self, simple: str) -> Check | None:
        """How values of a simple type are judged; None where any text will do."""
        if simple not in self._checks:
            self._checks[simple] = self._make_check(simple)
        return self._checks[simple]

    def _make_check(self, simple: str) -> Check | None:
        kind, *rest = self._tables.SIMPLE[simple]
        if kind == "text":
            return None
        if kind == "enum":
            values = frozenset(value for value, marks in rest[0] if self.includes(marks))
            return Check(values.__contains__, lambda text: collapse(text) in values)
        if kind == "pattern":
            match = re.compile("|".join(f"(?:{one})" for one in rest[0])).fullmatch
            return Check(match, (lambda text: match(collapse(text))) if rest[1] else match)
        return _BUILT_IN[kind]

    # What messages ask for.

    def allowed_values(self, type_name: str, attribute: str) -> Sequence[tuple[str, Marks]]:
        """The values of an enumerated attribute, of all versions with their marks, in the order of the schema."""
        entry = self.current(self.entry(type_name)[0].get(attribute, ()))
        if entry is None or self.kind(entry[0]) != "enum":
            return ()
        found: Sequence[tuple[str, Marks]] = self._tables.SIMPLE[entry[0]][1]
        return found

    def words_for_values(self, type_name: str, attribute: str) -> str:
        """What values an attribute takes that lists none: such as ``a whole number``."""
        entry = self.current(self.entry(type_name)[0].get(attribute, ()))
        return str(self._tables.SAYS.get(entry[0], "")) if entry else ""

    def successor(self, kind: str, name: str) -> tuple[str | None, str]:
        """What is written in place of an element, attribute or value that is no more: its new name, if it is just that, and what to
        do, in words; empty where there is nothing to tell."""
        found: tuple[str | None, str] = self._tables.SUCCESSORS.get((kind, name), (None, ""))
        return found

    def history_of_attribute(self, type_name: str, attribute: str) -> Sequence[Marks]:
        """In which versions a type has an attribute."""
        return [marks for _, _, marks in self.entry(type_name)[0].get(attribute, ())]

    def history_of_child(self, type_name: str, tag: str) -> Sequence[Marks]:
        """In which versions a type has a child."""
        kind, content = self.entry(type_name)[1]
        members = [member for step in content for member in step[2]] if kind == "sequence" else content
        return [member[4] for member in members if member[0] == tag]

    @cached_property
    def parents(self) -> Mapping[str, Sequence[str]]:
        """For each element the names of those in which it may stand in this version, sorted."""
        return {tag: sorted(set(parents)) for tag, (parents, _) in self._places.items()}

    @cached_property
    def bearers(self) -> Mapping[str, Sequence[str]]:
        """For each attribute the names of the elements that may have it in this version, sorted."""
        found: dict[str, set[str]] = {}
        for tag, (_, types) in self._places.items():
            for kind in types:
                for attribute in self.type(kind).attributes:
                    found.setdefault(attribute, set()).add(tag)
        return {attribute: sorted(tags) for attribute, tags in found.items()}

    @cached_property
    def _places(self) -> Mapping[str, tuple[set[str], set[str]]]:
        """Each element's parents and types."""
        found: dict[str, tuple[set[str], set[str]]] = {"cib": (set(), {"cib"})}
        pending, seen = [("cib", "cib")], set[tuple[str, str]]()
        while pending:
            tag, name = one = pending.pop()
            if one in seen:
                continue
            seen.add(one)
            for child, entry in self.type(name).children.items():
                parents, types = found.setdefault(child, (set(), set()))
                parents.add(tag)
                types.add(entry.type)
                pending.append((child, entry.type))
        return found


@cache
def grammar(version: Version) -> Grammar:
    """The grammar of a version; made once."""
    return Grammar(version)


_plain_name = re.compile(r"[A-Za-z_][-.0-9A-Za-z_]*").fullmatch


def is_ncname(text: str) -> bool:
    """Whether a text is an XML name without a colon. For letters beyond ASCII libxml2 is asked, as Pacemaker does."""
    if text.isascii():
        return _plain_name(text.strip(SPACE)) is not None
    return _foreign_name(text)


@cache
def _foreign_name(text: str) -> bool:
    from lxml import etree

    element = etree.Element("a")
    element.set("id", text)
    return bool(_name_grammar().validate(element))


@cache
def _name_grammar() -> Any:
    from lxml import etree

    return etree.RelaxNG(
        etree.fromstring(
            '<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"'
            ' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><attribute name="id"><data type="NCName"/></attribute></element>'
        )
    )


_BUILT_IN: Mapping[str, Check] = {"id": Check(_plain_name, is_ncname), "idref": Check(_plain_name, is_ncname)}
