"""The steps that lead from what there is to a wanted arrangement of networks and services.

Services are led over a temporary network where a new network can only be made once an old one is
gone, since both want the same name or subnet (engine-facts E.1, E.3).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from swarmtui.addressing import Claim, overlapping
from swarmtui.model import Network, NetworkId, Service, ServiceId, Snapshot, Task, short_id
from swarmtui.operations.arrangement import (
    Arrangement,
    Shape,
    numbered_ports,
    services_on,
    shape_of,
    wires_of,
)
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    ContainersFollow,
    ContainersLeft,
    Expected,
    NetworkAbsent,
    NetworkReady,
    NetworkUnused,
    PeersComplete,
    ServicesPublished,
    ServicesWired,
    Wired,
)
from swarmtui.operations.definition import Definition, create_command, definition_of, fits
from swarmtui.operations.network_sights import containers_on
from swarmtui.operations.plan import Rearrange, Step
from swarmtui.operations.sights import look
from swarmtui.operations.sizing import (
    ALLOCATION_DEADLINE,
    LEAST_DEADLINE,
    PATIENCE,
    pass_seconds,
)
from swarmtui.operations.writes import (
    CreateNetwork,
    Port,
    RemoveNetwork,
    Reshape,
    Wire,
    command_of,
    port_of,
)

HAND_DEADLINE = 3600.0
"""How long a run waits for a person to move containers, before it stops and can be resumed."""


def steps_towards(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> tuple[Step, ...]:
    """Return the steps from what there is to one of the two arrangements of an intent."""
    return tuple(_Course(snapshot, intent, goal).run())


def touched_names(intent: Rearrange) -> tuple[str, ...]:
    """Return the networks that are made or removed, and those that services come on or leave."""
    names = dict.fromkeys(intent.names)
    before, after = intent.before.shape_by_id, intent.after.shape_by_id
    for service_id in before.keys() & after.keys():
        changed = set(before[service_id].wires) ^ set(after[service_id].wires)
        names.update(dict.fromkeys(sorted(wire.network for wire in changed)))
    return tuple(names)


def strangers(snapshot: Snapshot, intent: Rearrange) -> tuple[str, ...]:
    """Return the networks that have a name of a change, and are none that it made or found."""
    definitions = (*intent.before.networks, *intent.after.networks)
    if intent.temporary is not None:
        definitions = (*definitions, intent.temporary)
    return tuple(
        network.name
        for network in snapshot.networks
        if network.is_swarm
        and network.is_allocated
        and network.name in intent.names
        and not any(fits(network, each) for each in definitions if each.name == network.name)
    )


@dataclass
class _Course:
    """Leads services from where they are to where they are to be.

    Attributes:
        wires: Where each service is by the step that was planned last.
    """

    snapshot: Snapshot
    intent: Rearrange
    goal: Arrangement
    wires: dict[ServiceId, tuple[Wire, ...]] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)
    names: tuple[str, ...] = ()

    def run(self) -> Iterable[Step]:
        snapshot, intent = self.snapshot, self.intent
        self.names = touched_names(intent)
        made = set(intent.names)
        present = {
            each.name: each for each in snapshot.networks if each.is_swarm and each.name in made
        }
        wanted = {each.name: each for each in self.goal.networks}
        kept = {n for n, d in wanted.items() if n in present and fits(present[n], d)}
        doomed = [network for name, network in present.items() if name not in kept]
        missing = [definition for name, definition in wanted.items() if name not in kept]
        blocking = [each for each in doomed if any(_blocks(each, other) for other in missing)]
        self.shapes = self._all_shapes(doomed)
        self.wires = {
            each.service_id: wires_of(snapshot, snapshot.service_by_id[each.service_id])
            for each in self.shapes
        }
        if blocking:
            yield from self._make_room(blocking, present)
        for network in snapshot.leftovers:
            if network.name in {each.name for each in missing}:
                yield _release(network)
        for definition in missing:
            yield _creation(definition)
        others = [each for each in doomed if each not in blocking]
        temporary = self.intent.temporary
        # A temporary network that is yet to be made has to be removed as well.
        bridged = bool(blocking) and temporary is not None and self._uses(temporary.name)
        names = [each.name for each in others]
        if bridged and temporary is not None and temporary.name not in names:
            names.append(temporary.name)
        for definition in missing:
            for old in names:
                yield from self._containers_follow(old, definition.name)
        yield from self._arrive(names)
        for name in names:
            yield from self._removal(name, present.get(name))
        yield self._verification()

    def _uses(self, name: str) -> bool:
        return any(name in _networks(wires) for wires in self.wires.values())

    def _all_shapes(self, doomed: Sequence[Network]) -> list[Shape]:
        """Return the services to lead: those that were planned with, and who came since."""
        snapshot = self.snapshot
        shapes = {s.service_id: s for s in self.goal.services}
        for service in services_on(snapshot, [each.name for each in doomed]):
            if service.id not in shapes:
                shapes[service.id] = self._newcomer(service)
        known = snapshot.service_by_id
        return sorted(
            (each for each in shapes.values() if each.service_id in known), key=lambda s: s.name
        )

    def _newcomer(self, service: Service) -> Shape:
        """Return where a service is to be that came onto a network which is to go."""
        shape = shape_of(self.snapshot, service)
        target = self.goal.networks[0].name if len(self.goal.networks) == 1 else ""
        wires: list[Wire] = []
        for wire in shape.wires:
            name = wire.network
            if name in self.intent.names and name not in {d.name for d in self.goal.networks}:
                name = target
            if name and name not in _networks(wires):
                wires.append(msgspec.structs.replace(wire, network=name))
        return msgspec.structs.replace(shape, wires=tuple(wires))

    def _make_room(
        self, blocking: Sequence[Network], present: dict[str, Network]
    ) -> Iterable[Step]:
        """Yield the steps that free the name or subnet of networks that are to be made anew."""
        temporary = self.intent.temporary if self.intent.gentle else None
        names = [each.name for each in blocking]
        users = [s for s in self.shapes if set(names) & set(_networks(self.wires[s.service_id]))]
        guests = any(containers_on(self.snapshot, name) for name in names)
        if temporary is not None and (users or guests):
            if temporary.name not in present:
                yield _creation(temporary)
            for name in names:
                yield from self._containers_follow(name, temporary.name)
            full = [each for each in users if self._is_stuck(each, names)]
            aims = {}
            for shape in users:
                wires = _beside(self.wires[shape.service_id], names, temporary.name)
                # One whose tasks wait for addresses can get none on both networks at a time.
                aims[shape.service_id] = _without(wires, names) if shape in full else wires
            why = _WHY_CROWDED if full else _WHY_BESIDE
            title = f"Put {{}} on {temporary.name}"
            yield from self._passes(aims, title, why, at_once=bool(full))
        aims = {s.service_id: _without(self.wires[s.service_id], names) for s in users}
        yield from self._passes(aims, f"Take {{}} off {', '.join(names)}", _WHY_OFF)
        for network in blocking:
            yield from self._removal(network.name, network)

    def _is_stuck(self, shape: Shape, names: Collection[str]) -> bool:
        waiting = self.snapshot.waiting_tasks_by_network
        ids = {n.id for n in self.snapshot.networks if n.is_swarm and n.name in names}
        return any(
            task.service_id == shape.service_id for each in ids for task in waiting.get(each, ())
        )

    def _arrive(self, leaving: Collection[str]) -> Iterable[Step]:
        """Yield the steps that bring each service to where it is to be."""
        aims, both = {}, {}
        for shape in self.shapes:
            now = self.wires[shape.service_id]
            aim = self._final(shape, now)
            aims[shape.service_id] = aim
            lost = [w for w in now if w.network not in _networks(aim)]
            both[shape.service_id] = _merged(aim, now, lost)
        moving = any(
            both[s.service_id] not in (self.wires[s.service_id], aims[s.service_id])
            for s in self.shapes
        )
        if self.intent.gentle and moving:
            target = ", ".join(each.name for each in self.goal.networks) or "the other network"
            yield from self._passes(both, f"Put {{}} on {target}", _WHY_BESIDE)
            words = f"Take {{}} off {', '.join(leaving)}" if leaving else "Bring {} to its networks"
            yield from self._passes(aims, words, _WHY_OFF, last=True)
        else:
            yield from self._passes(aims, self._title(leaving), _WHY_ARRIVE, last=True)

    def _title(self, leaving: Collection[str]) -> str:
        if not self.intent.names:
            return self.intent.title.replace("{", "").replace("}", "")
        if self.goal.networks:
            return f"Put {{}} on {', '.join(each.name for each in self.goal.networks)}"
        return f"Take {{}} off {', '.join(leaving)}" if leaving else "Change {}"

    def _final(self, shape: Shape, now: tuple[Wire, ...]) -> tuple[Wire, ...]:
        """Return the wanted networks; those that this is not about stay as they are now."""
        found = [wire for wire in now if wire.network not in self.names]
        for position, wire in enumerate(shape.wires):
            if wire.network in self.names:
                found.insert(min(position, len(found)), wire)
        return tuple(found)

    def _passes(
        self,
        aims: dict[ServiceId, tuple[Wire, ...]],
        title: str,
        why: str,
        *,
        at_once: bool = False,
        last: bool = False,
    ) -> Iterable[Step]:
        """Yield a step for each service, or one for all; those that are there are waited for."""
        writes = []
        standing = []
        for shape in self.shapes:
            aim = aims.get(shape.service_id)
            if aim is None:
                continue
            write = self._write(shape, aim, last=last)
            before, self.wires[shape.service_id] = self.wires[shape.service_id], aim
            if write is None:
                standing.append((shape, self._wired(shape, before)))
            else:
                writes.append((shape, write, self._wired(shape, before)))
        unmet = [
            (shape, wired)
            for shape, wired in standing
            if not look(ServicesWired((wired,)), self.snapshot).met
        ]
        if unmet:
            yield self._step("Wait for {}", why, [s for s, _ in unmet], (), [w for _, w in unmet])
        together = at_once or self.intent.at_once
        for group in [writes] if together and writes else [[each] for each in writes]:
            yield self._step(
                title,
                why,
                [shape for shape, _, _ in group],
                tuple(write for _, write, _ in group),
                [wired for _, _, wired in group],
            )

    def _write(self, shape: Shape, aim: tuple[Wire, ...], *, last: bool) -> Reshape | None:
        now = self.wires[shape.service_id]
        service = self.snapshot.service_by_id[shape.service_id]
        write = Reshape(shape.service_id, shape.name, now, aim)
        mode, ports = self._wanted_endpoint(shape, service)
        asked = tuple(map(port_of, service.asked_ports))
        if last and (mode, ports) != (service.endpoint_mode, asked):
            write = msgspec.structs.replace(
                write,
                mode_before=service.endpoint_mode,
                mode=mode,
                ports_before=asked,
                ports=ports,
            )
        unchanged = write.wires == write.wires_before and not write.mode
        return None if unchanged else write

    def _wanted_endpoint(self, shape: Shape, service: Service) -> tuple[str, tuple[Port, ...]]:
        """Return mode and ports as they are to be; as they are, where this is not about them."""
        asked = tuple(map(port_of, service.asked_ports))
        before = self.intent.before.shape_by_id.get(shape.service_id, shape)
        after = self.intent.after.shape_by_id.get(shape.service_id, shape)
        mode = service.endpoint_mode if before.mode == after.mode else shape.mode
        if before.ports == after.ports:
            return mode, asked
        numbered = dict(zip(numbered_ports(service), asked, strict=True))
        return mode, tuple(numbered.get(port, port) for port in shape.ports)

    def _wired(self, shape: Shape, before: tuple[Wire, ...]) -> Wired:
        now = _networks(self.wires[shape.service_id])
        others = self.intent.before.shape_by_id.get(shape.service_id, shape)
        after = self.intent.after.shape_by_id.get(shape.service_id, shape)
        everywhere = others.mode != after.mode
        return Wired(
            shape.service_id,
            shape.name,
            on=tuple(name for name in now if everywhere or name in self.names),
            off=tuple(n for n in _networks(before) if n not in now),
            running=shape.running,
        )

    def _step(
        self,
        title: str,
        why: str,
        shapes: Sequence[Shape],
        writes: tuple[Reshape, ...],
        wired: Sequence[Wired],
    ) -> Step:
        services = [self.snapshot.service_by_id[each.service_id] for each in shapes]
        slowest = max(pass_seconds(self.snapshot, service) for service in services)
        until: tuple[Condition, ...] = (ServicesWired(tuple(wired)),)
        publishing = tuple(
            Expected(write.service_id, write.name, 0)
            for write in writes
            if write.mode and any(port.mode == "ingress" for port in write.ports)
        )
        if publishing:
            until = (*until, ServicesPublished(publishing))
        return Step(
            title=title.format(", ".join(each.name for each in shapes)),
            why=why,
            writes=writes,
            until=until,
            undo=tuple(write.reversed for write in writes),
            commands=tuple(map(command_of, writes)),
            deadline_seconds=max(LEAST_DEADLINE, PATIENCE * slowest),
        )

    def _guests(self, name: str) -> tuple[Task, ...]:
        """Return the containers that are on a network by then, as far as they are known now."""
        names = [name]
        if self.intent.temporary is not None and name == self.intent.temporary.name:
            names += self.intent.names
        found = {t.container_id: t for each in names for t in containers_on(self.snapshot, each)}
        return tuple(found.values())

    def _containers_follow(self, old: str, new: str) -> Iterable[Step]:
        """Yield a wait for containers that a person has to connect to another network."""
        guests = self._guests(old)
        if not guests:
            return
        containers = [
            (self.snapshot.node_name(each.node_id), short_id(each.container_id)) for each in guests
        ]
        yield Step(
            title=f"Connect containers to {new} by hand",
            why="Containers outside services can only be moved on their own node: "
            + "; ".join(f"{identity} on {node}" for node, identity in containers)
            + ".",
            until=(ContainersFollow(old, new),),
            commands=tuple(
                shlex.join(["docker", "network", "connect", new, identity]) + f"  # on {node}"
                for node, identity in containers
            ),
            deadline_seconds=HAND_DEADLINE,
        )

    def _removal(self, name: str, network: Network | None) -> Iterable[Step]:
        guests = self._guests(name)
        if guests:
            yield Step(
                title=f"Disconnect containers from {name} by hand",
                why="The network stays as long as a container is on it.",
                until=(ContainersLeft(name),),
                commands=tuple(
                    shlex.join(["docker", "network", "disconnect", name, short_id(t.container_id)])
                    + f"  # on {self.snapshot.node_name(t.node_id)}"
                    for t in guests
                ),
                deadline_seconds=HAND_DEADLINE,
            )
        yield Step(
            title=f"Wait until nobody is on {name}",
            why="The engine refuses to remove a network that somebody uses.",
            until=(NetworkUnused(name),),
            deadline_seconds=LEAST_DEADLINE,
        )
        removal = RemoveNetwork(network.id if network else _UNKNOWN, name)
        known = network is not None and network.is_allocated
        yield Step(
            title=f"Remove the network {name}",
            why="By its full id, so that no other is meant.",
            writes=(removal,),
            requires=(ClusterAnswers(), NetworkUnused(name)),
            until=(NetworkAbsent(name),),
            undo=(CreateNetwork(definition_of(network)),) if known and network else (),
            commands=(command_of(removal),),
            deadline_seconds=LEAST_DEADLINE,
        )

    def _verification(self) -> Step:
        until: list[Condition] = []
        for definition in self.goal.networks:
            until += [NetworkReady(definition), PeersComplete(definition.name)]
        wired = tuple(self._wired(shape, ()) for shape in self.shapes)
        if wired:
            until.append(ServicesWired(wired))
        gone = [n for n in self.intent.names if n not in {d.name for d in self.goal.networks}]
        until += [NetworkAbsent(name) for name in gone]
        return Step(
            title="Verify",
            why="Every network as it was wanted, every service on it with its addresses.",
            until=tuple(until),
            commands=tuple(
                shlex.join(["docker", "network", "inspect", "--verbose", each.name])
                for each in self.goal.networks
            ),
            deadline_seconds=LEAST_DEADLINE,
        )


_UNKNOWN = NetworkId("")
_WHY_BESIDE = "On both networks at a time, so that nobody loses contact while others move."
_WHY_CROWDED = (
    "Services whose tasks wait for addresses move right away, which frees addresses; the others "
    "come onto it beside the old one. For a moment they reach each other in part only."
)
_WHY_OFF = "Everybody is on the other one by now."
_WHY_ARRIVE = "Its tasks are replaced, as the service's own update settings say."


def _networks(wires: Iterable[Wire]) -> tuple[str, ...]:
    return tuple(wire.network for wire in wires)


def _without(wires: Sequence[Wire], names: Collection[str]) -> tuple[Wire, ...]:
    return tuple(wire for wire in wires if wire.network not in names)


def _beside(wires: Sequence[Wire], names: Collection[str], other: str) -> tuple[Wire, ...]:
    """Put another network right behind the ones of these names, with the same aliases."""
    found: list[Wire] = []
    there = other in _networks(wires)
    for wire in wires:
        found.append(wire)
        if wire.network in names and not there:
            found.append(msgspec.structs.replace(wire, network=other))
            there = True
    return tuple(found)


def _merged(aim: Sequence[Wire], now: Sequence[Wire], lost: Sequence[Wire]) -> tuple[Wire, ...]:
    """Return the wanted networks, with those that are to go right behind what takes their place."""
    found = list(aim)
    for wire in lost:
        found.insert(min(now.index(wire) + 1, len(found)), wire)
    return tuple(found)


def _blocks(old: Network, wanted: Definition) -> bool:
    if old.name == wanted.name:
        return True
    claims = [Claim(each.cidr, each.cidr) for each in old.subnets]
    return any(overlapping(each.subnet, claims) for each in wanted.ranges if each.subnet)


def _release(network: Network) -> Step:
    return Step(
        title=f"Wait until this node has given up {network.name}",
        why="The swarm has removed it, and a node that still carries it takes no other one.",
        until=(NetworkAbsent(network.name),),
        deadline_seconds=LEAST_DEADLINE,
    )


def _creation(definition: Definition) -> Step:
    return Step(
        title=f"Create the network {definition.name}",
        why="It is there when the swarm has given it a subnet and a VXLAN id; before that, "
        "services on it would wait for ever.",
        writes=(CreateNetwork(definition),),
        requires=(ClusterAnswers(),),
        until=(NetworkReady(definition),),
        undo=(RemoveNetwork(_UNKNOWN, definition.name),),
        commands=(create_command(definition),),
        deadline_seconds=ALLOCATION_DEADLINE,
    )
