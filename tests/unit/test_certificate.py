# SPDX-License-Identifier: Apache-2.0
"""A certificate that runs out in mid-run: what is weighed after its last day is refused, a window before it begins."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.clock import RunningClock, bench_date
from bench.infusion.judging import Judging
from bench.infusion.marks import Marks
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.preflight.calibration_check import CalibrationCheck
from bench.preflight.check_state import CheckState
from bench.weighing import HALF_SPAN_S
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import utc_now
from tests.unit.scripted_bench import Scene, scene

DAY_S = 86400.0
RUN_BEGINS = datetime.date(2000, 1, 1)
MARK_S = 2 * HALF_SPAN_S


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Scene]:
    """A run that begins at midnight, with a balance whose certificate is due on the same day."""
    with scene(tmp_path) as made:
        file = made.bench.file
        dates = {"date": datetime.date(1999, 1, 1), "due": RUN_BEGINS}
        calibration = file.balance.calibration.model_copy(update=dates)
        balance = file.balance.model_copy(update={"calibration": calibration})
        made.bench.file = file.model_copy(update={"balance": balance})
        yield made


@pytest.fixture
def marks(at: Scene) -> Marks:
    session = SamplingSession(at.setting)
    PumpControl(at.setting, Judging(at.setting.run)).program()
    session.begin()
    return Marks(at.setting, session)


def test_the_due_day_counts_to_its_end(at: Scene, marks: Marks) -> None:
    at.bench.clock.at_s = DAY_S - MARK_S - 1.0
    assert marks.take().mass.time_s == pytest.approx(DAY_S - HALF_SPAN_S - 1.0)


def test_a_mark_whose_last_reading_comes_after_the_due_day_is_refused(at: Scene, marks: Marks) -> None:
    at.bench.clock.at_s = DAY_S - MARK_S
    says = r"balance: weigh a mark: certificate \S+ counts to the end of 2000-01-01, UTC; .* 2000-01-02 00:00:00"
    with pytest.raises(BenchFault, match=says):
        marks.take()


def test_a_window_that_would_end_after_it_is_refused_before_it_begins(at: Scene, marks: Marks) -> None:
    marks.refuse_past_the_certificate(DAY_S - MARK_S - 1.0)
    with pytest.raises(BenchFault, match=r"balance: weigh for 40 h: .* over at 2000-01-02 16:00:10"):
        marks.refuse_past_the_certificate(40 * 3600.0)


def test_the_preflight_tells_the_instant_from_which_on_nothing_is_weighed(at: Scene) -> None:
    finding = CalibrationCheck(at.bench.file.balance.calibration, 30, bench_date(at.bench.clock).date()).run()
    assert finding.state is CheckState.WARN
    assert "weighed from 2000-01-02 00:00 UTC on is refused" in finding.seen


def test_a_run_that_goes_on_after_an_interruption_goes_by_the_date_of_today() -> None:
    clock = RunningClock()
    clock.go_on_from(30 * DAY_S)
    assert abs((bench_date(clock) - utc_now()).total_seconds()) < 60.0
