from __future__ import annotations

import pytest

from swarmtui.model import Network, NetworkId
from tests.builders import local_network, network, unallocated

MTU = "com.docker.network.driver.mtu"


@pytest.mark.parametrize(
    ("options", "outer", "inner"),
    [
        ({}, 1500, 1450),
        ({"encrypted": ""}, 1500, 1424),
        ({MTU: "1200"}, 1200, 1150),
        ({MTU: "1200", "encrypted": "true"}, 1200, 1124),
        ({MTU: "1399", "encrypted": ""}, 1399, 1320),
        ({MTU: "many"}, 1500, 1450),
        ({MTU: "\u0661\u0662"}, 1500, 1450),
    ],
)
def test_mtu_outside_and_inside(options: dict[str, str], outer: int, inner: int) -> None:
    found = network(options=options)
    assert (found.outer_mtu, found.inner_mtu) == (outer, inner)


@pytest.mark.parametrize("value", ["", "true", "false"])
def test_the_presence_of_the_option_encrypts(value: str) -> None:
    assert network(options={"encrypted": value}).is_encrypted
    assert not network().is_encrypted


def test_what_is_allocated() -> None:
    assert network().is_allocated
    assert not unallocated().is_allocated
    assert local_network("bridge").is_allocated
    half = Network(NetworkId("x"), "half", "swarm", "overlay", network().subnets)
    assert not half.is_allocated, "an overlay without a VXLAN id carries nothing"


def test_several_vxlan_ids() -> None:
    found = network(options={"com.docker.network.driver.overlay.vxlanid_list": "4097, 4098,x"})
    assert found.vxlan_ids == (4097, 4098)


def test_only_the_local_gateway_bridge_is_one() -> None:
    assert local_network("docker_gwbridge").is_gateway_bridge
    assert not network("docker_gwbridge").is_gateway_bridge
