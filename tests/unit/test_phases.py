# SPDX-License-Identifier: Apache-2.0
"""The account of phases: they tile an infusion, and in each of them, and in any span, three volumes agree or not."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from bench.acceptance import Standing
from bench.account import InfusionRecord
from bench.account.phase import PhaseKind
from bench.account.phases import phases_of
from bench.account.phases_examiner import COUNTED, LIED, WEIGHED, examine_phases
from bench.sampling import MassStep
from bench.therapy import Flex, Step
from instruments.pump import Command
from metrology.verdict import Judgement, Measurement, Verdict, judge
from tests.unit.weighed_infusion import (
    BEGINS_S,
    HOUR_S,
    INTERVAL_S,
    PROFILE,
    RATE_UL_PER_H,
    MadeInfusion,
    kept_back,
    steadily,
    tiles,
    without_samples,
)

END_S = 12 * HOUR_S
HOURS = 12.0 + 1200 / HOUR_S


def verdicts(record: InfusionRecord) -> dict[str, Verdict]:
    """Return what is judged of a record, by its name."""
    judged = {}
    for finding in examine_phases(record):
        assert finding.standing is Standing.PHASES
        found = finding.found
        judgement = found if isinstance(found, Judgement) else judge(found)
        judged[judgement.name] = judgement.verdict
    return judged


def failed(record: InfusionRecord) -> set[tuple[str, str]]:
    """Return what failed: the phase or span without its times, and the pair."""
    return {_short(name) for name, verdict in verdicts(record).items() if verdict is Verdict.FAIL}


def _short(name: str) -> tuple[str, str]:
    what, _, pair = name.removeprefix("made, ").partition(": ")
    kind = what.partition(" (")[0].rpartition(", ")[2]
    return ("span" if "spans" in pair else kind), pair.partition(",")[0]


def steady() -> MadeInfusion:
    return MadeInfusion().start().stop(END_S)


def disconnected() -> MadeInfusion:
    """Six hours, two of them with the catheter off; the pump goes on."""
    made = MadeInfusion().start().fault("disconnect", 2 * HOUR_S, 4 * HOUR_S).stop(END_S)
    made.weighed = kept_back(made, [(2 * HOUR_S, 4 * HOUR_S)])
    return made


def kinked() -> MadeInfusion:
    """Kinked at two hours, stopped by the alarm after 18 minutes, opened, and started again an hour later."""
    made = MadeInfusion().start()
    made.fault("kink", 2 * HOUR_S, 2.5 * HOUR_S).stop_by_alarm(2.3 * HOUR_S)
    made.command(Command.ACKNOWLEDGE, 3.5 * HOUR_S).start(3.5 * HOUR_S).stop(END_S)
    held_ul = 0.3 * RATE_UL_PER_H
    given = steadily((2.5 * HOUR_S, 0.0), (2.5 * HOUR_S + 60, held_ul))
    lost = kept_back(made, [(2 * HOUR_S, 2.3 * HOUR_S)])
    made.weighed = lambda at_s: lost(at_s) + given(at_s)
    return made


GOOD = {"steady": steady, "disconnected": disconnected, "kinked": kinked}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("gain", [0.95, 1.0, 1.05])
def test_a_good_pump_passes_in_every_phase_over_the_whole_and_over_any_span(
    make: Callable[[], MadeInfusion], gain: float
) -> None:
    made = make()
    made.gain = gain
    judged = verdicts(made.record(HOURS))
    assert set(judged.values()) == {Verdict.PASS}
    for pair in (WEIGHED, COUNTED, LIED):
        assert sum(name.endswith(pair) and "from tare to end" in name for name in judged) == 1
        assert sum(f"{pair}, highest" in name or f"{pair}, lowest" in name for name in judged) == 2


@pytest.mark.parametrize("make", [*GOOD.values(), lambda: steady().windows(2 * HOUR_S, 6 * HOUR_S)])
def test_phases_tile_the_time_from_the_first_sample_to_the_last(make: Callable[[], MadeInfusion]) -> None:
    record = make().record(HOURS)
    phases = phases_of(record)
    assert [one.number for one in phases] == list(range(1, len(phases) + 1))
    assert all(one.end is other.start for one, other in pairwise(phases))
    edges_s = [phases[0].start.at_s, *(one.end.at_s for one in phases)]
    assert tiles(edges_s)
    assert (edges_s[0], edges_s[-1]) == (record.samples.at_s[0], record.samples.at_s[-1])


def test_each_phase_is_called_after_what_goes_on_in_it() -> None:
    kinds = [one.kind for one in phases_of(kinked().windows(5 * HOUR_S, 7 * HOUR_S).record(HOURS))]
    assert kinds == [
        PhaseKind.LEAD_IN, PhaseKind.START_UP, PhaseKind.STEADY, PhaseKind.FAULT, PhaseKind.FAULT, PhaseKind.RELEASE,
        PhaseKind.STOPPED, PhaseKind.START_UP, PhaseKind.STEADY, PhaseKind.STEADY, PhaseKind.STEADY, PhaseKind.RUN_DOWN,
    ]  # fmt: skip


def test_of_two_commands_between_two_readings_the_later_one_names_the_phase() -> None:
    made = MadeInfusion().start().stop(2 * HOUR_S)
    made.command(Command.ACKNOWLEDGE, 3 * HOUR_S + 5).start(3 * HOUR_S + 12).stop(END_S)
    at_3_h = next(one for one in phases_of(made.record(HOURS)) if one.start.at_s == 3 * HOUR_S)
    assert at_3_h.kind is PhaseKind.START_UP


def test_what_lies_between_two_windows_is_a_phase_of_its_own() -> None:
    windows_s = (2 * HOUR_S, 3 * HOUR_S, 4 * HOUR_S, 5 * HOUR_S)
    spans = [(one.start.at_s, one.end.at_s) for one in phases_of(steady().windows(*windows_s).record(HOURS))]
    assert (3 * HOUR_S, 4 * HOUR_S) in spans


def at_the_start() -> MadeInfusion:
    """20 µL come at the start and nobody counts them."""
    made = steady()
    made.weighed = steadily((BEGINS_S, 0.0), (BEGINS_S + 20, 20.0))
    return made


def at_the_acknowledge() -> MadeInfusion:
    made = kinked()
    usual = made.weighed
    more = steadily((3.5 * HOUR_S, 0.0), (3.5 * HOUR_S + 10, 40.0))
    made.weighed = lambda at_s: usual(at_s) + more(at_s)
    return made


def after_the_stop() -> MadeInfusion:
    made = steady()
    made.weighed = steadily((END_S + 300, 0.0), (END_S + 600, 10.0))
    return made


def three_times_the_rate_while_off() -> MadeInfusion:
    made = disconnected()
    made.counted = steadily((2 * HOUR_S, 0.0), (4 * HOUR_S, 4 * RATE_UL_PER_H))
    return made


def counts_on_after_the_alarm() -> MadeInfusion:
    made = kinked()
    made.counted = steadily((2.3 * HOUR_S, 0.0), (2.5 * HOUR_S, 0.2 * RATE_UL_PER_H))
    return made


def stands_while_off() -> MadeInfusion:
    """The profile says that it goes on at a disconnect alarm; it does not."""
    made = disconnected()
    made.counted = kept_back(made, [(2 * HOUR_S, 4 * HOUR_S)])
    return made


def more_on_release_than_a_catheter_holds() -> MadeInfusion:
    made = kinked()
    usual = made.weighed
    more = steadily((2.5 * HOUR_S + 29, 0.0), (2.5 * HOUR_S + 89, 30.0))
    made.weighed = lambda at_s: usual(at_s) + more(at_s)
    return made


def pushes_on_into_a_kink() -> MadeInfusion:
    """Four hours shut, no alarm, and it counts as if everything went its way."""
    made = MadeInfusion().start().fault("kink", 2 * HOUR_S, 6 * HOUR_S).stop(END_S)
    made.weighed = kept_back(made, [(2 * HOUR_S, 6 * HOUR_S)])
    return made


def less_between_two_windows() -> MadeInfusion:
    """17 % too little, and only while no window is weighed."""
    made = MadeInfusion().start().stop(30 * HOUR_S).windows(2 * HOUR_S, 4 * HOUR_S, 26 * HOUR_S, 28 * HOUR_S)
    made.weighed = steadily((4 * HOUR_S, 0.0), (26 * HOUR_S, -0.17 * 22 * RATE_UL_PER_H))
    return made


BAD = {
    at_the_start: {("start-up", WEIGHED), ("start-up", LIED)},
    at_the_acknowledge: {("start-up", WEIGHED), ("start-up", LIED)},
    after_the_stop: {("run-down", WEIGHED), ("run-down", LIED)},
    three_times_the_rate_while_off: {("fault", COUNTED)},
    counts_on_after_the_alarm: {("fault", COUNTED)},
    stands_while_off: {("fault", COUNTED)},
    more_on_release_than_a_catheter_holds: {("release", WEIGHED), ("release", LIED)},
    pushes_on_into_a_kink: {("fault", COUNTED)},
    less_between_two_windows: {("steady part", WEIGHED)},
}


@pytest.mark.parametrize(("make", "phases"), BAD.items(), ids=[one.__name__ for one in BAD])
def test_a_bad_pump_fails_in_the_phase_in_which_it_is_bad(
    make: Callable[[], MadeInfusion], phases: set[tuple[str, str]]
) -> None:
    hours = 30.5 if make is less_between_two_windows else HOURS
    found = failed(make().record(hours))
    assert phases <= found
    assert {
        one for one in found if one[0] not in {"span", "from tare to end", *(phase for phase, _ in phases)}
    } == set()


def test_what_is_too_little_for_any_phase_fails_in_a_span_of_them() -> None:
    made = MadeInfusion(gain=1.165).start().stop(30 * HOUR_S).windows(*(n * HOUR_S for n in range(1, 30)))
    found = failed(made.record(30.5))
    assert ("span", WEIGHED) in found
    assert not any(pair == WEIGHED and kind == "steady part" for kind, pair in found)


def test_a_rate_that_changes_at_its_step_passes_and_one_that_does_not_change_fails() -> None:
    flex = Flex((Step(0, RATE_UL_PER_H), Step(6 * 60, 2 * RATE_UL_PER_H)))
    good = MadeInfusion(flex).start().stop(END_S)
    assert set(verdicts(good.record(HOURS)).values()) == {Verdict.PASS}
    bad = MadeInfusion(flex).start().stop(END_S)
    change_s = 6 * HOUR_S - 1000.0
    bad.weighed = steadily((change_s, 0.0), (END_S, -(END_S - change_s) / HOUR_S * RATE_UL_PER_H))
    assert ("steady part", WEIGHED) in failed(bad.record(HOURS))


def test_a_step_of_the_display_with_a_command_is_the_pumps_alone_it_is_open_and_a_knock_is_nothing() -> None:
    pair = f"from tare to end (0 s to {END_S + 1200:.0f} s): {WEIGHED}"
    at_ack, alone = steady(), steady()
    at_ack.command(Command.ACKNOWLEDGE, 6 * HOUR_S)
    for made in (at_ack, alone):
        made.weighed = steadily((6 * HOUR_S, 0.0), (6 * HOUR_S + 1, 120.0))
        made.steps = (MassStep(6 * HOUR_S, 6 * HOUR_S + 30, 120.0),)
    assert verdicts(at_ack.record(HOURS))[f"made, {pair}"] is Verdict.FAIL
    assert verdicts(alone.record(HOURS))[f"made, {pair}"] is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("falls_ul", "fails"), [(120.0, False), (100.0, False), (60.0, True), (0.0, True)])
def test_a_step_with_a_command_that_falls_back_by_as_much_is_a_knock_though_nobody_told_of_its_fall(
    falls_ul: float, fails: bool
) -> None:
    made = steady().windows(5 * HOUR_S, 7 * HOUR_S)
    made.command(Command.ACKNOWLEDGE, 6 * HOUR_S)
    back_s, left_ul = 8 * HOUR_S + 600, 120.0 - falls_ul
    made.weighed = steadily((6 * HOUR_S, 0.0), (6 * HOUR_S + 1, 120.0), (back_s, 120.0), (back_s + 1, left_ul))
    made.steps = (MassStep(6 * HOUR_S, 6 * HOUR_S + 30, 120.0),)
    assert (Verdict.FAIL in verdicts(made.record(HOURS)).values()) is fails


@pytest.mark.parametrize("seed", range(6))
def test_a_good_pump_on_a_balance_that_grew_worse_in_the_run_fails_in_no_phase(seed: int) -> None:
    scatter_ul = np.random.default_rng(seed).normal(0.0, 2.0, 2000)
    made = steady()
    made.weighed = lambda at_s: float(scatter_ul[int(at_s / INTERVAL_S)])
    judged = verdicts(made.record(HOURS))
    assert Verdict.FAIL not in judged.values()
    assert {verdict for name, verdict in judged.items() if "lead-in" in name and WEIGHED in name} == {
        Verdict.INCONCLUSIVE
    }


def test_an_interruption_widens_the_phase_that_holds_it_and_the_whole() -> None:
    plain, interrupted = steady(), replace_interruptions(((6 * HOUR_S, 3.0),))
    before, after = (quantities(one.record(HOURS)) for one in (plain, interrupted))
    wider = {name for name in before if after[name] > before[name] + 1.0}
    assert any("steady part" in name for name in wider)
    assert any("from tare to end" in name for name in wider)
    assert not any("lead-in" in name or "run-down" in name for name in wider)


def test_an_interruption_belongs_to_the_phase_after_the_last_sample_before_it() -> None:
    def cut(open_ul: float) -> dict[str, float]:
        made = MadeInfusion(interruptions=((6 * HOUR_S, open_ul),)).start().stop_by_alarm(6 * HOUR_S + 20)
        return quantities(made.start(7 * HOUR_S).stop(END_S).record(HOURS))

    before, after = cut(0.0), cut(3.0)
    both = [name for name in before if name in after]
    wider = {name.partition(" (")[2].partition(")")[0] for name in both if after[name] > before[name] + 1.0}
    assert f"{6 * HOUR_S:.0f} s to {7 * HOUR_S:.0f} s" in wider
    assert not any(span.endswith(f"to {6 * HOUR_S:.0f} s") for span in wider)


def test_what_the_catheter_stores_is_a_line_of_the_budget_where_the_rate_differs_at_the_two_ends() -> None:
    found = [one.found for one in examine_phases(steady().record(HOURS))]
    shares = {
        one.name.partition(" (")[0].rpartition(", ")[2]: line.contribution
        for one in found
        if isinstance(one, Measurement) and one.measurand == WEIGHED and "spans" not in one.name
        for line in one.quantity.budget
        if line.name.startswith("what the catheter stores")
    }
    stored_ul = PROFILE.catheter.time_constant_s * RATE_UL_PER_H / HOUR_S
    assert shares["start-up"] == pytest.approx(stored_ul / 12**0.5, rel=0.01)
    assert shares["run-down"] == pytest.approx(stored_ul / 12**0.5, rel=0.01)
    assert shares["steady part"] == pytest.approx(0.0, abs=0.001)


def replace_interruptions(interruptions: tuple[tuple[float, float], ...]) -> MadeInfusion:
    made = steady()
    made.interruptions = interruptions
    return made


def quantities(record: InfusionRecord) -> dict[str, float]:
    found = [one.found for one in examine_phases(record)]
    return {one.name: one.quantity.expanded_uncertainty() for one in found if isinstance(one, Measurement)}


def test_over_a_gap_nothing_is_lost() -> None:
    gap = (6 * HOUR_S, 7 * HOUR_S)
    assert set(verdicts(without_samples(steady().record(HOURS), *gap)).values()) == {Verdict.PASS}
    made = steady()
    made.weighed = steadily((6.2 * HOUR_S, 0.0), (6.3 * HOUR_S, 120.0))
    judged = verdicts(without_samples(made.record(HOURS), *gap))
    # in one interval, however long, it may have been a knock as well
    assert {one for name, one in judged.items() if WEIGHED in name and "steady part" in name} == {Verdict.INCONCLUSIVE}
    made.weighed = steadily((6.2 * HOUR_S, 0.0), (6.8 * HOUR_S, -120.0))
    assert ("steady part", WEIGHED) in failed(without_samples(made.record(HOURS), *gap))


def test_one_reading_that_is_off_is_not_taken_for_an_end() -> None:
    record = steady().record(HOURS)
    mass_g = record.samples.mass_g.copy()
    mass_g[int(BEGINS_S / 30)] += 0.03
    knocked = replace(record, samples=replace(record.samples, mass_g=mass_g))
    assert set(verdicts(knocked).values()) == {Verdict.PASS}


def test_what_spoils_the_weighing_makes_a_pass_inconclusive_and_leaves_the_counter_alone() -> None:
    judged = verdicts(replace(steady().record(HOURS), qualifiers=("the room was too warm",)))
    assert {verdict for name, verdict in judged.items() if COUNTED in name} == {Verdict.PASS}
    assert {verdict for name, verdict in judged.items() if COUNTED not in name} == {Verdict.INCONCLUSIVE}


def test_an_infusion_without_two_readings_is_undecided() -> None:
    record = steady().record(0.0)
    assert list(verdicts(record).values()) == [Verdict.INCONCLUSIVE]


def test_where_the_pump_s_clock_went_back_no_phase_is_held_against_a_schedule_that_runs_by_it() -> None:
    record = steady().record(HOURS)
    device_clock_s = record.samples.device_clock_s.copy()
    device_clock_s[-1] = 25.0
    back = replace(record, samples=replace(record.samples, device_clock_s=device_clock_s))
    (finding,) = examine_phases(back)
    assert isinstance(finding.found, Judgement)
    assert finding.found.verdict is Verdict.INCONCLUSIVE
    assert "clock went back" in finding.found.reason
