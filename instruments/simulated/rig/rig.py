# SPDX-License-Identifier: Apache-2.0
"""The rig controller: fault injectors with their own sensors, room sensors, fencing, watchdog and safe state.

What the register map leaves open: once a fencing token was seen, actuators are written only together with a token and a
number; going safe is taken without one, because it must never be refused, and leaving is not; in the safe state nothing
leaves its safe position, the pump's stop input stays asserted, and a tripped watchdog holds that state until it is
disarmed. A controller that lost power comes back in its safe state, with the watchdog tripped; clock, log, lease, token
and number outlive that.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.rig_abilities import PumpHold
from instruments.rig_guard import SafeReason
from instruments.simulated.rig.actuator import Actuator
from instruments.simulated.rig.catheter_line import POINTS as LINE
from instruments.simulated.rig.catheter_line import CatheterLine
from instruments.simulated.rig.chamber import POINTS as CHAMBER
from instruments.simulated.rig.chamber import Chamber
from instruments.simulated.rig.drug_exchange import POINTS as EXCHANGE
from instruments.simulated.rig.drug_exchange import DrugExchange
from instruments.simulated.rig.effect import Effect
from instruments.simulated.rig.lease import MOST_TOKEN_STEP, RigLease
from instruments.simulated.rig.microphone import Microphone
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.rig.patient_button import POINTS as PRESS
from instruments.simulated.rig.patient_button import PatientButton
from instruments.simulated.rig.refill_port import POINTS as REFILL
from instruments.simulated.rig.refill_port import RefillPort
from instruments.simulated.rig.safe_log import SafeLog
from instruments.simulated.rig.surroundings import RigSurroundings
from instruments.simulated.rig.watchdog import Watchdog
from instruments.simulated.specimen.ambient import SlowWave
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.recurrence import FIRST_S
from instruments.simulated.specimen.rig_faults import RigFaults
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

CLAMP_TRAVEL_S = 0.5
VALVE_TRAVEL_S = 0.1
CREEP_PERCENT = 20.0
CATHETER_OFF_S = 900.0
OUTLET_MOVES_S = 3600.0
SAFE: Mapping[str, Value] = {
    "kink_clamp_percent": 0.0,
    "disconnect_valve": False,
    "leak_valve_percent": 0.0,
    "supply_voltage_mv": 0,
    "magnet_field": False,
}
HOLD_LIMIT_S = 0.5
"""What it promises; its line acts at once."""
_MOST_PERCENT = 100.0


class RigController:
    """A `RegisterDevice` for the rig."""

    model = "RIG-twin"
    serial_number = "SIMRIG-0001"
    firmware_version = "1.0-twin"

    def __init__(self, surroundings: RigSurroundings, register_map: RegisterMap, faults: RigFaults) -> None:
        timeline = self._timeline = surroundings.timeline
        self._hydraulics = surroundings.hydraulics
        self._stop_pump = surroundings.stop_pump
        self._release_pump = surroundings.release_pump
        self._supply_pump = surroundings.supply_pump
        self._supplied_mv = 0.0
        self._field = surroundings.field
        self._points = {name: point for name, point in register_map.points.items() if point.table is Table.HOLDING}
        self._outputs: dict[str, Value] = {
            **SAFE, "safe_state": False, "heartbeat": 0, "watchdog_timeout_s": 0,
        }  # fmt: skip
        self._lease = RigLease(timeline)
        self._orders = OrderNumber()
        self._button = PatientButton(
            timeline,
            surroundings.press_button,
            dead="patient_button" in faults.dead_actuators,
            strikes=faults.button_strikes,
        )
        self._exchange = DrugExchange(
            timeline, surroundings.drug, Noise(surroundings.seed, "drug"), dead="exchange" in faults.dead_actuators
        )
        self._port = RefillPort(
            timeline, self._hydraulics, dead="refill_port" in faults.dead_actuators, shown_gain=faults.refill_meter_gain
        )
        self._chamber = Chamber(
            timeline, surroundings.climate, dead="chamber" in faults.dead_actuators, echoes=faults.chamber_echoes
        )
        self._line = CatheterLine(timeline, surroundings.hydraulics, faults, surroundings.sensor_line)
        self._watchdog = Watchdog(
            timeline,
            lambda: self._go_safe(SafeReason.WATCHDOG),
            dead=not faults.watchdog,
            most_s=faults.watchdog_most_s,
            clock_gain=faults.clock_gain,
        )
        self._faults = faults
        self._effect = Effect(faults)
        self._log = SafeLog(timeline)
        self._actuators = {name: self._actuator(name, faults) for name in SAFE}
        self._echoing = faults.echoing_sensors
        if faults.leak_share:
            self._hydraulics.change(replace(self._hydraulics.conditions, rig_leak_share=faults.leak_share))
        Timer(timeline, self._leak_opens).set_at(FIRST_S if faults.leak_opens_share else math.inf)
        Timer(timeline, self._power_up).set_at(faults.restarts_at_s)
        Timer(timeline, lambda: self._actuators["kink_clamp_percent"].jump_to(CREEP_PERCENT)).set_at(
            faults.clamp_creeps_at_s
        )
        Timer(timeline, self._narrow).set_at(faults.clamp_narrows_at_s)
        Timer(timeline, lambda: self._loosen(loose=True)).set_at(faults.catheter_off_at_s)
        Timer(timeline, lambda: self._loosen(loose=False)).set_at(faults.catheter_off_at_s + CATHETER_OFF_S)
        Timer(timeline, lambda: self._actuators["magnet_field"].jump_to(1.0)).set_at(faults.magnet_comes_at_s)
        if faults.stray_magnet:
            self._actuators["magnet_field"].jump_to(1.0)
        self._readers = {**self._feedback_readers(), **self._log.readers()}
        if faults.clock_gain != 1.0:
            self._readers["rig_clock_s"] = lambda: timeline.now_s * faults.clock_gain
        self._readers.update(self._room_readers(surroundings, faults))
        humid = self._readers["humidity_percent"]
        self._readers["humidity_percent"] = lambda: (
            humid() if timeline.now_s < faults.humidity_missing_at_s else math.nan
        )
        self._readers.update({name: partial(self._outputs.__getitem__, name) for name in self._outputs})
        self._readers.update(self._lease.readers())
        self._readers["actuator_sequence"] = lambda: self._orders.last
        self._readers.update({"exchange_token": lambda: self._lease.token, **self._exchange.readers()})
        if (stuck_ug_per_ml := faults.drug_sensor_stuck_ug_per_ml) is not None:
            self._readers["drug_concentration_ug_per_ml"] = lambda: stuck_ug_per_ml
        noise = Noise(surroundings.seed, "sound")
        microphone = Microphone(
            timeline,
            surroundings.pump_sounds,
            noise,
            deaf=faults.microphone_deaf,
            dull_db=faults.microphone_dull_db,
            foreign_every_s=faults.foreign_tone_every_s,
        )
        self._readers.update(microphone.readers())
        self._readers.update({"press_token": lambda: self._lease.token, **self._button.readers()})
        self._readers.update({"refill_token": lambda: self._lease.token, **self._port.readers()})
        self._readers.update({"chamber_token": lambda: self._lease.token, **self._chamber.readers()})
        self._readers.update({"line_token": lambda: self._lease.token, **self._line.readers()})

    def _actuator(self, name: str, faults: RigFaults) -> Actuator:
        closings = faults.clamp_closings if name == "kink_clamp_percent" else math.inf
        departures = dict(faults.departures).get(name, closings)
        dead = name in faults.dead_actuators
        travel_s = faults.clamp_travel_s if name == "kink_clamp_percent" else 0.0
        return Actuator(
            self._timeline,
            travel_s or _travel_s(name),
            self._pass_on,
            dead=dead,
            departures=departures,
            shown_late_s=faults.feedback_late_s,
            closes_late_s=dict(faults.closes_late_s).get(name, 0.0),
            lets_go_s=dict(faults.lets_go_s).get(name, math.inf),
        )

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        """Return the values of the points `names` at this instant."""
        readers = self._readers
        return {name: readers[name]() for name in names}

    def write(self, values: Mapping[str, Value]) -> None:
        """Take one write request.

        Raises:
            ValueError: a point cannot be written, a value cannot stand in it, the token is stale or missing, or an
                actuator is asked out of the safe state.
        """
        for name, value in values.items():
            if name not in self._points or "w" not in self._points[name].access:
                raise ValueError(f"rig: {name} cannot be written")
            self._points[name].encode(value)
            if name.endswith("_percent") and not 0.0 <= _number(value) <= _MOST_PERCENT:
                raise ValueError(f"rig: {name} runs from 0 to 100, not {value!r}")
        parts: tuple[tuple[Collection[str], Callable[..., None]], ...] = (
            (PRESS, self._button.write),
            (CHAMBER, self._chamber.write),
            (EXCHANGE, self._exchange.write),
            (REFILL, self._port.write),
            (LINE, self._line.write),
        )
        for points, write in parts:
            if any(name in points for name in values):
                write(values, self._lease.token, safe=bool(self._outputs["safe_state"]))
                return
        self._check_token(values)
        self._lease.check(values)
        if "actuator_sequence" in values:
            token, number = (int(_number(values[name])) for name in ("fencing_token", "actuator_sequence"))
            if self._orders.repeats(token, number):
                return
        self._check_safety(values)
        self._take(values)

    def _check_token(self, values: Mapping[str, Value]) -> None:
        highest = self._lease.token
        token = values.get("fencing_token")
        if token is not None and _number(token) < highest:
            raise ValueError(f"rig: fencing token {token} is stale, {highest} was seen")
        moves = any(name in SAFE for name in values)
        if token is None and highest and moves:
            raise ValueError("rig: actuators are written together with the fencing token")
        numbered = "actuator_sequence" in self._points and token is not None and moves
        if ("actuator_sequence" in values) is not numbered:
            raise ValueError("rig: actuators, fencing token and number are written together")
        if token is None and highest and values.get("safe_state") is False and self._outputs["safe_state"]:
            raise ValueError("rig: anybody may go to the safe state, leaving it takes the fencing token")

    def _check_safety(self, values: Mapping[str, Value]) -> None:
        leaves = values.get("safe_state") is False and not self._watchdog.tripped
        stays_safe = bool(values.get("safe_state")) or (bool(self._outputs["safe_state"]) and not leaves)
        unsafe = sorted(name for name, value in values.items() if name in SAFE and value != SAFE[name])
        if stays_safe and unsafe:
            raise ValueError(f"rig: {', '.join(unsafe)} cannot leave the safe state")

    def _take(self, values: Mapping[str, Value]) -> None:
        if "watchdog_timeout_s" in values:
            self._watchdog.arm(int(_number(values["watchdog_timeout_s"])))
        if "heartbeat" in values:
            self._watchdog.hear(int(_number(values["heartbeat"])))
        self._lease.take(values)
        if "actuator_sequence" in values:
            self._orders.take(self._lease.token, int(_number(values["actuator_sequence"])))
        self._outputs.update({name: value for name, value in values.items() if name in self._outputs})
        if self._watchdog.tripped:
            self._outputs["safe_state"] = True
        for name in SAFE:
            if name in values:
                self._actuators[name].go_to(_number(values[name]))
        if values.get("safe_state"):
            self._go_safe(SafeReason.COMMAND)
        elif not self._outputs["safe_state"]:
            self._log.leave()
            self._release_pump()

    def _power_up(self) -> None:
        self._watchdog.power_up()
        self._outputs["watchdog_timeout_s"] = 0
        self._go_safe(SafeReason.POWER)

    def _go_safe(self, reason: SafeReason) -> None:
        self._log.enter(reason, pump_stopped=self._stop_pump())
        if not self._faults.holds_pump:
            self._release_pump()
        self._port.go_safe()
        self._chamber.go_safe()
        self._outputs.update(SAFE)
        self._outputs["safe_state"] = True
        for name, value in SAFE.items():
            self._actuators[name].go_to(_number(value))
        self._line.go_safe()

    def _pass_on(self) -> None:
        self._field(bool(self._position("magnet_field")))
        self._hydraulics.change(self._effect.on(self._hydraulics.conditions, self._position))
        if (supplied_mv := self._position("supply_voltage_mv")) != self._supplied_mv:
            self._supplied_mv = supplied_mv
            self._supply_pump(supplied_mv + self._faults.supply_high_mv if supplied_mv else supplied_mv)

    def _leak_opens(self) -> None:
        share = self._faults.leak_opens_share
        self._hydraulics.change(replace(self._hydraulics.conditions, rig_leak_share=share))

    def _narrow(self) -> None:
        self._effect.narrow(self._faults.clamp_narrows_percent)
        self._pass_on()

    def _loosen(self, *, loose: bool) -> None:
        self._effect.loosen(loose=loose)
        self._pass_on()

    def _position(self, name: str) -> float:
        return self._actuators[name].position

    def _shown(self, name: str) -> float:
        """Return what the sensor of an actuator shows: where that is or was, or what it was told."""
        return _number(self._outputs[name]) if name in self._echoing else self._actuators[name].shown

    def _supply_mv(self) -> int:
        return int(self._shown("supply_voltage_mv") or self._faults.supply_at_rest_mv)

    def _feedback_readers(self) -> dict[str, Callable[[], Value]]:
        return {
            "kink_clamp_position_percent": partial(self._shown, "kink_clamp_percent"),
            "disconnect_valve_open": lambda: bool(self._shown("disconnect_valve")),
            "leak_valve_position_percent": partial(self._shown, "leak_valve_percent"),
            "magnet_field_present": lambda: bool(self._shown("magnet_field")),
            "supply_voltage_measured_mv": self._supply_mv,
            "watchdog_tripped": lambda: self._watchdog.tripped,
            "heartbeat_age_s": self._watchdog.age_s,
            "pump_hold": lambda: str(PumpHold.LINE if self._faults.holds_pump else PumpHold.NONE),
            "pump_hold_limit_s": lambda: HOLD_LIMIT_S if self._faults.holds_pump else 0.0,
            "most_token_step": lambda: MOST_TOKEN_STEP,
            "rig_model": lambda: self.model,
            "rig_serial_number": lambda: self.serial_number,
            "rig_firmware_version": lambda: self.firmware_version,
        }

    def _room_readers(self, surroundings: RigSurroundings, faults: RigFaults) -> dict[str, Callable[[], Value]]:
        ambient, specimen = surroundings.ambient, surroundings.specimen
        waves = {
            "outlet_pressure_kpa": (
                _lifted(_outlet_kpa(ambient.outlet_kpa, faults), self._line),
                faults.outlet_off_kpa,
                0.01,
            ),
            "temperature_c": (
                _both(ambient.temperature_c, specimen.temperature_error_c),
                faults.temperature_off_c,
                0.01,
            ),
            "air_pressure_hpa": (ambient.air_pressure_hpa.at, specimen.air_pressure_offset_hpa, 0.02),
            "humidity_percent": (ambient.humidity_percent.at, specimen.humidity_offset_percent, 0.1),
        }
        readers = {
            name: _sensor(self._timeline, wave, offset, Noise(surroundings.seed, name), sd)
            for name, (wave, offset, sd) in waves.items()
        }
        if faults.air_pressure_held:
            first_hpa = readers["air_pressure_hpa"]()
            readers["air_pressure_hpa"] = lambda: first_hpa
        if (stuck_c := faults.temperature_stuck_c) is not None:
            readers["temperature_c"] = lambda: stuck_c
        return readers


def _outlet_kpa(wave: SlowWave, faults: RigFaults) -> Callable[[float], float]:
    return lambda now_s: wave.at(now_s) + (faults.outlet_moves_kpa if 0 <= now_s - FIRST_S < OUTLET_MOVES_S else 0.0)


def _lifted(outlet: Callable[[float], float], line: CatheterLine) -> Callable[[float], float]:
    return lambda now_s: outlet(now_s) + line.lift_kpa


def _both(one: SlowWave, other: SlowWave) -> Callable[[float], float]:
    return lambda now_s: one.at(now_s) + other.at(now_s)


def _sensor(
    timeline: Timeline, truth: Callable[[float], float], offset: float, noise: Noise, sd: float
) -> Callable[[], Value]:
    return lambda: truth(timeline.now_s) + offset + sd * noise.normal(timeline.now_s)


def _travel_s(name: str) -> float:
    return CLAMP_TRAVEL_S if name == "kink_clamp_percent" else VALVE_TRAVEL_S


def _number(value: Value) -> float:
    if isinstance(value, str | frozenset):
        raise TypeError(f"{value!r} is no number")
    return float(value)
