"""The steps of a runbook: out of the swarm, another bridge, and back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from swarmtui.model import Node, NodeId
from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations.definition import Definition, create_command
from swarmtui.operations.shell import join

_LIVE = "^(New|Pending|Assigned|Accepted|Preparing|Ready|Starting|Running)"
_CONTROL_PORT = "2377"


@dataclass(frozen=True, slots=True)
class RunbookStep:
    """One thing that a person does.

    Attributes:
        where: On which machine.
        why: The reason, in a sentence or two.
        commands: For a shell, in order.
    """

    where: str
    title: str
    why: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """The node that leaves and comes back, as far as it is known from where it is read.

    Attributes:
        address: That it advertises.
        data_path: Of its data path, empty where that is not known.
        manager: On whose shell the swarm is told, for people.
        manager_address: Where it joins again, with the control port.
        node: What the swarm knows of it; a worker does not tell, and then it is written down first.
        is_ambiguous: Another node has its name, so that commands cannot mean it by that.
    """

    id: NodeId
    name: str
    address: str
    data_path: str
    manager: str
    manager_address: str
    node: Node | None = None
    is_ambiguous: bool = False

    @property
    def was_manager(self) -> bool:
        """Tell whether it has to be promoted again."""
        return self.node is not None and self.node.role == "manager"

    @property
    def new_name(self) -> str:
        """Return what commands call it once it has come back, quoted."""
        return '"$NODE"' if self.is_ambiguous else join([self.name])


def steps_for(member: Member, definition: Definition) -> tuple[RunbookStep, ...]:
    """Return the steps in order, those left out that are not needed."""
    return (
        *_out(member),
        *_bridge(member, definition),
        *_back(member),
        *_as_it_was(member),
    )


def _out(member: Member) -> Iterator[RunbookStep]:
    node = member.node
    identity = join([member.id])
    if node is None:
        yield RunbookStep(
            member.manager,
            "Write down the node's labels and availability",
            "The swarm forgets them when the node leaves, and a worker cannot read them.",
            (
                "docker node inspect --format "
                f"'{{{{.Spec.Availability}}}} {{{{json .Spec.Labels}}}}' {identity}",
            ),
        )
    if node is None or node.availability != "drain":
        yield RunbookStep(
            member.manager,
            f"Drain {member.name}",
            "Its tasks are started elsewhere, as far as other nodes may run them.",
            (f"docker node update --availability drain {identity}",),
        )
    yield RunbookStep(
        member.manager,
        f"Wait until no task is left on {member.name}",
        "What still runs would be cut off in the middle.",
        (
            f"until tasks=$(docker node ps --format '{{{{.CurrentState}}}}' {identity}) &&\n"
            f"    ! grep -Eq '{_LIVE}' <<<\"$tasks\"; do sleep 2; done",
        ),
    )
    yield RunbookStep(
        member.name,
        "See that nobody but the ingress is on the bridge",
        "Containers outside services are not moved: stop them, or disconnect them from overlays. "
        "Only gateway_ingress-sbox may be listed.",
        (
            "docker network inspect --format "
            f"'{{{{range .Containers}}}}{{{{println .Name}}}}{{{{end}}}}' {GATEWAY_BRIDGE}",
        ),
    )
    if member.was_manager:
        leads = " It leads the swarm now, and another takes over." if node and node.leader else ""
        yield RunbookStep(
            member.manager,
            f"Demote {member.name}, and wait until it is a worker",
            "A manager that just leaves stays in the count, and a majority of all is needed for "
            f"everything. Never use leave --force for this.{leads}",
            (
                f"docker node demote {identity}",
                'until [ "$(docker node inspect --format '
                f"'{{{{if .ManagerStatus}}}}manager{{{{else}}}}{{{{.Spec.Role}}}}{{{{end}}}}' "
                f'{identity})" = worker ]; do sleep 1; done',
            ),
        )
    yield RunbookStep(
        member.name,
        "Leave the swarm",
        "The engine keeps the bridge in use as long as it is in. Should it call itself a manager, "
        "wait for the step before.",
        ("docker swarm leave",),
    )
    yield RunbookStep(
        member.manager,
        "Remove the node that has left",
        "It comes back as a new one. The swarm takes a few seconds to see that this one is down.",
        (f"until docker node rm {identity}; do sleep 2; done",),
    )


def _bridge(member: Member, definition: Definition) -> Iterator[RunbookStep]:
    where = member.name
    yield RunbookStep(
        where,
        "Stop Docker",
        "The socket too, or the next request would start it again.",
        ("systemctl stop docker.socket docker.service",),
    )
    yield RunbookStep(
        where,
        "Remove the bridge from the kernel",
        "A bridge that is there is taken as it is. With bridge-utils: brctl delbr.",
        (
            f"if ip link show {GATEWAY_BRIDGE}; then\n"
            f"    ip link set {GATEWAY_BRIDGE} down\n"
            f"    ip link delete {GATEWAY_BRIDGE} type bridge\nfi",
        ),
    )
    yield RunbookStep(
        where,
        "Start Docker, and let it forget the old bridge",
        "The engine has it on record, and makes it again as it was.",
        (
            "systemctl start docker.service",
            f"if docker network inspect {GATEWAY_BRIDGE} >/dev/null; then\n"
            f"    docker network rm {GATEWAY_BRIDGE}\nfi",
        ),
    )
    yield RunbookStep(
        where,
        "Create the new bridge",
        "Before the node joins: joining makes one only where there is none.",
        (create_command(definition),),
    )


def _back(member: Member) -> Iterator[RunbookStep]:
    yield RunbookStep(
        member.manager,
        "Ask for the token with which workers join",
        "It is a secret: show it to nobody, and leave it in no file.",
        ("docker swarm join-token -q worker",),
    )
    address, port = member.address, _port_of(member.node)
    own_port = port not in ("", _CONTROL_PORT)
    words = ["--advertise-addr", f"{address}:{port}" if own_port else address] if address else []
    if member.data_path and member.data_path != address:
        words += ["--data-path-addr", member.data_path]
    remark = (
        ""
        if member.data_path
        else " Add --data-path-addr if the node was given one: that cannot be seen from here."
    )
    if own_port:
        words += ["--listen-addr", f"0.0.0.0:{port}"]
    yield RunbookStep(
        member.name,
        "Join again, with the same addresses",
        "Drained, so that no task comes before the node is what it was. Paste the token when the "
        f"shell waits for it.{remark}",
        (
            "read -rs TOKEN",
            f'docker swarm join --token "$TOKEN" --availability drain '
            f"{join([*words, member.manager_address])}",
            "unset TOKEN",
        ),
    )
    if member.is_ambiguous:
        yield RunbookStep(
            member.name,
            "Read the new id of the node",
            "Another node has the same name. Put it into NODE on the manager: read -r NODE",
            ("docker info --format '{{.Swarm.NodeID}}'",),
        )


def _as_it_was(member: Member) -> Iterator[RunbookStep]:
    node, name = member.node, member.new_name
    labels = dict(node.labels) if node is not None else {"KEY": "VALUE"}
    if labels:
        pairs = [f"{key}={value}" for key, value in labels.items()]
        added = [word for pair in pairs for word in ("--label-add", pair)]
        yield RunbookStep(
            member.manager,
            "Give it its labels again",
            "They were lost with the old node, and placement constraints look at them."
            if node is not None
            else "As written down in the first step; leave this out if it had none.",
            (f"docker node update {join(added)} {name}",),
        )
    if member.was_manager:
        yield RunbookStep(
            member.manager,
            "Promote it again",
            "And wait until it takes part.",
            (
                f"docker node promote {name}",
                'until [ "$(docker node inspect --format '
                f"'{{{{with .ManagerStatus}}}}{{{{.Reachability}}}}{{{{end}}}}' {name})\" "
                "= reachable ]; do sleep 1; done",
            ),
        )
    before = node.availability if node is not None else "active"
    if before != "drain":
        yield RunbookStep(
            member.manager,
            f"Set its availability to {before}",
            "As it was before."
            if node is not None
            else "If it was active; leave it drained if it was drained.",
            (f"docker node update --availability {join([before])} {name}",),
        )
    yield RunbookStep(
        member.manager,
        "Bring the ingress network to it, if it is missing there",
        "A node may stay without it, and published ports do not answer there (moby#40184).",
        ("swarmtui ingress repair",),
    )
    yield RunbookStep(
        member.name,
        "Look at the bridge",
        "Joining must have left it as it was made.",
        (f"docker network inspect {GATEWAY_BRIDGE}",),
    )


def _port_of(node: Node | None) -> str:
    return node.manager_address.rpartition(":")[2] if node is not None else ""
