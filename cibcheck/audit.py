"""One run, from what is to be checked to a report: reads the files, puts clusters together, runs the rules, keeps what concerns the user."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cibcheck import engine
from cibcheck.api import Target
from cibcheck.config import UsageError
from cibcheck.discovery.assembly import assemble
from cibcheck.discovery.loading import Loader
from cibcheck.findings.finding import Finding, InternalError
from cibcheck.records import NamedTuple
from cibcheck.report import FileNote, Report, RuleNote, RulePage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cibcheck.agents.catalogue import Catalogues
    from cibcheck.api import Rule
    from cibcheck.config import Settings
    from cibcheck.discovery.assembly import Assembly
    from cibcheck.discovery.loading import Loaded, Request
    from cibcheck.documents.cib import CibDocument
    from cibcheck.engine import Watch
    from cibcheck.findings.baseline import Baseline
    from cibcheck.grammar.judgement import Judgement
    from cibcheck.selection import Selection


class Plan(NamedTuple):
    """What a run is to do. ``options`` are the values of rule options by rule code."""

    settings: Settings
    selection: Selection
    options: Mapping[str, Mapping[str, object]]
    request: Request
    suppress: bool = True
    """Whether comments and the configuration may suppress findings."""
    baseline: Baseline | None = None


class Material(NamedTuple):
    """What a run is about: the files that were read, whose they are, and what of that is to be judged."""

    loaded: Loaded
    assembly: Assembly
    subjects: engine.Subjects

    @property
    def files(self) -> Sequence[FileNote]:
        """What becomes of each file, sorted by name."""
        return _files(self.loaded, self.assembly, self.subjects)


def gather(plan: Plan, watch: Watch | None = None) -> Material:
    """Read what the request names, and put clusters together.

    ``watch`` is told what is being done, for those who wait.

    Raises:
        UsageError: a named path does not exist, or a file is given for two nodes.
    """
    settings = plan.settings
    loaded = Loader(settings, watch).load(plan.request)
    assembly = assemble(loaded.cibs, loaded.node_files, settings.targets, settings.clusters, settings.folder)
    return Material(loaded, assembly, _subjects(loaded, assembly))


def audit(plan: Plan) -> Report:
    """Check what the request names.

    Raises:
        UsageError: a named path does not exist, a file is given for two nodes, or a catalogue of agents is none.
    """
    return examine(plan, gather(plan))


def examine(plan: Plan, material: Material, watch: Watch | None = None) -> Report:
    """Check what was gathered; ``watch`` is told what is being done."""
    settings, selection = plan.settings, plan.selection
    loaded, assembly, subjects = material
    target = Target(settings.targets)
    outcome = engine.run(subjects, selection.rules, target, plan.options, _judge(settings), watch, _catalogues(settings))
    report = Report(
        outcome.findings,
        0,
        outcome.not_evaluated,
        outcome.internal_errors,
        material.files,
        len(subjects.clusters),
        _RuleNotes(selection.rules),
        [*loaded.remarks, *(f"--node {node}: the CIB knows no node of that name" for node in assembly.strangers)],
    )
    if not (report.findings or settings.layers or plan.baseline or any(document.comments for document in subjects.documents)):
        return report
    report = _decided(plan, material, outcome, target, report)
    findings, errors = _assessed(list(report.findings), loaded, selection.rules)
    return report._replace(findings=findings, internal_errors=[*report.internal_errors, *errors])


def _decided(plan: Plan, material: Material, outcome: engine.Outcome, target: Target, report: Report) -> Report:
    """The report after what the settings, suppressions and the baseline have to say."""
    from cibcheck.verdict import Judge  # what a clean run without settings does without

    judge = Judge(plan.settings, plan.selection, material.subjects, outcome, target, plan.options, suppress=plan.suppress)
    return judge.decided(report, material.loaded.given, is_whole=_is_whole(plan), baseline=plan.baseline)


def _is_whole(plan: Plan) -> bool:
    """Whether the request names all that the configuration is about."""
    base = os.path.realpath(plan.settings.base)
    return any(
        os.path.isdir(path) and (base + "/").startswith(os.path.realpath(path).rstrip("/") + "/") for path in plan.request.paths
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


class _RuleNotes:
    """The rules as reports see them. Most reports only count them, so they are made when somebody looks."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[RuleNote]:
        return map(_rule_note, self._rules)

    def __contains__(self, note: object) -> bool:
        return any(note == one for one in self)


def _rule_note(rule: Rule) -> RuleNote:
    def page() -> RulePage:
        from cibcheck.page import markdown_page, page_of

        read = page_of(rule)
        return RulePage(read.summary, read.body, markdown_page(rule))

    return RuleNote(rule.code, rule.name, rule.severity, rule.tags, page)


def _subjects(loaded: Loaded, assembly: Assembly) -> engine.Subjects:
    """What to judge: the clusters that a given file belongs to, with all their files, and the given files of no cluster."""
    clusters_of = {name: owner.cluster for name, owner in assembly.owners.items()}
    concerned = {clusters_of[name] for name in loaded.given if name in clusters_of}
    clusters = [
        cluster
        for cluster in assembly.clusters
        if cluster.name in concerned or (cluster.cib is not None and cluster.cib.document.name in loaded.given)
    ]
    concerned |= {cluster.name for cluster in clusters}
    node_files = [
        engine.NodeFile(file.document, clusters_of.get(file.document.name))
        for file in loaded.node_files
        if file.document.name in loaded.given or clusters_of.get(file.document.name) in concerned
    ]
    return engine.Subjects(clusters, node_files, loaded.unreadable)


def _assessed(findings: list[Finding], loaded: Loaded, rules: Sequence[Rule]) -> tuple[list[Finding], list[InternalError]]:
    """The findings, without those fixes that cannot be made; and the rules whose fixes are none at all."""
    if all(finding.problem.fix is None for finding in findings):
        return findings, []
    from cibcheck.findings.fixes import assessed  # a clean run does without

    plugins = {rule.code: rule.plugin for rule in rules}
    kept, errors = list[Finding](), dict[InternalError, None]()
    for finding in findings:
        try:
            kept.append(assessed(finding, loaded.given))
        except Exception as error:
            text = f"its fix is none: {engine.describe(error)}"
            errors[InternalError(finding.code, plugins[finding.code], finding.cluster, text)] = None
            kept.append(finding.without_fix("the rule's fix is broken"))
    return kept, list(errors)


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
        owner = assembly.owners.get(name)
        whose = (owner.node, owner.by) if owner else ()
        notes.append(FileNote(name, "sysconfig", status, file.cluster, unfit or undetermined.get(name), *whose))
    notes += [FileNote(name, "other", "skipped", None, reason) for name, reason in loaded.skipped]
    return sorted(notes)
