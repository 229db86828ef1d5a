"""Values that fit the types of facts.txt, and values that do not, by the name of the type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grammar.smallest import ALWAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GOOD: Mapping[str, Sequence[str]] = {
    "string": ("", " ", "x y", "1a:b"),
    "schema": (),
    "ID": (" a-1._Z ", "_"),
    "IDREF": (ALWAYS, f" {ALWAYS}\n"),
    "boolean": ("true", "false", "1", "0", " true "),
    "integer": ("0", "-1", "+1", "007", "\t1 ", "99999999999999999999999"),
    "nonNegativeInteger": ("0", "+1", "-0", " 007", "99999999999999999999999"),
    "positiveInteger": ("1", "+10", " 007 ", "99999999999999999999999"),
    "1to9": ("1", "+9", " 007 "),
    "score": ("0", "-1", "+1", "007", " 1 ", "1000001", "99999999999999999999999", "INFINITY", "+INFINITY", "-INFINITY", " INFINITY "),
    "ports": ("80", "80-90", "-"),
    "devices": ("a", "a,B_1,.-"),
}  # fmt: skip
BAD: Mapping[str, Sequence[str]] = {
    "string": (),
    "schema": (),
    "ID": ("", " ", "1a", "a:b", "a b", "-a", "a/b", ALWAYS, f" {ALWAYS} "),
    "IDREF": ("", "1a", "a:b", "dangling", f"{ALWAYS} {ALWAYS}"),
    "boolean": ("", "yes", "TRUE", "True", "on", "2", "true false"),
    "integer": ("", " ", "x", "1.0", "1e3", "+-1", "1 0", "٣", "INFINITY", "0x10"),
    "nonNegativeInteger": ("", "-1", "1.0", "x", "٣", "++1"),
    "positiveInteger": ("", "0", "-1", "+0", "-0", "1.0", "x", "٣"),
    "1to9": ("0", "10", "-1", "", "11", "9.0"),
    "score": ("", " ", "x", "1.5", "1 0", "infinity", "Infinity", "INF", "++1", "--INFINITY", "٣", "1000000,"),
    "ports": ("", " 80", "80 ", "80:90", "80,81", "a"),
    "devices": ("", "a,", ",a", "a, b", " a", "a b", "a,,b", "ä"),
}
