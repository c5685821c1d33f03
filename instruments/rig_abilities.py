# SPDX-License-Identifier: Apache-2.0
"""What a rig can do beyond what every rig must; the bench makes up for the rest where it can, and says where not."""

from dataclasses import dataclass, fields
from enum import StrEnum


class PumpHold(StrEnum):
    """How a rig keeps the pump stopped for as long as it is in its safe state."""

    NONE = "none"
    """It stops the pump once, on going there."""
    LINE = "line"
    """Its stop input or a relay in its supply stays asserted."""
    REPEATED = "repeated"
    """It is stopped again whenever it is seen to run."""


@dataclass(frozen=True)
class RigAbilities:
    """What one rig can do; the defaults are one that can do none of it.

    Attributes:
        pump_hold: how it holds the pump.
        pump_hold_limit_s: the longest time that a pump runs which is started while it is held.
        numbers_orders: whether it refuses an order to the actuators that lies behind a later one.
        most_token_step: the most that a fencing token may rise at once; 0 where one write can use all tokens up.
        drug_sensor: whether it sees the drug at the outlet and can fill the catheter, see `instruments.drug_path`.
        sound: whether it hears the pump, see `instruments.sound_channel`.
        patient_button: whether it can press the patient's button, see `instruments.patient_button`.
        refill_port: whether it can fill and empty the pump, see `instruments.refill_port`.
        chamber: whether it can hold the pump in a climate of its own, see `instruments.chamber`.
        outlet_lift: whether it can raise and lower the catheter's outlet, see `instruments.catheter_line`.
        mid_catheter_valve: whether it can open the catheter in its middle.
        sensor_relay: whether it can open the line of the sensor by which the pump sees its rotor turn.
    """

    pump_hold: PumpHold = PumpHold.NONE
    pump_hold_limit_s: float = 0.0
    numbers_orders: bool = False
    most_token_step: int = 0
    patient_button: bool = False
    drug_sensor: bool = False
    sound: bool = False
    refill_port: bool = False
    chamber: bool = False
    outlet_lift: bool = False
    mid_catheter_valve: bool = False
    sensor_relay: bool = False

    @property
    def holds_pump(self) -> bool:
        """Tell whether a pump that is started while the rig is safe stands again by the rig alone."""
        return self.pump_hold is not PumpHold.NONE

    @property
    def names(self) -> tuple[str, ...]:
        """Return what it can do of what it either can do or not."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) is True)

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return what it cannot do, and what follows, a phrase each."""
        told = {
            "it stops the pump once and does not hold it, so a keeper watches the pump": self.holds_pump,
            "it does not number orders, so one that was lost is not sent again": self.numbers_orders,
            "any token is taken, so one write can lock all sessions out": self.most_token_step > 0,
        }
        return tuple(phrase for phrase, able in told.items() if not able)
