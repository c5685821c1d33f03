# SPDX-License-Identifier: Apache-2.0
"""The faults of an infusion, held against flow: what is said of pump and rig when an alarm is missing, or comes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.injectors import injector_named
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.balance import MassReading
from instruments.pump import Alarm
from tests.unit.scripted_bench import RATE_UL_PER_H, Scene, scene

WITHIN_S = 1800.0
"""In this time 21 µL are due."""
TOO_SHORT_S = 60.0
NO_ALARM = {"occlusion alarm": "FAIL"}


@dataclass
class Table:
    """A pump that was started at 0 s, sampled every 30 s, and weighed by what `passing` lets through."""

    scene: Scene
    session: SamplingSession
    expected: ExpectedAlarms

    def flow(self, passing: Callable[[float], float]) -> None:
        """Let this share of the flow reach the vessel at each instant."""
        bench, weighed = self.scene.bench, {"at_s": 0.0, "mass_mg": 0.0}

        def read_mass_g() -> MassReading:
            now_s = bench.clock.at_s
            hours = (now_s - weighed["at_s"]) / 3600
            weighed["mass_mg"] += RATE_UL_PER_H * passing(now_s) * hours
            weighed["at_s"] = now_s
            return MassReading(weighed["mass_mg"] / 1000, True)

        cast(Any, bench.balance).read_mass_g = read_mass_g

    def expect(self, injector: str, within_s: float = WITHIN_S, percent: float = 100.0) -> None:
        self.scene.bench.scheduler.pass_until(300.0)
        with self.scene.setting.run.injectors.injected(injector_named(injector), percent) as fault:
            self.expected.expect("latency", Alarm.OCCLUSION, fault, within_s)

    @property
    def judged(self) -> dict[str, str]:
        return {name: verdict for name, verdict in self.scene.verdicts.items() if name != "start accepted"}

    @property
    def waited_s(self) -> float:
        return self.scene.bench.clock.at_s - 300.0


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        session, judging = SamplingSession(at.setting), Judging(at.setting.run)
        control = PumpControl(at.setting, judging)
        session.begin()
        control.start()
        session.start()
        yield Table(at, session, ExpectedAlarms(at.setting, session, control, judging))


def test_a_missing_alarm_behind_a_flow_that_has_ended_is_the_pumps(table: Table) -> None:
    table.flow(lambda at_s: 1.0 if at_s < 300 else 0.0)
    with pytest.raises(PumpFailure, match="the kink was confirmed, no occlusion alarm came within 30 min"):
        table.expect("kink")
    assert table.judged == NO_ALARM


def test_a_missing_alarm_while_all_flows_on_is_the_rigs_and_nothing_is_judged(table: Table) -> None:
    table.flow(lambda _: 1.0)
    with pytest.raises(BenchFault, match=r"the kink was injected: its sensor shows it, but 100 ± \d %"):
        table.expect("kink")
    assert table.judged == {}
    assert table.session.effects.contradicted


def test_a_wait_that_is_too_short_to_tell_goes_on_for_as_long_as_the_rate_needs(table: Table) -> None:
    table.flow(lambda at_s: 1.0 if at_s < 300 else 0.0)
    with pytest.raises(PumpFailure):
        table.expect("disconnect", TOO_SHORT_S)
    assert TOO_SHORT_S + 60.0 < table.waited_s < 900.0
    assert any("Look on for an effect of the disconnect" in str(line.data) for line in table.scene.lines())


@pytest.mark.parametrize(
    ("injector", "most_s"),
    [("kink", TOO_SHORT_S + 30.0), ("disconnect", 3600.0)],
    ids=["behind a clamp", "catheter off"],
)
def test_where_nobody_can_tell_a_missing_alarm_decides_nothing_and_the_pump_does_not_run_on_for_it(
    table: Table, injector: str, most_s: float
) -> None:
    """Behind a clamp the pressure rises with each stroke, so there nothing more is waited for."""
    table.flow(lambda _: float("nan"))
    with pytest.raises(Inconclusive, match="no alarm came, and whether the fault was there cannot be told"):
        table.expect(injector, TOO_SHORT_S)
    assert table.judged == {}
    assert TOO_SHORT_S <= table.waited_s <= most_s


def test_two_faults_at_once_promise_nothing_together(table: Table) -> None:
    table.flow(lambda _: 1.0)
    leak = table.scene.setting.run.injectors.injected(injector_named("leak"), 30.0)
    with leak, pytest.raises(Inconclusive, match="no sample was taken under it alone"):
        table.expect("kink", TOO_SHORT_S)


def test_an_alarm_that_came_while_all_flowed_on_is_not_judged_either(table: Table) -> None:
    table.flow(lambda _: 1.0)
    table.scene.bench.pump.alarms_at_s = [(1500.0, Alarm.OCCLUSION)]
    with pytest.raises(BenchFault, match="its sensor shows it, but its alarm came, yet 100"):
        table.expect("kink")
    table.expected.judge_unexpected()
    assert table.judged == {"basal: an alarm without a fault": "INCONCLUSIVE"}


def test_an_alarm_that_came_before_the_flow_could_tell_counts(table: Table) -> None:
    table.flow(lambda at_s: 1.0 if at_s < 300 else 0.0)
    table.scene.bench.pump.alarms_at_s = [(330.0, Alarm.OCCLUSION)]
    table.expect("kink")
    table.expected.judge_unexpected()
    assert table.judged["basal: latency of the occlusion alarm"] == "PASS"
    assert table.judged["basal: an alarm without a fault"] == "PASS"


def test_an_injector_that_promises_nothing_of_the_flow_is_not_held_against_it(table: Table) -> None:
    table.flow(lambda _: 1.0)
    with pytest.raises(PumpFailure, match="the kink was confirmed, no occlusion alarm came"):
        table.expect("kink", TOO_SHORT_S, 30.0)


def test_a_magnet_that_leaves_the_flow_as_it_is_held_no_rotor(table: Table) -> None:
    table.flow(lambda _: 1.0)
    with pytest.raises(BenchFault, match=r"the magnet was injected: its sensor shows it, but 100 ± \d %"):
        table.expect("magnet")
    assert table.judged == {}


def test_a_rotor_that_stands_on_after_the_field_is_no_magnet_that_was_not_taken_away(table: Table) -> None:
    table.flow(lambda at_s: 1.0 if at_s < 300 else 0.0)
    with pytest.raises(PumpFailure):
        table.expect("magnet")
    table.scene.bench.scheduler.pass_for(3600.0)
    table.session.effects.refuse_a_fault_that_holds_back()
    assert not table.session.effects.contradicted
    assert not table.scene.bench.poisoned


@pytest.mark.parametrize(
    ("broken_off", "at_s", "verdict"),
    [(True, 330.0, "INCONCLUSIVE"), (True, 200.0, "FAIL"), (False, 330.0, "FAIL")],
    ids=["under the fault", "before it", "of a plan that came to its end"],
)
def test_an_alarm_under_a_fault_whose_test_broke_off_before_it_was_taken_is_no_failure(
    table: Table, broken_off: bool, at_s: float, verdict: str
) -> None:
    table.flow(lambda now_s: 1.0 if now_s < 300 else 0.0)
    table.scene.bench.pump.alarms_at_s = [(at_s, Alarm.OCCLUSION)]
    table.scene.bench.scheduler.pass_until(300.0)
    with table.scene.setting.run.injectors.injected(injector_named("kink"), 100.0):
        table.scene.bench.scheduler.pass_until(420.0)
    table.expected.judge_unexpected(broken_off=broken_off)
    assert table.judged == {"basal: an alarm without a fault": verdict}
