# SPDX-License-Identifier: Apache-2.0
"""The course of a bolus: in its time, at its rate, all of it, and nothing of it in the hours after."""

import numpy as np
import pytest

from bench.acceptance import Standing
from bench.account import InfusionRecord
from bench.account.bolus_examiner import examine_boluses
from bench.therapy import Continuous, SingleBolus
from instruments.pump import Command, CommandResult
from metrology.delivery import BolusRamp
from metrology.verdict import Judgement, Measurement, Verdict, judge
from tests.unit.weighed_infusion import (
    BEGINS_S,
    HOUR_S,
    PROFILE,
    RATE_UL_PER_H,
    MadeInfusion,
    Volume,
    kept_back,
    nothing,
    steadily,
)

ASKED_S = 2 * HOUR_S
BOLUS_UL = PROFILE.patient_bolus.volume_ul.value
TAKES_S = float(PROFILE.patient_bolus.duration_s.value)
HOURS = 6.0
ALL = {"volume in its time", "late part", "begin after its request", "duration", "rate", "hours after"}


def ramp(begins_s: float, takes_s: float, volume_ul: float = BOLUS_UL) -> Volume:
    return steadily((begins_s, 0.0), (begins_s + takes_s, volume_ul))


def instead(*given: Volume, asked_s: float = ASKED_S) -> Volume:
    """Return what has to be added so that a bolus comes as `given` and not as it was programmed."""
    programmed = ramp(asked_s, TAKES_S)
    return lambda at_s: sum(one(at_s) for one in given) - programmed(at_s)


def with_a_bolus(weighed: Volume | None = None, gain: float = 1.0) -> MadeInfusion:
    made = MadeInfusion(PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H)), gain=gain)
    made.start().bolus(ASKED_S).stop(5.6 * HOUR_S)
    if weighed is not None:
        made.weighed = weighed
    return made


def judged(record: InfusionRecord) -> dict[str, Verdict]:
    found = {}
    for finding in examine_boluses(record):
        assert finding.standing is Standing.BOLUS_COURSE
        judgement = finding.found if isinstance(finding.found, Judgement) else judge(finding.found)
        found[judgement.name.removeprefix("made, ")] = judgement.verdict
    return found


def measurand(name: str) -> str:
    what = name.partition(": ")[2]
    return "hours after" if "after it" in what and "window" in what else what


def failed(record: InfusionRecord) -> set[str]:
    return {measurand(name) for name, verdict in judged(record).items() if verdict is Verdict.FAIL}


@pytest.mark.parametrize("gain", [0.95, 1.0, 1.05])
def test_a_good_bolus_passes_in_everything(gain: float) -> None:
    verdicts = judged(with_a_bolus(gain=gain).record(HOURS))
    assert {measurand(name) for name in verdicts} == ALL
    assert set(verdicts.values()) == {Verdict.PASS}


BAD = {
    "once more 40 minutes later": (instead(ramp(ASKED_S, TAKES_S), ramp(ASKED_S + 2400, TAKES_S)), "hours after"),
    "once more after two hours": (instead(ramp(ASKED_S, TAKES_S), ramp(ASKED_S + 7200, TAKES_S)), "hours after"),
    "slowly for hours": (instead(ramp(ASKED_S, TAKES_S), ramp(ASKED_S + 1200, 9000.0)), "hours after"),
    "in half the time": (instead(ramp(ASKED_S, TAKES_S / 2)), "duration"),
    "in a tenth of the time": (instead(ramp(ASKED_S, TAKES_S / 10)), "rate"),
    "in twice the time": (instead(ramp(ASKED_S, 2 * TAKES_S)), "duration"),
    "its second half missing": (instead(ramp(ASKED_S, TAKES_S / 2, BOLUS_UL / 2)), "volume in its time"),
    "three minutes late": (instead(ramp(ASKED_S + 180, TAKES_S)), "begin after its request"),
    "half of it late": (instead(ramp(ASKED_S, TAKES_S, 10.0), ramp(ASKED_S + TAKES_S, 170.0, 10.0)), "late part"),
    "not at all": (instead(), "volume in its time"),
}


@pytest.mark.parametrize(("weighed", "what"), BAD.values(), ids=BAD)
def test_a_bad_bolus_fails_in_what_is_bad_about_it(weighed: Volume, what: str) -> None:
    assert what in failed(with_a_bolus(weighed).record(HOURS))


def test_everything_about_a_bolus_rests_on_the_balance() -> None:
    """So that a balance that is found wrong afterwards takes it back."""
    lines = [{line.name for line in judge(one).budget} for one in _measured(with_a_bolus().record(HOURS))]
    assert len(lines) == len(ALL)
    assert all(any(name.startswith(("mass at ", "repeatability")) for name in names) for names in lines)


def _measured(record: InfusionRecord) -> list[Measurement]:
    return [one.found for one in examine_boluses(record) if isinstance(one.found, Measurement)]


def test_a_request_that_was_refused_gives_nothing_then_or_later() -> None:
    def refused(weighed: Volume) -> MadeInfusion:
        made = MadeInfusion(PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H)), weighed=weighed)
        return made.start().command(Command.PATIENT_BOLUS, ASKED_S, CommandResult.LOCKOUT).stop(5.6 * HOUR_S)

    assert set(judged(refused(nothing).record(HOURS)).values()) == {Verdict.PASS}
    assert failed(refused(ramp(ASKED_S + 2400, TAKES_S)).record(HOURS)) == {"hours after"}


def test_a_request_that_is_refused_while_a_bolus_runs_is_no_occasion_of_its_own() -> None:
    made = with_a_bolus().command(Command.SINGLE_BOLUS, ASKED_S + 300, CommandResult.WRONG_STATE)
    names = judged(made.record(HOURS))
    assert not [name for name in names if name.startswith("refused")]
    assert set(names.values()) == {Verdict.PASS}


def single(weighed: Volume | None = None) -> MadeInfusion:
    made = MadeInfusion(SingleBolus(BOLUS_UL, int(TAKES_S))).start().stop(4 * HOUR_S)
    if weighed is not None:
        made.weighed = weighed
    return made


SINGLE = {
    "good": (None, set()),
    "once more": (instead(ramp(BEGINS_S, TAKES_S), ramp(BEGINS_S + 2700, TAKES_S), asked_s=BEGINS_S), {"hours after"}),
    "in half the time": (instead(ramp(BEGINS_S, TAKES_S / 2), asked_s=BEGINS_S), {"duration", "rate"}),
}


@pytest.mark.parametrize(("weighed", "what"), SINGLE.values(), ids=SINGLE)
def test_a_therapy_that_is_a_single_bolus_is_judged_as_one(weighed: Volume | None, what: set[str]) -> None:
    assert failed(single(weighed).record(4.4)) == what


def test_an_infusion_without_a_bolus_says_nothing_of_one() -> None:
    assert judged(MadeInfusion().start().stop(2 * HOUR_S).record(2.4)) == {}


def test_a_bolus_that_is_cut_short_by_a_stop_owes_only_what_was_due_by_then() -> None:
    made = MadeInfusion(PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H)))
    made.start().bolus(ASKED_S).stop(ASKED_S + 300)
    verdicts = judged(made.record(2.6))
    assert set(verdicts.values()) == {Verdict.PASS}
    assert {measurand(name) for name in verdicts} == {"volume in its time"}


def test_behind_a_fault_nothing_of_a_bolus_is_claimed() -> None:
    made = with_a_bolus()
    made.fault("disconnect", ASKED_S + 60, ASKED_S + 1800)
    made.weighed = kept_back(made, [(ASKED_S + 60, ASKED_S + 1800)])
    assert Verdict.FAIL not in judged(made.record(HOURS)).values()


@pytest.mark.parametrize(("begins_s", "takes_s"), [(0.0, 600.0), (180.0, 600.0), (0.0, 300.0)])
def test_a_ramp_tells_its_begin_and_its_duration(begins_s: float, takes_s: float) -> None:
    times_s = np.arange(0.0, 1500.0, 30.0)
    added_ul = np.interp(times_s, [begins_s, begins_s + takes_s], [0.0, 20.0])
    found = BolusRamp.of(times_s, added_ul, 20.0, 0.5, 0.05)
    assert found is not None
    assert found.begins_s.value == pytest.approx(begins_s, abs=1.0)
    assert found.takes_s.value == pytest.approx(takes_s, abs=1.0)
    assert 0 < found.takes_s.expanded_uncertainty() < 60.0


def test_what_does_not_reach_its_volume_has_no_ramp_and_what_comes_at_once_has_one_of_an_interval() -> None:
    times_s = np.arange(0.0, 300.0, 30.0)
    assert BolusRamp.of(times_s, np.full(len(times_s), 10.0), 20.0, 0.5, 0.05) is None
    at_once = BolusRamp.of(times_s, np.where(times_s < 100.0, 0.0, 20.0), 20.0, 0.5, 0.05)
    assert at_once is not None
    assert at_once.takes_s.value <= 30.0
