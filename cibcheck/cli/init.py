"""``cibcheck init``: a first cibcheck.toml, from what is found."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cibcheck.cli import OK
from cibcheck.config import FILE_NAMES, ClusterSettings, Settings, UsageError
from cibcheck.config.kinds import Tables, keys_of
from cibcheck.config.writing import toml_key, toml_value
from cibcheck.discovery.assembly import assemble
from cibcheck.discovery.loading import Loader, Request
from cibcheck.discovery.proposal import proposed_clusters
from cibcheck.report import plural, printable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from cibcheck.cli import Parser, Streams


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = None
    parser.description = f"Write a {FILE_NAMES[0]} for the clusters that are found below this folder."
    parser.add_argument("--dry-run", action="store_true", help="print it instead")


def execute(options: Namespace, streams: Streams) -> int:
    """Write the file and say what is in it.

    Raises:
        UsageError: there is a configuration already.
    """
    root = os.getcwd()
    for name in FILE_NAMES:
        if os.path.exists(os.path.join(root, name)) and not options.dry_run:
            raise UsageError(f"{name}: is there already; cibcheck init overwrites nothing")
    settings = Settings()
    loaded = Loader(settings).load(Request(["."]))
    assembly = assemble(loaded.cibs, loaded.node_files, settings.targets)
    clusters = proposed_clusters(loaded, assembly, root)
    text = "".join(f"{line}\n" for line in _lines(clusters))
    if options.dry_run:
        streams.stdout.write(text)
        return OK
    with open(os.path.join(root, FILE_NAMES[0]), "x", encoding="utf-8") as file:
        file.write(text)
    counted = {cluster.name: 0 for cluster in assembly.clusters}
    for owner in assembly.owners.values():
        counted[owner.cluster] += 1
    streams.stdout.write(f"{FILE_NAMES[0]}: written, with {plural(len(clusters), 'cluster')}\n")
    names = {cluster.cib.document.name: cluster.name for cluster in assembly.clusters if cluster.cib is not None}
    for cluster in clusters:
        files = plural(counted[names.get(cluster.cib or "", "")] if cluster.cib in names else 0, "node file")
        streams.stdout.write(f"{printable(cluster.name)}: {printable(str(cluster.cib))}, {files}\n")
    for document, reason in assembly.undetermined:
        streams.stdout.write(f"nobody knows whose this is: {printable(document.name)}: {printable(reason)}\n")
    return OK


def _lines(clusters: Sequence[ClusterSettings]) -> Iterator[str]:
    """The text of the file. Values are those that count anyway, so that a user sees what there is to change."""
    yield "# The configuration of cibcheck; `cibcheck config` explains all keys."
    yield ""
    for name in ("pacemaker", "fail-on", "ignore", "exclude"):
        key = keys_of(Settings)[name]
        yield f"{name} = {toml_value(key.kind.plain(key.default))}"
    for table in Tables(ClusterSettings).plain(clusters):
        yield ""
        yield "[[cluster]]"
        yield from (f"{toml_key(name)} = {toml_value(value)}" for name, value in table.items())
