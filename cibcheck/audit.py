"""One run, from what is to be checked to a report: reads the files, puts clusters together, runs the rules, keeps what concerns the user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cibcheck import engine
from cibcheck.api import Target
from cibcheck.config import UsageError
from cibcheck.discovery.assembly import assemble
from cibcheck.discovery.loading import Loader
from cibcheck.report import FileNote, Report, RuleNote, RulePage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cibcheck.agents.catalogue import Catalogues
    from cibcheck.api import Rule
    from cibcheck.config import Settings
    from cibcheck.discovery.assembly import Assembly
    from cibcheck.discovery.loading import Loaded, Request
    from cibcheck.documents.cib import CibDocument
    from cibcheck.findings.finding import Finding
    from cibcheck.grammar.judgement import Judgement
    from cibcheck.selection import Selection


class Plan(NamedTuple):
    """What a run is to do. ``options`` are the values of rule options by rule code."""

    settings: Settings
    selection: Selection
    options: Mapping[str, Mapping[str, object]]
    request: Request


def audit(plan: Plan) -> Report:
    """Check what the request names.

    Raises:
        UsageError: a named path does not exist, a file is given for two nodes, or a catalogue of agents is none.
    """
    settings, selection = plan.settings, plan.selection
    loaded = Loader(settings).load(plan.request)
    assembly = assemble(loaded.cibs, loaded.node_files, settings.targets, settings.clusters, settings.folder)
    subjects = _subjects(loaded, assembly)
    outcome = engine.run(
        subjects, selection.rules, Target(settings.targets), plan.options, _judge(settings), _catalogues(settings)
    )
    kept = [finding for finding in outcome.findings if selection.keeps(finding)]
    shown = [finding for finding in kept if _touches(finding, loaded.given)]
    return Report(
        shown,
        len(kept) - len(shown),
        outcome.not_evaluated,
        outcome.internal_errors,
        _files(loaded, assembly, subjects),
        len(subjects.clusters),
        [_rule_note(rule) for rule in selection.rules],
        [*loaded.remarks, *(f"--node {node}: the CIB knows no node of that name" for node in assembly.strangers)],
    )


def _judge(settings: Settings) -> Callable[[CibDocument], Judgement]:
    def judge(document: CibDocument) -> Judgement:
        from cibcheck.grammar.judgement import Judgement  # a run without CIBs does without it

        return Judgement(document, settings.targets, settings.schema_version, settings.engine)

    return judge


def _catalogues(settings: Settings) -> Catalogues:
    from cibcheck.agents.catalogue import CatalogueError, Catalogues, load

    try:
        return Catalogues(load(name, os.path.join(settings.folder or "", name)) for name in settings.agents)
    except CatalogueError as error:
        raise UsageError(str(error)) from None


def _rule_note(rule: Rule) -> RuleNote:
    def page() -> RulePage:
        from cibcheck.page import markdown_page, page_of

        read = page_of(rule)
        return RulePage(read.summary, read.body, markdown_page(rule))

    return RuleNote(rule.code, rule.name, rule.severity, rule.tags, page)


def _subjects(loaded: Loaded, assembly: Assembly) -> engine.Subjects:
    """What to judge: the clusters that a given file belongs to, with all their files, and the given files of no cluster."""
    concerned = {assembly.owners[name] for name in loaded.given if name in assembly.owners}
    clusters = [
        cluster
        for cluster in assembly.clusters
        if cluster.name in concerned or (cluster.cib is not None and cluster.cib.document.name in loaded.given)
    ]
    concerned |= {cluster.name for cluster in clusters}
    node_files = [
        engine.NodeFile(file.document, assembly.owners.get(file.document.name))
        for file in loaded.node_files
        if file.document.name in loaded.given or assembly.owners.get(file.document.name) in concerned
    ]
    return engine.Subjects(clusters, node_files, loaded.unreadable)


def _touches(finding: Finding, given: frozenset[str]) -> bool:
    places = (finding.problem.place, *(note.place for note in finding.problem.related))
    return any(place.document.name in given for place in places)


def _files(loaded: Loaded, assembly: Assembly, subjects: engine.Subjects) -> list[FileNote]:
    undetermined = {document.name: reason for document, reason in assembly.undetermined}
    notes = [
        FileNote(cluster.cib.document.name, "cib", "checked", cluster.name)
        for cluster in subjects.clusters
        if cluster.cib is not None
    ]
    notes += [FileNote(document.name, "unreadable", "checked", None, document.reason) for document in loaded.unreadable]
    for file in subjects.node_files:
        name, unfit = file.document.name, file.document.unfit
        status = "skipped" if unfit else "undetermined" if name in undetermined else "checked"
        notes.append(FileNote(name, "sysconfig", status, file.cluster, unfit or undetermined.get(name)))
    notes += [FileNote(name, "other", "skipped", None, reason) for name, reason in loaded.skipped]
    return sorted(notes)
