# SPDX-License-Identifier: Apache-2.0
"""The conformance kit of corrections: windows of any length have to agree on what is corrected."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from bench.conformance.outcome import Differs, NotTried
from bench.corrections import LoadedCorrection
from metrology.gravimetry import Amendment, Conditions, LabCorrection, WeighedGain, WeighedGains
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.water_density import water_density_kg_m3

AIR = Conditions(21.0, 1013.0, 45.0)
DISPLAYS_G = (0.0, 0.05, 0.8, 2.0, 5.0)
"""As a vessel fills: what a slow pump gives in a day, and a fast one in a week."""
HOURS_PER_G = 24.0
GREATEST_SHARE = 0.01
"""Buoyancy is 0.001 of what was weighed; a correction that is ten times as large is one in another unit."""
SAME_MG = 1e-6
"""Rounding."""
Check = tuple[str, str, Callable[[], str]]
"""Number and text of a rule, and what tries it."""


def correction_checks(correction: LoadedCorrection) -> tuple[Check, ...]:
    """Return what is asked of a correction."""
    return (
        ("C-1", "where nothing was gained it adds nothing", lambda: _nothing_of_nothing(correction)),
        ("C-2", "it depends on what it is given alone", lambda: _the_same_again(correction)),
        ("C-3", "corrections of parts add up", lambda: _adds_up(correction)),
        ("C-4", "it is a correction in mg, with an uncertainty", lambda: _is_in_mg(correction)),
        ("C-5", "a whole column is corrected as each of its readings", lambda: _columns_agree(correction)),
    )


def _nothing_of_nothing(correction: LabCorrection) -> str:
    for display_g in DISPLAYS_G:
        if (found := _between(correction, display_g, display_g)).added_mg != 0:
            raise Differs(f"at {display_g:g} g nothing was gained, and it adds {found.added_mg:g} mg")
    return "what was not gained is not corrected"


def _the_same_again(correction: LabCorrection) -> str:
    pairs = tuple(pairwise(DISPLAYS_G))
    first = [_between(correction, *one) for one in pairs]
    again = [_between(correction, *one) for one in reversed(pairs)][::-1]
    for (start_g, end_g), one, other in zip(pairs, first, again, strict=True):
        if one != other:
            raise Differs(
                f"from {start_g:g} g to {end_g:g} g it adds {one.added_mg:g} mg, asked again {other.added_mg:g}"
            )
    return "the same question has the same answer"


def _adds_up(correction: LabCorrection) -> str:
    parts_mg = sum(_between(correction, *one).added_mg for one in pairwise(DISPLAYS_G))
    whole = _between(correction, DISPLAYS_G[0], DISPLAYS_G[-1])
    if abs(parts_mg - whole.added_mg) > whole.standard_uncertainty_mg:
        raise Differs(f"parts give {parts_mg:g} mg, the whole {whole.added_mg:g} mg: more apart than its u")
    return f"{whole.added_mg:g} mg of {1000 * DISPLAYS_G[-1]:g} mg, u = {whole.standard_uncertainty_mg:g} mg"


def _is_in_mg(correction: LabCorrection) -> str:
    whole = _between(correction, DISPLAYS_G[0], DISPLAYS_G[-1])
    if abs(whole.added_mg) > GREATEST_SHARE * 1000 * DISPLAYS_G[-1]:
        raise Differs(f"it adds {whole.added_mg:g} mg to {1000 * DISPLAYS_G[-1]:g} mg: in another unit than mg?")
    return "small against what was weighed"


def _columns_agree(correction: LoadedCorrection) -> str:
    if not correction.at_once:
        raise NotTried("it has no added_mg, so `pumpbench analyse` asks it once for each reading")
    displays_g = np.linspace(DISPLAYS_G[0], DISPLAYS_G[-1], 101)
    one = _gain(DISPLAYS_G[0], DISPLAYS_G[-1])
    gains = WeighedGains(
        start_g=one.start_g,
        end_g=displays_g,
        gained_mg=1000 * (displays_g - one.start_g),
        hours=HOURS_PER_G * (displays_g - one.start_g),
        temperature_c=one.temperature_c,
        air_pressure_hpa=one.air_pressure_hpa,
        humidity_percent=one.humidity_percent,
        air_kg_m3=one.air_kg_m3,
        liquid_kg_m3=one.liquid_kg_m3,
    )
    column = correction.added_mg(gains)
    for gain, added_mg in zip(gains, column, strict=True):
        alone_mg = correction.amendment(gain).added_mg
        if abs(alone_mg - added_mg) > SAME_MG:
            raise Differs(f"at {gain.end_g:g} g its column adds {added_mg:g} mg, its amendment {alone_mg:g} mg")
    return f"{len(gains)} readings agree"


def _between(correction: LabCorrection, start_g: float, end_g: float) -> Amendment:
    return correction.amendment(_gain(start_g, end_g))


def _gain(start_g: float, end_g: float) -> WeighedGain:
    air = AIR.temperature_c, AIR.air_pressure_hpa, AIR.humidity_percent
    return WeighedGain(
        start_g=start_g,
        end_g=end_g,
        gained_mg=1000 * (end_g - start_g),
        hours=HOURS_PER_G * (end_g - start_g),
        temperature_c=AIR.temperature_c,
        air_pressure_hpa=AIR.air_pressure_hpa,
        humidity_percent=AIR.humidity_percent,
        air_kg_m3=float(air_density_kg_m3(*air)),
        liquid_kg_m3=float(water_density_kg_m3(AIR.temperature_c)),
    )
