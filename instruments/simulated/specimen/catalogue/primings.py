# SPDX-License-Identifier: Apache-2.0
"""Pumps and rigs that prime too much or too little, do not wait for the end of it, or lose count of a bolus over it."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_firmware, in_rig
from instruments.simulated.specimen.catalogue.where import FIRST_FILL, PRIMED_IN_A_BOLUS, blocks, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP, _INSTRUMENT = Asset.PUMP, Asset.INSTRUMENT

PRIMINGS = (
    Defect("tubing_taken_larger_ul", _PUMP, "the programmer takes the pump's tubing for so much larger than it is",
           59.0, -139.0, 1000.0, in_firmware(lambda good, x: replace(good, tubing_off_ul=x)),
           red(FIRST_FILL, "PRI-001"), "domain §5.2, 9; protocol §2: 0.199 mL for 0.140 mL", also=(-50.0,)),
    Defect("prime_gain", _PUMP, "a priming bolus gives this many times its volume, and counts it", 1.3, 0.0, 100.0,
           in_firmware(lambda good, x: replace(good, prime_gain=x)),
           red(FIRST_FILL, "DEL-004", "DEL-007", "PRI-002", "REG-002", "REG-003")),
    Defect("starts_while_priming", _PUMP, "a start is taken while a priming bolus runs, on top of it", None, 0.0, 0.0,
           in_firmware(lambda good, _: replace(good, starts_while_priming=True)),
           red(FIRST_FILL, "DEL-008", "PRG-002", "PRI-003", "REG-001", "REG-002", "REG-003")),
    Defect("rest_after_prime", _PUMP, "a start gives the rest of a stopped bolus if the pump was primed meanwhile",
           None, 0.0, 0.0, in_firmware(lambda good, _: replace(good, rest_after_prime=True)),
           red(PRIMED_IN_A_BOLUS, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "PRI-004", "REG-001", "REG-002",
               "REG-003"),
           "domain §5.2, 18; protocol §3: interrupted, then primed, then resumed"),
    Defect("dead_drug_valves", _INSTRUMENT, "the valves that fill catheter and reservoir do not move", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"exchange"})),
           blocks(FIRST_FILL)),
    Defect("drug_sensor_stuck", _INSTRUMENT, "the drug sensor shows this concentration all the time, in ug/mL", 0.0,
           0.0, 1e6, in_rig(lambda good, x: replace(good, drug_sensor_stuck_ug_per_ml=x)), blocks(FIRST_FILL)),
)  # fmt: skip
