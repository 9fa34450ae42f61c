"""The word of the command line that tells what is wrong, for people and for scripts."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from swarmtui.cli_operations import EXIT_DONE, print_styled

if TYPE_CHECKING:
    from collections.abc import Generator

    from swarmtui.findings import Finding
    from swarmtui.model import Snapshot
    from swarmtui.settings import Settings

EXIT_FOUND = 1
EXIT_CANNOT_READ = 3
PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 1.0
_LEVELS = ("critical", "warning", "info")


def add_check(words: Any) -> None:
    """Add the word `check` to the command line's parser."""
    check = words.add_parser("check", help="tell once what is wrong, and exit 1 where something is")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.add_argument(
        "--fail-on",
        choices=_LEVELS,
        default="warning",
        help="the least severity that makes the exit status 1 (default: warning)",
    )
    check.add_argument(
        "--skip", metavar="CODE", action="append", default=[], help="leave out a code; repeatable"
    )
    check.add_argument(
        "--patience",
        metavar="SECONDS",
        type=float,
        default=PATIENCE_SECONDS,
        help="read again for so long where something is wrong that may pass (default: 10)",
    )
    check.add_argument("--rules", action="store_true", help="list every code, and read no engine")


def check_word(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is wrong and return the exit status: 0 nothing, 1 something, 3 cannot tell."""
    from swarmtui.findings import RULES, Severity
    from swarmtui.render import finding_lines, findings_json, rules_markdown

    if options.rules:
        print(rules_markdown(), end="")
        return EXIT_DONE
    unknown = sorted({*options.skip} - {rule.code for rule in RULES})
    if unknown:
        print(f"swarmtui: no rule has the code {', '.join(unknown)}.", file=sys.stderr)
        print("All codes: swarmtui check --rules", file=sys.stderr)
        return 2
    snapshot, findings = _lasting(settings, max(options.patience, 0.0))
    reasons = blindness(snapshot)
    if reasons:
        print("swarmtui: cannot tell what is wrong with the swarm", file=sys.stderr)
        print("\n".join(reasons), file=sys.stderr)
    found = tuple(each for each in findings if each.code not in options.skip)
    if options.json:
        print(findings_json(found, snapshot.taken_at))
    elif found:
        print_styled(finding_lines(found), settings)
    elif not reasons:
        print("Nothing is wrong as far as can be seen from here.")
    if reasons:
        return EXIT_CANNOT_READ
    level = Severity(options.fail_on).rank
    return EXIT_FOUND if any(each.severity.rank <= level for each in found) else EXIT_DONE


def _lasting(settings: Settings, patience: float) -> tuple[Snapshot, tuple[Finding, ...]]:
    """Read until whatever is wrong has lasted; at once where nothing is."""
    import time

    from swarmtui.findings import Examiner

    examiner = Examiner(settings.lan_ranges, longest_seconds=patience)
    readings = _readings(settings)
    started = time.monotonic()
    snapshot = next(readings)
    findings = examiner.examine(snapshot)
    while examiner.unproven and time.monotonic() - started < patience + 2 * _PAUSE_SECONDS:
        time.sleep(_PAUSE_SECONDS)
        snapshot = next(readings)
        findings = examiner.examine(snapshot)
    readings.close()
    return snapshot, findings


def _readings(settings: Settings) -> Generator[Snapshot, None, None]:
    import os

    from swarmtui.engine import Session, resolve_endpoint

    endpoint = resolve_endpoint(settings.host, settings.context, os.environ)
    session = Session(endpoint, timeout_seconds=settings.timeout_seconds)
    try:
        previous = None
        while True:
            previous = session.reader.read(previous, every_network=True)
            yield previous
    finally:
        session.close()


def blindness(snapshot: Snapshot) -> list[str]:
    """Return why the whole swarm could not be looked at; nothing where it could."""
    from swarmtui.findings import Sight
    from swarmtui.render import standing_notice

    if Sight(snapshot).is_whole:
        return []
    notice = standing_notice(snapshot)
    parts = (notice.title, notice.explanation, notice.hint) if notice is not None else ()
    return [
        *filter(None, parts),
        *(f"{each.part}: {each.text}" for each in snapshot.problems if not each.subject),
    ]
