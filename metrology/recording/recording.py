# SPDX-License-Identifier: Apache-2.0
"""What another bench wrote down: instants, and the mass or the volume that was there at each."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from metrology.recording.unit import Dimension

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Recording:
    """A series of readings in the order of time.

    Attributes:
        source: the file, as told to people.
        times_s: since the first reading; strictly increasing, finite, shape (n,), n >= 2.
        amounts: what was read, finite, shape (n,): in mg where `measured` is mass, in µL where it is volume.
        measured: MASS or VOLUME.
        columns: the headings of the two columns.
        first_line: where in the file the first reading stands.
        begun_at: the time of the file's first reading as it stands there, for people.
        begins_s: the first reading here, since the first of the file: more than 0 where only a part is used.
        simulated: whether a twin delivered.
        assumed: what was taken for granted on the way, a sentence each.
    """

    source: str
    times_s: Floats
    amounts: Floats
    measured: Dimension
    columns: tuple[str, str]
    first_line: int
    begun_at: str = ""
    begins_s: float = 0.0
    simulated: bool = False
    assumed: tuple[str, ...] = field(default=())

    @property
    def unit(self) -> str:
        """Return the unit of `amounts`."""
        return "mg" if self.measured is Dimension.MASS else "µL"

    def line(self, index: int) -> int:
        """Return the line of the file in which a reading stands."""
        return self.first_line + int(index)
