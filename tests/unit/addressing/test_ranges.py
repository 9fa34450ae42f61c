from __future__ import annotations

import pytest

from swarmtui.addressing import hand_out


@pytest.mark.parametrize(
    ("ip_range", "gateway", "most"),
    [
        ("", "", 256),
        ("", "10.9.0.9", 256),
        ("10.9.0.64/26", "10.9.0.1", 64 + 3),
        ("10.9.0.64/26", "", 64 + 2),  # the engine's choice is in the range
        ("10.9.0.0/25", "10.9.0.1", 128 + 1),
        ("10.9.0.128/25", "10.9.0.1", 128 + 2),
        ("10.9.0.0/16", "", 256),  # engines accept it
        ("10.8.0.0/24", "", 256),
    ],
)
def test_what_can_be_in_use(ip_range: str, gateway: str, most: int) -> None:
    assert hand_out("10.9.0.0/24", ip_range, gateway) == most


def test_what_is_no_range_holds_nothing() -> None:
    assert hand_out("no range") == 0
