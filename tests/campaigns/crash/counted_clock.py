# SPDX-License-Identifier: Apache-2.0
"""A machine's clock that goes on by a millisecond each time that it is read: the same run reads the same instants."""

TICK_S = 0.001


class CountedClock:
    """Stands in place of the module `time` where the machine's clock is read."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def monotonic(self) -> float:
        """Return the next instant."""
        self._now_s += TICK_S
        return self._now_s

    def clock_gettime(self, _clock: int) -> float:
        """Return the next instant: this computer never sleeps."""
        return self.monotonic()

    def thread_time(self) -> float:
        """Return that no processor time is used."""
        return 0.0

    def sleep(self, duration_s: float) -> None:
        """Let so much go by, without waiting."""
        self._now_s += duration_s
