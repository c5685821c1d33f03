# SPDX-License-Identifier: Apache-2.0
"""A journal of many samples, made without a bench, for measurements of what reads and writes it."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from bench.journal import FORMAT
from bench.journal.journal_chain import Chain
from bench.journal.lines import InfusionStarted, JournalOpened, Line, Sample

INFUSION = "I-0001"
INTERVAL_S = 1.0
_RATE_UL_PER_H = 20.0


def made_journal(path: Path, samples: int) -> Path:
    """Write a journal of so many samples of one infusion."""
    chain = Chain()
    opening: tuple[Line, ...] = (JournalOpened(format=str(FORMAT)), InfusionStarted(infusion=INFUSION, name="basal"))
    with path.open("wb") as file:
        for line in opening:
            file.write(_next(chain, 0.0, line.kind, msgspec.to_builtins(line)))
        for number in range(samples):
            sample = msgspec.convert(sample_data(number), Sample)
            file.write(_next(chain, number * INTERVAL_S, Sample.kind, sample))
    return path


def sample_data(number: int, infusion: str = INFUSION) -> dict[str, Any]:
    """Return what the sample of that number says; its figures have as many digits as those of a bench."""
    t_s = number * INTERVAL_S
    wave, volume_ul = math.sin(number), round(_RATE_UL_PER_H * t_s / 3600, 4)
    return {
        "planned_s": t_s,
        "infusion": infusion,
        "device_clock_s": round(288_314.0 + t_s, 2),
        "state": "infusing",
        "rate_ul_per_h": _RATE_UL_PER_H,
        "counter_ul": volume_ul,
        "reservoir_ul": round(20_000.0 - volume_ul, 4),
        "battery_percent": 98.5,
        "pressure_kpa": round(3.7 + 0.02 * wave, 4),
        "alarms": (),
        "alarm_log_count": 0,
        "bolus_log_count": 0,
        "kink_percent": 0.0,
        "disconnected": False,
        "leak_percent": 0.0,
        "magnet": False,
        "supply_mv": 3000.0,
        "outlet_kpa": round(1.2 + 0.02 * wave, 4),
        "temperature_c": round(21.0 + 0.1 * wave, 4),
        "air_pressure_hpa": round(1013.0 + wave, 3),
        "humidity_percent": round(47.0 + wave, 3),
        "watchdog_tripped": False,
        "mass_g": round(volume_ul * 1e-3 + 2e-5 * wave, 5),
        "stable": True,
        "expected_ul": volume_ul,
        "weighed_ul": round(volume_ul + 0.02 * wave, 4),
    }


def _next(chain: Chain, t_s: float, kind: str, data: Mapping[str, Any] | Sample) -> bytes:
    raw = chain.line(t_s, kind, data)
    chain.follow(raw)
    return raw
