# SPDX-License-Identifier: Apache-2.0
"""The injectors of one run: what was moved, what stands, and the way back.

A fault counts as injected only when a sensor that is independent of the actuator shows it; until then nothing is
judged, and a rig that cannot make the fault is a bench fault. A fault that cannot be undone poisons the bench.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from bench.bench import Bench
from bench.injectors.fault import Fault
from bench.injectors.growing_fault import GrowingFault
from bench.injectors.injection import Injection
from bench.injectors.injector import Injector
from bench.injectors.line_fault import LineFault
from bench.injectors.supply import Supply
from bench.journal import Activities, Result
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive

POLL_S = 0.25


class Whereabouts(Protocol):
    """Where the injectors should be: what a watch compares their sensors with."""

    @property
    def moving(self) -> Injector | None:
        """Return the injector that is on its way, or was when it was last heard of."""
        ...

    def wanted_percent(self, injector: Injector) -> float:
        """Return where an injector was left."""
        ...

    @property
    def wanted_supply_mv(self) -> int | None:
        """Return what the rig is to supply to the pump; None while that is being changed."""
        ...


class Injectors:
    """Moves the rig's injectors.

    Attributes:
        injections: all faults of the run so far, the standing ones too.
        moving: the injector that is on its way, or was when it was last heard of.
    """

    def __init__(self, bench: Bench, activities: Activities) -> None:
        self.injections: list[Injection] = []
        self.moving: Injector | None = None
        self._bench = bench
        self._activities = activities

    @property
    def standing(self) -> tuple[Injection, ...]:
        """Return the faults that are there now."""
        return tuple(one for one in self.injections if one.released_s is None) if self.injections else ()

    def faulty_between(self, from_s: float, to_s: float) -> bool:
        """Tell whether any fault was there at any time between two instants of bench time."""
        return any(injection.overlaps(from_s, to_s) for injection in self.injections)

    def wanted_percent(self, injector: Fault) -> float:
        """Return where an injector was left."""
        standing = self._standing_of(injector)
        return 0.0 if standing is None else standing.percent

    @property
    def wanted_supply_mv(self) -> int | None:
        """Return what the rig is to supply to the pump; None while that is being changed."""
        if isinstance(self.moving, Supply):
            return None
        return next((one.injector.millivolts for one in self.standing if isinstance(one.injector, Supply)), 0)

    @contextmanager
    def injected(self, injector: Injector | LineFault, percent: float) -> Iterator[Injection]:
        """Make the fault of an injector while the block runs.

        Args:
            injector: which; see `injector_named`.
            percent: how much of it.

        Raises:
            BenchFault: its sensor does not show the fault, or does not show that it is gone again; the bench is then
                poisoned.
            Inconclusive: a run that was interrupted under this fault goes on; the safe state has undone it.
        """
        with self.growing(injector) as fault:
            yield fault.to(percent)

    @contextmanager
    def growing(self, injector: Injector | LineFault) -> Iterator[GrowingFault]:
        """Let the fault of an injector grow step by step while the block runs; it is undone at the end.

        Args:
            injector: which; see `injector_named`.

        Raises:
            BenchFault: this rig has no such injector; or its sensor does not show that the fault is gone again, and the
                bench is then poisoned.
            Inconclusive: a run that was interrupted under this fault goes on; the safe state has undone it.
        """
        if isinstance(injector, LineFault):
            injector.require(self._bench.rig)
        try:
            yield GrowingFault(injector.name, lambda percent: self._grow(injector, percent))
        except BaseException:
            self._bench.enter_safe_state()  # first: what the catheter stored must not come out while it drives
            raise
        finally:
            title = f"{injector.name} released"
            result = self._activities.do("release", lambda: self._release(injector), title, percent=0.0)
            if (standing := self._standing_of(injector)) is not None:
                standing.released_s = result["released_s"]

    def _grow(self, injector: Injector | LineFault, percent: float) -> Injection:
        """Move an injector on; the fault that stood before ends where the new one is confirmed."""
        before, title = self._standing_of(injector), f"{injector.name} {percent:g} % confirmed"
        result = self._activities.do("injection", lambda: self._inject(injector, percent), title, percent=percent)
        injection = Injection(injector, percent, result["sent_s"], result["confirmed_s"])
        if before is None:
            self._activities.on_resuming_live(self._refuse_to_resume_live)
        else:
            before.released_s, before.grew = injection.confirmed_s, True
            injection.grown_since_s = before.stood_since_s
        self.injections.append(injection)
        return injection

    def _standing_of(self, injector: Fault) -> Injection | None:
        """Return the fault of an injector that is there now."""
        return next((one for one in reversed(self.standing) if one.injector is injector), None)

    def _inject(self, injector: Injector | LineFault, percent: float) -> Result:
        sent_s = self._bench.clock.now_s()
        return {"sent_s": sent_s, "confirmed_s": self._move(injector, percent)}

    def _move(self, injector: Injector | LineFault, percent: float) -> float:
        """Order a move; return when its sensor showed it, and no other sensor contradicts that."""
        rig = self._bench.rig
        if not isinstance(injector, LineFault):
            self.moving = injector
            rig.write(injector.moved(rig.outputs(), percent))
            return self._confirm(injector, percent)
        before, from_percent = self._bench.reader.read(rig.read).observed, injector.observed_percent_of(rig)
        injector.order(rig, percent)
        confirmed_s = self._confirm(injector, percent)
        after = self._bench.reader.read(rig.read).observed
        if seen := injector.contradicted(before, after, percent - from_percent):
            operation = f"confirm by its effect that the {injector.name} is at {percent:g} %"
            raise BenchFault("rig", operation, seen, "see whether the actuator moves when its sensor says so")
        return confirmed_s

    def _refuse_to_resume_live(self) -> None:
        """Refuse to go on with a test whose fault was undone when the run was interrupted."""
        if self.standing:
            seen = f"the run was interrupted during a {self.standing[-1].what}, which the safe state undid"
            raise Inconclusive("bench", "resume", seen, "run this test again")

    def _release(self, injector: Injector | LineFault) -> Result:
        try:
            with self._bench.scheduler.undisturbed():
                return {"released_s": self._move(injector, 0.0)}
        except BenchFault as trouble:
            self._bench.poison(f"{injector.name} was not released: {trouble.finding}")
            raise

    def _observed_percent(self, injector: Injector | LineFault) -> float:
        rig = self._bench.rig
        if isinstance(injector, LineFault):
            return self._bench.reader.read(lambda: injector.observed_percent_of(rig)).observed
        return injector.observed_percent(self._bench.reader.read(rig.read).observed)

    def _confirm(self, injector: Injector | LineFault, percent: float) -> float:
        """Wait until the injector's own sensor shows `percent`, and return when it did."""
        wanted, clock = self._bench.file.rig, self._bench.clock
        end_s = clock.now_s() + wanted.injector_time_limit_s
        while True:
            observed_percent = self._observed_percent(injector)
            if abs(observed_percent - percent) <= wanted.position_tolerance_percent:
                self.moving = None
                return clock.now_s()
            if clock.now_s() >= end_s:
                raise BenchFault(
                    "rig",
                    f"move the {injector.name} injector to {percent:g} %",
                    f"its sensor still shows {observed_percent:g} % after {wanted.injector_time_limit_s:g} s",
                    "check the actuator, its supply and its sensor",
                )
            self._bench.scheduler.pass_for(POLL_S)
