"""Makes a CIB of a wanted size: valid, of all that real ones are made of, without a mistake, and always the same.

Usage: python benchmarks/generate.py BYTES > cib.xml
"""

from __future__ import annotations

import sys
from itertools import count
from xml.sax.saxutils import quoteattr

CLUSTER_NODES = ("node1", "node2", "node3")
MOST_NODES = 30
"""Remote nodes, guest nodes and bundles, each; real clusters do not grow beyond that."""

_SERVICE = (("start", "0s", "100s"), ("monitor", "60s", "100s"), ("stop", "0s", "100s"))
_PROMOTABLE = (
    ("start", "0s", "120s"), ("promote", "0s", "120s"), ("monitor", "30s", "30s"), ("monitor", "29s", "30s", "Promoted"),
    ("demote", "0s", "120s"), ("stop", "0s", "120s"), ("notify", "0s", "90s"),
)  # fmt: skip


class Section(list[str]):
    """The lines of a part of the CIB."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = depth
        self.size = 0

    def add(self, line: str) -> None:
        """Add a tag; indentation follows from it."""
        if line.startswith("</"):
            self.depth -= 1
        text = "  " * self.depth + line
        if not line.startswith("</") and not line.endswith("/>"):
            self.depth += 1
        self.append(text)
        self.size += len(text) + 1

    def pairs(self, kind: str, owner: str, values: dict[str, str]) -> None:
        """Add a set of attributes."""
        if values:
            self.add(f'<{kind} id="{owner}-{kind}">')
            for name, value in values.items():
                self.add(f'<nvpair id="{owner}-{kind}-{name}" name="{name}" value={quoteattr(value)}/>')
            self.add(f"</{kind}>")

    def operations(self, owner: str, operations: tuple[tuple[str, ...], ...]) -> None:
        """Add a resource's operations."""
        self.add("<operations>")
        for name, interval, timeout, *role in operations:
            more = f' role="{role[0]}"' if role else ""
            self.add(f'<op id="{owner}-{name}-{interval}" name="{name}" interval="{interval}" timeout="{timeout}"{more}/>')
        self.add("</operations>")


class Cluster:
    """A CIB in the making."""

    def __init__(self) -> None:
        self.resources = Section(3)
        self.constraints = Section(3)
        self.tags = Section(3)
        self.primitives = 0
        self.remote_nodes: list[str] = []
        self.guest_nodes: list[str] = []
        self.bundles: list[str] = []
        self._addresses = (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}" for number in count(256))

    @property
    def size(self) -> int:
        """The size of what grows, in bytes."""
        return self.resources.size + self.constraints.size + self.tags.size

    def primitive(
        self,
        name: str,
        agent: str,
        parameters: dict[str, str] | None = None,
        operations: tuple[tuple[str, ...], ...] = _SERVICE,
        meta: dict[str, str] | None = None,
    ) -> str:
        """Add a primitive of an agent (class, provider and type with colons) or of a template (its id)."""
        self.primitives += 1
        match agent.split(":"):
            case [class_, provider, type_]:
                what = f'class="{class_}" provider="{provider}" type="{type_}"'
            case [class_, type_]:
                what = f'class="{class_}" type="{type_}"'
            case _:
                what, operations = f'template="{agent}"', ()
        self.resources.add(f'<primitive id="{name}" {what}>')
        self.resources.pairs("instance_attributes", name, parameters or {})
        self.resources.pairs("meta_attributes", name, meta or {})
        if operations:
            self.resources.operations(name, operations)
        self.resources.add("</primitive>")
        return name

    def address(self) -> str:
        """An address that nothing else has."""
        return next(self._addresses)

    def grow(self, number: int) -> None:
        """Add one more service with its constraints; every so often also a node for services to run on."""
        kinds = (self.stack, self.clone, self.pair, self.database, self.set_of_three)
        kinds[number % len(kinds)](f"s{number}")
        if number % 20 == 7 and len(self.bundles) < MOST_NODES:
            self.bundle(f"bundle{number}")
        if self.primitives // 100 >= len(self.remote_nodes) < MOST_NODES:
            self.remote_node(f"remote{len(self.remote_nodes)}")
            self.guest_node(f"guest{len(self.guest_nodes)}")

    def stack(self, name: str) -> None:
        """Storage, address and service in a group, with a preferred node."""
        self.resources.add(f'<group id="{name}">')
        self.primitive(
            f"{name}-files",
            "ocf:heartbeat:Filesystem",
            {"device": f"/dev/{name}/data", "directory": f"/srv/{name}", "fstype": "xfs"},
            (("start", "0s", "60s"), ("monitor", "20s", "40s"), ("stop", "0s", "60s")),
        )
        self.primitive(f"{name}-address", "address", {"ip": self.address()})
        self.primitive(f"{name}-service", f"systemd:{name}")
        self.resources.pairs("meta_attributes", name, {"resource-stickiness": "200"})
        self.resources.add("</group>")
        self.prefer(name, CLUSTER_NODES[self.primitives % 3])
        self.tags.add(f'<tag id="{name}-tag">')
        self.tags.add(f'<obj_ref id="{name}"/>')
        self.tags.add("</tag>")

    def clone(self, name: str) -> None:
        """A service on every cluster node."""
        self.resources.add(f'<clone id="{name}-clone">')
        self.primitive(name, f"systemd:{name}")
        self.resources.pairs("meta_attributes", f"{name}-clone", {"interleave": "true", "clone-max": "3"})
        self.resources.add("</clone>")
        self.on_cluster_nodes(f"{name}-clone")

    def pair(self, name: str) -> None:
        """A service and its address, tied together by constraints."""
        self.primitive(f"{name}-service", "ocf:heartbeat:nginx", {"configfile": f"/etc/nginx/{name}.conf"})
        self.primitive(f"{name}-address", "address", {"ip": self.address()})
        self.on_cluster_nodes(f"{name}-service")
        self.constraints.add(
            f'<rsc_colocation id="{name}-together" rsc="{name}-address" with-rsc="{name}-service" score="INFINITY"/>'
        )
        self.constraints.add(f'<rsc_order id="{name}-order" first="{name}-service" then="{name}-address" kind="Mandatory"/>')

    def database(self, name: str) -> None:
        """A promotable clone whose address follows the promoted instance."""
        self.resources.add(f'<clone id="{name}-clone">')
        self.primitive(
            name,
            "ocf:heartbeat:pgsql",
            {"pgdata": f"/var/lib/{name}", "pgport": str(10000 + self.primitives), "node_list": " ".join(CLUSTER_NODES)},
            _PROMOTABLE,
        )
        meta = {"promotable": "true", "promoted-max": "1", "clone-max": "3", "notify": "true"}
        self.resources.pairs("meta_attributes", f"{name}-clone", meta)
        self.resources.add("</clone>")
        self.on_cluster_nodes(f"{name}-clone")
        self.primitive(f"{name}-address", "address", {"ip": self.address()})
        with_, first = f'with-rsc="{name}-clone" with-rsc-role="Promoted"', f'first="{name}-clone" first-action="promote"'
        self.constraints.add(f'<rsc_colocation id="{name}-together" rsc="{name}-address" {with_} score="INFINITY"/>')
        self.constraints.add(f'<rsc_order id="{name}-order" {first} then="{name}-address" then-action="start"/>')

    def set_of_three(self, name: str) -> None:
        """Services that follow each other, by resource sets."""
        members = [self.primitive(f"{name}-{part}", f"systemd:{name}-{part}") for part in ("queue", "worker", "front")]
        for constraint, more in {
            "rsc_location": "",
            "rsc_order": ' kind="Mandatory"',
            "rsc_colocation": ' score="INFINITY"',
        }.items():
            self.constraints.add(f'<{constraint} id="{name}-{constraint}"{more}>')
            self.constraints.add(f'<resource_set id="{name}-{constraint}-set">')
            for member in members:
                self.constraints.add(f'<resource_ref id="{member}"/>')
            self.constraints.add("</resource_set>")
            if constraint == "rsc_location":
                self._rule(name)
            self.constraints.add(f"</{constraint}>")

    def bundle(self, name: str) -> None:
        """A service in containers."""
        self.bundles.append(name)
        start, *_ = (self.address() for _ in range(3))
        self.resources.add(f'<bundle id="{name}">')
        self.resources.add('<podman image="registry.example.com/service:1" replicas="3"/>')
        self.resources.add(f'<network ip-range-start="{start}" host-netmask="16">')
        self.resources.add(f'<port-mapping id="{name}-port" port="80"/>')
        self.resources.add("</network>")
        self.resources.add("<storage>")
        self.resources.add(f'<storage-mapping id="{name}-data" source-dir-root="/srv/{name}" target-dir="/srv" options="rw"/>')
        self.resources.add("</storage>")
        self.primitive(f"{name}-service", "ocf:heartbeat:apache", {"configfile": "/etc/httpd/conf/httpd.conf"})
        self.resources.add("</bundle>")
        self.on_cluster_nodes(name)

    def remote_node(self, name: str) -> None:
        """A remote node, and a service that runs there."""
        self.remote_nodes.append(name)
        self.primitive(
            name,
            "ocf:pacemaker:remote",
            {"server": self.address(), "reconnect_interval": "60s"},
            (("start", "0s", "60s"), ("monitor", "30s", "30s"), ("stop", "0s", "60s")),
        )
        self.prefer(self.primitive(f"on-{name}", "systemd:on-remote"), name)

    def guest_node(self, name: str) -> None:
        """A virtual machine that is a guest node, and a service that runs inside."""
        self.guest_nodes.append(name)
        vm = self.primitive(
            f"vm-{name}",
            "ocf:heartbeat:VirtualDomain",
            {"config": f"/etc/libvirt/qemu/{name}.xml", "hypervisor": "qemu:///system"},
            (("start", "0s", "90s"), ("monitor", "10s", "30s"), ("stop", "0s", "180s")),
            {"remote-node": name, "remote-addr": self.address()},
        )
        self.prefer(vm, CLUSTER_NODES[self.primitives % 3])
        self.prefer(self.primitive(f"in-{name}", "systemd:in-guest"), name)

    def prefer(self, resource: str, node: str) -> None:
        """Add a location constraint for a node."""
        self.constraints.add(f'<rsc_location id="{resource}-on-{node}" rsc="{resource}" node="{node}" score="100"/>')

    def on_cluster_nodes(self, resource: str) -> None:
        """Keep a resource off remote and guest nodes."""
        self.constraints.add(f'<rsc_location id="{resource}-location" rsc="{resource}">')
        self._rule(resource)
        self.constraints.add("</rsc_location>")

    def _rule(self, owner: str) -> None:
        self.constraints.add(f'<rule id="{owner}-rule" score="-INFINITY">')
        self.constraints.add(f'<expression id="{owner}-kind" attribute="#kind" operation="ne" value="cluster"/>')
        self.constraints.add("</rule>")

    def text(self) -> str:
        """The whole CIB."""
        return "\n".join(
            (
                '<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">',
                "  <configuration>",
                *self._options(),
                *self._nodes(),
                "    <resources>",
                *self._fencing(),
                *self.resources,
                "    </resources>",
                "    <constraints>",
                *self.constraints,
                "    </constraints>",
                *(("    <tags>", *self.tags, "    </tags>") if self.tags else ()),
                *self._topology(),
                *self._defaults(),
                "  </configuration>",
                "</cib>",
                "",
            )
        )

    def _options(self) -> Section:
        section = Section(2)
        section.add("<crm_config>")
        values = {"cluster-infrastructure": "corosync", "cluster-name": "generated", "no-quorum-policy": "stop"}
        section.pairs("cluster_property_set", "options", values)
        section.add("</crm_config>")
        return section

    def _nodes(self) -> Section:
        section = Section(2)
        section.add("<nodes>")
        for number, name in enumerate(CLUSTER_NODES, 1):
            section.add(f'<node id="{number}" uname="{name}"/>')
        for name in (*self.remote_nodes, *self.guest_nodes):
            section.add(f'<node id="{name}" uname="{name}" type="remote"/>')
        section.add("</nodes>")
        return section

    def _fencing(self) -> Section:
        devices = Cluster()
        section = devices.resources
        section.add('<template id="address" class="ocf" provider="heartbeat" type="IPaddr2">')
        section.pairs("instance_attributes", "address", {"cidr_netmask": "16"})
        section.operations("address", (("start", "0s", "20s"), ("monitor", "10s", "20s"), ("stop", "0s", "20s")))
        section.add("</template>")
        for number, name in enumerate(CLUSTER_NODES, 1):
            parameters = {"ip": f"10.0.0.{number}", "lanplus": "1", "pcmk_host_list": name}
            devices.primitive(f"fence-{name}", "stonith:fence_ipmilan", parameters, (("monitor", "60s", "20s"),))
        outlets = ";".join(f"{name}:{number}" for number, name in enumerate((*CLUSTER_NODES, *self.remote_nodes), 1))
        parameters = {"ip": "10.0.0.10", "pcmk_host_map": outlets}
        devices.primitive("fence-outlets", "stonith:fence_apc_snmp", parameters, (("monitor", "60s", "30s"),))
        return section

    def _topology(self) -> Section:
        section = Section(2)
        section.add("<fencing-topology>")
        for name in CLUSTER_NODES:
            for index, device in enumerate((f"fence-{name}", "fence-outlets"), 1):
                section.add(f'<fencing-level id="{name}-level-{index}" target="{name}" index="{index}" devices="{device}"/>')
        section.add("</fencing-topology>")
        return section

    def _defaults(self) -> Section:
        section = Section(2)
        for kind, values in (("rsc", {"resource-stickiness": "100", "migration-threshold": "3"}), ("op", {"timeout": "60s"})):
            section.add(f"<{kind}_defaults>")
            section.pairs("meta_attributes", f"{kind}-defaults", values)
            section.add(f"</{kind}_defaults>")
        return section


def generate(size: int) -> bytes:
    """A CIB of about this many bytes, and not less than a small one has."""
    cluster = Cluster()
    frame = len(cluster.text())
    for number in count():
        if number and frame + cluster.size >= size:
            return cluster.text().encode()
        cluster.grow(number)
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.buffer.write(generate(int(sys.argv[1])))
