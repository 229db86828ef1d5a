"""REM2: definitions of remote and guest nodes that do not take effect, or not the one that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Cib, Cluster, Findings, Gap, Place, Primitive, Problem, Remove, problem, rule, unsafe_fix
from cibcheck.api import values as v
from cibcheck_rules.remote import fixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element, Fix, Setting, Template, WrittenPair

TAGS = ("remote", "definition")

_GUEST_OPTIONS = ("remote-addr", "remote-port", "remote-connect-timeout", "remote-allow-migrate")
_OWNERS = frozenset(("primitive", "group", "clone", "master", "bundle", "template", "rsc_defaults"))
_VM_AGENTS = (
    "VirtualDomain",
    "Xen",
    "KVM",
    "lxc",
    "lxd",
    "docker",
    "podman",
    "rkt",
    "vmware",
    "ManageVE",
    "AzureVM",
    "nova-compute-wait",
)


@rule("REM201", "remote-node-without-effect", severity=ERROR, tags=TAGS)
def remote_node_without_effect(cib: Cib) -> Findings:
    """A `remote-node` stands where Pacemaker does not look for it.

    Pacemaker looks for guest nodes before it resolves anything: `remote-node` counts only in a pair written in the `meta_attributes` of a
    primitive that is at top level or directly in a plain group. In a template, in `rsc_defaults`, in the meta-attributes of a group,
    clone or bundle, among the instance attributes, by `id-ref`, or in a primitive inside of a clone or bundle it makes no guest node.
    The resource is an ordinary one, and services meant for the guest run on cluster nodes.

    Bad:

    In a template:

    ```xml
    <template id="vms" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vms-meta"><nvpair id="vms-rn" name="«remote-node»" value="g1"/></meta_attributes>
    </template>
    <primitive id="vm" template="vms"/>
    ```

    In a clone's child:

    ```xml
    <clone id="vms"><primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="«remote-node»" value="g1"/></meta_attributes>
    </primitive></clone>
    ```

    As an instance attribute:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-rn" name="«remote-node»" value="g1"/></instance_attributes>
    </primitive>
    ```

    By reference, here to the set of a group:

    ```xml
    <group id="g">
      <meta_attributes id="shared"><nvpair id="shared-rn" name="«remote-node»" value="g1"/></meta_attributes>
      <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    </group>
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id-ref="«shared»"/>
    </primitive>
    ```

    Good:

    In the primitive itself, be it made from a template or the member of a group:

    ```xml
    <template id="vms" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vms-params"><nvpair id="vms-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
    </template>
    <group id="stack">
      <primitive id="volume" class="ocf" provider="heartbeat" type="LVM-activate"/>
      <primitive id="vm" template="vms">
        <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
      </primitive>
    </group>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for pair in cib.pairs_named("remote-node"):
        where = _without_effect(cib, pair)
        if where is not None and not _exists(cib, pair.text):
            yield _no_guest(cib.document.place(pair.element, "name"), pair.text, where)
    for place, name, where in _by_reference(cib):
        if not _exists(cib, name):
            yield _no_guest(place, name, where)


def _exists(cib: Cib, name: str) -> bool:
    """Whether the guest node exists all the same, made by a pair in the right place."""
    return v.fold(name) in cib.guests_by_name


def _by_reference(cib: Cib) -> Iterator[tuple[Place, str, str]]:
    """Each remote-node that a primitive takes in by id-ref: the reference, the guest's name, and how."""
    for primitive in cib.primitives if "remote-node" in cib.names_written else ():
        for holder in primitive.element.iterchildren("meta_attributes"):
            target = cib.element(holder.get("id-ref", "")) if holder.get("id-ref") else None
            for pair in target.iterchildren("nvpair") if target is not None else ():
                if pair.get("name") == "remote-node":
                    yield cib.document.place(holder, "id-ref"), pair.get("value", ""), "in a set used by id-ref"
            for reference in holder.iterchildren("nvpair"):
                source = cib.element(reference.get("id-ref", "")) if reference.get("id-ref") else None
                if source is not None and (reference.get("name") or source.get("name")) == "remote-node":
                    yield cib.document.place(reference, "id-ref"), source.get("value", ""), "in a pair used by id-ref"


def _no_guest(place: Place, name: str, where: str) -> Problem:
    return problem(
        place,
        f"remote-node {name!r} {where} makes no guest node",
        label="not looked at",
        consequence="the resource is an ordinary one, and services meant for the guest run on cluster nodes",
        help="write remote-node in a meta_attributes of the primitive itself, outside of clones and bundles",
    )


def _without_effect(cib: Cib, pair: WrittenPair) -> str | None:
    """Where a remote-node stands that makes no guest node; None where it may count."""
    owner = pair.owner
    if pair.element.get("id-ref") is not None:
        return None
    if owner.tag == "op":
        return "in an operation"
    if pair.holder.tag != "meta_attributes":
        return "among the instance attributes" if pair.holder.tag == "instance_attributes" else "among the utilization attributes"
    if owner.tag == "template":
        return "in a template"
    if owner.tag == "rsc_defaults":
        return "in rsc_defaults"
    if owner.tag != "primitive":
        return f"in the meta-attributes of a {'clone' if owner.tag == 'master' else owner.tag!s}"
    resource = cib.resources.get(owner.get("id", ""))
    if resource is not None and resource.is_connection:
        return None
    around = [outer.kind for outer in resource.ancestors] if resource is not None and resource.element is owner else []
    outside = next((kind for kind in around if kind != "group"), None)
    return f"inside of a {outside}" if outside else None


@rule("REM202", "conditional-remote-node", severity=WARNING, tags=TAGS)
def conditional_remote_node(cib: Cib) -> Findings:
    """A `remote-node` stands in a set of meta-attributes with a rule.

    Pacemaker does not look at the rule when it looks for guest nodes: the guest node exists always.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta">
        <rule id="vm-rule" score="INFINITY"><date_expression id="vm-date" operation="gt" start="2040-01-01"/></rule>
        <nvpair id="vm-rn" name="«remote-node»" value="g1"/>
      </meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-guest"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
      <meta_attributes id="vm-meta">
        <rule id="vm-rule" score="INFINITY"><date_expression id="vm-date" operation="gt" start="2040-01-01"/></rule>
        <nvpair id="vm-stickiness" name="resource-stickiness" value="100"/>
      </meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for _, setting in cib.written_guests:
        if setting.condition == "rule":
            yield problem(
                setting.name_place,
                f"the rule on remote-node {setting.text!r} is not looked at",
                consequence="the guest node exists always, whatever the rule says",
                help="move remote-node into a set without a rule",
                related=[(cib.document.place(setting.holder), "this set has the rule")],
            )


@rule("REM203", "repeated-remote-node", severity=WARNING, tags=TAGS)
def repeated_remote_node(cib: Cib) -> Findings:
    """A primitive sets `remote-node` more than once.

    Of the pairs in one primitive, the last in the document counts, whatever the scores of their sets say. That is the opposite of how all
    other names are read, where in one set the first counts, and of several sets the one with the highest score.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta" score="100"><nvpair id="vm-rn1" name="remote-node" value="«g1»"/></meta_attributes>
      <meta_attributes id="vm-more"><nvpair id="vm-rn2" name="remote-node" value="g2"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn1" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive, last in cib.written_guests:
        for setting in cib.remote_nodes_written_in(primitive):
            if setting.place != last.place:
                yield problem(
                    setting.place,
                    f"{primitive.id!r} sets remote-node again further down",
                    label="does not count",
                    consequence=f"the last one in the document counts, so the guest node is called {last.text!r}",
                    help="remove the pair that is not meant",
                    related=[(last.place, "counts")],
                )


@rule("REM204", "remote-node-on-connection", severity=WARNING, tags=TAGS, fix="sometimes")
def remote_node_on_connection(cib: Cib) -> Findings:
    """A connection resource has the meta-attribute `remote-node`.

    `remote-node` is for the resource that runs a virtual machine. An ocf:pacemaker:remote resource makes a remote node by itself, named by
    its id; `remote-node` on it is ignored.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <meta_attributes id="r1-meta"><nvpair id="r1-rn" name="«remote-node»" value="web"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="web-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive in cib.connections:
        for setting in cib.remote_nodes_written_in(primitive):
            yield problem(
                setting.name_place,
                f"remote-node has no effect on the connection resource {primitive.id!r}",
                consequence=f"the remote node is called {primitive.id!r}, like the resource",
                help="remove it; to give the remote node another name, rename the resource",
                fix=fixes.without_pair(cib, setting, primitive),
            )


def _stuck_connection(kind: str, primitive: Primitive, consequence: str) -> Problem:
    holder = next(outer for outer in primitive.ancestors if outer.kind == kind)
    return problem(
        primitive.id_place,
        f"connection resource {primitive.id!r} is in {kind} {holder.id!r}",
        label="connection resource",
        consequence=consequence,
        help=f"move it out of the {kind}, to the top level of the resources",
        related=[(holder.id_place, f"the {kind}")],
    )


@rule("REM205", "connection-in-group", severity=ERROR, tags=TAGS)
def connection_in_group(cib: Cib) -> Findings:
    """A connection resource is the member of a group.

    No remote node comes to be: the connection runs as if it were a plain resource, and services meant for the remote node run on cluster
    nodes. crm_verify prints an assertion at most, and pcs accepts the command. Where the node entry of an earlier remote node is still
    there, the scheduler of Pacemaker 2.1 crashes in every run, as soon as it is to look there for another resource.

    Bad:

    ```xml
    <group id="g">
      <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/>
    </group>
    ```

    As a cloned group's only member:

    ```xml
    <clone id="c"><group id="g"><primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/></group></clone>
    ```

    Good:

    ```xml
    <group id="g"><primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/></group>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Red Hat Enterprise Linux, Configuring and managing high availability clusters, "Configuring remote nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    in_groups = [one for one in cib.connections if one.parent is not None and one.parent.kind == "group"]
    entries = _remote_entries(cib) if in_groups and cib.knows("nodes") else ()
    for primitive in in_groups:
        consequence = "no remote node comes to be, and services meant for it run on cluster nodes"
        if primitive.top.kind == "group" and v.fold(primitive.id) in entries:
            consequence = "no remote node comes to be, and as it has a node entry all the same, Pacemaker 2.1's scheduler crashes in every run"
        yield _stuck_connection("group", primitive, consequence)


@rule("REM206", "connection-in-clone", severity=ERROR, tags=TAGS)
def connection_in_clone(cib: Cib) -> Findings:
    """A connection resource is cloned.

    No remote node comes to be: each cluster node starts a "connection" of its own, which connects nothing.

    Bad:

    ```xml
    <clone id="c"><primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/></clone>
    ```

    Good:

    ```xml
    <clone id="c"><primitive id="ping" class="ocf" provider="pacemaker" type="ping"/></clone>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive in cib.connections:
        if primitive.parent is not None and primitive.parent.kind == "clone":
            yield _stuck_connection(
                "clone", primitive, "no remote node comes to be; each cluster node runs a connection to nothing"
            )


@rule("REM207", "connection-in-bundle", severity=ERROR, tags=(*TAGS, "bundle"))
def connection_in_bundle(cib: Cib) -> Findings:
    """A connection resource is inside of a bundle.

    No remote node comes to be: the connection is started inside of the container. The replicas of a bundle are nodes already.

    Bad:

    ```xml
    <bundle id="b"><podman image="app:1"/><network control-port="3122"/>
      <primitive id="«r1»" class="ocf" provider="pacemaker" type="remote"/></bundle>
    ```

    Good:

    ```xml
    <bundle id="b"><podman image="app:1"/><network control-port="3122"/>
      <primitive id="app" class="ocf" provider="heartbeat" type="apache"/></bundle>
    ```

    References:
    - Pacemaker Explained, "Bundles"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive in cib.connections:
        if primitive.parent is not None and primitive.parent.kind == "bundle":
            yield _stuck_connection(
                "bundle", primitive, "no remote node comes to be; the connection is started inside of the container"
            )


@rule("REM208", "connection-from-template", severity=ERROR, tags=TAGS)
def connection_from_template(cib: Cib) -> Findings:
    """A connection resource takes its agent from a template.

    Pacemaker looks for connection resources before it resolves templates. It finds the template, and makes a remote node of the
    *template's* name, which stays offline; the remote node that was meant does not exist.

    Bad:

    ```xml
    <template id="remotes" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="r1" template="«remotes»"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive, template, has_entry in _from_template(cib):
        if not has_entry:
            yield _template_problem(
                primitive,
                template,
                f"a remote node {primitive.template_id!r} appears offline, and there is none of the name {primitive.id!r}",
            )


@rule("REM209", "connection-from-template-with-node-entry", severity=WARNING, tags=TAGS)
def connection_from_template_with_node_entry(cib: Cib) -> Findings:
    """A connection resource takes its agent from a template, and works only by its node entry.

    Pacemaker makes a remote node of the template's name. The one that was meant exists just because a `node` entry of its name is there,
    which the cluster wrote; when it is cleaned up, the remote node is gone.

    Bad:

    ```xml
    <node id="r1" type="remote" uname="r1"/>
    <template id="remotes" class="ocf" provider="pacemaker" type="remote"/>
    <primitive id="r1" template="«remotes»"/>
    ```

    Good:

    ```xml
    <node id="r1" type="remote" uname="r1"/>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive, template, has_entry in _from_template(cib):
        if has_entry:
            yield _template_problem(
                primitive,
                template,
                f"the remote node exists only as long as its node entry does, and another one, {primitive.template_id!r}, appears offline",
            )


def _from_template(cib: Cib) -> list[tuple[Primitive, Template, bool]]:
    """The connections at top level that are made from a template, with it, and whether they have a node entry."""
    made = [(one, one.template) for one in cib.connections if one.template is not None and one.parent is None]
    entries = _remote_entries(cib) if made else ()
    return [(one, template, v.fold(one.id) in entries) for one, template in made]


def _remote_entries(cib: Cib) -> set[str]:
    """The names, without case, of the node entries of remote nodes."""
    return {v.fold(node.name) for node in cib.nodes if node.type == "remote"}


def _template_problem(primitive: Primitive, template: Template, consequence: str) -> Problem:
    return problem(
        primitive.cib.document.place(primitive.element, "template"),
        f"connection resource {primitive.id!r} takes its agent from a template",
        label="the template",
        consequence=consequence,
        help='write class="ocf" provider="pacemaker" type="remote" in the primitive itself, without template',
        related=[(template.id_place, "defined here")],
    )


@rule("REM210", "unused-connection-template", severity=WARNING, tags=TAGS, fix="sometimes")
def unused_connection_template(cib: Cib) -> Findings:
    """A template of type ocf:pacemaker:remote exists, though nothing is made from it.

    Pacemaker takes it for a connection resource and makes a remote node of its name, which nobody wants and which stays offline.

    Bad:

    ```xml
    <template id="«remotes»" class="ocf" provider="pacemaker" type="remote"/>
    ```

    Good:

    ```xml
    <template id="vms" class="ocf" provider="heartbeat" type="VirtualDomain"/>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    for template in cib.templates.values():
        if template.agent.is_remote_connection and not template.users:
            yield problem(
                template.id_place,
                f"template {template.id!r} is of type ocf:pacemaker:remote",
                consequence=f"Pacemaker makes a remote node {template.id!r} of it, which stays offline",
                help="remove the template; connection resources cannot be made from one",
                fix=_without_template(cib, template),
            )


def _without_template(cib: Cib, template: Template) -> Fix | None:
    if cib.is_named(template.element):
        return None
    return unsafe_fix(f"remove template {template.id!r}", Remove(template.place))


@rule("REM211", "guest-option-without-remote-node", severity=WARNING, tags=TAGS)
def guest_option_without_remote_node(cib: Cib) -> Findings:
    """A guest node's option is set, but no `remote-node` is beside it.

    `remote-addr`, `remote-port`, `remote-connect-timeout` and `remote-allow-migrate` are read together with `remote-node`, from the
    meta-attributes written in the same primitive. Without it they have no effect.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-addr" name="«remote-addr»" value="192.0.2.7"/></meta_attributes>
    </primitive>
    ```

    In rsc_defaults, where they never count:

    ```xml
    <rsc_defaults><meta_attributes id="defaults">
      <nvpair id="default-port" name="«remote-port»" value="3122"/></meta_attributes></rsc_defaults>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-addr" name="remote-addr" value="192.0.2.7"/>
        <nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    effective = {primitive.element for primitive, _ in cib.written_guests}
    for name in _GUEST_OPTIONS:
        for pair in cib.pairs_named(name):
            if pair.holder.tag != "meta_attributes" or pair.owner in effective or str(pair.owner.tag) not in _OWNERS:
                continue
            resource = cib.resources.get(pair.owner.get("id", ""))
            if resource is not None and resource.is_connection:
                continue
            yield problem(
                cib.document.place(pair.element, "name"),
                f"{name} has no effect without remote-node in the same primitive",
                consequence="Pacemaker does not look at it",
                help="add remote-node beside it, or remove it",
            )


@rule("REM212", "guest-option-on-connection", severity=ERROR, tags=TAGS, fix="sometimes")
def guest_option_on_connection(cib: Cib, cluster: Cluster) -> Findings:
    """A connection resource sets the address or port of a *guest* node, and so connects elsewhere.

    `remote-addr` and `remote-port` are meta-attributes of guest nodes. A connection resource has the parameters `server` and `port`; without
    them it dials the address that is its own name, and the default port: `PCMK_remote_port` of the connecting cluster node, else 3121.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
      <meta_attributes id="r1-meta"><nvpair id="r1-port" name="«remote-port»" value="4000"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
      <instance_attributes id="r1-params"><nvpair id="r1-port" name="port" value="4000"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive, setting, used, what in _foreign_options(cib, cluster):
        if setting.text != used:
            yield problem(
                setting.name_place,
                f"{setting.name} is an option of guest nodes; connection resource {primitive.id!r} ignores it",
                consequence=f"the connection uses {what}, not {setting.text!r}",
                help=f"make it the parameter {_RIGHT_NAME[setting.name]!r} among the instance attributes",
                fix=fixes.as_parameter(cib, setting, primitive, _RIGHT_NAME[setting.name]),
            )


@rule("REM213", "needless-guest-option-on-connection", severity=WARNING, tags=TAGS, fix="sometimes")
def needless_guest_option_on_connection(cib: Cib, cluster: Cluster) -> Findings:
    """A connection resource sets an option of guest nodes that says no more than what is used anyway.

    The option has no effect; when somebody changes it, nothing will change.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
      <meta_attributes id="r1-meta"><nvpair id="r1-addr" name="«remote-addr»" value="r1"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
      <instance_attributes id="r1-params"><nvpair id="r1-server" name="server" value="r1"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    - crm_simulate 2.1.5 and 3.0.2
    """
    for primitive, setting, used, _ in _foreign_options(cib, cluster):
        if setting.text == used:
            yield problem(
                setting.name_place,
                f"{setting.name} is an option of guest nodes; connection resource {primitive.id!r} ignores it",
                consequence=f"nothing today, since {_RIGHT_NAME[setting.name]} is {used!r} anyway",
                help=f"make it the parameter {_RIGHT_NAME[setting.name]!r} among the instance attributes, or remove it",
                fix=fixes.without_pair(cib, setting, primitive),
            )


_RIGHT_NAME = {"remote-addr": "server", "remote-port": "port"}


def _foreign_options(cib: Cib, cluster: Cluster) -> list[tuple[Primitive, Setting, str | None, str]]:
    """The options of guest nodes on connection resources: the resource, the setting, what is used in its place (None where cluster nodes
    differ), and how to call that."""
    found: list[tuple[Primitive, Setting, str | None, str]] = []
    written = cib.names_written.intersection(_RIGHT_NAME)
    for remote in cib.remote_nodes if written else ():
        for attributes in (remote.resource.meta, remote.resource.parameters):
            for name in sorted(written):
                for setting in attributes.get(name).candidates:
                    endpoint = remote.address if name == "remote-addr" else remote.port
                    if not endpoint.is_known:
                        reason = f"a rule or an id-ref decides which {_RIGHT_NAME[name]} it uses"
                        cib.ledger.note(Gap(reason, node=remote.name))
                    elif endpoint.text or name == "remote-addr":
                        used = endpoint.text or remote.name
                        found.append((remote.resource, setting, used, f"{_RIGHT_NAME[name]} {used!r}"))
                    else:
                        found.append((remote.resource, setting, _default_port(cib, cluster), _DEFAULT_PORT))
    return found


_DEFAULT_PORT = "the default port (PCMK_remote_port of the connecting cluster node, else 3121)"


def _default_port(cib: Cib, cluster: Cluster) -> str | None:
    """The port that cluster nodes dial where the CIB is silent, as far as their files are known; None where they differ."""
    names = cib.cluster_nodes if cib.knows("nodes") else ()
    hosts = (cluster.hosts[name] for name in names if name in cluster.hosts)
    ports = {host.environment.listening_port for host in hosts if host.environment is not None} or {v.DEFAULT_REMOTE_PORT}
    return str(ports.pop()) if len(ports) == 1 else None


@rule("REM214", "connection-option-on-guest", severity=WARNING, tags=TAGS)
def connection_option_on_guest(cib: Cib) -> Findings:
    """The resource of a guest node has a parameter that only connection resources know.

    `server` and `port` are parameters of ocf:pacemaker:remote. A guest node's address and port are the meta-attributes `remote-addr` and
    `remote-port` of the resource that runs it.

    Bad:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/>
        <nvpair id="vm-port" name="«port»" value="3122"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vm-params"><nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/>
        <nvpair id="vm-port" name="remote-port" value="3122"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    - resource-agents, metadata of ocf:heartbeat:VirtualDomain
    """
    for guest in cib.guest_nodes:
        if guest.resource.agent.type != "VirtualDomain":
            continue
        for name, right in (("server", "remote-addr"), ("port", "remote-port")):
            for setting in guest.resource.parameters.get(name).candidates:
                yield problem(
                    setting.name_place,
                    f"{name!r} is no parameter of {guest.resource.agent}",
                    consequence=f"the agent ignores it, and so does the connection to guest node {guest.name!r}",
                    help=f"set the meta-attribute {right!r} of {guest.resource.id!r}",
                )


@rule("REM215", "left-over-remote-entry", severity=WARNING, tags=TAGS)
def left_over_remote_entry(cib: Cib) -> Findings:
    """A node entry of type `remote` belongs to no remote node, guest node or bundle.

    It was left over when the connection was removed. The node is shown offline for ever; a resource that may run nowhere else stays
    stopped.

    Bad:

    ```xml
    <node id="r9" type="remote" uname="«r9»"/>
    ```

    Good:

    ```xml
    <node id="r1" type="remote" uname="r1"/>
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - crm_simulate 2.1.5 and 3.0.2
    """
    # A connection in the wrong place is another rule's finding; its entry is not left over.
    meant = {v.fold(primitive.id) for primitive in cib.connections} | {v.fold(name) for name in cib.templates}
    meant |= {v.fold(pair.text) for pair in cib.pairs_named("remote-node")}
    for node in cib.nodes:
        if node.type == "remote" and v.fold(node.name) not in meant and cib.replica(node.name) is None:
            yield problem(
                node.name_place,
                f"nothing makes the remote node {node.name!r} of this entry",
                consequence="it is shown offline for ever, and what may run nowhere else stays stopped",
                help=f"`crm_node --force --remove {node.name}` removes what is left of it; or bring its connection back",
            )


@rule("REM216", "daemon-as-resource", severity=ERROR, tags=TAGS)
def daemon_as_resource(cib: Cib) -> Findings:
    """A resource looks like a connection, but has another agent.

    A remote node is made by a resource of class `ocf`, provider `pacemaker`, type `remote`. The daemon pacemaker_remote itself runs on the
    remote node under systemd, outside of the cluster; as a cluster resource it makes no remote node, and is started on cluster nodes.

    Bad:

    ```xml
    <primitive id="r1" class="systemd" type="«pacemaker_remote»"/>
    ```

    ```xml
    <primitive id="r1" class="ocf" provider="«heartbeat»" type="remote"/>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Remote Nodes"
    """
    for agent, owners in cib.named_agents.items():
        kind = v.fold(agent.type).replace("-", "_").removesuffix(".service")
        if agent.standard != "ocf" and kind in ("pacemaker_remote", "pacemaker_remoted"):
            part, what = "type", "runs the daemon as a service of the cluster"
        elif v.fold(agent.standard) == "ocf" and v.fold(agent.provider) in ("heartbeat", "") and kind == "remote":
            part, what = ("provider" if agent.provider else "type"), f"has the agent {agent}, which does not exist"
        elif v.fold(agent.standard) == "ocf" and kind in ("pacemaker_remote", "pacemaker_remoted"):
            part, what = "type", f"has the agent {agent}, which does not exist"
        else:
            continue
        for owner in owners:
            if isinstance(owner, Primitive):
                yield problem(
                    cib.document.place(owner.element, part),
                    f"{owner.id!r} {what}",
                    consequence="no remote node comes to be",
                    help='a remote node is a primitive with class="ocf" provider="pacemaker" type="remote"',
                )


@rule("REM217", "guest-is-no-machine", severity=WARNING, tags=TAGS)
def guest_is_no_machine(cib: Cib, *, agents: tuple[str, ...] = _VM_AGENTS) -> Findings:
    """A resource makes a guest node, but its agent runs no machine.

    A guest node lives and dies with its resource: Pacemaker connects to it once the resource is started, and recovers it by restarting the
    resource. That makes sense for agents that run virtual machines or containers. Agents of your own can be added with the option
    `agents`.

    Bad:

    ```xml
    <primitive id="web" class="systemd" type="nginx">
      <meta_attributes id="web-meta"><nvpair id="web-rn" name="remote-node" value="«g1»"/></meta_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="vm" class="ocf" provider="heartbeat" type="lxc">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Remote, "Guest Nodes"
    """
    known = {v.fold(name) for name in agents}
    for guest in cib.guest_nodes:
        agent = guest.resource.agent
        no_machine = v.fold(agent.standard) in ("stonith", "systemd", "service", "lsb", "upstart", "nagios")
        standard = v.fold(agent.standard) == "ocf" and v.fold(agent.provider) in ("heartbeat", "pacemaker")
        if no_machine or (standard and v.fold(agent.type) not in known):
            yield problem(
                guest.name_place,
                f"{agent} runs no machine that could be guest node {guest.name!r}",
                consequence="Pacemaker connects to a machine of that name once the resource is started, and restarts the resource when it fails",
                help="set remote-node on the resource that runs the machine; if this agent does, add it to the option `agents`",
            )


@rule("REM218", "guest-without-domain", severity=ERROR, tags=TAGS)
def guest_without_domain(cib: Cib) -> Findings:
    """A VirtualDomain resource that makes a guest node has no parameter `config`.

    The agent needs the file that defines the virtual machine; without `config` each of its operations fails as not configured, and the
    guest node never comes up.

    Bad:

    ```xml
    <primitive id="«vm»" class="ocf" provider="heartbeat" type="VirtualDomain">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    Good:

    Through a template:

    ```xml
    <template id="vms" class="ocf" provider="heartbeat" type="VirtualDomain">
      <instance_attributes id="vms-params"><nvpair id="vms-config" name="config" value="/etc/libvirt/qemu/vm.xml"/></instance_attributes>
    </template>
    <primitive id="vm" template="vms">
      <meta_attributes id="vm-meta"><nvpair id="vm-rn" name="remote-node" value="g1"/></meta_attributes>
    </primitive>
    ```

    References:
    - resource-agents, metadata of ocf:heartbeat:VirtualDomain: `config` is required
    """
    for guest in cib.guest_nodes:
        agent = guest.resource.agent
        if agent == ("ocf", "heartbeat", "VirtualDomain") and guest.resource.parameters.get("config").is_absent:
            yield problem(
                guest.resource.id_place,
                f"{guest.resource.id!r} has no parameter 'config'",
                consequence=f"the agent fails as not configured, and guest node {guest.name!r} never comes up",
                help="set `config` to the libvirt definition of the machine, on storage that all its hosts see",
                related=[(guest.name_place, "the guest node that it makes")],
            )


@rule("REM219", "dc-rule-on-remote-node", severity=WARNING, tags=(*TAGS, "constraints"))
def dc_rule_on_remote_node(cib: Cib) -> Findings:
    """A location rule asks for a remote node that is the DC.

    Remote and guest nodes are never the designated controller, so the rule can never be true.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    <rsc_location id="loc" rsc="a"><rule id="loc-rule" score="100">
      <expression id="loc-dc" attribute="«#is_dc»" operation="eq" value="true"/>
      <expression id="loc-node" attribute="#uname" operation="eq" value="r1"/></rule></rsc_location>
    ```

    Good:

    ```xml
    <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
    <rsc_location id="loc" rsc="a"><rule id="loc-rule" score="100">
      <expression id="loc-dc" attribute="#is_dc" operation="eq" value="true"/></rule></rsc_location>
    ```

    References:
    - Pacemaker Remote, "Overview": remote nodes are not eligible as DC
    """
    for location in cib.locations:
        for element in location.rules:
            expressions = element.findall("expression")
            if v.fold(element.get("boolean-op", "and")) != "and":
                continue
            dc = next((one for one in expressions if one.get("attribute") == "#is_dc" and _asks_for(one, "true")), None)
            if dc is not None and any(_only_remote(cib, one) for one in expressions):
                yield problem(
                    cib.document.place(dc, "attribute"),
                    "a remote or guest node is never the DC",
                    consequence="the rule is never true",
                    help="leave one of the two conditions out",
                )


def _asks_for(expression: Element, value: str) -> bool:
    return expression.get("operation") == "eq" and v.fold(expression.get("value", "")) == value


def _only_remote(cib: Cib, expression: Element) -> bool:
    if expression.get("attribute") == "#kind":
        return _asks_for(expression, "remote") or _asks_for(expression, "container")
    return (
        expression.get("attribute") == "#uname"
        and expression.get("operation") == "eq"
        and cib.names_remote_kind(expression.get("value", ""))
    )
