"""Moments that engines write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from swarmtui.model import moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T00:31:05Z", datetime(2026, 11, 24, 0, 31, 5, tzinfo=UTC)),
        ("2026-11-24T00:31:05.1Z", datetime(2026, 11, 24, 0, 31, 5, 100000, tzinfo=UTC)),
        ("2026-11-24T00:31:05.583168261Z", datetime(2026, 11, 24, 0, 31, 5, 583168, tzinfo=UTC)),
        ("2026-11-24T02:31:05+02:00", datetime(2026, 11, 24, 0, 31, 5, tzinfo=UTC)),
        ("2026-11-24T00:31:05", datetime(2026, 11, 24, 0, 31, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        ("<nil>", None),
        ("yesterday", None),
    ],
)
def test_moments(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_a_moment_can_be_compared_with_a_snapshot() -> None:
    found = moment("2026-11-24T00:31:05")
    assert found is not None
    assert found.utcoffset() == timedelta(0)
