"""Who holds which address, and how much room is left."""

from swarmtui.addressing.endpoints import endpoints
from swarmtui.addressing.growth import Fit, Growth, StartFirst, growth
from swarmtui.addressing.ledger import (
    AddressKind,
    Holder,
    Ledger,
    Stretch,
    SubnetLedger,
    ledger,
)
from swarmtui.addressing.overlaps import Claim, claims, free_block, overlapping
from swarmtui.addressing.pools import PoolUse, outside_pools, pool_usage
from swarmtui.addressing.ranges import (
    Span,
    address_range,
    address_text,
    address_value,
    capacity,
    contains,
    first_host,
    hand_out,
)
from swarmtui.addressing.usage import NetworkUse, Source, SubnetUse, usage

__all__ = [
    "AddressKind",
    "Claim",
    "Fit",
    "Growth",
    "Holder",
    "Ledger",
    "NetworkUse",
    "PoolUse",
    "Source",
    "Span",
    "StartFirst",
    "Stretch",
    "SubnetLedger",
    "SubnetUse",
    "address_range",
    "address_text",
    "address_value",
    "capacity",
    "claims",
    "contains",
    "endpoints",
    "first_host",
    "free_block",
    "growth",
    "hand_out",
    "ledger",
    "outside_pools",
    "overlapping",
    "pool_usage",
    "usage",
]
