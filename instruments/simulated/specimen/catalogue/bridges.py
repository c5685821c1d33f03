# SPDX-License-Identifier: Apache-2.0
"""Pumps that give a bridge between two concentrations wrongly, or do not run at their minimum rate."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_therapy
from instruments.simulated.specimen.catalogue.where import BRIDGE_TO_STRONGER, INTERRUPTED_BRIDGE, MINIMUM_RATE, red
from instruments.simulated.specimen.defect import Asset, Defect

_PUMP = Asset.PUMP
_DOSE = "protocol §2: the new rate gives the old drug at c1/c2 times its dose"

_REGISTERS = ("REG-002", "REG-003")

BRIDGES = (
    Defect("bridge_skipped", _PUMP, "the new rate begins at once, without a bridge", None, 0.0, 0.0,
           in_therapy(lambda good, _: replace(good, bridge_skipped=True)),
           red(BRIDGE_TO_STRONGER, "BRG-001", "BRG-002", "DEL-004", "DEL-006", "DEL-007", "DEL-009", *_REGISTERS),
           _DOSE),
    Defect("bridge_length", _PUMP, "a bridge has this many times the volume that it was told", 0.8, 0.0, 10.0,
           in_therapy(lambda good, x: replace(good, bridge_length=x)),
           red(BRIDGE_TO_STRONGER, "BRG-001", "BRG-002", "DEL-006", *_REGISTERS),
           "protocol §2: the volume of the path wrong by a fifth", also=(1.2,)),
    Defect("bridge_rate_gain", _PUMP, "a bridge takes the old drug for one that is so many times weaker", 4.0, 0.01,
           24.0, in_therapy(lambda good, x: replace(good, bridge_rate_gain=x)),
           red(BRIDGE_TO_STRONGER, "BRG-001", "BRG-002", "DEL-004", "DEL-005", "DEL-006", "DEL-007", "DEL-009",
               *_REGISTERS, "SCH-006"), "protocol §1: wrong concentration", also=(0.25,)),
    Defect("bridge_forgotten", _PUMP, "a bridge that a stop interrupts is forgotten", None, 0.0, 0.0,
           in_therapy(lambda good, _: replace(good, bridge_forgotten=True)),
           red(INTERRUPTED_BRIDGE, "BRG-002", "BRG-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009", *_REGISTERS),
           "domain §5.2, 18: interrupted, then resumed"),
    Defect("bridge_anew", _PUMP, "a bridge that a stop interrupts begins anew at the next start", None, 0.0, 0.0,
           in_therapy(lambda good, _: replace(good, bridge_anew=True)),
           red(INTERRUPTED_BRIDGE, "BRG-002", "BRG-003", "DEL-004", "DEL-005", "DEL-007", "DEL-009", *_REGISTERS),
           "domain §5.2, 18: interrupted, then resumed"),
    Defect("prime_not_bridged", _PUMP, "what a priming bolus moves on of the old drug does not count for a bridge",
           None, 0.0, 0.0, in_therapy(lambda good, _: replace(good, prime_moves_bridge=False)),
           red(INTERRUPTED_BRIDGE, "BRG-002", "BRG-003", "DEL-004", "DEL-005", "DEL-007", "DEL-009", *_REGISTERS),
           "protocol §3: interrupted, then primed, then resumed"),
    Defect("bridge_takes_bolus", _PUMP, "asked for a bolus in a bridge it gives the volume of the bridge once more",
           None, 0.0, 0.0, in_therapy(lambda good, _: replace(good, bridge_takes_bolus=True)),
           red(BRIDGE_TO_STRONGER, "BRG-001", "BRG-002", "BRG-004", "DEL-004", "DEL-005", "DEL-007", "DEL-009",
               "REG-001", *_REGISTERS, "SCH-006"),
           "protocol §2: any volume on top moves the new drug on at the rate of the old one"),
    Defect("minimum_rate_stands", _PUMP, "told to run at its minimum rate it stands", None, 0.0, 0.0,
           in_therapy(lambda good, _: replace(good, minimum_rate_stands=True)),
           red(MINIMUM_RATE, "DEL-004", "DEL-006", "DEL-007", "DEL-009", "MIN-001", *_REGISTERS)),
    Defect("minimum_rate_keeps_old", _PUMP, "told to run at its minimum rate it goes on at the rate that it had", None,
           0.0, 0.0, in_therapy(lambda good, _: replace(good, minimum_rate_keeps_old=True)),
           red(MINIMUM_RATE, "DEL-004", "DEL-005", "DEL-007", "DEL-009", "MIN-001", *_REGISTERS)),
)  # fmt: skip
