"""Edits of raw specifications: every byte that an edit is not about stays as the engine gave it."""

from __future__ import annotations

import msgspec

from swarmtui.operations.writes import Port, Wire

RawObject = dict[str, msgspec.Raw]

_OBJECT = msgspec.json.Decoder(RawObject)
_LIST = msgspec.json.Decoder(list[msgspec.Raw] | None)
_NOTHING = msgspec.Raw(b"null")
_ENCODER = msgspec.json.Encoder()


class _PortShape(msgspec.Struct, rename="pascal"):
    protocol: str | None = None
    target_port: int | None = None
    published_port: int | None = None
    publish_mode: str | None = None


class _WireShape(msgspec.Struct, rename="pascal"):
    target: str | None = None
    aliases: list[str] | None = None
    driver_opts: dict[str, str] | None = None


class _Version(msgspec.Struct, rename="pascal"):
    index: int = 0


class _Created(msgspec.Struct):
    identity: str = msgspec.field(name="Id", default="")


class RawService(msgspec.Struct):
    """A service as the engine gives it, its specification undecoded."""

    version: _Version = msgspec.field(name="Version")
    spec: msgspec.Raw = msgspec.field(name="Spec")


_WIRE = msgspec.json.Decoder(_WireShape)
_PORT = msgspec.json.Decoder(_PortShape)


def read_object(body: bytes) -> RawService:
    """Return version and raw specification of a service or a node.

    Raises:
        msgspec.DecodeError: The body is no such object.
    """
    return msgspec.json.decode(body, type=RawService)


def created_id(answer: bytes) -> str:
    """Return the id of what an answer says was created, empty where it names none."""
    try:
        return msgspec.json.decode(answer, type=_Created).identity
    except msgspec.DecodeError:
        return ""


def asked_ports(spec: msgspec.Raw) -> tuple[Port, ...]:
    """Return the ports that a raw service specification asks for, in order."""
    return tuple(_port(raw) for raw in _raw_ports(_endpoint(spec)))


def without_ingress_ports(spec: msgspec.Raw) -> msgspec.Raw:
    """Return a service specification without its ingress-mode ports."""
    endpoint = _endpoint(spec)
    kept = [raw for raw in _raw_ports(endpoint) if _port(raw).mode != "ingress"]
    return _with_ports(spec, endpoint, kept)


def with_ports(
    spec: msgspec.Raw, ports: tuple[Port, ...], image: msgspec.Raw | None
) -> msgspec.Raw:
    """Return a service specification that publishes ports again.

    Host-mode ports that somebody changed meanwhile stay as they are now.

    Args:
        spec: The specification as it is now.
        ports: All ports that it had.
        image: The specification of before, for fields of ports that swarmtui does not know.
    """
    endpoint = _endpoint(spec)
    now = _raw_ports(endpoint)
    known = list(_raw_ports(_endpoint(image))) if image is not None else []
    restored = [_restored(port, known) for port in ports]
    if [_port(raw) for raw in now] != [port for port in ports if port.mode == "host"]:
        restored = [*now, *(raw for raw in restored if _port(raw).mode == "ingress")]
    return _with_ports(spec, endpoint, restored)


def asked_wires(spec: msgspec.Raw) -> tuple[Wire, ...]:
    """Return the networks that a raw service specification names, in order, as it names them."""
    return tuple(map(_wire, _raw_wires(spec)))


def asked_mode(spec: msgspec.Raw) -> str:
    """Return the endpoint mode that a raw service specification asks for."""
    found = _endpoint(spec).get("Mode")
    return (msgspec.json.decode(found, type=str | None) or "vip") if found is not None else "vip"


def with_wires(
    spec: msgspec.Raw, wires: tuple[Wire, ...], image: msgspec.Raw | None
) -> msgspec.Raw:
    """Return a service specification that names these networks.

    Args:
        spec: The specification as it is now.
        wires: All networks, by id.
        image: The specification of before, for fields of networks that swarmtui does not know.
    """
    known = [*_raw_wires(spec), *(_raw_wires(image) if image is not None else ())]
    kept = {wire.network for wire in wires}
    spare = [raw for raw in known if _wire(raw).network not in kept]
    entries = [_rewired(wire, known, spare) for wire in wires]
    fields = _OBJECT.decode(spec)
    # Networks beside the template are the form of before 1.13; an update has to move them (B.2).
    fields.pop("Networks", None)
    template = _OBJECT.decode(fields["TaskTemplate"])
    template.pop("Networks", None)
    if entries:
        template["Networks"] = _raw(entries)
    return _raw({**fields, "TaskTemplate": _raw(template)})


def with_endpoint(
    spec: msgspec.Raw, mode: str, ports: tuple[Port, ...], image: msgspec.Raw | None
) -> msgspec.Raw:
    """Return a service specification with this endpoint mode and these ports.

    Args:
        spec: The specification as it is now.
        mode: `vip` or `dnsrr`.
        ports: All ports.
        image: The specification of before, for fields of ports that swarmtui does not know.
    """
    endpoint = _endpoint(spec)
    known = list(_raw_ports(endpoint))
    known += _raw_ports(_endpoint(image)) if image is not None else []
    if mode != asked_mode(spec):
        endpoint["Mode"] = _raw(mode)
    # One that is published in another way from now on keeps what swarmtui does not know of it.
    spare = [raw for raw in _raw_ports(endpoint) if _port(raw) not in ports]
    return _with_ports(spec, endpoint, [_republished(port, known, spare) for port in ports])


def with_label(spec: msgspec.Raw, name: str) -> msgspec.Raw:
    """Return a specification with one more label."""
    fields = _OBJECT.decode(spec)
    return _raw({**fields, "Labels": _raw({**_labels(fields), name: ""})})


def without_label(spec: msgspec.Raw, name: str) -> msgspec.Raw:
    """Return a specification without a label; without it already, just as it is."""
    fields = _OBJECT.decode(spec)
    labels = _labels(fields)
    if name not in labels:
        return spec
    del labels[name]
    return _raw({**fields, "Labels": _raw(labels)})


def _raw_wires(spec: msgspec.Raw) -> list[msgspec.Raw]:
    fields = _OBJECT.decode(spec)
    template = _OBJECT.decode(fields["TaskTemplate"]) if "TaskTemplate" in fields else {}
    for place in (template, fields):
        found: list[msgspec.Raw] = _LIST.decode(place.get("Networks", _NOTHING)) or []
        if found:
            return found
    return []


def _wire(raw: msgspec.Raw) -> Wire:
    shape = _WIRE.decode(raw)
    options = shape.driver_opts or {}
    return Wire(shape.target or "", tuple(shape.aliases or ()), tuple(options.items()))


def _rewired(wire: Wire, known: list[msgspec.Raw], spare: list[msgspec.Raw]) -> msgspec.Raw:
    for raw in known:
        if _wire(raw) == wire:
            return raw
    for raw in spare:
        old = _wire(raw)
        if (old.aliases, old.driver_options) == (wire.aliases, wire.driver_options):
            return _raw({**_OBJECT.decode(raw), "Target": _raw(wire.network)})
    return _raw(
        {
            "Target": wire.network,
            **({"Aliases": list(wire.aliases)} if wire.aliases else {}),
            **({"DriverOpts": dict(wire.driver_options)} if wire.driver_options else {}),
        }
    )


def _labels(fields: RawObject) -> dict[str, str]:
    found = fields.get("Labels")
    return (msgspec.json.decode(found, type=dict[str, str] | None) or {}) if found else {}


def _republished(port: Port, known: list[msgspec.Raw], spare: list[msgspec.Raw]) -> msgspec.Raw:
    if not any(_port(raw) == port for raw in known):
        for raw in spare:
            old = _port(raw)
            if (old.protocol, old.target) == (port.protocol, port.target):
                spare.remove(raw)
                fields = {**_OBJECT.decode(raw), "PublishMode": _raw(port.mode)}
                fields.pop("PublishedPort", None)
                if port.published:
                    fields["PublishedPort"] = _raw(port.published)
                return _raw(fields)
    return _restored(port, known)


def _restored(port: Port, known: list[msgspec.Raw]) -> msgspec.Raw:
    for sought in (port, msgspec.structs.replace(port, published=0)):
        for raw in known:
            if _port(raw) != sought:
                continue
            known.remove(raw)
            if sought == port:
                return raw
            fields = _OBJECT.decode(raw)
            return _raw({**fields, "PublishedPort": _raw(port.published)})
    return _raw(
        {
            "Protocol": port.protocol,
            "TargetPort": port.target,
            **({"PublishedPort": port.published} if port.published else {}),
            "PublishMode": port.mode,
        }
    )


def _with_ports(spec: msgspec.Raw, endpoint: RawObject, ports: list[msgspec.Raw]) -> msgspec.Raw:
    edited = {key: value for key, value in endpoint.items() if key != "Ports"}
    if ports:
        edited["Ports"] = _raw(ports)
    return _raw({**_OBJECT.decode(spec), "EndpointSpec": _raw(edited)})


def _endpoint(spec: msgspec.Raw) -> RawObject:
    found = _OBJECT.decode(spec).get("EndpointSpec")
    return (msgspec.json.decode(found, type=RawObject | None) or {}) if found is not None else {}


def _raw_ports(endpoint: RawObject) -> list[msgspec.Raw]:
    found = endpoint.get("Ports")
    return (_LIST.decode(found) or []) if found is not None else []


def _port(raw: msgspec.Raw) -> Port:
    shape = _PORT.decode(raw)
    return Port(
        shape.protocol or "tcp",
        shape.target_port or 0,
        shape.published_port or 0,
        shape.publish_mode or "ingress",
    )


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(_ENCODER.encode(value))
