# SPDX-License-Identifier: Apache-2.0
"""What stands above the readings in a measurement file of LabVIEW: units of the channels, one a column."""

from collections.abc import Sequence

LABVIEW_TIME = "X_Value"
"""Heads the seconds."""
_UNITS = "Y_Unit_Label"


def labview_headings(headings: Sequence[str], above: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return headings with the units that a line above them gives, channel by channel.

    Args:
        headings: the line with `X_Value`.
        above: the cells of the lines before it.
    """
    units = iter(next((list(cells[1:]) for cells in reversed(above) if cells and cells[0] == _UNITS), []))
    told = []
    for heading in headings:
        is_channel = heading and heading.casefold() not in (LABVIEW_TIME.casefold(), "comment")
        unit = next(units, "") if is_channel else ""
        told.append(f"{heading} [{unit}]" if unit else heading)
    return tuple(told)
