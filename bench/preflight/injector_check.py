# SPDX-License-Identifier: Apache-2.0
"""Each injector is moved and put back, with the pump stopped, before any test relies on it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from bench.bench_file import CheckName
from bench.clock import Clock
from bench.injectors import Catheter, Injection
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from metrology.verdict import Limits

LEAK_PERCENT = 50.0


class InjectorCheck:
    """Moves one injector there and back; both ways are confirmed by its own sensor, or it is a fault.

    One that does not come back poisons the bench.
    """

    def __init__(
        self,
        name: CheckName,
        injector: Callable[[], AbstractContextManager[Injection]],
        clock: Clock,
        time_limit_s: float,
    ) -> None:
        self.name = name
        self.limits = Limits(0.0, time_limit_s, "s", "bench file, injector_time_limit_s")
        self._injector = injector
        self._clock = clock

    @classmethod
    def all_of(
        cls,
        catheter: Catheter,
        clock: Clock,
        time_limit_s: float,
        disconnected: Callable[[], AbstractContextManager[Injection]] | None = None,
    ) -> "tuple[InjectorCheck, ...]":
        """Return one check per injector of the catheter; `disconnected` takes it off in place of the catheter's own."""
        return (
            cls(CheckName.KINK_CLAMP, catheter.kinked, clock, time_limit_s),
            cls(CheckName.DISCONNECT_VALVE, disconnected or catheter.disconnected, clock, time_limit_s),
            cls(CheckName.LEAK_VALVE, lambda: catheter.leaking(LEAK_PERCENT), clock, time_limit_s),
        )

    def run(self) -> CheckFinding:
        """Return the longer of both ways."""
        with self._injector() as moved:
            turned_s = self._clock.now_s()
        there_s, back_s = moved.confirmed_s - moved.sent_s, (moved.released_s or turned_s) - turned_s
        seen = f"there in {there_s:.2f} s, back in {back_s:.2f} s, by its own sensor"
        return CheckFinding(
            self.name, "rig", f"move the {self.name}", CheckState.OK, seen, self.limits, max(there_s, back_s)
        )
