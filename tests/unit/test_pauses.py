from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from swarmtui.pauses import Keeper, load, loaded


@pytest.fixture(autouse=True)
def _collecting_as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


def test_no_garbage_is_looked_for_until_something_is_shown() -> None:
    load()
    assert not gc.isenabled()
    loaded()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_who_never_stopped_looking_keeps_nothing_out() -> None:
    loaded()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_large_swarms_are_left_out_and_looked_through_now_and_then() -> None:
    thresholds = gc.get_threshold()
    keeper = Keeper()
    keeper.keep([keeper])
    assert gc.get_threshold() != thresholds
    assert gc.get_freeze_count() > 0
    keeper.release()
    assert gc.get_threshold() == thresholds
    assert gc.get_freeze_count() == 0
