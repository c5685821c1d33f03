# SPDX-License-Identifier: Apache-2.0
"""A fault that grows: each step is confirmed and ends the one before, and all of it is undone at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.account.programmed_envelope import releases
from bench.injectors import Catheter, injector_named
from groundfloor.errors import BenchFault, PlanError
from tests.unit.made_infusion import MadeInfusion
from tests.unit.scripted_bench import Scene, scene


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as one:
        yield one


def test_each_step_ends_the_one_before_and_all_is_released_once(at: Scene) -> None:
    injectors, kink = at.setting.run.injectors, injector_named("kink")
    with Catheter(injectors).narrowing() as mass:
        first = mass.to(30.0)
        at.bench.scheduler.pass_for(100.0)
        second = mass.to(70.0)
        assert injectors.standing == (second,)
        assert injectors.wanted_percent(kink) == 70.0
        assert kink.observed_percent(at.bench.rig.read()) == 70.0
        assert (first.grew, first.released_s) == (True, second.confirmed_s)
    assert (second.grew, second.stood_since_s) == (False, first.sent_s)
    assert injectors.standing == ()
    assert kink.observed_percent(at.bench.rig.read()) == 0.0


def test_a_fault_does_not_shrink(at: Scene) -> None:
    with Catheter(at.setting.run.injectors).tearing() as tear:
        tear.to(30.0)
        with pytest.raises(PlanError, match=r"it is at 30 %\. Next: give rising steps"):
            tear.to(30.0)


def test_a_step_that_its_sensor_does_not_show_is_the_rigs_trouble(at: Scene) -> None:
    with Catheter(at.setting.run.injectors).narrowing() as mass:
        mass.to(30.0)
        at.bench.rig.stuck = True
        with pytest.raises(BenchFault, match="move the kink injector to 70 %"):
            mass.to(70.0)
        at.bench.rig.stuck = False


def test_only_the_last_step_of_a_growing_kink_gives_back_what_was_stored() -> None:
    record = MadeInfusion(alarm_s=3600.0).record()
    (shut,) = record.injections
    assert len(releases(record)) == 1
    shut.grew = True
    assert releases(record) == ()


def test_a_leak_that_a_pump_may_hide_by_its_own_error_has_to_show_nothing() -> None:
    leak = injector_named("leak")
    shows = leak.promised(30.0)
    assert shows is not None
    assert (shows.share_lost, shows.least_share_lost) == (0.3, 0.15)
    assert leak.promised(16.0) is None
