"""The word of the command line that tells why one end does not reach another."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from swarmtui.cli_check import EXIT_CANNOT_READ, EXIT_FOUND, blindness
from swarmtui.cli_operations import EXIT_DONE, print_styled, read_swarm

if TYPE_CHECKING:
    from swarmtui.settings import Settings

EXIT_USAGE = 2


def add_path(words: Any) -> None:
    """Add the word `path` to the command line's parser."""
    path = words.add_parser("path", help="why can't A reach B, and exit 1 where it breaks")
    path.add_argument(
        "a",
        metavar="A",
        help="a service, task (web.1) or container, by name or id; or outside:PORT[/udp]",
    )
    path.add_argument("b", metavar="B", help="a service, task or container")
    path.add_argument("--json", action="store_true", help="print JSON")


def path_word(options: argparse.Namespace, settings: Settings) -> int:
    """Print a path and return the exit status.

    0 nothing is known to be broken, 1 it breaks, 2 a name is not clear, 3 cannot tell.
    """
    import json

    from swarmtui.findings import Unclear, path_between
    from swarmtui.render import path_document, path_text

    snapshot = read_swarm(settings)
    reasons = blindness(snapshot)
    if reasons:
        print("swarmtui: cannot tell what lies between them", file=sys.stderr)
        print("\n".join(reasons), file=sys.stderr)
        return EXIT_CANNOT_READ
    found = path_between(snapshot, options.a, options.b)
    if isinstance(found, Unclear):
        print(f"swarmtui: {found}", file=sys.stderr)
        return EXIT_USAGE
    if options.json:
        print(json.dumps(path_document(found), indent=2, ensure_ascii=False))
    else:
        print_styled(path_text(found), settings)
    return EXIT_FOUND if found.broken else EXIT_DONE
