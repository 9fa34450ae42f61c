"""How much room, how much time, and what may go wrong."""

from __future__ import annotations

import pytest

from swarmtui.model import Service, Snapshot, UpdatePolicy
from swarmtui.operations import MTU_OPTION, Definition, Interruption, definition_of
from swarmtui.operations.costs import interruptions
from swarmtui.operations.ingress import publishers_of
from swarmtui.operations.ingress_risks import engine_faults, ingress_risks
from swarmtui.operations.ingress_steps import steps_towards
from swarmtui.operations.plan import Before
from swarmtui.operations.sizing import needed_addresses, pass_seconds
from tests.builders import DB, INGRESS, NODES, ROUND, WEB, busy_snapshot, node, service
from tests.replacing import replace

QUICK = UpdatePolicy(parallelism=0, monitor_seconds=1.0, stop_grace_seconds=3.0)
SLOW = UpdatePolicy(parallelism=2, delay_seconds=7.0, monitor_seconds=1.0, stop_grace_seconds=3.0)
PLAIN = Definition("mesh", options={MTU_OPTION: "1400"}, ingress=True)


def swarm_of(*services: Service) -> Snapshot:
    return replace(busy_snapshot(), services=services, tasks=())


def publishing(name: str, policy: UpdatePolicy, replicas: int = 3) -> Service:
    return replace(service(name, replicas=replicas, ports=WEB.ports), update_policy=policy)


def test_only_what_publishes_needs_room() -> None:
    assert needed_addresses(busy_snapshot()) == 3 + 3 + 1 + 2 * 3
    assert needed_addresses(replace(busy_snapshot(), services=(DB, ROUND))) == 3 + 3
    idle = replace(WEB, replicas=0)
    assert needed_addresses(replace(busy_snapshot(), services=(idle,))) == 3 + 3 + 1


def test_how_many_tasks_are_wanted() -> None:
    snapshot = busy_snapshot()
    assert snapshot.wanted_tasks(WEB) == 3
    assert snapshot.wanted_tasks(replace(WEB, replicas=None, desired=5)) == 5
    assert snapshot.wanted_tasks(replace(WEB, replicas=0, desired=5)) == 0
    # An old engine tells of a global service only by its tasks.
    silent = replace(WEB, replicas=None, desired=None)
    assert snapshot.wanted_tasks(silent) == 3
    stopped = tuple(replace(each, state="shutdown") for each in snapshot.tasks)
    assert replace(snapshot, tasks=stopped).wanted_tasks(silent) == 0


@pytest.mark.parametrize(
    ("policy", "replicas", "seconds"),
    [
        (QUICK, 0, 1.0),
        (QUICK, 1, 5.0 + 1),
        (QUICK, 9, 5.0 + 1),
        (SLOW, 2, 5.0 + 1),
        (SLOW, 3, 2 * 5.0 + 7 + 1),
        (SLOW, 6, 3 * 5.0 + 2 * 7 + 1),
        (UpdatePolicy(), 3, 3 * 12.0 + 5),
    ],
)
def test_how_long_replacing_takes(policy: UpdatePolicy, replicas: int, seconds: float) -> None:
    of = publishing("web", policy, replicas)
    assert pass_seconds(swarm_of(of), of) == seconds


Told = tuple[tuple[Interruption, ...], float]


def told(now: Snapshot, before: Snapshot | None = None, *, at_once: bool = False) -> Told:
    """Estimate the way to the plain ingress for the services that published before."""
    publishers = publishers_of(before or now)
    known = Before(publishers=publishers)
    return interruptions(now, publishers, steps_towards(now, PLAIN, known, at_once=at_once))


def test_interruptions_one_after_another() -> None:
    found, whole = told(swarm_of(publishing("a", QUICK), publishing("b", SLOW)))
    assert whole == 2 * (6 + 18) + 3
    # Each is closed from its own first pass until the end of its own second.
    assert [each.closed_seconds for each in found] == [whole - 18, whole - 6]


def test_interruptions_at_once() -> None:
    found, whole = told(swarm_of(publishing("a", QUICK), publishing("b", SLOW)), at_once=True)
    assert whole == 2 * 18 + 3
    assert [each.closed_seconds for each in found] == [whole, whole]
    assert [(each.service, each.tasks, each.replacements) for each in found] == [
        ("a", 3, 2),
        ("b", 3, 2),
    ]


def test_what_is_closed_already_is_closed_from_now_on() -> None:
    a, b = publishing("a", QUICK), publishing("b", SLOW)
    closed = replace(a, ports=(), asked_ports=())
    found, whole = told(swarm_of(closed, b), swarm_of(a, b))
    assert [(each.replacements, each.closed_seconds) for each in found] == [
        (1, 18 + 3 + 6),
        (2, whole),
    ]


def test_nobody_is_interrupted_where_nothing_is_written() -> None:
    snapshot = swarm_of(publishing("a", QUICK))
    there = definition_of(INGRESS)
    publishers = publishers_of(snapshot)
    steps = steps_towards(snapshot, there, Before(publishers=publishers), at_once=False)
    assert interruptions(snapshot, publishers, steps) == ((), 0.0)


def test_interruptions_tell_what_closes() -> None:
    ports = (
        replace(WEB.ports[0], published=0),
        replace(WEB.ports[0], mode="host"),
        replace(WEB.ports[0], protocol="udp", published=53),
    )
    (found,), _ = told(swarm_of(replace(WEB, asked_ports=ports, ports=())))
    assert found.ports == "?/tcp, 53/udp"


def test_services_that_are_gone_are_not_interrupted() -> None:
    both = swarm_of(publishing("a", QUICK), publishing("b", SLOW))
    found, whole = told(swarm_of(both.services[0]), both)
    assert ([each.service for each in found], whole) == (["a"], 2 * 6 + 3)
    assert told(swarm_of(), both, at_once=True) == ((), 3.0)


@pytest.mark.parametrize("version", ["17.04.0-ce", "1.13.1"])
def test_engines_too_old(version: str) -> None:
    snapshot = replace(busy_snapshot(), nodes=(NODES[0], replace(node(2), engine_version=version)))
    assert engine_faults(snapshot) == (
        f"node2 runs engine {version}; releasing an ingress needs 17.05.",
    )


@pytest.mark.parametrize("version", ["17.05.0-ce", "29.7.2", "dev", ""])
def test_engines_new_enough_or_not_known(version: str) -> None:
    snapshot = replace(busy_snapshot(), nodes=(replace(node(1), engine_version=version),))
    assert engine_faults(snapshot) == ()


def quiet() -> Snapshot:
    managers = tuple(node(number, role="manager") for number in (1, 2, 3))
    return replace(busy_snapshot(), nodes=managers)


def risks(snapshot: Snapshot, target: Definition | None = PLAIN) -> tuple[str, ...]:
    return ingress_risks(snapshot, publishers_of(snapshot), target)


def test_no_risks() -> None:
    assert risks(quiet()) == ()
    assert risks(quiet(), None) == ()


def test_risks_of_nodes() -> None:
    one, two, three = quiet().nodes
    other = replace(two, engine_version="28.5.2")
    (words,) = risks(replace(quiet(), nodes=(one, other, three)))
    assert "different engines (28.5.2, 29.1.0)" in words
    (words,) = risks(replace(quiet(), nodes=(one, replace(two, state="down"), three)))
    assert words.startswith("node2 cannot be reached")
    (words,) = risks(replace(quiet(), nodes=(one, two)))
    assert words.startswith("2 managers tolerate no more failures than 1 would")


def test_risks_of_services() -> None:
    def told(changed: Service) -> tuple[str, ...]:
        return risks(replace(quiet(), services=(changed, DB)))

    (words,) = told(replace(WEB, mode="replicated-job"))
    assert words == "web is a job: it runs again, twice."
    (words,) = told(replace(WEB, replicas=4))
    assert words.startswith("web runs 3 of 4 tasks now")
    (words,) = told(replace(WEB, update_policy=UpdatePolicy(on_failure="rollback")))
    assert words.startswith("web rolls back by itself")
    assert told(replace(WEB, replicas=2)) == ()


@pytest.mark.parametrize(
    ("state", "told"), [("updating", True), ("rollback_started", True), ("completed", False)]
)
def test_updates_elsewhere_are_a_risk(state: str, told: bool) -> None:
    found = risks(replace(quiet(), services=(WEB, replace(DB, update_state=state))))
    assert found == (("Updates are under way elsewhere: pay_db.",) if told else ())


def test_a_publisher_that_is_gone_is_no_risk() -> None:
    job = replace(WEB, mode="replicated-job")
    gone = replace(quiet(), services=())
    assert ingress_risks(gone, publishers_of(replace(quiet(), services=(job,))), PLAIN) == ()


def test_encryption_is_a_risk_where_it_is_wanted() -> None:
    nodes = tuple(replace(each, engine_version="20.10.7") for each in quiet().nodes)
    old = replace(quiet(), nodes=nodes)
    assert risks(old) == ()
    secure = Definition("mesh", options={"encrypted": ""}, ingress=True)
    (words,) = risks(old, secure)
    assert "CVE-2023-28840" in words
