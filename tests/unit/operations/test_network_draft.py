"""New overlays: what would be refused, or taken and never allocated, before anything is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.model import Cluster, Snapshot
from swarmtui.operations import NetworkDraft, Plan, Range, Refusal, plan_operation
from swarmtui.operations.definition import VXLAN_OPTION
from tests.builders import busy_snapshot, network

SOUND = NetworkDraft("shop", "10.77.0.0/24")


def told(draft: NetworkDraft, snapshot: Snapshot | None = None) -> list[tuple[str, str, bool]]:
    found = draft.faults(snapshot or busy_snapshot())
    return [(fault.field, fault.words, fault.fatal) for fault in found]


def full_pools() -> Snapshot:
    busy = busy_snapshot()
    last = network("last", "10.20.0.192/26", gateway="10.20.0.193", vxlan=4099)
    cluster = Cluster("cluster", ("10.20.0.0/24",), 26)
    return replace(busy, cluster=cluster, networks=(*busy.networks, last))


def test_all_that_can_be_said() -> None:
    draft = NetworkDraft(
        name=" shop ",
        subnet="10.77.0.0/24 10.78.0.0/24",
        gateway="- 10.78.0.9",
        ip_range="10.77.0.128/25",
        mtu="1400",
        vxlan="5000, 5001",
        labels="team='a b'",
        encrypted=True,
        attachable=True,
        internal=True,
    )
    assert told(draft) == []
    wanted = draft.definition
    assert wanted.name == "shop"
    assert wanted.ranges == (
        Range("10.77.0.0/24", "", "10.77.0.128/25"),
        Range("10.78.0.0/24", "10.78.0.9"),
    )
    assert wanted.options[VXLAN_OPTION] == "5000,5001"
    assert wanted.labels == {"team": "a b"}
    assert wanted.is_encrypted
    assert wanted.attachable
    assert wanted.internal


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": "x" * 64}, "name", "It has 64 letters; the swarm takes 63."),
        ({"name": "default"}, "name", "default is the engine's own network."),
        ({"subnet": "10.77.0.0/31"}, "subnet", "It is smaller than a /30"),
        ({"subnet": "10.77.0.0/24 10.77.0.128/25"}, "subnet", "10.77.0.0/24 and 10.77.0.128/25"),
        ({"gateway": "10.77.0.1 10.77.0.2"}, "gateway", "A gateway needs a subnet."),
        ({"gateway": "10.77.0.1 10.77.0.2"}, "subnet", "2 gateways or IP ranges, and 1 with a"),
        ({"subnet": "", "gateway": "10.77.0.1"}, "gateway", "A gateway needs a subnet."),
        ({"gateway": "10.77.0.0"}, "gateway", "It is the network address"),
        ({"gateway": "10.77.0.255"}, "gateway", "It is the broadcast address"),
        ({"ip_range": "10.78.0.0/25"}, "range", "10.78.0.0/25 is not in 10.77.0.0/24."),
        ({"ip_range": "10.77.0.9/25"}, "range", "It has host bits set: write 10.77.0.0/25."),
        ({"ip_range": "10.77.0.0"}, "range", "10.77.0.0 is no range"),
        ({"ip_range": "10.77.0.8/31"}, "range", "It is smaller than a /30"),
        ({"subnet": "", "ip_range": "10.77.0.0/25"}, "range", "An IP range needs a subnet."),
        ({"vxlan": "4097"}, "vxlan", "app has 4097 already."),
        ({"vxlan": "5000,5001"}, "vxlan", "Give as many as there are subnets."),
        ({"vxlan": "5000 x"}, "vxlan", "Numbers, with commas"),
        ({"vxlan": "0"}, "vxlan", "0 is not between 1 and 16777215."),
        ({"vxlan": "16777216"}, "vxlan", "16777216 is not between"),
        ({"labels": "a='"}, "labels", "Write them as key=value"),
        ({"labels": "com.docker.swarm.internal=1"}, "labels", "The engine keeps"),
    ],
)
def test_what_would_not_work(changes: dict[str, str], field: str, words: str) -> None:
    found = told(replace(SOUND, **changes))  # type: ignore[arg-type]
    assert any(
        (name, fatal) == (field, True) and said.startswith(words) for name, said, fatal in found
    ), found


def test_each_vxlan_id_can_be_used_once() -> None:
    two = replace(SOUND, subnet="10.77.0.0/24 10.78.0.0/24", vxlan="5000,5000")
    assert told(two) == [("vxlan", "Each can be used once only.", True)]


def test_low_vxlan_ids_work_but_for_windows() -> None:
    ((field, words, fatal),) = told(replace(SOUND, vxlan="7"))
    assert (field, fatal) == ("vxlan", False)
    assert "Windows" in words


def test_more_than_a_24_is_advised_against_and_why() -> None:
    ((field, words, fatal),) = told(replace(SOUND, subnet="10.76.0.0/23"))
    assert (field, fatal) == ("subnet", False)
    assert "moby#30820" in words
    assert "several networks" in words
    assert "dnsrr" in words


def test_without_a_subnet_the_pools_need_a_block() -> None:
    empty = replace(SOUND, subnet="")
    assert told(empty) == []
    assert told(empty, full_pools()) == [
        ("subnet", "The swarm's address pools are used up: give a subnet.", True)
    ]
    assert told(SOUND, full_pools()) == []
    # Where no pools are known, as behind an old engine, nothing can be said.
    assert told(empty, replace(busy_snapshot(), cluster=None)) == []


def test_what_would_not_work_is_not_planned() -> None:
    planned = plan_operation(full_pools(), replace(SOUND, subnet="").intent())
    assert isinstance(planned, Refusal)
    assert "address pools are used up" in planned.reasons[0]


def test_the_plan_waits_until_it_is_allocated() -> None:
    planned = plan_operation(busy_snapshot(), SOUND.intent())
    assert isinstance(planned, Plan)
    create, verify = planned.steps
    assert create.commands == ("docker network create --driver overlay --subnet 10.77.0.0/24 shop",)
    assert create.until
    assert verify.title == "Verify"
    assert planned.interruptions == ()
