"""``cibcheck agents``: what is known of resource and fence agents, and how more comes to be known."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cibcheck.agents.catalogue import CatalogueError, Catalogues, load
from cibcheck.agents.facts import written
from cibcheck.cli import OK
from cibcheck.cli.builtin import settings_of
from cibcheck.cli.output import write_file
from cibcheck.config import UsageError, did_you_mean
from cibcheck.report import printable

if TYPE_CHECKING:
    from argparse import Namespace

    from cibcheck.cli import Parser, Streams

_OCF_ROOT, _FENCE_AGENTS = "/usr/lib/ocf", "/usr/sbin"


def add_arguments(parser: Parser) -> None:
    """The options of the command."""
    parser.epilog = (
        "list [BEGINNING]  the names of all agents known, or of those that start so (ocf:heartbeat:)\n"
        "show AGENT        what one takes\n"
        "harvest           ask the agents that are installed here, and write a catalogue of them\n"
        "merge FILE...     one catalogue of several: what holds in all of them"
    )
    parser.description = "Say what is known of resource and fence agents, or get to know those that are installed."
    parser.add_argument("action", choices=("list", "show", "harvest", "merge"), help="what to do")
    parser.add_argument(
        "names", nargs="*", metavar="AGENT|FILE", help="an agent (class:provider:type, or its type), a beginning, or catalogues"
    )
    parser.add_argument("--output", metavar="FILE", help="where harvest and merge write (default: standard output)")
    parser.add_argument("--ocf-root", default=_OCF_ROOT, metavar="FOLDER", help=f"with resource.d in it (default: {_OCF_ROOT})")
    parser.add_argument("--fence-agents", default=_FENCE_AGENTS, metavar="FOLDER", help=f"default: {_FENCE_AGENTS}")
    parser.add_argument("--config", metavar="FILE", help="the configuration, which may name catalogues (default: the nearest)")
    parser.add_argument("--isolated", action="store_true", help="read no configuration")


def execute(options: Namespace, streams: Streams) -> int:
    """Print, or write a catalogue. Catalogues that do not answer are named on standard error.

    Raises:
        UsageError: there is no such agent, a catalogue is none, or the output cannot be written.
    """
    try:
        return {"list": _list, "show": _show, "harvest": _harvest, "merge": _merge}[options.action](options, streams)
    except CatalogueError as error:
        raise UsageError(str(error)) from None


def _agents(options: Namespace) -> Catalogues:
    settings = settings_of(options)
    return Catalogues(load(name, os.path.join(settings.folder or "", name)) for name in settings.agents)


def _list(options: Namespace, streams: Streams) -> int:
    if len(options.names) > 1:
        raise UsageError("agents list takes one beginning at most")
    known, start = _agents(options).names(), "".join(options.names)
    found = [name for name in known if name.startswith(start)]
    if not found:
        beginnings = {f"{name.rpartition(':')[0]}:" for name in known}
        raise UsageError(f"no agent's name starts with {start!r}{did_you_mean(start, sorted(beginnings))}")
    streams.stdout.writelines(f"{printable(name)}\n" for name in found)
    return OK


def _show(options: Namespace, streams: Streams) -> int:
    if len(options.names) != 1:
        raise UsageError("agents show takes one agent")
    agents, wanted = _agents(options), options.names[0]
    known = agents.names()
    found = [name for name in known if wanted in (name, name.split(":", 2)[-1], name.rpartition(":")[2])]
    if not found:
        raise UsageError(
            f"no agent is called {wanted!r}{did_you_mean(wanted, [*known, *(name.rpartition(':')[2] for name in known)])}"
        )
    blocks = ("\n".join(map(printable, written(facts))) for name in found if (facts := agents.get(name)) is not None)
    streams.stdout.write("\n\n".join(blocks) + "\n")
    return OK


def _harvest(options: Namespace, streams: Streams) -> int:
    from cibcheck.agents.harvest import harvest

    if options.names:
        raise UsageError("agents harvest takes no names")
    found = harvest(options.ocf_root, options.fence_agents)
    if not found.told and not found.failures:
        raise UsageError(f"no agent is installed below {options.ocf_root} or in {options.fence_agents}")
    _write(options, streams, found.text)
    streams.stderr.write(f"cibcheck: {found.told} agent{' told of itself' if found.told == 1 else 's told of themselves'}\n")
    streams.stderr.writelines(f"cibcheck: {printable(one.name)}: {printable(one.failure or '')}\n" for one in found.failures)
    return OK


def _merge(options: Namespace, streams: Streams) -> int:
    from cibcheck.agents.merge import merged

    if not options.names:
        raise UsageError("name the catalogues to merge")
    _write(options, streams, merged([load(name, name) for name in options.names]))
    return OK


def _write(options: Namespace, streams: Streams, text: str) -> None:
    if options.output is None:
        streams.stdout.write(text)
        return
    try:
        write_file(options.output, text)
    except OSError as error:
        raise UsageError(f"{options.output}: {error.strerror}") from None
