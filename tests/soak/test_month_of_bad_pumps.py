# SPDX-License-Identifier: Apache-2.0
"""Pumps that are good for weeks: each ends and reddens in a month of the twin as the catalogue says. `tox -e soak`.

A month is minutes of a core; `PUMPBENCH_SOAK_MONTHS` names the rows to try, all of them if it says nothing. That a
good pump passes the same month stands beside them: without that a row would show nothing.
"""

import os
from pathlib import Path

import pytest

from instruments.simulated.specimen.defects import DEFECTS
from tests.sim.catalogue_share import IN_A_MONTH
from tests.sim.forked_run import forked_run

pytestmark = pytest.mark.soak

ROWS = os.environ.get("PUMPBENCH_SOAK_MONTHS", "").split() or IN_A_MONTH


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_takes_a_month_ends_and_reddens_exactly_as_the_catalogue_says(name: str, tmp_path: Path) -> None:
    row = DEFECTS[name]
    run = forked_run(tmp_path, f"--defect={row.example}", f"--chapter={row.shows.chapter}", select=row.shows.test)
    assert (str(run.summary.verdict).upper(), run.red_requirements) == (row.shows.ends, row.shows.reddens)


@pytest.mark.parametrize("profile", ["implantable-20ml", "implantable-40ml"])
def test_a_good_pump_passes_the_month(profile: str, tmp_path: Path) -> None:
    run = forked_run(tmp_path, f"--profile={profile}", "--chapter=endurance")
    assert (run.exit_code, run.red_requirements) == (0, ())
