"""What the nodes of a swarm have to let in from one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from swarmtui.model import Door, Network, Node, NodeId, Snapshot

MANAGEMENT_PORT = 2377
GOSSIP_PORT = 7946


class Purpose(StrEnum):
    """Why something is let in."""

    MANAGEMENT = "management"
    GOSSIP = "gossip"
    DATA = "overlays"
    ENCRYPTED_DATA = "encryption"


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that one node has to let in (engine-facts A.3).

    Attributes:
        address: The node's own, where it comes in: its data path may have another than its control
            traffic. Empty where it is not known.
        protocol: `tcp`, `udp`, or `esp`, which is IP protocol 50.
        port: 0 for a protocol without ports.
        sources: The addresses of the other nodes that it comes from.
        unknown: The other nodes whose address is not known.
    """

    node: Node
    address: str
    protocol: str
    port: int
    purpose: Purpose
    sources: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Identify it: one per node, protocol and port."""
        return f"{self.node.id}/{self.protocol}/{self.port}"

    @property
    def door(self) -> Door | None:
        """Return where it can be tried whether anybody answers; None for all but TCP."""
        is_tried = self.protocol == "tcp" and self.address
        return Door(self.address, self.port) if is_tried else None


@dataclass(frozen=True, slots=True)
class Hardening:
    """The rule that drops packets in the clear where every overlay is encrypted.

    Attributes:
        command: Empty while it would cut off networks.
        in_clear: The overlays that stand against it.
    """

    command: str
    in_clear: tuple[str, ...] = ()


def openings(snapshot: Snapshot) -> tuple[Opening, ...]:
    """Return what each node has to let in from the others, by the nodes' names.

    Control traffic goes to the address that a node advertises. Packets of overlays go to the
    address of its data path, which gossip tells of nodes with tasks on networks that the node which
    is read carries.
    """
    control = {node.id: _control(node) for node in snapshot.nodes}
    data, strays = _data_addresses(snapshot, control)
    to_control, to_data = _Plane(snapshot, control), _Plane(snapshot, data, strays)
    port = snapshot.data_path_port
    is_encrypted = any(network.is_encrypted for network in _overlays(snapshot))
    found: list[Opening] = []
    for node in sorted(snapshot.nodes, key=lambda node: (node.hostname, node.id)):
        if node.role == "manager":
            found.append(to_control.opening(node, "tcp", MANAGEMENT_PORT, Purpose.MANAGEMENT))
        found.append(to_control.opening(node, "tcp", GOSSIP_PORT, Purpose.GOSSIP))
        found.append(to_control.opening(node, "udp", GOSSIP_PORT, Purpose.GOSSIP))
        found.append(to_data.opening(node, "udp", port, Purpose.DATA))
        if is_encrypted:
            found.append(to_data.opening(node, "esp", 0, Purpose.ENCRYPTED_DATA))
    return tuple(found)


class _Plane:
    """The addresses between which one kind of traffic goes.

    Args:
        snapshot: The swarm.
        addresses: Of each node, empty where its own is not known.
        strays: Addresses of nodes of which it is not known whose they are.
    """

    def __init__(
        self, snapshot: Snapshot, addresses: Mapping[NodeId, str], strays: Iterable[str] = ()
    ) -> None:
        self._addresses = addresses
        self._ordered = sorted({*addresses.values(), *strays} - {""}, key=_address_order)
        unknown = [node for node in snapshot.nodes if not addresses[node.id]]
        # Where there are as many strays as nodes without an address, nobody is missing.
        is_whole = len(set(strays)) >= len(unknown)
        self._unknown = () if is_whole else tuple((node.id, node.hostname) for node in unknown)

    def opening(self, node: Node, protocol: str, port: int, purpose: Purpose) -> Opening:
        """Return what a node lets in of it from all others."""
        own = self._addresses[node.id]
        sources = tuple(each for each in self._ordered if each != own)
        unknown = tuple(name for node_id, name in self._unknown if node_id != node.id)
        return Opening(node, own, protocol, port, purpose, sources, unknown)


def hardening(snapshot: Snapshot) -> Hardening:
    """Return the rule against packets in the clear, or what stands against it.

    VXLAN has no authentication; where all overlays are encrypted, packets that did not come out of
    IPsec are forged (engine-facts A.3; without `-p udp` iptables refuses the documented rule).
    """
    overlays = _overlays(snapshot)
    in_clear = tuple(sorted(each.name for each in overlays if not each.is_encrypted))
    if in_clear or not overlays:
        return Hardening("", in_clear)
    port = snapshot.data_path_port
    match = f"-p udp -m udp --dport {port} -m policy --dir in --pol none"
    return Hardening(f"iptables -I INPUT {match} -j DROP")


def _control(node: Node) -> str:
    return next((each for each in node.addresses if _is_usable(each)), "")


def _data_addresses(
    snapshot: Snapshot, control: Mapping[NodeId, str]
) -> tuple[Mapping[NodeId, str], tuple[str, ...]]:
    """Return the address of each node's data path, and those that belong to nobody known.

    Where all that are told are the control addresses, there is one network for both.
    """
    told, everywhere = _told_addresses(snapshot)
    strays = everywhere - set(told.values()) - set(control.values())
    apart = strays or any(control.get(key) != address for key, address in told.items())
    found = {key: told.get(key, "" if apart else address) for key, address in control.items()}
    return found, tuple(sorted(strays, key=_address_order))


def _told_addresses(snapshot: Snapshot) -> tuple[dict[NodeId, str], set[str]]:
    """Return the data path addresses that gossip tells, by node, and all of them.

    Gossip names the host address of each endpoint; the task list or, of this node's own endpoints,
    the inspection tells on which node it is.
    """
    by_node: dict[NodeId, str] = {}
    everywhere: set[str] = set()
    for network_id, inspection in snapshot.inspections.items():
        holders = {
            address: task.node_id
            for task, addresses in snapshot.live_tasks_by_network.get(network_id, ())
            for address in addresses
        }
        holders |= {each.address: snapshot.engine.node_id for each in inspection.endpoints}
        for service in inspection.services:
            for entry in service.tasks:
                if _is_usable(entry.host_address):
                    everywhere.add(entry.host_address)
                    node_id = holders.get(entry.address, NodeId(""))
                    if node_id in snapshot.node_by_id:
                        by_node[node_id] = entry.host_address
    return by_node, everywhere


@lru_cache(maxsize=8192)
def _is_usable(address: str) -> bool:
    """Tell whether other nodes can send to an address, and a shell can be given it."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.scope_id is not None:
        return False
    return not (found.is_unspecified or found.is_loopback)


def _address_order(address: str) -> tuple[int, int]:
    found = ip_address(address)
    return found.version, int(found)


def _overlays(snapshot: Snapshot) -> list[Network]:
    return [network for network in snapshot.networks if network.is_overlay]
