# SPDX-License-Identifier: Apache-2.0
"""The patient's button: the rig presses the patient's own controller, and feels each press by a sensor of its own.

A press moves fluid, so it carries a number: the same number again presses nothing. Not every rig has one; what
`RigAbilities.patient_button` says is asked first.
"""

from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

NAME = "patient button"
"""What it is called where it is missing."""


@runtime_checkable
class PatientButton(Protocol):
    """A rig that can press the patient's button."""

    def press_patient_button(self) -> None:
        """Press it once, under the fencing token.

        Raises:
            WriteRefused: the token is stale, or the rig is in its safe state.
            BenchFault: there is none, or nobody can tell whether it was pressed.
        """
        ...

    def patient_button_presses(self) -> int:
        """Return how many presses its sensor has felt, modulo 65536.

        Raises:
            BenchFault: there is none, or the rig does not answer.
        """
        ...


def button_of(rig: object) -> PatientButton:
    """Return the button of a rig.

    Raises:
        BenchFault: it has none.
    """
    if isinstance(rig, PatientButton):
        return rig
    raise no_button("rig")


def no_button(asset: str) -> BenchFault:
    """Return the fault of a rig without one."""
    return BenchFault(asset, f"press the {NAME}", f"this rig has no {NAME}", f"run it on a bench with a {NAME}")
