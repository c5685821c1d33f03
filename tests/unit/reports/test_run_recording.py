# SPDX-License-Identifier: Apache-2.0
"""An infusion of a run of our own can be analysed like a recording of another bench."""

import pytest

from bench.run.run_recording import read_run
from groundfloor.errors import PlanError
from reports import samples_parquet


def run_with(run_of, *infusions, mass_g=lambda number: 0.001 * number):
    run = run_of("a")
    run.start()
    for node in ("a", "b"):
        run.start_test(node)
        for infusion in infusions:
            for number in range(5):
                run.clock_s += 30.0
                run.sample(infusion=infusion, mass_g=mass_g(number))
    samples_parquet.write(run.folder)
    return run.folder


def test_the_infusion_that_is_named_is_read_with_its_raw_mass(run_of):
    recording = read_run(run_with(run_of, "basal", "bolus"), "b::basal")
    assert recording.times_s.tolist() == [0, 30, 60, 90, 120]
    assert recording.amounts.tolist() == pytest.approx([0, 1, 2, 3, 4])
    assert recording.assumed == ("infusion b::basal",)


def test_two_looks_at_one_instant_are_one_reading(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    for instant_s in (0.0, 30.0, 30.0, 60.0, 90.0):
        run.clock_s = instant_s
        run.sample(infusion="basal", mass_g=0.001 * instant_s)
    samples_parquet.write(run.folder)
    assert read_run(run.folder).times_s.tolist() == [0, 30, 60, 90]


def test_what_is_sampled_before_the_start_and_after_the_stop_is_left_out(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    states = ("stopped", "stopped", "infusing", "bolus", "alarm_stopped", "infusing", "stopped", "stopped")
    for number, state in enumerate(states):
        run.clock_s = 30.0 * number
        run.sample(infusion="basal", mass_g=0.001 * number, state=state)
    samples_parquet.write(run.folder)
    recording = read_run(run.folder)
    assert recording.begins_s == 0
    assert recording.times_s.tolist() == [0, 30, 60, 90]
    assert recording.amounts.tolist() == pytest.approx([2, 3, 4, 5])


def test_a_twins_run_is_known_for_one(run_of):
    assert read_run(run_with(run_of, "basal"), "a::").simulated


@pytest.mark.parametrize(("wanted", "told"), [(None, "2 infusions are meant"), ("zzz", "0 infusions are meant")])
def test_where_several_or_none_could_be_meant_all_are_named(run_of, wanted, told):
    with pytest.raises(PlanError, match=told) as wrong:
        read_run(run_with(run_of, "basal"), wanted)
    assert "a::basal, b::basal" in str(wrong.value)


def test_samples_without_a_mass_are_refused(run_of):
    folder = run_with(run_of, "basal", mass_g=lambda number: None if number == 2 else 0.0)
    with pytest.raises(PlanError, match="1 without a mass"):
        read_run(folder, "a::")


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(PlanError, match=r"samples\.parquet"):
        read_run(tmp_path)
