"""A plan as a bash script, for people who have to make the change by hand."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from swarmtui.operations import conditions as looks
from swarmtui.operations import writes as acts
from swarmtui.operations.bridge_script import bridge_script
from swarmtui.operations.plan import Plan, Step
from swarmtui.operations.shell import comment as _comment
from swarmtui.operations.shell import join as _join
from swarmtui.operations.shell import plain as _plain
from swarmtui.operations.shell import quoted as _quoted
from swarmtui.operations.wording import words_of

_FUNCTIONS: Final = r"""
set -euo pipefail
FROM=${1:-1} STEP=0 TITLE=begin BACK=0 INGRESS='' REASON='' LOOKS=0

# Say what is wrong, how to go on and how to go back, and end.
stop() {
    trap - ERR INT TERM
    {
        echo "STOPPED in step $STEP ($TITLE): $1${REASON:+ (seen last: $REASON)}"
        echo "To go on, once it is put right: bash $0 $((STEP > 0 ? STEP : FROM))"
        ((BACK > 0)) && echo "To go back: see the end of $0, from step $BACK downwards." ||
            echo 'Nothing has been changed.'
    } >&2
    exit 1
}
trap 'stop "a command failed in line $LINENO"' ERR
trap 'stop interrupted' INT TERM

# Begin a step, or pass over it: number, title.
step() {
    (($1 >= FROM)) || return 1
    STEP=$1 TITLE=$2 BACK=$1
    echo "== $1. $2"
}

# Wait until a look succeeds: seconds, words, look.
wait_until() {
    local seconds=$1 words=$2 end=$((SECONDS + $1))
    shift 2
    echo "   $words ..."
    until REASON='' && "$@"; do
        ((SECONDS < end)) || stop "waited $seconds seconds for: $words"
        sleep 1
    done
    REASON=''
}

# Go on only if a look succeeds, before anything of the step is done: words, look.
require() {
    BACK=$((STEP - 1))
    wait_until 5 "$@"
    BACK=$STEP
}

# Try three times: the engine refuses to change what changes at the same moment.
again() { "$@" || { sleep 1 && "$@"; } || { sleep 2 && "$@"; }; }

in_order() { xargs -n1 | LC_ALL=C sort | xargs; }
cluster_answers() { docker node ls -q >/dev/null; }
cluster_is() { [[ $(docker info --format '{{with .Swarm.Cluster}}{{.ID}}{{end}}') == "$1" ]]; }

# Without a leader the engine would list a part of the networks, and no error.
networks() {
    cluster_answers && docker network ls -q --no-trunc --filter scope=swarm && cluster_answers
}

ingress_ids() {
    networks | xargs -r docker network inspect --format '{{if .Ingress}}{{.ID}}{{end}}' | in_order
}

# These are all ingress networks that there are: ids in order.
ingress_is() {
    local ids
    ids=$(ingress_ids) || return 1
    REASON="ingress networks: ${ids:-none}"
    [[ $ids == "$*" ]]
}

find_ingress() {
    REASON='there is not one ingress network'
    INGRESS=${INGRESS:-$(ingress_ids)}
    [[ $INGRESS =~ ^[a-z0-9]+$ ]] || { INGRESS='' && return 1; }
}

gone() { local ids && ids=$(networks) && ! grep -qx "$1" <<<"$ids"; }

# The ingress has a subnet and a VXLAN id: without them, services that publish go down.
allocated() {
    local format='{{.Driver}} {{range .IPAM.Config}}{{.Subnet}}{{end}} '
    format+='{{index .Options "com.docker.network.driver.overlay.vxlanid_list"}}'
    find_ingress && REASON=$(docker network inspect --format "$format" "$INGRESS") || return 1
    [[ $REASON =~ ^overlay\ [0-9a-f.:/]+\ [0-9] ]] && ingress_is "$INGRESS"
}

# Every Ready node is a peer; a peer that nobody knows may be a node with another data path.
everywhere() {
    local peers nodes state name address manager peer known='' missing='' lost=0 strangers=0
    local format='{{.Status.State}} {{.ID}} {{.Status.Addr}} {{with .ManagerStatus}}{{.Addr}}'
    find_ingress &&
        peers=$(docker network inspect --format '{{range .Peers}}{{.IP}} {{end}}' "$INGRESS") &&
        nodes=$(docker node ls -q | xargs -r docker node inspect --format "$format{{end}}") ||
        return 1
    while read -r state name address manager; do
        manager=${manager%:*} manager=${manager#[} manager=${manager%]}
        known+=" $address ${manager:=$address} "
        [[ $state != ready || " $peers" == *" $address "* || " $peers" == *" $manager "* ]] ||
            { missing+=" $name" && lost=$((lost + 1)); }
    done <<<"$nodes"
    for peer in $peers; do
        [[ $known == *" $peer "* ]] || strangers=$((strangers + 1))
    done
    REASON="peers: ${peers:-none} missing:${missing:- none}"
    [[ -z $peers ]] || ((lost > strangers)) || return 0
    # A node that failed to make its ingress tries again only when the node has really changed.
    ((++LOOKS % 4)) || for name in $missing; do
        again docker node update --label-add swarmtui.shaken=yes "$name" >/dev/null
        again docker node update --label-rm swarmtui.shaken "$name" >/dev/null
    done
    return 1
}

# Live tasks, of some services or of all: service, state, wanted state, network=address ...
live_tasks() {
    local task state list=(ps --no-trunc --format '{{.ID}} {{.CurrentState}}')
    local format='{{or .ServiceID "-"}} {{.Status.State}} {{.DesiredState}}'
    format+='{{range .NetworksAttachments}} {{.Network.ID}}={{range .Addresses}}{{.}}{{end}}{{end}}'
    if (($#)); then
        docker service "${list[@]}" "$@"
    else
        docker node ls -q | xargs -r docker node "${list[@]}" &&
            docker service ls -q | xargs -r docker service "${list[@]}"
    fi | while read -r task state _; do
        [[ ' new allocated pending assigned accepted preparing ready starting running ' != \
            *" ${state,,} "* ]] || echo "$task"
    done | sort -u | xargs -r docker inspect --type task --format "$format"
}

# No live task holds an address on a network: its id, then services (none for all).
free() {
    local tasks count
    tasks=$(live_tasks "${@:2}") || return 1
    count=$(grep -c " $1=" <<<"$tasks") || true
    REASON="$count tasks still on it"
    ((count == 0))
}

# No update of these services is under way; one that is paused does not end by waiting.
settled() {
    local id state
    for id; do
        state=$(docker service inspect --format \
            '{{with .UpdateStatus}}{{.State}}: {{.Message}}{{end}}' "$id") || return 1
        REASON="service $id: $state"
        [[ $state != *paused:* ]] || stop 'an update is paused'
        [[ $state != updating:* && $state != rollback_started:* ]] || return 1
    done
}

released() { settled "${@:2}" && free "$@"; }

# No service publishes ports through the ingress but these.
only_publish() {
    local found id name format='{{with .Spec.EndpointSpec}}{{range .Ports}}'
    format+='{{if ne .PublishMode "host"}}{{$.ID}} {{$.Spec.Name}}{{"\n"}}{{end}}{{end}}{{end}}'
    found=$(docker service ls -q | xargs -r docker service inspect --format "$format") || return 1
    while read -r id name; do
        REASON="$name publishes ports"
        [[ -z $id || " $* " == *" $id "* ]] || return 1
    done <<<"$found"
}

# A service asks for these ports, or for those: it may have been unpublished already.
asks() {
    local ports format='{{with .Spec.EndpointSpec}}{{range .Ports}}{{or .PublishMode "ingress"}}'
    format+='/{{.Protocol}}/{{.TargetPort}}/{{.PublishedPort}} {{end}}{{end}}'
    ports=$(docker service inspect --format "$format" "$1" | in_order) || return 1
    REASON="ports: ${ports:-none}"
    [[ $ports == "$2" || $ports == "$3" ]]
}

# A service has an address on the ingress, and so many tasks, or all that it wants, run on it.
published() {
    local least=$2 found tasks count
    local format='{{range .Endpoint.VirtualIPs}} {{.NetworkID}}={{.Addr}}{{end}}'
    find_ingress && settled "$1" &&
        found=$(docker service inspect --format "$format" "$1") || return 1
    REASON="service $1 has no address on it"
    [[ $found == *" $INGRESS="[0-9a-f]* ]] || return 1
    found=$(docker service ls --filter "id=$1" --format '{{.Replicas}} {{.Mode}}') || return 1
    [[ $found != *job* ]] || return 0
    [[ $found =~ ^[0-9]+/([0-9]+) ]] && tasks=$(live_tasks "$1") || return 1
    ((least <= BASH_REMATCH[1])) || least=${BASH_REMATCH[1]}
    count=$(grep -c " running running.* $INGRESS=[0-9a-f]" <<<"$tasks") || true
    REASON="service $1 has $count of $least tasks running on it"
    ((count >= least))
}
"""


def script_of(plan: Plan, *, tool: str, when: str) -> str:
    """Return a bash script that does what a plan does, with its checks and waits."""
    if plan.is_local:
        return bridge_script(plan, tool=tool, when=when)
    lines = ["#!/usr/bin/env bash", *_header(plan, tool, when), *_FUNCTIONS.splitlines()]
    first = ["echo '== Before anything is changed'"]
    first += [_join(["require", "this is the swarm of the plan", "cluster_is", plan.cluster_id])]
    first += _checks("require", plan.preconditions)
    lines += ["", "if ((FROM == 1)); then", *_indented(first), "fi"]
    for number, step in enumerate(plan.steps, 1):
        title = _plain(step.title)
        lines += ["", *_comment(f"Step {number}: {title}"), *_comment(step.why)]
        lines += [f"if step {number} {_quoted(title)}; then", *_indented(_body(step)), "fi"]
    return "\n".join([*lines, "", "echo 'Done.'", "", *_way_back(plan)]) + "\n"


def _header(plan: Plan, tool: str, when: str) -> Iterator[str]:
    yield from _comment(f"{plan.title}: {plan.subject}")
    yield from _comment(f"Written by {tool} at {when} for the swarm {plan.cluster_id or '?'}.")
    yield from _comment(
        "Run it with bash on a manager of that swarm, or with DOCKER_HOST set to one, in a session "
        "that survives your connection. Let nobody else change services or networks meanwhile. "
        "The docker client must not be older than the engines: it drops what it does not know "
        "from the services that it updates. Whether the addresses of a new network are free is not "
        "looked at again: if they are not, the script stops where it creates the network. "
        "When it stops, it says why, how to go on, and how to go back."
    )
    effects = [
        f"{each.service} ({each.ports}): closed for {math.ceil(each.closed_seconds)} s, each of "
        f"{each.tasks} tasks replaced {each.replacements} times"
        for each in plan.interruptions
    ]
    for heading, entries in (
        (f"Steps, which take {math.ceil(plan.seconds)} s at most", [s.title for s in plan.steps]),
        ("Interruptions, as estimated, at most", effects),
        ("Risks", plan.risks),
    ):
        yield from ("#", f"# {heading}:")
        for number, entry in enumerate(entries or ("none",), 1):
            yield from _comment(entry, f"  {number}. ")


def _body(step: Step) -> Iterator[str]:
    yield from _checks("require", step.requires)
    for write in step.writes:
        if isinstance(write, acts.Unpublish):
            kept = [each for each in write.ports if each.mode == "host"]
            words = _plain(f"{write.name} asks for the ports that it did when this was written")
            ports = (_ports(write.ports), _ports(kept))
            yield _join(["require", words, "asks", write.service_id, *ports])
    for write in step.writes:
        yield _command(write)
    yield from _checks(f"wait_until {math.ceil(step.deadline_seconds)}", step.until)


def _command(write: acts.Write, *, by_hand: bool = False) -> str:
    words = shlex.split(acts.command_of(write))
    again = "" if by_hand else "again "
    match write:
        case acts.Unpublish() | acts.Publish():
            detach = () if by_hand else ("--detach",)
            return again + _join([*words[:3], *detach, *words[3:]])
        case acts.RemoveNetwork():
            # The client asks back before it removes an ingress network.
            return f"{_join(words)} <<<y  # {_plain(write.name)}"
        case acts.CreateNetwork():
            return _join(words) if by_hand else f"INGRESS=$({_join(words)})"
        case acts.TouchNode():
            # With what it has by then, and by its id: host names need not be unique.
            node = _quoted(write.node_id)
            current = f"$(docker node inspect --format '{{{{.Spec.Availability}}}}' {node})"
            command = f'{again}docker node update --availability "{current}" {node}'
            return f"{command}  # {_plain(write.hostname)}"


def _checks(verb: str, conditions: Iterable[looks.Condition]) -> Iterator[str]:
    for each in conditions:
        for look in _LOOKS[type(each)](each):
            yield _join([*verb.split(), _plain(words_of(each)), *look])


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
}


def _way_back(plan: Plan) -> Iterator[str]:
    yield from _comment(
        "To go back: run these by hand, from the step that stopped downwards, without what had not "
        "been done yet. Go on only when nothing is under way any more: see docker service ps."
    )
    touches = [each for each in plan.writes if isinstance(each, acts.TouchNode)]
    for number, step in reversed(list(enumerate(plan.steps, 1))):
        if step.undo:
            yield from ("#", *_comment(f"Step {number}: {step.title}"))
        for write in step.undo:
            if isinstance(write, acts.RemoveNetwork):
                yield from _comment("once no task is on it any more:", "  - ")
            yield f"#     {_command(write, by_hand=True)}"
            if isinstance(write, acts.CreateNetwork):
                yield from _comment("once docker network inspect shows a subnet of it:", "  - ")
                yield from (f"#     {_command(each, by_hand=True)}" for each in touches)


def _ports(ports: Iterable[acts.Port]) -> str:
    words = (f"{each.mode}/{each.protocol}/{each.target}/{each.published}" for each in ports)
    return " ".join(sorted(words))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
