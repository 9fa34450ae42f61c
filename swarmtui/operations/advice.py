"""What a person should know of a change to overlays: risks, what to look at before, and after."""

from __future__ import annotations

from collections.abc import Iterable

from swarmtui.findings import encryption_defects
from swarmtui.model import Snapshot, inner_mtu
from swarmtui.model.network import DEFAULT_OUTER_MTU, STACK_LABEL
from swarmtui.operations.arrangement import Arrangement
from swarmtui.operations.contact import contact_risks
from swarmtui.operations.definition import Definition
from swarmtui.operations.network_sights import containers_on, is_full, swarm_network
from swarmtui.operations.network_steps import commands_by_hand
from swarmtui.operations.plan import Advice, Rearrange
from swarmtui.operations.service_checks import service_faults


def network_risks(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> tuple[str, ...]:
    """Return what may go wrong with a change, for the review."""
    found: list[str] = []
    away = sorted(node.hostname for node in snapshot.nodes if not node.is_ready)
    if away:
        found.append(f"{', '.join(away)} cannot be reached, and will follow when it is back.")
    gains = _gains_encryption(snapshot, intent, goal)
    if gains:
        found += encryption_defects(snapshot)
    crowded = [name for name in _left(intent, goal) if is_full(snapshot, name)]
    if crowded and intent.gentle and goal.networks:
        found.append(
            f"Tasks wait for addresses on {', '.join(crowded)}: services leave it all at once, and "
            "reach each other in part only for a while."
        )
    found += _rollback_risks(snapshot, goal)
    found += _endpoint_risks(intent, goal)
    if goal == intent.after:
        faults = service_faults(snapshot, intent)
        found += (fault.words for fault in faults if not fault.fatal)
    if intent.names and not intent.gentle and goal.services:
        found.append("Meanwhile the services cannot reach each other by name.")
    elif intent.names and goal.services:
        found.append(
            "A service that runs one task is away while that task is replaced, whatever the way."
        )
    found += contact_risks(snapshot, intent, goal)
    found += _removal_risks(snapshot, intent, goal)
    stacks = sorted({d.labels[STACK_LABEL] for d in goal.networks if STACK_LABEL in d.labels})
    before = {each.name for each in intent.before.networks}
    renamed = [each.name for each in goal.networks if each.name not in before]
    if stacks and before and renamed:
        found.append(
            f"The next docker stack deploy {stacks[0]} would make the old network again, and put "
            "the services back on it, unless the compose file names the new one."
        )
    elif not before and goal.services:
        found += _deploy_risks(snapshot, goal)
    return tuple(found)


def _left(intent: Rearrange, goal: Arrangement) -> tuple[str, ...]:
    """Return the networks that services leave, for ever or to come back to one of the name."""
    other = intent.opposite(goal)
    shapes, names = goal.shape_by_id, [each.name for each in other.networks]
    for shape in other.services:
        kept = shapes[shape.service_id].networks if shape.service_id in shapes else ()
        names += [name for name in shape.networks if name not in kept]
    return tuple(dict.fromkeys(names))


def checklist_of(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> tuple[Advice, ...]:
    """Return what has to be looked at on the nodes before data is encrypted (engine-facts E.4)."""
    gains = _gains_encryption(snapshot, intent, goal)
    if not gains:
        return ()
    port = snapshot.data_path_port
    (first, *_) = gains
    outer = int(first.mtu) if first.mtu.isdigit() else DEFAULT_OUTER_MTU
    return (
        Advice(
            "IP protocol 50 (ESP), and UDP port "
            f"{port}, pass between all nodes; cloud security groups often let TCP and UDP "
            "through only. While something talks on an encrypted network, on a node:",
            ("tcpdump -ni any esp",),
        ),
        Advice(
            "Every node's kernel can do it; without this module networks are made and services "
            "attached all the same, and nothing arrives:",
            ("modprobe esp4 && lsmod | grep esp4", "modprobe xfrm_user && modprobe xt_bpf"),
        ),
        Advice(
            f"Containers get an MTU of {inner_mtu(outer, encrypted=True)} instead of "
            f"{inner_mtu(outer, encrypted=False)}; what the nodes' own network carries:",
            ("ip -o link show | grep -v lo:",),
        ),
    )


def afterwards_of(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> tuple[Advice, ...]:
    """Return what is left to a person once a change is done."""
    found = [
        Advice(
            f"The engine's API proves that {definition.name} has the option, and not that its "
            "packets are encrypted. On two nodes that run tasks on it, while they talk:",
            ("ip xfrm state", "ip xfrm policy", "tcpdump -ni any esp"),
        )
        for definition in _gains_encryption(snapshot, intent, goal)
    ]
    found += _drift(intent, goal)
    if not intent.gentle and intent.before.networks:
        guests = [t for d in intent.before.networks for t in containers_on(snapshot, d.name)]
        for definition in goal.networks if guests else ():
            found.append(
                Advice(
                    f"Connect the containers outside services to {definition.name} again:",
                    commands_by_hand(snapshot, guests, "connect", definition.name),
                )
            )
    return tuple(found)


def _gains_encryption(
    snapshot: Snapshot, intent: Rearrange, goal: Arrangement
) -> tuple[Definition, ...]:
    """Return the networks that are encrypted, unless all that services come from are so too."""
    sources = {each.name: each.is_encrypted for each in intent.opposite(goal).networks}
    for name in _left(intent, goal):
        if name not in sources:
            network = swarm_network(snapshot, name)
            sources[name] = network is not None and network.is_encrypted
    plain = not sources or not all(sources.values())
    return tuple(each for each in goal.networks if each.is_encrypted and plain)


def _drift(intent: Rearrange, goal: Arrangement) -> Iterable[Advice]:
    """Yield what to write into compose files, so that the next deploy does not undo a change."""
    before = {each.name: each for each in intent.before.networks}
    if not before:
        return
    for definition in goal.networks:
        stack = definition.labels.get(STACK_LABEL)
        if stack is None:
            continue
        # Services of the file name the network by the key that it has there.
        key = definition.name if definition.name in before else next(iter(before))
        name = key.removeprefix(f"{stack}_")
        lines = ["networks:", f"  {name}:", "    driver: overlay"]
        if definition.name not in before:
            lines.append(f"    name: {definition.name}")
        if definition.options:
            lines.append("    driver_opts:")
            lines += [f'      {key}: "{value}"' for key, value in definition.options.items()]
        if definition.attachable:
            lines.append("    attachable: true")
        if definition.internal:
            lines.append("    internal: true")
        if definition.ranges:
            lines += ["    ipam:", "      config:"]
            lines += [f"        - subnet: {each.subnet}" for each in definition.ranges]
        words = f"Put this into the compose file of the stack {stack}, or its next deploy differs:"
        yield Advice(words, tuple(lines))


def _removal_risks(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> Iterable[str]:
    """Yield who may expect networks that are to be removed, and what cannot be brought back."""
    if goal.networks or goal is intent.before:
        return
    present = [n for name in intent.names if (n := swarm_network(snapshot, name)) is not None]
    found: dict[str, list[str]] = {"stack": [], "outside": [], "attachable": [], "lost": []}
    for network in present:
        if not network.is_allocated:
            found["lost"].append(network.name)
            continue
        found["stack" if network.stack else "outside"].append(network.name)
        if network.attachable:
            found["attachable"].append(network.name)
    for kind, words in _REMOVED.items():
        if found[kind]:
            yield f"{words}: {', '.join(found[kind])}."


_REMOVED = {
    "stack": "The next docker stack deploy of a stack makes its networks again",
    "outside": (
        "Compose files may expect these as external networks, and cannot be deployed without them"
    ),
    "attachable": "Stopped containers that were on them cannot be started any more",
    "lost": (
        "Never allocated, and the engine does not tell what was asked for; undoing this cannot "
        "bring them back"
    ),
}


def _deploy_risks(snapshot: Snapshot, goal: Arrangement) -> Iterable[str]:
    """Yield the stacks whose next deploy puts services back where they were."""
    known = snapshot.service_by_id
    found = [known[each.service_id] for each in goal.services if each.service_id in known]
    for stack in sorted({service.stack for service in found} - {""}):
        yield (
            f"The next docker stack deploy {stack} puts its services back on the networks of its "
            "compose file: change it there too."
        )


def _rollback_risks(snapshot: Snapshot, goal: Arrangement) -> Iterable[str]:
    for shape in goal.services:
        service = snapshot.service_by_id.get(shape.service_id)
        if service is not None and service.update_policy.on_failure == "rollback":
            yield (
                f"{service.name} rolls back by itself when an update fails, and would be on the "
                "old network again; the operation would stop before it removes anything."
            )


def _endpoint_risks(intent: Rearrange, goal: Arrangement) -> Iterable[str]:
    other = intent.opposite(goal).shape_by_id
    for shape in goal.services:
        old = other.get(shape.service_id)
        if old is None:
            continue
        if (old.mode, shape.mode) == ("vip", "dnsrr"):
            yield (
                f"{shape.name} loses its virtual addresses: its name means its tasks' addresses "
                "then, and clients that remember one address keep a task that may be gone."
            )
        elif (old.mode, shape.mode) == ("dnsrr", "vip"):
            yield (
                f"{shape.name} gets a virtual address on each network: its name means that one "
                "then; tasks." + f"{shape.name} still means its tasks'."
            )
        closed = [port for port in old.ports if port not in shape.ports]
        if closed:
            shown = ", ".join(f"{port.published or '?'}/{port.protocol}" for port in closed)
            yield f"{shown} of {shape.name} is closed, or opened in another way."
