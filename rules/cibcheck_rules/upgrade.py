"""UPG: what Pacemaker 3 drops or changes when it takes over a configuration.

A CIB that declares a schema before 4.0 is converted in memory by every daemon and tool of Pacemaker 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Clone, Findings, Insert, Place, Rename, Template, problem, rule, safe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from cibcheck.api import Fix

TAGS = ("upgrade",)


def _is_converted(cib: Cib) -> bool:
    """Whether Pacemaker 3 will convert the configuration; a file that declares no schema may be part of one that it converts."""
    declared = cib.document.root.get("validate-with", "pacemaker-3")
    return declared.startswith("pacemaker-") and not declared.startswith("pacemaker-4")


@rule("UPG101", "dropped-by-pacemaker-3", severity=ERROR, tags=TAGS, pacemaker="3.0")
def dropped_by_pacemaker_3(cib: Cib) -> Findings:
    """Pacemaker 3 takes a resource out of the configuration.

    Resources of the classes nagios and upstart, and bundles of rkt containers, are gone in 3.0. When Pacemaker 3 converts the configuration, it
    drops them, with the groups and clones that become empty and the constraints that name them. Nothing of it starts, and nothing is
    reported as failed.

    Bad:

    ```xml
    <primitive id="web" class="«upstart»" type="nginx"/>
    <bundle id="db-bundle"><«rkt» image="registry.example.com/db:1"/><network control-port="3122"/></bundle>
    ```

    Good:

    ```xml
    <primitive id="web" class="systemd" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    <bundle id="db-bundle"><podman image="registry.example.com/db:1"/><network control-port="3122"/></bundle>
    ```

    References:
    - Pacemaker 3.0 release notes
    - Pacemaker 3.0, xml/upgrade-3.10-*.xsl
    """
    for agent, owners in cib.named_agents.items():
        name = v.fold(agent.standard)
        for owner in owners if name in ("nagios", "upstart") else ():
            yield problem(
                cib.document.place(owner.element, "class"),
                f"{owner.id!r} is of class {name}, which is gone in Pacemaker 3",
                consequence="Pacemaker 3 drops it from the configuration, with the constraints that name it",
                help="use a systemd unit"
                if name == "upstart"
                else "use an OCF agent; for checks of a guest, one that runs inside",
                key=name,
                affects=[user.id for user in owner.users] if isinstance(owner, Template) else [],
            )
    for bundle in cib.bundles:
        if bundle.container is not None and bundle.container.tag == "rkt":
            yield problem(
                cib.document.place(bundle.container, "@"),
                f"bundle {bundle.id!r} is of rkt containers, which are gone in Pacemaker 3",
                consequence="Pacemaker 3 drops the bundle from the configuration, with the constraints that name it",
                help="use podman",
                key="rkt",
                affects=[bundle.id, *(child.id for child in bundle.children)],
            )


@rule("UPG102", "ping-node", severity=WARNING, tags=(*TAGS, "nodes"))
def ping_node(cib: Cib) -> Findings:
    """A node is a ping node.

    They are a thing of Heartbeat, deprecated since 2.1.3. Pacemaker 3 makes an ordinary node of the entry, on which no resource may run.

    Bad:

    ```xml
    <node id="9" uname="router" type="«ping»"/>
    ```

    Good:

    ```xml
    <clone id="ping-clone">
      <primitive id="ping" class="ocf" provider="pacemaker" type="ping">
        <instance_attributes id="params"><nvpair id="hosts" name="host_list" value="192.0.2.1"/></instance_attributes>
        <operations><op id="ping-monitor" name="monitor" interval="10s" timeout="60s"/></operations>
      </primitive>
    </clone>
    ```

    References:
    - Pacemaker 2.1.3 and 3.0 release notes
    - crm_verify 2.1.5
    """
    for node in cib.nodes:
        if v.fold(node.type) == "ping":
            yield problem(
                cib.document.place(node.element, "type"),
                f"{node.name!r} is a ping node",
                consequence="Pacemaker 2.1 makes no use of it; Pacemaker 3 takes it for a node of the cluster",
                help="remove the entry; to watch the network use ocf:pacemaker:ping",
            )


@rule("UPG103", "spelling-before-promotable", severity=WARNING, tags=(*TAGS, "promotable"), fix="safe")
def spelling_before_promotable(cib: Cib) -> Findings:
    """A promotable clone or bundle is written as it was before Pacemaker 2.

    `master` is a clone with `promotable=true`, and `masters` of a container is `promoted-max`. Schema 4.0 has neither; Pacemaker 3 converts
    them, so that what it writes and what the file says are no longer the same.

    Bad:

    ```xml
    <«master» id="db-clone">
      <meta_attributes id="meta"><nvpair id="notify" name="notify" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </master>
    ```

    ```xml
    <bundle id="db-bundle">
      <podman image="registry.example.com/db:1" replicas="3" «masters»="1"/><network control-port="3122"/>
      <primitive id="db" class="ocf" provider="heartbeat" type="galera"/>
    </bundle>
    ```

    Good:

    ```xml
    <clone id="db-clone">
      <meta_attributes id="meta"><nvpair id="notify" name="notify" value="true"/><nvpair id="prom" name="promotable" value="true"/></meta_attributes>
      <primitive id="db" class="ocf" provider="heartbeat" type="pgsql"/>
    </clone>
    ```

    References:
    - Pacemaker 3.0 release notes
    """
    for clone in cib.top_resources:
        if isinstance(clone, Clone) and clone.element.tag == "master":
            yield problem(
                cib.document.place(clone.element, "@"),
                f"{clone.id!r} is a master, which is the old name of a promotable clone",
                consequence="Pacemaker 3 writes it as a clone",
                help='write <clone>, with the meta-attribute promotable="true"',
                key="master",
                fix=_as_clone(cib, clone),
            )
    for bundle in cib.bundles:
        container = bundle.container
        if container is not None and "masters" in container.attrib:
            place = cib.document.place(container, "@masters")
            both = "promoted-max" in container.attrib
            yield problem(
                place,
                f"bundle {bundle.id!r} has masters, the old name of promoted-max"
                + (", and promoted-max as well" if both else ""),
                consequence="promoted-max counts" if both else "Pacemaker 3 writes it as promoted-max",
                help="remove masters" if both else "write promoted-max",
                key="masters",
                fix=None if both else safe_fix("rename masters to promoted-max", Rename(place, "promoted-max")),
            )


def _as_clone(cib: Cib, clone: Clone) -> Fix | None:
    """The same as a clone, where it has a set of meta-attributes to put the promotion into."""
    name = f"{clone.id}-promotable"
    sets = [
        one for one in clone.element.iterchildren("meta_attributes") if one.get("id-ref") is None and one.find("rule") is None
    ]
    if len(sets) != 1 or cib.element(name) is not None or any(pair.get("name") == "promotable" for pair in sets[0]):
        return None
    pair = Insert(cib.document.place(sets[0]), "nvpair", {"id": name, "name": "promotable", "value": "true"})
    return safe_fix("write it as a promotable clone", Rename(cib.document.place(clone.element, "@"), "clone"), pair)


@rule("UPG104", "id-of-the-conversion", severity=WARNING, tags=(*TAGS, "ids"), pacemaker="3.0", elsewhere=INFO)
def id_of_the_conversion(cib: Cib) -> Findings:
    """An id begins like those that Pacemaker 3 makes when it converts a configuration.

    Elements that the conversion adds get ids that start with `pcmk__3_10_upgrade-`. One that is there already can make the result invalid,
    and then the cluster does not accept it.

    Bad:

    ```xml
    <primitive id="«pcmk__3_10_upgrade-web»" class="ocf" provider="heartbeat" type="nginx"/>
    ```

    Good:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
      <operations><op id="web-monitor" name="monitor" interval="10s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker 3.0, xml/upgrade-3.10-*.xsl
    """
    if not _is_converted(cib) or not cib.document.source.mentions("pcmk__3_10_upgrade-"):
        return
    for name in [name for name in cib.elements_by_id if name.startswith("pcmk__3_10_upgrade-")]:
        yield problem(
            cib.document.place(cib.elements_by_id[name], "id"),
            f"id {name!r} is of the kind that the conversion to Pacemaker 3 makes",
            consequence="an id of the conversion can be the same; the cluster refuses the result then",
            help="give it another id",
        )


@rule("UPG105", "feature-set-too-new", severity=ERROR, tags=TAGS)
def feature_set_too_new(cib: Cib) -> Findings:
    """The CIB was written by a Pacemaker that is newer than the one it is for.

    `crm_feature_set` says what the cluster could do that wrote the CIB. A Pacemaker of an older feature set does not work with it: 2.1 refuses to
    take the CIB, and each change of it; 3.0 does not process it at all. All releases 2.1 have 3.19.6 or less, and those up to 3.0.2 have 3.20.5
    or less. One beyond that is a warning, since there may be newer releases than this rule knows.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.9" crm_feature_set="«99.0.0»" epoch="1" num_updates="0" admin_epoch="0">
      <configuration><crm_config/><nodes/><resources/><constraints/></configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" crm_feature_set="3.19.6" epoch="1" num_updates="0" admin_epoch="0">
      <configuration><crm_config/><nodes/><resources/><constraints/></configuration>
    </cib>
    ```

    References:
    - Pacemaker 3.0, lib/pengine/status.c
    - cibadmin and crm_attribute 2.1.5, tried with 99.0.0: "Protocol not supported"; crm_verify does not mind
    """
    root = cib.document.root
    numbers = (
        tuple(v.leading_integer(part) or 0 for part in root.get("crm_feature_set", "").split(".")[:3]) if cib.is_whole else ()
    )
    line = max(cib.targets)
    newest, has_it = _NEWEST[line]
    if numbers > newest:
        yield problem(
            Place(cib.document, root, "crm_feature_set"),
            f"the CIB is of feature set {root.get('crm_feature_set')!r}, which Pacemaker {has_it} does not have",
            consequence="Pacemaker does not take a CIB of a newer one, nor any change of it",
            help="take the attribute out of a file that is for another cluster; Pacemaker sets it",
            at_most=WARNING if line == max(_NEWEST) else None,
        )


_NEWEST = {"2.1": ((3, 19, 99), "2.1"), "3.0": ((3, 20, 5), "up to 3.0.2")}
"""The newest feature set of each release line: of 2.1 any 3.19, of 3.0 what is known, as anything beyond is but a warning."""
