"""What is found wrong with networks that engines made, and that it goes when it is repaired."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import pytest

from tests.swarm.calls import (
    ALL_NODES,
    Json,
    await_allocated,
    await_nowhere,
    await_running,
    bring,
    changed,
    clear,
    create_network,
    create_service,
    done,
    ingress_row,
    join,
    port,
    publishing,
    remove_ingress,
    said,
    service,
    unpublish,
    update,
)
from tests.swarm.examining import Eyes, Key, codes, evidence
from tests.swarm.lab import POOL, Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

MTU = "com.docker.network.driver.mtu"
LAN = "10.92.0.128/25"


@pytest.fixture
def place(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes on which afterwards nothing is left."""
    yield bare_lab
    clear(bare_lab)
    for each in bare_lab.get(1, "/networks"):
        if each["Scope"] == "local" and each["Name"] in ("mine", "twin"):
            done(bare_lab, "DELETE", f"/networks/{each['Id']}")


@pytest.fixture
def eyes(place: Lab) -> Iterator[Eyes]:
    """Somebody at the first manager."""
    with Eyes(place.url(1), (LAN,)) as somebody:
        yield somebody


def bridge(lab: Lab, name: str, subnet: str) -> str:
    """Make a bridge network on the first node, and return its id."""
    ipam = {"Driver": "default", "Config": [{"Subnet": subnet}]}
    body = {"Name": name, "Driver": "bridge", "IPAM": ipam}
    return str(done(lab, "POST", "/networks/create", body)["Id"])


def remove(lab: Lab, *networks: str) -> None:
    for each in networks:
        done(lab, "DELETE", f"/networks/{each}")


def crowd(lab: Lab, name: str, network: str, replicas: int, **config: object) -> None:
    """Create a service of many tasks on the first node."""
    body = service(name, network, replicas=replicas, EndpointSpec={"Mode": "vip"})
    body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node1"]}
    body["UpdateConfig"] |= config
    done(lab, "POST", "/services/create", body)


def scale(lab: Lab, name: str, replicas: int) -> None:
    mode = {"Replicated": {"Replicas": replicas}}
    assert update(lab, "services", name, changed(Mode=mode)) == (200, "")


def test_nothing_is_critical_in_a_fresh_swarm(place: Lab, eyes: Eyes) -> None:
    assert codes(eyes.findings().values(), "critical") == set()


def test_networks_as_they_were_made(place: Lab, eyes: Eyes) -> None:
    lab = place
    mine, twin = bridge(lab, "mine", "10.95.0.0/25"), bridge(lab, "twin", "10.96.0.0/24")
    (gateway,) = (
        each["IPAM"]["Config"][0]["Subnet"]
        for each in lab.get(1, "/networks")
        if each["Name"] == "docker_gwbridge"
    )
    inside = str(next(ipaddress.ip_network(gateway, strict=False).subnets(new_prefix=24)))
    around = str(ipaddress.ip_network(f"{lab.address(1)}/24", strict=False))
    wanted: tuple[tuple[str, Json, dict[str, str]], ...] = (
        ("wide", {"Subnet": "10.94.0.0/22"}, {}),
        ("around", {"Subnet": around}, {}),
        ("home", {"Subnet": "10.92.0.0/24"}, {}),
        ("block", {"Subnet": "10.20.200.0/24"}, {}),
        ("odd", {"Subnet": "10.93.0.0/24", "Gateway": "10.93.0.99"}, {MTU: "1400"}),
        ("off", {"Subnet": "10.93.1.0/24"}, {"encrypted": "false"}),
        ("inside", {"Subnet": inside}, {}),
        ("bridged", {"Subnet": "10.95.0.0/24"}, {}),
    )
    made = {name: create_network(lab, name, config, Options=o) for name, config, o in wanted}
    for each in made.values():
        await_allocated(lab, each)
    made["overlap"] = create_network(lab, "overlap", {"Subnet": "10.94.1.0/24"})
    status, answer = lab.call(2, "POST", "/networks/create", {"Name": "twin", "Driver": "overlay"})
    assert status == 201, answer
    made["twin"] = answer["Id"]

    expected: dict[Key, dict[str, str]] = {
        ("network-unallocated", "overlap"): {
            "driver of overlap": "none",
            "subnet of overlap": "none",
            "services that name it": "none",
        },
        ("network-too-large", "wide"): {
            "subnet of wide": "10.94.0.0/22",
            "virtual addresses on it": "250 at most",
        },
        ("subnet-overlaps-node", "around"): {
            "subnet of around": around,
            **{f"the address of node{number}": lab.address(number) for number in ALL_NODES},
        },
        ("subnet-overlaps-lan", "home"): {"subnet of home": "10.92.0.0/24", "the LAN range": LAN},
        ("subnet-blocks-pool", "block"): {
            "subnet of block": "10.20.200.0/24",
            "address pool": f"{POOL}, in /26",
        },
        ("network-gateway-not-first", "odd"): {"gateway of 10.93.0.0/24": "10.93.0.99"},
        ("network-mtu-differs", "odd"): {"MTU of odd": "1400", "MTU of most overlays": "1500"},
        ("encryption-by-false-option", "off"): {"option encrypted of off": "false"},
        ("ingress-not-encrypted", str(ingress_row(lab)["Name"])): {},
        ("encryption-unsettled", "swarm"): {},
        ("networks-overlap", "inside"): {
            "subnet of inside": inside,
            "this node's bridge network docker_gwbridge": gateway,
        },
        ("networks-overlap", "bridged"): {
            "subnet of bridged": "10.95.0.0/24",
            "this node's bridge network mine": "10.95.0.0/25",
        },
        ("network-name-ambiguous", "twin"): {
            "a swarm network twin": made["twin"],
            "a local network twin": twin,
        },
        ("network-unused", "wide"): {},
    }
    found = eyes.await_found(*expected)
    for key, values in expected.items():
        assert not values or evidence(found[key]) == values, key
    assert (
        evidence(found["ingress-not-encrypted", str(ingress_row(lab)["Name"])])[
            "encrypted networks"
        ]
        == "off"
    )
    assert "GET /networks" in {
        each.source for each in found["network-unused", "wide"].trouble.evidence
    }
    early, late = eyes.told_after(5), eyes.told_after(3700)
    assert ("network-unallocated", "overlap") in late
    assert ("network-unused", "wide") not in early
    assert late >= set(expected)

    remove(lab, *made.values(), mine, twin)
    eyes.await_gone(*expected)


def test_addresses_run_out_and_come_free(place: Lab, eyes: Eyes) -> None:
    lab = place
    for name, subnet in (("full", "10.97.0.0/29"), ("close", "10.97.1.0/28")):
        await_allocated(lab, create_network(lab, name, {"Subnet": subnet}))
    create_service(lab, "many", "full", replicas=9, EndpointSpec={"Mode": "vip"})
    crowd(lab, "eager", "close", 9, Order="start-first")
    expected = (
        ("network-exhausted", "full"),
        ("tasks-without-attachments", "many"),
        ("network-nearly-full", "close"),
        ("network-update-does-not-fit", "close"),
    )
    found = eyes.await_found(*expected)
    told = evidence(found["network-exhausted", "full"])
    assert told["addresses of full"] == "8"
    assert told["addresses that are wanted on it"] == "16"
    assert told["services with tasks in new"] == "many"
    assert evidence(found["tasks-without-attachments", "many"]) == {
        "error of tasks of many": "node is missing network attachments, ip addresses may be "
        "exhausted",
        "networks of many": "full",
    }
    assert evidence(found["network-nearly-full", "close"]) == {
        "addresses of close": "16",
        "taken at least": "85 %",
    }
    assert evidence(found["network-update-does-not-fit", "close"]) == {
        "tasks of eager that are started first": "9",
        "addresses left on close": "fewer than that",
    }
    # With fewer tasks it takes the last one minutes until it has an address on its node.
    done(lab, "DELETE", "/services/many")
    scale(lab, "eager", 1)
    eyes.await_gone(*expected)


def test_a_service_without_virtual_address(place: Lab, eyes: Eyes) -> None:
    lab = place
    full = create_network(lab, "full", {"Subnet": "10.98.0.0/29"})
    await_allocated(lab, full)
    crowd(lab, "web", "full", 3)
    await_running(lab, "web", 3, full)
    create_service(lab, "late", "full", EndpointSpec={"Mode": "vip"})
    found = eyes.await_found(("network-exhausted", "full"))["network-exhausted", "full"]
    assert evidence(found)["services without an address"] == "late"
    assert evidence(found)["services with tasks in new"] == "none"
    scale(lab, "web", 1)
    eyes.await_gone(("network-exhausted", "full"))


def test_the_ingress_is_missed_never_allocated_and_not_everywhere(place: Lab, eyes: Eyes) -> None:
    lab = place
    missing, nowhere = ("ingress-missing", "swarm"), ("ingress-unallocated", "ingress")
    remove_ingress(lab)
    found = eyes.await_found(missing)[missing]
    assert evidence(found) == {
        "ingress networks": "0",
        "services that publish through it": "none",
    }
    create_network(lab, "app", {"Subnet": "10.99.0.0/24"})
    bad = create_network(lab, "ingress", {"Subnet": "10.99.0.128/25"}, Ingress=True)
    eyes.await_gone(missing)
    create_service(lab, "web", replicas=1, EndpointSpec=publishing(port(8080)))
    found = eyes.await_found(nowhere)[nowhere]
    assert evidence(found) == {
        "driver of ingress": "none",
        "subnet of ingress": "none",
        "services that publish through it": "web",
    }
    assert update(lab, "services", "web", unpublish)[0] == 200
    await_running(lab, "web", 1)
    remove(lab, bad)
    eyes.await_gone(nowhere)

    again = create_network(lab, "again", {"Subnet": "10.99.1.0/24"}, Ingress=True)
    await_allocated(lab, again)
    bring(lab, again, 1)
    bring(lab, again, 2)
    lacking = {
        "peers of again": f"{lab.address(1)}, {lab.address(2)}",
        "Ready nodes not among them": "node3",
    }
    eyes.await_evidence("ingress-not-everywhere", "again", lacking)
    bring(lab, again, 3)
    eyes.await_gone(("ingress-not-everywhere", "again"))
    assert codes(eyes.findings().values(), "critical") == set()


def test_the_pool_fills_up(place: Lab, eyes: Eyes) -> None:
    lab = place
    most = ("10.20.128.0/17", "10.20.64.0/18", "10.20.32.0/19")
    rest = (
        *("10.20.16.0/20", "10.20.8.0/21", "10.20.4.0/22", "10.20.2.0/23", "10.20.1.0/24"),
        *("10.20.0.128/25", "10.20.0.64/26"),
    )
    full, nearly = ("pool-exhausted", POOL), ("pool-nearly-full", POOL)

    def take(*subnets: str) -> None:
        for each in subnets:
            name = f"n{each.replace('.', '-').replace('/', '-')}"
            await_allocated(lab, create_network(lab, name, {"Subnet": each}))

    take(*most)
    found = eyes.await_found(nearly)
    assert full not in found
    used = int(evidence(found[nearly])["blocks taken"])
    assert used in (896, 897)
    take(*rest)
    if used == 896:
        take("10.20.0.0/26")
    found = eyes.await_found(full)
    assert nearly not in found
    assert found[full].severity == "warning"
    late = create_network(lab, "late")
    found = eyes.await_found(full, ("network-unallocated", "late"))
    assert found[full].severity == "critical"
    assert evidence(found[full]) == {
        f"blocks of {POOL}": "1024 of a /26 each",
        "blocks left in all pools": "0",
        "networks without a subnet": "late",
    }
    remove(lab, "n10-20-32-0-19")
    await_allocated(lab, late)
    eyes.await_gone(full, ("network-unallocated", "late"))


def test_a_removed_network_that_a_node_cannot_give_up_yet(place: Lab, eyes: Eyes) -> None:
    lab = place
    app = create_network(lab, "app", {"Subnet": "10.97.8.0/24"})
    await_allocated(lab, app)
    body = service("slow", "app", replicas=1)
    body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node1"]}
    body["TaskTemplate"]["ContainerSpec"] |= {
        "StopSignal": "SIGTERM",
        "StopGracePeriod": 2_000_000_000,
    }
    done(lab, "POST", "/services/create", body)
    await_running(lab, "slow", 1, app)
    assert update(lab, "services", "slow", join())[0] == 200
    wait_until(lambda: said(lab, 1, "DELETE", f"/networks/{app}")[0] == 204, "removal")
    left = ("network-left-behind", "app")
    found = eyes.await_found(left, seconds=10)[left]
    assert evidence(found) == {
        "networks that node1 carries": "app",
        "its id, which the managers do not know": app,
    }
    assert left not in eyes.told_after(30)
    await_nowhere(lab, app)
    eyes.await_gone(left)


def test_a_worker_sees_what_is_in_the_way_of_the_networks_that_it_carries(place: Lab) -> None:
    lab = place
    made = create_network(lab, "near", {"Subnet": "10.97.16.0/24"})
    await_allocated(lab, made)
    body = service("web", "near", replicas=1)
    body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node3"]}
    done(lab, "POST", "/services/create", body)
    await_running(lab, "web", 1, made)
    with Eyes(lab.url(3), ("10.97.16.0/25",)) as worker:
        found = worker.await_found(("subnet-overlaps-lan", "near"))
        assert {each.code for each in found.values()} == {"subnet-overlaps-lan"}
