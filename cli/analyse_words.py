# SPDX-License-Identifier: Apache-2.0
"""All that a person typed behind `pumpbench analyse`, word by word; nothing of it is understood yet."""

from dataclasses import dataclass
from pathlib import Path

Text = str | None


@dataclass(frozen=True)
class AnalyseWords:
    """The words, named as their options are."""

    files: tuple[Path, ...]
    time: Text
    date: Text
    mass: Text
    volume: Text
    time_unit: Text
    every: Text
    mass_unit: Text
    volume_unit: Text
    infusion: Text
    delimiter: Text
    decimal: Text
    thousands: Text
    date_order: Text
    time_zone: Text
    sheet: Text
    pass_over: tuple[str, ...]
    only: tuple[str, ...]
    part: int | None
    sort_by_time: bool
    override_unit: bool
    convert_units: bool
    increments: bool
    loss_in_weight: bool
    recipe: Path | None
    save_recipe: Path | None
    preview: bool
    density: Text
    temperature: float | None
    air_pressure: float | None
    humidity: float | None
    buoyancy: bool
    evaporation: Text
    evaporation_u: Text
    blank: Path | None
    correction: tuple[str, ...]
    rate: Text
    sample_interval: Text
    start_up: str
    analyse_from: Text
    analyse_to: Text
    windows: Text
    limits: Text
    stroke_volume: Text
    bolus: Text
    bolus_wait: Text
    use_from: Text
    use_to: Text
    exclude: tuple[str, ...]
    accept: tuple[str, ...]
    longest_gap: Text
    readability: Text
    repeatability: Text
    linearity: Text
    drift: Text
    calibration_u: Text
    coverage: str
    simulated: bool
    as_json: bool
    out: Path | None
    follow: bool
