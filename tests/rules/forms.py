"""Fragments from which the tests of rules build their clusters."""

from __future__ import annotations


def dummy(*names: str) -> str:
    """Ordinary primitives."""
    return "".join(f'<primitive id="{name}" class="ocf" provider="pacemaker" type="Dummy"/>' for name in names)


def remote(name: str, **parameters: str) -> str:
    """A connection resource with its monitor."""
    pairs = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    return (
        f'<primitive id="{name}" class="ocf" provider="pacemaker" type="remote">'
        f'<instance_attributes id="{name}-i">{pairs}</instance_attributes>'
        f'<operations><op id="{name}-monitor" name="monitor" interval="30s" timeout="60s"/></operations></primitive>'
    )


def guest(vm: str, name: str, **meta: str) -> str:
    """A virtual machine that makes a guest node."""
    pairs = "".join(f'<nvpair id="{vm}-{key}" name="{key.replace("_", "-")}" value="{value}"/>' for key, value in meta.items())
    return (
        f'<primitive id="{vm}" class="ocf" provider="heartbeat" type="VirtualDomain"><instance_attributes id="{vm}-i">'
        f'<nvpair id="{vm}-config" name="config" value="/etc/libvirt/qemu/{vm}.xml"/></instance_attributes>'
        f'<meta_attributes id="{vm}-m"><nvpair id="{vm}-rn" name="remote-node" value="{name}"/>{pairs}</meta_attributes><operations>'
        f'<op id="{vm}-start" name="start" interval="0s" timeout="90s"/><op id="{vm}-stop" name="stop" interval="0s" timeout="90s"/>'
        f"</operations></primitive>"
    )


def clone(name: str, inner: str, tag: str = "clone") -> str:
    """A clone, or a master."""
    return f'<{tag} id="{name}">{inner}</{tag}>'


def group(name: str, inner: str) -> str:
    """A group."""
    return f'<group id="{name}">{inner}</group>'


def bundle(name: str, inner: str, replicas: int = 2) -> str:
    """A bundle on a network of its own."""
    network = '<network ip-range-start="192.0.2.100" control-port="3122"/>'
    return f'<bundle id="{name}"><podman image="i" replicas="{replicas}"/>{network}{inner}</bundle>'


def tag(name: str, *members: str) -> str:
    """A tag."""
    return f'<tag id="{name}">' + "".join(f'<obj_ref id="{member}"/>' for member in members) + "</tag>"


def fence(name: str, **parameters: str) -> str:
    """A fence device."""
    pairs = "".join(f'<nvpair id="{name}-{key}" name="{key}" value="{value}"/>' for key, value in parameters.items())
    attributes = f'<instance_attributes id="{name}-i">{pairs}</instance_attributes>'
    return f'<primitive id="{name}" class="stonith" type="fence_ipmilan">{attributes}</primitive>'


def resource_set(*members: str, **attributes: str) -> str:
    """A resource set."""
    rest = "".join(f' {name}="{value}"' for name, value in attributes.items())
    references = "".join(f'<resource_ref id="{member}"/>' for member in members)
    return f'<resource_set id="set-{"-".join(members)}"{rest}>{references}</resource_set>'


def order(first: str, then: str, **attributes: str) -> str:
    """A plain order."""
    rest = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<rsc_order id="order-{first}-{then}" first="{first}" then="{then}"{rest}/>'


def order_sets(*sets: str, **attributes: str) -> str:
    """An order of sets."""
    rest = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<rsc_order id="order-sets"{rest}>{"".join(sets)}</rsc_order>'


def together(dependent: str, primary: str, score: str = "INFINITY") -> str:
    """A plain colocation."""
    return f'<rsc_colocation id="col-{dependent}-{primary}" rsc="{dependent}" with-rsc="{primary}" score="{score}"/>'


def together_sets(*sets: str, score: str = "INFINITY") -> str:
    """A colocation of sets."""
    return f'<rsc_colocation id="col-sets" score="{score}">{"".join(sets)}</rsc_colocation>'


def location(rsc: str, node: str, score: str = "INFINITY", **attributes: str) -> str:
    """A plain location."""
    rest = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<rsc_location id="loc-{rsc}-{node}" rsc="{rsc}" node="{node}" score="{score}"{rest}/>'


def option(name: str, value: str) -> str:
    """A cluster option."""
    return f'<cluster_property_set id="set-{name}"><nvpair id="opt-{name}" name="{name}" value="{value}"/></cluster_property_set>'


def by_rule(rsc: str, score: str, *conditions: str) -> str:
    """A location by a rule."""
    return f'<rsc_location id="rule-{rsc}" rsc="{rsc}"><rule id="rule-{rsc}-r" score="{score}">{"".join(conditions)}</rule></rsc_location>'


def named(node: str) -> str:
    """A condition on a node's name."""
    return f'<expression id="named-{node}" attribute="#uname" operation="eq" value="{node}"/>'


DATE = '<date_expression id="date" operation="gt" start="2040-01-01"/>'
"""A condition that is false for a while yet."""


def machine(name: str, inner: str, agent: str = "lxc") -> str:
    """A container's or machine's primitive with what is given inside."""
    return f'<primitive id="{name}" class="ocf" provider="heartbeat" type="{agent}">{inner}</primitive>'
