"""What tests/swarm/test_path.py proves without traffic on real engines, on the embedded one too."""

from tests.swarm.test_path import test_a_port_does_not_come_in_where_the_ingress_is_missing

__all__ = ["test_a_port_does_not_come_in_where_the_ingress_is_missing"]
