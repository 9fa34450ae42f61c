"""What is wrong with the swarm's networks: a finding, and the rule that found it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from swarmtui.addressing import Claim, NetworkUse, claims, unclaimed_subnet, usage
from swarmtui.model import Engine, Network, NetworkId, Node, Service, Snapshot, Standing


class Severity(StrEnum):
    """How bad it is."""

    CRITICAL = "critical"
    """Something does not work now."""
    WARNING = "warning"
    """Something will stop working, or works by luck."""
    INFO = "info"
    """Something that a person wants to know."""

    @property
    def rank(self) -> int:
        """Return 0 for the worst."""
        return list(Severity).index(self)


class SubjectKind(StrEnum):
    """What a finding is about."""

    SWARM = "swarm"
    NETWORK = "network"
    SERVICE = "service"
    NODE = "node"
    TASK = "task"
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that a finding is about; a pool's id is its range, the swarm's is empty."""

    kind: SubjectKind
    name: str
    id: str = ""

    @classmethod
    def swarm(cls) -> Subject:
        """Return the whole swarm."""
        return cls(SubjectKind.SWARM, "swarm")

    @classmethod
    def network(cls, network: Network) -> Subject:
        """Return a network."""
        return cls(SubjectKind.NETWORK, network.name, network.id)

    @classmethod
    def node(cls, node: Node) -> Subject:
        """Return a node."""
        return cls(SubjectKind.NODE, node.hostname, node.id)

    @classmethod
    def own_node(cls, engine: Engine) -> Subject:
        """Return the node that is read."""
        return cls(SubjectKind.NODE, engine.name, engine.node_id)

    @classmethod
    def service(cls, service: Service) -> Subject:
        """Return a service."""
        return cls(SubjectKind.SERVICE, service.name, service.id)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value that a finding rests on.

    Attributes:
        what: What the value is of, such as `subnet of app`.
        value: The very value; never one that changes while the trouble stays the same, such as an
            age: an acknowledged finding comes back when its evidence changes.
        source: Where it was read, such as `GET /nodes` or `computed from tasks and services`.
    """

    what: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """A step towards the cure: what to do, and the command that does it."""

    words: str
    command: str = ""


class RepairKind(StrEnum):
    """An operation of swarmtui that cures a trouble."""

    INGRESS = "ingress"
    """Create the ingress, give it addresses, or bring it to every node."""
    REPLACE_INGRESS = "replace-ingress"
    ENCRYPTION = "encryption"
    MIGRATE = "migrate"
    """Another subnet, size or MTU."""
    REMOVE = "remove"
    ATTACH = "attach"
    DETACH = "detach"
    MODE = "mode"
    """The endpoint mode or the published ports of a service."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Which operation cures a trouble, and of what, by name; empty where it needs none."""

    kind: RepairKind
    network: str = ""
    service: str = ""

    @classmethod
    def rebuilding(cls, network: Network) -> Repair:
        """Return what gives a network another definition."""
        kind = RepairKind.REPLACE_INGRESS if network.ingress else RepairKind.MIGRATE
        return cls(kind, network.name)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a rule found about one subject.

    Attributes:
        title: One line with the names and numbers of this case.
        since: When it began, where the engine's own times tell; else it counts from when it is
            first seen.
        severity: None for the rule's own.
    """

    subject: Subject
    title: str
    evidence: tuple[Evidence, ...]
    remedy: tuple[Remedy, ...] = ()
    repair: Repair | None = None
    since: datetime | None = None
    severity: Severity | None = None


_PARTS = frozenset(("nodes", "networks", "services", "tasks"))


@dataclass(frozen=True)
class Sight:
    """What rules look at.

    Attributes:
        lan_ranges: The person's own ranges in CIDR notation, which networks keep clear of.
    """

    snapshot: Snapshot
    lan_ranges: tuple[str, ...] = ()

    @cached_property
    def is_whole(self) -> bool:
        """Tell whether the whole swarm was read, so that what is not there is known to be absent.

        A list that could not be read is from before, and beside newer ones it tells what never was.
        """
        return (
            self.snapshot.engine.standing is Standing.MANAGER
            and self.snapshot.sees_cluster
            and not any(each.part in _PARTS and not each.subject for each in self.snapshot.problems)
        )

    def understands(self, *parts: str) -> bool:
        """Tell whether every object of these lists was understood, so that none is missing.

        Args:
            parts: `nodes`, `networks`, `services` or `tasks`.
        """
        removed = {each.name for each in self.snapshot.leftovers}
        problems = (each for each in self.snapshot.problems if each.subject not in removed)
        return not any(each.part in parts for each in problems)

    @cached_property
    def usage(self) -> Mapping[NetworkId, NetworkUse]:
        """Index how many addresses of each network are taken."""
        return usage(self.snapshot)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Return every range that something uses."""
        return tuple(claims(self.snapshot, lan_ranges=self.lan_ranges))

    def free_subnet(self, needed: int = 0) -> str:
        """Return a subnet that nothing is in the way of, empty where there is none.

        Args:
            needed: How many addresses it has to hold; a block of the swarm's pools at least.
        """
        size = 1 << max(needed - 1, 1).bit_length()
        if size not in self._free_subnets:
            found = unclaimed_subnet(self.snapshot, size, self.claims)
            self._free_subnets[size] = found or ""
        return self._free_subnets[size]

    @cached_property
    def _free_subnets(self) -> dict[int, str]:
        """Keep what was found by size: with many troubles the same is asked again and again."""
        return {}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for; a code never changes its meaning.

    Attributes:
        code: Stable and documented, such as `network-exhausted`.
        severity: The usual one.
        title: What is wrong, without names.
        meaning: What it does to people's traffic, and why it happens.
        cure: What to do about it, in general.
        find: Looks at the swarm.
        lasts_seconds: How long it has to last before it is told.
        references: Such as `moby#40184`.
        anywhere: It also looks at what is not the whole swarm: a worker, no swarm, no leader.
    """

    code: str
    severity: Severity
    title: str
    meaning: str
    cure: str
    find: Callable[[Sight], Iterable[Trouble]] = field(compare=False)
    lasts_seconds: float = 0.0
    references: tuple[str, ...] = ()
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A trouble and the rule that found it."""

    rule: Rule
    trouble: Trouble

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How bad this case is."""
        return self.trouble.severity or self.rule.severity

    @property
    def title(self) -> str:
        """What is wrong, with the names and numbers of this case."""
        return self.trouble.title

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return self.trouble.subject

    @property
    def key(self) -> str:
        """Identify the finding while its evidence changes: one per rule and subject."""
        return f"{self.code}:{self.subject.kind}:{self.subject.id or self.subject.name}"

    @property
    def fingerprint(self) -> str:
        """Return what changes with the evidence, so that an acknowledged finding comes back."""
        told = [self.severity, *(f"{each.what}={each.value}" for each in self.trouble.evidence)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
