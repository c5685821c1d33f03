# SPDX-License-Identifier: Apache-2.0
"""The lab path: the bench and the twin are two processes, and only a bench file leads from one to the other."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
import tomli_w

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.infusion import Infusion
from bench.journal import Journal, read_lines
from bench.profile import Profile
from bench.run import Run
from bench.therapy import Continuous
from cli.chapters import CHAPTERS_FOLDER
from instruments.pump import PumpState
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.gravimetry import Evaporation, Repeatability
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.foreign_modbus_server import FOREIGN_PROGRAM
from tests.sim.simulated_lab import SHORT_BLANK, simulate, write_bench_file

SPEED = 50  # the rig waits 120 s for a heartbeat, one comes each 60 s: a busy machine stalls for half a second
REAL_TIME_S = 4.0
INTERVAL_S = 0.5
HIGH_UL_PER_H = 1000.0
SECOND_KINK = ("--chapter=kink", "second_kink")
SCALED_UL_PER_H = 400.0
"""At the usual intermediate rate a catheter takes ten times as long to fill up to the alarm."""


def hurried(file: BenchFile) -> BenchFile:
    """What is waited for before, between and after the kinks is waited for in real time: as little as still passes."""
    preflight = file.preflight.model_copy(update={"settle_s": 120.0, "postflight_blank_s": 120.0})
    limits = file.limits.model_copy(update={"lead_in_s": 60.0, "run_down_s": 300.0})
    return file.model_copy(update={"preflight": preflight, "limits": limits, "evaporation": SHORT_BLANK})


def faster_profile(path: Path) -> Path:
    """The same pump, tested at a higher intermediate rate."""
    profile = Profile.load(Profile.find("implantable-20ml", CHAPTERS_FOLDER / "profiles"))
    middle = profile.rates.intermediate_ul_per_h.model_copy(update={"value": SCALED_UL_PER_H})
    rates = profile.rates.model_copy(update={"intermediate_ul_per_h": middle})
    told = profile.model_copy(update={"rates": rates}).model_dump(mode="json", exclude_none=True)
    path.write_text(tomli_w.dumps(told), encoding="utf-8")
    return path


def impatient(file: BenchFile) -> BenchFile:
    """After a refusal a serial line must be silent for half a time-out; on a pty that is only waiting."""
    devices = {"pump": file.pump, "rig": file.rig}
    return file.model_copy(update={name: one.model_copy(update={"timeout_s": 1.0}) for name, one in devices.items()})


def passes(run: BenchRun) -> None:
    assert run.exit_code == 0, run.printed + run.errors
    assert run.test.verdict is Verdict.PASS
    assert run.raw_summary["simulated"] is True


@pytest.fixture(scope="module", autouse=True)
def scaled_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Future[BenchRun]"]:
    """A chapter on a twin whose time runs by itself; it mostly sleeps, so it runs beside the other tests."""
    folder = tmp_path_factory.mktemp("scaled")  # not in the thread: two that ask for the first folder lose one

    def run() -> BenchRun:
        with simulate(folder / "bench.toml", "--clock=scaled", f"--speed={SPEED}") as bench_file:
            hurried(BenchFile.load(bench_file)).write(bench_file)
            profile = f"--profile={faster_profile(folder / 'profile.toml')}"
            return bench_run(bench_file, folder / "runs", SECOND_KINK[0], profile, select=SECOND_KINK[1])

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(run)


@pytest.fixture(scope="module")
def real_time_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with simulate(tmp_path_factory.mktemp("real") / "bench.toml", "--clock=real") as bench_file:
        file = BenchFile.load(bench_file)
        preflight = file.preflight.model_copy(update={"noise_spacing_s": 0.05})
        limits = file.limits.model_copy(update={"lead_in_s": 0.0, "run_down_s": 0.0})
        file.model_copy(update={"preflight": preflight, "limits": limits}).write(bench_file)
        yield bench_file


def test_an_infusion_in_real_time_is_sampled_at_its_planned_instants(real_time_bench: Path, tmp_path: Path) -> None:
    bench = Bench.open(BenchFile.load(real_time_bench))
    journal = Journal(tmp_path / "journal.jsonl", bench.clock.now_s)
    profile = Profile.load(Profile.find("implantable-20ml", CHAPTERS_FOLDER / "profiles"))
    run = Run.of("real time", bench, profile, journal)
    run.recalled_evaporation, run.recalled_repeatability = Evaporation(0.0, 0.1), Repeatability(0.02, 59)
    try:
        with Infusion(run, Continuous(HIGH_UL_PER_H), "real time", INTERVAL_S) as infusion:
            infusion.wait(REAL_TIME_S)
        stopped = bench.pump.read()
    finally:
        bench.safe_state.enter()
        bench.close()
        journal.close()

    samples = [line for line in read_lines(journal.path) if line.kind == "sample"][1:]  # the first one is the tare's
    planned_s = [float(str(sample.data["planned_s"])) for sample in samples]
    late_s = [sample.t_s - at_s for sample, at_s in zip(samples, planned_s, strict=True)]
    assert len(samples) == REAL_TIME_S / INTERVAL_S + 1
    assert all(after - before == pytest.approx(INTERVAL_S, abs=1e-6) for before, after in pairwise(planned_s))
    assert 0 <= min(late_s) <= max(late_s) < INTERVAL_S
    assert stopped.state is PumpState.STOPPED
    assert stopped.counter_ul == pytest.approx(HIGH_UL_PER_H * REAL_TIME_S / 3600, abs=1.0)
    open_points = [one for one in run.assessment.judgements if one.verdict is not Verdict.PASS]
    assert "real time: three volumes" in [one.name for one in open_points]  # nothing was weighed in so short a time
    assert {one.verdict for one in open_points} == {Verdict.INCONCLUSIVE}
    assert bench.clock.speed == 1.0


def test_a_chapter_passes_on_rtu_and_a_serial_balance(tmp_path: Path) -> None:
    with simulate(tmp_path / "bench.toml", "--wire=pty", "--clock=stepped") as bench_file:
        file = BenchFile.load(bench_file)
        assert file.pump.address.startswith("rtu:///dev/")
        assert file.balance.resource.startswith("ASRL/dev/")
        impatient(file).write(bench_file)
        passes(bench_run(bench_file, tmp_path / "runs", SECOND_KINK[0], select=SECOND_KINK[1]))


def test_a_chapter_passes_on_a_modbus_server_that_others_wrote(tmp_path: Path) -> None:
    with TwinChild(TwinOptions(), FOREIGN_PROGRAM) as addresses:
        bench_file = write_bench_file(addresses, tmp_path / "bench.toml")
        passes(bench_run(bench_file, tmp_path / "runs", SECOND_KINK[0], select=SECOND_KINK[1]))


def test_a_chapter_passes_in_scaled_time(scaled_run: "Future[BenchRun]") -> None:
    run = scaled_run.result()
    passes(run)
    alarms = [line for line in run.journal if line.what == "alarm"]
    assert len(alarms) == 2
    (started,) = run.of_kind("run-started")
    assert json.dumps(started.data["clock"]) == f'{{"mode": "scaled", "speed": {SPEED}.0}}'
