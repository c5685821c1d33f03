# SPDX-License-Identifier: Apache-2.0
"""What a pump may tell of itself, or keep, and need not: each of it can be promised by a profile, or left out."""

from enum import StrEnum


class PumpFeature(StrEnum):
    """Features by the names that profiles use in `without`.

    What depends on a therapy mode is not here: a profile names its modes.
    """

    IDENTITY = "identity"
    """It says its model, its serial number and its firmware."""
    COUNTER = "counter"
    """It counts what it has delivered."""
    RESERVOIR = "reservoir"
    """It computes what is left in its reservoir."""
    BATTERY = "battery"
    """It tells the charge of its battery."""
    PRESSURE = "catheter_pressure"
    """It tells the pressure in the catheter."""
    ALARM_LOG = "alarm_log"
    """It keeps a log of its alarms."""
    BOLUS_LOG = "bolus_log"
    """It keeps a log of what was asked of it beside the schedule."""
    READ_BACK = "program_read_back"
    """It lets the program in force be read."""
    CHECKSUM = "program_checksum"
    """It takes a program only with its checksum."""

    @property
    def words(self) -> str:
        """Return what people read."""
        return _WORDS[self]


_WORDS = {
    PumpFeature.IDENTITY: "model, serial number and firmware",
    PumpFeature.COUNTER: "counter of delivered volume",
    PumpFeature.RESERVOIR: "computed reservoir volume",
    PumpFeature.BATTERY: "battery charge",
    PumpFeature.PRESSURE: "catheter pressure",
    PumpFeature.ALARM_LOG: "alarm log",
    PumpFeature.BOLUS_LOG: "bolus log",
    PumpFeature.READ_BACK: "read-back of the program in force",
    PumpFeature.CHECKSUM: "checksum of the program",
}
