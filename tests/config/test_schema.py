"""The JSON Schema of the configuration: current, a schema, and of one mind with what reads the configuration."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cibcheck.cli.builtin import all_rules
from cibcheck.config import Settings, UsageError, layers
from cibcheck.config.kinds import keys_of
from command import cibcheck

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "schemas/cibcheck.schema.json"


def examples() -> list[Any]:
    """The configurations that the documentation shows."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [
        pytest.param(match[1], id=f"{page.name}-{number}")
        for page in pages
        for number, match in enumerate(re.finditer(r"^```toml\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL), 1)
        if not match[1].startswith("[project")  # that of a plugin's package
    ]


def table_of(text: str) -> dict[str, Any]:
    """Our part of a configuration, be it shown as cibcheck.toml or as pyproject.toml."""
    table = tomllib.loads(text)
    ours: dict[str, Any] = table.get("tool", {}).get("cibcheck", table)
    return ours


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_schema_in_the_tree_is_current() -> None:
    """To renew it: ``cibcheck config --schema --no-plugins > schemas/cibcheck.schema.json``."""
    assert SCHEMA.read_text() == cibcheck("config", "--schema", "--no-plugins").out


def test_it_has_every_key_with_a_description(validator: Any) -> None:
    properties = validator.schema["properties"]
    assert list(properties) == list(keys_of(Settings))
    assert all(one["description"] for one in properties.values())


def test_every_rule_with_options_is_in_it(validator: Any) -> None:
    known = validator.schema["properties"]["rules"]["properties"]
    for rule in all_rules(plugins=False):
        assert (rule.code in known) == bool(rule.options)


@pytest.mark.parametrize("text", examples())
def test_the_configurations_in_the_documentation_are_valid(validator: Any, text: str) -> None:
    validator.validate(table_of(text))
    layers.merged([layers.of_text(text)] if "[tool." not in text else [])


@pytest.mark.parametrize(
    "text",
    [
        "selct = []",
        "select = 'REM'",
        "fail-on = 'fatal'",
        "force-exclude = 1",
        "[severity]\nREM = 'fatal'",
        "[[cluster]]\nnam = 'x'",
        "[[cluster]]\nnode-files = ['x']",
        "[[suppression]]\nid = 'x'",
        "[[suppression]]\nid = 3\nrules = ['REM101']",
        "[[suppression]]\nid = []\nrules = ['REM101']",
        "[[suppression]]\nid = 'x'\nrules = []",
        "per-file-ignores = []",
        "baseline = ''",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(validator: Any, text: str) -> None:
    with pytest.raises(UsageError):
        layers.merged([layers.of_text(text)])
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(tomllib.loads(text))


def test_config_explains_keys() -> None:
    assert "From this severity on, the exit code is 1." in cibcheck("config", "fail-on").out
    assert "node-files" in cibcheck("config", "cluster").out
    assert "there is no key 'fail-no'; did you mean 'fail-on'?" in cibcheck("config", "fail-no").err
    everything = cibcheck("config").out
    assert all(f"{name}:" in everything.replace("[[", "").replace("]]", "") for name in keys_of(Settings))
