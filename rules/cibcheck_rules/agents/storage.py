"""AGT13x: storage in clones: file systems that only one node may mount, and the lock manager that others need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Agent, Clone, Gap, Place, Primitive, SetValue, problem, rule, unsafe_fix
from cibcheck.api import values as v

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Cib, Findings, Setting

TAGS = ("agents", "storage")
_LOCK_MANAGER = Agent("ocf", "pacemaker", "controld")
_FILESYSTEM = Agent("ocf", "heartbeat", "Filesystem")
_CLUSTER_LVM = (Agent("ocf", "heartbeat", "lvmlockd"), Agent("ocf", "heartbeat", "clvm"))
_JOURNALED = frozenset(("ext3", "ext4", "ext4dev", "jfs", "reiser4", "reiserfs", "xfs"))
"""Mounted read-only they may still write their journal, so only ``force_clones`` counts."""
_FOR_SEVERAL = frozenset(("gfs2", "ocfs2"))
_LOCAL = _JOURNALED | {"btrfs", "ext2", "exfat", "f2fs", "fat", "hfsplus", "minix", "msdos", "ntfs", "udf", "vfat", "zfs"}


def _run_by(cib: Cib, *agents: Agent) -> Iterator[Primitive]:
    """The primitives that some agents run, by a template too."""
    for agent in agents:
        for owner in cib.named_agents.get(agent, ()):
            if not isinstance(owner, Primitive):
                yield from owner.users
            elif owner.template is None:
                yield owner


def _is_true(text: str | None) -> bool:
    """Whether a parameter says yes to an agent."""
    return text is not None and (v.boolean(text.strip()).value is True or text == "ja")


@rule("AGT131", "local-filesystem-in-clone", severity=ERROR, tags=(*TAGS, "clones"))
def local_filesystem_in_clone(cib: Cib) -> Findings:
    """A clone is to mount a file system that only one node at a time may mount.

    Such a file system on a shared device is destroyed when two nodes write to it. The agent refuses to start, with "not configured", and
    Pacemaker tries no other node. It does so for each clone, also where the device is local to the node; `force_clones` says that, and counts for
    ext3, ext4, JFS, ReiserFS and XFS. Other file systems, such as ext2 and Btrfs, may be in a clone if they are mounted read-only.

    Bad:

    ```xml
    <clone id="data-clone">
      <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
        <instance_attributes id="data-params">
          <nvpair id="data-device" name="device" value="/dev/vg/data"/>
          <nvpair id="data-directory" name="directory" value="/data"/>
          <nvpair id="data-type" name="fstype" value="«ext4»"/>
        </instance_attributes>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <clone id="brick-clone">
      <primitive id="brick" class="ocf" provider="heartbeat" type="Filesystem">
        <instance_attributes id="brick-params">
          <nvpair id="brick-device" name="device" value="/dev/vg/brick"/>
          <nvpair id="brick-directory" name="directory" value="/brick"/>
          <nvpair id="brick-type" name="fstype" value="xfs"/>
          <nvpair id="brick-force" name="force_clones" value="true"/>
        </instance_attributes>
      </primitive>
    </clone>
    <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
      <instance_attributes id="data-params">
        <nvpair id="data-device" name="device" value="/dev/vg/data"/>
        <nvpair id="data-directory" name="directory" value="/data"/>
        <nvpair id="data-type" name="fstype" value="ext4"/>
      </instance_attributes>
    </primitive>
    ```

    References:
    - ocf:heartbeat:Filesystem of resource-agents 4.12, tried with CRM_meta_clone_max set: start ends with 6, "not configured"
    - Pacemaker Explained, section "OCF Return Codes": OCF_ERR_CONFIGURED
    """
    for primitive in _run_by(cib, _FILESYSTEM):
        clone = next((outer for outer in primitive.ancestors if isinstance(outer, Clone)), None)
        kind = primitive.parameters.get("fstype").certain if clone is not None else None
        if clone is None or kind is None or kind.text not in _LOCAL:
            continue
        is_journaled = kind.text in _JOURNALED
        permission = primitive.parameters.get("force_clones" if is_journaled else "options")
        if permission.is_conditional:
            cib.ledger.note(Gap(f"a rule decides whether {primitive.id!r} may be in a clone", resource=primitive.id))
        elif not (_is_true(permission.text) if is_journaled else re.search(r"\bro\b", permission.text or "")):
            yield problem(
                kind.place,
                f"clone {clone.id!r} mounts {kind.text}, which is not for several nodes",
                label="file system",
                consequence="the agent refuses to start with 'not configured', and Pacemaker tries no other node",
                help="take it out of the clone, or use a cluster file system"
                + (
                    '; if each node has a device of its own, write force_clones="true"'
                    if is_journaled
                    else ", or mount it read-only"
                ),
                related=[(clone.id_place, "the clone")],
                affects=[primitive.id],
            )


def _shared(cib: Cib) -> Iterator[tuple[Primitive, Setting | None, str]]:
    """What several nodes use at once under the locks of the DLM: cluster file systems and cluster LVM, each with the parameter that says
    so, and what to call it."""
    # Few files have any, and a look at what is written tells.
    has_any = any(pair.text in _FOR_SEVERAL for pair in cib.pairs_named("fstype"))
    for primitive in _run_by(cib, _FILESYSTEM) if has_any else ():
        kind = primitive.parameters.get("fstype").certain
        if kind is not None and kind.text in _FOR_SEVERAL:
            yield primitive, kind, f"the {kind.text} file system"
    for primitive in _run_by(cib, *_CLUSTER_LVM):
        yield primitive, None, str(primitive.agent)


@rule("AGT132", "shared-storage-without-lock-manager", severity=WARNING, tags=TAGS)
def shared_storage_without_lock_manager(cib: Cib) -> Findings:
    """A cluster file system or cluster LVM is used, and the cluster does not run the distributed lock manager (DLM) on all nodes.

    GFS2, OCFS2, lvmlockd and clvmd take their locks from the DLM, whose daemon ocf:pacemaker:controld runs: as a clone, since each node needs it
    that uses the storage. (One that runs on one node only, beside the only user, is fine.) OCFS2 can do without, with its own stack (o2cb), and
    so is only noted.

    Bad:

    ```xml
    <clone id="data-clone">
      <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
        <instance_attributes id="data-params">
          <nvpair id="data-device" name="device" value="/dev/vg/data"/>
          <nvpair id="data-directory" name="directory" value="/data"/>
          <nvpair id="data-type" name="fstype" value="«gfs2»"/>
        </instance_attributes>
      </primitive>
    </clone>
    ```

    On one node only:

    ```xml
    <primitive id="«dlm»" class="ocf" provider="pacemaker" type="controld"/>
    <clone id="locks"><primitive id="lockd" class="ocf" provider="heartbeat" type="lvmlockd"/></clone>
    ```

    Good:

    ```xml
    <clone id="locks">
      <group id="locking">
        <primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/>
        <primitive id="lockd" class="ocf" provider="heartbeat" type="lvmlockd"/>
      </group>
    </clone>
    ```

    References:
    - ocf:pacemaker:controld of Pacemaker 2.1.5 and ocf:heartbeat:lvmlockd of resource-agents 4.12, meta-data
    - Red Hat Enterprise Linux 9, "Configuring and managing high availability clusters", GFS2 file systems in a cluster
    """
    managers = list(_run_by(cib, _LOCK_MANAGER, *_OTHER_LOCK_MANAGERS))
    users = list(_shared(cib))
    if not users or any(map(_is_cloned, managers)) or (managers and not any(_is_cloned(user) for user, _, _ in users)):
        return
    primitive, kind, what = users[0]
    is_all_of_it_free = all(kind is not None and kind.text == "ocfs2" for _, kind, _ in users)
    yield problem(
        managers[0].id_place if managers else kind.place if kind else primitive.id_place,
        f"{managers[0].id!r}, the lock manager, is in no clone"
        if managers
        else f"nothing runs the lock manager that {what} needs",
        label="lock manager" if managers else "needs locks",
        consequence="only one node has locks; the others cannot start what needs them"
        if managers
        else "nothing that needs its locks starts, unless something outside of the cluster runs it",
        help="clone it" if managers else "add a clone of ocf:pacemaker:controld, and order and colocate what needs it with that",
        affects=[one.id for one, _, _ in users],
        at_most=INFO if is_all_of_it_free else None,
    )


_OTHER_LOCK_MANAGERS = (
    Agent("ocf", "heartbeat", "controld"),
    Agent("systemd", "", "dlm"),
    Agent("systemd", "", "dlm.service"),
)
"""Other ways to run the daemon. Rules about what the agent itself does are not for them."""


def _is_cloned(primitive: Primitive) -> bool:
    return isinstance(primitive.top, Clone)


@rule("AGT133", "lock-manager-without-fencing", severity=ERROR, tags=(*TAGS, "fencing"))
def lock_manager_without_fencing(cib: Cib) -> Findings:
    """The distributed lock manager (DLM) is to run in a cluster that does not fence.

    It must not give away the locks of a node that may still be writing, so it waits until the node is fenced. ocf:pacemaker:controld does not even
    start where fencing is off, unless it is told to by `allow_stonith_disabled`.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="fencing" name="stonith-enabled" value="false"/></cluster_property_set>
    <clone id="locks"><primitive id="«dlm»" class="ocf" provider="pacemaker" type="controld"/></clone>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="fencing" name="stonith-enabled" value="true"/></cluster_property_set>
    <clone id="locks"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    ```

    References:
    - ocf:pacemaker:controld of Pacemaker 2.1.5, tried with fencing off: start ends with 6, "not configured"
    """
    if cib.fencing_is_enabled is not False:
        return
    switch = cib.option("fencing-enabled", "stonith-enabled").certain
    for primitive in _run_by(cib, _LOCK_MANAGER):
        permission = primitive.parameters.get("allow_stonith_disabled")
        if permission.is_conditional or _is_true(permission.text):
            continue
        yield problem(
            primitive.id_place,
            f"{primitive.id!r}, the lock manager, needs fencing, which is off",
            label="lock manager",
            consequence="the agent refuses to start with 'not configured', and Pacemaker tries no other node",
            help="configure fence devices, and switch fencing on",
            related=[(switch.place, "fencing is off")] if switch else (),
            affects=[primitive.id],
        )


@rule("AGT134", "lock-manager-failure-without-fencing", severity=INFO, tags=(*TAGS, "fencing"), fix="unsafe")
def lock_manager_failure_without_fencing(cib: Cib) -> Findings:
    """A monitor of the distributed lock manager (DLM) does not have the node fenced when it fails.

    Pacemaker then tries to restart it with all that depends on it. A file system whose lock manager is gone can often not be unmounted any
    more; that stop fails after its timeout, and the node is fenced then. With `on-fail="fence"` the other nodes go on sooner. (Where fencing is
    off, AGT133 speaks: such an `on-fail` would not count.)

    Bad:

    ```xml
    <clone id="locks">
      <primitive id="dlm" class="ocf" provider="pacemaker" type="controld">
        <operations><«op» id="dlm-monitor" name="monitor" interval="30s" timeout="60s"/></operations>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <clone id="locks">
      <primitive id="dlm" class="ocf" provider="pacemaker" type="controld">
        <operations><op id="dlm-monitor" name="monitor" interval="30s" timeout="60s" on-fail="fence"/></operations>
      </primitive>
    </clone>
    ```

    References:
    - Red Hat Enterprise Linux 9, "Configuring and managing high availability clusters", GFS2 file systems in a cluster
    - crm_verify 2.1.5, tried with fencing off: on-fail is reset to stop
    """
    for primitive in _run_by(cib, _LOCK_MANAGER) if cib.fencing_is_enabled is not False else ():
        for op in primitive.operations:
            reaction = op.option("on-fail")
            if op.name != "monitor" or not op.interval or not op.is_enabled or reaction.is_conditional:
                continue
            if v.fold(reaction.text or "") != "fence":
                yield problem(
                    Place(cib.document, op.element, "on-fail" if "on-fail" in op.element.attrib else "@"),
                    f"a failure of {primitive.id!r}, the lock manager, does not fence the node",
                    label="monitor",
                    consequence="Pacemaker tries to stop what depends on it first, which may hang until it times out",
                    help='set on-fail="fence"',
                    affects=[primitive.id],
                    fix=unsafe_fix('set on-fail="fence"', SetValue(Place(cib.document, op.element, "on-fail"), "fence")),
                )


@rule("AGT135", "quorum-policy-stops-shared-storage", severity=WARNING, tags=(*TAGS, "quorum"))
def quorum_policy_stops_shared_storage(cib: Cib) -> Findings:
    """Nodes without quorum are to stop all resources, and there are some that cannot be stopped without quorum.

    A cluster file system waits for the locks of the DLM, which gives none without quorum. Unmounting it fails, and nodes that only lost touch
    are fenced for that, at worst all of them. With `no-quorum-policy=freeze` they keep what they run, and start nothing, until there is quorum
    again. The rule is about clusters of three and more nodes: two keep quorum, by corosync's `two_node`.

    Bad:

    ```xml
    <clone id="locks"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    <clone id="data-clone">
      <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
        <instance_attributes id="data-params">
          <nvpair id="data-device" name="device" value="/dev/vg/data"/>
          <nvpair id="data-directory" name="directory" value="/data"/>
          <nvpair id="data-type" name="fstype" value="«gfs2»"/>
        </instance_attributes>
      </primitive>
    </clone>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="quorum" name="no-quorum-policy" value="freeze"/></cluster_property_set>
    <clone id="locks"><primitive id="dlm" class="ocf" provider="pacemaker" type="controld"/></clone>
    <clone id="data-clone">
      <primitive id="data" class="ocf" provider="heartbeat" type="Filesystem">
        <instance_attributes id="data-params">
          <nvpair id="data-device" name="device" value="/dev/vg/data"/>
          <nvpair id="data-directory" name="directory" value="/data"/>
          <nvpair id="data-type" name="fstype" value="gfs2"/>
        </instance_attributes>
      </primitive>
    </clone>
    ```

    References:
    - ocf:pacemaker:controld of Pacemaker 2.1.5 warns at its start where the policy is not freeze
    - Red Hat Enterprise Linux 9, "Configuring and managing high availability clusters", GFS2 file systems in a cluster
    """
    users = list(_shared(cib))
    policy = cib.option("no-quorum-policy")
    stops = v.fold(policy.text or "stop") in ("stop", "demote")
    if not users or policy.is_conditional or not stops or len(cib.cluster_nodes) < _MANY:
        return
    primitive, kind, what = users[0]
    setting = policy.certain
    place = kind.place if kind else primitive.id_place
    yield problem(
        setting.place if setting else place,
        f"nodes without quorum are to stop {what}, which cannot be stopped then",
        label="quorum policy" if setting else "cannot be stopped without quorum",
        consequence="it waits for locks until the stop times out, and nodes that only lost touch with the others are fenced",
        help="set the cluster option no-quorum-policy to freeze",
        related=[(place, "cannot be stopped without quorum")] if setting else (),
        affects=[one.id for one, _, _ in users],
    )


_MANY = 3
