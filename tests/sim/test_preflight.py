# SPDX-License-Identifier: Apache-2.0
"""The bench is checked before the first infusion and after the last, and a bad bench lets no pump pass."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile, CheckName
from bench.preflight import CheckState, Preflight
from cli.main import main
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.twin_bench import TwinBench, twin_bench

ONE_LEAK = {"select": "60"}
NOT_BEFORE = {CheckName.BLANK_CHANGE, CheckName.SECOND_IDENTITY}
"""After the tests alone, and with a second measure alone."""
MADE = [name.value for name in CheckName if name not in NOT_BEFORE]


def leak_run(out: Path, *options: str) -> BenchRun:
    return bench_run("simulated", out, "--chapter=leak", *options, select="60")


def findings(run: BenchRun, what: str) -> dict[str, dict[str, object]]:
    lines = [line.data for line in run.of_kind("event") if line.data["what"] == what]
    return {str(data["check"]): dict(data) for data in lines}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return leak_run(tmp_path_factory.mktemp("good"))


@pytest.fixture(scope="module")
def worn(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    """The test is over after 6.74 h; the balance wears out while the blank afterwards is measured."""
    return leak_run(tmp_path_factory.mktemp("worn"), "--defect=balance_wears_at_h=6.8")


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path) as there:
        yield there


# --- before ---------------------------------------------------------------------------------------------------------


def test_every_check_is_in_the_journal_before_the_first_sample_with_value_limits_and_state(good: BenchRun) -> None:
    before = findings(good, "preflight")
    assert sorted(before) == sorted(MADE)
    assert {row["state"] for row in before.values()} == {"OK"}
    last = max(line.seq for line in good.of_kind("event") if line.data["what"] == "preflight")
    assert last < good.of_kind("sample")[0].seq
    noise = before["balance-noise"]
    assert isinstance(noise["value"], float)
    assert 0.01 < noise["value"] < 0.04
    assert (noise["unit"], noise["lower"], noise["upper"]) == ("mg", 0.0, pytest.approx(0.0404, rel=0.01))


def test_the_volumes_are_corrected_with_the_blank_that_was_checked(good: BenchRun) -> None:
    blanks = [line.data for line in good.of_kind("event") if line.data["what"] == "blank"]
    assert len(blanks) == 1
    assert findings(good, "preflight")["blank"]["value"] == blanks[0]["rate_mg_per_h"]
    assert len(blanks[0]["masses_g"]) == 361  # type: ignore[arg-type]  # a list of figures


def test_the_terminal_tells_both_rounds_in_a_line_each(good: BenchRun) -> None:
    assert good.exit_code == 0, good.printed
    assert f"Pre-flight: {len(MADE)} OK\n" in good.printed
    assert f"Post-flight: {len(findings(good, 'postflight'))} OK\n" in good.printed


def test_all_that_is_wrong_with_a_bench_is_told_at_once_and_blocks_every_test(tmp_path: Path) -> None:
    options = TwinOptions(defects=("noisy_balance", "dead_disconnect_valve", "dead_leak_valve"))
    with twin_bench(tmp_path, options) as twin:
        twin.content["balance"]["calibration"]["due"] = date(1999, 12, 31)
        twin.content["ambient"] = {"humidity_percent": [5.0, 20.0]}
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", select="30 or 60")
        assert twin.pump_state() == "stopped"
    assert run.exit_code == 3
    assert {test.verdict for test in run.summary.tests} == {Verdict.BLOCKED}
    for test in run.summary.tests:
        assert "bench simulated: pre-flight: 5 checks block:" in test.reason
        for trouble in (
            "balance: check the calibration: it was due on 1999-12-31. Next: have it calibrated",
            "room: measure the humidity: ",
            "rig: move the disconnect injector to 100 %: its sensor still shows 0 % after 10 s. Next: check",
            "rig: move the leak injector to 50 %: its sensor still shows 0 %",
            "balance: measure the noise: standard deviation ",
        ):
            assert trouble in test.reason
    assert run.of_kind("sample") == []
    assert findings(run, "preflight")["blank"]["state"] == "SKIPPED"


def test_a_check_that_is_switched_off_is_stamped_on_the_run(tmp_path: Path) -> None:
    with twin_bench(tmp_path, TwinOptions(defects=("dead_disconnect_valve",))) as twin:
        twin.content["preflight"] = {"off": ["disconnect-valve"]}
        del twin.content["limits"]  # as long before a start and after a stop as both are judged
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", **ONE_LEAK)
    stamp = "pre-flight check disconnect-valve was switched off in the bench file"
    shorter = "bench file, [evaporation] blank_s is 60; pumpbench ships with 3600"
    assert (run.exit_code, run.summary.deviations) == (0, (shorter, stamp))
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert all(one in page for one in (shorter, stamp))
    assert findings(run, "preflight")["disconnect-valve"]["state"] == "OFF"
    assert f"Deviation: {stamp}" in run.printed


def test_a_balance_as_noisy_as_its_bench_file_says_passes_and_is_refused_what_it_cannot_resolve(tmp_path: Path) -> None:
    with twin_bench(tmp_path, TwinOptions(defects=("noisy_balance",))) as twin:
        twin.content["balance"]["repeatability_mg"] = 5.0
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=delivery", select="[low]")
    assert findings(run, "preflight")["balance-noise"]["state"] in ("OK", "WARN")
    assert (run.exit_code, run.test.verdict) == (3, Verdict.BLOCKED)
    assert "balance: resolve ±14.5 % of 2 µL/h" in run.test.reason
    assert not run.of_kind("infusion-started")


def test_another_firmware_than_the_bench_files_blocks(twin: TwinBench, tmp_path: Path) -> None:
    twin.content["pump"]["firmware_version"] = "2.0"
    run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", **ONE_LEAK)
    assert run.test.verdict is Verdict.BLOCKED
    assert "pump: identify: firmware '3.1.0-twin' answers, the bench file says '2.0'" in run.test.reason


def test_a_run_that_goes_on_moves_nothing_and_keeps_its_tare_and_blank(twin: TwinBench) -> None:
    bench = Bench.open(BenchFile.load(twin.file()))
    noted: list[str] = []
    try:
        first = Preflight(bench, lambda what, _told: noted.append(what))
        first.require()
        went_on_s, mass_g = bench.clock.now_s(), bench.balance.read_mass_g().mass_g
        later = Preflight(bench, lambda what, _told: noted.append(what))
        later.require_after_interruption(first.evaporation())
        assert later.evaporation() is first.evaporation()
        assert bench.balance.read_mass_g().mass_g == pytest.approx(mass_g, abs=2e-4)
        assert bench.clock.now_s() - went_on_s == pytest.approx(19.0)  # the readings for the noise, nothing else
        assert {one.state for one in later.findings} == {CheckState.OK}
        assert CheckName.KINK_CLAMP not in {one.check for one in later.findings}
        assert noted.count("blank") == 1
    finally:
        bench.close()


# --- after ----------------------------------------------------------------------------------------------------------


def test_noise_and_blank_are_measured_again_and_written_beside_what_they_were(good: BenchRun) -> None:
    before, after = findings(good, "preflight"), findings(good, "postflight")
    again = ["balance-noise", "blank", "blank-change", "pump-clock", "sensitivity", "thermometer"]
    assert sorted(after) == sorted([*again, "balance-identity", "pump-identity", "rig-identity"])
    for name in ("balance-noise", "blank", "sensitivity"):
        was, now = before[name]["value"], after[name]["value"]
        assert isinstance(was, float)
        assert isinstance(now, float)
        assert (after[name]["before"], after[name]["difference"]) == (was, pytest.approx(now - was))
    # both at the deficit of the first, so that the change is not quite the difference
    assert after["blank-change"]["value"] == pytest.approx(after["blank"]["difference"], abs=0.01)
    first = min(line.seq for line in good.of_kind("event") if line.data["what"] == "postflight")
    assert first > good.of_kind("test-ended")[-1].seq


def test_every_volume_is_judged_again_with_both_blanks(good: BenchRun) -> None:
    (told,) = [line.data for line in good.of_kind("event") if line.data["what"] == "judged-again"]
    rested_on_a_rate = [line for line in good.of_kind("judgement") if "evaporation rate" in str(line.data["budget"])]
    assert len(rested_on_a_rate) >= 3
    assert str(told["title"]).startswith(f"{len(rested_on_a_rate)} values judged again")
    assert told["moved"] == []


def test_a_volume_allows_for_a_change_of_evaporation_that_the_post_flight_lets_pass(good: BenchRun) -> None:
    volumes = [line.data for line in good.of_kind("volume")]
    assert volumes
    assert {volume["evaporation"]["change_half_width_mg_per_h"] for volume in volumes} == {0.02}  # type: ignore[index]  # a table
    assert findings(good, "postflight")["blank-change"]["upper"] == 0.02


def test_a_vessel_that_lost_its_cover_leaves_no_run_passing(tmp_path: Path) -> None:
    run = leak_run(tmp_path, "--defect=cover_off_at_h=4")
    assert run.test.verdict is Verdict.PASS
    assert (run.exit_code, run.summary.verdict) == (3, Verdict.BLOCKED)
    assert any(
        "compare the blanks: 0.0" in one and "every volume of this run is in doubt" in one
        for one in run.summary.troubles
    )
    assert not [line for line in run.of_kind("event") if line.data["what"] == "judged-again"]


def test_a_balance_found_bad_afterwards_leaves_no_run_passing(worn: BenchRun) -> None:
    assert worn.of_kind("test-ended")[-1].t_s < 6.8 * 3600
    assert worn.test.verdict is Verdict.PASS
    assert (worn.exit_code, worn.summary.verdict) == (3, Verdict.BLOCKED)
    (trouble,) = [one for one in worn.summary.troubles if "noise" in one]
    assert trouble.startswith("post-flight: balance: measure the noise: standard deviation ")
    assert "every volume of this run is in doubt" in trouble
    assert trouble in " ".join(worn.printed.split())


# --- doctor ---------------------------------------------------------------------------------------------------------


def doctor(monkeypatch: pytest.MonkeyPatch, path: Path, *options: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["pumpbench", "doctor", str(path), *options])
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_the_doctor_looks_and_moves_nothing(
    twin: TwinBench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(monkeypatch, twin.file()) == 0
    told = capsys.readouterr().out
    for name in ("calibration", "pump-identity", "twins", "registers", "supply", "temperature", "balance-noise"):
        assert name in told
    for name in ("kink-clamp", "blank", "pump-clock"):
        assert name not in told


def test_the_doctors_self_test_is_the_whole_pre_flight(
    twin: TwinBench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(monkeypatch, twin.file(), "--self-test") == 0
    told = capsys.readouterr().out
    assert all(name in told for name in MADE)
    assert twin.pump_state() == "stopped"


def test_the_doctors_self_test_finds_a_dead_clamp_and_tells_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with twin_bench(tmp_path, TwinOptions(defects=("dead_kink_clamp",))) as twin:
        assert doctor(monkeypatch, twin.file(), "--self-test") == 3
    told = " ".join(capsys.readouterr().out.split())
    assert told.count("✗ rig: move the kink injector to 100 %: its sensor still shows 0 % after 10 s. Next: check") == 1
