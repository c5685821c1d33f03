# SPDX-License-Identifier: Apache-2.0
"""The air of an infusion: outside its window it is a doubt; a sensor that never moves is told, and is none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.bench_file import AmbientWindow
from bench.journal import Journal, read_lines
from bench.sampling import AmbientWatch
from tests.unit.test_mass_steps import sample

INTERVAL_S = 30.0
HOUR_S = 3600.0


def watch(journal: Journal) -> AmbientWatch:
    return AmbientWatch(AmbientWindow(), "basal", journal)


def let_pass(watching: AmbientWatch, hours: float, temperature_c: Callable[[float], float]) -> None:
    for number in range(int(hours * HOUR_S / INTERVAL_S) + 1):
        at_s = number * INTERVAL_S
        one = sample(at_s, 0.0, 0.0, 0.0)
        moving = {"air_pressure_hpa": 1013 + 1e-4 * number, "humidity_percent": 50 + 1e-4 * number}
        watching.on_sample(replace(one, rig=replace(one.rig, temperature_c=temperature_c(at_s), **moving)))


def told(journal: Journal) -> list[tuple[str, str]]:
    events = [line.data for line in read_lines(journal.path) if line.kind == "event"]
    return [(str(one["what"]), str(one["title"])) for one in events]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


def test_a_sensor_that_never_changes_its_last_digit_is_told_once_and_spoils_nothing(journal: Journal) -> None:
    watching = watch(journal)
    let_pass(watching, 6.0, lambda _: 21.0)
    title = "The sensor of temperature in °C has shown 21 to the last digit for 2.0 h"
    assert told(journal) == [("held-sensor", title)]
    assert watching.qualifiers == ()


@pytest.mark.parametrize(
    ("hours", "temperature_c"),
    [
        (1.9, lambda _: 21.0),
        (6.0, lambda at_s: 21.0 + 0.1 * (at_s // HOUR_S % 2)),
        (6.0, lambda at_s: 21 + 1e-7 * at_s),
    ],
    ids=["not long enough", "a coarse digit that changes", "a fine one"],
)
def test_a_sensor_that_moves_is_not_told(
    journal: Journal, hours: float, temperature_c: Callable[[float], float]
) -> None:
    let_pass(watch(journal), hours, temperature_c)
    assert told(journal) == []


def test_what_a_resumed_run_knows_of_a_sensor_is_not_told_again(journal: Journal) -> None:
    let_pass(watch(journal), 3.0, lambda _: 21.0)
    (line,) = [line for line in read_lines(journal.path) if line.kind == "event"]
    again = watch(journal)
    again.recall(line)
    let_pass(again, 3.0, lambda _: 21.0)
    assert len(told(journal)) == 1


def test_air_outside_its_window_is_a_doubt_from_then_on(journal: Journal) -> None:
    watching = watch(journal)
    let_pass(watching, 3.0, lambda at_s: 21.0 + at_s / HOUR_S * 2)
    assert [what for what, _ in told(journal)] == ["excursion"]
    assert watching.qualifiers == ("temperature in °C was 24.02, outside 18 to 24",)
