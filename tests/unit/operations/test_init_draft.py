"""What is said about a swarm that is to be made, and the command that makes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import Claim, ClaimKind
from swarmtui.operations import InitDraft, proposed_pool

GOOD = InitDraft("10.20.0.0/16", "24", "3", "10", "40", "192.168.7.1", "192.168.8.1", "7789")
LAN = Claim("the LAN range", "10.20.0.0/24", ClaimKind.LAN)
BRIDGE = Claim("this node's bridge network bridge", "10.20.0.0/20", ClaimKind.LOCAL)


def said(draft: InitDraft, *taken: Claim) -> dict[str, list[str]]:
    """Return what is said of each field; what would not work begins with ✗."""
    found: dict[str, list[str]] = {}
    for fault in draft.faults(taken):
        mark = "✗ " if fault.fatal else "! "
        found.setdefault(fault.field, []).append(mark + fault.words)
    return found


def test_nothing_is_said_about_a_good_one() -> None:
    assert said(GOOD) == {}


def test_the_command_holds_all_that_was_given() -> None:
    assert " ".join(GOOD.command) == (
        "docker swarm init --default-addr-pool 10.20.0.0/16 --default-addr-pool-mask-length 24 "
        "--advertise-addr 192.168.7.1 --data-path-addr 192.168.8.1 --data-path-port 7789"
    )
    assert InitDraft().command == ("docker", "swarm", "init")
    several = InitDraft("10.20.0.0/16, 10.30.0.0/16").command
    assert several.count("--default-addr-pool") == 2
    assert several[-1] == "24"


@pytest.mark.parametrize(
    ("field", "draft", "words"),
    [
        ("pools", InitDraft("10.20.0/16"), "✗ 10.20.0/16 is no range"),
        ("pools", InitDraft("10.20.0.0"), "✗ 10.20.0.0 is no range"),
        ("pools", InitDraft("10.20.0.0/255.255.0.0"), "✗ 10.20.0.0/255.255.0.0 is no range"),
        ("pools", InitDraft("fd00::/64"), "✗ fd00::/64: the swarm gives out IPv4"),
        ("pools", InitDraft("224.0.0.0/8"), "✗ 224.0.0.0/8 meets multicast"),
        ("pools", InitDraft("10.20.0.5/16"), "! 10.20.0.5/16 has host bits: docker takes 10.20."),
        ("pools", InitDraft("11.0.0.0/8"), "! 11.0.0.0/8 is not private"),
        ("pools", InitDraft("10.0.0.0/16 10.0.4.0/24"), "! 10.0.4.0/24 lies in 10.0.0.0/16"),
        ("pools", InitDraft("10.0.0.0/24", "24"), "! The only block goes to the ingress"),
        ("mask", InitDraft("10.0.0.0/16", "30"), "✗ A number from 1 to 29"),
        ("mask", InitDraft("10.0.0.0/16", "0"), "✗ A number from 1 to 29"),
        ("mask", InitDraft("10.0.0.0/16", "x"), "✗ A number from 1 to 29"),
        ("mask", InitDraft("10.0.0.0/24", "20"), "✗ A /20 block is larger than the pool"),
        ("mask", InitDraft("10.0.0.0/16", "22"), "! Larger than a /24"),
        ("mask", InitDraft("", "26"), "! Without a pool the mask length has no effect"),
        ("mask", InitDraft("10.0.0.0/16", "29", "4", "1"), "✗ Nodes and services alone"),
        ("nodes", InitDraft(nodes="many"), "✗ A number from 0"),
        ("tasks", InitDraft("10.0.0.0/16", "26", "3", "8", "51"), "! A block has room for 50"),
        ("advertise", InitDraft(advertise="0.0.0.0"), "✗ It has to be one address"),
        ("advertise", InitDraft(advertise="10.300.1.1"), "✗ An address or the name"),
        ("advertise", InitDraft(advertise="127.0.0.1"), "! No other node can reach it"),
        ("advertise", InitDraft(nodes="3", advertise="127.0.0.1:2377"), "✗ No other node can"),
        ("data-path", InitDraft(data_path="10.1.1.1:4789"), "✗ An address or the name"),
        ("data-path", InitDraft(data_path="0.0.0.0"), "✗ It has to be one address"),
        ("port", InitDraft(port="1023"), "✗ A number from 1024 to 49151"),
        ("port", InitDraft(port="49152"), "✗ A number from 1024 to 49151"),
        ("port", InitDraft(port="7946"), "✗ Nodes tell one another"),
    ],
)
def test_what_is_said(field: str, draft: InitDraft, words: str) -> None:
    assert any(each.startswith(words) for each in said(draft)[field]), said(draft)


@pytest.mark.parametrize(
    "draft",
    [
        InitDraft(),
        InitDraft("100.64.0.0/12", "29"),
        InitDraft(advertise="eth0", data_path="bond0.12"),
        InitDraft(advertise="[fd00::1]:2377", data_path="fd00::2"),
        InitDraft(port="0"),
        InitDraft(port="1024"),
        InitDraft(port="49151"),
    ],
)
def test_what_docker_takes(draft: InitDraft) -> None:
    assert said(draft) == {}


def test_pools_that_meet_what_is_there() -> None:
    bridge, lan = said(GOOD, LAN, BRIDGE)["pools"]
    assert bridge.startswith("! 10.20.0.0/16 overlaps this node's bridge network bridge (10.20.0.")
    assert "moby#50011" in bridge
    assert lan == (
        "! 10.20.0.0/16 overlaps the LAN range (10.20.0.0/24): containers on a network that gets "
        "such a block cannot reach hosts there."
    )


def test_addresses_of_nodes_in_a_pool_are_told_together() -> None:
    nodes = [Claim(f"node{n}", f"10.20.0.{n}/32", ClaimKind.NODE) for n in range(1, 6)]
    assert said(GOOD, *nodes)["pools"] == [
        "! 10.20.0.0/16 holds node1 (10.20.0.1), node2 (10.20.0.2), node3 (10.20.0.3) and 2 more: "
        "containers on a network that gets such a block cannot reach those nodes."
    ]


def test_ones_own_address_in_a_pool() -> None:
    (words,) = said(InitDraft("10.20.0.0/16", advertise="10.20.1.2:2377"))["pools"]
    assert words.startswith("! 10.20.0.0/16 holds the advertise address (10.20.1.2)")


def test_a_free_pool_is_proposed() -> None:
    assert proposed_pool([]) == "10.128.0.0/16"
    assert proposed_pool([Claim("", "10.128.0.0/10")]) == "10.192.0.0/16"
    assert proposed_pool([Claim("", "0.0.0.0/0")]) == ""


@given(st.lists(st.text(max_size=12), min_size=8, max_size=8))
def test_nothing_that_is_typed_breaks_it(texts: list[str]) -> None:
    draft = InitDraft(*texts)
    faults = draft.faults([LAN])
    assert draft.plan is not None or any(fault.fatal for fault in faults)
    assert draft.command[:3] == ("docker", "swarm", "init")
