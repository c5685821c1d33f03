# SPDX-License-Identifier: Apache-2.0
"""The climate around the pump in one infusion: held by the rig's chamber, and shown by the chamber's own sensors."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.infusion.course import Course
from bench.journal import Result
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive
from instruments.chamber import NAME, OFF, ChamberReading, chamber_of, no_chamber

POLL_S = 10.0
LIMIT_S = 7200.0
"""So long a chamber may take."""
SOAK_S = 3600.0
"""So long the pump takes to have the temperature of its chamber through and through (assumed)."""
SLACK_C, SLACK_HPA = 0.5, 5.0


class Environment:
    """Holds the pump in another climate than the room's."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._bench = course.setting.bench

    def require_chamber(self) -> None:
        """Refuse a bench whose rig has no chamber.

        Raises:
            BenchFault: it has none.
        """
        if not self._bench.rig.abilities().chamber:
            raise no_chamber("rig")

    @contextmanager
    def held(self, temperature_c: float = OFF, air_pressure_hpa: float = OFF) -> Iterator[None]:
        """Hold the pump at a temperature, an air pressure or both while the block runs; what is left out is the room's.

        Raises:
            BenchFault: there is no chamber, or its own sensors do not show it, at the beginning or at the end.
            Inconclusive: a run that was interrupted meanwhile goes on; the safe state has switched the chamber off.
        """
        self.require_chamber()
        setting, wanted = self._course.setting, ChamberReading(temperature_c, air_pressure_hpa)
        parts = [f"{temperature_c:g} °C"] * (temperature_c != OFF) + [f"{air_pressure_hpa:g} hPa"] * (
            air_pressure_hpa != OFF
        )
        setting.step(f"Hold the pump at {' and '.join(parts)}")
        title = "chamber at {temperature_c:.1f} °C and {air_pressure_hpa:.0f} hPa"
        try:
            setting.activities.do("chamber", lambda: self._hold(wanted), title, infusion=setting.name)
            setting.activities.on_resuming_live(self._refuse_to_go_on)
            self._course.time.wait(SOAK_S)
            yield
            setting.activities.do("chamber", lambda: self._confirmed(wanted), title, infusion=setting.name)
        finally:
            setting.activities.forget(self._refuse_to_go_on)
            off = ChamberReading(OFF, OFF)
            setting.activities.do("chamber", lambda: self._release(off), title, infusion=setting.name)

    def _refuse_to_go_on(self) -> None:
        seen = "the run was interrupted while the chamber was on, and the safe state switched it off"
        raise Inconclusive("bench", "resume", seen, "run this test again")

    def _release(self, off: ChamberReading) -> Result:
        with self._bench.scheduler.undisturbed():
            return self._order(off)

    def _order(self, wanted: ChamberReading) -> Result:
        chamber_of(self._bench.rig).order_chamber(wanted.temperature_c, wanted.air_pressure_hpa)
        return _told(chamber_of(self._bench.rig).read_chamber())

    def _hold(self, wanted: ChamberReading) -> Result:
        """Order it, and wait until the sensors show it."""
        self._order(wanted)
        end_s = self._bench.clock.now_s() + LIMIT_S
        while not _is_at(reading := chamber_of(self._bench.rig).read_chamber(), wanted):
            if self._bench.clock.now_s() >= end_s:
                raise self._fault(reading, f"after {LIMIT_S / 60:.0f} min")
            self._bench.scheduler.pass_for(POLL_S)
        return _told(reading)

    def _confirmed(self, wanted: ChamberReading) -> Result:
        reading = chamber_of(self._bench.rig).read_chamber()
        if not _is_at(reading, wanted):
            raise self._fault(reading, "at the end")
        return _told(reading)

    def _fault(self, reading: ChamberReading, when: str) -> BenchFault:
        seen = f"its sensors show {reading.temperature_c:.1f} °C and {reading.air_pressure_hpa:.0f} hPa {when}"
        return BenchFault("rig", f"hold the {NAME}", seen, "check the chamber and its sensors")


def _is_at(reading: ChamberReading, wanted: ChamberReading) -> bool:
    warm = wanted.temperature_c == OFF or abs(reading.temperature_c - wanted.temperature_c) <= SLACK_C
    return warm and (
        wanted.air_pressure_hpa == OFF or abs(reading.air_pressure_hpa - wanted.air_pressure_hpa) <= SLACK_HPA
    )


def _told(reading: ChamberReading) -> Result:
    return {"temperature_c": reading.temperature_c, "air_pressure_hpa": reading.air_pressure_hpa}
