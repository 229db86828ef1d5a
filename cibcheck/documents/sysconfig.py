"""Environment files such as /etc/sysconfig/pacemaker: what systemd reads in them, and what others would read differently.

The units of Pacemaker name the file in ``EnvironmentFile=``, so systemd's reading is the one that counts. It is not a shell's: it
knows no comment after a value, no ``export``, no ``$VARIABLE``. Where the two part, or where systemd drops a line or the whole
file without a word, the document notes an `Oddity`; rules give those words and severity. The reading was compared with systemd
252's own function; systemd.exec(5) describes it in prose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from cibcheck.documents.comments import Comment
from cibcheck.documents.source import NAME, Source
from cibcheck.records import NamedTuple, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.documents.edits import Edit, Replacement
    from cibcheck.documents.source import Place, Span

Kind = Literal[
    # systemd drops the whole file
    "invalid-utf8",
    "nul-byte",
    "utf-16",
    # systemd drops a line, or takes it for something else
    "byte-order-mark",
    "merge-conflict",
    "exported",
    "appended",
    "invalid-name",
    "not-an-assignment",
    "swallowed-assignment",
    "unterminated-quote",
    "comment-continuation",
    # part of the value, though hardly meant to be
    "carriage-return-in-value",
    "lookalike",
    # a shell reads something else
    "array",
    "blank-around-equals",
    "carriage-return",
    "command-substitution",
    "dangling-backslash",
    "expansion",
    "inner-quotes",
    "operator",
    "second-word",
    "semicolon-comment",
    "several-assignments",
    "split-quotes",
    "tilde",
    "trailing-comment",
]
"""What is odd about a stretch of the file; `Oddity.detail` says for each what its detail is."""


class Assignment(NamedTuple):
    """One assignment as systemd reads it, whether or not systemd then accepts its name.

    All numbers are indices into the text of the document's source. ``start`` and ``end`` enclose the assignment without blanks
    around it; the value's range lies within the quotes where one pair of quotes encloses all of it, and is empty for no value.
    """

    name: str
    value: str
    start: int
    end: int
    name_start: int
    name_end: int
    value_start: int
    value_end: int

    @property
    def accepted(self) -> bool:
        """Whether systemd takes the name for a variable's; it drops the assignment otherwise (systemd.exec(5), Environment=)."""
        return VARIABLE.fullmatch(self.name) is not None


class Oddity(NamedTuple):
    """A stretch of the file that systemd drops, or that another reader understands differently."""

    kind: Kind
    start: int
    end: int
    assignment: Assignment | None = None
    """The assignment it belongs to or, for a comment that ends in a backslash, the one on the line below."""
    detail: str = ""
    """The other variable's name (exported, appended, swallowed or several assignments), the line (not-an-assignment), the mark
    (unterminated-quote: the quote; lookalike: the characters), or the number of lines (carriage-return)."""


class SysconfigDocument:
    """An environment file: its assignments in file order, those that count, and everything odd about it.

    ``name`` is the name the user knows the file by. Any bytes make a document; nothing is raised.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.source = _source(data)

    @cached_property
    def unfit(self) -> str | None:
        """Why the content says nothing about a node (a template, ciphertext, a pointer), or None where it does."""
        suffix = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        if suffix in _TEMPLATE_SUFFIXES:
            return f"it is a template (.{suffix})"
        text = self.source.text
        if reason := next((reason for start, reason in _UNFIT_START if text.startswith(start)), None):
            return reason
        if reason := next((reason for pattern, reason in _UNFIT if pattern.search(text)), None):
            return reason
        # In a comment such a word explains something, as in the file that Pacemaker ships.
        if "@" in text and any(_PLACEHOLDER.search(assignment.value) for assignment in self.assignments):
            return "it is a template (@PLACEHOLDER@)"
        return None

    @cached_property
    def rejected(self) -> str | None:
        """Why systemd ignores the whole file, or None where it does not.

        With the "-" before the name that Pacemaker's units have, nothing is logged about it (systemd.exec(5)).
        """
        reasons = {
            "utf-16": "it is encoded in UTF-16",
            "nul-byte": "it contains a NUL byte",
            "invalid-utf8": "an assignment is not valid UTF-8",
        }
        return next((reasons[oddity.kind] for oddity in self.oddities if oddity.kind in reasons), None)

    @property
    def assignments(self) -> Sequence[Assignment]:
        """All assignments in file order, also those that do not count."""
        return self._read[0]

    @property
    def oddities(self) -> Sequence[Oddity]:
        """All oddities in file order."""
        return self._read[1]

    @cached_property
    def effective(self) -> dict[str, Assignment]:
        """The assignment that counts for each variable: the last one, if systemd takes the name and the file at all."""
        return {} if self.rejected else {assignment.name: assignment for assignment in self.assignments if assignment.accepted}

    def odd(self, *kinds: Kind) -> Iterator[Oddity]:
        """The oddities of the given kinds, in file order."""
        return (oddity for oddity in self.oddities if oddity.kind in kinds)

    def commented(self, name: str) -> Iterator[Assignment]:
        """The assignments of a variable that stand in comments, one to a line, so that nothing reads them."""
        for match in re.finditer(_COMMENTED.format(re.escape(name)), self.source.text, re.MULTILINE):
            yield Assignment(name, match["value"], *match.span(), *match.span("name"), *match.span("value"))

    def named(self, name: str) -> Sequence[Assignment]:
        """All assignments of a variable, in file order."""
        return self._by_name.get(name, ())

    @cached_property
    def _by_name(self) -> dict[str, list[Assignment]]:
        found: dict[str, list[Assignment]] = {}
        for assignment in self.assignments:
            found.setdefault(assignment.name, []).append(assignment)
        return found

    def has(self, assignment: Assignment) -> bool:
        """Whether an assignment is one that stands in the file."""
        return assignment in self.named(assignment.name)

    def replacements(self, edit: Edit) -> Sequence[Replacement]:
        """The stretches of the text that an edit replaces.

        Raises:
            CannotEdit: it cannot be done exactly.
        """
        from cibcheck.documents.sysconfig_edits import replacements  # only a run with fixes needs it

        return replacements(self, edit)

    def span(self, place: Place) -> Span:
        """Where an `Assignment` (``"name"``, ``"value"`` or all of it) or an `Oddity` stands; None is the file's start."""
        if isinstance(place.node, Comment):
            return self.source.span(place.node.start, place.node.end)
        match place.node, place.part:
            case Assignment() as node, "name":
                return self.source.span(node.name_start, node.name_end)
            case Assignment() as node, "value":
                return self.source.span(node.value_start, node.value_end)
            case (Assignment() | Oddity()) as node, _:
                return self.source.span(node.start, node.end)
            case _:
                return self.source.span(0, 0)

    def element_id(self, place: Place) -> str | None:
        """The name of the variable that the place belongs to."""
        node = place.node.assignment if isinstance(place.node, Oddity) else place.node
        return node.name if isinstance(node, Assignment) else None

    def element_path(self, place: Place) -> str | None:  # noqa: ARG002 - the protocol has it
        """None: an environment file has no structure."""
        return None

    def enclosing(self, place: Place) -> Iterator[tuple[int, str | None]]:
        """The statement that the place is in, by the index where it starts, with the name of its variable."""
        node = place.node
        if isinstance(node, (Assignment, Oddity)):
            whole = node.assignment if isinstance(node, Oddity) and node.assignment else node
            yield whole.start, self.element_id(place)

    @property
    def comments(self) -> Sequence[Comment]:
        """The comments that name cibcheck, in file order."""
        return self._read[2] if self.source.is_addressed else ()

    @cached_property
    def _read(self) -> tuple[Sequence[Assignment], Sequence[Oddity], Sequence[Comment]]:
        text = self.source.text
        if self.source.encoding != "utf-8":
            return (), (Oddity("utf-16", 0, _line_end(text, 0)),), ()
        if (nul := text.find("\0")) >= 0:
            return (), (Oddity("nul-byte", nul, nul + 1),), ()
        reader = _Reader(text)
        reader.read()
        oddities = sorted(reader.oddities, key=lambda oddity: (oddity.start, oddity.end))
        return reader.assignments, oddities, reader.comments


# What an assignment in a comment looks like when it only waits to be uncommented.
_COMMENTED = r"""^[ \t]*[#;][#; \t]{{0,9}}(?P<name>{})=(?P<quote>["']?)(?P<value>[^"'\s]*)(?P=quote)(?=[ \t]*(?:\r|\n|\Z))"""


def _source(data: bytes) -> Source:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return Source(data, encoding, len(mark))
    return Source(data)


_TEMPLATE_SUFFIXES = frozenset(("j2", "jinja", "jinja2", "erb", "epp", "tmpl", "tpl", "in"))

_UNFIT_START = (
    ("$ANSIBLE_VAULT;", "it is encrypted (Ansible Vault)"),
    ("\0GITCRYPT\0", "it is encrypted (git-crypt)"),
    ("age-encryption.org/", "it is encrypted (age)"),
    ("-----BEGIN AGE ENCRYPTED FILE-----", "it is encrypted (age)"),
    ("-----BEGIN PGP MESSAGE-----", "it is encrypted (PGP)"),
    ("version https://git-lfs.github.com/spec/", "it is a pointer of Git LFS, not the file"),
    ("/annex/objects/", "it is a pointer of git-annex, not the file"),
)
_UNFIT = (
    (re.compile(r"\{\{|\{%[-+]?\s"), "it is a template (Jinja)"),
    (re.compile(r"<%(?:[=#-]|\s)"), "it is a template (ERB)"),
    (re.compile(r'^sops_\w+=|="?ENC\[AES256_GCM,', re.MULTILINE), "it is encrypted (SOPS)"),
)

_PLACEHOLDER = re.compile(r"@[A-Za-z_]\w*@")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WHITE = re.compile(r"[ \t\r\n]*")
_BLANKS = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\r\n]*")
_KEY = re.compile(r"[^\r\n][^=\r\n]*")
_PLAIN = re.compile(r"[^\\\r\n]*")
_DOUBLE_QUOTED = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
# The end of the text as an alternative: where a quote stays open, systemd drops a backslash that is the file's last character.
_DOUBLE_QUOTED_ESCAPE = re.compile(r'\\(?:(["\\`$])|\n|\Z)')
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_KEYWORD = re.compile(r"(?:export|declare|typeset|readonly|local)[ \t]+(?:-\w+[ \t]+)*([A-Za-z_]\w*)", re.ASCII)
_SWALLOWED = re.compile(r"[\r\n][ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=")

# What systemd refuses besides malformed UTF-8 (kept as surrogates by the source): Unicode's noncharacters.
NOT_UTF8 = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef" + "".join(chr(p << 16 | low) for p in range(17) for low in (0xFFFE, 0xFFFF)) + "]+"
)
# Characters that look like a quote, a blank, a hyphen or nothing at all, as word processors and chat programs put them in.
_LOOKALIKE = re.compile(
    "[\u00a0\u00ab\u00bb\u2000-\u2015\u2018-\u201f\u2028\u2029\u202f\u2032\u2033\u205f\u2060\u2212\u3000\ufeff]+"
)


def _line_end(text: str, index: int) -> int:
    match = _LINE.match(text, index)
    return match.end() if match else len(text)


def _skip(pattern: re.Pattern[str], text: str, index: int) -> int:
    """The end of what a pattern, which matches the empty text as well, finds at an index."""
    match = pattern.match(text, index)
    return match.end() if match else index


class _Value(NamedTuple):
    """A value as read, the range of the text that gives it, and where the reader goes on."""

    value: str
    start: int
    end: int
    inner_start: int
    inner_end: int
    stop: int
    open_quote: int | None
    """Where the quote stands that nothing closes."""


class _Reader:
    """systemd's state machine over a whole file, in steps of one expression each instead of one character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.assignments: list[Assignment] = []
        self.oddities: list[Oddity] = []
        self.comments: list[Comment] = []
        self._is_addressed = NAME in text
        self._conflicted = "<<<<<<<" in text and {match[0][0] for match in _CONFLICT.finditer(text)} >= {"<", ">"}
        # The backslash at the end of the comment just above, which made systemd before 254 skip the next line.
        self._continued: int | None = None

    def note(self, kind: Kind, start: int, end: int, assignment: Assignment | None = None, detail: str = "") -> None:
        self.oddities.append(Oddity(kind, start, end, assignment, detail))

    def read(self) -> None:
        text, index = self.text, 0
        if text.startswith("\ufeff"):
            self._byte_order_mark()
        while (index := self._skip_white(index)) < len(text):
            if text[index] in "#;":
                index = self._comment(index)
            else:
                self._comments_stand_before(index)
                key_end = _skip(_KEY, text, index)
                if text.startswith("=", key_end):
                    index = self._assignment(index, key_end)
                else:
                    self._line_without_equals(index, key_end)
                    index = key_end
                self._continued = None
        self._carriage_returns()

    def _skip_white(self, index: int) -> int:
        end = _skip(_WHITE, self.text, index)
        # systemd before 254 skipped one line, so an empty one in between takes the blow.
        if self._continued is not None and (self.text.count("\n", index, end) + self.text.count("\r", index, end)) != 1:
            self._continued = None
        return end

    def _comments_stand_before(self, index: int) -> None:
        """Give the comments just read their statement."""
        for number in range(len(self.comments) - 1, -1, -1):
            if self.comments[number].subject is not None:
                break
            self.comments[number] = self.comments[number]._replace(subject=index)

    def _comment(self, index: int) -> int:
        end = _line_end(self.text, index)
        if self.text[index] == ";":
            self.note("semicolon-comment", index, end)
        comment = self.text[index:end]
        if self._is_addressed and NAME in comment:
            is_on_top = not self.assignments
            self.comments.append(Comment(comment[1:], index, end, index + 1, None, is_on_top))
        backslashes = len(comment) - len(comment.rstrip("\\"))
        self._continued = end - 1 if backslashes % 2 else None
        return end

    def _line_without_equals(self, start: int, end: int) -> None:
        line = self.text[start:end].rstrip(" \t")
        if self._conflicted and _CONFLICT.match(self.text, start):
            if line.startswith("<"):
                self.note("merge-conflict", start, start + len(line))
        elif not line.startswith("\ufeff"):
            self.note("not-an-assignment", start, start + len(line), detail=line)

    def _assignment(self, start: int, equals: int) -> int:
        text = self.text
        name = text[start:equals].rstrip(" \t")
        value = _read_value(text, equals + 1)
        name_end = start + len(name)
        assignment = Assignment(name, value.value, start, value.end, start, name_end, value.inner_start, value.inner_end)
        self.assignments.append(assignment)
        if self._conflicted and _CONFLICT.match(text, start):
            return value.stop
        if value.open_quote is not None:
            quote = value.open_quote
            self.note("unterminated-quote", quote, _line_end(text, quote), assignment, text[quote])
        if match := NOT_UTF8.search(text, start, value.end):
            self.note("invalid-utf8", match.start(), match.end(), assignment)
        for match in _SWALLOWED.finditer(text, equals, value.end):
            self.note("swallowed-assignment", match.start(1), match.end(1), assignment, match[1])
        if assignment.accepted:
            self._accepted(assignment, equals, value)
        else:
            self._refused_name(assignment)
        return value.stop

    def _accepted(self, assignment: Assignment, equals: int, value: _Value) -> None:
        if self._continued is not None:
            self.note("comment-continuation", self._continued, self._continued + 1, assignment)
        if "\r" in assignment.value:
            self.note("carriage-return-in-value", value.inner_start, value.inner_end, assignment)
        if match := _LOOKALIKE.search(assignment.value):
            self.note("lookalike", value.inner_start, value.inner_end, assignment, match[0])
        self._shell_differences(assignment, equals, value)

    def _shell_differences(self, assignment: Assignment, equals: int, value: _Value) -> None:
        if value.open_quote is not None or _SWALLOWED.search(self.text, equals, value.end):
            return  # What the rest might mean to a shell is no news then.
        # One of each kind says it; further ones on the line would only repeat it.
        found: dict[Kind, tuple[int, int, str]] = {}
        if assignment.name_end < equals:
            found["blank-around-equals"] = (assignment.name_end, equals, "")
        if not _PORTABLE_VALUE.fullmatch(self.text, equals + 1, value.stop):
            for kind, start, end, detail in _shell_differences(self.text, equals + 1, value.stop):
                first, *_ = found.get(kind, (start,))
                if kind == "blank-around-equals" or kind not in found:
                    found[kind] = (first, end, detail)
        for kind, (start, end, detail) in found.items():
            self.note(kind, start, end, assignment, detail)

    def _refused_name(self, assignment: Assignment) -> None:
        name, start, end = assignment.name, assignment.name_start, assignment.name_end
        if name.startswith("\ufeff"):
            return
        if keyword := _KEYWORD.fullmatch(name):
            self.note("exported", start, start + keyword.start(1), assignment, keyword[1])
        elif name.endswith("+") and VARIABLE.fullmatch(name[:-1]):
            self.note("appended", start, end, assignment, name[:-1])
        elif " " in name or "\t" in name:
            line_end = min(_line_end(self.text, start), assignment.end)
            self.note("not-an-assignment", start, line_end, assignment, self.text[start:line_end])
        elif not NOT_UTF8.search(name):
            self.note("invalid-name", start, end, assignment)

    def _byte_order_mark(self) -> None:
        """The mark becomes part of the first name, if the first line has one; else it spoils nothing that counts."""
        key_end = _skip(_KEY, self.text, 0)
        key = self.text[1:key_end].strip(" \t")
        if self.text.startswith("=", key_end) and VARIABLE.fullmatch(key):
            value = _read_value(self.text, key_end + 1)
            lost = Assignment(key, value.value, 1, value.end, 1, 1 + len(key), value.inner_start, value.inner_end)
            self.note("byte-order-mark", 1, value.end, lost)
        else:
            self.note("byte-order-mark", 0, 1)

    def _carriage_returns(self) -> None:
        """One oddity for the file: line ends are one mistake, however many lines it touches."""
        text = self.text
        if "\r" not in text:
            return
        for assignment in self.assignments:
            if text.startswith("\r", _skip(_BLANKS, text, assignment.end)) and assignment.accepted:
                start, end, first = assignment.start, assignment.end, assignment
                break
        else:
            if any("\r" in assignment.value for assignment in self.assignments):
                return
            end, first = text.index("\r"), None
            start = text.rfind("\n", 0, end) + 1
        self.note("carriage-return", start, end, first, str(text.count("\r")))


def _read_value(text: str, index: int) -> _Value:
    """Reads what follows a "=" at an index, up to the line end that closes it."""
    pieces: list[str] = []
    size = len(text)
    start = end = inner_start = inner_end = _skip(_BLANKS, text, index)
    if start == size or text[start] in "\r\n":
        return _Value("", index, index, index, index, start, None)
    while (index := _skip(_BLANKS, text, index)) < size and text[index] not in "\r\n":
        if text[index] not in "'\"":
            stop, end = _read_unquoted(text, index, pieces)
            return _Value("".join(pieces), start, end, start, end, stop, None)
        close = _closing_quote(text, index)
        quoted = text[index + 1 : close]
        if text[index] == '"':
            quoted = _DOUBLE_QUOTED_ESCAPE.sub(r"\1", quoted)
        pieces.append(quoted)
        if close == size:
            return _Value("".join(pieces), start, size, start, size, size, index)
        if len(pieces) == 1:
            inner_start, inner_end = index + 1, close
        index = end = close + 1
    if len(pieces) > 1 or inner_start == inner_end:
        inner_start, inner_end = start, end
    return _Value("".join(pieces), start, end, inner_start, inner_end, index, None)


def _read_unquoted(text: str, index: int, pieces: list[str]) -> tuple[int, int]:
    """Reads the rest of a value after its first unquoted character: where it stops, and where its last character ends."""
    size = len(text)
    while True:
        plain_end = _skip(_PLAIN, text, index)
        if plain_end == size or text[plain_end] != "\\":
            last = text[index:plain_end].rstrip(" \t")
            pieces.append(last)
            return plain_end, index + len(last)
        pieces.append(text[index:plain_end])
        index = min(plain_end + 2, size)
        escaped = text[plain_end + 1 : index]
        if escaped not in ("\r", "\n"):
            pieces.append(escaped)
        if index == size:
            return size, size


# What systemd, bash, dash, pcs and crmsh read alike, quotes aside.
_PORTABLE_VALUE = re.compile(r"""(?:"[^"\\$`\n\r]*"|'[^'\n\r]*'|[A-Za-z0-9_./:,@%+=-]*)[ \t]*""")
_ORDINARY = re.compile(r"""[^ \t\r\n'"\\$`;&|<>()~]+""")
_ANOTHER = re.compile(r"[ \t;&|]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=")
_DOLLAR = re.compile(r"""\$(?:\\\n)*(?:(?P<command>\([^)]*\)*)|\{[^}]*\}?|[A-Za-z_]\w*|[0-9@*#?$!\['"-])""", re.ASCII)
_ACTIVE_IN_QUOTES = re.compile(
    r"""\\.|`[^`]*`?|\$(?:\\\n)*(?:(?P<command>\([^)]*\)*)|\{[^}]*\}?|[A-Za-z_]\w*|[0-9@*#?$!\[-])""",
    re.DOTALL | re.ASCII,
)


def _shell_differences(text: str, index: int, stop: int) -> Iterator[tuple[Kind, int, int, str]]:
    """What a POSIX shell or bash makes of a value otherwise than systemd: kind, start, end, detail. Nothing is evaluated.

    The two read quotes alike at the beginning and right after a closing quote; after that systemd takes everything as it is. The
    walk ends where a shell would be done with the assignment.
    """
    end = index + len(text[index:stop].rstrip(" \t"))
    first = _skip(_BLANKS, text, index)
    if index < first < end:
        if text[first] == "#":
            yield "trailing-comment", first, end, ""
            return
        yield "blank-around-equals", index, first, ""
    index = first
    while index < end and text[index] in "'\"":
        close = _closing_quote(text, index)
        if text[index] == '"':
            for match in _ACTIVE_IN_QUOTES.finditer(text, index + 1, close):
                if not match[0].startswith("\\"):
                    yield _expansion(match), match.start(), match.end(), ""
        index = close + 1
    after_quotes = index
    home = index == first  # Whether a shell would take a tilde for a home directory.
    while index < end:
        if text[index] in "'\" \t;&|<>()":
            yield _end_of_word(text, index, end, first, after_quotes)
            return
        kind, following = _within_word(text, index, end, home)
        if kind:
            yield kind, index, following, ""
        home = home if text.startswith("\\\n", index) else text[following - 1] == ":"
        index = following


def _within_word(text: str, index: int, end: int, home: bool) -> tuple[Kind | None, int]:
    """The next stretch of an unquoted word: what a shell makes of it, if anything, and where it ends."""
    character = text[index]
    if character == "\\":
        return ("dangling-backslash", end) if index + 1 == len(text) else (None, index + 2)
    if character == "$" and (match := _DOLLAR.match(text, index, end)):
        return _expansion(match), match.end()
    if character == "`":
        close = text.find("`", index + 1, end)
        return "command-substitution", close + 1 if close >= 0 else end
    if character == "~" and home:
        return "tilde", index + 1
    return None, max(_skip(_ORDINARY, text, index), index + 1)


def _end_of_word(text: str, index: int, end: int, first: int, after_quotes: int) -> tuple[Kind, int, int, str]:
    """What a shell makes of the character that ends a word for it, while systemd reads on to the end of the line."""
    if text[index] in "'\"":
        return "inner-quotes", index, end, ""
    if text[index] in "<>()":
        return ("array" if index == first and text[index] == "(" else "operator"), index, end, ""
    following = _skip(_BLANKS, text, index)
    if following > index and text[following] == "#":
        return "trailing-comment", following, end, ""
    if another := _ANOTHER.match(text, index, end):
        return "several-assignments", another.start(1), end, another[1]
    if following == index:
        return "operator", index, end, ""
    return ("split-quotes" if index == after_quotes and text[following] in "'\"" else "second-word"), following, end, ""


def _closing_quote(text: str, index: int) -> int:
    """Where the quote that opens at an index closes; the end of the text if it does not."""
    if text[index] == '"':
        close = _skip(_DOUBLE_QUOTED, text, index + 1)
        return close if text.startswith('"', close) else len(text)
    close = text.find("'", index + 1)
    return close if close >= 0 else len(text)


def _expansion(match: re.Match[str]) -> Kind:
    return "command-substitution" if match["command"] or match[0].startswith("`") else "expansion"
