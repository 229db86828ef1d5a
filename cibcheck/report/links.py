"""Hyperlinks in a terminal: from a rule to its page, from a path to the file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cibcheck.documents.source import STDIN
from cibcheck.report import rule_url

if TYPE_CHECKING:
    from cibcheck.findings.finding import Finding
    from cibcheck.report import Style


def rule_link(text: str, finding: Finding, style: Style) -> str:
    """The text as a link to the page of the finding's rule, where there is one."""
    return style.link(text, rule_url(finding.code))


def path_link(text: str, name: str, style: Style) -> str:
    """The text as a link to a file. The address names the machine, for a terminal that shows another one."""
    if not style.links or name == STDIN:
        return text
    from cibcheck.report.paths import file_uri

    return style.link(text, file_uri(name, os.uname().nodename))
