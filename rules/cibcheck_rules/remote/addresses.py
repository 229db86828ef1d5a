"""REM4: the address of a remote node."""

from __future__ import annotations

from cibcheck.api import WARNING, Cib, Findings, problem, rule


@rule("REM413", "remote-address-by-two-names", severity=WARNING, tags=("remote", "addresses"))
def remote_address_by_two_names(cib: Cib) -> Findings:
    """A connection has two addresses, by two names.

    `server` is the address of the remote node; `addr` is an old name of it. Where both are there and differ, it depends on the order
    in which Pacemaker walks them which of the two is dialled.

    Bad:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="params"><nvpair id="server" name="server" value="192.0.2.1"/>
        <nvpair id="addr" name="addr" value="«192.0.2.2»"/></instance_attributes>
    </primitive>
    ```

    Good:

    ```xml
    <primitive id="r1" class="ocf" provider="pacemaker" type="remote">
      <instance_attributes id="params"><nvpair id="server" name="server" value="192.0.2.1"/></instance_attributes>
      <operations><op id="r1-monitor" name="monitor" interval="60s" timeout="60s"/></operations>
    </primitive>
    ```

    References:
    - Pacemaker's source, daemons/controld/controld_remote_ra.c
    """
    for connection in cib.connections:
        new, old = connection.parameters.get("server").certain, connection.parameters.get("addr").certain
        if new is not None and old is not None and new.text != old.text:
            yield problem(
                old.place,
                f"connection {connection.id!r} has the address {old.text!r} by an old name, and {new.text!r}",
                consequence="which of the two is dialled is not sure",
                help="keep server, and remove addr",
                related=[(new.place, "the other address")],
                affects=[connection.id],
            )
