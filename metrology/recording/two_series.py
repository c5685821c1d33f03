# SPDX-License-Identifier: Apache-2.0
"""Tells where the lines of a table are readings of different things in turn: two pumps, gross and net.

Readings of one thing that follow each other lie as far apart as the flow takes them, and as the balance scatters. Where
those of one kind lie beyond the others throughout, their mean is nobody's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundfloor.errors import PlanError
from metrology.recording.recording import Floats

MOST_KINDS = 12
_FEWEST_OF_A_KIND = 3
_SHARE_OF_FLOW, _SIGMAS = 0.75, 6.0


@dataclass(frozen=True)
class SeriesInTurn:
    """Looks for columns that tell readings of different things apart.

    Attributes:
        who: the file, for a message.
        headings: of its columns.
        rows: its first lines.
        taken: columns of time, amount and unit, which are none.
    """

    who: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    taken: Collection[int | None]

    @property
    def labels(self) -> dict[int, list[str]]:
        """Return columns of few words, with these words."""
        found = dict[int, list[str]]()
        for place in range(len(self.headings)):
            values = list(dict.fromkeys(row[place] if place < len(row) else "" for row in self.rows))
            if place not in self.taken and 2 <= len(values) <= MOST_KINDS:
                found[place] = values
        return found

    def refuse(self, amounts: Floats) -> None:
        """Raise PlanError where the amounts of the first lines, NaN for none, differ by the words of a column."""
        good = np.flatnonzero(~np.isnan(amounts))
        for place, values in self.labels.items():
            kinds = [values.index(self.rows[one][place]) if place < len(self.rows[one]) else 0 for one in good.tolist()]
            if differ(amounts[good], kinds):
                raise self.error("readings of different things stand in turn", place)

    def error(self, seen: str, place: int | None = None) -> PlanError:
        """Return what a person is told, with the column that tells the readings apart if there is one."""
        labels = self.labels
        place = next(iter(labels), None) if place is None else place
        next_step = "write each into a file of its own, or tell them apart by a column (--only)"
        if place is not None:
            heading, values = self.headings[place] or str(place + 1), labels[place]
            shown = ", ".join(repr(value) for value in values[:4])
            next_step = f"column {heading!r} holds {shown}: choose one, --only '{heading}={values[0]}'"
        return PlanError(self.who, "read", f"two series in one file: {seen}", next_step)


def differ(amounts: Floats, kinds: Sequence[int] | npt.NDArray[np.integer]) -> bool:
    """Tell whether the readings of one kind lie beyond those of the others.

    Args:
        amounts: in the order of time; shape (n,).
        kinds: of each reading, from 0; shape (n,).
    """
    kind = np.asarray(kinds)
    found = np.unique(kind)
    if not 2 <= len(found) <= MOST_KINDS:
        return False
    series = [np.flatnonzero(kind == one) for one in found]
    if min(map(len, series)) < _FEWEST_OF_A_KIND:
        return False
    first = series[0]
    flow = float(np.median(np.abs(np.diff(amounts[first]))))
    for other in series[1:]:
        off = np.interp(other, first, amounts[first]) - amounts[other]
        off = off[(other > first[0]) & (other < first[-1])]
        if len(off) < _FEWEST_OF_A_KIND:
            continue
        error = 1.2533 * float(np.std(off)) / np.sqrt(len(off))
        if abs(float(np.median(off))) > _SHARE_OF_FLOW * flow + _SIGMAS * error:
            return True
    return False


def places_in_their_stamp(times_s: Floats) -> npt.NDArray[np.integer]:
    """Return of each reading whether it is the first, the second … of its stamp, from 0."""
    first = np.flatnonzero(np.diff(times_s, prepend=-np.inf) > 0)
    counts = np.diff(np.append(first, len(times_s)))
    return np.arange(len(times_s)) - np.repeat(first, counts)
