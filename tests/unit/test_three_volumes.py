# SPDX-License-Identifier: Apache-2.0
"""Every infusion compares programmed, counted and weighed volume."""

from dataclasses import replace

from bench.capability.predicted_window import predicted_window
from bench.weighing import ThreeVolumes
from tests.unit.imagined_weighing import PROFILE, weighing

HOUR = predicted_window(weighing(), PROFILE, 41.6667, 3600.0)
DAY = replace(predicted_window(weighing(), PROFILE, 41.6667, 86400.0), name="day")


def test_the_names_tell_the_pair() -> None:
    volumes = ThreeVolumes()
    assert [one.name for one in volumes.add(HOUR)] == [
        "predicted: pump's counter against program",
        "predicted: pump's counter against balance",
    ]
    assert HOUR.volume.name == "predicted: delivered volume, balance against program"


def test_balance_against_program_is_left_open_until_it_was_judged_in_one_window() -> None:
    volumes = ThreeVolumes()
    assert (volumes.were_weighed, volumes.left_open) == (False, None)
    volumes.add(HOUR)
    volumes.add(DAY)
    volumes.note(DAY.rate_error)
    assert volumes.left_open == DAY.volume
    volumes.note(HOUR.volume)
    assert (volumes.were_weighed, volumes.left_open) == (True, None)
