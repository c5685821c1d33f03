# SPDX-License-Identifier: Apache-2.0
"""Bolus: single boluses, one by one."""

import pytest

from bench.account import HOURS_AFTER
from bench.profile import Profile
from bench.therapy import SingleBolus
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, answered_as_promised
from test_plans.markers import HOUR_S, judges, only_with

ROW = 25
"""As many as IEC 60601-2-24 weighs one by one."""


def single(profile: Profile, size: str) -> SingleBolus:
    """Return the profile's example bolus, or one in the same time at the greatest rate."""
    bolus = profile.patient_bolus if size == "example" else profile.filling_bolus
    return SingleBolus(bolus.volume_ul.value, bolus.duration_s.value)


@judges("BOL-001", "each bolus", accuracy, times=ROW)
@judges("BOL-002", "asked at once: answer", answered_as_promised)
@judges("BOL-002", "bolus with another asked for in it", accuracy)
@pytest.mark.parametrize("size", ["example", "greatest"])
@only_with("single_bolus")
def test_each_of_a_row_of_single_boluses_gives_its_volume(
    infusion: InfusionFactory, profile: Profile, size: str
) -> None:
    """A row of single boluses is weighed one by one; one that is asked for while another runs is refused.

    Purpose: find the pump whose boluses are right in the mean and wrong one by one, and the one that gives two at once.

    Method: program a single bolus, of the example's volume and of the greatest rate. Give a row of them, weigh each by
    itself. In one more, ask for another halfway. Then let three hours pass.

    Acceptance: each volume within the accuracy, each bolus in its time and at its rate; the other refused and logged,
    the volume that of one; nothing in the hours after.
    """
    with infusion(single(profile, size)) as run:
        for number in range(1, ROW + 1):
            run.judge("each bolus", run.single_bolus(f"bolus {number}").volume)
        two = run.single_bolus("bolus with another asked for in it", at_once="asked at once")
        run.judge("bolus with another asked for in it", two.volume)
        run.wait(HOURS_AFTER * HOUR_S)
