"""What tests/swarm/test_engine_removals.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_removals import (
    place,
    test_a_network_goes_and_comes_again_while_its_service_ends,
    test_a_network_goes_while_tasks_that_have_to_stop_are_on_it,
    test_a_network_stays_while_a_service_names_it,
    test_a_network_stays_while_containers_are_attached_to_it,
    test_by_a_worker_nothing_is_removed,
    test_what_was_never_allocated_is_in_use_like_any_other,
)

__all__ = [
    "place",
    "test_a_network_goes_and_comes_again_while_its_service_ends",
    "test_a_network_goes_while_tasks_that_have_to_stop_are_on_it",
    "test_a_network_stays_while_a_service_names_it",
    "test_a_network_stays_while_containers_are_attached_to_it",
    "test_by_a_worker_nothing_is_removed",
    "test_what_was_never_allocated_is_in_use_like_any_other",
]
