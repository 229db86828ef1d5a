"""From what the engine found to what is reported: the rules that are wanted, the settings' say, suppressions, the baseline, the given files.

The given files are chosen last, so that what is counted elsewhere is what a look there would show. What became of the
directives is judged by rules like everything else, in a second round of the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck import engine
from cibcheck.findings.finding import Suppressed
from cibcheck.policy import Policy
from cibcheck.selection import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cibcheck.api import Rule, Target
    from cibcheck.config import Settings
    from cibcheck.findings.baseline import Baseline, Entry
    from cibcheck.findings.finding import Finding, InternalError
    from cibcheck.findings.suppressions import Directive, Suppressions, Word
    from cibcheck.report import Report
    from cibcheck.selection import Selection


class Judge:
    """Decides on the findings of a run. ``suppress=False`` lets no directive count."""

    def __init__(
        self,
        settings: Settings,
        selection: Selection,
        subjects: engine.Subjects,
        outcome: engine.Outcome,
        target: Target,
        options: Mapping[str, Mapping[str, object]] | None = None,
        *,
        suppress: bool = True,
    ) -> None:
        self._settings = settings
        self._selection = selection
        self._subjects = subjects
        self._target = target
        self._options = options
        self._suppress = suppress
        self._judged: dict[tuple[str, bool, str | None], bool] = {}
        self._policy = Policy(settings, selection.known)
        self._rules = {rule.code: rule for rule in selection.known}
        self._internal_errors: Sequence[InternalError] = ()
        self._unknown = {(gap.code, gap.cluster) for gap in outcome.not_evaluated}
        self._unknown |= {(error.code, error.cluster) for error in outcome.internal_errors}
        self._clusters: dict[str, str | None] = {file.document.name: file.cluster for file in subjects.node_files}
        self._clusters |= {one.cib.document.name: one.name for one in subjects.clusters if one.cib is not None}
        self._unreadable = {document.name for document in subjects.unreadable}
        self._kept = self._wanted(outcome.findings)

    def decided(
        self, report: Report, given: frozenset[str], *, is_whole: bool = False, baseline: Baseline | None = None
    ) -> Report:
        """The report with what is to be reported for the files that were given; ``is_whole``: they are all that the configuration is
        about."""
        kept: Sequence[Finding] = self._kept
        suppressed: list[Suppressed] = []
        if is_whole:  # then the configuration is under test as well
            given |= {layer.name for layer in self._settings.layers}
        if directives := self._directives():
            kept, suppressed = self._apply(directives, is_whole=is_whole)
        stale: Sequence[tuple[Entry, int]] = ()
        if baseline is not None:
            kept, known, left = baseline.part(kept)
            suppressed += known
            files = {baseline.file(name): name for name in given}
            stale = [(entry, count) for entry, count in sorted(left.items()) if self._would_find(entry, files, baseline)]
        shown = [finding for finding in kept if _touches(finding, given)]
        return report._replace(
            findings=shown,
            elsewhere=len(kept) - len(shown),
            suppressed=[one for one in suppressed if _touches(one.finding, given)],
            stale=stale,
            internal_errors=[*report.internal_errors, *self._internal_errors],
        )

    def _directives(self) -> Suppressions | None:
        """The directives of the run; None where there are none, and nothing of them is loaded."""
        documents = self._subjects.documents
        if not self._settings.suppressions and not any(document.comments for document in documents):
            return None
        from cibcheck.findings.suppressions import Suppressions

        configured: Sequence[Directive] = ()
        vocabulary = Vocabulary(self._selection.known)
        if self._settings.suppressions:
            from cibcheck.config.document import configured_directives

            configured = configured_directives(self._settings, vocabulary)
        return Suppressions(documents, configured, vocabulary, self._policy.is_unsuppressable)

    def _wanted(self, findings: Iterable[Finding]) -> list[Finding]:
        kept: list[Finding] = []
        for finding in findings:
            rule, problem = self._rules[finding.code], finding.problem
            if self._selection.keeps(finding) and not self._policy.ignores(
                rule, problem.key, problem.place.document.name, finding.cluster
            ):
                kept.append(self._policy.levelled(finding, rule))
        return kept

    def _apply(self, directives: Suppressions, *, is_whole: bool) -> tuple[list[Finding], list[Suppressed]]:
        kept: list[Finding] = []
        suppressed: list[Suppressed] = []
        for finding in self._kept:
            directive = directives.silences(finding, self._rules[finding.code]) if self._suppress else None
            if directive is not None:
                suppressed.append(Suppressed(finding, "comment" if directive.is_comment else "configuration", directive.reason))
            else:
                kept.append(finding)
        facts = [
            engine.DirectivesOf(directives.facts(document, lambda *asked: self._was_judged(*asked, is_whole=is_whole)), cluster)
            for document in directives.by_document
            if is_whole or document.name in self._clusters  # the configuration is judged as a whole
            for cluster in (self._clusters.get(document.name),)
        ]
        outcome = engine.run(engine.Subjects(directives=facts), self._selection.rules, self._target, self._options)
        self._internal_errors = outcome.internal_errors
        return sorted((*kept, *self._wanted(outcome.findings)), key=lambda finding: finding.order), suppressed

    def _was_judged(self, word: Word, directive: Directive, *, is_whole: bool) -> bool:
        """Whether the run would have found what a word means. A word for several rules counts those that are on by default or selected."""
        if not (is_whole or directive.is_comment):
            return False
        scope = directive.place.document.name if directive.is_comment else directive.cluster
        asked = (word.text, directive.is_comment, scope)
        if asked not in self._judged:
            names = [scope] if directive.is_comment and scope else self._files_of(directive.cluster)
            key = word.meaning.key
            rules = [rule for rule in self._selection.known if word.meaning.fits_some_key(rule)]
            rules = [rule for rule in rules if rule.is_default or self._selection.keeps_key(rule, key)]
            self._judged[asked] = bool(rules) and all(self._judges(rule, key, name) for rule in rules for name in names)
        return self._judged[asked]

    def _files_of(self, cluster: str | None) -> Sequence[str]:
        return [name for name, owner in self._clusters.items() if cluster in (None, owner)]

    def _judges(self, rule: Rule, key: str | None, file: str) -> bool:
        """Whether a rule was evaluated for a file, all that it needs being known."""
        cluster = self._clusters.get(file)
        needs_cluster = bool({"Cib", "Cluster", "Judgement"}.intersection(rule.needs))
        return (
            self._suppress  # else nothing is known of what a suppression is for
            and rule.severity_for(self._target) is not None
            and self._selection.keeps_key(rule, key)
            and not self._policy.ignores(rule, key, file, cluster)
            and (rule.code, cluster) not in self._unknown
            and not (cluster is None and needs_cluster)
            and (file not in self._unreadable or "Unreadable" in rule.needs)
        )

    def _would_find(self, entry: Entry, files: dict[str, str], baseline: Baseline) -> bool:
        """Whether the run would have found what an entry of the baseline is about. A rule or a file that is no more is found nowhere."""
        if entry.code not in self._rules:
            return True
        if entry.file not in files:
            return not entry.file.startswith("<") and not (baseline.path.parent / entry.file).exists()
        return self._judges(self._rules[entry.code], entry.key or None, files[entry.file])


def _touches(finding: Finding, given: frozenset[str]) -> bool:
    places = (finding.problem.place, *(note.place for note in finding.problem.related))
    return any(place.document.name in given for place in places)
