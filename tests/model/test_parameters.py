"""Parameters by origin: each pair once, with everybody who gets it, in time that does not grow with how many that are."""

from __future__ import annotations

import sys

from cibcheck.documents.cib import read_cib
from cibcheck.model.cib import Cib


def cib_of(resources: str) -> Cib:
    text = f"<cib><configuration><crm_config/><nodes/><resources>{resources}</resources><constraints/></configuration></cib>"
    return Cib(read_cib("cib.xml", text.encode()))


def pairs(name: str, **values: str) -> str:
    inner = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in values.items())
    return f'<instance_attributes id="{name}">{inner}</instance_attributes>'


def test_each_pair_is_there_once_with_all_who_get_it() -> None:
    cib = cib_of(
        f'<template id="t">{pairs("ts", a="1")}</template><template id="unused">{pairs("us", z="1")}</template>'
        f'<clone id="c">{pairs("cs", b="2")}<group id="g">{pairs("gs", c="3")}<primitive id="x" template="t"/>'
        f'<primitive id="y">{pairs("ys", d="4")}</primitive></group></clone>'
        '<primitive id="z" template="t"><instance_attributes id-ref="ys"/></primitive>'
    )
    found = {one.setting.name: [primitive.id for primitive in one.primitives] for one in cib.parameters}
    assert found == {"a": ["x", "z"], "b": ["x", "y"], "c": ["x", "y"], "d": ["y", "z"]}


def test_many_members_of_a_group_with_many_parameters_take_as_many_steps_as_the_file_is_long() -> None:
    def calls(number: int) -> int:
        members = "".join(f'<primitive id="p{one}"/>' for one in range(number))
        cib = cib_of(f'<group id="g">{pairs("s", **{f"n{one}": "1" for one in range(number)})}{members}</group>')
        events: list[str] = []
        sys.setprofile(lambda _, event, __: events.append(event))
        try:
            assert len(cib.parameters) == number
        finally:
            sys.setprofile(None)
        return len(events)

    assert calls(1000) < 11 * calls(100)
