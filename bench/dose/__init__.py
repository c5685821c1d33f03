# SPDX-License-Identifier: Apache-2.0
"""Dose: what a physician writes, of a drug so much a day, and the volume that follows from it."""

from bench.dose.concentration import Concentration
from bench.dose.dose import Dose, MassUnit
from bench.dose.dose_limits import DoseLimits
from bench.dose.prescription import BolusDose, DoseStep, Prescription
from bench.dose.slip import Slip, slipped
from bench.dose.whole_strokes import WholeStrokes

__all__ = [
    "BolusDose",
    "Concentration",
    "Dose",
    "DoseLimits",
    "DoseStep",
    "MassUnit",
    "Prescription",
    "Slip",
    "WholeStrokes",
    "slipped",
]
