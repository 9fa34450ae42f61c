"""The word of the command line that tells what nodes have to let in from one another."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import EXIT_DONE, print_styled, read_swarm

if TYPE_CHECKING:
    from swarmtui.settings import Settings

EXIT_USAGE = 2
EXIT_CANNOT_READ = 3
_TOOLS = ("ufw", "firewalld", "nftables", "iptables")


def add_firewall(words: Any) -> None:
    """Add the word `firewall` to the command line's parser."""
    firewall = words.add_parser(
        "firewall", help="the ports that nodes need between them, and firewall lines for them"
    )
    firewall.add_argument("--tool", choices=_TOOLS, help="print the lines for this tool")
    firewall.add_argument("--node", metavar="NAME", default="", help="of this node only")
    firewall.add_argument("--json", action="store_true", help="print JSON, lines for all tools")


def firewall_word(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is to be let in, and return the exit status: 0 done, 2 no such node, 3 cannot."""
    import json

    from swarmtui.findings import Tool
    from swarmtui.render import (
        OPENING_COLUMNS,
        firewall_document,
        firewall_script,
        opening_rows,
        plain_table,
    )

    snapshot = read_swarm(settings)
    names = [node.hostname for node in snapshot.nodes]
    if not names:
        print("swarmtui: only a manager knows the nodes of the swarm", file=sys.stderr)
        return EXIT_CANNOT_READ
    if options.node and options.node not in names:
        known = ", ".join(sorted(names))
        print(f"swarmtui: there is no node {options.node}. Nodes: {known}", file=sys.stderr)
        return EXIT_USAGE
    if options.json:
        document = firewall_document(snapshot, options.node)
        print(json.dumps(document, indent=2, ensure_ascii=False))
    elif options.tool:
        print(firewall_script(snapshot, Tool(options.tool), options.node))
    else:
        rows = [
            row for row in opening_rows(snapshot, {}) if options.node in ("", str(row.cells[0]))
        ]
        columns = tuple(each for each in OPENING_COLUMNS if each.key not in ("answer", "since"))
        print_styled(plain_table("Between the nodes", columns, rows), settings)
        print(f"Lines for a firewall: swarmtui firewall --tool {'|'.join(_TOOLS)}")
    return EXIT_DONE
