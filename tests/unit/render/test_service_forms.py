"""What forms about services say beside their fields."""

from __future__ import annotations

import pytest

from swarmtui.operations import ReachDraft
from swarmtui.render import candidates, reach_facts
from tests.builders import busy_snapshot

MANY = [f"service-{number:02}" for number in range(30)]


@pytest.mark.parametrize(
    ("names", "typed", "shown"),
    [
        ([], "", ""),
        (["web", "db"], "", "web db"),
        (["web", "db"], "W", "web"),
        (["web", "db"], "x", ""),
        (["web"], " web ", ""),
        (["web", "webshop"], "web", "web webshop"),
        (["a\x1b[31m"], "a", "a␛[31m"),
        (MANY, "", "service-00 service-01 +28"),
        (MANY, "1", "service-01 service-10 +10"),
        (["x" * 60, "xy"], "x", f"{'x' * 60} +1"),
    ],
)
def test_candidates_are_those_that_have_what_is_typed(
    names: list[str], typed: str, shown: str
) -> None:
    assert candidates(names, typed) == shown


@pytest.mark.parametrize(
    ("draft", "vips"),
    [
        (ReachDraft("web", "vip", "8080:80"), "keep 10.20.0.66 on app, 10.20.0.5 on ingress"),
        (ReachDraft("web", "vip", ""), "keep 10.20.0.66 on app; lose 10.20.0.5 on ingress"),
        (ReachDraft("web", "dnsrr", ""), "lose 10.20.0.66 on app, 10.20.0.5 on ingress"),
        (ReachDraft("rr", "vip", ""), "get one on each of app"),
        (ReachDraft("rr", "dnsrr", ""), "none"),
        (ReachDraft("nobody", "vip", ""), "–"),
    ],
)
def test_what_becomes_of_virtual_addresses(draft: ReachDraft, vips: str) -> None:
    assert reach_facts(busy_snapshot(), draft)[1] == vips
