"""The XML of Checkstyle, which Jenkins, reviewdog and many others read."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree

from cibcheck.report.paths import Paths
from cibcheck.report.prose import sentences
from cibcheck.report.xmltext import child, document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.report import Report, Style


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format is called alike
    """The document, in one piece."""
    paths = Paths()
    root = etree.Element("checkstyle", version="4.3")
    for name, findings in groupby(report.findings, key=lambda finding: finding.problem.place.document.name):
        file = child(root, "file", {"name": paths.path(name)})
        for finding in findings:
            start = finding.problem.place.span.start
            attributes: dict[str, str | int] = {
                "line": start.line,
                "column": start.column,
                "severity": finding.severity.word,
                "message": sentences(finding.problem),
                "source": f"cibcheck.{finding.code}",
            }
            child(file, "error", attributes)
    yield document(root)
