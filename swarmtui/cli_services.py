"""The words of the command line about services on networks, and how they are reached."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import complain, read_swarm
from swarmtui.cli_plans import add_plan_flags, carry_out, occupied_words

if TYPE_CHECKING:
    from swarmtui.model import Service, Snapshot
    from swarmtui.operations import Rearrange, Refusal
    from swarmtui.settings import Settings


def add_services(words: Any) -> None:
    """Add the word `service` to the command line."""
    service = words.add_parser("service", help="attach, detach, publish, or change endpoint modes")
    acts = service.add_subparsers(dest="act", metavar="ACT", required=True)
    attach = acts.add_parser("attach", help="put it on a network")
    detach = acts.add_parser("detach", help="take it off a network")
    mode = acts.add_parser("mode", help="change its endpoint mode")
    publish = acts.add_parser("publish", help="publish ports")
    unpublish = acts.add_parser("unpublish", help="close ports")
    for each in (attach, detach, mode, publish, unpublish):
        each.add_argument("service", metavar="SERVICE")
    for each in (attach, detach):
        each.add_argument("network", metavar="NETWORK")
    attach.add_argument("--alias", metavar="NAME", action="append", default=[])
    mode.add_argument("mode", choices=("vip", "dnsrr"))
    mode.add_argument(
        "--ports",
        choices=("host", "close"),
        help="what becomes of ports through the ingress, which dnsrr cannot have",
    )
    port_form = "[mode:][published:]target[/protocol], such as 8080:80 or host:53:53/udp"
    for each in (publish, unpublish):
        each.add_argument("port", metavar="PORT", nargs="+", help=port_form)
    for each in (attach, detach, mode, publish, unpublish):
        add_plan_flags(each)


def service_word(options: argparse.Namespace, settings: Settings) -> int:
    """Do what is asked, and return the exit status: 0 done, 1 refused, 2 stopped part-way."""
    from swarmtui.operations import Refusal, plan_operation

    snapshot = read_swarm(settings)
    if (occupied := occupied_words(options, snapshot, settings)) is not None:
        return occupied
    service = next((each for each in snapshot.services if each.name == options.service), None)
    if service is None:
        return complain(f"There is no service {options.service}", "See: swarmtui snapshot")
    intent = _intent(options, snapshot, service)
    if isinstance(intent, Refusal):
        return carry_out(intent, options, snapshot, settings)
    return carry_out(plan_operation(snapshot, intent), options, snapshot, settings)


def _intent(
    options: argparse.Namespace, snapshot: Snapshot, service: Service
) -> Rearrange | Refusal:
    from swarmtui.operations import (
        attaching,
        detaching,
        mode_change,
        publishing,
        unpublishing,
    )

    match options.act:
        case "attach":
            return attaching(snapshot, service, options.network, options.alias)
        case "detach":
            return detaching(snapshot, service, options.network)
        case "mode":
            return mode_change(snapshot, service, options.mode, options.ports)
        case "publish":
            return publishing(snapshot, service, options.port)
        case _:
            return unpublishing(snapshot, service, options.port)
