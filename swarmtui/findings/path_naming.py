"""What a name leads to on a network, by what the swarm decided and by what nodes have heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from shlex import quote

from swarmtui.findings import path_checks as checks
from swarmtui.findings.path import Check, Step, StepState
from swarmtui.findings.path_end import EndKind
from swarmtui.findings.path_lane import Lane, names_of
from swarmtui.model import Task, moment, short_id

SETTLING = timedelta(seconds=10)
"""How long gossip may take to tell of a task that has just started."""


def name_step(lane: Lane) -> Step:
    """Tell what B's name leads to for whoever is on the network, as this node has heard."""
    names, answers = names_on(lane), _answers(lane)
    says = f"{lane.network.name}: {names[0]} leads to {answers or 'nothing yet'}"
    facts = [says + (f"; so does {names_of(names[1:])}" if len(names) > 1 else "")]
    if lane.virtual_ip:
        facts.append(f"{lane.network.name}: tasks.{lane.b.name} leads to each of its tasks")
    state = StepState.OK
    if lane.inspection is None:
        state = StepState.UNSEEN
        name = lane.snapshot.engine.name
        facts.append(f"{name} does not carry {lane.network.name}: what nodes heard is not seen.")
    elif lane.is_even and (wrong := [*_unheard(lane), *_misheard(lane)]):
        return Step("Name", StepState.BROKEN, (*wrong, *facts), tuple(_mending(lane, names[0])))
    found = () if state is StepState.OK else checks.resolving(lane, names[0], answers or "it")
    return Step("Name", state, tuple(facts), tuple(found))


def names_on(lane: Lane) -> tuple[str, ...]:
    """Return the names by which B is known on the network, the best first.

    Of a service its name and aliases there; of a task that of its container; of a container
    outside services its own and its short id.
    """
    end = lane.b
    if end.kind is EndKind.TASK:
        return tuple(f"{end.name}.{task.id}" for task in end.tasks)
    if end.kind is EndKind.CONTAINER or end.service is None:
        identities = (short_id(task.container_id) for task in end.tasks)
        return tuple(dict.fromkeys((end.name, *identities)))
    service = end.service
    aliases = (
        alias
        for each in service.networks
        if lane.snapshot.target_id(each.target) == lane.network.id
        for alias in each.aliases
    )
    return tuple(dict.fromkeys((service.name, *aliases)))


def _answers(lane: Lane) -> str:
    if lane.virtual_ip:
        return lane.virtual_ip
    return names_of(held.address for held in lane.b_held if lane.answers(held))


def _unheard(lane: Lane) -> Iterator[str]:
    """Yield who runs and is not told by the gossip (moby#53141)."""
    heard = {entry.address for entry in lane.entries}
    missing = [held for held in lane.b_held if lane.answers(held) and held.address not in heard]
    settled = [held for held in missing if _is_settled(lane, held.task)]
    if settled:
        who = names_of(lane.snapshot.task_name(held.task) or lane.b.name for held in settled)
        yield f"{lane.snapshot.engine.name} has not heard of {who} on {lane.network.name}"


def _misheard(lane: Lane) -> Iterator[str]:
    """Yield what the gossip still tells of the dead (moby#35548), and a virtual address of old."""
    holders = {address for _, addresses in _live(lane) for address in addresses}
    stale = [entry for entry in lane.entries if entry.address not in holders]
    if stale and not _is_changing(lane):
        gone = names_of(entry.address for entry in stale)
        yield f"{lane.b.name} leads to {gone} too, where nobody is on {lane.network.name}"
    known = lane.gossip.get(lane.b.name) if lane.virtual_ip else None
    if known is not None and known.vip and known.vip != lane.virtual_ip:
        yield f"{lane.b.name} leads to {known.vip}, and the swarm gave it {lane.virtual_ip}"


def _live(lane: Lane) -> tuple[tuple[Task, tuple[str, ...]], ...]:
    return lane.snapshot.live_tasks_by_network.get(lane.network.id, ())


def _is_changing(lane: Lane) -> bool:
    """Tell whether tasks of B come or went just now, so that gossip may lag behind."""
    service = lane.b.service
    if service is None:
        return False
    if service.update_state in ("updating", "rollback_started"):
        return True
    mine = (each for each in lane.snapshot.tasks if each.service_id == service.id)
    return any(not _is_settled(lane, task) for task in mine)


def _is_settled(lane: Lane, task: Task) -> bool:
    since = moment(task.since)
    heard_at = lane.inspection.taken_at if lane.inspection else lane.snapshot.taken_at
    return since is None or heard_at - since >= SETTLING


def _mending(lane: Lane, name: str) -> Iterator[Check]:
    if lane.b.service is not None:
        command = f"docker service update --force {quote(lane.b.service.name)}"
        yield Check("", "Makes its tasks anew, and their entries with them.", command)
    yield from checks.resolving(lane, name, _answers(lane))


def address_step(lane: Lane) -> Step:
    """Tell whether B has the address that its name leads to."""
    network = lane.network.name
    if lane.virtual_ip:
        fact = f"{network}: {lane.b.name} has the virtual address {lane.virtual_ip}"
        return Step("Address", StepState.OK, (fact,))
    if lane.virtual_ip is None:
        how = "by DNSRR" if lane.b.kind is EndKind.SERVICE else "directly"
        fact = f"{network}: no virtual address is needed, {lane.b.name} is reached {how}"
        return Step("Address", StepState.OK, (fact,))
    facts = (
        f"{lane.b.name} has no virtual address on {network}",
        "The network may be out of addresses.",
    )
    command = f"docker network inspect {quote(network)}"
    check = Check("", "How large it is; d on the network tells how full.", command)
    return Step("Address", StepState.BROKEN, facts, (check,))
