"""A plan as a bash script, for people who have to make the change by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from swarmtui.operations import conditions as looks
from swarmtui.operations import script_functions, script_networks
from swarmtui.operations import writes as acts
from swarmtui.operations.bridge_script import bridge_script
from swarmtui.operations.definition import VXLAN_OPTION, Definition
from swarmtui.operations.plan import Advice, Interruption, Plan, Step
from swarmtui.operations.script_commands import (
    by_hand,
    in_script,
    ports_words,
    shape_words,
)
from swarmtui.operations.shell import comment, join, plain, quoted
from swarmtui.operations.wording import words_of


def script_of(plan: Plan, *, tool: str, when: str) -> str:
    """Return a bash script that does what a plan does, with its checks and waits."""
    if plan.is_local:
        return bridge_script(plan, tool=tool, when=when)
    first = ["echo '== Before anything is changed'"]
    first += [join(["require", "this is the swarm of the plan", "cluster_is", plan.cluster_id])]
    first += _checks("require", plan.preconditions)
    lines = ["", "if ((FROM == 1)); then", *_indented(first), "fi"]
    for number, step in enumerate(plan.steps, 1):
        title = plain(step.title)
        lines += ["", *comment(f"Step {number}: {title}"), *comment(step.why)]
        lines += [f"if step {number} {quoted(title)}; then", *_indented(_body(step)), "fi"]
    lines += ["", "echo 'Done.'"]
    head = ["#!/usr/bin/env bash", *_header(plan, tool, when)]
    ending = [*_advice("Afterwards", plan.afterwards), "", *_way_back(plan)]
    return "\n".join([*head, *_functions("\n".join(lines)), *lines, *ending]) + "\n"


def _functions(body: str) -> list[str]:
    """Return the frame of a script, and the functions that it needs."""
    blocks = f"{script_functions.LOOKS}\n{script_networks.LOOKS}".strip("\n").split("\n\n")
    frame = [script_functions.FRAME.rstrip("\n")]
    needed: dict[str, str] = {}
    known = {
        name: each for each in blocks for name in re.findall(r"^(\w+)\(\)", each, re.MULTILINE)
    }
    searched = [*frame, body]
    while searched:
        words = set(re.findall(r"\w+", searched.pop()))
        found = {name: known[name] for name in known.keys() & words - needed.keys()}
        needed |= found
        searched += found.values()
    kept = [each for name, each in known.items() if name in needed]
    return "\n\n".join([*frame, *kept]).split("\n")


def _header(plan: Plan, tool: str, when: str) -> Iterator[str]:
    yield from comment(f"{plan.title}: {plan.subject}")
    yield from comment(f"Written by {tool} at {when} for the swarm {plan.cluster_id or '?'}.")
    yield from comment(
        "Run it with bash on a manager of that swarm, or with DOCKER_HOST set to one, in a session "
        "that survives your connection. Let nobody else change services or networks meanwhile. "
        "The docker client must not be older than the engines: it drops what it does not know "
        "from the services that it updates. Whether the addresses of a new network are free is not "
        "looked at again: if they are not, the script stops where it creates the network. "
        "When it stops, it says why, how to go on, and how to go back."
    )
    if any(isinstance(write, acts.Reshape) for write in plan.writes):
        yield from comment(
            "The docker client puts the networks of a service that it updates in the order of "
            "their ids, whatever their order was, and writes aliases and driver options in small "
            "letters: interfaces in containers may come in another order. swarmtui changes neither."
        )
    for heading, entries in (
        (f"Steps, which take {math.ceil(plan.seconds)} s at most", [s.title for s in plan.steps]),
        ("Interruptions, as estimated, at most", map(_effect, plan.interruptions)),
        ("Risks", plan.risks),
    ):
        yield from ("#", f"# {heading}:")
        for number, entry in enumerate(list(entries) or ("none",), 1):
            yield from comment(entry, f"  {number}. ")
    yield from _advice("Look at first, since the engine does not tell", plan.checklist)


def _effect(effect: Interruption) -> str:
    words = f"each of {effect.tasks} tasks replaced {effect.replacements} times"
    seconds = f"for {math.ceil(effect.closed_seconds)} s"
    if effect.ports:
        return f"{effect.service} ({effect.ports}): closed {seconds}, {words}"
    if effect.isolated:
        return f"{effect.service}: on no network then, {words}"
    if effect.closed_seconds:
        return f"{effect.service}: cut off from its network {seconds}, {words}"
    return f"{effect.service}: {words}"


def _advice(heading: str, entries: Iterable[Advice]) -> Iterator[str]:
    if entries:
        yield from ("#", f"# {heading}:")
    for entry in entries:
        yield from comment(entry.words, "  - ")
        yield from (f"#     {plain(command)}" for command in entry.commands)


def _body(step: Step) -> Iterator[str]:
    yield from _checks("require", step.requires)
    for write in step.writes:
        if isinstance(write, acts.Unpublish):
            kept = [each for each in write.ports if each.mode == "host"]
            words = plain(f"{write.name} asks for the ports that it did when this was written")
            ports = (ports_words(write.ports), ports_words(kept))
            yield join(["require", words, "asks", write.service_id, *ports])
        elif isinstance(write, acts.Reshape):
            words = plain(f"{write.name} is as it was when this was written")
            shapes = (shape_words(write.reversed), shape_words(write))
            yield join(["require", words, "shaped", write.service_id, *shapes])
    for write in step.writes:
        yield in_script(write)
    if any(isinstance(each, looks.ContainersFollow | looks.ContainersLeft) for each in step.until):
        yield from (f"echo {quoted(f'   {plain(each)}')}" for each in step.commands)
    yield from _checks(f"wait_until {math.ceil(step.deadline_seconds)}", step.until)


def _checks(verb: str, conditions: Iterable[looks.Condition]) -> Iterator[str]:
    for each in conditions:
        for look in _LOOKS[type(each)](each):
            yield join([*verb.split(), plain(words_of(each)), *look])


_LOOKS: Final[Mapping[type, Callable[[Any], list[list[str]]]]] = {
    looks.ClusterAnswers: lambda _: [["cluster_answers"]],
    looks.IngressIs: lambda it: [["ingress_is", *sorted(it.network_ids)]],
    # Whether it overlaps others shows when the swarm gives it no addresses.
    looks.DefinitionSound: lambda _: [],
    looks.OnlyPublish: lambda it: [["only_publish", *it.service_ids]],
    looks.ServicesSettled: lambda it: [["settled", *it.service_ids]],
    looks.ServicesReleased: lambda it: [["released", n, *it.service_ids] for n in it.network_ids],
    looks.NetworkFree: lambda it: [["free", it.network_id]],
    looks.NetworkGone: lambda it: [["gone", it.network_id]],
    looks.IngressAllocated: lambda _: [["allocated"]],
    looks.IngressEverywhere: lambda _: [["everywhere"]],
    looks.ServicesPublished: lambda it: [
        ["published", each.service_id, str(each.running)] for each in it.services
    ],
    looks.NetworksAre: lambda it: [
        ["networks_are", *(word for pair in it.network_ids.items() for word in pair)]
    ],
    looks.OnlyOn: lambda it: [["only_on", name, *it.service_ids] for name in it.networks],
    looks.NetworkUnused: lambda it: [["unused", it.name]],
    looks.NetworkAbsent: lambda it: [["absent", it.name]],
    looks.NetworkReady: lambda it: [["ready", it.definition.name, *_properties(it.definition)]],
    looks.ServicesWired: lambda it: [
        ["wired", each.service_id, str(each.running), *each.on, "--", *each.off]
        for each in it.services
    ],
    looks.ContainersFollow: lambda it: [["follow", it.network, it.onto]],
    looks.ContainersLeft: lambda it: [["left", it.network]],
    looks.PeersComplete: lambda it: [["peered", it.name]],
}


def _way_back(plan: Plan) -> Iterator[str]:
    yield from comment(
        "To go back: run these by hand, from the step that stopped downwards, without what had not "
        "been done yet. Go on only when nothing is under way any more: see docker service ps."
    )
    touches = [each for each in plan.writes if isinstance(each, acts.TouchNode)]
    for number, step in reversed(list(enumerate(plan.steps, 1))):
        if step.undo:
            yield from ("#", *comment(f"Step {number}: {step.title}"))
        for write in step.undo:
            if isinstance(write, acts.RemoveNetwork):
                yield from comment("once no task is on it any more:", "  - ")
            yield f"#     {by_hand(write)}"
            if isinstance(write, acts.CreateNetwork):
                words = "go on once docker network inspect shows a subnet of it"
                yield from comment(f"{words}, with:" if touches else f"{words}.", "  - ")
                yield from (f"#     {by_hand(each)}" for each in touches)


def _properties(wanted: Definition) -> tuple[str, str]:
    """Return what `ready` compares: flags and options, and the subnets where they are given."""
    flags = f"{wanted.attachable} {wanted.internal}".lower()
    options = sorted(each for each in wanted.options.items() if each[0] != VXLAN_OPTION)
    subnets = [each.subnet for each in wanted.ranges]
    known = " ".join(subnets) if all(subnets) else ""
    return "".join((flags, *(f" {key}={value}" for key, value in options))), known


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
