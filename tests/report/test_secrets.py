"""Keys and passwords are printed in no format, whatever a rule quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cibcheck.cli.output import FORMATS
from cibcheck.documents.edits import Replacement
from cibcheck.documents.sysconfig import SysconfigDocument
from cibcheck.findings.finding import Suppressed
from cibcheck.report.redaction import Secrets, redacted
from report.made import document, finding, fix, place, rendered
from report.made import report as made

if TYPE_CHECKING:
    from pathlib import Path

CIB = """<cib><configuration><crm_config/><nodes/><resources>
  <primitive id="a" class="stonith" type="fence_ipmilan"><instance_attributes id="b">
    <nvpair id="p" name="passwd" value="{}"/><nvpair id="u" name="login" value="admin"/>
  </instance_attributes></primitive>
</resources><constraints/></configuration></cib>
"""


@pytest.mark.parametrize("name", [*FORMATS, "statistics"])
@pytest.mark.parametrize("secret", ["s3cret-word", "root1", "two words", "it's &amp; &lt;x&gt;"])
def test_no_format_prints_a_secret(name: str, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = secret.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    cib = document(CIB.format(secret), answer=[Replacement(0, 0, secret), Replacement(1, 1, f'x="{plain}"')])
    at = place(cib, "p", "value")
    one = finding(
        f"the password is {plain!r}",
        at=at,
        label=f"{secret}!",
        consequence=f"{plain}: nobody may know",
        help=f'change "{plain}"',
        related=[(place(cib, "p", None), f"({secret})")],
        fix=fix(at, f"remove {plain}"),
    )
    text = rendered(name, redacted(made(one, suppressed=[Suppressed(one, "comment")])))
    for form in (secret, plain, repr(plain)[1:-1], plain.split()[-1]):
        assert form not in text
    assert name in ("concise", "grouped", "statistics") or "password" in text or "TST101" in text


def test_a_fix_without_the_secret_is_shown() -> None:
    cib = document(CIB.format("s3cret-word"), answer=[Replacement(0, 4, "open")])
    assert '"open"' in rendered("json", made(finding(at=place(cib, "p"), fix=fix(place(cib, "p")))))


def test_what_stands_in_the_clear_elsewhere_is_no_secret() -> None:
    secrets = Secrets(document(CIB.format("admin")))
    assert secrets.starred("admin may do all") == "admin may do all"


def test_a_short_secret_is_starred_as_a_word_and_a_long_one_anywhere() -> None:
    assert Secrets(document(CIB.format("abc"))).starred("abc, 'abc', abcd") == "***, '***', abcd"
    assert Secrets(document(CIB.format("abcdefgh"))).starred("xabcdefghy") == "x********y"


def test_a_node_file_has_secrets_too() -> None:
    secrets = Secrets(SysconfigDocument("web1/sysconfig", b'DB_PASSWORD="two words"\nPCMK_debug=yes\n'))
    assert secrets.starred("set 'two words' and yes") == "set '*********' and yes"
