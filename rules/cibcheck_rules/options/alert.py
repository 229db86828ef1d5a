"""ALR3: names and values of the meta-attributes of alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, INFO, WARNING, options, rule
from cibcheck_rules.options.judging import ask, bad_value, faulty, is_allowed, read_in_part, strangers, unknown_name

if TYPE_CHECKING:
    from cibcheck.api import Cib, Findings

TAGS = ("alerts", "options")
HOMES = (("meta_attributes", "alert"), ("meta_attributes", "recipient"))


@rule("ALR301", "unknown-alert-option", severity=ERROR, tags=TAGS, fix="unsafe")
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
    for _, name, element, _ in strangers(cib, table, HOMES):
        if not is_allowed(name, allow):
            yield unknown_name(cib, element, "option of alerts", table, belongs=None, far=INFO)


@rule("ALR302", "bad-alert-option", severity=ERROR, tags=TAGS, fix="sometimes")
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
    for pair, reason in faulty(cib, options("Alert meta-attributes"), HOMES):
        yield bad_value(pair, reason)


@rule("ALR306", "alert-option-read-in-part", severity=WARNING, tags=TAGS, fix="unsafe")
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
    yield from read_in_part(cib, options("Alert meta-attributes"), HOMES)
