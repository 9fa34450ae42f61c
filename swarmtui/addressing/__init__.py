"""Who holds which address, and how much room is left."""

from swarmtui.addressing.endpoints import endpoints
from swarmtui.addressing.pools import PoolUse, outside_pools, pool_usage
from swarmtui.addressing.ranges import address_value, contains
from swarmtui.addressing.usage import NetworkUse, Source, SubnetUse, usage

__all__ = [
    "NetworkUse",
    "PoolUse",
    "Source",
    "SubnetUse",
    "address_value",
    "contains",
    "endpoints",
    "outside_pools",
    "pool_usage",
    "usage",
]
