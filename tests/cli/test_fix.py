"""``--fix``, ``--unsafe-fixes`` and ``--diff``, as a user meets them."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cibcheck import writing
from command import cibcheck, write

NODE = "# Pacemaker\nPCMK_remote_port=3122  # as in the CIB\nPCMK_logfacilty=local1\n"
SAFE = "# Pacemaker\n# as in the CIB\nPCMK_remote_port=3122\nPCMK_logfacilty=local1\n"
ALL = SAFE.replace("facilty", "facility")
CIB = '<resources>\n  <primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>\n</resources>\n'
FIXED_CIB = """<resources>
  <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
    <operations>
      <op id="r1-monitor-interval-30s" name="monitor" interval="30s" timeout="60s"/>
    </operations>
  </primitive>
</resources>
"""
NAME = "etc/sysconfig/pacemaker"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {NAME: NODE.encode(), "cib.xml": CIB.encode()})
    return tmp_path


def test_without_fix_a_report_says_what_could_be_fixed_and_nothing_is_changed(folder: Path) -> None:
    result = cibcheck(".", "--unsafe-fixes")
    assert result.status == 1
    assert "= fix: move the comment to a line of its own\n" in result.out
    assert "= fix: rename PCMK_logfacilty to PCMK_logfacility (--unsafe-fixes)\n" in result.out
    assert "[*] 1 fixable with --fix, 2 more with --unsafe-fixes.\n" in result.out
    assert (folder / NAME).read_text() == NODE


def test_fix_makes_the_safe_fixes_and_reports_the_rest(folder: Path) -> None:
    result = cibcheck(NAME, "--fix")
    assert (folder / NAME).read_text() == SAFE
    assert result.status == 1
    assert "Fixed 1 problem.\nFound 1 error." in result.out
    assert "[*] 1 fixable with --fix --unsafe-fixes.\n" in result.out
    assert cibcheck(NAME, "--fix").out.count("Fixed") == 0


def test_fix_with_unsafe_fixes_makes_all(folder: Path) -> None:
    result = cibcheck(".", "--fix", "--unsafe-fixes")
    assert (folder / NAME).read_text() == ALL
    assert (folder / "cib.xml").read_text() == FIXED_CIB
    assert result.status == 0
    assert result.out.startswith("Fixed 3 problems.\nNo findings.")


@pytest.mark.parametrize(("arguments", "status"), [((), 0), (("--exit-non-zero-on-fix",), 1), (("--exit-zero",), 0)])
def test_exit_codes_after_a_fix(folder: Path, arguments: tuple[str, ...], status: int) -> None:
    write(folder, {NAME: "PCMK_logfile=none \r\n"})
    assert cibcheck(NAME, "--fix", *arguments).status == status
    assert (folder / NAME).read_bytes() == b"PCMK_logfile=none \n"
    assert cibcheck(NAME, "--fix", *arguments).status == 0


def test_diff_shows_what_fix_would_do_and_changes_nothing(folder: Path) -> None:
    result = cibcheck(".", "--diff", "--unsafe-fixes", "--fix")
    assert result.status == 1
    assert result.err == "Would fix 3 problems.\n"
    assert "--- cib.xml\n+++ cib.xml\n@@ -1,3 +1,7 @@\n" in result.out
    assert "-PCMK_logfacilty=local1\n" in result.out
    assert "+# as in the CIB\n+PCMK_remote_port=3122\n+PCMK_logfacility=local1\n" in result.out
    assert (folder / NAME).read_text() == NODE
    assert (folder / "cib.xml").read_text() == CIB


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
def test_a_diff_can_be_applied(folder: Path) -> None:
    write(folder, {"cib.xml": CIB.rstrip("\n").encode(), NAME: NODE.rstrip("\n").encode()})
    result = cibcheck(".", "--diff", "--unsafe-fixes")
    assert "\\ No newline at end of file\n" in result.out
    subprocess.run(["patch", "-p0"], input=result.out, text=True, check=True, capture_output=True, cwd=folder)
    assert (folder / NAME).read_text() == ALL.rstrip("\n")
    assert (folder / "cib.xml").read_text() == FIXED_CIB.rstrip("\n")


def test_diff_of_what_needs_no_fix_is_empty(folder: Path) -> None:
    write(folder, {"cib.xml": FIXED_CIB})
    result = cibcheck("cib.xml", "--diff", "--unsafe-fixes")
    assert (result.status, result.out, result.err) == (0, "", "Nothing to fix.\n")


def test_a_diff_shows_no_password_and_no_control_character(folder: Path) -> None:
    text = "# \x1b[31m\nCIB_passwd=swordfish\nPCMK_remote_port=3122 # c\n"
    write(folder, {NAME: text.encode()})
    out = cibcheck(NAME, "--diff").out
    assert "swordfish" not in out
    assert " CIB_passwd=*********\n" in out
    assert "\x1b" not in out
    assert "+# c\n" in out


def test_the_fixed_text_of_standard_input_goes_to_standard_output(folder: Path) -> None:
    result = cibcheck("-", "--stdin-filename", "new/etc/sysconfig/pacemaker", "--fix", stdin=NODE.encode())
    assert result.out == SAFE
    assert "error[SYS101[PCMK_logfacilty]]" in result.err
    assert "Fixed 1 problem.\n" in result.err
    assert result.status == 1
    assert not (folder / "new").exists()


@pytest.mark.parametrize("data", [b"<cib", b"", b"PCMK_logfile=none\n", b"\xff\xfe"])
def test_standard_input_that_needs_or_has_no_fix_passes_through(folder: Path, data: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cibcheck", "-", "--fix"], input=data, capture_output=True, check=False, cwd=folder
    )
    assert done.stdout == data
    assert b"Traceback" not in done.stderr


def test_standard_input_that_is_too_large_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    from cibcheck.cli import fixing

    monkeypatch.setattr(fixing, "MAX_BYTES", 10)
    result = cibcheck("-", "--fix", stdin=NODE.encode())
    assert (result.status, result.out) == (2, "")
    assert "would be lost" in result.err


def test_diff_says_why_a_fix_is_not_made(folder: Path) -> None:
    os.link(folder / "cib.xml", folder / "other.xml")
    result = cibcheck("cib.xml", "--diff", "--unsafe-fixes")
    assert (result.status, result.out) == (0, "")
    assert result.err.startswith("cibcheck: cib.xml: no fix is made for REM601: cib.xml has another name by a hard link")


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="there are no extended attributes")
def test_extended_attributes_stay(folder: Path) -> None:
    try:
        os.setxattr("cib.xml", "user.owner", b"me")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    cibcheck("cib.xml", "--fix", "--unsafe-fixes")
    assert (folder / "cib.xml").read_text() == FIXED_CIB
    assert os.getxattr("cib.xml", "user.owner") == b"me"


def test_a_file_that_was_not_given_is_not_changed_and_that_is_said(folder: Path) -> None:
    remote = '<primitive id="web1" class="ocf" provider="pacemaker" type="remote"/>'
    write(folder, {".git/HEAD": "", "cib.xml": f"<cib><configuration><resources>{remote}</resources></configuration></cib>"})
    write(folder, {"nodes/web1/etc/sysconfig/pacemaker": "PCMK_fail_fast=yes\n"})
    result = cibcheck("cib.xml", "--select", "REM412", "--fix", "--unsafe-fixes")
    assert (folder / "nodes/web1/etc/sysconfig/pacemaker").read_text() == "PCMK_fail_fast=yes\n"
    assert "1 more finding in other files" in result.out
    assert "Fixed" not in result.out


def test_mode_byte_order_mark_and_encoding_stay(folder: Path) -> None:
    path = folder / "cib.xml"
    path.write_bytes(b"\xef\xbb\xbf" + CIB.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    cibcheck("cib.xml", "--fix", "--unsafe-fixes")
    assert path.read_bytes() == b"\xef\xbb\xbf" + FIXED_CIB.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640
    utf_16 = f'<?xml version="1.0" encoding="UTF-16"?>\n{CIB}'
    path.write_bytes(utf_16.encode("utf-16"))
    cibcheck("cib.xml", "--fix", "--unsafe-fixes")
    assert path.read_bytes() == utf_16.replace(CIB, FIXED_CIB).encode("utf-16")
    assert sorted(one.name for one in folder.iterdir()) == ["cib.xml", "etc"]


def test_a_link_is_followed_within_the_project_only(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "cib.xml"
    outside.write_text(CIB)
    (folder / "link.xml").symlink_to(outside)
    result = cibcheck("link.xml", "--fix", "--unsafe-fixes")
    assert outside.read_text() == CIB
    assert "is a link to" in result.out
    assert "outside of the project" in result.out.replace("\n   ", "")
    write(folder, {".git/HEAD": ""})
    (folder / "link.xml").unlink()
    (folder / "link.xml").symlink_to("cib.xml")
    assert "Fixed 1 problem." in cibcheck("link.xml", "--fix", "--unsafe-fixes").out
    assert (folder / "link.xml").is_symlink()
    assert (folder / "cib.xml").read_text() == FIXED_CIB


def test_a_file_with_a_second_name_is_not_changed(folder: Path) -> None:
    os.link(folder / "cib.xml", folder / "other.xml")
    result = cibcheck("cib.xml", "--fix", "--unsafe-fixes")
    assert "fix: none is made: cib.xml has another name by a hard link" in result.out
    assert (folder / "cib.xml").read_text() == CIB


@pytest.mark.parametrize(("form", "where"), [("full", "out"), ("concise", "err"), ("json", "err")])
def test_every_format_leaves_word_of_why_no_fix_was_made(folder: Path, form: str, where: str) -> None:
    os.link(folder / "cib.xml", folder / "other.xml")
    result = cibcheck("cib.xml", "--fix", "--unsafe-fixes", "--output-format", form)
    for stream in ("out", "err"):
        assert ("has another name by a hard link" in getattr(result, stream)) == (stream == where)


def test_a_file_of_somebody_else_is_not_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = (folder / "cib.xml").stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert "cib.xml belongs to somebody else" in cibcheck("cib.xml", "--fix", "--unsafe-fixes").out
    assert (folder / "cib.xml").read_text() == CIB


def test_a_file_that_changed_meanwhile_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = writing._stage

    def slow(path: str, data: bytes) -> str:
        Path(path).write_text(CIB + "<!-- mine -->")
        return stage(path, data)

    monkeypatch.setattr(writing, "_stage", slow)
    result = cibcheck("cib.xml", "--fix", "--unsafe-fixes")
    assert result.status == 2
    assert result.err == "cibcheck: error: cib.xml cannot be fixed: somebody has changed it meanwhile; no file was changed\n"
    assert (folder / "cib.xml").read_text() == CIB + "<!-- mine -->"
    assert sorted(one.name for one in folder.iterdir()) == ["cib.xml", "etc"]


def test_a_full_disk_leaves_all_files_as_they_were(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    result = cibcheck(".", "--fix", "--unsafe-fixes")
    assert result.status == 2
    assert "cannot be fixed: No space left on device; no file was changed" in result.err
    assert (folder / NAME).read_text() == NODE
    assert (folder / "cib.xml").read_text() == CIB
    assert sorted(one.name for one in folder.iterdir()) == ["cib.xml", "etc"]


def test_a_replacement_that_fails_takes_back_those_before(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def failing(source: str, target: str) -> None:
        if target.endswith("pacemaker"):
            raise PermissionError(errno.EPERM, "Operation not permitted")
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    result = cibcheck(".", "--fix", "--unsafe-fixes")
    assert result.status == 2
    assert "Operation not permitted; no file was changed" in result.err
    assert (folder / "cib.xml").read_text() == CIB
    assert sorted(one.name for one in (folder / "etc/sysconfig").iterdir()) == ["pacemaker"]


def test_a_read_only_folder_is_an_error(folder: Path) -> None:
    (folder / "etc/sysconfig").chmod(0o555)
    try:
        if os.access(folder / "etc/sysconfig", os.W_OK):
            pytest.skip("root may write everywhere")
        result = cibcheck(".", "--fix", "--unsafe-fixes")
        assert result.status == 2
        assert "Permission denied; no file was changed" in result.err
        assert (folder / "cib.xml").read_text() == CIB
    finally:
        (folder / "etc/sysconfig").chmod(0o755)


def test_node_files_that_share_one_file_are_fixed_once(folder: Path) -> None:
    write(folder, {"n1/etc/sysconfig/pacemaker": NODE})
    (folder / "n2/etc/sysconfig").mkdir(parents=True)
    (folder / "n2/etc/sysconfig/pacemaker").symlink_to("../../../n1/etc/sysconfig/pacemaker")
    result = cibcheck("--node", "n1=n1", "--node", "n2=n2", "--cib", "cib.xml", "--select", "SYS", "--fix", "--unsafe-fixes")
    assert (folder / "n1/etc/sysconfig/pacemaker").read_text() == ALL
    assert (folder / "n2/etc/sysconfig/pacemaker").is_symlink()
    assert result.status == 0
