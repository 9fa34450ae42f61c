"""Evidence and remedies that several rules have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from swarmtui.findings.finding import Evidence, Remedy, Sight
from swarmtui.findings.wording import command, commands, listed
from swarmtui.model import Network
from swarmtui.model.network import VXLAN_OPTION


def allocation(network: Network) -> tuple[Evidence, Evidence]:
    """Return what an engine shows of a network that it has never given addresses."""
    subnets = listed(each.cidr for each in network.subnets)
    return (
        Evidence(f"driver of {network.name}", network.driver or "none", "GET /networks"),
        Evidence(f"subnet of {network.name}", subnets or "none", "GET /networks"),
    )


def leader(sight: Sight) -> str:
    """Return the name of the node that leads, or the way to find it out."""
    names = listed(node.hostname for node in sight.snapshot.nodes if node.leader)
    return names or "which docker node ls names"


def creating(like: Network, subnet: str) -> str:
    """Return the command that creates a network like another one on a subnet.

    Args:
        like: The other one.
        subnet: In CIDR notation; empty to have one from the swarm's pools.
    """
    words = ["docker", "network", "create", "--driver", "overlay"]
    words += [f"--{flag}" for flag in ("ingress", "attachable", "internal") if getattr(like, flag)]
    if subnet:
        words += ["--subnet", subnet]
    for key, value in like.options.items():
        if key != VXLAN_OPTION:
            words += ["--opt", f"{key}={value}" if value else key]
    for key, value in like.labels.items():
        words += ["--label", f"{key}={value}"]
    return command(*words, like.name)


def rebuilding(
    sight: Sight,
    network: Network,
    *,
    needed: int = 0,
    options: Mapping[str, str] | None = None,
) -> Iterator[Remedy]:
    """Yield the steps that bring the services of a network to one with another definition.

    Args:
        sight: What is known.
        network: The one that is wrong.
        needed: How many addresses the other one has to hold.
        options: Its driver options, where they are to be others.
    """
    subnet = sight.free_subnet(needed)
    removal = command("docker", "network", "rm", network.id)
    like = network if options is None else replace(network, options=options)
    if network.ingress:
        yield Remedy("Close the published ports of every service, and remove the ingress.", removal)
        yield Remedy("Create it anew.", creating(like, subnet))
        yield Remedy("Touch every node, and publish the ports again.")
        return
    other = replace(like, name=f"{network.name}-2")
    yield Remedy("Create another network.", creating(other, subnet))
    services = sight.snapshot.services_by_network.get(network.id, ())
    moving = ("docker", "service", "update", "--network-add", other.name, "--network-rm")
    if services:
        lines = commands([command(*moving, network.name, each.name) for each in services])
        yield Remedy("Bring every service to it.", lines)
    yield Remedy("Remove this one.", removal)
