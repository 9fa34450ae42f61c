"""What tests/swarm/test_findings_nodes.py proves on real engines, on the embedded one."""

from tests.swarm.test_findings_nodes import (
    test_a_full_network_has_no_virtual_address_to_give,
    test_a_service_is_rolled_back_to_a_port_that_another_one_has,
    test_more_tasks_than_nodes_want_a_port_of_their_node,
    test_networks_are_named_in_the_old_way,
    test_nothing_is_critical_where_nothing_was_done,
    test_services_are_rolled_back_to_a_network_that_is_gone,
    test_the_engine_chooses_a_port_that_is_taken_in_host_mode,
    tidy,
)

__all__ = [
    "test_a_full_network_has_no_virtual_address_to_give",
    "test_a_service_is_rolled_back_to_a_port_that_another_one_has",
    "test_more_tasks_than_nodes_want_a_port_of_their_node",
    "test_networks_are_named_in_the_old_way",
    "test_nothing_is_critical_where_nothing_was_done",
    "test_services_are_rolled_back_to_a_network_that_is_gone",
    "test_the_engine_chooses_a_port_that_is_taken_in_host_mode",
    "tidy",
]
