"""Catalogues of agents: what a file says of one is found by its name, and a wrong line is an error with its number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cibcheck.agents.catalogue import FIRST_LINE, Catalogue, CatalogueError, Catalogues, load, shipped
from cibcheck.agents.facts import Action, AgentFacts, Parameter, read, written
from cibcheck.agents.merge import catalogue_text, merged
from cibcheck.cli.builtin import all_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

SHIPPED = Path(__file__).parent.parent.parent / "schemas/agents.txt"


def catalogue(*agents: AgentFacts) -> Catalogue:
    return Catalogue("test", catalogue_text({}, agents).encode())


def agent(*parameters: Parameter, actions: Sequence[Action] = ()) -> AgentFacts:
    return AgentFacts("ocf:acme:app", {one.name: one for one in parameters}, list(actions))


# --- What is shipped


def test_each_line_of_the_shipped_catalogue_has_a_meaning() -> None:
    assert len(load("agents.txt", str(SHIPPED)).names()) > 250


def test_the_shipped_catalogue_is_as_merge_writes_it() -> None:
    assert merged([shipped()]) == SHIPPED.read_text("utf-8")


def test_it_covers_the_providers_whose_packages_it_was_made_from() -> None:
    assert list(shipped().covered) == ["ocf:heartbeat:", "ocf:pacemaker:", "stonith:fence_"]
    assert shipped().covers("ocf:heartbeat:nobody")
    assert not shipped().covers("ocf:linbit:drbd")
    assert not shipped().covers("stonith:external/ipmi")


def test_known_facts() -> None:
    agents = Catalogues()
    address = agents.get("ocf:heartbeat:IPaddr2")
    assert address is not None
    assert address.parameters["ip"] == Parameter("ip", is_required=True, group="ip")
    remote = agents.get("ocf:pacemaker:remote")
    assert remote is not None
    assert {one.group for one in remote.parameters.values()} == {"address", None}
    stateful = agents.get("ocf:pacemaker:Stateful")
    assert stateful is not None
    assert {one.role for one in stateful.actions if one.name == "monitor"} == {"Promoted", "Unpromoted"}
    unfencing = [one.name.removeprefix("stonith:fence_") for one in shipped().all() if one.unfences]
    assert unfencing == ["brocade", "cisco_mds", "compute", "ifmib", "mpath", "sanbox2", "scsi"]


def test_no_fence_agent_wants_what_pacemaker_gives_it_or_what_is_for_the_command_line() -> None:
    for facts in shipped().all():
        if facts.is_fence_agent:
            assert not {"help", "version"} & facts.parameters.keys()
            assert not any(facts.parameters[name].is_required for name in ("action", "port", "plug") if name in facts.parameters)
            assert not any(one.group for one in facts.parameters.values())


def test_no_parameter_is_both_required_and_deprecated_and_each_successor_exists() -> None:
    for facts in shipped().all():
        for one in facts.parameters.values():
            assert not (one.is_required and one.is_deprecated)
            assert one.successor is None or one.successor in facts.parameters


def test_of_a_catalogue_only_the_lines_of_the_agents_asked_for_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    names = shipped().names()[::26][:10]
    blocks: list[Sequence[str]] = []

    def noted(lines: Sequence[str]) -> AgentFacts:
        blocks.append(lines)
        return read(lines)

    monkeypatch.setattr("cibcheck.agents.catalogue.read", noted)
    agents = Catalogues()
    assert all(agents.get(name) for name in names for _ in range(3))
    assert [lines[0].removesuffix(" name-only") for lines in blocks] == names
    assert "_starts" not in vars(agents._shipped)  # a search for each is cheaper than an index of all


def test_nothing_is_read_for_a_cib_without_agents_that_could_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    from cibcheck.testing import check

    def refuse() -> Catalogue:
        raise AssertionError("the catalogue is read")

    monkeypatch.setattr("cibcheck.agents.catalogue.shipped", refuse)
    rules = [rule for rule in all_rules(plugins=False) if rule.code.startswith("AGT")]
    cib = "<cib><configuration><crm_config/><nodes/><resources/><constraints/></configuration></cib>"
    assert check(cib, rules=rules).internal_errors == []
    with_agent = cib.replace(
        "<resources/>", '<resources><primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/></resources>'
    )
    assert len(check(with_agent, rules=rules).internal_errors) > 0


# --- Looking up


def test_a_name_is_found_whole_or_not_at_all() -> None:
    known = catalogue(AgentFacts("ocf:acme:app", {}, []), AgentFacts("ocf:acme:app-2", {}, [], is_name_only=True))
    assert known.names() == ["ocf:acme:app", "ocf:acme:app-2"]
    for name in (
        "ocf:acme:ap",
        "ocf:acme:app-",
        "acme:app",
        "app",
        "",
        "covers",
        "  ip",
        "ocf:acme:app\n",
        "ocf:acme:app name-only",
    ):
        assert known.find(name) is None
    found = known.find("ocf:acme:app-2")
    assert found is not None
    assert found.is_name_only


def test_the_last_of_the_users_catalogues_has_the_say() -> None:
    first = catalogue(agent(Parameter("old")))
    second = catalogue(agent(Parameter("new")))
    found = Catalogues([first, second]).get("ocf:acme:app")
    assert found is not None
    assert list(found.parameters) == ["new"]


_WORDS = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=8).filter(lambda text: text.split() == [text])
_NAMES = _WORDS.filter(lambda text: not text.startswith("#") and not text.endswith("()"))
_TEXTS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=8)
_PARAMETERS = st.builds(
    Parameter,
    _NAMES,
    st.sampled_from(("boolean", "integer", "second", "select", "string")),
    st.booleans(),
    st.booleans(),
    st.none() | _TEXTS,
    st.booleans(),
    st.none() | _WORDS,
    st.lists(_TEXTS, max_size=3).map(tuple),
)
_ACTIONS = st.builds(
    Action, _WORDS, st.none() | _TEXTS, st.none() | _TEXTS, st.none() | _WORDS, st.none() | _TEXTS, st.booleans()
)


@given(st.lists(_PARAMETERS, max_size=4), st.lists(_ACTIONS, max_size=4))
def test_what_is_written_is_read_again(parameters: list[Parameter], actions: list[Action]) -> None:
    facts = agent(*parameters, actions=actions)
    again = read(list(written(facts)))
    assert (again.name, again.parameters, again.actions) == (facts.name, facts.parameters, facts.actions)
    found = catalogue(facts).find(facts.name)
    assert found is not None
    assert found.parameters == facts.parameters


# --- What users write


GOOD = f"""{FIRST_LINE}
# our own
covers ocf:acme: acme-agents 3

ocf:acme:app
  # where it listens
  port integer required
  start() timeout=20s
"""


def loaded(folder: Path, text: str | bytes) -> Catalogue:
    path = folder / "site.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load("site.txt", str(path))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_catalogue_by_hand(tmp_path: Path, ends: str) -> None:
    facts = loaded(tmp_path, GOOD.replace("\n", ends)).find("ocf:acme:app")
    assert facts is not None
    assert facts.parameters["port"].is_required
    assert facts.actions == [Action("start", "20s")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FIRST_LINE, "agents", "site.txt:1: a catalogue of agents starts with the line"),
        ("integer", "number", "site.txt:7: the parameter 'port' needs a type: boolean, integer, second, select, string"),
        ("required", "needed", "site.txt:7: what does 'needed' say of the parameter 'port'?"),
        ("timeout=20s", "timeout", "site.txt:8: what does 'timeout' say of the action 'start'?"),
        ("  port", "port", "site.txt:7: an empty line ends what is said of an agent"),
        ("ocf:acme:app", "app", "site.txt:5: neither an agent (class:provider:type) nor what one takes (indented)"),
        ("ocf:acme:app", "ocf:acme:app new", "site.txt:5: what does 'new' say of an agent?"),
        ("  start() timeout=20s", "  port string", "ocf:acme:app has the parameter 'port' twice"),
        ("  start() timeout=20s\n", "\nocf:acme:app\n", "site.txt:9: ocf:acme:app is here twice"),
    ],
)
def test_a_line_without_meaning_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(CatalogueError) as caught:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="it is not UTF-8"):
        loaded(tmp_path, GOOD.encode() + b"\xff")


def test_what_is_no_file() -> None:
    with pytest.raises(CatalogueError, match="it is no file"):
        load("null", "/dev/null")
    with pytest.raises(CatalogueError, match="No such file"):
        load("none", "/nowhere")


# --- Several in one


def test_a_merged_catalogue_says_what_all_versions_say() -> None:
    old = agent(
        Parameter("ip", is_required=True),
        Parameter("gone", is_required=True),
        Parameter("size", "integer"),
        actions=[Action("start", "60s"), Action("monitor", "20s", "10s", "Promoted")],
    )
    new = agent(
        Parameter("ip", is_required=True, group="ip"),
        Parameter("size", "second", is_required=True),
        Parameter("kind", "select", options=("a", "b")),
        actions=[Action("start", "1m"), Action("start", "30s"), Action("reload", "10s")],
    )
    text = merged([catalogue(old), catalogue(new)])
    assert text.splitlines()[2:] == [
        "ocf:acme:app",
        "  gone string",
        "  ip string required",
        "  kind select options=a|b",
        "  size string",
        "  start() timeout=30s",
        "  monitor() timeout=20s interval=10s role=Promoted",
        "  reload() timeout=10s",
    ]


def test_a_name_alone_says_less_than_facts() -> None:
    name_only = AgentFacts("ocf:acme:app", {}, [], is_name_only=True)
    known = catalogue(agent(Parameter("ip")))
    for pair in ([catalogue(name_only), known], [known, catalogue(name_only)]):
        assert "  ip string" in merged(pair)
        assert "name-only" not in merged(pair)
