"""The command line: what was asked for, and nothing loaded that is not needed for it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from swarmtui import __version__
from swarmtui.ascii import print_ascii, prints_utf8
from swarmtui.cli_bridge import add_bridge, bridge_word
from swarmtui.cli_changes import CHANGING_WORDS, add_words, run_word
from swarmtui.cli_check import add_check, check_word
from swarmtui.cli_firewall import add_firewall, firewall_word
from swarmtui.cli_path import add_path, path_word
from swarmtui.cli_pools import add_plan, plan_word
from swarmtui.errors import SwarmtuiError

if TYPE_CHECKING:
    from pathlib import Path

    from swarmtui.demo import Swarm
    from swarmtui.findings import Finding
    from swarmtui.model import Snapshot
    from swarmtui.settings import Settings
    from swarmtui.trials import Tester

EXIT_DONE = 0
EXIT_USAGE = 2
EXIT_CANNOT_READ = 3
PIPE_WIDTH = 160
_FLAGS = (
    *("host", "context", "read_only", "interval_seconds", "timeout_seconds", "theme", "ascii"),
)
_EXACT = ("json", "script", "tool", "rules")
"""Options that print for programs, which take UTF-8."""
_WITHOUT_CURSOR = ("", "dumb", "unknown")
"""Kinds of terminals that cannot put text anywhere but at the end."""
_LOOKING = {
    "bridge": bridge_word,
    "check": check_word,
    "firewall": firewall_word,
    "path": path_word,
    "plan": plan_word,
}

_DESCRIPTION = """\
Explore the overlay networks of a Docker Swarm: which node carries which network, who holds every
address, how full networks and address pools are. Reading never changes anything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 2 wrong usage, 3 engine unreadable."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except SwarmtuiError as error:
        print(f"swarmtui: {error}", file=sys.stderr)
        return EXIT_CANNOT_READ if options.word != "engine" else EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output left; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="swarmtui", description=_DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"swarmtui {__version__}")
    parser.add_argument(
        "-H", "--host", metavar="URL", help="engine to read: unix://, tcp:// or ssh://"
    )
    parser.add_argument("-c", "--context", metavar="NAME", help="docker context to read")
    parser.add_argument(
        "--read-only",
        action="store_true",
        default=None,
        help="never offer a change (the explorer itself cannot write in any case)",
    )
    parser.add_argument("--demo", action="store_true", help="read a simulated swarm")
    parser.add_argument(
        "--interval", metavar="SECONDS", dest="interval_seconds", help="time between two readings"
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        dest="timeout_seconds",
        help="longest wait for one answer of the engine",
    )
    parser.add_argument("--theme", metavar="NAME", help="colours: dark, light or terminal")
    parser.add_argument(
        "--ascii",
        action="store_true",
        default=None,
        help="only ASCII on screen and in what is printed, as where the locale is not UTF-8",
    )
    words = parser.add_subparsers(dest="word", metavar="WORD", title="words")
    words.add_parser("explore", help="explore live in the terminal (the default)")
    snapshot = words.add_parser("snapshot", help="print what is there once")
    snapshot.add_argument("--json", action="store_true", help="as one JSON document")
    engine = words.add_parser("engine", help="serve a simulated swarm as a docker engine")
    engine.add_argument("--socket", metavar="PATH", required=True)
    engine.add_argument("--seed", metavar="NUMBER", type=int, default=1)
    add_check(words)
    add_path(words)
    add_firewall(words)
    add_words(words)
    add_bridge(words)
    add_plan(words)
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.word == "engine":
        return _serve(options.socket, options.seed)
    from swarmtui.locations import settings_file
    from swarmtui.settings import load_settings

    flags = {name: getattr(options, name) for name in _FLAGS}
    settings = load_settings(flags, os.environ, settings_file(os.environ))
    if settings.ascii or not prints_utf8(sys.stdout):
        print_ascii(exact=any(getattr(options, name, None) for name in _EXACT))
    swarm = _simulated() if options.demo else None
    with _demo(settings, swarm) if swarm is not None else _no_demo(settings) as told:
        if options.word in _LOOKING:
            return _LOOKING[options.word](options, told)
        if options.word in CHANGING_WORDS:
            return run_word(options, told)
        if options.word == "snapshot":
            return _print_snapshot(told, as_json=options.json)
        if unfit := _unfit_terminal():
            print(f"swarmtui: {unfit}, so this is one snapshot.", file=sys.stderr)
            return _print_snapshot(told, as_json=False)
        return _explore(told, swarm)


def _unfit_terminal() -> str:
    """Say why the explorer cannot show itself here; empty where it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "no terminal here"
    if os.environ.get("TERM", "") in _WITHOUT_CURSOR:
        return f"a terminal with TERM={os.environ.get('TERM', '')} cannot show the explorer"
    return ""


def _simulated() -> Swarm:
    from swarmtui.demo import demo_swarm

    return demo_swarm()


@contextmanager
def _demo(settings: Settings, swarm: Swarm) -> Iterator[Settings]:
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    from swarmtui.cli_operations import desk_of

    with tempfile.TemporaryDirectory(prefix="swarmtui-demo-") as folder:
        socket = Path(folder) / "docker.sock"
        told = replace(
            settings,
            host=f"unix://{socket}",
            context=None,
            journals=Path(folder) / "operations",
            acknowledged=Path(folder) / "acknowledged",
        )
        with _serving(swarm, socket):
            yield told
            # What still runs has nothing left to run on.
            desk = desk_of(told)
            for operation in desk.operations():
                desk.stop(operation)


@contextmanager
def _serving(swarm: Swarm, socket: Path) -> Iterator[None]:
    from swarmtui.demo import DemoEngine

    engine = DemoEngine(swarm, socket)
    try:
        engine.start()
    except OSError as error:
        title = f"Cannot serve at {socket}"
        raise SwarmtuiError(title, f"{error.strerror or error}.", "Name another path.") from error
    try:
        yield
    finally:
        engine.stop()


@contextmanager
def _no_demo(settings: Settings) -> Iterator[Settings]:
    yield settings


def _serve(path: str, seed: int) -> int:
    from pathlib import Path
    from signal import SIG_BLOCK, SIGINT, SIGTERM, pthread_sigmask, sigwait

    from swarmtui.demo import demo_swarm

    socket = Path(path)
    # Blocked before the server's threads start, so that they inherit it and only sigwait wakes.
    pthread_sigmask(SIG_BLOCK, {SIGINT, SIGTERM})
    with _serving(demo_swarm(seed=seed), socket):
        print(f"Serving a simulated swarm: docker -H unix://{socket} node ls", flush=True)
        sigwait({SIGINT, SIGTERM})
    return EXIT_DONE


def _explore(settings: Settings, simulated: Swarm | None) -> int:
    from swarmtui.pauses import load, switch_often

    load()
    from swarmtui.acknowledgements import Acknowledgements
    from swarmtui.app import SwarmtuiApp
    from swarmtui.cli_operations import desk_of
    from swarmtui.engine import (
        Poller,
        longest_retry_seconds,
        resolve_endpoint,
        session_opener,
        try_doors,
    )
    from swarmtui.locations import acknowledged_folder

    switch_often()
    endpoint = resolve_endpoint(settings.host, settings.context, os.environ)
    poller = Poller(
        session_opener(endpoint, timeout_seconds=settings.timeout_seconds),
        interval_seconds=settings.interval_seconds,
        longest_retry_seconds=longest_retry_seconds(endpoint, settings.interval_seconds),
    )
    app = SwarmtuiApp(
        poller,
        settings,
        source=str(endpoint.url),
        origin=endpoint.source if simulated is None else "",
        desk=desk_of(settings),
        acknowledgements=Acknowledgements(settings.acknowledged or acknowledged_folder(os.environ)),
        tester=try_doors if simulated is None else _pretended(simulated),
    )
    app.run()
    return app.return_code or EXIT_DONE


def _pretended(swarm: Swarm) -> Tester:
    from swarmtui.demo import simulated_doors

    return simulated_doors(swarm)


def _print_snapshot(settings: Settings, *, as_json: bool) -> int:
    from swarmtui.engine import read_once, resolve_endpoint
    from swarmtui.findings import examine

    endpoint = resolve_endpoint(settings.host, settings.context, os.environ)
    snapshot = read_once(endpoint, timeout_seconds=settings.timeout_seconds)
    findings = examine(snapshot, lan_ranges=settings.lan_ranges)
    if as_json:
        from swarmtui.render import document_json

        print(document_json(snapshot, findings))
    else:
        _print_tables(snapshot, findings, color=settings.color)
    return EXIT_DONE


def _print_tables(snapshot: Snapshot, findings: tuple[Finding, ...], *, color: bool) -> None:
    from rich.console import Console

    from swarmtui.render import standing_notice, tables

    notice = standing_notice(snapshot)
    if notice is not None:
        text = "\n".join(part for part in (notice.title, notice.explanation, notice.hint) if part)
        print(f"swarmtui: {text}", file=sys.stderr)
    # Nobody reads a file or a pipe through a window, so nothing has to be cut there.
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    console = Console(no_color=not color, width=PIPE_WIDTH if piped else None)
    for table in tables(snapshot, findings):
        console.print(table)
