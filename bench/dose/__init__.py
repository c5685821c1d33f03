# SPDX-License-Identifier: Apache-2.0
"""Dose: what a physician writes, of a drug so much a day, and the volume that follows from it."""

from bench.dose.bridged_prescription import BridgedPrescription
from bench.dose.concentration import Concentration
from bench.dose.dose import Dose, MassUnit
from bench.dose.dose_limits import DoseLimits
from bench.dose.prescription import BolusDose, DoseStep, Prescription
from bench.dose.slip import Slip, slipped
from bench.dose.two_concentrations import DosesOfBoth, TwoConcentrations
from bench.dose.whole_strokes import WholeStrokes

__all__ = [
    "BolusDose",
    "BridgedPrescription",
    "Concentration",
    "Dose",
    "DoseLimits",
    "DoseStep",
    "DosesOfBoth",
    "MassUnit",
    "Prescription",
    "Slip",
    "TwoConcentrations",
    "WholeStrokes",
    "slipped",
]
