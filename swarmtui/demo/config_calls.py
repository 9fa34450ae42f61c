"""The calls that read and change configs."""

from __future__ import annotations

from collections.abc import Mapping

from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.configs import create_config, remove_config, update_config
from swarmtui.demo.filters import Test, has_label, matching, parse_filters
from swarmtui.demo.reading import by_id, find_record
from swarmtui.demo.records import Config, Json
from swarmtui.demo.service_shapes import meta
from swarmtui.demo.view import NodeView
from swarmtui.demo.world import World

_TESTS: Mapping[str, Test[Config]] = {
    "id": lambda config, value: config.id.startswith(value),
    "name": lambda config, value: config.name.startswith(value),
    "label": lambda config, value: has_label(config.labels, value),
}


def list_configs(view: NodeView, call: Call) -> Answer:
    """Answer `/configs`."""
    view.check_cluster()
    filters = parse_filters(call.query.get("filters", ""), _TESTS)
    found = matching(by_id(view.world.configs.values()), filters, _TESTS)
    return Answer(200, [_shape(view.world, config) for config in found])


def inspect_config(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `GET /configs/{id}`."""
    view.check_cluster()
    return Answer(200, _shape(view.world, _find(view, name)))


def post_config(view: NodeView, call: Call) -> Answer:
    """Answer `POST /configs/create`."""
    view.check_cluster()
    return Answer(201, {"ID": create_config(view.world, call.document())})


def post_config_update(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `POST /configs/{id}/update`."""
    view.check_cluster()
    spec, version = call.document(), call.version("config")
    update_config(view.world, _find(view, name), version, spec)
    return Answer(200)


def delete_config(view: NodeView, call: Call, name: str) -> Answer:
    """Answer `DELETE /configs/{id}`."""
    view.check_cluster()
    remove_config(view.world, _find(view, name))
    return Answer(204)


def _find(view: NodeView, name: str) -> Config:
    return find_record(view.world.configs.values(), name, "config", lambda config: config.name)


def _shape(world: World, config: Config) -> Json:
    return meta(world, config) | {"Spec": config.spec}
