# SPDX-License-Identifier: Apache-2.0
"""Bad pumps fail and bad benches are told, each in the chapter that is made for it and for the right reason.

Rows that these tests tell more about are tried each time, and those that passed before the whole infusion was judged.
Of the others a run tries one share of six, which the code draws (`catalogue_share.py`) and the names of the tests tell.
`PUMPBENCH_DEFECTS=3` tries the third share, `PUMPBENCH_DEFECTS=all` every row. Rows that
take a month of the twin are in no share: `tests/soak/test_month_of_bad_pumps.py` tries them.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.acceptance import Standing
from bench.account.phases_examiner import COUNTED, LIED, WEIGHED
from bench.run import own_code_sha256
from bench.trace import Requirements
from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.defects import DEFECTS
from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from tests.sim.bench_run import BenchRun
from tests.sim.catalogue_share import IN_A_MONTH, SHARES, rows_of, share_asked_for
from tests.sim.forked_run import forked_run
from tests.sim.runs_ahead import runs_ahead, selected

BALANCE = "pump's counter against balance"
COUNTER = "pump's counter against program"
RATE = "rate error"
VOLUME = "delivered volume, balance against program"
ALARM, AFTER_ALARM, COMMANDS = Standing.QUIET.words, Standing.AFTER_ALARM.words, Standing.COMMANDS.words
PROGRAM, CLOCK, RESTART = Standing.PROGRAM.words, Standing.CLOCK.words, Standing.NO_RESTART.words
STATE, ACTIVE_RATE, FOLLOWS = Standing.STATE.words, Standing.ACTIVE_RATE.words, Standing.COUNTER.words
BITS, PRESSURE, BOLUS_LOG = Standing.ALARM_BITS.words, Standing.PRESSURE.words, Standing.BOLUS_LOG.words
EXCESS, SHORTFALL = "excess in any window", "shortfall in any window"
FIRST_ARRIVAL, FIRST_HOURS = "first arrival after a start", "first two hours"
IN_ITS_TIME = "volume in its time"
BOLUS = "volume on top of the basal rate"
JUDGED = "pump: judge: "
INTERVAL_S = 30.0
BASELINE = Path(__file__).parents[2] / "test_plans" / "requirements.toml"


@dataclass(frozen=True)
class Case:
    """One twin with defects, the tests that it goes through, and what must be said of it."""

    defect: str
    chapter: str
    select: str
    fails: frozenset[str] = frozenset()
    says: str = ""

    @property
    def name(self) -> str:
        return self.defect.partition("=")[0]

    @property
    def row(self) -> Defect:
        return DEFECTS[self.name]

    @property
    def pump(self) -> list[str]:
        return [f"--profile={self.row.shows.profile}"] if self.row.shows.profile else []


def bad_pump(defect: str, *fails: str, says: str = "") -> Case:
    shows = DEFECTS[defect.partition("=")[0]].shows
    return Case(defect, shows.chapter, shows.test, frozenset(fails), says)


def bad_bench(defect: str, says: str = "") -> Case:
    return bad_pump(defect if "=" in defect else DEFECTS[defect].example, says=says)


BAD_PUMPS = [
    bad_pump(
        "rate_bias=0.2",
        VOLUME,
        RATE,
        BALANCE,
        EXCESS,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"rate error: 2\d\.\d+ ± 0\.\d+ %",
    ),
    bad_pump(
        "rate_bias=-0.2",
        VOLUME,
        RATE,
        BALANCE,
        SHORTFALL,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"rate error: -1\d\.\d+ ± 0\.\d+ %",
    ),
    bad_pump("counter_drift", COUNTER, BALANCE, FOLLOWS, COUNTED, LIED, says=r"counter against program: 1200"),
    bad_pump("stall_at_h=2", VOLUME, RATE, BALANCE, SHORTFALL, FIRST_HOURS, WEIGHED, LIED, says=r"rate error: -\d\d"),
    bad_pump(
        "false_alarm_at_h=2",
        ALARM,
        COUNTER,
        VOLUME,
        RATE,
        SHORTFALL,
        FIRST_HOURS,
        WEIGHED,
        COUNTED,
        says=r"unexpected: occlusion at 7\d{3} s",
    ),
    bad_pump("no_occlusion_alarm", "occlusion alarm", says=r"kink was confirmed, no occlusion alarm came"),
    bad_pump("late_occlusion_alarm", "occlusion alarm", says=r"no occlusion alarm came within 3\.\d+ min"),
    bad_pump(
        "occlusion_alarm_keeps_pumping",
        AFTER_ALARM,
        "unintended bolus on release",
        "volume while stopped",
        COMMANDS,
        EXCESS,
        WEIGHED,
        COUNTED,
        LIED,
        STATE,
        ACTIVE_RATE,
        FOLLOWS,
        says=r"its state is infusing, its rate 1000 µL/h",
    ),
    bad_pump(
        "no_recovery_after_alarm",
        VOLUME,
        BALANCE,
        SHORTFALL,
        FIRST_ARRIVAL,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"after the kink: delivered volume, balance against program: -?0\.\d",
    ),
    bad_pump("occlusion_alarm_once", "occlusion alarm", BITS, PRESSURE, says=r"no occlusion alarm came within"),
    bad_pump(
        "false_occlusion_after_idle",
        ALARM,
        COMMANDS,
        COUNTER,
        VOLUME,
        SHORTFALL,
        FIRST_ARRIVAL,
        FIRST_HOURS,
        WEIGHED,
        COUNTED,
        says=r"unexpected: occlusion at \d+ s",
    ),
    bad_pump("no_disconnect_alarm", "disconnect alarm", says=r"no disconnect alarm came within"),
    bad_pump("lockout_ignored", "answer", BOLUS, says=r"wanted lockout, it answered accepted"),
    bad_pump("bolus_volume_bias", COUNTER, BOLUS, FOLLOWS, BOLUS_LOG, IN_ITS_TIME, says=r"basal rate: 26\.\d+ ±"),
    bad_pump(
        "flex_step_skipped",
        COUNTER,
        VOLUME,
        EXCESS,
        ACTIVE_RATE,
        FOLLOWS,
        WEIGHED,
        COUNTED,
        says=r"step 2: delivered volume, balance against program: 3\d\d",
    ),
    bad_pump(
        "flex_shift_min",
        "lateness of the change of rate",
        EXCESS,
        SHORTFALL,
        ACTIVE_RATE,
        FOLLOWS,
        says=r"change of rate: \d{3} ± \d+ s",
    ),
    bad_pump("pump_clock_ppm", CLOCK, says=r"in 30 s it gained 3\.00 s on the bench's, allowed are 0\.0\d s"),
    bad_pump("restarts_at_h", RESTART, says=r"its clock went back from \d+\.\d\d s to \d+\.\d\d s"),
    bad_pump("program_register_off", PROGRAM, says=r"active_steps\[0\].rate_ul_per_h is 1100\.0, staged was 1000\.0"),
    bad_pump("read_back_off", PROGRAM, says=r"active_steps\[0\].rate_ul_per_h is 1100\.0, staged was 1000\.0"),
]

BAD_BENCHES = [
    bad_bench("dead_kink_clamp", r"rig: move the kink injector to 100 %: its sensor still shows 0 %"),
    bad_bench("dead_disconnect_valve", r"rig: move the disconnect injector to 100 %: .* shows 0 %"),
    bad_bench("dead_leak_valve", r"rig: move the leak injector to 50 %: its sensor still shows 0 %"),
    bad_bench("balance_auto_zero", r"balance: check auto zero: auto zero is on .* switch it off"),
    bad_bench("balance_auto_adjustment", r"balance: check automatic adjustment .* is on .* switch it off"),
    bad_bench("balance_overload", r"balance: read the mass: overload .* take the vessel off or empty it"),
    bad_bench("balance_restarts_at_h", r"balance: .*powered up.* start the run anew"),
    bad_bench("noisy_balance", r"balance: measure the noise: standard deviation [3456]\.\d+ mg"),
    bad_bench("coarse_balance", r"balance: measure the noise: .*, every one the same to the last digit"),
    bad_bench("balance_drift", r"the vessel gains 2\.\d+ ± 0\.\d+ mg/h .* see whether the stopped pump"),
    bad_bench(
        "balance_scale", r"its internal weight of 100 g with a deviation of \+\d{5}\.\d+ mg \(\+(20\.0|19\.9)\d+ %\)"
    ),
    bad_bench(
        "balance_scale_at_h", r"wrong after the run: .* \(\+(20\.0|19\.9)\d+ %\).*; at first it was FAIL: pump: judge:"
    ),
    bad_bench("balance_sticks_at_h", r"wrong after the run: .* \(-(100\.0|99\.9)\d+ %\).*; at first it was FAIL"),
    bad_bench("balance_carats_at_h", r"wrong after the run: .* \(\+(400\.0|399\.9)\d+ %\).*; at first it was FAIL"),
    bad_bench(
        "balance_one_behind",
        r"balance: measure the noise: .* all but the first not too much: .* to the question before",
    ),
    bad_bench("kink_clamp_sticks", r"rig: move the kink injector to 0 %: its sensor still shows 100 %"),
    bad_bench("kink_clamp_creeps_at_h", r"rig: watch the kink injector: its sensor shows 20 %, .* at 0 %"),
    bad_bench("rig_restarts_at_h", r"rig: watch: its watchdog tripped"),
    bad_bench("magnet_comes_at_h", r"rig: watch the magnet injector: its sensor shows 100 %, .* at 0 %"),
    bad_bench("kink_sensor_echoes", r"5 µL were primed against the shut clamp, \d\.\d+ mg passed it"),
    bad_bench("disconnect_sensor_echoes", r"the disconnect was injected: its sensor shows it, but 10\d ± \d %"),
    bad_bench("leak_sensor_echoes", r"the leak was injected: its sensor shows it, but 10\d ± \d %"),
    bad_bench("kink_stays_unseen", r"the kink was released: .* µL were pressed into the catheter, -?0\.\d µL came out"),
    bad_bench("disconnect_stays_unseen", r"in the catheter is 0\.0 kPa, .* did not arrive: the catheter seems off"),
    bad_bench("leak_stays_unseen", r"the leak was released: its sensor shows it, but 4\d ± \d %"),
    bad_bench("rig_leaks", r"8\.\d+ kPa by the pump's sensor moved by -5\.\d+ kPa in 30 s, 3 µL were primed"),
    bad_bench("temperature_sensor_off", r"its thermometer with the balance's: it shows 23\.\d+ °C, the balance 21"),
    bad_bench("pump_serial", r"pump: identify: serial number 'SIM20-9999' answers, .* says 'SIM20-0001'"),
]
CORRECTED = [bad_bench("balance_wrong_unit"), bad_bench("balance_drift=-1.5")]

WRONG_INPUT = [
    bad_bench("balance_freezes_at_h", r"balance: watch its display: \d\.\d{5} g, the same to the last digit"),
    bad_bench("balance_nonsense_at_h", r"in doubt: the balance showed 10000 g, its range ends at 220 g"),
    bad_bench("drop_falls_at_h", r"tight again: .*-1\d ± 2\d µL .* is too uncertain for .* U straddles a limit"),
    bad_bench("room_warms_at_h", r"in doubt: temperature in °C was 2[56]\.\d+, outside 18 to 24"),
    bad_bench("humidity_missing_at_h", r"rig: read the conditions of a weighing: humidity is nan %"),
]
TOLD_AS = {
    "balance_freezes_at_h": "held-display",
    "balance_nonsense_at_h": "impossible-mass",
    "drop_falls_at_h": "mass-step",
    "room_warms_at_h": "excursion",
    "humidity_missing_at_h": "excursion",
}
BAD_PUMPS_ON_BAD_BENCHES = [
    bad_pump(
        "rate_bias=0.2,drop_falls_at_h=2",
        VOLUME,
        RATE,
        BALANCE,
        EXCESS,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"rate error: 2\d\.\d+ ±",
    ),
    bad_pump(
        "stall_at_h=2,drop_falls_at_h=2.2",
        VOLUME,
        RATE,
        BALANCE,
        SHORTFALL,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"rate error: -\d\d",
    ),
    bad_pump(
        "stall_at_h=2,room_warms_at_h=2.2",
        VOLUME,
        RATE,
        BALANCE,
        SHORTFALL,
        FIRST_HOURS,
        WEIGHED,
        LIED,
        says=r"rate error: -\d\d",
    ),
]

AFTERWARDS = [bad_bench("balance_wears_at_h"), bad_bench("cover_off_at_h")]
"""Only the post-flight finds them: test_preflight.py says how."""
UNSEEN = [
    bad_bench("no_internal_weight"),
    bad_bench("no_watchdog"),
    bad_bench("outlet_dips_in"),
    bad_bench("dense_liquid"),
    bad_bench("temperature_sensor_stuck"),
]
"""Nothing of them shows in a chapter: test_scale_proof.py, test_keeper.py and test_corrections.py say what they do."""
TOLD = [*BAD_PUMPS, *BAD_BENCHES, *WRONG_INPUT, CORRECTED[0], *AFTERWARDS, *UNSEEN]
EXAMPLES = [
    bad_bench("bolus_at_start_ul"),
    bad_bench("bolus_at_acknowledge_ul"),
    bad_bench("bolus_again_after_min"),
    bad_bench("fast_while_off"),
    bad_bench("three_lies"),
]
"""What passed before the whole infusion was judged."""
ALWAYS = [case for case in (*TOLD, *EXAMPLES) if case.defect in {case.row.example, case.row.usual}]
IN_TURN = [name for name in DEFECTS if name not in {*IN_A_MONTH, *(case.name for case in ALWAYS)}]
SHARE = share_asked_for(os.environ.get("PUMPBENCH_DEFECTS", ""), own_code_sha256())
CATALOGUE = [*ALWAYS, *(bad_bench(name) for name in rows_of(SHARE, IN_TURN))]
"""Of those that nobody tells more about, it counts how they end and what they redden."""

Runs = Mapping[object, "Future[BenchRun]"]


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    def run(case: object) -> BenchRun:
        assert isinstance(case, Case)
        out = tmp_path_factory.mktemp(case.name)
        defects = [f"--defect={defect}" for defect in case.defect.split(",")]
        return forked_run(out, *defects, *case.pump, f"--chapter={case.chapter}", select=case.select)

    tmp_path_factory.getbasetemp()  # made before several threads ask for folders in it
    with runs_ahead(selected(request, "case"), run) as ahead:
        yield ahead


def name(case: Case) -> str:
    return case.defect


def name_and_share(case: Case) -> str:
    return f"{case.defect}, share {SHARE} of {SHARES}" if SHARE and case.name in IN_TURN else case.defect


def kinds(judgements: Iterable[MeasuredValue]) -> set[str]:
    """What was judged, without the window or the request that it was judged in."""
    return {one.measurand for one in judgements}


@pytest.mark.parametrize("case", BAD_PUMPS, ids=name)
def test_a_bad_pump_fails_for_its_own_reason_and_no_other(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
    assert kinds(run.failures) == case.fails
    assert re.search(case.says, run.reasons)
    told = [one.name in run.test.reason or one.reason in run.test.reason for one in run.failures]
    assert all(told) if run.test.reason.startswith(JUDGED) else any(told)  # what ends a test is told alone


@pytest.mark.parametrize("case", BAD_BENCHES, ids=name)
def test_a_bench_that_cannot_test_is_blocked_with_what_is_wrong_and_what_to_do(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (3, Verdict.BLOCKED)
    assert not run.failures
    assert re.search(case.says, run.test.reason)
    assert run.journal[-1].kind == "run-ended"


@pytest.mark.parametrize("case", WRONG_INPUT, ids=name)
def test_wrong_input_decides_nothing_and_stands_in_the_journal(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (3, Verdict.INCONCLUSIVE)
    assert not run.failures
    assert re.search(case.says, run.test.reason)
    told = [line.data for line in run.of_kind("event") if line.data["what"] == TOLD_AS[case.name]]
    assert len(told) == 1
    assert told[0]["title"]


@pytest.mark.parametrize("case", BAD_PUMPS_ON_BAD_BENCHES, ids=name)
def test_wrong_input_saves_no_bad_pump(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (1, Verdict.FAIL)
    assert kinds(run.failures) <= case.fails
    assert RATE in kinds(run.failures)
    assert re.search(case.says, run.reasons)


@pytest.mark.parametrize("case", CORRECTED, ids=name)
def test_what_the_bench_can_correct_for_leaves_a_good_pump_passing(runs: Runs, case: Case) -> None:
    """Masses in mg are read in g; a steady drift shows in the blank."""
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (0, Verdict.PASS)
    (back,) = [value for value in run.test.values if value.name == f"tight again: {VOLUME}"]
    assert back.value == pytest.approx(41.7, rel=0.05)


@pytest.mark.parametrize("case", [case for case in BAD_BENCHES if case.name == "balance_restarts_at_h"], ids=name)
def test_what_was_sampled_before_a_balance_restarted_is_kept(runs: Runs, case: Case) -> None:
    run = runs[case].result()
    last = run.of_kind("sample")[-1]
    assert 7200 - INTERVAL_S <= last.t_s <= 7200
    assert (run.of_kind("test-ended")[-1].seq > last.seq, run.journal[-1].kind) == (True, "run-ended")


@pytest.mark.parametrize("case", CATALOGUE, ids=name_and_share)
def test_a_defect_ends_and_reddens_exactly_as_the_catalogue_says(runs: Runs, case: Case) -> None:
    run, shows = runs[case].result(), DEFECTS[case.name].shows
    assert (str(run.summary.verdict).upper(), run.red_requirements) == (shows.ends, shows.reddens)


def test_every_defect_of_the_catalogue_is_tried_each_time_or_in_one_share() -> None:
    shares = [rows_of(share, IN_TURN) for share in range(1, SHARES + 1)]
    tried = [*{case.name for case in ALWAYS}, *(name for share in shares for name in share), *IN_A_MONTH]
    assert sorted(tried) == sorted(DEFECTS)
    assert list(rows_of(None, IN_TURN)) == IN_TURN


def test_the_code_draws_a_share_unless_one_is_asked_for() -> None:
    assert {share_asked_for("", f"{number:x}") for number in range(100)} == set(range(1, SHARES + 1))
    assert (share_asked_for("3", "0"), share_asked_for("all", "0")) == (3, None)
    for nonsense in ("0", "7", "-1", "some"):
        with pytest.raises(ValueError, match="write 1 to 6 for a share of the catalogue, or all"):
            share_asked_for(nonsense, "0")


def test_only_a_pump_reddens_requirements_and_each_that_it_reddens_stands_in_the_baseline() -> None:
    known = {one.id for one in Requirements.load(BASELINE).requirement}
    for one in DEFECTS.values():
        assert set(one.shows.reddens) <= known
        assert bool(one.shows.reddens) is (one.shows.ends == "FAIL")
        assert not (one.shows.reddens and one.asset is Asset.INSTRUMENT), one.name
