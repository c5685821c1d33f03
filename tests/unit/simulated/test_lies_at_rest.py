# SPDX-License-Identifier: Apache-2.0
"""Pumps that lie before anything was asked of them, each seen through its registers."""

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin

CASES = [
    ("alarm_log_hole", "alarm_log_count", 0, 1),
    ("alarm_log_hole", "alarm_log[0].code", "none", "none"),
    ("bolus_log_hole", "bolus_log_count", 0, 1),
    ("bolus_log_hole", "bolus_log[0].outcome", "none", "none"),
    ("rate_while_stopped_ul_per_h", "active_rate_ul_per_h", 0.0, 10.0),
]


@pytest.mark.parametrize(("defect", "point", "good", "bad"), CASES)
def test_a_pump_at_rest_says_what_its_defect_makes_it_say(defect: str, point: str, good: object, bad: object) -> None:
    assert OperatedTwin().pump(point) == good
    assert OperatedTwin(defects=[defect]).pump(point) == bad
