"""Which of several settings counts; each fact was seen with crm_resource (``tests/simulation/test_model.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from model.cibs import cib, dummy, meta, section

if TYPE_CHECKING:
    from cibcheck.model.cib import Cib


def role(model: Cib, name: str = "a") -> str | None:
    return model.resources[name].meta.get("target-role").text


def test_the_set_with_the_highest_score_wins() -> None:
    assert role(cib(dummy("a", meta("m1", "target-role", "one", score="5") + meta("m2", "target-role", "two")))) == "one"


def test_of_equal_scores_the_last_set_in_the_document_wins() -> None:
    assert role(cib(dummy("a", meta("m1", "target-role", "one") + meta("m2", "target-role", "two")))) == "two"


def test_in_one_set_the_first_pair_wins() -> None:
    pairs = '<nvpair id="p1" name="target-role" value="one"/><nvpair id="p2" name="target-role" value="two"/>'
    assert role(cib(dummy("a", f'<meta_attributes id="m">{pairs}</meta_attributes>'))) == "one"


TEMPLATE = '<template id="t" class="ocf" provider="pacemaker" type="Dummy">{}</template>'


@pytest.mark.parametrize(("score", "expected"), [("", "own"), ("10", "template"), ("-10", "own")])
def test_template_and_primitive_are_sorted_together(score: str, expected: str) -> None:
    template = TEMPLATE.format(meta("m1", "target-role", "template", score=score))
    own = meta("m2", "target-role", "own")
    assert role(cib(f'{template}<primitive id="a" template="t">{own}</primitive>')) == expected


def test_scores_do_not_cross_from_group_to_member() -> None:
    group = meta("m1", "target-role", "group", score="500")
    assert role(cib(f'<group id="g">{group}{dummy("a", meta("m2", "target-role", "own"))}</group>')) == "own"


def test_a_member_inherits_from_group_then_clone_then_defaults() -> None:
    defaults = f"<rsc_defaults>{meta('m0', 'target-role', 'defaults')}</rsc_defaults>"
    clone = meta("m1", "target-role", "clone")
    group = meta("m2", "target-role", "group")
    assert role(cib(f'<clone id="c"><group id="g">{group}{dummy("a")}</group>{clone}</clone>{defaults}')) == "group"
    assert role(cib(f'<clone id="c"><group id="g">{dummy("a")}</group>{clone}</clone>{defaults}')) == "clone"
    assert role(cib(f'<clone id="c"><group id="g">{dummy("a")}</group></clone>{defaults}')) == "defaults"


def test_a_rule_makes_a_value_conditional_over_a_certain_fallback() -> None:
    model = cib(dummy("a", meta("m1", "target-role", "one", rule=True, score="9") + meta("m2", "target-role", "two")))
    resolved = model.resources["a"].meta.get("target-role")
    assert resolved.is_conditional
    assert [setting.text for setting in resolved.candidates] == ["one", "two"]
    assert resolved.text is None


def test_a_guarded_set_below_a_certain_one_does_not_matter() -> None:
    model = cib(dummy("a", meta("m1", "target-role", "one", score="9") + meta("m2", "target-role", "two", rule=True)))
    assert role(model) == "one"


def test_an_absent_name_is_absent() -> None:
    resolved = cib(dummy("a")).resources["a"].meta.get("target-role")
    assert resolved.is_absent
    assert not resolved.is_conditional


def test_a_set_by_id_ref_counts_where_all_targets_follow_it() -> None:
    text = dummy("b", meta("m", "target-role", "shared")) + dummy("a", '<meta_attributes id-ref="m"/>')
    assert role(cib(text, frozenset(("2.1",)))) == "shared"
    assert cib(text).resources["a"].meta.get("target-role").is_conditional


def test_a_pair_by_id_ref_counts_under_its_own_name() -> None:
    text = dummy("b", meta("m", "target-role", "shared")) + dummy(
        "a", '<meta_attributes id="n"><nvpair id-ref="m-p" name="other"/><nvpair id-ref="m-p"/></meta_attributes>'
    )
    model = cib(text)
    assert role(model) == "shared"
    assert model.resources["a"].meta.get("other").text == "shared"


def test_references_to_nothing_and_to_other_kinds_have_no_effect() -> None:
    text = dummy("a", '<meta_attributes id-ref="none"/><meta_attributes id-ref="i"/>') + dummy(
        "b", '<instance_attributes id="i"><nvpair id="i-p" name="target-role" value="x"/></instance_attributes>'
    )
    assert cib(text).resources["a"].meta.get("target-role").is_absent


def test_bootstrap_options_win_over_every_other_set() -> None:
    sets = "".join(
        f'<cluster_property_set id="{name}" score="{score}"><nvpair id="{name}-p" name="x" value="{name}"/></cluster_property_set>'
        for name, score in (("cib-bootstrap-options", 0), ("other", 1000))
    )
    assert cib(f"<crm_config>{sets}</crm_config>").option("x").text == "cib-bootstrap-options"


def test_the_newer_spelling_of_an_option_counts() -> None:
    pairs = '<nvpair id="p1" name="stonith-enabled" value="true"/><nvpair id="p2" name="fencing-enabled" value="false"/>'
    model = cib(f'<cluster_property_set id="s">{pairs}</cluster_property_set>')
    assert model.fencing_is_enabled is False


def test_defaults_that_the_file_does_not_hold_are_noted_not_assumed() -> None:
    model = section(f"<resources>{dummy('a')}{dummy('b', meta('m', 'target-role', 'x'))}</resources>")
    assert role(model, "b") == "x"
    assert not model.ledger.drain()
    assert role(model, "a") is None
    assert [gap.section for gap in model.ledger.drain()] == ["rsc_defaults"]


def op(identifier: str, rest: str) -> str:
    return f'<operations><op id="{identifier}" {rest}/></operations>'


def test_template_operations_are_replaced_by_name_and_role_not_by_interval() -> None:
    template = '<template id="t" class="ocf" provider="pacemaker" type="Dummy">{}</template>'
    inherited = op("o1", 'name="monitor" interval="10s"').replace(
        "</op", '<op id="o2" name="monitor" interval="9s" role="Promoted"/></op', 1
    )
    own = op("o3", 'name="monitor" interval="20s" role="Slave"')
    model = cib(f'{template.format(inherited)}<primitive id="a" template="t">{own}</primitive>')
    primitive = model.primitives[0]
    assert [(one.name, one.interval) for one in primitive.operations] == [("monitor", 20_000), ("monitor", 9_000)]


def test_an_operation_option_comes_from_the_element_then_its_meta_then_op_defaults() -> None:
    defaults = f"<op_defaults>{meta('d', 'timeout', '7s')}</op_defaults>"
    inner = f'<operations><op id="o" name="monitor" interval="10s">{meta("om", "timeout", "8s")}</op></operations>'
    assert cib(dummy("a", inner) + defaults).primitives[0].operations[0].option("timeout").text == "8s"
    assert (
        cib(dummy("a", op("o", 'name="stop" interval="0"')) + defaults).primitives[0].operations[0].option("timeout").text == "7s"
    )
    assert (
        cib(dummy("a", op("o", 'name="stop" timeout="9s"')) + defaults).primitives[0].operations[0].option("timeout").text == "9s"
    )
