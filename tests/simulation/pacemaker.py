"""A small cluster in Pacemaker's simulator: build a CIB from a few parts, run it, see what Pacemaker does.

Nothing in here knows cibcheck: the simulations prove what its rules say of Pacemaker, so they must not lean on it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

MEMBERS = {"1": "node1", "2": "node2", "3": "node3"}
"""The cluster nodes' names by id."""

TIMEOUT = 30


# --- the tools ---


def tool(name: str) -> str | None:
    """Return the path of a Pacemaker tool, also where only root has it in the path."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))


def installed() -> bool:
    """Say whether the simulator and its companions are there."""
    return all(tool(name) for name in ("crm_simulate", "crm_verify", "crm_resource"))


@cache
def version() -> tuple[int, ...]:
    """Return Pacemaker's version, such as (2, 1, 5); empty where it is not installed."""
    command = tool("crm_simulate")
    if not command:
        return ()
    said = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=TIMEOUT, check=False).stdout
    number = re.search(r"\d+(\.\d+)+", said)
    return tuple(int(part) for part in number[0].split(".")) if number else ()


def until(release: str) -> pytest.MarkDecorator:
    """Skip a test from that release of Pacemaker on, where it is known to do something else."""
    limit = tuple(int(part) for part in release.split("."))
    return pytest.mark.skipif(version() >= limit, reason=f"Pacemaker {release} does something else")


# --- the parts of a CIB ---


def xml(tag: str, *children: Element, **attributes: str) -> Element:
    """Return an element; in attribute names `_` stands for `-` and a trailing `_` for nothing (`with_rsc`, `class_`)."""
    element = Element(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    element.extend(children)
    return element


def attributes(tag: str, name: str, pairs: Mapping[str, str] | Sequence[tuple[str, str]], *head: Element, **more: str) -> Element:
    """Return an attribute set (`meta_attributes` …) of that id, with what comes before its pairs (a rule) and a score."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    nvpairs = [xml("nvpair", id=f"{name}-{at}", name=key, value=value) for at, (key, value) in enumerate(items)]
    return xml(tag, *head, *nvpairs, id=name, **more)


def _sets(name: str, meta: Mapping[str, str] | None, params: Mapping[str, str] | None) -> Iterable[Element]:
    if params:
        yield attributes("instance_attributes", f"{name}-params", params)
    if meta:
        yield attributes("meta_attributes", f"{name}-meta", meta)


def primitive(
    name: str,
    agent: str,
    *inside: Element,
    meta: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    tag: str = "primitive",
) -> Element:
    """Return a primitive; the agent is written as in `ocf:pacemaker:Dummy`, `stonith:fence_xvm`, or `@name` for a template."""
    match agent.split(":"):
        case [standard, provider, kind]:
            what = {"class": standard, "provider": provider, "type": kind}
        case [standard, kind]:
            what = {"class": standard, "type": kind}
        case _:
            what = {"template": agent.removeprefix("@")}
    element = Element(tag, {"id": name, **what})
    element.extend([*_sets(name, meta, params), *inside])
    return element


def template(name: str, agent: str, *inside: Element, meta: Mapping[str, str] | None = None) -> Element:
    """Return a resource template."""
    return primitive(name, agent, *inside, meta=meta, tag="template")


def dummy(name: str, *inside: Element, **meta: str) -> Element:
    """Return an ordinary resource, with meta-attributes (`target_role="Stopped"`)."""
    return primitive(name, "ocf:pacemaker:Dummy", *inside, meta=_names(meta))


def remote(name: str, *inside: Element, **meta: str) -> Element:
    """Return the connection to a remote node, with a monitor as everybody should have."""
    return primitive(name, "ocf:pacemaker:remote", *inside, xml("operations", op(name, "monitor", "30s")), meta=_names(meta))


def guest(vm: str, name: str, *inside: Element, **meta: str) -> Element:
    """Return a virtual machine that is the guest node `name`."""
    return primitive(vm, "ocf:heartbeat:VirtualDomain", *inside, meta={"remote-node": name} | _names(meta))


def fence(name: str = "F") -> Element:
    """Return a fence device for every node that the simulations have."""
    return primitive(name, "stonith:fence_xvm", params={"pcmk_host_list": "node1 node2 node3 r1 r2 g1 g2 g3"})


def group(name: str, *members: Element, **meta: str) -> Element:
    """Return a group."""
    return xml("group", *_sets(name, _names(meta), None), *members, id=name)


def clone(name: str, member: Element, **meta: str) -> Element:
    """Return a clone."""
    return xml("clone", *_sets(name, _names(meta), None), member, id=name)


def bundle(name: str, *member: Element, replicas: str = "1") -> Element:
    """Return a bundle; without a primitive it is only containers."""
    network = xml("network", ip_range_start="192.0.2.10", control_port="3999")
    return xml("bundle", xml("podman", image="app", replicas=replicas), network, *member, id=name)


def op(rsc: str, name: str, interval: str = "0", **more: str) -> Element:
    """Return an operation of a resource."""
    return xml("op", id=f"{rsc}-{name}-{interval}", name=name, interval=interval, **more)


def location(rsc: str, where: str, score: str = "INFINITY", **more: str) -> Element:
    """Return a location constraint."""
    return xml("rsc_location", id=f"{rsc}-on-{where}-{score}", rsc=rsc, node=where, score=score, **more)


def ban(rsc: str, *nodes: str) -> list[Element]:
    """Return the location constraints that keep a resource off some nodes."""
    return [location(rsc, name, "-INFINITY") for name in nodes]


def only(rsc: str, where: str) -> list[Element]:
    """Return the location constraints that let a resource run on one of the known nodes and nowhere else."""
    return [location(rsc, where), *ban(rsc, *({*MEMBERS.values(), "r1", "g1"} - {where}))]


def order(first: str, then: str, **more: str) -> Element:
    """Return an order constraint."""
    return xml("rsc_order", id=f"{first}-then-{then}", first=first, then=then, **more)


def colocation(rsc: str, with_rsc: str, score: str = "INFINITY", **more: str) -> Element:
    """Return a colocation constraint."""
    return xml("rsc_colocation", id=f"{rsc}-with-{with_rsc}", rsc=rsc, with_rsc=with_rsc, score=score, **more)


def resource_set(name: str, *members: str, **more: str) -> Element:
    """Return a resource set of a constraint."""
    return xml("resource_set", *(xml("resource_ref", id=member) for member in members), id=name, **more)


def tag(name: str, *members: str) -> Element:
    """Return a tag."""
    return xml("tag", *(xml("obj_ref", id=member) for member in members), id=name)


def rule(name: str, attribute: str, value: str, **more: str) -> Element:
    """Return a rule that compares a node attribute with a value."""
    return xml("rule", xml("expression", id=f"{name}-e", attribute=attribute, operation="eq", value=value), id=name, **more)


def date_rule(name: str, *, true: bool, **more: str) -> Element:
    """Return a rule that surely holds, or surely does not hold for a long time to come."""
    when = xml("date_expression", id=f"{name}-d", operation="lt" if true else "gt", **{"end" if true else "start": "2999-01-01"})
    return xml("rule", when, id=name, **more)


def node(name: str, **attrs: str) -> Element:
    """Return a node entry with attributes (`standby="on"`), of type remote unless it is a cluster node."""
    at = next((at for at, uname in MEMBERS.items() if uname == name), None)
    held = [attributes("instance_attributes", f"node-{name}", attrs)] if attrs else []
    return xml("node", *held, id=at, uname=name) if at else xml("node", *held, id=name, uname=name, type="remote")


def _names(given: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


# --- the cluster ---


@dataclass(frozen=True)
class Run:
    """What one transition did."""

    code: int
    """The simulator's status; if it is negative, the simulator died, and everything else is empty."""
    log: str
    """What the simulator had to complain of."""
    plan: Sequence[str]
    """The transition's summary, as `recover A`: start, stop, move, recover, restart, migrate …"""
    did: Sequence[str]
    """What was executed, in order, as `start A node1`; `probe` is a single and `monitor` a recurring check."""
    fenced: Sequence[str]
    """The nodes that a fence device rebooted."""
    where: Mapping[str, Sequence[str]]
    """Afterwards: resource → the nodes where it is active, sorted; one id shown twice is one entry."""
    nodes: Sequence[str]
    """All nodes that Pacemaker knows afterwards."""
    online: Sequence[str]
    unclean: Sequence[str]
    """Nodes of which Pacemaker does not know what they hold, so that they await fencing."""

    @property
    def quiet(self) -> bool:
        """Say whether there was nothing to do, but for a look at what a node holds that came up in the run before."""
        return not (self.plan or self.fenced or self.code)

    @property
    def deadlock(self) -> bool:
        """Say whether the transition had actions that wait for each other."""
        return "An invalid transition was produced" in self.log


class Cluster:
    """A cluster of three online nodes, with fencing, that the simulator moves on from run to run."""

    def __init__(
        self,
        folder: Path,
        *parts: Element | Sequence[Element],
        members: Mapping[str, str] = MEMBERS,
        device: bool = True,
        **options: str,
    ) -> None:
        """Set up the configuration from its parts, each of which finds its own section, and the cluster options."""
        self.folder = folder
        self.file = folder / "cib.xml"
        self.members = members
        self.device = device
        online = {"in_ccm": "true", "crmd": "online", "join": "member", "expected": "member"}
        self._status = xml("status", *(Element("node_state", {"id": at, "uname": name} | online) for at, name in members.items()))
        self.configure(*parts, **options)

    def configure(self, *parts: Element | Sequence[Element], **options: str) -> None:
        """Give the cluster another configuration; what runs stays running until the next run."""
        if self.file.exists():
            self._status = _section(ElementTree.parse(self.file).getroot(), "status")
        flat = [part for item in parts for part in ([item] if isinstance(item, Element) else item)]
        sections = {name: xml(name) for name in ("crm_config", "nodes", "resources", "constraints")}
        given = {part.get("id") for part in flat if part.tag == "node"}
        sections["nodes"].extend(xml("node", id=at, uname=name) for at, name in self.members.items() if at not in given)
        if self.device:
            sections["resources"].append(fence())
        if options:
            sections["crm_config"].append(attributes("cluster_property_set", "cib-bootstrap-options", _names(options)))
        for part in flat:
            name = _home(part)
            if name:
                sections.setdefault(name, xml(name)).append(part)
            else:
                sections[part.tag] = part
        # The simulator refuses a feature set newer than its own; an old one is always welcome.
        versions = {"validate-with": "pacemaker-3.9", "crm_feature_set": "3.1.0"}
        counters = {"admin_epoch": "0", "epoch": "1", "num_updates": "0"}
        cib = Element("cib", versions | counters | {"have-quorum": "1", "dc-uuid": "1"})
        cib.extend([xml("configuration", *sections.values()), self._status])
        ElementTree.ElementTree(cib).write(self.file)

    def ask(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of Pacemaker's tools on the CIB as it is now."""
        command = tool(name)
        if not command:
            raise FileNotFoundError(name)
        env = {"PATH": os.defpath, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC", "CIB_file": str(self.file)}
        return subprocess.run(
            [command, *arguments], env=env, cwd=self.folder, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )

    def run(self, *events: str) -> Run:
        """Let the cluster react, to the events given as options of crm_simulate; the result is where the next run starts."""
        files = ["-x", str(self.file), "-O", str(self.file), "-G", str(self.folder / "graph.xml")]
        return _read(self.ask("crm_simulate", "-S", *files, *events, "--output-as=xml"))

    def runs(self, count: int) -> list[Run]:
        """Let the cluster run on by itself."""
        return [self.run() for _ in range(count)]

    def sent(self) -> dict[str, dict[str, str]]:
        """Return what the last run's graph hands over with each action: `r1_start_0` → parameters and meta-data."""
        operations = ElementTree.parse(self.folder / "graph.xml").iterfind(".//action_set/rsc_op")
        return {operation.attrib["operation_key"]: dict(operation[-1].attrib) for operation in operations}

    def value(self, rsc: str, name: str, *, meta: bool = False) -> str:
        """Return a resource's parameter or meta-attribute as Pacemaker resolves it; empty where it has none."""
        how = ["--meta"] if meta else []
        return self.ask("crm_resource", "-r", rsc, "--get-parameter", name, *how).stdout.strip()

    def verify(self) -> subprocess.CompletedProcess[str]:
        """Return what crm_verify says of the CIB: it runs the scheduler and nothing else, so what kills it is the scheduler."""
        return self.ask("crm_verify", "-V", "-x", str(self.file))


Setup: TypeAlias = Callable[..., Cluster]
"""What the fixture `cluster` is: it takes what Cluster takes, but for the folder."""


_HOMES = {
    "primitive": "resources",
    "template": "resources",
    "group": "resources",
    "clone": "resources",
    "bundle": "resources",
    "tag": "tags",
    "node": "nodes",
    "cluster_property_set": "crm_config",
}


def _home(part: Element) -> str | None:
    """Return the section that holds such an element; none for a section itself."""
    if part.tag.startswith("rsc_") and part.tag != "rsc_defaults":
        return "constraints"
    return _HOMES.get(part.tag)


def _section(root: Element, name: str) -> Element:
    found = root.find(name)
    return xml(name) if found is None else found


def _read(done: subprocess.CompletedProcess[str]) -> Run:
    # Of a CIB that it refuses, or when it dies, the simulator says nothing.
    root = ElementTree.fromstring(done.stdout) if done.stdout and done.returncode >= 0 else xml("nothing")
    after = _section(root, "revised_cluster_status")
    where: dict[str, list[str]] = {}
    for resource in after.iter("resource"):
        name = resource.attrib["id"]
        where[name] = sorted([*where.get(name, []), *(node.attrib["name"] for node in resource.iter("node"))])
    transition = _section(root, "transition")
    nodes = after.findall("nodes/node")
    return Run(
        code=done.returncode,
        log="\n".join([done.stderr, *(error.text or "" for error in root.iterfind("status/errors/error"))]).strip(),
        plan=[f"{item.get('action')} {item.get('resource')}" for item in _section(root, "actions").iter("rsc_action")],
        did=[said for item in transition if (said := _said(item))],
        fenced=[item.attrib["target"] for item in transition.iter("fencing_action")],
        where=where,
        nodes=[node.attrib["name"] for node in nodes],
        online=[node.attrib["name"] for node in nodes if node.get("online") == "true"],
        unclean=[node.attrib["name"] for node in nodes if node.get("unclean") == "true"],
    )


def _said(item: Element) -> str | None:
    if item.tag == "fencing_action":
        return f"fence {item.get('target')}"
    if item.tag != "rsc_action":
        return None
    single = item.get("op") == "monitor" and item.get("interval", "0") == "0"
    return f"{'probe' if single else item.get('op')} {item.get('resource')} {item.get('node')}"
