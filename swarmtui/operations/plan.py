"""A change as data: intents, plans, steps and refusals, which can be compared, saved and read."""

from __future__ import annotations

import msgspec

from swarmtui.model import NetworkId, ServiceId
from swarmtui.operations.arrangement import Arrangement
from swarmtui.operations.conditions import ClusterAnswers, Condition, EngineAnswers
from swarmtui.operations.definition import Definition
from swarmtui.operations.writes import Port, Write


class BuildIngress(msgspec.Struct, frozen=True, tag=True):
    """Have an ingress network like this, whatever ingress there is now.

    Attributes:
        at_once: Unpublish and publish all services together instead of one after another.
        repair: Why there has to be another one, where it is a repair: `missing` or `unallocated`.
        lan_ranges: Ranges of the local network that it has to keep clear of.
    """

    definition: Definition
    at_once: bool = False
    repair: str = ""
    lan_ranges: tuple[str, ...] = ()


class SpreadIngress(msgspec.Struct, frozen=True, tag=True):
    """Bring the ingress to every Ready node that misses it (moby#40184)."""


class Rearrange(msgspec.Struct, frozen=True, tag=True):
    """Lead networks, and services on them, from one arrangement to another.

    Attributes:
        title: What it is, beginning with a verb: `Encrypt the network`.
        subject: The name of what it is about.
        names: Every network that is made or removed, by name; one that never worked has no
            definition in `before`.
        temporary: Carries the services while a network makes room for one of its name or subnet.
        gentle: First give all services what they get, then take from all what they lose.
        at_once: Change all services together instead of one after another.
        by_hand: Wait for a person to move containers outside services, instead of refusing.
        lan_ranges: Ranges of the local network that new networks have to keep clear of.
    """

    title: str
    subject: str
    before: Arrangement
    after: Arrangement
    names: tuple[str, ...] = ()
    temporary: Definition | None = None
    gentle: bool = True
    at_once: bool = False
    by_hand: bool = False
    lan_ranges: tuple[str, ...] = ()

    @property
    def reversed(self) -> Rearrange:
        """Return what leads back."""
        return msgspec.structs.replace(self, before=self.after, after=self.before)

    def opposite(self, goal: Arrangement) -> Arrangement:
        """Return where the way to one of the two arrangements begins."""
        return self.before if goal == self.after else self.after


class BuildBridge(msgspec.Struct, frozen=True, tag=True):
    """Have a gateway bridge like this on an engine that is in no swarm, whatever is there now.

    Attributes:
        lan_ranges: Ranges of the local network that it has to keep clear of.
    """

    definition: Definition
    lan_ranges: tuple[str, ...] = ()


Intent = BuildIngress | SpreadIngress | Rearrange | BuildBridge


class Publisher(msgspec.Struct, frozen=True):
    """A service that publishes through the ingress, as it was before anything was changed.

    Attributes:
        ports: All ports of its specification in order, with the numbers that the engine assigned.
        running: How many of its tasks ran.
    """

    service_id: ServiceId
    name: str
    ports: tuple[Port, ...]
    running: int


class Before(msgspec.Struct, frozen=True):
    """What was there before anything was changed.

    Attributes:
        ingress: None where there was none, or none that ever worked.
        ingress_ids: Every ingress network there was.
        bridge: The node's gateway bridge; None where there was none, or it is not touched.
        bridge_ids: Its id.
    """

    ingress: Definition | None = None
    ingress_ids: tuple[NetworkId, ...] = ()
    publishers: tuple[Publisher, ...] = ()
    bridge: Definition | None = None
    bridge_ids: tuple[NetworkId, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One step of a plan: first what has to hold, then writes, then what has to come to hold.

    Attributes:
        why: The reason, in a sentence.
        requires: Looked at just before the writes; for what cannot be taken back.
        until: What the step waits for.
        undo: The writes that take the step back by themselves, in order.
        commands: The `docker` commands that do the same, waits not included.
        deadline_seconds: How long `until` may take.
    """

    title: str
    why: str
    writes: tuple[Write, ...] = ()
    requires: tuple[Condition, ...] = ()
    until: tuple[Condition, ...] = ()
    undo: tuple[Write, ...] = ()
    commands: tuple[str, ...] = ()
    deadline_seconds: float = 60.0


class Advice(msgspec.Struct, frozen=True):
    """Something for a person to do or to know, with commands for it."""

    words: str
    commands: tuple[str, ...] = ()


class Interruption(msgspec.Struct, frozen=True):
    """What a plan does to one service.

    Attributes:
        replacements: How often each of its tasks is replaced.
        tasks: How many tasks it has.
        ports: Those that are closed for a while; empty where it is cut off from its network.
        closed_seconds: For how long, estimated, at most; 0 where it can be reached all the time.
        together: Its update policy replaces all of its tasks at the same time.
        isolated: It is on no network in the end, and no service reaches it by name any more.
    """

    service: str
    ports: str
    tasks: int
    replacements: int
    closed_seconds: float
    isolated: bool = False
    together: bool = False


class Plan(msgspec.Struct, frozen=True):
    """A change that can be reviewed, run, resumed and taken back.

    Attributes:
        subject: The name that a person types to confirm.
        cluster_id: Of the swarm; of a local change, the id of the engine.
        preconditions: What the plan rests on.
        checklist: What a person has to look at before, since the engine's API does not tell.
        afterwards: What a person has to do or look at afterwards.
        seconds: How long all of it takes, estimated, at most.
    """

    intent: Intent
    title: str
    subject: str
    cluster_id: str
    before: Before
    steps: tuple[Step, ...]
    preconditions: tuple[Condition, ...] = ()
    interruptions: tuple[Interruption, ...] = ()
    risks: tuple[str, ...] = ()
    checklist: tuple[Advice, ...] = ()
    afterwards: tuple[Advice, ...] = ()
    seconds: float = 0.0

    @property
    def is_local(self) -> bool:
        """Tell whether it changes one engine that is in no swarm."""
        return isinstance(self.intent, BuildBridge)

    @property
    def answers(self) -> Condition:
        """Return what has to answer for anything of it to be done, or be seen."""
        return EngineAnswers() if self.is_local else ClusterAnswers()

    @property
    def writes(self) -> tuple[Write, ...]:
        """Return every write of every step."""
        return tuple(write for step in self.steps for write in step.writes)


class Refusal(msgspec.Struct, frozen=True):
    """Why something is not planned.

    Attributes:
        needless: There is nothing to do.
    """

    title: str
    reasons: tuple[str, ...]
    hint: str = ""
    needless: bool = False
