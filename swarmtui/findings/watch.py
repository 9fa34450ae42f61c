"""Which findings have lasted long enough to be told."""

from __future__ import annotations

import math
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
    gone: datetime | None = None


class Watch:
    """Remembers since when each finding has been seen.

    Args:
        longest_seconds: Nothing has to last longer than this, whatever its rule says.
    """

    def __init__(self, longest_seconds: float = math.inf) -> None:
        self._longest = longest_seconds
        self._seen: dict[str, _Seen] = {}
        self.unproven: tuple[Finding, ...] = ()
        """What was seen last and has not lasted long enough yet."""

    def observe(self, findings: Iterable[Finding], at: datetime) -> tuple[Finding, ...]:
        """Return the findings that have lasted as long as their rules say.

        One that has to last stays for `GAP_SECONDS` after it was first missed, so that it does not
        flicker; any other goes with its evidence.

        Args:
            findings: Everything that is wrong now.
            at: The time of the snapshot, in which they were found.
        """
        found = {each.key: each for each in findings}
        for key, seen in self._seen.items():
            if key not in found and seen.gone is None:
                seen.gone = at
        self._seen = {key: seen for key, seen in self._seen.items() if not _is_over(seen, at)}
        for key, finding in found.items():
            before = self._seen.get(key)
            first = min(before.first if before is not None else at, finding.trouble.since or at)
            self._seen[key] = _Seen(finding, first)
        told = [seen for seen in self._seen.values() if self._has_lasted(seen, at)]
        self.unproven = tuple(
            seen.finding for seen in self._seen.values() if not self._has_lasted(seen, at)
        )
        return tuple(sorted((seen.finding for seen in told), key=order))

    def _has_lasted(self, seen: _Seen, at: datetime) -> bool:
        lasts = min(seen.finding.rule.lasts_seconds, self._longest)
        return at - seen.first >= timedelta(seconds=lasts)


def order(finding: Finding) -> tuple[int, str, str, str]:
    """Return what findings are sorted by: the worst first."""
    return finding.severity.rank, finding.code, finding.subject.name, finding.subject.id


def _is_over(seen: _Seen, at: datetime) -> bool:
    gap = timedelta(seconds=GAP_SECONDS if seen.finding.rule.lasts_seconds else 0.0)
    return seen.gone is not None and at - seen.gone >= gap
