"""Asking installed agents: small ones made here, and whatever this machine has."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cibcheck.agents.catalogue import Catalogue, shipped
from cibcheck.agents.harvest import FENCE_AGENTS, OCF_ROOT, Harvest, harvest
from command import cibcheck

METADATA = '<resource-agent><parameters><parameter name="{0}"/></parameters><actions><action name="start" timeout="{1}"/></actions></resource-agent>'

if TYPE_CHECKING:
    from collections.abc import Callable

    Install = Callable[[str, str], Path]


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Makes an agent of a shell script."""

    def make(name: str, script: str) -> Path:
        path = tmp_path / ("sbin" if name.startswith("fence_") else "ocf/resource.d") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    return make


def harvested(folder: Path, seconds: float = 5) -> Harvest:
    return harvest(str(folder / "ocf"), str(folder / "sbin"), seconds)


def answering(name: str = "port", timeout: str = "20s") -> str:
    return f"""test "$*" = meta-data || test "$*" = "-o metadata" || exit 2\necho '{METADATA.format(name, timeout)}'"""


def test_agents_of_both_kinds_tell_of_themselves(tmp_path: Path, install: Install) -> None:
    install("acme/app", answering())
    install("acme/.hidden", answering())
    install("fence_acme", answering("ip", ""))
    install("acme/readme", answering()).chmod(0o644)
    found = harvested(tmp_path)
    assert (found.told, found.failures) == (2, [])
    assert found.text.splitlines() == [
        "cibcheck-agents 1",
        "covers ocf:acme:",
        *[line for line in found.text.splitlines() if line.startswith("covers stonith:fence_")],
        "",
        "ocf:acme:app",
        "  port string",
        "  start() timeout=20s",
        "",
        "stonith:fence_acme",
        "  ip string",
        "  start()",
        "  stop()",
    ]


def test_an_agent_gets_its_root_and_nothing_of_our_environment(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "tr0ub4dor")
    install("acme/app", 'test -z "$SECRET" || exit 1\n' + f'echo "$OCF_ROOT" > {tmp_path}/root\n' + answering())
    assert harvested(tmp_path).told == 1
    assert (tmp_path / "root").read_text() == f"{tmp_path}/ocf\n"


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("echo usage", "its metadata is no XML"),
        ("exit 1", "it prints no metadata"),
        ("cat /dev/zero", "its metadata has more than 1024 KiB"),
        ("sleep 60", "it printed no metadata in 0.5 s"),
        ("sleep 60 & sleep 60", "it printed no metadata in 0.5 s"),
        ("trap '' TERM; while :; do :; done", "it printed no metadata in 0.5 s"),
        ("read line; exit 1", "it prints no metadata"),
    ],
)
def test_an_agent_that_misbehaves_keeps_nobody_waiting_and_is_known_by_name(
    tmp_path: Path, install: Install, script: str, failure: str
) -> None:
    install("acme/app", script)
    install("acme/sound", answering())
    found = harvested(tmp_path, seconds=0.5)
    assert [(one.name, one.failure) for one in found.failures] == [("ocf:acme:app", failure)]
    assert "\nocf:acme:app name-only\n" in found.text
    assert "\nocf:acme:sound\n" in found.text


def test_what_an_agent_leaves_running_is_ended_with_it(tmp_path: Path, install: Install) -> None:
    install("acme/app", f"sleep 60 & echo $! > {tmp_path}/pid\n{answering()}\nexec >&-; wait")
    harvested(tmp_path, seconds=2)
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.02)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_program_that_anybody_could_have_changed_is_not_run(tmp_path: Path, install: Install) -> None:
    install("acme/app", f"touch {tmp_path}/ran\n{answering()}").chmod(0o757)
    assert harvested(tmp_path).told == 0
    assert not (tmp_path / "ran").exists()


# --- The command


def test_the_command_writes_a_catalogue_that_a_configuration_can_name(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    install("acme/app", answering())
    install("acme/mute", "exit 1")
    result = cibcheck("agents", "harvest", "--ocf-root", "ocf", "--fence-agents", "sbin", "--output", "site.txt")
    assert (result.status, result.out) == (0, "")
    assert result.err == "cibcheck: 1 agent told of itself\ncibcheck: ocf:acme:mute: it prints no metadata\n"
    Path("cibcheck.toml").write_text('agents = ["site.txt"]\n')
    assert cibcheck("agents", "show", "app").out == "ocf:acme:app\n  port string\n  start() timeout=20s\n"
    assert "ocf:acme:mute\n" in cibcheck("agents", "list").out
    assert "ocf:acme:app" not in cibcheck("agents", "list", "--isolated").out


def test_a_file_is_left_as_it_was_if_there_is_nothing_to_write(tmp_path: Path) -> None:
    (tmp_path / "site.txt").write_text("before")
    nowhere = str(tmp_path / "none")
    result = cibcheck(
        "agents", "harvest", "--ocf-root", nowhere, "--fence-agents", nowhere, "--output", str(tmp_path / "site.txt")
    )
    assert result.status == 2
    assert "no agent is installed" in result.err
    assert (tmp_path / "site.txt").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["site.txt"]


def test_catalogues_are_merged(tmp_path: Path) -> None:
    for name, parameter in (("one.txt", "a string required"), ("two.txt", "b string")):
        (tmp_path / name).write_text(f"cibcheck-agents 1\ncovers ocf:acme: {name}\n\nocf:acme:app\n  {parameter}\n")
    result = cibcheck("agents", "merge", str(tmp_path / "one.txt"), str(tmp_path / "two.txt"))
    assert result.out == "cibcheck-agents 1\ncovers ocf:acme: one.txt, two.txt\n\nocf:acme:app\n  a string\n  b string\n"


def test_those_of_one_provider_are_listed() -> None:
    names = cibcheck("agents", "list", "ocf:pacemaker:").out.splitlines()
    assert "ocf:pacemaker:Dummy" in names
    assert all(name.startswith("ocf:pacemaker:") for name in names)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "IPadr2"), "no agent is called 'IPadr2'; did you mean 'IPaddr2'?"),
        (("show",), "agents show takes one agent"),
        (("list", "x"), "no agent's name starts with 'x'"),
        (("list", "ocf:heartbaet:"), "no agent's name starts with 'ocf:heartbaet:'; did you mean 'ocf:heartbeat:'?"),
        (("list", "ocf:", "stonith:"), "agents list takes one beginning at most"),
        (("harvest", "app"), "agents harvest takes no names"),
        (
            ("harvest", "--ocf-root", "/no/ocf", "--fence-agents", "/no/sbin"),
            "no agent is installed below /no/ocf or in /no/sbin",
        ),
        (("merge",), "name the catalogues to merge"),
        (("merge", "/nowhere"), "/nowhere: No such file or directory"),
        (("merge", __file__, "--output", "/nowhere/x"), "a catalogue of agents starts with the line"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    result = cibcheck("agents", *arguments)
    assert result.status == 2
    assert message in result.err


def test_a_catalogue_that_is_none_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("site.txt").write_text("cibcheck-agents 1\n\nocf:acme:app\n  port number\n")
    Path("cibcheck.toml").write_text('agents = ["site.txt"]\n')
    Path("cib.xml").write_text("<cib/>")
    result = cibcheck("check", "cib.xml")
    assert result.status == 2
    assert "site.txt:4: the parameter 'port' needs a type" in result.err


# --- What is installed here


def test_the_installed_agents_are_known_to_the_shipped_catalogue() -> None:
    if not Path(OCF_ROOT, "resource.d/heartbeat").is_dir():
        pytest.skip("needs resource-agents")
    found = harvest(OCF_ROOT, FENCE_AGENTS)
    known = set(shipped().names())
    installed = Catalogue("harvest", found.text.encode())
    assert found.told > 100
    assert {name for name in installed.names() if shipped().covers(name)} - known == set()
    address = installed.find("ocf:heartbeat:IPaddr2")
    assert address is not None
    assert address.parameters["ip"].is_required
