"""What tests/swarm/test_ledger.py proves on real engines, on the embedded one.

An engine that is killed is for real ones only.
"""

from tests.swarm.test_ledger import (
    test_a_rolling_update_holds_old_and_new,
    test_a_worker_lists_what_its_own_node_holds,
    test_as_many_more_tasks_run_as_fit_and_no_more,
    test_every_address_of_every_network,
    test_no_other_network_has_addresses,
)

__all__ = [
    "test_a_rolling_update_holds_old_and_new",
    "test_a_worker_lists_what_its_own_node_holds",
    "test_as_many_more_tasks_run_as_fit_and_no_more",
    "test_every_address_of_every_network",
    "test_no_other_network_has_addresses",
]
