"""Commands on services: which networks they are on, and how they are reached."""

from swarmtui.commands.command import Command, Target


class ShowServices(Command):
    """Show the services on the network; there + attaches one, and - detaches one."""

    KEY = "v"
    TITLE = "Services of the network"
    GROUP = "Look closer"
    FOOTER = "Services"
    HIDES = True

    def run(self, target: Target) -> None:
        target.show_services()

    def is_available(self, target: Target) -> bool:
        return target.leads_to_services


class Attach(Command):
    """Attach the service to a network, or a service to the network whose services these are."""

    KEY = "plus"
    SHOWN_KEY = "+"
    TITLE = "Attach a service to a network"
    GROUP = "Change"
    FOOTER = "Attach"
    HIDES = True

    def run(self, target: Target) -> None:
        target.attach()

    def is_available(self, target: Target) -> bool:
        return target.can_attach


class Detach(Command):
    """On a service that is on a network: detach it from that network."""

    KEY = "minus"
    SHOWN_KEY = "-"
    TITLE = "Detach the service from a network"
    GROUP = "Change"
    FOOTER = "Detach"
    HIDES = True

    def run(self, target: Target) -> None:
        target.detach()

    def is_available(self, target: Target) -> bool:
        return target.can_detach


class Reach(Command):
    """Change the service's endpoint mode (vip, dnsrr) and the ports that it publishes."""

    KEY = "p"
    TITLE = "Endpoint mode and ports of the service"
    GROUP = "Change"
    FOOTER = "Ports"
    HIDES = True

    def run(self, target: Target) -> None:
        target.reach()

    def is_available(self, target: Target) -> bool:
        return target.has_service
