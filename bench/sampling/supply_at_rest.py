# SPDX-License-Identifier: Apache-2.0
"""The supply of a pump that nobody supplies: it runs on its own battery, and the rig measures nothing.

A rig that measures the battery's voltage instead, or that feeds the pump by itself, would make every infusion end: what
a sagging supply does to a pump could not be told from the pump's own doing.
"""

from instruments.rig import RigOutputs

SUPPLY_SLACK_MV = 50
AT_REST = RigOutputs()
"""Nothing moves the supply in an infusion."""
SUPPLY_NEXT_STEP = (
    "see what feeds the pump; the rig must measure its own output, which is off (0 mV), and not the pump's battery"
)


def supply_out_of_place(measured_mv: float, wanted_mv: float = AT_REST.supply_voltage_mv) -> str:
    """Return what is wrong with the supply of the pump, as a phrase; empty where nothing is."""
    if abs(measured_mv - wanted_mv) <= SUPPLY_SLACK_MV:
        return ""
    return f"{measured_mv} mV are measured, {wanted_mv} mV were asked for"
