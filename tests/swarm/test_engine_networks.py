"""What engines make of networks that are created and removed: options, addresses, ids, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.swarm.calls import (
    Json,
    Said,
    await_allocated,
    clear,
    create_network,
    done,
    network,
    rpc,
    said,
)
from tests.swarm.lab import Lab

pytestmark = pytest.mark.swarm

MTU = "com.docker.network.driver.mtu"
VXLAN = "com.docker.network.driver.overlay.vxlanid_list"


@pytest.fixture(scope="module")
def tidy(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes on which afterwards nothing is left."""
    yield bare_lab
    clear(bare_lab)


def row_of(lab: Lab, identity: str) -> Json:
    """Return what the swarm has on record of a network."""
    (found,) = (each for each in lab.get(1, "/networks") if each["Id"] == identity)
    return dict(found)


def await_allocator(lab: Lab) -> None:
    """Wait until the leader has been at all networks, which it takes in turn."""
    last = create_network(lab, "last", {"Subnet": "10.99.0.0/24"})
    await_allocated(lab, last)
    done(lab, "DELETE", f"/networks/{last}")


def invalid(words: str) -> Said:
    """Return the answer to an argument that the leader does not take."""
    return 400, rpc("InvalidArgument", words)


class Asked(NamedTuple):
    """A network that is asked for, and the addresses and options that it gets.

    `options` are those asked for, and `vxlan_ids` those told; 0 stands for one that the engine
    chooses.
    """

    name: str
    configs: tuple[Json, ...]
    got: tuple[Json, ...]
    options: dict[str, str]
    vxlan_ids: tuple[int, ...]


def on_block(
    name: str, block: str, gateway: str, ids: str = "", *told: int, **options: str
) -> Asked:
    """Return a network with one subnet, and with VXLAN ids of its own."""
    asked = options | ({VXLAN: ids} if ids else {})
    got = ({"Subnet": block, "Gateway": gateway},)
    return Asked(name, ({"Subnet": block},), got, asked, told or (0,))


ACCEPTED = (
    on_block("plain", "10.80.0.0/24", "10.80.0.1"),
    on_block("smallest", "10.80.1.0/30", "10.80.1.1"),
    on_block("secure", "10.80.2.0/24", "10.80.2.1", encrypted=""),
    on_block("secure-too", "10.80.3.0/24", "10.80.3.1", encrypted="false"),
    on_block("narrow", "10.80.4.0/24", "10.80.4.1", **{MTU: "1400"}),
    on_block("narrow-by-any-word", "10.80.5.0/24", "10.80.5.1", **{MTU: "narrow"}),
    on_block("more", "10.80.6.0/24", "10.80.6.1", unknown="option"),
    Asked(
        "many",
        (
            {"Subnet": "10.81.0.0/24", "Gateway": "10.81.0.9", "IPRange": "10.81.0.128/25"},
            {"Subnet": "10.81.1.7/26"},
            {"Subnet": "10.81.2.0/24", "Gateway": "10.81.2.1", "IPRange": "10.81.2.64/26"},
            {"Subnet": "10.81.3.0/25", "IPRange": "10.81.3.0/24"},
        ),
        (
            {"Subnet": "10.81.0.0/24", "IPRange": "10.81.0.128/25", "Gateway": "10.81.0.9"},
            {"Subnet": "10.81.1.7/26", "Gateway": "10.81.1.1"},
            {"Subnet": "10.81.2.0/24", "IPRange": "10.81.2.64/26", "Gateway": "10.81.2.1"},
            {"Subnet": "10.81.3.0/25", "IPRange": "10.81.3.0/24", "Gateway": "10.81.3.1"},
        ),
        {},
        (0, 0, 0, 0),
    ),
    on_block("numbered", "10.82.0.0/24", "10.82.0.1", "5000", 5000),
    on_block("low-number", "10.82.1.0/24", "10.82.1.1", "100", 100),
    on_block("no-number", "10.82.2.0/24", "10.82.2.1", "0"),
    on_block("too-many-numbers", "10.82.3.0/24", "10.82.3.1", "5001,5002", 5001),
    on_block("spare-number", "10.82.4.0/24", "10.82.4.1", "5002", 5002),
    Asked(
        "too-few-numbers",
        ({"Subnet": "10.82.5.0/24"}, {"Subnet": "10.82.6.0/24"}),
        (
            {"Subnet": "10.82.5.0/24", "Gateway": "10.82.5.1"},
            {"Subnet": "10.82.6.0/24", "Gateway": "10.82.6.1"},
        ),
        {VXLAN: "5003"},
        (5003, 0),
    ),
)


@pytest.mark.parametrize("asked", ACCEPTED, ids=lambda asked: asked.name)
def test_a_network_gets_what_was_asked_for(tidy: Lab, asked: Asked) -> None:
    identity = create_network(tidy, asked.name, *asked.configs, Options=asked.options)
    await_allocated(tidy, identity)
    row = row_of(tidy, identity)
    assert row["IPAM"] == {"Driver": "default", "Options": None, "Config": list(asked.got)}
    ids = [int(each) for each in row["Options"].pop(VXLAN).split(",")]
    assert row["Options"] == {key: text for key, text in asked.options.items() if key != VXLAN}
    assert len(ids) == len(asked.vxlan_ids)
    for told, wanted in zip(ids, asked.vxlan_ids, strict=True):
        assert told == wanted if wanted else told >= 4096


def test_the_kind_of_a_network_is_told_as_asked(tidy: Lab) -> None:
    labels = {"b": "2", "a": "1"}
    kind = {"Attachable": True, "Internal": True, "Labels": labels}
    special = create_network(tidy, "special", {"Subnet": "10.83.0.0/24"}, **kind)
    ordinary = create_network(tidy, "ordinary", {"Subnet": "10.83.1.0/24"}, EnableIPv6=True)
    for identity, wanted in (
        (special, (True, True, labels, False)),
        (ordinary, (False, False, None, True)),
    ):
        row = row_of(tidy, identity)
        told = (row["Attachable"], row["Internal"], row["Labels"], row["EnableIPv6"])
        assert told == wanted
        assert (row["Scope"], row["Ingress"]) == ("swarm", False)


def test_the_pool_gives_the_next_block_that_nobody_has(tidy: Lab) -> None:
    lab = tidy

    def from_pool(name: str) -> int:
        identity = create_network(lab, name)
        await_allocated(lab, identity)
        (config,) = row_of(lab, identity)["IPAM"]["Config"]
        a, b, third, fourth = map(int, config["Subnet"].removesuffix("/26").split("."))
        assert (a, b) == (10, 20)
        assert config["Gateway"] == f"10.20.{third}.{fourth + 1}"
        return third * 4 + fourth // 64

    def inside(number: int, size: int) -> str:
        return f"10.20.{number // 4}.{number % 4 * 64}/{size}"

    first = from_pool("first")
    for name, subnet in (
        ("whole-block", inside(first + 1, 26)),
        ("part-of-block", inside(first + 2, 28)),
    ):
        await_allocated(lab, create_network(lab, name, {"Subnet": subnet}))
    assert from_pool("second") == first + 3


NEVER_ALLOCATED: tuple[tuple[str, tuple[Json, ...], dict[str, str]], ...] = (
    ("inside", ({"Subnet": "10.84.0.128/25"},), {}),
    ("around", ({"Subnet": "10.84.0.0/16"},), {}),
    ("same-twice", ({"Subnet": "10.85.0.0/24"}, {"Subnet": "10.85.0.0/24"}), {}),
    ("overlaps-itself", ({"Subnet": "10.85.1.0/24"}, {"Subnet": "10.85.1.128/25"}), {}),
    ("first-as-gateway", ({"Subnet": "10.85.2.0/24", "Gateway": "10.85.2.0"},), {}),
    ("last-as-gateway", ({"Subnet": "10.85.3.0/24", "Gateway": "10.85.3.255"},), {}),
    ("too-small", ({"Subnet": "10.85.4.0/31"},), {}),
    ("number-of-another", ({"Subnet": "10.85.5.0/24"},), {VXLAN: "6000"}),
    (
        "number-twice",
        ({"Subnet": "10.85.6.0/24"}, {"Subnet": "10.85.7.0/24"}),
        {VXLAN: "6001,6001"},
    ),
    ("no-number-at-all", ({"Subnet": "10.85.8.0/24"},), {VXLAN: "red"}),
    ("empty-number", ({"Subnet": "10.85.9.0/24"},), {VXLAN: ""}),
    ("number-after-a-space", ({"Subnet": "10.85.10.0/24"},), {VXLAN: " 6002"}),
    ("negative-number", ({"Subnet": "10.85.11.0/24"},), {VXLAN: "-1"}),
    ("number-too-high", ({"Subnet": "10.85.12.0/24"},), {VXLAN: "16777216"}),
)


def test_what_cannot_be_had_is_accepted_and_never_allocated(tidy: Lab) -> None:
    lab = tidy
    holder = create_network(lab, "holder", {"Subnet": "10.84.0.0/24"}, Options={VXLAN: "6000"})
    await_allocated(lab, holder)
    stuck = {
        name: create_network(lab, name, *configs, Options=options)
        for name, configs, options in NEVER_ALLOCATED
    }
    await_allocator(lab)
    for name, identity in stuck.items():
        row = row_of(lab, identity)
        told = (name, row["Driver"], row["IPAM"], row["Options"])
        assert told == (name, "", {"Driver": "", "Options": None, "Config": None}, None)

    # They hold neither the addresses nor the ids that they were about to get.
    good = create_network(lab, "good", {"Subnet": "10.85.5.0/24"}, Options={VXLAN: "6001"})
    await_allocated(lab, good)
    for identity in stuck.values():
        assert said(lab, 1, "DELETE", f"/networks/{identity}") == (204, "")
    done(lab, "DELETE", f"/networks/{holder}")
    again = create_network(lab, "again", {"Subnet": "10.84.0.128/25"}, Options={VXLAN: "6000"})
    await_allocated(lab, again)


def test_the_leader_tries_again_when_what_was_in_the_way_is_removed(tidy: Lab) -> None:
    lab = tidy
    before = create_network(lab, "before", {"Subnet": "10.86.0.0/24"})
    await_allocated(lab, before)
    after = create_network(lab, "after", {"Subnet": "10.86.0.0/25"})
    await_allocator(lab)
    assert row_of(lab, after)["Driver"] == ""
    done(lab, "DELETE", f"/networks/{before}")
    await_allocated(lab, after)


REFUSED: dict[str, tuple[Json, Said]] = {
    "local scope": (
        network("new", {"Subnet": "10.87.0.0/24"}, Scope="local"),
        (403, "cannot downgrade network scope for overlay networks"),
    ),
    "second subnet that is none": (
        network("new", {"Subnet": "10.87.0.0/24"}, {"Subnet": "10.87.1.0"}),
        (500, "Invalid subnet 10.87.1.0 : invalid CIDR address: 10.87.1.0"),
    ),
    "range outside of the second subnet": (
        network(
            "new",
            {"Subnet": "10.87.0.0/24"},
            {"Subnet": "10.87.1.0/24", "IPRange": "10.87.0.0/25"},
        ),
        invalid("ipam configuration: subnet 10.87.1.0/24 does not contain range 10.87.0.0/25"),
    ),
    "address for a range": (
        network("new", {"Subnet": "10.87.0.0/24", "IPRange": "10.87.0.128"}),
        invalid("ipam configuration: invalid range 10.87.0.128"),
    ),
    **{
        f"name {name}": (network(name), invalid("name must be valid as a DNS name component"))
        for name in ("-a", "a.b", "a/b", "ä")
    },
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(tidy: Lab, name: str) -> None:
    body, answer = REFUSED[name]
    assert said(tidy, 1, "POST", "/networks/create", body) == answer
