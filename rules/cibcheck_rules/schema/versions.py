"""SCH: the version of the schema that a CIB declares, and what that version does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cibcheck.api import ERROR, WARNING, Findings, Remove, Rename, SetValue, Target, problem, rule, safe_fix, unsafe_fix
from cibcheck_rules.schema.words import against_schema, called, version

if TYPE_CHECKING:
    from cibcheck.api import Fix, Judgement, Place, Violation


def _declares(number: tuple[int, int]) -> str:
    return f"pacemaker-{version(number)}"


def _declare(judgement: Judgement, number: tuple[int, int]) -> Fix:
    """A fix that makes the CIB declare a version. Within a major version this changes nothing else, if each release knows the version."""
    declared = judgement.declared_version
    make = safe_fix if number <= judgement.known_everywhere and (declared is None or declared[0] == number[0]) else unsafe_fix
    return make(
        f'declare validate-with="{_declares(number)}"',
        SetValue(judgement.place(judgement.root, "validate-with"), _declares(number)),
    )


def _declare_if_wanted(judgement: Judgement) -> Fix | None:
    """A fix that makes the CIB declare the version that accepts it, for people who want to be judged by it from now on."""
    if judgement.fitting is None:
        return None
    name = _declares(judgement.fitting)
    return unsafe_fix(f'declare validate-with="{name}"', SetValue(judgement.place(judgement.root, "validate-with"), name))


def _described(found: Violation) -> str:
    """What is too new or no more."""
    if found.subject == "element":
        parent = found.element.getparent()
        return f"element {found.name!r}" + ("" if parent is None else f" in {called(parent)}")
    if found.subject == "attribute":
        return f"attribute {found.name!r} of {called(found.element)}"
    return f"{found.attribute}={found.name!r} of {called(found.element)}"


def _ours(judgement: Judgement) -> str:
    """By which version the document is judged."""
    if judgement.is_chosen or judgement.version != judgement.declared_version:
        return f"it is judged by {version(judgement.version)}"
    return f"this CIB declares {version(judgement.version)}"


@rule("SCH401", "needs-newer-schema", severity=ERROR, tags=("schema", "versions"), fix="sometimes")
def needs_newer_schema(judgement: Judgement) -> Findings:
    """Something is written that only a later version of the schema has.

    The version that a CIB declares in `validate-with` is the one that counts, not the newest that the cluster knows. The finding names
    the lowest version that would accept the whole document.

    Bad:

    ```xml
    <cib validate-with="pacemaker-3.0" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/>
        <resources>
          <clone id="db-clone">
            <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
            <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
              <operations><op id="db-monitor" name="monitor" interval="10s" role="Master" on-fail="«demote»"/></operations>
            </primitive>
          </clone>
        </resources>
        <constraints/>
      </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.4" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/>
        <resources>
          <primitive id="fence" class="stonith" type="fence_ipmilan"/>
          <clone id="db-clone">
            <meta_attributes id="db-meta"><nvpair id="db-promotable" name="promotable" value="true"/></meta_attributes>
            <primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
              <operations><op id="db-monitor" name="monitor" interval="10s" role="Master" on-fail="demote"/></operations>
            </primitive>
          </clone>
        </resources>
        <constraints/>
      </configuration>
    </cib>
    ```

    References:
    - Pacemaker, xml/README.md: how a version of the schema is put together
    """
    for found in judgement.of("too-new"):
        place = _place(judgement, found)
        fitting = judgement.fitting
        advice, fix = (
            f"declare {_declares(found.version or judgement.version)} or later in validate-with, or write it in another way",
            None,
        )
        if judgement.is_whole and fitting is not None:
            advice = f'declare validate-with="{_declares(fitting)}", the lowest version that accepts this CIB'
            if fitting > judgement.known_everywhere:
                advice += f"; Pacemaker knows it since {judgement.first_release(fitting)}"
            fix = _declare(judgement, fitting)
        yield against_schema(
            judgement,
            place,
            f"{_described(found)} needs schema {version(found.version)}; {_ours(judgement)}",
            help=advice,
            fix=fix,
        )


@rule("SCH402", "removed-from-schema", severity=ERROR, tags=("schema", "versions"), fix="sometimes")
def removed_from_schema(judgement: Judgement) -> Findings:
    """Something is written that earlier versions of the schema had, and the declared one has no more.

    Pacemaker rewrites such things when it takes over a CIB that declares the older version; a CIB that declares the new one has to be
    written in the new way.

    Bad:

    ```xml
    <cib validate-with="pacemaker-4.0" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/>
        <resources>
          <bundle id="web"><docker image="web:1" replicas="2" «masters»="1"/></bundle>
        </resources>
        <constraints/>
      </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-4.0" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/>
        <resources>
          <primitive id="fence" class="stonith" type="fence_ipmilan"/>
          <bundle id="web"><docker image="web:1" replicas="2" promoted-max="1"/></bundle>
        </resources>
        <constraints/>
      </configuration>
    </cib>
    ```

    References:
    - Pacemaker, xml/upgrade-*.xsl: what is rewritten from one major version to the next
    """
    for found in judgement.of("removed"):
        place = _place(judgement, found)
        fix = None
        if found.successor is not None:
            edit = SetValue(place, found.successor) if found.subject == "value" else Rename(place, found.successor)
            fix = safe_fix(f"write {found.successor} instead of {found.name}", edit)
        elif found.message.startswith("remove it") and found.subject == "attribute":
            fix = safe_fix(f"remove {found.name}", Remove(judgement.place(found.element, found.attribute)))
        yield against_schema(
            judgement,
            place,
            f"{_described(found)} was removed in schema {version(found.version)}; {_ours(judgement)}",
            help=found.message or f"write it in another way: only earlier schemas than {version(found.version)} have it",
            fix=fix,
        )


def _place(judgement: Judgement, found: Violation) -> Place:
    if found.subject == "value":
        return judgement.place(found.element, found.attribute)
    return judgement.name_place(found.element, found.name if found.subject == "attribute" else "")


@rule(
    "SCH403",
    "no-schema-declared",
    severity=ERROR,
    tags=("schema", "versions"),
    pacemaker="3.0",
    elsewhere=WARNING,
    fix="sometimes",
)
def no_schema_declared(judgement: Judgement) -> Findings:
    """The CIB does not say which version of the schema it is written in.

    Pacemaker 3.0 refuses such a CIB. Pacemaker 2.1 tries one version after the other, takes the CIB if any of them accepts it, and warns
    since 2.1.8. cibcheck judges it by the newest version that accepts it.

    Bad:

    ```xml
    <«cib» epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker 3.0, lib/common/schemas.c: "Cannot validate CIB with missing validate-with"
    - crm_verify 2.1.5, tried
    """
    if judgement.is_whole and judgement.declared is None:
        yield problem(
            judgement.name_place(judgement.root),
            "the CIB declares no schema: validate-with is missing",
            consequence="Pacemaker 3.0 refuses the CIB; Pacemaker 2.1 guesses the version",
            help=_advice_on_declaring(judgement),
            fix=_declare(judgement, judgement.fitting) if judgement.fitting else None,
        )


def _advice_on_declaring(judgement: Judgement) -> str:
    if judgement.fitting is None:
        return f"no version accepts this CIB as it is: mend the rest first (judged by {version(judgement.version)})"
    return f'declare validate-with="{_declares(judgement.fitting)}", which accepts this CIB as it is'


@rule("SCH404", "unknown-schema", severity=ERROR, tags=("schema", "versions"), fix="unsafe")
def unknown_schema(judgement: Judgement) -> Findings:
    """The CIB declares a version of the schema that does not exist.

    Pacemaker refuses such a CIB, whatever else is in it. Versions are 1.0, 1.2, 1.3, 2.0 to 2.10, 3.0 to 3.10 and 4.0, and
    `validate-with` has `pacemaker-` before them, in lower case. cibcheck judges the rest by the newest version that accepts it.

    Bad:

    ```xml
    <cib validate-with="«pacemaker-3.11»" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.10" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker 3.0, lib/common/schemas.c: "Cannot validate CIB with unknown schema"
    - crm_verify 2.1.5, tried: "CIB did not pass schema validation"
    """
    declared = judgement.declared
    if declared is None or judgement.declared_version or declared.lower() == "none" or declared == "pacemaker-next":
        return
    yield problem(
        judgement.place(judgement.root, "validate-with"),
        f"validate-with={declared!r} names no version of the schema",
        consequence="Pacemaker refuses the whole CIB: it cannot tell by which rules to judge it",
        help=_advice_on_declaring(judgement),
        fix=_declare_if_wanted(judgement),
    )


@rule("SCH405", "validation-off", severity=WARNING, tags=("schema", "versions"), fix="unsafe")
def validation_off(judgement: Judgement) -> Findings:
    """The CIB switches validation off.

    With `validate-with="none"` Pacemaker takes a CIB with any mistake in it, ignores what it does not understand, and never brings the CIB
    to a newer schema. It warns about it since 2.1.8. cibcheck, like Pacemaker, does not hold such a CIB against the schema; it says
    whether some version would accept it.

    Bad:

    ```xml
    <cib validate-with="«none»" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker 3.0, lib/common/schemas.c: validate-with "none" is deprecated
    - crm_verify 2.1.5, tried: "Schema validation of configuration is disabled"
    """
    if not judgement.is_off:
        return
    advice = _advice_on_declaring(judgement)
    if judgement.fitting is None:
        advice = f"no version accepts this CIB as it is; --schema-version {version(judgement.version)} shows what is in the way"
    yield problem(
        judgement.place(judgement.root, "validate-with"),
        f'validate-with="{judgement.declared}" switches validation off',
        consequence="Pacemaker takes mistakes without a word, ignores what it does not understand, and never upgrades the schema"
        if judgement.declared == "none"
        else "Pacemaker 2.1 takes mistakes without a word; Pacemaker 3.0, which knows the word in small letters only, refuses the CIB",
        help=advice,
        fix=_declare_if_wanted(judgement),
    )


@rule(
    "SCH406", "experimental-schema", severity=ERROR, tags=("schema", "versions"), pacemaker="3.0", elsewhere=WARNING, fix="unsafe"
)
def experimental_schema(judgement: Judgement) -> Findings:
    """The CIB declares the experimental schema, which Pacemaker 3.0 no longer has.

    `pacemaker-next` was a place for things to come, different in each release. Pacemaker 3.0 refuses a CIB that declares it.

    Bad:

    ```xml
    <cib validate-with="«pacemaker-next»" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    Good:

    ```xml
    <cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0">
      <configuration> <crm_config/> <nodes/> <resources/> <constraints/> </configuration>
    </cib>
    ```

    References:
    - Pacemaker 2.1.5, tried; removed in 3.0.0
    """
    if judgement.declared == "pacemaker-next":
        yield problem(
            judgement.place(judgement.root, "validate-with"),
            "validate-with='pacemaker-next' names the experimental schema",
            consequence="Pacemaker 3.0 refuses the CIB; in Pacemaker 2.1 its meaning changes from release to release",
            help=_advice_on_declaring(judgement),
            fix=_declare_if_wanted(judgement),
        )


@rule("SCH407", "schema-newer-than-pacemaker", severity=ERROR, tags=("schema", "versions"), fix="unsafe")
def schema_newer_than_pacemaker(judgement: Judgement, target: Target) -> Findings:
    """The CIB declares a schema that the Pacemaker it is meant for does not know.

    Pacemaker 2.1 knows schemas up to 3.10, and refuses a CIB that declares 4.0. This is asked only in a run for 2.1 alone
    (`pacemaker = "2.1"` in the configuration, or `--pacemaker 2.1`): otherwise a CIB that declares 4.0 is one for Pacemaker 3.0.

    References:
    - crm_verify 2.1.5, tried: "CIB did not pass schema validation"
    """
    newest = judgement.declared_version
    if newest is not None and target.lines == {"2.1"} and newest > judgement.newest_known:
        fits = judgement.fitting is not None and judgement.fitting <= judgement.newest_known
        yield problem(
            judgement.place(judgement.root, "validate-with"),
            f"Pacemaker 2.1 does not know schema {version(newest)}",
            consequence="Pacemaker 2.1 refuses the whole CIB",
            help=f"declare a schema up to {version(judgement.newest_known)}, and write what it does not have in another way",
            fix=_declare_if_wanted(judgement) if fits else None,
        )


@rule("SCH901", "second-opinion", severity=ERROR, tags=("schema",))
def second_opinion(judgement: Judgement) -> Findings:
    """What xmlschema has against the document, in its own words (`--engine xmlschema`).

    The same schema, judged by a program that we did not write. It takes a hundred times as long and explains less. Where the two differ,
    one of them has a bug that we would like to hear of.

    References:
    - https://xmlschema.readthedocs.io/
    """
    for found in judgement.of("foreign"):
        yield against_schema(
            judgement,
            judgement.name_place(found.element),
            f"xmlschema says of {called(found.element)}: {found.message}",
            help="run without --engine xmlschema for an explanation",
        )
