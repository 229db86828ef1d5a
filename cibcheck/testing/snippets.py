"""Rules run on snippets.

A snippet is a whole CIB, or fragments (resources, constraints, nodes, sections …) that are set into a clean one. «…» in a text marks what
a finding should point at; `check` takes the marks out before it reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import Target
from cibcheck.cli.builtin import all_rules
from cibcheck.config import Settings
from cibcheck.documents.cib import SECTIONS, Unreadable, UnreadableDocument, extents_of, read_cib
from cibcheck.documents.sysconfig import SysconfigDocument
from cibcheck.engine import NodeFile, Outcome, Subjects, run
from cibcheck.findings.fixes import choose, patched
from cibcheck.model.cib import ALL_TARGETS, Cib
from cibcheck.model.cluster import Cluster, Environment, Host
from cibcheck.page import Example, without_marks
from cibcheck.records import NamedTuple
from cibcheck.report import Report
from cibcheck.selection import Selection
from cibcheck.verdict import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cibcheck.api import Rule
    from cibcheck.documents.source import Place
    from cibcheck.findings.finding import Finding, InternalError, NotEvaluated

CIB_NAME = "cib.xml"
"""What findings in a snippet's CIB call the file; a node's file is called ``<node>/sysconfig``."""

_SECTION_OF = {
    "cluster_property_set": "crm_config",
    "node": "nodes",
    **dict.fromkeys(("primitive", "group", "clone", "master", "bundle", "template"), "resources"),
    **dict.fromkeys(("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket"), "constraints"),
    "fencing-level": "fencing-topology",
    **dict.fromkeys(("acl_target", "acl_group", "acl_role"), "acls"),
    "tag": "tags",
    "alert": "alerts",
}
_CLUSTER_NODES = "".join(f'<node id="{number}" uname="node{number}"/>' for number in (1, 2, 3))
_FENCE_DEVICE = (
    '<primitive id="fence" class="stonith" type="fence_ipmilan"><operations>'
    '<op id="fence-monitor" name="monitor" interval="60s"/></operations></primitive>'
)


class Checked(NamedTuple):
    """What `check` found. ``text`` gives the source text that a place covers."""

    findings: Sequence[Finding]
    not_evaluated: Sequence[NotEvaluated]
    internal_errors: Sequence[InternalError]
    expected: Sequence[tuple[str, int, int]]
    """The marked ranges: file name, start and end in bytes."""
    unreadable: Sequence[UnreadableDocument] = ()
    """The CIB, if it could not be parsed."""

    @property
    def codes(self) -> list[str]:
        """The codes of the findings, in order."""
        return [finding.code for finding in self.findings]

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """The ranges that the findings point at: file name, start and end in bytes."""
        return [span_of(finding.problem.place) for finding in self.findings]


def span_of(place: Place) -> tuple[str, int, int]:
    """A place as file name, start and end in bytes."""
    start, end = place.span
    return (place.document.name, start.offset, end.offset)


def text_of(place: Place) -> str:
    """The source text that a place covers."""
    _, start, end = span_of(place)
    source = place.document.source
    return source.data[start:end].decode(source.encoding, "replace")


def scaffold(fragments: str) -> str:
    """A clean CIB with the fragments in the sections where they belong: three cluster nodes, and a fence device unless the fragments
    bring one. A section among the fragments takes the place of the scaffold's.

    Raises:
        ValueError: a fragment belongs in no section, or its elements are not closed.
    """
    sections: dict[str, list[str]] = {name: [] for name in SECTIONS}
    replaced: dict[str, str] = {}
    for tag, text in _top_elements(fragments):
        if tag in SECTIONS:
            replaced[tag] = text
        elif tag in _SECTION_OF:
            sections[_SECTION_OF[tag]].append(text)
        else:
            raise ValueError(f"<{tag}> is no fragment that has a place in a CIB; write the section around it")
    if not re.search(r"""\bclass\s*=\s*["']«?stonith\b""", fragments):
        sections["resources"].append(_FENCE_DEVICE)
    sections["nodes"].insert(0, _CLUSTER_NODES)
    body = "\n".join(replaced.get(name) or f"<{name}>{''.join(texts)}</{name}>" for name, texts in sections.items())
    return (
        '<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">'
        f"<configuration>\n{body}\n</configuration>\n<status/>\n</cib>\n"
    )


def _top_elements(fragments: str) -> Iterator[tuple[str, str]]:
    """Each outermost element with its tag; marks and blanks around it stay with it."""
    end = 0
    try:
        extents = extents_of(fragments)
    except IndexError:
        raise ValueError("an end tag has no start tag") from None
    if not extents:
        raise ValueError("a tag has no end")
    for extent in extents:
        if extent.start < end:
            continue
        stop = extent.end + (1 if fragments.startswith("»", extent.end) else 0)
        match = re.match(r"<«?([^\s/>»]+)", fragments[extent.start :])
        yield (match[1] if match else ""), fragments[end:stop]
        end = stop


def check(
    cib: str | bytes | None = None,
    sysconfig: Mapping[str, str | bytes] | None = None,
    *,
    select: Sequence[str] = (),
    targets: frozenset[str] = ALL_TARGETS,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    rules: Sequence[Rule] | None = None,
) -> Checked:
    """Run rules on a CIB (or fragments of one) and the sysconfig files of nodes by node name.

    ``select`` has codes or prefixes of codes; without it the rules run that are on by default. ``rules`` are those to choose from
    (default: the built-in ones), ``options`` the values of their options by code.

    Comments that suppress something count only where a rule about them runs; the built-in rules run with it then, so that there is
    something to suppress.

    Raises:
        ValueError: the fragments are none.
    """
    known = all_rules(plugins=False) if rules is None else rules
    chosen = [rule for rule in known if (rule.code.startswith(tuple(select)) if select else rule.is_default)]
    expected: list[tuple[str, int, int]] = []
    unreadable: list[UnreadableDocument] = []
    model: Cib | None = None
    if cib is not None:
        try:
            model = Cib(read_cib(CIB_NAME, _unmarked(CIB_NAME, _whole(cib), expected)), targets)
        except Unreadable as broken:
            unreadable.append(broken.document)
    files = {
        node: SysconfigDocument(f"{node}/sysconfig", _unmarked(f"{node}/sysconfig", text, expected))
        for node, text in (sysconfig or {}).items()
    }
    hosts = [Host(node, Environment(document)) for node, document in files.items()]
    clusters = [] if unreadable else [Cluster(CIB_NAME, model, hosts)]
    subjects = Subjects(clusters, [NodeFile(document, CIB_NAME) for document in files.values()], unreadable)
    target = Target(targets)
    if any("Directives" in rule.needs for rule in chosen):
        return _checked_with_directives(subjects, chosen, target, expected)
    outcome: Outcome = run(subjects, chosen, target, options)
    return Checked(*outcome, expected, unreadable)


def _checked_with_directives(
    subjects: Subjects, chosen: Sequence[Rule], target: Target, expected: Sequence[tuple[str, int, int]]
) -> Checked:
    rules = list({rule.code: rule for rule in (*all_rules(plugins=False), *chosen)}.values())
    selection = Selection(rules, (), [rule.code for rule in chosen], ())
    outcome = run(subjects, selection.rules, target)
    report = Report(outcome.findings, 0, outcome.not_evaluated, outcome.internal_errors, (), 1, ())
    names = frozenset(document.name for document in subjects.documents)
    report = Judge(Settings(), selection, subjects, outcome, target).decided(report, names)
    codes = {rule.code for rule in chosen}
    findings = [finding for finding in report.findings if finding.code in codes]
    return Checked(findings, outcome.not_evaluated, report.internal_errors, expected, ())


def check_example(example: Example, **how: Any) -> Checked:
    """Run rules on an example of a rule's page; ``how`` is as for `check`."""
    cib = next((file.text for file in example.files if file.kind == "xml"), None)
    sysconfig = {file.node or "node1": file.text for file in example.files if file.kind == "sysconfig"}
    return check(cib, sysconfig, **how)


class ExampleBytes(NamedTuple):
    """The files of an example as a user would have them: the CIB, and the sysconfig files of nodes by node name."""

    cib: bytes | None
    sysconfig: Mapping[str, bytes]

    def check(self, **how: Any) -> Checked:
        """Run rules on them; ``how`` is as for `check`."""
        return check(self.cib, self.sysconfig, **how)

    def fixed(self, findings: Sequence[Finding]) -> ExampleBytes:
        """The files as one round of the fixes of the findings makes them, unsafe ones included."""
        data = fixed_files(findings)
        files = {node: data.get(f"{node}/sysconfig", old) for node, old in self.sysconfig.items()}
        return ExampleBytes(data.get(CIB_NAME, self.cib) if self.cib is not None else None, files)


def fixed_files(findings: Sequence[Finding]) -> Mapping[str, bytes]:
    """The files that one round of the fixes of findings changes, unsafe ones included, by name."""
    names = {edit.place.document.name for one in findings if one.problem.fix for edit in one.problem.fix.edits}
    return patched(choose(findings, {name: name for name in names}, unsafe=True))


def fixed_text(findings: Sequence[Finding], name: str = CIB_NAME) -> str | None:
    """The text of a file as one round of the fixes makes it, by the name that findings call it; None where nothing changes it."""
    data = fixed_files(findings).get(name)
    return None if data is None else data.decode()


def bytes_of(example: Example) -> ExampleBytes:
    """The files of an example of a rule's page, without the marks."""
    cib = next((file.text for file in example.files if file.kind == "xml"), None)
    sysconfig = {file.node or "node1": file.text for file in example.files if file.kind == "sysconfig"}
    return plain(cib, sysconfig)


def plain(cib: str | bytes | None, sysconfig: Mapping[str, str | bytes] | None = None) -> ExampleBytes:
    """The files that snippets stand for, without the marks."""
    whole = None if cib is None else _unmarked(CIB_NAME, _whole(cib), [])
    return ExampleBytes(whole, {node: _unmarked(node, text, []) for node, text in (sysconfig or {}).items()})


def _whole(cib: str | bytes) -> str | bytes:
    if isinstance(cib, bytes):
        return cib
    first = re.match(r"(?:[\s«»]|<!--.*?-->)*<«?([A-Za-z][^\s/>«»]*)", cib, re.DOTALL)
    if first is None or first[1] in ("cib", "configuration"):
        return cib
    return scaffold(cib)


def _unmarked(name: str, text: str | bytes, expected: list[tuple[str, int, int]]) -> bytes:
    """The bytes of a text without its marks, whose ranges are added to ``expected``."""
    if isinstance(text, bytes):
        return text
    for match in re.finditer("«([^»]*)»", text):
        start = len(without_marks(text[: match.start()]).encode())
        expected.append((name, start, start + len(without_marks(match[1]).encode())))
    return without_marks(text).encode()
