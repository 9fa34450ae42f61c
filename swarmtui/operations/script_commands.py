"""Writes as commands in bash, and the words that they are compared with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

import msgspec

from swarmtui.operations.shell import join, plain, quoted
from swarmtui.operations.writes import (
    CreateNetwork,
    Port,
    Publish,
    RemoveNetwork,
    Reshape,
    TouchNode,
    Unpublish,
    Wire,
    Write,
    command_of,
    reshape_commands,
)


def in_script(write: Write) -> str:
    """Return what does a write, unless it is done already where that can be told."""
    match write:
        case Reshape():
            return _reshape(write)
        case Unpublish() | Publish():
            return _detached(map(quoted, shlex.split(command_of(write))))
        case RemoveNetwork(network_id="", name=name):
            return f'absent {quoted(name)} || docker network rm "{_id_of(name)}" <<<y'
        case RemoveNetwork():
            return f"gone {quoted(write.network_id)} || {by_hand(write)}"
        case CreateNetwork(definition=wanted):
            name, command = quoted(wanted.name), by_hand(write)
            return f"INGRESS=$({command})" if wanted.ingress else f"known {name} || {command}"
        case TouchNode():
            return f"again {by_hand(write)}"


def by_hand(write: Write) -> str:
    """Return the command that a person gives."""
    match write:
        case Reshape():
            return " && ".join(map(join, reshape_commands(write)))
        case RemoveNetwork():
            # The client asks back before it removes an ingress network.
            return f"{join(shlex.split(command_of(write)))} <<<y  # {plain(write.name)}"
        case TouchNode():
            # With what it has by then, and by its id: host names need not be unique.
            node = quoted(write.node_id)
            current = f"$(docker node inspect --format '{{{{.Spec.Availability}}}}' {node})"
            command = f'docker node update --availability "{current}" {node}'
            return f"{command}  # {plain(write.hostname)}"
        case _:
            return join(shlex.split(command_of(write)))


def shape_words(write: Reshape) -> str:
    """Return how a service is after a write."""
    wires = (",".join((each.network, *each.aliases)).lower() for each in write.wires)
    networks = " ".join(sorted(wires))
    return f"{networks}; {write.mode}; {ports_words(write.ports)}" if write.mode else networks


def ports_words(ports: Iterable[Port]) -> str:
    """Return ports that a service asks for."""
    words = (f"{each.mode}/{each.protocol}/{each.target}/{each.published}" for each in ports)
    return " ".join(sorted(words))


def _reshape(write: Reshape) -> str:
    names = list(dict.fromkeys(each.network for each in (*write.wires_before, *write.wires)))

    def marked(wires: Iterable[Wire]) -> tuple[Wire, ...]:
        return tuple(
            msgspec.structs.replace(each, network=f"\0{names.index(each.network)}\0")
            for each in wires
        )

    def resolved(word: str) -> str:
        """Return a word with the ids of the networks, which are known when it is run."""
        parts = re.split(f"\0({'|'.join(map(str, range(len(names))))})\0", word)
        texts, marks = parts[::2], parts[1::2]
        ids = [f'"{_id_of(names[int(mark)])}"' for mark in marks]
        shown = [quoted(text) if text or not ids else "" for text in texts]
        return "".join(part for pair in zip(shown, [*ids, ""], strict=True) for part in pair)

    by_mark = msgspec.structs.replace(
        write, wires_before=marked(write.wires_before), wires=marked(write.wires)
    )
    commands = [_detached(map(resolved, words)) for words in reshape_commands(by_mark)]
    done = commands[0] if len(commands) == 1 else f"{{ {'; '.join(commands)}; }}"
    return f"{join(['shaped', write.service_id, shape_words(write)])} || {done}"


def _id_of(name: str) -> str:
    return f"$(network {quoted(name)})"


def _detached(words: Iterable[str]) -> str:
    docker, service, update, *others = words
    return " ".join(["again", docker, service, update, "--detach", *others])
