# SPDX-License-Identifier: Apache-2.0
"""Pictures and samples stand in the run folder, nothing leads them out of it, and what is missing is told."""

import dataclasses
import os

import pytest

from reports import infusions_at_once
from reports.infusion_files import write_infusion_files
from reports.infusions_at_once import InfusionsAtOnce
from tests.unit.reports.charts import PROFILE, chart_of


def recorded(run_of):
    run = run_of("a")
    run.start()
    for number in range(20):
        run.clock_s = 100.0 + 30.0 * number
        run.sample()
    return run


def test_a_picture_and_the_samples_are_written_and_named(run_of):
    run = recorded(run_of)
    made = write_infusion_files(run.folder, chart_of(run.journal.path, "kinked [high]"), PROFILE, simulated=True)
    samples, picture = made.files
    assert (picture.path, samples.path) == ("pictures/I-0001-delivery.svg", "samples/I-0001.csv")
    assert (picture.is_picture, samples.is_picture) == (True, False)
    assert (picture.name, samples.name) == ("kinked [high]: delivery", "kinked [high]: all samples")
    assert (run.folder / picture.path).read_bytes().startswith(b"<svg ")
    assert len((run.folder / samples.path).read_text(encoding="utf-8").splitlines()) == 21
    assert made.missing == ""


@pytest.mark.parametrize("name", ["pictures", "samples"])
def test_a_link_that_leads_out_of_the_run_folder_is_not_followed_and_told(run_of, tmp_path, name):
    run = recorded(run_of)
    outside = tmp_path / "outside"
    outside.mkdir()
    (run.folder / name).symlink_to(outside)
    made = write_infusion_files(run.folder, chart_of(run.journal.path), PROFILE, simulated=True)
    assert "leads out of the folder" in made.missing
    assert len(made.files) == (1 if name == "pictures" else 0)
    assert not list(outside.iterdir())


def test_an_id_that_is_a_path_names_no_file(run_of):
    run = recorded(run_of)
    made = write_infusion_files(run.folder, chart_of(run.journal.path, infusion="../x"), PROFILE, simulated=True)
    assert made.files == []
    assert "its id is '../x'" in made.missing


def charts_of(run, count):
    chart = chart_of(run.journal.path)
    return [dataclasses.replace(chart, infusion=f"I-{number:04}", name=f"{number}") for number in range(count)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_all_infusions_are_made_in_their_order_by_however_many_processes(run_of, processes):
    run = recorded(run_of)
    made = InfusionsAtOnce(run.folder, charts_of(run, 5), PROFILE, simulated=True).write(processes)
    assert [one.name for one in made] == list("01234")
    assert [one.files[1].path for one in made] == [f"pictures/I-{number:04}-delivery.svg" for number in range(5)]
    assert all(one.delivery is not None and not one.missing for one in made)
    drawn = [(one.delivery.boxes, one.delivery.lines, one.delivery.labels, one.delivery.height) for one in made]
    assert drawn == [drawn[0]] * 5


def test_a_process_that_dies_costs_no_run_and_is_told(run_of, monkeypatch):
    run = recorded(run_of)
    really = infusions_at_once.write_infusion_files

    def dies_at_the_fourth(folder, chart, profile, *, simulated):
        return os._exit(9) if chart.name == "3" else really(folder, chart, profile, simulated=simulated)

    monkeypatch.setattr(infusions_at_once, "write_infusion_files", dies_at_the_fourth)
    made = InfusionsAtOnce(run.folder, charts_of(run, 6), PROFILE, simulated=True).write(2)
    assert [one.name for one in made] == list("012345")
    assert ["the process that draws it ended" in one.missing for one in made] == [False, True] * 3
    assert all(one.files for one in made[::2])
