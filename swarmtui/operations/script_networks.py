"""The functions of a plan's bash script that look at networks and at services on them."""

from __future__ import annotations

from typing import Final

LOOKS: Final = r"""
# The ids of the networks of the swarm that have a name: it, a list of all if there is one.
ids_of() {
    local listed id name
    listed=${2-$(networks)} || return 1
    while read -r id name; do
        [[ $name != "$1" ]] || echo "$id"
    done <<<"$listed"
}

# The id of the network of a name, whatever networks of that name a node has of its own; nothing
# where there is none: name, a list of all if there is one.
network() {
    local found
    found=$(ids_of "$@") && [[ $found != *$'\n'* ]] && echo "$found"
}

known() { [[ -n $(network "$1") ]]; }

# The swarm lists no network of a name any more, and this node carries none.
absent() {
    local found
    REASON='it is still listed, or carried by this node'
    found=$(ids_of "$1") && [[ -z $found ]]
}

# Names mean these networks: name, id, name, id ...
networks_are() {
    local listed id
    listed=$(networks) || return 1
    while (($#)); do
        id=$(network "$1" "$listed") || return 1
        REASON="network $1: ${id:-there is none}"
        [[ $id == "$2" ]] || return 1
        shift 2
    done
}

# No service but these is on a network: its name, ids of services.
only_on() {
    local id found service name target format='{{range .Spec.TaskTemplate.Networks}}{{$.ID}} '
    format+='{{$.Spec.Name}} {{.Target}}{{"\n"}}{{end}}'
    id=$(network "$1") || return 1
    [[ -n $id ]] || return 0
    found=$(docker service ls -q | xargs -r docker service inspect --format "$format") || return 1
    while read -r service name target; do
        REASON="$name is on $1"
        [[ $target != "$id" || " ${*:2} " == *" $service "* ]] || return 1
    done <<<"$found"
}

# No service names a network, and nobody holds an address on it: its name.
unused() {
    local id
    only_on "$1" && id=$(network "$1") && { [[ -z $id ]] || free "$id"; }
}

# A network can carry endpoints, and is as it was wanted: name, properties, subnets if wanted.
ready() {
    local id found subnets vxlan='"com.docker.network.driver.overlay.vxlanid_list"'
    local format='{{.Attachable}} {{.Internal}}{{range $key, $value := .Options}}'
    format+="{{if ne \$key $vxlan}} {{\$key}}={{\$value}}{{end}}{{end}}"
    id=$(network "$1") && [[ -n $id ]] &&
        found=$(docker network inspect --format "{{.Driver}} {{index .Options $vxlan}}" "$id") &&
        subnets=$(docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}} {{end}}' \
            "$id") || return 1
    REASON='it has no subnet and VXLAN id yet; the log of the leader says why'
    [[ $found =~ ^overlay\ [0-9] && -n $subnets ]] || return 1
    found=$(docker network inspect --format "$format" "$id") || return 1
    REASON="$found $subnets"
    [[ $found == "$2" && (-z $3 || $subnets == "$3 ") ]] ||
        stop "the network $1 is not as it was wanted; somebody else made it"
}

# A service is like one of these: id, then networks with aliases, or that and its mode and ports.
shaped() {
    local listed id name found mode ports each shape
    local format='{{range .Spec.TaskTemplate.Networks}}{{.Target}}{{range .Aliases}},{{.}}{{end}} '
    listed=$(networks) && found=$(docker service inspect --format "$format{{end}}" "$1") || return 1
    while read -r id name; do
        found=${found//"$id"/$name}
    done <<<"$listed"
    format='{{with .Spec.EndpointSpec}}{{.Mode}}{{end}}'
    mode=$(docker service inspect --format "$format" "$1") && ports=$(ports "$1") || return 1
    shape="$(in_order <<<"${found,,}"); ${mode:-vip}; $ports"
    REASON="it is like this: $shape"
    for each in "${@:2}"; do
        [[ "$shape;" != "$each;"* ]] || return 0
    done
    return 1
}

# A service names networks, has its addresses there, and so many tasks run there, and none on
# others: id, count, names, "--", names of the others.
wired() {
    local service=$1 least=$2 listed found name id ids='' off=0
    local format='{{with .Spec.EndpointSpec}}{{.Mode}}{{end}} {{range .Spec.TaskTemplate.Networks}}'
    format+='on={{.Target}} {{end}}{{range .Endpoint.VirtualIPs}}{{if .Addr}}{{.NetworkID}}=vip '
    shift 2
    settled "$service" && listed=$(networks) &&
        found=$(docker service inspect --format "$format{{end}}{{end}}" "$service") || return 1
    for name; do
        [[ $name != -- ]] || { off=1 && continue; }
        id=$(network "$name" "$listed") || return 1
        if ((off)); then
            REASON="service $service is still on $name"
            [[ $found != *" on=$id "* ]] && { [[ -z $id ]] || free "$id" "$service"; } || return 1
            continue
        fi
        REASON="service $service is not on $name, or lacks its address there"
        [[ -n $id && $found == *" on=$id "* ]] || return 1
        if [[ $found == dnsrr* ]]; then
            [[ $found != *" $id=vip "* ]] || return 1
        else
            [[ $found == *" $id=vip "* ]] || return 1
        fi
        ids+=" $id"
    done
    enough "$service" "$least" $ids
}

# Containers outside services on a network: its name.
containers() {
    local id tasks
    id=$(network "$1") && tasks=$(live_tasks) || return 1
    [[ -z $id ]] || sed -n "s/.* container=\([0-9a-f]*\).* $id=.*/\1/p" <<<"$tasks" | sort -u
}

# No container outside services is on a network: its name.
left() {
    local found
    found=$(containers "$1") || return 1
    REASON="still on it: ${found//$'\n'/ }"
    [[ -z $found ]]
}

# No container outside services is on one network without being on another: their names.
follow() {
    local old new
    old=$(containers "$1") && new=$(containers "$2") || return 1
    old=$(grep -vxF -- "$new" <<<"$old") || true
    REASON="not on it yet: ${old//$'\n'/ }"
    [[ -z $old ]]
}

# Every Ready node that runs a task on a network is a peer of it, if this node carries it: name.
peered() {
    local id tasks nodes peers
    id=$(network "$1") && [[ -n $id ]] && tasks=$(live_tasks) &&
        peers=$(docker network inspect --format '{{range .Peers}}{{.IP}} {{end}}' "$id") || return 1
    nodes=$(grep "^[^ ]* [^ ]* running .* $id=" <<<"$tasks" | cut -d ' ' -f 2 | sort -u) || true
    [[ -z $peers || -z $nodes ]] || peers_are "$id" $nodes
}
"""
