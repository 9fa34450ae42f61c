"""Steps that change the networks of services, from where each is to where it is to be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from swarmtui.model import Network, Service, ServiceId, Snapshot
from swarmtui.operations.arrangement import (
    Arrangement,
    Shape,
    numbered_ports,
    services_on,
    shape_of,
    wires_of,
)
from swarmtui.operations.conditions import (
    Condition,
    Expected,
    ServicesPublished,
    ServicesWired,
    Wired,
)
from swarmtui.operations.plan import Rearrange, Step
from swarmtui.operations.sights import look
from swarmtui.operations.sizing import LEAST_DEADLINE, PATIENCE, pass_seconds
from swarmtui.operations.wiring import names_of
from swarmtui.operations.writes import Port, Reshape, Wire, command_of, port_of


def touched_names(intent: Rearrange) -> tuple[str, ...]:
    """Return the networks that are made or removed, and those that services come on or leave."""
    names = dict.fromkeys(intent.names)
    before, after = intent.before.shape_by_id, intent.after.shape_by_id
    for service_id in before.keys() & after.keys():
        changed = set(before[service_id].wires) ^ set(after[service_id].wires)
        names.update(dict.fromkeys(sorted(wire.network for wire in changed)))
    return tuple(names)


@dataclass
class Led:
    """Services on their way.

    Args:
        snapshot: Where they are now.
        intent: The change.
        goal: Where they are to be.
        doomed: Networks that they have to leave.
        spared: Names of networks of the change on which they stay, if they are on them still.

    Attributes:
        shapes: The services as they are to be.
        wires: Where each service is by the step that was planned last.
    """

    snapshot: Snapshot
    intent: Rearrange
    goal: Arrangement
    doomed: Sequence[Network]
    spared: Collection[str] = ()
    shapes: list[Shape] = field(default_factory=list, init=False)
    wires: dict[ServiceId, tuple[Wire, ...]] = field(default_factory=dict, init=False)
    names: tuple[str, ...] = field(default=(), init=False)
    written: set[ServiceId] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.names = tuple(n for n in touched_names(self.intent) if n not in self.spared)
        self.shapes = self._all_shapes(self.doomed)
        self.wires = {
            each.service_id: wires_of(self.snapshot, self.snapshot.service_by_id[each.service_id])
            for each in self.shapes
        }

    def users(self, names: Collection[str]) -> list[Shape]:
        """Return the services that are on one of these networks by now."""
        return [
            shape
            for shape in self.shapes
            if not set(names).isdisjoint(names_of(self.wires[shape.service_id]))
        ]

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
            if name and name not in names_of(wires):
                wires.append(msgspec.structs.replace(wire, network=name))
        return msgspec.structs.replace(shape, wires=tuple(wires))

    def final(self, shape: Shape) -> tuple[Wire, ...]:
        """Return the wanted networks; those that this is not about stay as they are by then."""
        now = self.wires[shape.service_id]
        found = [wire for wire in now if wire.network not in self.names]
        for position, wire in enumerate(shape.wires):
            if wire.network in self.names:
                found.insert(min(position, len(found)), wire)
        return tuple(found)

    def passes(
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
            if write is None and shape.service_id in self.written:
                continue  # the step that wrote it waits for it too
            self.written.add(shape.service_id)
            if write is None:
                standing.append((shape, self.wired(shape, before)))
            else:
                writes.append((shape, write, self.wired(shape, before)))
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

    def wired(self, shape: Shape, before: tuple[Wire, ...]) -> Wired:
        """Return where a service is to be by now, and which of the networks before it has left."""
        now = names_of(self.wires[shape.service_id])
        others = self.intent.before.shape_by_id.get(shape.service_id, shape)
        after = self.intent.after.shape_by_id.get(shape.service_id, shape)
        everywhere = others.mode != after.mode
        return Wired(
            shape.service_id,
            shape.name,
            on=tuple(name for name in now if everywhere or name in self.names),
            off=tuple(n for n in names_of(before) if n not in now),
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
