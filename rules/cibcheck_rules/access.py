"""ACL: who may do what with the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, Remove, problem, rule, safe_fix, xpath_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element

TAGS = ("acl", "security")


def _acls(cib: Cib, *tags: str) -> Iterator[Element]:
    section = cib.section("acls")
    if section is not None:
        yield from section.iterchildren(*tags)


def _subjects(cib: Cib) -> Iterator[tuple[Element, str]]:
    """Each user and group for whom something is granted; ``name``, where there is one, says who it is."""
    for element in _acls(cib, "acl_target", "acl_group"):
        yield element, element.get("name") or element.get("id") or ""


def _roles(cib: Cib) -> dict[str, Element]:
    return {element.get("id", ""): element for element in _acls(cib, "acl_role")}


@rule("ACL101", "no-such-acl-role", severity=ERROR, tags=TAGS)
def no_such_acl_role(cib: Cib) -> Findings:
    """A user is given a role that is none.

    The schema only asks that some element has the id. Pacemaker ignores the reference: the user has none of the permissions that were meant,
    and is not denied what was to be denied.

    Bad:

    ```xml
    <primitive id="web" class="ocf" provider="heartbeat" type="nginx"/>
    <acl_target id="alice"><role id="«web»"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    - Pacemaker 3.0.2, lib/common/acl.c
    """
    roles = _roles(cib)
    for element, who in _subjects(cib):
        for role in element.iterchildren("role"):
            name = role.get("id")
            # The schema wants an id, and that it is somebody's.
            if name is not None and name not in roles:
                target = cib.element(name)
                yield problem(
                    cib.document.place(role, "id"),
                    f"role {name!r} of {who!r} is no acl_role",
                    consequence=f"{who!r} gets nothing from it, and is denied nothing by it",
                    help="name an <acl_role>",
                    related=[(cib.document.place(target, "id"), f"a {target.tag!s}")] if target is not None else [],
                )


@rule("ACL102", "acls-switched-off", severity=WARNING, tags=TAGS)
def acls_switched_off(cib: Cib) -> Findings:
    """Access is regulated, and the regulation is off.

    Without `enable-acl=true` the section has no effect: every user of the group haclient may do everything.

    Bad:

    ```xml
    <acls>«<acl_role id="reader">»<acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
      <acl_target id="alice"><role id="reader"/></acl_target></acls>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    if cib.switch(False, "enable-acl") is not False:
        return
    setting = cib.option("enable-acl").certain
    for element in _acls(cib, "acl_role", "acl_target", "acl_group", "acl_user"):
        yield problem(
            cib.document.place(element),
            "there are access control lists, and enable-acl is not true",
            consequence="they have no effect: every user of the group haclient may do everything",
            help="set enable-acl to true",
            related=[(setting.place, "switches them off")] if setting else [],
        )
        return


@rule("ACL103", "acl-for-privileged-user", severity=WARNING, tags=TAGS)
def acl_for_privileged_user(cib: Cib) -> Findings:
    """Access is regulated for a user who may do everything.

    root and hacluster are not asked.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="«hacluster»"><role id="reader"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    for element, who in _subjects(cib):
        if element.tag == "acl_target" and who in ("root", "hacluster"):
            yield problem(
                cib.document.place(element, "name" if element.get("name") else "id"),
                f"{who} may do everything, whatever its roles",
                consequence="the entry has no effect",
                help="remove it",
            )


@rule("ACL104", "broken-acl-xpath", severity=ERROR, tags=TAGS)
def broken_acl_xpath(cib: Cib) -> Findings:
    """The XPath of a permission is none.

    It matches nothing: what was to be granted is not, and what was to be denied is not denied either.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="operator"><acl_permission id="deny-pw" kind="deny" xpath="«//nvpair[@name='passwd'»"/></acl_role>
    <acl_target id="alice"><role id="operator"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="operator"><acl_permission id="deny-pw" kind="deny" xpath="//nvpair[@name='passwd']"/></acl_role>
    <acl_target id="alice"><role id="operator"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    for role in _acls(cib, "acl_role"):
        for permission in role.iterchildren("*"):
            text = permission.get("xpath")
            error = xpath_error(text) if text is not None else None
            if error is not None:
                kind = permission.get("kind") or str(permission.tag)
                yield problem(
                    cib.document.place(permission, "xpath"),
                    f"{text!r} is no XPath: {error}",
                    consequence=f"the permission matches nothing: {'nothing is denied' if kind == 'deny' else 'it grants nothing'}",
                    help="mend the expression; it is XPath 1.0",
                )


@rule("ACL105", "acl-subject-without-role", severity=WARNING, tags=TAGS)
def acl_subject_without_role(cib: Cib) -> Findings:
    """A user or group is listed and has no role.

    With `enable-acl` who has no role may see and do nothing.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_target id="«alice»"/>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    for element, who in _subjects(cib):
        if next(element.iterchildren("*"), None) is None:
            yield problem(
                cib.document.place(element, "id"),
                f"{who!r} has no role",
                consequence="the entry grants nothing",
                help='give it roles: <role id="…"/>',
            )


@rule("ACL106", "repeated-acl-role", severity=INFO, tags=TAGS, fix="safe")
def repeated_acl_role(cib: Cib) -> Findings:
    """A user or group has the same role twice.

    The second one adds nothing.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/><role id="«reader»"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    for element, who in _subjects(cib):
        seen: set[str] = set()
        for role in element.iterchildren("role"):
            name = role.get("id", "")
            if name in seen:
                yield problem(
                    cib.document.place(role, "id"),
                    f"{who!r} has role {name!r} twice",
                    consequence="the second one adds nothing",
                    help="remove it",
                    fix=safe_fix(f"remove the second role {name!r}", Remove(cib.document.place(role))),
                )
            seen.add(name)


@rule("ACL107", "repeated-acl-target", severity=WARNING, tags=TAGS)
def repeated_acl_target(cib: Cib) -> Findings:
    """A user is listed twice.

    To the schema the id of a target is plain text, so nothing else notices. What counts for the user is hard to see, and tools that look for
    the user find the first entry only.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_role id="writer"><acl_permission id="write-all" kind="write" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    <acl_target id="«alice»"><role id="writer"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_role id="writer"><acl_permission id="write-all" kind="write" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/><role id="writer"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    first: dict[tuple[str, str], Element] = {}
    for element, who in _subjects(cib):
        before = first.setdefault((str(element.tag), who), element)
        if before is not element:
            yield problem(
                cib.document.place(element, "name" if element.get("name") else "id"),
                f"{who!r} is listed twice",
                consequence="what the user may do is spread over two entries",
                help="put all roles into one entry",
                related=[(cib.document.place(before, "name" if before.get("name") else "id"), "listed here")],
            )


@rule("ACL108", "acl-role-without-permission", severity=INFO, tags=TAGS)
def acl_role_without_permission(cib: Cib) -> Findings:
    """A role grants and denies nothing.

    Who has no other role may see and do nothing.

    Bad:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="«reader»"/>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    Good:

    ```xml
    <cluster_property_set id="props"><nvpair id="on" name="enable-acl" value="true"/></cluster_property_set>
    <acl_role id="reader"><acl_permission id="read-all" kind="read" xpath="/cib"/></acl_role>
    <acl_target id="alice"><role id="reader"/></acl_target>
    ```

    References:
    - Pacemaker Explained, "Access Control Lists (ACLs)"
    """
    for name, role in _roles(cib).items():
        if next(role.iterchildren("*"), None) is None:
            yield problem(
                cib.document.place(role, "id"),
                f"role {name!r} has no permission",
                consequence="it grants nothing",
                help="add an acl_permission, or remove the role",
            )
