"""Addresses, subnets and VXLAN ids are handed out by the engine's rules (engine-facts C)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from swarmtui.demo.addresses import AddressSpace, Lease
from swarmtui.demo.pools import FIRST_VXLAN_ID, AddressPools, VxlanIds


def space_of(subnet: str, gateway: str | None = None, ip_range: str | None = None) -> AddressSpace:
    network = IPv4Network(subnet)
    return AddressSpace(
        network,
        IPv4Address(gateway or int(network.network_address) + 1),
        subnet,
        ip_range=IPv4Network(ip_range) if ip_range else None,
    )


def leased(space: AddressSpace) -> Lease:
    lease = space.lease()
    assert lease is not None
    return lease


def pools_of(*pools: str, size: int = 24, lowest_gap: bool = True) -> AddressPools:
    return AddressPools(tuple(map(IPv4Network, pools)), size, lowest_gap)


def test_addresses_follow_the_gateway_one_by_one() -> None:
    space = space_of("10.20.0.64/26")
    assert [leased(space).cidr for _ in range(3)] == [
        "10.20.0.66/26",
        "10.20.0.67/26",
        "10.20.0.68/26",
    ]


def test_an_own_gateway_leaves_the_first_address_to_others() -> None:
    space = space_of("10.0.9.0/24", gateway="10.0.9.99")
    assert leased(space).cidr == "10.0.9.1/24"


def test_a_freed_address_is_handed_out_again_only_after_the_others() -> None:
    space = space_of("10.50.0.0/29")
    first = leased(space)
    first.release()
    rest = [leased(space).address for _ in range(5)]
    assert rest[0] == first.address + 1
    assert rest[-1] == first.address
    assert space.lease() is None


def test_a_range_bounds_what_is_handed_out() -> None:
    space = space_of("10.9.0.0/24", ip_range="10.9.0.128/30")
    addresses = [str(leased(space).address) for _ in range(4)]
    assert addresses == ["10.9.0.128", "10.9.0.129", "10.9.0.130", "10.9.0.131"]
    assert space.lease() is None
    assert (space.in_use, space.available) == (7, 0)


def test_the_mac_address_is_made_from_the_address() -> None:
    assert leased(space_of("10.20.0.64/26")).mac == "02:42:0a:14:00:42"


@given(
    prefix=st.integers(26, 30),
    moves=st.lists(st.integers(0, 80), max_size=120),
)
def test_no_address_has_two_holders_and_none_is_lost(prefix: int, moves: list[int]) -> None:
    space = space_of(f"10.1.0.0/{prefix}")
    reserved = set(space.taken)
    held: list[Lease] = []
    for move in moves:
        if move < 40 or not held:
            lease = space.lease()
            assert (lease is None) == (len(held) + 3 == space.subnet.num_addresses)
            if lease is not None:
                assert lease.address in space.subnet
                assert int(lease.address) not in reserved
                held.append(lease)
        else:
            held.pop(move % len(held)).release()
        addresses = {lease.address for lease in held}
        assert len(addresses) == len(held)
        assert space.in_use == len(held) + 3
        assert space.in_use + space.available == space.subnet.num_addresses


def test_newer_engines_fill_the_lowest_gap_of_the_pools() -> None:
    pools = pools_of("10.20.0.0/22", "10.30.0.0/24")
    taken = [pools.take() for _ in range(3)]
    first = taken[0]
    assert first == IPv4Network("10.20.0.0/24")
    pools.release(first)
    assert pools.take() == first
    assert pools.take() == IPv4Network("10.20.3.0/24")
    assert pools.take() == IPv4Network("10.30.0.0/24")
    assert pools.take() is None


def test_older_engines_go_on_after_the_last_subnet_and_wrap() -> None:
    pools = pools_of("10.20.0.0/22", lowest_gap=False)
    first = pools.take()
    assert first is not None
    pools.release(first)
    assert [str(pools.take()) for _ in range(4)] == [
        "10.20.1.0/24",
        "10.20.2.0/24",
        "10.20.3.0/24",
        "10.20.0.0/24",
    ]


def test_a_given_subnet_blocks_what_it_overlaps() -> None:
    pools = pools_of("10.20.0.0/22")
    assert pools.claim(IPv4Network("10.20.0.0/23"))
    assert not pools.claim(IPv4Network("10.20.1.128/25"))
    assert pools.take() == IPv4Network("10.20.2.0/24")


@given(
    lowest_gap=st.booleans(),
    moves=st.lists(st.integers(0, 30), max_size=60),
    given_subnets=st.lists(st.integers(0, 63), max_size=5),
)
def test_subnets_in_use_never_overlap(
    lowest_gap: bool, moves: list[int], given_subnets: list[int]
) -> None:
    pools = pools_of("10.20.0.0/20", size=26, lowest_gap=lowest_gap)
    held = []
    for number in given_subnets:
        subnet = IPv4Network((int(IPv4Address("10.20.0.0")) + 64 * number, 26))
        assert pools.claim(subnet) == (subnet not in held)
        if subnet not in held:
            held.append(subnet)
    for move in moves:
        if move < 20 or not held:
            taken = pools.take()
            assert (taken is None) == (len(held) == 64)
            if taken is not None:
                held.append(taken)
        else:
            pools.release(held.pop(move % len(held)))
        assert len(set(held)) == len(held)
        assert sorted(pools.used) == sorted(held)


def test_vxlan_ids_are_serial_and_freed_ones_rest() -> None:
    ids = VxlanIds()
    assert [ids.take(), ids.take()] == [FIRST_VXLAN_ID, FIRST_VXLAN_ID + 1]
    ids.release([FIRST_VXLAN_ID])
    assert ids.take() == FIRST_VXLAN_ID + 2
    assert not ids.claim(FIRST_VXLAN_ID + 2)
    assert ids.claim(FIRST_VXLAN_ID)
