"""A cluster: one CIB, or none, and the node files that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.documents.source import Place
from cibcheck.model.ledger import Gap, Ledger
from cibcheck.model.values import fold, listening_port

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cibcheck.documents.sysconfig import Assignment, SysconfigDocument
    from cibcheck.model.cib import Cib


class Environment:
    """What Pacemaker's daemons on one host find in their environment, from the host's sysconfig file."""

    def __init__(self, document: SysconfigDocument) -> None:
        self.document = document

    def get(self, name: str) -> Assignment | None:
        """The assignment of a ``PCMK_`` variable that counts; its old ``HA_`` name is read where it has none."""
        effective = self.document.effective
        return effective.get(name) or effective.get("HA_" + name.removeprefix("PCMK_"))

    def text(self, name: str) -> str | None:
        """The value of a variable."""
        assignment = self.get(name)
        return assignment.value if assignment else None

    def place(self, name: str) -> Place | None:
        """Where the value of a variable stands."""
        assignment = self.get(name)
        return Place(self.document, assignment, "value") if assignment else None

    def commented(self, name: str) -> Iterator[Assignment]:
        """The assignments of a variable that stand in comments, one to a line, so that nothing reads them."""
        return self.document.commented(name)

    @property
    def start(self) -> Place:
        """The file as such, for what it does not say."""
        return Place(self.document, None)

    @property
    def listening_port(self) -> int:
        """The TCP port that pacemaker_remote on this host listens on, and that its cluster node dials by default."""
        return listening_port(self.text("PCMK_remote_port"))


class Host:
    """One node's files. ``gap`` says why its environment is not known, where it is not."""

    def __init__(self, name: str, environment: Environment | None, gap: str | None = None) -> None:
        self.name = name
        self.environment = environment
        self.gap = gap


class Cluster:
    """The unit of checking. ``name`` is what reports call it; ``hosts`` are keyed by folded node name."""

    def __init__(self, name: str, cib: Cib | None, hosts: Iterable[Host] = (), ledger: Ledger | None = None) -> None:
        self.name = name
        self.cib = cib
        self.hosts: Mapping[str, Host] = {fold(host.name): host for host in hosts}
        self.ledger = ledger or (cib.ledger if cib else Ledger())

    def with_sysconfig(self, names: Iterable[str]) -> Iterator[tuple[str, Environment]]:
        """The environment of each node whose sysconfig file is known; the others are noted as not evaluated, with the reason."""
        for name in names:
            host = self.hosts.get(fold(name))
            if host is not None and host.environment is not None:
                yield name, host.environment
            else:
                self.ledger.note(Gap((host.gap if host else None) or "no sysconfig file", node=name))
