"""Runs rules over clusters and files, and keeps account of what could not be judged."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from cibcheck.findings.finding import Finding, InternalError, NotEvaluated, Problem, Severity
from cibcheck.model.ledger import Gap, Unknown
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cibcheck.agents.catalogue import Catalogues
    from cibcheck.api import Rule, Target
    from cibcheck.documents.cib import CibDocument, UnreadableDocument
    from cibcheck.documents.source import Document
    from cibcheck.documents.sysconfig import SysconfigDocument
    from cibcheck.findings.suppressions import Directives
    from cibcheck.grammar.judgement import Judgement
    from cibcheck.model.cluster import Cluster


Watch: TypeAlias = "Callable[[str], None]"
"""What is told what a long run is at: a file or a rule."""


class NodeFile(NamedTuple):
    """A parsed node file, and the cluster that it was found to belong to, if any."""

    document: SysconfigDocument
    cluster: str | None


class DirectivesOf(NamedTuple):
    """What became of the directives in a file, and the cluster that it belongs to, if any."""

    directives: Directives
    cluster: str | None


class Subjects(NamedTuple):
    """All that a run judges."""

    clusters: Sequence[Cluster] = ()
    node_files: Sequence[NodeFile] = ()
    unreadable: Sequence[UnreadableDocument] = ()
    directives: Sequence[DirectivesOf] = ()

    @property
    def documents(self) -> Sequence[Document]:
        """The parsed files."""
        cibs = [cluster.cib.document for cluster in self.clusters if cluster.cib is not None]
        return [*cibs, *(file.document for file in self.node_files)]


class Outcome(NamedTuple):
    """What a run found, could not tell, and broke on."""

    findings: Sequence[Finding]
    not_evaluated: Sequence[NotEvaluated]
    internal_errors: Sequence[InternalError]


class Scope(NamedTuple):
    """What one call of a rule is about: what it can be given, by the name of the type, and whose it is."""

    supplies: Mapping[str, Any]
    missing: Mapping[str, Gap]
    """The needs that this scope would supply, were it known; with the reason."""
    cluster: Cluster | None
    cluster_name: str | None
    file: str | None


def run(
    subjects: Subjects,
    rules: Sequence[Rule],
    target: Target,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    judge: Callable[[CibDocument], Judgement] | None = None,
    watch: Watch | None = None,
    catalogues: Catalogues | None = None,
) -> Outcome:
    """Run each rule on all that it can be about.

    ``target`` has the release lines that the findings are for, ``options`` are the values of rule options by rule code, ``judge`` holds a
    CIB against the grammar (by default, the one that it declares), ``catalogues`` say what is known of agents (by default, the one that
    comes with cibcheck). Findings that are equal in code, key and origin are one. A rule that raises is reported, the others go on.
    """
    account = _Account()
    scopes = _scopes(subjects, target, judge, catalogues)
    with _collection_off():
        for rule in rules:
            severity = rule.severity_for(target)
            if severity is None:
                continue
            if watch is not None:
                watch(f"{rule.code} {rule.name}")
            values = (options or {}).get(rule.code, {})
            for scope in scopes:
                account.call(rule, severity, scope, values)
    kept = _without_aftermath(list(account.findings.values()))
    return Outcome(sorted(kept, key=lambda finding: finding.order), list(account.not_evaluated), account.internal_errors)


def _without_aftermath(findings: list[Finding]) -> list[Finding]:
    """What the grammar refuses at a place is the mistake; what rules about its meaning make of it there is not reported as well."""
    refused = {_spot(finding) for finding in findings if finding.is_of_grammar and finding.severity is Severity.ERROR}
    return [finding for finding in findings if finding.is_of_grammar or not refused or _spot(finding) not in refused]


def _spot(finding: Finding) -> tuple[int, Any, str]:
    place = finding.problem.place
    return (id(place.document), place.node, (place.part or "").lstrip("@"))


def _scopes(
    subjects: Subjects, target: Target, judge: Callable[[CibDocument], Judgement] | None, catalogues: Catalogues | None
) -> list[Scope]:
    from cibcheck.agents.catalogue import Catalogues  # a run over nothing but node files does without it
    from cibcheck.agents.known import Agents

    known = catalogues or Catalogues()
    scopes: list[Scope] = []
    for cluster in subjects.clusters:
        supplies: dict[str, Any] = {"Cluster": cluster, "Target": target}
        missing: dict[str, Gap] = {}
        if cluster.cib is None:
            missing["Cib"] = missing["Agents"] = Gap("the cluster has no CIB here")
        else:
            supplies["Cib"] = cluster.cib
            supplies["Agents"] = Agents(cluster.cib, known)
            supplies["Judgement"] = judge(cluster.cib.document) if judge else _judgement(cluster.cib.document, target)
        scopes.append(Scope(supplies, missing, cluster, cluster.name, cluster.cib.document.name if cluster.cib else None))
    scopes += [
        Scope({"Sysconfig": file.document, "Target": target}, {}, None, file.cluster, file.document.name)
        for file in subjects.node_files
    ]
    scopes += [
        Scope({"Unreadable": document, "Target": target}, {}, None, None, document.name) for document in subjects.unreadable
    ]
    scopes += [
        Scope({"Directives": one.directives, "Target": target}, {}, None, one.cluster, None) for one in subjects.directives
    ]
    return scopes


def _judgement(document: CibDocument, target: Target) -> Judgement:
    from cibcheck.grammar.judgement import Judgement  # a run without CIBs does without it

    return Judgement(document, target.lines)


class _Account:
    """What the rules of a run found, could not tell, and broke on. Most rules find nothing, which is why nothing is made ahead."""

    def __init__(self) -> None:
        self.findings: dict[Any, Finding] = {}
        self.not_evaluated: dict[NotEvaluated, None] = {}
        self.internal_errors: list[InternalError] = []

    def call(self, rule: Rule, severity: Severity, scope: Scope, options: Mapping[str, Any]) -> None:
        """Run one rule on one scope, if it can be about that."""
        supplies, missing = scope.supplies, scope.missing
        needs: list[Any] = []
        gap: Gap | None = None
        for need in rule.needs:
            if need in supplies:
                needs.append(supplies[need])
            elif need in missing:
                gap = gap or missing[need]
            else:
                return
        if gap is not None:
            self._note(rule, scope, gap)
            return
        try:
            for found in rule(*needs, **options):
                if not isinstance(found, Problem):
                    raise TypeError(f"it yields {found!r}, which is no problem")
                held = severity if found.at_most is None else min(severity, found.at_most)
                self._add(Finding(rule.code, rule.name, held, found, scope.cluster_name))
        except Unknown as unknown:
            self._note(rule, scope, unknown.gap)
        except (Exception, SystemExit) as error:
            self.internal_errors.append(InternalError(rule.code, rule.plugin, scope.cluster_name, describe(error)))
        if scope.cluster is not None:
            for met in scope.cluster.ledger.drain():
                self._note(rule, scope, met)

    def _add(self, finding: Finding) -> None:
        same = self.findings.get(finding.identity)
        self.findings[finding.identity] = finding if same is None else same.merged(finding)

    def _note(self, rule: Rule, scope: Scope, gap: Gap) -> None:
        file = scope.file if gap.section is not None else None
        entry = NotEvaluated(rule.code, scope.cluster_name, gap.node, gap.section, file, gap.reason, gap.resource)
        self.not_evaluated[entry] = None


def describe(error: BaseException) -> str:
    """What went wrong in a rule, and where, in one line."""
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.filename.rpartition('/')[2]}:{frame.lineno})"


@contextmanager
def _collection_off() -> Iterator[None]:
    """Nothing that a run makes is garbage before it ends; collecting anyway would make time grow faster than the input."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
