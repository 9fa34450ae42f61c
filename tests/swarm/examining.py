"""Somebody who reads a node, and examines what they see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import TracebackType
from typing import Self

from swarmtui.engine import Session, resolve_endpoint
from swarmtui.findings import Finding, Watch, examine
from swarmtui.model import Snapshot
from tests.swarm.waiting import wait_until

Key = tuple[str, str]
"""A rule's code, and the name of what it is about."""


class Eyes:
    """Reads one node, over and over.

    Args:
        url: The address of the node's engine.
        lan_ranges: What they say of their local network.
    """

    def __init__(self, url: str, lan_ranges: tuple[str, ...] = ()) -> None:
        endpoint = resolve_endpoint(url, None, os.environ)
        self._session = Session(endpoint, timeout_seconds=10)
        self._lan_ranges = lan_ranges
        self._last: Snapshot | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def look(self) -> Snapshot:
        """Return all that can be read now."""
        self._last = self._session.reader.read(self._last, every_network=True)
        return self._last

    def findings(self) -> dict[Key, Finding]:
        """Return everything that is wrong now, whether it has lasted or not."""
        found = examine(self.look(), lan_ranges=self._lan_ranges)
        return {(each.code, each.subject.name): each for each in found}

    def told_after(self, seconds: float) -> set[Key]:
        """Return what is told for certain once it has been as it is for so long."""
        watch, snapshot = Watch(), self.look()
        found = examine(snapshot, lan_ranges=self._lan_ranges)
        watch.observe(found, snapshot.taken_at)
        told = watch.observe(found, snapshot.taken_at + timedelta(seconds=seconds))
        return {(each.code, each.subject.name) for each in told}

    def await_found(self, *keys: Key, seconds: float = 60) -> dict[Key, Finding]:
        """Wait until all of these are found."""
        seen: dict[Key, Finding] = {}

        def all_found() -> bool:
            seen.clear()
            seen.update(self.findings())
            return seen.keys() >= set(keys)

        self._wait(all_found, seen, f"findings {keys}", seconds)
        return seen

    def await_evidence(self, code: str, name: str, values: Mapping[str, str]) -> Finding:
        """Wait until something is found that rests on just these values."""
        seen: dict[str, str] = {}

        def as_wanted() -> Finding | None:
            found = self.findings().get((code, name))
            seen.clear()
            seen.update(evidence(found) if found is not None else {})
            return found if seen == values else None

        try:
            found = wait_until(as_wanted, f"{code} of {name}", 60)
        except AssertionError as error:
            raise AssertionError(f"{error}: {seen}") from None
        assert found is not None
        return found

    def await_gone(self, *keys: Key, seconds: float = 60) -> None:
        """Wait until none of these is found any more."""
        seen: dict[Key, Finding] = {}

        def all_gone() -> bool:
            seen.clear()
            seen.update(self.findings())
            return not seen.keys() & set(keys)

        self._wait(all_gone, seen, f"end of {keys}", seconds)

    def _wait(
        self, look: Callable[[], bool], seen: Iterable[Key], what: str, seconds: float
    ) -> None:
        try:
            wait_until(look, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}: {sorted(seen)}") from None


def evidence(finding: Finding) -> dict[str, str]:
    """Return the values that a finding rests on, by what they are of."""
    return {each.what: each.value for each in finding.trouble.evidence}


def codes(findings: Iterable[Finding], *severities: str) -> set[str]:
    """Return the codes of the findings of some severities."""
    return {each.code for each in findings if each.severity in severities}
