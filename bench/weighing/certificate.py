# SPDX-License-Identifier: Apache-2.0
"""An instrument's certificate in the course of a run: what is weighed after it ran out is no evidence.

The pre-flight looks at the day on which a run begins; a run may go on for weeks. So each mark asks once more, and a
window that would end too late is refused before hours are spent on it. What was judged before stays. Blank and noise
are differences over minutes and need no certificate, so the post-flight of what was weighed in time is still made.
"""

from typing import Self

from bench.bench import Bench
from bench.bench_file import Calibration
from bench.clock import Clock, bench_date
from bench.devices import SECOND
from groundfloor.errors import BenchFault


class Certificate:
    """The certificate of one instrument.

    Args:
        asset: whose it is.
        calibration: what it says.
        clock: bench time.
    """

    def __init__(self, asset: str, calibration: Calibration, clock: Clock) -> None:
        self._asset = asset
        self._calibration = calibration
        self._clock = clock

    @classmethod
    def of_balance(cls, bench: Bench) -> Self:
        """Return that of a bench's balance."""
        return cls("balance", bench.file.balance.calibration, bench.clock)

    @classmethod
    def of_measures(cls, bench: Bench) -> tuple[Self, ...]:
        """Return those of all that measure a bench's flow: the balance, and a second measure where there is one."""
        second = bench.file.second_measure
        beside = () if second is None else (cls(SECOND, second.instrument.calibration, bench.clock),)
        return cls.of_balance(bench), *beside

    def refuse_after(self, ahead_s: float, operation: str) -> None:
        """Refuse what would be over after the certificate's last day.

        Args:
            ahead_s: bench time from now until it is over.
            operation: what is going to be done, for the message.

        Raises:
            BenchFault: it would.
        """
        over_utc, calibration = bench_date(self._clock, ahead_s), self._calibration
        if over_utc < calibration.ends_utc:
            return
        seen = (
            f"certificate {calibration.certificate} counts to the end of {calibration.due}, UTC; "
            f"this is over at {over_utc:%Y-%m-%d %H:%M:%S}"
        )
        raise BenchFault(self._asset, operation, seen, "have it calibrated, or weigh no longer than the certificate")
