"""What tests/swarm/test_engine_networks.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_networks import (
    test_a_network_gets_what_was_asked_for,
    test_refused,
    test_the_kind_of_a_network_is_told_as_asked,
    test_the_leader_tries_again_when_what_was_in_the_way_is_removed,
    test_the_pool_gives_the_next_block_that_nobody_has,
    test_what_cannot_be_had_is_accepted_and_never_allocated,
    tidy,
)

__all__ = [
    "test_a_network_gets_what_was_asked_for",
    "test_refused",
    "test_the_kind_of_a_network_is_told_as_asked",
    "test_the_leader_tries_again_when_what_was_in_the_way_is_removed",
    "test_the_pool_gives_the_next_block_that_nobody_has",
    "test_what_cannot_be_had_is_accepted_and_never_allocated",
    "tidy",
]
