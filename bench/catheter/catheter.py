# SPDX-License-Identifier: Apache-2.0
"""The catheter on the bench: kink it, take it off, let it leak, and put it back for sure.

A fault counts as injected only when a sensor that is independent of the actuator shows it; until then nothing is
judged, and a rig that cannot make the fault is a bench fault. A fault that cannot be undone poisons the bench.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench.bench import Bench
from bench.catheter.injection import Fault, Injection
from bench.journal import Activities, Result
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive
from instruments.rig import RigOutputs, RigReading

POLL_S = 0.25
FULLY = 100.0


class Catheter:
    """Injects the faults of a catheter through the rig.

    Attributes:
        injections: all faults of the run so far, the standing ones too.
        moving: the fault whose injector is on its way, or was when it was last heard of.
    """

    def __init__(self, bench: Bench, activities: Activities) -> None:
        self.injections: list[Injection] = []
        self.moving: Fault | None = None
        self._bench = bench
        self._activities = activities

    @contextmanager
    def kinked(self, percent: float = FULLY) -> Iterator[Injection]:
        """Clamp the catheter to `percent` (100 is shut) while the block runs.

        Raises:
            BenchFault: the clamp's sensor does not show it, or it does not open again.
        """
        with self._injected(
            Fault.KINK, percent, lambda outputs, value: replace(outputs, kink_clamp_percent=value)
        ) as it:
            yield it

    @contextmanager
    def disconnected(self) -> Iterator[Injection]:
        """Take the catheter off while the block runs: what the pump gives does not reach the vessel."""
        with self._injected(
            Fault.DISCONNECT, FULLY, lambda outputs, value: replace(outputs, disconnect_valve=value > 0)
        ) as it:
            yield it

    @contextmanager
    def leaking(self, percent: float) -> Iterator[Injection]:
        """Let `percent` of the flow leak out beside the vessel while the block runs."""
        with self._injected(
            Fault.LEAK, percent, lambda outputs, value: replace(outputs, leak_valve_percent=value)
        ) as it:
            yield it

    @property
    def standing(self) -> bool:
        """Tell whether a fault is there now."""
        return any(injection.released_s is None for injection in self.injections)

    def faulty_between(self, from_s: float, to_s: float) -> bool:
        """Tell whether any fault was there at any time between two instants of bench time."""
        return any(injection.overlaps(from_s, to_s) for injection in self.injections)

    @contextmanager
    def _injected(
        self, fault: Fault, percent: float, change: Callable[[RigOutputs, float], RigOutputs]
    ) -> Iterator[Injection]:
        injection: Injection | None = None
        try:
            title = f"{fault} {percent:g} % confirmed"
            result = self._activities.do(
                "injection", lambda: self._inject(fault, percent, change), title, percent=percent
            )
            injection = Injection(fault, percent, result["sent_s"], result["confirmed_s"])
            self.injections.append(injection)
            self._activities.on_resuming_live(self._refuse_to_resume_live)
            yield injection
        except BaseException:
            self._bench.enter_safe_state()  # first: what the catheter stored must not come out while it drives
            raise
        finally:
            result = self._activities.do(
                "release", lambda: self._release(fault, change), f"{fault} released", percent=0.0
            )
            if injection is not None:
                injection.released_s = result["released_s"]

    def _inject(self, fault: Fault, percent: float, change: Callable[[RigOutputs, float], RigOutputs]) -> Result:
        sent_s, self.moving = self._bench.clock.now_s(), fault
        self._bench.rig.write(change(self._bench.rig.outputs(), percent))
        return {"sent_s": sent_s, "confirmed_s": self._confirm(fault, percent)}

    def _refuse_to_resume_live(self) -> None:
        """Refuse to go on with a test whose fault was undone when the run was interrupted."""
        standing = [one.fault for one in self.injections if one.released_s is None]
        if standing:
            raise Inconclusive(
                "bench", "resume", f"the run was interrupted during a {standing[-1]}, which the safe state undid",
                "run this test again",
            )  # fmt: skip

    def _release(self, fault: Fault, change: Callable[[RigOutputs, float], RigOutputs]) -> Result:
        rig, self.moving = self._bench.rig, fault
        try:
            with self._bench.scheduler.undisturbed():
                rig.write(change(rig.outputs(), 0.0))
                return {"released_s": self._confirm(fault, 0.0)}
        except BenchFault as trouble:
            self._bench.poison(f"{fault} was not released: {trouble.finding}")
            raise

    def _confirm(self, fault: Fault, percent: float) -> float:
        """Wait until the injector's own sensor shows `percent`, and return when it did."""
        wanted, clock = self._bench.file.rig, self._bench.clock
        end_s = clock.now_s() + wanted.injector_time_limit_s
        while True:
            seen_percent = position_percent(self._bench.reader.read(self._bench.rig.read).observed, fault)
            if abs(seen_percent - percent) <= wanted.position_tolerance_percent:
                self.moving = None
                return clock.now_s()
            if clock.now_s() >= end_s:
                raise BenchFault(
                    "rig",
                    f"move the {fault} injector to {percent:g} %",
                    f"its sensor still shows {seen_percent:g} % after {wanted.injector_time_limit_s:g} s",
                    "check the actuator, its supply and its sensor",
                )
            self._bench.scheduler.pass_for(POLL_S)


def position_percent(reading: RigReading, fault: Fault) -> float:
    """Return where the injector of `fault` really is, by its own sensor."""
    if fault is Fault.KINK:
        return reading.kink_clamp_position_percent
    if fault is Fault.LEAK:
        return reading.leak_valve_position_percent
    return FULLY if reading.disconnect_valve_open else 0.0
