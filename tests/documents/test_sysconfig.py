"""Environment files as systemd reads them, and everything that somebody else reads differently."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.documents.source import Place
from cibcheck.documents.sysconfig import SysconfigDocument

if TYPE_CHECKING:
    from cibcheck.documents.sysconfig import Oddity


def document(data: bytes | str, name: str = "pacemaker") -> SysconfigDocument:
    return SysconfigDocument(name, data if isinstance(data, bytes) else data.encode())


def pairs(data: bytes | str) -> list[tuple[str, str]]:
    return [(assignment.name, assignment.value) for assignment in document(data).assignments]


def covered(read: SysconfigDocument, oddity: Oddity) -> str:
    return read.source.text[oddity.start : oddity.end]


def oddities(data: bytes | str) -> list[tuple[str, str]]:
    read = document(data)
    return [(oddity.kind, covered(read, oddity)) for oddity in read.oddities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A=1", [("A", "1")]),
        ("A=1\nB=2\n", [("A", "1"), ("B", "2")]),
        ("  A=1  \n", [("A", "1")]),
        ("A=1\r\nB=2\rC=3", [("A", "1"), ("B", "2"), ("C", "3")]),
        ("# A=1\n;B=2\n  # C=3\n", []),
        ("A = 1", [("A", "1")]),
        ("A=", [("A", "")]),
        ('A=""', [("A", "")]),
        ('A="1 2"', [("A", "1 2")]),
        ("A='1 2'", [("A", "1 2")]),
        ('A="1" "2"', [("A", "12")]),
        ("A=\"1\"'2'", [("A", "12")]),
        ('A="3121" # c', [("A", "3121# c")]),
        ("A=3121 # c", [("A", "3121 # c")]),
        ('A=a"b c"d', [("A", 'a"b c"d')]),
        ("A=foo  bar  ", [("A", "foo  bar")]),
        ("A=a=b", [("A", "a=b")]),
        ("export A=1", [("export A", "1")]),
        ("A+=1", [("A+", "1")]),
        ("no equals\nA=1", [("A", "1")]),
        ("=x=1", [("=x", "1")]),
        ("=\nA=1", [("A", "1")]),
        ("A", []),
        (r"A=\"5\"", [("A", '"5"')]),
        (r'A="\"\\\`\$\n"', [("A", r'"\`$\n')]),
        ("A='\\n'", [("A", r"\n")]),
        ("A=a\\\nb", [("A", "ab")]),
        ('A="a\\\nb"', [("A", "ab")]),
        ("A='a\\\nb'", [("A", "a\\\nb")]),
        ('A="a\nB=2"', [("A", "a\nB=2")]),
        ('A="a\nB=2', [("A", "a\nB=2")]),
        ("A='a\nB=2", [("A", "a\nB=2")]),
        ('A="a\\', [("A", "a")]),
        ("A=a\\", [("A", "a")]),
        ("A=a\\  ", [("A", "a ")]),
        ("A=a \\\n b ", [("A", "a  b")]),
        ("A=a\\\r\nB=2", [("A", "a"), ("B", "2")]),
        ('A="a\\\r\nb"', [("A", "a\\\r\nb")]),
        ("A=\v1\f", [("A", "\v1\f")]),
        ("A=$B ~ `c`", [("A", "$B ~ `c`")]),
        ("A=é", [("A", "é")]),
        ("# c\\\nA=1", [("A", "1")]),
        ("\ufeffA=1", [("\ufeffA", "1")]),
    ],
)
def test_assignments(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('A="3121" # c', [("trailing-comment", "# c")]),
        ("A=3121 # c ", [("trailing-comment", "# c")]),
        ("A= # c", [("trailing-comment", "# c")]),
        ("A=a#b", []),
        ("A=#b", []),
        ('A="a # b"', []),
        ("A = 1", [("blank-around-equals", " = ")]),
        ("A =1", [("blank-around-equals", " ")]),
        ("A=\t1", [("blank-around-equals", "\t")]),
        ("A= ", []),
        ("export A=1", [("exported", "export ")]),
        ("declare -x A=1", [("exported", "declare -x ")]),
        ("A+=1", [("appended", "A+")]),
        ("A-B=1", [("invalid-name", "A-B")]),
        ("1A=1", [("invalid-name", "1A")]),
        ("if [ $x = 1 ]; then", [("not-an-assignment", "if [ $x = 1 ]; then")]),
        (". /etc/os-release  ", [("not-an-assignment", ". /etc/os-release")]),
        ("A=$B/${C}", [("expansion", "$B")]),
        ('A="x $B"', [("expansion", "$B")]),
        ("A='$B' ", []),
        (r'A="\$B"', []),
        ("A=5$", []),
        ("A=$(hostname -i)x", [("command-substitution", "$(hostname -i)")]),
        ("A=`id` ", [("command-substitution", "`id`")]),
        ('A="`id`"', [("command-substitution", "`id`")]),
        ("A=~/x", [("tilde", "~")]),
        ("A=/a:~/x", [("tilde", "~")]),
        ("A=a~", []),
        ("A=/dev/a;/dev/b", [("operator", ";/dev/b")]),
        ("A=a|b", [("operator", "|b")]),
        ("A=<b>", [("operator", "<b>")]),
        ("A=(1 2)", [("array", "(1 2)")]),
        ("A=foo bar", [("second-word", "bar")]),
        ("A=foo 'bar'", [("second-word", "'bar'")]),
        ("A=1 B=2", [("several-assignments", "B=2")]),
        ("A=1; export B=2", [("several-assignments", "B=2")]),
        ('A=a"b c"d', [("inner-quotes", '"b c"d')]),
        ("A=it's", [("inner-quotes", "'s")]),
        ('A="a" "b"', [("split-quotes", '"b"')]),
        (r"A=\"5\"", []),
        ("A=a\\", [("dangling-backslash", "\\")]),
        ('A="31\nB=2\n', [("unterminated-quote", '"31'), ("swallowed-assignment", "B")]),
        ('A="31\nB="2"\n', [("swallowed-assignment", "B")]),
        ("A=1 \\\nB=2", [("swallowed-assignment", "B")]),
        ("A='1\n2'", []),
        ("# c \\\nA=1", [("comment-continuation", "\\")]),
        ("# c \\\\\nA=1", []),
        ("# c \\\n\nA=1", []),
        ("# c \\\n# d\nA=1", []),
        ("# c \\\r\nA=1", [("carriage-return", "# c \\")]),
        (";A=1", [("semicolon-comment", ";A=1")]),
        ("# c\r\nA=1\r\nB=2\r\n", [("carriage-return", "A=1")]),
        ('A="1\r\n2"\n', [("carriage-return-in-value", "1\r\n2")]),
        ("\ufeffA=1\nB=2", [("byte-order-mark", "A=1")]),
        ("\ufeff# c\nA=1", [("byte-order-mark", "\ufeff")]),
        ("\ufeff\nA=1", [("byte-order-mark", "\ufeff")]),
        ("A=“1”", [("lookalike", "“1”")]),
        ("A=1\u00a0", [("lookalike", "1\u00a0")]),
        ("# “quoted”", []),
        (
            "<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other\n",
            [("merge-conflict", "<<<<<<< HEAD")],
        ),
        ("<<<<<<< HEAD\nA=1\n", [("not-an-assignment", "<<<<<<< HEAD")]),
    ],
)
def test_oddities(text: str, expected: list[tuple[str, str]]) -> None:
    assert oddities(text) == expected


def test_detail_of_oddities() -> None:
    read = document("A=1 PCMK_debug=2\nexport B=1\nC+=2\nwhat is this  \n\tD=1\r\nE=“1”\r\n")
    assert [(oddity.kind, oddity.detail) for oddity in read.oddities] == [
        ("several-assignments", "PCMK_debug"),
        ("exported", "B"),
        ("appended", "C"),
        ("not-an-assignment", "what is this"),
        ("carriage-return", "2"),
        ("lookalike", "“"),
    ]
    assert [oddity.assignment and oddity.assignment.name for oddity in read.oddities] == ["A", "export B", "C+", None, "D", "E"]


@pytest.mark.parametrize(
    ("data", "reason", "marked"),
    [
        (b"A=1\nB=caf\xe9\n", "UTF-8", b"\xe9"),
        (b"A=1\n\xff=2\n", "UTF-8", b"\xff"),
        ("A=\ufdd0".encode(), "UTF-8", "\ufdd0".encode()),
        ("A=\U0010ffff".encode(), "UTF-8", "\U0010ffff".encode()),
        (b"A=\xed\xa0\x80", "UTF-8", b"\xed\xa0\x80"),
        (b"A=1\n# \x00\n", "NUL", b"\x00"),
        ("\ufeffA=1\nB=2\n".encode("utf-16-le"), "UTF-16", "A=1".encode("utf-16-le")),
        ("\ufeffA=1\nB=2\n".encode("utf-16-be"), "UTF-16", "A=1".encode("utf-16-be")),
        (b"\xff\xfe\x00", "UTF-16", b"\x00"),
    ],
)
def test_files_that_systemd_ignores(data: bytes, reason: str, marked: bytes) -> None:
    read = document(data)
    assert read.rejected
    assert reason in read.rejected
    assert read.effective == {}
    start, end = read.span(Place(read, read.oddities[0]))
    assert data[start.offset : end.offset] == marked


def test_comments_may_hold_any_bytes() -> None:
    read = document(b"# caf\xe9\nA=1\nno assignment \xe9\n")
    assert read.rejected is None
    assert list(read.effective) == ["A"]


def test_the_last_assignment_counts_and_refused_names_do_not() -> None:
    read = document("A=1\nB=2\nA=3\nexport C=4\nD-E=5\n")
    assert {name: assignment.value for name, assignment in read.effective.items()} == {"A": "3", "B": "2"}


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"PCMK_remote_port={{ port }}\n", "pacemaker", "Jinja"),
        (b"{% if x %}\nPCMK_debug=yes\n{% endif %}\n", "pacemaker", "Jinja"),
        (b"PCMK_remote_port=<%= @port %>\n", "pacemaker", "ERB"),
        (b"PCMK_logfile=@CRM_LOG_DIR@/pacemaker.log\n", "pacemaker", "@PLACEHOLDER@"),
        (b"PCMK_debug=yes\n", "pacemaker.j2", ".j2"),
        (b"PCMK_debug=yes\n", "etc/sysconfig/pacemaker.in", ".in"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n6162\n", "pacemaker", "Ansible Vault"),
        (b"PCMK_debug=ENC[AES256_GCM,data:x]\nsops_version=3\n", "pacemaker", "SOPS"),
        (b"\x00GITCRYPT\x00\x01\x02", "pacemaker", "git-crypt"),
        (b"age-encryption.org/v1\n-> X25519 x\n", "pacemaker", "age"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "pacemaker", "age"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "pacemaker", "Git LFS"),
        (b"/annex/objects/SHA256E-s1--0\n", "pacemaker", "git-annex"),
    ],
)
def test_content_that_says_nothing_about_a_node(data: bytes, name: str, reason: str) -> None:
    unfit = document(data, name).unfit
    assert unfit
    assert reason in unfit


@pytest.mark.parametrize(
    "text",
    [
        '# Default: PCMK_logfile="@CRM_LOG_DIR@/pacemaker.log"\nPCMK_debug=yes\n',
        "PCMK_tls_priorities=@SYSTEM\n",
        "PCMK_trace_formats=TLS <%s> failed\n",
        "<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> other\n",
    ],
)
def test_content_that_is_judged(text: str) -> None:
    assert document(text, "web.example.com/etc/sysconfig/pacemaker").unfit is None


def test_places() -> None:
    read = document("# comment\n  PCMK_logfile = 'é'\nB=$C\n")
    first, second = read.assignments
    source = read.source.text

    def text(place: Place) -> str:
        start, end = read.span(place)
        return read.source.data[start.offset : end.offset].decode()

    assert text(Place(read, first)) == "PCMK_logfile = 'é'"
    assert text(Place(read, first, "name")) == "PCMK_logfile"
    assert text(Place(read, first, "value")) == "é"
    assert read.span(Place(read, first)).start == (2, 3, 12)
    assert source[second.value_start : second.value_end] == "$C"
    odd = Place(read, next(read.odd("expansion")))
    assert text(odd) == "$C"
    assert [read.element_id(place) for place in (Place(read, first, "value"), odd, Place(read, None))] == [
        "PCMK_logfile",
        "B",
        None,
    ]
    assert read.element_path(odd) is None
    assert read.span(Place(read, None)).start == (1, 1, 0)


def test_a_value_without_characters_has_an_empty_range() -> None:
    for text, start, end in (("A=", 2, 2), ('A=""', 2, 4), ("A=  \nB=1", 2, 2)):
        assignment = document(text).assignments[0]
        assert (assignment.value_start, assignment.value_end) == (start, end)


PIECES = st.sampled_from(["A", "B", *"= \t\n\r#;\"'\\$`xé+~(|\0\ufeff", "\r\n", "export "])


@given(st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode())))
def test_any_bytes_make_a_document(data: bytes) -> None:
    read = document(data)
    text = read.source.text
    for assignment in read.assignments:
        assert text[assignment.name_start : assignment.name_end] == assignment.name
        assert (
            assignment.start
            <= assignment.name_end
            < assignment.value_start
            <= assignment.value_end
            <= assignment.end
            <= len(text)
        )
        for part in (None, "name", "value"):
            start, end = read.span(Place(read, assignment, part))
            assert 0 <= start.offset <= end.offset <= len(data)
    for oddity in read.oddities:
        assert 0 <= oddity.start <= oddity.end <= len(text)
        start, end = read.span(Place(read, oddity))
        assert start.offset <= end.offset <= len(data)
        read.element_id(Place(read, oddity))
    assert set(read.effective.values()) <= set(read.assignments)
    assert read.unfit is None or isinstance(read.unfit, str)


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)
PLAIN = st.from_regex(r"[A-Za-z0-9_./:,%+=-]{0,12}", fullmatch=True)
LETTERS = st.characters(categories=["L", "N", "S"], exclude_characters="$`@")
IN_DOUBLE = st.text(st.one_of(LETTERS, st.sampled_from(" '#;~|(")))
IN_SINGLE = st.text(st.one_of(LETTERS, st.sampled_from(' "#;~|($`\\')))
VALUES = st.one_of(
    PLAIN.map(lambda value: (value, value)),
    IN_DOUBLE.map(lambda value: (value, f'"{value}"')),
    IN_SINGLE.map(lambda value: (value, f"'{value}'")),
)


@given(st.lists(st.tuples(NAMES, VALUES)))
def test_the_portable_subset_reads_as_written_and_is_not_odd(lines: list[tuple[str, tuple[str, str]]]) -> None:
    read = document("".join(f"{name}={written}\n" for name, (_, written) in lines))
    assert [(assignment.name, assignment.value) for assignment in read.assignments] == [
        (name, value) for name, (value, _) in lines
    ]
    assert list(read.oddities) == []
    text = read.source.text
    for assignment in read.assignments:
        if assignment.value:
            assert text[assignment.value_start : assignment.value_end] == assignment.value


@pytest.mark.parametrize(
    "unit",
    [
        *("A=1\n", "A='", 'A="\\', "A=$(", "A=`x", "A=${", "a b=", "#\\\n", "A=~:", "A=x y\\\n", '"" '),
        *("<<<<<<<\n", "@a", "\r", "=", "\\\n~", "é“"),
    ],
)
def test_time_grows_with_the_size_only(unit: str) -> None:
    started = time.monotonic()
    read = document("A=" + unit * (500_000 // len(unit)))
    assert len(read.oddities) + len(read.effective) + len(read.unfit or "") >= 0
    # A tenth of a second for most; quadratic time would be many minutes.
    assert time.monotonic() - started < 10


# --- the same texts, read by those who really read them

ALPHABET = [
    *"AB=  \t\n\n#;\"'\\$`x1~:(){}&|*?[]!%,/-.^",
    "é",
    "\v",
    'A="',
    '"\n',
    "A='",
    "'\n",
    "$x",
    " B=",
    "\\\n",
    "# ",
    "export ",
]


def generated(count: int, seed: int, extra: tuple[str, ...] = ()) -> list[str]:
    chooser = random.Random(seed)
    return [
        "A=" * chooser.randint(0, 1) + "".join(chooser.choices([*ALPHABET, *extra], k=chooser.randint(1, 14)))
        for _ in range(count)
    ]


# Calls the function behind EnvironmentFile= in systemd's own library, which has no other door for a program that is no service.
SYSTEMD = """
import ctypes, json, sys, tempfile
load = ctypes.CDLL(sys.argv[1]).load_env_file_pairs
load.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.POINTER(ctypes.c_char_p))]
results = []
for text in json.load(sys.stdin):
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        found = ctypes.POINTER(ctypes.c_char_p)()
        code = load(None, file.name.encode(), ctypes.byref(found))
    strings = []
    while code >= 0 and found and found[len(strings)] is not None:
        strings.append(found[len(strings)])
    results.append([string.decode() for string in strings] if code >= 0 else None)
json.dump(results, sys.stdout)
"""


def test_systemd_reads_the_same() -> None:
    libraries = [path for folder in ("/usr/lib", "/usr/lib64") for path in Path(folder).glob("**/libsystemd-shared-*.so")]
    if not libraries:
        pytest.skip("systemd's shared library is not installed")
    texts = generated(5000, seed=1, extra=("\r", "\r\n", "\ufeff", "\ufdd0"))
    called = subprocess.run(
        [sys.executable, "-c", SYSTEMD, str(libraries[0])], input=json.dumps(texts), capture_output=True, text=True, check=False
    )
    if called.returncode != 0:
        pytest.skip("this systemd's function cannot be called")
    compared = 0
    for text, strings in zip(texts, json.loads(called.stdout), strict=True):
        read = document(text)
        if re.search(r"[#;].*\\[\r\n]", text):
            continue  # maybe a comment that goes on, which systemd 254 changed
        compared += 1
        assert bool(read.rejected) == (strings is None), text
        if strings is not None:
            assert {a.name: a.value for a in read.assignments} == dict(zip(strings[::2], strings[1::2], strict=True)), text
    assert compared > 1000


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_shell_reads_the_same_where_nothing_is_odd(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    texts = [text for text in generated(10_000, seed=2) if not document(text).oddities]
    assert len(texts) > 500
    for number, text in enumerate(texts):
        (tmp_path / str(number)).write_text(text)
    report = r"""printf '%s\0%s\0%s\0%s\0' "${A+set}" "$A" "${B+set}" "$B" """
    script = "\n".join(f"(. ./{number}; {report}) 2>/dev/null" for number in range(len(texts)))
    environment = {"PATH": "/nonexistent", "LC_ALL": "C.UTF-8", "HOME": "/home"}
    output = subprocess.run(
        [program], input=script, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    ).stdout
    fields = iter(output.split("\0"))
    for text in texts:
        effective = document(text).effective
        expected = [part for name in "AB" for part in (("set", effective[name].value) if name in effective else ("", ""))]
        assert [next(fields) for _ in range(4)] == expected, text
