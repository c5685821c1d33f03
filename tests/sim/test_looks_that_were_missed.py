# SPDX-License-Identifier: Apache-2.0
"""What happens between two looks: an alarm in a gap, an alarm after the last sample, a rig that somebody made safe."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.account.examiners import EXAMINERS
from bench.alarms import AlarmObservation
from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.infusion import Infusion
from bench.injectors import Catheter, Injection
from bench.journal import Journal, read_lines
from bench.profile import Profile
from bench.run import Run
from bench.sampling.sampling import CLOSE_FOR_S
from bench.therapy import Continuous
from groundfloor.errors import BenchFault, PumpFailure
from instruments.pump import Alarm
from metrology.verdict import Verdict
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.quick_bench import RUN_DOWN_S, quick
from tests.sim.twin_bench import twin_bench

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
PATIENCE_S = 0.05
REGULAR_FROM_S = CLOSE_FOR_S + 30
"""So long after the start nothing but the regular samples is taken, and one of them at this very instant."""


@dataclass
class Table:
    """An infusion at the highest rate, on a wire to pump and rig that can be spoilt."""

    run: Run
    catheter: Catheter
    infusion: Infusion
    wire: CuttableWire

    def spoil(self, from_s: float, to_s: float) -> None:
        """Let a gateway say, between two instants of bench time, that pump and rig are silent.

        It says so at once: a time-out that runs out in a test would have to be short, and then a busy machine has
        gaps of its own.
        """
        clock = self.run.bench.clock

        def spoilt(reply: bytes) -> bytes:
            return unit_is_silent(reply) if from_s <= clock.now_s() < to_s else reply

        self.wire.spoil = spoilt

    def verdict(self) -> Verdict:
        return self.run.assessment.verdict


def unit_is_silent(reply: bytes) -> bytes:
    """What a gateway sends in place of a Modbus TCP reply: exception 11 under the same transaction number."""
    transaction_and_protocol, unit, function = reply[:4], reply[6:7], reply[7]
    return transaction_and_protocol + b"\x00\x03" + unit + bytes([function | 0x80, 11])


@contextmanager
def table(folder: Path, run_down_s: float = RUN_DOWN_S) -> Iterator[Table]:
    with twin_bench(folder) as twin:
        wire = twin.modbus_wire()
        twin.content["limits"] = {"patience_s": PATIENCE_S}
        file = quick(BenchFile.load(twin.file()))
        limits = file.limits.model_copy(update={"run_down_s": run_down_s})
        bench = Bench.open(file.model_copy(update={"limits": limits}))
        with closing(bench), closing(Journal(folder / "journal.jsonl", bench.clock.now_s)) as journal:
            run = Run.of("looks", bench, Profile.named("implantable-20ml", PROFILES), journal)
            catheter = Catheter(run.injectors)
            therapy = Continuous(run.profile.rates.tested("high"))
            with Infusion(run, therapy, "looks") as infusion:
                infusion.wait(REGULAR_FROM_S)
                yield Table(run, catheter, infusion, wire)


def time_limit_s(at: Table) -> float:
    return at.run.profile.occlusion_time_limit_s(at.infusion.rate_ul_per_h)


def kinked(at: Table, within_s: float) -> tuple[Injection, AlarmObservation]:
    with at.catheter.kinked() as injection:
        return injection, at.infusion.expect_alarm("alarm in time", Alarm.OCCLUSION, injection, within_s)


@pytest.fixture(scope="module")
def latency_s(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long after the kink the good twin raises the alarm: it does the same each time."""
    with table(tmp_path_factory.mktemp("undisturbed")) as at:
        injection, observation = kinked(at, time_limit_s(at))
        assert observation.latency.qualifiers == ()
        return observation.alarm.onset_s - injection.confirmed_s


def test_an_alarm_that_came_in_a_gap_is_no_missing_alarm_but_its_latency_is_doubted(
    tmp_path: Path, latency_s: float
) -> None:
    with table(tmp_path) as at, at.catheter.kinked() as injection:
        onset_s = injection.confirmed_s + latency_s
        at.spoil(onset_s - 20, onset_s + 50)
        observation = at.infusion.expect_alarm("alarm in time", Alarm.OCCLUSION, injection, within_s=latency_s + 1)
        assert at.run.bench.clock.now_s() > onset_s + 50
        assert observation.alarm.onset_s == pytest.approx(onset_s, abs=0.5)
        (doubt,) = observation.latency.qualifiers
        assert doubt.startswith("no samples from ")
        assert at.verdict() is Verdict.INCONCLUSIVE


def test_a_missing_alarm_is_called_so_only_after_a_look(tmp_path: Path, latency_s: float) -> None:
    with table(tmp_path) as at, at.catheter.kinked() as injection:
        end_s = injection.confirmed_s + latency_s / 4
        at.spoil(end_s, end_s + 50)
        with pytest.raises(PumpFailure, match="no occlusion alarm came"):
            at.infusion.expect_alarm("alarm in time", Alarm.OCCLUSION, injection, within_s=latency_s / 4)
        assert at.run.bench.clock.now_s() >= end_s + 50


def test_a_gap_that_does_not_close_ends_the_wait_for_an_alarm_as_blocked(tmp_path: Path, latency_s: float) -> None:
    with table(tmp_path) as at, at.catheter.kinked() as injection:
        began_s = injection.confirmed_s + latency_s / 2
        at.spoil(began_s, began_s + 1e6)
        with pytest.raises(BenchFault, match="no sample for"):
            at.infusion.expect_alarm("alarm in time", Alarm.OCCLUSION, injection, within_s=latency_s / 2)
        at.spoil(0, 0)  # somebody puts the cable back in time for the safe state


def test_an_alarm_after_the_last_sample_is_found_in_the_log(tmp_path: Path, latency_s: float) -> None:
    with table(tmp_path, run_down_s=0) as at, at.catheter.kinked() as injection:
        at.infusion.wait(injection.confirmed_s + latency_s + 2 - at.run.bench.clock.now_s())
    lines = list(read_lines(tmp_path / "journal.jsonl"))
    last_sample_s = max(line.t_s for line in lines if line.kind == "sample")
    (alarm,) = [line for line in lines if line.data.get("what") == "alarm"]
    assert last_sample_s < injection.confirmed_s + latency_s < alarm.t_s
    failed = [one.name for one in at.run.assessment.judgements if one.verdict is Verdict.FAIL]
    assert failed == ["looks: an alarm without a fault"]


def infused_until_somebody_makes_the_rig_safe(folder: Path) -> None:
    with table(folder) as at:
        at.infusion.wait(600)
        at.run.bench.rig.go_safe()
        at.infusion.wait(600)


def test_a_rig_that_somebody_sends_to_its_safe_state_ends_the_infusion_and_fails_no_pump(tmp_path: Path) -> None:
    with pytest.raises(BenchFault, match=r"it went to its safe state \(command\) unasked"):
        infused_until_somebody_makes_the_rig_safe(tmp_path)
    judged = [line.data for line in read_lines(tmp_path / "journal.jsonl") if line.kind == "judgement"]
    undecided = [one for one in judged if one["verdict"] != Verdict.PASS]
    assert {one["verdict"] for one in undecided} == {Verdict.INCONCLUSIVE}
    assert all("the bench was at fault in this infusion" in str(one["reason"]) for one in undecided)
    assert not {one["declared"] for one in judged} & {standing.words for standing in EXAMINERS}
