"""Facts of agents as JSON, as other programs gather them; how the first catalogue was made.

``{"agents": {"ocf:heartbeat:Dummy": {"parameters": {"state": {"type": "string", "unique": true}}, "actions": [{"name": "start"}]}}}``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

from cibcheck.agents import metadata
from cibcheck.agents.catalogue import CatalogueError
from cibcheck.agents.merge import catalogue_text


def catalogue_of(name: str, text: str, covered: dict[str, str]) -> str:
    """The text of a catalogue, from facts in JSON. ``covered`` has the sources by the prefixes of which the facts are complete.

    Raises:
        CatalogueError: the text is no such thing.
    """
    try:
        agents = json.loads(text)["agents"]
        facts = [metadata.read(agent, etree.tostring(_metadata(said))) for agent, said in agents.items()]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise CatalogueError(f"{name}: it does not have facts of agents") from None
    return catalogue_text(covered, facts)


def _metadata(said: dict[str, Any]) -> etree._Element:
    """The facts as an agent itself would tell them, so that they are read in one way."""
    root = etree.Element("resource-agent")
    has_groups = any("unique-group" in one for one in said["parameters"].values())
    etree.SubElement(root, "version").text = "1.1" if has_groups else "1.0"
    parameters = etree.SubElement(root, "parameters")
    for name, facts in said["parameters"].items():
        element = etree.SubElement(parameters, "parameter", name=name)
        for key in ("required", "unique", "deprecated"):
            if facts.get(key):
                element.set(key, "1")
        for key in ("obsoletes", "unique-group"):
            if key in facts:
                element.set(key, facts[key])
        content = etree.SubElement(element, "content", type=facts.get("type", "string"))
        for option in facts.get("options", ()):
            etree.SubElement(content, "option", value=option)
        if facts.get("has-default"):
            _set_some_default(content)
    actions = etree.SubElement(root, "actions")
    for action in said["actions"]:
        etree.SubElement(actions, "action", {key: str(value) for key, value in action.items()})
    return root


def _set_some_default(content: etree._Element) -> None:
    """The facts say that there is a default, not which; one that fits the type tells as much."""
    fitting = {"boolean": "0", "integer": "0", "second": "0"}
    option = content.find("option")
    content.set("default", option.get("value", "x") if option is not None else fitting.get(content.get("type", ""), "x"))


def main(arguments: list[str]) -> None:
    """``python -m cibcheck.agents.raw_facts FACTS.json PREFIX=SOURCE…`` prints a catalogue."""
    file, *covered = arguments
    text = Path(file).read_text("utf-8")
    sys.stdout.write(catalogue_of(file, text, dict(one.split("=", 1) for one in covered)))


if __name__ == "__main__":
    main(sys.argv[1:])
