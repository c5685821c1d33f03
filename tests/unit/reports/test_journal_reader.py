# SPDX-License-Identifier: Apache-2.0
import math

import pytest

from bench.journal import read_lines
from groundfloor.errors import BenchFault, PlanError
from tests.unit.reports.conftest import sample_data


def test_lines_come_back_as_they_were_written(run_of):
    run = run_of("a")
    run.start()
    run.clock_s = 12.5
    run.whole_test("a")
    lines = list(read_lines(run.journal.path))
    assert [line.kind for line in lines] == ["journal-opened", "run-started", "test-started", "judgement", "test-ended"]
    assert [line.seq for line in lines] == [0, 1, 2, 3, 4]
    assert lines[2].t_s == 12.5
    assert lines[3].data["value"] == 1000.0
    assert lines[-1].end_offset == run.journal.position


def test_a_line_cut_anywhere_is_told_and_costs_only_itself(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    whole = run.journal.path.read_bytes()
    begin = whole.rindex(b"\n", 0, -1) + 1
    for length in range(begin + 1, len(whole)):
        run.journal.path.write_bytes(whole[:length])
        lines = read_lines(run.journal.path)
        assert [line.kind for line in lines] == ["journal-opened", "run-started"]
        assert lines.torn_tail == whole[begin:length].decode()


def test_a_journal_that_ends_well_has_no_torn_tail(run_of):
    run = run_of("a")
    run.start()
    lines = read_lines(run.journal.path)
    assert len(list(lines)) == 2
    assert lines.torn_tail == ""


@pytest.mark.parametrize(
    ("old", "new"), [(b'"value":1000.0', b'"value":1001.0'), (b'"verdict":"FAIL"', b'"verdict":"PASS"')]
)
def test_an_edited_line_is_refused(run_of, old, new):
    run = run_of("a")
    run.start()
    run.whole_test("a", "fail")
    run.journal.path.write_bytes(run.journal.path.read_bytes().replace(old, new, 1))
    with pytest.raises(BenchFault, match="does not follow"):
        list(read_lines(run.journal.path))


def test_a_line_taken_out_is_refused(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    lines = run.journal.path.read_bytes().splitlines(keepends=True)
    run.journal.path.write_bytes(b"".join(lines[:2] + lines[3:]))
    with pytest.raises(BenchFault, match="does not follow"):
        list(read_lines(run.journal.path))


def test_a_line_in_the_middle_that_is_no_json_is_refused(run_of):
    run = run_of("a")
    run.start()
    run.journal.path.write_bytes(b"garbage\n" + run.journal.path.read_bytes())
    with pytest.raises(BenchFault, match="at byte 0"):
        list(read_lines(run.journal.path))


def test_a_missing_journal_is_a_bench_fault_that_names_it(tmp_path):
    with pytest.raises(BenchFault, match=r"journal\.jsonl"):
        list(read_lines(tmp_path / "journal.jsonl"))


def test_infusions_of_one_name_are_told_apart_by_their_ids_and_parts_of_one_by_offsets(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.sample()
    run.end_test("a", "pass")
    run.start_test("b")
    run.sample()
    middle = run.journal.position
    run.clock_s = 30.0
    run.sample()
    run.clock_s = 60.0
    run.sample(infusion="other")
    assert list(run.frame("continuous")["t_s"]) == [0.0, 30.0]
    assert list(run.frame("continuous", start_offset=middle)["t_s"]) == [30.0]
    assert list(run.frame("continuous", end_offset=middle)["t_s"]) == [0.0]


def test_a_frame_keeps_every_value_of_a_sample(run_of):
    run = run_of("a")
    run.start()
    run.sample(pressure_kpa=None, alarms=["disconnect", "occlusion"], disconnected=True)
    frame = run.frame("continuous")
    row = frame.iloc[0]
    assert math.isnan(row["pressure_kpa"])
    assert row["alarms"] == "disconnect;occlusion"
    assert frame["disconnected"].tolist() == [True]
    assert row["supply_mv"] == 3000
    assert row["state"] == "infusing"


def test_a_sample_with_an_unknown_column_is_an_error_of_ours_when_it_is_written(run_of):
    run = run_of("a")
    run.start()
    with pytest.raises(PlanError, match="new_sensor"):
        run.sample(new_sensor=1.0)


def test_a_column_that_a_newer_minor_version_added_is_left_out(run_of):
    run = run_of("a")
    run.start()
    run.sample()
    run.odd("sample", **sample_data(30.0, "I-0001", new_sensor=1.0))
    assert list(run.frame()["device_clock_s"]) == [100.0, 130.0]
    assert "new_sensor" not in run.frame()


def test_a_sample_without_a_column_is_refused_on_reading(run_of):
    run = run_of("a")
    run.start()
    run.sample()
    data = sample_data(30.0, "I-0001")
    del data["mass_g"]
    run.odd("sample", **data)
    with pytest.raises(BenchFault, match="mass_g"):
        run.frame()


def test_a_sample_of_an_infusion_that_has_not_begun_is_an_error_of_ours(run_of):
    run = run_of("a")
    run.start()
    with pytest.raises(PlanError, match="no infusion 'continuous' has begun"):
        run.journal.sample(**sample_data(0.0, "continuous"))


def test_a_flag_that_is_no_flag_is_refused(run_of):
    run = run_of("a")
    run.start()
    with pytest.raises(PlanError, match="stable"):
        run.sample(stable=1)
    run.odd("sample", **sample_data(0.0, "I-0001", stable=1))
    with pytest.raises(BenchFault, match="stable"):
        run.frame()


def test_memory_per_sample_stays_within_a_column_table(run_of):
    run = run_of("a")
    run.start()
    for number in range(300):
        run.clock_s = 30.0 * number
        run.sample()
    frame = run.frame("continuous")
    assert frame.memory_usage(index=False, deep=True).sum() < 300 * 200
    assert run.journal.position > 300 * 500
