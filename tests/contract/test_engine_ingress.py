"""What tests/swarm/test_engine_ingress.py proves on real engines, on the embedded one."""

from tests.swarm.test_engine_ingress import (
    test_a_removal_and_a_new_one_at_once_are_done_in_turn,
    test_a_removal_is_answered_before_nodes_act_and_a_new_one_needs_a_touch,
    test_an_ingress_that_is_removed_from_under_tasks_stays_beside_the_next_one,
    test_publishing_on_an_ingress_without_subnet_takes_the_service_down,
    test_the_ingress_goes_while_a_service_publishes_on_nodes_only,
    test_the_ingress_stays_while_a_service_publishes,
    test_without_an_ingress_nothing_can_be_published,
    whole,
)

__all__ = [
    "test_a_removal_and_a_new_one_at_once_are_done_in_turn",
    "test_a_removal_is_answered_before_nodes_act_and_a_new_one_needs_a_touch",
    "test_an_ingress_that_is_removed_from_under_tasks_stays_beside_the_next_one",
    "test_publishing_on_an_ingress_without_subnet_takes_the_service_down",
    "test_the_ingress_goes_while_a_service_publishes_on_nodes_only",
    "test_the_ingress_stays_while_a_service_publishes",
    "test_without_an_ingress_nothing_can_be_published",
    "whole",
]
