"""A rule's documentation page: read from its docstring (summary, explanation, examples, references), written as text or as Markdown."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from cibcheck.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cibcheck.api import Rule

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(Bad|Good|References):[ ]*$", re.MULTILINE)


class ExampleFile(NamedTuple):
    """One file of an example: ``xml`` is the CIB or a fragment of one, ``sysconfig`` the file of the node named ``node``."""

    kind: str
    node: str | None
    text: str
    """With «…» around what the rule's finding points at."""


class Example(NamedTuple):
    """Files that belong together. ``title`` is the sentence before them, if any."""

    title: str
    files: Sequence[ExampleFile]


class Page(NamedTuple):
    """What a rule's docstring says."""

    summary: str
    body: str
    bad: Sequence[Example]
    good: Sequence[Example]
    references: str


def page_of(rule: Rule) -> Page:
    """Read a rule's page. A part that the docstring lacks is empty."""
    text = inspect.cleandoc(rule.__doc__ or "")
    parts = _HEADING.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    summary, _, body = parts[0].partition("\n")
    return Page(
        summary.strip(),
        body.strip(),
        list(_examples(sections.get("Bad", ""))),
        list(_examples(sections.get("Good", ""))),
        sections.get("References", "").strip(),
    )


def _examples(section: str) -> Iterator[Example]:
    """Fences that follow each other are the files of one example; prose, or a second file of one name, starts the next."""
    title, files, end = "", list[ExampleFile](), 0
    for fence in _FENCE.finditer(section):
        prose = section[end : fence.start()].strip()
        kind, _, node = fence["info"].strip().partition(" ")
        file = ExampleFile(kind, node.strip() or None, fence["text"])
        if files and (prose or any((one.kind, one.node) == (file.kind, file.node) for one in files)):
            yield Example(title, files)
            files = []
        if not files:
            title = prose
        files.append(file)
        end = fence.end()
    if files:
        yield Example(title, files)


def without_marks(text: str) -> str:
    """An example's text as a user would have it."""
    return text.replace("«", "").replace("»", "")


_FIXES = {
    "safe": "--fix mends it",
    "unsafe": "--fix --unsafe-fixes mends it",
    "sometimes": "--fix or --fix --unsafe-fixes mends some of it",
}


def _how(rule: Rule) -> str:
    """How bad it is, and when the rule runs."""
    how = f"severity: {rule.severity.word}" + ("" if rule.is_default else " · runs only when selected")
    how += f" · only in Pacemaker {rule.pacemaker}" if rule.pacemaker else ""
    return how + (f" · {_FIXES[rule.fix]}" if rule.fix else "")


def text_page(rule: Rule) -> str:
    """The page for a terminal."""
    page = page_of(rule)
    blocks = [f"{rule.code} {rule.name}", _how(rule), page.summary, page.body]
    for word, examples in (("Bad", page.bad), ("Good", page.good)):
        blocks += [block for example in examples for block in _text_example(word, example)]
    if rule.options:
        blocks.append("Options:\n" + "\n".join(f"  {name} = {value!r}" for name, value in rule.options.items()))
    if page.references:
        blocks.append("References:\n" + "\n".join(f"  {line}" for line in page.references.splitlines()))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _text_example(word: str, example: Example) -> Iterator[str]:
    yield f"{word}: {example.title}" if example.title else f"{word}:"
    for file in example.files:
        head = f"    # {file.kind} {file.node}\n" if file.node else ""
        yield head + "\n".join(f"    {line}" for line in without_marks(file.text).rstrip("\n").split("\n"))


def markdown_page(rule: Rule) -> str:
    """The page as Markdown, under a heading of level 1, with a line end at its end. The summary and the body are Markdown as they stand."""
    page = page_of(rule)
    blocks = [f"# {rule.code} {rule.name}", f"*{_how(rule)}*", page.summary, page.body]
    for word, examples in (("Bad", page.bad), ("Good", page.good)):
        if examples:
            blocks += [f"## {word}", *(block for example in examples for block in _markdown_example(example))]
    if rule.options:
        rows = [f"| `{name.replace('_', '-')}` | `{value!r}` |" for name, value in rule.options.items()]
        blocks += ["## Options", "\n".join(("| option | default |", "|---|---|", *rows))]
    if page.references:
        blocks += ["## References", "\n".join(_items(page.references))]
    return "\n\n".join(block for block in blocks if block) + "\n"


_LANGUAGES = {"sysconfig": "sh"}
"""What a highlighter calls a kind of file, where it is not the kind's own name."""
_NAMES = {"sysconfig": "/etc/sysconfig/pacemaker"}
"""The file on a node."""


def _markdown_example(example: Example) -> Iterator[str]:
    if example.title:
        yield example.title
    for file in example.files:
        if file.node:
            yield "The CIB:" if file.kind == "xml" else f"`{_NAMES.get(file.kind, file.kind)}` of {file.node}:"
        text = without_marks(file.text).rstrip("\n")
        yield f"```{_LANGUAGES.get(file.kind, file.kind)}\n{text}\n```"


def _items(lines: str) -> Iterator[str]:
    """The lines as a list; those that are one already stay as they are."""
    for line in lines.splitlines():
        yield line if line.startswith(("- ", " ")) or not line else f"- {line}"


def page_data(rule: Rule) -> dict[str, object]:
    """The page and what else a program may want to know of a rule, as JSON has it."""
    page = page_of(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.word,
        "default": rule.is_default,
        "pacemaker": rule.pacemaker,
        "tags": list(rule.tags),
        "plugin": rule.plugin,
        "options": {name.replace("_", "-"): value for name, value in rule.options.items()},
        "summary": page.summary,
        "body": page.body,
        "bad": [_example_data(example) for example in page.bad],
        "good": [_example_data(example) for example in page.good],
        "references": page.references,
    }


def _example_data(example: Example) -> dict[str, object]:
    files = [{"kind": file.kind, "node": file.node, "text": without_marks(file.text)} for file in example.files]
    return {"title": example.title, "files": files}
