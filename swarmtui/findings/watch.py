"""Which findings have lasted long enough to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from swarmtui.findings.finding import Finding

GAP_SECONDS = 5.0
"""A trouble that has to last may be away for so long without counting as over."""


@dataclass(slots=True)
class _Seen:
    finding: Finding
    first: datetime
    last: datetime


class Watch:
    """Remembers since when each finding has been seen."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self.unproven: tuple[Finding, ...] = ()
        """What was seen last and has not lasted long enough yet."""

    def observe(self, findings: Iterable[Finding], at: datetime) -> tuple[Finding, ...]:
        """Return the findings that have lasted as long as their rules say.

        One that has to last stays for `GAP_SECONDS` after it was last seen, so that it does not
        flicker; any other goes with its evidence.

        Args:
            findings: Everything that is wrong now.
            at: The time of the snapshot, in which they were found.
        """
        for finding in findings:
            seen = self._seen.get(finding.key)
            first = seen.first if seen is not None else at
            since = finding.trouble.since
            self._seen[finding.key] = _Seen(finding, min(first, since) if since else first, at)
        self._seen = {key: seen for key, seen in self._seen.items() if not _is_over(seen, at)}
        told = [seen for seen in self._seen.values() if _has_lasted(seen, at)]
        lasted = {id(seen) for seen in told}
        self.unproven = tuple(
            seen.finding for seen in self._seen.values() if id(seen) not in lasted
        )
        return tuple(sorted((seen.finding for seen in told), key=order))


def order(finding: Finding) -> tuple[int, str, str, str]:
    """Return what findings are sorted by: the worst first."""
    return finding.severity.rank, finding.code, finding.subject.name, finding.subject.id


def _is_over(seen: _Seen, at: datetime) -> bool:
    gap = timedelta(seconds=GAP_SECONDS if seen.finding.rule.lasts_seconds else 0.0)
    return at - seen.last > gap


def _has_lasted(seen: _Seen, at: datetime) -> bool:
    return at - seen.first >= timedelta(seconds=seen.finding.rule.lasts_seconds)
