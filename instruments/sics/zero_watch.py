# SPDX-License-Identifier: Apache-2.0
"""Whether the readings of a balance still share one zero.

A balance that lost power for a moment comes back with another zero and no tare, and answers as if nothing had been. Its
power-up line tells, if it gets through. If the line was out of step it may not have: then the tare memory, which a
restart empties, is the witness. Without a tare that is not zero there is no witness, and a restart cannot be excluded.
"""

from decimal import Decimal

from groundfloor.errors import BenchFault
from instruments.balance import BalanceRestarted, RestartNotExcluded

_VOID = "the run is void: find out why, then tare and start anew"


class ZeroWatch:
    """What is known about zero and tare of one balance.

    Attributes:
        relied_on: something depends on the zero: it was set, or a reading was given out.
        lost: why the zero is not known any more, until it is set anew.
    """

    def __init__(self, asset: str, *, tare_is_volatile: bool) -> None:
        self._asset = asset
        self._tare_is_volatile = tare_is_volatile
        self._tare_g: Decimal | None = None
        self.relied_on = False
        self.lost: BenchFault | None = None

    def tared(self, tare_g: Decimal | None) -> None:
        """Take note of a new tare, in g; None if the balance does not tell it."""
        self._tare_g, self.relied_on, self.lost = tare_g, True, None

    def zeroed(self) -> None:
        """Take note of a new zero, which clears the tare."""
        self._tare_g, self.relied_on, self.lost = Decimal(0), True, None

    def check_known(self, operation: str) -> None:
        """Raise what was lost, if anything was.

        Raises:
            BenchFault: zero is not known since an earlier fault, which this one repeats.
        """
        if self.lost is not None:
            raise type(self.lost)(self._asset, operation, self.lost.seen, self.lost.next_step)

    def confirm(self, tare_g: Decimal | None) -> None:
        """Compare the tare memory, in g, after the line was out of step; None if the balance does not tell it.

        Raises:
            BalanceRestarted: the tare is another one, or nothing could show that the balance has not restarted.
        """
        if self.lost is not None:
            return
        if not self.relied_on:
            self._tare_g = tare_g
        elif not self._tare_g or tare_g is None or not self._tare_is_volatile:
            seen = "the line was out of step, and no tare can show that the balance has not restarted"
            raise RestartNotExcluded(self._asset, "compare the tare", seen, _VOID)
        elif tare_g != self._tare_g:
            raise self._restarted(f"the tare was {self._tare_g} g and is now {tare_g} g")

    def _restarted(self, seen: str) -> BalanceRestarted:
        return BalanceRestarted(self._asset, "compare the tare", seen, _VOID)
