# SPDX-License-Identifier: Apache-2.0
"""Which limits of a bench file let more pass than those that pumpbench ships with.

A laboratory may have its reasons for a wider limit. Whoever reads the record years later must not have to compare bench
files to learn of it, so each is a deviation of the run. Which way a limit is wider is said here for every one of them.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from bench.bench_file.bench_file import BenchFile
from groundfloor.toml_file import TomlModel


class Wider(Enum):
    """Which way a figure lets more pass."""

    UP = "more"
    DOWN = "less"
    OUT = "wider"
    """A window."""
    OTHER = "other"
    """Something is done in another way, which lets nothing more pass by itself."""


WIDER: Mapping[str, Mapping[str, Wider]] = {
    "preflight": {
        "off": Wider.OTHER,  # each of them is told as a deviation of its own
        "calibration_warning_days": Wider.DOWN,
        "settle_s": Wider.DOWN,
        "warm_up_s": Wider.OTHER,  # the longest wait: a balance that still drifts afterwards is judged by its blank
        "noise_readings": Wider.DOWN,
        "noise_spacing_s": Wider.DOWN,
        "noise_factor": Wider.UP,
        "evaporation_mg_per_h": Wider.UP,
        "blank_change_mg_per_h": Wider.UP,
        "leak_hold_s": Wider.DOWN,
        "leak_kpa": Wider.UP,
        "leak_build_kpa": Wider.DOWN,
        "leak_build_ul": Wider.DOWN,
        "thermometer_c": Wider.UP,
        "clock_ppm": Wider.UP,
        "postflight_blank_s": Wider.DOWN,
    },
    "limits": {
        "longest_gap_s": Wider.UP,
        "patience_s": Wider.UP,
        "lead_in_s": Wider.DOWN,
        "run_down_s": Wider.DOWN,
    },
    "ambient": {
        "temperature_c": Wider.OUT,
        "humidity_percent": Wider.OUT,
        "air_pressure_hpa": Wider.OUT,
        "static_below_percent": Wider.DOWN,
    },
    "evaporation": {"blank_s": Wider.DOWN},
    "balance.sensitivity": {
        "check": Wider.OTHER,  # a scale that rests on its certificate is a deviation of its own
        "tolerance_percent": Wider.UP,
        "internal_weight_g": Wider.OTHER,
        "pan": Wider.OTHER,
        "limit_s": Wider.OTHER,
        "attendance_s": Wider.OTHER,
    },
}
"""Every key of these tables, by the table's name in a bench file."""
LONGEST_GAP_S = 120.0
"""Four of the intervals at which an infusion is sampled unless its plan says otherwise."""


def widened_limits(file: BenchFile) -> tuple[str, ...]:
    """Return a sentence for each limit that is wider than the one that pumpbench ships with."""
    return tuple(_sentences(file))


def _sentences(file: BenchFile) -> Iterator[str]:
    if file.balance.accept_unverified_settings:
        told = "what the balance does not tell of its settings is accepted"
        yield f"bench file, [balance] accept_unverified_settings: {told}"
    for name in file.weighing.corrections:
        yield f"bench file, [weighing] corrections: volumes hold the lab's own correction {name!r}"
    for name, keys in WIDER.items():
        table = table_of(file, name)
        for key, wider in keys.items():
            here, shipped = getattr(table, key), _shipped(table, key)
            if _lets_more_pass(here, shipped, wider):
                yield f"bench file, [{name}] {key} is {_shown(here)}; pumpbench ships with {_shown(shipped)}"


def table_of(file: BenchFile, name: str) -> TomlModel:
    """Return the table of a bench file that is called so."""
    table: TomlModel = file
    for part in name.split("."):
        table = getattr(table, part)
    return table


def _shipped(table: TomlModel, key: str) -> object:
    return LONGEST_GAP_S if key == "longest_gap_s" else type(table).model_fields[key].default


def _lets_more_pass(here: object, shipped: object, wider: Wider) -> bool:
    match here, shipped, wider:
        case (float() | int(), float() | int(), Wider.UP):
            return here > shipped
        case (float() | int(), float() | int(), Wider.DOWN):
            return here < shipped
        case ((float() as low, float() as high), (float() as shipped_low, float() as shipped_high), Wider.OUT):
            return low < shipped_low or high > shipped_high
    return False


def _shown(value: object) -> str:
    return f"{value[0]:g} to {value[1]:g}" if isinstance(value, tuple) else f"{value:g}"
