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
    findings: dict[Any, Finding] = {}
    not_evaluated: dict[NotEvaluated, None] = {}
    internal_errors: list[InternalError] = []
    scopes = _scopes(subjects, target, judge, catalogues)
    with _collection_off():
        for rule in rules:
            severity = rule.severity_for(target)
            if severity is None:
                continue
            if watch is not None:
                watch(f"{rule.code} {rule.name}")
            needs = rule.needs
            for scope in scopes:
                if any(need not in scope.supplies and need not in scope.missing for need in needs):
                    continue
                call = _Call(rule, severity, scope, (options or {}).get(rule.code, {}))
                for found in call.findings(needs):
                    same = findings.get(found.identity)
                    findings[found.identity] = found if same is None else same.merged(found)
                not_evaluated.update(dict.fromkeys(call.gaps()))
                internal_errors += call.errors
    kept = _without_aftermath(list(findings.values()))
    return Outcome(sorted(kept, key=lambda finding: finding.order), list(not_evaluated), internal_errors)


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


class _Call:
    """One rule on one scope."""

    def __init__(self, rule: Rule, severity: Severity, scope: Scope, options: Mapping[str, Any]) -> None:
        self._rule = rule
        self._severity = severity
        self._scope = scope
        self._options = options
        self._gaps: list[Gap] = []
        self.errors: list[InternalError] = []

    def findings(self, needs: Sequence[str]) -> Iterator[Finding]:
        rule, scope = self._rule, self._scope
        if gap := next((scope.missing[need] for need in needs if need in scope.missing), None):
            self._gaps.append(gap)
            return
        try:
            for found in rule(*(scope.supplies[need] for need in needs), **self._options):
                if not isinstance(found, Problem):
                    raise TypeError(f"it yields {found!r}, which is no problem")
                severity = self._severity if found.at_most is None else min(self._severity, found.at_most)
                yield Finding(rule.code, rule.name, severity, found, scope.cluster_name)
        except Unknown as unknown:
            self._gaps.append(unknown.gap)
        except (Exception, SystemExit) as error:
            self.errors.append(InternalError(rule.code, rule.plugin, scope.cluster_name, describe(error)))
        if scope.cluster is not None:
            self._gaps += scope.cluster.ledger.drain()

    def gaps(self) -> Iterator[NotEvaluated]:
        scope = self._scope
        for gap in self._gaps:
            file = scope.file if gap.section is not None else None
            yield NotEvaluated(self._rule.code, scope.cluster_name, gap.node, gap.section, file, gap.reason)


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
