# SPDX-License-Identifier: Apache-2.0
"""What a bad pump's registers show in place of what its firmware knows; a good pump's show that."""

import math
from collections.abc import Callable, Iterator, Mapping

from instruments.pump import PumpState
from instruments.register_map.codec import Value
from instruments.simulated.physics.hydraulics import HOUR_S, Hydraulics
from instruments.simulated.pump.firmware import Firmware
from instruments.simulated.specimen.recurrence import occasions
from instruments.simulated.specimen.register_faults import RegisterFaults
from instruments.simulated.time.device_clock import DAY_S
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

Reader = Callable[[], Value]
READ_BACK_GAIN = 1.1
_SECOND = 2
NIGHT_S, SLOW_SPELL_S = 19.0 * HOUR_S, 2.0 * HOUR_S


class Shown:
    """Puts readers in the place of good ones, only where a fault asks for it."""

    def __init__(self, timeline: Timeline, firmware: Firmware, hydraulics: Hydraulics, faults: RegisterFaults) -> None:
        self._timeline = timeline
        self._firmware = firmware
        self._hydraulics = hydraulics
        self._faults = faults
        self._rate_ul_per_h = self._rate_before_ul_per_h = 0.0
        self._stood_s = self._standing_since_s = 0.0
        if faults.active_rate_before or faults.counts_in_stop_ul_per_h:
            hydraulics.changed.subscribe(self._follow)

    def in_place_of(self, readers: Mapping[str, Reader]) -> dict[str, Reader]:
        """Return the readers of the points that show something else."""
        return {
            **dict(self._state()),
            **dict(self._rate(readers["active_rate_ul_per_h"])),
            **dict(self._counter(readers["delivered_volume_ul"])),
            **dict(self._reservoir(readers["reservoir_volume_ul"])),
            **dict(self._battery(readers["battery_percent"])),
            **dict(self._pressure(readers["catheter_pressure_kpa"])),
            **dict(self._read_back(readers)),
            **dict(self._counts()),
            **dict(self._clock(readers["device_clock_s"])),
        }

    def _follow(self, now_s: float) -> None:
        rate_ul_per_h = self._firmware.infusion.rate_ul_per_h
        if rate_ul_per_h == self._rate_ul_per_h:
            return
        if not self._rate_ul_per_h:
            self._stood_s += now_s - self._standing_since_s
        within_a_therapy = self._rate_ul_per_h and rate_ul_per_h
        self._rate_before_ul_per_h = self._rate_ul_per_h if within_a_therapy else rate_ul_per_h
        self._rate_ul_per_h = rate_ul_per_h
        self._standing_since_s = now_s

    def _state(self) -> Iterator[tuple[str, Reader]]:
        firmware, faults = self._firmware, self._faults
        if faults.says_stopped:
            runs = (PumpState.INFUSING, PumpState.BOLUS)
            yield "state", lambda: (PumpState.STOPPED if firmware.state in runs else firmware.state).value
        if faults.says_infusing:
            stands = (PumpState.STOPPED, PumpState.ALARM_STOPPED)
            yield "state", lambda: (PumpState.INFUSING if firmware.state in stands else firmware.state).value

    def _rate(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        if self._faults.active_rate_gain != 1.0:
            yield "active_rate_ul_per_h", lambda: _number(good()) * self._faults.active_rate_gain
        if self._faults.rate_in_stop_ul_per_h:
            yield "active_rate_ul_per_h", lambda: _number(good()) or self._faults.rate_in_stop_ul_per_h
        if self._faults.active_rate_before:
            yield "active_rate_ul_per_h", lambda: self._rate_before_ul_per_h

    def _counter(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        faults, timeline = self._faults, self._timeline
        if math.isfinite(faults.counter_zeroed_at_s):
            yield "delivered_volume_ul", _less_from(timeline, faults.counter_zeroed_at_s, good)
        if math.isfinite(faults.counter_held_at_s):
            yield "delivered_volume_ul", _held_from(timeline, faults.counter_held_at_s, good)
        if faults.counter_step_ul:
            yield (
                "delivered_volume_ul",
                lambda: max(0.0, _number(good()) + faults.counter_step_ul * occasions(timeline.now_s)),
            )
        if faults.counts_in_stop_ul_per_h:
            yield "delivered_volume_ul", lambda: _number(good()) + faults.counts_in_stop_ul_per_h * self._stood_h()

    def _reservoir(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        faults, counter = self._faults, self._firmware.counter
        if faults.reservoir_held:
            yield "reservoir_volume_ul", lambda: counter.filled_ul
        if faults.reservoir_fall_gain != 1.0:
            gain = faults.reservoir_fall_gain
            yield (
                "reservoir_volume_ul",
                lambda: max(0.0, counter.filled_ul - gain * (counter.filled_ul - _number(good()))),
            )
        if faults.keeps_reservoir_at_refill:
            first_ul = counter.filled_ul
            yield "reservoir_volume_ul", lambda: max(0.0, first_ul - counter.delivered_ul())

    def _battery(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        faults, timeline = self._faults, self._timeline
        if faults.battery_zero:
            yield "battery_percent", lambda: 0.0
        if faults.battery_held:
            yield "battery_percent", _held_from(timeline, 0.0, good)
        if faults.battery_jumps_percent:
            lacks = faults.battery_jumps_percent
            yield "battery_percent", lambda: _number(good()) - (lacks if self._firmware.loads < _SECOND else 0.0)
        if faults.battery_percent_per_day:
            rise_per_s = faults.battery_percent_per_day / DAY_S
            yield "battery_percent", lambda: min(100.0, 50.0 + rise_per_s * timeline.now_s)

    def _pressure(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        faults, hydraulics = self._faults, self._hydraulics
        if math.isfinite(faults.pressure_held_at_s):
            yield "catheter_pressure_kpa", _held_from(self._timeline, faults.pressure_held_at_s, good)
        if faults.pressure_offset_kpa or faults.pressure_sign != 1.0:
            yield (
                "catheter_pressure_kpa",
                lambda: faults.pressure_sign * _number(good()) + faults.pressure_offset_kpa,
            )
        if faults.pressure_kept_when_off:
            yield (
                "catheter_pressure_kpa",
                lambda: hydraulics.conditions.outlet_kpa if hydraulics.conditions.disconnected else good(),
            )

    def _read_back(self, readers: Mapping[str, Reader]) -> Iterator[tuple[str, Reader]]:
        name = "active_steps[0].rate_ul_per_h"
        good, from_s = readers[name], self._faults.read_back_from_s
        if math.isfinite(from_s):
            yield name, lambda: _number(good()) * (READ_BACK_GAIN if self._timeline.now_s >= from_s else 1.0)

    def _clock(self, good: Reader) -> Iterator[tuple[str, Reader]]:
        slow, timeline, firmware = self._faults.clock_slow_spell_ppm * 1e-6, self._timeline, self._firmware
        if self._faults.clock_set_by_s:
            set_by_s = self._faults.clock_set_by_s
            yield "device_clock_s", lambda: _number(good()) + set_by_s * max(0, firmware.loads - 1)
        if slow:
            yield (
                "device_clock_s",
                lambda: _number(good()) - slow * min(max(timeline.now_s - NIGHT_S, 0.0), SLOW_SPELL_S),
            )

    def _counts(self) -> Iterator[tuple[str, Reader]]:
        if self._faults.alarm_count_held:
            yield "alarm_log_count", lambda: 0
        if self._faults.bolus_count_held:
            yield "bolus_log_count", lambda: 0

    def _stood_h(self) -> float:
        now_stands_s = 0.0 if self._rate_ul_per_h else self._timeline.now_s - self._standing_since_s
        return (self._stood_s + now_stands_s) / HOUR_S


def _held_from(timeline: Timeline, when_s: float, good: Reader) -> Reader:
    held: list[Value] = []
    Timer(timeline, lambda: held.append(good())).set_at(when_s)
    return lambda: held[0] if held else good()


def _less_from(timeline: Timeline, when_s: float, good: Reader) -> Reader:
    before: list[Value] = []
    Timer(timeline, lambda: before.append(good())).set_at(when_s)
    return lambda: _number(good()) - (_number(before[0]) if before else 0.0)


def _number(value: Value) -> float:
    if isinstance(value, str | frozenset):
        raise TypeError(f"{value!r} is no number")
    return float(value)
