"""Creating, changing and removing configs, refused as the engine refuses it."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from swarmtui.demo.records import Config, Json
from swarmtui.demo.refusals import Refusal, rpc
from swarmtui.demo.world import World

_SIZE_LIMIT = 1000 * 1024
_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_NAME = re.compile(r"[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?")


def create_config(world: World, request: Json) -> str:
    """Create a config and return its id.

    Raises:
        Refusal: The engine would not take it.
    """
    name = str(request.get("Name") or "")
    content = _content(request)
    if not name:
        raise rpc("InvalidArgument", "name must be provided")
    if len(name) > 64 or not _NAME.fullmatch(name):
        raise rpc(
            "InvalidArgument",
            "invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end "
            "character must be [a-zA-Z0-9]",
        )
    if not 0 < len(content) < _SIZE_LIMIT:
        raise rpc(
            "InvalidArgument",
            f"config data must be larger than 0 and less than {_SIZE_LIMIT} bytes",
        )
    if any(each.name == name for each in world.configs.values()):
        raise rpc("AlreadyExists", f"config {name} already exists")
    spec = {"Name": name, "Labels": _labels(request), "Data": b64encode(content).decode()}
    config = Config(world.new_id(), spec=spec)
    world.configs[config.id] = config
    world.touch(config)
    _told(world, config, "create")
    return config.id


def update_config(world: World, config: Config, version: int, spec: Json) -> None:
    """Give a config other labels.

    Raises:
        Refusal: More is to change; 500 when `version` is not the config's.
    """
    content = _content(spec)
    if spec.get("Name") != config.name or (content and content != _content(config.spec)):
        raise rpc("InvalidArgument", "only updates to Labels are allowed")
    if version != config.index:
        raise rpc("Unknown", "update out of sequence")
    config.spec = {**config.spec, "Labels": _labels(spec)}
    world.touch(config)
    _told(world, config, "update")


def remove_config(world: World, config: Config) -> None:
    """Remove a config.

    Raises:
        Refusal: Services use it.
    """
    users = [
        service.name
        for service in world.services.values()
        for each in service.spec["TaskTemplate"]["ContainerSpec"].get("Configs") or ()
        if each.get("ConfigID") == config.id
    ]
    if users:
        services = "service" if len(users) == 1 else "services"
        raise rpc(
            "InvalidArgument",
            f"config '{config.name}' is in use by the following {services}: {', '.join(users)}",
        )
    del world.configs[config.id]
    _told(world, config, "remove")


def _content(request: Json) -> bytes:
    data = request.get("Data") or ""
    try:
        return b64decode(data, validate=True)
    except ValueError:
        valid = len(data) - len(_BASE64.sub("", data, count=1))
        raise Refusal(400, f"illegal base64 data at input byte {valid}") from None


def _labels(request: Json) -> dict[str, str]:
    return {str(key): str(value) for key, value in (request.get("Labels") or {}).items()}


def _told(world: World, config: Config, action: str) -> None:
    world.events.tell(world.elapsed, "config", action, config.id, {"name": config.name})
