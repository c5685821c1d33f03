# SPDX-License-Identifier: Apache-2.0
"""Pictures and samples of an infusion stand in the run folder, and nothing leads them out of it."""

from pathlib import Path

import pytest

from bench.profile import Profile
from groundfloor.errors import BenchFault
from reports.infusion_files import InfusionShown, write_infusion_files

PROFILE = Profile.load(Path(__file__).parents[3] / "test_plans" / "profiles" / "implantable-20ml.toml")


def recorded(run_of):
    run = run_of("a")
    run.start()
    for number in range(20):
        run.clock_s = 100.0 + 30.0 * number
        run.sample()
    return run


def test_a_picture_and_the_samples_are_written_and_named(run_of):
    run = recorded(run_of)
    shown = InfusionShown("I-0001", "kinked [high]")
    picture, samples = write_infusion_files(run.folder, shown, run.frame(), PROFILE, simulated=True)
    assert (picture.path, samples.path) == ("pictures/I-0001-delivery.png", "samples/I-0001.csv")
    assert (picture.is_picture, samples.is_picture) == (True, False)
    assert (picture.name, samples.name) == ("kinked [high]: delivery", "kinked [high]: all samples")
    assert (run.folder / picture.path).read_bytes().startswith(b"\x89PNG")
    assert len((run.folder / samples.path).read_text(encoding="utf-8").splitlines()) == 21


@pytest.mark.parametrize("name", ["pictures", "samples"])
def test_a_link_that_leads_out_of_the_run_folder_is_refused(run_of, tmp_path, name):
    run = recorded(run_of)
    outside = tmp_path / "outside"
    outside.mkdir()
    (run.folder / name).symlink_to(outside)
    with pytest.raises(BenchFault, match="leads out of the folder"):
        write_infusion_files(run.folder, InfusionShown("I-0001", "x"), run.frame(), PROFILE, simulated=True)
    assert not list(outside.iterdir())
