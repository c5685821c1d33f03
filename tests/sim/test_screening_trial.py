# SPDX-License-Identifier: Apache-2.0
"""A good external pump gives the bolus of a screening trial: millilitres in minutes."""

from pathlib import Path

from tests.sim.forked_run import forked_run

BOLUS = "millilitres"


def test_a_good_trial_pump_gives_its_bolus_of_millilitres(tmp_path: Path) -> None:
    run = forked_run(tmp_path, "--profile=external-trial", "--chapter=screening_trial", select=BOLUS)
    assert run.exit_code == 0, run.reasons
    volumes = [one.value for one in run.test.values if one.name.startswith("bolus ") and one.unit == "µL"]
    assert len([value for value in volumes if value is not None and 0.94 * 2000 < value < 1.06 * 2000]) >= 3
