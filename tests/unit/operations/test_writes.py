"""Writes as commands, and what the engine has to be asked for them."""

from __future__ import annotations

import pytest

from swarmtui.model import NetworkId, NodeId, PublishedPort, ServiceId
from swarmtui.operations import Definition
from swarmtui.operations.writes import (
    CreateNetwork,
    Port,
    Publish,
    RemoveNetwork,
    Reshape,
    TouchNode,
    Unpublish,
    Wire,
    Write,
    command_of,
    permits,
    port_of,
)

WEB = ServiceId("webid")
PORTS = (
    Port("tcp", 80, 8080, "ingress"),
    Port("tcp", 80, 8081, "ingress"),
    Port("udp", 53, 0, "ingress"),
    Port("tcp", 91, 9100, "host"),
)


HOST = Port("tcp", 80, 8080, "host")
APP = Wire("app", ("web", "www"), (("key", "value"),))


@pytest.mark.parametrize(
    ("write", "command"),
    [
        (
            Unpublish(WEB, "web", PORTS),
            "docker service update --publish-rm 80/tcp --publish-rm 53/udp web",
        ),
        (
            Publish(WEB, "web", PORTS),
            "docker service update "
            "--publish-add published=8080,target=80,protocol=tcp,mode=ingress "
            "--publish-add published=8081,target=80,protocol=tcp,mode=ingress "
            "--publish-add target=53,protocol=udp,mode=ingress web",
        ),
        (RemoveNetwork(NetworkId("netid"), "ingress"), "docker network rm netid"),
        (RemoveNetwork(NetworkId(""), "ingress"), "docker network rm ingress"),
        (
            CreateNetwork(Definition("mesh", ingress=True)),
            "docker network create --driver overlay --ingress mesh",
        ),
        (
            TouchNode(NodeId("nodeid"), "odd name", "pause"),
            "docker node update --availability pause 'odd name'",
        ),
        (
            Reshape(WEB, "web", (Wire("old"), Wire("back")), (APP, Wire("back"))),
            "docker service update --network-rm old "
            "--network-add name=app,alias=web,alias=www,driver-opt=key=value web",
        ),
        (
            Reshape(WEB, "web", (Wire("app"),), (Wire("app", ("odd,one",)),)),
            "docker service update --network-rm app "
            """--network-add 'name=app,"alias=odd,one"' web""",
        ),
        (
            Reshape(WEB, "web", (), (), "vip", "dnsrr", PORTS[:2], (HOST,)),
            "docker service update --endpoint-mode dnsrr "
            "--publish-rm target=80,protocol=tcp,mode=ingress "
            "--publish-add published=8080,target=80,protocol=tcp,mode=host web",
        ),
        (
            Reshape(WEB, "web", (), (), "vip", "vip", PORTS, (*PORTS[1:], HOST)),
            "docker service update --publish-rm target=80,protocol=tcp,mode=ingress "
            "--publish-add published=8080,target=80,protocol=tcp,mode=host web && "
            "docker service update "
            "--publish-add published=8081,target=80,protocol=tcp,mode=ingress web",
        ),
    ],
)
def test_commands(write: Write, command: str) -> None:
    assert command_of(write) == command


def test_what_is_permitted_is_what_is_needed() -> None:
    writes = (
        Unpublish(WEB, "web", PORTS),
        Publish(WEB, "web", PORTS),
        RemoveNetwork(NetworkId("netid"), "ingress"),
        CreateNetwork(Definition("mesh", ingress=True)),
        TouchNode(NodeId("nodeid"), "node1", "active"),
    )
    assert permits(writes) == {
        ("POST", "/services/webid/update"),
        ("DELETE", "/networks/netid"),
        ("POST", "/networks/create"),
        ("POST", "/nodes/nodeid/update"),
    }
    assert permits(()) == frozenset()


def test_a_port_as_plans_keep_it() -> None:
    assert port_of(PublishedPort("udp", 53, 30000, "ingress")) == Port("udp", 53, 30000, "ingress")
