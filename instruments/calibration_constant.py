# SPDX-License-Identifier: Apache-2.0
"""The calibration constant of a pump: its label has it, and whoever programs the pump enters it.

A programmer that takes another constant for the pump's makes every volume and dose wrong by it. Not every pump can be
told; what cannot is one that is programmed without.
"""

from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault


@runtime_checkable
class TakesCalibration(Protocol):
    """A driver that can enter a calibration constant for the next program."""

    def calibration_percent(self) -> float:
        """Return the constant that the pump goes by now, in per cent of the nominal one.

        Raises:
            BenchFault: the pump has none, or the wire failed.
        """
        ...

    def enter_calibration(self, percent: float) -> None:
        """Enter the constant that the next program is loaded with; its loading ends that.

        Raises:
            BenchFault: the pump has no place for it, or the wire failed.
        """
        ...


def calibration_of(pump: object) -> TakesCalibration:
    """Return what enters calibration constants.

    Raises:
        BenchFault: this driver cannot.
    """
    if isinstance(pump, TakesCalibration):
        return pump
    raise no_calibration("pump")


def no_calibration(asset: str) -> BenchFault:
    """Return the fault of a pump that has none."""
    seen = "driver or register map has no place for a calibration constant"
    next_step = "add `calibration_percent` and `active_calibration_percent` to the pump's map"
    return BenchFault(asset, "enter its calibration constant", seen, next_step)
