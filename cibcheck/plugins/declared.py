"""Rules that are written in the configuration, as ``[[rule]]``: an XPath for what is wrong, and the words for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cibcheck.api import Cib, Findings, Gap, problem, rule
from cibcheck.config import SEVERITIES, did_you_mean, shown
from cibcheck.documents.cib import SECTIONS
from cibcheck.documents.source import Place, secrets_in
from cibcheck.model.ledger import Unknown
from cibcheck.plugins.source import PluginError, Source, check_names
from cibcheck.plugins.xpath import Expression, ExpressionError, TooLong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cibcheck.api import Element, Rule
    from cibcheck.config import Settings

_REQUIRED = ("code", "name", "message", "xpath")
_KEYS = (
    *_REQUIRED,
    "severity",
    "summary",
    "attribute",
    "consequence",
    "help",
    "tags",
    "default",
    "sections",
    "examples",
    "references",
)
_SECTIONS = ("crm_config", "nodes", "resources", "constraints")
"""What a rule is taken to look at unless it says so: all that a CIB must have."""


def declared(settings: Settings) -> Source:
    """The rules of a configuration, as a source; the first one that is wrong makes its error."""
    source = Source("declared", shown(settings.file) if settings.file else "configuration")
    rules: list[Rule] = []
    for number, entry in enumerate(settings.own_rules, 1):
        called = entry.get("code") or entry.get("name") or number
        try:
            rules.append(_Declaration(entry).rule())
        except PluginError as error:
            return source._replace(error=f"{source.name}: [[rule]] {called}: {error}")
    return source._replace(rules=rules)


class _Declaration:
    """One ``[[rule]]``.

    Raises:
        PluginError: something in it is missing, unknown or of a wrong type, or cannot be understood.
    """

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._entry = entry
        for key in entry:
            if key not in _KEYS:
                raise PluginError(f"unknown key {key!r}{did_you_mean(key, _KEYS)}")
        for key in _REQUIRED:
            if key not in entry:
                raise PluginError(f"{key} is missing")
        self.code, self.name = self._text("code"), self._text("name")
        self.severity = self._text("severity") or "warning"
        if self.severity not in SEVERITIES:
            raise PluginError(f"severity must be one of {', '.join(map(repr, SEVERITIES))}")
        self.sections = self._texts(entry, "sections") or _SECTIONS
        for section in self.sections:
            if section not in SECTIONS:
                raise PluginError(f"sections: a CIB has no section {section!r}{did_you_mean(section, SECTIONS)}")
        try:
            self.expression = Expression(self._text("xpath"))
        except ExpressionError as error:
            raise PluginError(f"xpath: {error}") from None
        self.attribute = self._text("attribute") or None
        self.message, self.consequence, self.help = (_Words(key, self._text(key)) for key in ("message", "consequence", "help"))
        self.is_default = entry.get("default", True)
        if not isinstance(self.is_default, bool):
            raise PluginError("default must be true or false")

    def _text(self, key: str) -> str:
        value = self._entry.get(key, "")
        if not isinstance(value, str) or (key in self._entry and not value.strip()):
            raise PluginError(f"{key} must be a text")
        return value.strip()

    @staticmethod
    def _texts(table: Mapping[str, Any], key: str) -> Sequence[str]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise PluginError(f"{key} must be a list of texts")
        return value

    def rule(self) -> Rule:
        """The rule, which differs in nothing from one that is written in Python."""

        def find(cib: Cib) -> Findings:
            yield from self._findings(cib)

        find.__doc__ = self._page()
        made = rule(
            self.code,
            self.name,
            severity=SEVERITIES[self.severity],
            tags=self._texts(self._entry, "tags"),
            default=self.is_default,
        )(find)
        check_names(made)
        return made

    def _findings(self, cib: Cib) -> Findings:
        for section in self.sections:
            cib.section(section)  # what the file does not hold is unknown, and then the rule cannot tell
        try:
            elements = self.expression.elements(cib.document.root)
        except TooLong as error:
            raise Unknown(Gap(str(error))) from None
        for element in elements:
            if next(element.iterancestors("status"), None) is None:  # that part is the cluster's, not the user's
                is_there = self.attribute is not None and self.attribute in element.attrib
                yield problem(
                    Place(cib.document, element, self.attribute if is_there else None),
                    self.message.about(element),
                    consequence=self.consequence.about(element) or None,
                    help=self.help.about(element) or None,
                )

    def _page(self) -> str:
        """The docstring that a Python rule would have."""
        summary = self._text("summary") or f"{self.message.outline.rstrip('.')}."
        parts = [summary[0].upper() + summary[1:], self.consequence.outline, self.help.outline]
        parts.append(f"It is found by XPath:\n\n```xpath\n{self._text('xpath')}\n```")
        examples = self._entry.get("examples", {})
        if not isinstance(examples, dict) or not examples.keys() <= {"bad", "good"}:
            raise PluginError("examples has the lists bad and good")
        for kind in ("bad", "good"):
            if texts := self._texts(examples, kind):
                # Prose between two fences makes them two examples, not two files of one.
                fences = (f"{kind} {number}\n\n```xml\n{text.strip()}\n```" for number, text in enumerate(texts, 1))
                parts.append("\n\n".join((f"{kind.capitalize()}:", *fences)))
        if references := self._texts(self._entry, "references"):
            parts.append("\n".join(("References:", *(f"- {reference}" for reference in references))))
        return "\n\n".join(part for part in parts if part)


_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(?P<up>(?:\.\./)*)@(?P<name>[\w.:-]+)\}|(?P<odd>[{}])")


class _Words:
    """A text with placeholders: ``{@id}`` is an attribute of the element, ``{../@id}`` one of its parent; ``{{`` is a brace.

    Raises:
        PluginError: there is a brace that is neither.
    """

    def __init__(self, key: str, text: str) -> None:
        self._text = text
        for match in _PLACEHOLDER.finditer(text):
            if match["odd"]:
                raise PluginError(
                    f"{key}: at character {match.start() + 1}: write {{@name}} for an attribute of the element, "
                    "{../@name} for one of its parent, {{ and }} for braces"
                )

    @property
    def outline(self) -> str:
        """The text with dots for what differs from element to element."""
        return _PLACEHOLDER.sub(lambda match: match[0][0] if match["name"] is None else "…", self._text)

    def about(self, element: Element) -> str:
        """The text for one element. What is not there is said to be so, and a secret is not shown."""
        return _PLACEHOLDER.sub(lambda match: match[0][0] if match["name"] is None else _value(element, match), self._text)


def _value(element: Element, match: re.Match[str]) -> str:
    holder: Element | None = element
    for _ in range(match["up"].count("/")):
        holder = None if holder is None else holder.getparent()
    value = None if holder is None else holder.get(match["name"])
    if holder is None or value is None:
        return "(none)"
    written = f'<{holder.tag!s} name="{holder.get("name", "")}" value="x"/>'
    return "***" if match["name"] == "value" and secrets_in(written) else value
