"""All that a rule's author imports.

A rule is a generator over the model::

    @rule("REM101", "guest-name-is-resource-id", severity=ERROR)
    def guest_name_is_resource_id(cib: Cib) -> Findings:
        for guest in cib.guest_nodes:
            if clash := cib.resources.get(guest.name):
                yield problem(guest.name_place, f"…", consequence="…", help="…", related=[(clash.id_place, "the resource")])

Its positional parameters are what it needs, supplied by type: `Cib`, `Cluster`, `Judgement` (what the grammar says of the CIB),
`Agents` (what is known of its agents) and `Target` for a rule about clusters; `Sysconfig` for a rule about one node file, `Unreadable`
for one about a file that could not be parsed, `Directives` for one about what users suppress. Keyword-only parameters with defaults are
its options. Its docstring is its documentation page, and the page's examples are its tests.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lxml.etree import _Element as Element

from cibcheck.documents.cib import UnreadableDocument as Unreadable
from cibcheck.documents.cib import xpath_error
from cibcheck.documents.edits import Edit, Insert, NewElement, Remove, RemoveComment, Rename, SetComment, SetValue, Tidy
from cibcheck.documents.source import Place
from cibcheck.findings.finding import Fix, Note, Problem, Severity
from cibcheck.model import values
from cibcheck.model.attributes import Setting, WrittenPair
from cibcheck.model.cib import Cib
from cibcheck.model.cluster import Cluster, Environment
from cibcheck.model.company import mandatory_pairs, scattered
from cibcheck.model.conditions import RuleUse
from cibcheck.model.constraints import Colocation, Constraint, Level, Location, Order, Reference, Tag, Ticket
from cibcheck.model.fencing import FenceDevice, FencingLevel
from cibcheck.model.ledger import Gap
from cibcheck.model.nodes import GuestNode, NodeEntry, RemoteNode, configured_port
from cibcheck.model.options import Option, Word, happened, options
from cibcheck.model.parameters import Parameter
from cibcheck.model.placement import Candidate
from cibcheck.model.resources import Agent, Bundle, Clone, Group, Operation, Primitive, Resource, Template
from cibcheck.model.written import WrittenPairs
from cibcheck.records import NamedTuple
from cibcheck.spelling import Lookalikes, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from cibcheck.agents.facts import Action, AgentFacts
    from cibcheck.agents.known import Agents
    from cibcheck.documents.sysconfig import Assignment, Oddity
    from cibcheck.documents.sysconfig import SysconfigDocument as Sysconfig
    from cibcheck.findings.suppressions import Directives
    from cibcheck.grammar.judgement import Judgement
    from cibcheck.grammar.violation import Violation


API_VERSION = 1
"""The version of this interface. A plugin may say ``CIBCHECK_API = 1``, and is refused where the two differ; what is only added to the
interface does not change the number."""

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

Findings: TypeAlias = "Iterator[Problem]"
"""What a rule returns."""


def __getattr__(name: str) -> Any:
    """The types of node files, of the grammar and of directives; a run without them does not load what reads them."""
    if name not in _LAZY:
        raise AttributeError(name)
    from importlib import import_module

    module, _, own_name = _LAZY[name].rpartition(".")
    return getattr(import_module(module), own_name)


_LAZY = {
    "Action": "cibcheck.agents.facts.Action",
    "AgentFacts": "cibcheck.agents.facts.AgentFacts",
    "Agents": "cibcheck.agents.known.Agents",
    "Assignment": "cibcheck.documents.sysconfig.Assignment",
    "Directives": "cibcheck.findings.suppressions.Directives",
    "Judgement": "cibcheck.grammar.judgement.Judgement",
    "Oddity": "cibcheck.documents.sysconfig.Oddity",
    "Sysconfig": "cibcheck.documents.sysconfig.SysconfigDocument",
    "Violation": "cibcheck.grammar.violation.Violation",
}


class Target(NamedTuple):
    """The Pacemaker release lines that the configuration is meant for: "2.1", "3.0" or both."""

    lines: frozenset[str]

    def includes(self, line: str) -> bool:
        """Whether the configuration may meet that line."""
        return line in self.lines


Fixes: TypeAlias = 'Literal["safe", "unsafe", "sometimes"]'
"""Which findings of a rule bring a fix: every one a safe one, every one an unsafe one, or some of them either."""


class Rule:
    """A rule, as `rule` makes it from a function. Calling it calls the function."""

    def __init__(
        self,
        function: Callable[..., Findings],
        code: str,
        name: str,
        severity: Severity,
        tags: tuple[str, ...],
        *,
        is_default: bool,
        pacemaker: str | None,
        elsewhere: Severity | None,
        fix: Fixes | None,
    ) -> None:
        self.function = function
        self.code = code
        self.name = name
        self.severity = severity
        self.tags = tags
        self.is_default = is_default
        self.pacemaker = pacemaker
        """The only release line in which this is a mistake of its severity; None where it is one in all."""
        self.elsewhere = elsewhere
        """Its severity in the other lines; None where it is no mistake there."""
        self.fix = fix
        self.plugin = function.__module__.partition(".")[0]
        """Who brings it: the package, until cibcheck knows the distribution or the file."""
        self.needs = _needs(function)
        """The names of the types of its positional parameters."""
        self.__doc__ = function.__doc__

    def __repr__(self) -> str:
        return f"<rule {self.code} {self.name}>"

    def __call__(self, *needs: Any, **options: Any) -> Findings:
        return self.function(*needs, **options)

    def severity_for(self, target: Target) -> Severity | None:
        """How bad it is for the release lines of a run; None where it is no mistake in any. An error holds in all of them."""
        if self.pacemaker is None or target.lines == {self.pacemaker}:
            return self.severity
        if self.pacemaker in target.lines:
            return min(self.severity, Severity.WARNING)
        return self.elsewhere

    @property
    def options(self) -> Mapping[str, Any]:
        """Its options and their defaults."""
        return self.function.__kwdefaults__ or {}


_SUPPLIED = tuple(
    {*types, "Target"} for types in (("Cib", "Cluster", "Judgement", "Agents"), ("Sysconfig",), ("Unreadable",), ("Directives",))
)
"""What a rule can need together, by the name of the type."""


@cache
def _are_supplied(needs: tuple[str, ...]) -> bool:
    return any(one.issuperset(needs) for one in _SUPPLIED)


def _needs(function: Callable[..., Findings]) -> tuple[str, ...]:
    code, notes = function.__code__, function.__annotations__
    return tuple([_type_name(notes.get(name)) for name in code.co_varnames[: code.co_argcount]])


def _type_name(annotation: object) -> str:
    """The name by which this module offers a type; without the future import an annotation is the class itself."""
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "").removesuffix("Document")


def rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    tags: Iterable[str] = (),
    default: bool = True,
    pacemaker: str | None = None,
    elsewhere: Severity | None = None,
    fix: Fixes | None = None,
) -> Callable[[Callable[..., Findings]], Rule]:
    """Make a rule of a generator function.

    ``code`` is family letters and three digits, never used again for another mistake; ``name`` is kebab-case. ``default=False``: it
    runs only when selected. ``pacemaker="2.1"``: it is a mistake in that release line only, so the rule is silent for others, or of
    the severity ``elsewhere`` there. ``fix`` says which of its findings
    bring a fix.

    Raises:
        TypeError: the function needs what nothing supplies, or not together, so that the rule would never run.
    """

    def decorate(function: Callable[..., Findings]) -> Rule:
        made = Rule(
            function,
            code,
            name,
            severity,
            tuple(tags),
            is_default=default,
            pacemaker=pacemaker,
            elsewhere=elsewhere,
            fix=fix,
        )
        if not _are_supplied(made.needs):
            raise TypeError(f"rule {code}: nothing supplies {' and '.join(map(repr, made.needs))}")
        return made

    return decorate


def rules_in(*modules: ModuleType) -> list[Rule]:
    """The rules that modules define: what a plugin's ``cibcheck_rules`` hook returns."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Rule)]


def problem(
    place: Place,
    message: str,
    *,
    label: str | None = None,
    consequence: str | None = None,
    help: str | None = None,  # noqa: A002 - the word that users see
    related: Iterable[tuple[Place, str]] = (),
    key: str | None = None,
    affects: Iterable[str] = (),
    fix: Fix | None = None,
    at_most: Severity | None = None,
) -> Problem:
    """One mistake: what is, at which place; what follows; what to do; the other places that belong to it.

    ``at_most`` lowers the severity, where the rule's does not hold for this one.
    """
    notes = tuple(Note(*one) for one in related)
    return Problem(place, message, label, consequence, help, notes, key, tuple(affects), fix, at_most)


def safe_fix(title: str, *edits: Edit) -> Fix:
    """A fix after which the cluster does the same as before or, of a file that it refuses, the only thing that the file can mean.

    The edits go to the origin of what is wrong. Where that has several users (a template, a set of defaults), no fix is safe.
    """
    return Fix(title, edits, is_safe=True)


def unsafe_fix(title: str, *edits: Edit) -> Fix:
    """A fix that may change what the cluster does, be it to what was meant; ``--unsafe-fixes`` asks for it."""
    return Fix(title, edits, is_safe=False)


@cache
def table(name: str) -> Mapping[str, Any]:
    """A table of the package ``cibcheck_schemas``, by file name."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files("cibcheck_schemas").joinpath(name).read_text("utf-8"))


def quoted(names: Iterable[str]) -> str:
    """Names as a message lists them: sorted, quoted, the rest counted where there are many."""
    ordered = sorted(dict.fromkeys(names))
    shown = ", ".join(repr(name) for name in ordered[:_MOST_SHOWN])
    return f"{shown} and {len(ordered) - _MOST_SHOWN} more" if len(ordered) > _MOST_SHOWN else shown


_MOST_SHOWN = 6

__all__ = [
    "API_VERSION",
    "ERROR",
    "INFO",
    "WARNING",
    "Action",
    "Agent",
    "AgentFacts",
    "Agents",
    "Assignment",
    "Bundle",
    "Candidate",
    "Cib",
    "Clone",
    "Cluster",
    "Colocation",
    "Constraint",
    "Directives",
    "Edit",
    "Element",
    "Environment",
    "FenceDevice",
    "FencingLevel",
    "Findings",
    "Fix",
    "Gap",
    "Group",
    "GuestNode",
    "Insert",
    "Judgement",
    "Level",
    "Location",
    "Lookalikes",
    "NewElement",
    "NodeEntry",
    "Oddity",
    "Operation",
    "Option",
    "Order",
    "Parameter",
    "Place",
    "Primitive",
    "Problem",
    "Reference",
    "RemoteNode",
    "Remove",
    "RemoveComment",
    "Rename",
    "Resource",
    "Rule",
    "RuleUse",
    "SetComment",
    "SetValue",
    "Setting",
    "Severity",
    "Sysconfig",
    "Tag",
    "Target",
    "Template",
    "Ticket",
    "Tidy",
    "Unreadable",
    "Violation",
    "Word",
    "WrittenPair",
    "WrittenPairs",
    "configured_port",
    "happened",
    "mandatory_pairs",
    "nearest",
    "options",
    "problem",
    "quoted",
    "rule",
    "rules_in",
    "safe_fix",
    "scattered",
    "table",
    "unsafe_fix",
    "values",
    "xpath_error",
]
