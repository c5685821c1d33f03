# SPDX-License-Identifier: Apache-2.0
"""What another bench wrote down: instants, and the mass or the volume that was there at each."""

from dataclasses import dataclass, field, replace

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
        qualifiers: which of that spoils a verdict.
        read_as: how the file was understood, in one line.
        lines: the line of each reading, where they do not follow each other from `first_line` on.
        stamp_half_width_s: how far a reading may lie from its stamp because stamps are coarse.
        local_clock: whether the stamps are those of a clock on a wall, which its place may set forward or back.
        from_source: whether the vessel on the balance is the one that is drawn from; amounts are then what left it.
        taken_out: stretches that a person took out: where each was, on the time of what is left, and how long it took.
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
    qualifiers: tuple[str, ...] = ()
    read_as: str = ""
    lines: npt.NDArray[np.integer] | None = None
    stamp_half_width_s: float = 0.0
    local_clock: bool = False
    from_source: bool = False
    taken_out: tuple[tuple[float, float], ...] = ()

    @property
    def unit(self) -> str:
        """Return the unit of `amounts`."""
        return "mg" if self.measured is Dimension.MASS else "µL"

    def line(self, index: int) -> int:
        """Return the line of the file in which a reading stands."""
        return self.first_line + int(index) if self.lines is None else int(self.lines[index])

    def file_s(self, index: int) -> float:
        """Return when a reading was taken, since the first reading of the file."""
        at_s = float(self.times_s[index])
        return at_s + self.begins_s + sum(took_s for out_s, took_s in self.taken_out if out_s < at_s)

    def file_begin_s(self, index: int) -> float:
        """Return when the interval behind a reading began: where a stretch was taken out there, at its end."""
        at_s = float(self.times_s[index])
        return at_s + self.begins_s + sum(took_s for out_s, took_s in self.taken_out if out_s <= at_s)

    def part(self, kept: slice | npt.NDArray[np.bool_]) -> "Recording":
        """Return some of the readings, on the same time; at least two."""
        lines = self.lines
        if lines is None and not isinstance(kept, slice):
            lines = self.first_line + np.arange(len(self.times_s), dtype=np.int64)
        return replace(
            self,
            times_s=self.times_s[kept],
            amounts=self.amounts[kept],
            lines=None if lines is None else lines[kept],
            first_line=self.line(range(len(self.times_s))[kept][0]) if isinstance(kept, slice) else self.first_line,
        )
