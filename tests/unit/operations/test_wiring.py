"""Lists of networks, with some put in and some taken out."""

from __future__ import annotations

import pytest

from swarmtui.operations.wiring import beside, merged, names_of, without
from swarmtui.operations.writes import Wire

A, B, C = Wire("a", ("x",)), Wire("b"), Wire("c")
NEW = Wire("n", ("x",))


def test_networks_are_taken_out_by_name() -> None:
    assert without((A, B, C), {"b"}) == (A, C)
    assert names_of(without((A, B, C), ("a", "b", "c"))) == ()
    assert without((), {"b"}) == ()


def test_another_one_stands_behind_with_the_same_aliases() -> None:
    assert beside((B, A, C), {"a"}, "n") == (B, A, NEW, C)
    # Once is enough, and so is being there already.
    assert beside((A, B), {"a", "b"}, "n") == (A, NEW, B)
    assert beside((A, B, NEW), {"a"}, "n") == (A, B, NEW)
    assert beside((B,), {"a"}, "n") == (B,)


@pytest.mark.parametrize(
    ("aim", "now", "lost", "both"),
    [
        ((B, NEW), (B, A), (A,), (B, NEW, A)),
        ((NEW, B), (A, B), (A,), (NEW, A, B)),
        ((), (A,), (A,), (A,)),
        ((A,), (B, A, C), (B, C), (B, A, C)),
        ((NEW,), (A, B, C), (A, B, C), (NEW, A, B, C)),
        # Other aliases are still to be got.
        ((Wire("a"),), (A, B), (B,), (Wire("a"), B)),
    ],
)
def test_what_is_to_go_stands_behind_what_takes_its_place(
    aim: tuple[Wire, ...],
    now: tuple[Wire, ...],
    lost: tuple[Wire, ...],
    both: tuple[Wire, ...],
) -> None:
    assert merged(aim, now, lost) == both
