"""AGT13x: file systems in clones and the lock manager: the indirect forms of each mistake, and what looks like one and is none."""

from __future__ import annotations

from typing import Any

import pytest

from cibcheck.api import ERROR, INFO, WARNING
from cibcheck.cli.builtin import all_rules
from cibcheck.testing import RuleTester

RULES = {rule.code: rule for rule in all_rules(plugins=False)}


def judge(code: str, **how: Any) -> RuleTester:
    return RuleTester(RULES[code], **how)


def filesystem(kind: str, name: str = "data", more: str = "", **parameters: str) -> str:
    pairs = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    mounted = f'<nvpair id="{name}-d" name="device" value="/dev/v/d"/><nvpair id="{name}-m" name="directory" value="/m"/>'
    written = f'<nvpair id="{name}-type" name="fstype" value="{kind}"/>'
    attributes = f'<instance_attributes id="{name}-p">{mounted}{written}{pairs}</instance_attributes>{more}'
    return f'<primitive id="{name}" class="ocf" provider="heartbeat" type="Filesystem">{attributes}</primitive>'


def clone(inner: str, name: str = "c") -> str:
    return f'<clone id="{name}">{inner}</clone>'


def manager(inner: str = "", name: str = "dlm") -> str:
    return f'<primitive id="{name}" class="ocf" provider="pacemaker" type="controld">{inner}</primitive>'


def option(name: str, value: str) -> str:
    return f'<cluster_property_set id="ps"><nvpair id="{name}" name="{name}" value="{value}"/></cluster_property_set>'


def ruled(name: str, **parameters: str) -> str:
    rule = f'<rule id="{name}-r" score="0"><expression id="{name}-e" attribute="#uname" operation="eq" value="node1"/></rule>'
    pairs = "".join(f'<nvpair id="{name}-r-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    return f'<instance_attributes id="{name}-g" score="5">{rule}{pairs}</instance_attributes>'


LOCKS = clone(manager(), "locks")

# --- AGT131


@pytest.mark.parametrize(
    "cib",
    [
        filesystem("ext4"),
        f'<group id="g">{filesystem("xfs")}</group>',
        *(clone(filesystem(kind)) for kind in ("gfs2", "ocfs2", "nfs", "cifs", "tmpfs", "none", "fuse.sshfs", "EXT4", "")),
        clone(filesystem("ext4", force_clones="yes")),
        clone(filesystem("ext4", force_clones="ja")),
        clone(filesystem("btrfs", options="noatime,ro")),
        # A container's own file system.
        f'<bundle id="b"><podman image="i"/><network control-port="3122"/>{filesystem("ext4")}</bundle>',
    ],
)
def test_file_systems_that_may_be_where_they_are(cib: str) -> None:
    judge("AGT131").valid(cib)


@pytest.mark.parametrize(
    "cib",
    [
        clone(f'<group id="g">{filesystem("«xfs»")}</group>'),
        f'<master id="m">{filesystem("«ext3»")}</master>',
        clone(filesystem("«ext4»", force_clones="no")),
        # A journal is written when it is mounted read-only, too.
        clone(filesystem("«ext4»", options="ro")),
        # Only what has a journal may be forced.
        clone(filesystem("«btrfs»", force_clones="true")),
        clone(filesystem("«vfat»", options="errors=remount-ronly")),
        filesystem("«xfs»").replace("primitive", "template") + clone('<primitive id="a" template="data"/>'),
    ],
)
def test_file_systems_of_one_node_in_a_clone_or_around_one(cib: str) -> None:
    (finding,) = judge("AGT131").invalid(cib)
    assert finding.severity is ERROR


def test_what_a_rule_permits_in_a_clone_is_not_evaluated() -> None:
    checked = judge("AGT131").check(clone(filesystem("ext4", more=ruled("data", force_clones="true"))))
    assert checked.findings == []
    assert [gap.resource for gap in checked.not_evaluated] == ["data"]


# --- AGT132


@pytest.mark.parametrize(
    "cib",
    [
        LOCKS + clone(filesystem("gfs2")),
        clone(f'<group id="g">{manager()}{filesystem("ocfs2")}</group>'),
        clone(filesystem("nfs")),
        manager(),
        '<template id="t" class="ocf" provider="pacemaker" type="controld"/><clone id="l"><primitive id="d" template="t"/></clone>'
        + clone(filesystem("gfs2")),
        clone('<primitive id="d" class="systemd" type="dlm"/>', "l") + clone(filesystem("gfs2")),
        # Both on one node.
        f'<group id="g">{manager()}{filesystem("gfs2")}</group>',
    ],
)
def test_the_lock_manager_runs_or_is_not_needed(cib: str) -> None:
    judge("AGT132").valid(cib)


def test_all_that_lacks_the_lock_manager_is_one_finding() -> None:
    (finding,) = judge("AGT132").invalid(clone(filesystem("«gfs2»", "a"), "ac") + clone(filesystem("gfs2", "b"), "bc"))
    assert finding.problem.affects == ("a", "b")
    assert finding.severity is WARNING


def test_ocfs2_may_have_locks_of_its_own() -> None:
    (finding,) = judge("AGT132").invalid(clone(filesystem("«ocfs2»")))
    assert finding.severity is INFO


def test_cluster_lvm_needs_the_lock_manager() -> None:
    judge("AGT132").invalid('<clone id="c"><primitive id="«clvmd»" class="ocf" provider="heartbeat" type="clvm"/></clone>')


# --- AGT133


def test_the_lock_manager_may_be_told_to_do_without_fencing() -> None:
    told = '<instance_attributes id="p"><nvpair id="a" name="allow_stonith_disabled" value="{}"/></instance_attributes>'
    off = option("stonith-enabled", "false")
    judge("AGT133").valid(off + clone(manager(told.format("true"))))
    judge("AGT133").invalid(off + clone(manager(told.format("false"), "«dlm»")))
    judge("AGT133").valid(off + clone(manager(ruled("dlm", allow_stonith_disabled="true"))))


# --- AGT134


@pytest.mark.parametrize(
    "cib",
    [
        LOCKS,
        clone(manager('<operations><op id="o" name="monitor" interval="0" timeout="9s"/></operations>')),
        clone(manager('<operations><op id="o" name="monitor" interval="9s" enabled="false"/></operations>')),
        clone(manager('<operations><op id="o" name="start" interval="0" timeout="9s"/></operations>')),
        clone(manager('<operations><op id="o" name="monitor" interval="9s"/></operations>'))
        + '<op_defaults><meta_attributes id="d"><nvpair id="f" name="on-fail" value="fence"/></meta_attributes></op_defaults>',
        # Pacemaker would not take what the finding proposes.
        option("stonith-enabled", "false") + clone(manager('<operations><op id="o" name="monitor" interval="9s"/></operations>')),
    ],
)
def test_monitors_that_fence_or_never_run(cib: str) -> None:
    judge("AGT134").valid(cib)


def test_the_fix_has_the_monitor_fence() -> None:
    written = '<operations><op id="o" name="monitor" interval="9s" on-fail="{}"/></operations>'
    (finding,) = judge("AGT134").invalid(clone(manager(written.format("«restart»"))))
    assert finding.problem.fix is not None
    assert not finding.problem.fix.is_safe


# --- AGT135


@pytest.mark.parametrize("policy", ["freeze", "Freeze", "fence", "suicide", "ignore"])
def test_policies_that_stop_nothing_or_fence_at_once(policy: str) -> None:
    judge("AGT135").valid(option("no-quorum-policy", policy) + LOCKS + clone(filesystem("gfs2")))


@pytest.mark.parametrize("policy", ["stop", "demote"])
def test_policies_that_stop_what_cannot_be_stopped(policy: str) -> None:
    judge("AGT135").invalid(option("no-quorum-policy", f"«{policy}»") + LOCKS + clone(filesystem("gfs2")))


def test_two_nodes_keep_quorum() -> None:
    nodes = '<nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>'
    judge("AGT135").valid(nodes + LOCKS + clone(filesystem("gfs2")))
