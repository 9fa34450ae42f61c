"""Conditions in words, for people who read a plan before it runs."""

from __future__ import annotations

from swarmtui.model import Activity
from swarmtui.operations.conditions import (
    BridgeFree,
    BridgeIs,
    BridgeMade,
    BridgeSound,
    ClusterAnswers,
    Condition,
    ContainersFollow,
    ContainersLeft,
    DefinitionSound,
    EngineAnswers,
    IngressAllocated,
    IngressEverywhere,
    IngressIs,
    NetworkAbsent,
    NetworkFree,
    NetworkGone,
    NetworkReady,
    NetworksAre,
    NetworkUnused,
    OnlyOn,
    OnlyPublish,
    PeersComplete,
    ServicesPublished,
    ServicesReleased,
    ServicesSettled,
    ServicesWired,
)

_WORDS: dict[type[Condition], str] = {
    ClusterAnswers: "the swarm's leader answers, and all of it can be read",
    DefinitionSound: "nothing is in the way of the new network",
    ServicesSettled: "no update of these services is under way or paused",
    ServicesReleased: "none of their tasks is on the ingress any more",
    NetworkFree: "no task at all holds an address on the network",
    NetworkGone: "the swarm lists it no more, and this node has given it up",
    IngressAllocated: "the network has a subnet and a VXLAN id",
    IngressEverywhere: "every Ready node is a peer of the ingress",
    NetworkUnused: "no service names the network, and no task holds an address on it",
    NetworkAbsent: "the swarm lists it no more, and this node has given it up",
    NetworkReady: "the network has a subnet and a VXLAN id",
    ServicesWired: "each service has its addresses, and its tasks run",
    ContainersFollow: "every container of the old network is on the other one too",
    ContainersLeft: "no container is on it any more",
    PeersComplete: "every node that runs a task on it is a peer of it",
    NetworksAre: "the networks are still the ones that were planned with",
    OnlyOn: "no other service is on them",
    ServicesPublished: "each service has an address on the ingress, and its tasks run there",
    EngineAnswers: "the engine answers, and is in no swarm",
    BridgeFree: "nobody has an endpoint on docker_gwbridge",
    BridgeSound: "nothing is in the way of the new bridge",
    BridgeMade: "docker_gwbridge is there, with the subnet and the options that were asked for",
}

_DOUBLED = ("split", "swap")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def lowered(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return f"{title[:1].lower()}{title[1:]}"


def doing(title: str) -> str:
    """Return an operation's title as what somebody is doing: `replacing the ingress network`."""
    verb, space, rest = title.partition(" ")
    verb = lowered(verb)
    if verb in _DOUBLED:
        verb += verb[-1]
    return f"{verb.removesuffix('e')}ing{space}{rest}"


def activity_words(activity: Activity) -> str:
    """Return who is at it and how far: `ann@node1 is replacing the ingress, step 4 of 9`."""
    what = doing(activity.title) if activity.title else "changing this swarm"
    step = f", step {activity.step} of {activity.steps}" if activity.steps else ""
    return f"{activity.who}@{activity.host} is {what}{step}"


def words_of(condition: Condition) -> str:
    """Return what a condition says."""
    if isinstance(condition, IngressIs):
        if condition.network_ids:
            return "the ingress network is still the one that was planned with"
        return "there is no ingress network"
    if isinstance(condition, OnlyPublish):
        if condition.service_ids:
            return "no other service publishes ports through the ingress"
        return "no service publishes ports through the ingress"
    if isinstance(condition, BridgeIs):
        same = "docker_gwbridge is still the one that was planned with"
        return same if condition.network_ids else "there is no docker_gwbridge"
    return _WORDS[type(condition)]
