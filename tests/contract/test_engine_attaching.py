"""What tests/swarm/test_engine_attaching.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_attaching import (
    lab,
    nets,
    test_a_network_may_be_named_twice,
    test_a_service_that_begins_without_virtual_addresses,
    test_names_are_stored_as_ids_and_the_rest_as_sent,
    test_networks_named_in_the_old_way_only_move_to_the_template,
    test_networks_that_no_update_can_name,
    test_ports_that_updates_can_and_cannot_publish,
    test_tasks_follow_the_order_of_the_spec,
    test_the_endpoint_mode_changes_there_and_back,
    test_virtual_addresses_stay_where_the_network_stays,
    test_without_an_endpoint_in_the_spec_all_virtual_addresses_change,
)

__all__ = [
    "lab",
    "nets",
    "test_a_network_may_be_named_twice",
    "test_a_service_that_begins_without_virtual_addresses",
    "test_names_are_stored_as_ids_and_the_rest_as_sent",
    "test_networks_named_in_the_old_way_only_move_to_the_template",
    "test_networks_that_no_update_can_name",
    "test_ports_that_updates_can_and_cannot_publish",
    "test_tasks_follow_the_order_of_the_spec",
    "test_the_endpoint_mode_changes_there_and_back",
    "test_virtual_addresses_stay_where_the_network_stays",
    "test_without_an_endpoint_in_the_spec_all_virtual_addresses_change",
]
