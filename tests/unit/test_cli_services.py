"""The words of the command line about services, with real runners on an embedded engine."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.demo.asking import ask
from tests.unit.test_cli_changes import Shell, engine, shell

__all__ = ["engine", "shell"]


def service(shell: Shell, name: str) -> Any:
    with shell.engine.changing() as swarm:
        return ask(swarm, f"/services/{name}")


def ports(shell: Shell, name: str) -> list[tuple[str, int, int, str]]:
    keys = ("Protocol", "TargetPort", "PublishedPort", "PublishMode")
    found = service(shell, name)["Spec"]["EndpointSpec"].get("Ports", ())
    return [tuple(each.get(key, 0) for key in keys) for each in found]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("attach", "plain", "app", "--alias", "shop"), "--network-add name=app,alias=shop plain"),
        (("detach", "onapp", "app"), "docker service update --network-rm app onapp"),
        (("mode", "web", "dnsrr", "--ports", "close"), "--endpoint-mode dnsrr --publish-rm"),
        (("publish", "plain", "host:99:99/udp"), "published=99,target=99,protocol=udp,mode=host"),
        (("unpublish", "mixed", "90"), "--publish-rm target=90,protocol=tcp,mode=ingress"),
    ],
)
def test_what_is_only_shown_changes_nothing(
    words: tuple[str, ...], told: str, shell: Shell
) -> None:
    assert shell.run("service", *words, "--dry-run") == 0
    assert told in " ".join(shell.out.split())
    assert shell.run("service", *words, "--script") == 0
    assert shell.out.startswith("#!/usr/bin/env bash")
    assert shell.operations() == []
    assert shell.writes == []


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("attach", "nobody", "app"), 1, "There is no service nobody"),
        (("attach", "plain", "nope"), 1, "There is no swarm network nope."),
        (("attach", "plain", "ingress"), 1, "ingress is the ingress"),
        (("attach", "web", "app"), 0, "It is like this already"),
        (("attach", "web", "app", "--alias", "w"), 1, "web would be on the same network twice."),
        (("detach", "plain", "app"), 0, "It is like this already"),
        (("mode", "web", "vip"), 0, "It is like this already"),
        (("mode", "web", "dnsrr"), 1, "nothing can be published through the ingress"),
        (("publish", "plain", "http"), 1, "http is no port"),
        (("publish", "plain", "8080:80"), 1, "web publishes 8080/tcp through the ingress already."),
        (("publish", "mixed", "host:9000:1"), 1, "9000/tcp would be published twice."),
        (("unpublish", "web", "81"), 1, "web does not publish 81/tcp; it publishes: 8080:80/tcp."),
    ],
)
def test_what_is_refused(words: tuple[str, ...], status: int, told: str, shell: Shell) -> None:
    assert shell.run("service", *words, "--yes") == status
    assert told in " ".join((shell.out + shell.err).split())
    assert shell.operations() == []
    assert shell.writes == []


def test_a_mode_is_vip_or_dnsrr(shell: Shell) -> None:
    with pytest.raises(SystemExit):
        shell.run("service", "mode", "web", "roundrobin")


def test_a_service_is_attached_and_detached(shell: Shell) -> None:
    words = ("attach", "plain", "app", "--alias", "shop", "--alias", "www")
    assert shell.run("service", *words, "--yes") == 0
    assert shell.out.endswith("Done.\n")
    (wire,) = service(shell, "plain")["Spec"]["TaskTemplate"]["Networks"]
    assert wire["Aliases"] == ["shop", "www"]
    assert shell.run("service", "detach", "plain", "app", "--yes") == 0
    assert not service(shell, "plain")["Spec"]["TaskTemplate"].get("Networks")
    assert [each["title"] for each in shell.operations()] == [
        "Attach plain to app",
        "Detach plain from app",
    ]


def test_endpoint_mode_and_ports(shell: Shell) -> None:
    assert shell.run("service", "mode", "web", "dnsrr", "--ports", "host", "--yes") == 0
    assert service(shell, "web")["Spec"]["EndpointSpec"]["Mode"] == "dnsrr"
    assert ports(shell, "web") == [("tcp", 80, 8080, "host")]
    assert shell.run("service", "publish", "web", "host:81:81/udp", "--yes") == 0
    assert shell.run("service", "unpublish", "web", "host:80", "--yes") == 0
    assert ports(shell, "web") == [("udp", 81, 81, "host")]
    assert shell.run("service", "unpublish", "web", "host:81/udp", "--yes", "--json") == 0
    assert json.loads(shell.out)
    assert ports(shell, "web") == []
