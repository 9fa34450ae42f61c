"""What tests/swarm/test_engine_refusals.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_refusals import (
    test_a_manager_refuses,
    test_a_worker_refuses,
    things,
)

__all__ = [
    "test_a_manager_refuses",
    "test_a_worker_refuses",
    "things",
]
