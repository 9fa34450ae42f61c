"""What engines make of services that change networks, endpoint mode and published ports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.swarm.calls import (
    Json,
    Said,
    await_allocated,
    await_running,
    changed,
    clear,
    create_network,
    create_service,
    done,
    ingress_row,
    join,
    port,
    publishing,
    rpc,
    said,
    service,
    unpublish,
    update,
)
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

VIP: Json = {"Mode": "vip"}
CHANGED = (200, "")


@pytest.fixture(scope="module")
def nets(bare_lab: Lab) -> Iterator[dict[str, str]]:
    """Return the ids of some networks."""
    ids = {"ingress": str(ingress_row(bare_lab)["Id"])}
    for number, name in enumerate("abc"):
        ids[name] = create_network(bare_lab, name, {"Subnet": f"10.91.{number}.0/24"})
        await_allocated(bare_lab, ids[name])
    yield ids
    clear(bare_lab)


@pytest.fixture
def lab(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes on which afterwards no service is left."""
    yield bare_lab
    for each in bare_lab.get(1, "/services"):
        done(bare_lab, "DELETE", f"/services/{each['ID']}")
    wait_until(lambda: not bare_lab.get(1, "/tasks"), "end of all tasks")


def template_of(lab: Lab, name: str = "web") -> Json:
    return dict(lab.get(1, f"/services/{name}")["Spec"]["TaskTemplate"])


def endpoint_of(lab: Lab, name: str = "web") -> Json:
    return dict(lab.get(1, f"/services/{name}")["Endpoint"])


def await_vips(lab: Lab, *networks: str, name: str = "web") -> list[str]:
    """Wait until a service has virtual addresses on just these networks, and return them."""

    def held() -> list[Json]:
        return list(endpoint_of(lab, name).get("VirtualIPs") or ())

    def settled() -> bool:
        return [each["NetworkID"] for each in held()] == list(networks)

    wait_until(settled, f"virtual addresses of {name}")
    return [each["Addr"] for each in held()]


def test_virtual_addresses_stay_where_the_network_stays(lab: Lab, nets: dict[str, str]) -> None:
    a, b, ingress = nets["a"], nets["b"], nets["ingress"]
    create_service(lab, "web", "a", EndpointSpec=publishing(port(8080)))
    first = await_vips(lab, ingress, a)
    assert update(lab, "services", "web", join(a, "b")) == CHANGED
    both = await_vips(lab, ingress, a, b)
    assert both[:2] == first
    assert both[2].startswith("10.91.1.")
    # In what order the spec names them makes no difference.
    assert update(lab, "services", "web", join(b, a)) == CHANGED
    assert template_of(lab)["Networks"] == [{"Target": b}, {"Target": a}]
    assert await_vips(lab, ingress, a, b) == both
    assert update(lab, "services", "web", join(b)) == CHANGED
    assert await_vips(lab, ingress, b) == [both[0], both[2]]
    assert update(lab, "services", "web", unpublish) == CHANGED
    assert await_vips(lab, b) == [both[2]]
    assert update(lab, "services", "web", join(nets["c"])) == CHANGED
    (swapped,) = await_vips(lab, nets["c"])
    republish = publishing(port(8080))
    assert update(lab, "services", "web", changed(EndpointSpec=republish)) == CHANGED
    assert await_vips(lab, nets["c"], ingress)[0] == swapped


def test_without_an_endpoint_in_the_spec_all_virtual_addresses_change(
    lab: Lab, nets: dict[str, str]
) -> None:
    create_service(lab, "web", "a")
    (before,) = await_vips(lab, nets["a"])
    assert update(lab, "services", "web", join("a", "b")) == CHANGED
    assert await_vips(lab, nets["a"], nets["b"])[0] != before
    assert endpoint_of(lab)["Spec"] == {}


def test_names_are_stored_as_ids_and_the_rest_as_sent(lab: Lab, nets: dict[str, str]) -> None:
    sent: Json = {"Target": "b", "Aliases": ["y", "x"], "DriverOpts": {"k": "v"}}
    create_service(lab, "web", "a", EndpointSpec=VIP)
    assert update(lab, "services", "web", join(sent, nets["a"][:9])) == CHANGED
    kept = [sent | {"Target": nets["b"]}, {"Target": nets["a"]}]
    assert template_of(lab)["Networks"] == kept
    empty = {"Target": "c", "Aliases": [], "DriverOpts": {}}
    assert update(lab, "services", "web", join(empty)) == CHANGED
    assert template_of(lab)["Networks"] == [{"Target": nets["c"]}]
    await_vips(lab, nets["c"])
    empty_lists: tuple[list[str] | None, ...] = ([], None)
    for nothing in empty_lists:
        template = template_of(lab) | {"Networks": nothing}
        assert update(lab, "services", "web", changed(TaskTemplate=template)) == CHANGED
        assert "Networks" not in template_of(lab)
        wait_until(lambda: endpoint_of(lab) == {"Spec": VIP}, "endpoint without addresses")


def test_a_network_may_be_named_twice(lab: Lab, nets: dict[str, str]) -> None:
    a, b = nets["a"], nets["b"]
    create_service(lab, "web", "a", EndpointSpec=VIP)
    await_vips(lab, a)
    again: Json = {"Target": "b", "Aliases": ["z"]}
    assert update(lab, "services", "web", join("a", "b", again)) == CHANGED
    assert template_of(lab)["Networks"] == [{"Target": a}, {"Target": b}, again | {"Target": b}]
    assert len(set(await_vips(lab, a, b, b))) == 3


def test_tasks_follow_the_order_of_the_spec(lab: Lab, nets: dict[str, str]) -> None:
    a, b, ingress = nets["a"], nets["b"], nets["ingress"]
    create_service(lab, "web", "a", replicas=1, EndpointSpec=publishing(port(8080)))
    await_running(lab, "web", 1, ingress, a)
    assert update(lab, "services", "web", join(b, a, a)) == CHANGED
    await_running(lab, "web", 1, ingress, b, a, a)
    assert update(lab, "services", "web", join()) == CHANGED
    await_running(lab, "web", 1, ingress)


LOCAL = (
    "The network docker_gwbridge cannot be used with services. Only networks scoped to the swarm "
    "can be used, such as those created with the overlay driver."
)
MESH = rpc(
    "InvalidArgument", 'Service cannot be explicitly attached to the ingress network "ingress"'
)
NO_NETWORKS: tuple[tuple[str, Said], ...] = (
    ("nope", (500, "network nope not found")),
    ("A", (500, "network A not found")),
    ("docker_gwbridge", (403, LOCAL)),
    ("{bridge}", (403, LOCAL)),
    ("ingress", (400, MESH)),
    ("{ingress}", (400, MESH)),
)


@pytest.mark.parametrize(("target", "answer"), NO_NETWORKS)
def test_networks_that_no_update_can_name(
    lab: Lab, nets: dict[str, str], target: str, answer: Said
) -> None:
    bridge = lab.get(1, "/networks/docker_gwbridge")["Id"]
    create_service(lab, "web", "a", EndpointSpec=VIP)
    before = template_of(lab)
    named = target.format(bridge=bridge, **nets)
    assert update(lab, "services", "web", join("a", named)) == answer
    assert template_of(lab) == before


def test_networks_named_in_the_old_way_only_move_to_the_template(
    lab: Lab, nets: dict[str, str]
) -> None:
    refused = (
        501,
        rpc("Unimplemented", "networks must be migrated to TaskSpec before being changed"),
    )
    old = service("web", EndpointSpec=VIP) | {"Networks": [{"Target": "b"}]}
    done(lab, "POST", "/services/create", old)
    (before,) = await_vips(lab, nets["b"])
    spec = lab.get(1, "/services/web")["Spec"]
    assert spec["Networks"] == [{"Target": nets["b"]}]
    assert "Networks" not in spec["TaskTemplate"]
    words = f"network {nets['b']} is in use by service {lab.get(1, '/services/web')['ID']}"
    answer = said(lab, 1, "DELETE", "/networks/b")
    assert answer == (400, rpc("FailedPrecondition", words))
    for others in ([{"Target": "c"}], []):
        assert update(lab, "services", "web", changed(Networks=others)) == refused

    def migrate(spec: Json) -> None:
        join("b", "a")(spec)
        del spec["Networks"]

    assert update(lab, "services", "web", migrate) == CHANGED
    assert await_vips(lab, nets["b"], nets["a"])[0] == before
    assert "Networks" not in lab.get(1, "/services/web")["Spec"]


def test_the_endpoint_mode_changes_there_and_back(lab: Lab, nets: dict[str, str]) -> None:
    create_service(lab, "web", "a", EndpointSpec=VIP)
    await_vips(lab, nets["a"])
    dnsrr: Json = {"Mode": "dnsrr"}
    assert update(lab, "services", "web", changed(EndpointSpec=dnsrr)) == CHANGED
    wait_until(lambda: endpoint_of(lab) == {"Spec": dnsrr}, "endpoint without addresses")
    in_mesh = publishing(port(8080), mode="dnsrr")
    words = "EndpointSpec: port published with ingress mode can't be used with dnsrr mode"
    assert update(lab, "services", "web", changed(EndpointSpec=in_mesh)) == (
        400,
        rpc("InvalidArgument", words),
    )
    local = publishing(port(9100, PublishMode="host") | {"Protocol": "tcp"}, mode="dnsrr")

    def with_another_network(spec: Json) -> None:
        join("b")(spec)
        spec["EndpointSpec"] = local

    assert update(lab, "services", "web", with_another_network) == CHANGED
    wait_until(
        lambda: endpoint_of(lab) == {"Spec": local, "Ports": local["Ports"]}, "ports on nodes"
    )

    def with_two_networks(spec: Json) -> None:
        join("c", "a")(spec)
        spec["EndpointSpec"] = publishing(port(8080))

    assert update(lab, "services", "web", with_two_networks) == CHANGED
    await_vips(lab, nets["ingress"], nets["c"], nets["a"])


def test_a_service_that_begins_without_virtual_addresses(lab: Lab, nets: dict[str, str]) -> None:
    create_service(lab, "web", "a", EndpointSpec={"Mode": "dnsrr"})
    create_service(lab, "after", "a", EndpointSpec=VIP)
    await_vips(lab, nets["a"], name="after")
    assert endpoint_of(lab) == {"Spec": {}}
    assert update(lab, "services", "web", changed(EndpointSpec=VIP)) == CHANGED
    await_vips(lab, nets["a"])


def taken(number: int, owner: str, identity: str, kind: str) -> Said:
    words = f"port '{number}' is already in use by service '{owner}' ({identity}) as {kind} port"
    return 400, rpc("InvalidArgument", words)


def test_ports_that_updates_can_and_cannot_publish(lab: Lab, nets: dict[str, str]) -> None:
    mesh = create_service(lab, "mesh", EndpointSpec=publishing(port(8080)))
    local = create_service(lab, "local", EndpointSpec=publishing(port(9000, PublishMode="host")))
    create_service(lab, "web", EndpointSpec=VIP)

    def publish(*ports: Json, name: str = "web") -> Said:
        return update(lab, "services", name, changed(EndpointSpec=publishing(*ports)))

    def await_ports(*numbers: int, name: str = "web") -> None:
        def numbered() -> bool:
            ports = endpoint_of(lab, name).get("Ports") or ()
            return [each["PublishedPort"] for each in ports] == list(numbers)

        wait_until(numbered, f"ports of {name}")

    in_mesh, on_nodes = "an ingress", "a host-published"
    assert publish(port(8080)) == taken(8080, "mesh", mesh, in_mesh)
    assert publish(port(8080, PublishMode="host")) == taken(8080, "mesh", mesh, in_mesh)
    assert publish(port(9000)) == taken(9000, "local", local, on_nodes)
    twice = (400, rpc("InvalidArgument", "EndpointSpec: duplicate published ports provided"))
    assert publish(port(81), port(81, PublishMode="host")) == twice
    assert publish(port(81, PublishMode="host"), port(81, 90, PublishMode="host")) == twice
    assert "Ports" not in lab.get(1, "/services/web")["Spec"]["EndpointSpec"]

    fine = (port(8080, Protocol="udp"), port(9000, PublishMode="host"), port(81), port(82))
    assert publish(*fine) == CHANGED
    await_ports(8080, 9000, 81, 82)
    await_vips(lab, nets["ingress"])
    assert publish(port(8080, PublishMode="host"), name="mesh") == CHANGED
    await_ports(8080, name="mesh")
    await_vips(lab, name="mesh")
    assert publish(port(9000), name="local")[0] == 400
    assert publish(port(81, PublishMode="host")) == CHANGED
    await_ports(81)
    await_vips(lab)
    assert publish(port(9000), name="local") == CHANGED
    await_ports(9000, name="local")
