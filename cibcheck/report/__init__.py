"""One module per output format; each has ``render(report, style)``, which turns a `Report` into lines without line ends.

No text of a checked file reaches an output as it is: a terminal, a log or a program that reads the output would take parts of it for its
own language. Each format replaces or escapes what is not plain text, and `redaction` has taken keys and passwords out before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck import DOCUMENTATION
from cibcheck.findings.finding import Severity
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from cibcheck.findings.baseline import Entry
    from cibcheck.findings.finding import Finding, InternalError, NotEvaluated, Suppressed


class FileNote(NamedTuple):
    """What became of a file. ``status`` is ``checked``, ``skipped`` (it is nothing that cibcheck can judge) or ``undetermined`` (nobody knows
    whose it is; what needs no owner was checked), with the reason."""

    file: str
    kind: str
    status: str
    cluster: str | None = None
    reason: str | None = None
    node: str | None = None
    """Whose it is, for a node file."""
    node_by: str | None = None
    """What told: ``command line``, ``configuration`` or ``path``."""


class RulePage(NamedTuple):
    """What a rule's documentation says. ``body`` is what is wrong and what follows from it; ``markdown`` the whole page."""

    summary: str
    body: str
    markdown: str


class RuleNote(NamedTuple):
    """A rule of the run. Its page is read when somebody asks for it."""

    code: str
    name: str
    severity: Severity
    tags: Sequence[str]
    page: Callable[[], RulePage]


class Report(NamedTuple):
    """All that a run has to say."""

    findings: Sequence[Finding]
    """Those that touch the given files, sorted by file and position."""
    elsewhere: int
    """How many findings lie only in other files of the clusters."""
    not_evaluated: Sequence[NotEvaluated]
    internal_errors: Sequence[InternalError]
    files: Sequence[FileNote]
    clusters: int
    rules: Collection[RuleNote]
    """Those that ran, in a stable order."""
    remarks: Sequence[str] = ()
    """What the user should know of the run itself, for stderr."""
    suppressed: Sequence[Suppressed] = ()
    """The findings in the given files that are known and accepted."""
    stale: Sequence[tuple[Entry, int]] = ()
    """What the baseline has and the run did not find, with how many of each."""
    category: str | None = None
    """By which code scanning tells this run from others of the same commit."""
    fixed: Sequence[Finding] = ()
    """What fixes have mended, and is therefore not among the findings any more."""

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)


BOLD, FRAME = "1", "34"
COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
"""Numbers of ANSI's SGR sequence."""


class Style(NamedTuple):
    """How text is laid out. ``width`` is in columns."""

    color: bool = False
    width: int = 100
    is_terminal: bool = False
    """Whether a person looks at it as it is written: then lines are broken between words, and colors come with hyperlinks (OSC 8)."""

    def paint(self, text: str, code: str) -> str:
        """The text in a color, where colors are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    @property
    def links(self) -> bool:
        """Whether hyperlinks are wanted."""
        return self.color and self.is_terminal

    def link(self, text: str, url: str) -> str:
        """The text as a link, where links are wanted and there is something to link to."""
        return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if self.links and url else text

    def broken(self, text: str, first: int = 0, rest: int = 2) -> list[str]:
        """A printable text in lines that fit, with the columns that stand before its first line and shall stand before the others; in one
        line where nobody looks at it."""
        if not self.is_terminal or first + len(text) <= self.width:
            return [text]
        import textwrap

        start, indent = " " * first, " " * rest
        wrapper = textwrap.TextWrapper(self.width, start, indent, break_on_hyphens=False, break_long_words=False)
        lines = wrapper.wrap(text) or [start]
        return [lines[0][first:], *(indent + line_start(line[rest:]) for line in lines[1:])]


def rule_url(code: str) -> str:
    """Where a rule's documentation page is on the web; empty where it is not."""
    return DOCUMENTATION.format(code=code)


def plural(number: int, word: str) -> str:
    """A number with its word: 1 error, 2 errors."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


TAB = "    "


def printable(text: str) -> str:
    """A text that a terminal takes as text: controls and broken characters replaced, tabs as blanks. Nor is it a command to GitHub's
    runner, which looks for ``##[`` anywhere in a line of a log."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(TAB if char == "\t" else char if char.isprintable() else "�" for char in text)
    return text.replace("##[", "#�[")


def line_start(text: str, instead: str = "…") -> str:
    """A printable text for the start of a line, where GitHub's runner takes ``::``, also behind blanks, for the start of a command; so
    something stands before."""
    return instead + text if text.lstrip().startswith("::") else text


def reference(finding: Finding) -> str:
    """How a finding is named: ``CODE`` or ``CODE[key]``; printable."""
    return f"{finding.code}[{printable(finding.problem.key)}]" if finding.problem.key else finding.code


_MOST_NAMES = 6


def names(words: Sequence[str]) -> str:
    """Names, of which the first few are shown and the others counted."""
    shown = ", ".join(words[:_MOST_NAMES])
    return f"{shown} and {len(words) - _MOST_NAMES} more" if len(words) > _MOST_NAMES else shown


def internal_error(error: InternalError) -> str:
    """What to tell of a rule that failed."""
    where = f" on {error.cluster}" if error.cluster else ""
    return printable(f"internal error: rule {error.code} of {error.plugin} failed{where}: {error.error}")
