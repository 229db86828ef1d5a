"""What a rule must find in a snippet, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cibcheck.model.cib import ALL_TARGETS
from cibcheck.testing.snippets import CIB_NAME, check, fixed_text, plain, span_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.api import Rule
    from cibcheck.findings.finding import Finding
    from cibcheck.testing.snippets import Checked

    Snippet = str | bytes
    NodeFiles = Mapping[str, Snippet]


class RuleTester:
    """Runs one rule, whether it is on by default or not, on snippets.

    ``targets`` are the release lines of Pacemaker that the configuration is for; ``options`` are the values of the rule's options.
    Snippets are as `check` takes them: a CIB or fragments of one, and sysconfig files by the name of the node.
    """

    def __init__(self, rule: Rule, *, targets: frozenset[str] = ALL_TARGETS, options: Mapping[str, Any] | None = None) -> None:
        self.rule = rule
        self._targets = targets
        self._options = {rule.code: dict(options or {})}

    def check(self, cib: Snippet | None = None, sysconfig: NodeFiles | None = None) -> Checked:
        """What the rule finds.

        Raises:
            AssertionError: the rule crashes, or the CIB cannot be parsed though the rule wants to read it.
        """
        rule = self.rule
        checked = check(cib, sysconfig, select=[rule.code], rules=[rule], targets=self._targets, options=self._options)
        assert_ran(rule, checked)
        return checked

    def valid(self, cib: Snippet | None = None, sysconfig: NodeFiles | None = None) -> None:
        """Assert that the rule finds nothing, and could judge the snippet.

        Raises:
            AssertionError: it is not so.
        """
        checked = self.check(cib, sysconfig)
        if checked.findings:
            raise AssertionError(f"{self.rule.code} finds something:\n{told(checked.findings)}")
        if gaps := checked.not_evaluated:
            raise AssertionError(f"{self.rule.code} cannot tell: {gaps[0].reason}")

    def invalid(
        self,
        cib: Snippet | None = None,
        sysconfig: NodeFiles | None = None,
        *,
        message: str | None = None,
        key: str | None = None,
        fixed: Snippet | None = None,
        fixed_sysconfig: NodeFiles | None = None,
    ) -> Sequence[Finding]:
        """Assert that the rule finds what is marked with «…», and nothing else; without marks, exactly one thing. Returns the findings.

        ``message`` is a part of each finding's message, ``key`` the key of each. ``fixed`` and ``fixed_sysconfig`` are what one round of
        the findings' fixes, safe or not, makes of the CIB and of the nodes' files; a snippet is compared with what it stands for.

        Raises:
            AssertionError: it is not so.
        """
        checked = self.check(cib, sysconfig)
        if checked.expected:
            assert_as_marked(self.rule, checked)
        elif len(checked.findings) != 1:
            raise AssertionError(f"{self.rule.code} finds {len(checked.findings)} things, not one:\n{told(checked.findings)}")
        for finding in checked.findings:
            if message is not None and message not in finding.problem.message:
                raise AssertionError(f"no {message!r} in the message {finding.problem.message!r}")
            if key is not None and finding.problem.key != key:
                raise AssertionError(f"the key is {finding.problem.key!r}, not {key!r}")
        wanted = plain(fixed, fixed_sysconfig)
        files = {CIB_NAME: wanted.cib} | {f"{node}/sysconfig": data for node, data in wanted.sysconfig.items()}
        for name, data in files.items():
            if data is not None and (text := fixed_text(checked.findings, name)) != data.decode():
                raise AssertionError(f"{name} is not fixed as expected:\n{text or 'it has no fix'}")
        return checked.findings


def assert_ran(rule: Rule, checked: Checked) -> None:
    """Assert that a rule did not crash, and had something to read."""
    if checked.internal_errors:
        raise AssertionError(f"{rule.code} crashes: {checked.internal_errors[0].error}")
    if checked.unreadable and "Unreadable" not in rule.needs:
        raise AssertionError(f"the snippet cannot be parsed: {checked.unreadable[0].reason}")


def assert_as_marked(rule: Rule, checked: Checked) -> None:
    """Assert that the findings are exactly where the marks are."""
    found, expected = sorted(checked.spans), sorted(checked.expected)
    if found == expected:
        return
    extra = [finding for finding in checked.findings if span_of(finding.problem.place) not in expected]
    missing = [span for span in expected if span not in found]
    lines = [f"{rule.code} does not find what is marked."]
    if missing:
        lines.append(f"Marked, and not found (file, start and end in bytes): {missing}")
    if extra:
        lines.append(f"Found, and not marked:\n{told(extra)}")
    if not (missing or extra):
        lines.append(f"One place has more findings than marks, or fewer:\n{told(checked.findings)}")
    raise AssertionError("\n".join(lines))


def told(findings: Sequence[Finding]) -> str:
    """Findings for the message of a failed test."""
    lines = (
        f"  {'{}:{}-{}'.format(*span_of(finding.problem.place))} {text_of(finding.problem.place)!r}: {finding.problem.message}"
        for finding in findings
    )
    return "\n".join(lines) or "  nothing"
