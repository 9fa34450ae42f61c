"""Sends the writes of a plan so that doing one twice is safe, as is not knowing if it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from swarmtui.errors import EngineAnswered, SwarmtuiError
from swarmtui.operations.definition import creation
from swarmtui.operations.running.edits import (
    RawService,
    asked_mode,
    asked_ports,
    asked_wires,
    read_object,
    with_endpoint,
    with_label,
    with_ports,
    with_wires,
    without_ingress_ports,
    without_label,
)
from swarmtui.operations.running.engine_side import (
    Writes,
    is_missing,
    is_out_of_sequence,
    is_taken,
)
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
)

Send = Callable[[str, str, dict[str, str], bytes], bytes]
"""Sends a write, journalled before and after; raises an EngineError for anything but success."""

_ATTEMPTS = 8
_SHAKEN = "swarmtui.shaken"
"""A label that a node has for a moment."""


class ChangedMeanwhile(SwarmtuiError):
    """Somebody changed what a step is about, so that a person has to look."""


@dataclass(slots=True)
class Performer:
    """Performs writes.

    Args:
        writes: Reads what is to be edited.
        send: Sends what is to be written.
        image: Returns the raw specification that a service had before, None where there is none.
        network_id: Returns the id of the network that has a name now.
        note: Keeps a remark, such as why a write was not needed.
    """

    writes: Writes
    send: Send
    image: Callable[[str], msgspec.Raw | None]
    network_id: Callable[[str], str]
    note: Callable[[str], None]

    def perform(self, write: Write) -> None:
        """Perform one write, or find that it is done already.

        Raises:
            ChangedMeanwhile: Somebody changed the fields that it is about.
            EngineError: The engine refuses, or is away.
        """
        match write:
            case Unpublish():
                self._update_service(write.service_id, write.name, self._unpublished(write))
            case Publish():
                self._update_service(write.service_id, write.name, self._published(write))
            case Reshape():
                self._update_service(write.service_id, write.name, self._reshaped(write))
            case RemoveNetwork():
                self._remove(write)
            case CreateNetwork():
                self._create(write)
            case TouchNode():
                self._label(write, without_label)

    def shake(self, write: TouchNode) -> None:
        """Give a node a label and take it away again.

        An engine makes its ingress before it has noted its own address there, or after, by chance;
        if before, it fails, and tries again only when its node has really changed.
        """
        self.note(f"{write.hostname} is given a label for a moment, so that it tries again")
        self._label(write, with_label)
        self._label(write, without_label)

    def _label(self, write: TouchNode, edit: Callable[[msgspec.Raw, str], msgspec.Raw]) -> None:
        path = f"/nodes/{write.node_id}"
        self._update(path, write.hostname, lambda raw: edit(raw.spec, _SHAKEN))

    def _update_service(
        self, service_id: str, name: str, edit: Callable[[RawService], msgspec.Raw | None]
    ) -> None:
        self._update(f"/services/{service_id}", name, edit)

    def _update(
        self, path: str, name: str, edit: Callable[[RawService], msgspec.Raw | None]
    ) -> None:
        """Read, edit and post until the version was still the newest one."""
        for _ in range(_ATTEMPTS):
            try:
                raw = read_object(self.writes.fetch(path, {}))
            except EngineAnswered as error:
                if not is_missing(error):
                    raise
                self.note(f"{name} is gone; nothing to do for it")
                return
            edited = edit(raw)
            if edited is None:
                return
            try:
                version = {"version": str(raw.version.index)}
                self.send("POST", f"{path}/update", version, bytes(edited))
            except EngineAnswered as error:
                if not is_out_of_sequence(error):
                    raise
            else:
                return
        raise ChangedMeanwhile(
            f"{name} changes faster than it can be changed",
            f"{_ATTEMPTS} times somebody else was first.",
            "See who updates it, then resume.",
        )

    def _unpublished(self, write: Unpublish) -> Callable[[RawService], msgspec.Raw | None]:
        def edit(raw: RawService) -> msgspec.Raw | None:
            now = asked_ports(raw.spec)
            if not _through_ingress(now):
                self.note(f"{write.name} publishes nothing through the ingress any more")
                return None
            if now != write.ports:
                raise _changed(write.name, now)
            return without_ingress_ports(raw.spec)

        return edit

    def _published(self, write: Publish) -> Callable[[RawService], msgspec.Raw | None]:
        def edit(raw: RawService) -> msgspec.Raw | None:
            now = asked_ports(raw.spec)
            if set(_through_ingress(now)) == set(_through_ingress(write.ports)):
                self.note(f"{write.name} publishes them already")
                return None
            if _through_ingress(now):
                raise _changed(write.name, now)
            return with_ports(raw.spec, write.ports, self.image(write.service_id))

        return edit

    def _reshaped(self, write: Reshape) -> Callable[[RawService], msgspec.Raw | None]:
        def edit(raw: RawService) -> msgspec.Raw | None:
            edited, image = raw.spec, self.image(write.service_id)
            now = tuple(map(self._resolved, asked_wires(raw.spec)))
            wanted = tuple(map(self._resolved, write.wires))
            before = tuple(map(self._resolved, write.wires_before))
            if wanted not in (before, now):
                if now != before:
                    raise _rewired(write.name)
                edited = with_wires(edited, wanted, image)
            reached = asked_mode(raw.spec), asked_ports(raw.spec)
            aim, origin = (write.mode, write.ports), (write.mode_before, write.ports_before)
            if aim not in (origin, reached):
                if reached != origin:
                    raise _reached(write.name, *reached)
                edited = with_endpoint(edited, write.mode, write.ports, image)
            if edited == raw.spec:
                self.note(f"{write.name} is like this already")
                return None
            return edited

        return edit

    def _resolved(self, wire: Wire) -> Wire:
        return msgspec.structs.replace(wire, network=self.network_id(wire.network))

    def _remove(self, write: RemoveNetwork) -> None:
        if not write.network_id:
            self.note(f"{write.name} is gone already")
            return
        try:
            self.send("DELETE", f"/networks/{write.network_id}", {}, b"")
        except EngineAnswered as error:
            if not is_missing(error):
                raise
            self.note(f"{write.name} is gone already")

    def _create(self, write: CreateNetwork) -> None:
        body = msgspec.json.encode(creation(write.definition))
        try:
            self.send("POST", "/networks/create", {}, body)
        except EngineAnswered as error:
            # Sent before without an answer: what waits for the network tells whether it is ours.
            if not is_taken(error):
                raise
            self.note("there is one already")


def _through_ingress(ports: tuple[Port, ...]) -> tuple[Port, ...]:
    return tuple(port for port in ports if port.mode == "ingress")


def _rewired(name: str) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"Somebody changed the networks of {name} meanwhile",
        "They are not those that this operation planned with.",
        "Resume or roll back: of the operation's own networks it gets those that were planned, and "
        "the others stay as they are now.",
    )


def _reached(name: str, mode: str, now: tuple[Port, ...]) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"Somebody changed how {name} is reached meanwhile",
        f"Its endpoint mode is {mode} and its ports are {_shown(now)} now, which is not what this "
        "operation planned with.",
        "Resume to have it as it was planned all the same, or roll back to what it was before.",
    )


def _shown(ports: tuple[Port, ...]) -> str:
    words = [f"{each.published}:{each.target}/{each.protocol} {each.mode}" for each in ports]
    return ", ".join(words) or "none"


def _changed(name: str, now: tuple[Port, ...]) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        f"Somebody changed the ports of {name} meanwhile",
        f"It asks for {_shown(now)} now, which is not what this operation planned with.",
        "Resume to go on with the ports that it has now, or roll back.",
    )
