"""SUP: what users say to cibcheck in comments and in the configuration, where it has no effect or should have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import WARNING, RemoveComment, SetComment, problem, quoted, rule, safe_fix

if TYPE_CHECKING:
    from cibcheck.api import Directives, Findings


@rule("SUP001", "unused-suppression", severity=WARNING, tags=("suppression",), fix="safe")
def unused_suppression(directives: Directives) -> Findings:
    """A suppression has nothing to suppress.

    What it was for is mended, or stands elsewhere. Left as it is, it would hide the same mistake when somebody makes it again. Only what
    this run evaluated counts: a rule that was not selected, or that lacked a file to judge by, may still be needed. One of the
    configuration is judged when the whole folder of the configuration is checked. A comment is about the element after it and all that
    is in it; in a node file, about the assignment after it.

    Bad:

    ```xml
    «<!-- cibcheck: ignore[REM205] - moved next spring -->»
    <primitive id="far" class="ocf" provider="pacemaker" type="remote">
      <operations><op id="far-monitor" name="monitor" interval="30s" timeout="30s"/></operations>
    </primitive>
    ```

    Good:

    ```xml
    <group id="g">
      <!-- cibcheck: ignore[REM205] - moved next spring -->
      <primitive id="far" class="ocf" provider="pacemaker" type="remote">
        <operations><op id="far-monitor" name="monitor" interval="30s" timeout="30s"/></operations>
      </primitive>
    </group>
    ```

    References:
    - docs/adopting.md, section "Suppressions"
    """
    for one in directives.unused:
        words = quoted(one.words)
        edit = RemoveComment(one.place) if one.remaining is None else SetComment(one.place, one.remaining)
        yield problem(
            one.place,
            f"nothing is found here that the suppression of {words} would suppress",
            consequence="if the same mistake is made here again, nobody will be told",
            help=f"take {words} out of it" if one.remaining is not None else "take it out",
            fix=safe_fix(f"take {words} out of the suppression" if one.remaining else "remove the suppression", edit)
            if one.is_comment
            else None,
        )


_UNSAID = {
    "syntax": "this is said to cibcheck, but not in words that it knows",
    "verb": "cibcheck does not know the word {word!r}",
    "no-rules": "{word!r} names no rule",
    "unknown-rule": "no rule is called {word!r}",
    "several": "a comment holds one suppression, and this is a second one",
    "nothing-follows": "the suppression stands before nothing",
    "not-on-top": "'ignore-file' stands further down than the file's top",
}
_HELP = {
    "no-rules": "name the rules: cibcheck: ignore[REM101] - reason",
    "unknown-rule": "use a rule's code or name, as `cibcheck rules` lists them",
    "several": "give each a comment of its own",
    "nothing-follows": "put it before the element that it is about, or on the line above the assignment",
    "not-on-top": "put it before the root element or as the first thing in it; in a node file, above all assignments",
}


@rule("SUP002", "malformed-suppression", severity=WARNING, tags=("suppression",))
def malformed_suppression(directives: Directives) -> Findings:
    """A comment speaks to cibcheck and is not understood.

    It suppresses nothing, or not all that it should. A suppression names its rules, by code, prefix, name or tag, or `CODE[key]` for one
    option; `ALL` is not among them. Its reason follows a dash or a colon; two dashes cannot stand in an XML comment.

    Bad:

    ```xml
    <!-- cibcheck: ignore[«REM1O5»] - moved next spring -->
    <primitive id="web" class="ocf" provider="pacemaker" type="Dummy"/>
    <!-- cibcheck: «ignore» -->
    <primitive id="mail" class="ocf" provider="pacemaker" type="Dummy"/>
    <!-- cibcheck: «disable»[REM205] -->
    <primitive id="wiki" class="ocf" provider="pacemaker" type="Dummy"/>
    ```

    ```sysconfig node1
    PCMK_logfile=/var/log/pacemaker.log
    # «cibcheck: ignore-file[SYS] - generated»
    ```

    Good:

    ```xml
    <group id="g">
      <!-- cibcheck: ignore[REM205] - moved next spring -->
      <primitive id="far" class="ocf" provider="pacemaker" type="remote">
        <operations><op id="far-monitor" name="monitor" interval="30s" timeout="30s"/></operations>
      </primitive>
    </group>
    ```

    References:
    - docs/adopting.md, section "Suppressions"
    """
    for one in directives.defects:
        meant = f"write {one.nearest!r}" if one.nearest else None
        yield problem(
            one.place,
            _UNSAID[one.kind].format(word=one.word) + (f"; did you mean {one.nearest!r}?" if one.nearest else ""),
            consequence="it suppresses nothing",
            help=meant or _HELP.get(one.kind, "write: cibcheck: ignore[REM101] - reason"),
        )


@rule("SUP003", "suppression-without-reason", severity=WARNING, tags=("suppression",), default=False)
def suppression_without_reason(directives: Directives) -> Findings:
    """A suppression does not say why.

    Whoever reads it later cannot tell whether it is still needed. `require-suppression-reason = true` in the configuration turns this
    rule on.

    Bad:

    ```xml
    <group id="g">
      «<!-- cibcheck: ignore[REM205] -->»
      <primitive id="far" class="ocf" provider="pacemaker" type="remote">
        <operations><op id="far-monitor" name="monitor" interval="30s" timeout="30s"/></operations>
      </primitive>
    </group>
    ```

    Good:

    ```xml
    <group id="g">
      <!-- cibcheck: ignore[REM205] - moved next spring -->
      <primitive id="far" class="ocf" provider="pacemaker" type="remote">
        <operations><op id="far-monitor" name="monitor" interval="30s" timeout="30s"/></operations>
      </primitive>
    </group>
    ```

    References:
    - docs/adopting.md, section "Suppressions"
    """
    for place in directives.unexplained:
        yield problem(
            place,
            "the suppression gives no reason",
            consequence="nobody will know whether it is still needed",
            help='add one behind a dash: cibcheck: ignore[REM101] - reason; in the configuration, with reason = "…"',
        )


@rule("SUP004", "forbidden-suppression", severity=WARNING, tags=("suppression",))
def forbidden_suppression(directives: Directives) -> Findings:
    """A suppression is about a rule that nothing may suppress.

    The configuration lists the rule under `unsuppressable`. The finding is reported all the same.

    References:
    - docs/adopting.md, section "Suppressions"
    """
    for one in directives.forbidden:
        yield problem(
            one.place,
            f"{one.word!r} cannot be suppressed here: the configuration says that {one.code} is unsuppressable",
            consequence="the finding is reported all the same",
            help="mend what is found, or take it up with those who keep the configuration",
        )
