"""Who holds which address, and how much room is left."""

from swarmtui.addressing.endpoints import endpoints
from swarmtui.addressing.overlaps import (
    Claim,
    ClaimKind,
    claims,
    free_block,
    overlapping,
    overlaps,
    pool_claims,
    unclaimed_subnet,
)
from swarmtui.addressing.pools import PoolUse, outside_pools, pool_usage
from swarmtui.addressing.ranges import (
    PRIVATE_RANGES,
    address_range,
    address_value,
    capacity,
    contains,
    first_host,
    hand_out,
)
from swarmtui.addressing.usage import NetworkUse, Source, SubnetUse, usage

__all__ = [
    "PRIVATE_RANGES",
    "Claim",
    "ClaimKind",
    "NetworkUse",
    "PoolUse",
    "Source",
    "SubnetUse",
    "address_range",
    "address_value",
    "capacity",
    "claims",
    "contains",
    "endpoints",
    "first_host",
    "free_block",
    "hand_out",
    "outside_pools",
    "overlapping",
    "overlaps",
    "pool_claims",
    "pool_usage",
    "unclaimed_subnet",
    "usage",
]
