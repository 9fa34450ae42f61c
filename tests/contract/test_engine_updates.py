"""What tests/swarm/test_engine_updates.py proves on real engines, on the embedded one.

Nothing fails to start here, so that an update is not paused by that.
"""

from tests.swarm.test_engine_updates import (
    test_an_update_goes_on_until_the_last_task_was_watched,
    test_an_update_that_no_task_minds_has_no_state,
    web,
)

__all__ = [
    "test_an_update_goes_on_until_the_last_task_was_watched",
    "test_an_update_that_no_task_minds_has_no_state",
    "web",
]
