# SPDX-License-Identifier: Apache-2.0
"""A second, independent measure of the flow: a good one beside a good balance, and one that is off."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_second
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, blocks, is_harmless
from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.second_instrument import SecondInstrument, Shows

_INSTRUMENT = Asset.INSTRUMENT

SECOND_MEASURES = (
    Defect("second_balance", _INSTRUMENT, "nothing is wrong: the pump stands on a second balance", None, 0.0, 0.0,
           in_second(lambda good, _: replace(good, shows=Shows.PUMP)), is_harmless(AT_HIGH_RATE)),
    Defect("flow_sensor", _INSTRUMENT, "nothing is wrong: a flow sensor shows the mass that has passed the outlet",
           None, 0.0, 0.0, in_second(lambda good, _: replace(good, shows=Shows.PASSED)), is_harmless(AT_HIGH_RATE)),
    Defect("second_balance_scale", _INSTRUMENT, "the second balance, under the pump, shows this share too much", 0.05,
           -0.5, 0.3, in_second(lambda _, x: SecondInstrument(Shows.PUMP, 1.0 + x)), blocks(AT_HIGH_RATE),
           also=(-0.05,)),
    Defect("flow_sensor_scale", _INSTRUMENT, "the flow sensor shows this share too much", -0.05, -0.5, 1.0,
           in_second(lambda _, x: SecondInstrument(Shows.PASSED, 1.0 + x)), blocks(AT_HIGH_RATE)),
)  # fmt: skip
