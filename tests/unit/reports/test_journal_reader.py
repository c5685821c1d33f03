# SPDX-License-Identifier: Apache-2.0
import math

import pytest

from bench.journal import read_lines, samples_frame
from groundfloor.errors import BenchFault


def test_lines_come_back_as_they_were_written(run_of):
    run = run_of("a")
    run.start()
    run.clock_s = 12.5
    run.whole_test("a")
    lines = list(read_lines(run.journal.path))
    assert [line.kind for line in lines] == ["run-started", "test-started", "judgement", "test-ended"]
    assert [line.seq for line in lines] == [0, 1, 2, 3]
    assert lines[1].t_s == 12.5
    assert lines[2].data["value"] == 1000.0
    assert lines[-1].end_offset == run.journal.position


def test_a_line_cut_anywhere_is_told_and_costs_only_itself(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    whole = run.journal.path.read_bytes()
    begin = whole.index(b"\n") + 1
    for length in range(begin + 1, len(whole)):
        run.journal.path.write_bytes(whole[:length])
        lines = read_lines(run.journal.path)
        assert [line.kind for line in lines] == ["run-started"]
        assert lines.torn_tail == whole[begin:length].decode()


def test_a_journal_that_ends_well_has_no_torn_tail(run_of):
    run = run_of("a")
    run.start()
    lines = read_lines(run.journal.path)
    assert len(list(lines)) == 1
    assert lines.torn_tail == ""


@pytest.mark.parametrize(
    ("old", "new"), [(b'"value":1000.0', b'"value":1001.0'), (b'"verdict":"fail"', b'"verdict":"pass"')]
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
    run.journal.path.write_bytes(b"".join(lines[:1] + lines[2:]))
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


def test_offsets_tell_two_infusions_of_one_name_apart(run_of):
    run = run_of("a")
    run.start()
    run.sample()
    middle = run.journal.position
    run.clock_s = 30.0
    run.sample()
    run.clock_s = 60.0
    run.sample(infusion="other")
    path = run.journal.path
    assert list(samples_frame(path, "continuous")["t_s"]) == [0.0, 30.0]
    assert list(samples_frame(path, "continuous", start_offset=middle)["t_s"]) == [30.0]
    assert list(samples_frame(path, "continuous", end_offset=middle)["t_s"]) == [0.0]


def test_a_frame_keeps_every_value_of_a_sample(run_of):
    run = run_of("a")
    run.start()
    run.sample(pressure_kpa=None, alarms=["disconnect", "occlusion"], disconnected=True)
    frame = samples_frame(run.journal.path, "continuous")
    row = frame.iloc[0]
    assert math.isnan(row["pressure_kpa"])
    assert row["alarms"] == "disconnect;occlusion"
    assert frame["disconnected"].tolist() == [True]
    assert row["supply_mv"] == 3000
    assert row["state"] == "infusing"


def test_a_sample_with_an_unknown_column_is_refused_not_dropped(run_of):
    run = run_of("a")
    run.start()
    run.sample(new_sensor=1.0)
    with pytest.raises(BenchFault, match="new_sensor"):
        samples_frame(run.journal.path, "continuous")


def test_a_flag_that_is_no_flag_is_refused(run_of):
    run = run_of("a")
    run.start()
    run.sample(stable=1)
    with pytest.raises(BenchFault, match="stable"):
        samples_frame(run.journal.path, "continuous")


def test_memory_per_sample_stays_within_a_column_table(run_of):
    run = run_of("a")
    run.start()
    for number in range(300):
        run.clock_s = 30.0 * number
        run.sample()
    frame = samples_frame(run.journal.path, "continuous")
    assert frame.memory_usage(index=False, deep=True).sum() < 300 * 200
    assert run.journal.position > 300 * 500
