# SPDX-License-Identifier: Apache-2.0
"""A correction asked about a whole column: at once where it can, else reading by reading."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bench.corrections.correction import Correction
from groundfloor.errors import BenchFault
from groundfloor.plug_ins.guarded import MEND, refuse_other_types
from metrology.gravimetry import Amendment, WeighedGains

Floats = NDArray[np.float64]
IF_NAN = "return a number for each gain, or raise a BenchFault where the correction does not reach"
SAME_MG = 1e-6
"""A column and a single answer may differ by what rounding does, and by no more."""


@runtime_checkable
class CorrectsColumns(Protocol):
    """What a correction may offer besides `amendment`; millions of readings take seconds then, and not minutes."""

    def added_mg(self, gains: WeighedGains) -> Floats:
        """Return what `amendment` adds to each of the gains, in mg, in their order."""
        ...


class WholeColumn:
    """Asks one correction.

    Args:
        correction: the plug-in itself; what stands around this gives it up when it takes too long.
        told: what it is called in an error.
    """

    def __init__(self, correction: Correction, told: str) -> None:
        self._correction = correction
        self._told = told

    @property
    def at_once(self) -> bool:
        """Tell whether it takes a whole column."""
        return isinstance(self._correction, CorrectsColumns)

    def added_mg(self, gains: WeighedGains) -> Floats:
        """Return what it adds to each gain, in mg.

        Raises:
            BenchFault: it returns something else than so many numbers, or other ones than by `amendment`.
        """
        correction = self._correction
        if not isinstance(correction, CorrectsColumns):
            return np.array([self._one(one) for one in (correction.amendment(gain) for gain in gains)])
        added = np.asarray(correction.added_mg(gains), dtype=np.float64)
        if added.shape != (len(gains),) or not np.isfinite(added).all():
            seen = (
                f"for {len(gains)} readings it returned {added.size} numbers, {np.isfinite(added).sum()} of them finite"
            )
            raise BenchFault(self._told, "added_mg", seen, "return one number in mg for each of gains.end_g")
        self._refuse_another(gains, added)
        return added

    def _refuse_another(self, gains: WeighedGains, added: Floats) -> None:
        """Refuse a column that says otherwise than the single answers that the uncertainty rests on."""
        places: Iterable[int] = sorted({0, len(gains) // 2, len(gains) - 1})
        for place in places:
            alone_mg = self._one(self._correction.amendment(gains[place]))
            if abs(alone_mg - added[place]) > SAME_MG + 1e-9 * abs(alone_mg):
                seen = f"at reading {place + 1} its column adds {added[place]:g} mg, its amendment {alone_mg:g} mg"
                raise BenchFault(self._told, "added_mg", seen, MEND)

    def _one(self, amendment: Amendment) -> float:
        refuse_other_types(self._told, "amendment", amendment, Amendment, if_nan=IF_NAN)
        return with_uncertainty(self._told, amendment).added_mg


def with_uncertainty(told: str, amendment: Amendment) -> Amendment:
    """Return an amendment as it is.

    Raises:
        BenchFault: it adds something, and has no uncertainty.
    """
    added, u = amendment.added_mg, amendment.standard_uncertainty_mg
    if u < 0 or (u == 0 and added != 0):
        seen = f"it adds {added:g} mg, u = {u:g} mg: nothing is corrected without an uncertainty"
        raise BenchFault(told, "amendment", seen, MEND)
    return amendment
