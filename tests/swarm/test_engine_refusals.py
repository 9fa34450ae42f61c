"""What engines refuse to write, in their own words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.swarm.calls import (
    Json,
    await_allocated,
    clear,
    create_network,
    create_service,
    done,
    ingress_row,
    network,
    port,
    publishing,
    rpc,
    said,
    service,
    tasks,
)
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab

pytestmark = pytest.mark.swarm

NETWORK, SERVICE, CONFIG = "/networks/create", "/services/create", "/configs/create"
NO_MANAGER = (
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. "
    "Please run this command on a manager node or promote the current node to a manager."
)
FROM_WORKER = (
    "Cannot create a multi-host network from a worker node. "
    "Please create the network from a manager node."
)


class Case(NamedTuple):
    """A call that is refused; braces in path and words stand for the ids of `things`."""

    name: str
    call: str
    body: Json | None
    status: int
    words: str


def posted(name: str, path: str, body: Json, status: int, words: str) -> Case:
    return Case(name, f"POST {path}", body, status, words)


@pytest.fixture(scope="module")
def things(bare_lab: Lab) -> Iterator[dict[str, str]]:
    """Make what the cases need and return their ids: networks, services, a config, a container."""
    lab = bare_lab
    ids = {
        "ingress": str(ingress_row(lab)["Id"]),
        "app": create_network(lab, "app", {"Subnet": "10.50.0.0/24"}),
        "held": create_network(lab, "held", Attachable=True),
        "gwbridge": next(
            each["Id"] for each in lab.get(1, "/networks") if each["Name"] == "docker_gwbridge"
        ),
    }
    ids["web"] = create_service(lab, "web", "app", EndpointSpec=publishing(port(8080)))
    local = publishing(port(9100, PublishMode="host"))
    ids["agent"] = create_service(lab, "agent", EndpointSpec=local)
    ids["note"] = done(lab, "POST", CONFIG, config("note"))["ID"]
    await_allocated(lab, ids["held"])
    box = {"Image": PROBE_IMAGE, "HostConfig": {"NetworkMode": "held"}}
    done(lab, "POST", "/containers/create?name=box", box)
    done(lab, "POST", "/containers/box/start")
    (task,) = tasks(lab, runtime="attachment")
    yield ids | {"task": str(task["ID"])}
    clear(lab)


def config(name: str, content: str = "hello", **labels: str) -> Json:
    return {"Name": name, "Labels": labels, "Data": b64encode(content.encode()).decode()}


def subnet(text: str, **others: str) -> Json:
    return network("new", {"Subnet": text, **others})


CASES = (
    posted("duplicate name", NETWORK, network("app"), 409, "network with name app already exists"),
    posted("reserved name", NETWORK, network("host"), 409, "network with name host already exists"),
    posted(
        *("predefined name", NETWORK, network("none"), 403),
        "operation is not permitted on predefined none network ",
    ),
    posted(
        *("local name", NETWORK, network("docker_gwbridge", CheckDuplicate=True), 409),
        "network with name docker_gwbridge already exists",
    ),
    posted(
        *("bad name", NETWORK, network("a b"), 400),
        rpc("InvalidArgument", "name must be valid as a DNS name component"),
    ),
    posted("no name", NETWORK, network(""), 500, "invalid name: "),
    posted(
        *("bad CIDR", NETWORK, subnet("10.9.0.5/99"), 500),
        "Invalid subnet 10.9.0.5/99 : invalid CIDR address: 10.9.0.5/99",
    ),
    posted(
        *("gateway without subnet", NETWORK, network("new", {"Gateway": "10.9.0.1"}), 500),
        "Invalid subnet  : invalid CIDR address: ",
    ),
    posted(
        *("configuration of nothing", NETWORK, network("new", {}), 500),
        "Invalid subnet  : invalid CIDR address: ",
    ),
    posted(
        *("gateway outside", NETWORK, subnet("10.9.0.5/24", Gateway="10.8.0.1"), 400),
        rpc(
            "InvalidArgument",
            "ipam configuration: subnet 10.9.0.5/24 does not contain gateway 10.8.0.1",
        ),
    ),
    posted(
        *("no gateway", NETWORK, subnet("10.9.0.0/24", Gateway="door"), 400),
        rpc("InvalidArgument", "ipam configuration: invalid gateway door"),
    ),
    posted(
        *("range outside", NETWORK, subnet("10.9.0.0/24", IPRange="10.8.0.0/25"), 400),
        rpc(
            "InvalidArgument",
            "ipam configuration: subnet 10.9.0.0/24 does not contain range 10.8.0.0/25",
        ),
    ),
    posted(
        *("second ingress", NETWORK, network("mesh", Ingress=True), 409),
        rpc("AlreadyExists", "ingress network ({ingress}) is already present"),
    ),
    posted(
        *("attachable ingress", NETWORK, network("mesh", Ingress=True, Attachable=True), 400),
        rpc("InvalidArgument", "ingress network cannot be attachable"),
    ),
    posted(
        *("ingress of another driver", NETWORK, network("m", Ingress=True, Driver="macvlan"), 403),
        "Ingress network can only be global scope network",
    ),
    Case(
        *("network of a service", "DELETE /networks/{app}", None, 400),
        rpc("FailedPrecondition", "network {app} is in use by service {web}"),
    ),
    Case(
        *("network of a task", "DELETE /networks/{held}", None, 400),
        rpc("FailedPrecondition", "network {held} is in use by task {task}"),
    ),
    Case(
        *("ingress of a service", "DELETE /networks/{ingress}", None, 400),
        rpc(
            "FailedPrecondition",
            "ingress network cannot be removed because service {web} depends on it",
        ),
    ),
    Case(
        *("gateway bridge", "DELETE /networks/docker_gwbridge", None, 403),
        "error while removing network: network docker_gwbridge id {gwbridge} has active endpoints",
    ),
    Case(
        *("predefined network", "DELETE /networks/host", None, 403),
        "host is a pre-defined network and cannot be removed",
    ),
    Case("no network", "DELETE /networks/nope", None, 404, "network nope not found"),
    posted("missing network", SERVICE, service("new", "nope"), 500, "network nope not found"),
    posted(
        *("local network", SERVICE, service("new", "docker_gwbridge"), 403),
        "The network docker_gwbridge cannot be used with services. Only networks scoped to the "
        "swarm can be used, such as those created with the overlay driver.",
    ),
    posted(
        *("ingress by name", SERVICE, service("new", "ingress"), 400),
        rpc(
            "InvalidArgument",
            'Service cannot be explicitly attached to the ingress network "ingress"',
        ),
    ),
    posted(
        *("duplicate service", SERVICE, service("web"), 409),
        rpc(
            "AlreadyExists",
            "name conflicts with an existing object: service web already exists",
        ),
    ),
    posted(
        *("bad service name", SERVICE, service("a b"), 400),
        rpc("InvalidArgument", "name must be valid as a DNS name component"),
    ),
    posted(
        *("long service name", SERVICE, service("a" * 64), 400),
        rpc("InvalidArgument", "name must be 63 characters or fewer"),
    ),
    posted(
        *("no template", SERVICE, {"Name": "new"}, 400),
        "mismatched Runtime and *Spec fields",
    ),
    posted(
        *("unknown resolution", SERVICE, service("new", EndpointSpec={"Mode": "x"}), 400),
        'invalid resolution mode: "x"',
    ),
    posted(
        "mesh without virtual address",
        SERVICE,
        service("new", EndpointSpec=publishing(port(81), mode="dnsrr")),
        400,
        rpc(
            "InvalidArgument",
            "EndpointSpec: port published with ingress mode can't be used with dnsrr mode",
        ),
    ),
    posted(
        "port published twice",
        SERVICE,
        service("new", EndpointSpec=publishing(port(81), port(81, 90))),
        400,
        rpc("InvalidArgument", "EndpointSpec: duplicate published ports provided"),
    ),
    *(
        posted(
            f"port taken in the mesh, asked in mode {mode}",
            SERVICE,
            service("new", EndpointSpec=publishing(port(8080, PublishMode=mode))),
            400,
            rpc(
                "InvalidArgument",
                "port '8080' is already in use by service 'web' ({web}) as an ingress port",
            ),
        )
        for mode in ("ingress", "host")
    ),
    posted(
        "port taken on nodes",
        SERVICE,
        service("new", EndpointSpec=publishing(port(9100))),
        400,
        rpc(
            "InvalidArgument",
            "port '9100' is already in use by service 'agent' ({agent}) as a host-published port",
        ),
    ),
    posted(
        *("duplicate config", CONFIG, config("note"), 409),
        rpc("AlreadyExists", "config note already exists"),
    ),
    posted(
        *("empty config", CONFIG, config("new", ""), 400),
        rpc("InvalidArgument", "config data must be larger than 0 and less than 1024000 bytes"),
    ),
    Case("no config", "DELETE /configs/nope", None, 404, "config nope not found"),
    Case("no service", "DELETE /services/nope", None, 404, "service nope not found"),
    posted(
        *("update for no version", "/services/{web}/update", service("web"), 400),
        "invalid service version '': strconv.ParseUint: parsing \"\": invalid syntax",
    ),
    posted(
        *("update of no config", "/configs/nope/update?version=1", config("x"), 404),
        "config nope not found",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_manager_refuses(bare_lab: Lab, things: dict[str, str], case: Case) -> None:
    method, _, path = case.call.format(**things).partition(" ")
    wanted = (case.status, case.words.format(**things))
    assert said(bare_lab, 1, method, path, case.body) == wanted


WORKER_CASES = (
    *(
        Case(call, call, body, 503, NO_MANAGER)
        for call, body in (
            ("GET /nodes", None),
            ("GET /services", None),
            ("GET /tasks", None),
            ("GET /configs", None),
            ("POST /services/create", service("new")),
            ("POST /services/{web}/update?version=1", service("web")),
            ("POST /nodes/x/update?version=1", {}),
            ("POST /configs/create", config("new")),
            ("POST /configs/{note}/update?version=1", config("note")),
            ("DELETE /configs/{note}", None),
            ("DELETE /services/{web}", None),
            ("DELETE /networks/{ingress}", None),
        )
    ),
    posted("overlay", NETWORK, network("new"), 403, FROM_WORKER),
    posted("overlay of a bad name", NETWORK, network("a b"), 403, FROM_WORKER),
    posted("ingress", NETWORK, network("mesh", Ingress=True), 403, FROM_WORKER),
    posted(
        *("bad subnet", NETWORK, subnet("10.9.0.5/99"), 500),
        "Invalid subnet 10.9.0.5/99 : invalid CIDR address: 10.9.0.5/99",
    ),
    Case("ingress by name", "DELETE /networks/ingress", None, 404, "network ingress not found"),
    Case("not carried", "DELETE /networks/app", None, 404, "network app not found"),
)


@pytest.mark.parametrize("case", WORKER_CASES, ids=lambda case: case.name)
def test_a_worker_refuses(bare_lab: Lab, things: dict[str, str], case: Case) -> None:
    method, _, path = case.call.format(**things).partition(" ")
    wanted = (case.status, case.words.format(**things))
    assert said(bare_lab, 3, method, path, case.body) == wanted
