# SPDX-License-Identifier: Apache-2.0
"""What else would resolve a tolerance: a longer blank, or a balance of a finer class."""

import math
from collections.abc import Iterator
from dataclasses import replace

from bench.weighing import Weighing
from groundfloor.time_text import time_text
from metrology.gravimetry import BalanceSpecification, Evaporation

BALANCE_CLASSES_MG = (1.0, 0.1, 0.01, 0.001)
"""Readabilities of precision, analytical, semi-micro and micro balances."""
BLANK_FACTORS = (2, 4, 8, 16, 24)
"""How much longer a blank could be; its slope is known better by about as much, from as many readings."""


def longer_blanks(weighing: Weighing) -> Iterator[tuple[str, Weighing]]:
    """Yield what to do and how the bench would weigh then, the least first; nothing where the loss is assumed."""
    balance, blank = weighing.setup.balance, weighing.setup.evaporation
    for factor in BLANK_FACTORS if math.isfinite(blank.blank_h) else ():
        advice = f"set blank_s of the bench file to {time_text(factor * blank.blank_h * 3600)}"
        yield advice, weighing.using(balance, _known_better(blank, factor, 1.0))


def finer_balances(weighing: Weighing) -> Iterator[tuple[str, Weighing]]:
    """Yield what to do and how the bench would weigh then, the coarsest balance first."""
    present, blank = weighing.setup.balance, weighing.setup.evaporation
    for readability_mg in BALANCE_CLASSES_MG:
        finer = present.readability_mg / readability_mg
        if finer > 1:
            advice = f"take a balance of {readability_mg:g} mg readability, as much better in everything else"
            yield advice, weighing.using(_finer(present, finer), _known_better(blank, 1.0, finer))


def _known_better(blank: Evaporation, longer: float, finer: float) -> Evaporation:
    uncertainty = blank.standard_uncertainty_mg_per_h / (longer * finer)
    return replace(blank, standard_uncertainty_mg_per_h=uncertainty, blank_h=longer * blank.blank_h)


def _finer(present: BalanceSpecification, factor: float) -> BalanceSpecification:
    today = present.measured_repeatability
    return replace(
        present,
        readability_mg=present.readability_mg / factor,
        repeatability_mg=present.repeatability_mg / factor,
        linearity_mg=present.linearity_mg / factor,
        drift_mg_per_day=present.drift_mg_per_day / factor,
        calibration_expanded_uncertainty_mg=present.calibration_expanded_uncertainty_mg / factor,
        measured_repeatability=today and replace(today, standard_deviation_mg=today.standard_deviation_mg / factor),
    )
