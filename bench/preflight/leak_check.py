# SPDX-License-Identifier: Apache-2.0
"""A catheter that is shut must hold its pressure while the pump stands still.

The rig has no flow sensor, so a leak is looked for in two ways: here with the clamp shut, by the pump's own pressure
sensor; and in the blank, where fluid that creeps into the vessel makes it heavier. A pump without the sensor has the
second way only.
"""

import math

from bench.bench_file import CheckName, PreflightLimits
from bench.injectors import Catheter
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.scheduler import Scheduler
from instruments.pump import Pump
from metrology.verdict import Limits


class LeakCheck:
    """Shuts the clamp for a while and looks at the pressure behind it."""

    name = CheckName.LEAK

    def __init__(self, settings: PreflightLimits, catheter: Catheter, pump: Pump, scheduler: Scheduler) -> None:
        self.limits = Limits(-settings.leak_kpa, settings.leak_kpa, "kPa", "bench file, [preflight] leak_kpa")
        self._most_kpa = settings.leak_kpa
        self._hold_s = settings.leak_hold_s
        self._catheter = catheter
        self._pump = pump
        self._scheduler = scheduler

    def run(self) -> CheckFinding:
        """Return by how much the pressure moved; outside the limits it blocks."""
        operation = "hold the pressure with the clamp shut"
        if math.isnan(self._pump.read().catheter_pressure_kpa):
            seen = "the pump has no pressure sensor: a leak into the vessel shows in the blank"
            return CheckFinding(self.name, "catheter", operation, CheckState.OK, seen)
        with self._catheter.kinked():
            before_kpa = self._pump.read().catheter_pressure_kpa
            self._scheduler.pass_for(self._hold_s)
            moved_kpa = self._pump.read().catheter_pressure_kpa - before_kpa
        state = CheckState.judged(moved_kpa, 0.0, self.limits)
        seen = f"{before_kpa:.2f} kPa moved by {moved_kpa:+.3f} kPa in {self._hold_s:g} s"
        next_step = "" if state is CheckState.OK else "look for a leak between pump and clamp, tighten the joints"
        if state is CheckState.OK and abs(before_kpa) <= self._most_kpa:
            state, next_step = CheckState.WARN, "raise the outlet, so that a leak would show"
            seen += ", too little pressure to show a leak"
        return CheckFinding(self.name, "catheter", operation, state, seen, self.limits, moved_kpa, next_step=next_step)
