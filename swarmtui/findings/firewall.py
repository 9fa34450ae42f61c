"""What the nodes of a swarm have to let in from one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from swarmtui.model import Door, Network, Node, NodeId, Snapshot
from swarmtui.model.snapshot import DEFAULT_DATA_PATH_PORT

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
    port = snapshot.cluster.data_path_port if snapshot.cluster else DEFAULT_DATA_PATH_PORT
    is_encrypted = any(network.is_encrypted for network in _overlays(snapshot))
    found: list[Opening] = []
    for node in sorted(snapshot.nodes, key=lambda node: (node.hostname, node.id)):
        wanted = [("tcp", GOSSIP_PORT, Purpose.GOSSIP), ("udp", GOSSIP_PORT, Purpose.GOSSIP)]
        if node.role == "manager":
            wanted.insert(0, ("tcp", MANAGEMENT_PORT, Purpose.MANAGEMENT))
        found += (_opening(snapshot, node, each, control, ()) for each in wanted)
        wanted = [("udp", port, Purpose.DATA)]
        if is_encrypted:
            wanted.append(("esp", 0, Purpose.ENCRYPTED_DATA))
        found += (_opening(snapshot, node, each, data, strays) for each in wanted)
    return tuple(found)


def hardening(snapshot: Snapshot) -> Hardening:
    """Return the rule against packets in the clear, or what stands against it.

    VXLAN has no authentication; where all overlays are encrypted, packets that did not come out of
    IPsec are forged (engine-facts A.3; without `-p udp` iptables refuses the documented rule).
    """
    overlays = _overlays(snapshot)
    in_clear = tuple(sorted(each.name for each in overlays if not each.is_encrypted))
    if in_clear or not overlays:
        return Hardening("", in_clear)
    port = snapshot.cluster.data_path_port if snapshot.cluster else DEFAULT_DATA_PATH_PORT
    match = f"-p udp -m udp --dport {port} -m policy --dir in --pol none"
    return Hardening(f"iptables -I INPUT {match} -j DROP")


def _opening(
    snapshot: Snapshot,
    node: Node,
    wanted: tuple[str, int, Purpose],
    addresses: Mapping[NodeId, str],
    strays: tuple[str, ...],
) -> Opening:
    own = addresses[node.id]
    others = [each for each in snapshot.nodes if each.id != node.id]
    known = {addresses[each.id] for each in others} | set(strays)
    unknown = tuple(each.hostname for each in others if not addresses[each.id])
    # A stray is the address of some node whose own is not known: one each, and nobody is missing.
    missing = unknown if len(strays) < len(unknown) + (not own) else ()
    sources = sorted(known - {own, ""}, key=_address_order)
    return Opening(node, own, *wanted, tuple(sources), missing)


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
