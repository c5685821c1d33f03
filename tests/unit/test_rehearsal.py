# SPDX-License-Identifier: Apache-2.0
"""A plan that is gone through without an instrument: how long it takes, what it needs, and what nobody knows before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.rehearsal import Rehearsal
from bench.rehearsal.rehearsal import Rehearsed
from bench.rehearsal.rehearsed_infusion import NEEDED_FOR
from bench.therapy import Continuous
from instruments.pump import Alarm
from instruments.register_map.map import RegisterMap
from tests.unit.imagined_weighing import imagined_file

PROFILE = Profile.named("implantable-20ml", Path(__file__).parents[2] / "test_plans" / "profiles")
RATE_UL_PER_H = 360.0
"""A stroke of 0.5 µL takes five seconds."""
AROUND_S = 300.0 + 1200.0
"""Lead-in and run-down of a bench file that says nothing else."""
MARK_S = 10.0


def rehearsed(plan: Callable[..., None], file: BenchFile | None = None) -> Rehearsed:
    rehearsal = Rehearsal(PROFILE, file or imagined_file())

    def test(**fixtures: Any) -> None:
        with fixtures["infusion"](Continuous(RATE_UL_PER_H)) as run:
            plan(run, fixtures["catheter"])

    return rehearsal.rehearse(test, {"infusion": rehearsal.infusion, "catheter": rehearsal.catheter})


def test_windows_are_of_whole_strokes_between_two_marks() -> None:
    found = rehearsed(lambda run, _: run.deliver(3603.0, "an hour"))
    assert (found.time.seconds, found.time.unknown) == (AROUND_S + MARK_S + 3605.0, "")


def test_a_stop_that_an_alarm_makes_is_a_stop_until_somebody_goes_on() -> None:
    rates = []

    def plan(run: Any, catheter: Any) -> None:
        with catheter.kinked() as kink:
            run.expect_alarm("alarm", Alarm.OCCLUSION, kink)
        rates.append(run.rate_ul_per_h)
        run.resume()
        rates.append(run.rate_ul_per_h)

    found = rehearsed(plan)
    assert rates == [0.0, RATE_UL_PER_H]
    limit_s = PROFILE.occlusion_time_limit_s(RATE_UL_PER_H)
    assert found.time.seconds == pytest.approx(AROUND_S + MARK_S + limit_s)
    assert found.needs == ("kink",)


def test_a_finding_can_be_judged_and_nothing_can_be_made_of_it() -> None:
    found = rehearsed(lambda run, _: run.judge("volume", run.deliver(3600.0, "an hour").volume))
    assert found.time.unknown == ""
    found = rehearsed(lambda run, _: run.wait(run.deliver(3600.0, "an hour").volume * 2))
    assert found.time.unknown == "an hour.volume"
    assert found.time.seconds == 300.0 + MARK_S + 3600.0  # no run-down: nobody knows what comes before it


def test_a_verb_that_nobody_knows_ends_it_by_name() -> None:
    assert str(rehearsed(lambda run, _: run.dance()).time).endswith("unknown until run (dance)")


def test_a_loss_of_power_takes_its_time_and_that_of_the_alarm_after_it_and_needs_the_supply() -> None:
    found = rehearsed(lambda run, _: run.power.interrupt(40.0, "reset"))
    assert found.time.unknown == ""
    assert found.time.seconds == pytest.approx(AROUND_S + 40.0 + MARK_S + PROFILE.time_limit_s(Alarm.MEMORY))
    assert found.needs == ("supply",)
    assert rehearsed(lambda run, _: run.power.dance()).time.unknown == "power.dance"


def test_an_infusion_that_the_balance_cannot_resolve_is_blocked() -> None:
    file = imagined_file()
    coarse = file.balance.model_copy(update={"readability_mg": 10.0, "repeatability_mg": 20.0})
    found = rehearsed(lambda run, _: None, file.model_copy(update={"balance": coarse}))
    assert found.blocked.startswith("balance: tell an excess in any window at 360 µL/h")
    assert found.time.seconds == 0.0


def test_what_is_asked_of_a_rig_stands_in_the_map_that_comes_with_the_bench() -> None:
    points = set(RegisterMap.named("rig").points)
    assert {*(one for _, names in NEEDED_FOR.values() for one in names)} <= points


def test_a_rig_that_lacks_an_output_blocks_the_test_that_asks_for_it() -> None:
    file = imagined_file()
    old = file.model_copy(update={"rig": file.rig.with_map("rig-1")})
    found = rehearsed(lambda run, _: run.patient_boluses.require_button(), old)
    assert "rig: use its patient button: its register map 'rig-1' has no point press_token" in found.blocked
    assert rehearsed(lambda run, _: run.patient_boluses.require_button()).blocked == ""
