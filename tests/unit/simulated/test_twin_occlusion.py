# SPDX-License-Identifier: Apache-2.0
"""The occlusion alarm comes when the pressure has stood over its threshold for its time, and not otherwise."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from instruments.simulated.physics.hydraulics import Conditions, Hydraulics
from instruments.simulated.pump.occlusion_watch import OcclusionWatch
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.time.timeline import Timeline
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

MODEL = PumpModel.named("implantable-20ml")
COMPLIANCE = MODEL.catheter.compliance_ul_per_kpa
THRESHOLD_KPA, HOLD_S = 60.0, 60.0


def kinked(rate_ul_per_h: float, percent: float = 100.0) -> OperatedTwin:
    bench = OperatedTwin()
    bench.run(continuous(rate_ul_per_h))
    bench.go(3000.0)
    bench.set_rig(kink_clamp_percent=percent)
    bench.go(0.5)
    return bench


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 41.67, 1000.0])
def test_a_full_kink_alarms_after_compliance_times_pressure_over_rate(rate_ul_per_h: float) -> None:
    bench = kinked(rate_ul_per_h)
    start_s, start_kpa = bench.now_s, bench.fluid.pressure_kpa()
    stroke_ul = bench.fluid.regime.stroke_ul
    interval_s = 0.5 / rate_ul_per_h * 3600.0
    rise_s = math.ceil(COMPLIANCE * (THRESHOLD_KPA - start_kpa) / stroke_ul) * interval_s
    bench.to(start_s + rise_s + HOLD_S + interval_s)
    code, onset_s, cleared_s = bench.alarm(0)
    assert (code, cleared_s) == ("occlusion", 0.0)
    assert bench.true_s(onset_s) - start_s == pytest.approx(rise_s + HOLD_S - interval_s / 2, abs=0.51 * interval_s)
    assert bench.pump("state") == "alarm_stopped"
    assert bench.pump("alarm_bits") == frozenset({"occlusion"})
    assert bench.pump("active_rate_ul_per_h") == 0.0


def test_the_pressure_stays_trapped_and_leaves_as_the_unintended_bolus_when_the_clamp_opens() -> None:
    bench = kinked(41.67)
    bench.go(7200.0)
    trapped_kpa, before_ul = bench.fluid.pressure_kpa(), bench.fluid.vessel_ul()
    assert trapped_kpa >= THRESHOLD_KPA
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(600.0)
    bolus_ul = bench.fluid.vessel_ul() - before_ul
    assert bolus_ul == pytest.approx(COMPLIANCE * (trapped_kpa - bench.fluid.pressure_kpa()), abs=1e-9)
    assert 11.7 < bolus_ul < 13.4  # C x 58.8 kPa, and at most three strokes until the alarm


def test_occlude_clear_occlude_alarms_both_times() -> None:
    bench = kinked(1000.0)
    bench.go(300.0)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(60.0)
    assert bench.command("acknowledge") == "accepted"
    assert bench.pump("state") == "stopped"
    assert bench.alarm(0)[2] > bench.alarm(0)[1]
    assert bench.command("start") == "accepted"
    bench.go(600.0)
    assert bench.pump("alarm_log_count") == 1
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(300.0)
    assert bench.pump("alarm_log_count") == 2
    assert bench.alarm(1)[0] == "occlusion"


def test_starting_against_a_catheter_that_is_still_shut_alarms_after_the_hold_time() -> None:
    bench = kinked(1000.0)
    bench.go(300.0)
    bench.command("acknowledge")
    bench.command("start")
    started_s = bench.now_s
    bench.go(120.0)
    assert bench.true_s(bench.alarm(1)[1]) - started_s == pytest.approx(HOLD_S, abs=1e-6)


def test_a_partial_kink_under_the_threshold_raises_no_alarm_and_delivers_on() -> None:
    bench = kinked(41.67, 50.0)
    before_ul = bench.fluid.vessel_ul()
    bench.go(86_400.0)
    assert bench.pump("alarm_log_count") == 0
    assert bench.fluid.vessel_ul() - before_ul == pytest.approx(41.67 * 24, rel=0.02)


def test_a_pump_that_stands_does_not_alarm_on_trapped_pressure() -> None:
    bench = kinked(1000.0)
    bench.go(50.0)
    bench.command("stop")
    bench.go(86_400.0)
    assert bench.fluid.pressure_kpa() > THRESHOLD_KPA
    assert bench.pump("alarm_log_count") == 0


def test_a_pump_without_catheter_sensor_reads_no_pressure_and_raises_no_catheter_alarm() -> None:
    bench = OperatedTwin("implantable-20ml-no-catheter-sensor")
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(3600.0)
    bench.set_rig(kink_clamp_percent=0.0, disconnect_valve=True)
    bench.go(3600.0)
    pressure_kpa = bench.pump("catheter_pressure_kpa")
    assert isinstance(pressure_kpa, float)
    assert math.isnan(pressure_kpa)
    assert bench.pump("alarm_log_count") == 0


class StrokeWatcher:
    """Finds the alarm by walking from stroke to stroke."""

    def __init__(self) -> None:
        self.since_s: float | None = None
        self.alarm_s: float | None = None

    def walk(self, fluid: Hydraulics, end_s: float) -> None:
        regime, threshold_ul = fluid.regime, fluid.excess_of(THRESHOLD_KPA)
        when_s, number, excess_ul = regime.start_s, 0, regime.excess_ul
        while self.alarm_s is None:
            if excess_ul >= threshold_ul and self.since_s is None:
                self.since_s = when_s
            until_s = min(end_s, regime.stroke_s(number + 1))
            low_s = math.inf
            if excess_ul < threshold_ul:
                low_s = when_s
            elif not math.isinf(regime.decay_s):
                low_s = when_s + regime.decay_s * math.log(excess_ul / threshold_ul)
            if self.since_s is not None and self.since_s + HOLD_S <= min(low_s, until_s):
                self.alarm_s = self.since_s + HOLD_S
            if low_s < until_s:
                self.since_s = None
            if regime.stroke_s(number + 1) > end_s:
                return
            number += 1
            when_s, excess_ul = regime.stroke_s(number), regime.excess_after(number)


Stretch = tuple[float, float, float]
"""How many strokes it lasts, the rate in uL/h, how far the clamp is closed."""
stretches = st.tuples(
    st.floats(0.2, 300.0),
    st.sampled_from([2.0, 5.0, 20.0, 1000.0]) | st.floats(2.0, 1500.0),
    st.sampled_from([0.0, 0.4, 0.7, 0.86472, 1.0]) | st.floats(0.3, 0.95),
)
SHORT_SPELLS: list[Stretch] = [(400.0, 2.0, 0.86472)]
"""Every peak ends over the threshold and stays there for 780 s, less than the 900 s to the next stroke."""
OPENED_UNDER_PRESSURE: list[Stretch] = [(24.3, 30.0, 1.0), (1.0, 2.0, 0.3)]
"""18 s over the threshold when the clamp opens; the pressure falls under it long before the next stroke."""
SHUT_ON_A_PEAK: list[Stretch] = [(400.0 + 10.0 / 900.0, 2.0, 1.0 - (7.2 / 20_750.0) ** 0.25), (0.5, 2.0, 1.0)]
"""Peaks last 35 s, too short for an alarm, but the clamp shuts 10 s after one: its spell began at the stroke."""


@given(st.lists(stretches, min_size=1, max_size=6))
@example(SHORT_SPELLS)
@example(OPENED_UNDER_PRESSURE)
@example(SHUT_ON_A_PEAK)
@settings(max_examples=150)
def test_the_alarm_that_is_looked_up_ahead_is_the_one_a_walk_from_stroke_to_stroke_finds(
    history: list[Stretch],
) -> None:
    timeline = Timeline()
    fluid = Hydraulics(timeline, MODEL, 1.2, 1.0)
    seen_s: list[float] = []
    watch = OcclusionWatch(timeline, fluid, THRESHOLD_KPA, HOLD_S, lambda: seen_s.append(timeline.now_s))
    fluid.changed.subscribe(lambda _: watch.plan(not seen_s))
    walker = StrokeWatcher()
    for strokes, rate, kink in history:
        fluid.change(Conditions(rate, kink))
        end_s = timeline.now_s + strokes * fluid.regime.interval_s
        walker.walk(fluid, end_s)
        timeline.advance_to(end_s)
    expected = [] if walker.alarm_s is None else [walker.alarm_s]
    assert seen_s[:1] == pytest.approx(expected, abs=1e-6)
