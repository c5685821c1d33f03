# SPDX-License-Identifier: Apache-2.0
"""Infusions of the product's own twin without wire or bench: its hydraulics are driven directly.

Each is another individual in another room, corrected with a blank of its own, and judged by the bench's examiners.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from instruments.simulated.twin.twin import Twin
from metrology.gravimetry import Conditions, Evaporation, Load, Repeatability, StraightLine, Vessel, WeighingSetup
from tests.any_window.imagined_pumps import instants_s
from tests.any_window.imagined_record import BALANCE, MG_PER_UL, record_of
from tests.any_window.judged import Judged, judged

BLANK_S, EVERY_S = 3600.0, 60.0
STARTED_S = 4200.0
AIR = ("temperature_c", "air_pressure_hpa", "humidity_percent")
VESSEL = Vessel.of(Load(50.0, 2500.0), Load(10.0, 998.0, 10.0))
"""What the simulated bench's file says of the vessel."""
MAY_CHANGE_MG_PER_H = 0.05


def twin_infusions(rate_ul_per_h: float, hours: float, count: int) -> Iterator[Judged]:
    """Yield what is said of the first so many individuals at a rate."""
    return (judged_twin(seed, rate_ul_per_h, hours) for seed in range(1, count + 1))


def judged_twin(seed: int, rate_ul_per_h: float, hours: float) -> Judged:
    """Judge one infusion of one individual."""
    twin = Twin.assemble(seed=seed)
    blank_s = EVERY_S * np.arange(BLANK_S / EVERY_S + 1)
    blank_g, blank_air = zip(*(_look(twin, at_s) for at_s in blank_s.tolist()), strict=True)
    line = StraightLine.fit(blank_s.tolist(), blank_g)
    air = Conditions(*blank_air[0]).mean_with(Conditions(*blank_air[-1]))
    loss = Evaporation.from_blank(blank_s.tolist(), blank_g, VESSEL.lost_to_air(air), air)
    balance = BALANCE.as_found(Repeatability(line.scatter_mg, line.dof))
    setup = WeighingSetup(balance, loss.that_may_change(MAY_CHANGE_MG_PER_H), vessel=VESSEL)
    stopped_s = hours * 3600
    at_s, flow = instants_s(stopped_s), math.nan
    masses_g, airs = list[float](), list[tuple[float, ...]]()
    for one_s in at_s.tolist():
        wanted = rate_ul_per_h if 0 <= one_s < stopped_s else 0.0
        if wanted != flow:
            twin.timeline.advance_to(STARTED_S + one_s)
            flow = wanted
            twin.hydraulics.drive(flow)
        mass_g, seen = _look(twin, STARTED_S + one_s + 0.01)
        masses_g.append(mass_g)
        airs.append(seen)
    record = record_of(at_s + 0.01, 1000 * np.array(masses_g) / MG_PER_UL, rate_ul_per_h, stopped_s)
    columns = dict(zip(AIR, np.array(airs).T, strict=True))
    return judged(replace(record, weighing=setup, samples=replace(record.samples, **columns)))


def _look(twin: Twin, at_s: float) -> tuple[float, tuple[float, ...]]:
    """Return what the balance shows at an instant, in g, and the air."""
    twin.timeline.advance_to(at_s)
    seen = twin.rig.read(AIR)
    return twin.cell.weigh().net_mass_g, tuple(float(seen[name]) for name in AIR)  # type: ignore[arg-type]
