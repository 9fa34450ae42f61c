"""The steps that lead from what there is to a wanted arrangement of networks and services.

Services are led over a temporary network where a new network can only be made once an old one is
gone, since both want the same name or subnet (engine-facts E.1, E.3).
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from swarmtui.addressing import Claim, overlapping
from swarmtui.model import Network, Snapshot, Task
from swarmtui.operations.arrangement import Arrangement
from swarmtui.operations.conditions import (
    Condition,
    NetworkAbsent,
    NetworkReady,
    PeersComplete,
    ServicesWired,
)
from swarmtui.operations.definition import Definition, definition_of, fits
from swarmtui.operations.network_sights import containers_on, is_full, swarm_network
from swarmtui.operations.network_steps import (
    arrival,
    containers_follow,
    creation,
    release,
    removal,
)
from swarmtui.operations.plan import Rearrange, Step
from swarmtui.operations.service_steps import Led
from swarmtui.operations.sizing import LEAST_DEADLINE
from swarmtui.operations.wiring import beside, merged, names_of, without


def steps_towards(snapshot: Snapshot, intent: Rearrange, goal: Arrangement) -> tuple[Step, ...]:
    """Return the steps from what there is to one of the two arrangements of an intent."""
    return tuple(_Course(snapshot, intent, goal).run())


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
    """Makes room for new networks, makes them, and leads services onto them.

    Attributes:
        led: The services.
        bridged: The temporary network is in use.
    """

    snapshot: Snapshot
    intent: Rearrange
    goal: Arrangement
    led: Led = field(init=False)
    bridged: bool = field(default=False, init=False)

    def run(self) -> Iterable[Step]:
        snapshot, intent = self.snapshot, self.intent
        found = {name: swarm_network(snapshot, name) for name in intent.names}
        present = {name: network for name, network in found.items() if network is not None}
        wanted = {each.name: each for each in self.goal.networks}
        kept = {n for n, d in wanted.items() if n in present and fits(present[n], d)}
        doomed = [
            network
            for name, network in present.items()
            if name not in kept and name not in self._left_alone()
        ]
        missing = [definition for name, definition in wanted.items() if name not in kept]
        blocking = [each for each in doomed if any(_blocks(each, other) for other in missing)]
        self.led = Led(snapshot, intent, self.goal, doomed, self._left_alone())
        if blocking:
            yield from self._make_room(blocking, present)
        for network in snapshot.leftovers:
            if network.name in {each.name for each in missing}:
                yield release(network, NetworkAbsent(network.name))
        for definition in missing:
            yield creation(definition)
        others = [each for each in doomed if each not in blocking]
        names = [each.name for each in others]
        # A temporary network that is yet to be made has to be removed as well.
        if self.bridged and intent.temporary is not None and intent.temporary.name not in names:
            names.append(intent.temporary.name)
        for definition in missing:
            for old in names:
                yield from self._follow(old, definition.name)
        yield from self._arrive(names)
        for name in names:
            yield from self._removal(name, present.get(name))
        yield self._verification()

    def _left_alone(self) -> set[str]:
        """Return networks that never worked, and that the way back need not remove after all."""
        intent = self.intent
        if self.goal is not intent.before:
            return set()
        known = (*intent.before.networks, *intent.after.networks, intent.temporary)
        return set(intent.names) - {each.name for each in known if each is not None}

    def _make_room(
        self, blocking: Sequence[Network], present: dict[str, Network]
    ) -> Iterable[Step]:
        """Yield the steps that free the name or subnet of networks that are to be made anew."""
        temporary = self.intent.temporary if self.intent.gentle else None
        names = [each.name for each in blocking]
        users = self.led.users(names)
        guests = any(containers_on(self.snapshot, name) for name in names)
        if temporary is not None and (users or guests):
            self.bridged = True
            if temporary.name not in present:
                yield creation(temporary)
            elif not present[temporary.name].is_allocated:
                yield arrival(temporary)
            for name in names:
                yield from self._follow(name, temporary.name)
            full = any(is_full(self.snapshot, name) for name in names)
            aims = {
                each.service_id: beside(self.led.wires[each.service_id], names, temporary.name)
                for each in users
            }
            if full:
                aims = {identity: without(wires, names) for identity, wires in aims.items()}
            why = _WHY_CROWDED if full else _WHY_BESIDE
            title = f"Put {{}} on {temporary.name}"
            yield from self.led.passes(aims, title, why, at_once=full)
        aims = {s.service_id: without(self.led.wires[s.service_id], names) for s in users}
        why = _WHY_OFF if self.bridged else _WHY_GAP
        yield from self.led.passes(aims, f"Take {{}} off {', '.join(names)}", why)
        for network in blocking:
            yield from self._removal(network.name, network)

    def _arrive(self, leaving: Collection[str]) -> Iterable[Step]:
        """Yield the steps that bring each service to where it is to be."""
        aims, both, swaps = {}, {}, {}
        left: set[str] = set()
        for shape in self.led.shapes:
            now = self.led.wires[shape.service_id]
            aim = self.led.final(shape)
            aims[shape.service_id] = aim
            lost = [w for w in now if w.network not in names_of(aim)]
            both[shape.service_id] = merged(aim, now, lost)
            # Those that are on both already have to be there in truth before anybody leaves.
            stays = not set(self.led.names).isdisjoint(names_of(aim))
            if lost and stays:
                swaps[shape.service_id] = aim
                left.update(names_of(lost))
        if self.intent.gentle and any(is_full(self.snapshot, name) for name in left):
            title = self._title(leaving)
            yield from self.led.passes(swaps, title, _WHY_CROWDED, at_once=True, last=True)
            yield from self.led.passes(aims, title, _WHY_ARRIVE, last=True)
        elif self.intent.gentle and swaps:
            target = ", ".join(each.name for each in self.goal.networks) or "the other network"
            yield from self.led.passes(both, f"Put {{}} on {target}", _WHY_BESIDE)
            words = f"Take {{}} off {', '.join(leaving)}" if leaving else "Bring {} to its networks"
            yield from self.led.passes(aims, words, _WHY_OFF, last=True)
        else:
            yield from self.led.passes(aims, self._title(leaving), _WHY_ARRIVE, last=True)

    def _title(self, leaving: Collection[str]) -> str:
        if not self.intent.names:
            return self.intent.title.replace("{", "").replace("}", "")
        if self.goal.networks:
            return f"Put {{}} on {', '.join(each.name for each in self.goal.networks)}"
        return f"Take {{}} off {', '.join(leaving)}" if leaving else "Change {}"

    def _guests(self, name: str) -> tuple[Task, ...]:
        """Return the containers that are on a network by then, as far as they are known now."""
        names = [name]
        if self.intent.temporary is not None and name == self.intent.temporary.name:
            names += self.intent.names
        found = {t.container_id: t for each in names for t in containers_on(self.snapshot, each)}
        return tuple(found.values())

    def _follow(self, old: str, new: str) -> Iterable[Step]:
        guests = self._guests(old)
        if guests:
            yield containers_follow(self.snapshot, guests, old, new)

    def _removal(self, name: str, network: Network | None) -> Iterable[Step]:
        definition = self.intent.temporary
        if network is not None:
            # The engine does not show what a network was to be that never worked.
            definition = definition_of(network) if network.is_allocated else None
        return removal(self.snapshot, self._guests(name), name, network, definition)

    def _verification(self) -> Step:
        until: list[Condition] = []
        for definition in self.goal.networks:
            until += [NetworkReady(definition), PeersComplete(definition.name)]
        wired = tuple(self.led.wired(shape, ()) for shape in self.led.shapes)
        if wired:
            until.append(ServicesWired(wired))
        stay = {each.name for each in self.goal.networks} | self._left_alone()
        gone = [name for name in self.intent.names if name not in stay]
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


_WHY_BESIDE = "On both networks at a time, so that nobody loses contact while others move."
_WHY_CROWDED = (
    "Tasks wait for addresses on the old one, so that nobody can be on both: services move "
    "together, and reach each other in part only until they are there."
)
_WHY_GAP = "The engine removes a network only when nobody is on it."
_WHY_OFF = "Everybody is on the other one by now."
_WHY_ARRIVE = "Its tasks are replaced, as the service's own update settings say."


def _blocks(old: Network, wanted: Definition) -> bool:
    if old.name == wanted.name:
        return True
    claims = [Claim(each.cidr, each.cidr) for each in old.subnets]
    return any(overlapping(each.subnet, claims) for each in wanted.ranges if each.subnet)
