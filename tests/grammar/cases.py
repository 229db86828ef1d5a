"""Expands facts.txt into documents: for each fact what keeps it and what breaks it, in a document that is else as small as can be."""

from __future__ import annotations

from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from cibcheck.grammar.versions import VERSIONS, Version
from grammar.facts import Alternative, Attribute, Combinations, Condition, Place, facts, in_force
from grammar.smallest import ALWAYS, ANCHOR, Node, Smallest, last, places
from grammar.values import BAD, GOOD

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

Said = tuple[str | None, ...]  # of attributes and children: a value; "" for any; None: not there
NAMESPACED = 'xmlns:x="urn:x"'
LARGEST_PRODUCT = 600


class Case(NamedTuple):
    """A document, and whether it must be accepted."""

    place: Place
    """The element that is looked at. All around it is as small as can be, and right."""
    line: int
    """The line of facts.txt that it is about; 0: what is said of all elements."""
    is_valid: bool
    document: str


def is_turn(version: Version, place: Place) -> bool:
    """Whether a version is the first or last one of something that is said of a place, or stands just before or after it."""
    element = facts().elements[place[-1]]
    of_values = [scope for one in element.attributes for _, scope in facts().values.get(one.type, ())]
    scopes = [one for one in (*element.scopes(), *of_values) if one.is_at(place)]
    at = VERSIONS.index(version)
    earlier, later = VERSIONS[max(at - 1, 0)], VERSIONS[min(at + 1, len(VERSIONS) - 1)]
    begins, ends = {one.since for one in scopes}, {one.until for one in scopes}
    is_edge = not all(place in places(one) for one in (earlier, later))
    return bool({version, later} & begins or {version, earlier} & ends or is_edge)


class _Cases:
    """The cases of one place in one version. Combinations are tried more thoroughly at the first of several places that are alike."""

    def __init__(self, version: Version, place: Place, alike: Container[tuple[object, ...]]) -> None:
        self.version, self.place = version, place
        self.facts = facts()
        self.element = self.facts.elements[place[-1]]
        self.known, self.inside = in_force(version, place)
        self.combined = self.element.combined(version, place)
        lines = [one.line for those in (self.known, self.inside) for one in those.values()]
        self.shape = (place[-1], *lines, *(one.line for one in (self.combined.alternatives if self.combined else ())))
        self.is_first = self.shape not in alike
        self._before, _, self._after = str(self._host(Smallest(version, "h", is_whole=True), 1)).partition("\0")

    def _host(self, maker: Smallest, depth: int) -> Node | str:
        """What is around the place, with a mark where the element goes."""
        if depth == len(self.place):
            return "\0"
        above, name = self.place[:depth], self.place[depth]
        node = maker.element(above, frozenset({f"<{name}>"}))
        node.children[last(node, name)] = self._host(maker, depth + 1)
        return node

    def fresh(self, *wanted: str, alternative: int | None = None) -> Node:
        maker = Smallest(self.version, "e", is_whole=True)
        return maker.element(self.place, frozenset(wanted), alternative)

    def case(self, line: int, is_valid: bool, node: Node) -> Case:
        document = f"{self._before}{node}{self._after}"
        anchor = Node("cluster_property_set", {"id": ALWAYS}) if ALWAYS in document else ""
        return Case(self.place, line, is_valid, document.replace(ANCHOR, str(anchor)))

    def judged(self, line: int, node: Node) -> Case:
        """A case whose verdict follows from what is said of the element."""
        return self.case(line, not list(self.facts.broken(self.version, self.place, node.attributes, node.tags())), node)

    def all(self) -> Iterator[Case]:
        yield self.judged(self.element.line, self.fresh())
        yield from self.everywhere()
        for name in dict.fromkeys(one.name for one in self.element.attributes):
            yield from self.attribute(name)
        for name in dict.fromkeys(one.name for one in self.element.children):
            yield from self.child(name)
        if self.combined:
            yield from self.combinations(self.combined)
        yield from self.order()
        for condition in self.element.conditions:
            yield from self.condition(condition)

    def everywhere(self) -> Iterator[Case]:
        """What holds for every element: no namespaces, no text, nothing unknown; comments and instructions are nothing."""
        is_open = self.element.is_open
        for extra, is_valid in (
            (NAMESPACED, True),
            (f'{NAMESPACED} x:id="a"', is_open),
            ('xml:lang="en"', is_open),
            ('xmlns="urn:x"', False),
            ('bogus=""', is_open),
        ):
            node = self.fresh()
            node.extra = extra
            yield self.case(0, is_valid, node)
        for content, is_valid in (
            (" \n\t", True),
            ("<!-- bogus -->", True),
            ("<?bogus bogus?>", True),
            ("bogus", is_open),
            ("&#160;", is_open),
            ("<![CDATA[ bogus ]]>", is_open),
            ("<bogus/>", is_open),
            (f"<x:{self.place[-1]} {NAMESPACED}/>", is_open),
            (f'<bogus id="{ALWAYS}" rsc="dangling">bogus</bogus>', is_open),
        ):
            for at in (0, len(self.fresh().children)):
                node = self.fresh()
                node.children.insert(at, content)
                yield self.case(0, is_valid, node)

    def attribute(self, name: str) -> Iterator[Case]:
        attribute = self.known.get(name)
        if attribute is None:
            attribute = next(one for one in self.element.attributes if one.name == name and one.scope.is_at(self.place))
            for node in self.hosts():
                listed = self.facts.values.get(attribute.type)
                node.attributes[name] = listed[0][0] if listed else ALWAYS if attribute.type == "IDREF" else "1"
                yield self.case(attribute.line, False, node)
            return
        yield self.judged(attribute.line, self.fresh(f"@{name}"))
        if attribute.is_required:
            node = self.fresh()
            del node.attributes[name]
            yield self.case(attribute.line, False, node)
        is_asked = self.combined is not None and bool(self.combined.asked(name))
        for value, is_good in self.values(attribute):
            node = self.fresh(f"@{name}")
            node.attributes[name] = value
            if not (is_asked and is_good):  # those belong to their combinations
                yield self.case(attribute.line, is_good, node)

    def hosts(self) -> Iterator[Node]:
        """Elements by each combination, also by one that lacks only what is not there yet, or no more."""
        alternatives = self.combined.alternatives if self.combined else ()
        yield from (self.fresh(alternative=at) for at in range(len(alternatives))) if alternatives else [self.fresh()]

    def values(self, attribute: Attribute) -> Iterator[tuple[str, bool]]:
        listed = self.facts.values.get(attribute.type)
        if listed is None:
            yield from ((value, True) for value in GOOD[attribute.type])
            yield from ((value, False) for value in BAD[attribute.type])
            return
        now = self.facts.values_of(attribute.type, self.version)
        for value, _ in listed:
            yield value, value in now
            yield f" {value}\n", value in now
            yield value.swapcase(), False
        yield from (("", False), ("bogus", False), (f"{now[0]} {now[0]}", False), (f"{now[0]},", False))

    def child(self, name: str) -> Iterator[Case]:
        child = self.inside.get(name)
        if child is None:
            child = next(one for one in self.element.children if one.name == name and one.scope.is_at(self.place))
            then = child.scope.since if self.version < child.scope.since else child.scope.until
            for node in self.hosts():
                foreign = Smallest(then, "o").element((*self.place, name))
                inner = node.children
                for node.children in ([*inner, foreign], [foreign, *inner]):
                    yield self.case(child.line, False, node)
            return
        yield self.judged(child.line, self.fresh(f"<{name}>"))
        for number in (0, 2, 3):
            node = self.fresh(f"<{name}>")
            at = last(node, name)
            node.children[at : at + 1] = self.more(name, number)
            is_needed = self.combined is not None and f"<{name}>" in self.combined.named()
            if number or not is_needed:
                yield self.case(child.line, child.least <= number <= child.most, node)

    def more(self, name: str, number: int) -> list[Node | str]:
        """A child several times."""
        return [Smallest(self.version, f"m{name}{one}").element((*self.place, name)) for one in range(number)]

    def combinations(self, combined: Combinations) -> Iterator[Case]:
        """Each alternative, with as little and as much as it may have; and what is one or two steps away from that, or all there is."""
        domains = {name: self.domain(combined, name) for name in sorted(combined.named()) if self.exists(name)}
        made: dict[tuple[str | None, ...], int] = {}
        for alternative in combined.alternatives:
            if all(map(self.exists, alternative.needed)):
                for start in self.extremes(combined, alternative, domains):
                    near = dict.fromkeys(_changed(start, domains, 1))
                    yield from (self.judged(alternative.line, self.configured(domains, one)) for one in near)
                    if self.is_first:
                        made |= dict.fromkeys(_changed(start, domains, 2), alternative.line)
        if self.is_first and prod(map(len, domains.values())) <= LARGEST_PRODUCT:
            made = dict.fromkeys(product(*domains.values()), combined.alternatives[0].line)
        yield from (self.judged(line, self.configured(domains, one)) for one, line in made.items())

    def extremes(self, combined: Combinations, alternative: Alternative, domains: Iterable[str]) -> Iterator[Said]:
        """What an alternative has at least, and at most."""
        some = sorted(filter(self.exists, alternative.some))
        for there in (alternative.needed | {*some[:1]}, alternative.needed | alternative.optional | alternative.some):
            values = {f"@{name}": self.value(combined, name, value) for name, value in alternative.values.items()}
            yield tuple(values.get(name, "") if name in there else None for name in domains)

    def value(self, combined: Combinations, name: str, asked: str) -> str:
        return combined.value(name, asked, self.facts.values_of(self.known[name].type, self.version))

    def exists(self, name: str) -> bool:
        return name.strip("@<>") in (self.known if name.startswith("@") else self.inside)

    def domain(self, combined: Combinations, name: str) -> list[str | None]:
        asked = sorted(combined.asked(name.strip("@")))
        if not asked:
            return [None, ""]
        listed = [value for value, _ in self.facts.values.get(self.known[name.strip("@")].type, ())]
        return [None, *(listed or asked), "bogus"]

    def configured(self, names: Iterable[str], config: Said) -> Node:
        """An element that has what is said of some names, whether it may or not."""
        node = self.fresh()
        maker = Smallest(self.version, "c")
        for name, value in zip(names, config, strict=True):
            plain = name.strip("@<>")
            if name.startswith("@"):
                node.attributes.pop(plain, None)
                if value is not None:
                    node.attributes[plain] = value or maker.value(self.known[plain])
            else:
                node.children = [one for one in node.children if not (isinstance(one, Node) and one.tag == plain)]
                if value is not None:
                    node.children.append(maker.element((*self.place, plain)))
        node.children.sort(key=lambda one: self.element.rank(self.version, self.place, one.tag if isinstance(one, Node) else ""))
        return node

    def order(self) -> Iterator[Case]:
        """Children that may stand together, in order, backwards, and one kind on both sides of another."""
        for first, second in combinations(self.inside, 2):
            try:
                node = self.fresh(f"<{first}>", f"<{second}>")
            except StopIteration:  # no combination has both
                continue
            others = [one for one in node.children if not (isinstance(one, Node) and one.tag in (first, second))]
            a, b = self.more(first, 2), self.more(second, 2)
            for some in ([a[0], b[0]], [b[0], a[0]], [a[0], b[0], a[1]], [b[0], a[0], b[1]]):
                ordered = [*others, *some]
                node.children = ordered
                line = next(
                    (one.line for one in self.element.orders if one.scope.holds(self.version, self.place)), self.element.line
                )
                yield self.judged(line, node)

    def condition(self, condition: Condition) -> Iterator[Case]:
        """What the condition forbids, also where and when it does not hold; and what looks like it."""
        where = condition.where
        values: Sequence[str | None] = condition.values or [None]
        for value in values:
            for said in (value, f" {value} ", f"{value}x") if condition.scope.holds(self.version, self.place) else (value,):
                for name in (where[1], f" {where[1]} ", f"{where[1]}x") if where else (None,):
                    node = self.fresh("@id", "@name", "@value")
                    if name and where:
                        node.attributes[where[0]] = name
                    if said is None:
                        del node.attributes[condition.attribute]
                    else:
                        node.attributes[condition.attribute] = said
                    yield self.judged(condition.line, node)
                    if "id-ref" in self.known:
                        del node.attributes["id"]
                        node.attributes["id-ref"] = ALWAYS
                        yield self.judged(condition.line, node)


def _changed(start: Said, domains: Mapping[str, list[str | None]], steps: int) -> Iterator[Said]:
    """All that differs from a start in one place, or in two."""
    for changed in combinations(range(len(start)), steps):
        yield from product(*(domain if at in changed else [start[at]] for at, domain in enumerate(domains.values())))


def cases(version: Version, *, where: Callable[[Version, Place], bool] = is_turn) -> Iterator[Case]:
    """All cases of a version, at the places where something changes then."""
    alike: set[tuple[object, ...]] = set()
    for place in filter(lambda place: where(version, place), places(version)):
        found = _Cases(version, place, alike)
        alike.add(found.shape)
        yield from found.all()
