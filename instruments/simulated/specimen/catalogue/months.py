# SPDX-License-Identifier: Apache-2.0
"""Pumps that are good for weeks: what is wrong with them shows in a month alone.

Their rows are tried by `pytest tests/soak/test_month_of_bad_pumps.py -m soak`: each of them takes a month of the twin,
which is minutes of a core, and so they are in no share that `tox` draws.
"""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_boluses, in_motor, in_reservoir
from instruments.simulated.specimen.catalogue.where import MONTH, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_HOUR_S, _YEAR_H = 3600.0, 8766.0

MONTHS = (
    Defect("grows_in_weeks_per_day", _PUMP, "a stroke grows by so small a fraction of it in a day: over the accuracy "
           "after weeks", 0.008, 0.0, 0.1, in_motor(lambda good, x: replace(good, drift_per_day=x)),
           red(MONTH, "DEL-004", "DEL-005", "DEL-009", "END-001", "SCH-006"),
           "protocol §12: over-infusion starts after months, and then may grow"),
    Defect("deaf_to_refills_from_h", _PUMP,
           "from this hour on it accepts a refill and computes on from what it had before", 360.0, 0.0, _YEAR_H,
           in_reservoir(lambda good, x: replace(good, deaf_to_refills_from_s=x * _HOUR_S)),
           red(MONTH, "ALM-001", "END-002", "RES-007"),
           "protocol §4: two refills in a month; each is told to the pump"),
    Defect("boluses_in_life", _PUMP, "after so many patient boluses in its life it refuses every other one", 20.0, 1.0,
           1e4, in_boluses(lambda good, x: replace(good, most_in_life=round(x))),
           red(MONTH, "END-002"),
           "protocol §3: counters of boluses; assumed: one that is never set back"),
)  # fmt: skip
"""By what is wrong: the motor, the reservoir, the patient's boluses."""
