"""What tests/swarm/test_engine_writes.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_writes import (
    note,
    test_a_config_of_the_name_is_found_by_either_manager,
    test_a_node_needs_its_role_and_its_availability,
    test_an_update_for_an_old_version_is_refused,
    test_fields_that_the_engine_does_not_know_are_dropped,
    test_names_of_fields_are_read_in_any_case_and_defaults_filled_in,
    test_numbers_that_the_engine_gave_are_kept_when_they_are_asked_for,
    test_of_a_config_only_the_labels_change,
    test_there_is_nothing_to_roll_back_to,
    test_what_cannot_be_allocated_is_accepted_and_stays_as_it_is,
    test_what_cannot_change_is_refused_before_the_version_counts,
    tidy,
    web,
)

__all__ = [
    "note",
    "test_a_config_of_the_name_is_found_by_either_manager",
    "test_a_node_needs_its_role_and_its_availability",
    "test_an_update_for_an_old_version_is_refused",
    "test_fields_that_the_engine_does_not_know_are_dropped",
    "test_names_of_fields_are_read_in_any_case_and_defaults_filled_in",
    "test_numbers_that_the_engine_gave_are_kept_when_they_are_asked_for",
    "test_of_a_config_only_the_labels_change",
    "test_there_is_nothing_to_roll_back_to",
    "test_what_cannot_be_allocated_is_accepted_and_stays_as_it_is",
    "test_what_cannot_change_is_refused_before_the_version_counts",
    "tidy",
    "web",
]
