# SPDX-License-Identifier: Apache-2.0
"""The volume with its expanded uncertainty at some instants: the band that a picture draws around a delivery curve."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from metrology.recording.recording import Floats
from metrology.uncertainty import Quantity

INSTANTS = 24
"""U grows smoothly: so many points draw it."""


@dataclass(frozen=True, eq=False)
class VolumeBand:
    """Volume and expanded uncertainty (95 %) at some instants; all of one shape.

    Attributes:
        times_s: the instants.
        volumes_ul: delivered since the first reading.
        expanded_ul: U of it.
    """

    times_s: Floats
    volumes_ul: Floats
    expanded_ul: Floats

    @classmethod
    def of(cls, points: Iterable[tuple[float, Quantity]]) -> Self:
        """Make a band of volumes in µL at instants in s."""
        rows = [(time_s, volume.value, volume.expanded_uncertainty()) for time_s, volume in points]
        columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        return cls(columns[0], columns[1], columns[2])

    @staticmethod
    def instants_s(times_s: Floats) -> Floats:
        """Return where to draw the band of a curve with these instants: readings, the last among them."""
        places = np.unique(np.linspace(1, len(times_s) - 1, INSTANTS).round().astype(int))
        chosen: Floats = times_s[places]
        return chosen
