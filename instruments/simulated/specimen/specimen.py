# SPDX-License-Identifier: Apache-2.0
"""One bench and one pump among many like them: what manufacture, calibration and the day left it with.

Two good balances of one type show different figures for one load, two good sensors disagree, and two good pumps of one
model have rotors of not quite one size. A seed draws such an individual. Each figure stays inside what a data sheet or
a certificate says of the type, so that it is a good one; what a bench makes of it must hold for all of them.
"""

from dataclasses import dataclass, field
from typing import Self

from instruments.simulated.specimen.ambient import SlowWave
from instruments.simulated.specimen.linearity_error import LinearityError
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.reading_delay import ReadingDelay
from instruments.simulated.specimen.slow_course import SlowCourse

STROKE_TRIM = 0.03
LINEARITY_MG = 0.1
DRIFT_MG_PER_DAY = 0.2
READING_DELAY_S = 1.0
SENSITIVITY_SD = 0.025 / 60_000.0
"""0.025 mg at the load of the vessel, a certificate's 0.05 mg with k = 2."""
TEMPERATURE_C = 1.0
AIR_PRESSURE_HPA = 2.0
HUMIDITY_PERCENT = 5.0
SENSOR_RIPPLE_C = 0.07
SENSOR_RIPPLE_S = 2.5 * 3600.0
"""The air at the sensor is now and then a little warmer than at the balance: the air conditioning switches."""
EVAPORATION_GAIN = 2.0
EVAPORATION_SPREAD = 0.15
EVAPORATION_CHANGE_MG_PER_H = 0.02
_MEAN_EVAPORATION_MG_PER_H = 0.03
NOTHING = SlowWave(0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Specimen:
    """An individual; the defaults are the ideal one, in which every figure is the nominal one.

    Attributes:
        stroke_trim: by which fraction each stroke is larger, and strokes rarer: the maker trims the drive to the rotor.
        stroke_phase: which part of a stroke the rotor has already turned.
        linearity: of the balance.
        sensitivity_error: fraction by which the balance shows a load too large.
        drift_mg_per_day: of the balance, about its steady one.
        delay: of the balance's readings.
        temperature_error_c: by how much the rig's sensor shows the air warmer than the water is.
        air_pressure_offset_hpa, humidity_offset_percent: of the rig's sensors.
        evaporation_gain: what the vessel loses per what one with a narrow gap loses.
    """

    stroke_trim: float = 0.0
    stroke_phase: float = 0.0
    linearity: LinearityError = field(default_factory=LinearityError)
    sensitivity_error: float = 0.0
    drift_mg_per_day: SlowCourse = field(default_factory=lambda: SlowCourse(0.0))
    delay: ReadingDelay = field(default_factory=ReadingDelay)
    temperature_error_c: SlowWave = NOTHING
    air_pressure_offset_hpa: float = 0.0
    humidity_offset_percent: float = 0.0
    evaporation_gain: SlowCourse = field(default_factory=lambda: SlowCourse(1.0))

    @classmethod
    def drawn(cls, seed: int) -> Self:
        """Return the individual of a seed."""

        def within(channel: str, half_width: float) -> float:
            return half_width * (2.0 * Noise(seed, channel).share(0) - 1.0)

        return cls(
            stroke_trim=within("stroke trim", STROKE_TRIM),
            stroke_phase=Noise(seed, "stroke phase").share(0),
            linearity=LinearityError(LINEARITY_MG, seed),
            sensitivity_error=SENSITIVITY_SD * Noise(seed, "sensitivity").normal(0.0),
            drift_mg_per_day=SlowCourse(0.0, DRIFT_MG_PER_DAY, seed, "drift"),
            delay=ReadingDelay(READING_DELAY_S, seed),
            temperature_error_c=SlowWave(
                within("temperature offset", TEMPERATURE_C),
                SENSOR_RIPPLE_C,
                SENSOR_RIPPLE_S,
                Noise(seed, "temperature ripple").phase(),
            ),
            air_pressure_offset_hpa=within("air pressure offset", AIR_PRESSURE_HPA),
            humidity_offset_percent=within("humidity offset", HUMIDITY_PERCENT),
            evaporation_gain=SlowCourse(
                EVAPORATION_GAIN + within("evaporation", EVAPORATION_SPREAD),
                EVAPORATION_CHANGE_MG_PER_H / _MEAN_EVAPORATION_MG_PER_H,
                seed,
                "evaporation",
            ),
        )


IDEAL = Specimen()
"""A bench and a pump without any deviation: what formulae are compared with."""
