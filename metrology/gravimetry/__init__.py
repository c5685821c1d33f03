# SPDX-License-Identifier: Apache-2.0
"""From what the balance shows to the volume that was delivered, each correction kept as data."""

from metrology.gravimetry.air_course import AirCourse
from metrology.gravimetry.amendment import Amendment
from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.corrected_course import CorrectedCourse
from metrology.gravimetry.correction_step import STEPS, CorrectionStep
from metrology.gravimetry.delivered_volume import DeliveredVolume, delivered_volume
from metrology.gravimetry.equivalence import Equivalence
from metrology.gravimetry.evaporation import Evaporation
from metrology.gravimetry.lab_correction import REPLACEABLE, AppliedCorrection, LabCorrection
from metrology.gravimetry.liquid import WATER, DensityLine, Liquid
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.repeatability import Repeatability
from metrology.gravimetry.second_volume import SecondInstrument, second_volume
from metrology.gravimetry.straight_line import StraightLine
from metrology.gravimetry.vessel import Load, Vessel
from metrology.gravimetry.weighed_gain import WeighedGain
from metrology.gravimetry.weighed_gains import WeighedGains
from metrology.gravimetry.weighed_span import WeighedSpan
from metrology.gravimetry.weighing_setup import WeighingSetup

__all__ = [
    "REPLACEABLE",
    "STEPS",
    "WATER",
    "AirCourse",
    "Amendment",
    "AppliedCorrection",
    "BalanceMark",
    "BalanceSpecification",
    "Conditions",
    "CorrectedCourse",
    "CorrectionStep",
    "DeliveredVolume",
    "DensityLine",
    "Equivalence",
    "Evaporation",
    "LabCorrection",
    "Liquid",
    "Load",
    "Repeatability",
    "SecondInstrument",
    "StraightLine",
    "Vessel",
    "WeighedGain",
    "WeighedGains",
    "WeighedSpan",
    "WeighingSetup",
    "delivered_volume",
    "second_volume",
]
