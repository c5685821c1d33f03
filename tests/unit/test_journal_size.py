# SPDX-License-Identifier: Apache-2.0
"""The length of a journal is known before the first hour is spent, to a twentieth."""

import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.journal import Journal, SamplesToCome, predicted_bytes, refuse_if_no_room
from bench.journal.journal_chain import Chain
from bench.journal.journal_size import ROOM_FACTOR
from groundfloor.errors import BenchFault
from tests.unit.reports.conftest import sample_data

MONTH_S = 30 * 86400.0
FIRST: dict[str, Any] = {
    **sample_data(3600.0, "thirty days at the lowest rate"),
    "device_clock_s": 291600.02,
    "state": "stopped",
    "rate_ul_per_h": 0.0,
    "counter_ul": 0.0,
    "battery_percent": 100.0,
    "pressure_kpa": 1.247,
    "supply_mv": 0,
    "outlet_kpa": 1.2097,
    "temperature_c": 21.0014,
    "air_pressure_hpa": 1013.932,
    "humidity_percent": 47.191,
    "mass_g": 0.0,
    "expected_ul": 0.0,
    "weighed_ul": 0.0,
}


def samples(duration_s: float, interval_s: float, rate_ul_per_h: float, each: int) -> Iterator[tuple[float, Any]]:
    """Every `each`-th sample of an infusion, noise and strokes as a twin shows them."""
    noise = random.Random(5)
    for number in range(0, int(duration_s / interval_s), each):
        gone_s = number * interval_s
        volume_ul = rate_ul_per_h * gone_s / 3600
        strokes_ul = math.floor(volume_ul / 2.0) * 2.0
        mass_g = round((strokes_ul - 1.5) * 0.998e-3 + noise.gauss(0, 2e-5), 5)
        yield (
            3600.0 + gone_s,
            {
                **FIRST,
                "planned_s": 3600.0 + gone_s,
                "device_clock_s": round(291600.02 + gone_s, 2),
                "state": "infusing",
                "rate_ul_per_h": rate_ul_per_h,
                "counter_ul": strokes_ul,
                "reservoir_ul": 20000.0 - strokes_ul,
                "pressure_kpa": round(3.7 + noise.gauss(0, 0.02), 4),
                "outlet_kpa": round(1.2 + noise.gauss(0, 0.02), 4),
                "temperature_c": round(21 + noise.gauss(0, 0.1), 4),
                "air_pressure_hpa": round(1013 + noise.gauss(0, 2), 3),
                "humidity_percent": round(47 + noise.gauss(0, 2), 3),
                "mass_g": mass_g,
                "expected_ul": round(volume_ul, 4),
                "weighed_ul": round(mass_g * 1000, 4),
            },
        )


@pytest.mark.parametrize(
    ("duration_s", "interval_s", "rate_ul_per_h"),
    [(MONTH_S, 1.0, 20.0), (MONTH_S, 30.0, 20.0), (86400.0, 1.0, 41.6667), (3600.0, 1.0, 2.0), (600.0, 1.0, 125.0)],
)
def test_the_prediction_is_within_a_twentieth(duration_s: float, interval_s: float, rate_ul_per_h: float) -> None:
    count = int(duration_s / interval_s)
    each = max(1, count // 20_000)
    length, taken = 0, 0
    for t_s, data in samples(duration_s, interval_s, rate_ul_per_h, each):
        length += len(Chain(4 + taken * each).line(t_s, "sample", {**data, "infusion": "I-0001"}))
        taken += 1
    written = length / taken * count
    coming = SamplesToCome(duration_s, interval_s, rate_ul_per_h * duration_s / 3600)
    assert predicted_bytes(FIRST, 3600.0, 4, coming) == pytest.approx(written, rel=0.05)


def test_a_journal_of_an_hour_is_as_long_as_predicted(tmp_path: Path) -> None:
    now = [0.0]
    journal = Journal(tmp_path / "journal.jsonl", lambda: now[0])
    journal.write("infusion-started", infusion=FIRST["infusion"])
    begun = journal.position
    for t_s, data in samples(3600.0, 1.0, 20.0, 1):
        now[0] = t_s
        journal.sample(**data)
    journal.close()
    predicted = predicted_bytes(FIRST, 3600.0, 0, SamplesToCome(3600.0, 1.0, 20.0))
    assert predicted == pytest.approx(journal.path.stat().st_size - begun, rel=0.05)


def test_a_month_each_second_is_about_one_and_a_half_gibibytes() -> None:
    predicted = predicted_bytes(FIRST, 3600.0, 4, SamplesToCome(MONTH_S, 1.0, 14_400.0))
    assert 1.5 < predicted / 2**30 < 1.8


def test_a_disk_without_room_is_refused_with_the_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Disk:
        free = 300 << 20

    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Disk)
    fits = int(300 * 2**20 / ROOM_FACTOR)
    refuse_if_no_room(tmp_path / "journal.jsonl", fits, "infuse")
    with pytest.raises(BenchFault, match="300 MiB are free, it needs 500 MiB: 400 MiB of journal"):
        refuse_if_no_room(tmp_path / "journal.jsonl", 400 << 20, "infuse for 720 h")
