"""Which node file belongs to which node of which cluster: by option, by configuration, by path; and never by guessing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from command import cibcheck, write

if TYPE_CHECKING:
    from pathlib import Path

CIB = """<cib><configuration><crm_config/><nodes>
<node id="1" uname="{0}1"/><node id="2" uname="{0}2"/><node id="r" type="remote" uname="{0}r"/></nodes>
<resources><primitive id="{0}r" class="ocf" provider="pacemaker" type="remote">
<instance_attributes id="i"><nvpair id="p" name="server" value="host-{0}.example.com"/></instance_attributes></primitive></resources>
<constraints/></configuration></cib>"""
SYSCONFIG = "PCMK_debug=no\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(*arguments: str) -> dict[str, dict[str, Any]]:
    """What became of each file."""
    result = cibcheck(*arguments, "--output-format", "json")
    assert result.status in (0, 1), result.err
    return {entry["file"]: entry for entry in json.loads(result.out)["files"]}


@pytest.mark.parametrize(
    "path",
    [
        "nodes/a1/etc/sysconfig/pacemaker",
        "a1/etc/default/pacemaker",
        "host_files/A1/sysconfig/pacemaker",
        "a1.example.com/etc/sysconfig/pacemaker",
        "hosts/a1/pacemaker.sysconfig",
        "host-a.example.com/etc/sysconfig/pacemaker",
        "host-a/etc/sysconfig/pacemaker",
        "host_files/a1/pacemaker",
    ],
)
def test_a_path_component_that_is_a_node_name_gives_the_owner(project: Path, path: str) -> None:
    write(project, {"cib.xml": CIB.format("a"), path: SYSCONFIG})
    assert files(".")[path]["cluster"] == "cib.xml"


def test_the_component_nearest_to_the_file_wins(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "a1/backup/a2/etc/sysconfig/pacemaker": "PCMK_debug=maybe\n"})
    result = cibcheck(".", "--output-format", "json", "--select", "REM4")
    nodes = {entry["node"] for entry in json.loads(result.out)["not_evaluated"]}
    assert "a2" not in nodes
    assert "ar" in nodes


def test_a_file_that_nobody_knows_is_named_as_undetermined(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "common/etc/sysconfig/pacemaker": SYSCONFIG})
    assert files(".")["common/etc/sysconfig/pacemaker"]["status"] == "undetermined"
    assert "common/etc/sysconfig/pacemaker" in cibcheck(".").out


def test_of_two_clusters_the_one_that_shares_the_deepest_folder_has_the_file(project: Path) -> None:
    write(project, {"x/cib.xml": CIB.format("a"), "y/cib.xml": CIB.format("a"), "y/a1/etc/sysconfig/pacemaker": SYSCONFIG})
    assert files(".")["y/a1/etc/sysconfig/pacemaker"]["cluster"] == "y/cib.xml"


def test_a_tie_is_ambiguous_and_said(project: Path) -> None:
    write(project, {"x/cib.xml": CIB.format("a"), "y/cib.xml": CIB.format("a"), "a1/etc/sysconfig/pacemaker": SYSCONFIG})
    entry = files(".")["a1/etc/sysconfig/pacemaker"]
    assert entry["status"] == "undetermined"
    assert "'x/cib.xml' and 'y/cib.xml'" in entry["reason"]


def test_two_files_for_one_node_are_not_evaluated(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "ar/etc/sysconfig/pacemaker": SYSCONFIG, "ar/etc/default/pacemaker": SYSCONFIG})
    assert "several files claim to be this node's" in cibcheck(".").out


def test_one_given_file_brings_in_its_cluster_and_reports_only_what_touches_it(project: Path) -> None:
    write(
        project,
        {
            "prod/cib.xml": CIB.format("a").replace('uname="a1"', 'uname="a1" x="">').replace('x="">', ""),
            "prod/ar/etc/sysconfig/pacemaker": "PCMK_remote_port=4000\n",
            "prod/a1/etc/sysconfig/pacemaker": SYSCONFIG,
            "prod/a2/etc/sysconfig/pacemaker": SYSCONFIG,
            "test/cib.xml": CIB.format("b"),
        },
    )
    result = cibcheck("prod/ar/etc/sysconfig/pacemaker", "--output-format", "json")
    report = json.loads(result.out)
    assert {finding["code"] for finding in report["findings"]} == {"REM403"}
    assert report["summary"]["clusters"] == 1
    assert report["summary"]["elsewhere"] >= 1  # the missing monitor, in the CIB


def test_nothing_outside_of_the_project_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, {"outside/a1/etc/sysconfig/pacemaker": SYSCONFIG, "project/.git/HEAD": "", "project/cib.xml": CIB.format("a")}
    )
    monkeypatch.chdir(tmp_path / "project")
    (tmp_path / "project" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "project" / "pacemaker.sysconfig").symlink_to(tmp_path / "outside/a1/etc/sysconfig/pacemaker")
    assert list(files(".")) == ["cib.xml"]
    assert list(files("cib.xml")) == ["cib.xml"]


def test_without_a_project_only_the_given_paths_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"cib.xml": CIB.format("a"), "a1/etc/sysconfig/pacemaker": SYSCONFIG})
    monkeypatch.chdir(tmp_path)
    assert list(files("cib.xml")) == ["cib.xml"]


def test_options_put_a_cluster_together(tmp_path: Path) -> None:
    write(tmp_path, {"my.xml": CIB.format("a"), "one": SYSCONFIG, "two/etc/sysconfig/pacemaker": SYSCONFIG})
    found = files("--cib", str(tmp_path / "my.xml"), "--node", f"a1={tmp_path / 'one'}", "--node", f"a2={tmp_path / 'two'}")
    assert {entry["cluster"] for entry in found.values()} == {str(tmp_path / "my.xml")}


def test_the_configuration_puts_clusters_together(project: Path) -> None:
    config = """
        [[cluster]]
        name = "prod"
        cib = "prod/configuration.xml"
        node-files = ["env/{node}.txt"]
        aliases = {vm17 = "ar"}
    """
    write(
        project,
        {"cibcheck.toml": config, "prod/configuration.xml": CIB.format("a"), "env/a1.txt": SYSCONFIG, "env/vm17.txt": SYSCONFIG},
    )
    found = files(".")
    assert {name: entry["cluster"] for name, entry in found.items()} == {
        "prod/configuration.xml": "prod",
        "env/a1.txt": "prod",
        "env/vm17.txt": "prod",
    }


def test_a_cluster_may_lack_its_cib(project: Path) -> None:
    write(
        project,
        {
            "cibcheck.toml": '[[cluster]]\nname="prod"\nnode-files=["{node}/etc/sysconfig/pacemaker"]',
            "n1/etc/sysconfig/pacemaker": "PCMK_remote_prot=1\n",
        },
    )
    result = cibcheck(".", "--output-format", "json")
    report = json.loads(result.out)
    assert [finding["element_id"] for finding in report["findings"]] == ["PCMK_remote_prot"]
    assert "the cluster has no CIB here" in {entry["reason"] for entry in report["not_evaluated"]}


def test_other_xml_files_and_folders_of_tools_are_passed_over(project: Path) -> None:
    write(
        project,
        {
            "pom.xml": "<project/>",
            "res/values.xml": "<resources><string name='a'/></resources>",
            "node_modules/cib.xml": CIB.format("a"),
            "icon.svg": "<svg/>",
            "real.xml": CIB.format("a"),
            "a/dump": "<?xml version='1.0'?>\n<!-- saved -->\n" + CIB.format("b"),
        },
    )
    assert list(files(".")) == ["a/dump", "real.xml"]


def test_a_file_named_like_a_cib_is_never_passed_over(project: Path) -> None:
    write(project, {"cib.xml": "", "prod.cib": "<cib>"})
    assert {entry["kind"] for entry in files(".").values()} == {"unreadable"}


def test_standard_input_is_checked_under_the_name_given_to_it(project: Path) -> None:
    result = cibcheck("-", "--stdin-filename", "prod/cib.xml", stdin=b"<cib>")
    assert "prod/cib.xml:1:5" in result.out


def test_a_section_on_standard_input_is_a_cib(project: Path) -> None:
    result = cibcheck(
        "-",
        stdin=b"<resources><group id='g'><primitive id='r' class='ocf' provider='pacemaker' type='remote'/></group></resources>",
    )
    assert "REM205" in result.out
    assert "not evaluated" in result.out


def test_nodes_given_without_a_cib_are_a_cluster(tmp_path: Path) -> None:
    write(tmp_path, {"one": "PCMK_authkey_location=/a\n", "two": "PCMK_authkey_location=/b\n"})
    result = cibcheck("--node", f"n1={tmp_path / 'one'}", "--node", f"n2={tmp_path / 'two'}", "--select", "KEY103")
    assert "KEY103" in result.out
    assert "Checked 1 cluster (2 node files)" in result.out


def test_the_folder_of_the_project_names_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"a1/.git/HEAD": "", "a1/cib.xml": CIB.format("a"), "a1/common/etc/sysconfig/pacemaker": SYSCONFIG})
    monkeypatch.chdir(tmp_path / "a1")
    assert files(".")["common/etc/sysconfig/pacemaker"]["status"] == "undetermined"
    assert files("common/etc/sysconfig/pacemaker")["common/etc/sysconfig/pacemaker"]["status"] == "undetermined"


def test_a_folder_given_may_be_that_of_a_node(tmp_path: Path) -> None:
    write(tmp_path, {"cib.xml": CIB.format("a"), "a1/etc/sysconfig/pacemaker": SYSCONFIG})
    found = files(str(tmp_path / "cib.xml"), str(tmp_path / "a1"))
    assert {entry["status"] for entry in found.values()} == {"checked"}


def test_nodes_may_share_a_file_by_links(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "nodes/a1/etc/sysconfig/pacemaker": SYSCONFIG})
    (project / "nodes/a2/etc/sysconfig").mkdir(parents=True)
    (project / "nodes/a2/etc/sysconfig/pacemaker").symlink_to("../../../a1/etc/sysconfig/pacemaker")
    found = files(".", "nodes/a1/etc/../etc/sysconfig/pacemaker")
    assert {name: entry["cluster"] for name, entry in found.items()} == {
        "cib.xml": "cib.xml",
        "nodes/a1/etc/sysconfig/pacemaker": "cib.xml",
        "nodes/a2/etc/sysconfig/pacemaker": "cib.xml",
    }


def test_the_cib_that_is_given_has_the_nodes_that_are(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "nodes/a1/etc/sysconfig/pacemaker": SYSCONFIG})
    result = cibcheck("-", "--node", "a1=nodes/a1", "--output-format", "json", stdin=CIB.format("a").encode())
    (file,) = (entry for entry in json.loads(result.out)["files"] if entry["kind"] == "sysconfig")
    assert file["cluster"] == "<stdin>"


@pytest.mark.parametrize("arguments", [["-"], ["-", "-"], []])
def test_a_name_for_standard_input_is_enough_to_read_it(project: Path, arguments: list[str]) -> None:
    write(project, {"other.xml": CIB.format("b")})
    result = cibcheck(*arguments, "--stdin-filename", "cib.xml", stdin=CIB.format("a").encode())
    assert "Checked 1 cluster (1 CIB)" in result.out


@pytest.mark.parametrize("pattern", ["**/{node}/pm.env", "env/**/{node}/pm.env", "env/*/{node}/*.env"])
def test_stars_in_patterns(project: Path, pattern: str) -> None:
    config = f"[[cluster]]\ncib = 'cib.xml'\nnode-files = ['{pattern}']\n"
    write(project, {"cibcheck.toml": config, "cib.xml": CIB.format("a"), "env/prod/a1/pm.env": SYSCONFIG})
    assert files(".")["env/prod/a1/pm.env"]["cluster"] == "cib.xml"


def test_a_cib_that_the_configuration_names_in_vain_is_remarked(project: Path) -> None:
    write(project, {"cibcheck.toml": "[[cluster]]\ncib = 'cib.xlm'\n", "cib.xml": "<cib/>"})
    assert cibcheck().err == "cibcheck: the configuration names a CIB that does not exist: cib.xlm\n"


@pytest.mark.parametrize("section", ["resources", "constraints", "nodes", "tags", "configuration"])
def test_an_empty_section_that_is_named_is_a_cib(project: Path, section: str) -> None:
    write(project, {"part.xml": f"<{section}/>"})
    assert files("part.xml")["part.xml"]["kind"] == "cib"


def test_what_other_folders_hold_is_not_told_when_one_file_is_given(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "old/cib-notes.xml": "<notes/>", "a1/etc/sysconfig/pacemaker": SYSCONFIG})
    assert "old/cib-notes.xml" in files(".")
    assert "old/cib-notes.xml" not in files("a1/etc/sysconfig/pacemaker")


@pytest.mark.parametrize(
    "text", ["tool.cibcheck.ignore = ['ALL']", "[tool]\ncibcheck.ignore = ['ALL']", "[tool.cibcheck]\nignore = ['ALL']"]
)
def test_a_table_in_pyproject_counts_however_it_is_written(project: Path, text: str) -> None:
    write(project, {"pyproject.toml": text, "cib.xml": CIB.format("a")})
    assert "against 0 rules" in cibcheck().out


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\ncibcheck = 3"])
def test_a_pyproject_that_makes_no_sense_is_one_line(project: Path, text: str) -> None:
    write(project, {"pyproject.toml": text})
    result = cibcheck("--config", "pyproject.toml")
    assert result.status == 2
    assert "must be a table of keys" in result.err


def test_a_template_is_not_judged_and_that_is_said(project: Path) -> None:
    write(project, {"cib.xml": CIB.format("a"), "a1/etc/sysconfig/pacemaker": "PCMK_remote_port={{ port }}\n"})
    assert files(".")["a1/etc/sysconfig/pacemaker"]["status"] == "skipped"
    assert "skipped, it is a template (Jinja): a1/etc/sysconfig/pacemaker" in cibcheck(".").out


def test_a_folder_is_no_cib(project: Path) -> None:
    write(project, {"prod/cib.xml": CIB.format("a")})
    assert cibcheck("--cib", "prod").err == "cibcheck: error: prod: is a folder, where a file is wanted\n"


@pytest.mark.parametrize("pattern", ["prod/old/*", "prod/old", "./prod/old/", "old", "*.bak.xml"])
def test_what_is_excluded_stays_so_wherever_the_walk_begins(project: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    name = "prod/cib.bak.xml" if "bak" in pattern else "prod/old/cib.xml"
    write(project, {"cibcheck.toml": f"exclude = ['{pattern}']\n", "prod/cib.xml": CIB.format("a"), name: CIB.format("a")})
    assert list(files(".")) == ["prod/cib.xml"]
    assert list(files("prod")) == ["prod/cib.xml"]
    monkeypatch.chdir(project / "prod")
    assert list(files()) == ["cib.xml"]


def test_a_node_that_the_cib_does_not_know_is_pointed_out(tmp_path: Path) -> None:
    write(tmp_path, {"my.xml": CIB.format("a"), "one": SYSCONFIG})
    result = cibcheck("--cib", str(tmp_path / "my.xml"), "--node", f"a9={tmp_path / 'one'}")
    assert result.err == "cibcheck: --node a9: the CIB knows no node of that name\n"


def test_a_file_is_given_for_one_node_only(tmp_path: Path) -> None:
    write(tmp_path, {"one": SYSCONFIG})
    result = cibcheck("--node", f"a={tmp_path / 'one'}", "--node", f"b={tmp_path / 'one'}")
    assert result.status == 2
    assert "that file is given already" in result.err
