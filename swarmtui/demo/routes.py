"""Which function answers which call of the Engine API."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from swarmtui.demo import config_calls, network_reading, reading, writing
from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.release import Release, api_number
from swarmtui.demo.view import NodeView

_Route = tuple[str, re.Pattern[str], Callable[..., Answer]]

_VERSIONED = re.compile(r"/v([0-9]+\.[0-9]+)(/.*)")


def _route(method: str, path: str, answer: Callable[..., Answer]) -> _Route:
    pattern = re.escape(path).replace(r"\{\}", "([^/]+)")
    return method, re.compile(pattern), answer


_ROUTES = (
    _route("GET", "/version", reading.read_version),
    _route("GET", "/info", reading.read_info),
    _route("GET", "/swarm", reading.read_swarm),
    _route("GET", "/nodes", reading.list_nodes),
    _route("GET", "/nodes/{}", reading.inspect_node),
    _route("POST", "/nodes/{}/update", writing.post_node_update),
    _route("GET", "/networks", network_reading.list_networks),
    _route("POST", "/networks/create", writing.post_network),
    _route("GET", "/networks/{}", network_reading.inspect_network),
    _route("DELETE", "/networks/{}", writing.delete_network),
    _route("GET", "/services", reading.list_services),
    _route("POST", "/services/create", writing.post_service),
    _route("GET", "/services/{}", reading.inspect_service),
    _route("DELETE", "/services/{}", writing.delete_service),
    _route("POST", "/services/{}/update", writing.post_service_update),
    _route("GET", "/tasks", reading.list_tasks),
    _route("GET", "/tasks/{}", reading.inspect_task),
    _route("GET", "/configs", config_calls.list_configs),
    _route("POST", "/configs/create", config_calls.post_config),
    _route("GET", "/configs/{}", config_calls.inspect_config),
    _route("DELETE", "/configs/{}", config_calls.delete_config),
    _route("POST", "/configs/{}/update", config_calls.post_config_update),
    _route("GET", "/containers/json", reading.list_containers),
    _route("POST", "/containers/create", writing.post_container),
    _route("GET", "/containers/{}/json", reading.inspect_container),
    _route("POST", "/containers/{}/start", writing.post_container_start),
    _route("POST", "/containers/{}/stop", writing.post_container_stop),
    _route("DELETE", "/containers/{}", writing.delete_container),
)


def with_version(call: Call, release: Release) -> Call:
    """Return a call with the API version that its path begins with, or the engine's own.

    Raises:
        Refusal: The engine does not speak that version.
    """
    match = _VERSIONED.fullmatch(call.path)
    if match is None:
        return replace(call, api=release.api)
    api, path = match.groups()
    if api_number(api) > api_number(release.api):
        raise Refusal(
            400,
            f"client version {api} is too new. Maximum supported API version is {release.api}",
        )
    if api_number(api) < api_number(release.oldest_api):
        raise Refusal(
            400,
            f"client version {api} is too old. Minimum supported API version is "
            f"{release.oldest_api}, please upgrade your client to a newer version",
        )
    return replace(call, path=path, api=api)


def answer(view: NodeView, call: Call) -> Answer:
    """Answer a call.

    Raises:
        Refusal: In the engine's words.
    """
    for method, pattern, function in _ROUTES:
        match = pattern.fullmatch(call.path)
        if match is not None and method == call.method:
            try:
                return function(view, call, *match.groups())
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                if method != "POST":
                    raise
                raise Refusal(400, f"invalid JSON: {error!r}") from error
    raise Refusal(404, "page not found")
