"""The functions of a plan's bash script: stopping, waiting, and looks at the ingress."""

from __future__ import annotations

from typing import Final

FRAME: Final = r"""
set -euo pipefail
FROM=${1:-1} STEP=0 TITLE=begin BACK=0 INGRESS='' REASON='' LOOKS=0 PEERS='' MISSING=''

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
"""

LOOKS: Final = r"""
in_order() { xargs -n1 | LC_ALL=C sort | xargs; }

cluster_answers() { docker node ls -q >/dev/null; }

cluster_is() { [[ $(docker info --format '{{with .Swarm.Cluster}}{{.ID}}{{end}}') == "$1" ]]; }

# Id and name of each; without a leader the engine would list a part of them, and no error.
networks() {
    local list=(ls --no-trunc --filter scope=swarm --format '{{.ID}} {{.Name}}')
    docker network "${list[@]}" && cluster_answers
}

ingress_ids() {
    networks | cut -d ' ' -f 1 |
        xargs -r docker network inspect --format '{{if .Ingress}}{{.ID}}{{end}}' | in_order
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

gone() { local ids && ids=$(networks) && ! grep -q "^$1 " <<<"$ids"; }

# The ingress has a subnet and a VXLAN id: without them, services that publish go down.
allocated() {
    local format='{{.Driver}} {{range .IPAM.Config}}{{.Subnet}}{{end}} '
    format+='{{index .Options "com.docker.network.driver.overlay.vxlanid_list"}}'
    find_ingress && REASON=$(docker network inspect --format "$format" "$INGRESS") || return 1
    [[ $REASON =~ ^overlay\ [0-9a-f.:/]+\ [0-9] ]] && ingress_is "$INGRESS"
}

# Of these Ready nodes, or of all, each is a peer of a network: its id, then ids of nodes. A peer
# that nobody knows may be a node with another data path.
peers_are() {
    local network=$1 nodes state name address manager peer known='' lost=0 strangers=0
    local format='{{.Status.State}} {{.ID}} {{.Status.Addr}} {{with .ManagerStatus}}{{.Addr}}'
    MISSING='' PEERS=''
    shift
    PEERS=$(docker network inspect --format '{{range .Peers}}{{.IP}} {{end}}' "$network") &&
        nodes=$(docker node ls -q | xargs -r docker node inspect --format "$format{{end}}") ||
        return 1
    while read -r state name address manager; do
        manager=${manager%:*} manager=${manager#[} manager=${manager%]}
        known+=" $address ${manager:=$address} "
        [[ $state != ready || ($# -gt 0 && " $* " != *" $name "*) ||
            " $PEERS" == *" $address "* || " $PEERS" == *" $manager "* ]] ||
            { MISSING+=" $name" && lost=$((lost + 1)); }
    done <<<"$nodes"
    for peer in $PEERS; do
        [[ $known == *" $peer "* ]] || strangers=$((strangers + 1))
    done
    REASON="peers: ${PEERS:-none} missing:${MISSING:- none}"
    ((lost <= strangers))
}

# Every Ready node is a peer of the ingress.
everywhere() {
    local name
    find_ingress || return 1
    ! peers_are "$INGRESS" || [[ -z $PEERS ]] || return 0
    # A node that failed to make its ingress tries again only when the node has really changed.
    ((++LOOKS % 4)) || for name in $MISSING; do
        again docker node update --label-add swarmtui.shaken=yes "$name" >/dev/null
        again docker node update --label-rm swarmtui.shaken "$name" >/dev/null
    done
    return 1
}

# Live tasks on nodes that are not down, of some services or all, those of containers outside
# services too: service, node, state, wanted state, container=id, network=address ...
live_tasks() {
    local down task state list=(ps --no-resolve --no-trunc --format '{{.ID}} {{.CurrentState}}')
    local format='{{or .ServiceID "-"}} {{or .NodeID "-"}} {{.Status.State}} {{.DesiredState}}'
    format+='{{with .Spec.NetworkAttachmentSpec}} container={{.ContainerID}}{{end}}'
    format+='{{range .NetworksAttachments}} {{.Network.ID}}={{range .Addresses}}{{.}}{{end}}{{end}}'
    down=$(docker node ls --format '{{if eq .Status "Down"}}{{.ID}}{{end}}' | xargs) || return 1
    if (($#)); then
        docker service "${list[@]}" "$@"
    else
        local kinds=(--filter runtime=container --filter runtime=attachment --filter runtime=)
        docker node ls -q | xargs -r docker node "${list[@]}" "${kinds[@]}" &&
            docker service ls -q | xargs -r docker service "${list[@]}"
    fi | while read -r task state _; do
        [[ ' new allocated pending assigned accepted preparing ready starting running ' != \
            *" ${state,,} "* ]] || echo "$task"
    done | sort -u | xargs -r docker inspect --type task --format "$format" |
        while read -r task; do
            state=${task#* }
            [[ " $down " == *" ${state%% *} "* ]] || echo "$task"
        done
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

# The ports that a service asks for, in order.
ports() {
    local format='{{with .Spec.EndpointSpec}}{{range .Ports}}{{or .PublishMode "ingress"}}'
    format+='/{{.Protocol}}/{{.TargetPort}}/{{.PublishedPort}} {{end}}{{end}}'
    docker service inspect --format "$format" "$1" | in_order
}

# A service asks for these ports, or for those: it may have been unpublished already.
asks() {
    local found
    found=$(ports "$1") || return 1
    REASON="ports: ${found:-none}"
    [[ $found == "$2" || $found == "$3" ]]
}

# So many tasks of a service, or all that it wants, run with addresses: service, count, networks.
enough() {
    local service=$1 least=$2 found tasks network
    shift 2
    found=$(docker service ls --filter "id=$service" --format '{{.Replicas}} {{.Mode}}') ||
        return 1
    [[ $found != *job* ]] || return 0
    [[ $found =~ ^[0-9]+/([0-9]+) ]] && tasks=$(live_tasks "$service") || return 1
    ((least <= BASH_REMATCH[1])) || least=${BASH_REMATCH[1]}
    tasks=$(grep ' running running' <<<"$tasks") || true
    for network; do
        tasks=$(grep " $network=[0-9a-f]" <<<"$tasks") || true
    done
    found=$(grep -c . <<<"$tasks") || true
    REASON="service $service has $found of $least tasks running on it"
    ((found >= least))
}

# A service has an address on the ingress, and its tasks run on it: service, count.
published() {
    local found format='{{range .Endpoint.VirtualIPs}} {{.NetworkID}}={{.Addr}}{{end}}'
    find_ingress && settled "$1" &&
        found=$(docker service inspect --format "$format" "$1") || return 1
    REASON="service $1 has no address on it"
    [[ $found == *" $INGRESS="[0-9a-f]* ]] && enough "$1" "$2" "$INGRESS"
}
"""
