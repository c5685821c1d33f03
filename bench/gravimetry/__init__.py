# SPDX-License-Identifier: Apache-2.0
"""From what the balance shows to the volume that was delivered, each correction kept as data."""

from bench.gravimetry.balance_specification import BalanceSpecification
from bench.gravimetry.conditions import Conditions
from bench.gravimetry.correction_step import CorrectionStep
from bench.gravimetry.delivered_volume import DeliveredVolume, delivered_volume
from bench.gravimetry.evaporation import Evaporation
from bench.gravimetry.liquid import WATER, DensityLine, Liquid
from bench.gravimetry.mark import BalanceMark
from bench.gravimetry.repeatability import Repeatability
from bench.gravimetry.vessel import Vessel
from bench.gravimetry.volume_influences import STROKES

__all__ = [
    "STROKES",
    "WATER",
    "BalanceMark",
    "BalanceSpecification",
    "Conditions",
    "CorrectionStep",
    "DeliveredVolume",
    "DensityLine",
    "Evaporation",
    "Liquid",
    "Repeatability",
    "Vessel",
    "delivered_volume",
]
