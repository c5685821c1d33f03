# SPDX-License-Identifier: Apache-2.0
"""A bad instrument fails no good pump in a test that its row of the catalogue does not name.

The campaign of detection sends each of them through every chapter, in days; what it found is tried here each time.
"""

from pathlib import Path

import pytest

from tests.sim.forked_run import forked_run


@pytest.mark.parametrize(
    ("defect", "chapter", "select", "ends"),
    [
        ("supply_sensor_echoes", "telemetry", "two_hundred_alarms_of_several_kinds", "BLOCKED"),
        ("kink_sensor_echoes", "telemetry", "newest_alarms_in_order_when_it_wraps", "BLOCKED"),
        ("balance_wears_at_h=1.3", "reservoir", "neither_acknowledged_nor_started", "INCONCLUSIVE"),
    ],
)
def test_a_bad_instrument_fails_no_good_pump(tmp_path: Path, defect: str, chapter: str, select: str, ends: str) -> None:
    run = forked_run(tmp_path, f"--defect={defect}", f"--chapter={chapter}", select=select)
    assert [str(test.verdict).upper() for test in run.summary.tests] == [ends], run.printed
