"""What tests/swarm/test_findings_networks.py proves on real engines, on the embedded one."""

from tests.swarm.test_findings_networks import (
    eyes,
    place,
    test_a_removed_network_that_a_node_cannot_give_up_yet,
    test_a_service_without_virtual_address,
    test_a_worker_sees_what_is_in_the_way_of_the_networks_that_it_carries,
    test_addresses_run_out_and_come_free,
    test_networks_as_they_were_made,
    test_nothing_is_critical_in_a_fresh_swarm,
    test_the_ingress_is_missed_never_allocated_and_not_everywhere,
    test_the_pool_fills_up,
)

__all__ = [
    "eyes",
    "place",
    "test_a_removed_network_that_a_node_cannot_give_up_yet",
    "test_a_service_without_virtual_address",
    "test_a_worker_sees_what_is_in_the_way_of_the_networks_that_it_carries",
    "test_addresses_run_out_and_come_free",
    "test_networks_as_they_were_made",
    "test_nothing_is_critical_in_a_fresh_swarm",
    "test_the_ingress_is_missed_never_allocated_and_not_everywhere",
    "test_the_pool_fills_up",
]
