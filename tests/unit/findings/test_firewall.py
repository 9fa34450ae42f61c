"""What nodes have to let in, and the lines that open it."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from swarmtui.findings import Opening, Purpose, Tool, firewall_lines, hardening, openings
from swarmtui.model import Cluster, Door, GossipService, GossipTask, LocalEndpoint, Node, Snapshot
from tests.builders import APP, INGRESS, LOCALS, NODES, SECURE, busy_snapshot, engine, node

ONE, TWO, THREE = NODES


def on(snapshot: Snapshot, who: Node) -> tuple[Opening, ...]:
    return tuple(each for each in openings(snapshot) if each.node.id == who.id)


def lines(snapshot: Snapshot, who: Node, tool: Tool) -> tuple[str, ...]:
    return firewall_lines(on(snapshot, who), tool)


def plain() -> Snapshot:
    """The busy swarm without anything encrypted."""
    return replace(busy_snapshot(), networks=(APP, INGRESS, *LOCALS))


def with_nodes(*nodes: Node) -> Snapshot:
    return replace(plain(), nodes=nodes)


def heard(hosts: dict[str, str], snapshot: Snapshot) -> Snapshot:
    """The swarm whose gossip tells the host addresses of endpoints on app."""
    entries = tuple(GossipTask("", address, host) for address, host in hosts.items())
    seen = snapshot.inspections[APP.id]
    seen = replace(seen, services=(GossipService("web", "", (), entries),))
    return replace(snapshot, inspections={**snapshot.inspections, APP.id: seen})


def test_what_each_node_lets_in() -> None:
    found = [
        (each.node.hostname, each.protocol, each.port, each.address, each.sources)
        for each in openings(plain())
    ]
    others = {
        1: ("192.168.77.2", "192.168.77.3"),
        2: ("192.168.77.1", "192.168.77.3"),
        3: ("192.168.77.1", "192.168.77.2"),
    }
    expected = [
        (f"node{number}", protocol, port, f"192.168.77.{number}", others[number])
        for number in (1, 2, 3)
        for protocol, port in (("tcp", 2377), ("tcp", 7946), ("udp", 7946), ("udp", 4789))
        if port != 2377 or number < 3
    ]
    assert found == expected


def test_encrypted_networks_need_esp_too() -> None:
    last = on(busy_snapshot(), THREE)[-1]
    assert (last.protocol, last.port, last.purpose) == ("esp", 0, Purpose.ENCRYPTED_DATA)
    assert last.door is None


def test_the_data_path_port_is_the_swarms_own() -> None:
    snapshot = replace(plain(), cluster=Cluster("cluster", data_path_port=7789))
    assert [each.port for each in on(snapshot, THREE)] == [7946, 7946, 7789]


def test_only_tcp_can_be_tried() -> None:
    doors = [each.door for each in on(plain(), ONE)]
    assert doors == [Door("192.168.77.1", 2377), Door("192.168.77.1", 7946), None, None]


def test_a_data_path_of_its_own() -> None:
    hosts = {f"10.20.0.6{number + 6}": f"10.9.0.{number}" for number in (1, 2, 3)}
    snapshot = heard(hosts, plain())
    found = {(each.protocol, each.port): each for each in on(snapshot, ONE)}
    assert found["tcp", 7946].address == "192.168.77.1"
    assert found["tcp", 7946].sources == ("192.168.77.2", "192.168.77.3")
    assert found["udp", 4789].address == "10.9.0.1"
    assert found["udp", 4789].sources == ("10.9.0.2", "10.9.0.3")
    assert found["udp", 4789].unknown == ()


def test_data_addresses_that_are_told_without_their_nodes() -> None:
    snapshot = heard({"10.20.0.67": "10.9.0.1", "10.20.0.2": "10.9.0.2"}, plain())
    data = on(snapshot, ONE)[-1]
    assert (data.address, data.sources) == ("10.9.0.1", ("10.9.0.2",))
    assert data.unknown == ("node2", "node3")
    assert on(snapshot, TWO)[-1].address == ""
    whole = heard(
        {"10.20.0.67": "10.9.0.1", "10.20.0.2": "10.9.0.2", "10.20.0.3": "10.9.0.3"}, plain()
    )
    assert on(whole, ONE)[-1].unknown == ()


def test_this_nodes_own_endpoints_tell_its_data_path() -> None:
    snapshot = heard({"10.20.0.99": "10.9.0.1"}, plain())
    seen = snapshot.inspections[APP.id]
    seen = replace(seen, endpoints=(LocalEndpoint("lb-app", "", "10.20.0.99", ""),))
    snapshot = replace(snapshot, inspections={APP.id: seen}, engine=engine())
    assert on(snapshot, ONE)[-1].address == "10.9.0.1"


def test_one_network_for_both_where_gossip_tells_nothing_else() -> None:
    hosts = {"10.20.0.67": "192.168.77.1"}
    assert on(heard(hosts, plain()), THREE)[-1].address == "192.168.77.3"


@pytest.mark.parametrize(
    "address", ["", "0.0.0.0", "127.0.0.1", "x; reboot", "fe80::1%$(reboot)", "1.2.3"]
)
def test_addresses_that_nobody_can_send_to_are_no_sources(address: str) -> None:
    odd = replace(THREE, address=address)
    found = on(with_nodes(ONE, odd), ONE)
    assert all(each.sources == () and each.unknown == ("node3",) for each in found)
    assert firewall_lines(found, Tool.IPTABLES) == ()


def test_a_manager_that_advertises_nothing_usable_is_known_by_its_other_address() -> None:
    odd = replace(ONE, address="0.0.0.0")
    assert on(with_nodes(odd, THREE), THREE)[0].sources == ("192.168.77.1",)


def test_a_lone_node_has_nobody_to_let_in() -> None:
    assert lines(with_nodes(ONE), ONE, Tool.FIREWALLD) == ()


def small() -> Snapshot:
    """Two nodes and an encrypted network."""
    return replace(busy_snapshot(), nodes=(ONE, THREE))


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (
            Tool.UFW,
            [
                "ufw allow proto tcp from 192.168.77.1 to any port 7946",
                "ufw allow proto udp from 192.168.77.1 to any port 7946",
                "ufw allow proto udp from 192.168.77.1 to any port 4789",
                "ufw allow proto esp from 192.168.77.1",
            ],
        ),
        (
            Tool.FIREWALLD,
            [
                f'firewall-cmd --permanent --add-rich-rule=\'rule family="ipv4" '
                f'source address="192.168.77.1" {what} accept\''
                for what in (
                    'port port="7946" protocol="tcp"',
                    'port port="7946" protocol="udp"',
                    'port port="4789" protocol="udp"',
                    'protocol value="esp"',
                )
            ]
            + ["firewall-cmd --reload"],
        ),
        (
            Tool.NFTABLES,
            [
                f"nft 'insert rule inet filter input ip saddr {{ 192.168.77.1 }} {what} accept'"
                for what in ("tcp dport 7946", "udp dport 7946", "udp dport 4789")
            ]
            + [
                "nft 'insert rule inet filter input ip saddr { 192.168.77.1 } "
                "meta l4proto esp accept'"
            ],
        ),
        (
            Tool.IPTABLES,
            [
                "iptables -I INPUT -p tcp -s 192.168.77.1 --dport 7946 -j ACCEPT",
                "iptables -I INPUT -p udp -s 192.168.77.1 --dport 7946 -j ACCEPT",
                "iptables -I INPUT -p udp -s 192.168.77.1 --dport 4789 -j ACCEPT",
                "iptables -I INPUT -p esp -s 192.168.77.1 -j ACCEPT",
            ],
        ),
    ],
)
def test_lines_for_a_tool(tool: Tool, expected: list[str]) -> None:
    assert list(lines(small(), THREE, tool)) == expected


@pytest.mark.parametrize("tool", Tool)
def test_lines_are_commands_of_a_shell(tool: Tool) -> None:
    for line in lines(busy_snapshot(), ONE, tool):
        words = shlex.split(line)
        assert words[0] in ("ufw", "firewall-cmd", "nft", "iptables")
        assert not set(";&|$`") & set(line)


def test_sources_of_both_families() -> None:
    six = replace(node(4), address="fd00::4")
    snapshot = with_nodes(ONE, TWO, six)
    assert [line.split()[0] for line in lines(snapshot, TWO, Tool.IPTABLES)[1:3]] == [
        "ip6tables",
        "iptables",
    ]
    assert "ip6 saddr { fd00::4 }" in lines(snapshot, TWO, Tool.NFTABLES)[1]
    assert 'family="ipv6" source address="fd00::4"' in lines(snapshot, TWO, Tool.FIREWALLD)[1]


def test_packets_in_the_clear_are_dropped_only_where_all_overlays_are_encrypted() -> None:
    snapshot = busy_snapshot()
    assert hardening(snapshot).command == ""
    assert hardening(snapshot).in_clear == ("app", "ingress")
    port = Cluster("cluster", data_path_port=7789)
    assert hardening(replace(snapshot, networks=(SECURE, *LOCALS), cluster=port)).command == (
        "iptables -I INPUT -p udp -m udp --dport 7789 -m policy --dir in --pol none -j DROP"
    )
    assert hardening(replace(snapshot, networks=LOCALS)).command == ""
