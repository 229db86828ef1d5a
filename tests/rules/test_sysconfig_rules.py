"""What the examples on the pages of the SYS rules cannot show: odd bytes, the target of the run, and what must stay silent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cibcheck.api import ERROR, rules_in, table
from cibcheck.documents.sysconfig import SysconfigDocument
from cibcheck.testing import check, text_of
from cibcheck_rules.sysconfig import names, reading, shell, values

if TYPE_CHECKING:
    from cibcheck.testing import Checked

RULES = [rule for rule in rules_in(reading, shell, names, values) if rule.is_default]
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "node-files"


def run(text: bytes | str, **how: Any) -> Checked:
    checked = check(sysconfig={"node1": text}, rules=RULES, **how)
    assert not checked.internal_errors
    return checked


def found(text: bytes | str, *targets: str) -> list[str]:
    checked = run(text, targets=frozenset(targets or ("2.1", "3.0")))
    return [f"{one.code}[{one.problem.key}]" if one.problem.key else one.code for one in checked.findings]


@pytest.mark.parametrize(
    ("data", "code", "text"),
    [
        (b"PCMK_debug=yes\nPCMK_logfile=/var/log/caf\xe9\n", "SYS001", "\ufffd"),
        (b"caf\xe9=1\n", "SYS001", "\ufffd"),
        (b"PCMK_debug=yes\0\n", "SYS002", "\0"),
        ("\ufeffPCMK_debug=yes\r\n".encode("utf-16-le"), "SYS002", "PCMK_debug=yes"),
        ("\ufeffPCMK_debug=yes\r\n".encode("utf-16-be"), "SYS002", "PCMK_debug=yes"),
        (b"\xef\xbb\xbfPCMK_remote_port=3122\n", "SYS003", "PCMK_remote_port=3122"),
        (b"\xef\xbb\xbf# a comment\nPCMK_remote_port=3122\n", "SYS004", "\ufeff"),
        (b"PCMK_debug=yes\r\nPCMK_logfile=none\r\n", "SYS021", "PCMK_debug=yes"),
    ],
)
def test_bytes(data: bytes, code: str, text: str) -> None:
    checked = run(data)
    assert checked.codes == [code]
    assert text_of(checked.findings[0].problem.place) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# PCMK_remote_port=9999999\n#PCMK_REMOTE_PORT=x\n",
        '# Default: PCMK_cluster_type=""\n',
        # what Pacemaker shipped with 2.1.7, and what nobody reads as long as valgrind is off
        'VALGRIND_OPTS="--leak-check=full"\nVALGRIND_OPTS="$VALGRIND_OPTS --vgdb=no"\n',
        "PCMK_remote_port=3121\nPCMK_remote_address=192.0.2.17\nPCMK_logfile=/var/log/pacemaker/pacemaker.log\n",
        "PCMK_remote_address=fe80::1%eth0\n",
        "PCMK_remote_address=node-17.example.com\n",
        'PCMK_ca_file=""\nPCMK_trace_functions=""\nPCMK_debug=""\nPCMK_fail_fast=""\n',
        "PCMK_debug=YES\nPCMK_fail_fast=Off\nPCMK_node_start_state=Standby\nPCMK_logfile=NONE\nPCMK_cluster_type=Corosync\n",
        "PCMK_debug=pacemakerd,pacemaker-execd\nPCMK_blackbox=pacemaker-remoted\n",
        "PCMK_logfacility=authpriv\n",
        "PCMK_node_action_limit=-1\n",
        "PCMK_tls_priorities=@SYSTEM:+VERS-TLS1.2\n",
        "PCMK_logfile_mode=660\n",
        "PCMK_stderr=no\nPCMK_valgrind_enabled=no\n",
        "http_proxy=http://proxy:3128\nLOGFILE=x\nremote_port=1\nREMOTE_PORT=1\nPATH=/usr/bin\nHA_SBIN_DIR=/sbin\n",
        "OPTIONS=\"-x 'y z'\"\n",
        # redacted by sosreport and the like
        "CIB_passwd=********\nPCMK_remote_port=****\n",
        # an sbd file
        'SBD_DEVICE="/dev/a;/dev/b"\nSBD_WATCHDOG_TIMEOUT=5\n',
    ],
)
def test_silence(text: str) -> None:
    assert found(text) == []


def test_a_template_is_not_judged() -> None:
    assert found("PCMK_remote_port={{ port }}\nPCMK_REMOTE_ADDRESS=x\nexport A=1\n") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # a number survives what spoils any other value
        ("PCMK_remote_port=3122 # c", ["SYS022[trailing-comment]"]),
        ("PCMK_remote_port=3122;", ["SYS022[operator]"]),
        ("PCMK_remote_port=70000 # c", ["SYS201[PCMK_remote_port]", "SYS022[trailing-comment]"]),
        ("PCMK_remote_port=(3122)", ["SYS015"]),
        ("PCMK_logfile=/var/log/x # c", ["SYS013"]),
        # and so does what is the default anyway
        ("PCMK_debug=no # pst", ["SYS022[trailing-comment]"]),
        ("PCMK_debug=yes # pst", ["SYS013"]),
        ("PCMK_logpriority=notice # c", ["SYS022[trailing-comment]"]),
        ("PCMK_logfacility=daemon # c", ["SYS013"]),
        ("PCMK_panic_action=off # c", ["SYS013"]),
        ("PCMK_fail_fast=no;", ["SYS022[operator]"]),
        ('PCMK_logfile="/var/log/x" # c', ["SYS013"]),
        ('PCMK_fail_fast="yes # c"', ["SYS201[PCMK_fail_fast]"]),
        ('PCMK_remote_port="3122 # c"', ["SYS202[PCMK_remote_port]"]),
        # what is no setting of Pacemaker may be meant literally
        ("COST=$5 # c", ["SYS022[expansion]", "SYS022[trailing-comment]"]),
        ("COST=`id`;", ["SYS022[command-substitution]", "SYS022[operator]"]),
        ("OPTS=a b=c", ["SYS022[several-assignments]"]),
        ("OPTS=a PCMK_debug=yes", ["SYS012"]),
        ('TEXT="a\nb=c"', []),
        ('TEXT="a\nPCMK_debug=yes"', ["SYS007"]),
        ("GREETING=“hello”", []),
        # the dash may really be in the path, the quote hardly
        ("PCMK_logfile=/var/log/pace\u2013maker.log", []),
        ("PCMK_logfile=“/var/log/pacemaker.log”", ["SYS016"]),
        ("PCMK_trace_formats=“%s”", []),
        ("PCMK_debug=yes\nPCMK_debug=1\n", ["SYS019"]),
        ("PCMK_debug=yes\nPCMK_debug=no\nPCMK_debug=yes\n", ["SYS018"]),
        ("PCMK_remote_port=3122\nPCMK_remote_port=03122\n", ["SYS019"]),
        ("PCMK_valgrind_enabled=no\nVALGRIND_OPTS=$X\n", []),
        ("PCMK_valgrind_enabled=pacemaker-execd\nVALGRIND_OPTS=$X\n", ["SYS206[PCMK_valgrind_enabled]", "SYS014"]),
        # the legacy prefix is as good as the modern one
        ("HA_remote_port=70000", ["SYS106[HA_remote_port]", "SYS201[HA_remote_port]"]),
        ("HA_cib_timeout=10s", ["SYS104[HA_cib_timeout]"]),
        ("HA_mcp=true", ["SYS107[HA_mcp]"]),
        ("SBD_DEVICE=/dev/sda\nPCMK_debug=yes", ["SYS111[SBD_DEVICE]"]),
        ("CIB_shadow=\n", []),
        ("export PCMK_debug=yes\nif true\n", ["SYS008", "SYS011"]),
        ("<<<<<<< a\nPCMK_debug=yes\n=======\nPCMK_debug=no\n>>>>>>> b\n", ["SYS005"]),
    ],
)
def test_the_one_right_rule_speaks(text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PCMK_REMOTE_PORT", "PCMK_remote_port"),
        ("pcmk_remote_port", "PCMK_remote_port"),
        ("PCMK_Remote_Address", "PCMK_remote_address"),
        ("PMCK_remote_port", "PCMK_remote_port"),
        ("PCMK_remoteport", "PCMK_remote_port"),
        ("PCMK_log_file", "PCMK_logfile"),
        ("SBD_WATCHDOG_TIMOUT", "SBD_WATCHDOG_TIMEOUT"),
    ],
)
def test_suggestions(name: str, meant: str) -> None:
    (one,) = run(f"{name}=1\n").findings
    assert (one.code, one.problem.key, one.problem.help) == ("SYS101", name, f"did you mean {meant}?")


@pytest.mark.parametrize("name", ["PCMK_cluster_colour", "PCMK_logdir", "PCMK_x"])
def test_other_names_are_merely_unknown(name: str) -> None:
    assert found(f"{name}=1\n") == [f"SYS102[{name}]"]


@pytest.mark.parametrize(
    ("text", "both", "old", "new"),
    [
        ("PCMK_ipc_buffer=1", ["SYS104"], [], ["SYS103"]),
        ("PCMK_dh_min_bits=1", ["SYS104"], ["SYS104"], ["SYS103"]),
        ("PCMK_dh_max_bits=1", ["SYS104"], [], ["SYS104"]),
        ("PCMK_debugfile=x", ["SYS103"], ["SYS103"], ["SYS103"]),
        ("PCMK_ca_file=/x", [], ["SYS105"], []),
        ("PCMK_panic_action=Off", ["SYS205"], [], ["SYS201"]),
        ("PCMK_panic_action=burn", ["SYS201"], ["SYS201"], ["SYS201"]),
        ('PCMK_debug="pacemakerd, pacemaker-execd"', ["SYS205"], [], ["SYS205"]),
        ("PCMK_authkey_location=", ["SYS204"], [], ["SYS203"]),
        ("PCMK_remote_address=", ["SYS203"], ["SYS203"], ["SYS203"]),
        ("PCMK_logfile_mode=0640x", ["SYS202"], ["SYS202"], ["SYS202"]),
    ],
)
def test_target(text: str, both: list[str], old: list[str], new: list[str]) -> None:
    def codes(*targets: str) -> list[str]:
        return [one.partition("[")[0] for one in found(text, *targets)]

    assert (codes("2.1", "3.0"), codes("2.1"), codes("3.0")) == (both, old, new)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PCMK_remote_port", "0"),
        ("PCMK_remote_port", "65536"),
        ("PCMK_remote_port", "-1"),
        ("PCMK_remote_port", "http"),
        ("PCMK_remote_port", '"\\"3121\\""'),
        ("PCMK_remote_port", "0x0c31"),
        ("PCMK_fail_fast", "enabled"),
        ("PCMK_logfacility", "Daemon"),
        ("PCMK_logpriority", "err"),
        ("PCMK_logfile", "off"),
        ("PCMK_logfile_mode", "rw-r-----"),
        ("PCMK_logfile_mode", "0o640"),
        ("PCMK_node_action_limit", "all"),
        ("PCMK_debug", "crmd"),
        ("PCMK_debug", "pacemaker-execd,all"),
        ("PCMK_remote_address", '"192.0.2.1 192.0.2.2"'),
        ("PCMK_remote_address", "192.0.2.1,192.0.2.2"),
        ("PCMK_remote_address", "192.0.2.0/24"),
        ("PCMK_remote_address", "192.0.2.300"),
        ("PCMK_remote_address", "'[2001:db8::1]'"),
        ("PCMK_ca_file", "ca.pem"),
        ("PCMK_remote_pid1", "Full"),
        ("PCMK_tls_priorities", '"NORMAL : -VERS-SSL3.0"'),
        ("PCMK_ipc_type", "tcp"),
        ("PCMK_cluster_type", "heartbeat"),
    ],
)
def test_bad_values(name: str, value: str) -> None:
    (one,) = run(f"{name}={value}\n").findings
    assert (one.code, one.problem.key, one.severity) == ("SYS201", name, ERROR)
    assert one.problem.consequence
    assert one.problem.help


def test_daemons_of_old_have_new_names() -> None:
    (one,) = run("PCMK_debug=cib,lrmd\n").findings
    assert one.problem.help == "write pacemaker-based for cib, pacemaker-execd for lrmd"


def test_all_that_is_lost_is_named() -> None:
    (one,) = run('PCMK_logfile="/x\nPCMK_debug=yes\nPCMK_remote_port=3122\n').findings
    assert one.code == "SYS006"
    assert one.problem.consequence
    assert "'PCMK_debug', 'PCMK_remote_port'" in one.problem.consequence
    assert [text_of(note.place) for note in one.problem.related] == ["PCMK_debug", "PCMK_remote_port"]


def test_secrets_stay_secret() -> None:
    secret = "tr0ub4dor"
    for text in (
        f"CIB_passwd={secret}\n",
        f"CIB_passwd={secret} # c\nCIB_passwd='{secret}2'\n",
        f"export CIB_passwd={secret}\n",
        f"CIB_passwd {secret}\n",
        f"PCMK_debug=yes CIB_passwd={secret}\n",
        f"CIB_passwd=${secret}\n",
        f"CIB_password={secret}`id`\n",
    ):
        findings = run(text).findings
        assert findings
        for one in findings:
            said = (one.problem.message, one.problem.label, one.problem.consequence, one.problem.help, *one.problem.related)
            assert secret not in repr([part for part in said if isinstance(part, str)]), text


def test_debugging_left_on_is_said_only_of_what_is_on() -> None:
    rules = [rule for rule in rules_in(values) if rule.code == "SYS208"]
    text = "PCMK_debug=no # off again\nPCMK_blackbox=pacemaker-execd\nPCMK_trace_tags=web\nPCMK_trace_files=\n"
    found = check(sysconfig={"node1": text}, rules=rules, select=["SYS208"]).findings
    assert [one.problem.key for one in found] == ["PCMK_blackbox", "PCMK_trace_tags"]


def test_the_table_is_whole() -> None:
    facts = table("pacemaker-sysconfig.toml")
    release = re.compile(r"\d+\.\d+\.\d+")
    for name, row in facts["variables"].items():
        assert row["type"] in {
            *("boolean", "port", "integer", "octal", "enum", "subsystems", "list", "path", "address", "priorities", "text")
        }, name
        assert ("values" in row) == (row["type"] == "enum"), name
        assert all(release.fullmatch(row[key]) for key in ("since", "deprecated", "removed") if key in row), name
        if "removed" in row or "deprecated" in row:
            assert row["replacement"], name
        elif row["type"] not in ("list", "text"):
            assert row["invalid"], name
        assert "default" in row or "falls_back" not in row, name
        assert set(row.get("only_with", ())) <= set(facts["variables"]), name
    others = [name for kind in facts["kinds"].values() for name in kind]
    assert len(others) == len(set(others))
    assert not set(others) & set(facts["variables"])


@pytest.mark.parametrize("path", sorted(CORPUS.glob("sysconfig__*")), ids=lambda path: path.name)
def test_files_as_shipped(path: Path) -> None:
    data = path.read_bytes()
    assert found(data) == []
    if "@" not in data.decode():
        assert SysconfigDocument("pacemaker", data).rejected is None
