"""XPath 1.0 from a configuration: checked before any file is read, and harmless when evaluated on a hostile one.

Expressions call the functions of XPath 1.0 and ``re:test(text, 'pattern')``; there are none that open files. The pattern is written
out, so that it is checked with the rest; patterns that a text can make explode are refused, and texts have a limit, so that no value in
a CIB makes a search endless.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from cibcheck.config import did_you_mean
from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REGEXPS = "http://exslt.org/regular-expressions"
MOST_CHARACTERS = 256
"""The longest text that a pattern is tried on."""

_FUNCTIONS = frozenset(
    (
        *("last", "position", "count", "id", "local-name", "namespace-uri", "name"),
        *("string", "concat", "starts-with", "contains", "substring-before", "substring-after", "substring"),
        *("string-length", "normalize-space", "translate", "boolean", "not", "true", "false", "lang"),
        *("number", "sum", "floor", "ceiling", "round", "re:test"),
    )
)
_NODE_TESTS = frozenset(("comment", "node", "processing-instruction", "text"))
_TOKEN = re.compile(r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)|(?P<other>\S))""")


class ExpressionError(Exception):
    """An expression that cannot be used; ``at`` is the index of the character."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"at character {at + 1}: {reason}")


class TooLong(Exception):
    """A text in a CIB is too long for a pattern."""


class Expression:
    """An expression that selects elements.

    Raises:
        ExpressionError: it is not XPath 1.0, calls a function that there is not, or selects something other than elements.
    """

    def __init__(self, text: str) -> None:
        try:
            self._xpath = etree.XPath(
                text,
                namespaces={"re": REGEXPS},
                extensions={(REGEXPS, "test"): _test},
                regexp=False,
                smart_strings=False,
            )
        except etree.XPathSyntaxError as error:
            at = max((entry.column for entry in error.error_log), default=0)
            raise ExpressionError(str(error).lower(), at) from None
        tokens = list(_tokens(text))
        _check_calls(tokens)
        if not isinstance(self._xpath(etree.Element("cib")), list):
            raise ExpressionError("it must select elements", 0)

    def elements(self, root: etree._Element) -> Sequence[etree._Element]:
        """The elements that it selects, in the order of the document.

        Raises:
            TooLong: a text is too long for a pattern.
            TypeError: it selects attributes, text or comments.
        """
        found: list[Any] = self._xpath(root)
        for one in found:
            if not etree.iselement(one) or not isinstance(one.tag, str):
                raise TypeError("its xpath selects something that is no element")
        return found


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind))


def _check_calls(tokens: Sequence[_Token]) -> None:
    for number, token in enumerate(tokens):
        if token.text == "$" and token.kind == "other":
            raise ExpressionError("there are no variables", token.at)
        is_call = token.kind == "name" and tokens[number + 1 : number + 2] and tokens[number + 1].text == "("
        if not is_call or token.text in _NODE_TESTS or _is_operator(tokens, number):
            continue
        if token.text not in _FUNCTIONS:
            raise ExpressionError(f"there is no function {token.text!r}{did_you_mean(token.text, _FUNCTIONS)}", token.at)
        if token.text == "re:test":
            _check_test(tokens, number)


def _is_operator(tokens: Sequence[_Token], number: int) -> bool:
    """Whether a name is an operator, which a parenthesis may follow: it is where something stands before it to operate on."""
    if tokens[number].text not in ("and", "or", "div", "mod") or number == 0:
        return False
    before = tokens[number - 1]
    return before.kind in ("text", "name") or before.text in ")].*" or before.text.isdigit()


def _check_test(tokens: Sequence[_Token], number: int) -> None:
    """Check that the second and last argument of ``re:test`` is a pattern, written out."""
    depth = 0
    for at in range(number + 1, len(tokens)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(tokens[at].text, 0)
        if depth == 1 and tokens[at].text == ",":
            pattern, after = tokens[at + 1], tokens[at + 2]
            if pattern.kind != "text" or after.text != ")":
                break
            check_pattern(pattern.text[1:-1], pattern.at + 1)
            return
    raise ExpressionError("write re:test(text, 'pattern'), with the pattern in quotes", tokens[number].at)


_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|(?P<open>\()(?P<kind>\?(?:P<\w+>|<?[=!]|[:>]|i:)|)(?P<odd>\?)?|(?P<close>\))"
    r"|(?P<either>\|)|(?P<repeat>[*+?]|\{[\d,]+\})(?P<how>[+?]?)|.",
    re.DOTALL,
)


def check_pattern(pattern: str, at: int = 0) -> None:
    """Check that a regular expression is one, and that no text makes its search explode. ``at`` is its index in the expression.

    A search explodes where a group is repeated that can match one text in several ways, and the search comes back to try them all.

    Raises:
        ExpressionError: it is none, repeats a group that holds a choice and can come back to it, or has groups of a rare kind.
    """
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError(f"in the pattern: {error}", at + (getattr(error, "pos", 0) or 0)) from None
    groups: list[_Group] = [_Group()]
    closed: _Group | None = None
    for piece in _PIECE.finditer(pattern):
        here = at + piece.start()
        if piece["odd"] or re.fullmatch(r"\\[1-9]", piece[0]):
            raise ExpressionError("in the pattern: only plain groups and (?:…), (?>…), (?=…), (?<=…), (?i:…) can be used", here)
        if piece["open"]:
            groups.append(_Group(is_atomic=piece["kind"] == "?>"))
        elif piece["close"]:
            closed = groups.pop()
            groups[-1].has_choice |= closed.has_choice and not closed.is_atomic
            continue
        elif piece["either"]:
            groups[-1].has_choice = True
        elif piece["repeat"] and piece["how"] != "+":
            if piece["repeat"] != "?" and closed and closed.has_choice and not closed.is_atomic:
                better = f"write {piece['repeat']}+, which never comes back to try otherwise"
                raise ExpressionError(f"in the pattern: to repeat a group with choices in it can be endless; {better}", here)
            groups[-1].has_choice = True
        closed = None


class _Group:
    """A group of a pattern: whether the search can come back into it, and has something to try there."""

    def __init__(self, *, is_atomic: bool = False) -> None:
        self.is_atomic = is_atomic
        self.has_choice = False


def _test(_context: object, value: object, pattern: str) -> bool:
    texts = [value] if not isinstance(value, list) else [_string(value[0])] if value else [""]
    text = str(texts[0])
    if len(text) > MOST_CHARACTERS:
        raise TooLong(f"a value is longer than the {MOST_CHARACTERS} characters that a pattern is tried on")
    return re.search(pattern, text) is not None


def _string(node: object) -> str:
    return "".join(node.itertext()) if isinstance(node, etree._Element) else str(node)
