"""OPT1: cluster options that do not go together, or that change everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Place, problem, rule, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Cib, Findings, Setting

TAGS = ("options",)


@rule("OPT111", "quorum-policy-needs-fencing", severity=ERROR, tags=(*TAGS, "fencing"))
def quorum_policy_needs_fencing(cib: Cib) -> Findings:
    """Nodes without quorum are to be fenced, but fencing is disabled.

    Pacemaker takes `stop` instead, and says so in the log.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="fencing" name="stonith-enabled" value="false"/>
      <nvpair id="quorum" name="no-quorum-policy" value="«fence»"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="fencing" name="stonith-enabled" value="true"/>
      <nvpair id="quorum" name="no-quorum-policy" value="fence"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker 3.0, lib/pengine/unpack.c: unpack_config
    - crm_verify 2.1.5, tried with suicide
    """
    policy = cib.option("no-quorum-policy").certain
    if policy is None or values.fold(policy.text) not in ("fence", "suicide") or cib.fencing_is_enabled is not False:
        return
    switch = cib.option("fencing-enabled", "stonith-enabled").certain
    yield problem(
        policy.place,
        f"no-quorum-policy is {policy.text!r}, but fencing is disabled",
        consequence="Pacemaker stops the resources of nodes without quorum, as with stop",
        help="enable fencing, or write stop",
        related=[(switch.place, "fencing is disabled here")] if switch else (),
        key="no-quorum-policy",
    )


@rule("OPT112", "drastic-cluster-option", severity=INFO, tags=TAGS)
def drastic_cluster_option(cib: Cib) -> Findings:
    """A cluster option stops or unmanages everything.

    It may be meant, for a while. In a file that outlives the while it is easily forgotten. (That quorum is ignored says FEN403.)

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="maintenance" name="maintenance-mode" value="«true»"/>
      <nvpair id="stop" name="stop-all-resources" value="«yes»"/>
    </cluster_property_set>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="maintenance" name="maintenance-mode" value="false"/>
      <nvpair id="stop" name="stop-all-resources" value="no"/>
    </cluster_property_set>
    ```

    References:
    - Pacemaker Explained, "Cluster Options"
    - crm_simulate 2.1.5, tried
    """
    for name, consequence in _DRASTIC.items():
        setting = cib.option(name).certain
        if setting is not None and values.boolean(setting.text).value:
            yield problem(
                setting.place,
                f"{name} is {setting.text!r}",
                consequence=consequence,
                help="set it back when the work is done",
                key=name,
            )


_DRASTIC = {
    "maintenance-mode": "the cluster starts, stops and monitors nothing",
    "stop-all-resources": "the cluster stops every resource that it manages, the fence devices too",
}


@rule("OPT113", "short-priority-fencing-delay", severity=INFO, tags=(*TAGS, "fencing"))
def short_priority_fencing_delay(cib: Cib) -> Findings:
    """priority-fencing-delay is shorter than twice the delay of a fence device.

    The device's own delay comes on top and may be random. One for priorities that is no longer than that can be made up for, and the node with
    the less important resources wins. Where it is a little longer, the fencing itself must be over in the time that is left.

    Bad:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="delay" name="priority-fencing-delay" value="«15s»"/>
    </cluster_property_set>
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params"><nvpair id="ipmi-delay" name="pcmk_delay_max" value="10s"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <cluster_property_set id="cib-bootstrap-options">
      <nvpair id="delay" name="priority-fencing-delay" value="20s"/>
    </cluster_property_set>
    <primitive id="ipmi" class="stonith" type="fence_ipmilan">
      <instance_attributes id="ipmi-params"><nvpair id="ipmi-delay" name="pcmk_delay_max" value="10s"/></instance_attributes>
    </primitive>
    ```

    References:
    - Pacemaker Explained, "Cluster Options": priority-fencing-delay
    """
    delay = cib.option("priority-fencing-delay").certain
    wanted = values.interval(delay.text).value if delay else None
    if delay is None or not wanted:
        return
    longest = max(_delays(cib), default=None, key=lambda one: one[0])
    if longest is not None and wanted < 2 * longest[0]:
        yield problem(
            delay.place,
            f"priority-fencing-delay is {delay.text!r}, less than twice the {longest[1].name} {longest[1].text!r}",
            consequence="the node with the less important resources may still win"
            if wanted <= longest[0]
            else f"the node with the more important resources has as little as {(wanted - longest[0]) // 1000}s to fence the other one",
            help=f"make it {2 * longest[0] // 1000}s or more",
            related=[(longest[1].place, "the longest delay of a device")],
        )


def _delays(cib: Cib) -> Iterator[tuple[int, Setting]]:
    for device in cib.fencing.devices:
        for name in ("pcmk_delay_base", "pcmk_delay_max"):
            setting = device.resource.parameters.get(name).certain
            if setting is not None:
                yield from ((delay, setting) for delay in values.fence_delays(setting.text))


@rule("OPT114", "unencrypted-cib-port", severity=WARNING, tags=(*TAGS, "upgrade"))
def unencrypted_cib_port(cib: Cib) -> Findings:
    """The CIB can be changed from elsewhere over a connection that is not encrypted.

    Whoever sees the traffic sees the password of a cluster administrator. Pacemaker 3.0.2 deprecates it.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-clear-port="«9898»">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-tls-port="9898">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker Explained, "Cluster-Wide Configuration": remote-clear-port
    """
    port = values.leading_integer(cib.document.root.get("remote-clear-port", "0"))
    if cib.document.root.tag == "cib" and port is not None and 0 < port <= _HIGHEST_PORT:
        yield problem(
            Place(cib.document, cib.document.root, "remote-clear-port"),
            "remote-clear-port lets the CIB be changed over an unencrypted connection",
            consequence="who sees the traffic sees the password of a cluster administrator",
            help="use remote-tls-port",
        )


_HIGHEST_PORT = 65535


@rule("OPT115", "bad-cib-port", severity=ERROR, tags=TAGS)
def bad_cib_port(cib: Cib) -> Findings:
    """The port on which the CIB can be changed from elsewhere is none.

    Pacemaker writes a line into the log, and listens nowhere. 0 says that it should not.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-tls-port="«98980»">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" remote-tls-port="9898">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker 3.0, daemons/based/based_remote.c
    """
    root = cib.document.root
    for name in ("remote-tls-port", "remote-clear-port"):
        text = root.get(name)
        if root.tag != "cib" or text is None:
            continue
        port = values.leading_integer(text)
        if port is None or not 0 <= port <= _HIGHEST_PORT:
            yield problem(
                Place(cib.document, root, name),
                f"{name} is {text!r}, which is no port",
                consequence="Pacemaker does not listen for administration from elsewhere",
                help="write a port from 1 to 65535",
                key=name,
            )


@rule("OPT116", "id-of-bootstrap-options-taken", severity=WARNING, tags=TAGS)
def id_of_bootstrap_options_taken(cib: Cib) -> Findings:
    """Something else has the id `cib-bootstrap-options`.

    Pacemaker's tools, pcs and crmsh keep the cluster options in a set of that id, and cannot make it then. They can only change options that are
    set elsewhere already.

    Bad:

    ```xml
    <rsc_defaults>
      <meta_attributes id="«cib-bootstrap-options»"><nvpair id="stickiness" name="resource-stickiness" value="1"/></meta_attributes>
    </rsc_defaults>
    ```

    Good:

    ```xml
    <rsc_defaults>
      <meta_attributes id="defaults"><nvpair id="stickiness" name="resource-stickiness" value="1"/></meta_attributes>
    </rsc_defaults>
    ```

    References:
    - crm_attribute 2.1.5, tried: "Update does not conform to the configured schema"
    """
    element = cib.element(_BOOTSTRAP) if cib.document.source.mentions(_BOOTSTRAP) else None
    if element is not None and element.tag != "cluster_property_set":
        yield problem(
            Place(cib.document, element, "id"),
            f"a {element.tag!s} has the id 'cib-bootstrap-options'",
            consequence="no tool can add a cluster option",
            help="give it another id",
        )


_BOOTSTRAP = "cib-bootstrap-options"
