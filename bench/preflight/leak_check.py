# SPDX-License-Identifier: Apache-2.0
"""The rig must hold pressure: the pump presses a few microlitres against the shut clamp, and they have to stay there.

A leak between pump and clamp takes its share of every volume, and looks like a pump that gives too little. The pressure
is built by the pump's own strokes, so the outlet need not be raised. Afterwards the pump stands, the clamp is open, and
what was pressed in has run into the vessel, before that is tared. The record says how much of the reservoir it took.
"""

import math
from collections.abc import Sequence
from statistics import median, stdev

from bench.bench_file import CheckName, PreflightLimits
from bench.injectors import Catheter
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import BEYOND_DOUBT
from bench.preflight.held_pressure import HeldPressure
from bench.preflight.leak_evidence import Arrived, LeakEvidence
from bench.preflight.priming import STEP_UL, Priming
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
    ) -> None:
        self.limits = Limits(-settings.leak_kpa, settings.leak_kpa, "kPa", "bench file, [preflight] leak_kpa")
        self._settings = settings
        self._catheter = catheter
        self._pump = pump
        self._rig = rig
        self._series = series
        self._scheduler = scheduler
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
        told = any(one.responded for one in pressures)
        came_out = None if told or not priming.given_ul else self._came_out(empty)
        return LeakEvidence(priming.given_ul, answer, pressures, _arrived(empty, shut), came_out, hold_s)

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

    def _came_out(self, empty: Sequence[float]) -> Arrived:
        self._scheduler.pass_for(RELEASE_S)
        return _arrived(empty, self._weigh())

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


def _arrived(before_g: Sequence[float], after_g: Sequence[float]) -> Arrived:
    scatter_mg = 1000 * math.hypot(stdev(before_g), stdev(after_g))
    return Arrived(1000 * (median(after_g) - median(before_g)), BEYOND_DOUBT * scatter_mg / math.sqrt(READINGS))


def _or_nothing(number: float) -> float:
    """Return a number to compare by, the least there is for one that is none."""
    return number if math.isfinite(number) else -math.inf
