"""Whether an ingress can be as it is wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from netaddr import IPAddress, IPNetwork

from swarmtui.addressing import Claim, overlapping
from swarmtui.model import Snapshot
from swarmtui.operations import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Definition,
    Fault,
    Range,
    ingress_faults,
    needed_addresses,
)
from tests.builders import (
    INGRESS,
    NODES,
    WEB,
    busy_snapshot,
    local_network,
    service,
)

SUBNET = "10.77.0.0/24"


def wanted(
    subnet: str = SUBNET,
    gateway: str = "",
    *,
    name: str = "ingress",
    mtu: str = "",
    encrypted: bool = False,
) -> Definition:
    options = {MTU_OPTION: mtu} if mtu else {}
    if encrypted:
        options[ENCRYPTED_OPTION] = ""
    ranges = (Range(subnet, gateway),) if subnet or gateway else ()
    return Definition(name, ranges, options, ingress=True)


def faults(
    definition: Definition, snapshot: Snapshot | None = None, lan: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    found = ingress_faults(snapshot or busy_snapshot(), definition, lan_ranges=lan)
    assert all(fault.fatal for fault in found)
    return [(fault.field, fault.words) for fault in found]


def fields(definition: Definition, snapshot: Snapshot | None = None) -> list[str]:
    return [field for field, _ in faults(definition, snapshot)]


def test_a_sound_one() -> None:
    assert faults(wanted(gateway="10.77.0.1", mtu="1500")) == []


@pytest.mark.parametrize("name", ["a", "Mesh-2", "a__b", "a-_-b", "0", "x" * 63])
def test_names_that_the_engine_takes(name: str) -> None:
    assert faults(wanted(name=name)) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "An ingress needs a name."),
        ("-a", "Letters, digits"),
        ("a-", "Letters, digits"),
        ("a_", "Letters, digits"),
        ("a.b", "Letters, digits"),
        ("a b", "Letters, digits"),
        ("a\n", "Letters, digits"),
        ("\u00e4", "Letters, digits"),
        ("x" * 64, "It has 64 letters; the swarm takes 63."),
        ("host", "host is the engine's own network."),
        ("default", "default is the engine's own network."),
        ("docker_gwbridge", "docker_gwbridge is the engine's own network."),
        ("app", "There is a swarm network app already."),
    ],
)
def test_names_that_the_engine_refuses(name: str, words: str) -> None:
    ((field, told),) = faults(wanted(name=name))
    assert field == "name"
    assert told.startswith(words)


def test_a_local_network_has_its_name_too() -> None:
    snapshot = replace(busy_snapshot(), networks=(local_network("mine", subnet=""),))
    assert faults(wanted(name="mine"), snapshot) == [
        ("name", "There is a local network mine already.")
    ]


def test_the_name_and_range_of_the_ingress_that_goes_are_free() -> None:
    assert faults(wanted(INGRESS.subnets[0].cidr, name=INGRESS.name)) == []


def test_a_long_name_is_read_at_once() -> None:
    assert fields(wanted(name="a" * 5000 + ".")) == ["name"]


@pytest.mark.parametrize(
    ("subnet", "words"),
    [
        ("10.77.0.0", "Write it with its prefix length"),
        ("fd00::/64", "Swarm gives out IPv4 addresses only."),
        ("10.77.0/24", "10.77.0/24 is no subnet"),
        ("10.77.0.0/", "10.77.0.0/ is no subnet"),
        ("10.77.0.0/33", "10.77.0.0/33 is no subnet"),
        ("10.77.0.0/-1", "10.77.0.0/-1 is no subnet"),
        ("10.77.0.0/\u0662\u0664", "10.77.0.0/\u0662\u0664 is no subnet"),
        ("10.77.0.0/255.255.255.0", "10.77.0.0/255.255.255.0 is no subnet"),
        ("10.77.0.256/24", "10.77.0.256/24 is no subnet"),
        ("10.077.0.0/24", "10.077.0.0/24 is no subnet"),
        ("what/ever", "what/ever is no subnet"),
        ("10.77.0.1/24", "It has host bits set: write 10.77.0.0/24."),
        ("32.0.0.0/7", "It is larger than a /8."),
        ("127.9.0.0/16", "127.0.0.0/8 is loopback address space."),
        ("169.254.3.0/24", "169.254.0.0/16 is link-local address space."),
        ("239.0.0.0/24", "224.0.0.0/3 is multicast or reserved address space."),
        ("0.0.0.0/8", "0.0.0.0/8 is this host address space."),
    ],
)
def test_what_is_no_subnet_to_use(subnet: str, words: str) -> None:
    ((field, told),) = faults(wanted(subnet))
    assert field == "subnet"
    assert told.startswith(words)


def test_a_subnet_of_the_largest_size() -> None:
    assert faults(wanted("11.0.0.0/8")) == []


def test_nothing_more_is_said_about_what_is_no_subnet() -> None:
    assert fields(wanted("10.20.0.1/26", "1.2.3.4")) == ["subnet"]


@pytest.mark.parametrize(
    ("subnet", "words"),
    [
        ("10.20.0.64/26", "It overlaps network app (10.20.0.64/26)."),
        (
            "172.18.9.0/24",
            "It overlaps this node's bridge network docker_gwbridge (172.18.0.0/16).",
        ),
        ("192.168.77.0/30", "It overlaps the address of node3 (192.168.77.3)."),
        ("10.88.0.0/16", "It overlaps the LAN range (10.88.3.0/24)."),
    ],
)
def test_what_is_in_the_way(subnet: str, words: str) -> None:
    found = faults(wanted(subnet), lan=("10.88.3.0/24",))
    assert ("subnet", words) in found


@pytest.mark.parametrize(
    "subnet", ["10.20.0.192/26", "172.19.0.0/16", "192.168.76.0/24", "10.88.2.0/24", "10.88.4.0/24"]
)
def test_what_is_beside_is_not_in_the_way(subnet: str) -> None:
    assert faults(wanted(subnet), lan=("10.88.3.0/24",)) == []


def test_everything_in_the_way_is_told() -> None:
    assert len(faults(wanted("10.0.0.0/8"))) == 2


def test_exactly_enough_room_and_one_too_few() -> None:
    crowd = service("crowd", replicas=0, ports=WEB.ports)
    base = replace(busy_snapshot(), services=(crowd,))
    for replicas in range(20):
        snapshot = replace(base, services=(replace(crowd, replicas=replicas),))
        needed = 3 + len(NODES) + 1 + 2 * replicas
        assert needed_addresses(snapshot) == needed
        assert (fields(wanted("10.77.0.0/28"), snapshot) == []) == (needed <= 16)
    full = replace(base, services=(replace(crowd, replicas=5),))
    assert faults(wanted("10.77.0.0/28"), full) == [
        (
            "subnet",
            "It holds 16 addresses; nodes, services and tasks need 17 while tasks are replaced.",
        )
    ]
    # One node less, and it fits to the last address.
    assert faults(wanted("10.77.0.0/28"), replace(full, nodes=NODES[:2])) == []


@pytest.mark.parametrize(
    ("gateway", "words"),
    [
        ("10.77.1.1", "It is not in 10.77.0.0/24."),
        ("10.76.255.255", "It is not in 10.77.0.0/24."),
        ("10.77.0.0", "It is the network address of 10.77.0.0/24."),
        ("10.77.0.255", "It is the broadcast address of 10.77.0.0/24."),
        ("fd00::1", "fd00::1 is no IPv4 address."),
        ("10.77.0.1/24", "10.77.0.1/24 is no IPv4 address."),
    ],
)
def test_what_cannot_be_the_gateway(gateway: str, words: str) -> None:
    assert faults(wanted(gateway=gateway)) == [("gateway", words)]


@pytest.mark.parametrize("gateway", ["10.77.0.1", "10.77.0.254"])
def test_what_can_be_the_gateway(gateway: str) -> None:
    assert faults(wanted(gateway=gateway)) == []


def test_a_gateway_alone_is_no_use() -> None:
    assert faults(wanted("", "10.77.0.1")) == [("gateway", "A gateway needs a subnet.")]


@pytest.mark.parametrize(("overhead", "encrypted"), [(50, False), (76, True)])
def test_how_small_and_large_an_mtu_can_be(overhead: int, encrypted: bool) -> None:
    snapshot = replace(
        busy_snapshot(), nodes=tuple(replace(each, engine_version="29.7.2") for each in NODES)
    )

    def told(mtu: int) -> tuple[Fault, ...]:
        return ingress_faults(snapshot, wanted(mtu=str(mtu), encrypted=encrypted))

    assert told(576 + overhead) == ()
    assert told(9216) == ()
    (small,) = told(576 + overhead - 1)
    assert (small.field, small.fatal) == ("mtu", True)
    assert str(576 + overhead) in small.words
    (jumbo,) = told(9217)
    assert (jumbo.field, jumbo.fatal) == ("mtu", False)
    assert told(65535) == (jumbo,)
    (huge,) = told(65536)
    assert (huge.field, huge.fatal) == ("mtu", True)


@pytest.mark.parametrize("mtu", ["x", "-5", "1500.0", "1e3", "\u0661\u0665", " 1500", "9" * 5000])
def test_what_is_no_mtu(mtu: str) -> None:
    assert faults(wanted(mtu=mtu)) == [("mtu", "A number of bytes, such as 1500.")]


def test_doubts_about_encryption_do_not_stand_in_the_way() -> None:
    old = replace(busy_snapshot(), nodes=(replace(NODES[0], engine_version="20.10.7"),))
    (doubt,) = ingress_faults(old, wanted(encrypted=True))
    assert (doubt.field, doubt.fatal) == ("encrypted", False)
    assert "CVE-2023-28840" in doubt.words
    assert ingress_faults(old, wanted()) == ()


def test_every_fault_is_told_at_once() -> None:
    bad = wanted("10.77.0.0/24", "10.78.0.1", name="", mtu="no")
    assert fields(bad) == ["name", "gateway", "mtu"]


_ADDRESS = st.integers(0x0A140000, 0x0A14FFFF)
_CIDR = st.builds(
    lambda value, length: str(IPNetwork(f"{IPAddress(value)}/{length}").cidr),
    _ADDRESS,
    st.integers(17, 30),
)
_TYPED = st.one_of(
    st.text(max_size=30),
    st.builds(lambda value, length: f"{IPAddress(value)}/{length}", _ADDRESS, st.integers(0, 40)),
    _CIDR,
)


@given(_TYPED, st.one_of(st.text(max_size=20), _ADDRESS.map(lambda value: str(IPAddress(value)))))
@example("10.20.0.0/26", "10.20.0.1")
def test_whatever_a_person_types_is_refused_or_could_be_allocated(
    subnet: str, gateway: str
) -> None:
    snapshot = busy_snapshot()
    if not subnet or ingress_faults(snapshot, wanted(subnet, gateway)):
        return
    block = IPNetwork(subnet)
    assert str(block.cidr) == subnet
    assert not any(
        network.id != INGRESS.id and overlapping(subnet, [Claim("", each.cidr)])
        for network in snapshot.networks
        for each in network.subnets
    )
    if gateway:
        assert block.first < int(IPAddress(gateway)) < block.last


@given(st.text(max_size=20), st.text(max_size=8))
def test_nothing_that_a_person_types_breaks_the_checks(name: str, mtu: str) -> None:
    assert {
        fault.field for fault in ingress_faults(busy_snapshot(), wanted(name=name, mtu=mtu))
    } <= {
        "name",
        "mtu",
    }
