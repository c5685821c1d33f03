# SPDX-License-Identifier: Apache-2.0
"""After a gain of mass that is none of the usual ones a sample is taken each second for a minute, and else never."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.infusion.judging import Judging
from bench.infusion.odd_mass import MOST_TIMES, OddMass
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from instruments.balance import MassReading
from tests.unit.scripted_bench import INTERVAL_S, RATE_UL_PER_H, Scene, scene

ODD_S = 1200.0
NOISE_MG = 0.02
EXTRA = 58
"""Of sixty instants a regular sample is due at two."""
Mass = Callable[[float], float]


def usual_ul(at_s: float) -> float:
    return 0.5 * math.floor(RATE_UL_PER_H * at_s / 3600 / 0.5)


def with_steps(size_mg: float, *at_s: float) -> Mass:
    return lambda now_s: usual_ul(now_s) + size_mg * sum(now_s >= one for one in at_s)


class Table:
    """A pump that is started at 0 s and sampled every 30 s, and a balance that shows what a test says."""

    def __init__(self, at: Scene) -> None:
        self.scene = at
        self.session = SamplingSession(at.setting)
        odd = OddMass(at.setting, self.session, NOISE_MG)
        self.session.sampling.samples.subscribe(odd.on_sample)

    def sampled_s(self, mass_mg: Mass, until_s: float) -> list[float]:
        bench = self.scene.bench
        bench.balance.read_mass_g = lambda: MassReading(mass_mg(bench.clock.at_s) / 1000, True)  # type: ignore[method-assign]
        self.session.begin()
        PumpControl(self.scene.setting, Judging(self.scene.setting.run)).start()
        self.session.start()
        bench.scheduler.pass_until(until_s)
        return [line.t_s for line in self.scene.lines() if line.kind == "sample"][1:]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        yield Table(at)


def regular_s(until_s: float) -> list[float]:
    return [INTERVAL_S * n for n in range(int(until_s / INTERVAL_S) + 1)]


@pytest.mark.parametrize("gain", [0.0, 0.8, 1.0, 1.3])
def test_a_pump_that_goes_on_as_before_is_sampled_at_its_instants_and_no_others(table: Table, gain: float) -> None:
    assert table.sampled_s(lambda at_s: gain * usual_ul(at_s), 7200.0) == regular_s(7200.0)


@pytest.mark.parametrize("size_mg", [12.0, -12.0, 1.5])
def test_a_step_is_looked_at_each_second_for_a_minute(table: Table, size_mg: float) -> None:
    sampled_s = table.sampled_s(with_steps(size_mg, ODD_S), 1800.0)
    each_s = [ODD_S + n for n in range(1, 60)]
    assert sampled_s == sorted({*regular_s(1800.0), *each_s, ODD_S + 60.0})


def test_a_step_while_it_is_looked_at_begins_no_second_minute(table: Table) -> None:
    assert len(table.sampled_s(with_steps(12.0, ODD_S, ODD_S + 20.0), 1800.0)) == len(regular_s(1800.0)) + EXTRA


def test_a_table_that_shakes_all_day_is_looked_at_so_many_times_and_no_more(table: Table) -> None:
    steps_s = [1200.0 + 300.0 * n for n in range(2 * MOST_TIMES)]
    until_s = steps_s[-1] + 300.0
    sampled_s = table.sampled_s(with_steps(12.0, *steps_s), until_s)
    assert len(sampled_s) - len(regular_s(until_s)) == EXTRA * MOST_TIMES


def test_what_a_start_changes_is_none(table: Table) -> None:
    """The first strokes come late, and then at once."""
    late = [lambda at_s: usual_ul(max(0.0, at_s - 40.0)) if at_s < 60.0 else usual_ul(at_s)]
    assert table.sampled_s(late[0], 1800.0) == regular_s(1800.0)


def test_an_end_of_the_samples_ends_these_too(table: Table) -> None:
    table.sampled_s(with_steps(12.0, ODD_S), ODD_S + 10.0)
    table.session.end()
    table.scene.bench.scheduler.pass_until(ODD_S + 100.0)
    assert [line.t_s for line in table.scene.lines() if line.kind == "sample"][-1] == ODD_S + 10.0
