# SPDX-License-Identifier: Apache-2.0
"""What a programming session does to a twin that infuses: one kind runs on, the other stops until it is complete."""

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

STOPS = "implantable-20ml-no-catheter-sensor"
HOUR_S = 3600.0


def staged(bench: OperatedTwin, rate_ul_per_h: float) -> None:
    bench.twin.pump.write(bench.staged(continuous(rate_ul_per_h)))


def test_the_old_program_runs_on_until_the_new_one_is_loaded() -> None:
    bench = OperatedTwin()
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    staged(bench, 100.0)
    assert (bench.pump("state"), bench.pump("active_rate_ul_per_h")) == ("infusing", 50.0)
    assert bench.load(continuous(100.0)) == "accepted"
    assert (bench.pump("state"), bench.pump("active_rate_ul_per_h")) == ("infusing", 100.0)
    bench.to(2 * HOUR_S)
    assert bench.fluid.commanded_ul() == pytest.approx(150.0, abs=0.01)


def test_a_pump_that_stops_for_an_update_goes_on_when_it_is_loaded() -> None:
    bench = OperatedTwin(STOPS)
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    staged(bench, 100.0)
    assert bench.pump("state") == "stopped"
    bench.to(HOUR_S + 60.0)
    assert bench.load(continuous(100.0)) == "accepted"
    assert bench.pump("state") == "infusing"
    bench.to(2 * HOUR_S + 60.0)
    assert bench.fluid.commanded_ul() == pytest.approx(150.0, abs=0.01)
    assert bench.pump("alarm_log_count") == 0


def test_an_update_that_is_not_completed_is_told_by_an_alarm() -> None:
    bench = OperatedTwin(STOPS)
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    staged(bench, 100.0)
    bench.to(HOUR_S + 299.0)
    assert bench.pump("state") == "stopped"
    bench.to(HOUR_S + 301.0)
    assert (bench.pump("state"), bench.pump("alarm_bits")) == ("alarm_stopped", frozenset({"memory"}))
    assert bench.load(continuous(100.0)) == "alarm_standing"
    assert bench.command("acknowledge") == "accepted"
    assert bench.load(continuous(100.0)) == "accepted"
    assert bench.pump("state") == "stopped"
    assert bench.command("start") == "accepted"
    bench.to(3 * HOUR_S)
    assert bench.pump("alarm_log_count") == 1


def test_a_stop_ends_a_session_and_nothing_starts_by_a_program() -> None:
    bench = OperatedTwin(STOPS)
    bench.run(continuous(50.0))
    staged(bench, 100.0)
    assert bench.command("stop") == "accepted"
    assert bench.load(continuous(100.0)) == "accepted"
    bench.to(HOUR_S)
    assert (bench.pump("state"), bench.pump("alarm_log_count")) == ("stopped", 0)


@pytest.mark.parametrize("model", ["implantable-20ml", STOPS])
def test_a_program_that_is_refused_changes_nothing_that_runs_on(model: str) -> None:
    bench = OperatedTwin(model)
    bench.run(continuous(50.0))
    assert bench.load(continuous(5000.0)) == "rate_out_of_range"
    assert bench.pump("active_steps[0].rate_ul_per_h") == 50.0
    assert bench.pump("state") == ("stopped" if model == STOPS else "infusing")


CASES = [
    ("program_change_late_min=30", 75.0 + 50.0),
    ("program_change_pause_min=30", 50.0 + 50.0),
    ("program_change_doubles_min=30", 50.0 + 100.0 + 25.0),
]


@pytest.mark.parametrize(("defect", "given_ul"), CASES)
def test_a_bad_change_of_program_is_what_it_says(defect: str, given_ul: float) -> None:
    bench = OperatedTwin(defects=[defect])
    bench.run(continuous(50.0))
    bench.to(HOUR_S)
    assert bench.load(continuous(100.0)) == "accepted"
    bench.to(2 * HOUR_S)
    assert bench.fluid.volumes().vessel_ul == pytest.approx(given_ul, rel=0.02)


def test_a_bad_change_forgets_the_stroke_that_was_under_way() -> None:
    good, bad = OperatedTwin(), OperatedTwin(defects=["program_change_drops_stroke"])
    for bench in (good, bad):
        bench.run(continuous(50.0))
        for number in range(1, 121):
            bench.to(30.0 * number)
            bench.load(continuous(50.0 if number % 2 else 40.0))
    assert good.fluid.strokes() >= 80
    assert bad.fluid.strokes() == 0
