# SPDX-License-Identifier: Apache-2.0
import csv
import io

import pandas as pd
import pyarrow.parquet as pq

from reports import samples_parquet
from reports.samples_csv import as_csv


def test_csv_holds_every_sample_and_names_units(run_of):
    run = run_of("a")
    run.start()
    for number in range(5):
        run.clock_s = 30.0 * number + 0.25
        run.sample(pressure_kpa=None, alarms=["occlusion", "stall"])
    rows = list(csv.DictReader(io.StringIO(as_csv(run.frame("continuous")).decode())))
    assert [float(row["t_s"]) for row in rows] == [0.25, 30.25, 60.25, 90.25, 120.25]
    assert rows[0]["pressure_kpa"] == ""
    assert rows[0]["alarms"] == "occlusion;stall"
    assert {"weighed_ul", "mass_g", "temperature_c", "supply_mv"} <= rows[0].keys()


def test_the_same_frame_gives_the_same_csv_bytes(run_of):
    run = run_of("a")
    run.start()
    run.sample()
    frame = run.frame("continuous")
    assert as_csv(frame) == as_csv(frame.copy())


def test_parquet_holds_all_samples_of_all_tests_in_row_groups(run_of, monkeypatch):
    monkeypatch.setattr(samples_parquet, "ROW_GROUP", 4)
    run = run_of("a", "b")
    run.start()
    for node, state in (("a", "infusing"), ("b", "bolus")):
        run.start_test(node)
        for _ in range(6):
            run.clock_s += 30.0
            run.sample(state=state)
        run.end_test(node, "pass")
    path = samples_parquet.write(run.folder)
    frame = pd.read_parquet(path)
    assert list(frame["node"].astype(str)) == ["a"] * 6 + ["b"] * 6
    assert list(frame["state"].astype(str)) == ["infusing"] * 6 + ["bolus"] * 6
    assert list(frame["t_s"]) == [30.0 * number for number in range(1, 13)]
    groups = pq.ParquetFile(path).metadata
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [4, 2, 4, 2]
    assert sorted(entry.name for entry in run.folder.iterdir()) == [
        "collected.json",
        "journal.jsonl",
        "samples.parquet",
    ]


def test_a_run_without_samples_gives_an_empty_parquet_file(run_of):
    run = run_of("a")
    run.start()
    assert len(pd.read_parquet(samples_parquet.write(run.folder))) == 0


def test_a_torn_tail_costs_no_other_sample(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.sample()
    run.sample()
    whole = run.journal.path.read_bytes()
    run.journal.path.write_bytes(whole[:-20])
    assert len(pd.read_parquet(samples_parquet.write(run.folder))) == 1
