"""Lines for firewalls that open on a node what the swarm needs there, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

from swarmtui.findings.firewall import Opening


class Tool(StrEnum):
    """What a firewall is set up with."""

    UFW = "ufw"
    FIREWALLD = "firewalld"
    NFTABLES = "nftables"
    IPTABLES = "iptables"


TOOL_NOTES: Mapping[Tool, str] = {
    Tool.UFW: "Kept by ufw itself.",
    Tool.FIREWALLD: "After the reload see that ports still answer: engines before 28 lose their "
    "own rules then, and get them back when docker is restarted.",
    Tool.NFTABLES: "inet filter input is the chain of the usual /etc/nftables.conf: put your own "
    "if it has another name, and add the rules to the file to keep them.",
    Tool.IPTABLES: "Gone after a restart unless saved, as by netfilter-persistent save.",
}
"""What a person should know of the lines."""


def firewall_lines(found: Iterable[Opening], tool: Tool) -> tuple[str, ...]:
    """Return the commands for one node; each allows the other nodes and drops nobody.

    Args:
        found: The node's openings.
        tool: What they are for.
    """
    lines = [line for opening in found if opening.sources for line in _LINES[tool](opening)]
    if lines and tool is Tool.FIREWALLD:
        lines.append("firewall-cmd --reload")
    return tuple(lines)


def _families(opening: Opening) -> Iterator[tuple[bool, list[str]]]:
    """Yield the sources of IPv4, then those of IPv6, where there are any."""
    for is_six in (False, True):
        sources = [each for each in opening.sources if (":" in each) is is_six]
        if sources:
            yield is_six, sources


def _ufw(opening: Opening) -> Iterator[str]:
    port = f" to any port {opening.port}" if opening.port else ""
    for source in opening.sources:
        yield f"ufw allow proto {opening.protocol} from {source}{port}"


def _firewalld(opening: Opening) -> Iterator[str]:
    what = f'protocol value="{opening.protocol}"'
    if opening.port:
        what = f'port port="{opening.port}" protocol="{opening.protocol}"'
    for is_six, sources in _families(opening):
        family = "ipv6" if is_six else "ipv4"
        for source in sources:
            rule = f'rule family="{family}" source address="{source}" {what} accept'
            yield f"firewall-cmd --permanent --add-rich-rule='{rule}'"


def _nftables(opening: Opening) -> Iterator[str]:
    what = f"{opening.protocol} dport {opening.port}" if opening.port else "meta l4proto esp"
    for is_six, sources in _families(opening):
        family = "ip6" if is_six else "ip"
        match = f"{family} saddr {{ {', '.join(sources)} }} {what}"
        yield f"nft 'insert rule inet filter input {match} accept'"


def _iptables(opening: Opening) -> Iterator[str]:
    port = f" --dport {opening.port}" if opening.port else ""
    for is_six, sources in _families(opening):
        command = "ip6tables" if is_six else "iptables"
        match = f"-p {opening.protocol} -s {','.join(sources)}{port}"
        yield f"{command} -I INPUT {match} -j ACCEPT"


_LINES: Mapping[Tool, Callable[[Opening], Iterator[str]]] = {
    Tool.UFW: _ufw,
    Tool.FIREWALLD: _firewalld,
    Tool.NFTABLES: _nftables,
    Tool.IPTABLES: _iptables,
}
