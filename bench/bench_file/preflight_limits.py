# SPDX-License-Identifier: Apache-2.0
"""`[preflight]` of a bench file: what the bench must be like before the first infusion, and after the last."""

from typing import Annotated

from pydantic import Field

from bench.bench_file.check_name import CheckName
from groundfloor.toml_file import TomlModel


class PreflightLimits(TomlModel):
    """Limits of the checks, and how long they take; the defaults suit a semi-micro balance in a weighing room.

    Attributes:
        off: checks that are left out. Each is stamped on the run as a deviation.
        calibration_warning_days: this close to the due date a warning is given.
        settle_s: how long the catheter is left alone after the injectors were tried: one that came off fills again.
        warm_up_s: longest wait for the balance to stop drifting; it ends as soon as two spans of readings agree.
        noise_readings, noise_spacing_s: how often and how fast the balance is read for its noise.
        noise_factor: how many times the balance's `repeatability_mg` the readings may scatter.
        evaporation_mg_per_h: most that the vessel may lose by itself; beside a narrow tube it is a few hundredths
            (domain §3.4: 0.04 mg/h through 1 mm², and 38 mg/h from an open vessel).
        blank_change_mg_per_h: how far the blank after the last infusion may be from the one before the first.
        leak_hold_s: how long the catheter is shut, with the pump stopped, to see whether it holds its pressure.
        leak_kpa: how far the pressure may move meanwhile.
        leak_build_kpa: by how much the pump first raises it, by priming against the shut clamp;
        leak_build_ul: it primes no more than this. A wide catheter needs more, a narrow one less: stay well below the
            pressure at which the pump alarms.
        clock_ppm: how far the pump's clock may run from the bench's. Schedules run by the pump's clock, so whatever
            it is wrong by is missing from, or added to, the volume of a day.
        postflight_blank_s: how long the blank after the last infusion lasts.
    """

    off: tuple[Annotated[CheckName, Field(strict=False)], ...] = Field(default=(), strict=False)
    calibration_warning_days: int = Field(default=30, ge=0)
    settle_s: float = Field(default=600.0, ge=0)
    warm_up_s: float = Field(default=0.0, ge=0)
    noise_readings: int = Field(default=20, ge=5, le=1000)
    noise_spacing_s: float = Field(default=1.0, gt=0)
    noise_factor: float = Field(default=2.0, gt=1)
    evaporation_mg_per_h: float = Field(default=0.1, ge=0)
    blank_change_mg_per_h: float = Field(default=0.05, gt=0)
    leak_hold_s: float = Field(default=30.0, gt=0)
    leak_kpa: float = Field(default=0.3, gt=0)
    leak_build_kpa: float = Field(default=10.0, ge=0)
    leak_build_ul: float = Field(default=5.0, ge=0)
    clock_ppm: float = Field(default=500.0, gt=0)
    postflight_blank_s: float = Field(default=1800.0, ge=60)
