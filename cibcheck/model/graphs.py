"""Cycles in directed graphs, in time linear in nodes and edges."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

Node = TypeVar("Node", bound="Hashable")


def cycles(edges: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """One short cycle for each knot of nodes that all reach each other, as the nodes in order, the first not repeated."""
    edges = _core(edges)
    for component in _components(edges):
        if len(component) > 1 or component[0] in edges.get(component[0], ()):
            yield path(edges, component[0], component[0], frozenset(component))


def path(edges: Mapping[Node, Sequence[Node]], start: Node, end: Node, within: frozenset[Node] | None = None) -> list[Node]:
    """The nodes on a shortest way from one node to another (or round to itself), without the last; empty where there is none."""
    came_from: dict[Node, Node] = {}
    pending = deque([start])
    while pending:
        node = pending.popleft()
        for follower in edges.get(node, ()):
            if follower == end:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if follower not in came_from and (within is None or follower in within):
                came_from[follower] = node
                pending.append(follower)
    return []


def _core(edges: Mapping[Node, Sequence[Node]]) -> Mapping[Node, Sequence[Node]]:
    """The graph without the nodes to which no cycle leads; most graphs have none left."""
    arrows: dict[Node, int] = {}
    for followers in edges.values():
        for follower in followers:
            arrows[follower] = arrows.get(follower, 0) + 1
    pending = [node for node in edges if node not in arrows]
    gone = set(pending)
    while pending:
        for follower in edges.get(pending.pop(), ()):
            arrows[follower] -= 1
            if not arrows[follower]:
                gone.add(follower)
                pending.append(follower)
    return {node: followers for node, followers in edges.items() if node not in gone}


def _components(edges: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """The strongly connected components (Tarjan's algorithm, without recursion: a chain may be long)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_nodes: list[Node] = []
    is_open: set[Node] = set()
    for root in edges:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        open_nodes.append(root)
        is_open.add(root)
        work = [(root, iter(edges.get(root, ())))]
        while work:
            node, followers = work[-1]
            for follower in followers:
                if follower not in index:
                    index[follower] = low[follower] = len(index)
                    open_nodes.append(follower)
                    is_open.add(follower)
                    work.append((follower, iter(edges.get(follower, ()))))
                    break
                if follower in is_open:
                    low[node] = min(low[node], index[follower])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component: list[Node] = []
                    while not component or component[-1] != node:
                        component.append(open_nodes.pop())
                        is_open.discard(component[-1])
                    yield component[::-1]
