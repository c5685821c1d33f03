# SPDX-License-Identifier: Apache-2.0
"""What a simulated pump model is like: its figures, read from `pumps/<name>.toml`, where each carries its source."""

from importlib import resources
from typing import Self

from pydantic import Field

from groundfloor.toml_file import TomlModel, load_toml

LOW_RESERVOIR_ALARM_UL = 2000.0
"""At this volume a pump sounds its alarm that cannot be told another one (assumed: what a maker recommends)."""


class Accuracy(TomlModel):
    """How the true volume of a stroke departs from its nominal one, as fractions that add up."""

    base_bias: float
    full_to_empty_half_span: float
    per_kelvin: float
    reference_temperature_c: float
    per_kpa: float


class Catheter(TomlModel):
    """The line from pump to vessel."""

    compliance_ul_per_kpa: float = Field(gt=0)
    resistance_kpa_h_per_ul: float = Field(gt=0)
    pressure_sensor: bool


class Limits(TomlModel):
    """What the firmware accepts."""

    least_rate_ul_per_h: float = Field(gt=0)
    greatest_rate_ul_per_h: float = Field(gt=0)
    greatest_bolus_rate_ul_per_h: float = Field(gt=0)
    prime_rate_ul_per_h: float = Field(gt=0)
    greatest_prime_ul: float = Field(gt=0)
    minimum_rate_ul_per_h: float | None = Field(default=None, gt=0)


class Alarms(TomlModel):
    """Pressure alarms: a threshold and how long it has to hold."""

    occlusion_kpa: float = Field(gt=1.0)
    occlusion_hold_s: float = Field(gt=0)
    disconnect_kpa: float = Field(lt=1.0)  # under the outlet pressure (ambient.py), or a good catheter would alarm
    disconnect_hold_s: float = Field(gt=0)
    silence_s: float = Field(default=1800.0, gt=0)  # assumed
    stall_hold_s: float = Field(default=900.0, gt=0)  # assumed: under the 20 min of protocol §6
    sensor_hold_s: float = Field(default=20.0, gt=0)  # assumed: a third of what the profiles promise


class Power(TomlModel):
    """What its battery is like: voltages, and how long it serves when it has become low; the defaults are assumed."""

    full_mv: float = Field(default=3000.0, gt=0)
    empty_mv: float = Field(default=2400.0, gt=0)
    end_mv: float = Field(default=2300.0, gt=0)
    brown_out_mv: float = Field(default=2000.0, gt=0)
    low_percent: float = Field(default=10.0, gt=0)
    low_hold_s: float = Field(default=60.0, ge=0)
    end_hold_s: float = Field(default=60.0, ge=0)
    service_after_low_days: float = Field(default=90.0, gt=0)


class Update(TomlModel):
    """What a programming session does to a pump that infuses.

    Attributes:
        stops_until_complete: whether it stops with the first message and starts again when the program is loaded.
        alarm_after_s: so long after the first message an alarm sounds where that did not come.
    """

    stops_until_complete: bool
    alarm_after_s: float = Field(gt=0)


class PumpModel(TomlModel):
    """One simulated pump model."""

    model: str = Field(max_length=24)
    serial_number: str = Field(max_length=16)
    firmware_version: str = Field(max_length=16, pattern=r"-twin$")
    reservoir_ul: float = Field(gt=0)
    stroke_ul: float = Field(gt=0)
    battery_life_days: float = Field(gt=0)
    clock_offset_s: float = Field(ge=0)
    clock_error_ppm: float
    tubing_ul: float = Field(default=140.0, gt=0)
    catheter_ul: float = Field(default=110.0, ge=0)
    drug_ug_per_ml: float = Field(default=500.0, ge=0)
    accuracy: Accuracy
    catheter: Catheter
    limits: Limits
    alarms: Alarms
    update: Update | None = None
    power: Power = Power()
    session_code: int | None = Field(default=None, gt=0, lt=1 << 32)

    @property
    def dead_ul(self) -> float:
        """Return the volume between reservoir and outlet."""
        return self.tubing_ul + self.catheter_ul

    @classmethod
    def named(cls, name: str) -> Self:
        """Load the model `name`.

        Raises:
            PlanError: there is no such model, or its file is wrong.
        """
        with resources.as_file(resources.files("instruments.simulated") / "pumps" / f"{name}.toml") as path:
            return load_toml(path, cls, "simulated pump model")
