"""What a user accepts: directives in comments and in the configuration, which findings they silence, and what became of them.

A directive in a comment reads ``cibcheck: ignore[CODE, …] - reason``; ``ignore-file`` at a file's top is about the whole file. A dash or a
colon parts the reason, since two dashes cannot stand in an XML comment. A directive that says nothing that can be understood is a
fact for a rule to report: it never just does nothing.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Protocol

from cibcheck.documents.source import Place
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from cibcheck.api import Rule
    from cibcheck.documents.comments import Comment
    from cibcheck.documents.source import Document
    from cibcheck.findings.finding import Finding

# What is said to cibcheck, be it with a mistake: at the start of a comment anything behind "cibcheck:", further on the verb.
_ADDRESSED = re.compile(r"\A\s*cibcheck\s*:|cibcheck\W{0,9}ignore", re.IGNORECASE)
_VERB = re.compile(r"\s*cibcheck\s*:\s*(?P<verb>[^\s\[]*)\s*")
_WORDS = re.compile(r"\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]")
_WORD = re.compile(r"(?:[^,\[\]]|\[[^\[\]]*\])+")
_REASON = re.compile(r"\s*(?:\Z|(?:-+|—|:)\s*(?P<reason>.*\S)?\s*\Z)", re.DOTALL)

VERBS = ("ignore", "ignore-file")


class Meaning(Protocol):
    """What a word for rules means."""

    def fits(self, rule: Rule, key: str | None) -> bool:
        """Whether it means findings of the rule that have the key."""
        ...

    def fits_some_key(self, rule: Rule) -> bool:
        """Whether it means findings of the rule, with whatever key."""
        ...

    key: str | None


class Vocabulary(Protocol):
    """The words for rules."""

    def meaning(self, word: str) -> Meaning | None:
        """What a word means; None where it means nothing."""
        ...

    def nearest(self, word: str) -> str | None:
        """The word that was probably meant."""
        ...


class Word(NamedTuple):
    """A word for rules in a directive."""

    text: str
    place: Place
    meaning: Meaning


class Directive:
    """What somebody accepts: findings that one of the words means, within a scope."""

    def __init__(
        self,
        place: Place,
        words: Sequence[Word],
        reason: str | None,
        *,
        ids: Sequence[str] | None = None,
        cluster: str | None = None,
    ) -> None:
        self.place = place
        """The whole comment, or the table of the configuration."""
        self.words = words
        self.reason = reason
        self.ids = ids
        """Of the elements, patterns allowed, for a directive of the configuration; a comment's scope is where it stands."""
        self.cluster = cluster
        self.used: set[Word] = set()
        self.forbidden: dict[Word, str] = {}
        """The words that would have silenced a rule that nothing may silence, with its code."""

    @property
    def is_comment(self) -> bool:
        """Whether it stands in a comment, rather than in the configuration."""
        return self.ids is None


class Unused(NamedTuple):
    """A directive, some words of which silence nothing. ``remaining`` is the comment's text without them, None where nothing remains."""

    place: Place
    words: Sequence[str]
    is_comment: bool
    remaining: str | None


class Defect(NamedTuple):
    """A comment that speaks to cibcheck and is not understood, or a part of it; ``nearest`` is what may have been meant."""

    place: Place
    kind: str
    """``verb``, ``no-rules``, ``unknown-rule``, ``syntax``, ``several``, ``nothing-follows`` or ``not-on-top``."""
    word: str = ""
    nearest: str | None = None


class Forbidden(NamedTuple):
    """A word of a directive that is about a rule which nothing may silence."""

    place: Place
    word: str
    code: str


class Directives(NamedTuple):
    """What became of the directives in one file."""

    unused: Sequence[Unused]
    defects: Sequence[Defect]
    forbidden: Sequence[Forbidden]
    unexplained: Sequence[Place]
    """Those that give no reason."""


class Suppressions:
    """The directives of a run. What those of one scope say of one rule and key is worked out once, however many findings ask."""

    def __init__(
        self,
        documents: Iterable[Document],
        configured: Sequence[Directive],
        vocabulary: Vocabulary,
        is_forbidden: Callable[[Rule, str | None], bool],
    ) -> None:
        self._is_forbidden = is_forbidden
        self._by_id: dict[str, list[Directive]] = {}
        self._by_pattern: list[tuple[str, Directive]] = []
        self._at: dict[tuple[Any, ...], list[Directive]] = {}
        self._said: dict[Hashable, Directive | None] = {}
        self.by_document: dict[Document, tuple[list[Directive], list[Defect]]] = {}
        """The directives of the files that speak to cibcheck at all, and what was not understood there."""
        for document in documents:
            for comment in document.comments:
                directives, defects = self.by_document.setdefault(document, ([], []))
                if found := _read(document, comment, vocabulary, defects):
                    directive, subject = found
                    directives.append(directive)
                    self._at.setdefault((document, subject), []).append(directive)
        for one in configured:
            self.by_document.setdefault(one.place.document, ([], []))[0].append(one)
            for name in one.ids or ():
                if _PATTERN.search(name):
                    self._by_pattern.append((name, one))
                else:
                    self._by_id.setdefault(name, []).append(one)

    def silences(self, finding: Finding, rule: Rule) -> Directive | None:
        """The directive that silences a finding, at its place or a related one; all that do count as used."""
        places = dict.fromkeys((finding.problem.place, *(note.place for note in finding.problem.related)))
        scopes = [scope for place in places for scope in self._scopes(place, finding.cluster)]
        said = [self._says(scope, rule, finding.problem.key) for scope in scopes]
        return next((directive for directive in said if directive is not None), None)

    def _scopes(self, place: Place, cluster: str | None) -> Iterator[tuple[Any, ...]]:
        """All that a directive about the place can be about."""
        for subject, name in place.document.enclosing(place):
            if (place.document, subject) in self._at:
                yield place.document, subject
            if name is not None and (name in self._by_id or self._by_pattern):
                yield "id", name, cluster
        if (place.document, _FILE) in self._at:
            yield place.document, _FILE

    def _says(self, scope: tuple[Any, ...], rule: Rule, key: str | None) -> Directive | None:
        asked = (scope, rule.code, key)
        if asked not in self._said:
            self._said[asked] = self._ask(scope, rule, key)
        return self._said[asked]

    def _ask(self, scope: tuple[Any, ...], rule: Rule, key: str | None) -> Directive | None:
        first = None
        for directive in self._directives(scope):
            for word in directive.words:
                if word.meaning.fits(rule, key):
                    directive.used.add(word)
                    if self._is_forbidden(rule, key):
                        directive.forbidden[word] = rule.code
                    else:
                        first = first or directive
        return first

    def _directives(self, scope: tuple[Any, ...]) -> Sequence[Directive]:
        if len(scope) == 2:
            return self._at[scope]
        _, name, cluster = scope
        if ("id", name) not in self._at:  # patterns are tried once for each id
            fitting = [one for pattern, one in self._by_pattern if fnmatchcase(name, pattern)]
            self._at["id", name] = [*self._by_id.get(name, ()), *fitting]
        return [one for one in self._at["id", name] if one.cluster in (None, cluster)]

    def facts(self, document: Document, was_judged: Callable[[Word, Directive], bool]) -> Directives:
        """What became of a file's directives, after all findings were asked about. ``was_judged``: whether the run would have found what
        the word means, were it there."""
        directives, defects = self.by_document[document]
        unused = [
            _unused(directive, idle)
            for directive in directives
            if (idle := [word for word in directive.words if word not in directive.used and was_judged(word, directive)])
        ]
        forbidden = [
            Forbidden(word.place, word.text, code) for directive in directives for word, code in directive.forbidden.items()
        ]
        return Directives(unused, defects, forbidden, [directive.place for directive in directives if directive.reason is None])


_PATTERN = re.compile(r"[*?\[]")

_FILE = "file"
"""What a directive about a whole file stands at, in place of an element or a statement."""


def _read(
    document: Document, comment: Comment, vocabulary: Vocabulary, defects: list[Defect]
) -> tuple[Directive, Hashable] | None:
    """The directive of a comment and what it is about; None where there is none. What is not understood goes to the defects."""
    if not (addressed := _ADDRESSED.search(comment.text)):
        return None

    def defect(kind: str, start: int, end: int, word: str = "", nearest: str | None = None) -> None:
        defects.append(Defect(Place(document, comment.part(start, end)), kind, word, nearest))

    text, whole = comment.text, (len(comment.text) - len(comment.text.lstrip()), len(comment.text.rstrip()))
    head = _VERB.match(text)
    if head is None:
        defect("syntax", *addressed.span())
        return None
    if head["verb"] not in VERBS:
        defect("verb", *head.span("verb"), head["verb"], _nearest_verb(head["verb"]))
        return None
    listed = _WORDS.match(text, head.end())
    if listed is None or not listed["words"].strip(" \t\r\n,"):
        defect("no-rules", *head.span("verb"), head["verb"])
        return None
    if again := _ADDRESSED.search(text, listed.end()):
        defect("several", *again.span())
        return None
    reason = _REASON.match(text, listed.end())
    if reason is None:
        defect("syntax", listed.end(), whole[1])
        return None
    is_for_file = head["verb"] == "ignore-file"
    if is_for_file and not comment.is_on_top:
        defect("not-on-top", *whole)
        return None
    if not is_for_file and comment.subject is None:
        defect("nothing-follows", *whole)
        return None
    words: list[Word] = []
    for match in _WORD.finditer(listed["words"]):
        word = match[0].strip()
        if not word:
            continue
        start = listed.start("words") + match.start() + match[0].find(word)
        meaning = vocabulary.meaning(word) if word != "ALL" else None
        if meaning is None:
            defect("unknown-rule", start, start + len(word), word, vocabulary.nearest(word))
        else:
            words.append(Word(word, Place(document, comment.part(start, start + len(word))), meaning))
    directive = Directive(Place(document, comment), words, reason["reason"])
    return directive, _FILE if is_for_file else comment.subject


def _nearest_verb(verb: str) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(verb.lower(), VERBS, 1)), None)


def _unused(directive: Directive, idle: Sequence[Word]) -> Unused:
    remaining = None
    if directive.is_comment and len(idle) < len(directive.words):
        comment: Comment = directive.place.node
        gone = set(idle)
        kept = ", ".join(word.text for word in directive.words if word not in gone)
        remaining = _WORDS.sub(lambda _match: f"[{kept}]", comment.text, count=1)
    return Unused(directive.place, [word.text for word in idle], directive.is_comment, remaining)
