"""What the settings say of the findings of rules that run: ignored for a file or a cluster, reported with another severity."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cibcheck.discovery.files import fitting
from cibcheck.selection import Selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cibcheck.api import Rule
    from cibcheck.config import Settings
    from cibcheck.findings.finding import Finding, Severity


class Policy:
    """The settings' say on findings. What they say of a file, or of a rule and key, is worked out once."""

    def __init__(self, settings: Settings, rules: Sequence[Rule]) -> None:
        self._base = settings.base
        self._for_files = {pattern: _selectors(words, rules) for pattern, words in settings.per_file_ignores.items()}
        self._for_clusters = {one.name: _selectors(one.ignore, rules) for one in settings.clusters if one.ignore}
        # Of equally narrow words the later one counts, as the command line's are.
        levels = [(Selector(word, rules), severity) for word, severity in settings.severity.items()]
        self._levels = sorted(levels, key=lambda level: level[0].narrowness)
        self._unsuppressable = _selectors(settings.unsuppressable, rules)
        self._ignored: dict[str, Sequence[Selector]] = {}
        self._severities: dict[tuple[str, str | None], Severity | None] = {}

    def ignores(self, rule: Rule, key: str | None, file: str, cluster: str | None) -> bool:
        """Whether findings in a file and cluster are not wanted."""
        if file not in self._ignored:
            self._ignored[file] = self._selectors_for(file) if self._for_files else ()
        return any(one.fits(rule, key) for one in (*self._ignored[file], *self._for_clusters.get(cluster or "", ())))

    def _selectors_for(self, file: str) -> Sequence[Selector]:
        path = os.path.relpath(file, self._base).replace(os.sep, "/")
        return [one for pattern, selectors in self._for_files.items() if fitting(path, [pattern]) for one in selectors]

    def levelled(self, finding: Finding, rule: Rule) -> Finding:
        """The finding, with the severity that the settings give it."""
        if not self._levels:
            return finding
        asked = (rule.code, finding.problem.key)
        if asked not in self._severities:
            fitting_ones = [severity for one, severity in self._levels if one.fits(rule, finding.problem.key)]
            self._severities[asked] = fitting_ones[-1] if fitting_ones else None
        severity = self._severities[asked]
        return finding if severity is None else finding._replace(severity=severity)

    def is_unsuppressable(self, rule: Rule, key: str | None) -> bool:
        """Whether no suppression may silence a rule."""
        return any(one.fits(rule, key) for one in self._unsuppressable)


def _selectors(words: Sequence[str], rules: Sequence[Rule]) -> Sequence[Selector]:
    return [Selector(word, rules) for word in words]
