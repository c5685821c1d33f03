# SPDX-License-Identifier: Apache-2.0
"""Small devices in place of the twin's physics, so that the servers are tested for what *they* do.

As a program (`python tests/sim/stand_in_twin.py …`) it serves them as a twin process does. The load on the cell grows
by 1 mg/s and carries noise that depends on seed and instant only; it is unsettled for `SETTLING_S` after each jolt.
"""

import random
import sys
from collections.abc import Mapping, Sequence

from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point
from instruments.simulated.served.devices import LoadStatus, Weighing
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions

SETTLING_S = 2.0
RESTART_DEFECT = "balance_restarts_at_s"


class StandInDevice:
    """Holds the values of every point of a map; refuses a `step_count` over 13."""

    def __init__(self, register_map: RegisterMap, timeline: Timeline, clock_point: str) -> None:
        self.values: dict[str, Value] = {name: _some_value(point) for name, point in register_map.points.items()}
        self.requests: list[Mapping[str, Value]] = []
        self._timeline = timeline
        self._clock_point = clock_point

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        self.values[self._clock_point] = self._timeline.now_s
        return {name: self.values[name] for name in names}

    def write(self, values: Mapping[str, Value]) -> None:
        steps = values.get("step_count", 0)
        if isinstance(steps, int) and steps > 13:
            raise ValueError("a program has 13 steps at most")
        self.requests.append(values)
        self.values.update(values)


def _some_value(point: Point) -> Value:
    if point.type == "string":
        return "STAND-IN"
    if point.type == "enum":
        return next(iter(point.values))
    if point.type == "bits":
        return frozenset()
    return False if point.type == "bool" else 3


class StandInCell:
    model = "WX205 STAND-IN"
    serial_number = "B207696838"
    firmware_version = "1.0-twin"
    capacity_g = 220.0
    readability_g = 0.00001

    def __init__(self, seed: int, timeline: Timeline) -> None:
        self.host_unit = "g"
        self.auto_zero = False
        self.auto_adjustment = False
        self.internal_weight_g: float | None = None
        self.restarts = 0
        self.status = LoadStatus.IN_RANGE
        self.jolted_at_s = -SETTLING_S
        self.load_g = 100.0
        self._seed = seed
        self._timeline = timeline
        self._zero_g = 0.0
        self._tare_g = 0.0

    def weigh(self) -> Weighing:
        net_g = round(self._gross_g() - self._tare_g, 5)
        return Weighing(net_g, self.stable_at_s() <= self._timeline.now_s, self.status)

    def answer(self) -> Weighing:
        return self.weigh()

    def put_on_internal_weight(self) -> None:
        pass

    def lift_internal_weight(self) -> None:
        pass

    def stable_at_s(self) -> float:
        return max(self._timeline.now_s, self.jolted_at_s + SETTLING_S)

    def tare(self) -> float:
        self._tare_g = round(self._gross_g(), 5)
        return self._tare_g

    def zero(self) -> None:
        self._zero_g += self._gross_g()
        self._tare_g = 0.0

    def restart(self) -> None:
        self.restarts += 1
        self._zero_g = self._tare_g = 0.0
        self.host_unit = "g"

    def temperature_c(self) -> float:
        return 21.0

    def _gross_g(self) -> float:
        now_s = self._timeline.now_s
        noise_g = random.Random(f"{self._seed} {now_s}").gauss(0, 2e-5)
        return self.load_g + 0.001 * now_s + noise_g - self._zero_g


class StandInTwin:
    def __init__(self, seed: int = 1) -> None:
        self.timeline = Timeline()
        self.pump = StandInDevice(RegisterMap.named("pump"), self.timeline, "device_clock_s")
        self.rig = StandInDevice(RegisterMap.named("rig"), self.timeline, "heartbeat_age_s")
        self.cell = StandInCell(seed, self.timeline)
        self.second = None
        self.pump.values["serial_number"] = "PUMP-1"
        self.rig.values["rig_serial_number"] = "RIG-1"


def assemble(_model: str, seed: int, defects: Sequence[str]) -> StandInTwin:
    twin = StandInTwin(seed)
    for defect in defects:
        name, _, value = defect.partition("=")
        if name == RESTART_DEFECT:
            twin.timeline.at(float(value), twin.cell.restart)
        elif name == "jolt_at_start":
            twin.cell.jolted_at_s = 0.0
        elif name == "breaks_at_s":
            twin.timeline.at(float(value), _break)
    return twin


def _break() -> None:
    raise ZeroDivisionError("the physics is wrong")


if __name__ == "__main__":
    sys.exit(run(TwinOptions.parse(sys.argv[1:]), assemble=assemble))
