# SPDX-License-Identifier: Apache-2.0
"""The names of the pre-flight checks, as a bench file switches them off and the journal tells of them."""

from enum import StrEnum


class CheckName(StrEnum):
    """One check of the bench, before the first infusion or after the last."""

    CALIBRATION = "calibration"
    PUMP_IDENTITY = "pump-identity"
    RIG_IDENTITY = "rig-identity"
    BALANCE_IDENTITY = "balance-identity"
    SECOND_IDENTITY = "second-measure-identity"
    TWINS = "twins"
    REGISTERS = "registers"
    SUPPLY = "supply"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    AIR_PRESSURE = "air-pressure"
    THERMOMETER = "thermometer"
    KINK_CLAMP = "kink-clamp"
    DISCONNECT_VALVE = "disconnect-valve"
    LEAK_VALVE = "leak-valve"
    RESTING_PRESSURE = "resting-pressure"
    LEAK = "leak"
    SENSITIVITY = "sensitivity"
    WARM_UP = "warm-up"
    BALANCE_NOISE = "balance-noise"
    BLANK = "blank"
    PUMP_CLOCK = "pump-clock"
    BLANK_CHANGE = "blank-change"
    """Only in the post-flight: the blank after the last infusion less the one before the first."""
