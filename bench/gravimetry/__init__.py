# SPDX-License-Identifier: Apache-2.0
"""From what the balance shows to the volume that was delivered, each correction kept as data."""

from bench.gravimetry.balance_specification import BalanceSpecification
from bench.gravimetry.conditions import Conditions
from bench.gravimetry.correction_step import CorrectionStep
from bench.gravimetry.delivered_volume import DeliveredVolume, delivered_volume
from bench.gravimetry.evaporation import Evaporation
from bench.gravimetry.mark import BalanceMark

__all__ = [
    "BalanceMark",
    "BalanceSpecification",
    "Conditions",
    "CorrectionStep",
    "DeliveredVolume",
    "Evaporation",
    "delivered_volume",
]
