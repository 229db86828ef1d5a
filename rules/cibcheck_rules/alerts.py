"""ALR: alerts, their recipients, and the meta-attributes of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, Cib, Findings, options, problem, rule, values
from cibcheck_rules.options.judging import ask, bad_value, faulty, is_allowed, read_in_part, strangers, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cibcheck.api import Element

TAGS = ("alerts",)
META = (("meta_attributes", "alert"), ("meta_attributes", "recipient"))


def _alerts(cib: Cib) -> Iterator[Element]:
    section = cib.section("alerts")
    if section is not None:
        yield from section.iterchildren("alert")


def _meta(owner: Element, name: str) -> Iterator[Element]:
    for held in owner.iterchildren("meta_attributes"):
        for pair in held.iterchildren("nvpair"):
            if pair.get("name") == name and "value" in pair.attrib:
                yield pair


@rule("ALR101", "alert-path-not-absolute", severity=ERROR, tags=TAGS)
def alert_path_not_absolute(cib: Cib) -> Findings:
    """The path of an alert's program is not absolute.

    Pacemaker runs the program as it is named, from a directory of its own and without a search path. It does not find it, and nobody is
    told of anything.

    Bad:

    ```xml
    <alert id="mail" path="«alert_smtp.sh»"/>
    ```

    ```xml
    <alert id="mail" path="«»"/>
    ```

    Good:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh"/>
    ```

    References:
    - Pacemaker Explained, "Alerts"
    """
    for alert in _alerts(cib):
        path = alert.get("path")
        if path is not None and not path.startswith("/"):
            yield problem(
                cib.document.place(alert, "path"),
                f"alert {alert.get('id')!r} has the path {path!r}, which is not absolute"
                if path
                else f"alert {alert.get('id')!r} has no path",
                consequence="the program is not found: nobody is told of anything",
                help="write the whole path, from / on; the program must be there on every node",
            )


@rule("ALR102", "empty-alert-recipient", severity=WARNING, tags=TAGS)
def empty_alert_recipient(cib: Cib) -> Findings:
    """A recipient of an alert is empty.

    Most programs do nothing without a recipient.

    Bad:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh"><recipient id="to" value="« »"/></alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh"><recipient id="to" value="ops@example.com"/></alert>
    ```

    References:
    - Pacemaker Explained, "Alerts"
    """
    for alert in _alerts(cib):
        for recipient in alert.iterchildren("recipient"):
            if "value" in recipient.attrib and not recipient.get("value", "").strip():
                yield problem(
                    cib.document.place(recipient, "value"),
                    f"alert {alert.get('id')!r} has an empty recipient",
                    consequence="the program is called without one",
                    help="name the recipient, or remove it",
                )


@rule("ALR103", "repeated-alert-recipient", severity=WARNING, tags=TAGS)
def repeated_alert_recipient(cib: Cib) -> Findings:
    """A recipient of an alert is listed twice.

    It gets every alert twice.

    Bad:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh">
      <recipient id="to-1" value="ops@example.com"/><recipient id="to-2" value="«ops@example.com»"/>
    </alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh">
      <recipient id="to-1" value="ops@example.com"/><recipient id="to-2" value="boss@example.com"/>
    </alert>
    ```

    References:
    - Pacemaker Explained, "Alerts"
    """
    for alert in _alerts(cib):
        first: dict[str, Element] = {}
        for recipient in alert.iterchildren("recipient"):
            value = recipient.get("value", "")
            before = first.setdefault(value, recipient)
            if before is not recipient and value:
                yield problem(
                    cib.document.place(recipient, "value"),
                    f"alert {alert.get('id')!r} has recipient {value!r} twice",
                    consequence="it gets every alert twice",
                    help="remove one of the two",
                    related=[(cib.document.place(before, "value"), "the first")],
                )


@rule("ALR104", "empty-alert-selection", severity=WARNING, tags=TAGS)
def empty_alert_selection(cib: Cib) -> Findings:
    """An alert selects nothing, which means everything.

    An empty `select` does not switch the alert off: it is as if it were not there, and the alert is for nodes, fencing and resources.

    Bad:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh">«<select/>»</alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh"><select><select_fencing/></select></alert>
    ```

    References:
    - Pacemaker's source, lib/pengine/rules_alerts.c
    """
    for alert in _alerts(cib):
        for select in alert.iterchildren("select"):
            if next(select.iterchildren("*"), None) is None:
                yield problem(
                    cib.document.place(select),
                    f"alert {alert.get('id')!r} selects nothing",
                    consequence="it is called for nodes, fencing and resources, as without a selection",
                    help="say what it is for, or remove the element; to switch the alert off set enabled=false",
                )


@rule("ALR105", "recipient-of-disabled-alert", severity=WARNING, tags=TAGS)
def recipient_of_disabled_alert(cib: Cib) -> Findings:
    """A recipient is switched on, and its alert is switched off.

    `enabled=false` of the alert counts for all its recipients: none of them can take it back.

    Bad:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-enabled" name="enabled" value="false"/></meta_attributes>
      <recipient id="admin" value="admin@example.com">
        <meta_attributes id="admin-meta"><nvpair id="admin-enabled" name="enabled" value="«true»"/></meta_attributes>
      </recipient>
    </alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/var/lib/pacemaker/alert_smtp.sh">
      <recipient id="admin" value="admin@example.com"/>
      <recipient id="backup" value="backup@example.com">
        <meta_attributes id="backup-meta"><nvpair id="backup-enabled" name="enabled" value="false"/></meta_attributes>
      </recipient>
    </alert>
    ```

    References:
    - Pacemaker Explained, "Alerts", meta-attributes
    """
    for alert in _alerts(cib):
        # A set with a rule may not count.
        plain = [pair for pair in _meta(alert, "enabled") if next(pair.itersiblings("rule", preceding=True), None) is None]
        if not plain or values.boolean(plain[0].get("value", "")).value is not False:
            continue
        for recipient in alert.iterchildren("recipient"):
            for pair in _meta(recipient, "enabled"):
                if values.boolean(pair.get("value", "")).value:
                    yield problem(
                        cib.document.place(pair, "value"),
                        f"recipient {recipient.get('id')!r} is switched on, but alert {alert.get('id')!r} is switched off",
                        consequence="the alert is sent to nobody",
                        help="switch the alert on, and off for those recipients that are not meant",
                        related=[(cib.document.place(plain[0], "value"), "the alert is switched off")],
                    )


@rule("ALR301", "unknown-alert-option", severity=ERROR, tags=(*TAGS, "options"), fix="unsafe")
def unknown_alert_option(cib: Cib, *, allow: tuple[str, ...] = ()) -> Findings:
    """Pacemaker does not know the name of a meta-attribute of an alert or a recipient.

    It reads three names there, and ignores all others; what is meant for the alert's program goes into instance_attributes. It is an error if
    the name is surely a misspelling of one of the three.

    Bad:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-format" name="«timestamp_format»" value="%H:%M"/></meta_attributes>
    </alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-format" name="timestamp-format" value="%H:%M"/></meta_attributes>
    </alert>
    ```

    References:
    - Pacemaker Explained, "Alert Meta-Attributes"
    """
    ask(cib, "alerts")
    table = options("Alert meta-attributes")
    for _, name, element, _ in strangers(cib, table, META):
        if not is_allowed(name, allow):
            yield unknown_name(cib, element, "option of alerts", table, belongs=None, far=INFO)


@rule("ALR302", "bad-alert-option", severity=ERROR, tags=(*TAGS, "options"), fix="sometimes")
def bad_alert_option(cib: Cib) -> Findings:
    """A meta-attribute of an alert or a recipient has a value that Pacemaker does not understand.

    crm_verify does not look at alerts. A bad timeout becomes 30 seconds, and what is not surely enabled is disabled.

    Bad:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-timeout" name="timeout" value="«PT1M»"/></meta_attributes>
      <recipient id="mail-admin" value="admin@example.com">
        <meta_attributes id="admin-meta"><nvpair id="admin-timeout" name="timeout" value="«-5s»"/></meta_attributes>
      </recipient>
    </alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-timeout" name="timeout" value="1min"/></meta_attributes>
    </alert>
    ```

    References:
    - Pacemaker Explained, "Alert Meta-Attributes"
    - Pacemaker 3.0.1, lib/common/alerts.c: unpack_alert_options
    """
    ask(cib, "alerts")
    for pair, reason in faulty(cib, options("Alert meta-attributes"), META):
        yield bad_value(pair, reason)


@rule("ALR306", "alert-option-read-in-part", severity=WARNING, tags=(*TAGS, "options"), fix="unsafe")
def alert_option_read_in_part(cib: Cib) -> Findings:
    """Pacemaker reads only a part of the value of an alert's meta-attribute.

    Fractions are dropped, and of a unit only the first letters count.

    Bad:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-timeout" name="timeout" value="«1.5min»"/></meta_attributes>
    </alert>
    ```

    Good:

    ```xml
    <alert id="mail" path="/usr/local/bin/alert_mail.sh">
      <meta_attributes id="mail-meta"><nvpair id="mail-timeout" name="timeout" value="90s"/></meta_attributes>
    </alert>
    ```

    References:
    - Pacemaker 3.0, lib/common/strings.c
    """
    ask(cib, "alerts")
    yield from read_in_part(cib, options("Alert meta-attributes"), META)
