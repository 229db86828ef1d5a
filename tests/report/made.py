"""Reports made by hand, for what no rule says yet, and should be told all the same."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cibcheck.documents.cib import CibDocument, read_cib
from cibcheck.documents.edits import CannotEdit, Edit, Remove, Replacement
from cibcheck.documents.source import Place
from cibcheck.findings.finding import Finding, Fix, Note, Problem, Severity
from cibcheck.report import FileNote, Report, RuleNote, RulePage, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

CIB = """<cib><configuration><crm_config/><nodes/><resources>
  <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
  <primitive id="b" class="ocf" provider="pacemaker" type="Dummy"/>
</resources><constraints/></configuration></cib>
"""
RULE = RuleNote(
    "TST101",
    "test-rule",
    Severity.ERROR,
    ("test", "names"),
    lambda: RulePage("A mistake.", "What Pacemaker does about it.", "# TST101 test-rule\n\nA mistake.\n"),
)
OTHER_RULE = RULE._replace(code="TST102", name="other-rule", severity=Severity.INFO, tags=())


class EditableCib(CibDocument):
    """A CIB that answers every edit with what it was given, or says that it cannot."""

    answer: Sequence[Replacement] | None = None

    def replacements(self, edit: Edit) -> Sequence[Replacement]:
        if self.answer is None:
            raise CannotEdit(edit)
        return self.answer


def document(text: str | bytes = CIB, name: str = "cib.xml", answer: Sequence[Replacement] | None = None) -> EditableCib:
    data = text if isinstance(text, bytes) else text.encode()
    made = EditableCib(name, data, read_cib(name, data).root)
    made.answer = answer
    return made


def place(of: CibDocument, element_id: str = "a", part: str | None = "id") -> Place:
    (element,) = of.root.iterfind(f".//*[@id='{element_id}']")
    return Place(of, element, part)


def finding(
    message: str = "it is wrong",
    *,
    at: Place | None = None,
    code: str = "TST101",
    severity: Severity = Severity.ERROR,
    related: Sequence[tuple[Place, str]] = (),
    **texts: Any,
) -> Finding:
    notes = tuple(Note(*one) for one in related)
    problem = Problem(at or place(document()), message, related=notes, **texts)
    return Finding(code, "test-rule", severity, problem, problem.place.document.name)


def fix(at: Place, title: str = "mend it", *, is_safe: bool = True) -> Fix:
    return Fix(title, (Remove(at),), is_safe)


def report(*findings: Finding, rules: Sequence[RuleNote] = (RULE, OTHER_RULE), **more: Any) -> Report:
    names = dict.fromkeys(one.problem.place.document.name for one in findings)
    parts: dict[str, Any] = {
        "elsewhere": 0,
        "not_evaluated": [],
        "internal_errors": [],
        "files": [FileNote(name, "cib", "checked", name) for name in names] or [FileNote("cib.xml", "cib", "checked", "cib.xml")],
        "clusters": 1,
        "rules": rules,
    }
    return Report(findings, **(parts | more))


def rendered(name: str, what: Report, style: Style | None = None) -> str:
    """A report in a format, as a file holds it."""
    module = import_module(f"cibcheck.report.{name.replace('-', '_')}")
    return "".join(f"{line}\n" for line in module.render(what, style or Style()))
