"""Cost grows with the file, whatever its shape: counted in calls, since a clock would tell of the machine.

Each shape has much of one thing. What is written once and stands for many (tags, templates, rules times nodes) is looked at up to a bound, so
that these are compared beyond it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cibcheck import engine
from cibcheck.api import Target
from cibcheck.cli.builtin import all_rules
from cibcheck.documents.cib import read_cib
from cibcheck.model.cib import ALL_TARGETS, Cib
from cibcheck.model.cluster import Cluster
from rules.forms import (
    bundle,
    clone,
    dummy,
    fence,
    group,
    guest,
    location,
    order,
    order_sets,
    remote,
    resource_set,
    tag,
    together,
    together_sets,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

RULES = all_rules(plugins=False)
HALF, FULL = 150, 300
BEYOND = 500, 1000


def each(count: int, form: str) -> str:
    """A text for each number up to one, with the number for ``@`` and the one after it for ``@@``."""
    return "".join(form.replace("@@", str(number + 1)).replace("@", str(number)) for number in range(count))


def several(count: int, make: Callable[[str], str], name: str = "p") -> str:
    return "".join(make(f"{name}{number}") for number in range(count))


def nodes(count: int) -> str:
    return f'<nodes>{each(count, """<node id="@" uname="n@"/>""")}</nodes>'


def whole(resources: str, constraints: str = "", nodes: str = nodes(3), sections: str = "") -> bytes:
    return (
        '<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/>'
        f"{nodes}<resources>{resources}</resources><constraints>{constraints}</constraints>{sections}</configuration></cib>"
    ).encode()


def ruled(of: str, number: str = "@", more: str = "") -> str:
    condition = f'<expression id="e{number}" attribute="pingd" operation="lt" value="1"/>'
    return (
        f'<rsc_location id="l{number}" rsc="{of}"{more}><rule id="r{number}" score="-INFINITY">{condition}</rule></rsc_location>'
    )


SETS = '<meta_attributes id="m@"><rule id="r@" score="1"><date_expression id="d@" operation="gt" start="2040-01-01"/></rule>'
SETS += '<nvpair id="v@" name="target-role" value="Stopped"/></meta_attributes>'
OPS = '<op id="o@" name="monitor" interval="@@s" timeout="20s"/>'
FILES = '<primitive id="@" class="ocf" provider="heartbeat" type="Filesystem"><instance_attributes id="@-i">'
FILES += '<nvpair id="@-f" name="fstype" value="gfs2"/></instance_attributes></primitive>'
TOPOLOGY = "<fencing-topology>{}</fencing-topology>"

SHAPES: dict[str, Callable[[int], bytes]] = {
    "remote nodes and cluster nodes": lambda n: whole(several(n, remote), nodes=nodes(n)),
    "guests that each want a neighbour": lambda n: whole(
        "".join(guest(f"vm{one}", f"g{one}") for one in range(n)), "".join(location(f"vm{one}", f"g{(one + 1) % n}") for one in range(n))
    ),
    "devices and nodes": lambda n: whole(several(n, fence), nodes=nodes(n)),
    "a long list of hosts": lambda n: whole(fence("f", pcmk_host_list=" ".join(f"z{one}" for one in range(n * 10)))),
    "levels for wrong targets": lambda n: whole(
        several(n, fence, "f"), nodes=nodes(n),
        sections=TOPOLOGY.format(each(n, '<fencing-level id="l@" target="nodex@" index="1" devices="dev@"/>')),
    ),
    "names that are nowhere": lambda n: whole(dummy(*(f"p{one}" for one in range(n))), each(n, order("p@", "q@"))),
    "templates that are nowhere": lambda n: whole(
        each(n, '<template id="t@" class="ocf" provider="pacemaker" type="Dummy"/><primitive id="p@" template="tt@"/>')
    ),
    "operations": lambda n: whole(dummy("a").replace("/>", f"><operations>{each(n, OPS)}</operations></primitive>")),
    "monitors that are the same": lambda n: whole(
        dummy("a").replace("/>", f"><operations>{each(n, OPS.replace('@@s', '9s'))}</operations></primitive>")
    ),
    "a group with constraints on its members": lambda n: whole(
        group("g", dummy(*(f"p{one}" for one in range(n)))), each(n, together("p@", "g") + order("g", "p@"))
    ),
    "a group with bans": lambda n: whole(
        group("g", dummy(*(f"p{one}" for one in range(n)))), each(n, location("g", "n1", "-5").replace('id="', 'id="@'))
    ),
    "a group that is stopped": lambda n: whole(
        group("g", SETS.replace("@", "") + dummy(*(f"p{one}" for one in range(n)))).replace("Stopped", "Started")
        + group("h", "".join(dummy(f"s{one}").replace("/>", f">{STOPPED.replace('@', str(one))}</primitive>") for one in range(n)))
    ),
    "one resource banned from each node": lambda n: whole(
        dummy("a"), "".join(location("a", f"n{one}", "-INFINITY") for one in range(n)), nodes(n)
    ),
    "together and apart": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n + 1))),
        each(n, together("p@", "p@@")) + "".join(
            together(f"p{one}", f"p{n - one}", "-INFINITY").replace('id="', 'id="x') for one in range(n)
        ),
    ),
    "rings of orders": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n + 1))), each(n, order("p@", "p@@") + order("p@@", "p@") + together("p@", "p@@"))
    ),
    "bundles that share a port with the first one, and are kept from it": lambda n: whole(
        several(n, lambda name: bundle(name, dummy(f"{name}-p")).replace(' ip-range-start="192.0.2.100"', "")),
        each(n - 1, together("p@@", "p0", score="-INFINITY")),
        nodes(n),
    ),
    "a name that stands in an order again and again": lambda n: whole(
        dummy("a", "b"), order_sets(*(resource_set("a", "b").replace("set-", f"set-{one}-") for one in range(n)))
    ),
    "sets that promote what cannot be": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n))), order_sets(*(resource_set(f"p{one}", action="promote") for one in range(n)))
    ),
    "a set that keeps its members apart": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n))), together_sets(resource_set(*(f"p{one}" for one in range(n))), score="-INFINITY")
    ),
    "controllers with one address": lambda n: whole(
        several(n, lambda name: fence(name, ip="192.0.2.1", pcmk_host_list=name.replace("p", "n"))), nodes=nodes(n)
    ),
    "cluster file systems": lambda n: whole(several(n, lambda name: clone(f"{name}-c", FILES.replace("@", name)))),
    "clones in a ring": lambda n: whole(
        "".join(clone(f"c{one}", dummy(f"p{one}")) for one in range(n + 1)), each(n, order("c@", "c@@") + together("c@@", "c@"))
    ),
    "tags in tags": lambda n: whole(dummy("a"), sections=f"<tags>{each(n, tag('t@', 't@@', 'a'))}</tags>"),
    "misspelt options": lambda n: whole(
        dummy("a").replace(
            "/>", f'><meta_attributes id="m">{each(n, """<nvpair id="x@" name="prioriti@" value="1"/>""")}</meta_attributes></primitive>'
        )
    ),
}  # fmt: skip
STOPPED = '<meta_attributes id="sm@"><nvpair id="sv@" name="target-role" value="Stopped"/></meta_attributes>'

MANIFOLD: dict[str, Callable[[int], bytes]] = {
    "rules and nodes": lambda n: whole(dummy(*(f"p{one}" for one in range(n))), each(n, ruled("p@")), nodes(n)),
    "rules that leave nodes out": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n))), each(n, ruled("p@", more=' resource-discovery="exclusive"')), nodes(n)
    ),
    "levels by pattern": lambda n: whole(
        several(n, remote) + fence("f"), nodes=nodes(n),
        sections=TOPOLOGY.format(each(n, '<fencing-level id="l@" target-pattern="x.*@" index="1" devices="f"/>')),
    ),
    "tags and constraints": lambda n: whole(
        dummy(*(f"p{one}" for one in range(n))), each(n, order("p@", "all")),
        sections=f"<tags>{tag('all', *(f'p{one}' for one in range(n)))}</tags>",
    ),
    "operations of a template": lambda n: whole(
        f'<template id="t" class="ocf" provider="pacemaker" type="Dummy"><operations>{each(n, OPS)}</operations></template>'
        + each(n, '<primitive id="p@" template="t"/>')
    ),
    "sets of one owner that each have a bad value": lambda n: whole(
        dummy("a").replace("/>", f">{each(n, SETS.replace('target-role', 'priority'))}</primitive>")
    ),
    "conditional sets of a group": lambda n: whole(group("g", each(n, SETS) + dummy(*(f"p{one}" for one in range(n))))),
}  # fmt: skip


def calls(data: bytes) -> int:
    """How many functions all rules call for a CIB."""
    count = 0

    def note(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    cluster = Cluster("cib.xml", Cib(read_cib("cib.xml", data), ALL_TARGETS), [])
    sys.setprofile(note)
    try:
        outcome = engine.run(engine.Subjects([cluster]), RULES, Target(ALL_TARGETS))
    finally:
        sys.setprofile(None)
    assert not outcome.internal_errors
    return count


def cases(shapes: dict[str, Callable[[int], bytes]]) -> Iterable[object]:
    return [pytest.param(shape, id=name) for name, shape in shapes.items()]


@pytest.mark.parametrize("shape", cases(SHAPES))
def test_twice_as_much_of_one_thing_takes_twice_as_many_calls(shape: Callable[[int], bytes]) -> None:
    assert calls(shape(FULL)) < 2.4 * calls(shape(HALF))


@pytest.mark.parametrize("shape", cases(MANIFOLD))
def test_what_stands_for_many_is_looked_at_up_to_a_bound(shape: Callable[[int], bytes]) -> None:
    half, full = BEYOND
    assert calls(shape(full)) < 2.4 * calls(shape(half))
