# SPDX-License-Identifier: Apache-2.0
"""The rig must hold pressure: the pump presses a few microlitres against the shut clamp, and they have to stay there.

A leak between pump and clamp takes its share of every volume, and looks like a pump that gives too little. The pressure
is built by the pump's own strokes, so the outlet need not be raised. Afterwards the pump stands, the clamp is open, and
what was pressed in has run into the vessel, before that is tared: in the time that a free catheter takes, or the clamp
did not open all the way. The record says how much of the reservoir it took.
"""

import math
from collections.abc import Sequence
from statistics import fmean

from bench.bench_file import CheckName, PreflightLimits
from bench.injectors import Catheter
from bench.preflight.arrived import Arrived
from bench.preflight.check_finding import CheckFinding
from bench.preflight.held_pressure import HeldPressure
from bench.preflight.leak_evidence import LeakEvidence
from bench.preflight.priming import STEP_UL, Priming
from bench.preflight.way_out import BALANCE_FOLLOWS_S, HOME_SHARE, LOOKS_EVERY_S, WayOut, most_s
from bench.scheduler import Scheduler
from bench.weighing import BalanceSeries
from instruments.pump import CommandResult, Pump
from instruments.rig import Rig
from metrology.verdict import Limits

READINGS = 5
SPACING_S = 1.0
REST_S = 10.0
"""The wall of a tube gives way a little after a stroke."""
RELEASE_S = 120.0
"""So long a catheter takes to let out what it stored (assumed: ten times R·C of a narrow one)."""
NARROW_S = RELEASE_S / 10
"""R·C of a catheter of which no profile tells."""

Pressures = tuple[float, float]


class LeakCheck:
    """Shuts the clamp, presses fluid against it and looks whether it stays.

    Args:
        settings: how much, how long, and how far the pressure may move.
        catheter: has the clamp.
        pump: is stopped.
        rig: may have a sensor of its own before the clamp.
        series: of the balance.
        scheduler: passes time.
        time_constant_s: the greatest R·C of the catheter.
    """

    name = CheckName.LEAK

    def __init__(
        self,
        settings: PreflightLimits,
        catheter: Catheter,
        pump: Pump,
        rig: Rig,
        series: BalanceSeries,
        scheduler: Scheduler,
        time_constant_s: float = NARROW_S,
    ) -> None:
        self.limits = Limits(-settings.leak_kpa, settings.leak_kpa, "kPa", "bench file, [preflight] leak_kpa")
        self._settings = settings
        self._catheter = catheter
        self._pump = pump
        self._rig = rig
        self._series = series
        self._scheduler = scheduler
        self._time_constant_s = time_constant_s
        self._peaks: Pressures = (math.nan, math.nan)

    def run(self) -> CheckFinding:
        """Return by how much the pressure moved; outside the limits it blocks.

        Raises:
            BenchFault: clamp, pump or balance do not do as they are told.
        """
        evidence = self._press()
        state, seen, next_step = evidence.judged(self.limits)
        gauge = evidence.gauge
        moved_kpa = gauge.moved_kpa if gauge is not None else None
        uncertainty_kpa = gauge.standard_uncertainty_kpa if gauge is not None else 0.0
        operation = "hold the pressure with the clamp shut"
        return CheckFinding(
            self.name, "rig", operation, state, seen, self.limits, moved_kpa, uncertainty_kpa, next_step
        )

    def _press(self) -> LeakEvidence:
        hold_s = self._settings.leak_hold_s
        with self._catheter.kinked():
            rest, empty = self._look(), self._weigh()
            self._peaks = rest
            priming = Priming(self._pump, self._scheduler, self._look)
            answer = self._build(priming, rest)
            self._scheduler.pass_for(REST_S)
            begin = self._readings()
            self._scheduler.pass_for(hold_s)
            end, shut = self._readings(), self._weigh()
        pressures = tuple(
            HeldPressure(of, rest[n], self._peaks[n], [one[n] for one in begin], [one[n] for one in end])
            for n, of in enumerate(("pump's sensor", "rig's sensor"))
        )
        passed = Arrived.between(empty, shut)
        way_out = self._way_out(priming.given_ul, pressures, empty) if priming.given_ul else None
        return LeakEvidence(priming.given_ul, answer, pressures, passed, way_out, hold_s)

    def _build(self, priming: Priming, rest: Pressures) -> str:
        """Prime until the pressure is built, or until it is enough; return why the pump would not, if it refuses."""
        while priming.given_ul + STEP_UL <= self._settings.leak_build_ul:
            answer = priming.give(STEP_UL)
            if answer is not CommandResult.ACCEPTED:
                return f"the pump answered {answer}"
            rise_kpa = max((now - before for now, before in zip(self._look(), rest, strict=True)), key=_or_nothing)
            if _or_nothing(rise_kpa) >= self._settings.leak_build_kpa:
                break
        return "" if priming.given_ul else "leak_build_ul is too small"

    def _way_out(self, primed_ul: float, pressures: Sequence[HeldPressure], empty: Sequence[float]) -> WayOut:
        """Follow the first pressure that tells until it is home; else weigh twice, early and late."""
        limit_s, opened_s = most_s(self._time_constant_s), self._scheduler.clock.now_s()
        gauge = next((n for n, one in enumerate(pressures) if one.responded), None)
        took_s = left_share = math.nan
        if gauge is None:
            self._scheduler.pass_for(limit_s)
        else:
            held = pressures[gauge]
            built_kpa = max(fmean(held.end_kpa) - held.rest_kpa, math.ulp(1.0))
            while True:
                left_share = (self._look()[gauge] - held.rest_kpa) / built_kpa
                took_s = self._scheduler.clock.now_s() - opened_s
                if left_share <= HOME_SHARE or took_s >= limit_s:
                    break
                self._scheduler.pass_for(LOOKS_EVERY_S)
        home = left_share <= HOME_SHARE
        self._scheduler.pass_for(BALANCE_FOLLOWS_S)
        early = Arrived.between(empty, self._weigh())
        if home:
            return WayOut(primed_ul, took_s, left_share, None, early, limit_s)
        self._scheduler.pass_until(max(opened_s + RELEASE_S, opened_s + 2 * limit_s))
        return WayOut(primed_ul, took_s, left_share, early, Arrived.between(empty, self._weigh()), limit_s)

    def _look(self) -> Pressures:
        """Read both pressures, and keep the highest."""
        now = self._pump.read().catheter_pressure_kpa, self._rig.read().outlet_pressure_kpa
        peaks = [max(pair, key=_or_nothing) for pair in zip(now, self._peaks, strict=True)]
        self._peaks = peaks[0], peaks[1]
        return now

    def _readings(self) -> list[Pressures]:
        found = [self._look()]
        while len(found) < READINGS:
            self._scheduler.pass_for(SPACING_S)
            found.append(self._look())
        return found

    def _weigh(self) -> Sequence[float]:
        return self._series.read(READINGS, SPACING_S).masses_g


def _or_nothing(number: float) -> float:
    """Return a number to compare by, the least there is for one that is none."""
    return number if math.isfinite(number) else -math.inf
