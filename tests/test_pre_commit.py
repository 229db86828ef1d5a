"""The hooks, as pre-commit and prek run them: a throwaway repository with a change staged, and the hooks from this tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from cibcheck.discovery.files import is_cib_name, is_sysconfig_path

pytest.importorskip("pre_commit", reason="pre-commit is not installed")

ROOT = Path(__file__).parent.parent
Try = Callable[..., tuple[int, str]]

CIB = """\
<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config/>
    <nodes>
      <node id="1" uname="node1"/>
      <node id="2" uname="node2"/>
    </nodes>
    <resources>
      <primitive id="fence" class="stonith" type="fence_apc_snmp">
        <instance_attributes id="fence-params">
          <nvpair id="fence-ip" name="ip" value="192.0.2.1"/>
          <nvpair id="fence-map" name="pcmk_host_map" value="node1:1;node2:2;far:3"/>
          <nvpair id="fence-delay" name="pcmk_delay_max" value="10s"/>
        </instance_attributes>
        <operations>
          <op id="fence-monitor" name="monitor" interval="60s" timeout="30s"/>
        </operations>
      </primitive>
      <primitive id="far" class="ocf" provider="pacemaker" type="remote">
        <instance_attributes id="far-params">
          <nvpair id="far-server" name="server" value="192.0.2.2"/>
          <nvpair id="far-port" name="port" value="3121"/>
        </instance_attributes>
        <operations>
          <op id="far-monitor" name="monitor" interval="30s" timeout="30s"/>
        </operations>
      </primitive>
      <primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain">
        <instance_attributes id="vm-params">
          <nvpair id="vm-config" name="config" value="/etc/libvirt/qemu/vm.xml"/>
        </instance_attributes>
        <meta_attributes id="vm-meta">
          <nvpair id="vm-remote-node" name="remote-node" value="guest"/>
          <nvpair id="vm-remote-addr" name="remote-addr" value="192.0.2.3"/>
        </meta_attributes>
        <operations>
          <op id="vm-monitor" name="monitor" interval="10s" timeout="30s"/>
        </operations>
      </primitive>
      <primitive id="web" class="ocf" provider="heartbeat" type="nginx">
        <operations>
          <op id="web-monitor" name="monitor" interval="10s" timeout="30s"/>
        </operations>
      </primitive>
    </resources>
    <constraints/>
  </configuration>
</cib>
"""
PORT = "PCMK_remote_port=3121\n"

# What pip says when no package index answers.
NO_NETWORK = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Name or service not known",
    "Network is unreachable",
    "Connection timed out",
    "ConnectTimeoutError",
    "ProxyError",
)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, env=without_git(), capture_output=True, text=True, check=True).stdout


def without_git() -> dict[str, str]:
    """The environment without what git sets when it runs us, say from a hook."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as it is now, committed or not, as a repository of its own."""
    folder = tmp_path_factory.mktemp("hook")
    try:
        names = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    for name in filter(None, names):
        source, target = ROOT / name, folder / name
        if source.is_symlink() or source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    commit(folder)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clean cluster under version control."""
    folder = tmp_path / "cluster"
    sysconfig = folder / "nodes/far/etc/sysconfig/pacemaker"
    sysconfig.parent.mkdir(parents=True)
    sysconfig.write_text(PORT)
    (folder / "cib.xml").write_text(CIB)
    (folder / "README.md").write_text("A cluster.\n")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "as it is")


def stage(repository: Path, name: str, text: str) -> None:
    path = repository / name
    assert path.read_text() != text
    path.write_text(text)
    git(repository, "add", name)


def command(tool: str) -> list[str]:
    """How a tool is started: from the environment of these tests."""
    if tool == "pre-commit":
        return [sys.executable, "-m", "pre_commit"]
    found = shutil.which(tool, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.skip(f"{tool} is not installed")
    return [found]


TOOLS = ("pre-commit", "prek")


@pytest.fixture(params=TOOLS)
def tool(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tools keep what they install: the hooks' environment is made once for all tests of a tool."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def try_hook(tool: str, hook_repository: Path, repository: Path, home: Path) -> Callable[..., tuple[int, str]]:
    """Runs a hook on what is staged: the exit code, and what is printed."""

    def run(hook: str = "cibcheck", *arguments: str) -> tuple[int, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # prek looks for uv there
        done = subprocess.run(
            [*command(tool), "try-repo", str(hook_repository), hook, "--verbose", "--color=never", *arguments],
            cwd=repository,
            env={**without_git(), "PATH": path, "PRE_COMMIT_HOME": str(home), "PREK_HOME": str(home / "prek")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # The hook's own failure gives 1; others are the tool's, such as that of pip.
        if done.returncode not in (0, 1) and "CI" not in os.environ and any(words in done.stdout for words in NO_NETWORK):
            pytest.skip("no network: the hook cannot be installed")
        return done.returncode, done.stdout

    return run


def test_a_bad_change_is_refused(try_hook: Try, repository: Path) -> None:
    stage(repository, "cib.xml", CIB.replace('value="guest"', 'value="web"'))

    status, output = try_hook()

    assert status == 1, output
    assert "REM101" in output


def test_a_good_change_passes(try_hook: Try, repository: Path) -> None:
    stage(repository, "cib.xml", CIB.replace('value="guest"', 'value="other-guest"'))

    status, output = try_hook()

    assert status == 0, output
    assert "Skipped" not in output


def test_a_node_file_is_judged_with_the_cib_that_did_not_change(try_hook: Try, repository: Path) -> None:
    stage(repository, "nodes/far/etc/sysconfig/pacemaker", PORT.replace("3121", "3131"))

    status, output = try_hook()

    assert status == 1, output
    assert "3131" in output
    assert "cib.xml" in output


def test_several_files_are_judged_in_one_run(try_hook: Try, repository: Path) -> None:
    stage(repository, "nodes/far/etc/sysconfig/pacemaker", PORT.replace("3121", "3131"))
    stage(repository, "cib.xml", CIB.replace('name="port" value="3121"', 'name="port" value="3131"'))
    for number in range(20):
        (repository / f"other{number}").mkdir()
        (repository / f"other{number}/cib.xml").write_text(CIB)
    git(repository, "add", "--all")

    status, output = try_hook()

    assert status == 0, output
    assert output.count("Checked 21 clusters") == 1


def test_a_cib_of_another_name_is_found_among_the_xml_files(try_hook: Try, repository: Path) -> None:
    (repository / "cluster.xml").write_text(CIB.replace('value="guest"', 'value="web"'))
    (repository / "pom.xml").write_text("<project/>\n")
    git(repository, "add", "--all")

    status, output = try_hook("cibcheck-xml")

    assert status == 1, output
    assert "REM101" in output
    assert "cluster.xml" in output


def test_the_whole_tree_is_checked_when_a_file_of_it_changes(try_hook: Try, repository: Path) -> None:
    (repository / "old").mkdir()
    (repository / "old/cib.xml").write_text(CIB.replace('value="guest"', 'value="web"'))
    commit(repository)
    stage(repository, "nodes/far/etc/sysconfig/pacemaker", PORT + "# the default\n")

    status, output = try_hook("cibcheck-all")

    assert status == 1, output
    assert "old/cib.xml" in output


def test_an_excluded_file_is_passed_over(try_hook: Try, repository: Path) -> None:
    (repository / "cibcheck.toml").write_text('exclude = ["old"]\n')
    (repository / "old").mkdir()
    (repository / "old/cib.xml").write_text(CIB.replace('value="guest"', 'value="web"'))
    git(repository, "add", "--all")

    status, output = try_hook()

    assert status == 0, output


def test_other_files_are_left_alone(try_hook: Try, repository: Path) -> None:
    stage(repository, "README.md", "A cluster, and what it is for.\n")

    status, output = try_hook()

    assert status == 0, output
    assert "no files to check" in output


@pytest.mark.parametrize(
    "name",
    [
        "cib.xml", "prod/cib-new.xml", "cib.raw", "cib", "a/cib", "prod.cib", "prod.cib.xml", "cib.xml.live", "prod.xml", "acib.xml",
        "etc/sysconfig/pacemaker", "default/pacemaker", "web1.pacemaker.env", "hosts/web1/pacemaker.sysconfig", "sysconfig_pacemaker",
        "etc/pam.d/pacemaker", "pacemaker", "etc/sysconfig/pacemaker.rpmnew", "etc/sysconfig/sbd",
    ],
)  # fmt: skip
def test_the_hook_takes_the_files_whose_names_tell_what_they_are(name: str) -> None:
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    (block,) = re.findall(r"^  files: &names \|\n((?: {4}.*\n)+)", hook, re.MULTILINE)
    assert bool(re.search(textwrap.dedent(block), name)) == (is_cib_name(name) or is_sysconfig_path(name))
