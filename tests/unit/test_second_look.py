# SPDX-License-Identifier: Apache-2.0
"""What is not as expected in one sample is looked at once more a second later, and what is right is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.second_look import SecondLook
from instruments.pump import Alarm, PumpState
from tests.unit.scripted_bench import Scene, scene


@dataclass
class Table:
    """A pump that was started at 0 s and is sampled every 30 s."""

    scene: Scene
    session: SamplingSession

    def says(self, from_s: float, to_s: float, **values: Any) -> None:
        """Let the pump say something else from an instant until another."""
        pump, clock = self.scene.bench.pump, self.scene.bench.clock
        read: Callable[[], Any] = pump.read
        pump.read = lambda: replace(read(), **values) if from_s <= clock.at_s < to_s else read()  # type: ignore[method-assign]

    def sampled_s(self, until_s: float) -> list[float]:
        self.scene.bench.scheduler.pass_until(until_s)
        return [line.t_s for line in self.scene.lines() if line.kind == "sample"][1:]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        session = SamplingSession(at.setting)
        session.sampling.samples.subscribe(SecondLook(at.setting, session).on_sample)
        session.begin()
        PumpControl(at.setting, Judging(at.setting.run)).start()
        session.start()
        yield Table(at, session)


def test_a_good_pump_is_sampled_at_its_instants_and_no_others(table: Table) -> None:
    assert table.sampled_s(120.0) == [0.0, 30.0, 60.0, 90.0, 120.0]


ODD: dict[str, dict[str, Any]] = {
    "another rate": {"active_rate_ul_per_h": 50.0},
    "another state": {"state": PumpState.STOPPED},
    "an alarm stop without an alarm": {"state": PumpState.ALARM_STOPPED, "active_rate_ul_per_h": 0.0},
    "an alarm that is not logged": {"alarms": frozenset({Alarm.LOW_BATTERY})},
    "a counter that went back": {"counter_ul": -1.0},
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_not_as_expected_is_seen_again_a_second_later(table: Table, name: str) -> None:
    table.says(60.0, 60.5, **ODD[name])
    assert table.sampled_s(120.0) == [0.0, 30.0, 60.0, 61.0, 90.0, 120.0]


def test_what_stays_as_it_is_is_not_looked_at_for_ever(table: Table) -> None:
    table.says(60.0, 1e9, **ODD["another rate"])
    assert table.sampled_s(120.0) == [0.0, 30.0, 60.0, 61.0, 90.0, 120.0]


def test_no_look_comes_after_the_end_of_the_samples(table: Table) -> None:
    table.says(60.0, 1e9, **ODD["another rate"])
    table.scene.bench.scheduler.pass_until(60.0)
    table.session.end()
    assert table.sampled_s(120.0) == [0.0, 30.0, 60.0]
