"""Which networks of the swarm a node carries, as its engine makes and gives them up."""

from __future__ import annotations

from swarmtui.demo.records import LocalState, Network, Node, Realisation
from swarmtui.demo.world import Act, World

NOTICE_SECONDS = 0.1
"""How long the leader's word takes to a node that is to give up a network."""

_GIVING_UP_SECONDS = 0.35


def realise(world: World, node: Node, network: Network) -> None:
    """Let a node carry a network from now on."""
    if network.id not in node.realised and not node.refuses(network):
        _carry(world, node, network)
        _told(world, node, network, "create")


def unrealise(world: World, node: Node, network: Network) -> None:
    """Let a node carry a network no longer."""
    if node.realised.pop(network.id, None) is not None:
        _told(world, node, network, "destroy")


def needed_networks(world: World, node: Node) -> set[str]:
    """Return the ids of the networks that live tasks of a node are on."""
    return {
        each.network.id
        for task in world.tasks_on(node.id)
        if task.is_live
        for each in task.attachments
    }


def configure_node(world: World, node_id: str) -> None:
    """Let a node's engine do what the leader has told it about its networks.

    It tries once to give up an ingress that is no longer meant for it, and forgets it then,
    whether that went well or not.
    """
    node = world.nodes.get(node_id)
    if node is None or node.down or node.local_state is not LocalState.ACTIVE:
        return
    drop_removed(world, node)
    if node.releasing is not None:
        return
    mesh = _mesh_meant_for(world, node)
    former, node.mesh = node.mesh, mesh
    if former is not None and former is not mesh:
        if former.id in needed_networks(world, node):
            node.leftover = former
        else:
            node.mesh, node.releasing = None, former
            world.plan_exactly(Act.GIVE_UP_MESH, node.id, _GIVING_UP_SECONDS)
            return
    if mesh is not None and mesh.id not in node.realised and not node.refuses(mesh):
        _carry(world, node, mesh)


def give_up_mesh(world: World, node_id: str) -> None:
    """End what `configure_node` began for an ingress that nobody on the node uses."""
    node = world.nodes.get(node_id)
    if node is not None and node.releasing is not None:
        unrealise(world, node, node.releasing)
        node.releasing = None
        configure_node(world, node_id)


def restart(world: World, node: Node) -> None:
    """Let a node's engine begin anew, without what it had forgotten to give up."""
    for forgotten in (node.leftover, node.releasing):
        if forgotten is not None:
            unrealise(world, node, forgotten)
    node.leftover = node.releasing = None


def drop_removed(world: World, node: Node) -> None:
    """Let a node give up the removed networks, the ingress apart, that its tasks have left."""
    gone = [each.network for each in node.realised.values() if each.network.removed]
    if gone:
        needed = needed_networks(world, node)
        for network in gone:
            if not network.ingress and network.id not in needed:
                unrealise(world, node, network)


def _mesh_meant_for(world: World, node: Node) -> Network | None:
    ingress = world.ingress()
    return ingress if ingress is not None and ingress.id in node.attachments else None


def _carry(world: World, node: Node, network: Network) -> None:
    lease = node.attachments.get(network.id)
    node.realised[network.id] = Realisation(network, world.elapsed, lease)


def _told(world: World, node: Node, network: Network, action: str) -> None:
    attributes = {"name": network.name, "type": "overlay"}
    world.events.tell(world.elapsed, "network", action, network.id, attributes, node_id=node.id)
