#!/usr/bin/env bash
# Replace the ingress network: ingress
# Written by swarmtui 0.1.0 at 2026-11-25T10:27:03+00:00 for the swarm
# rj529i5p4g4j9y9qsj5lu4t6a.
# Run it with bash on a manager of that swarm, or with DOCKER_HOST set to one, in a session that
# survives your connection. Let nobody else change services or networks meanwhile. The docker
# client must not be older than the engines: it drops what it does not know from the services
# that it updates. Whether the addresses of a new network are free is not looked at again: if
# they are not, the script stops where it creates the network. When it stops, it says why, how
# to go on, and how to go back.
#
# Steps, which take 180 s at most:
#   1. Unpublish the ports of gateway
#   2. Unpublish the ports of prometheus
#   3. Unpublish the ports of shop_mail
#   4. Unpublish the ports of syslog
#   5. Wait until no task is on ingress
#   6. Remove the network ingress
#   7. Create the ingress network ingress
#   8. Touch manager-2, worker-1, manager-3, manager-1
#   9. Publish the ports of gateway
#   10. Publish the ports of prometheus
#   11. Publish the ports of shop_mail
#   12. Publish the ports of syslog
#   13. Verify
#
# Interruptions, as estimated, at most:
#   1. gateway (80/tcp, 443/tcp): closed for 133 s, each of 3 tasks replaced 2 times
#   2. prometheus (9090/tcp): closed for 109 s, each of 1 tasks replaced 2 times
#   3. shop_mail (2525/tcp): closed for 93 s, each of 0 tasks replaced 2 times
#   4. syslog (514/udp, 6514/tcp): closed for 121 s, each of 2 tasks replaced 2 times
#
# Risks:
#   1. worker-2 cannot be reached, and the old ingress stays there until then; afterwards run:
#      swarmtui ingress repair

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

if ((FROM == 1)); then
    echo '== Before anything is changed'
    require 'this is the swarm of the plan' cluster_is rj529i5p4g4j9y9qsj5lu4t6a
    require 'the swarm'"'"'s leader answers, and all of it can be read' cluster_answers
    require 'the ingress network is still the one that was planned with' ingress_is 8aisf6wnjcwtuttf7m1ag3ivo
    require 'no other service publishes ports through the ingress' only_publish 9xiq5u7etlnr2klivz37ukuhd uiw3ajpcn79utlxoohn0rmdkw 3flo7gkmb1dvwxj952pdvbzvm rgrknb3aaaz39c0zwgho9t517
    require 'no update of these services is under way or paused' settled 9xiq5u7etlnr2klivz37ukuhd uiw3ajpcn79utlxoohn0rmdkw 3flo7gkmb1dvwxj952pdvbzvm rgrknb3aaaz39c0zwgho9t517
fi

# Step 1: Unpublish the ports of gateway
# The engine keeps the ingress while a service publishes ports through it; ports in host mode
# stay open.
if step 1 'Unpublish the ports of gateway'; then
    require 'gateway asks for the ports that it did when this was written' asks 9xiq5u7etlnr2klivz37ukuhd 'ingress/tcp/8000/80 ingress/tcp/8443/443' ''
    again docker service update --detach --publish-rm 8000/tcp --publish-rm 8443/tcp gateway
    wait_until 123 'none of their tasks is on the ingress any more' released 8aisf6wnjcwtuttf7m1ag3ivo 9xiq5u7etlnr2klivz37ukuhd
fi

# Step 2: Unpublish the ports of prometheus
# The engine keeps the ingress while a service publishes ports through it; ports in host mode
# stay open.
if step 2 'Unpublish the ports of prometheus'; then
    require 'prometheus asks for the ports that it did when this was written' asks uiw3ajpcn79utlxoohn0rmdkw ingress/tcp/9090/9090 ''
    again docker service update --detach --publish-rm 9090/tcp prometheus
    wait_until 60 'none of their tasks is on the ingress any more' released 8aisf6wnjcwtuttf7m1ag3ivo uiw3ajpcn79utlxoohn0rmdkw
fi

# Step 3: Unpublish the ports of shop_mail
# The engine keeps the ingress while a service publishes ports through it; ports in host mode
# stay open.
if step 3 'Unpublish the ports of shop_mail'; then
    require 'shop_mail asks for the ports that it did when this was written' asks 3flo7gkmb1dvwxj952pdvbzvm ingress/tcp/25/2525 ''
    again docker service update --detach --publish-rm 25/tcp shop_mail
    wait_until 60 'none of their tasks is on the ingress any more' released 8aisf6wnjcwtuttf7m1ag3ivo 3flo7gkmb1dvwxj952pdvbzvm
fi

# Step 4: Unpublish the ports of syslog
# The engine keeps the ingress while a service publishes ports through it; ports in host mode
# stay open.
if step 4 'Unpublish the ports of syslog'; then
    require 'syslog asks for the ports that it did when this was written' asks rgrknb3aaaz39c0zwgho9t517 'ingress/tcp/6514/6514 ingress/udp/514/514' ''
    again docker service update --detach --publish-rm 514/udp --publish-rm 6514/tcp syslog
    wait_until 87 'none of their tasks is on the ingress any more' released 8aisf6wnjcwtuttf7m1ag3ivo rgrknb3aaaz39c0zwgho9t517
fi

# Step 5: Wait until no task is on ingress
# Removed a second too early it stays on nodes beside the new one, and tasks are rejected with
# 'ingress sandbox already present'.
if step 5 'Wait until no task is on ingress'; then
    wait_until 123 'no task at all holds an address on the network' free 8aisf6wnjcwtuttf7m1ag3ivo
    wait_until 123 'no update of these services is under way or paused' settled 9xiq5u7etlnr2klivz37ukuhd uiw3ajpcn79utlxoohn0rmdkw 3flo7gkmb1dvwxj952pdvbzvm rgrknb3aaaz39c0zwgho9t517
fi

# Step 6: Remove the network ingress
# There can be one ingress network only. By its full id, so that no other is meant.
if step 6 'Remove the network ingress'; then
    require 'the swarm'"'"'s leader answers, and all of it can be read' cluster_answers
    require 'the ingress network is still the one that was planned with' ingress_is 8aisf6wnjcwtuttf7m1ag3ivo
    require 'no service publishes ports through the ingress' only_publish
    require 'no task at all holds an address on the network' free 8aisf6wnjcwtuttf7m1ag3ivo
    require 'no update of these services is under way or paused' settled 9xiq5u7etlnr2klivz37ukuhd uiw3ajpcn79utlxoohn0rmdkw 3flo7gkmb1dvwxj952pdvbzvm rgrknb3aaaz39c0zwgho9t517
    docker network rm 8aisf6wnjcwtuttf7m1ag3ivo <<<y  # ingress
    wait_until 60 'the swarm lists it no more' gone 8aisf6wnjcwtuttf7m1ag3ivo
fi

# Step 7: Create the ingress network ingress
# Publishing onto a network without addresses takes the service down, so the step ends only when
# the swarm has given it a subnet and a VXLAN id.
if step 7 'Create the ingress network ingress'; then
    require 'the swarm'"'"'s leader answers, and all of it can be read' cluster_answers
    require 'there is no ingress network' ingress_is
    INGRESS=$(docker network create --driver overlay --ingress --subnet 10.20.8.0/24 ingress)
    wait_until 30 'the network has a subnet and a VXLAN id' allocated
fi

# Step 8: Touch manager-2, worker-1, manager-3, manager-1
# A new ingress reaches a node only when something about the node changes (moby#40184), so each
# Ready node is updated with what it has already.
if step 8 'Touch manager-2, worker-1, manager-3, manager-1'; then
    again docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 3h3rl6grzixsxco76bycaz2z5)" 3h3rl6grzixsxco76bycaz2z5  # manager-2
    again docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 55tavp0qtqlxv4tq1hlwgbvnr)" 55tavp0qtqlxv4tq1hlwgbvnr  # worker-1
    again docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 6j1s81v2mv3b3czp4t2wakf3w)" 6j1s81v2mv3b3czp4t2wakf3w  # manager-3
    again docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' dvfpk0wa8hswt9qbp1mp7995r)" dvfpk0wa8hswt9qbp1mp7995r  # manager-1
    wait_until 60 'every Ready node is a peer of the ingress' everywhere
fi

# Step 9: Publish the ports of gateway
# Into the specification as it is by then, and with the numbers of before.
if step 9 'Publish the ports of gateway'; then
    again docker service update --detach --publish-add published=80,target=8000,protocol=tcp,mode=ingress --publish-add published=443,target=8443,protocol=tcp,mode=ingress gateway
    wait_until 123 'each service has an address on the ingress, and its tasks run there' published 9xiq5u7etlnr2klivz37ukuhd 3
fi

# Step 10: Publish the ports of prometheus
# Into the specification as it is by then, and with the numbers of before.
if step 10 'Publish the ports of prometheus'; then
    again docker service update --detach --publish-add published=9090,target=9090,protocol=tcp,mode=ingress prometheus
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published uiw3ajpcn79utlxoohn0rmdkw 1
fi

# Step 11: Publish the ports of shop_mail
# Into the specification as it is by then, and with the numbers of before.
if step 11 'Publish the ports of shop_mail'; then
    again docker service update --detach --publish-add published=2525,target=25,protocol=tcp,mode=ingress shop_mail
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published 3flo7gkmb1dvwxj952pdvbzvm 0
fi

# Step 12: Publish the ports of syslog
# Into the specification as it is by then, and with the numbers of before.
if step 12 'Publish the ports of syslog'; then
    again docker service update --detach --publish-add published=514,target=514,protocol=udp,mode=ingress --publish-add published=6514,target=6514,protocol=tcp,mode=ingress syslog
    wait_until 87 'each service has an address on the ingress, and its tasks run there' published rgrknb3aaaz39c0zwgho9t517 2
fi

# Step 13: Verify
# One allocated ingress, every Ready node on it, every service with its address.
if step 13 Verify; then
    wait_until 60 'every Ready node is a peer of the ingress' everywhere
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published 9xiq5u7etlnr2klivz37ukuhd 3
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published uiw3ajpcn79utlxoohn0rmdkw 1
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published 3flo7gkmb1dvwxj952pdvbzvm 0
    wait_until 60 'each service has an address on the ingress, and its tasks run there' published rgrknb3aaaz39c0zwgho9t517 2
fi

echo 'Done.'

# To go back: run these by hand, from the step that stopped downwards, without what had not been
# done yet. Go on only when nothing is under way any more: see docker service ps.
#
# Step 12: Publish the ports of syslog
#     docker service update --publish-rm 514/udp --publish-rm 6514/tcp syslog
#
# Step 11: Publish the ports of shop_mail
#     docker service update --publish-rm 25/tcp shop_mail
#
# Step 10: Publish the ports of prometheus
#     docker service update --publish-rm 9090/tcp prometheus
#
# Step 9: Publish the ports of gateway
#     docker service update --publish-rm 8000/tcp --publish-rm 8443/tcp gateway
#
# Step 7: Create the ingress network ingress
#   - once no task is on it any more:
#     docker network rm ingress <<<y  # ingress
#
# Step 6: Remove the network ingress
#     docker network create --driver overlay --ingress --subnet 10.20.0.0/24 --gateway 10.20.0.1 ingress
#   - once docker network inspect shows a subnet of it:
#     docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 3h3rl6grzixsxco76bycaz2z5)" 3h3rl6grzixsxco76bycaz2z5  # manager-2
#     docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 55tavp0qtqlxv4tq1hlwgbvnr)" 55tavp0qtqlxv4tq1hlwgbvnr  # worker-1
#     docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' 6j1s81v2mv3b3czp4t2wakf3w)" 6j1s81v2mv3b3czp4t2wakf3w  # manager-3
#     docker node update --availability "$(docker node inspect --format '{{.Spec.Availability}}' dvfpk0wa8hswt9qbp1mp7995r)" dvfpk0wa8hswt9qbp1mp7995r  # manager-1
#
# Step 4: Unpublish the ports of syslog
#     docker service update --publish-add published=514,target=514,protocol=udp,mode=ingress --publish-add published=6514,target=6514,protocol=tcp,mode=ingress syslog
#
# Step 3: Unpublish the ports of shop_mail
#     docker service update --publish-add published=2525,target=25,protocol=tcp,mode=ingress shop_mail
#
# Step 2: Unpublish the ports of prometheus
#     docker service update --publish-add published=9090,target=9090,protocol=tcp,mode=ingress prometheus
#
# Step 1: Unpublish the ports of gateway
#     docker service update --publish-add published=80,target=8000,protocol=tcp,mode=ingress --publish-add published=443,target=8443,protocol=tcp,mode=ingress gateway
