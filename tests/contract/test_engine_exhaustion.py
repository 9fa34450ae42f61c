"""What tests/swarm/test_engine_exhaustion.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_exhaustion import (
    place,
    test_a_task_on_a_network_without_subnet_holds_up_the_one_that_replaces_it,
    test_off_a_full_network_everybody_comes,
    test_starting_first_never_gets_a_second_network_beside_a_full_one,
    test_stopping_first_makes_room_for_a_second_network,
    test_whoever_waits_for_an_address_gets_the_one_that_an_update_frees,
    test_with_tasks_that_wait_no_second_network_comes_but_another_one_does,
)

__all__ = [
    "place",
    "test_a_task_on_a_network_without_subnet_holds_up_the_one_that_replaces_it",
    "test_off_a_full_network_everybody_comes",
    "test_starting_first_never_gets_a_second_network_beside_a_full_one",
    "test_stopping_first_makes_room_for_a_second_network",
    "test_whoever_waits_for_an_address_gets_the_one_that_an_update_frees",
    "test_with_tasks_that_wait_no_second_network_comes_but_another_one_does",
]
