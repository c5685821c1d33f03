# SPDX-License-Identifier: Apache-2.0
"""Vessels that lose more than before, outlets that drip, rooms that move."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_room, in_vessel
from instruments.simulated.specimen.catalogue.where import LEAK, QUIET, blocks, is_harmless
from instruments.simulated.specimen.defect import Asset, Defect

_INSTRUMENT = Asset.INSTRUMENT
_MONTHS_H, _HOUR_S = 2400.0, 3600.0

VESSELS_AND_ROOMS = (
    Defect("evaporation_changes_at_h", _INSTRUMENT, "from this hour on the vessel loses three times as much", 3.0, 0.0,
           _MONTHS_H, in_vessel(lambda good, x: replace(good, evaporation_changes_at_s=x * _HOUR_S)),
           blocks(LEAK), "domain §3.4: patchy wetting"),
    Defect("draught", _INSTRUMENT, "for an hour of every six the vessel loses this many times as much", 20.0, 1.0,
           1e3, in_vessel(lambda good, x: replace(good, draught_gain=x)), is_harmless(QUIET),
           "domain §3.4: air draughts"),
    Defect("drips_in_mg_per_h", _INSTRUMENT,
           "after two and a half hours so many mg an hour drip into the vessel that no pump gave", 9.0, 0.0, 1e3,
           in_vessel(lambda good, x: replace(good, drips_in_mg_per_h=x)), blocks(QUIET)),
    Defect("pendant_drop_ul", _INSTRUMENT, "water hangs at the outlet until it is this much, and then falls", 15.0,
           0.1, 200.0, in_vessel(lambda good, x: replace(good, pendant_drop_ul=x)), blocks(LEAK),
           "domain §2.1: tip below the surface, so no drops"),
    Defect("humidity_jumps_percent", _INSTRUMENT, "after two and a half hours the room is damper by this much", 15.0,
           -40.0, 40.0, in_room(lambda good, x: replace(good, humidity_step_percent=x)), is_harmless(LEAK),
           "domain §3.4: 58 ± 13.5 %"),
    Defect("room_swings_c", _INSTRUMENT, "the room's temperature swings by this much to either side in a day", 1.5,
           0.0, 20.0, in_room(lambda good, x: replace(good, swings_by_c=x)), is_harmless(QUIET),
           "domain §3.4: 20.4 ± 2 degC"),
    Defect("room_swings_far_c", _INSTRUMENT, "the room's temperature swings farther than a weighing allows", 6.0, 0.0,
           20.0, in_room(lambda good, x: replace(good, swings_by_c=x)), blocks(QUIET)),
)  # fmt: skip
"""What is on the pan, and what is around it."""
