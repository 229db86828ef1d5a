"""Agents' metadata: facts, relaxed where agents say more than is so; and what is none."""

from __future__ import annotations

import pytest

from cibcheck.agents.facts import Action, AgentFacts, Parameter
from cibcheck.agents.metadata import MAX_BYTES, MetadataError, read
from cibcheck.agents.raw_facts import catalogue_of


def metadata(parameters: str = "", actions: str = "", version: str = "") -> bytes:
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">\n<resource-agent name="app" version="7">'
        f"{version}<parameters>{parameters}</parameters><actions>{actions}</actions></resource-agent>"
    ).encode()


def parameter(text: str, name: str = "ocf:acme:app", version: str = "") -> Parameter:
    return next(iter(read(name, metadata(text, version=version)).parameters.values()))


def content(kind: str, default: str | None = None, inner: str = "") -> str:
    said = "" if default is None else f' default="{default}"'
    return f'<parameter name="p"><content type="{kind}"{said}>{inner}</content></parameter>'


def test_what_a_resource_agent_says() -> None:
    facts = read(
        "ocf:acme:app",
        metadata(
            '<parameter name="ip" unique="1" required="1"><longdesc lang="en">x</longdesc><content type="string" default=""/></parameter>'
            '<parameter name="nic" required="1"><content type="string" default="eth0"/></parameter>',
            '<action name="start" timeout="20s"/><action name="monitor" timeout="20" interval="10" depth="0" role="Master"/>'
            '<action name="monitor" timeout="30" depth="10"/>',
        ),
    )
    assert facts.parameters == {
        "ip": Parameter("ip", is_required=True, group="ip"),
        "nic": Parameter("nic", is_required=True, has_default=True),
    }
    assert facts.actions == [
        Action("start", "20s"),
        Action("monitor", "20", "10", "Promoted"),
        Action("monitor", "30", depth="10"),
    ]


def test_groups_and_deprecation_as_in_version_1_1() -> None:
    version = "<version>1.1</version>"
    text = '<parameter name="p" unique="1" unique-group="address"/>'
    assert parameter(text, version=version).group == "address"
    assert parameter('<parameter name="p" unique="1"/>', version=version).group is None
    old = parameter(
        '<parameter name="p" required="1"><deprecated><replaced-with name="q"/></deprecated></parameter>', version=version
    )
    assert (old.is_deprecated, old.successor, old.is_required) == (True, "q", False)


def test_fence_agents_are_relaxed() -> None:
    both = '<parameter name="login" required="1" deprecated="1"/><parameter name="username" required="1" obsoletes="login"/>'
    given = "".join(
        f'<parameter name="{name}" required="1" unique="1"/>' for name in ("action", "port", "plug", "help", "version")
    )
    facts = read("stonith:fence_acme", metadata(both + given, '<action name="on" automatic="1"/><action name="monitor"/>'))
    assert facts.parameters == {
        "login": Parameter("login", is_deprecated=True, successor="username"),
        "username": Parameter("username", is_required=True),
        **{name: Parameter(name) for name in ("action", "port", "plug")},
    }
    assert facts.unfences
    assert [action.name for action in facts.actions] == ["on", "monitor", "start", "stop"]


def test_the_older_names_of_a_parameter_are_known_at_any_distance() -> None:
    chain = '<parameter name="a" deprecated="1"/><parameter name="b" deprecated="1" obsoletes="a"/><parameter name="c" obsoletes="b"/>'
    facts = read("stonith:fence_acme", metadata(chain))
    assert facts.predecessors("c") == ["b", "a"]
    ring = AgentFacts("x", {"a": Parameter("a", successor="b"), "b": Parameter("b", successor="a")}, [])
    assert ring.predecessors("a") == ["b"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (content("integer", "5"), "integer"),
        (content("integer", "5s"), "string"),
        (content("integer"), "integer"),
        (content("second", "5"), "second"),
        (content("second", "5s"), "second"),
        (content("time", "5"), "second"),
        (content("boolean", "true"), "boolean"),
        (content("boolean", "never"), "string"),
        (content("float"), "string"),
        (content("select"), "string"),
        (content("select", "a", '<option value="a"/><option value="b"/>'), "select"),
        (content("select", "c", '<option value="a"/><option value="b"/>'), "string"),
        ('<parameter name="p"/>', "string"),
    ],
)
def test_a_type_that_the_default_does_not_fit_is_none(text: str, kind: str) -> None:
    assert parameter(text).type == kind


def test_what_agents_say_before_their_metadata_is_skipped() -> None:
    assert read("ocf:acme:app", b"Warning: module not found\n" + metadata('<parameter name="p"/>')).parameters


def test_names_that_no_catalogue_can_hold_are_left_out() -> None:
    names = ("", "a b", "#a", "a()", "a&#10;b", "x" * 300)
    assert read("ocf:acme:app", metadata("".join(f'<parameter name="{name}"/>' for name in names))).parameters == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no XML"),
        (b"usage: app {start|stop}", "no XML"),
        (b"<resource-agent><parameters>", "no XML"),
        (b"<html/>", "of no agent"),
        (b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]><resource-agent>&e;</resource-agent>', "defines entities"),
        (b"<resource-agent/>" + b" " * MAX_BYTES, "more than 1024 KiB"),
        (b"<resource-agent>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</resource-agent>", "no XML"),
    ],
)
def test_what_is_no_metadata(data: bytes, reason: str) -> None:
    with pytest.raises(MetadataError, match=reason):
        read("ocf:acme:app", data)


def test_facts_in_json_are_read_in_the_same_way() -> None:
    text = catalogue_of(
        "facts.json",
        """{"agents": {"stonith:fence_acme": {"actions": [{"name": "on", "automatic": "1"}], "parameters": {
            "ipaddr": {"type": "string", "required": true, "deprecated": true},
            "ip": {"type": "string", "required": true, "obsoletes": "ipaddr"},
            "action": {"type": "string", "required": true, "has-default": true},
            "auth": {"type": "select", "options": ["a b", "c"], "has-default": true}}}}}""",
        {"stonith:fence_": "acme 1"},
    )
    assert text.splitlines()[1:] == [
        "covers stonith:fence_ acme 1",
        "",
        "stonith:fence_acme",
        "  action string",
        "  auth select options=a%20b|c",
        "  ip string required",
        "  ipaddr string deprecated successor=ip",
        "  on() automatic",
        "  start()",
        "  stop()",
    ]
